//! Whether a certificate is for a host (RFC 9525).

use std::net::IpAddr;

/// Returns whether one of `names` is `host`. A `*` stands for the first label alone, and never within an address.
pub fn covers(names: &[String], host: &str) -> bool {
    let host = host.trim_end_matches('.');
    if let Ok(address) = host.parse::<IpAddr>() {
        return names.iter().any(|name| name.parse() == Ok(address));
    }
    names.iter().any(|name| {
        let name = name.trim_end_matches('.');
        let by_wildcard = || {
            let domain = name.strip_prefix("*.")?;
            let (label, rest) = host.split_once('.')?;
            (!label.is_empty() && rest.eq_ignore_ascii_case(domain)).then_some(())
        };
        name.eq_ignore_ascii_case(host) || by_wildcard().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_one_label() {
        let names = [
            "*.example.com".to_owned(),
            "Example.com".to_owned(),
            "10.0.0.1".to_owned(),
        ];

        for host in [
            "a.example.com",
            "A.EXAMPLE.com.",
            "example.COM",
            "*.example.com",
            "10.0.0.1",
        ] {
            assert!(covers(&names, host), "{host}");
        }
        for host in [
            "a.b.example.com",
            ".example.com",
            "xexample.com",
            "com",
            "10.0.0.2",
            "example.org",
        ] {
            assert!(!covers(&names, host), "{host}");
        }
        assert!(!covers(&["*.0.0.1".to_owned()], "10.0.0.1"));
    }
}
