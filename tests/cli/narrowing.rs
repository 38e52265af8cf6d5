//! `status` as people want it at a terminal: sorted, filtered, grouped, watched.

use std::fs::File;
use std::fs::OpenOptions;
use std::io::Read;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use rustix::process::Pid;
use rustix::process::Signal;
use rustix::pty::OpenptFlags;

use crate::sandbox::Sandbox;
use crate::terminal::screen;

/// Three secrets of different ages in production, one of unknown age, and one in development.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"shop\"\n[defaults]\nrotate_every = \"90d\"\n\
         [environments.production]\n[environments.development]\ntier = \"development\"\n\
         [secrets.ALPHA]\nkind = \"hex\"\nowner = \"platform\"\n[secrets.STRIPE_KEY]\nkind = \"issued\"\nissuer = \"Stripe\"\n\
         [secrets.STRIPE_HOOK]\nkind = \"base64\"\nrotate_every = \"30d\"\n[secrets.ZULU]\nkind = \"hex\"\n",
    );
    sandbox.run(["init"]).succeeds();
    let minted = sandbox.run(["generate", "hex", "--count", "5"]).succeeds();
    let text = String::from_utf8(minted.stdout).unwrap();
    let mut values = text.lines();
    for (name, environment, days) in [
        ("ALPHA", "production", Some(20)),
        ("STRIPE_KEY", "production", None),
        ("STRIPE_HOOK", "production", Some(40)),
        ("ZULU", "production", Some(85)),
        ("ZULU", "development", Some(1)),
    ] {
        let created = days.map(|days| {
            (chrono::Utc::now() - chrono::TimeDelta::days(days))
                .format("%Y-%m-%d")
                .to_string()
        });
        let mut import = vec!["import", name, "-e", environment, "--force"];
        if let Some(created) = &created {
            import.extend(["--created", created]);
        }
        let value = values.next().unwrap();
        sandbox.command(import).stdin(value).run().succeeds();
    }
    sandbox
}

/// The names that a status shows, in its order.
fn names(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let status = sandbox.json([&["status"][..], args].concat());
    let rows = status["secrets"].as_array().unwrap();
    let name = |row: &serde_json::Value| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        format!("{}/{}", &text("environment")[..4], text("name"))
    };
    rows.iter().map(name).collect()
}

#[test]
fn rows_are_sorted_by_what_is_asked_for() {
    let sandbox = sandbox();
    let sorted = |key: &str| names(&sandbox, &["-e", "production", "--sort", key]).join(" ");

    assert_eq!(
        sorted("environment"),
        "prod/ALPHA prod/STRIPE_HOOK prod/STRIPE_KEY prod/ZULU"
    );
    assert_eq!(
        sorted("due"),
        "prod/STRIPE_HOOK prod/ZULU prod/ALPHA prod/STRIPE_KEY"
    );
    assert_eq!(
        sorted("age"),
        "prod/STRIPE_KEY prod/ZULU prod/STRIPE_HOOK prod/ALPHA"
    );
    assert_eq!(
        sorted("state"),
        "prod/STRIPE_HOOK prod/STRIPE_KEY prod/ZULU prod/ALPHA"
    );
    assert_eq!(
        names(&sandbox, &["--sort", "name"]).join(" "),
        "prod/ALPHA deve/ALPHA prod/STRIPE_HOOK deve/STRIPE_HOOK prod/STRIPE_KEY deve/STRIPE_KEY prod/ZULU deve/ZULU"
    );
}

#[test]
fn filters_of_one_key_add_up_and_those_of_several_narrow() {
    let sandbox = sandbox();
    let filtered = |filters: &[&str]| {
        let args: Vec<&str> = filters.iter().flat_map(|filter| ["--filter", filter]).collect();
        names(&sandbox, &args).join(" ")
    };

    assert_eq!(filtered(&["state=overdue"]), "prod/STRIPE_HOOK");
    assert_eq!(
        filtered(&["state=overdue", "state=unknown-age"]),
        "prod/STRIPE_HOOK prod/STRIPE_KEY"
    );
    assert_eq!(
        filtered(&["name=stripe_*", "env=production"]),
        "prod/STRIPE_HOOK prod/STRIPE_KEY"
    );
    assert_eq!(filtered(&["owner=platform"]), "prod/ALPHA deve/ALPHA");
    assert_eq!(filtered(&["issuer=Stripe", "env=prod*"]), "prod/STRIPE_KEY");
    assert_eq!(filtered(&["kind=base64"]), "prod/STRIPE_HOOK deve/STRIPE_HOOK");
    assert_eq!(filtered(&["name=NONE"]), "");
}

