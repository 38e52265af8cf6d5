//! A project of its own for every test: temporary directories, a cleared environment, whole output.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use regex_lite::Regex;
use serde_json::Value;
use tempfile::TempDir;

/// A project directory in an empty git repository, with a home directory beside it.
pub struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    /// An empty git repository and an empty home.
    pub fn new() -> Self {
        let root = TempDir::with_prefix("mintage-test-").unwrap();
        let sandbox = Self { root };
        fs::create_dir_all(sandbox.project()).unwrap();
        fs::create_dir_all(sandbox.home()).unwrap();
        sandbox.git(&["init", "--quiet"]);
        sandbox
    }

    /// A project of this policy with everything minted in production that can be.
    pub fn of_policy(policy: impl AsRef<[u8]>) -> Self {
        let sandbox = Self::new();
        sandbox.write("mintage.toml", policy);
        sandbox.run(["init"]).succeeds();
        sandbox.run(["create", "--all", "-e", "production"]).succeeds();
        sandbox
    }

    /// A project set up from the preset `lumiku`.
    pub fn lumiku() -> Self {
        let sandbox = Self::new();
        sandbox.run(["init", "--policy", "lumiku"]).succeeds();
        sandbox
    }

    /// The same with everything minted in production.
    pub fn minted() -> Self {
        let sandbox = Self::lumiku();
        sandbox.run(["create", "--all", "-e", "production"]).succeeds();
        sandbox
    }

    /// The project directory.
    pub fn project(&self) -> PathBuf {
        self.root.path().join("project")
    }

    /// The home directory.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// A place of neither project nor home.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The parent of all of these.
    pub fn everything(&self) -> &Path {
        self.root.path()
    }

    /// The identity that `init` made.
    pub fn identity(&self) -> PathBuf {
        self.home().join(".config/mintage/identity.txt")
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Reads a text file of the project.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.project().join(path)).unwrap()
    }

    /// Prepares a run of mintage in the project directory.
    pub fn command<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Run<'_> {
        Run {
            sandbox: self,
            args: args
                .into_iter()
                .map(|arg| arg.as_ref().to_owned().into_string().unwrap())
                .collect(),
            stdin: Vec::new(),
            directory: self.project(),
            environment: self.environment(),
            read_only: Vec::new(),
        }
    }

    /// Runs mintage with empty standard input.
    #[must_use = "a run whose outcome nobody looks at proves nothing"]
    pub fn run<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Output {
        self.command(args).run()
    }

    /// Rotates a secret of production.
    pub fn rotate(&self, name: &str, more: &[&str]) -> Output {
        self.run([&["rotate", name, "-e", "production"], more].concat())
    }

    /// Runs mintage with `--json` added and returns the document.
    pub fn json<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Value {
        let mut run = self.command(args);
        run.args.push("--json".to_owned());
        run.run().succeeds().json()
    }

    /// Fetches a stored value. What it returns must never reach an assertion that prints.
    pub fn reveal(&self, name: &str, environment: &str) -> Vec<u8> {
        let output = self.run(["reveal", name, "-e", environment]);
        assert_eq!(output.code, 0, "reveal {name} failed:\n{}", output.stderr);
        output.stdout
    }

    /// Runs git in the project and returns its standard output.
    pub fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(args)
            .current_dir(self.project())
            .env("HOME", self.home())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?} failed");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Every file of the project except git's own, with its mode and content.
    pub fn tree(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        files_below(&self.project())
            .into_iter()
            .filter(|path| !path.starts_with(self.project().join(".git")))
            .map(|path| {
                let mode = fs::metadata(&path).unwrap().permissions().mode();
                (path.clone(), (mode, fs::read(&path).unwrap()))
            })
            .collect()
    }

    /// The whole environment of a run.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let home = self.home();
        let below = |tail: &str| home.join(tail).to_str().unwrap().to_owned();
        [
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", below("")),
            ("XDG_CONFIG_HOME", below(".config")),
            ("XDG_STATE_HOME", below(".local/state")),
            ("TZ", "UTC".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

/// A run of mintage that has not begun.
#[must_use = "a run does nothing until `run` is called"]
pub struct Run<'a> {
    sandbox: &'a Sandbox,
    args: Vec<String>,
    stdin: Vec<u8>,
    directory: PathBuf,
    environment: BTreeMap<String, String>,
    read_only: Vec<PathBuf>,
}

impl Run<'_> {
    /// What standard input holds.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        let value = value.as_ref().to_str().unwrap().to_owned();
        self.environment.insert(name.to_owned(), value);
        self
    }

    /// Takes a variable away.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// Starts in another directory.
    pub fn inside(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// Makes a path impossible to write to for this run, for root too.
    pub fn read_only(mut self, path: impl Into<PathBuf>) -> Self {
        self.read_only.push(path.into());
        self
    }

    /// Runs.
    #[must_use = "a run whose outcome nobody looks at proves nothing"]
    pub fn run(self) -> Output {
        let mut command = Command::new(program());
        if !self.read_only.is_empty() {
            command = behind_read_only_mounts(&self.read_only);
        }
        let mut child = command
            .args(&self.args)
            .current_dir(&self.directory)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin;
        let feeder = std::thread::spawn(move || {
            // The program may stop reading: that is for its output to tell.
            let _ = stdin.write_all(&bytes);
        });
        let mut stderr = child.stderr.take().unwrap();
        let listener = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).unwrap();
            text
        });
        let mut stdout = Vec::new();
        child.stdout.take().unwrap().read_to_end(&mut stdout).unwrap();
        let status = child.wait().unwrap();
        feeder.join().unwrap();
        let stderr = String::from_utf8(listener.join().unwrap()).unwrap();
        Output {
            command: format!("mintage {}", self.args.join(" ")),
            root: self.sandbox.everything().to_owned(),
            stdout,
            stderr,
            code: status.code().unwrap_or(-1),
        }
    }

    /// Runs and checks the promises of every refusal: one error, a next step, no panic, nothing on standard
    /// output, no file of the project touched.
    #[must_use = "what it says is for the test to compare"]
    #[track_caller]
    pub fn refused(self) -> Output {
        let (output, broken) = self.refuse();
        assert!(broken.is_empty(), "{broken}");
        output
    }

    /// The same, with the broken promises as text.
    fn refuse(self) -> (Output, String) {
        let sandbox = self.sandbox;
        let before = sandbox.tree();
        let output = self.run();
        let lines = |start: &str| {
            output
                .stderr
                .lines()
                .filter(|line| line.starts_with(start))
                .count()
        };
        let promises = [
            ("one error", lines("error: ") == 1),
            ("a next step", lines("  hint: ") > 0),
            (
                "no panic",
                !output.stderr.contains("panicked") && !output.stderr.contains("internal error"),
            ),
            ("nothing on standard output", output.stdout.is_empty()),
            ("an exit code of the table", (1..=6).contains(&output.code)),
            ("an untouched project", sandbox.tree() == before),
        ];
        let broken: Vec<&str> = promises
            .iter()
            .filter(|(_, kept)| !kept)
            .map(|(promise, _)| *promise)
            .collect();
        let text = match broken.as_slice() {
            [] => String::new(),
            _ => format!(
                "{} lacks: {}\n{}[exit status: {}]\n",
                output.command,
                broken.join(", "),
                output.stderr,
                output.code
            ),
        };
        (output, text)
    }
}

