//! A policy that came with a repository runs nothing before it was approved here, and only what was approved.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::sandbox::Output;
use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::terminal::converse;

/// A project with one secret and a sink of type `command`, and a program that notes what it is given.
pub struct Bench {
    pub sandbox: Sandbox,
}

impl Bench {
    /// A minted secret; `fields` are those of the sink.
    pub fn new(fields: &str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("mintage.toml", policy(fields));
        sandbox.run(["init"]).succeeds();
        sandbox.run(["create", "--all", "-e", "production"]).succeeds();
        let bench = Self { sandbox };
        bench.tool("push-tool", "");
        bench
    }

    /// Puts a program on the search path that notes its arguments, environment and input, and then runs `more`.
    pub fn tool(&self, name: &str, more: &str) {
        let notes = self.notes();
        fs::create_dir_all(&notes).unwrap();
        let notes = notes.display();
        self.program(
            name,
            &format!(
                "#!/bin/sh\nprintf '%s\\n' \"$(basename \"$0\")\" \"$@\" >>{notes}/argv\n/usr/bin/env >{notes}/env\n\
                 ls /proc/self/fd >{notes}/fds\ncat >{notes}/stdin\n{more}\n"
            ),
        );
    }

    /// Puts a program on the search path.
    pub fn program(&self, name: &str, text: &str) {
        let place = self.sandbox.beside("bin").join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, text).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn notes(&self) -> PathBuf {
        self.sandbox.beside("notes")
    }

    /// What the program noted.
    pub fn note(&self, name: &str) -> Vec<u8> {
        fs::read(self.notes().join(name)).unwrap_or_default()
    }

    /// What the program noted, as lines.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let text = String::from_utf8(self.note(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Whether the program ever ran.
    pub fn ran(&self) -> bool {
        self.notes().join("argv").exists()
    }

    /// Prepares a run with the program on the search path.
    pub fn command(&self, args: &[&str]) -> Run<'_> {
        let path = format!(
            "{}:{}",
            self.sandbox.beside("bin").display(),
            std::env::var("PATH").unwrap()
        );
        self.sandbox
            .command(args)
            .env("PATH", path)
            .env("PUSH_TOKEN", "tok-9f3a1c77e2")
    }

    pub fn approve(&self) -> Output {
        self.command(&["policy", "approve", "--yes"]).run().succeeds()
    }

    pub fn rotate(&self) -> Run<'_> {
        self.command(&["rotate", "API_TOKEN", "-e", "production"])
    }
}

fn policy(fields: &str) -> String {
    format!(
        "schema = 1\n[secrets.API_TOKEN]\nkind = \"hex\"\nsinks = [\"push\"]\n[sinks.push]\ntype = \"command\"\n{fields}\n"
    )
}

const PUSH: &str = "set = [\"push-tool\", \"set\", \"{name}\", \"{environment}\"]\nenv = [\"PUSH_TOKEN\"]";

#[test]
fn nothing_runs_before_it_was_approved() {
    let bench = Bench::new(PUSH);

    let refused = bench.rotate().refused();

    assert_eq!(refused.code, 1, "{refused}");
    assert!(
        refused.stderr.contains("mintage policy approve push"),
        "{refused}"
    );
    assert!(!bench.ran());
}

#[test]
fn an_approved_program_gets_the_value_on_standard_input_and_nowhere_else() {
    let bench = Bench::new(PUSH);
    let shown = bench.approve();
    assert!(
        shown.text().contains("bin/push-tool set {name} {environment}"),
        "{shown}"
    );

    bench.rotate().run().succeeds();

    let value = bench.sandbox.reveal("API_TOKEN", "production");
    assert!(
        bench.note("stdin") == value,
        "standard input is not exactly the value"
    );
    assert_eq!(
        bench.lines("argv"),
        ["push-tool", "set", "API_TOKEN", "production"]
    );
    let mut names: Vec<String> = bench
        .lines("env")
        .iter()
        .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
        .filter(|name| !["PWD", "SHLVL", "_", "OLDPWD"].contains(&name.as_str()))
        .collect();
    names.sort();
    assert_eq!(names, ["PATH", "PUSH_TOKEN"]);
    // `ls` opens one more to list them.
    assert_eq!(bench.lines("fds"), ["0", "1", "2", "3"]);
}

