//! What derived secrets need of the rest of the policy.

use std::collections::BTreeMap;

use crate::policy::Derivation;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::VariablePolicy;
use crate::policy::document::At;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Layered;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Something of the policy, by name and environment.
pub(crate) type ByEnvironment<T> = BTreeMap<SecretName, BTreeMap<EnvironmentName, T>>;

/// Puts the fixed values of variables into templates, and notes derived secrets whose roots cannot serve.
pub(crate) fn settle(
    secrets: &mut ByEnvironment<SecretPolicy>,
    variables: &ByEnvironment<VariablePolicy>,
    layers: &[Layered<SecretWire>],
    problems: &mut Problems,
) {
    for (environment, derived) in secrets.values_mut().flatten() {
        if let Some(Derivation::Filled(template)) = &mut derived.derivation {
            let fixed = |name: &SecretName| variables.get(name)?.get(environment)?.equals.clone();
            *template = template.clone().with_fixed(fixed);
        }
    }
    for layer in layers {
        for (environment, derived) in secrets.get(&layer.name.value).into_iter().flatten() {
            if let Some(derivation) = &derived.derivation {
                let place = place_of(layer);
                check(
                    derived,
                    derivation,
                    environment,
                    (secrets, variables),
                    (&place, problems),
                );
            }
        }
    }
}

fn check(
    derived: &SecretPolicy,
    derivation: &Derivation,
    environment: &EnvironmentName,
    (secrets, variables): (&ByEnvironment<SecretPolicy>, &ByEnvironment<VariablePolicy>),
    (place, problems): (&Place, &mut Problems),
) {
    let mut refuse = |text: String| problems.add(place, PolicyErrorKind::Contradiction(text));
    let root_of = |name: &SecretName| secrets.get(name).and_then(|one| one.get(environment));
    for name in derivation.roots() {
        let Some(root) = root_of(name) else {
            if variables.contains_key(name) {
                refuse(format!(
                    "`{}` is derived from the variable `{name}`, whose value the policy does not fix with `equals`",
                    derived.name()
                ));
            } else if !secrets.contains_key(name) {
                let kind = PolicyErrorKind::Undeclared {
                    key: field_of(derivation),
                    name: Excerpt::new(name.as_str()),
                };
                problems.add_near(place, kind, name.as_str(), secrets.keys().map(SecretName::as_str));
                return;
            }
            continue;
        };
        if comes_back(derived.name(), root, &root_of, secrets.len()) {
            refuse(format!(
                "`{}` is derived from itself by way of `{name}`",
                derived.name()
            ));
        }
        let signs_tokens = root
            .kind()
            .companions
            .iter()
            .any(|companion| companion.name == "jwks");
        if ["jwks", "private-jwk"].contains(&derived.kind().name) && !signs_tokens {
            let found = root.kind_name();
            refuse(format!(
                "`from` names `{name}` of kind `{found}`, but key sets are made of jwt-eddsa, jwt-es256 and jwt-rs256"
            ));
        }
        if let (Derivation::Signed(token), Some(every)) = (derivation, root.rotate_every())
            && token.lifetime.approximate_seconds() < every.approximate_seconds()
        {
            refuse(format!(
                "the token ends after {}, but `{name}` that makes a new one is rotated every {every} only",
                token.lifetime
            ));
        }
    }
}

/// Returns whether `name` is among the roots of `root`, or of their roots.
fn comes_back<'a>(
    name: &SecretName,
    root: &SecretPolicy,
    root_of: &impl Fn(&SecretName) -> Option<&'a SecretPolicy>,
    depth: usize,
) -> bool {
    let roots = root.derivation().map(Derivation::roots).unwrap_or_default();
    root.name() == name
        || depth == 0
        || roots
            .into_iter()
            .filter_map(root_of)
            .any(|root| comes_back(name, root, root_of, depth - 1))
}

const fn field_of(derivation: &Derivation) -> &'static str {
    match derivation {
        Derivation::Copied(_) => "same_as",
        Derivation::Filled(_) => "template",
        Derivation::Computed { .. } | Derivation::Signed(_) => "from",
    }
}

fn place_of(layer: &Layered<SecretWire>) -> Place {
    fn of<T>(field: &Option<At<T>>) -> Option<&Place> {
        field.as_ref().map(|at| &at.place)
    }
    let wire = layer.base();
    let named = of(&wire.same_as).or(of(&wire.template)).or(of(&wire.from));
    named.unwrap_or(&layer.name.place).clone()
}

impl Policy {
    /// Returns the derived secrets of `environment`, each after those that it is computed from.
    pub fn derived(&self, environment: &EnvironmentName) -> Vec<&SecretPolicy> {
        let all = self
            .secret_names()
            .filter_map(|name| self.secret(name, environment));
        let mut waiting: Vec<&SecretPolicy> = all.filter(|secret| secret.derivation().is_some()).collect();
        let mut ordered: Vec<&SecretPolicy> = Vec::with_capacity(waiting.len());
        // Nothing is derived from itself, so that each round places at least one.
        while !waiting.is_empty() {
            let before = waiting.len();
            let names: Vec<&SecretName> = waiting.iter().map(|secret| secret.name()).collect();
            let (ready, rest) = waiting.into_iter().partition(|secret| {
                let roots = secret.derivation().map(Derivation::roots).unwrap_or_default();
                roots.iter().all(|root| !names.contains(root))
            });
            ordered.extend::<Vec<_>>(ready);
            waiting = rest;
            if waiting.len() == before {
                break;
            }
        }
        ordered
    }
}
