//! The composition root: the only place where adapters meet use cases.

use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::adapters::AgeCipher;
use crate::adapters::AgeValues;
use crate::adapters::AuditFiles;
use crate::adapters::Child;
use crate::adapters::Directory;
use crate::adapters::GitTree;
use crate::adapters::IdentityFile;
use crate::adapters::KeychainKind;
use crate::adapters::KeychainValues;
use crate::adapters::OpenSinks;
use crate::adapters::OsKeychain;
use crate::adapters::OsRandom;
use crate::adapters::Silence;
use crate::adapters::SinkTools;
use crate::adapters::StateFiles;
use crate::adapters::SystemClock;
use crate::adapters::Terminal;
use crate::adapters::ValuesByStore;
use crate::adapters::load_kept;
use crate::adapters::survey;
use crate::app;
use crate::app::AppError;
use crate::app::Ground;
use crate::app::Store;
use crate::app::World;
use crate::cli::Global;
use crate::cli::config::Config;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
pub use crate::cli::policy_file::read_policy;
pub use crate::cli::policy_file::read_policy_text;
use crate::policy::CommandTarget;
use crate::policy::Policy;
use crate::policy::StoreKind;
use crate::ports::Approval;
use crate::ports::Launcher;
use crate::ports::Prompt;
use crate::ports::Runnable;
use crate::ports::SinkError;
use crate::secret::EnvironmentName;

/// Everything a command needs beside its arguments.
pub struct Context {
    /// What the environment says.
    pub config: Config,
    /// Options of every command.
    pub global: Global,
}

/// A project: its directory and its policy.
pub struct Project {
    /// The directory that holds `mintage.toml`.
    pub root: PathBuf,
    /// The policy.
    pub policy: Policy,
}

impl Context {
    /// Keeps the environment and the options of every command.
    pub fn new(config: Config, global: Global) -> Self {
        Self { config, global }
    }

    /// Opens the random source of the operating system.
    ///
    /// # Errors
    ///
    /// When it gives nothing.
    pub fn rng(&self) -> Result<OsRandom, CliError> {
        Ok(OsRandom::new()?)
    }

    /// Returns who answers questions.
    pub fn prompt(&self) -> Arc<dyn Prompt> {
        if self.global.no_input {
            Arc::new(Silence)
        } else {
            Arc::new(Terminal {
                marks_pastes: !self.config.dumb_terminal,
            })
        }
    }

    /// Returns what runs other programs.
    pub fn launcher(&self) -> impl Launcher {
        Child
    }

    /// Returns the directory in which a project is to be set up.
    ///
    /// # Errors
    ///
    /// When the current directory is gone.
    pub fn start_directory(&self) -> Result<PathBuf, CliError> {
        self.global
            .dir
            .clone()
            .or_else(|| self.config.dir.clone())
            .or_else(|| self.config.current_dir.clone())
            .ok_or_else(|| CliError::new(Exit::Failed, "the current directory does not exist any more"))
    }

    /// Finds and reads the project.
    ///
    /// # Errors
    ///
    /// When there is none, or its policy has mistakes.
    pub fn project(&self) -> Result<Project, CliError> {
        let root = self.project_root()?;
        let policy = read_policy(&root.join(POLICY_FILE), POLICY_FILE)?;
        Ok(Project { root, policy })
    }