#[test]
fn a_policy_changed_by_a_pull_cannot_run_anything() {
    let bench = Bench::new(PUSH);
    bench.approve();
    let sandbox = &bench.sandbox;
    let git = |directory: &str, args: &[&str]| {
        let mut all = vec![
            "-C",
            directory,
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
        ];
        all.extend(args);
        sandbox.git(&all)
    };
    git(".", &["add", "-A"]);
    git(".", &["commit", "--quiet", "-m", "first"]);
    let colleague = sandbox.beside("colleague");
    let colleague = colleague.to_str().unwrap();
    git(".", &["clone", "--quiet", ".", colleague]);
    for fields in [
        "set = [\"push-tool\", \"set\", \"{name}\", \"elsewhere\"]\nenv = [\"PUSH_TOKEN\"]",
        "set = [\"sh\", \"-c\", \"true\"]\nenv = [\"PUSH_TOKEN\"]",
        "set = [\"push-tool\", \"set\", \"{name}\", \"{environment}\"]\nenv = [\"PUSH_TOKEN\", \"HOME\"]",
        "set = [\"push-tool\", \"set\", \"{name}\", \"{environment}\"]\nenv = [\"PUSH_TOKEN\"]\nstdin = \"json\"",
        "set = [\"push-tool\", \"set\", \"{name}\", \"{environment}\"]\nenv = [\"PUSH_TOKEN\"]\ntest = [\"push-tool\", \"x\"]",
    ] {
        fs::write(format!("{colleague}/mintage.toml"), policy(fields)).unwrap();
        git(colleague, &["commit", "--quiet", "-a", "-m", "change"]);
        git(".", &["pull", "--quiet", colleague]);

        let refused = bench.rotate().refused();

        assert!(
            refused.stderr.contains("was changed since it was approved"),
            "{refused}"
        );
        assert!(!bench.ran(), "{fields}");
    }
    let listed = bench.command(&["policy", "approve", "--list"]).run().succeeds();
    assert!(listed.text().contains("changed"), "{listed}");
    assert!(listed.stderr.contains("`test` is new: push-tool x"), "{listed}");
}

#[test]
fn a_script_of_the_project_is_pinned_by_its_content() {
    for words in [
        "\"./push.sh\", \"{name}\"",
        "\"sh\", \"push.sh\"",
        "\"sh\", \"--\", \"push.sh\"",
    ] {
        let bench = Bench::new(&format!("set = [{words}]"));
        bench.sandbox.write("push.sh", "#!/bin/sh\ncat >../first\n");
        let script = bench.sandbox.project().join("push.sh");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        bench.approve();
        bench.rotate().run().succeeds();
        assert!(bench.sandbox.beside("first").exists());

        fs::write(&script, "#!/bin/sh\ncat >../second\n").unwrap();
        let refused = bench.rotate().refused();

        assert!(
            refused.stderr.contains("the file push.sh was changed"),
            "{refused}"
        );
        assert!(!bench.sandbox.beside("second").exists());
    }
}

#[test]
fn a_link_of_the_project_that_leads_elsewhere_is_not_approved() {
    for (words, link) in [
        ("\"./push\"", "push"),
        ("\"sh\", \"push\"", "push"),
        ("\"./tools/push-tool\"", "tools"),
        ("\"./tools/../bin/push-tool\"", "tools"),
    ] {
        let bench = Bench::new(&format!("set = [{words}]"));
        let bin = bench.sandbox.beside("bin");
        let target = if link == "tools" {
            bin
        } else {
            bin.join("push-tool")
        };
        std::os::unix::fs::symlink(target, bench.sandbox.project().join(link)).unwrap();

        let refused = bench.command(&["policy", "approve", "--yes"]).run();

        assert_eq!(refused.code, 1, "{refused}");

        assert!(
            refused.stderr.contains("through a link of the project"),
            "{refused}"
        );
    }
}

