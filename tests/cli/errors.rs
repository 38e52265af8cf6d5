//! Bad input of every sort: one clear error, the state of things, the next command, and not a byte changed.

use std::fs;

use crate::sandbox::Sandbox;
use crate::sandbox::all_refused;
use crate::sandbox::chmod;
use crate::sandbox::program;
use crate::sandbox::tool;

#[test]
fn another_identity_does_not_open_the_store() {
    let sandbox = Sandbox::minted();
    let stranger = new_identity(&sandbox, "stranger.txt");
    fs::remove_file(sandbox.identity()).unwrap();

    for command in STORE_COMMANDS {
        let output = sandbox
            .command(*command)
            .env("MINTAGE_IDENTITY", &stranger)
            .refused();
        assert_eq!(
            output.whole(),
            "------- stderr -------\n\
             error: cannot open `keys.age`\n\
             \x20 caused by: no identity at hand can open it (1 tried)\n\
             \x20 state: nothing was changed\n\
             \x20 hint: name the right identity: mintage -i FILE …\n\
             \x20 hint: who can decrypt stands in .mintage/store.toml\n\
             [exit status: 6]\n"
        );
    }
}

#[test]
fn without_an_identity_the_error_says_where_one_is_looked_for() {
    let sandbox = Sandbox::minted();
    fs::remove_file(sandbox.identity()).unwrap();

    for command in STORE_COMMANDS {
        let output = sandbox.command(*command).refused();
        assert_eq!(
            output.whole(),
            "------- stderr -------\n\
             error: cannot open `keys.age`\n\
             \x20 caused by: no identity was found\n\
             \x20 state: nothing was changed\n\
             \x20 hint: name the identity: mintage -i FILE …, or MINTAGE_IDENTITY=FILE\n\
             \x20 hint: mintage looks in $XDG_CONFIG_HOME/mintage/identity.txt, the sops age key file, the keychain and ~/.ssh too\n\
             [exit status: 1]\n"
        );
    }
}

#[test]
fn an_identity_that_was_named_and_is_not_there_is_an_error() {
    let sandbox = Sandbox::minted();
    let nowhere = sandbox.beside("nowhere.txt");

    let output = sandbox
        .command([
            "-i",
            nowhere.to_str().unwrap(),
            "reveal",
            "JWT_SECRET",
            "-e",
            "production",
        ])
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: identity file `ROOT/nowhere.txt` does not exist\n\
         \x20 state: nothing was changed\n\
         \x20 hint: check -i, MINTAGE_IDENTITY and SOPS_AGE_KEY_FILE\n\
         [exit status: 1]\n"
    );
}

#[test]
fn an_identity_that_others_can_read_is_refused_with_the_cure() {
    let sandbox = Sandbox::minted();
    let identity = new_identity(&sandbox, "open.txt");
    chmod(&identity, 0o644);

    let output = sandbox
        .command([
            "-i",
            identity.to_str().unwrap(),
            "reveal",
            "JWT_SECRET",
            "-e",
            "production",
        ])
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: identity file `ROOT/open.txt` can be read by others: its mode is 0644, 0600 is needed\n\
         \x20 state: nothing was changed\n\
         \x20 hint: chmod 600 ROOT/open.txt\n\
         [exit status: 1]\n"
    );
}

#[test]
fn the_default_identity_that_others_can_read_is_named_as_the_reason() {
    let sandbox = Sandbox::minted();
    chmod(&sandbox.identity(), 0o644);

    let output = sandbox
        .command(["reveal", "JWT_SECRET", "-e", "production"])
        .refused();

    assert!(output.said().contains("its mode is 0644"), "{output}");
    assert!(output.said().contains("chmod 600 "), "{output}");
}

