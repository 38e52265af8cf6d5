//! Who is told what is due.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::policy::Severity;
use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::NotifierWire;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::errors::PolicyErrorKind;
use crate::secret::SecretName;

/// How somebody is told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotifierType {
    /// A notification on the desktop of this session.
    Desktop,
    /// A mail.
    Email,
    /// Events of PagerDuty.
    #[serde(rename = "pagerduty")]
    PagerDuty,
    /// A request to a URL.
    Webhook,
}

impl Choice for NotifierType {
    const WHAT: &'static str = "type of notifiers";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("desktop", Self::Desktop),
        ("email", Self::Email),
        ("pagerduty", Self::PagerDuty),
        ("webhook", Self::Webhook),
    ];
}

impl NotifierType {
    /// Returns the name as policies write it.
    pub fn name(self) -> &'static str {
        let mut words = Self::WORDS.iter();
        words.find(|(_, word)| *word == self).map_or("", |(name, _)| name)
    }

    /// Returns the fields that only a notifier of this type has.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Desktop => &[],
            Self::Email => &["smtp_env", "sendmail", "from", "to"],
            Self::PagerDuty => &["routing_key_env", "url_env"],
            Self::Webhook => &["url_env", "format", "secret_env"],
        }
    }
}

/// What a webhook sends.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotifierFormat {
    /// A document of our own, for programs.
    #[default]
    Json,
    /// A message as Slack takes it.
    Slack,
    /// A card as a workflow of Teams takes it.
    Teams,
}

impl Choice for NotifierFormat {
    const WHAT: &'static str = "format of notifications";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("json", Self::Json),
        ("slack", Self::Slack),
        ("teams", Self::Teams),
    ];
}

impl Choice for Severity {
    const WHAT: &'static str = "severity";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("error", Self::Error),
        ("note", Self::Note),
        ("warning", Self::Warning),
    ];
}

/// Who is told what is due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotifierPolicy {
    name: String,
    target: NotifierTarget,
    anonymous: bool,
    min_severity: Severity,
    timeout: Duration,
    heartbeat_url_env: Option<SecretName>,
}

/// How a notifier is reached. Whatever is a secret is named by the variable that holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotifierTarget {
    /// The desktop of this session.
    Desktop,
    /// Mailboxes.
    Email {
        /// The variable of the URL of the server; `None` hands the mail to the program `sendmail`.
        smtp_env: Option<SecretName>,
        /// Who it is from.
        from: String,
        /// Who gets it; never empty.
        to: Vec<String>,
    },
    /// PagerDuty, by its Events API, version 2.
    PagerDuty {
        /// The variable of the key of the integration.
        routing_key_env: SecretName,
        /// The variable of the URL, where it is not that of the United States.
        url_env: Option<SecretName>,
    },
    /// A URL.
    Webhook {
        /// The variable of the URL, which is a secret itself.
        url_env: SecretName,
        /// What is sent.
        format: NotifierFormat,
        /// The variable of the secret that signs it.
        secret_env: Option<SecretName>,
    },
}

