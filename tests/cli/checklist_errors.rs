//! What is wrong in real deployment checklists and the templates beside them, each as a test that finds it.
//!
//! A checklist is written by hand: its sample secrets are copied, its thresholds reject good values and accept bad
//! ones, its commands fail in silence. The comments say what the checklist does.

use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::sandbox::chmod;

/// The rules that an env file breaks in production, with the names that they are about.
fn broken(sandbox: &Sandbox, env: &str) -> Vec<(String, String)> {
    let output = sandbox
        .command(["check", "-e", "production", "--env-file", "-", "--json"])
        .stdin(env)
        .run();
    let document = output.json();
    let findings = document["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .map(|finding| (text(&finding["rule"]), text(&finding["name"])))
        .collect()
}

/// The rules that one value breaks.
fn rules_of(policy: &str, name: &str, value: &str) -> Vec<String> {
    let sandbox = project(policy);
    let broken = broken(&sandbox, &format!("{name}={value}\n"));
    let about = broken.into_iter().filter(|(_, other)| other == name);
    about.map(|(rule, _)| rule).collect()
}

#[track_caller]
fn breaks(policy: &str, assignment: (&str, &str), rule: &str) {
    let found = rules_of(policy, assignment.0, assignment.1);
    assert!(
        found.iter().any(|other| other == rule),
        "{rule} is not in {found:?}"
    );
}

#[track_caller]
fn keeps(policy: &str, assignment: (&str, &str), rule: &str) {
    let found = rules_of(policy, assignment.0, assignment.1);
    assert!(found.iter().all(|other| other != rule), "{rule} is in {found:?}");
}

fn project(policy: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let head = "schema = 1\nname = \"shop\"\n[environments.production]\nenv_file = \".env.production\"\n";
    sandbox.write("mintage.toml", format!("{head}{policy}"));
    sandbox
}

/// A project with a preset and nothing else.
fn preset(name: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        format!("schema = 1\nname = \"app\"\nextends = \"{name}\"\n"),
    );
    sandbox
}

/// The score of one value.
fn scored(value: &str) -> Value {
    let output = Sandbox::new()
        .command(["score", "-", "--json"])
        .stdin(value)
        .run();
    output.json()["values"][0].clone()
}

fn rules_scored(value: &str) -> Vec<String> {
    let findings = scored(value)["findings"].as_array().unwrap().clone();
    let rule = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
    findings.iter().map(rule).collect()
}

const JWT: &str = "[defaults]\nmin_length = 32\n[secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\n";

/// The sample that a checklist prints as the output of `openssl rand -hex 32`, in two pieces for secret scanners.
fn printed_sample() -> String {
    [
        "8d024b643b19488486b7aa1ab4dd0a1c",
        "f1566d76603252f659ce9bd905fc06e9",
    ]
    .concat()
}

/// A sample that a person typed, and called the output of a generator.
fn typed_sample() -> String {
    [
        "7f8c9e2a1b3d4f5a6c7e8f9a0b1c2d3e",
        "4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c",
    ]
    .concat()
}

/// "64 chars, entropy 4.2 bits/char" of hexadecimal digits, of which there are 16.
#[test]
fn e1_no_hex_value_has_more_than_four_bits_a_character() {
    let value = scored(&printed_sample());

    assert_eq!(value["entropy_bits_per_char"], 3.9);
    assert_eq!(value["entropy_max_bits_per_char"], 4.0);
}

/// "Shannon entropy of 3.5 or more": chance rejects a fifth of all perfect 16-byte values.
#[test]
fn e2_a_random_value_is_not_weak_for_the_digits_that_chance_left_out() {
    let sandbox = Sandbox::new();
    let values = sandbox
        .run(["generate", "hex", "--bytes", "16", "--count", "400"])
        .succeeds()
        .stdout;
    let judged = sandbox
        .command(["score", "-", "--json"])
        .stdin(values)
        .run()
        .succeeds()
        .json();
    let values = judged["values"].as_array().unwrap();

    let under_the_threshold = values
        .iter()
        .filter(|value| value["entropy_bits_per_char"].as_f64().unwrap() < 3.5)
        .count();
    assert!(
        under_the_threshold > 20,
        "{under_the_threshold} of 400 would fail the checklist"
    );
    assert!(values.iter().all(|value| value["level"] == "high"));
}

