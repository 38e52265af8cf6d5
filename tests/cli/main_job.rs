//! The first five minutes: set up, mint, look, judge; and nothing secret anywhere but in the values' own files.

use std::collections::BTreeSet;
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::files_below;

#[test]
fn three_commands_make_every_secret_that_the_preset_generates_with_nothing_else_installed() {
    let sandbox = Sandbox::new();
    let alone = |args: &[&str]| {
        sandbox
            .command(args)
            .env("PATH", sandbox.beside("no-programs"))
            .run()
    };

    alone(&["init", "--policy", "lumiku"]).succeeds();
    alone(&["create", "--all", "-e", "production"]).succeeds();
    alone(&["status"]).succeeds();
    alone(&["score", "-e", "production"]).succeeds();

    let generated = generated_names(&sandbox);
    assert!(generated.contains("JWT_SECRET"));
    assert_eq!(present_names(&sandbox), generated);
}

#[test]
fn what_create_prints_is_names_kinds_bits_and_fingerprints() {
    let sandbox = Sandbox::lumiku();

    let output = sandbox.run(["create", "--all", "-e", "production"]);

    assert_eq!(
        output.whole(),
        "NAME               KIND       BITS  FINGERPRINT   STAGE\n\
         DATABASE_PASSWORD  password    191  fp:····-····  current\n\
         JWT_SECRET         jwt-hs256   256  fp:····-····  current\n\
         REDIS_PASSWORD     password    256  fp:····-····  current\n\
         ------- stderr -------\n\
         3 minted, 0 had a value already, 6 to get from their issuers\n\
         \x20 ANTHROPIC_API_KEY: get it from Anthropic, https://console.anthropic.com/settings/keys, then: mintage import ANTHROPIC_API_KEY -e production\n\
         \x20 DD_API_KEY: get it from Datadog, https://app.datadoghq.com/organization-settings/api-keys, then: mintage import DD_API_KEY -e production\n\
         \x20 DUITKU_API_KEY: get it from Duitku, https://dashboard.duitku.com, then: mintage import DUITKU_API_KEY -e production\n\
         \x20 FLUX_API_KEY: get it from Black Forest Labs, then: mintage import FLUX_API_KEY -e production\n\
         \x20 OPENAI_API_KEY: get it from OpenAI, https://platform.openai.com/api-keys, then: mintage import OPENAI_API_KEY -e production\n\
         \x20 UPSTASH_REDIS_REST_TOKEN: get it from Upstash, https://console.upstash.com, then: mintage import UPSTASH_REDIS_REST_TOKEN -e production\n\
         [exit status: 0]\n"
    );
}

#[test]
fn create_leaves_alone_what_has_a_value() {
    let sandbox = Sandbox::minted();
    let before = sandbox.reveal("JWT_SECRET", "production");

    let again = sandbox.json(["create", "--all", "-e", "production"]);

    assert_eq!(again["secrets"], Value::Array(vec![]));
    assert_eq!(again["existing"].as_array().unwrap().len(), 3);
    assert!(
        sandbox.reveal("JWT_SECRET", "production") == before,
        "the value changed"
    );
}

