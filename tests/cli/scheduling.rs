//! The files of `schedule`: each is checked by the program that it is for, or by one that knows its form, and what it
//! would run is run.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::time::Duration;

use serde_json::Value;

use crate::readers::answer;
use crate::readers::interpreter;
use crate::readers::python;
use crate::readers::succeeds;
use crate::sandbox::Sandbox;
use crate::sandbox::all_refused;
use crate::sandbox::chmod;
use crate::sandbox::tool;

const POLICY: &str = "schema = 1\nname = \"Shop: 100% $HOME\"\n[environments.production]\n[environments.staging]\n\
                      [secrets.SESSION_SECRET]\nkind = \"hex\"\nbytes = 32\nrotate_every = \"90d\"\n";

/// Writes the files of a scheduler and returns their directory.
fn write(sandbox: &Sandbox, args: &[&str]) -> PathBuf {
    let directory = sandbox.beside("units");
    let all = [&["schedule"], args, &["--write", directory.to_str().unwrap()]].concat();
    sandbox.run(all).succeeds();
    directory
}

/// Returns the only file of a scheduler.
fn only(sandbox: &Sandbox, args: &[&str]) -> String {
    sandbox
        .run([&["schedule"], args].concat())
        .succeeds()
        .text()
        .to_owned()
}

fn shell(script: &str, (sandbox, directory): (&Sandbox, &Path), more: &[(&str, &Path)]) -> Output {
    Command::new("sh")
        .args(["-c", script])
        .current_dir(directory)
        .env_clear()
        .envs(sandbox.environment())
        .envs(more.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn systemd_takes_the_units_and_the_time() {
    let sandbox = Sandbox::of_policy(POLICY);
    let directory = write(
        &sandbox,
        &[
            "systemd",
            "--rotate",
            "-e",
            "production",
            "-e",
            "staging",
            "--at",
            "23:05",
        ],
    );
    let mut names: Vec<String> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "mintage-shop-100-home-remind.service",
            "mintage-shop-100-home-remind.timer",
            "mintage-shop-100-home-rotate-production.service",
            "mintage-shop-100-home-rotate-production.timer",
            "mintage-shop-100-home-rotate-staging.service",
            "mintage-shop-100-home-rotate-staging.timer",
        ]
    );

    let analyze = tool("systemd-analyze", "install the package systemd");
    for name in &names {
        let path = directory.join(name);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        let args = ["verify", "--man=no", path.to_str().unwrap()];
        let verified = answer(&analyze, &args, "");
        let said = String::from_utf8_lossy(&verified.stderr).into_owned();
        let about: Vec<&str> = said.lines().filter(|line| line.contains("mintage-")).collect();
        assert!(verified.status.success() && about.is_empty(), "{name}: {said}");
        let text = fs::read_to_string(&path).unwrap();
        if let Some(at) = text.lines().find_map(|line| line.strip_prefix("OnCalendar=")) {
            let read = succeeds(&answer(&analyze, &["calendar", at], ""));
            assert!(read.contains("23:05:00"), "{read}");
        }
    }
}

#[test]
fn systemd_finds_what_is_wrong_with_a_unit() {
    let sandbox = Sandbox::of_policy(POLICY);
    let directory = write(&sandbox, &["systemd"]);
    let path = directory.join("mintage-shop-100-home-remind.service");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("ExecStart=", "ExecStart=/no/such")).unwrap();

    let analyze = tool("systemd-analyze", "install the package systemd");
    let verified = answer(&analyze, &["verify", "--man=no", path.to_str().unwrap()], "");

    assert!(!verified.status.success());
}