#[test]
fn an_identity_file_that_holds_none_is_refused() {
    let sandbox = Sandbox::minted();
    let identity = sandbox.beside("empty.txt");
    fs::write(&identity, "nothing of the sort\n").unwrap();
    chmod(&identity, 0o600);

    let output = sandbox
        .command([
            "-i",
            identity.to_str().unwrap(),
            "reveal",
            "JWT_SECRET",
            "-e",
            "production",
        ])
        .refused();

    assert_eq!(output.code, 1);
    assert!(!output.stderr.contains("nothing of the sort"), "{output}");
}

#[test]
fn an_unknown_environment_is_refused_with_those_there_are() {
    let sandbox = Sandbox::minted();

    for command in [
        &["reveal", "JWT_SECRET", "-e", "prod"][..],
        &["create", "--all", "-e", "prod"],
        &["rotate", "JWT_SECRET", "-e", "prod"],
        &["import", "JWT_SECRET", "-e", "prod"],
        &["check", "-e", "prod"],
        &["score", "-e", "prod"],
        &["status", "-e", "prod"],
        &["remind", "-e", "prod"],
        &["history", "-e", "prod"],
        &["policy", "show", "-e", "prod"],
    ] {
        assert_eq!(
            sandbox.command(command).refused().whole(),
            "------- stderr -------\n\
             error: the policy has no environment `prod`\n\
             \x20 state: nothing was changed\n\
             \x20 hint: the policy has: production, development, test\n\
             [exit status: 1]\n"
        );
    }
}

#[test]
fn a_misspelt_secret_is_refused_with_the_nearest() {
    let sandbox = Sandbox::minted();

    for command in [
        &["create", "JWT_SECRT", "-e", "production"][..],
        &["rotate", "JWT_SECRT", "-e", "production"],
        &["import", "JWT_SECRT", "-e", "production"],
        &["score", "JWT_SECRT", "-e", "production"],
        &["history", "JWT_SECRT"],
        &["policy", "show", "JWT_SECRT"],
        &["reveal", "JWT_SECRT", "-e", "production"],
    ] {
        assert_eq!(
            sandbox.command(command).refused().whole(),
            "------- stderr -------\n\
             error: the policy has no secret `JWT_SECRT`\n\
             \x20 state: nothing was changed\n\
             \x20 hint: did you mean `JWT_SECRET`?\n\
             [exit status: 1]\n"
        );
    }
}

#[test]
fn an_issued_secret_without_a_value_is_never_said_to_be_mintable() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["reveal", "DUITKU_API_KEY", "-e", "production"])
        .refused();

    assert_eq!(output.code, 1);
    assert!(!output.stderr.contains("mintage create"), "{output}");
    assert!(
        output
            .stderr
            .contains("mintage import DUITKU_API_KEY -e production"),
        "{output}"
    );
}

#[test]
fn broken_toml_is_shown_with_its_place() {
    let sandbox = Sandbox::minted();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[secrets.A\nkind = \"hex\"\n",
    );

    for command in PROJECT_COMMANDS {
        let output = sandbox.command(*command).refused();
        assert_eq!(output.code, 1);
        assert!(output.stderr.contains("mintage.toml:3:11:"), "{output}");
        assert!(
            output.stderr.contains("  state: nothing was changed\n"),
            "{output}"
        );
    }
}

#[test]
fn an_unknown_key_is_shown_with_its_place_and_the_nearest() {
    let sandbox = Sandbox::minted();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[environments.production]\ntier = \"production\"\n[secrets.A]\nkind = \"hex\"\n  bites = 32\n",
    );

    let output = sandbox.command(["policy", "lint"]).refused();

    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("mintage.toml:7:3:"), "{output}");
    assert!(output.stderr.contains("`bytes`"), "{output}");
}

#[test]
fn a_policy_that_is_not_utf_8_is_refused_with_its_line() {
    let sandbox = Sandbox::minted();
    sandbox.write("mintage.toml", b"schema = 1\nname = \"\xff\"\n");

    for command in PROJECT_COMMANDS {
        let output = sandbox.command(*command).refused();
        assert_eq!(output.code, 1);
        assert!(
            output
                .stderr
                .starts_with("error: mintage.toml:2: not UTF-8 text\n"),
            "{output}"
        );
    }
}