/// The typed sample measures 3.93 bits a character, more than the real one.
#[test]
fn e3_a_typed_sample_is_not_strong_because_its_digits_are_even() {
    let value = scored(&typed_sample());

    assert!(value["entropy_bits_per_char"].as_f64().unwrap() > 3.9);
    assert_eq!(value["below_bar"], true);
    // One that nobody printed is found by its pattern.
    let fresh = "6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b";
    assert!(rules_scored(fresh).contains(&"sequence".to_owned()));
}

/// The sample is in the list of variables to paste.
#[test]
fn e4_a_secret_that_documentation_prints_is_known() {
    breaks(JWT, ("JWT_SECRET", &printed_sample()), "published-default");
    breaks(JWT, ("JWT_SECRET", &typed_sample()), "published-default");
}

/// 38 characters, 3.62 bits each and not on the list of forbidden values.
#[test]
fn e5_a_placeholder_is_none_the_stronger_for_its_length() {
    let placeholder = "YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE";

    breaks(JWT, ("JWT_SECRET", placeholder), "placeholder");
    breaks(
        JWT,
        ("JWT_SECRET", "<generate with openssl rand -hex 32>"),
        "template",
    );
}

/// The longest forbidden value has 22 characters, and the least length is 32: nothing long is ever compared.
#[test]
fn e6_forbidden_words_are_found_in_long_values_too() {
    breaks(JWT, ("JWT_SECRET", &"secret".repeat(6)), "blacklisted");
    breaks(
        JWT,
        ("JWT_SECRET", "Change-This-Secret-Key-change-this-secret-key"),
        "blacklisted",
    );
}

/// "Length: 8, entropy: 2.1" of `test-secret`.
#[test]
fn e7_lengths_and_entropies_are_those_of_the_value() {
    let value = scored("test-secret");

    assert_eq!(value["length"], 11);
    assert_eq!(value["entropy_bits_per_char"], 2.41);
}

/// "64+ characters" in one place and "minimum 32" in three.
#[test]
fn e8_the_least_length_is_the_one_of_the_policy() {
    let value = Sandbox::new()
        .run(["generate", "hex"])
        .succeeds()
        .text()
        .trim_end()
        .to_owned();

    breaks(JWT, ("JWT_SECRET", &value[..31]), "too-short");
    keeps(JWT, ("JWT_SECRET", &value[..32]), "too-short");
}

/// The application logs the secret that it made up for the session; the same page forbids secrets in logs.
#[test]
fn e9_e10_no_report_shows_a_value_or_a_part_of_it() {
    let policy = "[secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\n\
                  [variables.DATABASE_URL]\ntype = \"url\"\ncredentials = true\nforbid_hosts = [\"localhost\"]\n";
    let sandbox = project(policy);
    let env = "JWT_SECRET=canary-canary\nDATABASE_URL=postgres://canary:canary@canary.net/canary\n";

    for format in [&["--json"][..], &["--format", "sarif"], &[]] {
        let args = [&["check", "-e", "production", "--env-file", "-"], format].concat();
        let output = sandbox.command(args).stdin(env).run().exits(3);
        assert!(!output.to_string().contains("canary"), "{output}");
    }
}

/// `RandomNumberGenerator.Fill` is not there in Windows PowerShell, and the next line prints 64 zeros. Its hex is
/// in upper case, too.
#[test]
fn e14_zeros_are_not_random_and_upper_case_hex_is_hex() {
    let hex = "[secrets.JWT_SECRET]\nkind = \"hex\"\n";
    let value = Sandbox::new()
        .run(["generate", "hex"])
        .succeeds()
        .text()
        .trim_end()
        .to_uppercase();

    breaks(hex, ("JWT_SECRET", &"0".repeat(64)), "single-character");
    breaks(hex, ("JWT_SECRET", &"0".repeat(64)), "weak-entropy");
    assert_eq!(rules_of(hex, "JWT_SECRET", &value), Vec::<String>::new());
}

