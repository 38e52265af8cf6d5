//! `run`: the command gets the values, nobody else does, and everything else is as it would be without mintage.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::process::Stdio;

use crate::sandbox::Sandbox;
use crate::sandbox::files_below;
use crate::sandbox::program;
use crate::sandbox::tool;
use crate::terminal::converse;

pub const POLICY: &str = r#"
schema = 1
name = "backend"

[environments.production]
tier = "production"

[environments.development]
tier = "development"

[secrets.JWT_SECRET]
kind = "jwt-hs256"
overlap = "7d"
previous_var = "JWT_SECRET_PREVIOUS"
required_in = ["production"]

[secrets.DB_PASSWORD]
kind = "postgres-password"

[secrets.DATABASE_URL]
template = "postgresql://app:{DB_PASSWORD|url}@db.internal/app"

[secrets.ISSUED_KEY]
kind = "issued"
issuer = "Example"

[public]
prefixes = ["NEXT_PUBLIC_"]
"#;

/// A project of this policy with everything minted in production that can be.
pub fn backend() -> Sandbox {
    Sandbox::of_policy(POLICY)
}

/// Arguments of a run in production.
fn run_of<'a>(options: &[&'a str], command: &[&'a str]) -> Vec<&'a str> {
    [&["run", "-e", "production"], options, &["--"], command].concat()
}

/// What `env -0` printed.
fn variables(output: &[u8]) -> BTreeMap<String, Vec<u8>> {
    output
        .split(|byte| *byte == 0)
        .filter(|entry| !entry.is_empty())
        .map(|entry| {
            let middle = entry.iter().position(|byte| *byte == b'=').unwrap();
            let name = String::from_utf8(entry[..middle].to_vec()).unwrap();
            (name, entry[middle + 1..].to_vec())
        })
        .collect()
}

/// The environment of a child, which must be exactly what `expected` has; values are never printed.
#[track_caller]
fn same_environment(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    let names = |of: &BTreeMap<String, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected));
    for (name, value) in expected {
        assert!(found[name] == *value, "{name} has another value");
    }
}

fn own(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let own = sandbox.environment();
    own.into_iter()
        .map(|(name, value)| (name, value.into_bytes()))
        .collect()
}

/// A command as `std` runs it, for what [`Sandbox::run`] does not tell.
fn mintage(sandbox: &Sandbox, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(args)
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment());
    command
}

#[test]
fn the_environment_is_what_there_was_and_the_values_and_nothing_else() {
    let sandbox = backend();

    let output = sandbox.run(run_of(&[], &["env", "-0"])).succeeds();

    let mut expected = own(&sandbox);
    for name in ["JWT_SECRET", "DB_PASSWORD", "DATABASE_URL"] {
        expected.insert(name.to_owned(), sandbox.reveal(name, "production"));
    }
    same_environment(&variables(&output.stdout), &expected);
    assert_eq!(output.stderr, "", "a run says nothing of its own");
}

#[test]
fn a_clean_environment_holds_what_every_program_needs_and_what_is_kept() {
    let sandbox = backend();
    let options = ["--clean", "--keep", "KEPT,ABSENT", "--only", "DB_PASSWORD"];

    let output = sandbox
        .command(run_of(&options, &["env", "-0"]))
        .env("KEPT", "kept")
        .env("LC_ALL", "C.UTF-8")
        .env("DROPPED", "dropped")
        .run()
        .succeeds();

    let mut expected = own(&sandbox);
    expected.retain(|name, _| ["HOME", "PATH", "TZ"].contains(&name.as_str()));
    expected.insert("KEPT".to_owned(), b"kept".to_vec());
    expected.insert("LC_ALL".to_owned(), b"C.UTF-8".to_vec());
    expected.insert(
        "DB_PASSWORD".to_owned(),
        sandbox.reveal("DB_PASSWORD", "production"),
    );
    same_environment(&variables(&output.stdout), &expected);
}