    /// Finds the project and reads its policy; `None` when there is no project.
    ///
    /// # Errors
    ///
    /// When there is one and its policy has mistakes.
    pub fn project_if_any(&self) -> Result<Option<Project>, CliError> {
        match self.project_root() {
            Ok(_) => self.project().map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Returns where the policy of the project is.
    ///
    /// # Errors
    ///
    /// When there is no project.
    pub fn policy_path(&self) -> Result<PathBuf, CliError> {
        Ok(self.project_root()?.join(POLICY_FILE))
    }

    fn project_root(&self) -> Result<PathBuf, CliError> {
        let start = self.start_directory()?;
        let named = self.global.dir.is_some() || self.config.dir.is_some();
        let mut candidates = start.ancestors();
        let found = if named {
            candidates.next().filter(|root| root.join(POLICY_FILE).exists())
        } else {
            candidates.find(|root| root.join(POLICY_FILE).exists())
        };
        found.map(Path::to_owned).ok_or_else(|| {
            CliError::new(
                Exit::Failed,
                format!("`{}` is no project: it has no {POLICY_FILE}", start.display()),
            )
            .in_state("nothing was changed")
            .hint("set one up: mintage init --policy web-app (see: mintage policy list)")
            .hint("or name it: mintage -C DIR …")
        })
    }

    /// Returns the one environment that a command is about.
    ///
    /// # Errors
    ///
    /// When neither `-e` nor `MINTAGE_ENV` names one.
    pub fn one_environment(&self, given: Option<&EnvironmentName>) -> Result<EnvironmentName, CliError> {
        if let Some(name) = given {
            return Ok(name.clone());
        }
        match &self.config.environment {
            Some(name) => name.parse().map_err(|error| {
                CliError::usage("MINTAGE_ENV names no environment").cause(format!("{error}"))
            }),
            None => Err(CliError::usage("no environment was named")
                .hint("name it: -e production, or MINTAGE_ENV=production")),
        }
    }

    /// Returns the environments that a reading command is about: those given, `MINTAGE_ENV`, or all of the policy.
    ///
    /// # Errors
    ///
    /// When one is not in the policy.
    pub fn environments(
        &self,
        policy: &Policy,
        given: &[EnvironmentName],
    ) -> Result<Vec<EnvironmentName>, CliError> {
        if given.is_empty() && self.config.environment.is_none() {
            return Ok(policy.environments().map(|one| one.name().clone()).collect());
        }
        let mut wanted = if given.is_empty() {
            vec![self.one_environment(None)?]
        } else {
            given.to_vec()
        };
        let mut seen = Vec::new();
        wanted.retain(|name| {
            let is_new = !seen.contains(name);
            seen.push(name.clone());
            is_new
        });
        for name in &wanted {
            if policy.environment(name).is_none() {
                return Err(AppError::EnvironmentUnknown {
                    name: name.clone(),
                    known: policy.environments().map(|one| one.name().to_string()).collect(),
                }
                .into());
            }
        }
        Ok(wanted)
    }

    /// Runs a use case on the store of a project, with every identity that can be found.
    ///
    /// # Errors
    ///
    /// When an identity that was named cannot be used, or the use case fails.
    pub fn with_world<T>(
        &self,
        project: &Project,
        use_case: impl FnOnce(World<'_>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let cipher = self.cipher(true, self.prompt())?;
        self.wire(project, cipher, use_case)
    }

    /// Runs a use case that tells the sinks of an environment of values; `progress` is told of steps done at sinks.
    ///
    /// # Errors
    ///
    /// As with [`Context::with_world`].
    pub fn with_ground<T>(
        &self,
        project: &Project,
        environment: &EnvironmentName,
        progress: &dyn Fn(u64, u64),
        use_case: impl FnOnce(Ground<'_>) -> Result<T, AppError>,
    ) -> Result<T, CliError> {
        let tools = SinkTools {
            variable: Config::variable,
            approvals: self.approvals(&project.root)?,
            cipher: Rc::new(self.cipher(false, Arc::new(Silence))?),
            keychain: Rc::new(OsKeychain::new(KeychainKind::Session)),
        };
        let sinks = OpenSinks::new(&project.root, environment, project.policy.sinks(), &tools);
        self.with_world(project, |world| {
            Ok(use_case(Ground {
                world,
                policy: &project.policy,
                environment,
                sinks: &sinks,
                progress,
            })?)
        })
    }

    /// Returns what a person allowed to run for this checkout; nothing where there is no store.
    ///
    /// # Errors
    ///
    /// When it cannot be read: nothing may be run then.
    pub fn approvals(&self, root: &Path) -> Result<Vec<Approval>, CliError> {
        Ok(app::approvals(&self.storage(root)?, &self.state(root)?)?)
    }

    /// Finds every program that the sinks of a policy run, as it would be approved now.
    pub fn survey(&self, project: &Project, target: &CommandTarget) -> Result<Runnable, SinkError> {
        let path = Config::variable("PATH").unwrap_or_default();
        survey(target, &project.root, &path)
    }

    /// Opens the store if an identity at hand opens it without a question; `None` otherwise.
    ///
    /// # Errors
    ///
    /// When the use case fails on the opened store.
    pub fn with_store_if_open<T>(
        &self,
        project: &Project,
        use_case: impl FnOnce(&mut Store<'_>) -> Result<T, CliError>,
    ) -> Result<Option<T>, CliError> {
        if self.config.state_home.is_none() {
            return Ok(None);
        }
        Ok(self.with_store_unasked(project, use_case)?.ok())
    }

    /// Opens the store without a question; what keeps it closed is returned beside the errors of the use case.
    ///
    /// # Errors
    ///
    /// When there is no place to remember stores, or the use case fails on the opened store.
    pub fn with_store_unasked<T>(
        &self,
        project: &Project,
        use_case: impl FnOnce(&mut Store<'_>) -> Result<T, CliError>,
    ) -> Result<Result<T, AppError>, CliError> {
        let cipher = self.cipher(false, Arc::new(Silence))?;
        self.wire(project, cipher, |world| match Store::open(world) {
            Ok(mut store) => use_case(&mut store).map(Ok),
            Err(closed) => Ok(Err(closed)),
        })
    }

    fn wire<T>(
        &self,
        project: &Project,
        cipher: AgeCipher,
        use_case: impl FnOnce(World<'_>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let root = &project.root;
        let storage = self.storage(root)?;
        let session = OsKeychain::new(KeychainKind::Session);
        let kernel = OsKeychain::new(KeychainKind::Kernel);
        let environments = project.policy.environments();
        let values = ValuesByStore {
            age: AgeValues::new(&storage, &cipher),
            keychain: KeychainValues::new(&session, StoreKind::Keychain),
            keyutils: KeychainValues::new(&kernel, StoreKind::Keyutils),
            kinds: environments
                .map(|one| (one.name().clone(), one.store()))
                .collect(),
        };
        let audit = AuditFiles::new(&storage, root.join(STORE_DIR).join("audit"));
        let state = self.state(root)?;
        use_case(World {
            storage: &storage,
            values: &values,
            cipher: &cipher,
            audit: &audit,
            state: &state,
            clock: &SystemClock,
            actor: &self.config.actor,
        })
    }

    /// Returns the files of a project's store.
    ///
    /// # Errors
    ///
    /// When there is no randomness to name temporary files.
    pub fn storage(&self, root: &Path) -> Result<Directory, CliError> {
        Ok(Directory::new(root.join(STORE_DIR), Box::new(self.rng()?)))
    }

    /// Returns the files of a project and what git says about them.
    pub fn working_tree(&self, root: &Path) -> GitTree {
        GitTree::new(root.to_owned(), self.config.environment_of_git())
    }

    /// Returns what this machine remembers.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub fn state(&self, root: &Path) -> Result<StateFiles, CliError> {
        let home = self.config.state_home.clone().ok_or_else(|| {
            CliError::new(
                Exit::Failed,
                "there is no place to remember stores: HOME is not set",
            )
            .in_state("nothing was changed")
            .hint("set HOME or XDG_STATE_HOME")
        })?;
        let checkout = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        Ok(StateFiles::new(
            home.join("mintage"),
            checkout,
            Box::new(self.rng()?),
        ))
    }

    /// Prepares to decrypt with every identity there is; the keychain is asked last, and only when it is needed.
    fn cipher(&self, strict: bool, prompt: Arc<dyn Prompt>) -> Result<AgeCipher, CliError> {
        let kept = || load_kept(&OsKeychain::new(KeychainKind::Session));
        Ok(AgeCipher::new(self.identities(strict)?, prompt).or_else(Box::new(kept)))
    }

    fn identities(&self, strict: bool) -> Result<Vec<IdentityFile>, CliError> {
        let mut identities = Vec::new();
        for source in self.config.identity_sources(self.global.identity.as_ref()) {
            let is_named = !matches!(source, crate::adapters::IdentitySource::File { named: false, .. });
            match IdentityFile::load(&source) {
                Ok(found) => identities.extend(found),
                Err(error) if strict && (is_named || error.is_exposed_identity()) => return Err(error.into()),
                Err(_) => {}
            }
        }
        Ok(identities)
    }
}

/// The policy of a project.
pub const POLICY_FILE: &str = "mintage.toml";

/// The store of a project.
pub const STORE_DIR: &str = ".mintage";
