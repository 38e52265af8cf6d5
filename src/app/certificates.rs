//! When certificates end, and what else is wrong with them. Needs no key; asks hosts only where that is wanted.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::contract::certificate::CertificateFacts;
use crate::contract::certificate::CertificateState;
use crate::contract::certificate::Chain;
use crate::contract::certificate::Judged;
use crate::contract::certificate::KeyBeside;
use crate::contract::certificate::Sight;
use crate::contract::certificate::Trust;
use crate::contract::certificate::judge;
use crate::contract::certificate::read_chain;
use crate::contract::certificate::read_pem;
use crate::policy::Certificate;
use crate::policy::CertificateSource;
use crate::policy::Finding;
use crate::policy::Period;
use crate::policy::Policy;
use crate::policy::Severity;
use crate::ports::CertificateFiles;
use crate::ports::CertificateMemory;
use crate::ports::Handshakes;
use crate::ports::Question;
use crate::ports::ShownChain;

/// Where certificates are looked for.
#[derive(Clone, Copy)]
pub struct CertificatePlaces<'a> {
    /// The files of the project.
    pub files: &'a dyn CertificateFiles,
    /// The hosts; `None` leaves them alone, and what they showed before counts.
    pub hosts: Option<&'a dyn Handshakes>,
    /// What hosts showed before; `None` where there is no place to remember it.
    pub memory: Option<&'a dyn CertificateMemory>,
}

/// One certificate of the policy.
#[derive(Clone, Debug, Serialize)]
pub struct CertificateRow {
    /// The name of its table.
    pub name: String,
    /// The file or the host and port that it is read from.
    pub source: String,
    /// The name that it must be for.
    pub server_name: Option<String>,
    /// What this comes to.
    pub state: CertificateState,
    /// From when it is valid.
    pub not_before: Option<DateTime<Utc>>,
    /// Until when it is valid.
    pub not_after: Option<DateTime<Utc>>,
    /// From when on its end is announced.
    pub remind_at: Option<DateTime<Utc>>,
    /// Whole days until its end, less than 0 after it.
    pub days_left: Option<i64>,
    /// When its host showed it.
    pub seen_at: Option<DateTime<Utc>>,
    /// Whose it is.
    pub subject: Option<String>,
    /// The names that it is for.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// How those that came with it belong to it.
    pub chain: Option<Chain>,
    /// Whether this machine would trust its host.
    pub trust: Option<Trust>,
    /// The algorithm and the size of its key.
    pub key: Option<String>,
    /// What private key stands beside it.
    pub private_key: Option<KeyBeside>,
    /// SHA-256 of it, in hexadecimal.
    pub fingerprint: Option<String>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
}

/// Looks at every certificate of a policy, as of `at`; `now` is when hosts are asked.
///
/// A certificate that cannot be read or had is a row with a finding, and no error: the others still count.
pub fn certificates(
    policy: &Policy,
    places: CertificatePlaces<'_>,
    (now, at): (DateTime<Utc>, DateTime<Utc>),
    within: Option<Period>,
) -> Vec<CertificateRow> {
    let mut known = places.memory.map(CertificateMemory::recall).unwrap_or_default();
    let failed = ask(policy, places, &mut known, now);
    let rows = policy.certificates().iter().map(|certificate| {
        let sight = match certificate.source() {
            CertificateSource::Host(_) => of_host(certificate, &known, &failed),
            CertificateSource::File(path) => of_file(places.files, path),
        };
        row(certificate, &sight, judge(certificate, &sight, at, within), at)
    });
    rows.collect()
}

/// Returns what is wrong with the certificates, in their order.
pub fn certificate_findings(rows: &[CertificateRow]) -> Vec<Finding> {
    rows.iter().flat_map(|row| row.findings.iter().cloned()).collect()
}

/// Picks the certificates that somebody should act on, the most urgent first.
pub fn remind_certificates(mut rows: Vec<CertificateRow>) -> Vec<CertificateRow> {
    rows.retain(|row| {
        row.findings
            .iter()
            .any(|finding| finding.severity > Severity::Note)
    });
    rows.sort_by_key(|row| (row.state, row.not_after));
    rows
}