#[test]
fn only_a_rotation_gets_the_identity_and_may_write_to_the_project() {
    let sandbox = Sandbox::of_policy(POLICY);
    let directory = write(&sandbox, &["systemd", "--rotate", "-e", "production"]);
    let service = |job: &str| {
        let path = directory.join(format!("mintage-shop-100-home-{job}.service"));
        fs::read_to_string(path).unwrap()
    };

    let (remind, rotate) = (service("remind"), service("rotate-production"));

    let identity = sandbox.identity();
    assert!(rotate.contains(&format!("LoadCredential=identity:{}\n", identity.display())));
    assert!(rotate.contains("Environment=MINTAGE_IDENTITY=%d/identity\n"));
    assert!(
        !remind.contains("identity") && !remind.contains("IDENTITY"),
        "{remind}"
    );
    let writable = |text: &str| {
        let lines = text.lines();
        let mut found = lines.filter_map(|line| line.strip_prefix("ReadWritePaths="));
        found.next().unwrap().to_owned()
    };
    let state = format!("-{}", sandbox.home().join(".local/state/mintage").display());
    assert_eq!(writable(&remind), state);
    assert_eq!(
        writable(&rotate),
        format!("{} {state}", sandbox.project().display())
    );
    for line in [
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "ProtectHome=read-only",
        "PrivateTmp=true",
        "MemoryDenyWriteExecute=true",
        "SystemCallFilter=@system-service",
        "UMask=0077",
        "LimitCORE=0",
    ] {
        for text in [&remind, &rotate] {
            assert!(
                text.lines().any(|other| other == line),
                "{line} is missing:\n{text}"
            );
        }
    }
}

/// Undoes the quoting of one line of a unit, as systemd.syntax(7) and systemd.service(5) say.
const UNIT_WORDS: &str = "
import json, shlex, sys
words = shlex.split(sys.stdin.read())
print(json.dumps([word.replace('%%', '%').replace('$$', '$') for word in words]))";

#[test]
fn what_the_units_start_does_its_work_whatever_the_paths() {
    // A directory whose name needs every kind of quoting.
    let sandbox = Sandbox::of_policy(POLICY);
    let odd = sandbox.beside("a b%h $HOME \"c\" 'd'");
    fs::rename(sandbox.project(), &odd).unwrap();
    let units = sandbox.beside("units");
    let args = ["systemd", "--rotate", "-e", "production", "--write"];
    let schedule = |args: &[&str]| {
        let all = [&["schedule"], args].concat();
        sandbox.command(all).inside(&odd).run().succeeds()
    };
    schedule(&[&args[..], &[units.to_str().unwrap()]].concat());

    let start = |job: &str| {
        let text = fs::read_to_string(units.join(format!("mintage-shop-100-home-{job}.service"))).unwrap();
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key));
            serde_json::from_str::<Vec<String>>(&python(UNIT_WORDS, line.unwrap())).unwrap()
        };
        let words = value("ExecStart=");
        let variables: BTreeMap<String, String> = value("Environment=")
            .iter()
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .current_dir("/")
            .env_clear()
            .envs(variables);
        if job != "remind" {
            // What LoadCredential does: the identity of its line, in a directory of its own.
            let credentials = sandbox.beside("credentials");
            fs::create_dir_all(&credentials).unwrap();
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("LoadCredential=identity:"));
            fs::copy(line.unwrap().replace("%%", "%"), credentials.join("identity")).unwrap();
            chmod(&credentials.join("identity"), 0o400);
            command.env("MINTAGE_IDENTITY", credentials.join("identity"));
        }
        command.output().unwrap()
    };
    assert_eq!(succeeds(&start("remind")), "nothing is due\n");
    let policy = fs::read_to_string(odd.join("mintage.toml")).unwrap();
    fs::write(odd.join("mintage.toml"), policy.replace("90d", "1s")).unwrap();
    std::thread::sleep(Duration::from_millis(1_100));
    let rotated = succeeds(&start("rotate-production"));
    assert!(rotated.contains("SESSION_SECRET"), "{rotated}");
    fs::write(odd.join("mintage.toml"), policy).unwrap();

    // The line of cron too; cron itself turns `\%` into `%`.
    let crontab = schedule(&["cron", "--rotate", "-e", "production"]);
    for line in crontab.text().lines().filter(|line| !line.starts_with('#')) {
        let command = line.splitn(6, ' ').nth(5).unwrap().replace("\\%", "%");
        let checked = Command::new("sh").args(["-n", "-c", &command]).status().unwrap();
        assert!(checked.success(), "{command}");
        let output = shell(&command, (&sandbox, &odd), &[]);
        assert!(
            output.status.success(),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        if command.contains("remind") {
            assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        }
    }
}

#[test]
fn cron_takes_the_lines_at_their_time() {
    let sandbox = Sandbox::of_policy(POLICY);

    let text = only(
        &sandbox,
        &["cron", "--rotate", "-e", "production", "--at", "06:30"],
    );

    let file = sandbox.beside("crontab");
    fs::write(&file, &text).unwrap();
    let crontab = tool("crontab", "install the package cron");
    let checked = answer(&crontab, &["-n", file.to_str().unwrap()], "");
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(checked.status.success(), "{said}");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 2, "{text}");
    for line in lines {
        assert!(line.contains(" flock -w 3600 "), "{line}");
        let at: Vec<&str> = line.splitn(6, ' ').take(5).collect();
        let script = "
import datetime, sys
from cronsim import CronSim
print(next(CronSim(sys.stdin.read(), datetime.datetime(2026, 3, 1))))";
        assert_eq!(python(script, &at.join(" ")), "2026-03-01 06:30:00\n");
    }
}

