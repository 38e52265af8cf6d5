//! Certificates in files and on hosts: made by openssl, shown by real servers, looked at by `status` and `remind`.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::authority::Authority;
use crate::authority::TlsServer;
use crate::authority::Wanted;
use crate::sandbox::Output;
use crate::sandbox::Sandbox;
use crate::sandbox::chmod;

/// A project with one table of certificates, and an authority beside it.
fn project(fields: &str) -> (Sandbox, Authority) {
    let sandbox = Sandbox::new();
    let authority = Authority::new(&sandbox.beside("authority"));
    policy(&sandbox, fields);
    (sandbox, authority)
}

fn policy(sandbox: &Sandbox, fields: &str) {
    sandbox.write(
        "mintage.toml",
        format!("schema = 1\nname = \"x\"\n[environments.production]\n[certificates.\"app.example.com\"]\n{fields}\n"),
    );
}

/// The row of the one certificate in `mintage status --json`, on a machine that trusts the authority.
fn row(sandbox: &Sandbox, authority: &Authority, more: &[&str]) -> Value {
    let args: Vec<&str> = ["status", "--json"].iter().chain(more).copied().collect();
    let output = sandbox
        .command(args)
        .env("SSL_CERT_FILE", authority.path("root.pem"))
        .run();
    assert!([0, 4].contains(&output.code), "{output}");
    let document = output.json();
    let rows = document["certificates"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

fn rules(row: &Value) -> Vec<&str> {
    let findings = row["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect()
}

#[test]
fn a_file_tells_whose_it_is_until_when_and_by_whom() {
    let (sandbox, authority) = project("file = \"certs/app.pem\"");
    authority.issue(
        "app",
        &Wanted {
            names: "DNS:app.example.com,DNS:*.example.org,IP:10.0.0.7",
            ..Wanted::default()
        },
    );
    sandbox.write("certs/app.pem", authority.bundle(&["app.pem", "middle.pem"]));

    let row = row(&sandbox, &authority, &[]);

    assert_eq!(row["state"], "ok", "{row:#}");
    assert_eq!(row["findings"], Value::Array(vec![]));
    assert_eq!(row["subject"], "CN=app.example.com");
    assert_eq!(row["issuer"], "CN=Middle,O=Test");
    assert_eq!(
        row["names"],
        serde_json::json!(["app.example.com", "*.example.org", "10.0.0.7"])
    );
    assert_eq!(row["key"], "EC P-256");
    assert_eq!(row["chain"], "in-order");
    assert_eq!(row["private_key"], "absent");
    assert_eq!(row["trust"], Value::Null);
    // What openssl says of the same file.
    let fingerprint = authority.openssl(&["x509", "-in", "app.pem", "-noout", "-fingerprint", "-sha256"]);
    let fingerprint = fingerprint.trim().rsplit('=').next().unwrap();
    assert_eq!(row["fingerprint"], fingerprint.replace(':', "").to_lowercase());
    let end = authority.openssl(&[
        "x509", "-in", "app.pem", "-noout", "-enddate", "-dateopt", "iso_8601",
    ]);
    let end = end.trim().trim_start_matches("notAfter=").replace(' ', "T");
    assert_eq!(row["not_after"], end);
}

#[test]
fn its_end_is_announced_thirty_days_before_or_in_the_last_third_of_a_short_life() {
    let (sandbox, authority) = project("file = \"app.pem\"");
    let state = |days, at: &str| {
        authority.issue(
            "app",
            &Wanted {
                days,
                ..Wanted::default()
            },
        );
        sandbox.write("app.pem", authority.bundle(&["app.pem", "middle.pem"]));
        row(&sandbox, &authority, &["--at", at])["state"]
            .as_str()
            .unwrap()
            .to_owned()
    };

    assert_eq!(state(365, "+334d"), "ok");
    assert_eq!(state(365, "+336d"), "due-soon");
    assert_eq!(state(365, "+366d"), "expired");
    assert_eq!(state(47, "+30d"), "ok");
    assert_eq!(state(47, "+32d"), "due-soon");
    policy(&sandbox, "file = \"app.pem\"\nremind_before = \"60d\"");
    assert_eq!(state(365, "+306d"), "due-soon");
    let within = row(&sandbox, &authority, &["--at", "+306d", "--within", "10d"]);
    assert_eq!(within["state"], "ok");
    let early = row(&sandbox, &authority, &["--at", "2020-01-01"]);
    assert_eq!(early["state"], "not-yet-valid");
}

#[test]
fn remind_counts_certificates_and_an_expired_one_is_exit_code_three() {
    let (sandbox, authority) = project("file = \"app.pem\"");
    authority.issue("app", &Wanted::default());
    sandbox.write("app.pem", authority.bundle(&["app.pem", "middle.pem"]));

    let fine = sandbox.run(["remind"]).succeeds();
    let soon = sandbox.run(["remind", "--at", "+70d"]).succeeds();
    let over = sandbox.run(["remind", "--at", "+91d"]).exits(3);
    let document = sandbox.run(["remind", "--at", "+91d", "--json"]).exits(3).json();
    let due = sandbox.run(["status", "--due", "--at", "+91d"]).exits(3);

    assert_eq!(fine.text(), "nothing is due\n");
    assert!(
        soon.text().starts_with("certificate app.example.com ends in "),
        "{soon}"
    );
    assert!(
        over.text().starts_with("certificate app.example.com ended on 20"),
        "{over}"
    );
    assert!(
        over.text().contains("\n    renew it, then see: mintage status\n"),
        "{over}"
    );
    assert_eq!(document["certificates"][0]["state"], "expired");
    assert_eq!(document["findings"][0]["rule"], "certificate-expired");
    assert_eq!(document["summary"]["errors"], 1);
    assert!(due.text().contains("1 certificate: 1 expired\n"), "{due}");
}

#[test]
fn a_private_key_beside_it_is_compared_and_kept_from_others() {
    let (sandbox, authority) = project("file = \"app.pem\"");
    for key in ["ec:P-256", "ec:P-384", "rsa:2048", "ed25519"] {
        authority.issue(
            "app",
            &Wanted {
                key,
                ..Wanted::default()
            },
        );
        sandbox.write("app.pem", authority.bundle(&["app.pem", "middle.pem", "app.key"]));
        chmod(&sandbox.project().join("app.pem"), 0o600);
        let fits = row(&sandbox, &authority, &[]);
        assert_eq!(fits["private_key"], "fits", "{key}");
        assert_eq!(fits["state"], "ok", "{key}: {fits:#}");

        chmod(&sandbox.project().join("app.pem"), 0o640);
        let open = row(&sandbox, &authority, &[]);
        assert_eq!(rules(&open), ["certificate-key-readable"], "{key}");
        assert_eq!(open["state"], "faulty");
        assert_eq!(open["findings"][0]["fix"], "chmod 600 app.pem");
    }
    sandbox.write(
        "app.pem",
        authority.bundle(&["app.pem", "middle.pem", "middle.key"]),
    );
    chmod(&sandbox.project().join("app.pem"), 0o600);
    let differs = row(&sandbox, &authority, &[]);
    assert_eq!(rules(&differs), ["certificate-key-mismatch"]);

    authority.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        "app.key",
        "-passout",
        "pass:x",
        "-out",
        "locked.key",
    ]);
    sandbox.write(
        "app.pem",
        authority.bundle(&["app.pem", "middle.pem", "locked.key"]),
    );
    let locked = row(&sandbox, &authority, &[]);
    assert_eq!(locked["private_key"], "encrypted");
    let key = fs::read_to_string(authority.path("app.key")).unwrap();
    let secret = key.lines().nth(1).unwrap().to_owned();
    assert!(!locked.to_string().contains(&secret));
}

#[test]
fn keys_in_the_older_formats_are_compared_too() {
    let (sandbox, authority) = project("file = \"app.pem\"");
    for (key, tool) in [("ec:P-256", "ec"), ("rsa:2048", "rsa")] {
        authority.issue(
            "app",
            &Wanted {
                key,
                ..Wanted::default()
            },
        );
        let mut args = vec![tool, "-in", "app.key", "-out", "old.key"];
        if tool == "rsa" {
            args.push("-traditional");
        }
        authority.openssl(&args);
        let old = authority.bundle(&["old.key"]);
        assert!(
            !old.contains("BEGIN PRIVATE KEY"),
            "{tool} writes the older format"
        );
        sandbox.write("app.pem", authority.bundle(&["app.pem", "middle.pem", "old.key"]));
        chmod(&sandbox.project().join("app.pem"), 0o600);

        assert_eq!(row(&sandbox, &authority, &[])["private_key"], "fits", "{tool}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_each_with_its_cure() {
    let (sandbox, authority) = project("file = \"app.pem\"");
    authority.issue("app", &Wanted::default());
    authority.issue(
        "other",
        &Wanted {
            names: "DNS:shop.example.com",
            ..Wanted::default()
        },
    );
    authority.issue(
        "nameless",
        &Wanted {
            names: "",
            ..Wanted::default()
        },
    );
    authority.issue(
        "small",
        &Wanted {
            key: "rsa:1024",
            ..Wanted::default()
        },
    );
    authority.issue(
        "sha1",
        &Wanted {
            digest: "sha1",
            ..Wanted::default()
        },
    );
    authority.issue(
        "long",
        &Wanted {
            days: 4_000,
            ..Wanted::default()
        },
    );
    authority.self_signed("alone");
    let told = |files: &[&str]| {
        sandbox.write("app.pem", authority.bundle(files));
        let row = row(&sandbox, &authority, &[]);
        let rules = rules(&row).join(" ");
        (rules, row["chain"].as_str().unwrap_or_default().to_owned())
    };
    let is = |rule: &str, chain: &str| (rule.to_owned(), chain.to_owned());

    assert_eq!(told(&["app.pem"]), is("", "alone"));
    assert_eq!(told(&["app.pem", "middle.pem", "root.pem"]), is("", "in-order"));
    assert_eq!(
        told(&["middle.pem", "app.pem"]),
        is("certificate-chain", "out-of-order")
    );
    assert_eq!(
        told(&["app.pem", "root.pem", "middle.pem"]),
        is("certificate-chain", "out-of-order")
    );
    assert_eq!(
        told(&["app.pem", "middle.pem", "alone.pem"]),
        is("certificate-chain", "unrelated")
    );
    assert_eq!(told(&["alone.pem"]), is("certificate-untrusted", "self-signed"));
    assert_eq!(
        told(&["other.pem", "middle.pem"]),
        is("certificate-wrong-name", "in-order")
    );
    assert_eq!(
        told(&["nameless.pem", "middle.pem"]),
        is("certificate-wrong-name", "in-order")
    );
    assert_eq!(
        told(&["small.pem", "middle.pem"]),
        is("certificate-weak", "in-order")
    );
    assert_eq!(
        told(&["sha1.pem", "middle.pem"]),
        is("certificate-weak", "in-order")
    );
    assert_eq!(
        told(&["long.pem", "middle.pem"]),
        is("certificate-chain-ends", "in-order")
    );
    assert_eq!(told(&["app.key"]), is("certificate-unreadable", ""));
    sandbox.write(
        "app.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    assert_eq!(row(&sandbox, &authority, &[])["state"], "unreadable");
    fs::remove_file(sandbox.project().join("app.pem")).unwrap();
    let gone = row(&sandbox, &authority, &[]);
    assert_eq!(
        (gone["state"].as_str(), rules(&gone)),
        (Some("missing"), vec!["certificate-missing"])
    );
}

#[test]
fn broken_certificates_are_findings_and_never_a_crash() {
    let (sandbox, authority) = project("file = \"app.pem\"");
    authority.issue("app", &Wanted::default());
    authority.openssl(&["x509", "-in", "app.pem", "-outform", "DER", "-out", "app.der"]);
    let der = fs::read(authority.path("app.der")).unwrap();

    // Every byte of the start, where lengths and types stand, then some of the rest.
    for place in (0..64).chain((64..der.len()).step_by(23)) {
        let mut broken = der.clone();
        broken[place] ^= 0xff;
        fs::write(authority.path("broken.der"), &broken).unwrap();
        let pem = data_encoding::BASE64.encode(&broken);
        sandbox.write(
            "app.pem",
            format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n"),
        );

        let output = sandbox.run(["status", "--json"]).succeeds();
        assert_eq!(
            output.json()["certificates"].as_array().unwrap().len(),
            1,
            "byte {place}"
        );
        assert_eq!(output.stderr, "", "byte {place}");
    }
}

#[test]
fn a_host_is_asked_when_it_is_wanted_and_remembered_otherwise() {
    let (sandbox, authority) = project("");
    authority.issue("app", &Wanted::default());
    let server = TlsServer::start(&authority, "app", &["middle.pem"], &[]);
    policy(&sandbox, &format!("host = \"{}\"", server.address));

    let unasked = row(&sandbox, &authority, &[]);
    let hint = sandbox.run(["remind"]).succeeds();
    let asked = row(&sandbox, &authority, &["--network"]);
    drop(server);
    let remembered = row(&sandbox, &authority, &["--at", "+70d"]);
    let down = row(&sandbox, &authority, &["--network"]);
    let later = row(&sandbox, &authority, &["--network", "--at", "+91d"]);

    assert_eq!(
        (unasked["state"].as_str(), rules(&unasked)),
        (Some("unasked"), vec!["certificate-unasked"])
    );
    assert!(hint.stderr.contains("mintage remind --network"), "{hint}");
    assert_eq!(asked["state"], "ok", "{asked:#}");
    assert_eq!(asked["trust"], "trusted");
    assert_eq!(asked["server_name"], "app.example.com");
    assert_eq!(remembered["state"], "due-soon");
    assert_eq!(remembered["fingerprint"], asked["fingerprint"]);
    assert_eq!(down["state"], "unreachable");
    assert_eq!(down["not_after"], asked["not_after"]);
    assert!(
        down["findings"][0]["message"]
            .as_str()
            .unwrap()
            .ends_with("the connection is refused")
    );
    assert_eq!(later["state"], "expired");
}

#[test]
fn a_host_that_is_down_is_exit_code_four_of_remind() {
    let (sandbox, _) = project("host = \"127.0.0.1:1\"");

    let output = sandbox.run(["remind", "--network"]).exits(4);

    assert!(
        output
            .text()
            .contains("was not shown by 127.0.0.1:1: the connection is refused"),
        "{output}"
    );
}

#[test]
fn what_is_wrong_with_a_host_is_told() {
    let (sandbox, authority) = project("");
    authority.issue("app", &Wanted::default());
    authority.issue(
        "over",
        &Wanted {
            valid: Some(("20200101000000Z", "20200401000000Z")),
            ..Wanted::default()
        },
    );
    authority.issue(
        "other",
        &Wanted {
            names: "DNS:shop.example.com",
            ..Wanted::default()
        },
    );
    authority.self_signed("alone");
    let told = |name: &str, chain: &[&str], more: &[&str]| {
        let server = TlsServer::start(&authority, name, chain, more);
        policy(&sandbox, &format!("host = \"{}\"", server.address));
        let row = row(&sandbox, &authority, &["--network"]);
        let trust = row["trust"].as_str().unwrap_or_default().to_owned();
        (rules(&row).join(" "), trust)
    };
    let is = |rules: &str, trust: &str| (rules.to_owned(), trust.to_owned());
    let whole = &["middle.pem"][..];

    assert_eq!(told("app", whole, &[]), is("", "trusted"));
    assert_eq!(told("app", whole, &["-tls1_2"]), is("", "trusted"));
    // A host that demands a certificate of ours has shown its own by then.
    assert_eq!(
        told("app", whole, &["-Verify", "1", "-verify_return_error"]),
        is("", "trusted")
    );
    assert_eq!(
        told("app", whole, &["-Verify", "1", "-verify_return_error", "-tls1_2"]),
        is("", "trusted")
    );
    assert_eq!(told("over", whole, &[]), is("certificate-expired", "trusted"));
    assert_eq!(told("other", whole, &[]), is("certificate-wrong-name", "trusted"));
    assert_eq!(
        told("alone", &[], &[]),
        is("certificate-untrusted", "unknown-issuer")
    );
    assert_eq!(told("app", &[], &[]), is("certificate-chain", "unknown-issuer"));
    assert_eq!(
        told("app", &["root.pem", "middle.pem"], &[]),
        is("certificate-chain", "trusted")
    );

    let stranger = Authority::new(&sandbox.beside("stranger"));
    let server = TlsServer::start(&authority, "app", whole, &[]);
    policy(&sandbox, &format!("host = \"{}\"", server.address));
    assert_eq!(
        rules(&row(&sandbox, &stranger, &["--network"])),
        ["certificate-untrusted"]
    );
}

#[test]
fn hosts_that_never_answer_cost_one_timeout_all_together() {
    let sandbox = Sandbox::new();
    let silent: Vec<TcpListener> = (0..3)
        .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    let tables: String = silent
        .iter()
        .map(|listener| {
            let address = listener.local_addr().unwrap();
            format!("[certificates.\"{}\"]\nhost = \"{address}\"\n", address.port())
        })
        .collect();
    sandbox.write(
        "mintage.toml",
        format!("schema = 1\nname = \"x\"\n[environments.production]\n{tables}"),
    );

    let start = Instant::now();
    let output: Output = sandbox.run(["status", "--network"]).exits(4);

    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    assert_eq!(
        output.text().matches("no answer within 5 seconds").count(),
        3,
        "{output}"
    );
}

#[test]
fn nobody_is_asked_unless_that_is_wanted() {
    let sandbox = Sandbox::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    policy(
        &sandbox,
        &format!("host = \"{}\"", listener.local_addr().unwrap()),
    );

    sandbox.run(["status"]).succeeds();
    sandbox.run(["remind"]).succeeds();
    sandbox.run(["policy", "lint"]).succeeds();

    listener.set_nonblocking(true).unwrap();
    let nobody = listener.accept().unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_host_that_drips_costs_no_more_than_one_that_is_silent() {
    let (sandbox, authority) = project("");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    policy(
        &sandbox,
        &format!("host = \"{}\"", listener.local_addr().unwrap()),
    );
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // The start of a long record of a handshake, and then a byte now and then until the other side hangs up.
        let mut sent = stream.write_all(&[0x16, 3, 3, 0x3f, 0xff]);
        while sent.is_ok() {
            std::thread::sleep(Duration::from_millis(300));
            sent = stream.write_all(&[2]);
        }
    });

    let start = Instant::now();
    let row = row(&sandbox, &authority, &["--network"]);

    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    assert_eq!(row["state"], "unreachable", "{row:#}");
    server.join().unwrap();
}

#[test]
fn what_speaks_no_tls_is_said_so() {
    let (sandbox, authority) = project("");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    policy(
        &sandbox,
        &format!("host = \"{}\"", listener.local_addr().unwrap()),
    );
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"220 mail.example.com ESMTP\r\n").unwrap();
        // Until the other side hangs up, or it would be cut off before it has read.
        let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
    });

    let row = row(&sandbox, &authority, &["--network"]);

    server.join().unwrap();
    let message = row["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.ends_with("what answers there does not speak TLS"),
        "{message}"
    );
}
