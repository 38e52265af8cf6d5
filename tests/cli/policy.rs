//! `policy list`, `policy explain` and `policy schema`, as people and editors read them.

use std::process::Command;

use serde_json::Value;

use crate::node::package;
use crate::sandbox::Sandbox;
use crate::terminal::screen;

const POLICY: &str = r#"schema = 1
name = "shop"

[defaults]
rotate_every = "90d"
min_length = 32

[environments.production]
tier = "production"

[environments.development]
tier = "development"

[kinds.shop-token]
prefix = "shop_"
length = 40

[secrets.API_TOKEN]
kind = "shop-token"
description = "opens the shop"

[secrets.POSTGRES_PASSWORD]
kind = "password"
min_length = 24

[secrets.POSTGRES_PASSWORD.when.development]
min_length = 16

[variables.DATABASE_URL]
type = "url"
template = "postgres://app:{POSTGRES_PASSWORD|url}@db/app"

[[groups]]
all_or_none = ["API_TOKEN", "DATABASE_URL"]
"#;

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("mintage.toml", POLICY);
    sandbox
}

#[test]
fn explain_names_the_table_and_line_of_every_field() {
    let output = shop()
        .run(["policy", "explain", "API_TOKEN", "-e", "production"])
        .succeeds();

    assert_eq!(
        output.text(),
        "API_TOKEN in production
  FIELD          VALUE                                                                             BECAUSE OF                   WRITTEN AT
  kind           \"shop-token\"                                                                      [secrets.API_TOKEN]          mintage.toml:19
  description    \"opens the shop\"                                                                  [secrets.API_TOKEN]          mintage.toml:20
  prefix         \"shop_\"                                                                           [kinds.shop-token]           mintage.toml:15
  length         40                                                                                [kinds.shop-token]           mintage.toml:16
  rotate_every   \"90d\"                                                                             [defaults]                   mintage.toml:5
  min_length     32                                                                                [defaults]                   mintage.toml:6
  made of        `shop_` and 35 characters out of 62                                               kind shop-token
  strength       at least 208.4 bits                                                               kind shop-token
  floor          128 bits                                                                          kind shop-token, the policy
  rotation       O4: only one value is valid at a time: whoever still uses the old one is cut off  kind shop-token
  remind_before  14d                                                                               built in
  keep_previous  1                                                                                 built in
named by [[groups]]  mintage.toml:33
"
    );
}

#[test]
fn environments_that_differ_are_explained_apart_and_say_what_they_override() {
    let output = shop().run(["policy", "explain", "POSTGRES_PASSWORD"]).succeeds();

    let text = output.text();
    let production = text.find("POSTGRES_PASSWORD in production\n").unwrap();
    let development = text.find("POSTGRES_PASSWORD in development\n").unwrap();
    assert!(production < development, "{output}");
    let overridden = text[development..]
        .lines()
        .find(|line| line.contains("min_length"));
    let words: Vec<&str> = overridden.unwrap().split_whitespace().collect();
    assert_eq!(
        words,
        [
            "min_length",
            "16,",
            "instead",
            "of",
            "24",
            "[secrets.POSTGRES_PASSWORD.when.development]",
            "mintage.toml:27"
        ],
        "{output}"
    );
    assert!(
        text[production..development].contains("the name POSTGRES_PASSWORD"),
        "{output}"
    );
    let named = "named by [variables.DATABASE_URL]  mintage.toml:29\n";
    assert_eq!(text.matches(named).count(), 2, "{output}");
}

#[test]
fn environments_that_agree_are_explained_once() {
    let output = shop().run(["policy", "explain", "DATABASE_URL"]).succeeds();

    assert!(
        output
            .text()
            .starts_with("DATABASE_URL in production, development\n"),
        "{output}"
    );
}

#[test]
fn what_a_preset_says_is_located_in_the_preset() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\nextends = \"web-app\"\n[environments.production]\n[secrets.JWT_SECRET]\nbytes = 48\n",
    );

    let output = sandbox.run(["policy", "explain", "JWT_SECRET"]).succeeds();

    let line = |field: &str| {
        output
            .text()
            .lines()
            .find(|line| line.trim_start().starts_with(field))
    };
    assert!(
        line("kind ").is_some_and(|line| line.contains("policies/web-app.toml:")),
        "{output}"
    );
    assert!(
        line("bytes ").is_some_and(|line| line.ends_with("mintage.toml:6")),
        "{output}"
    );
}

#[test]
fn a_name_that_nothing_declares_is_an_error_with_the_nearest_name() {
    let output = shop().run(["policy", "explain", "API_TOKENS"]).exits(1);

    assert_eq!(
        output.stderr,
        "error: the policy has no secret `API_TOKENS`
  state: nothing was changed
  hint: did you mean `API_TOKEN`?
"
    );
}

#[test]
fn presets_and_kinds_fit_one_screen_each() {
    for what in ["presets", "kinds"] {
        let sandbox = Sandbox::new();

        let lines = screen(&sandbox, &["policy", "list", what], 80);

        assert!(
            lines.len() <= 24,
            "{what}: {} lines\n{}",
            lines.len(),
            lines.join("\n")
        );
        for line in &lines {
            assert!(line.chars().count() <= 80, "{what}: {line}");
        }
    }
}

#[test]
fn every_kind_and_family_is_listed_with_what_it_is() {
    let sandbox = Sandbox::new();
    let all = sandbox.json(["policy", "list", "kinds"]);

    let kinds = all["kinds"].as_array().unwrap();
    assert!(kinds.len() >= 48 && all["presets"].as_array().unwrap().is_empty());
    for kind in kinds {
        let family = kind["family"].as_str().unwrap();
        let listed = sandbox.run(["policy", "list", family]).succeeds();
        let name = kind["name"].as_str().unwrap();
        assert!(
            listed
                .text()
                .lines()
                .any(|line| line.split_whitespace().next() == Some(name)),
            "{name}: {listed}"
        );
    }
}

/// Taplo is the engine behind the TOML support of editors.
#[test]
fn editors_check_a_policy_by_the_schema() {
    let sandbox = shop();
    let schema = sandbox.run(["policy", "schema"]).succeeds();
    let parsed: Value = serde_json::from_str(schema.text()).unwrap();
    jsonschema::draft202012::meta::validate(&parsed).unwrap();
    sandbox.write("schema.json", schema.text());
    sandbox.write("mistaken.toml", POLICY.replace("rotate_every", "rotate_evry"));
    let taplo = package("@taplo/cli", "0.7.0").join("dist/cli.js");

    let accepts = |file: &str| {
        let schema = format!("file://{}", sandbox.project().join("schema.json").display());
        let output = Command::new("node")
            .arg(&taplo)
            .args(["lint", "--schema", &schema, file])
            .current_dir(sandbox.project())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };

    assert!(accepts("mintage.toml").0, "{}", accepts("mintage.toml").1);
    let (is_accepted, complaint) = accepts("mistaken.toml");
    assert!(!is_accepted && complaint.contains("rotate_evry"), "{complaint}");
}
