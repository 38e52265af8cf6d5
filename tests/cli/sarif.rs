//! The schema of SARIF 2.1.0, copied from the crate serde-sarif, which carries that of OASIS.

use serde_json::Value;

/// Checks a log against the schema, and the schema against a log that is none.
#[track_caller]
pub fn assert_valid(log: &Value) {
    let schema = include_str!("../fixtures/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // A bracket too many makes this pattern no regular expression in the standard itself; the field is not ours.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(log)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{}]})));
}
