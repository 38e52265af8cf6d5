//! What to say of input that cannot be used: policies, shapes, identities, prompts.

use crate::adapters::IdentityError;
use crate::adapters::RandomSourceError;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::explain::UNCHANGED;
use crate::policy::EmbedError;
use crate::policy::PolicyErrors;
use crate::policy::ShapeError;
use crate::ports::PromptError;

impl From<PolicyErrors> for CliError {
    fn from(errors: PolicyErrors) -> Self {
        let count = errors.iter().count();
        let shown = Self::new(
            Exit::Failed,
            match count {
                1 => "the policy has a mistake".to_owned(),
                count => format!("the policy has {count} mistakes"),
            },
        )
        .in_state(UNCHANGED);
        shown
            .causes_from(errors.to_string().lines().map(str::to_owned).collect())
            .hint("mend mintage.toml, then run: mintage policy lint")
    }
}

impl From<ShapeError> for CliError {
    fn from(error: ShapeError) -> Self {
        Self::usage(error.to_string()).hint("see what each kind takes: mintage policy list")
    }
}

impl From<EmbedError> for CliError {
    fn from(error: EmbedError) -> Self {
        let hint = match &error {
            EmbedError::TooLong { .. } => "a shorter `--length` leaves room to grow",
            _ => "take a kind whose form is free, such as password, hex or base64url",
        };
        Self::usage(error.to_string()).hint(hint)
    }
}

impl From<IdentityError> for CliError {
    fn from(error: IdentityError) -> Self {
        let hint = match &error {
            IdentityError::Readable { path, .. } => format!("chmod 600 {path}"),
            IdentityError::Missing { .. } => "check -i, MINTAGE_IDENTITY and SOPS_AGE_KEY_FILE".to_owned(),
            _ => "make one: age-keygen -o FILE".to_owned(),
        };
        Self::new(Exit::Failed, error.to_string())
            .in_state(UNCHANGED)
            .hint(hint)
    }
}

impl From<PromptError> for CliError {
    fn from(error: PromptError) -> Self {
        let shown = Self::new(Exit::Failed, error.to_string()).in_state(UNCHANGED);
        match error {
            PromptError::Nobody => shown.hint("pipe the value in, or name a file: --from-file FILE"),
            PromptError::SeveralLines => {
                shown.hint("a value of several lines is read from a file: --from-file FILE")
            }
            _ => shown,
        }
    }
}

impl From<RandomSourceError> for CliError {
    fn from(error: RandomSourceError) -> Self {
        Self::new(Exit::Unreachable, error.to_string()).in_state("nothing was made")
    }
}
