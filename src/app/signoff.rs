//! Who confirmed the present state of an environment, and who has to yet.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::SignoffError;
use crate::app::Store;
use crate::app::World;
use crate::app::environment_of;
use crate::app::layout::ledger_path;
use crate::app::layout::read_settings;
use crate::contract::RoleSignoff;
use crate::contract::SignoffState;
use crate::ledger::Action;
use crate::ledger::Chain;
use crate::ledger::CheckedPlace;
use crate::ledger::Confirmation;
use crate::ledger::Damage;
use crate::ledger::Event;
use crate::ledger::EventDraft;
use crate::ledger::Ledger;
use crate::ledger::NamedRecipient;
use crate::ledger::Phase;
use crate::policy::Policy;
use crate::policy::Signoff;
use crate::ports::AuditLog;
use crate::ports::Storage;
use crate::secret::EnvironmentName;

/// One role of one environment.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SignoffRow {
    /// The environment.
    pub environment: EnvironmentName,
    /// The role.
    pub role: String,
    /// Whether the present state is confirmed.
    pub state: SignoffState,
    /// Who confirmed last: user and host, as the operating system names them.
    pub by: Option<String>,
    /// The name of the recipient whose identity was at hand then.
    pub recipient: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// The revision of the ledger that was confirmed.
    pub revision: Option<u64>,
    /// How many errors the check found then.
    pub errors: Option<u32>,
    /// How many warnings it found then.
    pub warnings: Option<u32>,
}

/// Who wants to confirm, and what.
#[derive(Clone, Copy, Debug)]
pub struct Signatory<'a> {
    /// As what.
    pub role: &'a str,
    /// SHA-256 of the policy file, in hexadecimal.
    pub policy: &'a str,
    /// The recipients whose identities are at hand.
    pub recipients: &'a [String],
}

impl Signatory<'_> {
    /// Returns the first recipient of the store whose identity is at hand.
    fn recipient<'s>(&self, store: &'s Store<'_>) -> Option<&'s str> {
        let mut of_store = store.settings().recipients.iter();
        let found = of_store.find(|named| self.recipients.contains(&named.recipient))?;
        Some(&found.recipient)
    }
}

/// What a check found of the state that is to be confirmed.
#[derive(Clone, Debug)]
pub struct SignoffVerdict {
    /// The MAC of the seal of the ledger that was checked.
    pub seal: String,
    /// What was checked.
    pub checked: CheckedPlace,
    /// How many errors it found.
    pub errors: u32,
    /// How many warnings it found.
    pub warnings: u32,
    /// Whether errors are known and accepted.
    pub accepted: bool,
}

/// What the audit logs and a ledger tell of an environment.
struct Present<'a> {
    environment: &'a EnvironmentName,
    policy: &'a str,
    seal: Option<&'a str>,
    recipients: &'a [NamedRecipient],
    events: &'a [Event],
}

/// Refuses a sign-off that would not be recorded whatever a check finds, before any value is read for one; returns the
/// MAC of the seal that is about to be confirmed.
///
/// # Errors
///
/// When the policy knows no such role, there is nothing to confirm, the person has confirmed as another role already
/// and must not, or the store cannot be believed.
pub fn check_signoff(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    person: &Signatory<'_>,
) -> Result<String, AppError> {
    environment_of(policy, environment)?;
    let demanded = demanded(policy, person.role)?;
    let store = Store::open(world)?;
    let ledger = admit(&store, demanded, environment, person)?;
    Ok(ledger.seal_mac().unwrap_or_default().to_owned())
}

/// Records that a person confirms the present state of an environment, and returns where every role stands then.
///
/// # Errors
///
/// As with [`check_signoff`], and when the check found errors that nobody accepts, or the audit log cannot be written.
/// Nothing is recorded then.
pub fn sign(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    person: &Signatory<'_>,
    verdict: &SignoffVerdict,
) -> Result<Vec<SignoffRow>, AppError> {
    let demanded = demanded(policy, person.role)?;
    if verdict.errors > 0 && !verdict.accepted {
        return Err(SignoffError::NotReady {
            environment: environment.clone(),
            errors: verdict.errors,
        }
        .into());
    }
    let mut store = Store::open_for_writing(world, environment)?;
    let ledger = admit(&store, demanded, environment, person)?;
    if ledger.seal_mac() != Some(verdict.seal.as_str()) {
        let environment = environment.clone();
        return Err(SignoffError::Moved { environment }.into());
    }
    let confirmation = Confirmation {
        role: person.role.to_owned(),
        revision: ledger.revision(),
        seal: verdict.seal.clone(),
        policy: person.policy.to_owned(),
        checked: verdict.checked,
        errors: verdict.errors,
        warnings: verdict.warnings,
        recipient: person.recipient(&store).map(str::to_owned),
    };
    store.record(vec![EventDraft {
        phase: Phase::Done,
        environment: Some(environment.clone()),
        signoff: Some(confirmation),
        ..store.event(Action::SignOff)
    }])?;
    signoffs(&store, policy, person.policy, std::slice::from_ref(environment))
}

