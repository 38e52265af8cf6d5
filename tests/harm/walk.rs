//! Rotations that tell sinks, harmed at every system call: nothing is lost, and the next run brings them to their end.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::Duration;

use mintage::ledger::SecretRecord;
use mintage::ledger::VersionRecord;
use mintage::secret::Stage;

use crate::crash;
use crate::fault;
use crate::operation::Operation;
use crate::operation::assert_none;
use crate::sandbox::Sandbox;
use crate::sandbox::is_full;

#[test]
fn a_kill_during_a_rotation_with_sinks_loses_nothing() {
    crash::sweep(&rotation());
}

#[test]
fn a_full_or_broken_disk_during_a_rotation_with_sinks_is_no_loss() {
    fault::sweep(&rotation());
}

#[test]
fn a_kill_while_a_rotation_is_undone_loses_nothing() {
    crash::sweep(&undoing());
}

#[test]
fn a_full_or_broken_disk_while_a_rotation_is_undone_is_no_loss() {
    fault::sweep(&undoing());
}

#[test]
fn a_kill_during_a_rollback_loses_nothing() {
    crash::sweep(&rollback());
}

#[test]
fn a_kill_while_former_values_are_dropped_loses_nothing() {
    crash::sweep(&retiring());
}

#[test]
fn a_kill_while_a_compromised_value_takes_the_place_of_a_rotation_loses_nothing() {
    crash::sweep(&compromise());
}

#[test]
fn a_kill_while_a_rotation_goes_on_that_waited_for_its_verifiers_loses_nothing() {
    crash::sweep(&waited());
}

#[test]
fn a_kill_while_a_timer_rotates_what_is_due_loses_nothing() {
    crash::sweep(&due());
}

#[test]
fn a_kill_while_an_environment_is_restored_loses_nothing() {
    crash::sweep(&restoring());
}

#[test]
fn a_kill_while_values_beyond_those_that_are_kept_are_destroyed_loses_no_other() {
    crash::sweep(&destroying());
}

#[test]
fn the_checks_after_a_walk_see_a_lost_value_and_a_sink_that_disagrees() {
    let operation = rotation();
    assert_none(&operation.aftermath());
    operation.sandbox.restore("start");
    operation.run().expect(0, "rotate");
    let path = operation.sandbox.project().join(".env.worker");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("ALPHA_KEY=", "ALPHA_KEY=0")).unwrap();

    let wrong = operation.aftermath();

    assert!(
        wrong.iter().any(|what| what.contains(".env.worker: ALPHA_KEY ")),
        "{wrong:?}"
    );
}

#[test]
fn two_rotations_at_once_lose_no_update() {
    let sandbox = Sandbox::told();
    let rounds = if is_full() { 100 } else { 10 };
    let before: BTreeMap<String, usize> = counts(&sandbox);
    for round in 0..rounds {
        thread::scope(|scope| {
            let both =
                [0, 1].map(|_| scope.spawn(|| sandbox.mintage(&["rotate", "BRAVO_KEY", "-e", "production"])));
            for one in both {
                one.join().unwrap().expect(0, "rotate");
            }
        });
        let wrong = disagreements(&sandbox);
        assert!(wrong.is_empty(), "round {round}: {wrong:?}");
    }
    for name in ["BRAVO_KEY", "BRAVO_URL"] {
        assert_eq!(counts(&sandbox)[name], before[name] + 2 * rounds, "{name}");
    }
    let verify = sandbox.mintage(&["verify", "--deep"]).expect(0, "verify");
    assert!(
        !verify.text.contains("leftover:") && !verify.text.contains("open rotation"),
        "{}",
        verify.text
    );
    println!("rotations at once: rounds tried: {rounds}");
}

fn rotation() -> Operation {
    let arguments = &["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"];
    Operation::told("rotate with sinks", arguments, Goal::NewValue, Sandbox::told())
}

fn undoing() -> Operation {
    let sandbox = interrupted();
    let arguments = &["rotate", "--abort", "-e", "production"];
    Operation::told("rotate --abort", arguments, Goal::OldValue, sandbox)
}