#[test]
fn a_link_that_was_put_in_the_place_of_a_script_is_refused() {
    let bench = Bench::new("set = [\"sh\", \"push.sh\"]");
    bench.sandbox.write("push.sh", "cat >/dev/null\n");
    bench.approve();
    let script = bench.sandbox.project().join("push.sh");
    fs::remove_file(&script).unwrap();
    std::os::unix::fs::symlink(bench.sandbox.beside("bin/push-tool"), &script).unwrap();

    let refused = bench.rotate().refused();

    assert!(
        refused.stderr.contains("through a link of the project"),
        "{refused}"
    );
    assert!(!bench.ran());
}

#[test]
fn a_file_that_the_name_of_a_secret_picks_has_to_be_approved_too() {
    let bench = Bench::new("set = [\"sh\", \"{name}.sh\"]");
    bench.sandbox.write("API_TOKEN.sh", "cat >../ran\n");
    bench.approve();

    let output = bench.rotate().run();

    assert_ne!(output.code, 0);
    assert!(output.stderr.contains("nobody approved"), "{output}");
    assert!(!bench.sandbox.beside("ran").exists());
}

#[test]
fn another_search_path_does_not_bring_another_program() {
    let bench = Bench::new(PUSH);
    bench.approve();
    let other = bench.sandbox.beside("other");
    fs::create_dir_all(&other).unwrap();
    let impostor = other.join("push-tool");
    fs::write(&impostor, format!("#!/bin/sh\ncat >{}/stolen\n", other.display())).unwrap();
    fs::set_permissions(&impostor, fs::Permissions::from_mode(0o755)).unwrap();
    let inside = bench.sandbox.project().join("bin");
    fs::create_dir_all(&inside).unwrap();
    let path = format!("{}:.:{}:/usr/bin:/bin", other.display(), inside.display());

    bench.rotate().env("PATH", path).run().succeeds();

    assert!(bench.ran() && !other.join("stolen").exists());
    let path = bench
        .lines("env")
        .into_iter()
        .find(|line| line.starts_with("PATH="))
        .unwrap();
    assert_eq!(
        path,
        format!("PATH={}:/usr/bin:/bin", other.display()),
        "`.` and the project are left out"
    );
}

#[test]
fn a_program_that_others_may_change_is_not_approved() {
    let bench = Bench::new(PUSH);
    let program = bench.sandbox.beside("bin/push-tool");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o757)).unwrap();

    let refused = bench.command(&["policy", "approve", "--yes"]).refused();

    assert!(refused.stderr.contains("everybody may change"), "{refused}");
    fs::remove_file(&program).unwrap();
    let refused = bench.command(&["policy", "approve", "--yes"]).refused();
    assert!(
        refused.stderr.contains("there is no program `push-tool`"),
        "{refused}"
    );
}

#[test]
fn nobody_is_asked_in_a_pipe_and_a_no_is_a_no() {
    let bench = Bench::new(PUSH);
    let output = bench.command(&["policy", "approve"]).run();
    assert_eq!(output.code, 1, "{output}");
    assert!(output.stderr.contains("--yes"), "{output}");

    for (answer, code) in [("no\n", 1), ("\n", 1), ("y\n", 0)] {
        let mut environment = bench.sandbox.environment();
        let path = format!(
            "{}:{}",
            bench.sandbox.beside("bin").display(),
            environment["PATH"]
        );
        environment.insert("PATH".to_owned(), path);
        let session = converse(
            &PathBuf::from(env!("CARGO_BIN_EXE_mintage")),
            &["policy", "approve"],
            &bench.sandbox.project(),
            &environment,
            &[("[y/N]", answer)],
        );
        assert_eq!(session.code, code, "{}", session.screen);
        let refused = bench.rotate().run().code != 0;
        assert_eq!(refused, code != 0, "{answer:?}");
    }
}

