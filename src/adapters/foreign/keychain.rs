//! Entries of the keychain that other programs made.

use std::cell::OnceCell;

use chrono::DateTime;
use chrono::Utc;

use crate::adapters::KeychainKind;
use crate::adapters::OsKeychain;
use crate::adapters::foreign::Desk;
use crate::adapters::foreign::Foreign;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Keychain;
use crate::ports::KeychainEntry;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// The entries of a service, by their users.
pub(super) const SOURCE: Foreign = Foreign {
    name: "keychain",
    place: "SERVICE",
    needs_keys: false,
    open,
};

fn open(service: &str, _: &Desk) -> Result<Box<dyn ForeignSource>, ForeignError> {
    Ok(Box::new(Service {
        service: service.to_owned(),
        keychain: OsKeychain::new(KeychainKind::Session),
        users: OnceCell::new(),
    }))
}

struct Service {
    service: String,
    keychain: OsKeychain,
    users: OnceCell<Vec<String>>,
}

impl ForeignSource for Service {
    fn names(&self) -> Result<Vec<String>, ForeignError> {
        if let Some(users) = self.users.get() {
            return Ok(users.clone());
        }
        let mut users = self.keychain.users(&self.service)?.unwrap_or_default();
        users.sort();
        users.dedup();
        if users.is_empty() {
            return Err(ForeignError::Absent(format!("keychain:{}", self.service)));
        }
        Ok(self.users.get_or_init(|| users).clone())
    }

    fn value(&self, name: &str) -> Result<SecretValue, ForeignError> {
        let entry = KeychainEntry {
            service: self.service.clone(),
            user: name.to_owned(),
        };
        self.keychain
            .get(&entry)?
            .ok_or_else(|| ForeignError::Absent(format!("keychain:{}/{name}", self.service)))
    }

    fn changed(&self, _: &str) -> Option<DateTime<Utc>> {
        None
    }

    fn remains(&self, names: &[String]) -> Vec<Remainder> {
        let remains = names.iter().map(|name| Remainder {
            place: format!("the keychain, under service {} and user {name}", self.service),
            cure: format!(
                "secret-tool clear service {} username {name}, once nothing reads it",
                self.service
            ),
        });
        remains.collect()
    }
}
