//! Whole policy files: the contract's own example, and one file for every mistake.

mod checklist_life;
mod checklists;
mod contract;
mod fuzz;
mod schema;

use crate::policy::Mismatch;
use crate::policy::Policy;
use crate::policy::PolicyErrorKind;
use crate::policy::PolicyView;
use crate::policy::Tier;
use crate::policy::policy_build;
use crate::policy::reference;
use crate::policy::tests::contract::contract;
use crate::policy::tests::contract::secret;
use crate::policy::tests::contract::variable;
use std::fs;
use std::path::Path;

#[test]
fn every_invalid_file_is_refused_for_its_reason() {
    let wrong = unexpected("invalid", 30, |policy| match policy {
        Ok(_) => "accepted".to_owned(),
        Err(errors) => errors.to_string(),
    });

    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn rules_may_name_what_no_table_declares_but_are_doubted() {
    let wrong = unexpected("doubtful", 4, |policy| match policy {
        Ok(policy) => policy.doubts().iter().map(|doubt| format!("{doubt}\n")).collect(),
        Err(errors) => format!("refused {errors}"),
    });

    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_example_of_the_interface_parses_word_for_word() {
    let text = include_str!("../../../tests/policies/valid/interface.toml");

    let policy = Policy::parse("", text).unwrap();

    assert_eq!(policy.name(), "lumiku");
    assert_eq!(policy.environments().count(), 3);
    assert!(policy.doubts().len() >= 10);
}

#[test]
fn warnings_targets_and_hazards_are_kept() {
    let text = include_str!("../../../tests/policies/valid/warnings-and-targets.toml");

    let policy = Policy::parse("", text).unwrap_or_else(|errors| panic!("\n{errors}"));

    assert!(policy.doubts().is_empty());
    let salt = secret(&policy, "HASH_SALT_OF_USERS", "production");
    assert_eq!(salt.hazard(), Some(crate::policy::kinds::Hazard::DataAtRest));
    let url = variable(&policy, "DATABASE_URL", "production");
    assert_eq!(
        url.password_from().map(|name| name.as_str()),
        Some("POSTGRES_PASSWORD")
    );
}

/// Compares what each file of a folder comes to with its `# expect:` lines; returns where they differ.
fn unexpected(
    folder: &str,
    least: usize,
    shown: impl Fn(Result<Policy, crate::policy::PolicyErrors>) -> String,
) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/policies")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= least);

    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let expected: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# expect: "))
            .collect();

        let found = shown(Policy::parse("", &text));

        let found: Vec<_> = found
            .lines()
            .map(|line| line.strip_prefix(':').unwrap_or(line))
            .collect();
        if found != expected {
            let name = file.file_name().unwrap().display().to_string();
            wrong.push_str(&format!(
                "{name}\n  expected {expected:?}\n  found    {found:?}\n"
            ));
        }
    }
    wrong
}

#[test]
fn a_policy_without_environments_has_production_alone() {
    let policy = Policy::parse("", "schema = 1").unwrap();

    let found: Vec<_> = policy
        .environments()
        .map(|environment| (environment.name().as_str(), environment.tier()))
        .collect();

    assert_eq!(found, [("production", Tier::Production)]);
}

#[test]
fn own_overrides_come_after_those_of_the_tier() {
    let text = "schema = 1
environments = { eu = { tier = 'production' }, production = {} }
[secrets.A]
kind = 'hex'
owner = 'all'
[secrets.A.when.eu]
owner = 'eu'
[secrets.A.when.production]
owner = 'tier'
rotate_every = '30d'
";
    let policy = Policy::parse("", text).unwrap();

    assert_eq!(secret(&policy, "A", "eu").owner(), Some("eu"));
    assert_eq!(secret(&policy, "A", "eu").rotate_every(), "30d".parse().ok());
    assert_eq!(secret(&policy, "A", "production").owner(), Some("tier"));
}

#[test]
fn a_child_overrides_only_the_fields_it_sets() {
    let text = "schema = 1
extends = 'web-app'
name = 'mine'
[secrets.JWT_SECRET]
rotate_every = '30d'
[secrets.EXTRA]
kind = 'hex'
[variables.CORS_ORIGIN.when.production]
forbid_hosts = ['example.com']
";
    let policy = Policy::parse("", text).unwrap();

    let jwt = secret(&policy, "JWT_SECRET", "staging");
    assert_eq!((policy.name(), jwt.kind_name()), ("mine", "jwt-hs256"));
    assert_eq!(jwt.rotate_every(), "30d".parse().ok());
    assert_eq!(jwt.overlap(), "7d".parse().ok());
    assert_eq!(policy.secret_names().count(), 4);
    let cors = variable(&policy, "CORS_ORIGIN", "production");
    assert_eq!(cors.forbid_hosts(), ["example.com"]);
    assert_eq!(cors.scheme(), ["https"]);
}

