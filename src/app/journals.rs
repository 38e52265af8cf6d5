//! The journals of a store: rotations that are under way.

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::ledger::Action;
use crate::ledger::Chain;
use crate::ledger::Damage;
use crate::ledger::Journal;
use crate::ledger::JournalEntry;
use crate::ledger::JournalStep;
use crate::ledger::Reason;
use crate::ledger::RotationId;
use crate::ledger::StepState;
use crate::ledger::WalkPhase;
use crate::policy::Policy;
use crate::ports::NewFile;
use crate::ports::Storage;
use crate::rotation;
use crate::rotation::Next;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

use rand::CryptoRng;

/// A journal and the bytes that stand in its file.
#[derive(Debug)]
pub(super) struct OpenJournal {
    pub(super) journal: Journal,
    bytes: Vec<u8>,
}

impl Store<'_> {
    /// Reads every journal, and says which ones cannot be believed.
    ///
    /// # Errors
    ///
    /// When one cannot be read at all.
    pub(super) fn journals(&self) -> Result<(Vec<OpenJournal>, Vec<Damage>), AppError> {
        let (mut open, mut damage) = (Vec::new(), Vec::new());
        for id in ids(self.world.storage)? {
            let Some(bytes) = self.world.storage.get(&path(&id))? else {
                continue;
            };
            match Journal::read(&bytes, &id, &self.settings.store, self.keys.ledger_key()) {
                Ok(journal) => open.push(OpenJournal { journal, bytes }),
                Err(broken) => damage.push(broken),
            }
        }
        Ok((open, damage))
    }

    /// Returns the rotations of an environment that are to go on, and removes what is left of others.
    ///
    /// A pending version without a journal gets one, in which every sink is `unknown`.
    ///
    /// # Errors
    ///
    /// When a journal cannot be read or written.
    pub(super) fn open_rotations(
        &self,
        (policy, environment): (&Policy, &EnvironmentName),
        checked: &Checked,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<OpenJournal>, AppError> {
        let mut open = Vec::new();
        for mut found in self.journals()?.0 {
            if found.journal.environment != *environment {
                continue;
            }
            match rotation::next(&found.journal, &checked.ledger) {
                Next::Continue(journal) | Next::Undo(journal) => {
                    self.save(&mut found, journal)?;
                    open.push(found);
                }
                Next::Close => self.close(&found)?,
                Next::Discard(versions) => {
                    for (name, version) in versions {
                        let file = format!("{environment}/values/{name}/{version}.age");
                        self.world.storage.delete(&file)?;
                    }
                    self.close(&found)?;
                }
            }
        }
        let known: Vec<Journal> = open.iter().map(|found| found.journal.clone()).collect();
        let orphans = rotation::orphans(&checked.ledger, &known);
        if !orphans.is_empty() {
            let reason = self.reason_of_staging(&orphans)?;
            let mut journal = self.begin(environment, (Action::Rotate, reason), rng);
            journal.secrets = orphans;
            journal.steps = steps(policy, &journal, StepState::Unknown);
            open.push(self.write(journal)?);
        }
        Ok(open)
    }

    /// Finds in the audit log why versions were staged whose journal is lost: after a compromise nothing overlaps.
    fn reason_of_staging(&self, entries: &[JournalEntry]) -> Result<Reason, AppError> {
        let mut reasons = Vec::new();
        for writer in self.world.audit.writers()? {
            let events = Chain::read_unverified(&self.world.audit.read(&writer)?);
            let staged = events.into_iter().filter(|event| {
                let is_one = |entry: &JournalEntry| event.draft.version == Some(entry.new);
                event.draft.action == Action::Stage && entries.iter().any(is_one)
            });
            reasons.extend(staged.filter_map(|event| event.draft.reason));
        }
        if reasons.contains(&Reason::Compromise) {
            return Ok(Reason::Compromise);
        }
        Ok(reasons.last().copied().unwrap_or_default())
    }

    /// Starts a journal; it is not written yet.
    pub(super) fn begin(
        &self,
        environment: &EnvironmentName,
        (action, reason): (Action, Reason),
        rng: &mut dyn CryptoRng,
    ) -> Journal {
        let now = self.now();
        Journal {
            journal: Journal::FORMAT,
            rotation: RotationId::new(now, rng),
            environment: environment.clone(),
            action,
            reason,
            by: self.world.actor.to_owned(),
            started_at: now,
            phase: WalkPhase::Use,
            accepted_at: None,
            secrets: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Writes a new journal, durably.
    ///
    /// # Errors
    ///
    /// When it is not known to be on disk; nothing may be done for the rotation then.
    pub(super) fn write(&self, journal: Journal) -> Result<OpenJournal, AppError> {
        let bytes = journal.write(&self.settings.store, self.keys.ledger_key());
        self.world.storage.create(&[NewFile {
            path: path(&journal.rotation.to_string()),
            bytes: bytes.clone(),
        }])?;
        Ok(OpenJournal { journal, bytes })
    }

    /// Puts `journal` in the place of one that is open, durably; the same one is not written again.
    ///
    /// # Errors
    ///
    /// When it is not known to be on disk; what it announces may not be done then.
    pub(super) fn save(&self, open: &mut OpenJournal, journal: Journal) -> Result<(), AppError> {
        if open.journal == journal {
            return Ok(());
        }
        let bytes = journal.write(&self.settings.store, self.keys.ledger_key());
        let path = path(&journal.rotation.to_string());
        self.world.storage.replace(&path, Some(&open.bytes), &bytes)?;
        *open = OpenJournal { journal, bytes };
        Ok(())
    }

    /// Removes a journal.
    ///
    /// # Errors
    ///
    /// When it cannot be removed; the next run does it then.
    pub(super) fn close(&self, open: &OpenJournal) -> Result<(), AppError> {
        Ok(self
            .world
            .storage
            .delete(&path(&open.journal.rotation.to_string()))?)
    }
}

/// Returns what has to be done at the sinks: sink by sink in the order of the policy, secret by secret.
pub(super) fn steps(policy: &Policy, journal: &Journal, state: StepState) -> Vec<JournalStep> {
    let sinks_of = |name: &SecretName| {
        let secret = policy.secret(name, &journal.environment);
        secret.map(|secret| secret.sinks()).unwrap_or_default()
    };
    let mut steps = Vec::new();
    for sink in policy.sinks() {
        let users = journal.secrets.iter().filter(|entry| {
            let mut sinks = sinks_of(&entry.name).iter();
            sinks.any(|name| name == sink.name())
        });
        steps.extend(users.map(|entry| JournalStep {
            sink: sink.name().to_owned(),
            secret: entry.name.clone(),
            state,
        }));
    }
    steps
}

/// Reads the journals without a key, for reports and for who has to wait.
///
/// # Errors
///
/// When they cannot be read.
pub fn journals_unverified(storage: &dyn Storage) -> Result<Vec<Journal>, AppError> {
    let mut found = Vec::new();
    for id in ids(storage)? {
        let bytes = storage.get(&path(&id))?;
        found.extend(bytes.and_then(|bytes| Journal::read_unverified(&bytes)));
    }
    Ok(found)
}

fn ids(storage: &dyn Storage) -> Result<Vec<String>, AppError> {
    let files = storage.list(DIRECTORY)?;
    let ids = files.iter().filter_map(|file| file.strip_suffix(".json"));
    Ok(ids
        .filter(|id| id.parse::<RotationId>().is_ok())
        .map(str::to_owned)
        .collect())
}

/// Returns where the journal of a rotation is.
pub(super) fn path(id: &str) -> String {
    format!("{DIRECTORY}/{id}.json")
}

const DIRECTORY: &str = "journal";
