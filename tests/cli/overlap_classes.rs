//! What a rotation does to whoever uses the old value, class by class, as `rotate --dry-run` says it; and two users that
//! take turns.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// One secret of each class, what is said of its rotation beside its code, and a step of it.
const CLASSES: &[(&str, &str, &str, &str)] = &[
    (
        "O1",
        "REDIS_PASSWORD",
        "the server can hold both for 1d: add the new one there before its users change over, remove the old one after it",
        "make it current, the old one previous for 1d",
    ),
    (
        "O2",
        "JWT_SECRET",
        "whatever was signed or encrypted with the old value stays valid for 7d: the application finds it in JWT_OLD",
        "set it in web, the old one in JWT_OLD",
    ),
    (
        "O3",
        "BLUE_PASSWORD",
        "nobody is cut off: the users of GREEN_PASSWORD go on with it, and have 7d to change over to BLUE_PASSWORD",
        "change its users over from GREEN_PASSWORD within 7d: GREEN_PASSWORD has the next turn",
    ),
    (
        "O4",
        "ERLANG_COOKIE",
        "only one value is valid at a time: whoever still uses the old one is cut off",
        "make it current, the old one previous",
    ),
    (
        "O5",
        "BACKUP_KEY",
        "data was encrypted with it: add the new key, re-encrypt everything, and only then drop the old one",
        "set it in web",
    ),
    (
        "O6",
        "REDIS_URL",
        "computed from another secret: it changes in the same commit as that one",
        "compute REDIS_URL: a text around REDIS_PASSWORD",
    ),
    (
        "O7",
        "POSTGRES_PASSWORD",
        "a service reads it on its first start only: its users are cut off unless it is changed in the service first",
        "set it in web",
    ),
    (
        "O8",
        "STRIPE_KEY",
        "the issuer makes it: get the new one there, deploy it, then revoke the old one",
        "take the new value of STRIPE_KEY that Stripe made",
    ),
    (
        "O9",
        "VAULT_PHRASE",
        "a person remembers it: tell them before it changes",
        "mint VAULT_PHRASE",
    ),
];

const POLICY: &str = r#"
schema = 1
name = "shop"

[environments.production]

[sinks.web]
type = "env-file"
path = ".env"

[secrets]
REDIS_PASSWORD = { kind = "redis-password", overlap = "1d", sinks = ["web"] }
REDIS_URL = { template = "redis://:{REDIS_PASSWORD}@cache:6379", sinks = ["web"] }
JWT_SECRET = { kind = "jwt-hs256", overlap = "7d", previous_var = "JWT_OLD", sinks = ["web"] }
BLUE_PASSWORD = { kind = "postgres-password", overlap = "7d", alternates_with = "GREEN_PASSWORD", sinks = ["web"] }
GREEN_PASSWORD = { kind = "postgres-password", overlap = "7d", alternates_with = "BLUE_PASSWORD", sinks = ["web"] }
ERLANG_COOKIE = { kind = "rabbitmq-cookie", sinks = ["web"] }
BACKUP_KEY = { kind = "aes-256", sinks = ["web"] }
POSTGRES_PASSWORD = { kind = "postgres-password", sinks = ["web"] }
STRIPE_KEY = { kind = "issued", issuer = "Stripe", sinks = ["web"] }
VAULT_PHRASE = { kind = "passphrase", sinks = ["web"] }
"#;

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

#[test]
fn every_class_has_its_own_plan_and_its_own_words() {
    let sandbox = Sandbox::of_policy(POLICY);
    sandbox
        .command(["import", "STRIPE_KEY", "-e", "production"])
        .stdin(Sandbox::new().run(["generate", "hex"]).succeeds().stdout)
        .run()
        .succeeds();
    let named = CLASSES
        .iter()
        .map(|(_, name, ..)| *name)
        .filter(|name| *name != "REDIS_URL");
    let options = [
        "-e",
        "production",
        "--dry-run",
        "--i-have-reencrypted",
        "--i-change-the-service",
    ];
    let before = sandbox.tree();

    let args: Vec<&str> = ["rotate"].into_iter().chain(named).chain(options).collect();
    let document = sandbox.json(&args);
    let text = sandbox.run(&args).succeeds();

    let secrets = document["secrets"].as_array().unwrap();
    assert_eq!(secrets.len(), CLASSES.len());
    for (code, name, consequence, step) in CLASSES {
        let secret = secrets.iter().find(|secret| secret["name"] == *name).unwrap();
        assert_eq!(secret["overlap_class"], *code, "{name}");
        assert_eq!(texts(&secret["consequences"])[0], *consequence, "{name}");
        let steps = texts(&secret["steps"]);
        assert!(steps.iter().any(|said| said.contains(step)), "{name}: {steps:?}");
        let affected = format!("  who is affected: {consequence}\n");
        assert!(text.text().contains(&affected), "{name}: {text}");
    }
    assert!(sandbox.tree() == before, "something was changed");
}

