//! What to say when a sign-off is not recorded.

use crate::app::SignoffError;
use crate::cli::error::CliError;
use crate::cli::error::Exit;

impl From<SignoffError> for CliError {
    fn from(error: SignoffError) -> Self {
        let exit = match error {
            SignoffError::NotReady { .. } => Exit::Findings,
            _ => Exit::Failed,
        };
        let shown = Self::new(exit, error.to_string()).in_state("nothing was recorded");
        match error {
            SignoffError::Moved { .. } => {
                shown.hint("see what has changed, then run the command again: mintage history")
            }
            SignoffError::NotDemanded => {
                shown.hint("say in mintage.toml who has to agree: [signoff] with roles = [\"security-lead\"]")
            }
            SignoffError::NotReady { environment, .. } => shown
                .hint(format!("see them: mintage check -e {environment}"))
                .hint("or confirm with them on record: --despite-findings"),
            SignoffError::NothingToConfirm { environment } => shown.hint(format!(
                "mint what is missing: mintage create --all -e {environment}"
            )),
            SignoffError::RoleUnknown { known, .. } => shown.hint(format!("there are: {}", known.join(", "))),
            SignoffError::SamePerson { .. } => shown
                .hint("have another person do it, from an account and with an identity of their own")
                .hint("see who has to agree yet: mintage signoff --status"),
        }
    }
}
