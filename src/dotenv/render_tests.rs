//! Promises of the rendered policy.

use proptest::prelude::*;
use toml::Table;

use super::*;
use crate::dotenv::EnvFile;
use crate::dotenv::infer;
use crate::dotenv::infer_tests::FIXTURES;

fn render(source: &str) -> String {
    to_policy(
        "app",
        Some(".env.example"),
        &infer(&EnvFile::parse(source.as_bytes())),
    )
}

fn parse(policy: &str) -> Table {
    policy.parse().expect("the policy is TOML")
}

#[test]
fn a_policy_reads_like_one_written_by_hand() {
    let source = "\
# Signs \"login\" tokens: openssl rand -base64 48
JWT_SECRET=
A_SECRET= # 64 hex digits
STRIPE_SECRET_KEY=
# Database
DATABASE_URL=postgres://postgres:postgres@db/app
PORT=3000
NEXT_PUBLIC_API_URL=https://api.example.com
PII_HASH_SALT=
a-b=1
port=1
# OLD_SECRET=x
";

    assert_eq!(render(source), EXPECTED);
}

const EXPECTED: &str = r##"schema = 1
name = "app"

[defaults]
rotate_every = "90d"
remind_before = "14d"
keep_previous = 1

[environments.production]
tier = "production"
env_file = ".env"
example_file = ".env.example"

# line 10 is left out: its name is not a letter or `_`, then letters, digits or `_`, at most 128 of them

# line 11 is left out: its name differs from another one in case only

[public]
prefixes = ["NEXT_PUBLIC_"]

[secrets.JWT_SECRET]
kind = "jwt-hs256"
encoding = "base64"
bytes = 48
description = 'Signs "login" tokens: openssl rand -base64 48'

[secrets.A_SECRET]
kind = "hex"
description = "64 hex digits"

[secrets.STRIPE_SECRET_KEY]
kind = "issued"
shape = "stripe-api-key"

[secrets.PII_HASH_SALT]
# what it protects may be unreadable with another value: find out before it is due
kind = "hex"

# Switched off in the env file; take the `#` away to manage it:
# [secrets.OLD_SECRET]
# kind = "hex"

[variables.DATABASE_URL]
type = "url"
credentials = true
scheme = ["postgres", "postgresql"]
description = "Database"

[variables.PORT]
type = "int"

[variables.NEXT_PUBLIC_API_URL]
type = "url"
"##;

#[test]
fn env_files_are_named_after_their_examples() {
    for (source, expected) in [
        (".env.example", ".env"),
        (".env.production.example", ".env.production"),
        (".env.example.production", ".env.production"),
        ("docker/.env.sample", "docker/.env"),
        ("example.env", ".env"),
        ("env.template", ".env"),
        (".env-example", ".env"),
        (".env.dist", ".env"),
        ("app.env.example", "app.env"),
        ("example", ".env"),
        (".env", ".env"),
        (".env.production", ".env.production"),
        ("conf/prod.env", "conf/prod.env"),
    ] {
        assert_eq!(env_file(source), expected, "{source}");
    }
    assert!(!head("a", Some(".env")).contains("example_file"));
}

#[test]
fn every_example_makes_a_policy_of_known_fields() {
    for (name, source, _) in FIXTURES {
        let policy = parse(&render(source));
        for (section, fields) in [("secrets", SECRET_FIELDS), ("variables", VARIABLE_FIELDS)] {
            for (_, entry) in policy[section].as_table().into_iter().flatten() {
                for (field, _) in entry.as_table().into_iter().flatten() {
                    assert!(fields.contains(&field.as_str()), "{name}: {field}");
                }
            }
        }
    }
}

const SECRET_FIELDS: &[&str] = &[
    "kind",
    "bytes",
    "length",
    "encoding",
    "shape",
    "issuer",
    "console_url",
    "pattern",
    "description",
];
const VARIABLE_FIELDS: &[&str] = &["type", "description", "credentials", "scheme"];

#[test]
fn no_value_of_any_form_reaches_the_policy() {
    let names = [
        "JWT_SECRET",
        "STRIPE_SECRET_KEY",
        "DB_PASSWORD",
        "DATABASE_URL",
        "NODE_ENV",
        "NEXT_PUBLIC_X",
        "MYSTERY",
        "# OFF_SECRET",
        "# OFF_NAME",
    ];
    let forms = [
        "canary-x7",
        "\"canary-x7\"",
        "postgres://user:canary-x7@canary-x7/canary-x7",
        "https://canary-x7.example",
        "a,canary-x7",
        "/canary-x7",
        "canary-x7@example.com",
        "{\"canary-x7\":1}",
        "${canary-x7}",
        "x # canary-x7 is a note\nOTHER_SECRET=canary-x7",
        "'canary-x7\ncanary-x7'",
        "canary-x7\n# before: canary-x7 was used\nTHIRD=canary-x7",
        "\"canary-x7",
        "canary-x7\n# like canary-x7\nTHIRD=",
        "1\nFOURTH=canary-x7\nFOURTH=2\n# not canary-x7\nFIFTH=",
    ];
    for name in names {
        for form in forms {
            let policy = render(&format!("{name}={form}\n"));
            assert!(!policy.contains("canary"), "{name}={form}:\n{policy}");
        }
    }
}

proptest! {
    #[test]
    fn anything_like_an_env_file_makes_toml(
        source in "((# )?(export )?[A-Za-z_.-]{1,6}=[\"'a-z0-9:/@#\\\\ ]{0,12}\n|# [ -~é\u{202e}\t]{0,30}\n){0,12}",
        name in "\\PC{0,20}",
    ) {
        let policy = to_policy(&name, Some(&name), &infer(&EnvFile::parse(source.as_bytes())));

        prop_assert!(policy.parse::<Table>().is_ok(), "{}", policy);
    }

    #[test]
    fn random_secrets_never_reach_the_policy(value in "[A-Za-z0-9]{12,40}", above in "[a-z ]{0,20}") {
        let source = format!("# {above} {value}\nA_SECRET={value}\n# {above}{value}{above}\nB={value} # {value}\n");

        prop_assert!(!render(&source).contains(&value));
    }
}
