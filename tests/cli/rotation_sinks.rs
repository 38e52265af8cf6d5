//! Rotations that tell sinks: in words, to their end, interrupted, undone, rolled back, after a compromise.

use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::sandbox::program;
use crate::terminal::converse;

const BOTH: &str = "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"";

/// A project with a secret in an env file and in a file of its own, minted and put there.
fn project(fields: &str) -> Sandbox {
    let sandbox = Sandbox::of_policy(format!(
        "schema = 1\nname = \"x\"\n[environments.production]\n\
             [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\nsinks = [\"web\", \"file\"]\n{fields}\n\
             [sinks.web]\ntype = \"env-file\"\npath = \".env\"\n\
             [sinks.file]\ntype = \"file\"\npath = \"run/{{name}}\"\n"
    ));
    sandbox.write(".env", "# kept\n");
    sandbox
}

/// The same, with a rotation that could not tell its second sink.
fn interrupted(fields: &str) -> Sandbox {
    let sandbox = project(fields);
    sandbox.write("run/JWT_SECRET.mintage-new/stone", "");
    let output = sandbox.rotate("JWT_SECRET", &[]).exits(5);
    std::fs::remove_dir_all(sandbox.project().join("run/JWT_SECRET.mintage-new")).unwrap();
    assert!(
        output.whole().contains(
            "error: the rotation of JWT_SECRET in production is not complete: `JWT_SECRET` in `file`\n"
        ),
        "{}",
        output.whole()
    );
    assert!(
        output.stderr.contains(
            "  state: the old value is current, the new one pending; sinks that were told hold the new one\n"
        ) && output.stderr.contains("go on: mintage rotate -e production\n")
            && output
                .stderr
                .contains("or undo it: mintage rotate -e production --abort\n"),
        "{output}"
    );
    sandbox
}

fn versions(sandbox: &Sandbox) -> Vec<Value> {
    let document = sandbox.json(["history", "JWT_SECRET", "-e", "production"]);
    document["versions"].as_array().unwrap().clone()
}

fn stages(sandbox: &Sandbox) -> Vec<String> {
    let stage = |version: &Value| version["stage"].as_str().unwrap().to_owned();
    versions(sandbox).iter().map(stage).collect()
}

fn value(sandbox: &Sandbox, place: usize) -> String {
    let id = versions(sandbox)[place]["version"].as_str().unwrap().to_owned();
    let output = sandbox.run(["reveal", "JWT_SECRET", "-e", "production", "--version", &id]);
    String::from_utf8(output.succeeds().stdout).unwrap()
}

/// Requires that the sinks hold these versions, without showing any of them.
#[track_caller]
fn assert_held(sandbox: &Sandbox, current: usize, previous: Option<usize>) {
    let mut expected = format!("# kept\nJWT_SECRET={}\n", value(sandbox, current));
    if let Some(previous) = previous {
        expected.push_str(&format!("JWT_SECRET_PREVIOUS={}\n", value(sandbox, previous)));
    }
    assert!(
        sandbox.read(".env") == expected,
        "the env file holds something else"
    );
    assert!(
        sandbox.read("run/JWT_SECRET") == value(sandbox, current),
        "the file holds something else"
    );
}

