//! Whoever is told what is due. A new type is one file here, one arm in `open` and one in `policy/notifier.rs`.

mod desktop;
mod email;
mod http;
mod patience;
mod survey;
mod variables;
mod webhook;

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;

use chrono::DateTime;
use chrono::Utc;

use crate::policy::NotifierPolicy;
use crate::policy::NotifierTarget;
use crate::ports::Awaited;
use crate::ports::Notice;
use crate::ports::Notifier;
use crate::ports::Notifiers;
use crate::ports::NotifyError;
use crate::ports::Obstacle;
use crate::ports::OutletApproval;
use crate::secret::SecretValue;
use desktop::Desktop;
use email::Email;
use http::Http;
pub use survey::survey_outlet;
use variables::Variables;
use webhook::Lock;
use webhook::Webhook;

/// What notifiers need beside their policy.
pub struct NotifierTools<'a> {
    /// Looks variables of this process up.
    pub value_of: &'a dyn Fn(&str) -> Option<SecretValue>,
    /// What a person allowed for this checkout.
    pub approvals: &'a [OutletApproval],
    /// Where programs are looked for.
    pub search_path: &'a OsStr,
    /// The project, where programs run.
    pub root: &'a Path,
}

/// The notifiers of a policy. None is reached before something is sent.
pub struct OpenNotifiers(Vec<(String, Guarded)>);

impl OpenNotifiers {
    /// Prepares the notifiers of a policy.
    pub fn new(notifiers: &[NotifierPolicy], tools: &NotifierTools<'_>) -> Self {
        let http = Rc::new(OnceCell::new());
        let open = |policy: &NotifierPolicy| (policy.name().to_owned(), Guarded::new(policy, tools, &http));
        Self(notifiers.iter().map(open).collect())
    }
}

impl Notifiers for OpenNotifiers {
    fn notifier(&self, name: &str) -> Option<&dyn Notifier> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, notifier)| notifier as &dyn Notifier)
    }
}

/// A way in which something is sent.
trait Channel {
    /// Sends a notice.
    fn send(&self, notice: &Notice, at: DateTime<Utc>) -> Result<(), NotifyError>;
}

/// A notifier behind its approval: nothing of it is opened before it is compared.
struct Guarded {
    channel: Result<Box<dyn Channel>, NotifyError>,
    heartbeat: Option<Result<Http, NotifyError>>,
    awaited: Option<Awaited>,
}

impl Guarded {
    fn new(policy: &NotifierPolicy, tools: &NotifierTools<'_>, http: &Rc<OnceCell<http::Client>>) -> Self {
        // What cannot be compared is not sent to either.
        let (awaited, channel) = match awaited(policy, tools) {
            Ok(awaited) => (awaited, None),
            Err(error) => (None, Some(Err(error))),
        };
        let variables = Variables::new(policy, tools.value_of);
        let heartbeat = policy.heartbeat_url_env().map(|_| {
            let url = variables.url("heartbeat_url_env")?;
            Ok(Http::new(url, policy.timeout(), Rc::clone(http)))
        });
        Self {
            channel: channel.unwrap_or_else(|| open(policy, tools, &variables, http)),
            heartbeat,
            awaited,
        }
    }
}

impl Notifier for Guarded {
    fn awaits(&self) -> Option<Awaited> {
        self.awaited.clone()
    }

    fn send(&self, notice: &Notice, at: DateTime<Utc>) -> Result<(), NotifyError> {
        if let Some(Awaited { what, .. }) = &self.awaited {
            return Err(NotifyError::new(Obstacle::Refused, what.clone()));
        }
        match &self.channel {
            Ok(channel) => channel.send(notice, at),
            Err(error) => Err(error.clone()),
        }
    }

    fn beat(&self) -> Result<(), NotifyError> {
        match &self.heartbeat {
            None => Ok(()),
            Some(Ok(http)) => http.get(),
            Some(Err(error)) => Err(error.clone()),
        }
    }
}

/// The registry: how a notifier of each type is opened.
fn open(
    policy: &NotifierPolicy,
    tools: &NotifierTools<'_>,
    variables: &Variables<'_>,
    http: &Rc<OnceCell<http::Client>>,
) -> Result<Box<dyn Channel>, NotifyError> {
    let timeout = policy.timeout();
    let to = |url| Http::new(url, timeout, Rc::clone(http));
    Ok(match policy.target() {
        NotifierTarget::Desktop => Box::new(Desktop { timeout }),
        NotifierTarget::Email { smtp_env, from, to } => {
            let post = match smtp_env {
                Some(_) => email::Post::Server(variables.url("smtp_env")?),
                None => email::Post::Program {
                    program: sendmail(policy, tools)?,
                    directory: tools.root.to_owned(),
                },
            };
            Box::new(Email::new(post, (from, to), timeout)?)
        }
        NotifierTarget::PagerDuty { url_env, .. } => {
            let url = match url_env {
                Some(_) => variables.url("url_env")?,
                None => survey::usual_pagerduty()?,
            };
            let key = variables.text("routing_key_env")?;
            Box::new(Webhook::new(to(url), Lock::RoutingKey(key)))
        }
        NotifierTarget::Webhook { secret_env, .. } => {
            let lock = match secret_env {
                Some(_) => Lock::Signature(variables.signing_key("secret_env")?),
                None => Lock::None,
            };
            Box::new(Webhook::new(to(variables.url("url_env")?), lock))
        }
    })
}

/// Compares a notifier with what a person allowed; `None` when it may send.
fn awaited(policy: &NotifierPolicy, tools: &NotifierTools<'_>) -> Result<Option<Awaited>, NotifyError> {
    let name = policy.name();
    let next = format!("look at it, then run: mintage policy approve {name}");
    let Some(approval) = approval(policy, tools) else {
        let what = format!("`{name}` sends to where nobody on this machine approved");
        return Ok(Some(Awaited { what, next }));
    };
    let approved = &approval.outlet;
    let now = survey_outlet(policy, tools.value_of, tools.search_path, Some(approved))?;
    let changes = approved.changes(&now);
    Ok((!changes.is_empty()).then(|| Awaited {
        what: format!(
            "`{name}` was changed since it was approved on this machine ({})",
            changes.join("; ")
        ),
        next,
    }))
}

fn approval<'a>(policy: &NotifierPolicy, tools: &NotifierTools<'a>) -> Option<&'a OutletApproval> {
    let mut approvals = tools.approvals.iter();
    approvals.find(|approval| approval.notifier == policy.name())
}

fn sendmail(policy: &NotifierPolicy, tools: &NotifierTools<'_>) -> Result<PathBuf, NotifyError> {
    let approved = approval(policy, tools).and_then(|approval| approval.outlet.program.as_deref());
    survey::sendmail(tools.search_path, approved)
}
