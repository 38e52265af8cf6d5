//! Identities: where they come from and what unlocks them.

use std::io;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;

use age::Decryptor;
use age::armor::ArmoredReader;
use age::secrecy::ExposeSecret;
use age::secrecy::SecretString;
use age::ssh;
use age::x25519;
use rand::Rng;
use thiserror::Error;
use zeroize::Zeroize;
use zeroize::Zeroizing;

use crate::adapters::Access;
use crate::adapters::durable;
use crate::ports::CipherError;
use crate::ports::StorageError;
use crate::secret::SecretValue;

/// Where an identity may come from.
#[derive(Debug)]
pub enum IdentitySource {
    /// A file.
    File {
        /// Where.
        path: PathBuf,
        /// Whether the user named it, so that its absence is an error.
        named: bool,
    },
    /// The content of an environment variable or of a keychain.
    Text {
        /// What to call it: the variable's name, or the keychain.
        label: &'static str,
        /// Its content.
        text: SecretValue,
    },
}

/// One identity, ready or still locked by a passphrase.
pub enum IdentityFile {
    /// Can decrypt at once.
    Ready(Box<dyn age::Identity>),
    /// An identity file behind a passphrase.
    LockedFile {
        /// Where, for the question.
        label: String,
        /// The encrypted file.
        bytes: Vec<u8>,
    },
    /// An SSH key behind a passphrase.
    LockedSsh {
        /// Where, for the question.
        label: String,
        /// The key.
        key: Box<ssh::EncryptedKey>,
    },
}

impl IdentityFile {
    /// Loads every identity that a source holds; a file that nobody named and that is not there holds none.
    ///
    /// # Errors
    ///
    /// When a file is readable by others, unreadable, or holds no identity.
    pub fn load(source: &IdentitySource) -> Result<Vec<Self>, IdentityError> {
        match source {
            IdentitySource::File { path, named } => {
                let Some(content) = read_private(path, *named)? else {
                    return Ok(Vec::new());
                };
                parse(&path.display().to_string(), &content)
            }
            IdentitySource::Text { label, text } => parse(label, text),
        }
    }

    /// Opens a locked identity with its passphrase.
    ///
    /// # Errors
    ///
    /// When the passphrase does not fit or the identity is damaged.
    pub(super) fn unlock(
        &self,
        passphrase: &SecretValue,
    ) -> Result<Vec<Box<dyn age::Identity>>, CipherError> {
        let text = std::str::from_utf8(passphrase.expose()).map_err(|_| CipherError::WrongPassphrase)?;
        let passphrase = SecretString::from(text.to_owned());
        match self {
            Self::Ready(_) => Ok(Vec::new()),
            Self::LockedFile { label, bytes } => {
                let plain = open_file(bytes, passphrase)?;
                let found = parse_lines(label, plain.expose()).map_err(|_| CipherError::Damaged)?;
                Ok(found.into_iter().filter_map(Self::into_ready).collect())
            }
            Self::LockedSsh { key, .. } => {
                let key = key
                    .decrypt(passphrase)
                    .map_err(|_| CipherError::WrongPassphrase)?;
                Ok(vec![Box::new(ssh::Identity::from(key))])
            }
        }
    }

    /// Returns what to call it in a question.
    pub(super) fn label(&self) -> &str {
        match self {
            Self::Ready(_) => "",
            Self::LockedFile { label, .. } | Self::LockedSsh { label, .. } => label,
        }
    }

    /// Returns whether it could be meant by a stanza of this age header; a ready one always could.
    pub(super) fn fits_header(&self, ciphertext: &[u8]) -> bool {
        let stanza: &[u8] = match self {
            Self::Ready(_) => return true,
            Self::LockedFile { .. } => b"-> X25519 ",
            Self::LockedSsh { .. } => b"-> ssh-",
        };
        let header = &ciphertext[..ciphertext.len().min(MAX_HEADER)];
        header.windows(stanza.len()).any(|window| window == stanza)
    }

    fn into_ready(self) -> Option<Box<dyn age::Identity>> {
        match self {
            Self::Ready(identity) => Some(identity),
            Self::LockedFile { .. } | Self::LockedSsh { .. } => None,
        }
    }
}