/// Asks the hosts, adds what they show to what is known, and returns why others do not.
fn ask(
    policy: &Policy,
    places: CertificatePlaces<'_>,
    known: &mut BTreeMap<String, ShownChain>,
    now: DateTime<Utc>,
) -> BTreeMap<String, String> {
    let mut failed = BTreeMap::new();
    let questions: Vec<Question> = policy.certificates().iter().filter_map(question).collect();
    let Some(hosts) = places.hosts.filter(|_| !questions.is_empty()) else {
        return failed;
    };
    for (question, answer) in questions.iter().zip(hosts.ask(&questions, now)) {
        match answer {
            Ok(shown) => {
                known.insert(question.key(), shown);
            }
            Err(reason) => {
                failed.insert(question.key(), reason);
            }
        }
    }
    // What the policy does not name any more is forgotten.
    let wanted: Vec<String> = questions.iter().map(Question::key).collect();
    known.retain(|key, _| wanted.contains(key));
    if let Some(memory) = places.memory {
        // Failing to remember is no reason to fail: hosts can be asked again.
        let _ = memory.remember(known);
    }
    failed
}

/// Says whom to ask for a certificate; `None` where it is read from a file.
fn question(certificate: &Certificate) -> Option<Question> {
    let CertificateSource::Host(address) = certificate.source() else {
        return None;
    };
    // A host is asked for one name, and never for a pattern of names.
    let name = certificate.server_name().filter(|name| !name.starts_with("*."));
    Some(Question {
        address: address.clone(),
        server_name: name.unwrap_or(address.host()).to_owned(),
    })
}

fn of_host(
    certificate: &Certificate,
    known: &BTreeMap<String, ShownChain>,
    failed: &BTreeMap<String, String>,
) -> Sight {
    let key = question(certificate)
        .map(|question| question.key())
        .unwrap_or_default();
    let before = known.get(&key).map(|shown| match read_chain(&shown.chain) {
        Ok(facts) => Sight::Found {
            facts: Box::new(facts),
            mode: None,
            trust: Some(shown.trust),
            seen_at: Some(shown.seen_at),
        },
        Err(error) => Sight::Unreadable(error.to_string()),
    });
    match (failed.get(&key), before) {
        (Some(reason), before) => Sight::Unreachable {
            reason: reason.clone(),
            before: before.map(Box::new),
        },
        (None, Some(before)) => before,
        (None, None) => Sight::Unasked,
    }
}

fn of_file(files: &dyn CertificateFiles, path: &str) -> Sight {
    match files.read(path) {
        Ok(None) => Sight::Missing,
        Ok(Some((content, mode))) => match read_pem(&content) {
            Ok(facts) => Sight::Found {
                facts: Box::new(facts),
                mode: Some(mode),
                trust: None,
                seen_at: None,
            },
            Err(error) => Sight::Unreadable(error.to_string()),
        },
        Err(error) => Sight::Unreadable(error.to_string()),
    }
}

fn row(certificate: &Certificate, sight: &Sight, judged: Judged, at: DateTime<Utc>) -> CertificateRow {
    let (facts, trust, seen_at) = shown_by(sight);
    let of_facts = |field: fn(&CertificateFacts) -> &String| facts.map(|facts| field(facts).clone());
    CertificateRow {
        name: certificate.name().to_owned(),
        source: match certificate.source() {
            CertificateSource::Host(address) => address.to_string(),
            CertificateSource::File(path) => path.clone(),
        },
        server_name: certificate.server_name().map(str::to_owned),
        state: judged.state,
        not_before: facts.map(|facts| facts.not_before),
        not_after: facts.map(|facts| facts.not_after),
        remind_at: judged.remind_at,
        days_left: facts.map(|facts| (facts.not_after - at).num_days()),
        seen_at,
        subject: of_facts(|facts| &facts.subject),
        names: facts.map(|facts| facts.names.clone()).unwrap_or_default(),
        issuer: of_facts(|facts| &facts.issuer),
        chain: facts.map(|facts| facts.chain),
        trust,
        key: of_facts(|facts| &facts.key),
        private_key: facts.filter(|_| seen_at.is_none()).map(|facts| facts.private_key),
        fingerprint: of_facts(|facts| &facts.fingerprint),
        findings: judged.findings,
    }
}

fn shown_by(sight: &Sight) -> (Option<&CertificateFacts>, Option<Trust>, Option<DateTime<Utc>>) {
    match sight {
        Sight::Found {
            facts,
            trust,
            seen_at,
            ..
        } => (Some(facts), *trust, *seen_at),
        Sight::Unreachable {
            before: Some(before), ..
        } => shown_by(before),
        _ => (None, None, None),
    }
}
