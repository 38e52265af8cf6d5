//! Checking the values of an environment against its policy: gathers what the contract cannot know by itself.

use rand::CryptoRng;
use ring::hmac;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::contract::Comparison;
use crate::contract::Concern;
use crate::contract::Elsewhere;
use crate::contract::FileFacts;
use crate::contract::Repository;
use crate::contract::StoredVersion;
use crate::dotenv::EnvFile;
use crate::ledger::SecretRecord;
use crate::policy::Environment;
use crate::policy::Policy;
use crate::ports::WorkingTree;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;

/// Looks at the files that values stand in: the one that is checked, those of the policy, and every other that
/// looks like an env file and is no example.
///
/// # Errors
///
/// When the operating system does not tell.
pub fn look_at_files(
    tree: &dyn WorkingTree,
    policy: &Policy,
    checked: Option<&str>,
) -> Result<(Repository, Vec<FileFacts>), AppError> {
    let mut files = Vec::new();
    for (path, concern) in paths(tree, policy, checked)? {
        files.push(FileFacts {
            mode: tree.mode(&path)?,
            git: None,
            path,
            concern,
        });
    }
    let asked: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let (repository, states) = tree.git(&asked);
    for (file, state) in files.iter_mut().zip(states) {
        file.git = state;
    }
    Ok((repository, files))
}

/// Lists the files in question, each once and with its most serious concern.
fn paths(
    tree: &dyn WorkingTree,
    policy: &Policy,
    checked: Option<&str>,
) -> Result<Vec<(String, Concern)>, AppError> {
    let checked = checked.map(|path| (path.to_owned(), Concern::Checked));
    let mut paths: Vec<(String, Concern)> = checked.into_iter().collect();
    let declared = policy.files().iter().map(|rule| rule.path().to_owned());
    paths.extend(declared.map(|path| (path, Concern::Declared)));
    let stray = tree.env_files()?.into_iter();
    let stray = stray.filter(|path| !is_example(policy, path));
    paths.extend(stray.map(|path| (path, Concern::Stray)));
    let mut seen = Vec::new();
    paths.retain(|(path, _)| {
        let is_new = !seen.contains(path);
        seen.push(path.clone());
        is_new
    });
    Ok(paths)
}

/// Returns whether a file shows names and no values, by its name or by the policy.
fn is_example(policy: &Policy, path: &str) -> bool {
    let is_named = policy.environments().any(|one| one.example_file() == Some(path));
    let words = path.split('.');
    is_named || words.into_iter().any(|word| EXAMPLES.contains(&word))
}

/// An env file of another environment.
#[derive(Debug)]
pub struct OtherFile {
    /// The environment.
    pub environment: EnvironmentName,
    /// What it holds.
    pub file: EnvFile,
}

/// Takes the fingerprints that the store has of every environment, and names the environments whose ledger cannot
/// be believed: of these, nothing is taken. The caller may have read the one of `environment` already, as `own`.
///
/// # Errors
///
/// When a ledger cannot be read.
pub fn stored_values(
    store: &mut Store<'_>,
    environment: &Environment,
    own: Option<&Checked>,
) -> Result<(Comparison, Vec<EnvironmentName>), AppError> {
    let mut comparison = Comparison {
        key: store.keys().fingerprint_key().clone(),
        elsewhere: Vec::new(),
        stored: Vec::new(),
    };
    let mut damaged = Vec::new();
    if let Some(own) = own {
        comparison
            .stored
            .extend(own.ledger.records().flat_map(stored_versions));
    }
    for name in store.environments()? {
        if own.is_some() && name == *environment.name() {
            continue;
        }
        let checked = store.ledger(&name)?;
        store.remember(&name, &checked);
        if !checked.damage.is_empty() || !store.damage().is_empty() {
            damaged.push(name);
            continue;
        }
        for record in checked.ledger.records() {
            if name == *environment.name() {
                comparison.stored.extend(stored_versions(record));
            } else {
                comparison
                    .elsewhere
                    .extend(record.current().map(|version| Elsewhere {
                        environment: name.clone(),
                        name: record.name.to_string(),
                        fingerprint: version.fingerprint,
                    }));
            }
        }
    }
    Ok((comparison, damaged))
}

fn stored_versions(record: &SecretRecord) -> impl Iterator<Item = StoredVersion> {
    record.versions.iter().map(|version| StoredVersion {
        name: record.name.to_string(),
        stage: version.stage,
        compromised: version.compromised,
        fingerprint: version.fingerprint,
    })
}

/// Knows no store: values are compared under a key that nobody keeps.
pub fn no_stored_values(rng: &mut dyn CryptoRng) -> Comparison {
    let mut key = [0; 32];
    rng.fill_bytes(&mut key);
    Comparison {
        key: hmac::Key::new(hmac::HMAC_SHA256, &key),
        elsewhere: Vec::new(),
        stored: Vec::new(),
    }
}

/// Adds the secrets that the env files of other environments hold.
pub fn add_files(comparison: &mut Comparison, policy: &Policy, others: &[OtherFile]) {
    for OtherFile { environment, file } in others {
        for name in policy.secret_names() {
            let entry = file.last(name.as_str()).filter(|entry| !entry.value().is_empty());
            comparison.elsewhere.extend(entry.map(|entry| Elsewhere {
                environment: environment.clone(),
                name: name.to_string(),
                fingerprint: Fingerprint::of(entry.value(), &comparison.key),
            }));
        }
    }
}

/// Words between the dots of a file's name that make it an example.
const EXAMPLES: [&str; 6] = ["defaults", "dist", "example", "sample", "schema", "template"];
