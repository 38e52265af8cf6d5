//! PostgreSQL takes our SCRAM verifier in place of the password.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;

use tempfile::TempDir;

use crate::NOBODY;
use crate::free_port;
use crate::is_root;
use crate::minted;
use crate::program;
use crate::project::Project;
use crate::run;
use crate::succeed;

#[test]
fn a_role_with_our_verifier_lets_its_password_in_and_no_other() {
    let server = Server::start();
    let (password, verifier) = minted("postgres-password", "scram-sha-256");

    server.administer("CREATE ROLE app LOGIN");
    server.administer(&format!("ALTER ROLE app PASSWORD '{verifier}'"));

    let stored = server.administer("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'");
    assert!(stored.trim() == verifier, "the server stored something else");
    let right = server.log_in("app", &password);
    assert!(
        right.status.success(),
        "{}",
        String::from_utf8_lossy(&right.stderr)
    );
    assert_eq!(right.stdout, b"app\n");
    let wrong = server.log_in("app", &password.replace(&password[..1], "!"));
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("password authentication failed"));
}

#[test]
fn the_client_logs_in_with_a_password_that_run_hands_to_it() {
    let server = Server::start();
    let project = Project::new();
    let verifier = project.reveal("DB_VERIFIER");
    server.administer(&format!("CREATE ROLE app LOGIN PASSWORD '{verifier}'"));
    let psql = server.programs.join("psql").to_str().unwrap().to_owned();
    let port = server.port.to_string();
    let client = [
        &psql,
        "-X",
        "-A",
        "-t",
        "-w",
        "-h",
        "127.0.0.1",
        "-p",
        &port,
        "-U",
        "app",
        "-d",
        "postgres",
        "-c",
        "SELECT current_user",
    ];

    let with = succeed(&mut project.run("DB_PASSWORD", "PGPASSWORD", &client), PACKAGE);
    let without = run(&mut project.run("DB_PASSWORD", "OTHER_NAME", &client), PACKAGE);

    assert_eq!(with, "app\n");
    assert_eq!(without.status.code(), Some(2), "the exit code is that of psql");
    assert!(String::from_utf8_lossy(&without.stderr).contains("no password supplied"));
}

/// A cluster of its own in a temporary directory, stopped when dropped.
struct Server {
    directory: TempDir,
    port: u16,
    programs: PathBuf,
}

impl Server {
    fn start() -> Self {
        let directory = TempDir::with_prefix("mintage-pg-").unwrap();
        if is_root() {
            std::os::unix::fs::chown(directory.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let server = Self {
            directory,
            port: free_port(),
            programs: programs(),
        };
        let root = server.directory.path().to_str().unwrap().to_owned();
        fs::write(server.directory.path().join("pw"), ADMINISTRATOR).unwrap();
        let pw_file = format!("--pwfile={root}/pw");
        succeed(
            server
                .tool("initdb")
                .args([
                    "-D",
                    &format!("{root}/data"),
                    "-U",
                    "admin",
                    "-A",
                    "scram-sha-256",
                ])
                .args([pw_file.as_str(), "--no-sync"]),
            PACKAGE,
        );
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={root} -c fsync=off",
            server.port
        );
        succeed(
            server
                .tool("pg_ctl")
                .args(["-D", &format!("{root}/data"), "-l", &format!("{root}/log")])
                .args(["-w", "-o", &options, "start"]),
            PACKAGE,
        );
        server
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = program(self.programs.join(name).to_str().unwrap());
        command.current_dir(self.directory.path());
        command
    }

    fn administer(&self, statement: &str) -> String {
        let mut command = self.client("admin", ADMINISTRATOR);
        succeed(command.args(["-c", statement]), PACKAGE)
    }

    fn log_in(&self, role: &str, password: &str) -> Output {
        run(
            self.client(role, password).args(["-c", "SELECT current_user"]),
            PACKAGE,
        )
    }

    fn client(&self, role: &str, password: &str) -> Command {
        let mut command = self.tool("psql");
        command
            .env("PGPASSWORD", password)
            .args(["-X", "-A", "-t", "-w", "-h", "127.0.0.1", "-d", "postgres"])
            .args(["-p", &self.port.to_string(), "-U", role]);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.directory.path().join("data");
        let stopped = self
            .tool("pg_ctl")
            .args(["-m", "immediate", "-w", "stop", "-D"])
            .arg(data)
            .output();
        drop(stopped);
    }
}

/// Where Debian puts the programs of the server.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    versions
        .map(|entry| entry.path().join("bin"))
        .filter(|path| path.join("initdb").exists())
        .max()
        .unwrap_or_else(|| panic!("`initdb` is missing: apt-get install {PACKAGE}"))
}

const PACKAGE: &str = "postgresql-15";

/// The password of the cluster's own administrator.
const ADMINISTRATOR: &str = "of-this-test-only";
