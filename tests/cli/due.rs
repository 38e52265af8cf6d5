//! `rotate --due`: the one line that a timer runs.

use std::thread::sleep;
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::Value;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

const DUE: [&str; 4] = ["rotate", "--due", "-e", "production"];

/// A project whose secrets are as old as they are said to be: `None` is minted now.
fn project(tables: &str, secrets: &[(&str, Option<&str>)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        format!(
            "schema = 1\nname = \"x\"\n[defaults]\nrotate_every = \"90d\"\n[environments.production]\n\
             [sinks.web]\ntype = \"env-file\"\npath = \".env\"\n[sinks.file]\ntype = \"file\"\n\
             path = \"run/{{name}}\"\n{tables}\n"
        ),
    );
    sandbox.run(["init"]).succeeds();
    for (name, created) in secrets {
        let Some(created) = created else {
            sandbox.run(["create", name, "-e", "production"]).succeeds();
            continue;
        };
        let value = Sandbox::new().run(["generate", "hex"]).succeeds().stdout;
        sandbox
            .command(["import", name, "-e", "production", "--created", created])
            .stdin(value)
            .run()
            .succeeds();
    }
    sandbox
}

fn secret(name: &str, fields: &str) -> String {
    format!("[secrets.{name}]\nkind = \"hex\"\nbytes = 32\n{fields}\n")
}

/// A secret in `web` whose old value stays valid beside the new one.
fn overlapping(name: &str, overlap: &str) -> String {
    secret(
        name,
        &format!("sinks = [\"web\"]\noverlap = \"{overlap}\"\nprevious_var = \"{name}_PREVIOUS\""),
    )
}

fn stages(sandbox: &Sandbox, name: &str) -> Vec<String> {
    let document = sandbox.json(["history", name, "-e", "production"]);
    let versions = document["versions"].as_array().unwrap();
    let stage = |version: &Value| version["stage"].as_str().unwrap().to_owned();
    versions.iter().map(stage).collect()
}

fn due(sandbox: &Sandbox, code: i32) -> Value {
    let mut args = DUE.to_vec();
    args.push("--json");
    sandbox.run(args).exits(code).json()
}

fn rotated(document: &Value) -> Vec<&str> {
    let secrets = document["secrets"].as_array().unwrap();
    secrets
        .iter()
        .map(|secret| secret["name"].as_str().unwrap())
        .collect()
}

/// Names and reasons of what waits.
fn waiting(document: &Value) -> Vec<(&str, &str)> {
    let waiting = document["waiting"].as_array().unwrap();
    let text = |one: &'_ Value, field: &str| one[field].as_str().unwrap().to_owned();
    assert!(waiting.iter().all(|one| !text(one, "message").is_empty()));
    waiting
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["why"].as_str().unwrap()))
        .collect()
}

fn held(sandbox: &Sandbox, name: &str) -> bool {
    let value = String::from_utf8(sandbox.reveal(name, "production")).unwrap();
    let env = sandbox.read(".env");
    env.lines().any(|line| line == format!("{name}={value}"))
}

#[test]
fn what_is_due_is_rotated_and_what_is_not_is_left_alone() {
    let tables = secret("OLD_KEY", "sinks = [\"web\"]") + &secret("NEW_KEY", "") + &secret("UNKNOWN_KEY", "");
    let sandbox = project(&tables, &[("OLD_KEY", Some("2024-02-29")), ("NEW_KEY", None)]);
    let value = Sandbox::new().run(["generate", "hex"]).succeeds().stdout;
    sandbox
        .command(["import", "UNKNOWN_KEY", "-e", "production"])
        .stdin(value)
        .run()
        .succeeds();

    let document = due(&sandbox, 0);

    assert_eq!(rotated(&document), ["UNKNOWN_KEY", "OLD_KEY"]);
    assert_eq!(stages(&sandbox, "OLD_KEY"), ["previous", "current"]);
    assert_eq!(stages(&sandbox, "NEW_KEY"), ["current"]);
    assert!(held(&sandbox, "OLD_KEY"), "the sink holds something else");
    assert_eq!(rotated(&due(&sandbox, 0)), [""; 0], "nothing is due any more");
}