/// Comments behind values, in a file that is given to `docker run --env-file`.
#[test]
fn e15_a_comment_behind_a_value_is_found_where_it_stands() {
    let policy = "[variables.WINDOW_MS]\ntype = \"int\"\n";
    let sandbox = project(policy);
    let env = "\n\nWINDOW_MS=900000        # 15 minutes\n";

    let output = sandbox
        .command(["check", "-e", "production", "--env-file", "-", "--json"])
        .stdin(env)
        .run()
        .json();

    let finding = &output["findings"][0];
    assert_eq!(
        (&finding["rule"], &finding["location"]["line"]),
        (&"inline-comment".into(), &3.into())
    );
    assert!(finding["message"].as_str().unwrap().contains("docker run"));
    // What docker hands over is no number any more.
    let process = sandbox
        .command(["check", "-e", "production", "--process"])
        .env("WINDOW_MS", "900000        # 15 minutes")
        .run()
        .exits(3);
    assert!(process.text().contains("[wrong-type]"));
}

/// Production examples carry a merchant code of the sandbox, and a validator refuses the documented format.
#[test]
fn e16_a_sandbox_merchant_code_is_found_in_production() {
    let sandbox = preset("lumiku");
    let about = |code: &str| -> Vec<String> {
        let broken = broken(&sandbox, &format!("DUITKU_MERCHANT_CODE={code}\n"));
        let about = broken
            .into_iter()
            .filter(|(_, name)| name == "DUITKU_MERCHANT_CODE");
        about.map(|(rule, _)| rule).collect()
    };

    assert_eq!(about("DS25180"), ["forbidden-pattern"]);
    assert_eq!(about("D12345"), Vec::<String>::new());
}

/// "REST API" above a `redis://` URL of a host that speaks TLS only.
#[test]
fn e18_redis_across_the_internet_without_tls_is_found() {
    let policy = "[variables.REDIS_URL]\ntype = \"url\"\n";

    breaks(
        policy,
        ("REDIS_URL", "redis://default:x@eu1-shop.upstash.io:6379"),
        "url-without-tls",
    );
    keeps(
        policy,
        ("REDIS_URL", "rediss://default:x@eu1-shop.upstash.io:6379"),
        "url-without-tls",
    );
    keeps(policy, ("REDIS_URL", "redis://redis:6379"), "url-without-tls");
}

/// "Will exit without it": the code only warns, and takes everything but `false` for true.
#[test]
fn e20_true_is_spelled_in_one_way() {
    let policy = "[variables.WHITELIST]\ntype = \"bool\"\nequals = \"true\"\nrequired = true\n";

    for spelling in ["True", "TRUE", "1", "yes", "on", "False", "false", "0", "' true'"] {
        breaks(policy, ("WHITELIST", spelling), "not-equal");
    }
    assert_eq!(rules_of(policy, "WHITELIST", "true"), Vec::<String>::new());
    breaks(policy, ("WHITELIST", ""), "empty");
    assert!(broken(&project(policy), "").contains(&("missing".to_owned(), "WHITELIST".to_owned())));
}

/// "Never in a .env", and then a plaintext `production.env` beside the code.
#[test]
fn e21_a_plaintext_file_beside_the_code_is_found() {
    let sandbox = project("");
    sandbox.write("production.env", "A=1\n");
    chmod(&sandbox.project().join("production.env"), 0o644);

    let output = sandbox
        .run(["check", "-e", "production", "--env-file", "production.env"])
        .exits(3);

    assert!(output.text().contains("[not-ignored]") && output.text().contains("[file-mode]"));
}