impl NotifierPolicy {
    /// Builds the notifiers of a policy; those without a name are called by their type and their place among its like.
    pub(crate) fn build_all(tables: Option<&At<Vec<At<Table>>>>, problems: &mut Problems) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for table in tables.map(|at| at.value.as_slice()).unwrap_or_default() {
            let Some(notifier) = Self::build(table, &all, problems) else {
                continue;
            };
            if all.iter().any(|known| known.name == notifier.name) {
                let text = format!("two notifiers are called `{}`", notifier.name);
                problems.add(&table.place, PolicyErrorKind::Contradiction(text));
            }
            all.push(notifier);
        }
        all
    }

    fn build(table: &At<Table>, before: &[Self], problems: &mut Problems) -> Option<Self> {
        let wire = NotifierWire::read(&table.value, problems);
        if wire.broken {
            return None;
        }
        let Some(of_type) = wire.of_type.as_ref().map(|at| at.value) else {
            problems.add(&table.place, lacks("type"));
            return None;
        };
        refuse_others(&wire, of_type, problems);
        let target = NotifierTarget::build(table, &wire, of_type, problems)?;
        let alike = before.iter().filter(|known| known.of_type() == of_type).count();
        let name = match &wire.name {
            None => format!("{}-{}", of_type.name(), alike + 1),
            Some(name) => {
                check_name(name, problems);
                name.value.clone()
            }
        };
        Some(Self {
            name,
            target,
            timeout: timeout(&wire, problems),
            anonymous: wire.anonymous.is_some_and(|at| at.value),
            min_severity: wire.min_severity.map_or(Severity::Note, |at| at.value),
            heartbeat_url_env: wire.heartbeat_url_env.map(|at| at.value),
        })
    }

    /// Returns the name by which a person approves it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how it is reached.
    pub fn target(&self) -> &NotifierTarget {
        &self.target
    }

    /// Returns how it tells.
    pub fn of_type(&self) -> NotifierType {
        match self.target {
            NotifierTarget::Desktop => NotifierType::Desktop,
            NotifierTarget::Email { .. } => NotifierType::Email,
            NotifierTarget::PagerDuty { .. } => NotifierType::PagerDuty,
            NotifierTarget::Webhook { .. } => NotifierType::Webhook,
        }
    }

    /// Returns whether it names no secret and no certificate.
    pub fn anonymous(&self) -> bool {
        self.anonymous
    }

    /// Returns how much something has to matter for it to be told.
    pub fn min_severity(&self) -> Severity {
        self.min_severity
    }

    /// Returns how long one attempt may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns the variable of the URL that is called after each run in which everything was told.
    pub fn heartbeat_url_env(&self) -> Option<&SecretName> {
        self.heartbeat_url_env.as_ref()
    }

    /// Returns the variables that it reads, each with the field that names it.
    pub fn variables(&self) -> Vec<(&'static str, &SecretName)> {
        let heartbeat = self.heartbeat_url_env.as_ref();
        let of_target = match &self.target {
            NotifierTarget::Desktop => [("", None), ("", None)],
            NotifierTarget::Email { smtp_env, .. } => [("smtp_env", smtp_env.as_ref()), ("", None)],
            NotifierTarget::PagerDuty {
                routing_key_env,
                url_env,
            } => [
                ("routing_key_env", Some(routing_key_env)),
                ("url_env", url_env.as_ref()),
            ],
            NotifierTarget::Webhook {
                url_env, secret_env, ..
            } => [("url_env", Some(url_env)), ("secret_env", secret_env.as_ref())],
        };
        let all = of_target.into_iter().chain([("heartbeat_url_env", heartbeat)]);
        all.filter_map(|(field, name)| Some((field, name?))).collect()
    }
}

impl NotifierTarget {
    fn build(
        table: &At<Table>,
        wire: &NotifierWire,
        of_type: NotifierType,
        problems: &mut Problems,
    ) -> Option<Self> {
        let name = |at: &Option<At<SecretName>>| at.as_ref().map(|at| at.value.clone());
        let mut needed = |at: &Option<At<SecretName>>, key| {
            if at.is_none() {
                problems.add(&table.place, lacks(key));
            }
            name(at)
        };
        Some(match of_type {
            NotifierType::Desktop => Self::Desktop,
            NotifierType::Email => return mail(table, wire, problems),
            NotifierType::PagerDuty => Self::PagerDuty {
                routing_key_env: needed(&wire.routing_key_env, "routing_key_env")?,
                url_env: name(&wire.url_env),
            },
            NotifierType::Webhook => Self::Webhook {
                url_env: needed(&wire.url_env, "url_env")?,
                format: wire.format.as_ref().map(|at| at.value).unwrap_or_default(),
                secret_env: name(&wire.secret_env),
            },
        })
    }
}

