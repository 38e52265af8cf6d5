//! The contract of an environment: judges the values that were found by everything that the policy demands.
//!
//! Pure: whatever only a file system, a repository or a store can tell comes in as [`Facts`]. All findings come
//! out at once, each with a rule of [`RULES`], what was found and needed, and the next step. None holds a
//! character of a value.

mod advice;
pub mod certificate;
mod elsewhere;
mod example;
mod facts;
mod files;
mod findings;
mod groups;
mod judge;
pub mod life;
mod names;
mod presence;
mod reuse;
mod rules;
mod secrets;
mod signoff;
mod stand_in;
mod subject;
mod syntax;
#[cfg(test)]
mod tests;
mod types;
mod url;
mod url_rules;
mod values;
mod variables;
mod waivers;

pub use elsewhere::severity_across;
pub use facts::Comparison;
pub use facts::Concern;
pub use facts::Elsewhere;
pub use facts::Example;
pub use facts::Facts;
pub use facts::FileFacts;
pub use facts::GitState;
pub use facts::Repository;
pub use facts::Source;
pub use facts::StoredVersion;
pub use rules::RULES;
pub use rules::Rule;
pub use signoff::RoleSignoff;
pub use signoff::SignoffState;
pub use subject::Subject;
pub use values::Found;
pub use values::Values;
pub use values::password_inside;
pub use waivers::Waived;
pub use waivers::is_never_waived;

use rand::CryptoRng;

use crate::contract::findings::Findings;
use crate::policy::Finding;

/// Returns every rule that there is, with those of certificates and of what is stored.
pub fn every_rule() -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .chain(certificate::CERTIFICATE_RULES)
        .chain(life::LIFE_RULES)
}

/// What is wrong with an environment, worst first, then by line.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// What has to be looked at.
    pub findings: Vec<Finding>,
    /// What was accepted for a time.
    pub waived: Vec<Waived<'a>>,
}

/// Returns everything that is wrong; `rng` serves the checks of key pairs.
pub fn check<'a>(subject: &'a Subject<'a>, rng: &mut dyn CryptoRng) -> Outcome<'a> {
    let mut findings = Findings::new(subject);
    presence::check(subject, &mut findings);
    variables::check(subject, &mut findings);
    secrets::check(subject, &mut findings);
    groups::check(subject, &mut findings);
    reuse::check(subject, &mut findings, rng);
    elsewhere::check(subject, &mut findings);
    names::check(subject, &mut findings);
    syntax::check(subject, &mut findings);
    files::check(subject, &mut findings);
    example::check(subject, &mut findings);
    signoff::check(subject, &mut findings);
    let waived = waivers::apply(subject, &mut findings);
    Outcome {
        findings: findings.sorted(),
        waived,
    }
}
