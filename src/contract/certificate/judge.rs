//! What a certificate comes to at a time.

use std::cmp::Reverse;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::contract::Rule;
use crate::contract::certificate::CertificateFacts;
use crate::contract::certificate::Chain;
use crate::contract::certificate::KeyBeside;
use crate::contract::certificate::Sight;
use crate::contract::certificate::Trust;
use crate::contract::certificate::covers;
use crate::contract::certificate::rules;
use crate::policy::Certificate;
use crate::policy::CertificateSource;
use crate::policy::Finding;
use crate::policy::Period;
use crate::policy::Severity;

/// What a certificate comes to, worst first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CertificateState {
    /// It is over.
    Expired,
    /// It is valid later only.
    NotYetValid,
    /// It is in time, and clients or the operator cannot use it as it is.
    Faulty,
    /// Its file is not there.
    Missing,
    /// What is there is no certificate.
    Unreadable,
    /// Its host did not show it, and nothing worse is known.
    Unreachable,
    /// It ends before long.
    DueSoon,
    /// Nobody has asked its host yet.
    Unasked,
    /// Nothing to do about its dates.
    Ok,
}

impl CertificateState {
    /// Every state, worst first.
    pub const ALL: [Self; 9] = [
        Self::Expired,
        Self::NotYetValid,
        Self::Faulty,
        Self::Missing,
        Self::Unreadable,
        Self::Unreachable,
        Self::DueSoon,
        Self::Unasked,
        Self::Ok,
    ];

    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DueSoon => "due-soon",
            Self::Expired => "expired",
            Self::Faulty => "faulty",
            Self::Missing => "missing",
            Self::NotYetValid => "not-yet-valid",
            Self::Ok => "ok",
            Self::Unasked => "unasked",
            Self::Unreachable => "unreachable",
            Self::Unreadable => "unreadable",
        }
    }

    /// Returns whether somebody has to act by now.
    pub const fn is_due(self) -> bool {
        matches!(
            self,
            Self::Expired | Self::Faulty | Self::Missing | Self::NotYetValid | Self::Unreadable
        )
    }
}

/// What a certificate comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judged {
    /// The state.
    pub state: CertificateState,
    /// From when on its end is announced.
    pub remind_at: Option<DateTime<Utc>>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
}

/// Judges what was found of a certificate at `at`; `within` is how long before its end it is announced, in place of
/// what the policy says.
pub fn judge(certificate: &Certificate, sight: &Sight, at: DateTime<Utc>, within: Option<Period>) -> Judged {
    let case = Case { certificate, at };
    let mut judged = case.judged(sight, within);
    judged.findings.sort_by_key(|finding| Reverse(finding.severity));
    judged
}

/// Returns from when on the end of a certificate is announced.
///
/// That is `ahead` before its end. Where nobody says how long, it is 30 days, or the last third of its life where that
/// is shorter: certificates of 47 or 6 days are renewed then, and would be announced all their life otherwise.
pub fn remind_from(
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
    ahead: Option<Period>,
) -> DateTime<Utc> {
    let by_period = |ahead: Period| ahead.before(not_after).unwrap_or(not_before);
    match ahead {
        Some(ahead) => by_period(ahead),
        None => by_period(DEFAULT_AHEAD).max(not_after - (not_after - not_before) / 3),
    }
}

struct Case<'a> {
    certificate: &'a Certificate,
    at: DateTime<Utc>,
}

