//! Bringing sinks to the current values: what they hold first, then what differs. Nothing is ever generated.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::app::admission::of_value;
use crate::app::create::distinct;
use crate::app::deliver::Delivery;
use crate::app::environment_of;
use crate::app::rotate::lock_rotations;
use crate::app::secret_of;
use crate::app::walk::Ground;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::policy::SecretPolicy;
use crate::ports::Failure;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::rotation::Holding;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::Stage;

/// What is to be brought to sinks.
#[derive(Clone, Debug, Default)]
pub struct PushRequest {
    /// The secrets; none is every one that a sink uses.
    pub names: Vec<SecretName>,
    /// The sinks; none is every one.
    pub sinks: Vec<String>,
    /// Look only.
    pub dry_run: bool,
    /// Write over values that the store does not have.
    pub overwrites: bool,
}

/// What sinks hold, and what was done about it.
#[derive(Debug, Serialize)]
pub struct PushReport {
    /// Whether it was only looked at.
    pub dry_run: bool,
    /// Sink by sink in the order of the policy, secret by secret.
    pub secrets: Vec<PushRow>,
}

/// One secret at one sink.
#[derive(Clone, Debug, Serialize)]
pub struct PushRow {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The sink.
    pub sink: String,
    /// What it held.
    pub state: Agreement,
    /// What was done about it.
    pub result: PushResult,
    /// Why not more, where something is in the way.
    pub message: Option<String>,
    /// Whether what is in the way may pass by itself.
    #[serde(skip)]
    pub transient: bool,
}

/// How what a sink holds relates to what it is to hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// It holds nothing of it.
    Absent,
    /// It holds another version, or one that is no longer to be valid.
    Drifted,
    /// It cannot show what it holds.
    Hidden,
    /// It holds what it is to hold.
    InStep,
    /// A rotation is under way, which tells it.
    Rotating,
    /// It holds a value that the store does not have: it may be the only copy of one in use.
    UnknownValue,
    /// It cannot be asked.
    Unreachable,
}

impl Agreement {
    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Drifted => "drifted",
            Self::Hidden => "hidden",
            Self::InStep => "in step",
            Self::Rotating => "rotating",
            Self::UnknownValue => "unknown value",
            Self::Unreachable => "unreachable",
        }
    }

    /// Returns whether it is known not to hold what it is to hold.
    pub const fn is_drift(self) -> bool {
        matches!(self, Self::Absent | Self::Drifted | Self::UnknownValue)
    }
}

/// What was done about one secret at one sink.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PushResult {
    /// It was told, and did not do it.
    Failed,
    /// It was left as it is: what it holds would be lost, or it cannot be told.
    Kept,
    /// It was told and proved it.
    Pushed,
    /// There was nothing to do.
    Unchanged,
    /// It would be told.
    WouldPush,
}

/// Tells sinks of the current values where they hold others, and reports what every one held.
///
/// # Errors
///
/// When a name or a sink is unknown, a named secret has no value or a rotation of it is under way, or the store cannot
/// be believed or the audit log written. What sinks refuse is in the report.
pub fn push(ground: Ground<'_>, request: &PushRequest) -> Result<PushReport, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    check_sinks_known(ground, &request.sinks)?;
    let _rotations = match request.dry_run {
        true => None,
        false => Some(lock_rotations(ground)?),
    };
    let mut store = match request.dry_run {
        true => Store::open(ground.world)?,
        false => Store::open_for_writing(ground.world, environment)?,
    };
    let checked = store.ledger(environment)?;
    let names = meant(ground, &checked, &request.names)?;
    let is_rotating = |name: &SecretName| {
        let record = checked.ledger.record(name);
        record.is_some_and(|record| record.at_stage(Stage::Pending).is_some())
    };
    let holdings: BTreeMap<SecretName, Holding> = names
        .iter()
        .filter(|name| !is_rotating(name))
        .filter_map(|name| {
            Some((
                name.clone(),
                store.steady(environment, checked.ledger.record(name)?)?,
            ))
        })
        .collect();
    let mut delivery = Delivery::new(&store, (ground.policy, environment), &checked, holdings)?;
    if request.overwrites {
        delivery = delivery.overwriting();
    }
    store.unlock();
    let mut report = PushReport {
        dry_run: request.dry_run,
        secrets: Vec::new(),
    };
    for (sink, names) in by_sink(ground, request, &names) {
        let (rotating, names) = names.into_iter().partition(|name| is_rotating(name));
        let place = At { ground, sink };
        report.secrets.extend(place.rotating(rotating));
        report
            .secrets
            .extend(place.push((&mut store, &delivery), names, request)?);
        let done = report.secrets.len() as u64;
        (ground.progress)(done, done);
    }
    Ok(report)
}

