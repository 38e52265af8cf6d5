//! The variables that a notifier reads: URLs and keys, which are secrets. Only hosts and names of variables are told.

use std::collections::BTreeMap;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use url::Url;
use zeroize::Zeroizing;

use crate::policy::NotifierPolicy;
use crate::ports::NotifyError;
use crate::ports::Obstacle;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// The variables of one notifier, by the field that names each.
pub(super) struct Variables<'a>(BTreeMap<&'static str, (&'a SecretName, Option<SecretValue>)>);

impl<'a> Variables<'a> {
    /// Looks the variables of a notifier up.
    pub(super) fn new(policy: &'a NotifierPolicy, value_of: &dyn Fn(&str) -> Option<SecretValue>) -> Self {
        let found = policy.variables().into_iter();
        Self(
            found
                .map(|(field, name)| (field, (name, value_of(name.as_str()))))
                .collect(),
        )
    }

    /// Reads the variable that `field` names as a URL over which nothing leaves this machine unencrypted.
    pub(super) fn url(&self, field: &str) -> Result<Url, NotifyError> {
        let (name, text) = self.read(field)?;
        let url = Url::parse(&text).ok().filter(Url::has_host);
        let url = url.ok_or_else(|| refused(format!("`{name}` holds no URL")))?;
        let (secured, plain) = if field == "smtp_env" {
            ("smtps", "smtp")
        } else {
            ("https", "http")
        };
        match url.scheme() {
            scheme if scheme == secured => Ok(url),
            // SMTP is secured before anything is said (see `email.rs`).
            scheme if scheme == plain && (field == "smtp_env" || is_loopback(&url)) => Ok(url),
            scheme if scheme == plain => Err(refused(format!(
                "`{name}` holds a URL of {}, which is not encrypted: it needs to be {secured}",
                host(&url)
            ))),
            _ => Err(refused(format!("`{name}` holds no URL of {secured}"))),
        }
    }

    /// Reads the variable that `field` names as text.
    pub(super) fn text(&self, field: &str) -> Result<Zeroizing<String>, NotifyError> {
        Ok(self.read(field)?.1)
    }

    /// Reads the variable that `field` names as a secret of Standard Webhooks: base64, behind `whsec_` or not.
    pub(super) fn signing_key(&self, field: &str) -> Result<hmac::Key, NotifyError> {
        let (name, text) = self.read(field)?;
        let digits = text.strip_prefix("whsec_").unwrap_or(&text);
        let bytes = STANDARD.decode(digits).map(Zeroizing::new);
        match bytes {
            Ok(bytes) if !bytes.is_empty() => Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes)),
            _ => Err(refused(format!(
                "`{name}` holds no secret of webhooks, such as `whsec_…`"
            ))),
        }
    }

    fn read(&self, field: &str) -> Result<(&SecretName, Zeroizing<String>), NotifyError> {
        let (name, value) = self
            .0
            .get(field)
            .ok_or_else(|| refused(format!("the policy does not say `{field}`")))?;
        let value = value.as_ref().filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| refused(format!("the variable `{name}` is not set")))?;
        let text = std::str::from_utf8(value.expose())
            .map_err(|_| refused(format!("the variable `{name}` holds no text")))?;
        Ok((name, Zeroizing::new(text.trim().to_owned())))
    }
}

/// Returns the host of a URL, which is all of it that is told.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// Returns scheme, host and port of a URL, which is what a person approves.
pub(super) fn origin(url: &Url) -> String {
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{}{port}", url.scheme(), host(url))
}

/// Returns whether a URL leads to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = host(url);
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn refused(what: impl Into<String>) -> NotifyError {
    NotifyError::new(Obstacle::Refused, what)
}
