//! An estate with known faults: `audit` tells every one of them in every format, and nothing else.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::OnceLock;

use chrono::Days;
use chrono::NaiveDate;
use chrono::Utc;
use serde_json::Value;

use crate::authority::Authority;
use crate::authority::Wanted;
use crate::python;
use crate::sandbox::Output;
use crate::sandbox::Sandbox;
use crate::sarif;

/// Secrets in each environment.
const SECRETS: usize = 70;

const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// What is planted: severity, rule, environment, name.
const PLANTED: &[(&str, &str, &str, &str)] = &[
    // Seven are too old; the first is waived.
    ("error", "overdue", "production", "KEY_01"),
    ("error", "overdue", "production", "KEY_02"),
    ("error", "overdue", "production", "KEY_03"),
    ("error", "overdue", "staging", "KEY_04"),
    ("error", "overdue", "staging", "KEY_05"),
    ("error", "overdue", "development", "KEY_06"),
    // Of three nobody knows the age; one was waived until yesterday.
    ("error", "unknown-age", "production", "KEY_10"),
    ("error", "unknown-age", "staging", "KEY_11"),
    ("error", "unknown-age", "development", "KEY_12"),
    ("warning", "waiver-expired", "production", "KEY_10"),
    // Five are used twice: one across environments, three in one.
    ("warning", "reused-across-environments", "production", "KEY_20"),
    ("warning", "reused-across-environments", "staging", "KEY_20"),
    ("warning", "reused", "staging", "KEY_21"),
    ("warning", "reused", "staging", "KEY_22"),
    ("warning", "reused", "staging", "KEY_23"),
    // Four are weak, each in its own way.
    ("error", "weak-entropy", "production", "KEY_30"),
    ("warning", "common-words", "production", "KEY_30"),
    ("error", "weak-entropy", "production", "KEY_31"),
    ("warning", "repetition", "production", "KEY_31"),
    ("error", "weak-entropy", "staging", "KEY_32"),
    ("warning", "sequence", "staging", "KEY_32"),
    ("error", "weak-entropy", "staging", "KEY_33"),
    ("warning", "truncated", "staging", "KEY_33"),
    // Two certificates end before long.
    ("warning", "certificate-due-soon", "", "first.example.com"),
    ("warning", "certificate-due-soon", "", "second.example.com"),
];

/// What is planted and accepted for a time.
const WAIVED: (&str, &str, &str) = ("overdue", "production", "KEY_00");

pub struct Estate {
    pub sandbox: Sandbox,
    until: NaiveDate,
}

fn day(offset: i64) -> NaiveDate {
    let today = Utc::now().date_naive();
    match u64::try_from(offset) {
        Ok(ahead) => today + Days::new(ahead),
        Err(_) => today - Days::new(offset.unsigned_abs()),
    }
}

impl Estate {
    pub fn new() -> Self {
        let estate = Self {
            sandbox: Sandbox::new(),
            until: day(30),
        };
        estate.sandbox.write("mintage.toml", estate.policy());
        estate.certificates();
        estate.sandbox.run(["init"]).succeeds();
        let minted = estate
            .sandbox
            .run(["generate", "hex", "--bytes", "32", "--count", "12"])
            .succeeds();
        let text = String::from_utf8(minted.stdout).unwrap();
        let mut values = text.lines();
        let mut next = || values.next().unwrap().to_owned();
        let old = day(-200).to_string();
        for (place, (environment, name)) in [
            ("production", "KEY_00"),
            ("production", "KEY_01"),
            ("production", "KEY_02"),
            ("production", "KEY_03"),
            ("staging", "KEY_04"),
            ("staging", "KEY_05"),
            ("development", "KEY_06"),
            ("production", "KEY_10"),
            ("staging", "KEY_11"),
            ("development", "KEY_12"),
        ]
        .into_iter()
        .enumerate()
        {
            let created = if place < 7 {
                &["--created", old.as_str()][..]
            } else {
                &[]
            };
            estate.import(environment, name, &next(), created);
        }
        let recent = day(-3).to_string();
        let recent = ["--created", recent.as_str()];
        let (across, inside) = (next(), next());
        for (environment, name, value) in [
            ("production", "KEY_20", across.as_str()),
            ("staging", "KEY_20", across.as_str()),
            ("staging", "KEY_21", inside.as_str()),
            ("staging", "KEY_22", inside.as_str()),
            ("staging", "KEY_23", inside.as_str()),
            ("production", "KEY_30", "my dog ate the homework yesterday"),
            ("production", "KEY_31", "k7Qk7Qk7Qk7Qk7Qk7Qk7Qk7Qk7Qk7Qk7"),
            ("staging", "KEY_32", "abcdefghijklmnopqrstuvwxyz012345"),
            ("staging", "KEY_33", "e7f09c14ab"),
        ] {
            estate.import(environment, name, value, &recent);
        }
        for environment in ENVIRONMENTS {
            estate
                .sandbox
                .run(["create", "--all", "-e", environment])
                .succeeds();
        }
        estate
    }

