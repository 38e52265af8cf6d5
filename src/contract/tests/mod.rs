//! Tests of the contract: every rule with an environment that breaks it and one that does not.

mod advice;
mod cases;
mod facts;
mod fuzz;

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::NaiveDate;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::contract::Concern;
use crate::contract::Facts;
use crate::contract::FileFacts;
use crate::contract::GitState;
use crate::contract::RULES;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::Values;
use crate::contract::check;
use crate::contract::tests::cases::CASES;
use crate::contract::tests::facts::FACT_CASES;
use crate::dotenv::EnvFile;
use crate::generator;
use crate::policy::Encoding;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::Recipe;
use crate::policy::Severity;
use crate::secret::SecretValue;

/// A rule with the least policy that has it, an env file that breaks it and one that keeps it.
struct Case {
    rule: &'static str,
    environment: &'static str,
    policy: &'static str,
    /// The same but where the policy itself is what is wrong.
    right_policy: &'static str,
    wrong: &'static str,
    right: &'static str,
}

#[test]
fn every_rule_finds_what_breaks_it_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut compare = |rule: &str, found: &[Finding], kept: &[Finding], what: &str| {
        let has = |findings: &[Finding]| findings.iter().any(|finding| finding.rule == rule);
        if !has(found) {
            wrong.push(format!("{rule}: not found in {what}"));
        }
        if has(kept) {
            wrong.push(format!("{rule}: found where {what} is right"));
        }
    };
    for case in CASES {
        let found = findings(case.policy, case.environment, case.wrong);
        let kept = findings(case.right_policy, case.environment, case.right);
        compare(case.rule, &found, &kept, case.wrong);
    }
    for case in FACT_CASES {
        let found = |change: fn(&mut Facts)| findings_in(case.policy, "production", case.env, change);
        compare(
            case.rule,
            &found(case.wrong),
            &found(case.right),
            "the world around it",
        );
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let known: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let of_values = CASES.iter().map(|case| case.rule);
    let tried: BTreeSet<&str> = of_values.chain(FACT_CASES.iter().map(|case| case.rule)).collect();

    assert_eq!(known, tried);
}

#[test]
fn whatever_is_found_has_a_rule_a_message_and_a_fix() {
    let of_values = CASES
        .iter()
        .flat_map(|case| findings(case.policy, case.environment, case.wrong));
    let of_facts = FACT_CASES
        .iter()
        .flat_map(|case| findings_in(case.policy, "production", case.env, case.wrong));
    for finding in of_values.chain(of_facts) {
        let rule = RULES.iter().find(|rule| rule.id == finding.rule);
        assert!(rule.is_some(), "`{}` is in no registry", finding.rule);
        for text in [&finding.message, &finding.fix] {
            assert!(
                !text.is_empty() && !text.contains('\n') && !text.ends_with('.'),
                "{finding:?}"
            );
        }
    }
}

#[test]
fn a_key_of_the_wrong_size_is_told_once() {
    let policy = "[secrets.KEY]\nkind = \"aes-256\"\n";
    let found = findings(policy, "production", "KEY=0a9d3e1b4c7f28560d1e9b3a7c5f4826");
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule).collect();

    assert!(
        rules.contains(&"kind-mismatch") && !rules.contains(&"key-bytes"),
        "{rules:?}"
    );
}

#[test]
fn where_a_value_was_cut_is_told_beside_its_form_and_only_where_that_is_known() {
    let policy = "[secrets.KEY]\nkind = \"langfuse\"\n";
    let rules = |env: &str| -> Vec<&str> {
        let found = findings(policy, "production", env);
        found.iter().map(|finding| finding.rule).collect()
    };

    let cut = rules("KEY=0a9d3e1b4c7f2856d #9b3a7c5f4826");
    assert!(
        cut.contains(&"kind-mismatch") && cut.contains(&"truncated"),
        "{cut:?}"
    );
    let short = rules("KEY=0a9d3e1b4c7f2856d");
    assert!(
        short.contains(&"kind-mismatch") && !short.contains(&"truncated"),
        "{short:?}"
    );
}

