//! The metrics of `remind`, as Prometheus reads them.

use chrono::DateTime;
use chrono::Utc;
use serde_json::Value;

use crate::readers::answer;
use crate::sandbox::Sandbox;
use crate::sandbox::tool;

const POLICY: &str = "schema = 1\nname = \"shop\"\n[environments.production]\n[environments.staging]\n\
                      [secrets.SESSION_SECRET]\nkind = \"hex\"\nbytes = 32\nrotate_every = \"90d\"\n\
                      owner = \"a \\\"b\\\" \\\\ c\"\noverlap = \"7d\"\n\
                      [certificates.\"shop.example\"]\nfile = \"site.pem\"\n";

fn metrics(sandbox: &Sandbox, more: &[&str], code: i32) -> String {
    let args = [&["remind", "--format", "prometheus"][..], more].concat();
    sandbox.run(args).exits(code).text().to_owned()
}

/// Requires that Prometheus reads the metrics and finds nothing to complain about.
#[track_caller]
fn check(text: &str) {
    let promtool = tool("promtool", "install the package prometheus");
    let output = answer(&promtool, &["check", "metrics"], text);
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success() && said.is_empty(),
        "promtool: {}\n{text}",
        String::from_utf8_lossy(&said)
    );
}

/// Returns the samples of a metric without its name.
fn samples<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(name));
    lines.filter(|rest| rest.starts_with(['{', ' '])).collect()
}

fn seconds(row: &Value, field: &str) -> i64 {
    let at: DateTime<Utc> = row[field].as_str().unwrap().parse().unwrap();
    at.timestamp()
}

#[test]
fn prometheus_reads_the_metrics_without_a_complaint() {
    let sandbox = Sandbox::of_policy(POLICY);
    sandbox.rotate("SESSION_SECRET", &[]).succeeds();

    for more in [&[][..], &["--anonymous"], &["--at", "+91d"], &["-e", "staging"]] {
        let args = [&["remind", "--format", "prometheus"][..], more].concat();
        let output = sandbox.run(args).exits(3);
        check(output.text());
    }
}

#[test]
fn the_samples_are_what_status_says() {
    let sandbox = Sandbox::of_policy(POLICY);
    sandbox.rotate("SESSION_SECRET", &[]).succeeds();
    let status = sandbox.json(["status", "-e", "production"]);
    let row = &status["secrets"][0];

    let text = metrics(&sandbox, &["-e", "production"], 3);

    let labels = "{secret=\"SESSION_SECRET\",env=\"production\"}";
    let one = |name: &str| {
        let found = samples(&text, name);
        assert_eq!(found.len(), 1, "{name}: {text}");
        found[0].to_owned()
    };
    for (name, field) in [
        ("mintage_secret_last_rotation_timestamp_seconds", "changed_at"),
        ("mintage_secret_rotation_due_timestamp_seconds", "due_at"),
        ("mintage_secret_overlap_end_timestamp_seconds", "overlap_ends_at"),
    ] {
        assert_eq!(one(name), format!("{labels} {}", seconds(row, field)));
    }
    assert_eq!(one("mintage_secret_previous_retired"), format!("{labels} 0"));
    assert_eq!(one("mintage_secret_strength"), format!("{labels} 256"));
    assert_eq!(
        one("mintage_secret_info"),
        "{secret=\"SESSION_SECRET\",env=\"production\",kind=\"hex\",owner=\"a \\\"b\\\" \\\\ c\",policy=\"shop\",\
         overlap_class=\"O4\"} 1"
    );
    assert_eq!(one("mintage_certificate_up"), "{certificate=\"shop.example\"} 0");
    assert_eq!(one("mintage_store_damaged"), " 0");
    assert!(samples(&text, "mintage_secret_expiry_timestamp_seconds").is_empty());
    let ran: i64 = one("mintage_run_last_success_timestamp_seconds")
        .trim()
        .parse()
        .unwrap();
    assert!((Utc::now().timestamp() - ran).abs() < 60);
}

#[test]
fn of_all_states_one_is_1() {
    let sandbox = Sandbox::of_policy(POLICY);

    let text = metrics(&sandbox, &["-e", "production", "--at", "+91d"], 3);

    let states = samples(&text, "mintage_secret_rotation_state");
    assert_eq!(states.len(), 9);
    let holding: Vec<&&str> = states.iter().filter(|state| state.ends_with(" 1")).collect();
    assert_eq!(
        holding,
        [&"{secret=\"SESSION_SECRET\",env=\"production\",state=\"overdue\"} 1"]
    );
    assert_eq!(
        samples(&text, "mintage_secret_findings"),
        [
            "{env=\"production\",severity=\"error\"} 1",
            "{env=\"production\",severity=\"warning\"} 0",
            "{env=\"production\",severity=\"note\"} 0",
        ]
    );
}

#[test]
fn anonymous_metrics_name_no_secret_certificate_or_owner() {
    let sandbox = Sandbox::of_policy(POLICY);

    let text = metrics(&sandbox, &["--anonymous"], 3);

    for name in ["SESSION", "shop.example", "a \\\"b"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    let names: Vec<&str> = samples(&text, "mintage_secret_info")
        .iter()
        .map(|sample| &sample[..42])
        .collect();
    // The same secret in two environments is two secrets.
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1]);
}

#[test]
fn a_damaged_ledger_is_in_the_metrics_and_the_file_is_still_replaced() {
    let sandbox = Sandbox::of_policy(POLICY);
    let ledger = ".mintage/production/ledger.jsonl";
    sandbox.write(
        ledger,
        sandbox
            .read(ledger)
            .replacen("\"revision\":1", "\"revision\":7", 1),
    );

    let output = sandbox.run(["remind", "--format", "prometheus", "--out", "mintage.prom"]);

    output.exits(6);
    let text = sandbox.read("mintage.prom");
    check(&text);
    assert_eq!(samples(&text, "mintage_store_damaged"), [" 1"]);
}