    fn policy(&self) -> String {
        let mut policy = String::from("schema = 1\nname = \"estate\"\n[defaults]\nrotate_every = \"90d\"\n");
        for environment in ENVIRONMENTS {
            policy.push_str(&format!(
                "[environments.{environment}]\ntier = \"{environment}\"\n"
            ));
        }
        for number in 0..SECRETS {
            policy.push_str(&format!(
                "[secrets.KEY_{number:02}]\nkind = \"hex\"\nbytes = 32\n"
            ));
        }
        for name in ["first", "second", "third"] {
            policy.push_str(&format!(
                "[certificates.\"{name}.example.com\"]\nfile = \"certs/{name}.pem\"\n"
            ));
        }
        let (until, over) = (self.until, day(-1));
        policy.push_str(&format!(
            "[[waivers]]\nrule = \"overdue\"\nname = \"KEY_00\"\nuntil = \"{until}\"\nreason = \"the vendor | *moves* <b>soon</b>\"\n\
             [[waivers]]\nrule = \"unknown-age\"\nname = \"KEY_10\"\nenvironment = \"production\"\nuntil = \"{over}\"\nreason = \"found in a drawer\"\n"
        ));
        policy
    }

    fn certificates(&self) {
        let authority = Authority::new(&self.sandbox.beside("authority"));
        for (name, days) in [("first", 9), ("second", 20), ("third", 90)] {
            let names = format!("DNS:{name}.example.com");
            let moment = |offset| day(offset).format("%Y%m%d000000Z").to_string();
            let (from, to) = (moment(-60), moment(days));
            authority.issue(
                name,
                &Wanted {
                    names: &names,
                    valid: Some((&from, &to)),
                    ..Wanted::default()
                },
            );
            let bundle = authority.bundle(&[&format!("{name}.pem"), "middle.pem"]);
            self.sandbox.write(&format!("certs/{name}.pem"), bundle);
        }
    }

    fn import(&self, environment: &str, name: &str, value: &str, more: &[&str]) {
        let import = ["import", name, "-e", environment, "--force"];
        let run = self.sandbox.command([&import[..], more].concat());
        run.stdin(value).run().succeeds();
    }

    /// Changes a line of a ledger, as somebody with an editor would.
    fn tamper(&self) {
        let path = ".mintage/development/ledger.jsonl";
        let ledger = self.sandbox.read(path);
        let changed: Vec<String> = ledger
            .lines()
            .map(|line| match line.contains("\"KEY_40\"") {
                true => line.replacen("\"bits\":256", "\"bits\":255", 1),
                false => line.to_owned(),
            })
            .collect();
        let changed = changed.join("\n") + "\n";
        assert_ne!(changed, ledger);
        self.sandbox.write(path, changed);
    }

    fn audit(&self, more: &[&str]) -> Output {
        self.sandbox.run([&["audit"][..], more].concat())
    }

