//! Judging stored values.

use crate::app::AppError;
use crate::app::Selection;
use crate::app::Store;
use crate::app::World;
use crate::app::context_of;
use crate::app::environment_of;
use crate::app::secret_of;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::ledger::SecretRecord;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::kinds::issuers;
use crate::ports::BreachError;
use crate::ports::Breaches;
use crate::scoring;
use crate::scoring::Context;
use crate::scoring::Score;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// The score of a stored value.
#[derive(Debug)]
pub struct StoredScore {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// Its score.
    pub score: Score,
    /// The format of its issuer that it has, where the policy or the value tells.
    pub shape: Option<&'static str>,
}

/// What is asked of values beside the policy's own rules.
#[derive(Clone, Copy, Default)]
pub struct Demands<'a> {
    /// The least number of random bits.
    pub min_bits: Option<u32>,
    /// The list of leaked passwords that they must not be in.
    pub breaches: Option<&'a dyn Breaches>,
}

/// Judges one value, with a look into the list of leaked passwords where there is one.
///
/// # Errors
///
/// When the list does not answer.
pub fn judge(
    value: &SecretValue,
    context: &Context<'_>,
    breaches: Option<&dyn Breaches>,
) -> Result<Score, BreachError> {
    match breaches {
        Some(breaches) => scoring::score_with(value, context, |digest| breaches.count(digest)),
        None => Ok(scoring::score(value, context)),
    }
}

/// Judges the current values of an environment, but for those that are derived from others.
///
/// # Errors
///
/// When a named secret has no value, a value cannot be believed, or the audit log cannot be written.
pub fn score_stored(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    selection: &Selection,
    demands: Demands<'_>,
) -> Result<Vec<StoredScore>, AppError> {
    let tier = environment_of(policy, environment)?.tier();
    let mut store = Store::open(world)?;
    let checked = store.ledger(environment)?;
    let records: Vec<&SecretRecord> = match selection {
        Selection::All => {
            let derives = |record: &&SecretRecord| {
                let secret = policy.secret(&record.name, environment);
                secret.is_some_and(|secret| secret.derivation().is_some())
            };
            checked
                .ledger
                .records()
                .filter(|record| !derives(record))
                .collect()
        }
        Selection::Names(names) => names
            .iter()
            .map(|name| {
                if let Some(derivation) = secret_of(policy, name, environment)?.derivation() {
                    return Err(AppError::DerivedSecret {
                        name: name.clone(),
                        roots: derivation.roots().into_iter().cloned().collect(),
                        environment: environment.clone(),
                        what: "it is as strong as that, so that is what is judged",
                    });
                }
                checked.ledger.record(name).ok_or_else(|| AppError::NoValue {
                    name: name.clone(),
                    environment: environment.clone(),
                })
            })
            .collect::<Result<_, _>>()?,
    };
    store.record(vec![EventDraft {
        environment: Some(environment.clone()),
        ..store.event(Action::Score)
    }])?;
    let mut scores = Vec::with_capacity(records.len());
    for record in records {
        let Some(version) = record.current() else {
            continue;
        };
        let value = store.value(environment, &checked, &record.name, version)?;
        let names = [record.name.as_str(), policy.name()];
        let secret = policy.secret(&record.name, environment);
        let mut context = match secret {
            Some(secret) => context_of(secret, tier, &names),
            None => Context {
                tier,
                names: &names,
                ..Context::default()
            },
        };
        context.min_bits = context.min_bits.max(demands.min_bits);
        scores.push(StoredScore {
            environment: environment.clone(),
            name: record.name.clone(),
            score: judge(&value, &context, demands.breaches)?,
            shape: shape_of(&value, secret),
        });
    }
    store.remember(environment, &checked);
    Ok(scores)
}

/// Returns the format that a value tells by itself, or that its policy names and it has.
pub fn shape_of(value: &SecretValue, secret: Option<&SecretPolicy>) -> Option<&'static str> {
    let named = secret.and_then(SecretPolicy::format);
    named
        .filter(|format| format.fits(value))
        .or_else(|| issuers::recognised(value))
        .map(|format| format.name)
}
