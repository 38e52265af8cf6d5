//! `diff`: two environments side by side, by fingerprints and env files, never by a value that is shown.

use std::fs;

use crate::sandbox::Sandbox;
use crate::sandbox::all_refused;

const HEAD: &str = r#"
schema = 1
name = "backend"

[environments.staging]
tier = "staging"
env_file = ".env.staging"

[environments.production]
tier = "production"
env_file = ".env.production"

[environments.canary]
tier = "production"

[secrets.JWT_SECRET]
kind = "jwt-hs256"
required_in = ["production"]

[secrets.DB_PASSWORD]
kind = "postgres-password"

[secrets.ISSUED_KEY]
kind = "issued"
issuer = "Example"

[secrets.ISSUED_APART]
kind = "issued"
issuer = "Example"
distinct_across_environments = true

[variables.REGION]
type = "string"
equals = "eu-1"

[variables.PORT]
type = "int"
required = true

[variables.DATABASE_URL]
type = "url"
credentials = true
"#;

const COPY: &str = "[secrets.WORKER_SECRET]\nsame_as = \"JWT_SECRET\"\n";

fn backend() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", format!("{HEAD}{COPY}"));
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    for environment in ["staging", "production"] {
        sandbox.run(["create", "--all", "-e", environment]).succeeds();
    }
    sandbox
}

fn new_value() -> Vec<u8> {
    Sandbox::new().run(["generate", "hex"]).succeeds().stdout
}

fn import(sandbox: &Sandbox, name: &str, environment: &str, value: &[u8]) {
    sandbox
        .command(["import", name, "-e", environment, "--force"])
        .stdin(value)
        .run()
        .succeeds();
}

#[test]
fn environments_that_share_nothing_are_fine() {
    let sandbox = backend();

    let output = sandbox.run(["diff", "staging", "production"]);

    assert_eq!(
        output.whole(),
        "NAME           WHERE  KIND               STAGING  PRODUCTION  VALUES     FINDINGS\n\
         DB_PASSWORD    store  postgres-password  0d       0d          different\n\
         JWT_SECRET     store  jwt-hs256          0d       0d          different\n\
         WORKER_SECRET  store  same-as            0d       0d          different\n\
         \n\
         staging and production: 3 different\n\
         [exit status: 0]\n"
    );
}

#[test]
fn what_must_differ_and_does_not_is_told_with_the_cure() {
    let sandbox = backend();
    let value = new_value();
    for environment in ["staging", "production", "canary"] {
        for name in ["DB_PASSWORD", "ISSUED_KEY", "ISSUED_APART"] {
            import(&sandbox, name, environment, &value);
        }
    }

    let tiers = sandbox.run(["diff", "production", "staging"]);
    let one_tier = sandbox.run(["diff", "production", "canary"]);

    assert_eq!(
        tiers.whole(),
        "NAME           WHERE  KIND               PRODUCTION  STAGING  VALUES     FINDINGS\n\
         DB_PASSWORD    store  postgres-password  unknown     unknown  same       reused-across-environments\n\
         ISSUED_APART   store  issued             unknown     unknown  same       reused-across-environments\n\
         ISSUED_KEY     store  issued             unknown     unknown  same\n\
         JWT_SECRET     store  jwt-hs256          0d          0d       different\n\
         WORKER_SECRET  store  same-as            0d          0d       different\n\
         \n\
         DB_PASSWORD (production): has the same value as in staging [reused-across-environments]\n\
         \x20   mintage rotate DB_PASSWORD -e production\n\
         ISSUED_APART (production): has the same value as in staging [reused-across-environments]\n\
         \x20   get one from Example, then: mintage import ISSUED_APART -e production\n\
         production and staging: 3 the same, 2 different\n\
         [exit status: 3]\n"
    );
    assert_eq!(
        one_tier.whole(),
        "NAME           WHERE  KIND               PRODUCTION  CANARY   VALUES  FINDINGS\n\
         DB_PASSWORD    store  postgres-password  unknown     unknown  same\n\
         ISSUED_APART   store  issued             unknown     unknown  same    reused-across-environments\n\
         ISSUED_KEY     store  issued             unknown     unknown  same\n\
         JWT_SECRET     store  jwt-hs256          0d          -        -       missing\n\
         WORKER_SECRET  store  same-as            0d          -        -       missing\n\
         \n\
         ISSUED_APART (production): has the same value as in canary [reused-across-environments]\n\
         \x20   get one from Example, then: mintage import ISSUED_APART -e production\n\
         JWT_SECRET (canary): has no value [missing]\n\
         \x20   mintage create JWT_SECRET -e canary\n\
         production and canary: 3 the same, 2 only in production\n\
         [exit status: 3]\n"
    );
    assert!(!tiers.text().contains(std::str::from_utf8(&value).unwrap().trim()));
}

