//! Examples of some eighty applications: each becomes a policy, and none of their placeholders passes for a secret.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::sandbox::files_below;

/// Returns the env file of every example.
fn examples() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/examples");
    let files = files_below(&folder).into_iter();
    let found: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "env"))
        .collect();
    assert!(found.len() >= 80, "the fixtures are there");
    found
}

/// Returns how many names of an example are labelled as secret.
fn labelled(example: &Path) -> usize {
    let labels = fs::read_to_string(example.with_extension("labels")).unwrap();
    let labels = labels.lines().filter_map(|line| line.split_once(' '));
    labels.filter(|(_, label)| SECRET.contains(label)).count()
}

/// Labels of what must be kept secret.
const SECRET: [&str; 3] = ["issued", "secret", "url-with-credentials"];

#[test]
fn every_example_becomes_a_policy_without_mistakes_that_its_own_placeholders_break() {
    let (mut judged, mut passed) = (0, Vec::new());
    for example in examples() {
        let sandbox = Sandbox::new();
        let name = example.file_name().unwrap().display();

        let init = sandbox.run(["init", "--from", example.to_str().unwrap()]);
        assert_eq!(init.code, 0, "{name}:\n{init}");
        let lint = sandbox.run(["policy", "lint"]);
        assert_eq!(lint.code, 0, "{name}:\n{lint}");
        let create = sandbox.run(["create", "--all", "-e", "production"]);
        assert_eq!(create.code, 0, "{name}:\n{create}");

        let unfit = unfit(&sandbox, &example);
        for secret in secrets_with_a_text(&example) {
            judged += 1;
            if !unfit.contains(&secret) {
                passed.push(format!("{name}: {secret}"));
            }
        }
    }

    // A URL with the password among its parameters, or with a token in its path, is not taken apart.
    assert!(
        judged >= 250 && passed.len() * 50 <= judged,
        "of {judged} passed {passed:#?}"
    );
}

/// Checks an example as if it were in use, and returns the names with an error.
fn unfit(sandbox: &Sandbox, example: &Path) -> BTreeSet<String> {
    let file = example.to_str().unwrap();
    let args = [
        "check",
        "-e",
        "production",
        "--env-file",
        file,
        "--example",
        file,
        "--json",
    ];
    let output = sandbox.run(args);
    assert!([0, 3].contains(&output.code), "{file}:\n{output}");

    let document = output.json();
    let findings = document["findings"].as_array().unwrap().iter();
    let errors = findings.filter(|finding| finding["severity"] == "error");
    errors
        .filter_map(|finding| finding["name"].as_str())
        .map(str::to_owned)
        .collect()
}

/// Returns the names that are labelled as secret and stand in the example with any text, which is a placeholder.
fn secrets_with_a_text(example: &Path) -> Vec<String> {
    let text = fs::read_to_string(example).unwrap();
    let labels = fs::read_to_string(example.with_extension("labels")).unwrap();
    let is_set = |name: &str| {
        text.lines().any(|line| {
            let value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
            value.is_some_and(|value| !value.trim_matches(['"', '\'']).is_empty())
        })
    };
    let labelled = labels.lines().filter_map(|line| line.split_once(' '));
    labelled
        .filter(|(name, label)| SECRET.contains(label) && is_set(name))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn no_placeholder_is_called_high() {
    let mut judged = 0;
    let mut expected = 0;
    for example in examples() {
        let sandbox = Sandbox::new();
        let name = example.file_name().unwrap().display();

        let output = sandbox.run(["score", "--env-file", example.to_str().unwrap(), "--json"]);

        assert!([0, 3].contains(&output.code), "{name}:\n{output}");
        let document = output.json();
        let values = document["values"].as_array().unwrap();
        let high: Vec<&Value> = values
            .iter()
            .filter(|value| value["level"] == "high")
            .map(|value| &value["label"])
            .collect();
        assert_eq!(high, Vec::<&Value>::new(), "{name}");
        judged += values.len();
        expected += labelled(&example);
    }

    // Commented-out variables are labelled, and have no value to judge.
    assert!(
        judged * 100 >= expected * 90 && judged <= expected + expected / 20,
        "{judged} judged, {expected} labelled as secret"
    );
}
