//! `run`: what is not handed out, and why.

use std::fs;

use crate::running::POLICY;
use crate::running::backend;
use crate::sandbox::Output;
use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::program;

/// Runs `touch MARKER` with options of `run` in production, which must be refused, and returns what was said.
#[track_caller]
fn refused(sandbox: &Sandbox, options: &[&str]) -> String {
    let marker = sandbox.beside("marker");
    let command = ["--", "touch", marker.to_str().unwrap()];
    let args = [&["run", "-e", "production"], options, &command].concat();
    let output = sandbox.command(args).refused();
    assert!(!marker.exists(), "nothing was run");
    output.whole()
}

/// The same for values that are found unfit: that they were judged is all that is written down.
#[track_caller]
fn unfit(sandbox: &Sandbox, options: &[&str]) -> String {
    let marker = sandbox.beside("marker");
    let unrecorded = || {
        let mut tree = sandbox.tree();
        tree.retain(|path, _| !path.starts_with(sandbox.project().join(".mintage/audit")));
        tree
    };
    let before = unrecorded();
    let command = ["--", "touch", marker.to_str().unwrap()];
    let output = sandbox.run([&["run", "-e", "production"], options, &command].concat());
    assert!(!marker.exists(), "nothing was run");
    assert!(unrecorded() == before, "nothing but the audit log changed");
    let events = sandbox.json(["history"])["events"].clone();
    assert_eq!(events.as_array().unwrap().last().unwrap()["action"], "score");
    output.whole()
}

fn import(sandbox: &Sandbox, value: &[u8]) {
    sandbox
        .command([
            "import",
            "ISSUED_KEY",
            "-e",
            "production",
            "--force",
            "--verbatim",
        ])
        .stdin(value)
        .run()
        .succeeds();
}

/// A run of a command that does not start.
fn not_started(sandbox: &Sandbox, command: &[&str]) -> Output {
    let output = sandbox.run([&["run", "-e", "production", "--"], command].concat());
    assert!(output.stdout.is_empty());
    output
}

#[test]
fn a_required_value_that_is_missing() {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", POLICY);
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    let said = "------- stderr -------\n\
                error: production is not fit to run: 1 finding\n\
                \x20 caused by: JWT_SECRET: it is not set, and production needs it [missing]\n\
                \x20 state: nothing was run, and no value left the store\n\
                \x20 hint: mint it: mintage create JWT_SECRET -e production\n\
                \x20 hint: or run it all the same: --no-check\n\
                [exit status: 3]\n";

    assert_eq!(unfit(&sandbox, &[]), said);
    assert_eq!(unfit(&sandbox, &["--only", "JWT_SECRET"]), said);
    sandbox
        .run(["run", "-e", "production", "--no-check", "--", "true"])
        .succeeds();
    // Nothing requires it there.
    sandbox.run(["run", "-e", "development", "--", "true"]).succeeds();
}

#[test]
fn a_value_that_is_none_or_too_weak_for_the_tier() {
    let sandbox = backend();
    import(&sandbox, b"change-me");

    assert_eq!(
        unfit(&sandbox, &[]),
        "------- stderr -------\n\
         error: production is not fit to run: 1 finding\n\
         \x20 caused by: ISSUED_KEY: a text that was meant to be filled in [placeholder]\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: get the real one from Example, then: mintage import ISSUED_KEY -e production\n\
         \x20 hint: or run it all the same: --no-check\n\
         [exit status: 3]\n"
    );
    let rehearsal = sandbox.run(["run", "-e", "production", "--dry-run"]).exits(3);
    assert!(
        rehearsal
            .text()
            .contains("ISSUED_KEY: a text that was meant to be filled in [placeholder]"),
        "{rehearsal}"
    );
    // Others are not judged by it, and who insists gets it.
    sandbox
        .run(["run", "-e", "production", "--only", "DB_PASSWORD", "--", "true"])
        .succeeds();
    sandbox
        .run(["run", "-e", "production", "--no-check", "--", "true"])
        .succeeds();
    let events = sandbox.json(["history", "ISSUED_KEY"])["events"].clone();
    let runs = events
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["action"] == "run");
    assert_eq!(runs.count(), 1, "what was refused is not recorded as handed out");
}

