//! A project with a home of its own, run with the built program and nothing of the caller's environment.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

/// Secrets of the policy: enough for a batch to be written in its own way.
pub const NAMES: [&str; 9] = [
    "ALPHA_KEY",
    "BRAVO_KEY",
    "CHARLIE_KEY",
    "DELTA_KEY",
    "ECHO_KEY",
    "FOXTROT_KEY",
    "GOLF_KEY",
    "HOTEL_KEY",
    "INDIA_KEY",
];

/// Where a store is of a project.
pub const STORE: &str = ".mintage";

/// A value for `import`, of the shape that the policy asks for.
pub const IMPORTED: &str = "9f2c61d07be84a53c1e6f0983d7452abef10c8366d29b4f75a81e3c09d4b7f26";

/// Returns whether every point is tried instead of a sample.
pub fn is_full() -> bool {
    std::env::var_os("MINTAGE_TEST_FULL").is_some_and(|value| value == "1")
}

/// Returns every `step`th item, or all of them in a full run.
pub fn sample<T: Clone>(all: &[T], step: usize) -> Vec<T> {
    let step = if is_full() { 1 } else { step };
    all.iter().step_by(step).cloned().collect()
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard output and standard error, for people.
    pub text: String,
}

impl Run {
    /// Waits for a child and keeps what it gave.
    pub fn of(output: std::process::Output) -> Self {
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let killed = output.status.signal().is_some() || output.status.code() == Some(137);
        Self {
            code: if killed { None } else { output.status.code() },
            out: output.stdout,
            text,
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn expect(self, code: i32, place: &str) -> Self {
        assert_eq!(self.code, Some(code), "{place}\n{}", self.text);
        self
    }

    /// Returns whether the program stopped at a bug, or never ended.
    pub fn is_bug(&self) -> bool {
        matches!(self.code, Some(70 | 101 | 124 | 134)) || self.text.contains("internal error")
    }
}

/// A project, a home and snapshots of both.
pub struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    /// Makes a project directory with a policy and no store.
    pub fn bare() -> Self {
        let root = tempfile::Builder::new().prefix("harm-").tempdir().unwrap();
        let sandbox = Self { root };
        for directory in ["live/project", "live/home", "live/tmp"] {
            fs::create_dir_all(sandbox.root.path().join(directory)).unwrap();
        }
        sandbox
    }

    /// Makes a project with a store and no secrets.
    pub fn initialised() -> Self {
        let sandbox = Self::bare();
        fs::write(sandbox.project().join("mintage.toml"), policy()).unwrap();
        sandbox.mintage(&["init"]).expect(0, "init");
        sandbox
    }

    /// Makes a project with every secret in production.
    pub fn filled() -> Self {
        let sandbox = Self::initialised();
        sandbox
            .mintage(&["create", "--all", "-e", "production"])
            .expect(0, "create");
        sandbox
    }

    /// Makes a project with some secrets in two environments.
    pub fn small() -> Self {
        let sandbox = Self::initialised();
        for environment in ["production", "staging"] {
            sandbox
                .mintage(&[
                    "create",
                    "ALPHA_KEY",
                    "BRAVO_KEY",
                    "CHARLIE_KEY",
                    "-e",
                    environment,
                ])
                .expect(0, "create");
        }
        sandbox
    }

    /// Makes a project whose secrets are in two env files and in files of their own, set by a first rotation.
    pub fn told() -> Self {
        let sandbox = Self::bare();
        fs::write(sandbox.project().join("mintage.toml"), policy_with_sinks()).unwrap();
        sandbox.mintage(&["init"]).expect(0, "init");
        sandbox
            .mintage(&["create", "--all", "-e", "production"])
            .expect(0, "create");
        fs::write(
            sandbox.project().join(".env.web"),
            "# the web server\nPORT=8080\n",
        )
        .unwrap();
        sandbox
            .mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"])
            .expect(0, "rotate");
        sandbox
            .mintage(&["retire", "ALPHA_KEY", "-e", "production"])
            .expect(0, "retire");
        sandbox
    }

    /// Returns the project directory.
    pub fn project(&self) -> PathBuf {
        self.root.path().join("live/project")
    }

    /// Returns the home directory.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("live/home")
    }

    /// Returns the directory of project and home.
    pub fn live(&self) -> PathBuf {
        self.root.path().join("live")
    }

    /// Returns a file of the store.
    pub fn store(&self, file: &str) -> PathBuf {
        self.project().join(STORE).join(file)
    }