#[test]
fn presets_that_extend_each_other_are_refused() {
    let presets = |name: &str| match name {
        "one" => Some("schema = 1\nextends = 'two'\n"),
        "two" => Some("schema = 1\nextends = 'one'\n"),
        _ => None,
    };

    let errors = policy_build::parse("x.toml", "schema = 1\nextends = 'one'\n", &presets, &[]).unwrap_err();

    assert_eq!(
        errors.to_string(),
        "policies/two.toml:2:11: `extends` comes back to preset `one`"
    );
}

#[test]
fn a_short_period_shortens_the_built_in_reminder() {
    let text = "schema = 1\n[secrets.A]\nkind = 'hex'\nrotate_every = '7d'\n";
    let policy = Policy::parse("", text).unwrap();

    let reminder = secret(&policy, "A", "production").remind_before();

    assert_eq!(reminder.approximate_seconds(), 7 * 86_400 / 2);
}

#[test]
fn never_overrides_the_default_rotation() {
    let text =
        "schema = 1\n[defaults]\nrotate_every = '90d'\n[secrets.A]\nkind = 'hex'\nrotate_every = 'never'\n";
    let policy = Policy::parse("", text).unwrap();

    assert_eq!(secret(&policy, "A", "production").rotate_every(), None);
}

#[test]
fn refused_values_and_patterns_are_told_apart_without_the_value() {
    let text = "schema = 1
[secrets.A]
kind = 'issued'
forbid_pattern = '^your-'
forbid_values = ['changeme']
[secrets.B]
kind = 'issued'
decoded_bytes = 16
";
    let policy = Policy::parse("", text).unwrap();
    let accepts = |name, value: &[u8]| secret(&policy, name, "production").accepts(value);

    assert_eq!(accepts("A", b"0123"), Ok(()));
    assert!(matches!(accepts("A", b"your-key"), Err(Mismatch::Form(_))));
    assert!(matches!(accepts("A", b"changeme"), Err(Mismatch::Form(_))));
    assert_eq!(accepts("B", b"AAECAwQFBgcICQoLDA0ODw=="), Ok(()));
    assert_eq!(accepts("B", b"000102030405060708090a0b0c0d0e0f"), Ok(()));
    assert!(matches!(accepts("B", b"0001"), Err(Mismatch::Form(_))));
}

#[test]
fn errors_show_a_cut_key_and_never_a_value() {
    let pasted = "x".repeat(100);
    let text = format!("schema = 1\n[secrets.A]\nkind = 'hex'\n{pasted} = 'hunter2'\nbytes = 'hunter2'\n");

    let errors = Policy::parse("p", &text).unwrap_err();

    let kinds: Vec<_> = errors.iter().map(|error| &error.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            PolicyErrorKind::UnknownKey { .. },
            PolicyErrorKind::WrongType { .. }
        ]
    ));
    let shown = errors.to_string();
    assert!(!shown.contains("hunter2") && !shown.contains(&pasted), "{shown}");
    assert!(shown.contains(&format!("`{}…`", "x".repeat(60))), "{shown}");
}

#[test]
fn the_view_is_json_without_a_value() {
    let view = serde_json::to_value(PolicyView::from(&contract())).unwrap();

    let jwt = view["environments"][0]["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|secret| secret["name"] == "JWT_SECRET")
        .unwrap();
    assert_eq!(jwt["bits"], 256.0);
    assert_eq!(jwt["rotate_every"], "90d");
    assert_eq!(jwt["overlap_class"], "O2");
    assert_eq!(view["environments"][2]["tier"], "development");
}

#[test]
fn every_field_of_every_table_says_what_it_is() {
    for table in reference() {
        assert!(!table.about.trim().is_empty());
        for field in table.fields {
            assert!(
                !field.about.trim().is_empty() && !field.value.is_empty(),
                "{}",
                field.key
            );
        }
    }
    assert_eq!(reference().count(), 17);
}
