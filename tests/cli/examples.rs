//! Examples of some seventy applications: each becomes a policy, and none of their placeholders passes for a secret.

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
    assert!(found.len() >= 60, "the fixtures are there");
    found
}

/// Returns how many names of an example have one of these labels.
fn labelled(example: &Path, labels: &[&str]) -> usize {
    let text = fs::read_to_string(example.with_extension("labels")).unwrap();
    let label = |line: &str| line.split_once(' ').unwrap().1.to_owned();
    text.lines()
        .filter(|line| labels.contains(&label(line).as_str()))
        .count()
}

#[test]
fn every_example_becomes_a_policy_without_mistakes() {
    for example in examples() {
        let sandbox = Sandbox::new();
        let name = example.file_name().unwrap().display();

        let init = sandbox.run(["init", "--from", example.to_str().unwrap()]);
        assert_eq!(init.code, 0, "{name}:\n{init}");
        let lint = sandbox.run(["policy", "lint"]);
        assert_eq!(lint.code, 0, "{name}:\n{lint}");
        let create = sandbox.run(["create", "--all", "-e", "production"]);
        assert_eq!(create.code, 0, "{name}:\n{create}");
    }
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
        expected += labelled(&example, &["issued", "secret", "url-with-credentials"]);
    }

    // Commented-out variables are labelled, and have no value to judge.
    assert!(
        judged * 100 >= expected * 90 && judged <= expected + expected / 20,
        "{judged} judged, {expected} labelled as secret"
    );
}
