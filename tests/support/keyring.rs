//! A GNOME Keyring of its own: a private session bus and a daemon that is unlocked without a person.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use tempfile::TempDir;

/// A running keyring; it ends with the value.
pub struct Keyring {
    home: TempDir,
    bus: Child,
    daemon: Option<Child>,
    address: String,
}

impl Keyring {
    /// Starts a bus and an unlocked keyring on it.
    pub fn new() -> Self {
        let mut keyring = Self::without_daemon();
        keyring.start();
        keyring
    }

    /// Starts a bus that nothing answers on.
    pub fn without_daemon() -> Self {
        let home = TempDir::with_prefix("mintage-keyring-").unwrap();
        for directory in ["run", "data", "config", "cache", "services"] {
            std::fs::create_dir(home.path().join(directory)).unwrap();
        }
        // No service is started on demand: what answers is what the test started.
        let config = home.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
             <allow own=\"*\"/></policy></busconfig>",
            home.path().join("run").display()
        );
        std::fs::write(&config, text).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("these tests need dbus-daemon (Debian: dbus-daemon)");
        let mut address = String::new();
        let mut lines = BufReader::new(bus.stdout.take().unwrap());
        lines.read_line(&mut address).unwrap();
        Self {
            home,
            bus,
            daemon: None,
            address: address.trim().to_owned(),
        }
    }

    /// Starts the daemon and waits until it answers.
    pub fn start(&mut self) {
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("these tests need gnome-keyring-daemon (Debian: gnome-keyring)");
        daemon.stdin.take().unwrap().write_all(b"of the tests").unwrap();
        self.daemon = Some(daemon);
        let end = Instant::now() + Duration::from_secs(20);
        while !self.is_owned() {
            assert!(Instant::now() < end, "the keyring does not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn is_owned(&self) -> bool {
        let asked = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ])
            .output()
            .expect("these tests need dbus-send (Debian: dbus-bin)");
        String::from_utf8_lossy(&asked.stdout).contains("boolean true")
    }

    /// Sends a signal to the daemon, such as `-KILL`.
    pub fn signal(&mut self, signal: &str) {
        let daemon = self.daemon.as_mut().unwrap();
        let sent = Command::new("kill")
            .args([signal, &daemon.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        if signal == "-KILL" {
            daemon.wait().unwrap();
            self.daemon = None;
        }
    }

    /// Locks the collection that entries go to.
    pub fn lock(&self) {
        let locked = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.Lock",
                "array:objpath:/org/freedesktop/secrets/collection/login",
            ])
            .output()
            .unwrap();
        assert!(locked.status.success());
    }

    /// The variables by which a program finds this keyring.
    pub fn environment(&self) -> [(&'static str, PathBuf); 2] {
        [
            ("DBUS_SESSION_BUS_ADDRESS", PathBuf::from(&self.address)),
            ("XDG_RUNTIME_DIR", self.home.path().join("run")),
        ]
    }

    fn command(&self, program: &str) -> Command {
        let below = |name: &str| self.home.path().join(name);
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", below("data"))
            .env("XDG_CONFIG_HOME", below("config"))
            .env("XDG_CACHE_HOME", below("cache"))
            .envs(self.environment());
        command
    }

    /// Runs `secret-tool`, the client of the desktop's own library.
    pub fn secret_tool(&self, args: &[&str], stdin: &[u8]) -> Output {
        let mut tool = self
            .command("secret-tool")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("these tests need secret-tool (Debian: libsecret-tools)");
        tool.stdin.take().unwrap().write_all(stdin).unwrap();
        tool.wait_with_output().unwrap()
    }

    /// Stores an entry as another program would.
    pub fn store(&self, service: &str, user: &str, value: &[u8]) {
        let args = [
            "store",
            "--label=of another program",
            "service",
            service,
            "username",
            user,
        ];
        assert!(self.secret_tool(&args, value).status.success());
    }

    /// Looks an entry up as another program would.
    pub fn lookup(&self, service: &str, user: &str) -> Option<Vec<u8>> {
        let found = self.secret_tool(&["lookup", "service", service, "username", user], b"");
        found.status.success().then_some(found.stdout)
    }

    /// The files of the keyring, which hold ciphertext.
    pub fn files(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in self.daemon.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
