//! Reading policy files that a person named.

use std::path::Path;

use crate::adapters::read_capped;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::policy::Policy;

/// Reads a policy file; `shown` names it in errors.
///
/// # Errors
///
/// When it cannot be read or has mistakes.
pub fn read_policy(path: &Path, shown: &str) -> Result<Policy, CliError> {
    Ok(Policy::parse(shown, &read_policy_text(path, shown)?)?)
}

/// Reads the text of a policy file; `shown` names it in errors.
///
/// # Errors
///
/// When it cannot be read or is not UTF-8.
pub fn read_policy_text(path: &Path, shown: &str) -> Result<String, CliError> {
    let mut bytes = read_capped(path, MAX_POLICY)?.ok_or_else(|| {
        CliError::new(Exit::Failed, format!("`{}` does not exist", path.display()))
            .in_state("nothing was changed")
            .hint("check the path")
    })?;
    String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        CliError::new(Exit::Failed, format!("{shown}:{line}: not UTF-8 text"))
            .in_state("nothing was changed")
            .hint("save the file as UTF-8")
    })
}

/// Largest policy file, in bytes.
const MAX_POLICY: u64 = 16 * 1_024 * 1_024;