/// A new X25519 identity, made for somebody who has none.
pub struct NewIdentity {
    identity: x25519::Identity,
}

impl NewIdentity {
    /// Draws an identity from the operating system's random source.
    pub fn generate() -> Self {
        Self {
            identity: x25519::Identity::generate(),
        }
    }

    /// Returns the public key.
    pub fn recipient(&self) -> String {
        self.identity.to_public().to_string()
    }

    /// Returns the text of an identity file, as `age-keygen` writes it.
    pub(super) fn text(&self, made_at: &str) -> Zeroizing<String> {
        let secret = self.identity.to_string();
        let mut text = Zeroizing::new(String::with_capacity(512));
        text.push_str("# created: ");
        text.push_str(made_at);
        text.push_str("\n# public key: ");
        text.push_str(&self.recipient());
        text.push('\n');
        text.push_str(secret.expose_secret());
        text.push('\n');
        text
    }

    /// Writes the identity file, mode 0600; it must not be there yet.
    ///
    /// # Errors
    ///
    /// When it is there or cannot be written.
    pub fn save(&self, path: &Path, made_at: &str, rng: &mut dyn Rng) -> Result<(), StorageError> {
        let text = self.text(made_at);
        if let Some(parent) = path.parent() {
            durable::make_directories(parent)?;
        }
        durable::create_new_file(path, text.as_bytes(), Access::Owner, rng)
    }

    /// Returns the public keys of the X25519 identities of a source; one behind a passphrase shows none.
    ///
    /// # Errors
    ///
    /// When the file is readable by others or cannot be read.
    pub fn recipients_of(source: &IdentitySource) -> Result<Vec<String>, IdentityError> {
        let content = match source {
            IdentitySource::File { path, .. } => match read_private(path, false)? {
                Some(content) => content,
                None => return Ok(Vec::new()),
            },
            IdentitySource::Text { text, .. } => SecretValue::new(text.expose().to_vec()),
        };
        Ok(secret_key_lines(content.expose())
            .filter_map(|line| x25519::Identity::from_str(line).ok())
            .map(|identity| identity.to_public().to_string())
            .collect())
    }
}

/// Checks that `text` is a public key that can be encrypted to.
///
/// # Errors
///
/// When it is neither an X25519 recipient nor an SSH public key of a supported type.
pub fn check_recipient(text: &str) -> Result<(), CipherError> {
    parse_recipient(text).map(|_| ())
}

/// Reads a public key.
pub(super) fn parse_recipient(text: &str) -> Result<Box<dyn age::Recipient + Send>, CipherError> {
    if let Ok(recipient) = x25519::Recipient::from_str(text) {
        return Ok(Box::new(recipient));
    }
    if let Ok(recipient) = ssh::Recipient::from_str(text) {
        return Ok(Box::new(recipient));
    }
    // A private key given by mistake must not be shown.
    let shown = if text.starts_with("age1") || text.starts_with("ssh-") {
        text.to_owned()
    } else {
        "…".to_owned()
    };
    Err(CipherError::InvalidRecipient { recipient: shown })
}

/// An identity that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The file that was named is not there.
    #[error("identity file `{path}` does not exist")]
    Missing {
        /// Where.
        path: String,
    },
    /// Nothing in it is an identity.
    #[error("`{label}` holds no age identity and no SSH private key that can decrypt")]
    Nothing {
        /// The file or variable.
        label: String,
    },
    /// Other users can read it.
    #[error("identity file `{path}` can be read by others: its mode is {mode:04o}, 0600 is needed")]
    Readable {
        /// Where.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// It cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl IdentityError {
    /// Returns whether others can read the identity, where `age` and mintage keep theirs; `ssh` looks after its own.
    pub fn is_exposed_identity(&self) -> bool {
        matches!(self, Self::Readable { path, .. } if !path.contains("/.ssh/"))
    }
}

