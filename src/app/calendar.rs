//! The dates that are ahead, or over and not answered.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;

use crate::app::CertificateRow;
use crate::app::Privacy;
use crate::app::Pseudonyms;
use crate::app::StatusRow;
use crate::app::remind;
use crate::ledger::Ledger;
use crate::policy::Policy;
use crate::secret::EnvironmentName;

/// One date of one secret or certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CalendarEntry {
    /// Names the cycle: one value of one secret, or one certificate.
    pub uid: String,
    /// Grows whenever the date of the cycle may have changed.
    pub sequence: u64,
    /// When it is due, expires or ends.
    pub at: DateTime<Utc>,
    /// Since when nothing has changed about it.
    pub revised_at: DateTime<Utc>,
    /// What to do, in one line.
    pub summary: String,
    /// Details, in lines.
    pub description: String,
}

/// What a calendar is made of beside its rows.
#[derive(Clone, Copy)]
pub struct CalendarTerms<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The ledgers that the rows come from.
    pub ledgers: &'a BTreeMap<EnvironmentName, Ledger>,
    /// When the policy file was last written.
    pub policy_changed_at: DateTime<Utc>,
    /// What names the cycles.
    pub pseudonyms: &'a Pseudonyms,
    /// Whether the entries name secrets and certificates.
    pub privacy: Privacy,
}

/// Returns the date of every secret and certificate that has one, the earliest first.
///
/// No state is kept between two calendars. The cycle is the value: environment, name and when it changed. Within a cycle
/// a date moves when the policy changes or when the record of the secret does. So the sequence is the number of
/// seconds from the start of the cycle to the last change of the policy file, plus the revision of the record: both
/// only grow, and both stay as they are while nothing changes. In a fresh checkout the policy file is as young as the
/// checkout; the sequence then grows without need, which does no harm.
pub fn calendar(
    rows: &[StatusRow],
    certificates: &[CertificateRow],
    terms: CalendarTerms<'_>,
) -> Vec<CalendarEntry> {
    let secrets = rows.iter().filter_map(|row| of_secret(row, terms));
    let certificates = certificates.iter().filter_map(|row| of_certificate(row, terms));
    let mut entries: Vec<CalendarEntry> = secrets.chain(certificates).collect();
    entries.sort_by(|one, other| (one.at, &one.uid).cmp(&(other.at, &other.uid)));
    entries
}

fn of_secret(row: &StatusRow, terms: CalendarTerms<'_>) -> Option<CalendarEntry> {
    let at = row.due_at.into_iter().chain(row.expires_at).min()?;
    let expires = row.expires_at == Some(at);
    let record = terms.ledgers.get(&row.environment)?.record(&row.name)?;
    let version = record.current().or(record.versions.last())?;
    let began_at = row.changed_at.unwrap_or(version.recorded_at);
    let age = (terms.policy_changed_at - began_at).num_seconds();
    let written_at = [Some(version.recorded_at), version.promoted_at];
    let cycle = began_at.to_rfc3339();
    let (summary, description) = match terms.privacy {
        Privacy::Anonymous => (
            "Replace a secret".to_owned(),
            "`mintage remind` tells which.".to_owned(),
        ),
        Privacy::Named => (
            format!("Replace {}/{}", row.environment, row.name),
            describe(row, at, expires, terms.policy),
        ),
    };
    Some(CalendarEntry {
        uid: terms
            .pseudonyms
            .of(&["secret", row.environment.as_str(), row.name.as_str(), &cycle]),
        sequence: u64::try_from(age).unwrap_or(0) + record.revision,
        at,
        revised_at: written_at
            .into_iter()
            .flatten()
            .fold(terms.policy_changed_at, DateTime::max),
        summary,
        description,
    })
}

fn describe(row: &StatusRow, at: DateTime<Utc>, expires: bool, policy: &Policy) -> String {
    let declared = policy.secret(&row.name, &row.environment);
    let mut lines = Vec::new();
    if let Some(description) = declared.and_then(|declared| declared.description()) {
        lines.push(description.to_owned());
    }
    let what = if expires { "expires" } else { "due" };
    lines.push(format!("{what}: {}", at.format("%Y-%m-%d %H:%M UTC")));
    if let Some(changed_at) = row.changed_at {
        lines.push(format!(
            "last change: {}",
            changed_at.format("%Y-%m-%d %H:%M UTC")
        ));
    }
    lines.push(format!("kind: {}", row.kind));
    if let Some(owner) = declared.and_then(|declared| declared.owner()) {
        lines.push(format!("owner: {owner}"));
    }
    lines.push(format!("next: {}", remind::finding(row).fix));
    lines.join("\n")
}

fn of_certificate(row: &CertificateRow, terms: CalendarTerms<'_>) -> Option<CalendarEntry> {
    let at = row.not_after?;
    let fingerprint = row.fingerprint.as_deref()?;
    let (summary, description) = match terms.privacy {
        Privacy::Anonymous => (
            "Replace a certificate".to_owned(),
            "`mintage remind` tells which.".to_owned(),
        ),
        Privacy::Named => (
            format!("Replace the certificate {}", row.name),
            format!(
                "ends: {}\nfrom: {}\nissuer: {}",
                at.format("%Y-%m-%d %H:%M UTC"),
                row.source,
                row.issuer.as_deref().unwrap_or("unknown")
            ),
        ),
    };
    Some(CalendarEntry {
        uid: terms.pseudonyms.of(&["certificate", &row.name, fingerprint]),
        // The end of a certificate never moves.
        sequence: 0,
        at,
        revised_at: row.not_before.unwrap_or(at),
        summary,
        description,
    })
}
