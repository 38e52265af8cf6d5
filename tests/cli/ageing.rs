//! How old everything is: status and reminders, now and at other times, without any key.

use std::collections::BTreeSet;
use std::fs;

use chrono::Days;
use chrono::SecondsFormat;
use chrono::Utc;
use serde_json::Value;

use crate::sandbox::Sandbox;

#[test]
fn ninety_one_days_later_the_secret_is_overdue_and_no_identity_is_needed_to_say_so() {
    let sandbox = Sandbox::minted();
    fs::remove_dir_all(sandbox.home()).unwrap();

    let output = sandbox
        .run(["status", "-e", "production", "--at", "+91d"])
        .succeeds();

    let row = output
        .text()
        .lines()
        .find(|line| line.contains(" JWT_SECRET "))
        .unwrap()
        .to_owned();
    assert!(row.ends_with("overdue"), "{row}");
    assert!(row.contains("91d") && row.contains("yesterday"), "{row}");
    assert!(
        output
            .text()
            .ends_with("\n9 secrets: 3 overdue, 6 missing (unverified: no identity opened the store)\n"),
        "{output}"
    );
    assert_eq!(output.stderr, "");
}

#[test]
fn status_and_remind_need_no_home() {
    let sandbox = Sandbox::minted();
    let homeless = |args: &[&str]| {
        let run = sandbox.command(args).without("HOME");
        run.without("XDG_CONFIG_HOME").without("XDG_STATE_HOME").run()
    };

    homeless(&["history"]).succeeds();
    homeless(&["status"]).succeeds();
    homeless(&["remind"]).succeeds();
}

#[test]
fn status_with_an_identity_says_nothing_of_being_unverified() {
    let sandbox = Sandbox::minted();

    let output = sandbox.run(["status", "-e", "production"]).succeeds();

    assert!(
        output.text().ends_with("\n9 secrets: 6 missing, 3 ok\n"),
        "{output}"
    );
}

#[test]
fn status_due_shows_only_what_is_due_and_exits_with_3() {
    let sandbox = Sandbox::minted();

    let due = sandbox.run(["status", "-e", "production", "--due", "--at", "+91d"]);
    let not_yet = sandbox.run(["status", "-e", "production", "--due"]);

    let due = due.exits(3);
    assert!(due.text().ends_with("\n3 secrets: 3 overdue\n"), "{due}");
    assert!(!due.text().contains("DUITKU_API_KEY"), "{due}");
    assert_eq!(not_yet.whole(), "nothing to show\n[exit status: 0]\n");
}

#[test]
fn every_form_of_a_date_is_understood() {
    let sandbox = Sandbox::minted();
    let later = Utc::now() + Days::new(91);

    for at in [
        "+91d".to_owned(),
        "+13w".to_owned(),
        "+1y".to_owned(),
        later.format("%Y-%m-%d").to_string(),
        later.to_rfc3339_opts(SecondsFormat::Secs, true),
        later.format("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
    ] {
        assert_eq!(
            state(&sandbox, "JWT_SECRET", &["--at", &at]),
            "overdue",
            "--at {at}"
        );
    }
    let day_before_minting = (Utc::now() - Days::new(1)).format("%Y-%m-%d").to_string();
    assert_eq!(
        state(&sandbox, "JWT_SECRET", &["--at", &day_before_minting]),
        "missing"
    );
}

#[test]
fn a_secret_is_due_soon_within_the_time_of_its_policy_or_of_the_option() {
    let sandbox = Sandbox::minted();

    let states = [
        &["--at", "+75d"][..],
        &["--at", "+77d"],
        &["--at", "+75d", "--within", "30d"],
        &["--within", "91d"],
        &["--at", "+77d", "--within", "1d"],
    ]
    .map(|args| state(&sandbox, "JWT_SECRET", args));

    assert_eq!(states, ["ok", "due-soon", "due-soon", "due-soon", "ok"]);
}

#[test]
fn status_json_has_the_documented_fields() {
    let sandbox = Sandbox::minted();

    let document = sandbox.json(["status", "-e", "production"]);

    assert_eq!(document["schema"], "mintage/status/1");
    assert_eq!(document["verified"], true);
    let row = row(&document, "JWT_SECRET");
    let fields: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        BTreeSet::from([
            "environment",
            "name",
            "kind",
            "stage",
            "age_days",
            "changed_at",
            "due_at",
            "expires_at",
            "state",
            "fingerprint",
            "issued_by",
            "overlap_ends_at",
        ])
    );
    assert_eq!(row["environment"], "production");
    assert_eq!(row["kind"], "jwt-hs256");
    assert_eq!(row["stage"], "current");
    assert_eq!(row["age_days"], 0);
    assert_eq!(row["state"], "ok");
    assert_eq!(self::row(&document, "DUITKU_API_KEY")["issued_by"], "Duitku");
}

#[test]
fn a_due_date_is_the_day_of_the_change_and_the_time_of_the_policy() {
    let sandbox = Sandbox::minted();

    let document = sandbox.json(["status", "-e", "production"]);

    let row = row(&document, "JWT_SECRET");
    let instant = |field: &str| chrono::DateTime::parse_from_rfc3339(row[field].as_str().unwrap()).unwrap();
    assert_eq!(
        instant("due_at") - instant("changed_at"),
        chrono::TimeDelta::days(90)
    );
    assert!(row["changed_at"].as_str().unwrap().ends_with('Z'), "UTC");
}