#[test]
fn what_is_waived_is_no_finding_until_its_last_day() {
    let policy = |until: &str| {
        format!(
            "[variables.N]\ntype = \"int\"\n[variables.M]\ntype = \"int\"\n\
             [[waivers]]\nrule = \"wrong-type\"\nname = \"N\"\nuntil = {until}\nreason = \"x\"\n"
        )
    };
    let rules = |until: &str| -> Vec<(&'static str, Option<String>)> {
        let found = findings(&policy(until), "production", "N=x\nM=x\n");
        found
            .into_iter()
            .map(|finding| (finding.rule, finding.name))
            .collect()
    };
    let named = |name: &str| Some(name.to_owned());

    assert_eq!(rules("2026-11-27"), [("wrong-type", named("M"))]);
    assert_eq!(
        rules("2026-11-26"),
        [
            ("wrong-type", named("N")),
            ("wrong-type", named("M")),
            ("waiver-expired", named("N"))
        ]
    );
}

#[test]
fn waivers_of_what_other_commands_find_are_left_alone() {
    for rule in ["overdue", "due-soon", "expired", "expires-soon", "unknown-age"] {
        let policy = format!("[[waivers]]\nrule = \"{rule}\"\nuntil = 2999-01-01\nreason = \"x\"\n");

        assert!(findings(&policy, "production", "").is_empty(), "{rule}");
    }
}

#[test]
fn a_numbered_series_is_not_taken_for_a_slip() {
    let policy = "[variables.SERVER_1_URL]\ntype = \"string\"\n";
    let rules = |env: &str| -> Vec<&str> {
        let found = findings(policy, "production", env);
        found.iter().map(|finding| finding.rule).collect()
    };

    assert_eq!(rules("SERVER_2_URL=x"), ["undeclared"]);
    assert_eq!(rules("server_1_url=x"), ["look-alike"]);
    assert_eq!(rules("SERVER1_URL=x"), ["look-alike"]);
}

#[test]
fn files_of_other_environments_only_warn() {
    let found = findings_in("", "production", "", |facts| {
        facts.files = vec![FileFacts {
            path: ".env.test".to_owned(),
            concern: Concern::Stray,
            mode: Some(0o644),
            git: Some(GitState {
                tracked: true,
                ..GitState::default()
            }),
        }];
    });

    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|finding| finding.severity == Severity::Warning));
}

#[test]
fn no_finding_holds_a_value() {
    let policy = "[secrets.KEY]\nkind = \"issued\"\npattern = \"^never$\"\nforbid_pattern = \"canary\"\n\
                  [variables.URL]\ntype = \"url\"\nscheme = [\"https\"]\nhosts = [\"a.b\"]\npath = \"/x\"\n\
                  [variables.NUMBER]\ntype = \"int\"\n[variables.MODE]\ntype = \"enum\"\nvalues = [\"a\"]\n\
                  [variables.EXACT]\ntype = \"string\"\nequals = \"x\"\n";
    let env = "KEY=canary-1\nURL=redis://canary-2:canary-3@canary-4.net/canary-5\nNUMBER=canary-6\nMODE=canary-7\n\
               EXACT=canary-8\nOTHER=canary-9\ncanary-10\n";

    let found = findings(policy, "production", env);

    assert!(found.len() > 8);
    for finding in found {
        let policy_text = finding.message.replace("`canary`", "");
        assert!(
            !policy_text.contains("canary") && !finding.fix.contains("canary"),
            "{finding:?}"
        );
    }
}

#[test]
fn a_value_that_was_pasted_where_a_name_belongs_is_not_shown() {
    for line in [
        "dGhpcyBpcyBhIHNlY3JldCB2YWx1ZTEy=",
        "8D024B643B19488486B7AA1AB4DD0A1C=x",
        "q7Canary8dGhpcyBp='a",
    ] {
        let found = findings("", "production", line);

        assert!(!found.is_empty());
        for finding in found {
            let start = &line[..8];
            assert!(!format!("{finding:?}").contains(start), "{finding:?}");
        }
    }
}