fn state(sandbox: &Sandbox, at: &str) -> String {
    let document = sandbox.json(["status", "-e", "production", "--at", at]);
    document["secrets"][0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_dry_run_says_what_happens_to_whom_and_changes_nothing() {
    let sandbox = project(BOTH);
    let before = sandbox.tree();

    let output = sandbox.rotate("JWT_SECRET", &["--dry-run"]).succeeds();

    assert_eq!(
        output.text(),
        "JWT_SECRET in production (jwt-hs256, O2)\n\
         \x20 1. mint JWT_SECRET: 32 random bytes as hex\n\
         \x20 2. set it in web, file, the old one in JWT_SECRET_PREVIOUS\n\
         \x20 3. test that web, file hold it\n\
         \x20 4. make it current, the old one previous for 7d\n\
         \x20 5. when the overlap is over, drop the old one from them: mintage retire --expired\n\
         \x20 who is affected: whatever was signed or encrypted with the old value stays valid for 7d: the application finds it in JWT_SECRET_PREVIOUS\n\
         \x20 who is affected: file holds one value: whoever reads it there changes over at once\n"
    );
    let compromise = ["--dry-run", "--reason", "compromise"];
    let output = sandbox.run(
        ["rotate", "JWT_SECRET", "-e", "production"]
            .iter()
            .chain(&compromise),
    );
    assert!(
        output.text().contains("ends at once: this logs everyone out"),
        "{output}"
    );
    assert!(sandbox.tree() == before, "something was changed");
}

#[test]
fn every_sink_holds_the_new_value_and_the_old_one_beside_it() {
    let sandbox = project(BOTH);

    let document = sandbox.json(["rotate", "JWT_SECRET", "-e", "production"]);

    assert_eq!(document["sinks"], serde_json::json!([["web", "file"]]));
    assert_eq!(stages(&sandbox), ["previous", "current"]);
    assert_held(&sandbox, 1, Some(0));
    assert_eq!(
        sandbox.json(["verify", "--deep"])["leftovers"],
        Value::Array(vec![])
    );
}

#[test]
fn a_value_that_the_store_does_not_have_is_never_written_over() {
    let sandbox = project(BOTH);
    sandbox.write(".env", "JWT_SECRET=set-by-hand-and-in-use\n");

    let output = sandbox
        .command(["rotate", "JWT_SECRET", "-e", "production"])
        .refused();

    assert_eq!(output.code, 1, "{output}");
    assert!(
        output
            .stderr
            .contains("that the store does not have, and that would be lost")
            && output.stderr.contains("mintage import JWT_SECRET"),
        "{output}"
    );
    assert!(!output.stderr.contains("set-by-hand"), "it shows the value");
}

#[test]
fn an_interrupted_rotation_is_shown_and_goes_on_with_the_same_value() {
    let sandbox = interrupted(BOTH);
    assert_eq!(stages(&sandbox), ["current", "pending"]);
    let pending = value(&sandbox, 1);
    assert_eq!(state(&sandbox, "+0d"), "rotating");
    let status = sandbox.run(["status"]);
    assert!(
        status
            .stderr
            .contains("go on with the rotation of JWT_SECRET: mintage rotate -e production"),
        "{status}"
    );
    let verify = sandbox.json(["verify"]);
    assert_eq!(verify["rotations"][0]["secrets"][0], "JWT_SECRET");
    assert_eq!(verify["leftovers"], Value::Array(vec![]));

    sandbox.run(["rotate", "-e", "production"]).succeeds();

    assert_eq!(stages(&sandbox), ["previous", "current"]);
    assert!(value(&sandbox, 1) == pending, "another value was made");
    assert_held(&sandbox, 1, Some(0));
    let none = sandbox.command(["rotate", "-e", "production"]).refused();
    assert!(
        none.stderr.contains("no rotation is under way in production"),
        "{none}"
    );
}

#[test]
fn the_same_command_goes_on_too_and_makes_no_second_value() {
    let sandbox = interrupted(BOTH);

    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    assert_eq!(stages(&sandbox), ["previous", "current"]);
}

#[test]
fn meanwhile_nothing_else_changes_the_secret() {
    let sandbox = interrupted(BOTH);
    let value = sandbox.run(["generate", "jwt-hs256"]).succeeds().stdout;

    let import = sandbox
        .command(["import", "JWT_SECRET", "-e", "production"])
        .stdin(value)
        .refused();

    assert!(
        import
            .stderr
            .contains("a rotation of `JWT_SECRET` is under way in production"),
        "{import}"
    );
    sandbox.run(["rotate", "-e", "production"]).succeeds();
    sandbox
        .run(["retire", "JWT_SECRET", "-e", "production"])
        .succeeds();
    sandbox.write("run/JWT_SECRET.mintage-new/stone", "");
    sandbox.rotate("JWT_SECRET", &[]).exits(5);
    let rollback = sandbox
        .command(["rollback", "JWT_SECRET", "-e", "production"])
        .refused();
    assert!(
        rollback
            .stderr
            .contains("a rotation of `JWT_SECRET` is under way in production"),
        "{rollback}"
    );
}

#[test]
fn an_undone_rotation_leaves_the_old_value_everywhere() {
    let sandbox = interrupted(BOTH);

    sandbox.run(["rotate", "--abort", "-e", "production"]).succeeds();

    assert_eq!(stages(&sandbox), ["current", "retired"]);
    assert!(
        sandbox.read(".env") == format!("# kept\nJWT_SECRET={}\n", value(&sandbox, 0)),
        "the env file holds something else"
    );
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    assert_held(&sandbox, 2, Some(0));
}

#[test]
fn a_rotation_whose_journal_is_lost_asks_the_sinks_and_goes_on() {
    let sandbox = interrupted(BOTH);
    std::fs::remove_dir_all(sandbox.project().join(".mintage/journal")).unwrap();

    sandbox.run(["rotate", "-e", "production"]).succeeds();

    assert_eq!(stages(&sandbox), ["previous", "current"]);
    assert_held(&sandbox, 1, Some(0));
}

#[test]
fn after_a_compromise_a_lost_journal_still_means_no_overlap() {
    let sandbox = project(BOTH);
    sandbox.write("run/JWT_SECRET.mintage-new/stone", "");
    let compromise = [
        "rotate",
        "JWT_SECRET",
        "-e",
        "production",
        "--reason",
        "compromise",
    ];
    sandbox.run(compromise).exits(5);
    std::fs::remove_dir_all(sandbox.project().join("run/JWT_SECRET.mintage-new")).unwrap();
    std::fs::remove_dir_all(sandbox.project().join(".mintage/journal")).unwrap();

    sandbox.run(["rotate", "-e", "production"]).succeeds();

    assert_eq!(stages(&sandbox), ["retired", "current"]);
    assert_eq!(versions(&sandbox)[0]["compromised"], true);
    assert_held(&sandbox, 1, None);
}

#[test]
fn a_changed_journal_is_damage_and_stops_every_write() {
    let sandbox = interrupted(BOTH);
    let directory = sandbox.project().join(".mintage/journal");
    let file = std::fs::read_dir(directory)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("scheduled", "departure")).unwrap();

    let verify = sandbox.run(["verify"]).exits(6);
    let rotate = sandbox.command(["rotate", "-e", "production"]).refused();

    assert!(
        verify
            .text()
            .contains("it is not what mintage wrote for this rotation"),
        "{verify}"
    );
    assert_eq!(rotate.code, 6, "{rotate}");
}

#[test]
fn a_compromise_takes_the_place_of_an_open_rotation_and_ends_overlaps() {
    let sandbox = interrupted(BOTH);

    sandbox
        .rotate("JWT_SECRET", &["--reason", "compromise"])
        .succeeds();

    assert_eq!(stages(&sandbox), ["retired", "retired", "current"]);
    assert_held(&sandbox, 2, None);
    let rollback = sandbox
        .command(["rollback", "JWT_SECRET", "-e", "production"])
        .refused();
    assert!(
        rollback
            .stderr
            .contains("the value before is marked as compromised: it is never brought back"),
        "{rollback}"
    );
}

#[test]
fn a_rollback_swaps_the_two_values_and_keeps_the_age_of_the_old_one() {
    let sandbox = project(BOTH);
    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    sandbox
        .run(["rollback", "JWT_SECRET", "-e", "production"])
        .succeeds();

    assert_eq!(stages(&sandbox), ["retired", "previous", "current"]);
    let versions = versions(&sandbox);
    assert_eq!(versions[2]["fingerprint"], versions[0]["fingerprint"]);
    assert_eq!(versions[2]["changed_at"], versions[0]["changed_at"]);
    assert_held(&sandbox, 2, Some(1));
}

#[test]
fn an_overlap_that_is_over_waits_until_the_sinks_have_dropped_the_value() {
    let sandbox = project(BOTH);
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    assert_eq!(state(&sandbox, "+8d"), "overlap", "nobody dropped it yet");
    let late = sandbox.run(["status", "--at", "+10d"]);
    assert!(
        late.stderr
            .contains("1 former value waits to be dropped, since 3d: mintage retire --expired -e production"),
        "{late}"
    );
    let too_soon = sandbox.json(["retire", "--expired", "-e", "production"]);
    assert_eq!(too_soon["retired"], Value::Array(vec![]));
    assert_held(&sandbox, 1, Some(0));

    let retired = sandbox.json(["retire", "JWT_SECRET", "-e", "production"]);

    assert_eq!(retired["retired"].as_array().unwrap().len(), 1);
    assert_eq!(stages(&sandbox), ["retired", "current"]);
    assert_held(&sandbox, 1, None);
    assert_eq!(state(&sandbox, "+8d"), "ok");
}

#[test]
fn a_sink_that_does_not_drop_a_value_keeps_it_in_the_queue() {
    let sandbox = project(BOTH);
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    sandbox.write(".env.mintage-new/stone", "");

    let output = sandbox.run(["retire", "JWT_SECRET", "-e", "production"]).exits(5);

    assert!(
        output.stderr.contains("mintage retire --expired -e production"),
        "{output}"
    );
    assert_eq!(stages(&sandbox), ["previous", "current"]);
    std::fs::remove_dir_all(sandbox.project().join(".env.mintage-new")).unwrap();
    sandbox
        .run(["retire", "--expired", "-e", "production"])
        .succeeds();
    assert_held(&sandbox, 1, None);
}

#[test]
fn every_value_that_a_sink_is_handed_stands_in_the_audit_log() {
    let sandbox = project(BOTH);
    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    let document = sandbox.json(["history", "JWT_SECRET", "-e", "production"]);

    let events = document["events"].as_array().unwrap();
    let told: Vec<&str> = events
        .iter()
        .filter(|event| event["action"] == "deliver")
        .map(|event| event["sink"].as_str().unwrap())
        .collect();
    // The env file is handed the former value too.
    assert_eq!(told, ["web", "web", "file"]);
    let history = sandbox.run(["history", "JWT_SECRET"]).succeeds();
    assert!(history.text().contains("deliver to file"), "{history}");
}

#[test]
fn a_sink_of_an_environment_is_not_told_of_another_ones_value() {
    let sandbox = project(BOTH);
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    let policy = sandbox.read("mintage.toml");
    sandbox.write("mintage.toml", policy + "[environments.staging]\n");
    sandbox.run(["create", "--all", "-e", "staging"]).succeeds();

    let output = sandbox
        .command(["rotate", "JWT_SECRET", "-e", "staging"])
        .refused();

    assert!(output.stderr.contains("that the store does not have"), "{output}");
    assert_held(&sandbox, 1, Some(0));
}

#[test]
fn all_that_can_be_rotated_is_rotated_and_the_rest_is_named() {
    let sandbox = Sandbox::minted();

    let document = sandbox.json(["rotate", "--all", "-e", "production"]);

    let skipped = document["skipped"].as_array().unwrap();
    assert!(
        skipped.iter().any(|one| one["name"] == "DUITKU_API_KEY"),
        "{skipped:?}"
    );
    let rotated = document["secrets"].as_array().unwrap();
    assert!(rotated.iter().any(|one| one["name"] == "JWT_SECRET"));
}

#[test]
fn a_value_that_somebody_else_makes_is_taken_from_a_pipe_and_goes_the_same_way() {
    let sandbox = project(BOTH);
    let policy = sandbox.read("mintage.toml");
    let issued = "[secrets.DUITKU_KEY]\nkind = \"issued\"\nissuer = \"Duitku\"\n\
                  console_url = \"https://dashboard.duitku.com\"\npattern = \"^[0-9a-f]{32}$\"\nsinks = [\"web\"]\n";
    sandbox.write("mintage.toml", policy + issued);
    let make = |seed: &str| seed.repeat(4);
    let (old, new) = (make("0a1b2c3d"), make("e4f50617"));
    sandbox
        .command(["import", "DUITKU_KEY", "-e", "production"])
        .stdin(old.clone())
        .run()
        .succeeds();
    let rotate = || sandbox.command(["rotate", "DUITKU_KEY", "-e", "production"]);

    let same = rotate().stdin(old.clone()).refused();
    let misshapen = rotate().stdin("not-of-this-shape").refused();
    let done = rotate().stdin(new.clone()).run().succeeds();
    let back = rotate().stdin(old).refused();

    assert!(
        same.stderr
            .contains("is one that it has or had: it needs a new one"),
        "{same}"
    );
    assert!(misshapen.stderr.contains("is refused"), "{misshapen}");
    assert!(back.stderr.contains("is one that it has or had"), "{back}");
    assert!(
        done.stderr
            .contains("revoke the old value of DUITKU_KEY at https://dashboard.duitku.com now"),
        "{done}"
    );
    assert!(
        sandbox.read(".env") == format!("# kept\nDUITKU_KEY={new}\n"),
        "the env file holds something else"
    );
}

#[test]
fn a_batch_is_one_commit_for_each_stage_and_one_write_of_the_file_and_shows_how_far_it_is() {
    let mut policy = "schema = 1\nname = \"x\"\n[environments.production]\n\
                      [sinks.web]\ntype = \"env-file\"\npath = \".env\"\n"
        .to_owned();
    for number in 0..60 {
        policy.push_str(&format!(
            "[secrets.KEY_{number}]\nkind = \"hex\"\nsinks = [\"web\"]\n"
        ));
    }
    let sandbox = Sandbox::of_policy(policy);
    let revision = || {
        let ledger = sandbox.read(".mintage/production/ledger.jsonl");
        let seal: Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
        seal["revision"].as_u64().unwrap()
    };
    let before = revision();

    sandbox.run(["rotate", "--all", "-e", "production"]).succeeds();

    assert_eq!(revision(), before + 2, "staged once, promoted once");
    assert_eq!(sandbox.read(".env").lines().count(), 60);
    let mut environment = sandbox.environment();
    environment.insert("TERM".to_owned(), "xterm".to_owned());
    let session = converse(
        program().as_ref(),
        &["rotate", "--all", "-e", "production"],
        &sandbox.project(),
        &environment,
        &[],
    );
    assert_eq!(session.code, 0, "{}", session.screen);
    // The bar is drawn some times a second: its last state may never be.
    assert!(
        session.screen.contains("telling sinks") && session.screen.contains("/60"),
        "{}",
        session.screen
    );
}