/// Runs several commands that are all to be refused, and shows every broken promise at once.
#[track_caller]
pub fn all_refused<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> Vec<Output> {
    let (outputs, broken): (Vec<Output>, Vec<String>) = runs.into_iter().map(Run::refuse).unzip();
    let broken: Vec<String> = broken.into_iter().filter(|text| !text.is_empty()).collect();
    assert!(
        broken.is_empty(),
        "{} broken:\n{}",
        broken.len(),
        broken.join("\n")
    );
    outputs
}

/// What a run left.
pub struct Output {
    /// The command line.
    pub command: String,
    root: PathBuf,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
    /// The exit code; -1 after a signal.
    pub code: i32,
}

impl Output {
    /// Requires exit code 0.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Requires an exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{} ended with:\n{self}", self.command);
        self
    }

    /// Standard output as text. Not for the output of `reveal`.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// The document on standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.stdout) {
            Ok(document) => document,
            Err(error) => panic!("{} printed no JSON document ({error})", self.command),
        }
    }

    /// Standard error with what differs from run to run taken out.
    pub fn said(&self) -> String {
        normal(&self.stderr, &self.root)
    }

    /// Both streams and the exit code, with what differs from run to run taken out.
    pub fn whole(&self) -> String {
        normal(&self.to_string(), &self.root)
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.stdout))?;
        if !self.stderr.is_empty() {
            write!(f, "------- stderr -------\n{}", self.stderr)?;
        }
        writeln!(f, "[exit status: {}]", self.code)
    }
}

/// Replaces what differs from run to run.
fn normal(text: &str, root: &Path) -> String {
    static PATTERNS: OnceLock<Vec<(Regex, &str)>> = OnceLock::new();
    let patterns = PATTERNS.get_or_init(|| {
        [
            (r"fp:[0-9a-z]{4}-[0-9a-z]{4}", "fp:····-····"),
            (
                r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "VERSION",
            ),
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "INSTANT"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE TIME"),
            (r"\d{4}-\d\d-\d\d", "DATE"),
            (r"age1[0-9a-z]{58}", "RECIPIENT"),
            (r"unknown@[A-Za-z0-9._-]+", "unknown@host"),
        ]
        .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
        .into()
    });
    let mut text = text.replace(root.to_str().unwrap(), "ROOT");
    for (pattern, name) in patterns {
        text = pattern.replace_all(&text, *name).into_owned();
    }
    text
}

/// The program under test.
pub fn program() -> &'static str {
    env!("CARGO_BIN_EXE_mintage")
}

/// Lists every file below a directory.
pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// Looks for a program that a test cannot do without.
pub fn tool(name: &str, cure: &str) -> PathBuf {
    let tools = std::env::var_os("MINTAGE_TEST_TOOLS").map(|tools| PathBuf::from(tools).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    tools
        .into_iter()
        .chain(std::env::split_paths(&path))
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| {
            panic!("this test needs the program `{name}` in PATH or in $MINTAGE_TEST_TOOLS/bin: {cure}")
        })
}

/// Sets the permission bits of a file.
pub fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A command that runs mintage in a mount namespace where these paths are read-only.
fn behind_read_only_mounts(paths: &[PathBuf]) -> Command {
    let unshare = tool("unshare", "it is part of util-linux");
    let namespace: &[&str] = if is_root() {
        &["--mount"]
    } else {
        &["--user", "--map-root-user", "--mount"]
    };
    let works = Command::new(&unshare).args(namespace).arg("true").status();
    assert!(
        works.is_ok_and(|status| status.success()),
        "this test needs a mount namespace of its own, and `unshare {}` is not allowed here: run it as root or \
         allow unprivileged user namespaces",
        namespace.join(" ")
    );
    let script = "
        while [ \"$1\" != -- ]; do
            mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" || exit 99
            shift
        done
        shift
        cd . && cd \"$PWD\" && exec \"$@\"";
    let mut command = Command::new(unshare);
    command.args(namespace).args(["sh", "-c", script, "sh"]);
    command.args(paths).arg("--").arg(program());
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
