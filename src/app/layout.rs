//! Where the files of a store are.

use crate::app::AppError;
use crate::ledger::Damage;
use crate::ledger::StoreSettings;
use crate::ports::Storage;
use crate::secret::EnvironmentName;
use crate::secret::Stage;

/// Lists the environments that have a ledger.
///
/// # Errors
///
/// When the store cannot be listed.
pub(super) fn environments_with_ledger(storage: &dyn Storage) -> Result<Vec<EnvironmentName>, AppError> {
    Ok(storage
        .list("")?
        .iter()
        .filter_map(|path| path.strip_suffix("/ledger.jsonl")?.parse().ok())
        .collect())
}

/// Reads `store.toml`; `None` when there is no store.
pub(super) fn read_settings(storage: &dyn Storage) -> Result<Option<StoreSettings>, AppError> {
    let Some(bytes) = storage.get(SETTINGS)? else {
        return Ok(None);
    };
    Ok(Some(StoreSettings::parse(&String::from_utf8_lossy(&bytes))?))
}

/// Checks that there is a store.
pub(super) fn check_present(storage: &dyn Storage) -> Result<(), AppError> {
    existing_settings(storage).map(|_| ())
}

/// Reads `store.toml` of a store that must be there.
pub(super) fn existing_settings(storage: &dyn Storage) -> Result<StoreSettings, AppError> {
    match read_settings(storage)? {
        Some(settings) => Ok(settings),
        None if environments_with_ledger(storage)?.is_empty() => Err(AppError::NotInitialised),
        None => Err(AppError::Damaged(vec![Damage::SettingsMissing])),
    }
}

/// Returns where the ledger of an environment is.
pub(super) fn ledger_path(environment: &EnvironmentName) -> String {
    format!("{environment}/ledger.jsonl")
}

/// Returns the stages whose values may still be needed.
pub(super) fn is_kept(stage: Stage) -> bool {
    matches!(stage, Stage::Current | Stage::Pending | Stage::Previous)
}

/// What git ignores of a store.
pub(super) const GIT_IGNORE: &str = ".gitignore";

/// The store's settings.
pub(super) const SETTINGS: &str = "store.toml";

/// The store's keys.
pub(super) const KEYS: &str = "keys.age";
