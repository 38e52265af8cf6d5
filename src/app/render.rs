//! Writing the values of an environment out, in the dialect of whoever reads them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::app::World;
use crate::app::environment_of;
use crate::app::lookup::value_missing;
use crate::dotenv;
use crate::dotenv::Form;
use crate::dotenv::Variable;
use crate::generator;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::VariablePolicy;
use crate::policy::nearest;
use crate::rotation;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;
use crate::secret::VersionId;

/// What is written out, and what of it is a secret.
#[derive(Debug, Serialize)]
pub struct RenderReport {
    /// The environment.
    pub environment: EnvironmentName,
    /// The dialect.
    pub dialect: Form,
    /// Secrets, derived ones and former values in their overlap among them.
    pub secrets: Vec<SecretName>,
    /// Variables whose value the policy fixes or derives.
    pub variables: Vec<SecretName>,
    /// Secrets and variables that may be there and have no value.
    pub missing: Vec<SecretName>,
    /// All of it, as it has been read back.
    #[serde(skip)]
    pub text: SecretValue,
}

/// Writes the current values of an environment in a form, after the audit log has durably recorded that each secret is
/// handed out. `only` narrows it down; empty is everything.
///
/// Written are: every secret with a current value, derived ones among them; the former value of a secret whose overlap
/// runs, under its `previous_var`; and variables whose value the policy fixes with `equals` or makes of these with a
/// template.
///
/// # Errors
///
/// When a name is unknown, a secret that has to be there has no value, a value cannot be believed or the form cannot
/// hold it, or the audit log cannot be written.
pub fn render(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    form: Form,
    only: &[SecretName],
) -> Result<RenderReport, AppError> {
    environment_of(policy, environment)?;
    let asked = Asked {
        policy,
        environment,
        only,
    };
    asked.check_names()?;
    let mut store = Store::open(world)?;
    let checked = store.ledger(environment)?;
    let mut found = Collected::default();
    asked.secrets(&store, &checked, &mut found)?;
    asked.variables(&mut found)?;
    let title = format!("{}-{environment}", policy.name());
    let written = found.values.into_iter().filter(|(name, _)| asked.wants(name));
    let written: Vec<Variable> = written.map(|(name, value)| Variable { name, value }).collect();
    let text =
        dotenv::write(form, &title, &written).map_err(|source| AppError::NotWritten { form, source })?;
    // Whatever was read leaves: alone, or inside of a variable that is made of it.
    let event = |(secret, version): &(SecretName, VersionId)| EventDraft {
        environment: Some(environment.clone()),
        secret: Some(secret.clone()),
        version: Some(*version),
        ..store.event(Action::Render)
    };
    let events = found.read.iter().map(event).collect();
    store.record(events)?;
    store.remember(environment, &checked);
    let is_variable = |name: &SecretName| found.variables.contains(name);
    let (variables, secrets) = written
        .into_iter()
        .map(|variable| variable.name)
        .partition(is_variable);
    Ok(RenderReport {
        environment: environment.clone(),
        dialect: form,
        secrets,
        variables,
        missing: found.missing,
        text,
    })
}

/// What was found.
#[derive(Default)]
struct Collected {
    values: BTreeMap<SecretName, SecretValue>,
    /// The versions that were read.
    read: Vec<(SecretName, VersionId)>,
    variables: BTreeSet<SecretName>,
    missing: Vec<SecretName>,
}

/// What was asked for.
struct Asked<'a> {
    policy: &'a Policy,
    environment: &'a EnvironmentName,
    only: &'a [SecretName],
}

impl<'a> Asked<'a> {
    fn wants(&self, name: &SecretName) -> bool {
        self.only.is_empty() || self.only.contains(name)
    }

    /// Returns whether a secret is wanted, or some variable is that is made of it.
    fn needs(&self, name: &SecretName) -> bool {
        let is_root = |(_, variable): (_, &VariablePolicy)| {
            variable
                .template()
                .is_some_and(|template| template.names().any(|root| root == name))
        };
        self.wants(name) || self.variables_wanted().any(is_root)
    }

    fn secrets_declared(&self) -> impl Iterator<Item = (&'a SecretName, &'a SecretPolicy)> {
        let (policy, environment) = (self.policy, self.environment);
        policy
            .secret_names()
            .filter_map(move |name| Some((name, policy.secret(name, environment)?)))
    }