#[test]
fn a_batch_is_one_commit_for_each_stage() {
    let names = ["A_KEY", "B_KEY", "C_KEY", "D_KEY"];
    let tables: String = names
        .iter()
        .map(|name| secret(name, "sinks = [\"web\", \"file\"]"))
        .collect();
    let all: Vec<_> = names.map(|name| (name, Some("2024-01-01"))).to_vec();
    let sandbox = project(&tables, &all);
    let revision = || {
        let ledger = sandbox.read(".mintage/production/ledger.jsonl");
        let seal: Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
        seal["revision"].as_u64().unwrap()
    };
    let before = revision();

    let document = due(&sandbox, 0);
    let mut all = rotated(&document);
    all.sort_unstable();
    assert_eq!(all, names);

    assert_eq!(revision(), before + 2, "one for staging, one for promoting");
}

#[test]
fn what_needs_a_person_is_reported_with_what_to_do() {
    let tables = secret("OLD_KEY", "")
        + "[secrets.STRIPE_KEY]\nkind = \"issued\"\nissuer = \"Stripe\"\n\
           console_url = \"https://dashboard.stripe.com/apikeys\"\n\
           [secrets.N8N_ENCRYPTION_KEY]\nkind = \"hex\"\nbytes = 32\n\
           [sinks.vercel]\ntype = \"command\"\nset = [\"vercel\", \"env\", \"add\", \"{name}\"]\n"
        + &secret("VERCEL_KEY", "sinks = [\"vercel\"]");
    let old = Some("2024-01-01");
    let sandbox = project(
        &tables,
        &[
            ("OLD_KEY", old),
            ("STRIPE_KEY", old),
            ("N8N_ENCRYPTION_KEY", old),
            ("VERCEL_KEY", old),
        ],
    );

    let output = sandbox.run(DUE).exits(3);

    for told in [
        "https://dashboard.stripe.com/apikeys, then: mintage rotate STRIPE_KEY -e production",
        "see how: mintage rotate N8N_ENCRYPTION_KEY -e production",
        "VERCEL_KEY: look at it, then run: mintage policy approve vercel",
        "1 rotated, 0 retired, 3 waiting",
    ] {
        assert!(output.stderr.contains(told), "{told}: {output}");
    }
    let document = due(&sandbox, 3);
    assert_eq!(
        waiting(&document),
        [
            ("N8N_ENCRYPTION_KEY", "hazard"),
            ("STRIPE_KEY", "issued"),
            ("VERCEL_KEY", "sink"),
        ]
    );
    assert_eq!(document["failures"], Value::Array(vec![]));
    assert_eq!(stages(&sandbox, "OLD_KEY"), ["previous", "current"]);
    assert_eq!(stages(&sandbox, "N8N_ENCRYPTION_KEY"), ["current"]);
    assert_eq!(stages(&sandbox, "VERCEL_KEY"), ["current"]);
}

/// A command sink beside an env file, and the program that it runs.
const TOOL: &str =
    "[sinks.tool]\ntype = \"command\"\nset = [\"sh\", \"tool.sh\"]\nretire = [\"sh\", \"tool.sh\"]\n";

