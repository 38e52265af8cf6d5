//! Setting a store up.

use rand::CryptoRng;

use crate::app::AppError;
use crate::app::Store;
use crate::app::World;
use crate::app::layout::KEYS;
use crate::app::layout::SETTINGS;
use crate::app::layout::environments_with_ledger;
use crate::app::layout::read_settings;
use crate::ledger::Action;
use crate::ledger::Damage;
use crate::ledger::EventDraft;
use crate::ledger::NamedRecipient;
use crate::ledger::Phase;
use crate::ledger::Pin;
use crate::ledger::StoreId;
use crate::ledger::StoreKeys;
use crate::ledger::StoreSettings;
use crate::ports::NewFile;
use crate::ports::Storage;

/// What `init` set up.
#[derive(Debug)]
pub struct InitReport {
    /// The id of the new store.
    pub store: StoreId,
    /// Who can decrypt.
    pub recipients: Vec<NamedRecipient>,
}

/// Sets a store up for `recipients`. `store.toml` comes last and makes it one; what an interrupted run left
/// before it is cleared away.
///
/// # Errors
///
/// When there is a store already, or it cannot be written. An existing store is never touched.
pub fn init(
    world: World<'_>,
    recipients: Vec<NamedRecipient>,
    rng: &mut dyn CryptoRng,
) -> Result<InitReport, AppError> {
    let guard = world.storage.lock()?;
    // Its file is there from now on, so that a refused rotation leaves everything as it is.
    drop(world.storage.lock_rotations()?);
    check_vacant(world.storage)?;
    let keys = StoreKeys::generate(rng);
    let public: Vec<String> = recipients.iter().map(|named| named.recipient.clone()).collect();
    let encrypted = world
        .cipher
        .encrypt(keys.plaintext(), &public)
        .map_err(|source| AppError::Cipher {
            file: KEYS.to_owned(),
            source,
        })?;
    let store = StoreId::generate(rng);
    let settings = StoreSettings::new(
        store.clone(),
        keys.id().clone(),
        recipients.clone(),
        keys.ledger_key(),
    );
    for (path, text) in [(".gitattributes", GIT_ATTRIBUTES), (".gitignore", GIT_IGNORE)] {
        let old = world.storage.get(path)?;
        world.storage.replace(path, old.as_deref(), text.as_bytes())?;
    }
    let old = world.storage.get(KEYS)?;
    world.storage.replace(KEYS, old.as_deref(), &encrypted)?;
    world.storage.create(&[NewFile {
        path: SETTINGS.to_owned(),
        bytes: settings.to_text().into_bytes(),
    }])?;
    world.state.replace_pin(&store, &Pin::first_sight(&settings))?;
    world.state.bind_checkout(&store)?;
    drop(guard);
    let mut opened = Store::open(world)?;
    opened.record(vec![EventDraft {
        phase: Phase::Done,
        ..opened.event(Action::Init)
    }])?;
    Ok(InitReport { store, recipients })
}

/// Checks that no store is here, not even one whose settings are gone.
///
/// # Errors
///
/// When there is one: setting up anew would replace its keys.
pub fn check_vacant(storage: &dyn Storage) -> Result<(), AppError> {
    if read_settings(storage)?.is_some() {
        return Err(AppError::AlreadyInitialised);
    }
    if environments_with_ledger(storage)?.is_empty() {
        return Ok(());
    }
    Err(AppError::Damaged(vec![Damage::SettingsMissing]))
}

/// Keeps git from changing a byte of the store.
const GIT_ATTRIBUTES: &str = "* -text\n*.age binary\n";

/// Files of one machine only.
const GIT_IGNORE: &str = "/lock\n/rotation.lock\n.new-*\n";
