//! Allowing the programs of a policy to run on this machine, and its notifiers to send.

use crate::app::AppError;
use crate::app::Store;
use crate::app::World;
use crate::app::layout::read_settings;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::ledger::Phase;
use crate::ports::Approval;
use crate::ports::LocalState;
use crate::ports::Outlet;
use crate::ports::OutletApproval;
use crate::ports::Runnable;
use crate::ports::Storage;

/// Returns what a person allowed to run for this checkout; nothing where there is no store. Needs no key.
///
/// # Errors
///
/// When it cannot be read: nothing may be run then.
pub fn approvals(storage: &dyn Storage, state: &dyn LocalState) -> Result<Vec<Approval>, AppError> {
    match read_settings(storage)? {
        Some(settings) => Ok(state.approvals(&settings.store)?),
        None => Ok(Vec::new()),
    }
}

/// Allows the programs of sinks to run on this machine, as they are now, in place of what was allowed before.
///
/// # Errors
///
/// When the store does not open, or the audit log or the approvals cannot be written. Nothing is allowed then.
pub fn approve(world: World<'_>, sinks: Vec<(String, Runnable)>) -> Result<Vec<Approval>, AppError> {
    let names: Vec<String> = sinks.iter().map(|(name, _)| name.clone()).collect();
    let mut store = Store::open(world)?;
    change(&mut store, Action::Approve, &names, |store, approvals| {
        approvals.retain(|approval| !names.contains(&approval.sink));
        approvals.extend(sinks.into_iter().map(|(sink, runnable)| Approval {
            sink,
            runnable,
            at: store.now(),
            by: store.world.actor.to_owned(),
        }));
        approvals.sort_by(|one, other| one.sink.cmp(&other.sink));
    })
}

/// Takes back what was allowed. Returns what is still allowed.
///
/// # Errors
///
/// When the store does not open, or the audit log or the approvals cannot be written.
pub fn revoke(world: World<'_>, names: &[String]) -> Result<Vec<Approval>, AppError> {
    let mut store = Store::open(world)?;
    change(&mut store, Action::Withdraw, names, |_, approvals| {
        approvals.retain(|approval| !names.contains(&approval.sink));
    })
}

/// Returns what a person allowed the notifiers of this checkout to send; nothing where there is no store. Needs no key.
///
/// # Errors
///
/// When it cannot be read: nothing may be sent then.
pub fn outlet_approvals(
    storage: &dyn Storage,
    state: &dyn LocalState,
) -> Result<Vec<OutletApproval>, AppError> {
    match read_settings(storage)? {
        Some(settings) => Ok(state.outlet_approvals(&settings.store)?),
        None => Ok(Vec::new()),
    }
}

/// Allows notifiers to send from this machine, as they are now, in place of what was allowed before.
///
/// # Errors
///
/// As with [`approve`].
pub fn approve_outlets(world: World<'_>, notifiers: Vec<(String, Outlet)>) -> Result<(), AppError> {
    let names: Vec<String> = notifiers.iter().map(|(name, _)| name.clone()).collect();
    let mut store = Store::open(world)?;
    recorded(&mut store, Action::Approve, &names, |store| {
        let id = &store.settings.store;
        let mut approvals = store.world.state.outlet_approvals(id)?;
        approvals.retain(|approval| !names.contains(&approval.notifier));
        approvals.extend(notifiers.into_iter().map(|(notifier, outlet)| OutletApproval {
            notifier,
            outlet,
            at: store.now(),
            by: store.world.actor.to_owned(),
        }));
        approvals.sort_by(|one, other| one.notifier.cmp(&other.notifier));
        Ok(store.world.state.replace_outlet_approvals(id, &approvals)?)
    })
}

/// Takes back what notifiers were allowed.
///
/// # Errors
///
/// As with [`revoke`].
pub fn revoke_outlets(world: World<'_>, names: &[String]) -> Result<(), AppError> {
    let mut store = Store::open(world)?;
    recorded(&mut store, Action::Withdraw, names, |store| {
        let id = &store.settings.store;
        let mut approvals = store.world.state.outlet_approvals(id)?;
        approvals.retain(|approval| !names.contains(&approval.notifier));
        Ok(store.world.state.replace_outlet_approvals(id, &approvals)?)
    })
}

fn change(
    store: &mut Store<'_>,
    action: Action,
    names: &[String],
    change: impl FnOnce(&Store<'_>, &mut Vec<Approval>),
) -> Result<Vec<Approval>, AppError> {
    recorded(store, action, names, |store| {
        let id = &store.settings.store;
        let mut approvals = store.world.state.approvals(id)?;
        change(store, &mut approvals);
        store.world.state.replace_approvals(id, &approvals)?;
        Ok(approvals)
    })
}

/// Changes what is allowed between the two events that tell of it.
fn recorded<T>(
    store: &mut Store<'_>,
    action: Action,
    names: &[String],
    change: impl FnOnce(&Store<'_>) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let events = |store: &Store<'_>, phase| {
        let event = |name: &String| EventDraft {
            sink: Some(name.clone()),
            phase,
            ..store.event(action)
        };
        names.iter().map(event).collect::<Vec<_>>()
    };
    let intents = events(store, Phase::Intent);
    store.record(intents)?;
    let changed = change(store)?;
    let results = events(store, Phase::Done);
    store.record(results)?;
    Ok(changed)
}
