//! Encryption by age.

use std::cell::RefCell;
use std::io::Read;
use std::io::Write;
use std::sync::Arc;

use age::Decryptor;
use age::Encryptor;
use zeroize::Zeroize;
use zeroize::Zeroizing;

use crate::adapters::IdentityFile;
use crate::adapters::age_identity::parse_recipient;
use crate::ports::Cipher;
use crate::ports::CipherError;
use crate::ports::KeychainError;
use crate::ports::Prompt;
use crate::secret::SecretValue;

/// Loads identities that are only asked for when no other opens something.
pub type Kept = Box<dyn FnOnce() -> Result<Vec<IdentityFile>, KeychainError>>;

/// Encrypts to age recipients and decrypts with age identities, asking for passphrases only when one is needed.
pub struct AgeCipher {
    ready: RefCell<Vec<Box<dyn age::Identity>>>,
    locked: RefCell<Vec<IdentityFile>>,
    kept: RefCell<Option<Kept>>,
    prompt: Arc<dyn Prompt>,
}

impl AgeCipher {
    /// Decrypts with `identities`; `prompt` asks for the passphrases of locked ones.
    pub fn new(identities: Vec<IdentityFile>, prompt: Arc<dyn Prompt>) -> Self {
        let (mut ready, mut locked) = (Vec::new(), Vec::new());
        for identity in identities {
            match identity {
                IdentityFile::Ready(identity) => ready.push(identity),
                other => locked.push(other),
            }
        }
        Self {
            ready: RefCell::new(ready),
            locked: RefCell::new(locked),
            kept: RefCell::new(None),
            prompt,
        }
    }

    /// Asks `kept` for more identities once those at hand do not open something: a keychain may be slow, or ask a
    /// question of its own.
    #[must_use]
    pub fn or_else(self, kept: Kept) -> Self {
        Self {
            kept: RefCell::new(Some(kept)),
            ..self
        }
    }

    /// Loads what the keychain keeps. Returns whether that was anything.
    fn load_kept(&self) -> Result<bool, CipherError> {
        let Some(kept) = self.kept.borrow_mut().take() else {
            return Ok(false);
        };
        let found = kept().map_err(CipherError::Keychain)?;
        let is_any = !found.is_empty();
        for identity in found {
            match identity {
                IdentityFile::Ready(identity) => self.ready.borrow_mut().push(identity),
                other => self.locked.borrow_mut().push(other),
            }
        }
        Ok(is_any)
    }

    /// Returns how many identities there are.
    pub fn identities(&self) -> usize {
        self.ready.borrow().len() + self.locked.borrow().len()
    }

    fn open(&self, ciphertext: &[u8]) -> Result<SecretValue, CipherError> {
        let decryptor = Decryptor::new_buffered(ciphertext).map_err(|error| self.explain(&error))?;
        let ready = self.ready.borrow();
        let mut reader = decryptor
            .decrypt(ready.iter().map(AsRef::as_ref))
            .map_err(|error| self.explain(&error))?;
        // A ciphertext is never shorter than its plaintext, so the buffer never grows and leaves no copy.
        let mut plain = Vec::with_capacity(ciphertext.len());
        if reader.read_to_end(&mut plain).is_err() {
            plain.zeroize();
            return Err(CipherError::Damaged);
        }
        Ok(SecretValue::new(plain))
    }

    /// Unlocks the next locked identity that `ciphertext` could be meant for. Returns whether there was one.
    fn unlock_next(&self, ciphertext: &[u8]) -> Result<bool, CipherError> {
        let next = {
            let mut locked = self.locked.borrow_mut();
            let place = locked
                .iter()
                .position(|identity| identity.fits_header(ciphertext));
            place.map(|place| locked.remove(place))
        };
        let Some(identity) = next else {
            return Ok(false);
        };
        let question = format!("Passphrase of {}: ", identity.label());
        let passphrase = self
            .prompt
            .hidden(&question)
            .map_err(|_| CipherError::NoPassphrase)?;
        let unlocked = identity.unlock(&passphrase)?;
        self.ready.borrow_mut().extend(unlocked);
        Ok(true)
    }

    fn explain(&self, error: &age::DecryptError) -> CipherError {
        match error {
            age::DecryptError::NoMatchingKeys if self.identities() == 0 => CipherError::NoIdentity,
            age::DecryptError::NoMatchingKeys => CipherError::NoMatch {
                tried: self.identities(),
            },
            age::DecryptError::ExcessiveWork { .. } => CipherError::TooMuchWork,
            _ => CipherError::Damaged,
        }
    }
}