/// "2025-11-14 (30 days)" next to a date 31 days on.
#[test]
fn e22_thirty_days_are_thirty_days() {
    let policy = "[secrets.KEY]\nkind = \"issued\"\nrotate_every = \"30d\"\n";
    let sandbox = Sandbox::new();
    sandbox.run(["init", "--policy", "jwt"]).succeeds();
    sandbox.write("mintage.toml", project(policy).read("mintage.toml"));
    sandbox
        .command(["import", "KEY", "-e", "production", "--created", "2025-11-14"])
        .stdin("k7Qw-zT9_mX2bR4v")
        .run()
        .succeeds();

    let status = sandbox.json(["status", "-e", "production"]);

    assert!(
        status["secrets"][0]["due_at"]
            .as_str()
            .unwrap()
            .starts_with("2025-12-14")
    );
}

/// "7d recommended" in one checklist is the vulnerability that another one fixed.
#[test]
fn e24_how_long_tokens_live_is_for_each_policy_to_say() {
    let found = |name: &str| {
        broken(&preset(name), "JWT_EXPIRES_IN=7d\n")
            .contains(&("duration-out-of-range".to_owned(), "JWT_EXPIRES_IN".to_owned()))
    };

    assert!(found("lamsa"));
    assert!(!found("lumiku"));
}

/// A production env file and a vault: two sources of one truth.
#[test]
fn e25_e26_values_that_the_store_does_not_have_or_knows_as_leaked_are_found() {
    let sandbox = Sandbox::new();
    sandbox.run(["init", "--policy", "jwt"]).succeeds();
    sandbox.write("mintage.toml", project(JWT).read("mintage.toml"));
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    let leaked = String::from_utf8(sandbox.reveal("JWT_SECRET", "production")).unwrap();
    let other = Sandbox::new()
        .run(["generate", "hex"])
        .succeeds()
        .text()
        .to_owned();

    let found = broken(&sandbox, &format!("JWT_SECRET={other}"));
    assert_eq!(
        found,
        [("differs-from-store".to_owned(), "JWT_SECRET".to_owned())]
    );

    // A rollback "to the previous environment variables" brings this one back.
    sandbox
        .rotate("JWT_SECRET", &["--reason", "compromise"])
        .succeeds();
    let found = broken(&sandbox, &format!("JWT_SECRET={leaked}\n"));
    assert_eq!(found, [("compromised-value".to_owned(), "JWT_SECRET".to_owned())]);
}

/// A checklist whose signs were read in one encoding and written in another.
#[test]
fn e27_mojibake_is_named_and_everything_else_is_still_checked() {
    let sandbox = project("[variables.PORT]\ntype = \"int\"\n");
    let env = [b"# \xe2\x88\x9a\x8a done\nPORT=x\n".as_slice(), b"NAME=\xff\n"].concat();

    let output = sandbox
        .command(["check", "-e", "production", "--env-file", "-"])
        .stdin(env)
        .run()
        .exits(3);

    assert!(output.text().contains("[not-utf8]") && output.text().contains("[wrong-type]"));
}

/// "All secrets have 32 characters or more": the ids of AWS have 20, the app passwords of Gmail 16.
#[test]
fn e28_the_least_length_is_not_for_what_others_issue() {
    let policy = "[defaults]\nmin_length = 32\n[secrets.EMAIL_PASS]\nkind = \"issued\"\n\
                  [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\n";

    assert_eq!(
        rules_of(policy, "EMAIL_PASS", "kqzvwmtjhxrbnfyd"),
        Vec::<String>::new()
    );
    breaks(policy, ("JWT_SECRET", "kqzvwmtjhxrbnfyd"), "too-short");
}

/// `openssl rand -base64 24` for the password of a database, which goes into a URL.
#[test]
fn e30_base64_inside_a_url_is_found_and_what_is_minted_for_urls_fits() {
    let policy = "[variables.DATABASE_URL]\ntype = \"url\"\ncredentials = true\n";
    let url = |password: &str| format!("postgresql://app:{password}@db.internal:5432/shop");
    let generated = Sandbox::new()
        .run(["generate", "password", "--length", "32", "--embed", "url"])
        .succeeds();

    breaks(
        policy,
        ("DATABASE_URL", &url("k7Qw/zT9+mX2bR4vLp3sHd8YeGc5nVj1")),
        "url-encoding",
    );
    assert_eq!(
        rules_of(policy, "DATABASE_URL", &url(generated.text().trim_end())),
        Vec::<String>::new()
    );
}