/// Two users of one database and nothing else.
fn pair(fields: &str) -> Sandbox {
    Sandbox::of_policy(format!(
        "schema = 1\nname = \"x\"\n[environments.production]\n[sinks.web]\ntype = \"env-file\"\npath = \".env\"\n\
         [secrets.BLUE_PASSWORD]\nkind = \"postgres-password\"\nsinks = [\"web\"]\n{fields}\n\
         alternates_with = \"GREEN_PASSWORD\"\n\
         [secrets.GREEN_PASSWORD]\nkind = \"postgres-password\"\nsinks = [\"web\"]\n{fields}\n\
         alternates_with = \"BLUE_PASSWORD\"\n"
    ))
}

#[test]
fn of_two_users_the_one_that_is_not_in_use_gets_the_new_password() {
    let sandbox = pair("overlap = \"1s\"");
    let value = |name: &str| sandbox.reveal(name, "production");
    let (blue, green) = (value("BLUE_PASSWORD"), value("GREEN_PASSWORD"));

    // Both are as old: the last by name is the one in use.
    let in_use = sandbox.rotate("GREEN_PASSWORD", &[]).exits(1);
    sandbox.rotate("BLUE_PASSWORD", &[]).succeeds();
    let early = sandbox.rotate("GREEN_PASSWORD", &[]).exits(1);

    assert!(
        in_use.stderr.contains("the turn is that of `BLUE_PASSWORD`"),
        "{in_use}"
    );
    assert!(
        early.stderr.contains("to change over to `BLUE_PASSWORD`"),
        "{early}"
    );
    assert!(
        value("GREEN_PASSWORD") == green,
        "the users of the other one were cut off"
    );
    assert!(value("BLUE_PASSWORD") != blue);

    std::thread::sleep(std::time::Duration::from_millis(1_200));
    sandbox.rotate("GREEN_PASSWORD", &[]).succeeds();
    assert!(value("GREEN_PASSWORD") != green, "its turn had come");
}

#[test]
fn a_password_that_somebody_knows_does_not_wait_for_its_turn() {
    let sandbox = pair("overlap = \"7d\"");
    let green = sandbox.reveal("GREEN_PASSWORD", "production");
    sandbox.rotate("BLUE_PASSWORD", &[]).succeeds();

    let plan = sandbox.rotate("GREEN_PASSWORD", &["--reason", "compromise", "--dry-run"]);
    sandbox
        .rotate("GREEN_PASSWORD", &["--reason", "compromise"])
        .succeeds();

    assert!(
        plan.succeeds()
            .text()
            .contains("have its users change over to the other one first"),
        "the plan says nothing of them"
    );
    assert!(sandbox.reveal("GREEN_PASSWORD", "production") != green);
}

#[test]
fn a_timer_gives_them_their_turns_one_after_the_other() {
    let sandbox = pair("overlap = \"1s\"\nrotate_every = \"2s\"");
    let due = || {
        let document = sandbox
            .run(["rotate", "--due", "-e", "production", "--json"])
            .succeeds()
            .json();
        let secrets = document["secrets"].as_array().unwrap();
        let names = secrets.iter().map(|one| one["name"].as_str().unwrap().to_owned());
        let waiting = document["waiting"].as_array().unwrap().clone();
        (names.collect::<Vec<_>>(), waiting)
    };
    let pause = || std::thread::sleep(std::time::Duration::from_millis(2_200));

    pause();
    let (first, waits) = due();
    pause();
    let (second, _) = due();

    assert_eq!(first, ["BLUE_PASSWORD"]);
    assert_eq!(
        (waits[0]["name"].as_str(), waits[0]["why"].as_str()),
        (Some("GREEN_PASSWORD"), Some("overlap"))
    );
    assert_eq!(second, ["GREEN_PASSWORD"]);
}
