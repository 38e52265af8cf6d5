//! JSON in a variable: credentials that a service hands out as a file, and settings with a secret among them.

use crate::secret::SecretValue;

/// Returns the shortest secret among the members of a JSON document, which is what its strength depends on.
///
/// The document is searched and not parsed, so that no copy of it is left behind.
pub fn secret_in_json(value: &SecretValue) -> Option<SecretValue> {
    let text = std::str::from_utf8(value.expose()).ok()?.trim();
    let shortest = members(text).min_by_key(|member| member.len())?;
    Some(SecretValue::init_with(shortest.len(), |copy| {
        copy.copy_from_slice(shortest.as_bytes());
    }))
}

/// Returns the texts of the members that are called like a secret; none unless `text` looks like JSON.
pub(super) fn members(text: &str) -> impl Iterator<Item = &str> {
    let is_json = text.starts_with('{') || text.starts_with("[{");
    let names = MEMBERS.iter().filter(move |_| is_json);
    names.flat_map(move |name| {
        let found = text.match_indices(name);
        found.filter_map(move |(at, _)| string(text.get(at + name.len()..)?))
    })
}

/// Returns the string behind `:`, as it is written, without its quotes.
fn string(rest: &str) -> Option<&str> {
    let text = rest
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;
    let mut escaped = false;
    let end = text.find(|sign: char| {
        let ends = sign == '"' && !escaped;
        escaped = sign == '\\' && !escaped;
        ends
    });
    text.get(..end?)
}

/// Names of members that hold secrets, with their quotes.
const MEMBERS: [&str; 9] = [
    "\"api_key\"",
    "\"apiKey\"",
    "\"client_secret\"",
    "\"clientSecret\"",
    "\"key\"",
    "\"password\"",
    "\"private_key\"",
    "\"secret\"",
    "\"token\"",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Option<String> {
        let found = secret_in_json(&SecretValue::new(text.as_bytes().to_vec()))?;
        Some(String::from_utf8(found.expose().to_vec()).unwrap())
    }

    #[test]
    fn the_shortest_secret_member_counts() {
        let text = r#"{"client_id":"long-and-public","apps":[{"secret" : "ab\"c"},{"password":"longer"}]}"#;

        assert_eq!(secret(text).as_deref(), Some(r#"ab\"c"#));
    }

    #[test]
    fn other_texts_have_no_members() {
        for text in [
            "\"secret\":\"x\"",
            "{}",
            "{\"secret\":1}",
            "{\"secret\":\"unfinished",
            "{\"secret\"",
            "[1]",
            "",
        ] {
            assert_eq!(secret(text), None, "{text}");
        }
    }
}