#[test]
fn approvals_are_recorded_listed_and_taken_back() {
    let bench = Bench::new(PUSH);
    bench.approve();
    let document = bench
        .command(&["policy", "approve", "--list", "--json"])
        .run()
        .succeeds()
        .json();
    assert_eq!(document["sinks"][0]["state"], "approved");
    assert_eq!(document["sinks"][0]["commands"][0]["arguments"][1], "{name}");

    bench.command(&["policy", "approve", "--revoke"]).run().succeeds();

    let refused = bench.rotate().refused();
    assert!(refused.stderr.contains("nobody approved"), "{refused}");
    assert!(!bench.ran());
    let history = bench.sandbox.json(["history"]);
    let told: Vec<(String, String)> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["sink"] == "push")
        .map(|event| {
            (
                event["action"].as_str().unwrap().to_owned(),
                event["phase"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("approve", "intent"),
        ("approve", "done"),
        ("withdraw", "intent"),
        ("withdraw", "done"),
    ];
    assert_eq!(
        told,
        expected.map(|(action, phase)| (action.to_owned(), phase.to_owned()))
    );
}

#[test]
fn approvals_are_private_and_those_of_one_directory_alone() {
    let bench = Bench::new(PUSH);
    bench.approve();
    let state = bench.sandbox.home().join(".local/state/mintage");
    let mut approvals = Vec::new();
    for store in fs::read_dir(state).unwrap() {
        let store = store.unwrap().path();
        for file in fs::read_dir(&store).unwrap().map(|file| file.unwrap().path()) {
            if file
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("approvals-")
            {
                approvals.push(file);
            }
        }
    }
    assert_eq!(approvals.len(), 1);
    assert_eq!(
        fs::metadata(&approvals[0]).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let copy = bench.sandbox.beside("copy");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg(bench.sandbox.project())
        .arg(&copy)
        .status();
    assert!(copied.unwrap().success());

    let output = bench.rotate().inside(&copy).run();

    assert!(output.stderr.contains("nobody approved"), "{output}");
    assert!(!bench.ran());
}

#[test]
fn no_byte_of_a_value_or_a_token_comes_back_from_a_program_that_repeats_it() {
    let forms = "v=$(cat NOTES/stdin); printf '%s' \"$v\" | base64 -w0; printf '%s' \"$v\" | od -An -tx1; \
                 printf 'x%s' \"$v\" | base64; echo \"$v\"; echo \"{\\\"value\\\":\\\"$v\\\"}\"";
    let bench = Bench::new(PUSH);
    for script in [
        format!("{forms}; exit 1"),
        format!("{{ {forms}; }} >&2; exit 1"),
        "cut -c1-9 NOTES/stdin >&2; exit 1".to_owned(),
        "echo \"bad token $PUSH_TOKEN\" >&2; exit 1".to_owned(),
        "kill -9 $$".to_owned(),
    ] {
        let notes = bench.sandbox.beside("notes");
        bench.tool("push-tool", &script.replace("NOTES", notes.to_str().unwrap()));
        bench.approve();

        for extra in [&[][..], &["--json"], &["-v"]] {
            let mut args = vec!["rotate", "API_TOKEN", "-e", "production"];
            args.extend(extra);
            let output = bench.command(&args).run();

            assert_eq!(output.code, 5, "{script}");
            let value = String::from_utf8(bench.note("stdin")).unwrap();
            assert_eq!(value.len(), 64);
            let whole = output.whole();
            for piece in [
                value[..8].to_owned(),
                value[50..].to_owned(),
                STANDARD.encode(&value)[..8].to_owned(),
                STANDARD.encode(format!("x{value}"))[4..12].to_owned(),
                hex::encode(&value)[..10].to_owned(),
                "9f3a1c77e2".to_owned(),
            ] {
                assert!(
                    !whole.contains(&piece),
                    "a part of a secret is in the output of: {script}"
                );
            }
        }
        bench.tool("push-tool", "");
        bench
            .command(&["rotate", "--abort", "-e", "production"])
            .run()
            .succeeds();
    }
}

#[test]
fn a_program_that_hangs_is_killed_and_the_rotation_goes_on_later() {
    let bench = Bench::new(&format!("{PUSH}\ntimeout = \"1s\""));
    bench.tool("push-tool", "sleep 60");
    bench.approve();

    let output = bench.rotate().run();

    assert_eq!(output.code, 5, "{output}");
    assert!(output.stderr.contains("did not end within 1 seconds"), "{output}");
    bench.tool("push-tool", "");
    bench.rotate().run().succeeds();
    let value = bench.sandbox.reveal("API_TOKEN", "production");
    assert!(bench.note("stdin") == value);
}