    fn variables_wanted(&self) -> impl Iterator<Item = (&'a SecretName, &'a VariablePolicy)> {
        let (policy, environment) = (self.policy, self.environment);
        let declared = policy
            .variable_names()
            .filter_map(move |name| Some((name, policy.variable(name, environment)?)));
        declared.filter(|(name, _)| self.wants(name))
    }

    /// Refuses names that the policy says nothing of, and variables whose value it leaves open.
    fn check_names(&self) -> Result<(), AppError> {
        let known: Vec<&SecretName> = self
            .secrets_declared()
            .flat_map(|(name, secret)| [Some(name), secret.previous_var()])
            .flatten()
            .chain(self.policy.variable_names())
            .collect();
        for name in self.only {
            if !known.contains(&name) {
                return Err(AppError::SecretUnknown {
                    name: name.clone(),
                    nearest: nearest(name.as_str(), known.iter().map(|name| name.as_str()))
                        .map(str::to_owned),
                });
            }
            let variable = self.policy.variable(name, self.environment);
            if variable.is_some_and(|variable| variable.equals().is_none() && variable.template().is_none()) {
                return Err(AppError::OpenVariable { name: name.clone() });
            }
        }
        Ok(())
    }

    fn secrets(&self, store: &Store<'_>, checked: &Checked, found: &mut Collected) -> Result<(), AppError> {
        let mut lacking = Vec::new();
        for (name, secret) in self.secrets_declared() {
            let record = checked.ledger.record(name);
            if self.needs(name) {
                match record.and_then(SecretRecord::current) {
                    Some(current) => self.take(store, checked, (name, name, current), found)?,
                    None => match value_missing(self.policy, self.environment, name, checked) {
                        damaged @ AppError::DamagedSecret { .. } => return Err(damaged),
                        missing if self.only.contains(name) => return Err(missing),
                        _ if secret.required() => lacking.push(name.clone()),
                        _ => found.missing.push(name.clone()),
                    },
                }
            }
            let former = record.filter(|record| rotation::open_overlap(record, store.now()).is_some());
            let former = former.and_then(|record| record.at_stage(Stage::Previous));
            if let (Some(variable), Some(former)) = (secret.previous_var(), former)
                && self.wants(variable)
            {
                self.take(store, checked, (variable, name, former), found)?;
            }
        }
        if lacking.is_empty() {
            return Ok(());
        }
        Err(AppError::Incomplete {
            environment: self.environment.clone(),
            names: lacking,
        })
    }

    fn take(
        &self,
        store: &Store<'_>,
        checked: &Checked,
        (written, secret, version): (&SecretName, &SecretName, &VersionRecord),
        found: &mut Collected,
    ) -> Result<(), AppError> {
        let value = store.value(self.environment, checked, secret, version)?;
        // A secret that has the name in its own right goes before a former value.
        if written == secret || !found.values.contains_key(written) {
            found.values.insert(written.clone(), value);
            found.read.push((secret.clone(), version.id));
        }
        Ok(())
    }

    /// Adds the variables that the policy fixes, and those that it makes of what there is.
    fn variables(&self, found: &mut Collected) -> Result<(), AppError> {
        let mut fixed: BTreeMap<&SecretName, SecretValue> = BTreeMap::new();
        for name in self.policy.variable_names() {
            let variable = self.policy.variable(name, self.environment);
            if let Some(text) = variable.and_then(VariablePolicy::equals) {
                fixed.insert(name, SecretValue::new(text.as_bytes().to_vec()));
            }
        }
        let mut made = BTreeMap::new();
        for (name, variable) in self.variables_wanted() {
            let Some(template) = variable.template().filter(|_| variable.equals().is_none()) else {
                continue;
            };
            match generator::fill(template, &|root| {
                found.values.get(root).or_else(|| fixed.get(root))
            }) {
                Ok(value) => drop(made.insert(name, value)),
                Err(source) if self.only.contains(name) => {
                    return Err(AppError::NotDerived {
                        name: name.clone(),
                        environment: self.environment.clone(),
                        source,
                    });
                }
                Err(_) => found.missing.push(name.clone()),
            }
        }
        for (name, value) in fixed.into_iter().chain(made) {
            found.variables.insert(name.clone());
            found.values.insert(name.clone(), value);
        }
        Ok(())
    }
}
