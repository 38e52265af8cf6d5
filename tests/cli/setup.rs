//! `init`: from a preset, a file, or what the application documents; and never over anything that is there.

use std::fs;
use std::path::PathBuf;

use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::files_below;
use crate::sandbox::tool;

#[test]
fn every_env_example_becomes_a_policy_without_mistakes_whose_secrets_can_be_minted() {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/env");
    let examples: Vec<PathBuf> = files_below(&fixtures)
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(".env.example"))
        .collect();
    assert!(examples.len() >= 15, "the fixtures are there");

    for example in examples {
        let sandbox = Sandbox::new();
        let name = example.display();

        let init = sandbox.run(["init", "--from", example.to_str().unwrap()]);
        assert_eq!(init.code, 0, "{name}:\n{init}");
        let lint = sandbox.run(["policy", "lint"]);
        assert_eq!(lint.code, 0, "{name}:\n{lint}");
        let create = sandbox.run(["create", "--all", "-e", "production"]);
        assert_eq!(create.code, 0, "{name}:\n{create}");
        let score = sandbox.run(["score", "-e", "production"]);
        assert_eq!(score.code, 0, "{name}:\n{score}");
    }
}

#[test]
fn every_preset_sets_a_project_up_whose_secrets_can_be_minted() {
    let lists = Sandbox::new().json(["policy", "list"]);

    for preset in lists["presets"].as_array().unwrap() {
        let sandbox = Sandbox::new();
        let name = preset["name"].as_str().unwrap();
        sandbox.run(["init", "--policy", name]).succeeds();
        sandbox.run(["policy", "lint"]).succeeds();
        let create = sandbox.run(["create", "--all", "-e", "production"]);
        assert_eq!(create.code, 0, "{name}:\n{create}");
        sandbox.run(["score", "-e", "production"]).succeeds();
    }
}

#[test]
fn without_a_word_the_examples_in_the_directory_are_taken() {
    let sandbox = Sandbox::new();
    sandbox.write(".env.example", "PORT=3000\nSESSION_SECRET=change-me\n");

    let output = sandbox.run(["init"]).succeeds();

    assert!(output.text().contains("SESSION_SECRET"), "{output}");
    sandbox
        .run(["create", "SESSION_SECRET", "-e", "production"])
        .succeeds();
}

#[test]
fn without_anything_to_start_from_init_says_what_it_needs() {
    let sandbox = Sandbox::new();

    let output = sandbox.command(["init"]).refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: there is no policy to start from\n\
         \x20 state: nothing was changed\n\
         \x20 hint: start from a preset: mintage init --policy web-app (see: mintage policy list)\n\
         \x20 hint: or from what the application documents: mintage init --from .env.example\n\
         [exit status: 1]\n"
    );
    assert!(
        files_below(&sandbox.home()).is_empty(),
        "no identity was made for nothing"
    );
}

#[test]
fn a_plaintext_env_file_to_start_from_leaves_none_of_its_values_behind() {
    let sandbox = Sandbox::new();
    let value = sandbox.run(["generate", "hex"]).succeeds().stdout;
    let env_file = sandbox.beside("values.env");
    fs::write(&env_file, [b"API_SECRET=".as_slice(), &value].concat()).unwrap();

    let output = sandbox
        .run(["init", "--from", env_file.to_str().unwrap()])
        .succeeds();

    let value = value.trim_ascii_end();
    let holds = |bytes: &[u8]| bytes.windows(value.len()).any(|window| window == value);
    assert!(
        !holds(&output.stdout) && !holds(output.stderr.as_bytes()),
        "a value was printed"
    );
    for path in files_below(&sandbox.project()) {
        assert!(
            !holds(&fs::read(&path).unwrap()),
            "{} holds a value",
            path.display()
        );
    }
}

#[test]
fn every_file_that_the_policy_keeps_out_of_git_is_ignored() {
    let sandbox = Sandbox::new();

    sandbox.run(["init", "--policy", "lamsa"]).succeeds();

    let rules = sandbox.read(".gitignore");
    for rule in [".env", ".env.*", "/apns.p8", "/firebase-service-account.json"] {
        assert!(
            rules.lines().any(|line| line == rule),
            "{rule} is not in:\n{rules}"
        );
    }
}

#[test]
fn a_second_init_changes_nothing() {
    let sandbox = Sandbox::minted();
    let home: Vec<_> = files_below(&sandbox.home())
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();

    for args in [
        &["init"][..],
        &["init", "--policy", "web-app"],
        &["init", "--from", "mintage.toml"],
    ] {
        let output = sandbox.command(args).refused();
        assert_eq!(output.code, 1);
        assert_eq!(
            output.said(),
            "error: this project has a policy and a store already\n\
             \x20 state: nothing was changed\n\
             \x20 hint: mint what is missing: mintage create --all -e ENVIRONMENT\n\
             \x20 hint: see what there is: mintage status\n"
        );
    }
    for (path, content) in home {
        assert!(fs::read(&path).unwrap() == content, "{} changed", path.display());
    }
}

