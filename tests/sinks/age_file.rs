//! What is particular to files encrypted by age: stock age opens them.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use age::secrecy::ExposeSecret;
use mintage::ports::Failure;
use mintage::ports::Shown;

use crate::bench::Bench;
use crate::bench::Candidate;

/// Makes a sink that encrypts to somebody else; returns the identity that opens its files.
fn foreign() -> (Bench, String) {
    let identity = age::x25519::Identity::generate();
    let sink = format!(
        "[sinks.it]\ntype = \"age-file\"\npath = \"offsite/{{environment}}/{{name}}.age\"\nrecipients = [\"{}\"]",
        identity.to_public()
    );
    let bench = Bench::new(Candidate {
        title: "age-file",
        sink: Box::leak(sink.into_boxed_str()),
        secret: "",
        before: &[],
    });
    (bench, identity.to_string().expose_secret().to_owned())
}

#[test]
fn stock_age_opens_it_with_the_identity_of_a_recipient() {
    let (bench, identity) = foreign();

    bench.apply(bench.change(0, &[], &[])).unwrap();

    let mut child = Command::new("age")
        .args(["--decrypt", "--identity", "-"])
        .arg(bench.path("offsite/production/JWT_SECRET.age"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need `age` (Debian: age)");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(identity.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(
        output.stdout == bench.text(0).as_bytes(),
        "age reads another value"
    );
}

#[test]
fn what_only_others_can_open_is_hidden_and_replaced() {
    let (bench, _) = foreign();
    bench.apply(bench.change(0, &[], &[])).unwrap();
    let first = bench.files();

    assert_eq!(bench.show().unwrap(), Shown::Hidden);
    bench.test(bench.change(0, &[], &[])).unwrap();
    bench.apply(bench.change(1, &[], &[])).unwrap();

    assert_ne!(bench.files(), first);
}

#[test]
fn what_is_no_age_file_is_not_written_over() {
    let (bench, _) = foreign();
    let path = bench.path("offsite/production/JWT_SECRET.age");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "somebody's notes").unwrap();

    let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

    assert_eq!(error.failure, Failure::Rejected);
    assert_eq!(fs::read_to_string(path).unwrap(), "somebody's notes");
}

#[test]
fn a_recipient_that_is_none_is_refused_and_a_private_key_is_not_shown() {
    let identity = age::x25519::Identity::generate();
    let secret = identity.to_string().expose_secret().to_owned();
    for recipient in ["age1nobody", &secret] {
        let sink =
            format!("[sinks.it]\ntype = \"age-file\"\npath = \"x.age\"\nrecipients = [\"{recipient}\"]");
        let bench = Bench::new(Candidate {
            title: "age-file",
            sink: Box::leak(sink.into_boxed_str()),
            secret: "",
            before: &[],
        });

        let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

        assert_eq!(error.failure, Failure::Rejected);
        assert!(!error.what.contains("SECRET-KEY"), "a private key is shown");
        assert!(!bench.path("x.age").exists());
    }
}
