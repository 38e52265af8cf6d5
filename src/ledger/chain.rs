//! The audit log: a hash chain of value-free events.

use chrono::DateTime;
use chrono::Utc;
use ring::hmac;
use serde::Deserialize;
use serde::Serialize;

use crate::ledger::AuditHead;
use crate::ledger::Confirmation;
use crate::ledger::Damage;
use crate::ledger::StoreId;
use crate::ledger::line;
use crate::ledger::line::Domain;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// What happened, without any value. All fields are typed; there is no free text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EventDraft {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the user and the host, as the operating system names them.
    pub by: String,
    /// What was done.
    pub action: Action,
    /// Whether it was about to happen or had happened.
    pub phase: Phase,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentName>,
    /// To which secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretName>,
    /// To which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionId>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// To which system the value goes, by its name in the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink: Option<String>,
    /// What a person confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signoff: Option<Confirmation>,
}

/// What can be done to a store.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// A rotation was undone.
    Abort,
    /// A person allowed the programs of a sink to run on this machine.
    Approve,
    /// Leftover files were removed.
    Clean,
    /// A system that uses the value was told of it.
    Deliver,
    /// A former value was destroyed.
    Destroy,
    /// An existing value was brought in.
    Import,
    /// The store was set up.
    Init,
    /// A value was made for a secret that had none.
    Mint,
    /// A value was written out in a dialect of env files, or in a manifest.
    Render,
    /// A value that the store does not have was written over in a system that used it.
    Overwrite,
    /// What was current at an earlier time took the place of the current value.
    Restore,
    /// A former value stopped being valid.
    Retire,
    /// A value was printed.
    Reveal,
    /// A person confirmed that the issuer ended a former value.
    Revoke,
    /// The value before took the place of the current one.
    Rollback,
    /// A value was replaced.
    Rotate,
    /// A value was handed to a command.
    Run,
    /// Values were read to be judged.
    Score,
    /// A person confirmed the state of an environment.
    SignOff,
    /// A new value was written, and is not in use yet.
    Stage,
    /// A person took back that the programs of a sink may run on this machine.
    Withdraw,
}

/// Whether an event was about to happen or had happened.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It happened.
    Done,
    /// It was about to happen. Without a `done` after it, it was interrupted.
    Intent,
}

/// Why a value was replaced.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Somebody else may know it.
    Compromise,
    /// Somebody who knew it has left.
    Departure,
    /// Its time had come.
    #[default]
    Scheduled,
    /// To see that it works.
    Test,
}

/// One event as it stands in the log.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Event {
    /// Its number in its log, counted from 1.
    pub sequence: u64,
    /// The MAC of the event before it; empty for the first.
    pub prev: String,
    /// What happened.
    #[serde(flatten)]
    pub draft: EventDraft,
}

/// The end of one writer's audit log, to which events are added.
#[derive(Clone, Debug)]
pub struct Chain {
    store: StoreId,
    writer: String,
    head: Option<AuditHead>,
}

impl Chain {
    /// Continues the log of `writer` behind `head`; `None` starts it.
    pub fn new(store: StoreId, writer: String, head: Option<AuditHead>) -> Self {
        Self { store, writer, head }
    }

    /// Continues the log of `writer` behind its last line, which must be authentic.
    ///
    /// # Errors
    ///
    /// [`Damage::AuditBroken`] when it is not. Lines before it are for [`Chain::read`] to check.
    pub fn resume(
        store: &StoreId,
        writer: &str,
        last: Option<&str>,
        key: &hmac::Key,
    ) -> Result<Self, Damage> {
        let mut chain = Self::new(store.clone(), writer.to_owned(), None);
        let Some(row) = last else {
            return Ok(chain);
        };
        let read = line::split(row).and_then(|(body, mac)| {
            let event: Event = serde_json::from_str(&body).ok()?;
            let authentic = domain(store, writer).mac(key, &[body.as_bytes()]) == mac;
            authentic.then(|| AuditHead {
                sequence: event.sequence,
                mac: mac.to_owned(),
            })
        });
        chain.head = Some(read.ok_or_else(|| Damage::AuditBroken {
            writer: writer.to_owned(),
            line: 0,
        })?);
        Ok(chain)
    }

    /// Returns the last event's number and MAC.
    pub fn head(&self) -> Option<&AuditHead> {
        self.head.as_ref()
    }