fn read_private(path: &Path, named: bool) -> Result<Option<SecretValue>, IdentityError> {
    // A link is fine here: people keep their keys elsewhere. What it leads to is checked.
    let real = match std::fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !named => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(IdentityError::Missing {
                path: path.display().to_string(),
            });
        }
        Err(source) => return Err(durable::io_error("read", path, source).into()),
    };
    let Some(mut bytes) = durable::read_capped(&real, MAX_IDENTITY)? else {
        return Ok(None);
    };
    let content = SecretValue::new(std::mem::take(&mut *bytes));
    let metadata = std::fs::metadata(&real).map_err(|source| durable::io_error("read", path, source))?;
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    if mode & open_to_others(&metadata) != 0 {
        return Err(IdentityError::Readable {
            path: path.display().to_string(),
            mode,
        });
    }
    Ok(Some(content))
}

/// Returns the permission bits that a file of an identity must not have.
///
/// What root lends to another user, as systemd does with credentials and Kubernetes with Secrets, comes with an ACL or a
/// group; both show in the bits of the group. As with ssh, those are held against a user's own files alone.
fn open_to_others(metadata: &std::fs::Metadata) -> u32 {
    let is_lent = metadata.uid() == 0 && !rustix::process::geteuid().is_root();
    if is_lent { 0o007 } else { 0o077 }
}

fn parse(label: &str, content: &SecretValue) -> Result<Vec<IdentityFile>, IdentityError> {
    let bytes = content.expose();
    let nothing = || IdentityError::Nothing {
        label: label.to_owned(),
    };
    if bytes.starts_with(b"age-encryption.org/") || bytes.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----") {
        return Ok(vec![IdentityFile::LockedFile {
            label: label.to_owned(),
            bytes: bytes.to_vec(),
        }]);
    }
    if bytes.starts_with(b"-----BEGIN ") {
        return match ssh::Identity::from_buffer(bytes, None).map_err(|_| nothing())? {
            ssh::Identity::Encrypted(key) => Ok(vec![IdentityFile::LockedSsh {
                label: label.to_owned(),
                key: Box::new(key),
            }]),
            ssh::Identity::Unsupported(_) => Err(nothing()),
            ready @ ssh::Identity::Unencrypted(_) => Ok(vec![IdentityFile::Ready(Box::new(ready))]),
        };
    }
    parse_lines(label, bytes)
}

fn parse_lines(label: &str, bytes: &[u8]) -> Result<Vec<IdentityFile>, IdentityError> {
    let found: Vec<IdentityFile> = secret_key_lines(bytes)
        .filter_map(|line| x25519::Identity::from_str(line).ok())
        .map(|identity| IdentityFile::Ready(Box::new(identity)))
        .collect();
    if found.is_empty() {
        return Err(IdentityError::Nothing {
            label: label.to_owned(),
        });
    }
    Ok(found)
}

fn secret_key_lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    std::str::from_utf8(bytes)
        .unwrap_or_default()
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("AGE-SECRET-KEY-1"))
}

fn open_file(bytes: &[u8], passphrase: SecretString) -> Result<SecretValue, CipherError> {
    let decryptor = Decryptor::new(ArmoredReader::new(bytes)).map_err(|_| CipherError::Damaged)?;
    let mut identity = age::scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let mut reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            age::DecryptError::ExcessiveWork { .. } => CipherError::TooMuchWork,
            age::DecryptError::DecryptionFailed
            | age::DecryptError::KeyDecryptionFailed
            | age::DecryptError::NoMatchingKeys => CipherError::WrongPassphrase,
            _ => CipherError::Damaged,
        })?;
    let mut plain = Vec::with_capacity(MAX_IDENTITY as usize);
    let read = reader.by_ref().take(MAX_IDENTITY).read_to_end(&mut plain);
    if read.is_err() {
        plain.zeroize();
        return Err(CipherError::Damaged);
    }
    Ok(SecretValue::new(plain))
}

/// Largest identity file, in bytes.
const MAX_IDENTITY: u64 = 64 * 1_024;

/// Bytes in which the header of an age file is looked for.
const MAX_HEADER: usize = 64 * 1_024;

/// log2 of the most scrypt work accepted: 1 GiB of memory and some three seconds.
const MAX_WORK_FACTOR: u8 = 20;
