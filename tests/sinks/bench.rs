//! A project with one sink and versions of one secret to try it with.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::desktop::Desktop;
use age::secrecy::ExposeSecret;
use chrono::DateTime;
use mintage::adapters::AgeCipher;
use mintage::adapters::IdentityFile;
use mintage::adapters::IdentitySource;
use mintage::adapters::OpenSinks;
use mintage::adapters::Silence;
use mintage::adapters::SinkTools;
use mintage::adapters::survey;
use mintage::policy::Fallback;
use mintage::policy::Policy;
use mintage::policy::SinkPolicy;
use mintage::policy::SinkTarget;
use mintage::ports::Approval;
use mintage::ports::Change;
use mintage::ports::Shown;
use mintage::ports::Sink;
use mintage::ports::SinkError;
use mintage::ports::Sinks;
use mintage::ports::Versioned;
use mintage::secret::EnvironmentName;
use mintage::secret::Fingerprint;
use mintage::secret::SecretName;
use mintage::secret::SecretValue;
use mintage::secret::VersionId;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use ring::hmac;
use tempfile::TempDir;

/// A sink to try, as the policy names it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// What it is called in messages.
    pub title: &'static str,
    /// The tables of the sink `it`.
    pub sink: &'static str,
    /// More fields of the secret.
    pub secret: &'static str,
    /// What the project holds before: a path and its content.
    pub before: &'static [(&'static str, &'static str)],
}

/// A project with one sink and versions of one secret to try it with.
pub struct Bench {
    root: TempDir,
    sinks: OpenSinks,
    name: SecretName,
    fallback: Option<Fallback>,
    values: Vec<(VersionId, SecretValue)>,
    key: hmac::Key,
}

impl Bench {
    /// Sets a project up.
    pub fn new(candidate: Candidate) -> Self {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in candidate.before {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let text = format!(
            "schema = 1\n[secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\nsinks = [\"it\"]\n{}\n{}",
            candidate.secret, candidate.sink
        );
        let (cipher, recipient) = recipient();
        let policy = Policy::parse("mintage.toml", &text.replace("RECIPIENT", &recipient)).unwrap();
        let environment: EnvironmentName = "production".parse().unwrap();
        let name: SecretName = "JWT_SECRET".parse().unwrap();
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let values = (0..4_u8).map(|number| {
            let id = VersionId::new(DateTime::UNIX_EPOCH, &mut rng);
            let text = format!("{}{number}", "0123456789abcdef".repeat(3));
            (id, SecretValue::new(text.into_bytes()))
        });
        let tools = SinkTools {
            variable: |name| (name == "PATH").then(|| PATH.into()),
            approvals: approvals(&policy, root.path()),
            cipher: Rc::new(cipher),
            keychain: Rc::new(Desktop::default()),
        };
        Self {
            values: values.collect(),
            sinks: OpenSinks::new(root.path(), &environment, policy.sinks(), &tools),
            fallback: policy.secret(&name, &environment).unwrap().fallback(),
            root,
            name,
            key: hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]),
        }
    }

    /// The sink.
    pub fn sink(&self) -> &dyn Sink {
        self.sinks.sink("it").unwrap()
    }

    /// A file of the project.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// A text file of the project.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Every file of the project with its content.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        let mut open = vec![self.root.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.root.path()).unwrap();
                    found.push((name.display().to_string(), fs::read(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    /// The value of a version, as text.
    pub fn text(&self, version: usize) -> String {
        String::from_utf8(self.values[version].1.expose().to_vec()).unwrap()
    }

    /// The change to these versions.
    pub fn change(&self, current: usize, accepted: &[usize], gone: &[usize]) -> Change<'_> {
        let versioned = |number: &usize| Versioned {
            version: self.values[*number].0,
            value: &self.values[*number].1,
        };
        Change {
            name: &self.name,
            current: versioned(&current),
            accepted: accepted.iter().map(versioned).collect(),
            gone: gone.iter().map(versioned).collect(),
            fallback: self.fallback.as_ref(),
        }
    }

    /// Applies one change.
    pub fn apply(&self, change: Change<'_>) -> Result<(), SinkError> {
        one(self.sink().apply(&[change]))
    }

    /// Tests one change.
    pub fn test(&self, change: Change<'_>) -> Result<(), SinkError> {
        one(self.sink().test(&[change]))
    }

    /// Shows what the sink holds.
    pub fn show(&self) -> Result<Shown, SinkError> {
        one(self.sink().show(&[self.change(0, &[], &[1, 2, 3])], &self.key))
    }

    /// What a sink shows that holds these versions.
    pub fn shown(&self, current: usize, accepted: &[usize]) -> Shown {
        let print = |number: &usize| Fingerprint::of(&self.values[*number].1, &self.key);
        Shown::Values {
            current: Some(print(&current)),
            accepted: accepted.iter().map(print).collect(),
        }
    }
}

/// Approves whatever a policy runs.
pub fn approvals(policy: &Policy, root: &Path) -> Vec<Approval> {
    let approval = |sink: &SinkPolicy| match sink.target() {
        SinkTarget::Command(target) => Some(Approval {
            sink: sink.name().to_owned(),
            runnable: survey(target, root, OsStr::new(PATH)).unwrap(),
            at: DateTime::UNIX_EPOCH,
            by: "ana@host".to_owned(),
        }),
        _ => None,
    };
    policy.sinks().iter().filter_map(approval).collect()
}

/// Makes an identity; returns what decrypts with it, and its recipient.
fn recipient() -> (AgeCipher, String) {
    let identity = age::x25519::Identity::generate();
    let source = IdentitySource::Text {
        label: "TEST",
        text: SecretValue::new(identity.to_string().expose_secret().as_bytes().to_vec()),
    };
    let cipher = AgeCipher::new(IdentityFile::load(&source).unwrap(), Arc::new(Silence));
    (cipher, identity.to_public().to_string())
}

/// Where programs are.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

fn one<T>(mut outcomes: Vec<T>) -> T {
    assert_eq!(outcomes.len(), 1, "one outcome for each change");
    outcomes.remove(0)
}