#[test]
fn no_other_command_prints_a_stored_value() {
    let sandbox = Sandbox::minted();
    let mut needles = needles(&sandbox);
    let output = sandbox.rotate("DATABASE_PASSWORD", &[]);
    needles.extend(self::needles(&sandbox));
    assert_silent(&needles, &output.succeeds(), "rotate");
    let current = sandbox.reveal("REDIS_PASSWORD", "production");
    let env_file = sandbox.beside("values.env");
    fs::write(
        &env_file,
        [b"REDIS_PASSWORD=".as_slice(), &current, b"\n"].concat(),
    )
    .unwrap();
    let env_file = env_file.to_str().unwrap();
    let commands: &[&[&str]] = &[
        &["init"],
        &["create", "--all", "-e", "production"],
        &["create", "JWT_SECRET", "-e", "production"],
        &["status"],
        &["status", "--due", "--at", "+91d"],
        &["remind"],
        &["remind", "--at", "+91d"],
        &["score", "-e", "production"],
        &["score", "JWT_SECRET", "-e", "production"],
        &["score", "--env-file", env_file],
        &["import", "REDIS_PASSWORD", "-e", "production", "--dry-run"],
        &["import", "REDIS_PASSWORD", "-e", "production"],
        &["import", "DUITKU_API_KEY", "-e", "production"],
        &["import", "--dotenv", env_file, "-e", "production"],
        &["rotate", "DATABASE_PASSWORD", "-e", "production"],
        &["rotate", "DUITKU_API_KEY", "-e", "production"],
        &["rotate", "JWT_SECRET", "-e", "development"],
        &["reveal", "JWT_SECRET", "-e", "development"],
        &["generate", "hex"],
        &["history"],
        &["history", "JWT_SECRET"],
        &["verify"],
        &["verify", "--deep"],
        &["verify", "--fix"],
        &["policy", "list"],
        &["policy", "show"],
        &["policy", "show", "JWT_SECRET"],
        &["policy", "lint"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ];

    for command in commands {
        for extra in [&[][..], &["--json"], &["-v"], &["-q"], &["-v", "--json"]] {
            let args: Vec<&str> = command.iter().chain(extra).copied().collect();
            let output = sandbox.command(&args).stdin(current.clone()).run();
            assert_silent(&needles, &output, &args.join(" "));
        }
    }
}

#[test]
fn no_file_holds_a_stored_value_in_the_clear() {
    let sandbox = Sandbox::minted();
    let mut needles = needles(&sandbox);
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    sandbox.run(["score", "-e", "production"]).succeeds();
    needles.extend(self::needles(&sandbox));

    let files = files_below(sandbox.everything());

    assert!(files.iter().any(|path| path.ends_with("ledger.jsonl")));
    assert!(files.iter().any(|path| path.ends_with("pin.json")));
    for path in files {
        let content = fs::read(&path).unwrap();
        assert!(
            !holds_any(&content, &needles),
            "{} holds a value in the clear",
            path.display()
        );
    }
}

#[test]
fn the_search_for_values_finds_one_in_every_form_and_at_every_place() {
    let value = b"a1b2c3d4e5f60718293a4b5c6d7e8f90";
    let needles = forms(value);

    for before in ["", "x", "xy", "xyz"] {
        let text = [before.as_bytes(), value, b"tail"].concat();
        for seen in [
            text.clone(),
            hex::encode(&text).into_bytes(),
            STANDARD_NO_PAD.encode(&text).into_bytes(),
            URL_SAFE_NO_PAD.encode(&text).into_bytes(),
            hex::decode(value).unwrap(),
        ] {
            assert!(holds_any(&seen, &needles), "not found behind {before:?}");
        }
    }
    assert!(!holds_any(
        b"something else altogether, and long enough for any of them",
        &needles
    ));
}

#[test]
fn what_git_would_add_holds_nothing_secret() {
    let sandbox = Sandbox::minted();
    let needles = needles(&sandbox);
    let identity = fs::read_to_string(sandbox.identity()).unwrap();
    let key = identity
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-"))
        .unwrap();
    let current = sandbox.reveal("JWT_SECRET", "production");
    sandbox.write(".env.production", [b"JWT_SECRET=".as_slice(), &current].concat());
    sandbox.write(".env", "A=1\n");
    sandbox.write(".env.production.example", "JWT_SECRET=\n");

    let listed = sandbox.git(&["ls-files", "--others", "--exclude-standard", "-z"]);
    let status = sandbox.git(&["status", "--porcelain", "-uall"]);

    let listed: Vec<&str> = listed.split_terminator('\0').collect();
    assert!(listed.contains(&"mintage.toml") && listed.contains(&".mintage/store.toml"));
    assert!(
        listed.contains(&".env.production.example"),
        "the example is not ignored"
    );
    assert!(!listed.contains(&".env.production"), "the plaintext is ignored");
    assert!(!listed.contains(&".env"), "the plaintext is ignored");
    assert!(
        !listed.iter().any(|path| path.ends_with("/lock")),
        "the lock is of one machine"
    );
    assert_eq!(status.lines().count(), listed.len());
    for path in listed {
        let content = fs::read(sandbox.project().join(path)).unwrap();
        assert!(!holds_any(&content, &needles), "{path} holds a value");
        assert!(
            !String::from_utf8_lossy(&content).contains(key),
            "{path} holds the identity"
        );
    }
}

#[test]
fn a_gitignore_that_is_there_keeps_its_lines_and_its_mode() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", "/target\n.env");
    chmod(&sandbox.project().join(".gitignore"), 0o644);

    sandbox.run(["init", "--policy", "lumiku"]).succeeds();

    assert_eq!(
        sandbox.read(".gitignore"),
        "/target\n.env\n# Plaintext env files never belong into git; their examples do.\n\
         .env.*\n!.env*.example\n!.env*.sample\n!.env*.template\n/production.env\n"
    );
    let tree = sandbox.tree();
    let (mode, _) = &tree[&sandbox.project().join(".gitignore")];
    assert_eq!(format!("{:o}", mode & 0o777), "644");
}

