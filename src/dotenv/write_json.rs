//! Variables as JSON (RFC 8259), and as a Secret of Kubernetes.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Visitor;

use crate::dotenv::write::Reason;
use crate::dotenv::write::Unwritable;
use crate::dotenv::write::Variable;
use crate::dotenv::write::WriteError;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// Writes an object of strings.
pub(super) fn object(variables: &[Variable]) -> Result<SecretValue, WriteError> {
    let binary: Vec<Unwritable> = variables
        .iter()
        .filter(|variable| std::str::from_utf8(variable.value.expose()).is_err())
        .map(|variable| Unwritable {
            name: variable.name.clone(),
            reason: Reason::NotUtf8,
        })
        .collect();
    if !binary.is_empty() {
        return Err(WriteError::Unwritable(binary));
    }
    let mut out = SecretBuffer::new();
    members(&mut out, "", variables, string);
    out.push(b'\n');
    let read: BTreeMap<String, Text> = parsed(out.expose())?;
    is_read_back(&read, variables, |text| {
        Some(SecretValue::new(text.0.expose().to_vec()))
    })?;
    Ok(out.finish())
}

/// Writes a Secret (v1) whose `data` are the values in base64, so that a manifest holds any bytes.
pub(super) fn kubernetes(title: &str, variables: &[Variable]) -> Result<SecretValue, WriteError> {
    let found: usize = variables.iter().map(|variable| variable.value.len()).sum();
    if found > MOST_BYTES {
        return Err(WriteError::TooLarge {
            found,
            limit: MOST_BYTES,
        });
    }
    let mut out = SecretBuffer::new();
    out.extend(b"{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"metadata\": {\n    \"name\": ");
    string(&mut out, dns_name(title).as_bytes());
    out.extend(b"\n  },\n  \"type\": \"Opaque\",\n  \"data\": ");
    members(&mut out, "  ", variables, |out, value| {
        out.push(b'"');
        out.extend(in_base64(value).expose());
        out.push(b'"');
    });
    out.extend(b"\n}\n");
    let read: Manifest = parsed(out.expose())?;
    is_read_back(&read.data, variables, |text| {
        let bytes = STANDARD.decode(text.0.expose()).ok()?;
        Some(SecretValue::new(bytes))
    })?;
    Ok(out.finish())
}

fn members(
    out: &mut SecretBuffer,
    indent: &str,
    variables: &[Variable],
    write: fn(&mut SecretBuffer, &[u8]),
) {
    out.push(b'{');
    for (place, variable) in variables.iter().enumerate() {
        let before = if place > 0 { ",\n" } else { "\n" };
        out.extend(format!("{before}{indent}  \"{}\": ", variable.name).as_bytes());
        write(out, variable.value.expose());
    }
    if !variables.is_empty() {
        out.extend(format!("\n{indent}").as_bytes());
    }
    out.push(b'}');
}

/// Writes a string; its bytes are UTF-8.
fn string(out: &mut SecretBuffer, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend(&[b'\\', *byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0..0x20 | 0x7f => out.extend(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}

fn in_base64(value: &[u8]) -> SecretValue {
    SecretValue::init_with(4 * value.len().div_ceil(3), |out| {
        // The room is exact, so this cannot fail; were it wrong, the reading back would tell.
        let _ = STANDARD.encode_slice(value, out);
    })
}

/// Returns what a Secret can be called: a DNS subdomain (RFC 1123).
fn dns_name(title: &str) -> String {
    let plain: String = title
        .to_ascii_lowercase()
        .chars()
        .map(|found| if found.is_ascii_alphanumeric() { found } else { '-' })
        .take(MOST_OF_NAME)
        .collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() {
        "secrets".to_owned()
    } else {
        plain.to_owned()
    }
}

fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, WriteError> {
    serde_json::from_slice(bytes).map_err(|_| WriteError::NotReadBack)
}

fn is_read_back(
    read: &BTreeMap<String, Text>,
    variables: &[Variable],
    decode: impl Fn(&Text) -> Option<SecretValue>,
) -> Result<(), WriteError> {
    let is_same = |variable: &Variable| {
        let found = read.get(variable.name.as_str()).and_then(&decode);
        found.is_some_and(|found| found == variable.value)
    };
    if read.len() == variables.len() && variables.iter().all(is_same) {
        Ok(())
    } else {
        Err(WriteError::NotReadBack)
    }
}

/// As much of a manifest as is read back.
#[derive(Deserialize)]
struct Manifest {
    data: BTreeMap<String, Text>,
}

/// A string of JSON that is wiped.
struct Text(SecretValue);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Wiped;
        impl Visitor<'_> for Wiped {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(SecretValue::new(text.as_bytes().to_vec())))
            }
        }
        deserializer.deserialize_str(Wiped)
    }
}

/// Bytes of all values that a Secret holds at most.
const MOST_BYTES: usize = 1_024 * 1_024;

/// Characters of a name of Kubernetes.
const MOST_OF_NAME: usize = 253;
