//! What a rotation does, in words, before it does it.

use crate::ledger::Reason;
use crate::policy::Fallback;
use crate::policy::OverlapClass;
use crate::policy::Period;
use crate::policy::SecretPolicy;
use crate::policy::kinds::Role;
use crate::secret::SecretName;

/// The steps of one secret's rotation and who is affected by it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// What is done, in order.
    pub steps: Vec<String>,
    /// Who is affected and how.
    pub consequences: Vec<String>,
}

/// What the words depend on.
#[derive(Clone, Debug)]
pub struct Affected<'a> {
    /// The secret.
    pub secret: &'a SecretPolicy,
    /// Why.
    pub reason: Reason,
    /// Sinks in the order in which they are told, and whether each can hold two values.
    pub sinks: &'a [(String, bool)],
    /// Until when the old value may stay valid: its own overlap, or that of what it is derived from.
    pub overlap: Option<Period>,
}

impl Affected<'_> {
    /// Returns whether the old value stays valid beside the new one for a time.
    pub fn accepts_old(&self) -> bool {
        // What stays valid of two identities is the other one.
        self.reason != Reason::Compromise && self.overlap.is_some() && self.partner().is_none()
    }

    /// Returns the secret of the other identity, whose users go on.
    fn partner(&self) -> Option<&SecretName> {
        self.secret.alternates_with()
    }

    /// Returns how long the new value is accepted before it is used; `None` where it is used at once.
    pub fn usage_delay(&self) -> Option<Period> {
        let delay = self.secret.usage_delay()?;
        (self.accepts_old() && self.secret.fallback().is_some()).then_some(delay)
    }
}

impl Plan {
    /// Says what a rotation does.
    pub fn of(affected: &Affected<'_>) -> Self {
        Self {
            steps: steps(affected),
            consequences: consequences(affected),
        }
    }
}

fn steps(affected: &Affected<'_>) -> Vec<String> {
    let secret = affected.secret;
    let name = secret.name();
    let mut steps = vec![match secret.derivation() {
        Some(derivation) => format!("compute {name}: {}", derivation.describe()),
        None if secret.kind().role == Role::Issued => {
            format!(
                "take the new value of {name} that {} made",
                secret.issuer().unwrap_or("its issuer")
            )
        }
        None => format!("mint {name}: {}", secret.made_of()),
    }];
    let fallback = secret.fallback().filter(|_| affected.accepts_old());
    let names: Vec<&str> = affected.sinks.iter().map(|(sink, _)| sink.as_str()).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        if let (Some(delay), Some(fallback)) = (affected.usage_delay(), &fallback) {
            let place = &fallback.variable;
            steps.push(format!(
                "let {names} accept it, {place} beside the old one, and wait {delay}"
            ));
        }
        steps.push(match &fallback {
            Some(fallback) => format!("set it in {names}, the old one {}", fallback.describe()),
            None => format!("set it in {names}"),
        });
        steps.push(format!("test that {names} hold it"));
    }
    let partner = affected
        .partner()
        .filter(|_| affected.reason != Reason::Compromise);
    if let (Some(partner), Some(overlap)) = (partner, affected.overlap) {
        steps.push("make it current, the old one of this identity previous".to_owned());
        steps.push(format!(
            "change its users over from {partner} within {overlap}: {partner} has the next turn"
        ));
        return steps;
    }
    steps.push(match (affected.accepts_old(), affected.overlap) {
        (true, Some(overlap)) => format!("make it current, the old one previous for {overlap}"),
        _ if affected.reason == Reason::Compromise => {
            "make it current, the old one retired and marked as compromised".to_owned()
        }
        _ => "make it current, the old one previous".to_owned(),
    });
    if affected.accepts_old() && !names.is_empty() {
        steps.push(
            "when the overlap is over, drop the old one from them: mintage retire --expired".to_owned(),
        );
    }
    steps
}

fn consequences(affected: &Affected<'_>) -> Vec<String> {
    let secret = affected.secret;
    let mut said = vec![by_class(affected)];
    if let Some(hazard) = secret.hazard() {
        said.push(hazard.advice().to_owned());
    }
    if affected.accepts_old() {
        let single = affected.sinks.iter().filter(|(_, holds_two)| !holds_two);
        let single: Vec<&str> = single.map(|(sink, _)| sink.as_str()).collect();
        if !single.is_empty() {
            said.push(format!(
                "{} holds one value: whoever reads it there changes over at once",
                single.join(", ")
            ));
        }
    }
    match affected.reason {
        Reason::Departure if affected.accepts_old() => said.push(
            "whoever left can use the old value until the overlap ends; --reason compromise ends it at once"
                .to_owned(),
        ),
        Reason::Test => {
            said.push("a drill is a rotation like any other: the value really changes".to_owned())
        }
        _ => {}
    }
    said
}

fn by_class(affected: &Affected<'_>) -> String {
    let secret = affected.secret;
    let class = secret.overlap_class();
    if affected.reason == Reason::Compromise && class != OverlapClass::Identifier {
        return compromised(class).to_owned();
    }
    if let (Some(partner), Some(overlap)) = (affected.partner(), affected.overlap) {
        return format!(
            "nobody is cut off: the users of {partner} go on with it, and have {overlap} to change over to {}",
            secret.name()
        );
    }
    if affected.sinks.is_empty() {
        // How its users come by it is not known here.
        return class.consequence().to_owned();
    }
    match (class, affected.overlap, secret.fallback()) {
        (OverlapClass::AppFallbackList | OverlapClass::CutoverOnly, Some(overlap), Some(fallback)) => {
            with_fallback(class, overlap, &fallback)
        }
        (OverlapClass::AppFallbackList, _, fallback) => {
            let lacks = match fallback {
                Some(_) => "the policy gives it no `overlap`",
                None => "no variable carries the old value (`previous_var`)",
            };
            format!(
                "{lacks}: whatever was signed or encrypted with it is refused at once, which logs everyone out"
            )
        }
        (OverlapClass::ServerMultiVerifier, Some(overlap), _) => format!(
            "the server can hold both for {overlap}: add the new one there before its users change over, remove the old one after it"
        ),
        (class, ..) => class.consequence().to_owned(),
    }
}

fn with_fallback(class: OverlapClass, overlap: Period, fallback: &Fallback) -> String {
    let place = fallback.describe();
    match class {
        OverlapClass::AppFallbackList => format!(
            "whatever was signed or encrypted with the old value stays valid for {overlap}: the application finds it {place}"
        ),
        _ => format!("whoever reads both accepts the old value for {overlap}: it is {place}"),
    }
}

/// What a compromise does: nothing overlaps.
const fn compromised(class: OverlapClass) -> &'static str {
    match class {
        OverlapClass::ServerMultiVerifier => {
            "whoever still uses the old value is cut off as soon as the server drops it: drop it there now"
        }
        OverlapClass::AppFallbackList => {
            "every session and token of the old value ends at once: this logs everyone out"
        }
        OverlapClass::DataAtRest => {
            "whoever has the old value can read what was encrypted with it: re-encrypt everything"
        }
        OverlapClass::AlternatingIdentity => {
            "whoever uses this identity is cut off: have its users change over to the other one first"
        }
        OverlapClass::WriteOnce => {
            "whoever has the old value gets in until it is changed in the service too: do that now"
        }
        OverlapClass::Derived => "computed from another secret: it changes in the same commit as that one",
        OverlapClass::Issued => "revoke the old one at its issuer now: only that ends it",
        OverlapClass::Human => "tell the person who remembers it now",
        OverlapClass::CutoverOnly | OverlapClass::Identifier => "whoever still uses the old value is cut off",
    }
}
