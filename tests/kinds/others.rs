//! The built program and the programs that check it. None of them is ever skipped: what is missing is named.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::python::environment;

/// A new value and what `--explain` computes from it.
pub struct Minted {
    /// The value as it was printed, with the newline behind it.
    pub printed: String,
    companions: BTreeMap<String, String>,
}

impl Minted {
    /// Makes a value of a kind.
    pub fn new(kind: &str) -> Self {
        Self::with(&[kind])
    }

    /// Makes values of a kind, and more.
    pub fn with(args: &[&str]) -> Self {
        let home = TempDir::with_prefix("mintage-test-").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_mintage"))
            .args(["generate", "--explain"])
            .args(args)
            .current_dir(home.path())
            .env_clear()
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let explained = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "generate {args:?}:\n{explained}");
        Self {
            printed: String::from_utf8(output.stdout).unwrap(),
            companions: companions(&explained),
        }
    }

    /// The value.
    pub fn value(&self) -> &str {
        self.printed.strip_suffix('\n').unwrap()
    }

    /// The value and its other form, made by `--form value,NAME`, which stands in the last line.
    pub fn value_and_form(&self) -> (&str, &str) {
        let end = self.value().rfind('\n').unwrap() + 1;
        self.value().split_at(end)
    }

    /// Something that was computed from the value.
    pub fn companion(&self, name: &str) -> &str {
        self.companions
            .get(name)
            .unwrap_or_else(|| panic!("no `{name}` was explained"))
    }
}

/// Reads `  NAME: ABOUT` and the lines behind it that are indented more.
fn companions(explained: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut name = None;
    for line in explained.lines() {
        if let Some(text) = line.strip_prefix("    ") {
            if let Some(name) = &name {
                let companion: &mut String = found.entry(String::clone(name)).or_default();
                companion.push_str(text);
                companion.push('\n');
            }
        } else if let Some((before, _)) = line.trim_start().split_once(": ") {
            name = Some(before.to_owned());
        }
    }
    for companion in found.values_mut() {
        companion.truncate(companion.trim_end().len());
    }
    found
}

/// Runs a program that has to succeed, and returns what it prints.
pub fn answer<I: AsRef<OsStr>>(
    program: impl AsRef<Path>,
    package: &str,
    args: impl IntoIterator<Item = I>,
    stdin: &str,
) -> String {
    let program = program.as_ref();
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "this test needs `{}` ({error}): install the package {package}",
                program.display()
            )
        });
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{} refused:\n{complaint}",
        program.display()
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A directory with a file that only its owner can read.
pub fn private_file(content: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::with_prefix("mintage-test-").unwrap();
    let path = directory.path().join("key");
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    (directory, path)
}

/// Runs a script with the packages of [`PACKAGES`] and returns what it prints.
pub fn python(script: &str, stdin: &str) -> String {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python =
        PYTHON.get_or_init(|| environment("py", &PACKAGES, "cryptography, jwt, pyotp, standardwebhooks"));
    answer(python, "python3", ["-I", "-c", script], stdin)
}

/// Second implementations of what is checked here.
const PACKAGES: [&str; 4] = ["pyjwt", "cryptography", "pyotp", "standardwebhooks"];
