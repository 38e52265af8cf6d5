//! Handing the values of an environment to a command.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::HandoutError;
use crate::app::Store;
use crate::app::World;
use crate::app::check::stored_values;
use crate::app::environment_of;
use crate::app::lookup::value_missing;
use crate::app::secret_of;
use crate::app::verdict::Candidate;
use crate::app::verdict::Case;
use crate::app::verdict::verdict;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::steers_programs;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;
use crate::secret::VersionId;

/// What to hand out, and how.
#[derive(Clone, Debug, Default)]
pub struct HandoutTerms {
    /// The secrets; none named is all that have a value.
    pub only: Vec<SecretName>,
    /// Secrets that go by another name, with that name.
    pub renamed: Vec<(SecretName, SecretName)>,
    /// Whether nothing is checked before.
    pub is_unchecked: bool,
    /// Whether it is only told what would be handed out.
    pub is_rehearsal: bool,
}

impl HandoutTerms {
    /// Returns whether a person named this secret.
    fn names(&self, secret: &SecretName) -> bool {
        self.only.contains(secret) || self.renamed.iter().any(|(from, _)| from == secret)
    }

    /// Returns the variables that a secret is handed out in.
    fn variables_of<'a>(&'a self, secret: &'a SecretName) -> Vec<&'a SecretName> {
        let renamed = self.renamed.iter().filter(|(from, _)| from == secret);
        let variables: Vec<&SecretName> = renamed.map(|(_, variable)| variable).collect();
        if variables.is_empty() {
            vec![secret]
        } else {
            variables
        }
    }
}

/// What is handed out.
#[derive(Debug)]
pub struct Handout {
    /// Where the values come from, sorted by variable.
    pub handed: Vec<Handed>,
    /// The values, by variable; none in a rehearsal, and none when a finding forbids it.
    pub values: Vec<(SecretName, SecretValue)>,
    /// What is wrong. An error forbids the handing out.
    pub findings: Vec<Finding>,
    /// Secrets that the policy declares and that have no value.
    pub unset: Vec<SecretName>,
    /// Environments whose ledger cannot be believed, so that nothing was compared with it.
    pub uncompared: Vec<EnvironmentName>,
}

impl Handout {
    /// Returns whether a finding forbids the handing out.
    pub fn is_forbidden(&self) -> bool {
        forbids(&self.findings)
    }
}

/// A variable that a command gets, without its value.
#[derive(Clone, Debug, Serialize)]
pub struct Handed {
    /// The variable.
    pub variable: SecretName,
    /// The secret whose value it has.
    pub secret: SecretName,
    /// The version.
    pub version: VersionId,
    /// Where the value comes from.
    pub source: Source,
    /// What it is derived from.
    pub roots: Vec<SecretName>,
    /// Until when a former value stays valid.
    pub valid_until: Option<DateTime<Utc>>,
    /// The short form of its fingerprint.
    pub fingerprint: String,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Computed from other secrets.
    Derived,
    /// The value before the current one, which is still valid.
    Former,
    /// The current value.
    Stored,
}

/// Takes values out of the store for a command, after they were checked and the audit log has durably recorded
/// that they are handed out. They are checked together with what the command has already: `inherited`.
///
/// # Errors
///
/// When a named secret has no value, a value cannot be believed or cannot be in an environment, or the audit log
/// cannot be written. No value has left the store then.
pub fn hand_out(
    world: World<'_>,
    (policy, environment): (&Policy, &EnvironmentName),
    (terms, inherited): (&HandoutTerms, &[(String, SecretValue)]),
    rng: &mut dyn CryptoRng,
) -> Result<Handout, AppError> {
    let mut store = Store::open(world)?;
    let checked = store.ledger(environment)?;
    let selected = Selected::new(policy, environment, &checked, terms, store.now())?;
    let candidates = selected.read(&store, environment, &checked)?;
    let (findings, uncompared) = if terms.is_unchecked {
        (Vec::new(), Vec::new())
    } else {
        let declared = environment_of(policy, environment)?;
        let (comparison, uncompared) = stored_values(&mut store, declared, Some(&checked))?;
        let case = Case {
            policy,
            environment: declared,
            candidates: &candidates,
            missing: &selected.missing,
            beside: selected.beside(policy, (terms, inherited)),
            now: store.now(),
        };
        (verdict(case, comparison, rng), uncompared)
    };
    let goes_out = !terms.is_rehearsal && !forbids(&findings);
    store.record(if goes_out {
        events(&store, environment, &selected.assigned)
    } else {
        vec![EventDraft {
            environment: Some(environment.clone()),
            ..store.event(Action::Score)
        }]
    })?;
    let handed: Vec<Handed> = selected.assigned.iter().map(Assigned::told).collect();
    let unset = selected.missing.into_iter().cloned().collect();
    let variables = handed.iter().map(|one| one.variable.clone());
    let values = candidates.into_iter().map(|candidate| candidate.value);
    let values = variables.zip(values).filter(|_| goes_out).collect();
    store.remember(environment, &checked);
    Ok(Handout {
        handed,
        values,
        findings,
        unset,
        uncompared,
    })
}

