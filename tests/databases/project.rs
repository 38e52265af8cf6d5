//! A project of the built program with minted passwords for the servers.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

const POLICY: &str = r#"
schema = 1
name = "databases"

[environments.production]
tier = "production"

[secrets.DB_PASSWORD]
kind = "postgres-password"

[secrets.DB_VERIFIER]
kind = "scram"
from = "DB_PASSWORD"

[secrets.REDIS_PASSWORD]
kind = "redis-password"

[secrets.REDIS_ACL]
kind = "redis-acl"
from = "REDIS_PASSWORD"
"#;

/// A project with everything minted in production.
pub struct Project {
    root: TempDir,
}

impl Project {
    pub fn new() -> Self {
        let project = Self {
            root: TempDir::with_prefix("mintage-run-").unwrap(),
        };
        fs::write(project.root.path().join("policy.toml"), POLICY).unwrap();
        for args in [
            &["init", "--policy", "policy.toml"][..],
            &["create", "--all", "-e", "production"],
        ] {
            let output = project.mintage(args).output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        project
    }

    /// Prepares mintage in this project.
    pub fn mintage(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mintage"));
        command
            .args(args)
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .env("LC_ALL", "C")
            .env("HOME", self.root.path());
        command
    }

    /// Prepares a command that gets one secret by another name.
    pub fn run(&self, secret: &str, variable: &str, command: &[&str]) -> Command {
        let map = format!("{secret}={variable}");
        let options = ["run", "-e", "production", "--only", secret, "--map", &map, "--"];
        self.mintage(&[&options, command].concat())
    }

    /// Fetches a value. What it returns must never reach an assertion that prints.
    pub fn reveal(&self, name: &str) -> String {
        let output = self
            .mintage(&["reveal", name, "-e", "production"])
            .output()
            .unwrap();
        assert!(output.status.success(), "reveal {name} failed");
        String::from_utf8(output.stdout).unwrap()
    }
}
