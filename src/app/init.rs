//! Setting a store up.

use rand::CryptoRng;

use crate::app::AppError;
use crate::app::Store;
use crate::app::World;
use crate::app::store::KEYS;
use crate::app::store::SETTINGS;
use crate::app::store::environments_with_ledger;
use crate::app::store::read_settings;
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
    if read_settings(world.storage)?.is_some() {
        return Err(AppError::AlreadyInitialised);
    }
    if !environments_with_ledger(world.storage)?.is_empty() {
        return Err(AppError::Damaged(vec![Damage::SettingsMissing]));
    }
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
    world.state.save_pin(&store, &Pin::first_sight(&settings))?;
    drop(guard);
    let mut opened = Store::open(world)?;
    opened.record(vec![EventDraft {
        phase: Phase::Done,
        ..opened.event(Action::Init)
    }])?;
    Ok(InitReport { store, recipients })
}

/// Keeps git from changing a byte of the store.
const GIT_ATTRIBUTES: &str = "* -text\n*.age binary\n";

/// Files of one machine only.
const GIT_IGNORE: &str = "/lock\n.new-*\n";
