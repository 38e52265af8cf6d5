//! The contract of an environment: judges the values that were found by everything that the policy demands.
//!
//! Pure: whatever only a file system, a repository or a store can tell comes in as [`Facts`]. All findings come
//! out at once, each with a rule of [`RULES`], what was found and needed, and the next step. None holds a
//! character of a value.

mod findings;
mod groups;
mod judge;
mod names;
mod presence;
mod reuse;
mod rules;
mod secrets;
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

pub use rules::RULES;
pub use rules::Rule;
pub use subject::Facts;
pub use subject::Source;
pub use subject::Subject;
pub use values::Found;
pub use values::Values;

use rand::CryptoRng;

use crate::contract::findings::Findings;
use crate::policy::Finding;

/// Returns everything that is wrong, worst first, then by line; `rng` serves the checks of key pairs.
pub fn check(subject: &Subject<'_>, rng: &mut dyn CryptoRng) -> Vec<Finding> {
    let mut findings = Findings::new(subject);
    presence::check(subject, &mut findings);
    variables::check(subject, &mut findings);
    secrets::check(subject, &mut findings);
    groups::check(subject, &mut findings);
    reuse::check(subject, &mut findings, rng);
    names::check(subject, &mut findings);
    syntax::check(subject, &mut findings);
    findings.sorted()
}
