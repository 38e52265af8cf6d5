//! What other readers of an env file cut out of a value.

use crate::dotenv;
use crate::dotenv::Dialect;
use crate::dotenv::Difference;
use crate::dotenv::EnvFile;
use crate::dotenv::Sight;
use crate::policy::Finding;
use crate::policy::Severity;

/// The variables that readers of one env file cut, by the rules of `check`.
pub(super) struct Cuts {
    differences: Vec<Difference>,
}

impl Cuts {
    /// Reads the file as each reader does.
    pub(super) fn of(file: &EnvFile) -> Self {
        Self {
            differences: dotenv::differences(file, &Dialect::ALL),
        }
    }

    /// Says who cuts the value of `name` at a `#`, or puts something else in place of a `$`.
    pub(super) fn findings(&self, name: &str) -> Vec<Finding> {
        let of_name = self
            .differences
            .iter()
            .filter(|difference| difference.name.as_deref() == Some(name));
        of_name
            .flat_map(|difference| {
                SIGHTS.iter().filter_map(|(sight, rule)| {
                    let readers = difference.sights.get(sight)?.clone();
                    let only = Difference {
                        sights: [(*sight, readers)].into(),
                        ..difference.clone()
                    };
                    Some(finding(rule, only.to_string(), name))
                })
            })
            .collect()
    }
}

fn finding(rule: &'static str, message: String, name: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Warning,
        environment: None,
        name: None,
        location: None,
        message,
        fix: format!("put the value of `{name}` in single quotes, or render it for its reader"),
    }
}

/// What leaves another value than the file spells, and the rule of `check` about it.
const SIGHTS: [(Sight, &str); 2] = [
    (Sight::EndsAtHash, "hash-in-value"),
    (Sight::Expands, "dollar-in-value"),
];