/// A sink by its name.
struct At<'a> {
    ground: Ground<'a>,
    sink: &'a str,
}

impl At<'_> {
    fn row(&self, name: SecretName, state: Agreement, result: PushResult) -> PushRow {
        PushRow {
            environment: self.ground.environment.clone(),
            name,
            sink: self.sink.to_owned(),
            state,
            result,
            message: None,
            transient: false,
        }
    }

    fn rotating(&self, names: Vec<SecretName>) -> Vec<PushRow> {
        let row = |name| PushRow {
            message: Some("a rotation is under way, which tells the sink".to_owned()),
            ..self.row(name, Agreement::Rotating, PushResult::Kept)
        };
        names.into_iter().map(row).collect()
    }

    fn failed(&self, name: SecretName, state: Agreement, error: &SinkError) -> PushRow {
        PushRow {
            message: Some(error.to_string()),
            transient: error.failure == Failure::Transient,
            ..self.row(name, state, PushResult::Failed)
        }
    }

    /// Asks the sink what it holds, and tells it where that is not what it is to hold.
    fn push(
        &self,
        (store, delivery): (&mut Store<'_>, &Delivery<'_>),
        names: Vec<SecretName>,
        request: &PushRequest,
    ) -> Result<Vec<PushRow>, AppError> {
        let sink = match self.ground.sinks.sink(self.sink) {
            Ok(sink) => sink,
            Err(error) => {
                let failed = |name| self.failed(name, Agreement::Unreachable, &error);
                return Ok(names.into_iter().map(failed).collect());
            }
        };
        let agreements = delivery.agreements(store, sink, &names);
        let mut rows: Vec<PushRow> = names
            .into_iter()
            .zip(agreements)
            .map(|(name, agreement)| match agreement {
                Ok(state) => self.row(name, state, intent(state, request)),
                Err(error) => self.failed(name, Agreement::Unreachable, &error),
            })
            .collect();
        for row in rows.iter_mut().filter(|row| row.result == PushResult::Kept) {
            row.message =
                Some("it holds a value that the store does not have, and that would be lost".to_owned());
        }
        if !request.dry_run {
            self.tell((store, delivery), sink, &mut rows)?;
        }
        Ok(rows)
    }

    /// Tells the sink of every row that is to be pushed, and has it prove it.
    fn tell(
        &self,
        (store, delivery): (&mut Store<'_>, &Delivery<'_>),
        sink: &dyn Sink,
        rows: &mut [PushRow],
    ) -> Result<(), AppError> {
        let to_tell = |row: &&PushRow| row.result == PushResult::WouldPush;
        let names: Vec<SecretName> = rows.iter().filter(to_tell).map(|row| row.name.clone()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let unknown = rows
            .iter()
            .filter(to_tell)
            .filter(|row| row.state == Agreement::UnknownValue);
        let overwritten = unknown.map(|row| EventDraft {
            environment: Some(row.environment.clone()),
            secret: Some(row.name.clone()),
            sink: Some(row.sink.clone()),
            ..store.event(Action::Overwrite)
        });
        let overwritten = overwritten.collect();
        store.record(overwritten)?;
        let mut outcomes = delivery.tell(store, sink, &names, Reason::Scheduled)?;
        let is_told = |name: &&SecretName| matches!(outcomes.get(*name), Some(Ok(())));
        let told: Vec<SecretName> = names.iter().filter(is_told).cloned().collect();
        outcomes.extend(delivery.test(store, sink, &told));
        for row in rows.iter_mut().filter(|row| row.result == PushResult::WouldPush) {
            match outcomes.get(&row.name) {
                Some(Ok(())) => row.result = PushResult::Pushed,
                Some(Err(error)) => *row = self.failed(row.name.clone(), row.state, error),
                None => {}
            }
        }
        Ok(())
    }
}

