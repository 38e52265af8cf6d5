//! The keychain of a test as the desktop's own client sees it.

use std::cell::OnceCell;

use mintage::ports::Keychain;
use mintage::ports::KeychainEntry;
use mintage::ports::KeychainError;
use mintage::secret::SecretValue;

use crate::keyring::Keyring;

/// The keyring of the test, through the client of the desktop.
#[derive(Default)]
pub struct Desktop(OnceCell<Keyring>);

impl Desktop {
    /// The keyring, which starts when it is first asked.
    fn keyring(&self) -> &Keyring {
        self.0.get_or_init(Keyring::new)
    }
}

impl Keychain for Desktop {
    fn set(&self, entry: &KeychainEntry, label: &str, value: &SecretValue) -> Result<(), KeychainError> {
        let label = format!("--label={label}");
        let args = [
            "store",
            &label,
            "service",
            &entry.service,
            "username",
            &entry.user,
        ];
        assert!(self.keyring().secret_tool(&args, value.expose()).status.success());
        Ok(())
    }

    fn get(&self, entry: &KeychainEntry) -> Result<Option<SecretValue>, KeychainError> {
        Ok(self
            .keyring()
            .lookup(&entry.service, &entry.user)
            .map(SecretValue::new))
    }

    fn delete(&self, entry: &KeychainEntry) -> Result<(), KeychainError> {
        // It fails when there is nothing to clear, which is no error here.
        self.keyring().secret_tool(
            &["clear", "service", &entry.service, "username", &entry.user],
            b"",
        );
        Ok(())
    }

    fn users(&self, service: &str) -> Result<Option<Vec<String>>, KeychainError> {
        let found = self
            .keyring()
            .secret_tool(&["search", "--all", "service", service], b"");
        let text = [found.stdout, found.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        let users = text
            .lines()
            .filter_map(|line| line.strip_prefix("attribute.username = "));
        Ok(Some(users.map(str::to_owned).collect()))
    }

    fn probe(&self) -> Result<&'static str, KeychainError> {
        Ok("the desktop")
    }
}