#[test]
fn a_directory_without_a_policy_is_no_project() {
    let sandbox = Sandbox::new();

    for command in PROJECT_COMMANDS {
        assert_eq!(
            sandbox.command(*command).refused().whole(),
            "------- stderr -------\n\
             error: `ROOT/project` is no project: it has no mintage.toml\n\
             \x20 state: nothing was changed\n\
             \x20 hint: set one up: mintage init --policy web-app (see: mintage policy list)\n\
             \x20 hint: or name it: mintage -C DIR …\n\
             [exit status: 1]\n"
        );
    }
}

#[test]
fn a_project_without_a_store_says_how_to_set_one_up() {
    let sandbox = Sandbox::minted();
    fs::remove_dir_all(sandbox.project().join(".mintage")).unwrap();

    for output in all_refused(STORE_COMMANDS.iter().map(|command| sandbox.command(*command))) {
        assert_eq!(output.code, 1, "{output}");
        assert!(output.stderr.contains("mintage init"), "{output}");
    }
    sandbox.run(["status"]).succeeds();
}

#[test]
fn commands_that_change_something_never_guess_the_environment() {
    let sandbox = Sandbox::minted();

    for command in [
        &["create", "--all"][..],
        &["rotate", "JWT_SECRET"],
        &["import", "JWT_SECRET"],
        &["import", "--dotenv", "x"],
        &["reveal", "JWT_SECRET"],
    ] {
        assert_eq!(
            sandbox.command(command).refused().whole(),
            "------- stderr -------\n\
             error: no environment was named\n\
             \x20 hint: name it: -e production, or MINTAGE_ENV=production\n\
             [exit status: 2]\n"
        );
    }
}

#[test]
fn an_empty_mintage_env_is_no_environment() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["create", "--all"])
        .env("MINTAGE_ENV", "")
        .refused();

    assert_eq!(output.code, 2);
}

#[test]
fn a_bad_date_or_duration_is_refused_with_the_forms_there_are() {
    let sandbox = Sandbox::minted();

    for at in [
        "tomorrow",
        "2026-02-30",
        "2026-13-01",
        "+90",
        "90d",
        "",
        "21.11.2026",
        "2026-11-21T25:00:00Z",
    ] {
        let output = sandbox.command(["status", "--at", at]).refused();
        assert_eq!(
            output.whole(),
            "------- stderr -------\n\
             error: what was given for `--at <DATE>` does not fit\n\
             \x20 caused by: not a point in time: DATE, INSTANT or +90d\n\
             \x20 hint: see: mintage --help, mintage COMMAND --help\n\
             [exit status: 2]\n",
            "--at {at:?}"
        );
    }
    for within in ["5", "-5d", "5 days", "99999999999999999999d"] {
        let output = sandbox
            .command(["status", &format!("--within={within}")])
            .refused();
        assert_eq!(output.code, 2, "{output}");
    }
}

#[test]
fn dates_far_away_do_no_harm() {
    let sandbox = Sandbox::minted();

    let odd: Vec<String> = ["+9999y", "0001-01-01", "9999-12-31", "+99999999d"]
        .iter()
        .flat_map(|at| {
            [
                sandbox.run(["status", "--at", at]),
                sandbox.run(["remind", "--at", at]),
                sandbox.run(["history", "--since", at]),
            ]
        })
        .filter(|output| !matches!(output.code, 0 | 2 | 3) || output.stderr.contains("internal error"))
        .map(|output| format!("{}:\n{}", output.command, output.stderr))
        .collect();

    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn a_value_that_is_not_utf_8_is_not_imported() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["import", "UPSTASH_REDIS_REST_TOKEN", "-e", "production"])
        .stdin(b"\xff\xfe\x00binary")
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: the value for `UPSTASH_REDIS_REST_TOKEN` is refused: it is not UTF-8 text\n\
         \x20 state: nothing was changed\n\
         \x20 hint: encode it: base64 -w0 FILE | mintage import …\n\
         \x20 hint: take it all the same: --force\n\
         [exit status: 1]\n"
    );
}