impl Cipher for AgeCipher {
    fn encrypt(&self, value: &SecretValue, recipients: &[String]) -> Result<Vec<u8>, CipherError> {
        let parsed = recipients
            .iter()
            .map(|recipient| parse_recipient(recipient))
            .collect::<Result<Vec<_>, _>>()?;
        let encryptor =
            Encryptor::with_recipients(parsed.iter().map(|one| one.as_ref() as &dyn age::Recipient))
                .map_err(|_| CipherError::InvalidRecipient {
                    recipient: "none".to_owned(),
                })?;
        let mut ciphertext = Vec::new();
        let mut writer = encryptor
            .wrap_output(&mut ciphertext)
            .map_err(|_| CipherError::Damaged)?;
        let finished = writer
            .write_all(value.expose())
            .and_then(|()| writer.finish().map(|_| ()));
        finished.map_err(|_| CipherError::Damaged)?;
        Ok(ciphertext)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<SecretValue, CipherError> {
        let binary = dearmored(ciphertext);
        let ciphertext = binary.as_ref().map_or(ciphertext, |bytes| bytes.as_slice());
        loop {
            match self.open(ciphertext) {
                Err(CipherError::NoIdentity | CipherError::NoMatch { .. }) if self.load_kept()? => {}
                Err(CipherError::NoMatch { .. }) if self.unlock_next(ciphertext)? => {}
                result => return result,
            }
        }
    }
}

/// Takes the armor off, if there is one.
fn dearmored(ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !ciphertext.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----") {
        return None;
    }
    let mut binary = Vec::with_capacity(ciphertext.len());
    let read = age::armor::ArmoredReader::new(ciphertext).read_to_end(&mut binary);
    read.is_ok().then(|| Zeroizing::new(binary))
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret;
    use age::x25519;

    use super::*;
    use crate::adapters::IdentitySource;
    use crate::ports::PromptError;

    struct Answer(&'static str);

    impl Prompt for Answer {
        fn hidden(&self, _: &str) -> Result<SecretValue, PromptError> {
            if self.0.is_empty() {
                return Err(PromptError::Nobody);
            }
            Ok(SecretValue::new(self.0.as_bytes().to_vec()))
        }

        fn agrees(&self, _: &str) -> Result<bool, PromptError> {
            Err(PromptError::Nobody)
        }
    }

    fn value() -> SecretValue {
        SecretValue::new(b"the value".to_vec())
    }

    fn cipher(text: Vec<u8>, answer: &'static str) -> AgeCipher {
        let source = IdentitySource::Text {
            label: "TEST",
            text: SecretValue::new(text),
        };
        AgeCipher::new(IdentityFile::load(&source).unwrap(), Arc::new(Answer(answer)))
    }

    fn pair() -> (Vec<u8>, String) {
        let identity = x25519::Identity::generate();
        (
            identity.to_string().expose_secret().as_bytes().to_vec(),
            identity.to_public().to_string(),
        )
    }

    fn behind_passphrase(text: &[u8], passphrase: &str) -> Vec<u8> {
        let mut recipient = age::scrypt::Recipient::new(passphrase.to_owned().into());
        recipient.set_work_factor(2);
        age::encrypt(&recipient, text).unwrap()
    }

    #[test]
    fn what_is_encrypted_opens_with_its_identity_only() {
        let (identity, recipient) = pair();
        let (stranger, _) = pair();
        let mine = cipher(identity, "");

        let ciphertext = mine.encrypt(&value(), &[recipient]).unwrap();

        assert_eq!(mine.decrypt(&ciphertext).unwrap(), value());
        assert!(matches!(
            cipher(stranger, "").decrypt(&ciphertext),
            Err(CipherError::NoMatch { tried: 1 })
        ));
        let nobody = AgeCipher::new(Vec::new(), Arc::new(Answer("")));
        assert!(matches!(
            nobody.decrypt(&ciphertext),
            Err(CipherError::NoIdentity)
        ));
    }

    #[test]
    fn a_cut_or_changed_ciphertext_releases_nothing() {
        let (identity, recipient) = pair();
        let mine = cipher(identity, "");
        let ciphertext = mine.encrypt(&value(), &[recipient]).unwrap();

        for length in 0..ciphertext.len() {
            assert!(mine.decrypt(&ciphertext[..length]).is_err(), "{length}");
        }
        for place in 0..ciphertext.len() {
            let mut changed = ciphertext.clone();
            changed[place] ^= 1;
            assert!(mine.decrypt(&changed).is_err(), "{place}");
        }
    }

    #[test]
    fn a_passphrase_is_asked_for_when_it_is_needed() {
        let (identity, recipient) = pair();
        let file = behind_passphrase(&identity, "open sesame");

        let mine = cipher(file.clone(), "open sesame");
        let ciphertext = mine.encrypt(&value(), &[recipient]).unwrap();

        assert_eq!(mine.decrypt(&ciphertext).unwrap(), value());
        assert!(matches!(
            cipher(file.clone(), "wrong").decrypt(&ciphertext),
            Err(CipherError::WrongPassphrase)
        ));
        assert!(matches!(
            cipher(file, "").decrypt(&ciphertext),
            Err(CipherError::NoPassphrase)
        ));
    }

    #[test]
    fn private_keys_given_as_recipients_are_not_shown() {
        let (identity, _) = pair();
        let text = String::from_utf8(identity).unwrap();

        let refused = crate::adapters::check_recipient(&text).unwrap_err().to_string();

        assert!(!refused.contains("AGE-SECRET"), "{refused}");
    }
}