#[test]
fn a_policy_that_is_there_is_kept_byte_for_byte() {
    let sandbox = Sandbox::new();
    let text = "# mine\nschema = 1\nname = \"mine\"\nextends = \"lumiku\"\n";
    sandbox.write("mintage.toml", text);

    sandbox.run(["init", "--policy", "web-app"]).succeeds();

    assert_eq!(sandbox.read("mintage.toml"), text);
}

#[test]
fn an_identity_that_is_there_is_used() {
    let sandbox = Sandbox::lumiku();
    let identity = fs::read(sandbox.identity()).unwrap();
    let other = Sandbox::new();
    fs::create_dir_all(other.identity().parent().unwrap()).unwrap();
    fs::copy(sandbox.identity(), other.identity()).unwrap();

    other.run(["init", "--policy", "lumiku"]).succeeds();

    assert!(
        fs::read(other.identity()).unwrap() == identity,
        "the identity was replaced"
    );
    other.run(["create", "--all", "-e", "production"]).succeeds();
}

#[test]
fn an_identity_that_others_can_read_is_named_as_the_reason() {
    let sandbox = Sandbox::lumiku();
    let other = Sandbox::new();
    let identity = other.beside("open.txt");
    fs::copy(sandbox.identity(), &identity).unwrap();
    chmod(&identity, 0o644);

    let output = other
        .command(["-i", identity.to_str().unwrap(), "init", "--policy", "lumiku"])
        .refused();

    assert_eq!(
        output.said(),
        "error: identity file `ROOT/open.txt` can be read by others: its mode is 0644, 0600 is needed\n\
         \x20 state: nothing was changed\n\
         \x20 hint: chmod 600 ROOT/open.txt\n"
    );
}

#[test]
fn a_dry_run_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write(".env.example", "SESSION_SECRET=change-me\n");
    let before = files_below(sandbox.everything());

    sandbox.run(["init", "--dry-run"]).succeeds();
    sandbox
        .run(["init", "--policy", "lumiku", "--dry-run"])
        .succeeds();

    assert_eq!(files_below(sandbox.everything()), before);
}

#[test]
fn a_recovery_recipient_opens_everything_too() {
    let sandbox = Sandbox::new();
    let recovery = sandbox.beside("recovery.txt");
    let made = std::process::Command::new(tool("age-keygen", "install age"))
        .args(["-o", recovery.to_str().unwrap()])
        .output()
        .unwrap();
    let told = String::from_utf8(made.stderr).unwrap();
    let recipient = told.trim().rsplit(' ').next().unwrap().to_owned();

    let output = sandbox
        .run([
            "init",
            "--policy",
            "lumiku",
            "--recipient",
            &format!("recovery={recipient}"),
        ])
        .succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    let value = sandbox.reveal("JWT_SECRET", "production");
    fs::remove_file(sandbox.identity()).unwrap();
    let recovered = sandbox
        .run([
            "-i",
            recovery.to_str().unwrap(),
            "reveal",
            "JWT_SECRET",
            "-e",
            "production",
        ])
        .succeeds();

    assert!(!output.stderr.contains("one identity alone"), "{output}");
    assert!(sandbox.read(".mintage/store.toml").contains("recovery"));
    assert!(recovered.stdout == value, "another value came back");
}

#[test]
fn what_is_no_public_key_is_no_recipient_and_is_not_repeated() {
    let sandbox = Sandbox::new();
    let identity = Sandbox::lumiku();
    let text = fs::read_to_string(identity.identity()).unwrap();
    let secret = text
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-"))
        .unwrap();

    for recipient in [secret, "age1nonsense", "ssh-ed25519 nonsense", "hunter2"] {
        let output = sandbox
            .command(["init", "--policy", "lumiku", "--recipient", recipient])
            .refused();
        assert_eq!(output.code, 2, "{output}");
        assert!(
            !output.stderr.contains("AGE-SECRET-KEY"),
            "the private key is repeated"
        );
        assert!(!output.stderr.contains("hunter2"), "{output}");
    }
}

#[test]
fn a_preset_that_does_not_exist_is_refused_with_the_nearest() {
    let sandbox = Sandbox::new();

    let output = sandbox.command(["init", "--policy", "lumiko"]).refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: `lumiko` is neither a preset nor a file\n\
         \x20 state: nothing was changed\n\
         \x20 hint: see the presets: mintage policy list\n\
         \x20 hint: did you mean `lumiku`?\n\
         [exit status: 1]\n"
    );
}
