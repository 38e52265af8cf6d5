//! Writing an environment out: what is read back is what is stored, and nothing reaches git or a file of others.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::process::Stdio;

use mintage::dotenv::Dialect;
use mintage::dotenv::Outcome;
use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::sandbox::all_refused;
use crate::sandbox::program;
use crate::sandbox::tool;

const POLICY: &str = r#"
schema = 1
name = "Shop API"

[environments.production]
tier = "production"

[variables.NODE_ENV]
type = "string"
equals = "production"

[variables.PORT]
type = "int"

[variables.DATABASE_URL]
type = "url"
template = "postgresql://app:{DB_PASSWORD|url}@db.internal/app"

[secrets.DB_PASSWORD]
kind = "password"
length = 32

[secrets.DB_COPY]
same_as = "DB_PASSWORD"

[secrets.SESSION_SECRET]
kind = "hex"
overlap = "7d"
previous_var = "SESSION_SECRET_PREVIOUS"

[secrets.SIGNING_KEY]
kind = "jwt-eddsa"

[secrets.ISSUED_KEY]
kind = "issued"
issuer = "Example"
"#;

fn shop() -> Sandbox {
    Sandbox::of_policy(POLICY)
}

/// The arguments of `render` for the production of the shop.
fn render<'a>(dialect: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["render", "-e", "production", "--dialect", dialect], more].concat()
}

fn read(dialect: Dialect, text: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let reading = dialect.read(text);
    assert_eq!(reading.refusal(), None);
    let pair = |found: &mintage::dotenv::Found| match found.outcome() {
        Outcome::Value(value) => (found.name().to_owned(), value.expose().to_vec()),
        other => panic!("{} is {other:?}", found.name()),
    };
    reading.entries().iter().map(pair).collect()
}

/// Compares without ever printing a value.
fn assert_same(found: &[u8], expected: &[u8], name: &str) {
    assert!(found == expected, "{name} is not written as it is stored");
}

#[test]
fn every_dialect_holds_the_secrets_and_the_fixed_variables() {
    let sandbox = shop();
    let secrets = ["DB_COPY", "DB_PASSWORD", "SESSION_SECRET", "SIGNING_KEY"];
    for dialect in [
        Dialect::Dotenv,
        Dialect::Node,
        Dialect::Python,
        Dialect::Compose,
        Dialect::Systemd,
        Dialect::Shell,
    ] {
        let output = sandbox.run(render(dialect.name(), &[])).succeeds();
        let found = read(dialect, &output.stdout);

        for name in secrets {
            assert_same(&found[name], &sandbox.reveal(name, "production"), name);
        }
        assert_eq!(found["NODE_ENV"], b"production");
        assert!(found["DATABASE_URL"].starts_with(b"postgresql://app:"));
        assert_eq!(found.len(), secrets.len() + 2);
        assert!(
            output.stderr.contains("ISSUED_KEY has no value in production"),
            "{output}"
        );
    }
}

#[test]
fn json_and_kubernetes_hold_the_same() {
    let sandbox = shop();
    let json: BTreeMap<String, String> =
        serde_json::from_slice(&sandbox.run(render("json", &[])).succeeds().stdout).unwrap();
    assert_same(
        json["SIGNING_KEY"].as_bytes(),
        &sandbox.reveal("SIGNING_KEY", "production"),
        "SIGNING_KEY",
    );

    let output = sandbox.run(render("k8s", &[])).succeeds();
    let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();

    assert_eq!(manifest["metadata"]["name"], "shop-api-production");
    assert!(manifest.get("stringData").is_none());
    assert_eq!(manifest["data"].as_object().unwrap().len(), json.len());
    assert!(
        output.stderr.contains("kubectl apply --server-side"),
        "{}",
        output.stderr
    );
}

#[test]
fn docker_refuses_a_key_of_several_lines_with_name_reason_and_cure() {
    let sandbox = shop();

    let output = sandbox.command(render("docker", &[])).refused();

    assert_eq!(output.code, 1);
    assert_eq!(
        output
            .said()
            .lines()
            .filter(|line| !line.starts_with("warning"))
            .collect::<Vec<_>>(),
        [
            "error: this environment cannot be written for docker run",
            "  caused by: SIGNING_KEY: it has several lines, and one line is all that is read",
            "  state: nothing was written",
            "  hint: keep the value in base64 on one line, or mount it as a file; compose, json and k8s hold several lines",
            "  hint: or write others only: --only NAME,NAME",
        ]
    );
    assert!(
        events(&sandbox).is_empty(),
        "what was refused was recorded as handed out"
    );
    let some = sandbox
        .run(render("docker", &["--only", "SESSION_SECRET,NODE_ENV"]))
        .succeeds();
    let found = read(Dialect::Docker, &some.stdout);
    assert_same(
        &found["SESSION_SECRET"],
        &sandbox.reveal("SESSION_SECRET", "production"),
        "SESSION_SECRET",
    );
    assert_eq!(found.len(), 2);
}

