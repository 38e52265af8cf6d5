//! The calendar of `remind`, as a library of calendars reads it.

use std::fs::File;
use std::time::Duration;
use std::time::SystemTime;

use chrono::Days;
use chrono::Utc;
use serde_json::Value;

use crate::authority::Authority;
use crate::authority::Wanted;
use crate::readers::python;
use crate::sandbox::Sandbox;

/// Prints what `icalendar` reads: the calendar's own fields, then each entry with its alarm.
const SCRIPT: &str = "
import icalendar, json, sys
text = sys.stdin.buffer.read()
calendar = icalendar.Calendar.from_ical(text)
assert not calendar.errors, calendar.errors
plain = lambda value: value.to_ical().decode()
entries = []
for entry in calendar.walk():
    if entry.name in ('VEVENT', 'VTODO'):
        assert not entry.errors, entry.errors
        read = {name: plain(value) for name, value in entry.items()}
        read['name'] = entry.name
        read['text'] = str(entry['DESCRIPTION'])
        read['summary'] = str(entry['SUMMARY'])
        read['alarms'] = [{name: plain(value) for name, value in alarm.items()} for alarm in entry.walk('VALARM')]
        entries.append(read)
print(json.dumps({'fields': {name: plain(value) for name, value in calendar.items()}, 'entries': entries}))";

const POLICY: &str = "schema = 1\nname = \"shop; a, b\"\n[environments.production]\n[secrets.SESSION_SECRET]\n\
                      kind = \"hex\"\nbytes = 32\nrotate_every = \"90d\"\n";

fn read(text: &str) -> Value {
    serde_json::from_str(&python(SCRIPT, text)).unwrap()
}

fn calendar(sandbox: &Sandbox, more: &[&str]) -> Value {
    let args = [&["remind", "--format", "ics"][..], more].concat();
    read(sandbox.run(args).succeeds().text())
}

/// Says when the policy file was last written, `later` seconds from now.
fn touch_policy(sandbox: &Sandbox, later: u64) {
    let file = File::options()
        .write(true)
        .open(sandbox.project().join("mintage.toml"))
        .unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(later))
        .unwrap();
}

#[test]
fn a_library_of_calendars_finds_the_day_and_the_alarm() {
    let sandbox = Sandbox::of_policy(POLICY);
    let due = Utc::now() + Days::new(90);

    let read = calendar(&sandbox, &[]);

    assert_eq!(read["fields"]["VERSION"], "2.0");
    assert_eq!(read["fields"]["METHOD"], "PUBLISH");
    assert_eq!(read["fields"]["REFRESH-INTERVAL"], "PT12H");
    assert_eq!(read["fields"]["X-PUBLISHED-TTL"], "PT12H");
    assert_eq!(read["fields"]["X-WR-CALNAME"], "shop\\; a\\, b");
    let entry = &read["entries"][0];
    assert_eq!(read["entries"].as_array().unwrap().len(), 1);
    assert_eq!(entry["name"], "VEVENT");
    assert_eq!(entry["DTSTART"], due.format("%Y%m%d").to_string().as_str());
    assert_eq!(entry["TRANSP"], "TRANSPARENT");
    assert_eq!(entry["summary"], "Replace production/SESSION_SECRET");
    assert!(
        entry["text"]
            .as_str()
            .unwrap()
            .ends_with("\nkind: hex\nnext: mintage rotate SESSION_SECRET -e production"),
        "{entry}"
    );
    let alarm = &entry["alarms"][0];
    assert_eq!(alarm["TRIGGER"], "-P7D");
    assert_eq!(alarm["ACTION"], "DISPLAY");
}

#[test]
fn with_todo_the_entries_are_tasks_with_a_due_day() {
    let sandbox = Sandbox::of_policy(POLICY);
    let due = Utc::now() + Days::new(90);

    let entry = calendar(&sandbox, &["--todo"])["entries"][0].clone();

    assert_eq!(entry["name"], "VTODO");
    assert_eq!(entry["DUE"], due.format("%Y%m%d").to_string().as_str());
    assert_eq!(entry["STATUS"], "NEEDS-ACTION");
    assert_eq!(entry["PERCENT-COMPLETE"], "0");
    assert_eq!(entry["DTSTART"], Value::Null);
    assert_eq!(entry["alarms"][0]["TRIGGER"], "-P7D");
}