/// Returns whether a finding forbids to hand values out.
fn forbids(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn events(store: &Store<'_>, environment: &EnvironmentName, assigned: &[Assigned<'_>]) -> Vec<EventDraft> {
    let event = |assigned: &Assigned<'_>| EventDraft {
        environment: Some(environment.clone()),
        secret: Some(assigned.record.name.clone()),
        version: Some(assigned.version.id),
        ..store.event(Action::Run)
    };
    assigned.iter().map(event).collect()
}

/// A value and the variable that it is handed out in.
struct Assigned<'a> {
    variable: SecretName,
    secret: &'a SecretPolicy,
    record: &'a SecretRecord,
    version: &'a VersionRecord,
}

impl Assigned<'_> {
    fn told(&self) -> Handed {
        let derivation = self.secret.derivation();
        let source = match (self.version.stage, derivation) {
            (Stage::Previous, _) => Source::Former,
            (_, Some(_)) => Source::Derived,
            (_, None) => Source::Stored,
        };
        Handed {
            variable: self.variable.clone(),
            secret: self.record.name.clone(),
            version: self.version.id,
            source,
            roots: derivation.map_or_else(Vec::new, |derivation| {
                derivation.roots().into_iter().cloned().collect()
            }),
            valid_until: self.version.overlap_ends_at.filter(|_| source == Source::Former),
            fingerprint: self.version.fingerprint.to_string(),
        }
    }
}

/// What is to be handed out.
struct Selected<'a> {
    /// Sorted by variable, each of which is there once.
    assigned: Vec<Assigned<'a>>,
    /// Declared secrets without a value.
    missing: Vec<&'a SecretName>,
}

impl<'a> Selected<'a> {
    /// Finds the current version of every secret in question, and the one before it where a variable of its own
    /// carries that while both are valid.
    fn new(
        policy: &'a Policy,
        environment: &EnvironmentName,
        checked: &'a Checked,
        terms: &HandoutTerms,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let mut selected = Self {
            assigned: Vec::new(),
            missing: Vec::new(),
        };
        let mut former = Vec::new();
        for secret in in_question(policy, environment, terms)? {
            let name = secret.name();
            let Some((record, version)) = current(checked, environment, name)? else {
                // A required secret is for the verdict to miss.
                if terms.names(name) && (terms.is_unchecked || !secret.required()) {
                    return Err(value_missing(policy, environment, name, checked));
                }
                selected.missing.push(name);
                continue;
            };
            let assign = |variable: &SecretName, version| Assigned {
                variable: variable.clone(),
                secret,
                record,
                version,
            };
            for variable in terms.variables_of(name) {
                selected.add(assign(variable, version))?;
            }
            if let Some((variable, version)) = secret.previous_var().zip(still_valid(record, now)) {
                former.push(assign(variable, version));
            }
        }
        for one in former {
            if !selected
                .assigned
                .iter()
                .any(|other| other.variable == one.variable)
            {
                selected.add(one)?;
            }
        }
        selected
            .assigned
            .sort_by(|one, other| one.variable.cmp(&other.variable));
        selected.steer_nothing()
    }