#[test]
fn a_sink_that_nobody_approved_keeps_its_own_secrets_as_they_are_and_no_others() {
    let told = secret("TOLD_KEY", "sinks = [\"web\", \"tool\"]");
    let tables = told + &secret("OTHER_KEY", "sinks = [\"web\"]") + TOOL;
    let old = Some("2024-01-01");
    let sandbox = project(&tables, &[("TOLD_KEY", old), ("OTHER_KEY", old)]);
    sandbox.write("tool.sh", "cat >>../told\n");
    let versions = || sandbox.json(["history", "TOLD_KEY", "-e", "production"])["versions"].clone();
    let before = versions();

    let plan = sandbox
        .run(DUE.iter().chain(&["--dry-run", "--json"]))
        .exits(3)
        .json();
    let document = due(&sandbox, 3);

    for report in [&plan, &document] {
        assert_eq!(rotated(report), ["OTHER_KEY"]);
        assert_eq!(waiting(report), [("TOLD_KEY", "sink")]);
        let fix = &report["waiting"][0]["fix"];
        assert_eq!(fix, "look at it, then run: mintage policy approve tool");
    }
    assert_eq!(document["failures"], Value::Array(vec![]));
    assert_eq!(versions(), before);
    assert!(!sandbox.read(".env").contains("TOLD_KEY"), "a sink was told");
    assert!(!sandbox.beside("told").exists(), "the program ran");

    sandbox.run(["policy", "approve", "tool", "--yes"]).succeeds();
    assert_eq!(rotated(&due(&sandbox, 0)), ["TOLD_KEY"]);
    assert!(held(&sandbox, "TOLD_KEY") && sandbox.beside("told").exists());
}

#[test]
fn a_former_value_waits_for_the_approval_of_what_would_drop_it() {
    let tables = secret("TOLD_KEY", "sinks = [\"tool\"]\noverlap = \"1s\"") + TOOL;
    let sandbox = project(&tables, &[("TOLD_KEY", Some("2024-01-01"))]);
    sandbox.write("tool.sh", "cat >>../told\n");
    sandbox.run(["policy", "approve", "tool", "--yes"]).succeeds();
    assert_eq!(rotated(&due(&sandbox, 0)), ["TOLD_KEY"]);
    sandbox.write("tool.sh", "cat >>../stolen\n");
    sleep(Duration::from_millis(1_200));

    let document = due(&sandbox, 3);

    assert_eq!(waiting(&document), [("TOLD_KEY", "sink")]);
    let message = document["waiting"][0]["message"].as_str().unwrap();
    assert!(message.contains("was changed since it was approved"), "{message}");
    assert_eq!(document["retired"], Value::Array(vec![]));
    assert_eq!(document["failures"], Value::Array(vec![]));
    assert_eq!(stages(&sandbox, "TOLD_KEY"), ["previous", "current"]);
    assert!(!sandbox.beside("stolen").exists(), "the changed program ran");
}

#[test]
fn a_sink_has_one_open_overlap_at_a_time() {
    let tables =
        overlapping("A_KEY", "7d") + &overlapping("B_KEY", "7d") + &secret("C_KEY", "sinks = [\"web\"]");
    let sandbox = project(
        &tables,
        &[
            ("A_KEY", Some("2024-02-01")),
            ("B_KEY", Some("2024-01-01")),
            ("C_KEY", Some("2024-03-01")),
        ],
    );

    let first = due(&sandbox, 0);
    let second = due(&sandbox, 0);
    sandbox.run(["retire", "B_KEY", "-e", "production"]).succeeds();
    let third = due(&sandbox, 0);

    assert_eq!(rotated(&first), ["B_KEY", "C_KEY"], "the most overdue goes first");
    assert_eq!(waiting(&first), [("A_KEY", "sink-busy")]);
    assert_eq!((rotated(&second).len(), waiting(&second).len()), (0, 1));
    assert_eq!(rotated(&third), ["A_KEY"]);
}

#[test]
fn an_overlap_that_is_over_is_ended_and_the_next_one_begins() {
    let tables = overlapping("A_KEY", "1s") + &overlapping("B_KEY", "1s");
    let sandbox = project(
        &tables,
        &[("A_KEY", Some("2024-01-01")), ("B_KEY", Some("2024-02-01"))],
    );
    assert_eq!(rotated(&due(&sandbox, 0)), ["A_KEY"]);
    assert!(sandbox.read(".env").contains("A_KEY_PREVIOUS="));
    sleep(Duration::from_millis(1_200));

    let document = due(&sandbox, 0);

    assert_eq!(document["retired"][0]["name"], "A_KEY");
    assert_eq!(rotated(&document), ["B_KEY"]);
    assert!(!sandbox.read(".env").contains("A_KEY_PREVIOUS="));
    assert_eq!(stages(&sandbox, "A_KEY"), ["retired", "current"]);
}

