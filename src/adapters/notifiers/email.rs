//! Mail, over SMTP with TLS or by the program `sendmail`.

use std::error::Error as _;
use std::path::PathBuf;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use lettre::Message as Mail;
use lettre::SmtpTransport;
use lettre::Transport;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Tls;
use lettre::transport::smtp::client::TlsParameters;
use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

use crate::adapters::job;
use crate::adapters::job::End;
use crate::adapters::job::Job;
use crate::adapters::notifiers::Channel;
use crate::adapters::notifiers::http::interrupted;
use crate::adapters::notifiers::http::untrusted;
use crate::adapters::notifiers::patience::within;
use crate::adapters::notifiers::variables::host;
use crate::adapters::notifiers::variables::is_loopback;
use crate::ports::Message;
use crate::ports::Notice;
use crate::ports::NotifyError;
use crate::ports::Obstacle;
use crate::secret::SecretValue;

/// Who takes mail.
pub(super) enum Post {
    /// A program that was approved.
    Program {
        /// Where it is.
        program: PathBuf,
        /// Where it runs.
        directory: PathBuf,
    },
    /// A server.
    Server(Url),
}

/// Sends mail.
pub(super) struct Email {
    post: Post,
    from: Mailbox,
    to: Vec<Mailbox>,
    timeout: Duration,
}

impl Email {
    /// Prepares mail from one mailbox to others; the whole talk with whoever takes it may take so long.
    pub(super) fn new(
        post: Post,
        (from, to): (&str, &[String]),
        timeout: Duration,
    ) -> Result<Self, NotifyError> {
        let mailbox = |text: &str| {
            text.parse::<Mailbox>()
                .map_err(|_| NotifyError::new(Obstacle::Refused, format!("`{text}` is no mailbox")))
        };
        Ok(Self {
            post,
            from: mailbox(from)?,
            to: to.iter().map(|to| mailbox(to)).collect::<Result<_, _>>()?,
            timeout,
        })
    }

    fn mail(&self, notice: &Notice, at: DateTime<Utc>) -> Result<Mail, NotifyError> {
        let Message::Mail { subject, text } = &notice.message else {
            return Err(NotifyError::new(Obstacle::Refused, "a mailbox takes mail only"));
        };
        let mut mail = Mail::builder()
            .from(self.from.clone())
            .subject(subject.clone())
            .date(at.into())
            .message_id(Some(format!("<{}@mintage.invalid>", notice.id)))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            mail = mail.to(to.clone());
        }
        mail.body(text.clone())
            .map_err(|_| NotifyError::new(Obstacle::Refused, "the mail cannot be written"))
    }
}

impl Channel for Email {
    fn send(&self, notice: &Notice, at: DateTime<Utc>) -> Result<(), NotifyError> {
        let mail = self.mail(notice, at)?;
        match &self.post {
            Post::Program { program, directory } => {
                let arguments = ["-i", "-t", "-f", self.from.email.as_ref()].map(str::to_owned);
                let outcome = job::run(Job {
                    program,
                    arguments: &arguments,
                    directory,
                    environment: &[],
                    input: SecretValue::new(mail.formatted()),
                    patience: self.timeout,
                    keep: 0,
                });
                ended(&outcome.end)
            }
            Post::Server(url) => {
                let server = server(url, self.timeout)?;
                let host = host(url);
                let who = host.clone();
                within(self.timeout, &who, move || {
                    server
                        .send(&mail)
                        .map(drop)
                        .map_err(|error| failed(&host, &error))
                })
            }
        }
    }
}

/// Prepares a talk with a server. It is encrypted before anything is said, but for talks without a password on this
/// machine.
fn server(url: &Url, timeout: Duration) -> Result<SmtpTransport, NotifyError> {
    let host = host(url);
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let parameters = || {
        TlsParameters::new(bare.clone()).map_err(|_| {
            NotifyError::new(
                Obstacle::Refused,
                format!("`{host}` is no name that a host can have"),
            )
        })
    };
    let has_login = !url.username().is_empty() || url.password().is_some();
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Wrapper(parameters()?), SMTPS),
        _ if is_loopback(url) && !has_login => (Tls::None, SUBMISSION),
        _ => (Tls::Required(parameters()?), SUBMISSION),
    };
    let mut server = SmtpTransport::builder_dangerous(bare.clone())
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .timeout(Some(timeout));
    if has_login {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let password = Zeroizing::new(decoded(url.password().unwrap_or_default()));
        server = server.credentials(Credentials::new(decoded(url.username()), password.to_string()));
    }
    Ok(server.build())
}

/// Says why a server did not take a mail. What it says may repeat what it was told, and is not told.
fn failed(host: &str, error: &lettre::transport::smtp::Error) -> NotifyError {
    if let Some(code) = error.status() {
        let obstacle = if error.is_permanent() {
            Obstacle::Refused
        } else {
            Obstacle::Passing
        };
        return NotifyError::new(obstacle, format!("{host} answers with the code {code}"));
    }
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(error) = inner.downcast_ref::<rustls::Error>() {
            return NotifyError::new(Obstacle::Unreachable, untrusted(host, error));
        }
        if let Some(error) = inner.downcast_ref::<std::io::Error>() {
            let tls = error.get_ref().and_then(|inner| inner.downcast_ref());
            return match tls {
                Some(error) => NotifyError::new(Obstacle::Unreachable, untrusted(host, error)),
                None => NotifyError::new(Obstacle::Passing, interrupted(host, error)),
            };
        }
        source = inner.source();
    }
    if error.is_client() {
        let what = format!("{host} offers no encryption, or no way to log in that mintage knows");
        return NotifyError::new(Obstacle::Unreachable, what);
    }
    NotifyError::new(Obstacle::Passing, format!("{host} does not take the mail"))
}

/// Says how the program ended.
fn ended(end: &End) -> Result<(), NotifyError> {
    let (obstacle, what) = match end {
        End::Code(0) => return Ok(()),
        // EX_TEMPFAIL of sysexits: the program asks to be run again.
        End::Code(75) => (
            Obstacle::Passing,
            "`sendmail` cannot take the mail now".to_owned(),
        ),
        End::Code(code) => (
            Obstacle::Refused,
            format!("`sendmail` ended with exit code {code}"),
        ),
        End::Signal(signal) => (
            Obstacle::Refused,
            format!("`sendmail` was ended by signal {signal}"),
        ),
        End::TimedOut => (Obstacle::Passing, "`sendmail` did not end in time".to_owned()),
        End::Asked | End::NotStarted(_) => (Obstacle::Refused, "`sendmail` does not start".to_owned()),
    };
    Err(NotifyError::new(obstacle, what))
}

const SMTPS: u16 = 465;

const SUBMISSION: u16 = 587;