#[test]
fn the_bar_is_that_of_the_tier() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "policy.toml",
        "schema = 1\nname = \"x\"\n[environments.production]\n[environments.development]\n\
         [secrets.PIN_KEY]\nkind = \"hex\"\nbytes = 16\n",
    );
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    // 18 hexadecimal digits carry at most 72 bits: enough for a person's machine only.
    let value = Sandbox::new().run(["generate", "hex"]).succeeds().stdout[..18].to_vec();
    for environment in ["production", "development"] {
        sandbox
            .command(["import", "PIN_KEY", "-e", environment, "--force"])
            .stdin(value.clone())
            .run()
            .succeeds();
    }

    sandbox.run(["run", "-e", "development", "--", "true"]).succeeds();
    assert_eq!(
        unfit(&sandbox, &[]),
        "------- stderr -------\n\
         error: production is not fit to run: 2 findings\n\
         \x20 caused by: PIN_KEY: it has 9 bytes, the policy says 16, as kind `hex` demands [kind-mismatch]\n\
         \x20 caused by: PIN_KEY: about 72 random bits, of the 112 that are demanded [weak-entropy]\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: replace it: mintage rotate PIN_KEY -e production\n\
         \x20 hint: or run it all the same: --no-check\n\
         [exit status: 3]\n"
    );
}

#[test]
fn a_value_with_a_zero_byte() {
    let sandbox = backend();
    import(&sandbox, b"abc\0def");

    for options in [&[][..], &["--no-check"]] {
        assert_eq!(
            refused(&sandbox, options),
            "------- stderr -------\n\
             error: the value of `ISSUED_KEY` in production has a zero byte, which no environment can carry\n\
             \x20 state: nothing was run, and no value left the store\n\
             \x20 hint: leave it out: --only NAME,NAME\n\
             \x20 hint: or keep it in text form: base64 -w0 FILE | mintage import ISSUED_KEY -e production\n\
             [exit status: 1]\n"
        );
    }
}

#[test]
fn names_that_programs_take_orders_from() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "policy.toml",
        "schema = 1\nname = \"x\"\n[secrets.LD_PRELOAD]\nkind = \"hex\"\n[secrets.NODE_OPTIONS]\nkind = \"hex\"\n\
         [secrets.TOKEN]\nkind = \"hex\"\n",
    );
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();

    for options in [&[][..], &["--no-check"]] {
        assert_eq!(
            refused(&sandbox, options),
            "------- stderr -------\n\
             error: programs take orders from `LD_PRELOAD`, `NODE_OPTIONS`: the store sets no such variable\n\
             \x20 state: nothing was run, and no value left the store\n\
             \x20 hint: hand it out by another name: --map LD_PRELOAD=OTHER_NAME\n\
             \x20 hint: or only the secrets that the command needs: --only NAME,NAME\n\
             [exit status: 1]\n"
        );
    }
    let renamed = ["--map", "LD_PRELOAD=A", "--map", "NODE_OPTIONS=B"];
    sandbox
        .run([&["run", "-e", "production"], &renamed[..], &["--", "true"]].concat())
        .succeeds();
    for name in ["PATH", "LD_LIBRARY_PATH", "GIT_SSH_COMMAND", "MINTAGE_IDENTITY"] {
        let map = format!("TOKEN={name}");
        assert_eq!(
            refused(&sandbox, &["--map", &map]),
            format!(
                "------- stderr -------\n\
                 error: programs take orders from `{name}`: the store sets no such variable\n\
                 \x20 hint: choose another name: --map SECRET=VARIABLE\n\
                 [exit status: 2]\n"
            )
        );
    }
}

