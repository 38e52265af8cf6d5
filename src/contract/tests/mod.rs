//! Tests of the contract: every rule with an environment that breaks it and one that does not.

mod cases;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::contract::Facts;
use crate::contract::RULES;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::Values;
use crate::contract::check;
use crate::contract::tests::cases::CASES;
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
    wrong: &'static str,
    right: &'static str,
}

#[test]
fn every_rule_finds_what_breaks_it_and_nothing_else() {
    let mut wrong = Vec::new();
    for case in CASES {
        let has = |env: &str| {
            let findings = findings(case.policy, case.environment, env);
            findings.iter().any(|finding| finding.rule == case.rule)
        };
        if !has(case.wrong) {
            wrong.push(format!("{}: not found in {:?}", case.rule, case.wrong));
        }
        if has(case.right) {
            wrong.push(format!("{}: found in {:?}", case.rule, case.right));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let known: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let tried: BTreeSet<&str> = CASES.iter().map(|case| case.rule).collect();

    assert_eq!(known, tried);
}

#[test]
fn whatever_is_found_has_a_rule_a_message_and_a_fix() {
    for case in CASES {
        for finding in findings(case.policy, case.environment, case.wrong) {
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
    let policy = format!(
        "schema = 1\nname = \"shop\"\n[environments.production]\n[environments.development]\n{policy}"
    );
    let policy = Policy::parse("mintage.toml", &policy).unwrap();
    let environment = policy.environment(&environment.parse().unwrap()).unwrap();
    let file = EnvFile::parse(&filled(env));
    let facts = Facts {
        source: Source::EnvFile(".env".to_owned()),
        today: NaiveDate::from_ymd_opt(2026, 11, 27).unwrap(),
    };
    let subject = Subject {
        policy: &policy,
        environment,
        values: Values::of_file(&file),
        facts: &facts,
    };
    check(&subject, &mut ChaCha20Rng::seed_from_u64(0))
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
        let value: SecretValue = generator::generate(&recipe, &mut ChaCha20Rng::seed_from_u64(seed)).unwrap();
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
