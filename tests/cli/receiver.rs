//! Servers on loopback that are told what is due, and what they saw.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::authority::Authority;
use crate::python::environment;

/// A server; it ends with this value.
pub struct Receiver {
    child: Child,
    place: TempDir,
    /// Where it listens.
    pub port: u16,
}

impl Receiver {
    /// A web server that answers as a plan says (see `receiver.py`).
    pub fn http(plan: &[&str]) -> Self {
        Self::start(&["http"], plan, &[])
    }

    /// The same over TLS, with a certificate of an authority.
    pub fn https(authority: &Authority, name: &str, plan: &[&str]) -> Self {
        Self::start(
            &["http"],
            plan,
            &[authority.path(&chain(authority, name)), key(authority, name)],
        )
    }

    /// A mail server: `plain`, `starttls` or `wrapper`. Those with TLS let `ops` in with the password `p@ss/word`.
    pub fn smtp(security: &str, authority: &Authority, name: &str, plan: &[&str]) -> Self {
        let files = match security {
            "plain" => Vec::new(),
            _ => vec![authority.path(&chain(authority, name)), key(authority, name)],
        };
        Self::start(&["smtp", security], plan, &files)
    }

    fn start(words: &[&str], plan: &[&str], files: &[PathBuf]) -> Self {
        let place = TempDir::with_prefix("mintage-receiver-").unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/receiver.py");
        let mut command = Command::new(interpreter());
        command
            .args(["-I", script, words[0]])
            .arg(place.path())
            .args(&words[1..])
            .args(files);
        fs::write(place.path().join("requests"), "").unwrap();
        fs::write(place.path().join("plan"), serde_json::to_string(plan).unwrap()).unwrap();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line.trim().parse().expect("the server says where it listens");
        Self { child, place, port }
    }

    /// Changes what it answers from now on.
    pub fn plan(&self, plan: &[&str]) {
        fs::write(
            self.place.path().join("plan"),
            serde_json::to_string(plan).unwrap(),
        )
        .unwrap();
    }

    /// All that it saw, as it came.
    pub fn raw(&self) -> String {
        fs::read_to_string(self.place.path().join("requests")).unwrap()
    }

    /// All that it saw.
    pub fn requests(&self) -> Vec<Value> {
        self.raw()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The documents that it was sent.
    pub fn documents(&self) -> Vec<Value> {
        let requests = self.requests();
        let bodies = requests.iter().map(|request| request["body"].as_str().unwrap());
        bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of loopback at which nobody answers.
pub fn deserted_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Python with the packages of [`PACKAGES`].
pub fn interpreter() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON
        .get_or_init(|| environment("py-notify", &PACKAGES, "aiosmtpd, dbus_next, standardwebhooks"))
        .clone()
}

fn chain(authority: &Authority, name: &str) -> String {
    let file = format!("{name}.full");
    let text = authority.bundle(&[&format!("{name}.pem"), "middle.pem"]);
    fs::write(authority.path(&file), text).unwrap();
    file
}

fn key(authority: &Authority, name: &str) -> PathBuf {
    authority.path(&format!("{name}.key"))
}

/// The mail server, the library of Standard Webhooks, and a bus for the desktop.
const PACKAGES: [&str; 3] = ["aiosmtpd==1.4.6", "dbus-next==0.2.3", "standardwebhooks==1.1.0"];