#[test]
fn what_opens_the_store_is_not_passed_on() {
    let sandbox = backend();
    let key = fs::read_to_string(sandbox.identity()).unwrap();
    let key = key.lines().find(|line| line.starts_with("AGE-SECRET")).unwrap();

    let output = sandbox
        .command(run_of(&["--only", "DB_PASSWORD"], &["env", "-0"]))
        .env("MINTAGE_IDENTITY", sandbox.identity())
        .env("SOPS_AGE_KEY", key)
        .env("SOPS_AGE_KEY_FILE", sandbox.identity())
        .env("SOPS_AGE_KEY_CMD", "true")
        .env("MINTAGE_ENV", "production")
        .run()
        .succeeds();

    let mut expected = own(&sandbox);
    expected.insert("MINTAGE_ENV".to_owned(), b"production".to_vec());
    expected.insert(
        "DB_PASSWORD".to_owned(),
        sandbox.reveal("DB_PASSWORD", "production"),
    );
    same_environment(&variables(&output.stdout), &expected);
}

#[test]
fn a_secret_goes_by_the_names_that_the_command_knows() {
    let sandbox = backend();
    let value = sandbox.reveal("DB_PASSWORD", "production");
    let renamed = ["--only", "DB_PASSWORD", "--map", "DB_PASSWORD=PGPASSWORD"];
    let both = [&renamed[..], &["--map", "DB_PASSWORD=DB_PASSWORD"]].concat();

    let renamed = sandbox.run(run_of(&renamed, &["env", "-0"])).succeeds();
    let both = sandbox.run(run_of(&both, &["env", "-0"])).succeeds();

    let mut expected = own(&sandbox);
    expected.insert("PGPASSWORD".to_owned(), value.clone());
    same_environment(&variables(&renamed.stdout), &expected);
    expected.insert("DB_PASSWORD".to_owned(), value);
    same_environment(&variables(&both.stdout), &expected);
}

#[test]
fn a_former_value_is_handed_out_while_it_is_valid() {
    let sandbox = backend();
    let former = sandbox.reveal("JWT_SECRET", "production");
    let rotate = ["rotate", "JWT_SECRET", "-e", "production"];
    sandbox.run(rotate).succeeds();

    let during = sandbox.run(run_of(&[], &["env", "-0"])).succeeds();
    sandbox
        .run([&rotate[..], &["--reason", "compromise"]].concat())
        .succeeds();
    let after = sandbox.run(run_of(&[], &["env", "-0"])).succeeds();

    let during = variables(&during.stdout);
    assert!(during["JWT_SECRET_PREVIOUS"] == former);
    assert!(during["JWT_SECRET"] != former);
    assert!(!variables(&after.stdout).contains_key("JWT_SECRET_PREVIOUS"));
}

#[test]
fn a_value_of_the_environment_gives_way_and_that_is_said() {
    let sandbox = backend();
    let command = || {
        sandbox
            .command(run_of(
                &["--only", "DB_PASSWORD,DATABASE_URL", "-v"],
                &["printenv", "DB_PASSWORD"],
            ))
            .env("DB_PASSWORD", "of-the-shell")
    };

    let output = command().run().succeeds();

    assert!(output.stdout == [&sandbox.reveal("DB_PASSWORD", "production")[..], b"\n"].concat());
    assert_eq!(
        output.said(),
        "DATABASE_URL: set from DATABASE_URL, derived from DB_PASSWORD\n\
         DB_PASSWORD: set, in place of what the environment has\n"
    );
}

#[test]
fn a_value_that_has_expired_is_handed_out_with_a_warning() {
    let sandbox = backend();
    sandbox
        .command([
            "import",
            "ISSUED_KEY",
            "-e",
            "production",
            "--expires",
            "2020-01-01",
        ])
        .stdin(Sandbox::new().run(["generate", "hex"]).succeeds().stdout)
        .run()
        .succeeds();

    let output = sandbox.run(run_of(&[], &["printenv", "ISSUED_KEY"])).succeeds();

    assert!(!output.stdout.is_empty());
    assert_eq!(
        output.said(),
        "warning: ISSUED_KEY: has expired [expired]\n\
         hint: bring a new one in: mintage import ISSUED_KEY -e production\n"
    );
}

#[test]
fn exit_codes_are_those_of_the_command() {
    let sandbox = backend();

    for code in [0, 1, 2, 3, 42, 70, 255] {
        let script = format!("exit {code}");
        let output = sandbox.run(run_of(&[], &["sh", "-c", &script])).exits(code);
        assert_eq!(output.stderr, "");
    }
}