impl PushReport {
    /// Returns whether a sink holds something else than it is to hold, or did when it was only looked at.
    pub fn has_drift(&self) -> bool {
        let is_left = |row: &PushRow| !matches!(row.result, PushResult::Pushed | PushResult::Unchanged);
        self.secrets
            .iter()
            .any(|row| row.state.is_drift() && is_left(row))
    }

    /// Returns the rows of which a sink did not do what it was asked.
    pub fn failed(&self) -> impl Iterator<Item = &PushRow> {
        self.secrets.iter().filter(|row| row.result == PushResult::Failed)
    }
}

const fn intent(state: Agreement, request: &PushRequest) -> PushResult {
    match state {
        Agreement::InStep => PushResult::Unchanged,
        Agreement::UnknownValue if !request.overwrites => PushResult::Kept,
        Agreement::Rotating | Agreement::Unreachable => PushResult::Kept,
        Agreement::Absent | Agreement::Drifted | Agreement::Hidden | Agreement::UnknownValue => {
            PushResult::WouldPush
        }
    }
}

fn check_sinks_known(ground: Ground<'_>, sinks: &[String]) -> Result<(), AppError> {
    let known = || ground.policy.sinks().iter().map(|sink| sink.name());
    match sinks
        .iter()
        .find(|sink| !known().any(|known| known == sink.as_str()))
    {
        Some(_) => Err(AppError::SinkUnknown {
            known: known().map(str::to_owned).collect(),
        }),
        None => Ok(()),
    }
}

/// Returns the secrets that were named, each once, or every one with a value.
fn meant(ground: Ground<'_>, checked: &Checked, names: &[SecretName]) -> Result<Vec<SecretName>, AppError> {
    let environment = ground.environment;
    for name in names {
        secret_of(ground.policy, name, environment)?;
        let record = of_value(checked, name, environment)?;
        if record.at_stage(Stage::Pending).is_some() {
            return Err(AppError::RotationOpen {
                name: name.clone(),
                environment: environment.clone(),
            });
        }
    }
    if !names.is_empty() {
        return Ok(distinct(names));
    }
    let with_value = checked
        .ledger
        .records()
        .filter(|record| record.current().is_some());
    let declared = with_value.filter(|record| ground.policy.secret(&record.name, environment).is_some());
    Ok(declared
        .map(|record: &SecretRecord| record.name.clone())
        .collect())
}

/// Returns the sinks that are meant, in the order of the policy, and which of the secrets each uses.
fn by_sink<'a>(
    ground: Ground<'a>,
    request: &PushRequest,
    names: &[SecretName],
) -> Vec<(&'a str, Vec<SecretName>)> {
    let is_meant = |sink: &str| request.sinks.is_empty() || request.sinks.iter().any(|name| name == sink);
    let uses = |secret: &SecretPolicy, sink: &str| secret.sinks().iter().any(|name| name == sink);
    let sinks = ground.policy.sinks().iter().map(|sink| sink.name());
    sinks
        .filter(|sink| is_meant(sink))
        .map(|sink| {
            let users = names.iter().filter(|name| {
                let secret = ground.policy.secret(name, ground.environment);
                secret.is_some_and(|secret| uses(secret, sink))
            });
            (sink, users.cloned().collect::<Vec<_>>())
        })
        .filter(|(_, users)| !users.is_empty())
        .collect()
}
