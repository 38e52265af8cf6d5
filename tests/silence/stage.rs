//! A project that holds the canaries, put back to its first state before every run.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

use crate::canary::CANARIES;
use crate::canary::value;

/// Project and home, and a copy of both as they were at first.
pub struct Stage {
    root: TempDir,
    /// What opens the store: the identity, by name.
    pub keys: Vec<(String, Vec<u8>)>,
}

impl Stage {
    /// Makes the project, imports the canaries and mints the rest.
    pub fn new() -> Self {
        let root = tempfile::Builder::new().prefix("silence-").tempdir().unwrap();
        let mut stage = Self {
            root,
            keys: Vec::new(),
        };
        for directory in ["live/project/bin", "live/home", "live/tmp"] {
            fs::create_dir_all(stage.root.path().join(directory)).unwrap();
        }
        stage.quietly("git", &["init", "--quiet"], b"");
        stage.write("mintage.toml", POLICY);
        stage.write("bin/tell", "#!/bin/sh\ncat > told\n");
        stage.quietly("chmod", &["700", "bin/tell"], b"");
        stage.write(".gitignore", "*.env\n.env*\ntold\nrun/\n*.secret\n");
        stage.mintage(&["init"], b"");
        for canary in CANARIES {
            stage.write(&format!("{}.secret", canary.name.to_lowercase()), canary.value);
            if canary.name == "BINARY" {
                // Most dialects cannot hold it: it stays out of the environment that is rendered.
                stage.mintage(&["import", "BINARY", "-e", "staging", "--force"], canary.value);
                continue;
            }
            let import = [
                "import",
                canary.name,
                "-e",
                "production",
                "--created",
                "2026-11-01",
                "--force",
            ];
            stage.mintage(&import, canary.value);
        }
        stage.mintage(&["create", "--all", "-e", "production"], b"");
        stage.mintage(&["policy", "approve", "--yes"], b"");
        stage.mintage(
            &[
                "rotate",
                "MINTED",
                "TURNED",
                "-e",
                "production",
                "--reason",
                "test",
            ],
            b"",
        );
        stage.mintage(&["retire", "MINTED", "-e", "production"], b"");
        stage.mintage(&["push", "-e", "production"], b"");
        stage.mintage(&["import", "SHORT", "-e", "staging"], value("SHORT"));
        let mut line = b"SHORT=".to_vec();
        line.extend_from_slice(value("SHORT"));
        line.extend_from_slice(b"\nLONG=");
        line.extend_from_slice(value("LONG"));
        line.push(b'\n');
        stage.write(".env.production", &line);
        stage.write("fresh/.env.production", &line);
        stage.write(".env.broken", [b"SHORT=\"", value("SHORT"), b"\n=\n"].concat());
        stage.quietly("chmod", &["600", ".env.production", ".env.broken"], b"");
        let identity = fs::read_to_string(stage.identity()).unwrap();
        let secret = identity
            .lines()
            .find_map(|line| line.strip_prefix("AGE-SECRET-KEY-1"));
        stage
            .keys
            .push(("identity".to_owned(), secret.unwrap().as_bytes().to_vec()));
        copy_tree(&stage.live(), &stage.first());
        stage
    }

    /// Puts everything back.
    pub fn reset(&self) {
        fs::remove_dir_all(self.live()).unwrap();
        copy_tree(&self.first(), &self.live());
    }

    /// The project directory.
    pub fn project(&self) -> PathBuf {
        self.live().join("project")
    }

    /// The home directory.
    pub fn home(&self) -> PathBuf {
        self.live().join("home")
    }

    /// The parent of both.
    pub fn live(&self) -> PathBuf {
        self.root.path().join("live")
    }

    /// Where the tests themselves write.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The identity file.
    pub fn identity(&self) -> PathBuf {
        self.home().join(".config/mintage/identity.txt")
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The environment of every run, and nothing else.
    pub fn environment(&self) -> Vec<(String, String)> {
        let home = self.home();
        let below = |tail: &str| home.join(tail).to_str().unwrap().to_owned();
        [
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", below("")),
            ("XDG_CONFIG_HOME", below(".config")),
            ("XDG_STATE_HOME", below(".local/state")),
            ("XDG_DATA_HOME", below(".local/share")),
            ("TMPDIR", self.live().join("tmp").to_str().unwrap().to_owned()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm".to_owned()),
            ("USER", "silence".to_owned()),
            ("RUST_BACKTRACE", "full".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Reads what the store holds now, for the detector; nothing when the store cannot be read.
    pub fn values(&self) -> Vec<(String, Vec<u8>)> {
        let Some(text) = self.output(&["render", "-e", "production", "--dialect", "json"]) else {
            return Vec::new();
        };
        let values: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&text).unwrap();
        let text = |value: serde_json::Value| value.as_str().unwrap_or_default().as_bytes().to_vec();
        let known = |name: &String| CANARIES.iter().any(|canary| canary.name == name);
        values
            .into_iter()
            .filter(|(name, _)| !known(name))
            .map(|(name, value)| (name, text(value)))
            .collect()
    }

    /// Runs the program without looking at it; it has to succeed.
    pub fn mintage(&self, args: &[&str], input: &[u8]) {
        self.quietly(env!("CARGO_BIN_EXE_mintage"), args, input);
    }

    /// Runs the program; returns its standard output when it succeeds.
    pub fn output(&self, args: &[&str]) -> Option<Vec<u8>> {
        let output = Command::new(env!("CARGO_BIN_EXE_mintage"))
            .args(args)
            .current_dir(self.project())
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        output.status.success().then_some(output.stdout)
    }

    fn quietly(&self, program: &str, args: &[&str], input: &[u8]) {
        use std::io::Write;
        let mut child = Command::new(program)
            .args(args)
            .current_dir(self.project())
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap_or_default();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{program} {args:?}:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn first(&self) -> PathBuf {
        self.root.path().join("first")
    }
}

/// Every regular file below a directory.
pub fn files_below(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// The secrets that hold canaries are made elsewhere; one is minted and handed on in every way.
const POLICY: &str = r#"schema = 1
name = "silence"

[environments.production]
tier = "production"
env_file = ".env.production"

[environments.staging]
tier = "staging"

[secrets.SHORT]
kind = "issued"
sinks = ["web"]

[secrets.LONG]
kind = "issued"
sinks = ["files"]

[secrets.LINES]
kind = "issued"

[secrets.BINARY]
kind = "issued"

[secrets.QUOTED]
kind = "issued"
sinks = ["told"]

[secrets.MINTED]
kind = "hex"
bytes = 32
overlap = "7d"
sinks = ["web", "files"]

[secrets.TURNED]
kind = "hex"
bytes = 32
overlap = "7d"
sinks = ["files"]

[secrets.MINTED_URL]
template = "redis://:{MINTED}@cache:6379"

[sinks.web]
type = "env-file"
path = ".env.web"

[sinks.files]
type = "file"
path = "run/{name}"

[sinks.told]
type = "command"
set = ["bin/tell"]
"#;
