//! Certificates: where each is read, whose name it must bear, and when its end is announced.

use std::fmt;
use std::net::Ipv6Addr;

use crate::policy::Period;
use crate::policy::document::At;
use crate::policy::document::CertificateWire;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;

/// A certificate that runs out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Certificate {
    name: String,
    source: CertificateSource,
    server_name: Option<String>,
    remind_before: Option<Period>,
    description: Option<String>,
}

/// Where a certificate is read.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CertificateSource {
    /// A PEM file, relative to the project.
    File(String),
    /// A host that serves it.
    Host(HostAddress),
}

/// A host and its port: 443 unless said otherwise.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct HostAddress {
    host: String,
    port: u16,
}

impl Certificate {
    /// Builds a certificate.
    pub(super) fn build(name: &At<String>, table: &Table, problems: &mut Problems) -> Option<Self> {
        let wire = CertificateWire::read(table, problems);
        if wire.broken {
            return None;
        }
        let source = match (wire.file, wire.host) {
            (Some(file), None) => CertificateSource::File(file.value),
            (None, Some(host)) => match HostAddress::parse(&host.value) {
                Some(address) => CertificateSource::Host(address),
                None => {
                    let text = format!(
                        "`host` is `{}`, and needed is a host with or without a port, such as `example.com:443`",
                        Excerpt::new(&host.value)
                    );
                    problems.add(&host.place, PolicyErrorKind::Contradiction(text));
                    return None;
                }
            },
            _ => {
                let text = "a certificate has either `file` or `host`".to_owned();
                problems.add(&name.place, PolicyErrorKind::Contradiction(text));
                return None;
            }
        };
        if let Some(server) = &wire.server_name
            && !is_label_list(server.value.trim_start_matches("*."))
        {
            let text = format!(
                "`server_name` is `{}`, and needed is the name of a host, such as `example.com`",
                Excerpt::new(&server.value)
            );
            problems.add(&server.place, PolicyErrorKind::Contradiction(text));
        }
        Some(Self {
            name: name.value.clone(),
            source,
            server_name: wire.server_name.map(|at| at.value),
            remind_before: wire.remind_before.map(|at| at.value),
            description: wire.description.map(|at| at.value),
        })
    }

    /// Returns the name of its table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns where it is read.
    pub fn source(&self) -> &CertificateSource {
        &self.source
    }

    /// Returns the name that it must be for: what the policy says, the name of the table where that is the name of a
    /// host, or else the host that serves it.
    pub fn server_name(&self) -> Option<&str> {
        let of_table = is_host_name(&self.name).then_some(self.name.as_str());
        let of_host = match &self.source {
            CertificateSource::File(_) => None,
            CertificateSource::Host(address) => Some(address.host()),
        };
        self.server_name.as_deref().or(of_table).or(of_host)
    }

    /// Returns how long before its end it is announced; `None` is 30 days, or the last third of a life of less than 90.
    pub fn remind_before(&self) -> Option<Period> {
        self.remind_before
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

impl HostAddress {
    /// Reads `host`, `host:port` or `[IPv6]:port`.
    fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']')?;
                host.parse::<Ipv6Addr>().ok()?;
                (host, port.strip_prefix(':'))
            }
            None => match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        let is_host = text.starts_with('[') || is_label_list(host);
        let port = port.map_or(Some(HTTPS), |port| port.parse().ok().filter(|port| *port > 0))?;
        is_host.then(|| Self {
            host: host.to_owned(),
            port,
        })
    }

    /// Returns the host: a name or an address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Returns whether a text is the name of a host in a domain, of which one may be `*`.
fn is_host_name(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    name.contains('.') && is_label_list(name)
}

/// Returns whether a text is labels between dots, as the names of hosts and IPv4 addresses are.
fn is_label_list(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(is_inside)
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// The port of HTTPS.
const HTTPS: u16 = 443;

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<String> {
        HostAddress::parse(text).map(|address| address.to_string())
    }

    #[test]
    fn a_host_has_a_port_or_that_of_https() {
        assert_eq!(address("example.com").as_deref(), Some("example.com:443"));
        assert_eq!(address("db:8443").as_deref(), Some("db:8443"));
        assert_eq!(address("127.0.0.1:1").as_deref(), Some("127.0.0.1:1"));
        assert_eq!(address("[::1]:8443").as_deref(), Some("[::1]:8443"));
        for wrong in [
            "",
            "https://example.com",
            "a b",
            "x:0",
            "x:99999",
            "[x]:1",
            "x:",
            "::1",
            "a..b",
            "x/y",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_name_of_a_table_is_a_host_where_it_looks_like_one() {
        assert!(is_host_name("app.example.com"));
        assert!(is_host_name("*.example.com"));
        assert!(!is_host_name("payment-links"));
        assert!(!is_host_name("the certificate. of app"));
    }
}
