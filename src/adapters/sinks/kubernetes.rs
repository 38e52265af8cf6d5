//! A manifest of a Kubernetes Secret.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use ring::hmac;

use crate::adapters::sinks::foreign::Content;
use crate::adapters::sinks::kept_file::KeptFile;
use crate::adapters::sinks::kept_file::all_failed;
use crate::adapters::sinks::kept_file::once_written;
use crate::adapters::sinks::manifest::Manifest;
use crate::adapters::sinks::variables;
use crate::adapters::sinks::variables::Assignment;
use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;

/// Keeps secrets as keys of a manifest. One call writes the file once, whatever the number of changes.
pub(super) struct KubernetesSink {
    name: String,
    root: PathBuf,
    path: String,
    secret: Option<String>,
    mode: Option<u32>,
}

impl KubernetesSink {
    /// Keeps secrets in the manifest at `path` below `root`; one that is not there is made for the Secret `secret`.
    pub(super) fn new(
        (name, (root, path)): (String, (&Path, String)),
        secret: Option<String>,
        mode: Option<u32>,
    ) -> Self {
        Self {
            name,
            root: root.to_owned(),
            path,
            secret,
            mode,
        }
    }

    fn file(&self) -> KeptFile<'_> {
        KeptFile::new(&self.root, &self.path, self.mode)
    }

    fn read(&self) -> Result<(Option<Content>, Option<Manifest>), SinkError> {
        let before = self.file().read()?;
        let manifest = match before.as_deref() {
            Some(bytes) => Some(Manifest::parse(bytes, self.secret.as_deref())),
            None => self.secret.as_deref().map(Manifest::empty),
        };
        let manifest = manifest.transpose().map_err(|why| self.file().refused(&why))?;
        Ok((before, manifest))
    }

    /// Makes every assignment of one secret, or none of them.
    fn assign(
        &self,
        manifest: Option<Manifest>,
        all: &[Assignment],
    ) -> (Option<Manifest>, Result<(), SinkError>) {
        let Some(manifest) = manifest else {
            let why = "it is not there: make it, or name the Secret with `secret`";
            return (None, Err(self.file().refused(why)));
        };
        let mut edited: Option<Manifest> = None;
        for (name, value) in all {
            let from = edited.as_ref().unwrap_or(&manifest);
            let next = match value {
                Some(value) if from.value(name).is_ok_and(|held| held.as_ref() == Some(value)) => Ok(None),
                Some(value) => from.set(name, value).map(Some),
                None => from.removed(name),
            };
            match next {
                Ok(next) => edited = next.or(edited),
                Err(why) => {
                    let refused = self.file().refused(&why);
                    return (Some(manifest), Err(refused));
                }
            }
        }
        (Some(edited.unwrap_or(manifest)), Ok(()))
    }

    fn shown(
        &self,
        manifest: Option<&Manifest>,
        change: &Change<'_>,
        key: &hmac::Key,
    ) -> Result<Shown, SinkError> {
        let mut held = BTreeMap::new();
        for (name, _) in variables::written(change)? {
            let value = manifest.map(|manifest| manifest.value(&name)).transpose();
            let value = value.map_err(|why| self.file().refused(&why))?.flatten();
            held.extend(value.map(|value| (name, value)));
        }
        Ok(variables::read(
            (change.name, change.fallback),
            &|name| held.get(name),
            key,
        ))
    }

    fn check(&self, manifest: Option<&Manifest>, change: &Change<'_>) -> Result<(), SinkError> {
        for (name, wanted) in variables::written(change)? {
            let held = manifest.map(|manifest| manifest.value(&name)).transpose();
            let held = held.map_err(|why| self.file().refused(&why))?.flatten();
            if held != wanted {
                return Err(self
                    .file()
                    .differs(&format!("does not hold {name} as it was set")));
            }
        }
        Ok(())
    }
}

impl Sink for KubernetesSink {
    fn name(&self) -> &str {
        &self.name
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            shows: true,
            holds_two: true,
            needs_approval: false,
        }
    }

    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        let (before, mut manifest) = match self.read() {
            Ok(read) => read,
            Err(error) => return all_failed(changes.len(), &error),
        };
        let mut edited = Vec::with_capacity(changes.len());
        for change in changes {
            let outcome = match variables::written(change) {
                Ok(all) => {
                    let outcome;
                    (manifest, outcome) = self.assign(manifest, &all);
                    outcome
                }
                Err(error) => Err(error),
            };
            edited.push(outcome);
        }
        let written = match &manifest {
            Some(manifest) if edited.iter().any(Result::is_ok) => {
                self.file().hold(before.as_ref(), manifest.text())
            }
            _ => Ok(()),
        };
        once_written(edited, &written)
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        match self.read() {
            Ok((before, manifest)) => {
                // A manifest that is yet to be made holds nothing.
                let manifest = manifest.filter(|_| before.is_some());
                let show = |change| self.shown(manifest.as_ref(), change, key);
                changes.iter().map(show).collect()
            }
            Err(error) => all_failed(changes.len(), &error),
        }
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        match self.read() {
            Ok((_, manifest)) => changes
                .iter()
                .map(|change| self.check(manifest.as_ref(), change))
                .collect(),
            Err(error) => all_failed(changes.len(), &error),
        }
    }
}