    /// Adds an event and returns its line, without a line end.
    pub fn add(&mut self, draft: EventDraft, key: &hmac::Key) -> String {
        let (sequence, prev) = match &self.head {
            Some(head) => (head.sequence + 1, head.mac.clone()),
            None => (1, String::new()),
        };
        let event = Event {
            sequence,
            prev,
            draft,
        };
        let body = serde_json::to_string(&event).unwrap_or_default();
        let mac = domain(&self.store, &self.writer).mac(key, &[body.as_bytes()]);
        let text = line::join(&body, &mac);
        self.head = Some(AuditHead { sequence, mac });
        text
    }

    /// Reads a whole log of `writer` and returns its events with the chain behind them.
    ///
    /// A last line without a line end is an interrupted write that nobody was told of; it is left out.
    ///
    /// # Errors
    ///
    /// [`Damage::AuditBroken`] names the first line that does not follow from those before it.
    pub fn read(
        store: &StoreId,
        writer: &str,
        bytes: &[u8],
        key: &hmac::Key,
    ) -> Result<(Vec<Event>, Self), Damage> {
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let mut chain = Self::new(store.clone(), writer.to_owned(), None);
        let mut events = Vec::new();
        for (number, row) in (1..).zip(text.lines()) {
            let event = chain.follow(row, key).ok_or_else(|| Damage::AuditBroken {
                writer: writer.to_owned(),
                line: number,
            })?;
            events.push(event);
        }
        Ok((events, chain))
    }

    /// Reads the events of a log without checking them, as far as they can be read.
    pub fn read_unverified(bytes: &[u8]) -> Vec<Event> {
        String::from_utf8_lossy(bytes)
            .lines()
            .filter_map(|row| serde_json::from_str(&line::split(row)?.0).ok())
            .collect()
    }

    /// Reads whole lines out of the middle of a log of `writer` and returns its events, each with its MAC: every line
    /// follows from the one before it, and where there is a key, every MAC fits.
    ///
    /// # Errors
    ///
    /// [`Damage::AuditBroken`] names the first line that does not.
    pub fn read_part(
        store: &StoreId,
        writer: &str,
        bytes: &[u8],
        key: Option<&hmac::Key>,
    ) -> Result<Vec<(Event, String)>, Damage> {
        let mut events: Vec<(Event, String)> = Vec::new();
        for (number, row) in (1..).zip(String::from_utf8_lossy(bytes).lines()) {
            let read = line::split(row).and_then(|(body, mac)| {
                let event: Event = serde_json::from_str(&body).ok()?;
                let follows = events.last().is_none_or(|(before, before_mac)| {
                    event.sequence == before.sequence + 1 && event.prev == *before_mac
                });
                let fits = key.is_none_or(|key| domain(store, writer).mac(key, &[body.as_bytes()]) == mac);
                (follows && fits).then(|| (event, mac.to_owned()))
            });
            events.push(read.ok_or_else(|| Damage::AuditBroken {
                writer: writer.to_owned(),
                line: number,
            })?);
        }
        Ok(events)
    }

    fn follow(&mut self, row: &str, key: &hmac::Key) -> Option<Event> {
        let (body, mac) = line::split(row)?;
        let event: Event = serde_json::from_str(&body).ok()?;
        let (sequence, prev) = match &self.head {
            Some(head) => (head.sequence + 1, head.mac.as_str()),
            None => (1, ""),
        };
        let authentic = domain(&self.store, &self.writer).mac(key, &[body.as_bytes()]) == mac;
        if event.sequence != sequence || event.prev != prev || !authentic {
            return None;
        }
        self.head = Some(AuditHead {
            sequence,
            mac: mac.to_owned(),
        });
        Some(event)
    }
}

