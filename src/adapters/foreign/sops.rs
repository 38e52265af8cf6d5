//! Files that sops encrypted. The program itself decrypts them.

use crate::adapters::foreign::Desk;
use crate::adapters::foreign::Foreign;
use crate::adapters::foreign::Given;
use crate::adapters::foreign::instant;
use crate::adapters::foreign::leaves;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// A file of YAML, JSON, INI or variables that sops encrypted.
pub(super) const SOURCE: Foreign = Foreign {
    name: "sops",
    place: "FILE",
    needs_keys: true,
    open,
};

fn open(place: &str, desk: &Desk) -> Result<Box<dyn ForeignSource>, ForeignError> {
    let encrypted = desk.content(place)?;
    let place_of_file = std::path::absolute(place).map_err(|error| ForeignError::Unreadable {
        place: place.to_owned(),
        why: error.to_string(),
    })?;
    let file = place_of_file
        .to_str()
        .ok_or_else(|| ForeignError::Absent(place.to_owned()))?;
    let plain = desk
        .program("sops")?
        .run(&["--decrypt", "--output-type", "json", file], place)?;
    let leaves = leaves::json(plain.expose()).ok_or_else(|| ForeignError::Malformed {
        place: place.to_owned(),
        wanted: "a document: what sops decrypts has no names",
    })?;
    let entries = leaves
        .iter()
        .map(|leaf| (leaf.path.join("/"), SecretValue::copied_from(leaf.value.expose())));
    Ok(Box::new(Given {
        entries: entries.collect(),
        changed: last_modified(encrypted.expose()),
        remains: vec![Remainder {
            place: format!("{place}, encrypted to others' keys, and its past in the repository"),
            cure: format!("git rm {place}, once nothing reads it"),
        }],
    }))
}

/// Finds when sops last wrote the file, which it notes in every format: the values are at least as old.
fn last_modified(file: &[u8]) -> Option<chrono::DateTime<chrono::Utc>> {
    const KEY: &[u8] = b"lastmodified";
    let at = file.windows(KEY.len()).rposition(|window| window == KEY)?;
    let rest = &file[at + KEY.len()..];
    let start = rest.iter().position(u8::is_ascii_digit)?;
    let is_of_date = |byte: &u8| byte.is_ascii_alphanumeric() || b":+-.".contains(byte);
    let end = rest[start..]
        .iter()
        .position(|byte| !is_of_date(byte))
        .unwrap_or(rest.len() - start);
    instant(std::str::from_utf8(&rest[start..start + end]).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_found_in_every_format() {
        let wanted = instant("2026-01-31T10:00:00Z");

        for file in [
            "sops:\n    lastmodified: \"2026-01-31T10:00:00Z\"\n    mac: x\n",
            "{\"sops\": {\"lastmodified\": \"2026-01-31T10:00:00Z\", \"mac\": \"x\"}}",
            "A=ENC[x]\nsops_lastmodified=2026-01-31T10:00:00Z\nsops_mac=x\n",
            "[sops]\nlastmodified = 2026-01-31T10:00:00Z",
        ] {
            assert_eq!(last_modified(file.as_bytes()), wanted, "{file}");
        }
        assert_eq!(last_modified(b"A=1\n"), None);
    }
}
