//! What a stranger with write access and keys of their own can make.

use std::fs;
use std::sync::Arc;

use mintage::adapters::AgeCipher;
use mintage::adapters::IdentityFile;
use mintage::adapters::IdentitySource;
use mintage::adapters::Silence;
use mintage::ledger::Binding;
use mintage::ledger::Chain;
use mintage::ledger::Ledger;
use mintage::ledger::NamedRecipient;
use mintage::ledger::StoreKeys;
use mintage::ledger::StoreSettings;
use mintage::ports::Cipher;
use mintage::secret::SecretValue;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::sandbox::Sandbox;

/// The value that a stranger slips in for ALPHA_KEY.
pub const VALUE: &[u8] = b"0000000000000000000000000000000000000000000000000000000000000000";

/// Makes a stranger's project of the same policy whose store the victim can open too.
pub fn stranger(victim: &Sandbox) -> Sandbox {
    let stranger = Sandbox::bare();
    fs::write(stranger.project().join("mintage.toml"), crate::sandbox::policy()).unwrap();
    let recipient = format!("victim={}", victim.recipient());
    stranger
        .mintage(&["init", "--recipient", &recipient])
        .expect(0, "init of the stranger");
    for environment in ["production", "staging"] {
        stranger
            .mintage(&[
                "create",
                "ALPHA_KEY",
                "BRAVO_KEY",
                "CHARLIE_KEY",
                "-e",
                environment,
            ])
            .expect(0, "create of the stranger");
    }
    stranger
}

/// Makes the store anew under its own id: new keys, the stranger among the recipients, every MAC to match.
pub fn remake(sandbox: &Sandbox, stranger: &str) {
    let keys = StoreKeys::generate(&mut ChaCha20Rng::seed_from_u64(666));
    let text = fs::read_to_string(sandbox.store("store.toml")).unwrap();
    let old = StoreSettings::parse(&text).unwrap();
    let mut recipients = old.recipients.clone();
    recipients.push(NamedRecipient {
        name: "eve".to_owned(),
        recipient: stranger.to_owned(),
    });
    let public: Vec<String> = recipients.iter().map(|named| named.recipient.clone()).collect();
    let cipher = AgeCipher::new(Vec::new(), Arc::new(Silence));
    fs::write(
        sandbox.store("keys.age"),
        cipher.encrypt(keys.plaintext(), &public).unwrap(),
    )
    .unwrap();
    let settings = StoreSettings::new(
        old.store.clone(),
        keys.id().clone(),
        recipients,
        keys.ledger_key(),
    );
    fs::write(sandbox.store("store.toml"), settings.to_text()).unwrap();
    for environment in ["production", "staging"] {
        let path = sandbox.store(&format!("{environment}/ledger.jsonl"));
        let ledger = Ledger::read(&fs::read(&path).unwrap());
        let revision = ledger.revision();
        let name = environment.parse().unwrap();
        let mut records = ledger.into_records();
        let alpha = records.get_mut(&"ALPHA_KEY".parse().unwrap()).unwrap();
        let version = alpha.versions.last_mut().unwrap();
        let file = cipher
            .encrypt(&SecretValue::new(VALUE.to_vec()), &public)
            .unwrap();
        let hash = ring::digest::digest(&ring::digest::SHA256, &file);
        version.binding = Binding::Sha256(hex::encode(hash));
        let value = format!("{environment}/values/ALPHA_KEY/{}.age", version.id);
        fs::write(sandbox.store(&value), file).unwrap();
        let bytes = Ledger::write(&records, revision, (&old.store, &name), keys.ledger_key());
        fs::write(path, bytes).unwrap();
    }
    remake_audit(sandbox, &old, &keys);
}

/// Rewrites the history in the audit log with the store's own keys, as one of the recipients can.
pub fn rewrite_history(sandbox: &Sandbox) {
    let source = IdentitySource::File {
        path: sandbox.identity(),
        named: true,
    };
    let cipher = AgeCipher::new(IdentityFile::load(&source).unwrap(), Arc::new(Silence));
    let plaintext = cipher.decrypt(&fs::read(sandbox.store("keys.age")).unwrap());
    let keys = StoreKeys::parse(plaintext.unwrap()).unwrap();
    let text = fs::read_to_string(sandbox.store("store.toml")).unwrap();
    let path = sandbox.store(&sandbox.audit_file());
    let log = fs::read_to_string(&path).unwrap();
    fs::write(&path, log.replace("harm@", "eve@")).unwrap();
    remake_audit(sandbox, &StoreSettings::parse(&text).unwrap(), &keys);
}

/// Makes the audit log anew with the same events.
fn remake_audit(sandbox: &Sandbox, settings: &StoreSettings, keys: &StoreKeys) {
    let file = sandbox.audit_file();
    let writer = file.trim_start_matches("audit/").trim_end_matches(".jsonl");
    let mut chain = Chain::new(settings.store.clone(), writer.to_owned(), None);
    let path = sandbox.store(&file);
    let text: String = Chain::read_unverified(&fs::read(&path).unwrap())
        .into_iter()
        .map(|event| chain.add(event.draft, keys.ledger_key()) + "\n")
        .collect();
    fs::write(path, text).unwrap();
}

impl Sandbox {
    /// Returns whether the stranger's identity opens a file of this store.
    pub fn opens_for(&self, stranger: &Sandbox, file: &str) -> bool {
        let identity = fs::read_to_string(stranger.identity()).unwrap();
        let key = identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1"));
        let identity: age::x25519::Identity = key.unwrap().parse().unwrap();
        age::decrypt(&identity, &fs::read(self.store(file)).unwrap()).is_ok()
    }
}