#[test]
fn a_sink_that_fails_leaves_a_rotation_open_and_the_next_run_goes_on_with_it() {
    let sandbox = project(
        &secret("A_KEY", "sinks = [\"web\", \"file\"]"),
        &[("A_KEY", Some("2024-01-01"))],
    );
    sandbox.write("run/A_KEY.mintage-new/stone", "");

    let broken = due(&sandbox, 5);
    assert_eq!(stages(&sandbox, "A_KEY"), ["current", "pending"]);
    assert_eq!(broken["failures"][0]["sink"], "file");
    assert_eq!(broken["failures"][0]["incomplete"], true);
    assert_eq!(
        due(&sandbox, 5)["failures"][0]["name"],
        "A_KEY",
        "no second value"
    );
    assert_eq!(stages(&sandbox, "A_KEY"), ["current", "pending"]);
    std::fs::remove_dir_all(sandbox.project().join("run/A_KEY.mintage-new")).unwrap();

    assert_eq!(rotated(&due(&sandbox, 0)), ["A_KEY"]);
    assert_eq!(stages(&sandbox, "A_KEY"), ["previous", "current"]);
    assert!(held(&sandbox, "A_KEY"));
}

#[test]
fn a_value_set_by_hand_keeps_its_own_secret_back_and_no_other() {
    let tables = secret("A_KEY", "sinks = [\"web\"]") + &secret("B_KEY", "sinks = [\"web\"]");
    let old = Some("2024-01-01");
    let sandbox = project(&tables, &[("A_KEY", old), ("B_KEY", old)]);
    sandbox.write(".env", "A_KEY=set-by-hand-and-in-use\n");

    let document = due(&sandbox, 3);

    assert_eq!(rotated(&document), ["B_KEY"]);
    assert_eq!(document["failures"][0]["name"], "A_KEY");
    assert_eq!(document["failures"][0]["incomplete"], false);
    assert_eq!(stages(&sandbox, "A_KEY"), ["current"]);
    assert!(sandbox.read(".env").contains("A_KEY=set-by-hand-and-in-use\n"));
}

#[test]
fn while_a_freeze_holds_nothing_begins_and_nothing_is_dropped() {
    let freeze = "[[freezes]]\nfrom = 2020-01-01\nuntil = 2999-12-31\nenvironments = [\"production\"]\n\
                  reason = \"end of the year\"\n";
    let tables = overlapping("A_KEY", "1s") + &secret("B_KEY", "sinks = [\"web\", \"file\"]");
    let sandbox = project(&tables, &[("A_KEY", Some("2024-01-01")), ("B_KEY", None)]);
    due(&sandbox, 0);
    sandbox.write("run/B_KEY.mintage-new/stone", "");
    sandbox.rotate("B_KEY", &[]).exits(5);
    std::fs::remove_dir_all(sandbox.project().join("run/B_KEY.mintage-new")).unwrap();
    let policy = sandbox.read("mintage.toml").replace("\"90d\"", "\"1s\"");
    sandbox.write("mintage.toml", policy.clone() + freeze);
    sleep(Duration::from_millis(1_200));

    let frozen = due(&sandbox, 0);

    // What was just finished is a second old as well.
    assert_eq!(waiting(&frozen), [("A_KEY", "frozen"), ("B_KEY", "frozen")]);
    let message = frozen["waiting"][0]["message"].as_str().unwrap();
    assert_eq!(message, "a freeze holds until 2999-12-31: end of the year");
    assert_eq!(frozen["retired"], Value::Array(vec![]));
    assert_eq!(rotated(&frozen), ["B_KEY"], "what is open goes on");
    sandbox.write("mintage.toml", policy);
    let missed = due(&sandbox, 0);
    assert!(rotated(&missed).contains(&"A_KEY"), "a missed turn is caught up");
}

