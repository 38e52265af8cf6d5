//! Redis takes our hash in place of the password.

use std::io::BufRead;
use std::io::BufReader;
use std::io::ErrorKind;
use std::io::Write;
use std::net::TcpStream;
use std::process::Child;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;
use std::time::Instant;

use crate::free_port;
use crate::minted;
use crate::program;
use crate::project::Project;
use crate::succeed;

#[test]
fn a_user_with_our_hash_lets_its_password_in_and_no_other() {
    let server = Server::start();
    let (password, hash) = minted("redis-password", "acl-hash");

    assert_eq!(server.ask(&format!("ACL SETUSER app on {hash} ~* +@all")), "+OK");

    assert_eq!(server.ask(&format!("AUTH app {password}")), "+OK");
    assert!(
        server
            .ask(&format!("AUTH app {password}x"))
            .starts_with("-WRONGPASS")
    );
}

#[test]
fn the_client_logs_in_with_a_password_that_run_hands_to_it() {
    let server = Server::start();
    let project = Project::new();
    let hash = project.reveal("REDIS_ACL");
    assert_eq!(
        server.ask(&format!("ACL SETUSER default on resetpass {hash}")),
        "+OK"
    );
    let port = server.port.to_string();
    let client = ["redis-cli", "--no-auth-warning", "-p", &port, "ACL", "WHOAMI"];

    let with = succeed(
        &mut project.run("REDIS_PASSWORD", "REDISCLI_AUTH", &client),
        PACKAGE,
    );
    let without = succeed(program(client[0]).args(&client[1..]), PACKAGE);

    assert_eq!(with, "default\n");
    assert!(without.starts_with("NOAUTH"), "{without}");
}

/// A server without files, killed when dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let port = free_port();
        let spawned = program("redis-server")
            .current_dir("/")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = match spawned {
            Ok(process) => process,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                panic!("`redis-server` is missing: apt-get install redis-server")
            }
            Err(error) => panic!("{error}"),
        };
        let server = Self { process, port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "redis-server does not answer"
            );
            sleep(Duration::from_millis(20));
        }
        server
    }

    /// Sends one command and returns the first line of the answer.
    fn ask(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

const PACKAGE: &str = "redis-server";

impl Drop for Server {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        drop(ended);
    }
}
