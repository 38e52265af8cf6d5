//! The one reader of environment variables and arguments.

#![expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::adapters::IdentitySource;
use crate::secret::SecretValue;

/// What the environment of this process says.
pub struct Config {
    /// The arguments, the program's name first.
    pub arguments: Vec<OsString>,
    /// The file of this program.
    pub program: Option<PathBuf>,
    /// `MINTAGE_DIR`.
    pub dir: Option<PathBuf>,
    /// `MINTAGE_ENV`.
    pub environment: Option<String>,
    /// `MINTAGE_IDENTITY`.
    pub identity: Option<PathBuf>,
    /// `SOPS_AGE_KEY`.
    sops_age_key: Option<OsString>,
    /// `SOPS_AGE_KEY_FILE`.
    sops_age_key_file: Option<PathBuf>,
    /// `$XDG_CONFIG_HOME`, or `~/.config`.
    pub config_home: Option<PathBuf>,
    /// `$XDG_STATE_HOME`, or `~/.local/state`.
    pub state_home: Option<PathBuf>,
    /// `$HOME`.
    pub home: Option<PathBuf>,
    /// The number of the user.
    pub user: u32,
    /// The name of the local time zone, where it is one of the IANA's.
    pub time_zone: Option<String>,
    /// The user and the host, for the audit log.
    pub actor: String,
    /// `NO_COLOR`.
    pub no_color: bool,
    /// `TERM` is `dumb`.
    pub dumb_terminal: bool,
    /// The current directory.
    pub current_dir: Option<PathBuf>,
}

impl Config {
    /// Reads the environment.
    pub fn from_environment() -> Self {
        let path = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let home = path("HOME");
        let below_home = |tail: &str| home.as_ref().map(|home| home.join(tail));
        Self {
            arguments: env::args_os().collect(),
            program: env::current_exe().ok(),
            dir: path("MINTAGE_DIR"),
            environment: env::var("MINTAGE_ENV").ok().filter(|name| !name.is_empty()),
            identity: path("MINTAGE_IDENTITY"),
            sops_age_key: env::var_os("SOPS_AGE_KEY").filter(|value| !value.is_empty()),
            sops_age_key_file: path("SOPS_AGE_KEY_FILE"),
            config_home: path("XDG_CONFIG_HOME").or_else(|| below_home(".config")),
            state_home: path("XDG_STATE_HOME").or_else(|| below_home(".local/state")),
            user: rustix::process::getuid().as_raw(),
            time_zone: time_zone(),
            actor: actor(),
            no_color: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb_terminal: env::var_os("TERM").is_some_and(|term| term == "dumb"),
            current_dir: env::current_dir().ok(),
            home,
        }
    }

    /// Returns where mintage keeps an identity of its own.
    pub fn own_identity(&self) -> Option<PathBuf> {
        Some(self.config_home.as_ref()?.join("mintage/identity.txt"))
    }

    /// Lists every place where an identity may be, in the order in which they are tried.
    ///
    /// `given` is the file named on the command line.
    pub fn identity_sources(&self, given: Option<&PathBuf>) -> Vec<IdentitySource> {
        let mut sources = Vec::new();
        let mut file = |path: Option<PathBuf>, named| {
            sources.extend(path.map(|path| IdentitySource::File { path, named }));
        };
        file(given.or(self.identity.as_ref()).cloned(), true);
        file(self.sops_age_key_file.clone(), true);
        file(self.own_identity(), false);
        let below_config = |tail: &str| self.config_home.as_ref().map(|home| home.join(tail));
        file(below_config("sops/age/keys.txt"), false);
        let below_home = |tail: &str| self.home.as_ref().map(|home| home.join(tail));
        file(below_home(".ssh/id_ed25519"), false);
        file(below_home(".ssh/id_rsa"), false);
        if let Some(text) = &self.sops_age_key {
            sources.insert(
                0,
                IdentitySource::Text {
                    label: "SOPS_AGE_KEY",
                    text: SecretValue::new(text.as_encoded_bytes().to_vec()),
                },
            );
        }
        sources
    }