/// `SENTRY_DSN` is required in one checklist and optional in another.
#[test]
fn e35_what_is_required_is_for_each_policy_to_say() {
    let missing =
        |name: &str| broken(&preset(name), "").contains(&("missing".to_owned(), "SENTRY_DSN".to_owned()));

    assert!(missing("superapp"));
    assert!(!missing("bluesminds"));
}

/// The checklist says `DATABASE_URI`, and the code reads `MONGODB_URI`.
#[test]
fn e37_two_names_for_one_thing_are_kept_together() {
    let sandbox = preset("superapp");
    let found = |env: &str| -> Vec<String> {
        let broken = broken(&sandbox, env).into_iter();
        let about = broken.filter(|(rule, _)| rule.starts_with("alias"));
        about.map(|(rule, _)| rule).collect()
    };

    assert_eq!(found("MONGODB_URI=mongodb://a/b\n"), ["alias-only"]);
    assert_eq!(
        found("MONGODB_URI=mongodb://a/b\nDATABASE_URI=mongodb://a/c\n"),
        ["alias-conflict"]
    );
    assert_eq!(
        found("MONGODB_URI=mongodb://a/b\nDATABASE_URI=mongodb://a/b\n"),
        Vec::<String>::new()
    );
}

/// `.env.local` is ignored, and `.env.production` is committed.
#[test]
fn e38_every_env_file_but_the_examples_is_looked_at() {
    let sandbox = project("");
    sandbox.write(".gitignore", ".env.local\n");
    for name in [
        ".env.production",
        ".env.local",
        ".env.staging",
        ".env.production.example",
        ".env.sample",
    ] {
        sandbox.write(name, "");
        chmod(&sandbox.project().join(name), 0o600);
    }
    sandbox.git(&["add", ".env.production", ".env.production.example"]);

    let output = sandbox
        .run(["check", "-e", "production", "--json"])
        .exits(3)
        .json();

    let found: Vec<String> = output["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let part = |key: &str| finding[key].as_str().unwrap().to_owned();
            format!("{} {} {}", part("severity"), part("rule"), part("name"))
        })
        .collect();
    assert_eq!(
        found,
        [
            "error not-ignored .env.production",
            "error tracked .env.production",
            "warning not-ignored .env.staging"
        ]
    );
}

/// A checklist demands variables that its own list does not have.
#[test]
fn e39_what_one_list_has_and_the_other_has_not_is_found() {
    let sandbox =
        project("[variables.BCRYPT_ROUNDS]\ntype = \"int\"\n[variables.NODE_ENV]\ntype = \"string\"\n");
    sandbox.write("list", "NODE_ENV=\nSENTRY_DSN=\n");

    let output = sandbox
        .command([
            "check",
            "-e",
            "production",
            "--env-file",
            "-",
            "--example",
            "list",
            "--json",
        ])
        .stdin("BCRYPT_ROUNDS=12\nNODE_ENV=production\n")
        .run()
        .json();

    let found: Vec<(&str, &str)> = output["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            (
                finding["rule"].as_str().unwrap(),
                finding["name"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("only-in-env-file", "BCRYPT_ROUNDS"),
            ("only-in-example", "SENTRY_DSN")
        ]
    );
}

/// The public key and the service key stand side by side, and one prefix decides which one visitors download.
#[test]
fn e40_a_service_key_under_a_public_prefix_is_found() {
    let sandbox = project("[secrets.SERVICE_KEY]\nkind = \"issued\"\n");
    let key = "k7Qw-zT9_mX2bR4v";

    let found = broken(&sandbox, &format!("SERVICE_KEY={key}\nNEXT_PUBLIC_KEY={key}\n"));

    assert!(found.contains(&("public-secret".to_owned(), "NEXT_PUBLIC_KEY".to_owned())));
}
