//! Promises of writing: what is written is read back, and what cannot be held is refused with its reason.

use proptest::prelude::*;

use super::*;
use crate::secret::SecretValue;

fn variable(name: &str, value: &[u8]) -> Variable {
    Variable {
        name: name.parse().unwrap(),
        value: SecretValue::new(value.to_vec()),
    }
}

fn written(form: Form, values: &[&[u8]]) -> Result<String, WriteError> {
    let variables: Vec<Variable> = ["A", "B", "C"]
        .iter()
        .zip(values)
        .map(|(name, value)| variable(name, value))
        .collect();
    let text = write(form, "My App production", &variables)?;
    Ok(String::from_utf8(text.expose().to_vec()).unwrap())
}

fn refused(form: Form, value: &[u8]) -> Reason {
    match written(form, &[b"fine", value]) {
        Err(WriteError::Unwritable(values)) => {
            assert_eq!(values.len(), 1);
            assert_eq!(values[0].name.as_str(), "B");
            values[0].reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn portable_values_are_bare_everywhere() {
    for form in Form::ALL {
        if let Form::Env(_) = form {
            let values: [&[u8]; 3] = [b"abc", b"", b"a-b_c.d/e:f@g%h+i,j=k^l=="];
            assert_eq!(
                written(form, &values).unwrap(),
                "A=abc\nB=\nC=a-b_c.d/e:f@g%h+i,j=k^l==\n"
            );
        }
    }
}

#[test]
fn values_are_put_into_the_quotes_that_the_dialect_reads() {
    let all: [&[u8]; 3] = [b"a b#c$d", b"it's", b"x\ny"];
    for (dialect, expected) in [
        (Dialect::Dotenv, "A='a b#c$d'\nB=\"it's\"\nC='x\ny'\n"),
        (Dialect::Node, "A='a b#c$d'\nB=\"it's\"\nC='x\ny'\n"),
        (Dialect::Python, "A='a b#c$d'\nB=\"it's\"\nC='x\ny'\n"),
        (Dialect::Compose, "A='a b#c$d'\nB=\"it's\"\nC='x\ny'\n"),
        (Dialect::Systemd, "A='a b#c$d'\nB=\"it's\"\nC='x\ny'\n"),
        (Dialect::Shell, "A='a b#c$d'\nB=\"it's\"\nC='x\ny'\n"),
    ] {
        assert_eq!(
            written(Form::Env(dialect), &all).unwrap(),
            expected,
            "{dialect:?}"
        );
    }
    let hard: [&[u8]; 1] = [b"'\"$\\`"];
    for (dialect, expected) in [
        (Dialect::Python, "A=\"'\\\"$\\\\`\"\n"),
        (Dialect::Compose, "A=\"'\\\"$\\\\`\"\n"),
        (Dialect::Docker, "A='\"$\\`\n"),
        (Dialect::Systemd, "A=\"'\\\"$\\\\`\"\n"),
        (Dialect::Shell, "A=\"'\\\"\\$\\\\\\`\"\n"),
    ] {
        assert_eq!(
            written(Form::Env(dialect), &hard).unwrap(),
            expected,
            "{dialect:?}"
        );
    }
}

#[test]
fn what_a_dialect_cannot_hold_is_refused_with_the_reason() {
    assert_eq!(refused(Form::Env(Dialect::Docker), b"a\nb"), Reason::LineEnd);
    assert_eq!(refused(Form::Env(Dialect::Docker), b"a\r"), Reason::LineEnd);
    assert_eq!(
        refused(Form::Env(Dialect::Docker), &[b'a'; 70_000]),
        Reason::LineTooLong
    );
    assert_eq!(refused(Form::Env(Dialect::Node), b"a\r\nb"), Reason::NoSpelling);
    assert_eq!(refused(Form::Env(Dialect::Node), b"'\"`"), Reason::NoSpelling);
    assert_eq!(
        refused(Form::Env(Dialect::Dotenv), b"' #\" `x"),
        Reason::NoSpelling
    );
    assert_eq!(refused(Form::Env(Dialect::Python), b"a${b}"), Reason::Reference);
    for dialect in Dialect::ALL {
        assert_eq!(refused(Form::Env(dialect), b"a\0b"), Reason::Nul);
    }
    assert_eq!(refused(Form::Env(Dialect::Systemd), b"\xff"), Reason::NotUtf8);
    assert_eq!(refused(Form::Json, b"\xff"), Reason::NotUtf8);
    let name = write(Form::Env(Dialect::Shell), "", &[variable("UID", b"1")]).unwrap_err();
    assert!(matches!(name, WriteError::Unwritable(values) if values[0].reason == Reason::OwnName));
}

#[test]
fn a_quote_that_could_go_on_to_the_next_line_is_not_used() {
    // To node, a backslash at the end escapes the quote, as long as another one ends a line further down.
    assert_eq!(
        refused(Form::Env(Dialect::Dotenv), b"it's\n\\"),
        Reason::NoSpelling
    );
    assert_eq!(
        written(Form::Env(Dialect::Dotenv), &[b"a b\\"]).unwrap(),
        "A=a b\\\n"
    );
    assert_eq!(
        written(Form::Env(Dialect::Compose), &[b"it's\n\\"]).unwrap(),
        "A=\"it's\n\\\\\"\n"
    );
}

#[test]
fn json_is_an_object_of_strings() {
    let text = written(Form::Json, &[b"a\"b\\c\n\x01\x7f", "é\u{2028}".as_bytes()]).unwrap();

    assert_eq!(
        text,
        "{\n  \"A\": \"a\\\"b\\\\c\\n\\u0001\\u007f\",\n  \"B\": \"é\u{2028}\"\n}\n"
    );
    assert_eq!(written(Form::Json, &[]).unwrap(), "{}\n");
}

#[test]
fn a_secret_of_kubernetes_holds_base64_under_a_name_of_dns() {
    let text = written(Form::Kubernetes, &[b"abc", b""]).unwrap();

    assert_eq!(
        text,
        r#"{
  "apiVersion": "v1",
  "kind": "Secret",
  "metadata": {
    "name": "my-app-production"
  },
  "type": "Opaque",
  "data": {
    "A": "YWJj",
    "B": ""
  }
}
"#
    );
    let binary = write(Form::Kubernetes, "---", &[variable("A", b"\xff\0")]).unwrap();
    assert!(String::from_utf8_lossy(binary.expose()).contains("\"name\": \"secrets\""));
    let large = variable("A", &vec![b'a'; 1_024 * 1_024 + 1]);
    assert!(matches!(
        write(Form::Kubernetes, "x", &[large]),
        Err(WriteError::TooLarge { .. })
    ));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_or_refused(
        values in prop::collection::vec("[ab\"'`#\\\\ $={}\n\r~é:!&\u{2028}]{0,9}", 1..4),
        form in 0..Form::ALL.len(),
    ) {
        let values: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
        match written(Form::ALL[form], &values) {
            Err(WriteError::NotReadBack) => panic!("a spelling does not survive beside others"),
            Err(WriteError::Unwritable(_)) | Ok(_) => {}
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn any_text_without_nul_can_be_written_for_shells_systemd_compose_and_json(
        value in "[^\0]{0,40}",
    ) {
        for form in [Form::Env(Dialect::Shell), Form::Env(Dialect::Systemd), Form::Env(Dialect::Compose), Form::Json] {
            prop_assert!(written(form, &[value.as_bytes()]).is_ok(), "{form:?}");
        }
        let bytes: Vec<u8> = value.bytes().collect();
        prop_assert!(written(Form::Kubernetes, &[&bytes]).is_ok());
    }
}