fn rollback() -> Operation {
    let sandbox = Sandbox::told();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"])
        .expect(0, "rotate");
    let arguments = &["rollback", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"];
    Operation::told("rollback", arguments, Goal::NewValue, sandbox)
}

fn retiring() -> Operation {
    let sandbox = Sandbox::told();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
        .expect(0, "rotate");
    let arguments = &["retire", "ALPHA_KEY", "-e", "production"];
    Operation::told("retire", arguments, Goal::Dropped, sandbox)
}

fn compromise() -> Operation {
    let arguments = &[
        "rotate",
        "ALPHA_KEY",
        "-e",
        "production",
        "--reason",
        "compromise",
    ];
    Operation::told(
        "rotate --reason compromise",
        arguments,
        Goal::NewAlpha,
        interrupted(),
    )
}

/// A rotation whose new values are accepted everywhere and are to be used now.
fn waited() -> Operation {
    let sandbox = Sandbox::told();
    let path = sandbox.project().join("mintage.toml");
    let policy = fs::read_to_string(&path).unwrap();
    let overlap = "overlap = \"7d\"\n";
    fs::write(
        &path,
        policy.replace(overlap, &format!("{overlap}usage_delay = \"1s\"\n")),
    )
    .unwrap();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"])
        .expect(5, "verifiers have to hear of it first");
    thread::sleep(Duration::from_millis(1_100));
    let arguments = &["rotate", "-e", "production"];
    Operation::told("rotate, after waiting", arguments, Goal::Newest, sandbox)
}

/// A project in which everything is due.
fn due() -> Operation {
    let sandbox = Sandbox::told();
    amend(&sandbox, "[defaults]\n", "[defaults]\nrotate_every = \"1s\"\n");
    amend(&sandbox, "overlap = \"7d\"", "overlap = \"1s\"");
    thread::sleep(Duration::from_millis(1_100));
    let arguments = &["rotate", "--due", "-e", "production"];
    Operation::told("rotate --due", arguments, Goal::NewValue, sandbox)
}

/// A project whose values of before its last rotation are wanted back.
fn restoring() -> Operation {
    let sandbox = Sandbox::told();
    thread::sleep(Duration::from_millis(1_100));
    let at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    thread::sleep(Duration::from_millis(1_100));
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"])
        .expect(0, "rotate");
    // One string for the whole run of the tests.
    let at: &'static str = Box::leak(at.into_boxed_str());
    let arguments = Box::leak(Box::new(["restore", "-e", "production", "--at", at]));
    Operation::told("restore", arguments, Goal::NewValue, sandbox)
}

/// A project that keeps one former value and has two.
fn destroying() -> Operation {
    let sandbox = Sandbox::told();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
        .expect(0, "rotate");
    amend(&sandbox, "keep_previous = 9", "keep_previous = 1");
    let arguments = &["retire", "ALPHA_KEY", "-e", "production"];
    let records = sandbox.records("production");
    let alpha = records
        .iter()
        .find(|record| record.name.as_str() == "ALPHA_KEY")
        .unwrap();
    assert_eq!(alpha.versions.len(), 3);
    let oldest = ("ALPHA_KEY".to_owned(), alpha.versions[0].id.to_string());
    let mut operation = Operation::told("retire, beyond keep_previous", arguments, Goal::Dropped, sandbox);
    operation
        .before
        .remove(&oldest)
        .expect("it was there before it was destroyed");
    operation
}

fn amend(sandbox: &Sandbox, old: &str, new: &str) {
    let path = sandbox.project().join("mintage.toml");
    let policy = fs::read_to_string(&path).unwrap();
    assert!(policy.contains(old), "the policy says something else");
    fs::write(&path, policy.replace(old, new)).unwrap();
}

/// A project in which a rotation told two sinks of three.
fn interrupted() -> Sandbox {
    let sandbox = Sandbox::told();
    let run = sandbox.project().join("run");
    fs::rename(&run, sandbox.beside("away")).unwrap();
    fs::write(&run, "in the way").unwrap();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"])
        .expect(4, "sinks are looked at first");
    fs::remove_file(&run).unwrap();
    fs::create_dir(&run).unwrap();
    // A directory in the place of the file that is written beside the one of ALPHA_KEY.
    fs::remove_dir(&run).unwrap();
    fs::rename(sandbox.beside("away"), &run).unwrap();
    let stone = run.join("ALPHA_KEY.mintage-new");
    fs::create_dir(&stone).unwrap();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"])
        .expect(5, "the third sink cannot be told");
    fs::remove_dir(&stone).unwrap();
    sandbox
}

/// What a command that tells sinks is to come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Goal {
    /// Other versions are current than before.
    NewValue,
    /// Another version of one secret is current than before, and nothing is pending of the others.
    NewAlpha,
    /// The last version of each secret is current.
    Newest,
    /// The same versions are current as before, and nothing is pending.
    OldValue,
    /// No former value is valid any more.
    Dropped,
}

