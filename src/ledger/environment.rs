//! The ledger of one environment.

use std::collections::BTreeMap;

use ring::hmac;
use serde::Deserialize;
use serde::Serialize;

use crate::ledger::Damage;
use crate::ledger::SecretRecord;
use crate::ledger::StoreId;
use crate::ledger::line;
use crate::ledger::line::Domain;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// The ledger of one environment as it was read: one line per secret, then the seal.
///
/// Reading believes nothing: a line that is no record stays a broken line, and [`Ledger::check`] says what
/// cannot be trusted.
#[derive(Debug, Default)]
pub struct Ledger {
    lines: Vec<LedgerLine>,
    /// Whether every line is a record and they stand in the order in which they are written.
    is_sorted: bool,
    seal: Option<(Seal, String, String)>,
}

/// One line that should hold a record.
#[derive(Debug)]
pub enum LedgerLine {
    /// No record can be read from it.
    Broken {
        /// The secret, as far as it can be read.
        name: Option<SecretName>,
    },
    /// A record, not yet checked.
    Record {
        /// What it says.
        record: SecretRecord,
        /// The line without its MAC.
        body: String,
        /// The MAC.
        mac: String,
    },
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    seal: u32,
    revision: u64,
    secrets: usize,
}

impl Ledger {
    /// Reads a ledger without believing it.
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut rows: Vec<&str> = text.lines().collect();
        let seal = rows.last().and_then(|last| {
            let (body, mac) = line::split(last)?;
            let seal = serde_json::from_str::<Seal>(&body).ok()?;
            Some((seal, body, mac.to_owned()))
        });
        if seal.is_some() {
            rows.pop();
        }
        let lines: Vec<LedgerLine> = rows.into_iter().map(LedgerLine::read).collect();
        let is_before =
            |one: &LedgerLine, next: &LedgerLine| one.name().is_some() && one.name() < next.name();
        Self {
            is_sorted: lines.is_sorted_by(is_before),
            lines,
            seal,
        }
    }

    /// Writes `records` as the ledger that follows revision `revision - 1`.
    pub fn write(
        records: &BTreeMap<SecretName, SecretRecord>,
        revision: u64,
        place: (&StoreId, &EnvironmentName),
        key: &hmac::Key,
    ) -> Vec<u8> {
        let mut text = String::new();
        let mut sealed = String::new();
        for record in records.values() {
            let body = serde_json::to_string(record).unwrap_or_default();
            let mac = domain("ledger", place).mac(key, &[body.as_bytes()]);
            sealed.push_str(&seal_entry(record, &mac));
            text.push_str(&line::join(&body, &mac));
            text.push('\n');
        }
        let seal = Seal {
            seal: 1,
            revision,
            secrets: records.len(),
        };
        let body = serde_json::to_string(&seal).unwrap_or_default();
        let mac = domain("seal", place).mac(key, &[body.as_bytes(), b"\n", sealed.as_bytes()]);
        text.push_str(&line::join(&body, &mac));
        text.push('\n');
        text.into_bytes()
    }

    /// Returns the revision that the seal names; 0 when there is no seal.
    pub fn revision(&self) -> u64 {
        self.seal.as_ref().map_or(0, |(seal, _, _)| seal.revision)
    }

    /// Returns the MAC of the seal, which covers every line; `None` when there is no seal.
    pub fn seal_mac(&self) -> Option<&str> {
        self.seal.as_ref().map(|(_, _, mac)| mac.as_str())
    }

    /// Returns every line in file order.
    pub fn lines(&self) -> &[LedgerLine] {
        &self.lines
    }

    /// Returns the records that can be read, in file order, checked or not.
    pub fn records(&self) -> impl Iterator<Item = &SecretRecord> {
        self.lines.iter().filter_map(LedgerLine::record)
    }

    /// Returns the record of `name`, checked or not.
    pub fn record(&self, name: &SecretName) -> Option<&SecretRecord> {
        if !self.is_sorted {
            return self.records().find(|record| record.name == *name);
        }
        let found = self.lines.binary_search_by(|line| line.name().cmp(&Some(name)));
        self.lines.get(found.ok()?)?.record()
    }

    /// Returns the records by name.
    pub fn into_records(self) -> BTreeMap<SecretName, SecretRecord> {
        self.lines
            .into_iter()
            .filter_map(|line| match line {
                LedgerLine::Broken { .. } => None,
                LedgerLine::Record { record, .. } => Some((record.name.clone(), record)),
            })
            .collect()
    }

    /// Says everything that cannot be believed: broken lines first, then the seal.
    pub fn check(&self, place: (&StoreId, &EnvironmentName), key: &hmac::Key) -> Vec<Damage> {
        let environment = || place.1.clone();
        let mut damage = Vec::new();
        let mut sealed = String::new();
        let mut seen = BTreeMap::new();
        for (number, line) in (1..).zip(&self.lines) {
            match line {
                LedgerLine::Broken { name } => damage.push(Damage::LineBroken {
                    environment: environment(),
                    line: number,
                    name: name.clone(),
                }),
                LedgerLine::Record { record, body, mac } => {
                    if domain("ledger", place).mac(key, &[body.as_bytes()]) != *mac {
                        damage.push(Damage::LineBroken {
                            environment: environment(),
                            line: number,
                            name: Some(record.name.clone()),
                        });
                    }
                    if seen
                        .insert(record.name.as_str().to_ascii_lowercase(), ())
                        .is_some()
                    {
                        damage.push(Damage::NameTwice {
                            environment: environment(),
                            name: record.name.clone(),
                        });
                    }
                    sealed.push_str(&seal_entry(record, mac));
                }
            }
        }
        let Some((seal, body, mac)) = &self.seal else {
            damage.push(Damage::SealMissing {
                environment: environment(),
            });
            return damage;
        };
        let fits = domain("seal", place).mac(key, &[body.as_bytes(), b"\n", sealed.as_bytes()]) == *mac;
        if !fits || seal.secrets != self.lines.len() {
            damage.push(Damage::SealBroken {
                environment: environment(),
            });
        }
        damage
    }
}

