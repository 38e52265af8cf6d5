//! Python with pinned packages, in a virtual environment below `target/tools`. It is made on the first run.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// Returns the interpreter of the environment `name`, which can run `import MODULES`.
pub fn environment(name: &str, packages: &[&str], modules: &str) -> PathBuf {
    let home = tools().join(name);
    let python = home.join("bin/python");
    if can_import(&python, modules) {
        return python;
    }
    run_once(Command::new("python3").args(["-m", "venv"]).arg(&home), packages);
    run_once(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages),
        packages,
    );
    assert!(
        can_import(&python, modules),
        "the packages of Python are there, but cannot be imported"
    );
    python
}

/// Returns the directory of the programs that the tests install for themselves.
pub fn tools() -> PathBuf {
    std::env::var_os("MINTAGE_TEST_TOOLS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools"),
        PathBuf::from,
    )
}

fn can_import(python: &Path, modules: &str) -> bool {
    Command::new(python)
        .args(["-I", "-c", &format!("import {modules}")])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run_once(command: &mut Command, packages: &[&str]) {
    let done = command.status().is_ok_and(|status| status.success());
    assert!(
        done,
        "{command:?} failed: these tests need python3 with its venv module (Debian: python3-venv) and, \
         the first time, PyPI for {packages:?}"
    );
}