#[test]
fn lines_have_at_most_75_octets_whatever_a_description_holds() {
    let sandbox = Sandbox::new();
    let description = "a\\\\b; c, d — ключ für 日本語 😀".repeat(30);
    sandbox.write(
        "mintage.toml",
        format!("{POLICY}description = \"{description}\"\n"),
    );
    sandbox.run(["init"]).succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();

    let output = sandbox.run(["remind", "--format", "ics"]).succeeds();

    let text = output.text();
    assert!(text.ends_with("\r\n"));
    let lines: Vec<&str> = text.trim_end_matches("\r\n").split("\r\n").collect();
    for line in &lines {
        // That it is text at all says that no character was cut in two.
        assert!(std::str::from_utf8(line.as_bytes()).is_ok());
        assert!((1..=75).contains(&line.len()), "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']));
    }
    assert!(lines.iter().filter(|line| line.len() > 70).count() > 10);
    let told = read(text)["entries"][0]["text"].clone();
    let first = told.as_str().unwrap().lines().next().unwrap();
    assert_eq!(first, description.replace("\\\\", "\\"));
}

#[test]
fn nothing_changes_while_nothing_changes() {
    let sandbox = Sandbox::of_policy(POLICY);
    let without_stamp = |read: Value| {
        let mut entry = read["entries"][0].clone();
        entry["DTSTAMP"] = Value::Null;
        entry
    };

    let first = without_stamp(calendar(&sandbox, &[]));
    std::thread::sleep(Duration::from_millis(1_100));
    let second = without_stamp(calendar(&sandbox, &[]));

    assert_eq!(first, second);
}

#[test]
fn a_moved_date_keeps_its_uid_and_has_a_higher_sequence() {
    let sandbox = Sandbox::of_policy(POLICY);
    let mut before = calendar(&sandbox, &[])["entries"][0].clone();

    // Earlier and later dates alike: each change of the policy counts.
    for (days, later) in [("30d", 60), ("60d", 120), ("10d", 180), ("90d", 240)] {
        sandbox.write("mintage.toml", POLICY.replace("90d", days));
        touch_policy(&sandbox, later);
        let after = calendar(&sandbox, &[])["entries"][0].clone();

        assert_eq!(after["UID"], before["UID"]);
        assert_ne!(after["DTSTART"], before["DTSTART"]);
        assert!(
            number(&after["SEQUENCE"]) > number(&before["SEQUENCE"]),
            "{days}: {before} {after}"
        );
        assert!(after["LAST-MODIFIED"].as_str() > before["LAST-MODIFIED"].as_str());
        before = after;
    }
}

#[test]
fn a_rotation_begins_a_new_cycle() {
    let sandbox = Sandbox::of_policy(POLICY);
    let before = calendar(&sandbox, &[]);

    sandbox.rotate("SESSION_SECRET", &[]).succeeds();
    let after = calendar(&sandbox, &[]);

    assert_eq!(after["entries"].as_array().unwrap().len(), 1);
    assert_ne!(after["entries"][0]["UID"], before["entries"][0]["UID"]);
}

#[test]
fn every_secret_and_certificate_with_a_date_is_there_and_what_has_none_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        format!(
            "{POLICY}[secrets.FOR_EVER]\nkind = \"hex\"\nbytes = 32\n[secrets.OLD]\nkind = \"hex\"\nbytes = 32\n\
             [secrets.UNKNOWN]\nkind = \"issued\"\n[secrets.ENDS]\nkind = \"issued\"\n\
             [certificates.\"shop.example\"]\nfile = \"pki/site.pem\"\n"
        ),
    );
    let wanted = Wanted {
        names: "DNS:shop.example",
        ..Wanted::default()
    };
    Authority::new(&sandbox.project().join("pki")).issue("site", &wanted);
    sandbox.run(["init"]).succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    for (name, more) in [
        ("UNKNOWN", &[][..]),
        ("ENDS", &["--created", "2026-01-01", "--expires", "2027-12-24"]),
    ] {
        let import = [&["import", name, "-e", "production"][..], more].concat();
        let value = "q7Zk2mXv9Lr4Tn8Wc3Yb6Hd1Fs5Gj0Pa";
        sandbox
            .command(import)
            .stdin(format!("{value}{name}"))
            .run()
            .succeeds();
    }

    let output = sandbox.run(["remind", "--format", "ics"]).exits(3);

    let read = read(output.text());
    let mut summaries: Vec<&str> = read["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["summary"].as_str().unwrap())
        .collect();
    summaries.sort_unstable();
    assert_eq!(
        summaries,
        [
            "Replace production/ENDS",
            "Replace production/SESSION_SECRET",
            "Replace the certificate shop.example",
        ]
    );
    assert!(
        output
            .stderr
            .contains("hint: a calendar cannot show what is due without a date (1 here): mintage remind\n"),
        "{output}"
    );
}

#[test]
fn an_anonymous_calendar_names_nothing_and_keeps_its_uids() {
    let sandbox = Sandbox::of_policy(POLICY);
    let named = calendar(&sandbox, &[]);

    let output = sandbox
        .run(["remind", "--format", "ics", "--anonymous"])
        .succeeds();

    for name in ["SESSION", "shop", "production", "hex", "rotate"] {
        assert!(!output.text().contains(name), "{name}: {output}");
    }
    let read = read(output.text());
    assert_eq!(read["entries"][0]["summary"], "Replace a secret");
    assert_eq!(read["entries"][0]["UID"], named["entries"][0]["UID"]);
}

#[test]
fn another_store_has_other_uids_for_the_same_names() {
    let uids = [(); 2].map(|()| {
        let sandbox = Sandbox::of_policy(POLICY);
        calendar(&sandbox, &[])["entries"][0]["UID"].clone()
    });

    assert_ne!(uids[0], uids[1]);
}

#[test]
fn a_file_is_replaced_in_one_step_and_options_of_other_formats_are_refused() {
    let sandbox = Sandbox::of_policy(POLICY);
    sandbox.write("due.ics", "before");

    let output = sandbox
        .run(["remind", "--format", "ics", "--out", "due.ics"])
        .succeeds();

    assert_eq!(output.text(), "");
    assert!(sandbox.read("due.ics").starts_with("BEGIN:VCALENDAR\r\n"));
    let refused = sandbox
        .command(["remind", "--todo", "--format", "prometheus"])
        .refused();
    assert_eq!(
        refused.said(),
        "error: --todo is for calendars\n  hint: add: --format ics\n"
    );
    let refused = sandbox.command(["remind", "--anonymous"]).refused();
    assert!(
        refused.said().starts_with("error: --anonymous is for"),
        "{refused}"
    );
    let refused = sandbox.command(["remind", "--format", "ics", "--json"]).refused();
    assert!(
        refused.said().starts_with("error: --json and --format"),
        "{refused}"
    );
}

fn number(text: &Value) -> u64 {
    text.as_str().unwrap().parse().unwrap()
}