    /// Returns the whole environment of this process, without what opens a store.
    pub fn for_commands(&self) -> Vec<(OsString, OsString)> {
        let opens = |name: &OsString| OPENERS.iter().any(|opener| name == opener);
        env::vars_os().filter(|(name, _)| !opens(name)).collect()
    }

    /// Returns what git needs of the environment: how to find itself and the ignore rules of the user. What points
    /// it to another repository, as hooks do, is not among it.
    pub fn environment_of_git(&self) -> Vec<(&'static str, OsString)> {
        [
            "PATH",
            "HOME",
            "XDG_CONFIG_HOME",
            "GIT_CONFIG_GLOBAL",
            "GIT_CONFIG_SYSTEM",
            "GIT_CONFIG_NOSYSTEM",
        ]
        .into_iter()
        .filter_map(|name| Some((name, env::var_os(name)?)))
        .collect()
    }

    /// Returns the whole environment of this process, for programs that a person named to fetch values from.
    pub fn whole(&self) -> Vec<(OsString, OsString)> {
        env::vars_os().collect()
    }

    /// Returns what programs that reach the clipboard need of the environment.
    pub fn environment_of_clipboard(&self) -> Vec<(OsString, OsString)> {
        ["PATH", "HOME", "DISPLAY", "XAUTHORITY", "LANG", "LC_ALL"]
            .into_iter()
            .filter_map(|name| Some((OsString::from(name), env::var_os(name)?)))
            .collect()
    }

    /// Returns those of some variables that are set to text.
    pub fn texts_of(&self, names: &[&'static str]) -> BTreeMap<&'static str, String> {
        let set = names
            .iter()
            .filter_map(|name| Some((*name, env::var(name).ok()?)));
        set.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Reads a variable that a person allowed programs to see.
    pub fn variable(name: &str) -> Option<OsString> {
        env::var_os(name)
    }

    /// Reads the variable that a person named as the place of a value.
    pub fn value_of(&self, name: &str) -> Option<SecretValue> {
        env::var_os(name).map(|value| SecretValue::new(value.into_encoded_bytes()))
    }
}

/// Reads every variable of the process whose name is text; their values are moved into wiped memory.
pub fn process_variables() -> Vec<(String, SecretValue)> {
    env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            Some((name, SecretValue::new(value.into_encoded_bytes())))
        })
        .collect()
}

/// Returns the name of the zone that local times are of: what `TZ` names, or what the system is set to.
fn time_zone() -> Option<String> {
    let named = match env::var("TZ") {
        Ok(name) if !name.is_empty() => Some(name.trim_start_matches(':').to_owned()),
        _ => iana_time_zone::get_timezone().ok(),
    };
    named.filter(|name| name.parse::<chrono_tz::Tz>().is_ok())
}

/// Names the user and the host with plain characters only.
fn actor() -> String {
    let plain = |text: &str, fallback: &str| {
        let kept: String = text
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || "._-".contains(*character))
            .take(64)
            .collect();
        if kept.is_empty() {
            fallback.to_owned()
        } else {
            kept
        }
    };
    let user = env::var("USER")
        .or_else(|_| env::var("LOGNAME"))
        .unwrap_or_default();
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let number = format!("uid{}", rustix::process::getuid().as_raw());
    format!("{}@{}", plain(&user, &number), plain(&host, "unknown"))
}

/// The variables by which this program, or sops, comes to an identity. A command never gets them: it is given values,
/// not the way to all of them.
pub const OPENERS: &[&str] = &[
    "MINTAGE_IDENTITY",
    "SOPS_AGE_KEY",
    "SOPS_AGE_KEY_CMD",
    "SOPS_AGE_KEY_FILE",
    "SOPS_AGE_SSH_PRIVATE_KEY_FILE",
];