#[test]
fn a_value_that_is_not_utf_8_is_not_judged() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["score", "-"])
        .stdin(b"fine\n\xff\xfe\n")
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: line 2 is not UTF-8 text\n\
         \x20 hint: judge binary keys in their encoded form: base64 -w0 FILE | mintage score -\n\
         [exit status: 1]\n"
    );
}

#[test]
fn a_hundred_megabytes_are_not_imported() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["import", "JWT_SECRET", "-e", "production"])
        .stdin(vec![b'x'; 100_000_000])
        .refused();

    assert_eq!(output.code, 1);
    assert!(
        output
            .stderr
            .contains("standard input holds more than 65536 bytes"),
        "{output}"
    );
    assert!(
        output.stderr.contains("  state: nothing was changed\n"),
        "{output}"
    );
}

#[test]
fn a_hundred_megabytes_are_not_judged() {
    let sandbox = Sandbox::minted();

    let one_line = vec![b'x'; 100_000_000];
    let many_lines = b"0123456789abcdef\n".repeat(6_250_000);
    let runs = [one_line, many_lines].map(|text| sandbox.command(["score", "-"]).stdin(text));

    for output in all_refused(runs) {
        assert_eq!(output.code, 1);
        assert!(output.stderr.contains("holds more than"), "{output}");
    }
}

#[test]
fn a_line_too_long_to_be_a_secret_is_not_judged() {
    let sandbox = Sandbox::new();

    let output = sandbox
        .command(["score", "-"])
        .stdin(vec![b'x'; 100_000])
        .refused();

    assert_eq!(output.code, 1);
    assert!(
        output.stderr.contains("line 1 holds more than 65536 bytes"),
        "{output}"
    );
}

#[test]
fn nothing_on_standard_input_is_nothing_to_judge_or_import() {
    let sandbox = Sandbox::minted();

    let outputs = all_refused([
        sandbox.command(["score", "-"]),
        sandbox.command(["import", "UPSTASH_REDIS_REST_TOKEN", "-e", "production"]),
    ]);

    for output in outputs {
        assert_eq!(output.code, 1, "{output}");
    }
}

#[test]
fn a_project_that_cannot_be_written_can_still_be_read() {
    let sandbox = Sandbox::minted();
    let read_only = |args: &[&str]| sandbox.command(args).read_only(sandbox.project()).run();
    let before = sandbox.tree();

    read_only(&["status"]).succeeds();
    read_only(&["remind"]).succeeds();
    read_only(&["history"]).succeeds();
    read_only(&["policy", "lint"]).succeeds();
    read_only(&["verify"]).succeeds();
    read_only(&["check", "-e", "production", "--process"]).exits(3);

    assert!(sandbox.tree() == before);
}

#[test]
fn a_project_that_cannot_be_written_is_not_set_up() {
    let sandbox = Sandbox::new();

    let output = sandbox
        .command(["init", "--policy", "lumiku"])
        .read_only(sandbox.project())
        .refused();

    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("\n  state: "), "{output}");
}