#[test]
fn names_that_do_not_fit() {
    let sandbox = backend();

    let texts: Vec<String> = [
        &["--map", "DB_PASSWORD=NEXT_PUBLIC_PASSWORD"][..],
        &["--map", "DB_PASSWORD=JWT_SECRET"],
        &["--map", "DB_PASSWORD=A", "--only", "JWT_SECRET"],
        &["--map", "DB_PASSWORT=A"],
        &["--map", "DB_PASSWORD"],
        &["--only", "JWT_SECRETS"],
        &["--only", "ISSUED_KEY"],
        &["--only", "not a name"],
        &["--keep", "A"],
        &["--clean", "--keep", "SOPS_AGE_KEY"],
        &["--json"],
    ]
    .iter()
    .map(|options| format!("{}\n{}", options.join(" "), refused(&sandbox, options)))
    .collect();

    assert_eq!(
        texts.join("\n"),
        "--map DB_PASSWORD=NEXT_PUBLIC_PASSWORD\n\
         ------- stderr -------\n\
         error: `NEXT_PUBLIC_PASSWORD` is public by its prefix and must never hold a secret\n\
         \x20 hint: choose another name: --map SECRET=VARIABLE\n\
         [exit status: 2]\n\
         \n\
         --map DB_PASSWORD=JWT_SECRET\n\
         ------- stderr -------\n\
         error: `DB_PASSWORD` and `JWT_SECRET` would both be handed out as `JWT_SECRET`\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: choose another name: --map SECRET=VARIABLE\n\
         [exit status: 1]\n\
         \n\
         --map DB_PASSWORD=A --only JWT_SECRET\n\
         ------- stderr -------\n\
         error: --map names `DB_PASSWORD`, which --only leaves out\n\
         \x20 hint: add it: --only …,DB_PASSWORD\n\
         [exit status: 2]\n\
         \n\
         --map DB_PASSWORT=A\n\
         ------- stderr -------\n\
         error: the policy has no secret `DB_PASSWORT`\n\
         \x20 state: nothing was changed\n\
         \x20 hint: did you mean `DB_PASSWORD`?\n\
         [exit status: 1]\n\
         \n\
         --map DB_PASSWORD\n\
         ------- stderr -------\n\
         error: what was given for `--map <SECRET=VARIABLE>` does not fit\n\
         \x20 caused by: not a name: a letter or `_`, then letters, digits or `_`, at most 128 characters\n\
         \x20 hint: see: mintage --help, mintage COMMAND --help\n\
         [exit status: 2]\n\
         \n\
         --only JWT_SECRETS\n\
         ------- stderr -------\n\
         error: the policy has no secret `JWT_SECRETS`\n\
         \x20 state: nothing was changed\n\
         \x20 hint: did you mean `JWT_SECRET`?\n\
         [exit status: 1]\n\
         \n\
         --only ISSUED_KEY\n\
         ------- stderr -------\n\
         error: `ISSUED_KEY` has no value in production: it was not brought in yet\n\
         \x20 hint: bring it in: mintage import ISSUED_KEY -e production\n\
         [exit status: 1]\n\
         \n\
         --only not a name\n\
         ------- stderr -------\n\
         error: what was given for `--only <A,B>` does not fit\n\
         \x20 caused by: not a name: a letter or `_`, then letters, digits or `_`, at most 128 characters\n\
         \x20 hint: see: mintage --help, mintage COMMAND --help\n\
         [exit status: 2]\n\
         \n\
         --keep A\n\
         ------- stderr -------\n\
         error: missing: --clean\n\
         \x20 hint: see: mintage --help, mintage COMMAND --help\n\
         [exit status: 2]\n\
         \n\
         --clean --keep SOPS_AGE_KEY\n\
         ------- stderr -------\n\
         error: `SOPS_AGE_KEY` opens the store and is never passed on\n\
         \x20 hint: give the command the values that it needs: --only NAME,NAME\n\
         [exit status: 2]\n\
         \n\
         --json\n\
         ------- stderr -------\n\
         error: standard output belongs to the command, so there is no document of it\n\
         \x20 hint: see what would be set: mintage run --dry-run --json\n\
         [exit status: 2]\n"
    );
}

#[test]
fn commands_that_do_not_start() {
    let sandbox = backend();
    sandbox.write("plain", "text");
    chmod(&sandbox.project().join("plain"), 0o644);
    sandbox.write("lost", "#!/nowhere/interpreter\n");
    chmod(&sandbox.project().join("lost"), 0o755);

    let texts: Vec<String> = [
        &["no-such-program"][..],
        &["./no-such-program"],
        &[""],
        &["./plain"],
        &["/"],
        &["./lost"],
    ]
    .iter()
    .map(|command| not_started(&sandbox, command).whole())
    .collect();

    assert_eq!(
        texts.join("\n"),
        "------- stderr -------\n\
         error: there is no program `no-such-program`\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: check its name, or name it by its path; the command comes after `--`\n\
         [exit status: 127]\n\
         \n\
         ------- stderr -------\n\
         error: there is no program `./no-such-program`\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: check its name, or name it by its path; the command comes after `--`\n\
         [exit status: 127]\n\
         \n\
         ------- stderr -------\n\
         error: the command has no name\n\
         \x20 hint: the command comes after `--`: mintage run -e ENVIRONMENT -- COMMAND\n\
         [exit status: 2]\n\
         \n\
         ------- stderr -------\n\
         error: `./plain` is no program that can be run\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: check its permissions: chmod +x FILE, or name its interpreter before it\n\
         [exit status: 126]\n\
         \n\
         ------- stderr -------\n\
         error: `/` is no program that can be run\n\
         \x20 state: nothing was run, and no value left the store\n\
         \x20 hint: check its permissions: chmod +x FILE, or name its interpreter before it\n\
         [exit status: 126]\n\
         \n\
         ------- stderr -------\n\
         error: the system does not start `./lost`\n\
         \x20 caused by: No such file or directory (os error 2)\n\
         \x20 state: nothing was run; the audit log names the values that would have been handed out\n\
         \x20 hint: check that it is a program of this machine, and that its interpreter is there\n\
         [exit status: 127]\n"
    );
}

