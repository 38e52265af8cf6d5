//! What Docker and Compose make of a line, as measured on them (docker CLI 28.2.2, compose-go 2026-07).
//!
//! This is an oracle, not the programs: it holds every case of the measured table that a value in one line can meet.

/// `docker run --env-file`: a line is kept as it is up to its end, quotes, `#` and all.
pub fn docker(values: &[String]) -> Vec<Option<String>> {
    let read = |value: &String| value.lines().next().map(str::to_owned);
    values.iter().map(read).collect()
}

/// An env file in Compose: quotes are stripped, ` #` starts a comment, `$` a variable, white space is trimmed.
pub fn compose(values: &[String]) -> Vec<Option<String>> {
    let read = |value: &String| {
        let line = value.lines().next().unwrap_or_default();
        for quote in ['\'', '"'] {
            if let Some(rest) = line.strip_prefix(quote) {
                // Escapes inside the quotes are a case of their own; what matters here is that the quotes go.
                return rest.split_once(quote).map(|(inside, _)| inside.to_owned());
            }
        }
        let bare = line.split_once(" #").map_or(line, |(before, _)| before);
        expanded(bare.trim())
    };
    values.iter().map(read).collect()
}

/// Expands `$NAME` and `${NAME}` of an empty environment; `$$` is one `$`.
fn expanded(text: &str) -> Option<String> {
    let mut read = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        read.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            read.push('$');
            rest = after;
        } else if let Some(braced) = after.strip_prefix('{') {
            rest = braced.split_once('}')?.1;
        } else {
            let name = after.find(|found: char| !found.is_ascii_alphanumeric() && found != '_');
            let end = name.unwrap_or(after.len());
            if end == 0 {
                read.push('$');
            }
            rest = after.get(end..)?;
        }
    }
    read.push_str(rest);
    Some(read)
}
