//! Ready commands for well-known tools.
//!
//! `aws` is run for real, against a server of `moto` on loopback. The other tools cannot log in anywhere from a test:
//! programs of their names note what they are given, which shows what is handed over, not that the tool takes it.

use std::fs;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::approval::Bench;
use crate::python;
use crate::sandbox::Sandbox;

/// A recipe and what its tool is to be given.
struct Case {
    recipe: &'static str,
    with: &'static str,
    argv: &'static [&'static str],
    /// Standard input, where `VALUE` and `BASE64` stand for those of the value.
    stdin: &'static str,
    /// What the fake tool does when it is asked to read, where the recipe reads.
    read: &'static str,
}

const CASES: &[Case] = &[
    Case {
        recipe: "aws-secretsmanager",
        with: "{ secret_id = \"app/{name}\" }",
        argv: &[
            "aws",
            "secretsmanager",
            "put-secret-value",
            "--secret-id=app/API_TOKEN",
            "--secret-string=file:///dev/stdin",
        ],
        stdin: "VALUE",
        read: "if [ -f set ]; then cat set; echo; else \
               echo 'An error occurred (ResourceNotFoundException)' >&2; exit 254; fi",
    },
    Case {
        recipe: "flyctl",
        with: "{ app = \"shop\" }",
        argv: &["flyctl", "secrets", "import", "--app=shop", "--detach"],
        stdin: "API_TOKEN=VALUE\n",
        read: ":",
    },
    Case {
        recipe: "gh",
        with: "{ repo = \"acme/shop\", env = \"{environment}\" }",
        argv: &[
            "gh",
            "secret",
            "set",
            "API_TOKEN",
            "--repo=acme/shop",
            "--env=production",
        ],
        stdin: "VALUE",
        read: ":",
    },
    Case {
        recipe: "heroku",
        with: "{ app = \"shop\" }",
        argv: &["heroku", "api", "PATCH", "/apps/shop/config-vars"],
        stdin: "{\"API_TOKEN\":\"VALUE\"}",
        read: "if [ -f set ]; then sed 's/.*:\"//; s/\"}//' set; echo; fi",
    },
    Case {
        recipe: "kubectl",
        with: "{ secret = \"app\", namespace = \"{environment}\" }",
        argv: &[
            "kubectl",
            "patch",
            "secret",
            "app",
            "--type=merge",
            "--patch-file=/dev/stdin",
            "--namespace=production",
        ],
        stdin: "{\"data\":{\"API_TOKEN\":\"BASE64\"}}",
        read: "if [ -f set ]; then sed 's/.*:\"//; s/\"}}//' set | base64 -d; fi",
    },
    Case {
        recipe: "vault",
        with: "{ mount = \"kv\" }",
        argv: &[
            "vault",
            "kv",
            "put",
            "-mount=kv",
            "production/API_TOKEN",
            "value=-",
        ],
        stdin: "VALUE",
        read: "if [ -f set ]; then cat set; else echo 'No value found at kv/data/x' >&2; exit 2; fi",
    },
    Case {
        recipe: "vercel",
        with: "{ scope = \"acme\" }",
        argv: &[
            "vercel",
            "env",
            "add",
            "API_TOKEN",
            "production",
            "--force",
            "--scope=acme",
        ],
        stdin: "VALUE",
        read: ":",
    },
    Case {
        recipe: "wrangler",
        with: "{ worker = \"shop\" }",
        argv: &["wrangler", "secret", "put", "API_TOKEN", "--name=shop"],
        stdin: "VALUE",
        read: ":",
    },
];