#[test]
fn shapes_that_cannot_be_are_refused() {
    let sandbox = Sandbox::new();

    let shapes: &[&[&str]] = &[
        &["hex", "--bytes", "0"],
        &["hex", "--bytes", "4000000000"],
        &["hex", "--bytes", "4"],
        &["password", "--length", "3"],
        &["password", "--length", "0"],
        &["alphanumeric", "--length", "1"],
        &["passphrase", "--words", "0"],
        &["passphrase", "--words", "2"],
        &["jwt-hs256", "--bytes", "8"],
        &["jwt-hs256", "--words", "8"],
        &["uuid", "--bytes", "4"],
        &["uuid-v7", "--bytes", "4"],
        &["webhook", "--prefix", "not a prefix"],
        &["password", "--charset", "digits", "--length", "8"],
        &["issued"],
        &["no-such-kind"],
    ];
    let runs = shapes
        .iter()
        .map(|args| sandbox.command(["generate"].iter().chain(*args)));

    let odd: Vec<String> = all_refused(runs)
        .iter()
        .filter(|output| {
            output.code != 2 || output.stderr.contains("inf bits") || output.stderr.contains("NaN")
        })
        .map(ToString::to_string)
        .collect();

    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn generate_out_never_overwrites_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("keys.txt", "mine\n");

    let output = sandbox
        .command(["generate", "hex", "--out", "keys.txt"])
        .refused();

    assert_eq!(output.code, 1);
    assert!(
        output.stderr.starts_with("error: `keys.txt` is there already\n"),
        "{output}"
    );
    assert!(
        !output.stderr.contains("ledger"),
        "no store is involved:\n{output}"
    );
    assert!(
        !output.stderr.contains("mintage verify"),
        "no store is involved:\n{output}"
    );
}

#[test]
fn a_shape_that_is_too_weak_says_by_how_much() {
    let sandbox = Sandbox::new();

    for length in ["1", "2", "3", "4", "8"] {
        let output = sandbox
            .command(["generate", "password", "--length", length])
            .refused();
        assert_eq!(output.code, 2, "{output}");
        assert!(
            !output.stderr.contains("inf bits"),
            "--length {length}:\n{output}"
        );
    }
}

#[test]
fn an_error_about_a_file_of_the_user_does_not_talk_of_the_store() {
    let sandbox = Sandbox::minted();
    let directory = sandbox.beside("directory");
    fs::create_dir(&directory).unwrap();
    let directory = directory.to_str().unwrap();
    let commands: &[&[&str]] = &[
        &["generate", "hex", "--out", directory],
        &["generate", "hex", "--out", "nowhere/file"],
        &["remind", "--out", "nowhere/file"],
        &["check", "-e", "production", "--env-file", directory],
        &["score", "--env-file", directory],
        &["policy", "lint", directory],
        &[
            "import",
            "JWT_SECRET",
            "-e",
            "production",
            "--from-file",
            directory,
        ],
        &["import", "--dotenv", directory, "-e", "production"],
    ];

    let odd: Vec<String> = all_refused(commands.iter().map(|command| sandbox.command(*command)))
        .iter()
        .filter(|output| {
            ["ledger", "mintage verify", "/.new-"]
                .iter()
                .any(|word| output.stderr.contains(word))
        })
        .map(|output| format!("{}:\n{}", output.command, output.said()))
        .collect();

    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn leftovers_are_named_are_no_damage_and_are_removed_on_request() {
    let sandbox = Sandbox::minted();
    let before = sandbox.tree();
    let stray = ".mintage/production/values/JWT_SECRET/01a1fdc8-cbf3-7ed9-92bb-cb611d320956.age";
    sandbox.write(stray, "");

    let named = sandbox.run(["verify"]).succeeds();
    let fixed = sandbox.run(["verify", "--fix"]).succeeds();

    assert!(
        named.text().starts_with(&format!("leftover: {stray}\nclean: ")),
        "{named}"
    );
    assert!(fixed.stderr.starts_with("1 leftover removed\n"), "{fixed}");
    assert!(!sandbox.project().join(stray).exists());
    assert_eq!(sandbox.tree().len(), before.len());
}

#[test]
fn generate_explains_on_standard_error_only() {
    let sandbox = Sandbox::new();

    let output = sandbox.run(["generate", "jwt-hs256", "--explain"]).succeeds();

    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    assert!(
        output.stderr.contains("strength   at least 256.0 bits"),
        "{}",
        output.stderr
    );
    let value = String::from_utf8(output.stdout).unwrap();
    assert!(
        !output.stderr.contains(value.trim_end()),
        "the value is in the explanation"
    );
}

#[test]
fn generate_out_writes_a_private_file_and_nothing_on_standard_output() {
    let sandbox = Sandbox::new();

    let output = sandbox
        .run(["generate", "hex", "--count", "3", "--out", "keys.txt"])
        .succeeds();

    assert!(output.stdout.is_empty());
    assert_eq!(sandbox.read("keys.txt").lines().count(), 3);
    let tree = sandbox.tree();
    let (mode, _) = &tree[&sandbox.project().join("keys.txt")];
    assert_eq!(format!("{:o}", mode & 0o777), "600");
}

#[test]
fn a_value_of_the_wrong_shape_is_refused_and_force_takes_it() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["import", "DUITKU_API_KEY", "-e", "production"])
        .stdin("much-too-short")
        .refused();
    let forced = sandbox
        .command([
            "import",
            "DUITKU_API_KEY",
            "-e",
            "production",
            "--force",
            "--json",
        ])
        .stdin("much-too-short")
        .run()
        .succeeds()
        .json();

    assert_eq!(output.code, 1);
    assert!(!output.stderr.contains("much-too-short"), "{output}");
    assert!(
        output.stderr.contains("mintage policy show DUITKU_API_KEY"),
        "{output}"
    );
    assert_eq!(forced["secrets"][0]["fate"], "added");
    assert!(forced["secrets"][0]["mismatch"].is_string());
    assert!(sandbox.reveal("DUITKU_API_KEY", "production") == b"much-too-short");
}