#[test]
fn status_without_a_policy_environment_shows_all_and_mintage_env_narrows_it() {
    let sandbox = Sandbox::minted();

    let all = sandbox.json(["status"]);
    let one = sandbox
        .command(["status", "--json"])
        .env("MINTAGE_ENV", "production")
        .run()
        .succeeds()
        .json();
    let twice = sandbox.json(["status", "-e", "production", "-e", "production"]);

    assert_eq!(all["secrets"].as_array().unwrap().len(), 27);
    assert_eq!(one["secrets"].as_array().unwrap().len(), 9);
    assert_eq!(
        twice["secrets"].as_array().unwrap().len(),
        9,
        "named twice, shown once"
    );
}

/// What is said of a host in the preset.
const UNASKED: &str = "------- stderr -------\nhint: nobody has asked app.lumiku.com:443 for a certificate yet: \
                       mintage remind --network\n";

#[test]
fn remind_says_nothing_is_due() {
    let sandbox = Sandbox::minted();

    let output = sandbox.run(["remind"]);

    assert_eq!(
        output.whole(),
        format!("nothing is due\n{UNASKED}[exit status: 0]\n")
    );
}

#[test]
fn remind_names_what_is_overdue_with_the_command_and_exits_with_3() {
    let sandbox = Sandbox::minted();
    fs::remove_dir_all(sandbox.home()).unwrap();

    let output = sandbox.run(["remind", "--at", "+91d"]);

    assert_eq!(
        output.whole().replace(UNASKED, ""),
        "production/DATABASE_PASSWORD is overdue for rotation (DATE, yesterday)\n\
         \x20   mintage rotate DATABASE_PASSWORD -e production\n\
         production/JWT_SECRET is overdue for rotation (DATE, yesterday)\n\
         \x20   mintage rotate JWT_SECRET -e production\n\
         production/REDIS_PASSWORD is overdue for rotation (DATE, yesterday)\n\
         \x20   mintage rotate REDIS_PASSWORD -e production\n\
         [exit status: 3]\n"
    );
}

#[test]
fn remind_of_what_is_only_due_soon_exits_with_0() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .run(["remind", "--at", "+80d", "--format", "json"])
        .succeeds();

    let document = output.json();
    assert_eq!(document["schema"], "mintage/remind/1");
    assert_eq!(document["findings"].as_array().unwrap().len(), 3);
    assert_eq!(document["findings"][0]["rule"], "due-soon");
    assert_eq!(document["findings"][0]["severity"], "warning");
    assert_eq!(document["summary"]["warnings"], 3);
}

#[test]
fn remind_json_is_one_document_in_both_spellings() {
    let sandbox = Sandbox::minted();
    let at = (Utc::now() + Days::new(91)).to_rfc3339_opts(SecondsFormat::Secs, true);

    let option = sandbox.run(["remind", "--at", &at, "--json"]).exits(3);
    let format = sandbox.run(["remind", "--at", &at, "--format", "json"]).exits(3);

    assert_eq!(option.json(), format.json());
    assert_eq!(
        option.json()["summary"],
        serde_json::json!({"errors": 3, "warnings": 0, "notes": 0})
    );
}

#[test]
fn remind_out_replaces_the_file_in_one_step() {
    let sandbox = Sandbox::minted();
    sandbox.write("reminders.txt", "old\n".repeat(1_000));
    let at = (Utc::now() + Days::new(91)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let shown = sandbox.run(["remind", "--at", &at]).exits(3);

    let output = sandbox
        .run(["remind", "--at", &at, "--out", "reminders.txt"])
        .exits(3);

    assert!(output.stdout.is_empty());
    assert_eq!(sandbox.read("reminders.txt"), shown.text());
    let names: Vec<_> = fs::read_dir(sandbox.project())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') || name.starts_with(".new"))
        .collect();
    assert_eq!(names.len(), 2, "no temporary file is left: {names:?}");
}

#[test]
fn remind_out_that_cannot_be_written_leaves_the_old_file() {
    let sandbox = Sandbox::minted();
    sandbox.write("out/reminders.txt", "old\n");

    let output = sandbox
        .command(["remind", "--out", "out/reminders.txt"])
        .read_only(sandbox.project().join("out"))
        .refused();

    assert_eq!(output.code, 1);
    assert_eq!(sandbox.read("out/reminders.txt"), "old\n");
}

#[test]
fn remind_out_json_names_its_schema() {
    let sandbox = Sandbox::minted();

    sandbox
        .run(["remind", "--json", "--out", "reminders.json"])
        .succeeds();

    let document: Value = serde_json::from_str(&sandbox.read("reminders.json")).unwrap();
    assert_eq!(document["schema"], "mintage/remind/1");
}

#[test]
fn an_imported_value_of_unknown_age_is_treated_as_due() {
    let sandbox = Sandbox::lumiku();
    sandbox
        .command(["import", "REDIS_PASSWORD", "-e", "production"])
        .stdin(sandbox.run(["generate", "hex"]).succeeds().stdout)
        .run()
        .succeeds();

    assert_eq!(state(&sandbox, "REDIS_PASSWORD", &[]), "unknown-age");
    sandbox.run(["remind", "-e", "production"]).exits(3);
    sandbox.run(["status", "-e", "production", "--due"]).exits(3);
}

fn state(sandbox: &Sandbox, name: &str, args: &[&str]) -> String {
    let all: Vec<&str> = ["status", "-e", "production"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    row(&sandbox.json(all), name)["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn row(document: &Value, name: &str) -> Value {
    let rows = document["secrets"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap().clone()
}
