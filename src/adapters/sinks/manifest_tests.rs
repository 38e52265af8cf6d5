//! Manifests as people write them, and what an edit leaves of them.

use super::*;

const MANIFEST: &str = "# é: the secrets of the app\r
apiVersion: v1\r
kind: Secret\r
metadata: {name: app, labels: {team: a}}  # flow\r
stringData:\r
  # the key\r
  JWT: \"old\\n\" # trailing\r
  PLAIN: abc   # plain\r
  BLOCK: |-\r
    line1\r
    line2\r
  EMPTY:\r
  \"QUOTED\": 'it''s' # single\r
type: Opaque\r
";

fn value(text: &str) -> SecretValue {
    SecretValue::new(text.as_bytes().to_vec())
}

fn parse(text: &str) -> Manifest {
    Manifest::parse(text.as_bytes(), None).unwrap()
}

fn shown(manifest: &Manifest) -> String {
    String::from_utf8(manifest.text().to_vec()).unwrap()
}

#[track_caller]
fn set(text: &str, key: &str, new: &str) -> String {
    let manifest = parse(text).set(key, &value(new)).unwrap();
    assert!(manifest.value(key).unwrap() == Some(value(new)), "{key}");
    shown(&manifest)
}

#[test]
fn one_value_changes_and_not_a_byte_beside_it() {
    for (key, before, after) in [
        ("JWT", "\"old\\n\" #", "\"new\" #"),
        ("PLAIN", "abc   #", "\"new\"   #"),
        ("BLOCK", "|-\r\n    line1\r\n    line2\r\n", "\"new\"\r\n"),
        ("EMPTY", "EMPTY:\r\n", "EMPTY: \"new\"\r\n"),
        ("QUOTED", "'it''s' #", "\"new\" #"),
    ] {
        assert_eq!(
            set(MANIFEST, key, "new"),
            MANIFEST.replacen(before, after, 1),
            "{key}"
        );
    }
}

#[test]
fn a_new_key_goes_behind_the_last_one() {
    assert_eq!(
        set(MANIFEST, "NEW", "a\"b\\c\nd"),
        MANIFEST.replace("single\r\n", "single\r\n  NEW: \"a\\\"b\\\\c\\nd\"\r\n")
    );
    let base = "apiVersion: v1\nkind: Secret\n";
    assert_eq!(set(base, "A", "x"), format!("{base}stringData:\n  A: \"x\"\n"));
    assert_eq!(
        set(base.trim_end(), "A", "x"),
        format!("{base}stringData:\n  A: \"x\"\n")
    );
    let empty = format!("{base}data:  # none yet\nx: y\n");
    assert_eq!(
        set(&empty, "A", "x"),
        format!("{base}data:  # none yet\n  A: \"eA==\"\nx: y\n")
    );
    let block = format!("{base}data:\n    B: |\n        eA==\n");
    assert_eq!(set(&block, "A", "x"), format!("{block}    A: \"eA==\"\n"));
    for open in [block.trim_end(), block.replace('|', "|-").trim_end()] {
        assert!(parse(open).set("A", &value("x")).is_err(), "{open}");
    }
}

#[test]
fn values_in_base64_stay_in_base64() {
    let text = "apiVersion: v1\nkind: Secret\ndata:\n  A: eA==  # x\n";
    assert!(parse(text).value("A").unwrap() == Some(value("x")));
    assert_eq!(set(text, "A", "other"), text.replace("eA==", "\"b3RoZXI=\""));
    let binary = SecretValue::new(vec![0, 159, 146, 150]);
    assert!(parse(text).set("A", &binary).unwrap().value("A").unwrap() == Some(binary));
}

#[test]
fn a_key_goes_with_its_line_alone() {
    for (key, gone) in [
        ("JWT", "  JWT: \"old\\n\" # trailing\r\n"),
        ("BLOCK", "  BLOCK: |-\r\n    line1\r\n    line2\r\n"),
        ("EMPTY", "  EMPTY:\r\n"),
    ] {
        let manifest = parse(MANIFEST).removed(key).unwrap().unwrap();
        assert_eq!(shown(&manifest), MANIFEST.replace(gone, ""));
    }
    assert!(parse(MANIFEST).removed("NOT_THERE").unwrap().is_none());
    let one = "apiVersion: v1\nkind: Secret\nstringData:\n  A: x\n";
    let none = parse(one).removed("A").unwrap().unwrap();
    assert_eq!(shown(&none), "apiVersion: v1\nkind: Secret\nstringData:\n");
    assert_eq!(set(&shown(&none), "B", "y"), one.replace("A: x", "B: \"y\""));
}

