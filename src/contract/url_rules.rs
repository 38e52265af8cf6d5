//! What a URL must look like.

use std::net::IpAddr;

use crate::contract::findings::Breach;
use crate::contract::rules;
use crate::contract::url;
use crate::contract::url::Url;
use crate::policy::VariablePolicy;

/// Judges one URL by the rules of its variable.
pub(super) fn judge(name: &str, text: &str, policy: &VariablePolicy) -> Vec<Breach> {
    let Some(url) = Url::parse(text) else {
        return Vec::new();
    };
    let breaches = [
        scheme(name, url, policy),
        hosts(name, url, policy),
        forbidden_hosts(name, url, policy),
        path(name, url, policy),
        credentials(name, url, policy),
        encoding(name, url),
    ];
    breaches.into_iter().flatten().collect()
}

fn scheme(name: &str, url: Url<'_>, policy: &VariablePolicy) -> Option<Breach> {
    let allowed = policy.scheme();
    let fits = allowed
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case(url.scheme));
    (!allowed.is_empty() && !fits).then(|| {
        let wanted = one_of(allowed.iter().map(|scheme| format!("{scheme}://")));
        Breach::new(
            rules::URL_SCHEME,
            format!("the URL does not start with {wanted}"),
            format!("make `{name}` start with {wanted}"),
        )
    })
}

fn hosts(name: &str, url: Url<'_>, policy: &VariablePolicy) -> Option<Breach> {
    let allowed = policy.hosts();
    let fits = |host: &str| allowed.iter().any(|pattern| url::host_fits(pattern, host));
    (!allowed.is_empty() && !url.hosts().all(fits)).then(|| {
        let wanted = one_of(allowed.iter().cloned());
        Breach::new(
            rules::URL_HOST,
            format!("the host is not {wanted}"),
            format!("point `{name}` at {wanted}"),
        )
    })
}

fn forbidden_hosts(name: &str, url: Url<'_>, policy: &VariablePolicy) -> Option<Breach> {
    let is_hit = |pattern: &&String| url.hosts().any(|host| url::host_fits(pattern, host));
    let hit = policy.forbid_hosts().iter().find(is_hit)?;
    Some(Breach::new(
        rules::URL_FORBIDDEN_HOST,
        format!("the host is `{hit}`, which the policy forbids here"),
        format!("point `{name}` at the host of this environment"),
    ))
}

fn path(name: &str, url: Url<'_>, policy: &VariablePolicy) -> Option<Breach> {
    let wanted = policy.path()?;
    (url.path != wanted).then(|| {
        Breach::new(
            rules::URL_PATH,
            format!("the path is not `{wanted}`"),
            format!("make the path of `{name}` exactly `{wanted}`"),
        )
    })
}

fn credentials(name: &str, url: Url<'_>, policy: &VariablePolicy) -> Option<Breach> {
    let wanted = policy.credentials()?;
    let has_password = url.password.is_some_and(|password| !password.is_empty());
    // Redis before version 6 has no users, and its URLs go without one.
    let needs_user = !["redis", "rediss"].contains(&url.scheme);
    let has_user = url.user.is_some_and(|user| !user.is_empty());
    let (message, fix) = match wanted {
        true if !has_password => (
            "the URL carries no password",
            format!("write user and password into `{name}`: scheme://user:password@host"),
        ),
        true if needs_user && !has_user => (
            "the URL carries no user",
            format!("write the user into `{name}`: scheme://user:password@host"),
        ),
        false if has_user || has_password => (
            "the URL carries a user or a password, and must not",
            format!("take what stands in front of the `@` out of `{name}`"),
        ),
        _ => return None,
    };
    Some(Breach::new(rules::URL_CREDENTIALS, message, fix))
}

fn encoding(name: &str, url: Url<'_>) -> Option<Breach> {
    let parts = [("user", url.user), ("password", url.password)];
    let (what, _) = parts
        .into_iter()
        .find(|(_, part)| part.is_some_and(|part| !url::is_soundly_encoded(part)))?;
    Some(Breach::new(
        rules::URL_ENCODING,
        format!("the {what} in the URL holds a character that ends it early or is misread"),
        format!("percent-encode the {what} in `{name}`, or mint one that fits: embed = [\"url\"]"),
    ))
}

/// Says that a scheme sends in the clear across a public network, and which one does not.
pub(super) fn without_tls(name: &str, text: &str) -> Option<Breach> {
    let url = Url::parse(text)?;
    let (_, secure) = SECURE.iter().find(|(scheme, _)| *scheme == url.scheme)?;
    if url.hosts().all(is_private) {
        return None;
    }
    Some(Breach::new(
        rules::URL_WITHOUT_TLS,
        format!(
            "`{}://` to a public host sends everything in the clear",
            url.scheme
        ),
        format!("use `{secure}://` in `{name}`: hosted services speak TLS"),
    ))
}

/// Returns whether a host is of this machine or of a network of one's own.
fn is_private(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_private() || address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            let host = host.to_ascii_lowercase();
            // A name without a dot is a container, a service or an entry of /etc/hosts.
            !host.contains('.') || PRIVATE.iter().any(|tail| host.ends_with(tail))
        }
    }
}

/// Joins texts as in `a, b or c`.
pub(super) fn one_of(texts: impl Iterator<Item = String>) -> String {
    let quoted: Vec<String> = texts.map(|text| format!("`{text}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Schemes in the clear with their encrypted namesakes.
const SECURE: [(&str, &str); 7] = [
    ("amqp", "amqps"),
    ("ftp", "ftps"),
    ("http", "https"),
    ("ldap", "ldaps"),
    ("mqtt", "mqtts"),
    ("redis", "rediss"),
    ("ws", "wss"),
];

/// How the names of private networks end (RFC 6762, RFC 9476 and the usage of clouds and clusters).
const PRIVATE: [&str; 7] = [
    ".internal",
    ".lan",
    ".local",
    ".localhost",
    ".home.arpa",
    ".svc",
    ".private",
];
