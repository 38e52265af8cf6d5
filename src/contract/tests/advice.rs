//! Warnings beside hard rules, and names that stand in another file.

use crate::contract::Facts;
use crate::contract::Source;
use crate::contract::tests::findings;
use crate::contract::tests::findings_in;
use crate::policy::Severity;

/// Returns rule and severity of everything found in `env`.
fn found(policy: &str, env: &str) -> Vec<(&'static str, Severity)> {
    let findings = findings(policy, "production", env);
    findings
        .iter()
        .map(|finding| (finding.rule, finding.severity))
        .collect()
}

const ROUNDS: &str = "[variables.ROUNDS]\ntype = \"int\"\nrange = [10, 14]\n\
                      warn = { required = true, range = [10, 12] }\n";

#[test]
fn what_only_advice_forbids_is_a_warning() {
    assert_eq!(found(ROUNDS, "ROUNDS=12"), []);
    assert_eq!(found(ROUNDS, "ROUNDS=13"), [("out-of-range", Severity::Warning)]);
    assert_eq!(found(ROUNDS, ""), [("missing", Severity::Warning)]);
}

#[test]
fn a_value_that_breaks_the_hard_rule_is_not_warned_about_as_well() {
    assert_eq!(found(ROUNDS, "ROUNDS=15"), [("out-of-range", Severity::Error)]);
}

#[test]
fn a_value_of_another_type_is_not_judged_by_advice() {
    let policy = "[variables.ON]\ntype = \"bool\"\nequals = true\nwarn = { required = true }\n";

    assert_eq!(found(policy, "ON=1"), [("not-equal", Severity::Error)]);
}

#[test]
fn advice_about_a_secret_is_about_its_text() {
    let policy = "[secrets.KEY]\nkind = \"issued\"\nwarn = { min_length = 20 }\n";

    assert_eq!(
        found(policy, "KEY=k7Qw-zT9_mX2bR4v"),
        [("too-short", Severity::Warning)]
    );
    assert_eq!(found(policy, "KEY=k7Qw-zT9_mX2bR4v-k7Q"), []);
}

#[test]
fn a_secret_of_the_url_need_not_stand_beside_it() {
    let policy = "[secrets.PW]\nkind = \"issued\"\n[variables.URL]\ntype = \"url\"\npassword_from = \"PW\"\n";

    for env in [
        "URL=redis://:k7Qw-zT9_mX2bR4v@db/0",
        "PW=k7Qw-zT9_mX2bR4v\nURL=redis://db/0",
    ] {
        let drifts = found(policy, env)
            .iter()
            .any(|(rule, _)| *rule == "derived-drift");
        assert!(!drifts, "{env}");
    }
}

const TARGET: &str = "[secrets.OWN]\nkind = \"issued\"\nrequired = true\n\
                      [secrets.MASTER]\nkind = \"issued\"\nrequired = true\n\
                      [targets.proxy]\nenv_file = \"proxy/.env\"\nnames = [\"MASTER\"]\n";

#[test]
fn groups_are_checked_in_the_file_where_all_of_their_names_stand() {
    let policy = "[variables.A]\ntype = \"string\"\n[variables.B]\ntype = \"string\"\n\
                  [[groups]]\nall_or_none = [\"A\", \"B\"]\nrequired_in = [\"production\"]\n\
                  [[implies]]\nif_set = \"A\"\nrequire = [\"B\"]\n\
                  [targets.proxy]\nenv_file = \"proxy/.env\"\nnames = [\"A\", \"B\"]\n";
    let rules = |env: &str, change: fn(&mut Facts)| {
        let findings = findings_in(policy, "production", env, change);
        findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    let proxy: fn(&mut Facts) = |facts| facts.source = Source::EnvFile("proxy/.env".to_owned());

    assert_eq!(rules("", |_| {}), Vec::<&str>::new());
    assert_eq!(rules("A=x", |_| {}), Vec::<&str>::new());
    assert_eq!(rules("", proxy), ["group-unmet"]);
    assert_eq!(rules("A=x", proxy), ["group-incomplete", "implied-missing"]);
}

#[test]
fn names_of_a_target_are_asked_of_its_own_file_only() {
    let (own, master) = ("OWN=k7Qw-zT9_mX2bR4v\n", "MASTER=k7Qw-zT9_mX2bR4x\n");
    let missing = |env: &str, change: fn(&mut Facts)| {
        let findings = findings_in(TARGET, "production", env, change);
        let names = findings.into_iter().filter(|finding| finding.rule == "missing");
        names.filter_map(|finding| finding.name).collect::<Vec<_>>()
    };
    let own_file: fn(&mut Facts) = |_| {};
    let proxy: fn(&mut Facts) = |facts| facts.source = Source::EnvFile("/srv/app/proxy/.env".to_owned());

    assert_eq!(missing(own, own_file), Vec::<String>::new());
    assert_eq!(missing(master, own_file), ["OWN"]);
    assert_eq!(missing(master, proxy), Vec::<String>::new());
    assert_eq!(missing(own, proxy), ["MASTER"]);
}