#[test]
fn what_is_missing_or_not_declared_is_told() {
    let sandbox = Sandbox::new();
    let dropped = "[secrets.OLD_KEY]\nkind = \"hex\"\n";
    sandbox.write("policy.toml", format!("{HEAD}{dropped}"));
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    sandbox.run(["create", "--all", "-e", "staging"]).succeeds();
    let kept = sandbox.read("mintage.toml").replace(dropped, "");
    sandbox.write("mintage.toml", kept);

    let output = sandbox.run(["diff", "staging", "production"]);

    assert_eq!(
        output.whole(),
        "NAME         WHERE  KIND               STAGING  PRODUCTION  VALUES  FINDINGS\n\
         DB_PASSWORD  store  postgres-password  0d       -           -       missing\n\
         JWT_SECRET   store  jwt-hs256          0d       -           -       missing\n\
         OLD_KEY      store  hex                0d       -           -       undeclared\n\
         \n\
         JWT_SECRET (production): has no value [missing]\n\
         \x20   mintage create JWT_SECRET -e production\n\
         OLD_KEY (staging): is stored, and the policy does not declare it [undeclared]\n\
         \x20   declare it in mintage.toml, so that it is judged and rotated\n\
         staging and production: 3 only in staging\n\
         [exit status: 3]\n"
    );
}

#[test]
fn a_copy_that_is_none_any_more_is_told() {
    let sandbox = Sandbox::new();
    let own = "[secrets.WORKER_SECRET]\nkind = \"jwt-hs256\"\n";
    sandbox.write("policy.toml", format!("{HEAD}{own}"));
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    for environment in ["staging", "production"] {
        sandbox.run(["create", "--all", "-e", environment]).succeeds();
    }
    let copied = sandbox.read("mintage.toml").replace(own, COPY);
    sandbox.write("mintage.toml", copied);

    let before = sandbox.run(["diff", "staging", "production"]).exits(3);
    for environment in ["staging", "production"] {
        sandbox
            .run(["create", "WORKER_SECRET", "-e", environment])
            .succeeds();
    }
    sandbox.run(["diff", "staging", "production"]).succeeds();

    let told: Vec<&str> = before
        .text()
        .lines()
        .filter(|line| line.contains("[should-match]") || line.contains("mintage create"))
        .collect();
    assert_eq!(
        told,
        [
            "WORKER_SECRET (staging): should have the value of JWT_SECRET [should-match]",
            "    mintage create WORKER_SECRET -e staging",
            "WORKER_SECRET (production): should have the value of JWT_SECRET [should-match]",
            "    mintage create WORKER_SECRET -e production",
        ]
    );
}

