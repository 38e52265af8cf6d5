//! Why values cannot be handed to a command.

use thiserror::Error;

use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Why values cannot be handed to a command. No variant holds any part of a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HandoutError {
    /// Programs take orders from variables of these names.
    #[error("programs take orders from {}: the store sets no such variable", listed(.variables))]
    Steering {
        /// The names.
        variables: Vec<SecretName>,
    },
    /// Two values would go by one name.
    #[error("`{first}` and `{second}` would both be handed out as `{variable}`")]
    Twice {
        /// The name.
        variable: SecretName,
        /// A secret.
        first: SecretName,
        /// Another one.
        second: SecretName,
    },
    /// The environment of a program ends every text at a zero byte.
    #[error("the value of `{name}` in {environment} has a zero byte, which no environment can carry")]
    ZeroByte {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
    },
}

fn listed(names: &[SecretName]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