#[test]
fn kubernetes_takes_the_jobs() {
    let sandbox = Sandbox::of_policy(POLICY);
    let script = "
import json, kubernetes_validate, sys, yaml
found = list(yaml.safe_load_all(sys.stdin.read()))
for one in found:
    kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)
print(json.dumps(found))";
    let args = [
        "schedule",
        "kubernetes",
        "--rotate",
        "-e",
        "production",
        "--at",
        "06:30",
    ];
    let in_zone = |zone: &str| {
        let output = sandbox.command(args).env("TZ", zone).run().succeeds();
        serde_json::from_str::<Value>(&python(script, output.text())).unwrap()
    };

    let found = in_zone("Asia/Tokyo");

    assert_eq!(found[0]["kind"], "PersistentVolumeClaim");
    let (rotate, remind) = (&found[1], &found[2]);
    assert_eq!(
        rotate["metadata"]["name"],
        "mintage-shop-100-home-rotate-production"
    );
    assert_eq!(remind["metadata"]["name"], "mintage-shop-100-home-remind");
    assert_eq!(found[3], Value::Null);
    for job in [rotate, remind] {
        let spec = &job["spec"];
        assert_eq!(spec["schedule"], "30 6 * * *");
        assert_eq!(spec["timeZone"], "Asia/Tokyo");
        assert_eq!(spec["concurrencyPolicy"], "Forbid");
        assert_eq!(spec["startingDeadlineSeconds"], 3_600);
        let pod = &spec["jobTemplate"]["spec"]["template"]["spec"];
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
        let container = &pod["containers"][0];
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        assert_eq!(
            container["securityContext"]["capabilities"]["drop"],
            serde_json::json!(["ALL"])
        );
        let has_identity = pod["volumes"]
            .to_string()
            .contains("mintage-shop-100-home-identity");
        assert_eq!(has_identity, job == rotate);
        // The arguments are ones that the program takes, but for the place of the project.
        let mut words: Vec<&str> = container["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        assert_eq!(words[..2], ["-C", "/project"]);
        words[1] = ".";
        sandbox.run(words).succeeds();
    }
    // A zone that has no name in the list of the IANA: the same instant in UTC.
    let found = in_zone("XYZ-3");
    assert_eq!(found[1]["spec"]["timeZone"], "Etc/UTC");
    assert_eq!(found[1]["spec"]["schedule"], "30 3 * * *");
}

#[test]
fn the_workflow_is_one_to_github() {
    let sandbox = Sandbox::of_policy(POLICY);
    let directory = write(&sandbox, &["github-actions", "--at", "07:15"]);
    let path = directory.join(".github/workflows/mintage-shop-100-home-remind.yml");
    let check = interpreter().with_file_name("check-jsonschema");
    let args = [
        "--builtin-schema",
        "vendor.github-workflows",
        path.to_str().unwrap(),
    ];

    succeeds(&answer(&check, &args, ""));

    let text = fs::read_to_string(&path).unwrap();
    let read = workflow(&text);
    assert_eq!(read["true"]["schedule"][0]["cron"], "15 7 * * *");
    assert!(
        read["true"]
            .as_object()
            .unwrap()
            .contains_key("workflow_dispatch")
    );
    assert_eq!(
        read["permissions"],
        serde_json::json!({ "contents": "read", "issues": "write" })
    );
    fs::write(&path, text.replace("runs-on:", "runs-at:")).unwrap();
    assert!(!answer(&check, &args, "").status.success());
}

/// Reads a workflow; YAML 1.1 takes the key `on` for a truth value.
fn workflow(text: &str) -> Value {
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.read())))";
    serde_json::from_str(&python(script, text)).unwrap()
}

