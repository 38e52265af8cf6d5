//! Systems that are told of new values. A new type is one file here and one line in `open`.

mod env_edit;
mod env_file;
mod file;
mod foreign;
mod variables;

use std::path::Path;

use crate::policy::SinkPolicy;
use crate::policy::SinkTarget;
use crate::ports::Failure;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::ports::Sinks;
use crate::secret::EnvironmentName;
use env_file::EnvFileSink;
use file::FileSink;

/// The sinks of a policy, as one environment uses them.
pub struct OpenSinks(Vec<(String, Option<Box<dyn Sink>>)>);

impl OpenSinks {
    /// Prepares the sinks that the project in `root` uses in `environment`; none is touched yet.
    pub fn new(root: &Path, environment: &EnvironmentName, sinks: &[SinkPolicy]) -> Self {
        let open = |sink: &SinkPolicy| (sink.name().to_owned(), open(sink, root, environment));
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
fn open(sink: &SinkPolicy, root: &Path, environment: &EnvironmentName) -> Option<Box<dyn Sink>> {
    let name = sink.name().to_owned();
    let path = |path: &str| path.replace("{environment}", environment.as_str());
    match sink.target() {
        SinkTarget::EnvFile { path: file } => Some(Box::new(EnvFileSink::new(name, root, &path(file)))),
        SinkTarget::File { path: file, mode } => Some(Box::new(FileSink::new(name, root, path(file), *mode))),
        _ => None,
    }
}
