//! The store opens without mintage, and mintage opens what stock age, rage and ssh-keygen make.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::program;
use crate::sandbox::tool;
use crate::terminal::Session;
use crate::terminal::converse;

#[test]
fn stock_age_prints_exactly_what_reveal_prints() {
    let sandbox = Sandbox::minted();
    let value = sandbox.reveal("JWT_SECRET", "production");

    let opened = open(&age(), &sandbox.identity(), &value_file(&sandbox));

    assert!(opened == value, "age opens another value");
    assert!(is_hex_64(&opened), "not 64 lower-case hexadecimal digits");
}

#[test]
fn rage_prints_exactly_what_reveal_prints() {
    let rage = tool(
        "rage",
        "cargo install rage --version 0.12.1 --locked --root \"$MINTAGE_TEST_TOOLS\"",
    );
    let sandbox = Sandbox::minted();
    let value = sandbox.reveal("JWT_SECRET", "production");

    let opened = open(&rage, &sandbox.identity(), &value_file(&sandbox));

    assert!(opened == value, "rage opens another value");
    assert!(is_hex_64(&opened), "not 64 lower-case hexadecimal digits");
}

#[test]
fn store_keys_that_stock_age_encrypted_anew_still_open() {
    let sandbox = Sandbox::minted();
    let value = sandbox.reveal("JWT_SECRET", "production");
    let keys = sandbox.project().join(".mintage/keys.age");
    let plain = open(&age(), &sandbox.identity(), &keys);
    let plain_file = sandbox.beside("keys");
    fs::write(&plain_file, plain).unwrap();

    for armor in [&[][..], &["--armor"]] {
        let made = Command::new(age())
            .args(armor)
            .args(["--encrypt", "-r", &recipient(&sandbox.identity()), "-o"])
            .args([&keys, &plain_file])
            .output()
            .unwrap();
        assert!(made.status.success());

        assert!(
            sandbox.reveal("JWT_SECRET", "production") == value,
            "another value"
        );
        let verdict = sandbox.run(["verify", "--deep"]).succeeds();
        assert!(verdict.text().starts_with("clean: 3 secrets"), "{verdict}");
    }
    sandbox.run(["create", "--all", "-e", "development"]).succeeds();
}

#[test]
fn a_value_that_somebody_encrypted_by_hand_is_seen_as_changed() {
    let sandbox = Sandbox::minted();
    let file = value_file(&sandbox);
    let plain = sandbox.beside("plain");
    fs::write(&plain, "another value").unwrap();
    let made = Command::new(age())
        .args(["-r", &recipient(&sandbox.identity()), "-o"])
        .args([&file, &plain])
        .output()
        .unwrap();
    assert!(made.status.success());

    let revealed = sandbox
        .command(["reveal", "JWT_SECRET", "-e", "production"])
        .refused();
    let verdict = sandbox.run(["verify"]);

    assert_eq!(revealed.code, 6);
    assert!(verdict.exits(6).text().starts_with("damaged: "));
}

#[test]
fn an_identity_of_age_keygen_works_when_it_is_named() {
    let sandbox = Sandbox::new();
    let identity = keygen(&sandbox);
    let named = ["-i", identity.to_str().unwrap()];
    let with = |args: &[&str]| {
        let all: Vec<&str> = named.iter().chain(args).copied().collect();
        sandbox.run(all).succeeds()
    };

    with(&["init", "--policy", "lumiku"]);
    with(&["create", "--all", "-e", "production"]);
    let value = with(&["reveal", "JWT_SECRET", "-e", "production"]).stdout;

    assert!(!sandbox.identity().exists(), "no other identity was made");
    assert!(open(&age(), &identity, &value_file(&sandbox)) == value);
}

#[test]
fn every_place_for_an_identity_is_looked_into() {
    let sandbox = Sandbox::minted();
    let text = fs::read_to_string(sandbox.identity()).unwrap();
    let elsewhere = sandbox.beside("elsewhere.txt");
    fs::rename(sandbox.identity(), &elsewhere).unwrap();
    let reveal = ["reveal", "JWT_SECRET", "-e", "production"];
    let key = text
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-"))
        .unwrap();

    let ran = [
        sandbox.command(reveal).env("MINTAGE_IDENTITY", &elsewhere).run(),
        sandbox.command(reveal).env("SOPS_AGE_KEY_FILE", &elsewhere).run(),
        sandbox.command(reveal).env("SOPS_AGE_KEY", key).run(),
        {
            let place = sandbox.home().join(".config/sops/age/keys.txt");
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::copy(&elsewhere, &place).unwrap();
            sandbox.run(reveal)
        },
    ];

    for (number, output) in ran.iter().enumerate() {
        assert_eq!(output.code, 0, "place {number}: {}", output.stderr);
        assert!(output.stdout == ran[0].stdout, "place {number}");
    }
}

