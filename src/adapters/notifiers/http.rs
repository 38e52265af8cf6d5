//! Requests over HTTP: one attempt each, to one host, with nothing of the answer read but its status.

use std::cell::OnceCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use rustls::CertificateError;
use rustls::crypto::ring::default_provider;
use ureq::Agent;
use ureq::Error;
use ureq::http::HeaderMap;
use ureq::http::StatusCode;
use ureq::tls::Certificate;
use ureq::tls::RootCerts;
use ureq::tls::TlsConfig;
use url::Url;

use crate::adapters::notifiers::variables::host;
use crate::ports::NotifyError;
use crate::ports::Obstacle;

/// What sends requests, with the authorities that this machine trusts; it is made for the first request.
pub(super) type Client = Agent;

/// A URL that requests go to.
pub(super) struct Http {
    url: Url,
    timeout: Duration,
    client: Rc<OnceCell<Client>>,
}

impl Http {
    /// Prepares requests to a URL, each of which may take so long.
    pub(super) fn new(url: Url, timeout: Duration, client: Rc<OnceCell<Client>>) -> Self {
        Self { url, timeout, client }
    }

    /// Sends a JSON document.
    pub(super) fn post(
        &self,
        body: &[u8],
        headers: &[(&str, String)],
        at: DateTime<Utc>,
    ) -> Result<(), NotifyError> {
        let mut request = self
            .client()
            .post(self.url.as_str())
            .content_type("application/json")
            .config()
            .timeout_global(Some(self.timeout))
            .build();
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match request.send(body) {
            Ok(answer) => self.accepted(answer.status(), answer.headers(), at),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Calls the URL.
    pub(super) fn get(&self) -> Result<(), NotifyError> {
        let request = self.client().get(self.url.as_str()).config();
        match request.timeout_global(Some(self.timeout)).build().call() {
            Ok(answer) => self.accepted(answer.status(), &HeaderMap::new(), DateTime::UNIX_EPOCH),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let found = rustls_native_certs::load_native_certs().certs;
            let roots = found.iter().map(|der| Certificate::from_der(der).to_owned());
            let tls = TlsConfig::builder()
                .root_certs(RootCerts::from(roots.collect::<Vec<_>>()))
                .unversioned_rustls_crypto_provider(Arc::new(default_provider()))
                .build();
            Agent::config_builder()
                .tls_config(tls)
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                // What a person approved is a host, and not a way to it.
                .proxy(None)
                .user_agent(concat!("mintage/", env!("CARGO_PKG_VERSION")))
                .build()
                .into()
        })
    }

    /// Judges an answer by its status.
    fn accepted(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        at: DateTime<Utc>,
    ) -> Result<(), NotifyError> {
        let host = host(&self.url);
        let obstacle = match status.as_u16() {
            200..300 => return Ok(()),
            300..400 => {
                let what = format!("{host} sends on to elsewhere ({status}), which is not followed");
                return Err(NotifyError::new(Obstacle::Refused, what));
            }
            408 | 425 | 429 | 500.. => Obstacle::Passing,
            _ => Obstacle::Refused,
        };
        Err(NotifyError {
            retry_after: retry_after(headers, at),
            ..NotifyError::new(
                obstacle,
                format!("{host} answers with the status {}", status.as_u16()),
            )
        })
    }

    /// Says why there is no answer. What the library says may repeat the URL, and is not told.
    fn failed(&self, error: &Error) -> NotifyError {
        let host = host(&self.url);
        let (obstacle, what) = match error {
            Error::Timeout(_) => (
                Obstacle::Passing,
                format!("{host} did not answer within {} seconds", self.timeout.as_secs()),
            ),
            Error::HostNotFound => (Obstacle::Passing, format!("the name {host} is not known")),
            Error::Rustls(error) => (Obstacle::Unreachable, untrusted(&host, error)),
            Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(error) => (Obstacle::Unreachable, untrusted(&host, error)),
                None => (Obstacle::Passing, interrupted(&host, error)),
            },
            Error::ConnectionFailed => (Obstacle::Passing, format!("{host} cannot be reached")),
            _ => (
                Obstacle::Unreachable,
                format!("what answers at {host} is no web server"),
            ),
        };
        NotifyError::new(obstacle, what)
    }
}

/// Says why a host is not believed.
pub(super) fn untrusted(host: &str, error: &rustls::Error) -> String {
    use rustls::Error;
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            format!("nobody that this machine trusts vouches for the certificate of {host}")
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => format!("what answers at {host} has a certificate for another name"),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            format!("the certificate of {host} has expired")
        }
        Error::InvalidCertificate(_) => format!("the certificate of {host} is not valid"),
        Error::InvalidMessage(_) => format!("what answers at {host} does not speak TLS"),
        _ => format!("the handshake with {host} fails"),
    }
}

/// Says what became of a connection.
pub(super) fn interrupted(host: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => format!("{host} refuses the connection"),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => format!("{host} did not answer in time"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => {
            format!("{host} hangs up")
        }
        _ => format!("{host} cannot be reached"),
    }
}

/// Reads how long a host asks to be left alone: seconds, or until a date.
fn retry_after(headers: &HeaderMap, at: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(text).ok()?;
    (until.to_utc() - at).to_std().ok()
}