fn demanded<'a>(policy: &'a Policy, role: &str) -> Result<&'a Signoff, SignoffError> {
    let demanded = policy.signoff().ok_or(SignoffError::NotDemanded)?;
    if demanded.roles().iter().any(|known| known == role) {
        return Ok(demanded);
    }
    Err(SignoffError::RoleUnknown {
        role: role.to_owned(),
        known: demanded.roles().to_vec(),
    })
}

/// Returns the ledger that is about to be confirmed, unless this person must not.
fn admit(
    store: &Store<'_>,
    demanded: &Signoff,
    environment: &EnvironmentName,
    person: &Signatory<'_>,
) -> Result<Ledger, AppError> {
    let checked = store.ledger(environment)?;
    if !checked.damage.is_empty() {
        return Err(AppError::Damaged(checked.damage));
    }
    let events = events(store)?;
    let present = Present {
        environment,
        policy: person.policy,
        seal: checked.ledger.seal_mac(),
        recipients: &store.settings().recipients,
        events: &events,
    };
    if present.seal.is_none() {
        let environment = environment.clone();
        return Err(SignoffError::NothingToConfirm { environment }.into());
    }
    let this = (store.world.actor, person.recipient(store));
    let others = demanded.roles().iter().filter(|role| *role != person.role);
    let mut taken = others
        .filter_map(|role| present.last(role))
        .filter(|other| present.state(other.1) == SignoffState::Signed && is_same(this, *other));
    match taken.next().filter(|_| demanded.distinct_people()) {
        Some((event, confirmation)) => Err(SignoffError::SamePerson {
            role: person.role.to_owned(),
            other: confirmation.role.clone(),
            by: event.draft.by.clone(),
        }
        .into()),
        None => Ok(checked.ledger),
    }
}

/// Tells where every role stands in these environments, of logs and ledgers that were checked.
///
/// # Errors
///
/// When a log or a ledger cannot be read or believed.
pub fn signoffs(
    store: &Store<'_>,
    policy: &Policy,
    digest: &str,
    environments: &[EnvironmentName],
) -> Result<Vec<SignoffRow>, AppError> {
    let events = events(store)?;
    let mut rows = Vec::new();
    for environment in environments {
        let checked = store.ledger(environment)?;
        if !checked.damage.is_empty() {
            return Err(AppError::Damaged(checked.damage));
        }
        let present = Present {
            environment,
            policy: digest,
            seal: checked.ledger.seal_mac(),
            recipients: &store.settings().recipients,
            events: &events,
        };
        rows.extend(present.rows(policy));
    }
    Ok(rows)
}

/// Tells the same without any key: whoever can write the files can make it say anything.
///
/// # Errors
///
/// When a log or a ledger cannot be read.
pub fn signoffs_unverified(
    storage: &dyn Storage,
    audit: &dyn AuditLog,
    policy: &Policy,
    digest: &str,
    environments: &[EnvironmentName],
) -> Result<Vec<SignoffRow>, AppError> {
    let mut events = Vec::new();
    for writer in audit.writers()? {
        events.extend(Chain::read_unverified(&audit.read(&writer)?));
    }
    sort(&mut events);
    let recipients = read_settings(storage)?.map(|settings| settings.recipients);
    let mut rows = Vec::new();
    for environment in environments {
        let ledger = Ledger::read(&storage.get(&ledger_path(environment))?.unwrap_or_default());
        let present = Present {
            environment,
            policy: digest,
            seal: ledger.seal_mac(),
            recipients: recipients.as_deref().unwrap_or_default(),
            events: &events,
        };
        rows.extend(present.rows(policy));
    }
    Ok(rows)
}

/// Returns the environments in which a policy wants roles to confirm.
pub fn environments_to_sign(policy: &Policy) -> Vec<EnvironmentName> {
    let Some(demanded) = policy.signoff() else {
        return Vec::new();
    };
    let environments = policy.environments().filter(|one| demanded.required_in(one));
    environments.map(|one| one.name().clone()).collect()
}