#[test]
fn the_same_value_twice_is_unchanged() {
    let sandbox = Sandbox::lumiku();
    let value = new_hex(&sandbox);
    let import = || {
        sandbox
            .command(["import", "REDIS_PASSWORD", "-e", "production", "--json"])
            .stdin(value.clone())
            .run()
            .succeeds()
            .json()
    };

    let first = import();
    let before = sandbox.read(".mintage/production/ledger.jsonl");
    let second = import();

    assert_eq!(first["secrets"][0]["fate"], "added");
    assert_eq!(second["secrets"][0]["fate"], "unchanged");
    assert_eq!(
        first["secrets"][0]["fingerprint"],
        second["secrets"][0]["fingerprint"]
    );
    assert!(sandbox.read(".mintage/production/ledger.jsonl") == before);
}

#[test]
fn a_compromised_value_does_not_come_back() {
    let sandbox = Sandbox::minted();
    let leaked = sandbox.reveal("JWT_SECRET", "production");
    sandbox
        .rotate("JWT_SECRET", &["--reason", "compromise"])
        .succeeds();

    for force in [&[][..], &["--force"]] {
        let args: Vec<&str> = ["import", "JWT_SECRET", "-e", "production"]
            .iter()
            .chain(force)
            .copied()
            .collect();
        let output = sandbox.command(&args).stdin(leaked.clone()).refused();
        assert_eq!(output.code, 1);
        assert_eq!(
            output.said(),
            "error: this value of `JWT_SECRET` is marked as compromised and is not taken back\n\
             \x20 state: nothing was changed\n\
             \x20 hint: mint a new one: mintage rotate JWT_SECRET -e production\n"
        );
    }
}

