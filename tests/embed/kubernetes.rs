//! The Secret that is written is one to Kubernetes, as JSON and as YAML.

use mintage::dotenv::Form;
use mintage::dotenv::Variable;
use mintage::dotenv::write;
use mintage::secret::SecretValue;

use crate::tools::python;

/// Validates a manifest against the schema of Kubernetes and prints its data, in hexadecimal.
const SCRIPT: &str = "
import base64, json, sys, kubernetes_validate, yaml
text = sys.stdin.read()
manifest = yaml.safe_load(text)
assert manifest == json.loads(text)
try:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
    print(json.dumps({k: base64.b64decode(v, validate=True).hex() for k, v in manifest['data'].items()}))
except kubernetes_validate.ValidationError as error:
    print('refused')";

fn manifest(values: &[(&str, &[u8])]) -> String {
    let variables: Vec<Variable> = values
        .iter()
        .map(|(name, value)| Variable {
            name: name.parse().unwrap(),
            value: SecretValue::new(value.to_vec()),
        })
        .collect();
    let text = write(Form::Kubernetes, "Shop_API production", &variables).unwrap();
    String::from_utf8(text.expose().to_vec()).unwrap()
}

#[test]
fn kubernetes_takes_the_manifest_and_finds_the_values() {
    // Names that YAML would take for something else, and values that are no text.
    let values: [(&str, &[u8]); 5] = [
        ("NO", b"x"),
        ("null", b""),
        ("y", b"a\nb"),
        ("_1", b"\xff\0\xfe"),
        ("LONG", &[b'a'; 5_000]),
    ];

    let printed = python(SCRIPT, &manifest(&values));

    let found: std::collections::BTreeMap<String, String> = serde_json::from_str(&printed).unwrap();
    assert_eq!(found.len(), values.len());
    for (name, value) in values {
        assert_eq!(found[name], hex::encode(value));
    }
}

#[test]
fn the_validation_sees_a_manifest_that_is_wrong() {
    let right = manifest(&[("A", b"x")]);

    for (from, to) in [
        ("\"eA==\"", "1"),
        ("\"data\"", "\"values\""),
        ("\"v1\"", "\"v9\""),
    ] {
        let wrong = right.replace(from, to);
        assert_ne!(wrong, right);
        let script = format!("{SCRIPT}\nexcept Exception: print('refused')");
        assert_eq!(python(&script, &wrong).trim(), "refused", "{from}");
    }
}