/// Says of the roles of one environment what `check` and `audit` make findings of.
pub fn signoff_facts(rows: &[SignoffRow], environment: &EnvironmentName) -> Vec<RoleSignoff> {
    let here = rows.iter().filter(|row| row.environment == *environment);
    let facts = here.map(|row| RoleSignoff {
        role: row.role.clone(),
        state: row.state,
    });
    facts.collect()
}

/// Reads every audit log of a store, and believes none that is broken.
fn events(store: &Store<'_>) -> Result<Vec<Event>, AppError> {
    let damage: Vec<Damage> = store.check_audit()?.1;
    if !damage.is_empty() {
        return Err(AppError::Damaged(damage));
    }
    let mut events = Vec::new();
    for writer in store.world.audit.writers()? {
        let bytes = store.world.audit.read(&writer)?;
        let (read, _) = Chain::read(&store.settings.store, &writer, &bytes, store.keys.ledger_key())
            .map_err(|damage| AppError::Damaged(vec![damage]))?;
        events.extend(read);
    }
    sort(&mut events);
    Ok(events)
}

fn sort(events: &mut [Event]) {
    events.sort_by_key(|event| event.draft.at);
}

impl Present<'_> {
    /// Returns the last sign-off of a role.
    fn last(&self, role: &str) -> Option<(&Event, &Confirmation)> {
        let here = self.events.iter().rev().filter(|event| {
            event.draft.action == Action::SignOff
                && event.draft.environment.as_ref() == Some(self.environment)
        });
        let confirmed = here.filter_map(|event| Some((event, event.draft.signoff.as_ref()?)));
        confirmed
            .into_iter()
            .find(|(_, confirmation)| confirmation.role == role)
    }

    /// Returns whether a sign-off is of the present state, whoever gave it.
    fn state(&self, confirmation: &Confirmation) -> SignoffState {
        if self.seal != Some(confirmation.seal.as_str()) {
            SignoffState::LedgerChanged
        } else if self.policy != confirmation.policy {
            SignoffState::PolicyChanged
        } else {
            SignoffState::Signed
        }
    }

    fn rows(&self, policy: &Policy) -> Vec<SignoffRow> {
        let Some(demanded) = policy.signoff() else {
            return Vec::new();
        };
        let rows = demanded.roles().iter().map(|role| {
            let last = self.last(role);
            let mut state = last.map_or(SignoffState::Open, |(_, confirmation)| self.state(confirmation));
            if let Some(last) = last
                && demanded.distinct_people()
                && state == SignoffState::Signed
                && self.is_repeated(last, demanded.roles())
            {
                state = SignoffState::SamePerson;
            }
            self.row(role, state, last)
        });
        rows.collect()
    }

    /// Returns whether the person had confirmed the present state as another role before.
    fn is_repeated(&self, (event, confirmation): (&Event, &Confirmation), roles: &[String]) -> bool {
        let person = (event.draft.by.as_str(), confirmation.recipient.as_deref());
        let others = roles.iter().filter(|role| **role != confirmation.role);
        let mut before = others
            .filter_map(|role| self.last(role))
            .filter(|(other, _)| other.draft.at < event.draft.at);
        before.any(|other| self.state(other.1) == SignoffState::Signed && is_same(person, other))
    }

    fn row(&self, role: &str, state: SignoffState, last: Option<(&Event, &Confirmation)>) -> SignoffRow {
        let name_of = |recipient: &String| {
            let named = self.recipients.iter().find(|named| named.recipient == *recipient);
            named.map_or_else(|| recipient.clone(), |named| named.name.clone())
        };
        SignoffRow {
            environment: self.environment.clone(),
            role: role.to_owned(),
            state,
            by: last.map(|(event, _)| event.draft.by.clone()),
            recipient: last.and_then(|(_, one)| one.recipient.as_ref()).map(name_of),
            at: last.map(|(event, _)| event.draft.at),
            revision: last.map(|(_, one)| one.revision),
            errors: last.map(|(_, one)| one.errors),
            warnings: last.map(|(_, one)| one.warnings),
        }
    }
}

/// Returns whether a sign-off may be by the person of another: the same account, or the same key.
///
/// Either is enough, since one person may have two keys, and one account may serve two people: only where both differ
/// can it be believed that they are two.
fn is_same((by, recipient): (&str, Option<&str>), (event, confirmation): (&Event, &Confirmation)) -> bool {
    let same_key = recipient.is_some() && recipient == confirmation.recipient.as_deref();
    event.draft.by == by || same_key
}
