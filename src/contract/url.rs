//! Takes URLs and connection strings apart, broken ones too.
//!
//! A parser that refuses what it cannot read would say nothing of use here: the password with a `/` in it and the
//! list of hosts of a replica set are what has to be seen. The parts are those of RFC 3986 §3; the host of
//! a connection string may be several with commas between.

use crate::secret::SecretValue;

/// The parts of a URL, as they are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Url<'a> {
    pub(super) scheme: &'a str,
    pub(super) user: Option<&'a str>,
    pub(super) password: Option<&'a str>,
    hosts: &'a str,
    pub(super) path: &'a str,
}

impl<'a> Url<'a> {
    /// Takes `text` apart; `None` when it has no scheme or no host.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let has_gaps = text
            .chars()
            .any(|character| character.is_whitespace() || character.is_control());
        Self::split(text).filter(|url| !has_gaps && url.is_sound())
    }

    /// Takes `text` apart at its signs, whatever stands between them.
    fn split(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (authority, behind) = rest.split_at(end_of_authority(rest));
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (Some(login), hosts),
            None => (None, authority),
        };
        let (user, password) = match login.map(|login| login.split_once(':').ok_or(login)) {
            Some(Ok((user, password))) => (Some(user), Some(password)),
            Some(Err(user)) => (Some(user), None),
            None => (None, None),
        };
        let path = &behind[..behind.find(['?', '#']).unwrap_or(behind.len())];
        Some(Self {
            scheme,
            user,
            password,
            hosts,
            path,
        })
    }

    fn is_sound(&self) -> bool {
        is_scheme(self.scheme) && self.hosts().all(|host| !host.is_empty()) && self.ports_are_numbers()
    }

    /// Returns the hosts without their ports; all but replica sets have one.
    pub(super) fn hosts(self) -> impl Iterator<Item = &'a str> {
        self.hosts.split(',').map(|host| split_port(host).0)
    }

    fn ports_are_numbers(&self) -> bool {
        self.hosts.split(',').all(|host| match split_port(host).1 {
            Some(port) => port.parse::<u16>().is_ok(),
            None => true,
        })
    }
}

/// Returns the password inside a URL or a connection string, decoded, also where scheme, host or port are no good;
/// `None` where there is none.
pub(super) fn password(text: &str) -> Option<SecretValue> {
    let password = Url::split(text)?
        .password
        .filter(|password| !password.is_empty())?;
    let mut decoded = Vec::with_capacity(password.len());
    decode(password, &mut decoded);
    Some(SecretValue::new(decoded))
}

/// Returns where path, query or fragment begin. An unescaped `/` in the password does not end the authority: that
/// ends behind the last `@` then.
fn end_of_authority(rest: &str) -> usize {
    let ends = ['/', '?', '#'];
    let end = rest.find(ends).unwrap_or(rest.len());
    let authority = &rest[..end];
    if authority.contains('@') || !is_cut_inside_a_password(authority) {
        return end;
    }
    let at = rest.rfind('@').unwrap_or(end);
    rest[at..].find(ends).map_or(rest.len(), |end| at + end)
}

/// Returns whether what looks like a port is none, as in `user:pass/word@host`.
fn is_cut_inside_a_password(authority: &str) -> bool {
    split_port(authority)
        .1
        .is_some_and(|port| port.parse::<u16>().is_err())
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    if let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, port.strip_prefix(':'));
    }
    match host.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (host, None),
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Returns whether `host` is `pattern`, or below it where the pattern starts with `*.`; case does not count.
pub(super) fn host_fits(pattern: &str, host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let pattern = pattern.to_ascii_lowercase();
    match pattern.strip_prefix('*') {
        Some(tail) if tail.starts_with('.') => host.len() > tail.len() && host.ends_with(tail),
        _ => host == pattern,
    }
}

/// Returns whether a password or a user can stand in a URL as it is (RFC 3986 §3.2.1).
pub(super) fn is_soundly_encoded(part: &str) -> bool {
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        let fits = match byte {
            b'%' => {
                let digits = [rest.next(), rest.next()];
                digits
                    .iter()
                    .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
            }
            other => other.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:".contains(&other),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Decodes `%XX`; what is not soundly encoded stays as it is.
fn decode(part: &str, out: &mut Vec<u8>) {
    let bytes = part.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let decoded = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(decoded.unwrap_or(bytes[at]));
        at += if decoded.is_some() { 3 } else { 1 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found() {
        let url = Url::parse("postgresql://app:p%40ss@db.example.net:5432/shop?sslmode=require").unwrap();

        assert_eq!(
            (url.scheme, url.user, url.password),
            ("postgresql", Some("app"), Some("p%40ss"))
        );
        assert_eq!(url.hosts().collect::<Vec<_>>(), ["db.example.net"]);
        assert_eq!(url.path, "/shop");
    }

    #[test]
    fn broken_passwords_and_replica_sets_are_read() {
        let slash = Url::parse("postgres://app:aB/c+d@db:5432/shop").unwrap();
        assert_eq!((slash.password, slash.path), (Some("aB/c+d"), "/shop"));
        assert_eq!(slash.hosts().collect::<Vec<_>>(), ["db"]);
        let at = Url::parse("postgres://app:a@b@db/shop").unwrap();
        assert_eq!(at.password, Some("a@b"));
        let replica = Url::parse("mongodb://u:p@a:27017,b:27018/app").unwrap();
        assert_eq!(replica.hosts().collect::<Vec<_>>(), ["a", "b"]);
        let redis = Url::parse("redis://:pw@cache:6379").unwrap();
        assert_eq!((redis.user, redis.password), (Some(""), Some("pw")));
        let v6 = Url::parse("http://[::1]:8080/x").unwrap();
        assert_eq!(v6.hosts().collect::<Vec<_>>(), ["::1"]);
    }

    #[test]
    fn a_password_is_found_whatever_is_wrong_around_it() {
        let found = |text: &str| password(text).map(|found| found.expose().to_vec());

        for (text, expected) in [
            ("postgresql://app:p%40ss@db:5432/shop", "p@ss"),
            ("jdbc:postgresql://app:word@db/shop", "word"),
            ("postgres://app:word@db:PORT/shop", "word"),
            ("postgres://app:two words@db/shop", "two words"),
            ("postgres://app:a/b@db/shop", "a/b"),
            ("redis://:word@", "word"),
        ] {
            assert_eq!(found(text).as_deref(), Some(expected.as_bytes()), "{text}");
        }
        for text in [
            "",
            "word",
            "https://example.com/a:b@c",
            "postgres://app@db",
            "postgres://app:@db",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_url_is_none() {
        for text in [
            "",
            "example.com",
            "://x",
            "https://",
            "http://a b",
            "http://host:port/",
            "1x://a",
        ] {
            assert!(Url::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn hosts_fit_exactly_or_below_a_star() {
        assert!(host_fits("localhost", "LOCALHOST"));
        assert!(host_fits("*.supabase.co", "abc.supabase.co"));
        assert!(!host_fits("*.supabase.co", "supabase.co"));
        assert!(!host_fits("*.supabase.co", "evilsupabase.co"));
        assert!(!host_fits("supabase.co", "abc.supabase.co"));
    }

    #[test]
    fn percent_encoding_is_checked_and_undone() {
        assert!(is_soundly_encoded("aZ0-._~%2F"));
        for broken in ["a/b", "a@b", "100%", "%zz", "a#b", "a?b", "a b"] {
            assert!(!is_soundly_encoded(broken), "{broken}");
        }
        let mut out = Vec::new();
        decode("a%2Fb%", &mut out);
        assert_eq!(out, b"a/b%");
    }
}