#[test]
fn an_env_file_brings_in_every_declared_secret() {
    let sandbox = Sandbox::lumiku();
    let (jwt, redis) = (new_hex(&sandbox), new_hex(&sandbox));
    let text = [
        b"PORT=3000\nexport JWT_SECRET=\"".as_slice(),
        jwt.trim_ascii_end(),
        b"\"\nREDIS_PASSWORD=",
        redis.trim_ascii_end(),
        b"   # of the cache\nDUITKU_API_KEY=\nNOT_DECLARED=x\n",
    ]
    .concat();
    sandbox.write(".env.production", text);

    let output = sandbox.run([
        "import",
        "--dotenv",
        ".env.production",
        "-e",
        "production",
        "--json",
    ]);

    let output = output.succeeds();
    let document = output.json();
    let names: Vec<_> = document["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["JWT_SECRET", "REDIS_PASSWORD"]);
    assert!(
        output
            .stderr
            .contains(".env.production:4: `DUITKU_API_KEY` is empty and left out"),
        "{output}"
    );
    assert!(sandbox.reveal("JWT_SECRET", "production") == jwt.trim_ascii_end());
    assert!(sandbox.reveal("REDIS_PASSWORD", "production") == redis.trim_ascii_end());
}

#[test]
fn an_env_file_with_one_bad_value_changes_nothing() {
    let sandbox = Sandbox::lumiku();
    let good = new_hex(&sandbox);
    let text = [b"DUITKU_API_KEY=nonsense\nREDIS_PASSWORD=".as_slice(), &good].concat();
    sandbox.write(".env.production", text);

    let output = sandbox
        .command(["import", "--dotenv", ".env.production", "-e", "production"])
        .refused();

    assert_eq!(output.code, 1);
    assert!(!output.stderr.contains("nonsense"), "{output}");
}

#[test]
fn an_env_file_without_a_declared_secret_is_refused() {
    let sandbox = Sandbox::lumiku();
    sandbox.write(".env.production", "PORT=3000\n");

    let output = sandbox
        .command(["import", "--dotenv", ".env.production", "-e", "production"])
        .refused();

    assert_eq!(output.code, 1);
}

#[test]
fn what_is_not_there_is_an_error_with_a_next_step() {
    let sandbox = Sandbox::minted();

    let commands: &[&[&str]] = &[
        &["import", "--dotenv", "nowhere", "-e", "production"],
        &[
            "import",
            "JWT_SECRET",
            "-e",
            "production",
            "--from-file",
            "nowhere",
        ],
        &[
            "import",
            "JWT_SECRET",
            "-e",
            "production",
            "--from-env",
            "NOWHERE",
        ],
        &[
            "import",
            "JWT_SECRET",
            "-e",
            "production",
            "--created",
            "2999-01-01",
        ],
        &["check", "-e", "production", "--env-file", "nowhere"],
        &["check", "-e", "production", "--example", "nowhere", "--process"],
        &["score", "--env-file", "nowhere"],
        &["policy", "lint", "nowhere"],
        &["policy", "show", "--preset", "nowhere"],
        &["init", "--policy", "nowhere"],
    ];

    for output in all_refused(commands.iter().map(|command| sandbox.command(*command))) {
        assert!(matches!(output.code, 1 | 2), "{output}");
    }
}

#[test]
fn dates_of_an_import_are_kept() {
    let sandbox = Sandbox::lumiku();
    let value = new_hex(&sandbox);
    let created = (chrono::Utc::now() - chrono::Days::new(60))
        .format("%Y-%m-%d")
        .to_string();

    sandbox
        .command([
            "import",
            "REDIS_PASSWORD",
            "-e",
            "production",
            "--created",
            &created,
            "--expires",
            "+10d",
        ])
        .stdin(value)
        .run()
        .succeeds();

    let document = sandbox.json(["status", "-e", "production"]);
    let rows = document["secrets"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == "REDIS_PASSWORD").unwrap();
    assert_eq!(row["age_days"], 60);
    assert_eq!(row["changed_at"], format!("{created}T00:00:00Z"));
    assert_eq!(row["state"], "due-soon", "it expires in 10 days");
    assert!(row["expires_at"].is_string());
}

#[test]
fn a_value_comes_from_a_file_a_variable_or_standard_input_and_loses_one_newline() {
    let sandbox = Sandbox::lumiku();
    fs::write(sandbox.beside("value"), "from-a-file-1234567890-abcdefghij\n\n").unwrap();
    let file = sandbox.beside("value");
    let args = ["import", "UPSTASH_REDIS_REST_TOKEN", "--force", "-e"];
    let import = |environment: &str, more: &[&str]| {
        let all: Vec<&str> = args.iter().chain(&[environment]).chain(more).copied().collect();
        sandbox
            .command(&all)
            .env("TOKEN", "from-a-variable")
            .stdin("from-stdin\r\n")
            .run()
            .succeeds();
        sandbox.reveal("UPSTASH_REDIS_REST_TOKEN", environment)
    };

    let from_file = import("production", &["--from-file", file.to_str().unwrap()]);
    let from_variable = import("development", &["--from-env", "TOKEN"]);
    let from_stdin = import("test", &[]);
    let verbatim = import("test", &["--from-file", "-", "--verbatim"]);

    assert!(
        from_file == b"from-a-file-1234567890-abcdefghij\n",
        "exactly one newline is stripped"
    );
    assert!(from_variable == b"from-a-variable");
    assert!(from_stdin == b"from-stdin");
    assert!(verbatim == b"from-stdin\r\n", "--verbatim keeps the newline");
}

#[test]
fn output_into_a_closed_pipe_is_no_bug() {
    let sandbox = Sandbox::new();
    let script = format!("{} generate hex --count 100000 | head -n 1 | wc -l", program());

    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(sandbox.project())
        .output()
        .unwrap();

    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1");
}

/// Commands that open the store.
const STORE_COMMANDS: &[&[&str]] = &[
    &["reveal", "JWT_SECRET", "-e", "production"],
    &["create", "--all", "-e", "development"],
    &["rotate", "JWT_SECRET", "-e", "production"],
    &["score", "-e", "production"],
    &["verify"],
];

/// Commands that read the policy.
const PROJECT_COMMANDS: &[&[&str]] = &[
    &["check", "-e", "production"],
    &["status"],
    &["remind"],
    &["history"],
    &["verify"],
    &["score", "-e", "production"],
    &["create", "--all", "-e", "production"],
    &["rotate", "JWT_SECRET", "-e", "production"],
    &["import", "JWT_SECRET", "-e", "production"],
    &["reveal", "JWT_SECRET", "-e", "production"],
    &["policy", "show"],
    &["policy", "lint"],
];

fn new_hex(sandbox: &Sandbox) -> Vec<u8> {
    sandbox.run(["generate", "hex"]).succeeds().stdout
}

fn new_identity(sandbox: &Sandbox, name: &str) -> std::path::PathBuf {
    let path = sandbox.beside(name);
    let made = std::process::Command::new(tool("age-keygen", "install age"))
        .args(["-o", path.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(made.status.success());
    path
}

#[test]
fn another_store_put_here_is_refused_until_it_is_accepted() {
    let sandbox = Sandbox::minted();
    let (here, aside) = (
        sandbox.project().join(".mintage"),
        sandbox.project().join("aside"),
    );
    std::fs::rename(&here, &aside).unwrap();
    sandbox.run(["init"]).succeeds();
    std::fs::remove_dir_all(&here).unwrap();
    std::fs::rename(&aside, &here).unwrap();

    let refused = sandbox.run(["create", "--all", "-e", "production"]);
    let kept = sandbox.run(["verify", "--fix"]);
    let accepted = sandbox.run(["verify", "--fix", "--accept-store"]);

    assert_eq!(refused.code, 6, "{refused}");
    assert!(
        refused.stderr.contains("verify --fix --accept-store"),
        "{refused}"
    );
    assert_eq!(kept.code, 6, "{kept}");
    assert_eq!(accepted.code, 0, "{accepted}");
    sandbox.rotate("REDIS_PASSWORD", &[]).succeeds();
}