#[test]
fn every_tool_is_given_the_value_on_standard_input_alone() {
    for case in CASES {
        let bench = Bench::new(&format!("recipe = \"{}\"\nwith = {}", case.recipe, case.with));
        let notes = bench.sandbox.beside("notes");
        fs::create_dir_all(&notes).unwrap();
        let program = case.argv[0];
        bench.program(
            program,
            &format!(
                "#!/bin/sh\ncd {}\ncase \"$*\" in *get*) {}; exit ;; esac\n\
                 printf '%s\\n' {program} \"$@\" >argv\nenv >env\ncat >set\n",
                notes.display(),
                case.read,
            ),
        );
        bench.approve();

        let output = bench.rotate().run().succeeds();

        let value = String::from_utf8(bench.sandbox.reveal("API_TOKEN", "production")).unwrap();
        assert_eq!(bench.lines("argv"), case.argv, "{}", case.recipe);
        let expected = case
            .stdin
            .replace("VALUE", &value)
            .replace("BASE64", &STANDARD.encode(&value));
        assert!(
            bench.note("set") == expected.as_bytes(),
            "{}: standard input",
            case.recipe
        );
        let env = String::from_utf8(bench.note("env")).unwrap();
        for (place, text) in [
            ("argv", bench.lines("argv").join("\n")),
            ("env", env),
            ("output", output.whole()),
        ] {
            assert!(!text.contains(&value), "{}: the value is in {place}", case.recipe);
        }
        assert!(
            bench.lines("env").iter().any(|line| line.starts_with("HOME=")),
            "{}",
            case.recipe
        );
        assert!(
            !bench
                .lines("env")
                .iter()
                .any(|line| line.starts_with("PUSH_TOKEN=")),
            "{}",
            case.recipe
        );
    }
}

#[test]
fn aws_holds_each_new_value_and_shows_drift() {
    let bin = aws();
    let server = Moto::start(&bin);
    let bench = Bench::new("recipe = \"aws-secretsmanager\"");
    let environment = |run: crate::sandbox::Run<'_>| -> crate::sandbox::Output {
        run.env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", server.port))
            .env("AWS_DEFAULT_REGION", "eu-central-1")
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing-testing")
            .run()
    };
    let command = |args: &[&str]| environment(bench.sandbox.command(args));
    command(&["policy", "approve", "--yes"]).succeeds();
    let rotate = ["rotate", "API_TOKEN", "-e", "production"];

    let refused = command(&rotate);
    assert_eq!(refused.code, 5, "the secret is not there yet: {refused}");
    assert!(refused.stderr.contains("ResourceNotFoundException"), "{refused}");
    server.aws(&["create-secret", "--name", "production/API_TOKEN"]);
    command(&rotate).succeeds();

    let value = bench.sandbox.reveal("API_TOKEN", "production");
    assert!(server.value() == value, "the server holds another value");
    command(&rotate).succeeds();
    let second = bench.sandbox.reveal("API_TOKEN", "production");
    assert!(server.value() == second && second != value);
    server.aws(&[
        "put-secret-value",
        "--secret-id",
        "production/API_TOKEN",
        "--secret-string",
        "foreign",
    ]);
    let drift = command(&rotate);
    assert!(drift.stderr.contains("that the store does not have"), "{drift}");
    assert!(server.value() == b"foreign");
}

/// Returns the directory of `aws` and `moto_server`.
fn aws() -> PathBuf {
    let python = python::environment(
        "aws",
        &["awscli==1.45.11", "moto[server]==5.2.1"],
        "awscli, moto.server",
    );
    python.parent().unwrap().to_owned()
}

/// A server that speaks the API of AWS, ended with this value.
struct Moto {
    child: Child,
    port: u16,
    bin: PathBuf,
    home: Sandbox,
}

impl Moto {
    fn start(bin: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let child = Command::new(bin.join("moto_server"))
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            child,
            port,
            bin: bin.to_owned(),
            home: Sandbox::new(),
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "moto_server does not listen"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    fn aws(&self, args: &[&str]) -> Vec<u8> {
        let output = Command::new(self.bin.join("aws"))
            .arg("secretsmanager")
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.home.home())
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port))
            .env("AWS_DEFAULT_REGION", "eu-central-1")
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing-testing")
            .output()
            .unwrap();
        assert!(output.status.success(), "aws {args:?} failed");
        output.stdout
    }

    fn value(&self) -> Vec<u8> {
        let args = [
            "get-secret-value",
            "--secret-id=production/API_TOKEN",
            "--query=SecretString",
            "--output=text",
        ];
        let printed = self.aws(&args);
        printed.strip_suffix(b"\n").unwrap().to_vec()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
