//! URLs and connection strings that carry a password.

use crate::dotenv::placeholder;

/// What can be said about a URL without showing it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Url {
    /// The schemes that mean the same service, where they are known.
    pub(super) schemes: &'static [&'static str],
    /// Whether it carries a password.
    pub(super) password: bool,
    /// Whether the password is the user's name or a placeholder.
    pub(super) weak_password: bool,
    /// Whether the password stands between `://` and `@`, and not among `key=value` pairs.
    pub(super) login: bool,
}

/// Reads `text` as a URL or as a connection string, or returns `None`.
pub(super) fn read(text: &str) -> Option<Url> {
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        return pairs(text);
    };
    let login = login(rest);
    let query = query_password(rest);
    Some(Url {
        schemes: known_schemes(scheme),
        password: login.is_some() || query,
        weak_password: login
            .is_some_and(|(user, password)| user == password || placeholder::is_placeholder(password)),
        login: login.is_some(),
    })
}

/// Returns user and password of what follows `://`; a password may hold an unescaped `/`.
fn login(rest: &str) -> Option<(&str, &str)> {
    let (authority, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
    let (before, _) = authority.rsplit_once('@').or_else(|| {
        let (_, port) = authority.rsplit_once(':')?;
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        if is_port { None } else { rest.rsplit_once('@') }
    })?;
    before
        .split_once(':')
        .filter(|(_, password)| !password.is_empty())
}

fn query_password(rest: &str) -> bool {
    let (_, query) = rest.split_once(['?', ';']).unwrap_or((rest, ""));
    let pairs = || query.split(['&', ';']);
    // `u` and `p` stand for user and password where both are there.
    let short = |name: &'static str| pairs().any(|pair| pair.len() > name.len() && pair.starts_with(name));
    pairs().any(is_password_pair) || (short("u=") && short("p="))
}

/// `Server=db;Password=x` and `host=db password=x`.
fn pairs(text: &str) -> Option<Url> {
    let separator = if text.contains(';') { ';' } else { ' ' };
    let parts = text.split(separator).filter(|part| !part.trim().is_empty());
    let all_pairs = parts.clone().count() >= 2 && parts.clone().all(|part| part.contains('='));
    let url = Url {
        schemes: &[],
        password: parts.clone().any(is_password_pair),
        weak_password: false,
        login: false,
    };
    (all_pairs && url.password).then_some(url)
}

fn is_password_pair(pair: &str) -> bool {
    pair.split_once('=').is_some_and(|(name, value)| {
        let name = name.trim();
        !value.is_empty()
            && ["password", "pwd", "accountkey", "sharedaccesskey"]
                .iter()
                .any(|word| name.eq_ignore_ascii_case(word))
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b':'))
}

fn known_schemes(scheme: &str) -> &'static [&'static str] {
    SCHEMES
        .iter()
        .find(|group| group.iter().any(|known| scheme.eq_ignore_ascii_case(known)))
        .copied()
        .unwrap_or_default()
}

const SCHEMES: &[&[&str]] = &[
    &["postgres", "postgresql"],
    &["redis", "rediss"],
    &["mysql"],
    &["mariadb"],
    &["mongodb", "mongodb+srv"],
    &["amqp", "amqps"],
    &["smtp", "smtps"],
    &["clickhouse"],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Option<bool> {
        read(text).map(|url| url.password)
    }

    #[test]
    fn passwords_in_urls_are_found() {
        for text in [
            "postgres://user:pw@host:5432/db",
            "redis://:pw@host",
            "mongodb+srv://user:pw@a,b/db",
            "postgres://user:p/w@host/db",
            "postgres://user:p@w@host/db",
            "postgres://user:${PW}@host/db",
            "sms://user:pw@mock",
            "jdbc:postgresql://host/db?user=a&password=b",
            "jdbc:sqlserver://host;user=a;password=b",
            "Server=db;User=a;Password=b",
            "host=db password=b",
        ] {
            assert_eq!(password(text), Some(true), "{text}");
        }
    }

    #[test]
    fn urls_without_a_password_are_only_urls() {
        for text in [
            "https://example.com:8080/a@b",
            "redis://localhost:6379",
            "postgres://user@host/db",
            "postgres://user:@host/db",
            "https://key@sentry.example.com/1",
        ] {
            assert_eq!(password(text), Some(false), "{text}");
        }
        for text in ["a b", "Authorization=Basic x", "x=1;y=2", "://x", "1a://x"] {
            assert_eq!(password(text), None, "{text}");
        }
    }
}