    /// What an audit in a format tells, as a reader of that format sees it.
    fn told(&self, format: &str, exit: i32) -> BTreeSet<Told> {
        let file = format!("audit.{format}");
        let written = self.audit(&["--format", format, "--out", &file]);
        assert_eq!(written.code, exit, "{}", written.stderr);
        assert!(written.stdout.is_empty());
        let path = self.sandbox.project().join(&file);
        let read: Value = if format == "json" {
            of_json(&self.sandbox.read(&file))
        } else {
            let output = Command::new(reader())
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/estate.py"))
                .args([format, path.to_str().unwrap()])
                .output()
                .unwrap();
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{format}: {complaint}");
            serde_json::from_slice(&output.stdout).unwrap()
        };
        let rows = read.as_array().unwrap();
        let told: BTreeSet<Told> = rows
            .iter()
            .map(|row| serde_json::from_value(row.clone()).unwrap())
            .collect();
        assert_eq!(told.len(), rows.len(), "{format} tells something twice");
        told
    }

    /// What is to be told; a format that does not tell a severity leaves it empty.
    fn expected(&self, format: &str, more: &[(&str, &str, &str, &str)]) -> BTreeSet<Told> {
        let severity = |severity: &str| match format {
            "junit" if severity != "note" => String::new(),
            _ => severity.to_owned(),
        };
        let planted = PLANTED.iter().chain(more).map(|(of, rule, environment, name)| {
            let text = |text: &str| text.to_owned();
            (
                severity(of),
                text(rule),
                text(environment),
                text(name),
                String::new(),
            )
        });
        let mut expected: BTreeSet<Told> = planted.collect();
        let waived = match format {
            "markdown" | "table" => "",
            "junit" => "note",
            _ => "error",
        };
        let (rule, environment, name) = WAIVED;
        expected.insert((
            waived.to_owned(),
            rule.to_owned(),
            environment.to_owned(),
            name.to_owned(),
            self.until.to_string(),
        ));
        expected
    }
}

/// Severity, rule, environment, name, and until when it is waived.
type Told = (String, String, String, String, String);

fn of_json(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap();
    assert_eq!(document["schema"], "mintage/audit/1");
    assert_eq!(document["secrets"].as_array().unwrap().len(), SECRETS * 3);
    let row = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        serde_json::json!([
            text("severity"),
            text("rule"),
            text("environment"),
            text("name"),
            text("until")
        ])
    };
    let all = ["findings", "waived"].map(|list| document[list].as_array().unwrap().clone());
    all.concat().iter().map(row).collect()
}

/// Python with readers of JUnit and Markdown.
fn reader() -> &'static std::path::Path {
    static PYTHON: OnceLock<std::path::PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let packages = ["junitparser==5.0.3", "markdown-it-py==4.3.0"];
        python::environment("py-audit", &packages, "junitparser, markdown_it")
    })
}

/// Every format that `audit --help` names.
const FORMATS: &[&str] = &["table", "json", "csv", "html", "sarif", "junit", "markdown"];

#[test]
fn every_format_tells_every_planted_fact_and_nothing_else() {
    let estate = Estate::new();
    for format in FORMATS {
        assert_eq!(estate.told(format, 3), estate.expected(format, &[]), "{format}");
    }

    estate.tamper();

    let broken = [("error", "integrity", "development", "KEY_40")];
    for format in FORMATS {
        assert_eq!(
            estate.told(format, 6),
            estate.expected(format, &broken),
            "{format}"
        );
    }
    let sarif: Value = serde_json::from_str(&estate.sandbox.read("audit.sarif")).unwrap();
    sarif::assert_valid(&sarif);
    lines_are_those_of_the_policy(&sarif, &estate.sandbox.read("mintage.toml"));
}

/// A scanner that shows a finding shows the table that declares what it is about.
fn lines_are_those_of_the_policy(sarif: &Value, policy: &str) {
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let place = &result["locations"][0];
        let name = place["logicalLocations"][0]["name"].as_str().unwrap();
        let place = &place["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "mintage.toml");
        let line = place["region"]["startLine"].as_u64().unwrap() as usize;
        let shown = policy.lines().nth(line - 1).unwrap();
        assert!(
            shown == format!("[secrets.{name}]") || shown == format!("[certificates.\"{name}\"]"),
            "{shown}"
        );
    }
}

#[test]
fn the_formats_are_those_of_the_help_text() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(["audit", "--help"]).succeeds();
    let help = String::from_utf8(help.stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let list = help
        .split("[possible values: ")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();

    let named: BTreeSet<&str> = list.split(", ").collect();
    assert_eq!(named, FORMATS.iter().copied().collect());
}
