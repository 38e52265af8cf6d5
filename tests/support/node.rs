//! Packages of node at fixed releases, below `target/tools/node`. They are installed on the first run.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::python::tools;

/// Returns the directory of an installed package.
pub fn package(name: &str, version: &str) -> PathBuf {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let home = tools().join("node").join(name);
    let package = home.join("node_modules").join(name);
    let is_there = || {
        let described = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
        described.contains(&format!("\"version\": \"{version}\""))
    };
    if !is_there() {
        let done = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"])
            .arg(&home)
            .arg(format!("{name}@{version}"))
            .status();
        assert!(
            done.is_ok_and(|status| status.success()) && is_there(),
            "npm could not install {name} {version}: these tests need npm (Debian: npm) and, the first time, its \
             registry"
        );
    }
    package
}