#[test]
fn private_files_are_private() {
    let sandbox = Sandbox::minted();

    for path in files_below(&sandbox.home()) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(format!("{:o}", mode & 0o077), "0", "{}", path.display());
    }
}

#[test]
fn a_value_revealed_in_a_pipe_is_64_lower_case_hexadecimal_digits_without_a_newline() {
    let sandbox = Sandbox::minted();

    let value = sandbox.reveal("JWT_SECRET", "production");

    assert_eq!(value.len(), 64);
    assert!(
        value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "not hexadecimal"
    );
}

#[test]
fn a_subdirectory_and_c_and_mintage_dir_find_the_project() {
    let sandbox = Sandbox::minted();
    let deep = sandbox.project().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    let project = sandbox.project();
    let here = sandbox.run(["policy", "lint"]).succeeds().whole();

    let inside = sandbox.command(["policy", "lint"]).inside(&deep).run();
    let named = sandbox
        .command(["-C", project.to_str().unwrap(), "policy", "lint"])
        .inside("/")
        .run();
    let variable = sandbox
        .command(["policy", "lint"])
        .env("MINTAGE_DIR", &project)
        .inside("/")
        .run();

    assert_eq!(inside.whole(), here);
    assert_eq!(named.whole(), here);
    assert_eq!(variable.whole(), here);
}

/// Returns the secrets that the policy says are made here.
fn generated_names(sandbox: &Sandbox) -> BTreeSet<String> {
    let policy = sandbox.json(["policy", "show", "-e", "production"]);
    let secrets = policy["environments"][0]["secrets"].as_array().unwrap();
    secrets
        .iter()
        .filter(|secret| !secret["bits"].is_null())
        .map(|secret| secret["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the secrets of production that have a value.
fn present_names(sandbox: &Sandbox) -> BTreeSet<String> {
    let status = sandbox.json(["status", "-e", "production"]);
    let secrets = status["secrets"].as_array().unwrap();
    secrets
        .iter()
        .filter(|secret| secret["state"] != "missing")
        .map(|secret| secret["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns every form in which one of the stored values could show up.
fn needles(sandbox: &Sandbox) -> Vec<Vec<u8>> {
    present_names(sandbox)
        .iter()
        .flat_map(|name| forms(&sandbox.reveal(name, "production")))
        .collect()
}

fn forms(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![
        value.to_vec(),
        hex::encode(value).into_bytes(),
        hex::encode_upper(value).into_bytes(),
    ];
    for (engine, shift) in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD]
        .into_iter()
        .flat_map(|engine| (0..3).map(move |shift| (engine, shift)))
    {
        // Characters at both ends depend on what stands beside the value.
        let text = engine.encode([vec![0; shift], value.to_vec()].concat());
        let from = [0, 2, 3][shift];
        forms.push(text.as_bytes()[from..text.len() - 2].to_vec());
    }
    if let Ok(bytes) = hex::decode(value) {
        forms.push(STANDARD_NO_PAD.encode(&bytes).into_bytes());
        forms.push(bytes);
    }
    forms
}

fn holds_any(content: &[u8], needles: &[Vec<u8>]) -> bool {
    needles
        .iter()
        .any(|needle| content.windows(needle.len()).any(|window| window == needle))
}

fn assert_silent(needles: &[Vec<u8>], output: &Output, command: &str) {
    assert!(!holds_any(&output.stdout, needles), "{command} printed a value");
    assert!(
        !holds_any(output.stderr.as_bytes(), needles),
        "{command} printed a value on stderr"
    );
}
