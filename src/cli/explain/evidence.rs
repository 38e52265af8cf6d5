//! What to say of a file that is no evidence.

use crate::adapters::EvidenceFileError;
use crate::cli::error::CliError;
use crate::cli::error::Exit;

impl From<EvidenceFileError> for CliError {
    fn from(error: EvidenceFileError) -> Self {
        let shown = Self::new(Exit::Failed, error.to_string());
        match error {
            EvidenceFileError::Storage(error) => error.into(),
            EvidenceFileError::NotPacked => shown
                .in_state("nothing was written")
                .hint("ask for fewer environments, or a shorter period: -e NAME, --from, --to"),
            EvidenceFileError::Broken { .. }
            | EvidenceFileError::Missing { .. }
            | EvidenceFileError::TooLarge { .. } => shown
                .in_state("nothing was changed")
                .hint("name the file that `mintage audit --evidence` wrote"),
        }
    }
}