#[test]
fn signals_reach_the_command_and_end_the_process_as_they_would_without_us() {
    let sandbox = backend();

    for (name, number) in [
        ("TERM", 15),
        ("INT", 2),
        ("HUP", 1),
        ("QUIT", 3),
        ("KILL", 9),
        ("USR1", 10),
    ] {
        // Sent from outside to the process that was started: there is no other.
        let mut child = mintage(&sandbox, &run_of(&[], &["sh", "-c", "echo $$; exec sleep 60"]))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        assert_eq!(line.trim(), child.id().to_string(), "the command is our process");
        let signal = format!("-{name}");
        let kill = Command::new("kill")
            .args([&signal, &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(number), "{name}");

        // A shell reports 128 and the number.
        let script = "exec 3>&1; \"$@\"; echo $? >&3";
        let output = Command::new("sh")
            .args(["-c", script, "sh", program()])
            .args(run_of(&[], &["sh", "-c", &format!("kill -{name} $$")]))
            .current_dir(sandbox.project())
            .env_clear()
            .envs(sandbox.environment())
            .output()
            .unwrap();
        let code = String::from_utf8(output.stdout).unwrap();
        assert_eq!(code.trim(), (128 + number).to_string(), "{name}");
    }
}

#[test]
fn standard_streams_are_those_of_the_command() {
    let sandbox = backend();
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();

    let output = sandbox
        .command(run_of(&[], &["sh", "-c", "cat; echo done >&2"]))
        .stdin(bytes.clone())
        .run()
        .succeeds();

    assert!(output.stdout == bytes);
    assert_eq!(output.stderr, "done\n");
}

#[test]
fn the_terminal_is_the_one_of_the_command_and_interrupts_it() {
    let sandbox = backend();
    let script = "
import os, signal, sys, time
def stop(*_):
    print('interrupted', flush=True)
    os._exit(7)
signal.signal(signal.SIGINT, stop)
assert os.isatty(0) and os.isatty(2), 'no terminal'
assert os.tcgetpgrp(0) == os.getpgrp(), 'in the background'
print('ready', file=sys.stderr, flush=True)
time.sleep(60)
";
    let python = tool("python3", "apt-get install python3");
    let args = run_of(&[], &[python.to_str().unwrap(), "-c", script]);

    let session = converse(
        program().as_ref(),
        &args,
        &sandbox.project(),
        &sandbox.environment(),
        &[("ready", "\u{3}")],
    );

    assert_eq!(
        (session.code, session.stdout.as_slice()),
        (7, &b"interrupted\n"[..]),
        "{}",
        session.screen
    );
}

#[test]
fn values_arrive_byte_for_byte() {
    let sandbox = backend();
    let long: Vec<u8> = b"0123456789abcdef".repeat(4_096);
    let texts: [&[u8]; 5] = [
        b"line one\nline two\n\n",
        b"\xff\xfe\x80bytes",
        b" \"quoted\" $HOME `id` \\ '",
        b"=",
        &long,
    ];

    for text in texts {
        sandbox
            .command([
                "import",
                "ISSUED_KEY",
                "-e",
                "production",
                "--force",
                "--verbatim",
            ])
            .stdin(text)
            .run()
            .succeeds();

        let output = sandbox.run(run_of(&["--no-check"], &["env", "-0"])).succeeds();

        assert!(
            variables(&output.stdout)["ISSUED_KEY"] == text,
            "{} bytes",
            text.len()
        );
    }
}

#[test]
fn values_stand_in_the_environment_of_one_program_and_in_no_argument_or_file() {
    let sandbox = backend();
    let log = sandbox.beside("trace.log");
    let before = files_below(sandbox.everything());

    let output = Command::new(tool("strace", "apt-get install strace"))
        .args(["-f", "-v", "-s", "99999", "-o"])
        .arg(&log)
        .args(["-e", "trace=execve,openat,open,creat,mkdir,mkdirat,linkat,rename"])
        .arg(program())
        .args(run_of(&[], &["true"]))
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .output()
        .unwrap();
    assert!(output.status.success());

    let trace = fs::read_to_string(&log).unwrap();
    for name in ["JWT_SECRET", "DB_PASSWORD"] {
        let value = String::from_utf8(sandbox.reveal(name, "production")).unwrap();
        let lines: Vec<&str> = trace.lines().filter(|line| line.contains(&value)).collect();
        assert!(
            lines.iter().all(|line| line.contains("execve(")),
            "{name} is elsewhere too"
        );
        // The search through PATH tries several places; one of them is the program.
        assert_eq!(
            lines.iter().filter(|line| line.ends_with(" = 0")).count(),
            1,
            "{name}"
        );
        for line in lines {
            let (arguments, environment) = line.split_once("], [").unwrap();
            assert!(!arguments.contains(&value), "{name} is an argument");
            assert!(
                environment.contains(&format!("\"{name}={value}\"")),
                "{name} is where it belongs"
            );
        }
        for file in files_below(sandbox.everything()) {
            let holds = |bytes: Vec<u8>| bytes.windows(value.len()).any(|part| part == value.as_bytes());
            assert!(
                file == log || !holds(fs::read(&file).unwrap()),
                "{name} is in a file"
            );
        }
    }
    let writes = |line: &&str| {
        ["O_CREAT", "O_WRONLY", "O_RDWR", "mkdir", "linkat", "rename"]
            .iter()
            .any(|word| line.contains(word))
            && !line.contains("execve(")
            && !line.contains("/dev/null")
    };
    let written: Vec<&str> = trace.lines().filter(writes).collect();
    assert!(!written.is_empty(), "the audit log was written");
    for line in written {
        assert!(
            [".mintage/audit/", ".mintage/lock", ".local/state/mintage/"]
                .iter()
                .any(|place| line.contains(place)),
            "{line}"
        );
    }
    let mut after = files_below(sandbox.everything());
    after.retain(|file| *file != log);
    assert_eq!(before, after, "no file is new");
}

#[test]
fn the_audit_log_has_it_before_the_command_begins() {
    let sandbox = backend();

    let output = sandbox
        .run(run_of(
            &["--only", "JWT_SECRET,DB_PASSWORD"],
            &["sh", "-c", "cat .mintage/audit/*.jsonl"],
        ))
        .succeeds();

    let events: Vec<serde_json::Value> = output
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|event: &serde_json::Value| event["action"] == "run")
        .collect();
    let secrets: Vec<&str> = events
        .iter()
        .map(|event| event["secret"].as_str().unwrap())
        .collect();
    assert_eq!(secrets, ["DB_PASSWORD", "JWT_SECRET"]);
    for event in &events {
        assert_eq!(event["environment"], "production");
        assert_eq!(event["phase"], "intent");
        assert!(event["version"].is_string());
    }
    sandbox.run(["verify"]).succeeds();
}