impl Goal {
    /// Returns whether the ledger says that it is reached.
    pub fn is_reached(self, operation: &Operation) -> bool {
        let records = operation.sandbox.records("production");
        let pending = records
            .iter()
            .any(|record| record.at_stage(Stage::Pending).is_some());
        let was_known = |version: &VersionRecord| {
            let mut known = operation.before.keys();
            known.any(|(_, id)| *id == version.id.to_string())
        };
        let current = |name: &str| {
            let record = records.iter().find(|record| record.name.as_str() == name);
            record.and_then(SecretRecord::current).cloned().unwrap()
        };
        let told = ["ALPHA_KEY", "BRAVO_KEY", "BRAVO_URL"].map(current);
        match self {
            Self::NewValue => !pending && !told.iter().any(was_known),
            Self::NewAlpha => !pending && !was_known(&told[0]) && told[1..].iter().all(was_known),
            Self::Newest => records.iter().all(|record| {
                let last = record.versions.last();
                last.is_some_and(|version| version.stage == Stage::Current)
            }),
            Self::OldValue => !pending && told.iter().all(was_known),
            Self::Dropped => {
                let mut versions = records.iter().flat_map(|record| &record.versions);
                !versions.any(|one| one.stage == Stage::Previous && one.overlap_ends_at.is_some())
            }
        }
    }

    /// Returns the pending versions that have to become current; others are to be undone or superseded.
    fn pending(self, sandbox: &Sandbox) -> BTreeMap<String, String> {
        let records = sandbox.records("production");
        let ids = records.iter().filter_map(|record| {
            let version = record.at_stage(Stage::Pending)?;
            Some((record.name.to_string(), version.id.to_string()))
        });
        ids.filter(|_| matches!(self, Self::NewValue | Self::Newest))
            .collect()
    }

    /// Says what does not hold after the command came to harm.
    pub fn aftermath(self, operation: &Operation) -> Vec<String> {
        let sandbox = &operation.sandbox;
        let mut wrong = Vec::new();
        for record in sandbox.records("production") {
            let pending = record.versions.iter().filter(|one| one.stage == Stage::Pending);
            if pending.count() > 1 || record.current().is_none() {
                wrong.push(format!("{}: more than one pending, or none current", record.name));
            }
        }
        let pending = self.pending(sandbox);
        wrong.extend(lost(operation));
        // First as somebody who does not know what was asked for.
        let open = match self {
            Self::OldValue => sandbox.mintage(&["rotate", "--abort", "-e", "production"]),
            _ => sandbox.mintage(&["rotate", "-e", "production"]),
        };
        let none_open = open.code == Some(1) && open.text.contains("no rotation is under way");
        if !none_open && open.code != Some(0) {
            wrong.push(format!("going on: {:?} {}", open.code, open.text.trim()));
        }
        if !self.is_reached(operation) {
            let again = operation.run();
            if again.code != Some(0) {
                wrong.push(format!(
                    "the command again: {:?} {}",
                    again.code,
                    again.text.trim()
                ));
            }
        }
        if !self.is_reached(operation) {
            wrong.push("running it again does not come to its end".to_owned());
        }
        for record in sandbox.records("production") {
            let was_pending = pending.get(record.name.as_str());
            let current = record.current().map(|version| version.id.to_string());
            if was_pending.is_some_and(|id| current.as_ref() != Some(id)) {
                wrong.push(format!(
                    "{}: a second value was made while one was pending",
                    record.name
                ));
            }
        }
        wrong.extend(lost(operation));
        wrong.extend(disagreements(sandbox));
        for arguments in [&["verify", "--fix"][..], &["verify", "--deep"]] {
            let run = sandbox.mintage(arguments);
            let open = run.text.contains("leftover:") || run.text.contains("open rotation");
            if run.code != Some(0) || open {
                wrong.push(format!("{arguments:?}: {:?} {}", run.code, run.text.trim()));
            }
        }
        wrong.extend(operation.residue());
        wrong
    }
}

