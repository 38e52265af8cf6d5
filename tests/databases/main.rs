//! What is computed from a value, judged by the servers that it is for: real ones, started and ended here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod htpasswd;
mod postgres;
mod project;
mod redis;

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::process::Output;

use mintage::policy::Kind;
use mintage::policy::Shape;
use mintage::secret::SecretValue;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// Makes a value of `kind` and what its verifier is given.
fn minted(kind: &str, companion: &str) -> (String, String) {
    let kind = Kind::find(kind).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let recipe = kind.recipe(&Shape::default()).unwrap();
    let value = mintage::generator::generate(&recipe, chrono::DateTime::UNIX_EPOCH, &mut rng).unwrap();
    let companion = kind
        .companions
        .iter()
        .find(|known| known.name == companion)
        .unwrap();
    let computed = (companion.of)(&value, &mut rng).unwrap();
    (text(&value), text(&computed))
}

fn text(value: &SecretValue) -> String {
    String::from_utf8(value.expose().to_vec()).unwrap()
}

/// A port of the loopback interface that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Prepares a program in a cleared environment; servers refuse root, so root becomes `nobody`.
fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .env("LC_ALL", "C");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Runs a program to its end; a missing one fails the test and names its package.
fn run(command: &mut Command, package: &str) -> Output {
    match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let name = command.get_program().to_string_lossy().into_owned();
            panic!("`{name}` is missing: apt-get install {package}")
        }
        Err(error) => panic!("{error}"),
    }
}

/// Runs a program that has to succeed.
fn succeed(command: &mut Command, package: &str) -> String {
    let output = run(command, package);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The user and group `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;