#[test]
fn what_cannot_be_recorded_is_not_run() {
    let sandbox = backend();
    let marker = sandbox.beside("marker");
    let args = run_of(&[], &["touch", marker.to_str().unwrap()]);

    for path in [".mintage/audit", ".mintage"] {
        let path = sandbox.project().join(path);
        let output = sandbox.command(&args).read_only(path).refused();
        assert!(matches!(output.code, 1 | 4), "{output}");
    }
    assert!(!marker.exists());

    sandbox.run(&args).succeeds();
    assert!(marker.exists(), "it runs where it can be recorded");
}

#[test]
fn umask_limits_signals_and_open_files_are_as_without_us() {
    let sandbox = backend();
    // Of open files, those of the project and the home count: the harness may have others open at any time.
    let probe = format!(
        "umask; ulimit -Sc; ulimit -Hc; grep -E '^(Sig|Shd|NoNewPrivs|Seccomp:)' /proc/self/status; \
         for f in /proc/self/fd/*; do readlink $f; done | grep {}; true",
        sandbox.everything().display()
    );
    let probe = probe.as_str();
    let wrapped = run_of(&[], &["sh", "-c", probe]);
    let shell = |command: &[&str]| {
        let output = Command::new("sh")
            .args([
                "-c",
                "umask 027; ulimit -Sc 8 2>/dev/null; exec 7<mintage.toml; exec \"$@\"",
                "sh",
            ])
            .args(command)
            .current_dir(sandbox.project())
            .env_clear()
            .envs(sandbox.environment())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };

    let with = shell(&[&[program()][..], &wrapped].concat());
    let without = shell(&["sh", "-c", probe]);

    assert!(without.starts_with("0027\n"), "{without}");
    assert!(
        without.ends_with("/project/mintage.toml\n"),
        "what the caller has open is passed on: {without}"
    );
    assert_eq!(with, without);
}

