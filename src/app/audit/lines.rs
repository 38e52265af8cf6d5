//! Where a policy file declares what findings are about.

use std::collections::BTreeMap;

/// Returns the line of each secret, variable and certificate that has a table of its own, counted from 1.
///
/// What a preset declares, or an inline table, has no line here.
pub(super) fn of_tables(policy_text: &str) -> BTreeMap<String, u32> {
    let mut lines = BTreeMap::new();
    for (number, line) in (1..).zip(policy_text.lines()) {
        if let Some(name) = declared(line) {
            lines.entry(name.to_owned()).or_insert(number);
        }
    }
    lines
}

/// Returns the name in a line like `[secrets.NAME]`, `[secrets.NAME.when.production]` or `[certificates."a.example"]`.
fn declared(line: &str) -> Option<&str> {
    let path = line.trim_start().strip_prefix('[')?;
    let (table, rest) = path.split_once('.')?;
    if !["certificates", "secrets", "variables"].contains(&table.trim()) {
        return None;
    }
    let rest = rest.trim_start();
    match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next(),
        None => rest.split(['.', ']', ' ']).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_whatever_they_look_like() {
        let text = "name = \"x\"\n[secrets.A]\n  [ secrets . B ] # why\n[secrets.A.when.production]\n\
                    [certificates.\"a.example.com\"]\n[sinks.web]\n[variables.PORT]\n";

        let lines: Vec<(String, u32)> = of_tables(text).into_iter().collect();
        let expected = [("A", 2), ("B", 3), ("PORT", 7), ("a.example.com", 5)];
        assert_eq!(lines, expected.map(|(name, line)| (name.to_owned(), line)));
    }
}