    /// Returns a file beside what the program sees.
    pub fn beside(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    /// Returns where the identity is.
    pub fn identity(&self) -> PathBuf {
        self.home().join(".config/mintage/identity.txt")
    }

    /// Returns the public key.
    pub fn recipient(&self) -> String {
        let text = fs::read_to_string(self.identity()).unwrap();
        let line = text.lines().find(|line| line.contains("public key")).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    }

    /// Keeps a copy of project and home.
    pub fn snapshot(&self, name: &str) {
        copy_tree(&self.live(), &self.beside(name));
    }

    /// Puts project and home back to a snapshot, at the same place.
    pub fn restore(&self, name: &str) {
        fs::remove_dir_all(self.live()).unwrap();
        copy_tree(&self.beside(name), &self.live());
    }

    /// Puts only the store back to a snapshot: this machine still remembers what it has seen.
    pub fn restore_store(&self, name: &str) {
        fs::remove_dir_all(self.project().join(STORE)).unwrap();
        copy_tree(
            &self.beside(name).join("project").join(STORE),
            &self.project().join(STORE),
        );
    }

    /// Forgets what this machine has seen, as on a first clone.
    pub fn forget(&self) {
        let _ = fs::remove_dir_all(self.home().join(".local"));
    }

    /// Prepares a program with this sandbox's environment and nothing else; a hanging one is ended.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("timeout");
        let home = self.home();
        command
            .args(["-k", "5", "170", program])
            .current_dir(self.project())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("TMPDIR", self.live().join("tmp"))
            .env("USER", "harm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program.
    pub fn mintage(&self, arguments: &[&str]) -> Run {
        self.mintage_with(arguments, "")
    }

    /// Runs the program with `input` in its pipe.
    pub fn mintage_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_mintage"));
        command.args(arguments);
        feed(command, input)
    }

    /// Reveals a current value.
    pub fn reveal(&self, environment: &str, name: &str) -> Run {
        self.mintage(&["reveal", name, "-e", environment])
    }

    /// Returns every value that production's ledger names, by name and version.
    pub fn values(&self) -> BTreeMap<(String, String), Vec<u8>> {
        let mut values = BTreeMap::new();
        for record in self.records("production") {
            for version in &record.versions {
                let id = version.id.to_string();
                let arguments = [
                    "reveal",
                    record.name.as_str(),
                    "-e",
                    "production",
                    "--version",
                    &id,
                ];
                let run = self.mintage(&arguments).expect(0, "reveal");
                values.insert((record.name.to_string(), id), run.out);
            }
        }
        values
    }

    /// Reads an environment's ledger without checking it.
    pub fn records(&self, environment: &str) -> Vec<mintage::ledger::SecretRecord> {
        let bytes = fs::read(self.store(&format!("{environment}/ledger.jsonl"))).unwrap_or_default();
        mintage::ledger::Ledger::read(&bytes).records().cloned().collect()
    }

    /// Returns the revision of an environment's ledger.
    pub fn revision(&self, environment: &str) -> u64 {
        let bytes = fs::read(self.store(&format!("{environment}/ledger.jsonl"))).unwrap_or_default();
        mintage::ledger::Ledger::read(&bytes).revision()
    }

    /// Returns the file of a secret's last version, relative to the store.
    pub fn version_file(&self, environment: &str, name: &str) -> String {
        let records = self.records(environment);
        let record = records
            .iter()
            .find(|record| record.name.as_str() == name)
            .unwrap();
        let id = record.versions.last().unwrap().id;
        format!("{environment}/values/{name}/{id}.age")
    }

    /// Returns the audit log of this checkout, relative to the store.
    pub fn audit_file(&self) -> String {
        let found = self.store_files();
        found
            .into_keys()
            .find(|path| path.starts_with("audit/"))
            .expect("an audit log")
    }

    /// Returns every file of the store with its bytes.
    pub fn store_files(&self) -> BTreeMap<String, Vec<u8>> {
        files_of(&self.project().join(STORE))
    }

    /// Returns what a refused write must leave as it is: everything but the lock and the audit log, which may
    /// hold the attempt.
    pub fn fixed_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.store_files();
        files.retain(|path, _| path != "lock" && !path.starts_with("audit/"));
        files
    }
}

/// Runs a command with `input` in its pipe.
pub fn feed(mut command: Command, input: &str) -> Run {
    let mut child = command.spawn().unwrap();
    // A program that is killed before it reads leaves a broken pipe behind.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Run::of(child.wait_with_output().unwrap())
}

/// Returns every regular file below a directory with its bytes.
pub fn files_of(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Copies a directory with everything in it; modes of files are kept.
pub fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Returns the policy: plain random secrets that may be rotated as often as one likes.
pub fn policy() -> String {
    let mut text = "schema = 1\nname = \"harm\"\n\n[environments.production]\ntier = \"production\"\n\n\
                    [environments.staging]\ntier = \"staging\"\n"
        .to_owned();
    for name in NAMES {
        text.push_str(&format!("\n[secrets.{name}]\nkind = \"hex\"\nbytes = 32\n"));
    }
    text
}

/// Returns a policy of two secrets, one derived from the first, and three sinks.
pub fn policy_with_sinks() -> String {
    "schema = 1\nname = \"harm\"\n\n[defaults]\nkeep_previous = 9\n\n\
     [environments.production]\ntier = \"production\"\n\n\
     [secrets.ALPHA_KEY]\nkind = \"hex\"\nbytes = 32\noverlap = \"7d\"\n\
     previous_var = \"ALPHA_KEY_PREVIOUS\"\n\
     sinks = [\"web\", \"worker\", \"files\", \"cluster\", \"compose\", \"offsite\"]\n\n\
     [secrets.BRAVO_KEY]\nkind = \"hex\"\nbytes = 32\nsinks = [\"web\", \"files\"]\n\n\
     [secrets.BRAVO_URL]\ntemplate = \"redis://:{BRAVO_KEY}@cache:6379\"\nsinks = [\"worker\"]\n\n\
     [sinks.web]\ntype = \"env-file\"\npath = \".env.web\"\n\n\
     [sinks.worker]\ntype = \"env-file\"\npath = \".env.worker\"\n\n\
     [sinks.files]\ntype = \"file\"\npath = \"run/{name}\"\n\n\
     [sinks.cluster]\ntype = \"kubernetes\"\npath = \"secret.yaml\"\nsecret = \"app\"\n\n\
     [sinks.compose]\ntype = \"compose-secret\"\npath = \"secrets\"\n\n\
     [sinks.offsite]\ntype = \"age-file\"\npath = \"offsite/{name}.age\"\nrecipients = [\"RECIPIENT\"]\n"
        .replace(
            "RECIPIENT",
            &age::x25519::Identity::generate().to_public().to_string(),
        )
}