#[test]
fn the_command_begins_where_its_caller_is_and_not_in_the_project() {
    let sandbox = backend();
    let args = [
        "-C",
        sandbox.project().to_str().unwrap(),
        "run",
        "-e",
        "production",
        "--",
        "pwd",
    ]
    .map(str::to_owned);

    let output = sandbox.command(args).inside(sandbox.home()).run().succeeds();

    assert_eq!(output.text().trim_end(), sandbox.home().to_str().unwrap());
}

#[test]
fn the_name_of_the_command_is_what_was_typed() {
    let sandbox = backend();
    let mut command = mintage(&sandbox, &run_of(&[], &["sh", "-c", "cat /proc/$$/cmdline"]));

    let output = command.arg0("anything").output().unwrap();

    assert!(output.stdout.starts_with(b"sh\0-c\0"));
}

#[test]
fn a_run_inside_of_a_run_hands_out_its_own_values() {
    let sandbox = backend();
    let inner = run_of(&["-v", "--only", "DB_PASSWORD"], &["env", "-0"]);
    let outer = run_of(
        &["--only", "JWT_SECRET,DB_PASSWORD"],
        &[&[program()][..], &inner].concat(),
    );

    let output = sandbox.run(outer).succeeds();

    let mut expected = own(&sandbox);
    for name in ["JWT_SECRET", "DB_PASSWORD"] {
        expected.insert(name.to_owned(), sandbox.reveal(name, "production"));
    }
    same_environment(&variables(&output.stdout), &expected);
    assert_eq!(
        output.stderr,
        "DB_PASSWORD: set, in place of what the environment has\n"
    );
}

#[test]
fn the_store_is_free_for_others_while_the_command_runs() {
    let sandbox = backend();
    let rotate = [program(), "rotate", "DB_PASSWORD", "-e", "production"];

    sandbox.run(run_of(&[], &rotate)).succeeds();

    sandbox.run(["verify", "--deep"]).succeeds();
}

#[test]
fn a_rehearsal_tells_what_would_be_set_and_runs_nothing() {
    let sandbox = backend();
    let marker = sandbox.beside("marker");
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    let args = run_of(
        &["--dry-run", "--map", "DB_PASSWORD=PGPASSWORD"],
        &["touch", marker.to_str().unwrap()],
    );

    let output = sandbox.command(args).env("PGPASSWORD", "x").run().succeeds();

    assert_eq!(
        output.whole(),
        "VARIABLE             COMES FROM                                              FINGERPRINT   NOTE\n\
         DATABASE_URL         DATABASE_URL, derived from DB_PASSWORD                  fp:····-····\n\
         JWT_SECRET           JWT_SECRET                                              fp:····-····\n\
         JWT_SECRET_PREVIOUS  the former value of JWT_SECRET, valid until DATE  fp:····-····\n\
         PGPASSWORD           DB_PASSWORD                                             fp:····-····  replaces what the environment has\n\
         \n\
         4 variables would be set, 1 without a value; nothing was run\n\
         [exit status: 0]\n"
    );
    assert!(!marker.exists());
    let events = sandbox.json(["history"])["events"].clone();
    assert!(
        events
            .as_array()
            .unwrap()
            .iter()
            .all(|event| event["action"] != "run")
    );
}

#[test]
fn a_rehearsal_needs_no_command() {
    let sandbox = backend();

    let document = sandbox.json(["run", "-e", "production", "--dry-run", "--clean"]);

    assert_eq!(document["schema"], "mintage/run/1");
    assert_eq!(document["passed_on"], serde_json::json!(["HOME", "PATH", "TZ"]));
    let names: Vec<&str> = document["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["variable"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["DATABASE_URL", "DB_PASSWORD", "JWT_SECRET"]);
}