#[test]
fn env_files_are_compared_where_both_are_there() {
    let sandbox = backend();
    let shared = String::from_utf8(new_value()).unwrap();
    let shared = shared.trim();
    let other = String::from_utf8(new_value()).unwrap();
    let url = format!("postgres://app:{shared}@db.internal/app");
    sandbox.write(
        ".env.staging",
        format!(
            "REGION=eu-2\nPORT=3000\nSESSION_SECRET={shared}\nDATABASE_URL={url}\nDB_PASSWORD={shared}\n\
             LOG_LEVEL=debug\nSTRIPE_SECRET_KEY=\nONLY_HERE=1\nAPI_SECRET={other}\n"
        ),
    );
    let lone = sandbox.run(["diff", "staging", "production", "-v"]).succeeds();
    sandbox.write(
        ".env.production",
        format!(
            "REGION=eu-1\nSESSION_SECRET={shared}\nDATABASE_URL={url}\nDB_PASSWORD={shared}\nLOG_LEVEL=debug\n\
             STRIPE_SECRET_KEY=\nAPI_SECRET={shared}\nFEATURE_X=on\n"
        ),
    );

    let output = sandbox.run(["diff", "staging", "production"]);

    assert_eq!(
        lone.stderr,
        "env files are not compared: there is no .env.production\n"
    );
    for value in [shared, other.trim(), "debug", "3000"] {
        assert!(!output.to_string().contains(value), "no value is shown");
    }
    assert_eq!(
        output.whole(),
        "NAME            WHERE     KIND               STAGING  PRODUCTION  VALUES     FINDINGS\n\
         DB_PASSWORD     store     postgres-password  0d       0d          different\n\
         JWT_SECRET      store     jwt-hs256          0d       0d          different\n\
         WORKER_SECRET   store     same-as            0d       0d          different\n\
         API_SECRET      env file  secret             line 9   line 7      different\n\
         DATABASE_URL    env file  credential-url     line 4   line 3      same       reused-across-environments\n\
         DB_PASSWORD     env file  secret             line 5   line 4      same       reused-across-environments\n\
         FEATURE_X       env file  variable           -        line 8      -          missing\n\
         LOG_LEVEL       env file  variable           line 6   line 5      same\n\
         ONLY_HERE       env file  variable           line 8   -           -          missing\n\
         PORT            env file  variable           line 2   -           -          missing\n\
         REGION          env file  variable           line 1   line 1      different  should-match\n\
         SESSION_SECRET  env file  secret             line 3   line 2      same       reused-across-environments\n\
         \n\
         DATABASE_URL (.env.production:3): has the same value as in staging [reused-across-environments]\n\
         \x20   give it a value of its own in .env.production\n\
         DB_PASSWORD (.env.production:4): has the same value as in staging [reused-across-environments]\n\
         \x20   give it a value of its own in .env.production\n\
         PORT (production): stands in .env.staging and not in .env.production [missing]\n\
         \x20   add it to .env.production, or take it out of .env.staging\n\
         REGION (.env.staging:1): should have the same value in both [should-match]\n\
         \x20   set it to what the policy says in .env.staging: mintage policy show\n\
         SESSION_SECRET (.env.production:2): has the same value as in staging [reused-across-environments]\n\
         \x20   give it a value of its own in .env.production\n\
         staging and production: 4 the same, 5 different, 2 only in staging, 1 only in production\n\
         [exit status: 3]\n"
    );
}

#[test]
fn no_key_is_needed_and_damage_is_told() {
    let sandbox = backend();
    let ledger = sandbox.read(".mintage/production/ledger.jsonl");
    let forged = ledger.replace("\"bits\":256", "\"bits\":255");
    assert_ne!(ledger, forged);

    sandbox.write(".mintage/production/ledger.jsonl", forged);
    let damaged = sandbox.run(["diff", "staging", "production"]).exits(6);
    sandbox.write(".mintage/production/ledger.jsonl", ledger);
    fs::remove_file(sandbox.identity()).unwrap();
    let unverified = sandbox.run(["diff", "staging", "production"]).succeeds();

    assert!(damaged.stderr.contains("mintage verify"), "{damaged}");
    assert!(
        unverified
            .text()
            .ends_with(" (unverified: no identity opened the store)\n"),
        "{unverified}"
    );
    assert_eq!(
        sandbox.json(["diff", "staging", "production"])["verified"],
        serde_json::Value::Bool(false)
    );
}

#[test]
fn a_comparison_needs_two_environments_of_the_policy() {
    let sandbox = backend();
    sandbox.write(".env.staging", "A=1\n");
    fs::create_dir(sandbox.project().join(".env.production")).unwrap();

    let outputs = all_refused(
        [
            &["diff", "staging", "staging"][..],
            &["diff", "staging"],
            &["diff", "staging", "moon"],
            &["diff", "staging", "production"],
        ]
        .map(|args| sandbox.command(args)),
    );

    let texts: Vec<String> = outputs.iter().map(|output| output.whole()).collect();
    assert_eq!(
        texts.join("\n"),
        "------- stderr -------\n\
         error: an environment does not differ from itself\n\
         \x20 hint: name two: mintage diff staging production\n\
         [exit status: 2]\n\
         \n\
         ------- stderr -------\n\
         error: missing: <ENVIRONMENT>\n\
         \x20 hint: see: mintage --help, mintage COMMAND --help\n\
         [exit status: 2]\n\
         \n\
         ------- stderr -------\n\
         error: the policy has no environment `moon`\n\
         \x20 state: nothing was changed\n\
         \x20 hint: the policy has: staging, production, canary\n\
         [exit status: 1]\n\
         \n\
         ------- stderr -------\n\
         error: `ROOT/project/.env.production` is no regular file\n\
         \x20 state: nothing was changed\n\
         \x20 hint: name a file, or pipe the content in\n\
         [exit status: 1]\n"
    );
}