impl Case<'_> {
    fn judged(&self, sight: &Sight, within: Option<Period>) -> Judged {
        let alone = |state, rule, message: String, fix: String| Judged {
            state,
            remind_at: None,
            findings: vec![self.finding(rule, message, fix)],
        };
        match sight {
            Sight::Found {
                facts,
                mode,
                trust,
                seen_at: _,
            } => self.found(facts, *mode, *trust, within),
            Sight::Missing => alone(
                CertificateState::Missing,
                rules::MISSING,
                format!("`{}` is not there", self.place()),
                "put the certificate there, or correct `file` in mintage.toml".to_owned(),
            ),
            Sight::Unreadable(reason) => alone(
                CertificateState::Unreadable,
                rules::UNREADABLE,
                format!("`{}` cannot be read: {reason}", self.place()),
                "put the certificate there as PEM, followed by those that vouch for it".to_owned(),
            ),
            Sight::Unasked => alone(
                CertificateState::Unasked,
                rules::UNASKED,
                format!("nobody has asked {} for it yet", self.place()),
                "ask it: mintage status --network".to_owned(),
            ),
            Sight::Unreachable { reason, before } => {
                let finding = self.finding(
                    rules::UNREACHABLE,
                    format!("was not shown by {}: {reason}", self.place()),
                    "see that the host is up and can be reached from here, then: mintage status --network"
                        .to_owned(),
                );
                let mut judged = match before {
                    Some(before) => self.judged(before, within),
                    None => Judged {
                        state: CertificateState::Unreachable,
                        remind_at: None,
                        findings: Vec::new(),
                    },
                };
                judged.state = judged.state.min(CertificateState::Unreachable);
                judged.findings.push(finding);
                judged
            }
        }
    }

    fn found(
        &self,
        facts: &CertificateFacts,
        mode: Option<u32>,
        trust: Option<Trust>,
        within: Option<Period>,
    ) -> Judged {
        let ahead = within.or(self.certificate.remind_before());
        let remind_at = remind_from(facts.not_before, facts.not_after, ahead);
        let mut findings = Vec::new();
        findings.extend(self.name(facts));
        findings.extend(self.key(facts, mode));
        findings.extend(self.trust(facts, trust));
        findings.extend(self.strength(facts));
        let is_faulty = findings.iter().any(|finding| finding.severity == Severity::Error);
        let dates = self.dates(facts, remind_at);
        let state = match &dates {
            Some((state, _)) if *state != CertificateState::DueSoon => *state,
            _ if is_faulty => CertificateState::Faulty,
            Some((state, _)) => *state,
            None => CertificateState::Ok,
        };
        findings.extend(dates.map(|(_, finding)| finding));
        findings.extend(self.chain_end(facts));
        Judged {
            state,
            remind_at: Some(remind_at),
            findings,
        }
    }

    fn dates(
        &self,
        facts: &CertificateFacts,
        remind_at: DateTime<Utc>,
    ) -> Option<(CertificateState, Finding)> {
        let renew = || format!("renew it, then see: mintage status{}", self.network());
        if facts.not_after < self.at {
            let message = format!("ended on {}", day(facts.not_after));
            let finding = self.finding(rules::EXPIRED, message, renew());
            return Some((CertificateState::Expired, finding));
        }
        if facts.not_before > self.at {
            let message = format!("is valid from {} on", day(facts.not_before));
            let fix = "use the certificate before it until then, or set the clock right".to_owned();
            let finding = self.finding(rules::NOT_YET_VALID, message, fix);
            return Some((CertificateState::NotYetValid, finding));
        }
        (remind_at <= self.at).then(|| {
            let days = (facts.not_after - self.at).num_days();
            let left = match days {
                0 => "within a day".to_owned(),
                1 => "in 1 day".to_owned(),
                days => format!("in {days} days"),
            };
            let message = format!("ends {left}, on {}", day(facts.not_after));
            let finding = self.finding(rules::DUE_SOON, message, renew());
            (CertificateState::DueSoon, finding)
        })
    }

    fn name(&self, facts: &CertificateFacts) -> Option<Finding> {
        let wanted = self.certificate.server_name()?;
        if covers(&facts.names, wanted) {
            return None;
        }
        let found = match facts.names.as_slice() {
            [] => "no name at all".to_owned(),
            names if names.len() > SHOWN_NAMES => {
                let more = names.len() - SHOWN_NAMES;
                format!("{} and {more} more", names[..SHOWN_NAMES].join(", "))
            }
            names => names.join(", "),
        };
        Some(self.finding(
            rules::WRONG_NAME,
            format!("is for {found}, and needed is {wanted}"),
            "have it issued for that name, or say in mintage.toml which name it is for: server_name = \"…\""
                .to_owned(),
        ))
    }

    fn key(&self, facts: &CertificateFacts, mode: Option<u32>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if facts.private_key == KeyBeside::Differs {
            findings.push(self.finding(
                rules::KEY_MISMATCH,
                format!(
                    "the private key in `{}` is that of another certificate",
                    self.place()
                ),
                "put the key there that the certificate was requested with".to_owned(),
            ));
        }
        let open = mode.filter(|mode| facts.private_key != KeyBeside::Absent && mode & 0o077 != 0);
        findings.extend(open.map(|mode| {
            self.finding(
                rules::KEY_READABLE,
                format!("`{}` holds a private key and has mode {mode:04o}", self.place()),
                format!("chmod 600 {}", self.place()),
            )
        }));
        findings
    }

    fn trust(&self, facts: &CertificateFacts, trust: Option<Trust>) -> Option<Finding> {
        let ask_for_chain =
            "serve the full chain: the certificate first, then each that vouches for the one before";
        let (rule, message, fix) = match (trust, facts.chain) {
            (Some(Trust::Revoked), _) => (
                rules::REVOKED,
                "its issuer has revoked it",
                "have a new one issued for a new key, and find out why",
            ),
            (Some(Trust::Trusted | Trust::NoAuthorities), Chain::Alone | Chain::InOrder) => return None,
            (_, Chain::OutOfOrder) => (
                rules::CHAIN,
                "the certificates stand in another order than they vouch for one another",
                "put the host's certificate first, then each that vouches for the one before",
            ),
            (_, Chain::Unrelated) => (
                rules::CHAIN,
                "some certificates beside it belong to another chain",
                "keep the host's certificate and those that vouch for it, one after another",
            ),
            (_, Chain::SelfSigned) => (
                rules::UNTRUSTED,
                "vouches for itself: clients refuse it unless they know it",
                "have it issued by an authority that its clients know",
            ),
            (Some(Trust::UnknownIssuer), Chain::Alone) => (
                rules::CHAIN,
                "the host shows its own certificate alone, and no authority here issued it",
                ask_for_chain,
            ),
            (Some(Trust::UnknownIssuer | Trust::Refused), _) => (
                rules::UNTRUSTED,
                "no authority that this machine knows vouches for it",
                "have it issued by an authority that its clients know; of a private one, waive this in mintage.toml",
            ),
            (_, Chain::Alone | Chain::InOrder) => return None,
        };
        Some(self.finding(rule, message.to_owned(), fix.to_owned()))
    }

    fn strength(&self, facts: &CertificateFacts) -> Option<Finding> {
        let weakness = facts.weakness.as_ref()?;
        Some(self.finding(
            rules::WEAK,
            format!("has {weakness}"),
            "have it issued anew, for an EC P-256 key or RSA of 2048 bits, signed with SHA-256".to_owned(),
        ))
    }

    fn chain_end(&self, facts: &CertificateFacts) -> Option<Finding> {
        let first = facts.chain_ends_at.filter(|end| *end < facts.not_after)?;
        Some(self.finding(
            rules::CHAIN_ENDS,
            format!("one that vouches for it ends before it does, on {}", day(first)),
            "fetch the chain anew from the issuer".to_owned(),
        ))
    }

    /// Names the file or the host.
    fn place(&self) -> String {
        match self.certificate.source() {
            CertificateSource::File(path) => path.clone(),
            CertificateSource::Host(address) => address.to_string(),
        }
    }

    /// The flag that asks the host again.
    fn network(&self) -> &'static str {
        match self.certificate.source() {
            CertificateSource::File(_) => "",
            CertificateSource::Host(_) => " --network",
        }
    }

    fn finding(&self, rule: Rule, message: String, fix: String) -> Finding {
        Finding {
            rule: rule.id,
            severity: rule.severity(crate::policy::Tier::Production),
            environment: None,
            name: Some(self.certificate.name().to_owned()),
            location: None,
            message,
            fix,
        }
    }
}

fn day(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d").to_string()
}

/// How long before its end a certificate is announced unless somebody says otherwise.
const DEFAULT_AHEAD: Period = Period::days(30);

/// Most names that a message shows.
const SHOWN_NAMES: usize = 3;