#[test]
fn a_filter_that_fits_nothing_ever_is_refused() {
    let sandbox = sandbox();
    for (filter, said) in [
        ("overdue", "a filter is KEY=PATTERN"),
        (
            "colour=red",
            "rows are filtered by env, issuer, kind, name, owner, state",
        ),
        ("state=late", "due-soon"),
    ] {
        let output = sandbox.run(["status", "--filter", filter]);
        assert_eq!(output.code, 2);
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
}

#[test]
fn a_terminal_shows_a_table_for_each_environment_that_fits_it() {
    let sandbox = sandbox();
    for columns in [60, 80, 140] {
        let lines = screen(&sandbox, &["status"], columns);

        // The summary is a sentence.
        let table = &lines[..lines.len() - 1];
        let widest = table.iter().map(|line| line.chars().count()).max();
        assert!(widest <= Some(usize::from(columns)), "{lines:#?}");
        let at = |text: &str| lines.iter().position(|line| line == text).unwrap();
        assert!(at("production") < at("development"));
        assert_eq!(
            lines.iter().filter(|line| line.contains("ENVIRONMENT")).count(),
            0,
            "{lines:#?}"
        );
        assert_eq!(lines.iter().filter(|line| line.starts_with("  ")).count(), 8);
    }
    let lines = screen(&sandbox, &["status", "--sort", "due"], 140);
    assert!(lines[0].starts_with("ENVIRONMENT"), "{lines:#?}");
    // What a program reads says in each line where it belongs.
    let piped = sandbox.run(["status"]).succeeds();
    let piped = String::from_utf8(piped.stdout).unwrap();
    assert_eq!(
        piped
            .lines()
            .filter(|line| line.starts_with("production "))
            .count(),
        4
    );
}

#[test]
fn quiet_is_the_summary_alone() {
    let sandbox = sandbox();
    let quiet = sandbox.run(["status", "-q"]).succeeds();
    let text = String::from_utf8(quiet.stdout).unwrap();

    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        ["8 secrets: 1 overdue, 1 unknown-age, 3 missing, 1 due-soon, 2 ok"]
    );
}

#[test]
fn a_watched_status_draws_anew_and_leaves_the_terminal_as_it_was() {
    for signal in [Signal::INT, Signal::TERM] {
        let sandbox = sandbox();
        let (master, terminal) = open_terminal();
        let screen = Arc::new(Mutex::new(Vec::new()));
        let mut child = Command::new(env!("CARGO_BIN_EXE_mintage"))
            .args(["status", "--watch", "1s", "--color", "never"])
            .current_dir(sandbox.project())
            .env_clear()
            .envs(sandbox.environment())
            .stdin(Stdio::null())
            .stdout(terminal)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let reader = std::thread::spawn({
            let (mut master, screen) = (master, Arc::clone(&screen));
            move || {
                let mut block = [0; 4_096];
                while let Ok(count @ 1..) = master.read(&mut block) {
                    screen.lock().unwrap().extend_from_slice(&block[..count]);
                }
            }
        });
        let seen = || String::from_utf8_lossy(&screen.lock().unwrap()).into_owned();
        let until = |text: &str, count: usize| {
            let deadline = Instant::now() + Duration::from_secs(30);
            while seen().matches(text).count() < count {
                assert!(Instant::now() < deadline, "{}", seen());
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        until("1 overdue", 2);
        let rotate = ["rotate", "STRIPE_HOOK", "-e", "production"];
        sandbox.run(rotate).succeeds();
        until("8 secrets: 1 unknown-age", 1);

        rustix::process::kill_process(Pid::from_child(&child), signal).unwrap();

        assert!(child.wait().unwrap().success());
        reader.join().unwrap();
        let seen = seen();
        assert!(seen.starts_with("\x1b[?1049h\x1b[?25l"), "{seen}");
        assert!(seen.ends_with("\x1b[?25h\x1b[?1049l"), "{seen}");
    }
}

#[test]
fn nothing_is_watched_where_nobody_looks() {
    let sandbox = sandbox();
    for (args, said) in [
        (&["status", "--watch"][..], "draws on a terminal"),
        (&["status", "--watch", "5s", "--json"], "draws on a terminal"),
    ] {
        let output = sandbox.run(args);
        assert_eq!(output.code, 2);
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
}

fn open_terminal() -> (File, File) {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&master).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    (File::from(master), terminal)
}
