//! Systems that are told of new values. A new type is one file here and one line in `open`.

mod age_file;
mod command;
mod directory;
mod echo;
mod env_edit;
mod env_file;
mod file;
mod foreign;
mod kept_file;
mod keychain;
mod kubernetes;
mod manifest;
mod ran;
mod stdin_form;
mod variables;
mod yaml_text;
mod yaml_tree;

use std::path::Path;
use std::rc::Rc;

use crate::policy::SinkPolicy;
use crate::policy::SinkTarget;
use crate::ports::Approval;
use crate::ports::Cipher;
use crate::ports::Failure;
use crate::ports::Keychain;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::ports::Sinks;
use crate::secret::EnvironmentName;
use age_file::AgeFileSink;
use command::CommandSink;
pub use command::Variable;
use directory::DirectorySink;
use directory::Terms;
use env_file::EnvFileSink;
use file::FileSink;
use keychain::KeychainSink;
use kubernetes::KubernetesSink;

/// What some sinks need beside their place.
pub struct SinkTools {
    /// Looks variables of this process up that programs may see.
    pub variable: Variable,
    /// What a person allowed to run for this checkout.
    pub approvals: Vec<Approval>,
    /// Encrypts files, and decrypts those that an identity at hand opens, without asking anybody.
    pub cipher: Rc<dyn Cipher>,
    /// The keychain of this session.
    pub keychain: Rc<dyn Keychain>,
}

/// The sinks of a policy, as one environment uses them.
pub struct OpenSinks(Vec<(String, Option<Box<dyn Sink>>)>);

impl OpenSinks {
    /// Prepares the sinks that the project in `root` uses in `environment`; none is touched yet.
    pub fn new(root: &Path, environment: &EnvironmentName, sinks: &[SinkPolicy], tools: &SinkTools) -> Self {
        let open = |sink: &SinkPolicy| (sink.name().to_owned(), open(sink, (root, environment), tools));
        Self(sinks.iter().map(open).collect())
    }
}

impl Sinks for OpenSinks {
    fn sink(&self, name: &str) -> Result<&dyn Sink, SinkError> {
        let found = self.0.iter().find(|(known, _)| known == name);
        let sink = found.and_then(|(_, sink)| sink.as_deref());
        sink.ok_or_else(|| {
            SinkError::new(
                Failure::Rejected,
                format!("this version cannot tell the sink `{name}` of values"),
            )
        })
    }
}

/// The registry: how a sink of each type is opened; `None` is one that this version cannot tell.
fn open(
    sink: &SinkPolicy,
    (root, environment): (&Path, &EnvironmentName),
    tools: &SinkTools,
) -> Option<Box<dyn Sink>> {
    let name = sink.name().to_owned();
    let place = |path: &str| (root, path.replace("{environment}", environment.as_str()));
    match sink.target() {
        SinkTarget::AgeFile {
            path,
            recipients,
            mode,
        } => Some(Box::new(AgeFileSink::new(
            (name, place(path)),
            (recipients, *mode),
            Rc::clone(&tools.cipher),
        ))),
        SinkTarget::Command(target) => Some(Box::new(CommandSink::new(
            name,
            target.clone(),
            (root, environment),
            (tools.variable, &tools.approvals),
        ))),
        SinkTarget::Directory {
            path,
            mode,
            previous,
            most,
        } => {
            let terms = Terms {
                mode: *mode,
                previous: *previous,
                most: *most,
            };
            Some(Box::new(DirectorySink::new(name, place(path), terms)))
        }
        SinkTarget::EnvFile { path } => Some(Box::new(EnvFileSink::new(name, root, place(path).1))),
        SinkTarget::File { path, mode } => Some(Box::new(FileSink::new(name, root, place(path).1, *mode))),
        SinkTarget::Keychain { service, user } => {
            let filled = |text: &str| text.replace("{environment}", environment.as_str());
            let entry = (filled(service), filled(user));
            Some(Box::new(KeychainSink::new(
                name,
                entry,
                Rc::clone(&tools.keychain),
            )))
        }
        SinkTarget::Kubernetes { path, secret, mode } => {
            let secret = secret
                .as_ref()
                .map(|secret| secret.replace("{environment}", environment.as_str()));
            Some(Box::new(KubernetesSink::new((name, place(path)), secret, *mode)))
        }
    }
}
