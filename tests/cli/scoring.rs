//! Judging values: what a person typed is low, what was drawn is high, and the numbers say what they are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

#[test]
fn a_typed_word_is_low_and_ends_with_exit_code_3() {
    let output = score("test-secret", &["--tier", "production"]).exits(3);

    let document = output.json();
    assert_eq!(document["schema"], "mintage/score/1");
    let value = &document["values"][0];
    assert_eq!(value["level"], "low");
    assert_eq!(value["length"], 11);
    assert_eq!(value["entropy_bits_per_char"], 2.41);
    assert_eq!(value["below_bar"], true);
}

#[test]
fn the_table_for_people_shows_the_same_and_no_character_of_the_value() {
    let sandbox = Sandbox::new();

    let output = sandbox
        .command(["score", "-", "--tier", "production"])
        .stdin("test-secret")
        .run()
        .exits(3);

    let row = output.text().lines().nth(1).unwrap();
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(cells[..4], ["line", "1", "low", "F"], "{output}");
    assert!(row.contains(" 11 ") && row.contains("2.41 of "), "{output}");
    assert!(!output.to_string().contains("test-secret"), "{output}");
}

#[test]
fn an_example_from_a_checklist_is_a_published_default_of_grade_f() {
    // In two parts, so that no scanner takes this file for a leak.
    let published = [
        "8d024b643b19488486b7aa1ab4dd0a1c",
        "f1566d76603252f659ce9bd905fc06e9",
    ]
    .concat();

    let document = score(&published, &[]).exits(3).json();

    let value = &document["values"][0];
    assert_eq!(value["length"], 64);
    assert_eq!(value["grade"], "F");
    assert_eq!(value["level"], "low");
    assert_eq!(value["origin"], "published");
    assert_eq!(rules(value), BTreeSet::from(["published-default".to_owned()]));
    assert_eq!(document["summary"]["errors"], 1);
}