fn mail(table: &At<Table>, wire: &NotifierWire, problems: &mut Problems) -> Option<NotifierTarget> {
    let smtp_env = wire.smtp_env.as_ref().map(|at| at.value.clone());
    let sendmail = wire.sendmail.as_ref().is_some_and(|at| at.value);
    if smtp_env.is_some() == sendmail {
        let text = "a notifier by mail needs one of `smtp_env` and `sendmail = true`".to_owned();
        problems.add(&table.place, PolicyErrorKind::Contradiction(text));
    }
    for (key, is_there) in [("from", wire.from.is_some()), ("to", wire.to.is_some())] {
        if !is_there {
            problems.add(&table.place, lacks(key));
        }
    }
    let (from, to) = (wire.from.as_ref()?, wire.to.as_ref()?);
    if to.value.is_empty() {
        problems.add(&to.place, PolicyErrorKind::EmptyList { key: "to" });
    }
    for address in std::iter::once(from).chain(&to.value) {
        if !is_mailbox(&address.value) {
            let text = "a mailbox is written as `name@example.com`".to_owned();
            problems.add(&address.place, PolicyErrorKind::Contradiction(text));
        }
    }
    Some(NotifierTarget::Email {
        smtp_env,
        from: from.value.clone(),
        to: to.value.iter().map(|at| at.value.clone()).collect(),
    })
}

/// Returns whether a text is a mailbox and nothing else, so that no program takes it for an option or a second one.
fn is_mailbox(text: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['-', '.'])
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
    };
    text.len() <= 254
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| is_plain(local) && is_plain(domain))
}

fn check_name(name: &At<String>, problems: &mut Problems) {
    let text = &name.value;
    let is_sound = text.len() <= 32
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_sound {
        let text =
            "a notifier is called by at most 32 small letters, digits and `-`, a letter first".to_owned();
        problems.add(&name.place, PolicyErrorKind::Contradiction(text));
    }
}

fn timeout(wire: &NotifierWire, problems: &mut Problems) -> Duration {
    let Some(timeout) = &wire.timeout else {
        return TIMEOUT;
    };
    let seconds = timeout.value.approximate_seconds();
    if !(1..=LONGEST.as_secs()).contains(&seconds) {
        let kind = PolicyErrorKind::OutOfRange {
            key: "timeout",
            found: i64::try_from(seconds).unwrap_or(i64::MAX),
            least: 1,
            most: LONGEST.as_secs().cast_signed(),
        };
        problems.add(&timeout.place, kind);
    }
    Duration::from_secs(seconds)
}

/// Notes fields that a notifier of this type has not.
fn refuse_others(wire: &NotifierWire, of_type: NotifierType, problems: &mut Problems) {
    let fields = [
        ("url_env", wire.url_env.as_ref().map(|at| &at.place)),
        ("format", wire.format.as_ref().map(|at| &at.place)),
        ("secret_env", wire.secret_env.as_ref().map(|at| &at.place)),
        (
            "routing_key_env",
            wire.routing_key_env.as_ref().map(|at| &at.place),
        ),
        ("smtp_env", wire.smtp_env.as_ref().map(|at| &at.place)),
        ("sendmail", wire.sendmail.as_ref().map(|at| &at.place)),
        ("from", wire.from.as_ref().map(|at| &at.place)),
        ("to", wire.to.as_ref().map(|at| &at.place)),
    ];
    for (field, place) in fields {
        if let Some(place) = place.filter(|_| !of_type.fields().contains(&field)) {
            let text = format!("`{field}` is not for a notifier of type `{}`", of_type.name());
            problems.add(place, PolicyErrorKind::Contradiction(text));
        }
    }
}

fn lacks(key: &'static str) -> PolicyErrorKind {
    PolicyErrorKind::Missing {
        table: "a notifier".to_owned(),
        key,
    }
}

/// How long one attempt may take unless the policy says otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most that a policy can say of it: a timer runs the notifiers one after another.
const LONGEST: Duration = Duration::from_secs(60);