#[test]
fn an_ssh_key_is_enough() {
    let sandbox = Sandbox::new();
    let public = ssh_keygen(&sandbox, "");

    sandbox
        .run(["init", "--policy", "lumiku", "--recipient", &public])
        .succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    let value = sandbox.reveal("JWT_SECRET", "production");

    assert!(!sandbox.identity().exists(), "no other identity was made");
    let opened = open(
        &age(),
        &sandbox.home().join(".ssh/id_ed25519"),
        &value_file(&sandbox),
    );
    assert!(opened == value, "age opens another value");
}

#[test]
fn an_ssh_key_behind_a_passphrase_opens_after_a_hidden_question() {
    let sandbox = Sandbox::new();
    let public = ssh_keygen(&sandbox, "open sesame");
    let question = "Passphrase of ";

    let init = typed(
        &sandbox,
        &["init", "--policy", "lumiku", "--recipient", &public],
        &[(question, "open sesame\r")],
    );
    let create = typed(
        &sandbox,
        &["create", "--all", "-e", "production"],
        &[(question, "open sesame\r")],
    );
    let reveal = typed(
        &sandbox,
        &["reveal", "JWT_SECRET", "-e", "production"],
        &[(question, "open sesame\r")],
    );

    for session in [&init, &create, &reveal] {
        assert_eq!(session.code, 0, "{}", session.screen);
        assert!(
            !session.screen.contains("open sesame"),
            "the passphrase was echoed"
        );
        assert!(session.echoes, "echo is back");
    }
    assert!(is_hex_64(&reveal.stdout));
}

#[test]
fn a_wrong_passphrase_is_an_error_and_shows_nothing() {
    let sandbox = Sandbox::new();
    let public = ssh_keygen(&sandbox, "open sesame");
    let init = typed(
        &sandbox,
        &["init", "--policy", "lumiku", "--recipient", &public],
        &[("Passphrase of ", "open barley\r")],
    );

    assert!(matches!(init.code, 1 | 6), "{}", init.screen);
    assert_eq!(init.screen.matches("error:").count(), 1, "{}", init.screen);
    assert!(!init.screen.contains("barley"), "the passphrase was echoed");
    assert!(init.echoes, "echo is back");
}

#[test]
fn an_identity_behind_a_passphrase_opens_after_a_hidden_question() {
    let (sandbox, identity) = behind_passphrase();
    let named = [
        "-i",
        identity.to_str().unwrap(),
        "reveal",
        "JWT_SECRET",
        "-e",
        "production",
    ];

    let session = typed(&sandbox, &named, &[("Passphrase of ", "open sesame\r")]);

    assert_eq!(session.code, 0, "{}", session.screen);
    assert!(is_hex_64(&session.stdout));
    assert!(
        !session.screen.contains("open sesame"),
        "the passphrase was echoed"
    );
    assert!(session.echoes, "echo is back");
}

#[test]
fn with_no_input_an_identity_behind_a_passphrase_is_one_clear_error() {
    let (sandbox, identity) = behind_passphrase();
    let named = [
        "-i",
        identity.to_str().unwrap(),
        "reveal",
        "JWT_SECRET",
        "-e",
        "production",
    ];

    let silent = sandbox.command(named.iter().chain(&["--no-input"])).refused();
    let session = typed(&sandbox, &[&named[..], &["--no-input"]].concat(), &[]);

    assert_eq!(silent.code, 1, "{silent}");
    assert!(silent.stderr.contains("passphrase"), "{silent}");
    assert!(
        !session.screen.contains("Passphrase of "),
        "asked all the same: {}",
        session.screen
    );
    assert_eq!(session.code, 1, "{}", session.screen);
    assert!(session.stdout.is_empty());
}

#[test]
fn ctrl_c_at_the_question_prints_nothing_and_brings_the_echo_back() {
    let (sandbox, identity) = behind_passphrase();
    let named = [
        "-i",
        identity.to_str().unwrap(),
        "reveal",
        "JWT_SECRET",
        "-e",
        "production",
    ];

    let session = typed(&sandbox, &named, &[("Passphrase of ", "half of i\u{3}")]);

    assert!(session.code != 0, "{}", session.screen);
    assert!(session.stdout.is_empty());
    assert!(!session.screen.contains("half of i"), "what was typed was echoed");
    assert!(session.echoes, "echo is back");
}

