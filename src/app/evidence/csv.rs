//! Comma-separated values (RFC 4180) that no spreadsheet takes for a formula.

/// Writes a table.
pub fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let header = header.iter().map(|title| (*title).to_owned()).collect();
    let mut text = String::new();
    for row in std::iter::once(header).chain(rows) {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// Quotes a field; one that would start a formula begins with an apostrophe.
fn quoted(field: &str) -> String {
    let starts_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if starts_formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_place_and_start_no_formula() {
        let rows = [vec![
            "a,b".to_owned(),
            "=1+1".to_owned(),
            "say \"x\"\nthen".to_owned(),
        ]];

        assert_eq!(
            String::from_utf8(table(&["x", "y", "z"], rows.into_iter())).unwrap(),
            "x,y,z\r\n\"a,b\",'=1+1,\"say \"\"x\"\"\nthen\"\r\n"
        );
    }
}