impl LedgerLine {
    fn read(row: &str) -> Self {
        let read = line::split(row).and_then(|(body, mac)| {
            let record = serde_json::from_str(&body).ok()?;
            Some(Self::Record {
                record,
                body,
                mac: mac.to_owned(),
            })
        });
        read.unwrap_or_else(|| Self::Broken {
            name: readable_name(row),
        })
    }

    fn record(&self) -> Option<&SecretRecord> {
        match self {
            Self::Broken { .. } => None,
            Self::Record { record, .. } => Some(record),
        }
    }

    fn name(&self) -> Option<&SecretName> {
        self.record().map(|record| &record.name)
    }
}

/// Reads the name of a broken line, which is its first field.
fn readable_name(row: &str) -> Option<SecretName> {
    let rest = row.strip_prefix("{\"name\":\"")?;
    rest.split('"').next()?.parse().ok()
}

fn seal_entry(record: &SecretRecord, mac: &str) -> String {
    format!("{} {} {mac}\n", record.name, record.revision)
}

fn domain<'a>(purpose: &'a str, place: (&'a StoreId, &'a EnvironmentName)) -> Domain<'a> {
    Domain {
        purpose,
        store: place.0.as_str(),
        place: place.1.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    struct Made {
        store: StoreId,
        environment: EnvironmentName,
        key: hmac::Key,
        text: String,
    }

    impl Made {
        fn check(&self, text: &str) -> Vec<Damage> {
            Ledger::read(text.as_bytes()).check((&self.store, &self.environment), &self.key)
        }
    }

    fn made() -> Made {
        let store = StoreId::generate(&mut ChaCha20Rng::seed_from_u64(5));
        let environment: EnvironmentName = "production".parse().unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[9; 32]);
        let records = ["A", "B", "C"]
            .map(|name| {
                let mut record = SecretRecord::new(name.parse().unwrap(), "hex");
                record.revision = 1;
                (record.name.clone(), record)
            })
            .into();
        let bytes = Ledger::write(&records, 4, (&store, &environment), &key);
        Made {
            store,
            environment,
            key,
            text: String::from_utf8(bytes).unwrap(),
        }
    }

    #[test]
    fn what_is_written_reads_clean() {
        let made = made();

        assert_eq!(made.check(&made.text), []);
        assert_eq!(Ledger::read(made.text.as_bytes()).revision(), 4);
        assert_eq!(Ledger::read(made.text.as_bytes()).records().count(), 3);
    }

    #[test]
    fn every_flipped_byte_is_seen() {
        let made = made();
        for place in 0..made.text.len() {
            let mut bytes = made.text.clone().into_bytes();
            bytes[place] ^= 1;

            let damage = Ledger::read(&bytes).check((&made.store, &made.environment), &made.key);

            assert!(!damage.is_empty(), "byte {place}");
        }
    }

    #[test]
    fn every_cut_is_seen() {
        let made = made();
        // A missing last line end changes no record.
        for length in 0..made.text.len() - 1 {
            assert!(!made.check(&made.text[..length]).is_empty(), "cut at {length}");
        }
    }

    #[test]
    fn dropped_doubled_and_swapped_lines_are_seen() {
        let made = made();
        let rows: Vec<&str> = made.text.lines().collect();
        for order in [&[0, 2, 3][..], &[1, 0, 2, 3], &[0, 0, 1, 2, 3], &[0, 1, 2], &[3]] {
            let text: String = order.iter().map(|row| format!("{}\n", rows[*row])).collect();

            assert!(!made.check(&text).is_empty(), "{order:?}");
        }
    }

    #[test]
    fn a_record_is_found_whatever_the_order_of_lines() {
        let made = made();
        let rows: Vec<&str> = made.text.lines().collect();
        let names = ["A", "B", "C"].map(|name| name.parse::<SecretName>().unwrap());
        for order in [&[0, 1, 2, 3][..], &[2, 0, 1, 3], &[1, 3, 0, 2], &[0, 0, 2, 1]] {
            let text: String = order.iter().map(|row| format!("{}\n", rows[*row])).collect();
            let ledger = Ledger::read(text.as_bytes());

            for name in &names {
                assert_eq!(
                    ledger.record(name).map(|record| &record.name),
                    Some(name),
                    "{order:?}"
                );
            }
            assert_eq!(ledger.record(&"AB".parse().unwrap()), None);
        }
    }

    #[test]
    fn a_broken_line_is_named() {
        let made = made();
        let broken = made.text.replacen("\"revision\":1", "\"revision\":7", 1);

        assert_eq!(
            made.check(&broken)[0],
            Damage::LineBroken {
                environment: made.environment.clone(),
                line: 1,
                name: Some("A".parse().unwrap()),
            }
        );
    }

    #[test]
    fn a_line_of_another_environment_does_not_pass() {
        let made = made();
        let staging: EnvironmentName = "staging".parse().unwrap();

        let damage = Ledger::read(made.text.as_bytes()).check((&made.store, &staging), &made.key);

        assert_eq!(damage.len(), 4);
    }
}