#[test]
fn the_secret_is_found_among_other_documents() {
    let text = "---\nkind: ConfigMap\napiVersion: v1\ndata:\n  A: no\n---\napiVersion: v1\nkind: Secret\n\
                metadata:\n  name: one\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: two\ndata:\n  A: eA==\n...\n";
    assert!(Manifest::parse(text.as_bytes(), None).is_err());
    let two = Manifest::parse(text.as_bytes(), Some("two")).unwrap();
    assert!(two.value("A").unwrap() == Some(value("x")));
    let one = Manifest::parse(text.as_bytes(), Some("one"))
        .unwrap()
        .set("A", &value("y"))
        .unwrap();
    assert_eq!(
        shown(&one),
        text.replace("name: one\n", "name: one\nstringData:\n  A: \"y\"\n")
    );
}

#[test]
fn a_new_manifest_can_be_read() {
    let manifest = Manifest::empty("app-secrets")
        .unwrap()
        .set("A", &value("é\u{1f511}\0\u{7f}"))
        .unwrap();

    assert!(shown(&manifest).ends_with("stringData:\n  A: \"\\u00e9\\U0001f511\\u0000\\u007f\"\n"));
    assert!(Manifest::parse(manifest.text(), Some("app-secrets")).is_ok());
}

#[test]
fn what_cannot_be_edited_exactly_is_refused_without_a_value() {
    let head = "apiVersion: v1\nkind: Secret\n";
    for body in [
        "stringData: {A: hunter2}\n",
        "stringData: [hunter2]\n",
        "stringData: &x\n  A: hunter2\n",
        "stringData:\n  A: &x hunter2\n",
        "stringData:\n  A: !!str hunter2\n",
        "stringData:\n  A: *x\n",
        "stringData:\n  <<: *base\n  A: hunter2\n",
        "stringData:\n  A: hunter2\n  A: hunter2\n",
        "stringData:\n  A: hunter2\n  long\n",
        "stringData:\n  A: \"hunter2\n    long\"\n",
        "stringData:\n  ? A\n  : hunter2\n",
        "stringData:\n  A:\n    hunter2\n",
        "stringData:\n  A:\n    B: hunter2\n",
        "stringData:\n  A: hunter2\ndata:\n  A: eA==\n",
        "stringData:\n  A: hunter2\nimmutable: true\n",
        "stringData:\n\tA: hunter2\n",
        "stringData:\n  A: \"hunter2\n",
    ] {
        let text = format!("{head}{body}");
        let edited = Manifest::parse(text.as_bytes(), None).and_then(|read| read.set("A", &value("new")));
        let Err(refusal) = edited else {
            panic!("accepted: {body}");
        };
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    for text in [
        "",
        "a: b",
        "kind: Secret\n",
        "apiVersion: v1\nkind: List\nitems: []\n",
        "\u{0}",
    ] {
        assert!(Manifest::parse(text.as_bytes(), None).is_err(), "{text}");
    }
    let deep = format!("{head}x: {}\n", "[".repeat(100_000));
    assert!(Manifest::parse(deep.as_bytes(), None).is_err());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_back_from_any_key(new in "\\PC{0,40}|[ -~\\n\\t\\r#:'\"]{0,40}", key in "JWT|PLAIN|BLOCK|EMPTY|QUOTED|NEW") {
        let manifest = parse(MANIFEST).set(&key, &value(&new)).unwrap();

        let read = Manifest::parse(manifest.text(), None).unwrap();
        proptest::prop_assert!(read.value(&key).unwrap() == Some(value(&new)));
    }

    #[test]
    fn any_manifest_is_edited_exactly_or_refused(body in "([ ]{0,3}[AB\"'?:|>&*!#\\[{}, -]{0,6}\n?){0,8}") {
        let text = format!("apiVersion: v1\nkind: Secret\n{body}");
        if let Ok(manifest) = Manifest::parse(text.as_bytes(), None)
            && let Ok(edited) = manifest.set("A", &value("new"))
        {
            proptest::prop_assert!(edited.value("A").unwrap() == Some(value("new")));
        }
    }
}