#[test]
fn score_json_has_the_documented_fields() {
    let document = score("test-secret", &[]).exits(3).json();

    let fields =
        |object: &Value| -> BTreeSet<String> { object.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(
        fields(&document),
        ["schema", "values", "findings", "summary"]
            .map(str::to_owned)
            .into()
    );
    assert_eq!(
        fields(&document["values"][0]),
        [
            "label",
            "level",
            "grade",
            "length",
            "entropy_bits_per_char",
            "entropy_max_bits_per_char",
            "strength_bits",
            "random_bits",
            "origin",
            "below_bar",
            "findings",
        ]
        .map(str::to_owned)
        .into()
    );
    assert_eq!(
        fields(&document["findings"][0]),
        [
            "rule",
            "severity",
            "environment",
            "name",
            "location",
            "message",
            "fix"
        ]
        .map(str::to_owned)
        .into()
    );
}

#[test]
fn numbers_are_rounded_so_that_they_tell_no_attacker_anything() {
    let lines = [
        "test-secret",
        "a",
        "hunter2",
        "correct horse battery staple",
        "Summer2026!",
        "qwertyuiop123",
        "xK9",
        "x7Kp2mQ",
        "Tr0ub4dor&3",
        "8vJ2kQz9",
        "aaaaaaaaaaaaaaaa",
        "jT5$wQ1z",
    ];

    let document = score(&lines.join("\n"), &[]).exits(3).json();

    let values = document["values"].as_array().unwrap();
    assert_eq!(values.len(), lines.len());
    for value in values {
        for field in ["strength_bits", "random_bits"] {
            let bits = value[field].as_u64().unwrap();
            assert!(bits >= 64 || bits.is_multiple_of(8), "{field} {bits}");
        }
        for field in ["entropy_bits_per_char", "entropy_max_bits_per_char"] {
            let text = value[field].to_string();
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            assert!(decimals <= 2, "{field} {text}");
        }
        assert!(value["strength_bits"].as_u64() >= value["random_bits"].as_u64());
    }
}

#[test]
fn lines_are_numbered_and_one_trailing_newline_is_none_of_them() {
    let document = score("hunter2\r\nhunter2\n", &[]).exits(3).json();

    let labels: Vec<&Value> = document["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| &value["label"])
        .collect();
    assert_eq!(labels, ["line 1", "line 2"]);
    assert_eq!(document["values"][0]["length"], 7);
}

#[test]
fn the_bar_is_lower_in_development() {
    let sandbox = Sandbox::new();
    let value = sandbox
        .run(["generate", "password", "--length", "17"])
        .succeeds()
        .stdout;

    let development = sandbox
        .command(["score", "-", "--tier", "development"])
        .stdin(value.clone())
        .run();
    let production = sandbox
        .command(["score", "-", "--tier", "production"])
        .stdin(value)
        .run();

    development.exits(0);
    production.exits(3);
}

#[test]
fn an_env_file_is_judged_with_its_lines() {
    let sandbox = Sandbox::lumiku();
    sandbox.write(".env.production", "PORT=3000\nJWT_SECRET=test-secret\n");

    let document = sandbox
        .run([
            "score",
            "--env-file",
            ".env.production",
            "-e",
            "production",
            "--json",
        ])
        .exits(3)
        .json();

    assert_eq!(document["values"].as_array().unwrap().len(), 1);
    let finding = &document["findings"][0];
    assert_eq!(finding["name"], "JWT_SECRET");
    assert_eq!(finding["location"]["file"], ".env.production");
    assert_eq!(finding["location"]["line"], 2);
}

#[test]
fn minted_values_of_the_store_are_all_high() {
    let sandbox = Sandbox::minted();

    let document = sandbox.json(["score", "-e", "production"]);

    for value in document["values"].as_array().unwrap() {
        assert_eq!(value["level"], "high", "{value}");
        assert_eq!(value["below_bar"], false, "{value}");
    }
    assert_eq!(document["values"].as_array().unwrap().len(), 3);
}

#[test]
fn many_lines_are_judged_on_all_cores_in_their_order() {
    let sandbox = Sandbox::new();
    let values = sandbox
        .run(["generate", "alphanumeric", "--count", "3000"])
        .succeeds()
        .stdout;
    let mut lines: Vec<&str> = std::str::from_utf8(&values).unwrap().lines().collect();
    lines[1_234] = "test-secret";
    lines[2_999] = "hunter2";

    let all = score(&lines.join("\n"), &[]).exits(3).json();
    let table = sandbox
        .command(["score", "-"])
        .stdin(lines.join("\n"))
        .run()
        .exits(3);

    let judged = all["values"].as_array().unwrap();
    assert_eq!(judged.len(), 3_000);
    for (place, value) in judged.iter().enumerate() {
        assert_eq!(value["label"], format!("line {}", place + 1));
        assert_eq!(
            value["level"] == "high",
            ![1_234, 2_999].contains(&place),
            "{value}"
        );
    }
    // Of so many values the table lists what fails.
    let rows: Vec<&str> = table
        .text()
        .lines()
        .filter(|line| line.starts_with("line ") && line.contains(" low "))
        .collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(
        table
            .to_string()
            .contains("3000 judged: 2998 high, 0 medium, 2 low; 2 below the bar"),
        "{table}"
    );
}

#[test]
fn explanations_name_models_thresholds_and_the_cure() {
    let document = score("MyCompany-Production-JWT-2024-01-15-secret", &["--explain"])
        .exits(3)
        .json();
    let sandbox = Sandbox::new();
    let output = sandbox
        .command(["score", "-", "--explain"])
        .stdin("MyCompany-Production-JWT-2024-01-15-secret")
        .run()
        .exits(3);

    let explanation = &document["values"][0]["explanation"];
    assert_eq!(explanation["next_grade"], "C");
    assert_eq!(explanation["next_grade_random_bits"], 80);
    let models: BTreeSet<&str> = explanation["described"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["model"].as_str().unwrap())
        .collect();
    assert!(models.contains("words") && models.contains("dates"), "{models:?}");
    for said in [
        "described",
        "random bits",
        "strength",
        "C from 80 random bits",
        "112 random bits",
        "mintage create",
    ] {
        assert!(output.text().contains(said), "{said}: {output}");
    }
}

#[test]
fn no_four_characters_of_a_random_value_are_ever_said() {
    let sandbox = Sandbox::new();
    for kind in ["alphanumeric", "base64", "hex"] {
        let value = sandbox.run(["generate", kind]).succeeds();
        let value = value.text().trim().to_owned();
        for dressed in [value.clone(), format!("my-app-{value}"), format!("\"{value}\"")] {
            for args in [
                &["score", "-"][..],
                &["score", "-", "--explain"],
                &["score", "-", "--explain", "--json"],
            ] {
                let said = sandbox.command(args).stdin(dressed.clone()).run().to_string();
                for window in value.as_bytes().windows(4) {
                    let window = std::str::from_utf8(window).unwrap();
                    let is_number = window.bytes().all(|byte| byte.is_ascii_digit());
                    assert!(is_number || !said.contains(window), "{args:?}");
                }
            }
        }
    }
}

/// SHA-1 of `horse-battery-window` and of `correct staple tuesday`, in order, as HIBP writes them.
fn leaked(sandbox: &Sandbox) {
    use ring::digest;

    let mut lines: Vec<String> = ["horse-battery-window", "correct staple tuesday"]
        .map(|text| {
            let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
            format!("{}:4711", hex::encode_upper(digest))
        })
        .into();
    lines.sort();
    sandbox.write("leaked.txt", &(lines.join("\r\n") + "\r\n"));
}

#[test]
fn a_leaked_password_is_told_by_the_local_list_only() {
    let sandbox = Sandbox::new();
    leaked(&sandbox);

    let with = sandbox
        .command(["score", "-", "--hibp-file", "leaked.txt", "--json"])
        .stdin("horse-battery-window\nhorse-battery-curtain\n")
        .run()
        .exits(3)
        .json();
    let without = score("horse-battery-window", &[]).exits(3).json();

    assert_eq!(with["values"][0]["grade"], "F");
    assert!(rules(&with["values"][0]).contains("breached"), "{with}");
    assert!(!rules(&with["values"][1]).contains("breached"), "{with}");
    assert!(!rules(&without["values"][0]).contains("breached"), "{without}");
    assert!(
        !with.to_string().contains("4711"),
        "a count tells the value: {with}"
    );
}

#[test]
fn a_file_that_is_no_list_of_leaked_passwords_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("words.txt", "hunter2\npassword\n");
    for file in ["words.txt", "missing.txt"] {
        let output = sandbox
            .command(["score", "-", "--hibp-file", file])
            .stdin("hunter2")
            .run()
            .exits(1);

        assert!(
            output.to_string().contains("list of leaked passwords"),
            "{output}"
        );
        assert!(output.to_string().contains("--hibp-file"), "{output}");
    }
}

/// Makes ten thousand of every kind and judges them, in as many tests as there are parts, so that they share the cores.
macro_rules! in_parts {
    ($($name:ident: $part:literal,)*) => {
        $(
            #[test]
            fn $name() {
                ten_thousand_of_each_are_high($part);
            }
        )*

        const PARTS: usize = [$($part),*].len();
    };
}

in_parts! {
    ten_thousand_of_each_kind_are_high_in_part_1: 0,
    ten_thousand_of_each_kind_are_high_in_part_2: 1,
    ten_thousand_of_each_kind_are_high_in_part_3: 2,
    ten_thousand_of_each_kind_are_high_in_part_4: 3,
    ten_thousand_of_each_kind_are_high_in_part_5: 4,
    ten_thousand_of_each_kind_are_high_in_part_6: 5,
    ten_thousand_of_each_kind_are_high_in_part_7: 6,
    ten_thousand_of_each_kind_are_high_in_part_8: 7,
}

/// Takes every eighth kind of the list that the program gives: a new kind is judged without a line here.
fn ten_thousand_of_each_are_high(part: usize) {
    let sandbox = Sandbox::new();
    let lists = sandbox.json(["policy", "list"]);
    let kinds = lists["kinds"].as_array().unwrap();
    let names = kinds.iter().map(|kind| kind["name"].as_str().unwrap());
    let mut judged = 0;
    for kind in names
        .filter(|kind| !NOT_TEN_THOUSAND.contains(kind))
        .skip(part)
        .step_by(PARTS)
        .filter(|kind| is_of_one_line(&sandbox, kind))
    {
        ten_thousand_are_high(kind);
        judged += 1;
    }
    assert!(judged >= 3, "{judged} kinds in part {part}");
}

/// Values of several lines, such as PEM, cannot be judged one a line.
fn is_of_one_line(sandbox: &Sandbox, kind: &str) -> bool {
    let value = sandbox.run(["generate", kind]).succeeds();
    value.text().lines().count() == 1
}

/// Identifiers, what others make or other values give, what is weak by design, and what takes several lines while
/// `score` reads lines.
const NOT_TEN_THOUSAND: [&str; 12] = [
    "hs256-jwt",
    "issued",
    "jwks",
    "pin",
    "private-jwk",
    "redis-acl",
    "same-as",
    "scram",
    "template",
    "uuid",
    "uuid-v7",
    "wordpress-salts",
];

fn ten_thousand_are_high(kind: &str) {
    let sandbox = Sandbox::new();
    let values = sandbox
        .run(["generate", kind, "--count", "10000"])
        .succeeds()
        .stdout;
    let different: BTreeSet<&[u8]> = values.split(|byte| *byte == b'\n').collect();

    let output = sandbox
        .command(["score", "-", "--kind", kind, "--json"])
        .stdin(values.clone())
        .run();

    assert_eq!(
        different.len(),
        10_001,
        "{kind}: no value twice, and the end of the text"
    );
    let document = output.json();
    let judged = document["values"].as_array().unwrap();
    assert_eq!(judged.len(), 10_000);
    let weak: Vec<&Value> = judged
        .iter()
        .filter(|value| value["level"] != "high" || value["below_bar"] != false)
        .take(3)
        .collect();
    assert!(weak.is_empty(), "{kind}: {weak:?}");
    assert_eq!(output.code, 0);
}

fn score(text: &str, args: &[&str]) -> Output {
    let sandbox = Sandbox::new();
    let all: Vec<&str> = ["score", "-", "--json"].iter().chain(args).copied().collect();
    sandbox.command(all).stdin(text).run()
}

fn rules(value: &Value) -> BTreeSet<String> {
    value["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_rule_of_a_kind_is_told_apart_from_entropy() {
    // In two parts, so that no scanner takes this file for a leak.
    let base64 = ["k7Qw+zT9/mX2bR4vLp3sHd8Ye", "Gc5nVj1KfWaQ2x0abA="].concat();

    let enough = score(&base64, &["--kind", "jwt-hs256", "--explain"])
        .exits(0)
        .json();
    let output = score(&base64, &["--kind", "jwt-hs384", "--explain"]).exits(3);

    assert_eq!(enough["values"][0]["explanation"]["key"]["fits"], true);
    let document = output.json();
    let value = &document["values"][0];
    assert_eq!(value["level"], "high");
    assert_eq!(value["below_bar"], true);
    assert_eq!(rules(value), BTreeSet::from(["key-bytes".to_owned()]));
    assert_eq!(
        document["findings"][0]["message"],
        "44 bytes as text, 32 bytes if decoded from base64; RFC 7518 §3.2 asks for 48 or more"
    );
    let key = &value["explanation"]["key"];
    assert_eq!(key["read_as"], Value::Null);
    assert_eq!(key["bytes"], 44);
    assert_eq!(key["decoded"][0]["bytes"], 32);
    assert_eq!(key["least"], 48);
    assert_eq!(key["fits"], false);
    assert!(!output.to_string().contains(&base64[..6]), "{output}");
}

#[test]
fn what_the_consumer_takes_for_the_key_is_explained() {
    let sandbox = Sandbox::new();
    let value = sandbox.run(["generate", "jwt-hs256"]).succeeds().stdout;

    let output = sandbox
        .command(["score", "-", "--kind", "jwt-hs256", "--explain"])
        .stdin(value)
        .run()
        .exits(0);

    let line =
        "key          64 bytes as text, 32 bytes if decoded from hex; RFC 7518 §3.2 asks for 32 or more";
    assert!(output.text().contains(line), "{output}");
}

#[test]
fn a_value_that_its_line_cut_is_told_with_the_sign_that_cut_it() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env",
        "ENCRYPTION_KEY=0a9d3e1b4c7f2856d #9b3a7c5f4826\nSALT_SECRET=k7Qw#zT9mX2bR4vLp3sHd8Ye\n\
         API_SECRET=k7Qw$zT9mX2bR4vLp3sHd8Ye\nQUOTED_SECRET='k7Qw#zT9$mX2bR4vLp3sHd8Ye'\n",
    );

    let document = sandbox
        .run(["score", "--env-file", ".env", "--kind", "langfuse", "--json"])
        .exits(3)
        .json();

    let found = |name: &str| -> BTreeSet<String> {
        let values = document["values"].as_array().unwrap();
        rules(values.iter().find(|value| value["label"] == name).unwrap())
    };
    let message = |rule: &str| {
        let findings = document["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["rule"] == rule).unwrap();
        finding["message"].as_str().unwrap().to_owned()
    };
    assert!(found("ENCRYPTION_KEY").contains("truncated"), "{document}");
    assert!(message("truncated").contains("17 of 64 characters"), "{document}");
    assert!(message("truncated").contains("cut at the `#`"), "{document}");
    assert!(found("SALT_SECRET").contains("hash-in-value"), "{document}");
    assert!(message("hash-in-value").contains("at the `#`"), "{document}");
    assert!(found("API_SECRET").contains("dollar-in-value"), "{document}");
    let quoted = found("QUOTED_SECRET");
    assert!(
        !quoted.contains("hash-in-value") && !quoted.contains("truncated"),
        "{document}"
    );
}

#[test]
fn a_bare_value_that_is_short_of_its_one_size_may_have_been_cut() {
    let document = score("0a9d3e1b4c7f2856d", &["--kind", "langfuse"])
        .exits(3)
        .json();

    let found = rules(&document["values"][0]);
    assert!(
        found.contains("truncated") && found.contains("key-bytes"),
        "{document}"
    );
}