/// What `gh` does to issues, on files: there is no GitHub here. It shows what the workflow asks for, not that GitHub
/// does it.
const GH: &str = r#"#!/bin/sh
echo "$*" >> "$TOLD"
case "$1 $2" in
  "issue list") [ -e "$ISSUE" ] && echo 7; exit 0 ;;
  "issue create") while [ "$1" != --body-file ]; do shift; done; cp "$2" "$ISSUE"; echo https://github.com/x/y/issues/7 ;;
  "issue edit") [ "$3" = 7 ] || exit 1; while [ "$1" != --body-file ]; do shift; done; cp "$2" "$ISSUE" ;;
  "issue close") [ "$3" = 7 ] || exit 1; rm "$ISSUE" ;;
  "label create") ;;
  *) exit 2 ;;
esac
"#;

#[test]
fn the_workflow_keeps_one_issue_while_something_is_due() {
    let sandbox = Sandbox::of_policy(POLICY);
    let read = workflow(&only(&sandbox, &["github-actions"]));
    let steps = read["jobs"]["remind"]["steps"].as_array().unwrap();
    let script = steps.last().unwrap()["run"].as_str().unwrap();
    let bin = sandbox.beside("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join("gh"), GH).unwrap();
    chmod(&bin.join("gh"), 0o755);
    std::os::unix::fs::symlink(crate::sandbox::program(), bin.join("mintage")).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let (issue, told) = (sandbox.beside("issue"), sandbox.beside("told"));
    let round = || {
        let _ = fs::remove_file(&told);
        let more = [("PATH", Path::new(&path)), ("ISSUE", &issue), ("TOLD", &told)];
        succeeds(&shell(script, (&sandbox, &sandbox.project()), &more));
        let verbs: Vec<String> = fs::read_to_string(&told)
            .unwrap()
            .lines()
            .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
            .collect();
        (verbs, fs::read_to_string(&issue).unwrap_or_default())
    };
    let rotate_every = |period: &str| sandbox.write("mintage.toml", POLICY.replace("90d", period));
    let asked = |more: &[&str]| -> Vec<String> {
        let all = [&["issue list"], more].concat();
        all.iter().map(|&verb| verb.to_owned()).collect()
    };

    // Nothing is due, then something is, still is, and no longer is.
    assert_eq!(round(), (asked(&[]), String::new()));
    rotate_every("1s");
    std::thread::sleep(Duration::from_millis(1_100));
    let (verbs, body) = round();
    assert_eq!(verbs, asked(&["label create", "issue create"]));
    assert!(body.starts_with("```text\nproduction/SESSION_SECRET "), "{body}");
    assert!(body.ends_with("```\n"), "{body}");
    assert_eq!(round(), (asked(&["issue edit"]), body));
    rotate_every("90d");
    assert_eq!(round(), (asked(&["issue close"]), String::new()));
    assert_eq!(round(), (asked(&[]), String::new()));
}

#[test]
fn a_file_that_differs_is_never_written_over() {
    let sandbox = Sandbox::of_policy(POLICY);
    let directory = write(&sandbox, &["systemd"]);
    let timer = directory.join("mintage-shop-100-home-remind.timer");
    let at = directory.to_str().unwrap();

    let again = sandbox.run(["schedule", "systemd", "--write", at]).succeeds();
    assert_eq!(again.stderr.matches("unchanged ").count(), 2, "{again}");

    fs::write(&timer, "mine").unwrap();
    fs::remove_file(directory.join("mintage-shop-100-home-remind.service")).unwrap();
    let refused = sandbox.command(["schedule", "systemd", "--write", at]).refused();

    assert!(
        refused
            .said()
            .contains("is there already, and differs\n  state: nothing was written\n"),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(&timer).unwrap(), "mine");
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
}

#[test]
fn a_rotation_is_refused_where_its_result_or_its_environment_would_be_missing() {
    let sandbox = Sandbox::of_policy(POLICY);

    let refused = sandbox
        .command(["schedule", "github-actions", "--rotate", "-e", "production"])
        .refused();
    assert!(
        refused
            .said()
            .starts_with("error: --rotate does not go with github-actions: "),
        "{refused}"
    );
    let refused = sandbox.command(["schedule", "cron", "--rotate"]).refused();
    assert_eq!(
        refused.said(),
        "error: --rotate needs the environments to rotate\n  hint: name them: -e production, or \
         MINTAGE_ENV=production\n"
    );
    let refused = all_refused([
        sandbox.command(["schedule", "cron", "--at", "25:00"]),
        sandbox.command(["schedule", "at"]),
    ]);
    assert!(refused.iter().all(|output| output.code == 2));
}