#[test]
fn a_new_value_is_asked_for_twice_and_never_echoed() {
    let sandbox = Sandbox::lumiku();
    let import = ["import", "UPSTASH_REDIS_REST_TOKEN", "-e", "production"];
    let question = "Value of UPSTASH_REDIS_REST_TOKEN in production";
    let again = "once more: ";

    let differs = typed(
        &sandbox,
        &import,
        &[(question, "AX9pQ2wErTyUiOp\r"), (again, "another\r")],
    );
    let taken = typed(
        &sandbox,
        &import,
        &[(question, "AX9pQ2wErTyUiOp\r"), (again, "AX9pQ2wErTyUiOp\r")],
    );

    assert_eq!(differs.code, 1, "{}", differs.screen);
    assert_eq!(taken.code, 0, "{}", taken.screen);
    for session in [&differs, &taken] {
        assert!(!session.screen.contains("AX9pQ2"), "the value was echoed");
        assert!(session.echoes, "echo is back");
    }
    assert!(sandbox.reveal("UPSTASH_REDIS_REST_TOKEN", "production") == b"AX9pQ2wErTyUiOp");
}

#[test]
fn with_no_input_a_missing_value_is_an_error_that_names_the_option() {
    let sandbox = Sandbox::lumiku();

    let session = typed(
        &sandbox,
        &[
            "import",
            "UPSTASH_REDIS_REST_TOKEN",
            "-e",
            "production",
            "--no-input",
        ],
        &[],
    );

    assert_eq!(session.code, 1, "{}", session.screen);
    assert!(session.screen.contains("--from-file FILE"), "{}", session.screen);
    assert!(
        !session.screen.contains("Value of"),
        "asked all the same: {}",
        session.screen
    );
}

#[test]
fn a_value_is_judged_after_a_hidden_question() {
    let sandbox = Sandbox::new();

    let session = typed(&sandbox, &["score"], &[("Value to judge: ", "hunter2\r")]);

    assert_eq!(session.code, 3, "{}", session.screen);
    assert!(!session.screen.contains("hunter2"), "the value was echoed");
    assert!(String::from_utf8(session.stdout).unwrap().contains(" low "));
}

fn age() -> PathBuf {
    tool("age", "install age 1.1 or newer")
}

/// Decrypts with another program.
fn open(program: &Path, identity: &Path, file: &Path) -> Vec<u8> {
    let output = Command::new(program)
        .arg("-d")
        .arg("-i")
        .args([identity, file])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{} failed: {}",
        program.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Returns the one file of `JWT_SECRET`.
fn value_file(sandbox: &Sandbox) -> PathBuf {
    let directory = sandbox.project().join(".mintage/production/values/JWT_SECRET");
    let files: Vec<_> = fs::read_dir(directory).unwrap().collect();
    assert_eq!(files.len(), 1);
    files[0].as_ref().unwrap().path()
}

fn is_hex_64(value: &[u8]) -> bool {
    value.len() == 64 && value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn keygen(sandbox: &Sandbox) -> PathBuf {
    let path = sandbox.beside("keygen.txt");
    let made = Command::new(tool("age-keygen", "install age"))
        .arg("-o")
        .arg(&path)
        .output()
        .unwrap();
    assert!(made.status.success());
    path
}

fn recipient(identity: &Path) -> String {
    let output = Command::new(tool("age-keygen", "install age"))
        .arg("-y")
        .arg(identity)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Makes `~/.ssh/id_ed25519` and returns its public half.
fn ssh_keygen(sandbox: &Sandbox, passphrase: &str) -> String {
    let path = sandbox.home().join(".ssh/id_ed25519");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let made = Command::new(tool("ssh-keygen", "install openssh-client"))
        .args(["-q", "-t", "ed25519", "-C", "me@laptop", "-N", passphrase, "-f"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(made.status.success());
    fs::read_to_string(path.with_extension("pub"))
        .unwrap()
        .trim()
        .to_owned()
}

/// A minted project whose identity stands behind a passphrase that stock age asked for.
fn behind_passphrase() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::minted();
    let locked = sandbox.beside("locked.age");
    let session = converse(
        &age(),
        &[
            "-p",
            "-o",
            locked.to_str().unwrap(),
            sandbox.identity().to_str().unwrap(),
        ],
        &sandbox.project(),
        &sandbox.environment(),
        &[
            ("Enter passphrase", "open sesame\r"),
            ("Confirm passphrase", "open sesame\r"),
        ],
    );
    assert_eq!(session.code, 0, "{}", session.screen);
    fs::remove_file(sandbox.identity()).unwrap();
    chmod(&locked, 0o600);
    (sandbox, locked)
}

fn typed(sandbox: &Sandbox, args: &[&str], answers: &[(&str, &str)]) -> Session {
    converse(
        Path::new(program()),
        args,
        &sandbox.project(),
        &sandbox.environment(),
        answers,
    )
}