fn domain<'a>(store: &'a StoreId, writer: &'a str) -> Domain<'a> {
    Domain {
        purpose: "audit",
        store: store.as_str(),
        place: writer,
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn draft(action: Action) -> EventDraft {
        EventDraft {
            at: DateTime::UNIX_EPOCH,
            by: "ana@host".to_owned(),
            action,
            phase: Phase::Intent,
            environment: None,
            secret: None,
            version: None,
            reason: None,
            sink: None,
            signoff: None,
        }
    }

    fn log() -> (StoreId, hmac::Key, String) {
        let store = StoreId::generate(&mut ChaCha20Rng::seed_from_u64(2));
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[4; 32]);
        let mut chain = Chain::new(store.clone(), "w1".to_owned(), None);
        let text = [Action::Init, Action::Mint, Action::Reveal]
            .map(|action| chain.add(draft(action), &key) + "\n")
            .concat();
        (store, key, text)
    }

    #[test]
    fn a_log_reads_back_and_goes_on() {
        let (store, key, mut text) = log();
        let (events, mut chain) = Chain::read(&store, "w1", text.as_bytes(), &key).unwrap();
        assert_eq!(events.len(), 3);

        text.push_str(&(chain.add(draft(Action::Score), &key) + "\n"));

        let (events, _) = Chain::read(&store, "w1", text.as_bytes(), &key).unwrap();
        assert_eq!(events[3].sequence, 4);
    }

    #[test]
    fn every_flipped_byte_is_seen() {
        let (store, key, text) = log();
        for place in 0..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1;

            assert!(Chain::read(&store, "w1", &bytes, &key).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_dropped_event_is_seen_and_a_torn_last_line_is_not_one() {
        let (store, key, text) = log();
        let rows: Vec<&str> = text.lines().collect();

        let dropped = format!("{}\n{}\n", rows[0], rows[2]);
        let torn = format!("{}\n{}", rows[0], &rows[1][..20]);

        assert_eq!(
            Chain::read(&store, "w1", dropped.as_bytes(), &key).unwrap_err(),
            Damage::AuditBroken {
                writer: "w1".to_owned(),
                line: 2
            }
        );
        assert_eq!(
            Chain::read(&store, "w1", torn.as_bytes(), &key).unwrap().0.len(),
            1
        );
    }

    /// Two lines whose MACs were computed by another program from the documented form.
    const OLD_LOG: &str = concat!(
        r#"{"sequence":1,"prev":"","at":"2026-11-21T10:00:00Z","by":"ana@host","action":"init","phase":"done","#,
        r#""mac":"kUCdlGcZV/Eqj6dXhlDR+zsATvHEW2qnMnSso7uWMng"}"#,
        "\n",
        r#"{"sequence":2,"prev":"kUCdlGcZV/Eqj6dXhlDR+zsATvHEW2qnMnSso7uWMng","at":"2026-11-21T10:00:00Z","#,
        r#""by":"ana@host","action":"rotate","phase":"intent","environment":"production","secret":"JWT_SECRET","#,
        r#""version":"01900000-0000-7000-8000-000000000000","reason":"scheduled","sink":"env-file","#,
        r#""mac":"ppjmT4ejnaAV/BGXw0FHxbfTTVy9fTfAVbLxv9pcmTE"}"#,
        "\n",
    );

    #[test]
    fn a_log_from_before_there_were_sign_offs_is_read_and_gone_on_with() {
        let store = StoreId::try_from("0192d0c0-0000-7000-8000-000000000001".to_owned()).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[4; 32]);
        let (events, mut chain) = Chain::read(&store, "w1", OLD_LOG.as_bytes(), &key).unwrap();
        let mut again = Chain::new(store.clone(), "w1".to_owned(), None);
        let rewritten = events
            .into_iter()
            .map(|event| again.add(event.draft, &key) + "\n");
        assert_eq!(rewritten.collect::<String>(), OLD_LOG);

        let confirmed = EventDraft {
            signoff: Some(Confirmation {
                role: "security-lead".to_owned(),
                revision: 7,
                seal: "bWFj".to_owned(),
                policy: "00".repeat(32),
                checked: crate::ledger::CheckedPlace::Store,
                errors: 0,
                warnings: 1,
                recipient: None,
            }),
            ..draft(Action::SignOff)
        };
        let text = format!("{OLD_LOG}{}\n", chain.add(confirmed.clone(), &key));

        let (events, _) = Chain::read(&store, "w1", text.as_bytes(), &key).unwrap();
        assert_eq!(events[2].draft, confirmed);
        assert!(
            Chain::read(
                &store,
                "w1",
                text.replace("\"errors\":0", "\"errors\":1").as_bytes(),
                &key
            )
            .is_err()
        );
    }

    #[test]
    fn another_writers_log_does_not_pass() {
        let (store, key, text) = log();

        assert!(Chain::read(&store, "w2", text.as_bytes(), &key).is_err());
    }
}