#[test]
fn a_dry_run_says_all_that_in_words_and_changes_nothing() {
    let tables = overlapping("A_KEY", "1s")
        + &overlapping("B_KEY", "7d")
        + &secret("C_KEY", "sinks = [\"web\", \"file\"]");
    let sandbox = project(
        &tables,
        &[
            ("A_KEY", Some("2024-01-01")),
            ("B_KEY", Some("2024-02-01")),
            ("C_KEY", None),
        ],
    );
    due(&sandbox, 0);
    sandbox.write("run/C_KEY.mintage-new/stone", "");
    sandbox.rotate("C_KEY", &[]).exits(5);
    sleep(Duration::from_millis(1_200));
    let before = sandbox.tree();

    let output: Output = sandbox.run(DUE.iter().chain(&["--dry-run"])).succeeds();

    let text = output.text();
    assert!(text.contains("C_KEY: its open rotation goes on\n"), "{output}");
    assert!(text.contains("A_KEY: its overlap is over since "), "{output}");
    assert!(text.contains("sink-busy"), "{output}");
    assert!(sandbox.tree() == before, "something was changed");
}

#[test]
fn what_is_derived_comes_along_with_its_root() {
    let tables = secret("A_KEY", "sinks = [\"web\"]")
        + "[secrets.A_URL]\ntemplate = \"redis://:{A_KEY}@cache:6379\"\nsinks = [\"web\"]\n";
    let sandbox = project(&tables, &[("A_KEY", Some("2024-01-01")), ("A_URL", None)]);

    let document = due(&sandbox, 0);

    assert_eq!(rotated(&document), ["A_KEY", "A_URL"]);
    assert!(held(&sandbox, "A_KEY") && held(&sandbox, "A_URL"));
}

/// The due dates that `status` shows for values of these days, in a time zone.
fn shown(zone: &str, secrets: &[(&str, &str, &str, &str)]) -> Vec<NaiveDate> {
    let tables: String = secrets
        .iter()
        .map(|(name, every, ..)| secret(name, &format!("rotate_every = \"{every}\"")))
        .collect();
    let sandbox = project(&tables, &[]);
    let value = Sandbox::new().run(["generate", "hex"]).succeeds().stdout;
    for (name, _, created, _) in secrets {
        sandbox
            .command(["import", name, "-e", "production", "--created", created])
            .env("TZ", zone)
            .stdin(value.clone())
            .run()
            .succeeds();
    }
    let output = sandbox.command(["status"]).env("TZ", zone).run().succeeds();
    let due = |(name, _, created, _): &(&str, &str, &str, &str)| {
        let line = output.text().lines().find(|line| line.contains(name)).unwrap();
        let (_, after) = line.split_once(created).expect("the day is shown as it was said");
        after.split_whitespace().next().unwrap().parse().unwrap()
    };
    secrets.iter().map(due).collect()
}

#[test]
fn dates_are_those_of_the_calendar_and_a_zone_moves_them_by_a_day_at_most() {
    let secrets = [
        ("DAYS_KEY", "90d", "2026-08-31", "2026-11-29"),
        ("MONTHS_KEY", "6mo", "2026-08-31", "2027-02-28"),
        ("LEAP_KEY", "1y", "2024-02-29", "2025-02-28"),
        ("SPRING_KEY", "2w", "2026-03-20", "2026-04-03"),
        ("HALF_KEY", "6mo", "2023-08-31", "2024-02-29"),
    ];
    let expected: Vec<NaiveDate> = secrets.iter().map(|(.., due)| due.parse().unwrap()).collect();

    assert_eq!(shown("UTC", &secrets), expected);
    for zone in [
        "Europe/Berlin",
        "America/New_York",
        "Asia/Jakarta",
        "Pacific/Auckland",
    ] {
        let shown = shown(zone, &secrets);
        for (shown, expected) in shown.iter().zip(&expected) {
            let days = (*shown - *expected).num_days();
            assert!(days.abs() <= 1, "{zone}: {shown}, not {expected}");
        }
        // Without summer time, days are days.
        if zone == "Asia/Jakarta" {
            assert_eq!((shown[0], shown[3]), (expected[0], expected[3]));
        }
    }
}