/// Names the values of before that cannot be read any more.
fn lost(operation: &Operation) -> Vec<String> {
    let mut lost = Vec::new();
    for ((name, id), value) in &operation.before {
        let arguments = ["reveal", name, "-e", "production", "--version", id];
        let run = operation.sandbox.mintage(&arguments);
        if run.code != Some(0) || run.out != *value {
            lost.push(format!("{name} {id} is lost: {:?} {}", run.code, run.text.trim()));
        }
    }
    lost
}

/// Names where sinks hold something else than the ledger says, or where something else in them changed.
fn disagreements(sandbox: &Sandbox) -> Vec<String> {
    let mut wrong = Vec::new();
    let records = sandbox.records("production");
    let value = |name: &str, version: Option<&VersionRecord>| {
        let id = version?.id.to_string();
        let run = sandbox.mintage(&["reveal", name, "-e", "production", "--version", &id]);
        Some(String::from_utf8(run.expect(0, "reveal").out).unwrap())
    };
    let record = |name: &str| {
        records
            .iter()
            .find(|record| record.name.as_str() == name)
            .unwrap()
    };
    let current = |name: &str| value(name, record(name).current());
    let alpha = [
        ("ALPHA_KEY", current("ALPHA_KEY")),
        (
            "ALPHA_KEY_PREVIOUS",
            value("ALPHA_KEY", accepted(record("ALPHA_KEY"))),
        ),
    ];
    let web = [("BRAVO_KEY", current("BRAVO_KEY"))];
    let worker = [("BRAVO_URL", current("BRAVO_URL"))];
    for (file, rest, head) in [
        (".env.web", &web, "# the web server\nPORT=8080\n"),
        (".env.worker", &worker, ""),
    ] {
        let text = fs::read_to_string(sandbox.project().join(file)).unwrap_or_default();
        if !text.starts_with(head) {
            wrong.push(format!("{file}: what else stood there changed"));
        }
        for (name, value) in alpha.iter().chain(rest) {
            let mut lines = text.lines();
            let held = lines.find_map(|line| line.strip_prefix(&format!("{name}=")));
            if held != value.as_deref() {
                wrong.push(format!("{file}: {name} is not what the ledger says"));
            }
        }
    }
    for name in ["ALPHA_KEY", "BRAVO_KEY"] {
        let held = fs::read_to_string(sandbox.project().join("run").join(name)).ok();
        if held != current(name) {
            wrong.push(format!("run/{name} is not what the ledger says"));
        }
    }
    let manifest = fs::read_to_string(sandbox.project().join("secret.yaml")).unwrap_or_default();
    for (name, value) in &alpha {
        let mut lines = manifest.lines();
        let held = lines.find_map(|line| line.strip_prefix(&format!("  {name}: \""))?.strip_suffix('"'));
        if held != value.as_deref() {
            wrong.push(format!("secret.yaml: {name} is not what the ledger says"));
        }
        let held = fs::read_to_string(sandbox.project().join("secrets").join(name)).ok();
        if held != *value {
            wrong.push(format!("secrets/{name} is not what the ledger says"));
        }
    }
    wrong
}

/// Returns the former version that the ledger says is valid still.
fn accepted(record: &SecretRecord) -> Option<&VersionRecord> {
    let now = chrono::Utc::now();
    let mut versions = record.versions.iter();
    versions.find(|version| {
        version.stage == Stage::Previous && version.overlap_ends_at.is_some_and(|until| until > now)
    })
}

fn counts(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let records = sandbox.records("production").into_iter();
    records
        .map(|record| (record.name.to_string(), record.versions.len()))
        .collect()
}

/// Returns whether a file, as `files_of` names it, is one that a sink writes.
pub fn is_sink(path: &str) -> bool {
    [
        "project/.env.web",
        "project/.env.worker",
        "project/run/ALPHA_KEY",
        "project/secret.yaml",
        "project/secrets/ALPHA_KEY",
        "project/secrets/ALPHA_KEY_PREVIOUS",
        "project/run/BRAVO_KEY",
    ]
    .contains(&path)
}