#[test]
fn findings_come_worst_first_and_by_line() {
    let policy = "[variables.A]\ntype = \"int\"\n[variables.B]\ntype = \"int\"\n";

    let found = findings(policy, "production", "UNKNOWN=1\nB=x\nA=y\n");
    let order: Vec<_> = found
        .iter()
        .map(|finding| (finding.severity, finding.location.as_ref().unwrap().line))
        .collect();

    assert_eq!(
        order,
        [(Severity::Error, 2), (Severity::Error, 3), (Severity::Note, 1)]
    );
}

/// Checks an env file against a policy with the environments `production` and `development`.
fn findings(policy: &str, environment: &str, env: &str) -> Vec<Finding> {
    findings_in(policy, environment, env, |_| {})
}

/// The same in a world of its own.
fn findings_in(policy: &str, environment: &str, env: &str, change: fn(&mut Facts)) -> Vec<Finding> {
    let policy = format!(
        "schema = 1\nname = \"shop\"\n[environments.production]\n[environments.development]\n{policy}"
    );
    let policy = Policy::parse("mintage.toml", &policy).unwrap();
    let environment = policy.environment(&environment.parse().unwrap()).unwrap();
    let file = EnvFile::parse(&filled(env));
    let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let mut facts = Facts::new(Source::EnvFile(".env".to_owned()), today);
    change(&mut facts);
    let subject = Subject {
        policy: &policy,
        environment,
        values: Values::of_file(&file),
        facts: &facts,
    };
    check(&subject, &mut ChaCha20Rng::seed_from_u64(0)).findings
}

/// Puts strong values in place of `{1}` to `{4}`, an underscore in place of `§`, which keeps scanners quiet, and a
/// byte that is not UTF-8 in place of `¤`.
fn filled(text: &str) -> Vec<u8> {
    let mut text = text.replace('§', "_");
    for seed in 1..=4 {
        let recipe = Recipe::Bytes {
            bytes: 32,
            encoding: Encoding::Hex,
            prefix: String::new(),
            plain_edges: false,
        };
        let value: SecretValue = generator::generate(
            &recipe,
            DateTime::UNIX_EPOCH,
            &mut ChaCha20Rng::seed_from_u64(seed),
        )
        .unwrap();
        let value = std::str::from_utf8(value.expose()).unwrap().to_owned();
        text = text.replace(&format!("{{{seed}}}"), &value);
    }
    let mut pieces = text.split('¤');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(0xff);
        bytes.extend_from_slice(piece.as_bytes());
    }
    bytes
}

/// A policy with every sort of rule.
const POLICY: &str = r#"schema = 1
name = "shop"
[variables.URL]
type = "url"
scheme = ["https"]
hosts = ["*.shop.net"]
forbid_hosts = ["localhost"]
path = "/x"
credentials = true
[variables.DSN]
type = "dsn"
[variables.URLS]
type = "list"
of = "url"
scheme = ["https"]
[variables.MAILS]
type = "list"
of = "email"
[variables.NUMBER]
type = "float"
range = [1, 2]
[variables.FLAG]
type = "bool"
equals = "true"
[variables.MODE]
type = "enum"
values = ["a"]
[variables.SPAN]
type = "duration"
min = "1h"
max = "1d"
[variables.PATH_]
type = "path"
min_length = 3
pattern = "^/"
forbid_pattern = "tmp"
[variables.RANGE]
type = "cidr"
distinct_from = ["URL"]
[secrets.KEY]
kind = "issued"
pattern = "^k_"
forbid_values = ["k_1"]
min_length = 8
[secrets.MADE]
kind = "hex"
distinct_from = ["KEY"]
previous_var = "MADE_OLD"
required = true
[secrets.COPY]
same_as = "MADE"
[secrets.FULL]
template = "postgres://app:{MADE|url}@db/x"
[[groups]]
one_of = [["URL", "DSN"], ["KEY"]]
required_in = ["production"]
[[groups]]
all_or_none = ["FLAG", "MODE"]
[[implies]]
if_set = "KEY"
require = ["MADE"]
then = { URL = { hosts = ["passport.net"] } }
"#;
