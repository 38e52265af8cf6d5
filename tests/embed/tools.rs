//! The programs that hold the parsers. None of them is ever skipped: what is missing is named.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use crate::node::package;
use crate::python::environment;

/// Runs a program in a cleared environment, gives it `stdin`, and returns what it prints; it has to succeed.
pub fn answer<I: AsRef<OsStr>>(
    program: impl AsRef<Path>,
    package: &str,
    args: impl IntoIterator<Item = I>,
    variables: &[(&str, &Path)],
    stdin: &str,
) -> String {
    let program = program.as_ref();
    let mut child = Command::new(program)
        .args(args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(variables.iter().copied())
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
    let mut writing = child.stdin.take().unwrap();
    let input = stdin.to_owned();
    let writer = std::thread::spawn(move || writing.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let written = writer.join().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && written.is_ok(),
        "{} refused:\n{complaint}",
        program.display()
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a script with the packages of [`PACKAGES`].
pub fn python(script: &str, stdin: &str) -> String {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        environment(
            "py-embed",
            &PACKAGES,
            "dotenv, psycopg, yaml, kubernetes_validate",
        )
    });
    answer(python, "python3", ["-I", "-c", script], &[], stdin)
}

/// Runs a script of node.
pub fn node(script: &str, stdin: &str) -> String {
    answer("node", "nodejs", ["-e", script], &[], stdin)
}

/// Returns the path of node's package `dotenv`, installed on the first run.
pub fn node_dotenv() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| package("dotenv", NODE_DOTENV).to_str().unwrap().to_owned())
}

/// Parsers in Python; psycopg brings the libpq that it was built with.
const PACKAGES: [&str; 4] = [
    "python-dotenv==1.2.4",
    "psycopg[binary]==3.3.9",
    "PyYAML==6.0.4",
    "kubernetes-validate==1.37.0",
];

/// The release of node's `dotenv`.
const NODE_DOTENV: &str = "18.0.10";