    /// Refuses variables that programs take orders from.
    fn steer_nothing(self) -> Result<Self, AppError> {
        let names = self.assigned.iter().map(|one| &one.variable);
        let steering: Vec<SecretName> = names
            .filter(|name| steers_programs(name.as_str()))
            .cloned()
            .collect();
        if steering.is_empty() {
            Ok(self)
        } else {
            Err(HandoutError::Steering { variables: steering }.into())
        }
    }

    /// Reads the values, in the order of the variables.
    fn read(
        &self,
        store: &Store<'_>,
        environment: &EnvironmentName,
        checked: &Checked,
    ) -> Result<Vec<Candidate<'a>>, AppError> {
        let mut candidates = Vec::with_capacity(self.assigned.len());
        for assigned in &self.assigned {
            let name = &assigned.record.name;
            let value = store.value(environment, checked, name, assigned.version)?;
            if value.has_zero_byte() {
                return Err(HandoutError::ZeroByte {
                    name: name.clone(),
                    environment: environment.clone(),
                }
                .into());
            }
            candidates.push(Candidate {
                secret: assigned.secret,
                record: assigned.record,
                version: assigned.version,
                value,
            });
        }
        Ok(candidates)
    }

    /// Returns the variables of the caller that the command gets and the policy has rules for. Where the command is to
    /// get some secrets only, it is judged by nothing else.
    fn beside<'v>(
        &self,
        policy: &Policy,
        (terms, inherited): (&HandoutTerms, &'v [(String, SecretValue)]),
    ) -> Vec<(SecretName, &'v SecretValue)> {
        let is_handed = |name: &SecretName| self.assigned.iter().any(|one| one.variable == *name);
        let is_judged = |name: &SecretName| policy.variable_names().any(|declared| declared == name);
        inherited
            .iter()
            .filter(|_| terms.only.is_empty())
            .filter_map(|(name, value)| Some((name.parse::<SecretName>().ok()?, value)))
            .filter(|(name, _)| is_judged(name) && !is_handed(name))
            .collect()
    }

    fn add(&mut self, new: Assigned<'a>) -> Result<(), HandoutError> {
        match self.assigned.iter().find(|other| other.variable == new.variable) {
            Some(other) if other.record.name != new.record.name => Err(HandoutError::Twice {
                variable: new.variable,
                first: other.record.name.clone(),
                second: new.record.name.clone(),
            }),
            Some(_) => Ok(()),
            None => {
                self.assigned.push(new);
                Ok(())
            }
        }
    }
}

/// Returns the secrets that the terms name, or all of the environment.
fn in_question<'a>(
    policy: &'a Policy,
    environment: &EnvironmentName,
    terms: &HandoutTerms,
) -> Result<Vec<&'a SecretPolicy>, AppError> {
    for (name, _) in &terms.renamed {
        secret_of(policy, name, environment)?;
    }
    if terms.only.is_empty() {
        let declared = |name| policy.secret(name, environment);
        return Ok(policy.secret_names().filter_map(declared).collect());
    }
    let named = terms.only.iter().map(|name| secret_of(policy, name, environment));
    named.collect()
}

/// Returns the current version of a secret; `None` when it has none.
fn current<'a>(
    checked: &'a Checked,
    environment: &EnvironmentName,
    name: &SecretName,
) -> Result<Option<(&'a SecretRecord, &'a VersionRecord)>, AppError> {
    let record = checked.ledger.record(name);
    let damage = checked.damage_of(name);
    if record.is_none() && !damage.is_empty() {
        return Err(AppError::DamagedSecret {
            environment: environment.clone(),
            name: name.clone(),
            damage,
        });
    }
    Ok(record.and_then(|record| Some((record, record.current()?))))
}

/// Returns the version before the current one while it is valid beside it; one that others know never is.
fn still_valid(record: &SecretRecord, now: DateTime<Utc>) -> Option<&VersionRecord> {
    record
        .at_stage(Stage::Previous)
        .filter(|version| version.overlap_ends_at.is_some_and(|until| until > now))
}