#[test]
fn a_command_without_its_dashes_or_behind_an_assignment() {
    let sandbox = backend();

    let dashes = sandbox.command(["run", "-e", "production", "env"]).refused();
    let nothing = sandbox.command(["run", "-e", "production"]).refused();
    let assignment = sandbox
        .command(["run", "-e", "production", "--", "TOKEN=hunter2", "env"])
        .refused();

    assert_eq!(
        [dashes.whole(), nothing.whole(), assignment.whole()].join("\n"),
        "------- stderr -------\n\
         error: there is an argument too many\n\
         \x20 hint: the command comes after `--`: mintage run -e ENVIRONMENT -- COMMAND\n\
         \x20 hint: see: mintage --help, mintage COMMAND --help\n\
         [exit status: 2]\n\
         \n\
         ------- stderr -------\n\
         error: there is no command to run\n\
         \x20 hint: the command comes after `--`: mintage run -e ENVIRONMENT -- COMMAND\n\
         \x20 hint: see: mintage --help, mintage COMMAND --help\n\
         [exit status: 2]\n\
         \n\
         ------- stderr -------\n\
         error: the command begins with an assignment\n\
         \x20 hint: set other variables with env: -- env NAME=value COMMAND; a secret has no place there\n\
         [exit status: 2]\n"
    );
}

#[test]
fn more_than_the_system_hands_to_a_program() {
    let sandbox = Sandbox::new();
    let secrets: String = (0..6)
        .map(|number| format!("[secrets.KEY_{number}]\nkind = \"issued\"\n"))
        .collect();
    sandbox.write("policy.toml", format!("schema = 1\nname = \"x\"\n{secrets}"));
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    for number in 0..6 {
        sandbox
            .command(["import", &format!("KEY_{number}"), "-e", "production"])
            .stdin("0123456789abcdef".repeat(4_000))
            .run()
            .succeeds();
    }
    let run = |stack: u32| {
        let script = format!("ulimit -s {stack}; exec \"$@\"");
        let command = [
            "sh",
            "-c",
            &script,
            "sh",
            program(),
            "run",
            "-e",
            "production",
            "--no-check",
            "--",
            "true",
        ];
        std::process::Command::new(command[0])
            .args(&command[1..])
            .current_dir(sandbox.project())
            .env_clear()
            .envs(sandbox.environment())
            .output()
            .unwrap()
    };

    // A quarter of the stack is for arguments and environment (execve(2)).
    let small = run(1_024);
    let large = run(8_192);

    let said = String::from_utf8(small.stderr).unwrap();
    assert!(
        said.starts_with("error: arguments and environment take 384")
            && said.ends_with(
                "bytes, more than the system hands to a program\n\
                 \x20 state: nothing was run; the audit log names the values that would have been handed out\n\
                 \x20 hint: hand out fewer values: --only NAME,NAME\n\
                 \x20 hint: or pass less of this environment on: --clean\n"
            ),
        "{said}"
    );
    assert_eq!(small.status.code(), Some(126));
    assert_eq!(large.status.code(), Some(0));
}

#[test]
fn values_of_a_damaged_store() {
    let sandbox = backend();
    let values = sandbox.project().join(".mintage/production/values/JWT_SECRET");
    let file = fs::read_dir(values).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();

    let said = refused(&sandbox, &[]);

    assert!(
        said.contains("`JWT_SECRET` in production is damaged, so its value is not used"),
        "{said}"
    );
    assert!(said.ends_with("[exit status: 6]\n"), "{said}");
    // A command that does not need it runs.
    sandbox
        .run(["run", "-e", "production", "--only", "DB_PASSWORD", "--", "true"])
        .succeeds();
}