/// The secrets of the `render` events, sorted.
fn events(sandbox: &Sandbox) -> Vec<String> {
    let document = sandbox.json(["history"]);
    let events = document["events"].as_array().unwrap();
    let rendered = events.iter().filter(|event| event["action"] == "render");
    let mut secrets: Vec<String> = rendered
        .map(|event| event["secret"].as_str().unwrap().to_owned())
        .collect();
    secrets.sort();
    secrets
}

#[test]
fn every_secret_that_leaves_is_recorded_alone_or_inside_of_another() {
    let sandbox = shop();

    sandbox
        .run(render("dotenv", &["--only", "DATABASE_URL"]))
        .succeeds();
    assert_eq!(events(&sandbox), ["DB_PASSWORD"]);
    sandbox.run(render("dotenv", &["--only", "NODE_ENV"])).succeeds();
    assert_eq!(events(&sandbox), ["DB_PASSWORD"]);
    sandbox.run(render("dotenv", &[])).succeeds();
    assert_eq!(
        events(&sandbox),
        [
            "DB_COPY",
            "DB_PASSWORD",
            "DB_PASSWORD",
            "SESSION_SECRET",
            "SIGNING_KEY"
        ]
    );
}

#[test]
fn a_file_is_new_whole_for_its_owner_alone_and_ignored_by_git() {
    let sandbox = shop();
    let file = sandbox.project().join(".env.production");

    let output = sandbox
        .run(render("dotenv", &["--out", ".env.production"]))
        .succeeds();

    assert!(output.stdout.is_empty());
    assert!(
        output
            .said()
            .contains("wrote    .env.production: 4 secrets and 2 variables for dotenv of node, mode 0600"),
        "{output}"
    );
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let printed = sandbox.run(render("dotenv", &[])).succeeds().stdout;
    assert!(
        fs::read(&file).unwrap() == printed,
        "the file is not what is printed"
    );

    let again = sandbox
        .command(render("dotenv", &["--out", ".env.production"]))
        .refused();
    assert!(
        again
            .stderr
            .contains("hint: to put the values in its place: --replace"),
        "{again}"
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    sandbox
        .run(render(
            "shell",
            &["--out", ".env.production", "--replace", "--only", "NODE_ENV"],
        ))
        .succeeds();
    assert_eq!(sandbox.read(".env.production"), "NODE_ENV=production\n");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn no_value_is_written_where_git_could_take_it() {
    let sandbox = shop();
    fs::create_dir(sandbox.project().join("deploy")).unwrap();
    sandbox.write(".env.tracked", "A=1\n");
    sandbox.git(&["add", "--force", ".env.tracked"]);

    let outputs = all_refused([
        sandbox.command(render("dotenv", &["--out", "values.txt"])),
        sandbox.command(render("dotenv", &["--out", "values.txt", "--replace"])),
        sandbox.command(render("dotenv", &["--out", "deploy/values.txt"])),
        sandbox.command(render("dotenv", &["--out", ".env.tracked", "--replace"])),
        sandbox.command(render("dotenv", &["--out", "deploy"])),
        sandbox.command(render("dotenv", &["--out", "missing/.env"])),
    ]);

    assert!(
        outputs[0]
            .stderr
            .contains("error: git does not ignore `values.txt`"),
        "{}",
        outputs[0]
    );
    assert!(
        outputs[0]
            .stderr
            .contains("hint: ignore it first: echo '/values.txt' >> "),
        "{}",
        outputs[0]
    );
    assert!(
        outputs[3].stderr.contains("error: git tracks `.env.tracked`"),
        "{}",
        outputs[3]
    );
    assert!(
        outputs[4]
            .stderr
            .contains("error: `deploy` is no name for a file"),
        "{}",
        outputs[4]
    );
    assert!(outputs.iter().all(|output| output.code == 1));
    assert!(
        events(&sandbox).is_empty(),
        "what was refused was recorded as handed out"
    );

    let outside = sandbox.beside("values.env");
    sandbox
        .run(render("dotenv", &["--out", outside.to_str().unwrap()]))
        .succeeds();
    assert!(outside.is_file());
}

#[test]
fn a_former_value_is_there_while_its_overlap_runs() {
    let sandbox = shop();
    let before = sandbox.reveal("SESSION_SECRET", "production");
    sandbox.rotate("SESSION_SECRET", &[]).succeeds();

    let found = read(
        Dialect::Dotenv,
        &sandbox.run(render("dotenv", &[])).succeeds().stdout,
    );

    assert_same(
        &found["SESSION_SECRET_PREVIOUS"],
        &before,
        "SESSION_SECRET_PREVIOUS",
    );
    assert_same(
        &found["SESSION_SECRET"],
        &sandbox.reveal("SESSION_SECRET", "production"),
        "SESSION_SECRET",
    );
    let only = sandbox
        .run(render("dotenv", &["--only", "SESSION_SECRET_PREVIOUS"]))
        .succeeds();
    assert_eq!(read(Dialect::Dotenv, &only.stdout).len(), 1);
}

#[test]
fn what_cannot_be_written_is_refused_with_the_next_step() {
    let sandbox = shop();
    for (args, expected) in [
        (
            render("dotenv", &["--only", "DB_PASSWROD"]),
            "did you mean `DB_PASSWORD`?",
        ),
        (
            render("dotenv", &["--only", "PORT"]),
            "fix it in mintage.toml: [variables.PORT] equals = ",
        ),
        (
            render("dotenv", &["--only", "ISSUED_KEY"]),
            "bring it in: mintage import ISSUED_KEY -e production",
        ),
        (
            render("dotenv", &["--json"]),
            "for the values themselves as JSON: --dialect json",
        ),
        (
            render("yaml", &[]),
            "possible: dotenv, docker, compose, systemd, shell, json, k8s, node, python",
        ),
        (
            vec!["render", "-e", "staging", "--dialect", "json"],
            "the policy has: production",
        ),
        (render("dotenv", &["--replace"]), "missing: --out"),
    ] {
        let output = sandbox.command(&args).refused();
        assert!(output.stderr.contains(expected), "{output}");
    }
    sandbox.write(
        "mintage.toml",
        POLICY.replace("issuer = \"Example\"", "issuer = \"Example\"\nrequired = true"),
    );
    let output = sandbox.command(render("dotenv", &[])).refused();
    assert!(
        output
            .stderr
            .contains("error: production is not complete: there is no value of ISSUED_KEY\n"),
        "{output}"
    );
}

#[test]
fn nothing_is_written_that_cannot_be_recorded_or_believed() {
    let sandbox = shop();
    let audit = sandbox.project().join(".mintage/audit");
    let out = render("dotenv", &["--out", ".env.production"]);

    let unrecorded = all_refused([
        sandbox.command(render("dotenv", &[])).read_only(&audit),
        sandbox.command(&out).read_only(&audit),
    ]);
    assert!(
        unrecorded[0].stderr.contains("the audit log cannot be written"),
        "{}",
        unrecorded[0]
    );

    let ledger = sandbox.read(".mintage/production/ledger.jsonl");
    sandbox.write(
        ".mintage/production/ledger.jsonl",
        ledger.replacen("\"bits\":", "\"bits\":1", 1),
    );
    let damaged = sandbox.command(&out).refused();
    assert_eq!(damaged.code, 6, "{damaged}");
}

#[test]
fn a_report_about_a_file_has_names_and_no_value() {
    let sandbox = shop();

    let document = sandbox.json(render("compose", &["--out", ".env.production"]));

    assert_eq!(document["dialect"], "compose");
    assert_eq!(document["file"], ".env.production");
    assert_eq!(
        document["secrets"],
        serde_json::json!(["DB_COPY", "DB_PASSWORD", "SESSION_SECRET", "SIGNING_KEY"])
    );
    assert_eq!(
        document["variables"],
        serde_json::json!(["DATABASE_URL", "NODE_ENV"])
    );
    assert_eq!(document["missing"], serde_json::json!(["ISSUED_KEY"]));
    let text = document.to_string();
    for (name, value) in read(
        Dialect::Compose,
        &fs::read(sandbox.project().join(".env.production")).unwrap(),
    ) {
        let value = String::from_utf8(value).unwrap();
        assert!(
            name == "NODE_ENV" || !text.contains(&value),
            "the report holds {name}"
        );
    }
}

#[test]
fn values_on_a_terminal_come_with_a_warning() {
    let sandbox = shop();
    let command = format!(
        "{} render -e production --dialect dotenv --only NODE_ENV",
        program()
    );
    let script = tool("script", "it is part of bsdutils");

    let session = Command::new(script)
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .stdin(Stdio::null())
        .output()
        .unwrap();

    let screen = String::from_utf8(session.stdout).unwrap();
    assert!(session.status.success(), "{screen}");
    assert!(screen.contains("NODE_ENV=production"), "{screen}");
    assert!(
        screen.contains("the values stay in this terminal's scrollback"),
        "{screen}"
    );
}
