//! The JSON Schema accepts what the program accepts, and refuses what it can see is wrong.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use crate::policy::presets;
use crate::policy::reference;
use crate::policy::schema;

/// What only the whole policy, the arithmetic or the registry shows: no schema of one file can.
const UNSEEN: &[&str] = &[
    "alias-of-itself",
    "alternates-with",
    "certificate-",
    "class-with-max-below-min",
    "claims-",
    "classes-that-overlap",
    "decoded-bytes-other-than-bytes",
    "default-min-length-beyond-the-recipe",
    "default-remind-longer-than-own-rotation",
    "derived-",
    "distinct-from-",
    "duplicate-table",
    "duration-of-nothing",
    "embed-in-a-url",
    "embed-longer-than-the-kind-takes",
    "embed-of-a-number",
    "enum-of-nothing",
    "enum-that-must-equal-something-else",
    "enum-without-values",
    "environment-name",
    "first-of-random-bytes",
    "forbid-pattern-of-every-made-value",
    "freeze-",
    "group-without-a-rule",
    "implication-without-a-consequence",
    "issued-shape-of-a-generated-kind",
    "kind-",
    "max-consecutive-of-nothing",
    "max-of-a-number",
    "min-",
    "mode-not-octal",
    "name-with-a-hyphen",
    "names-equal-but-for-case",
    "notifier-mistakes",
    "overlap-longer-than-rotation",
    "own-kind-",
    "password-from-",
    "pattern-that-",
    "preset-unknown",
    "previous-var-is-a-secret",
    "public-secret",
    "range-",
    "remind-not-shorter-than-rotation",
    "scheme-of-nothing",
    "secret-and-variable",
    "several-mistakes-at-once",
    "shape-",
    "signoff-",
    "sink-",
    "syntax",
    "target-",
    "targets-",
    "too-many-former-versions",
    "type-missing",
    "usage-delay-without-overlap",
    "waiver-until-no-date",
    "warn-",
    "when-",
];

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn as_json(text: &str) -> Option<Value> {
    let table: toml::Table = text.parse().ok()?;
    Some(json_of(table.into()))
}

/// Writes dates as strings, as editors show them to the schema.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(value) => value.to_string().into(),
        toml::Value::Float(value) => value.into(),
        toml::Value::Integer(value) => value.into(),
        toml::Value::String(value) => value.into(),
        toml::Value::Table(table) => {
            let members = table.into_iter().map(|(key, value)| (key, json_of(value)));
            Value::Object(members.collect())
        }
    }
}

fn files(directory: &str) -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/policies")
        .join(directory);
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_preset_and_every_valid_file_passes() {
    let validator = validator();
    let presets = presets()
        .iter()
        .map(|preset| (preset.name.to_owned(), preset.text.to_owned()));

    for (name, text) in presets.chain(files("valid")).chain(files("doubtful")) {
        let document = as_json(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn what_a_schema_can_see_is_refused() {
    let validator = validator();
    let mut wrong = Vec::new();
    for (name, text) in files("invalid") {
        let is_unseen = UNSEEN.iter().any(|unseen| name.starts_with(unseen));
        let passes = as_json(&text).is_some_and(|document| validator.is_valid(&document));
        if passes != is_unseen && as_json(&text).is_some() {
            wrong.push((name, passes));
        }
    }

    assert!(wrong.is_empty(), "(file, passes the schema): {wrong:#?}");
}

#[test]
fn every_field_of_the_reference_has_its_place_and_its_words() {
    let schema = schema();

    for table in reference() {
        let name = table.name.trim_matches(['[', ']']).split('.').next().unwrap();
        let object = match name {
            "the policy" => &schema,
            name => &schema["$defs"][name],
        };
        for field in table.fields {
            let property = &object["properties"][field.key];
            assert_eq!(
                property["description"],
                field.about.trim(),
                "{} {}",
                table.name,
                field.key
            );
        }
    }
}
