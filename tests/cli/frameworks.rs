//! Former values as the frameworks themselves read them: what was signed before a rotation is valid after it, what
//! is signed after it is of the new value, and when the overlap ends the old one is worth nothing.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use serde_json::Value;

use crate::node;
use crate::python;
use crate::sandbox::Sandbox;

#[test]
fn django_accepts_what_the_former_key_has_signed() {
    rotates("SECRET_KEY", "django", &python());
}

#[test]
fn flask_accepts_what_the_former_key_has_signed() {
    rotates("FLASK_SECRET_KEY", "flask", &python());
}

#[test]
fn multi_fernet_decrypts_what_the_former_key_has_encrypted() {
    rotates("FERNET_KEYS", "fernet", &python());
}

#[test]
fn auth_js_decrypts_what_the_former_secret_has_encrypted() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/frameworks.mjs");
    let package = node::package("@auth/core", "0.41.1");
    let program = ["node".into(), script.into(), package];
    rotates("AUTH_SECRET", "authjs", &program);
}

fn python() -> Vec<PathBuf> {
    let packages = ["Django==5.2.8", "Flask==3.1.2", "cryptography==46.0.3"];
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let modules = "django, flask, cryptography";
    let python = PYTHON.get_or_init(|| python::environment("py-frameworks", &packages, modules));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/frameworks.py");
    vec![python.clone(), "-I".into(), script.into()]
}

fn rotates(name: &str, kind: &str, program: &[PathBuf]) {
    let sandbox = Sandbox::of_policy(format!(
        "schema = 1\nname = \"x\"\n[environments.production]\n\
             [secrets.{name}]\nkind = \"{kind}\"\noverlap = \"7d\"\nsinks = [\"env\"]\n\
             [sinks.env]\ntype = \"env-file\"\npath = \".env\"\n"
    ));
    // What is encrypted with a key of Fernet stays readable while the list holds it, and is to be encrypted anew before
    // it goes.
    let rotate = || {
        let asserted = (kind == "fernet").then_some("--i-have-reencrypted");
        let args = ["rotate", name, "-e", "production"].into_iter().chain(asserted);
        sandbox.run(args).succeeds()
    };
    let retire = || sandbox.run(["retire", name, "-e", "production"]).succeeds();
    let ask = |action: &str, text: &str| ask(&sandbox, program, [kind, action, ".env"], text);
    let session = Value::from("session");
    rotate();
    retire();
    let before = ask("sign", "");
    let before = before.as_str().unwrap();
    assert_eq!(ask("check", before), session, "it is valid at first");

    rotate();

    assert_eq!(
        ask("check", before),
        session,
        "signed before, checked during the overlap"
    );
    let after = ask("sign", "");
    let after = after.as_str().unwrap();
    retire();
    assert_eq!(
        ask("check", after),
        session,
        "signed during the overlap, checked after it"
    );
    assert_ne!(
        ask("check", before),
        session,
        "the old value is worth something still"
    );
}

fn ask(sandbox: &Sandbox, program: &[PathBuf], arguments: [&str; 3], text: &str) -> Value {
    let mut child = Command::new(&program[0])
        .args(&program[1..])
        .args(arguments)
        .current_dir(sandbox.project())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}
