//! A project whose development environment is kept in the keychain.

use crate::keyring::Keyring;
use crate::sandbox::Output;
use crate::sandbox::Run;
use crate::sandbox::Sandbox;

pub const POLICY: &str = "schema = 1\nname = \"shop\"\n\
    [environments.production]\n[environments.development]\nstore = \"keychain\"\n\
    [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\noverlap = \"7d\"\n\
    [secrets.DB_PASSWORD]\nkind = \"password\"\n\
    [secrets.LICENCE]\nkind = \"issued\"\n";

/// The project and its keyring.
pub struct Shop {
    pub sandbox: Sandbox,
    pub keyring: Keyring,
}

impl Shop {
    /// Sets the project up.
    pub fn new() -> Self {
        Self::of_policy(POLICY)
    }

    /// Sets a project of this policy up.
    pub fn of_policy(policy: &str) -> Self {
        let shop = Self {
            sandbox: Sandbox::new(),
            keyring: Keyring::new(),
        };
        shop.sandbox.write("mintage.toml", policy);
        shop.run(&["init"]).succeeds();
        shop
    }

    /// Prepares a run that finds the keyring.
    pub fn command(&self, args: &[&str]) -> Run<'_> {
        let run = self.sandbox.command(args);
        self.keyring
            .environment()
            .into_iter()
            .fold(run, |run, (name, value)| run.env(name, value))
    }

    /// Runs mintage.
    #[must_use = "a run whose outcome nobody looks at proves nothing"]
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).run()
    }

    /// Fetches a stored value.
    pub fn reveal(&self, name: &str) -> Vec<u8> {
        let output = self.run(&["reveal", name, "-e", "development"]);
        assert_eq!(output.code, 0, "reveal {name} failed:\n{}", output.stderr);
        output.stdout
    }

    /// The service under which this store keeps its values.
    pub fn service(&self) -> String {
        let settings = self.sandbox.read(".mintage/store.toml");
        let id = settings.lines().find_map(|line| line.strip_prefix("store = \""));
        format!("mintage:{}", id.unwrap().trim_end_matches('"'))
    }

    /// The user under which the current version of a secret is kept.
    pub fn user(&self, name: &str) -> String {
        let history = self
            .run(&["history", name, "-e", "development", "--json"])
            .succeeds()
            .json();
        let versions = history["versions"].as_array().unwrap();
        let current = versions
            .iter()
            .find(|version| version["stage"] == "current")
            .unwrap();
        let id = current["version"].as_str().unwrap();
        format!("development/{name}/{id}")
    }
}
