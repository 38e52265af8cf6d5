//! Help, completions and the manual: made from one definition, committed, and compared byte for byte.

use std::fs;
use std::path::PathBuf;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

/// Every command that has a help text.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["init"],
    &["create"],
    &["status"],
    &["remind"],
    &["schedule"],
    &["check"],
    &["score"],
    &["rotate"],
    &["rollback"],
    &["restore"],
    &["push"],
    &["retire"],
    &["import"],
    &["diff"],
    &["render"],
    &["reveal"],
    &["run"],
    &["generate"],
    &["history"],
    &["verify"],
    &["doctor"],
    &["signoff"],
    &["audit"],
    &["policy"],
    &["policy", "list"],
    &["policy", "show"],
    &["policy", "explain"],
    &["policy", "lint"],
    &["policy", "approve"],
    &["policy", "schema"],
    &["completions"],
    &["man"],
];

/// Shells and the files that hold their scripts.
const SHELLS: &[(&str, &str)] = &[
    ("bash", "completions/mintage.bash"),
    ("elvish", "completions/mintage.elv"),
    ("fish", "completions/mintage.fish"),
    ("powershell", "completions/_mintage.ps1"),
    ("zsh", "completions/_mintage"),
];

/// What a help text may begin with.
const IMPERATIVES: &[&str] = &[
    "Allow", "Audit", "Bring", "Check", "Confirm", "End", "Find", "Gather", "Judge", "List", "Look", "Mint",
    "Mint,", "Print", "Replace", "Run", "Set", "Show", "Tell", "Write",
];

/// Most lines of a help text.
const MAX_LINES: usize = 60;

/// Most columns of a help text.
const MAX_COLUMNS: usize = 110;

#[test]
fn the_help_texts_are_those_that_are_committed() {
    let mut all = String::new();
    for command in COMMANDS {
        let spelt: String = command.iter().map(|word| format!(" {word}")).collect();
        all.push_str(&format!("$ mintage{spelt} --help\n"));
        all.push_str(help(command).text());
        all.push('\n');
    }

    compare("tests/cli/help.txt", &all);
}

#[test]
fn the_completion_scripts_are_those_that_are_committed() {
    let sandbox = Sandbox::new();

    for (shell, path) in SHELLS {
        let output = sandbox.run(["completions", shell]).succeeds();
        assert_eq!(output.stderr, "");
        compare(path, output.text());
    }
}

#[test]
fn every_shell_that_completions_takes_has_a_committed_script() {
    let output = Sandbox::new().command(["completions", "none"]).refused();

    let shells: Vec<&str> = SHELLS.iter().map(|(shell, _)| *shell).collect();
    assert!(
        output
            .stderr
            .contains(&format!("possible: {}\n", shells.join(", "))),
        "{output}"
    );
}

#[test]
fn no_command_is_missing_from_the_list_of_help_texts() {
    let help = help(&[]);
    let listed: Vec<&str> = help
        .text()
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();

    let known: Vec<&str> = COMMANDS
        .iter()
        .filter(|command| command.len() == 1)
        .map(|command| command[0])
        .collect();
    assert_eq!(listed, known);
}

#[test]
fn a_help_text_fits_a_screen_and_begins_with_an_imperative() {
    let mut wrong = Vec::new();
    for command in COMMANDS {
        for flag in ["--help", "-h"] {
            let args: Vec<&str> = command.iter().copied().chain([flag]).collect();
            let output = Sandbox::new().run(&args).succeeds();
            assert_eq!(output.stderr, "");
            let text = output.text();
            let called = &output.command;
            let first = text.split_whitespace().next().unwrap_or_default();
            if !IMPERATIVES.contains(&first) {
                wrong.push(format!("{called} begins with `{first}`"));
            }
            if text.lines().next().is_none_or(|summary| summary.ends_with('.')) {
                wrong.push(format!("{called}: a full stop after the summary"));
            }
            let lines = text.lines().count();
            if lines > MAX_LINES {
                wrong.push(format!("{called} has {lines} lines, {MAX_LINES} at most"));
            }
            let widest = text
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap_or_default();
            if widest > MAX_COLUMNS {
                wrong.push(format!("{called} has {widest} columns, {MAX_COLUMNS} at most"));
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_a_command_the_help_goes_to_standard_error() {
    let output = Sandbox::new().run([""; 0]);

    assert_eq!(output.code, 2);
    assert!(output.stdout.is_empty());
    assert!(output.stderr.contains("Commands:"), "{output}");
}

#[test]
fn the_version_is_the_one_of_the_manifest() {
    let output = Sandbox::new().run(["--version"]).succeeds();

    assert_eq!(
        output.text(),
        concat!("mintage ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn the_manual_has_a_section_for_every_command() {
    let output = Sandbox::new().run(["man"]).succeeds();

    assert!(
        output.text().starts_with(".ie") || output.text().contains(".TH mintage 1"),
        "{output}"
    );
    for command in COMMANDS.iter().filter(|command| command.len() == 1) {
        let section = format!(".SH \"MINTAGE {}\"\n", command[0].to_uppercase());
        assert_eq!(output.text().matches(&section).count(), 1, "{section}");
    }
}

#[test]
fn completions_offer_no_option_that_takes_a_value_of_a_secret() {
    let sandbox = Sandbox::new();

    for (shell, _) in SHELLS {
        let script = sandbox.run(["completions", shell]).succeeds();
        for option in ["--value", "--secret", "--password"] {
            assert!(!script.text().contains(option), "{shell}: {option}");
        }
    }
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::minted();

    let plain = sandbox.run(["status"]).succeeds();
    let always = sandbox.run(["status", "--color", "always"]).succeeds();
    let never = sandbox.run(["status", "--color", "never"]).succeeds();

    assert!(!plain.text().contains('\u{1b}'));
    assert!(always.text().contains('\u{1b}'));
    assert_eq!(never.text(), plain.text());
}

fn help(command: &[&str]) -> Output {
    let args: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
    Sandbox::new().run(args).succeeds()
}

/// Compares with a committed file; `MINTAGE_BLESS=1` writes it instead.
fn compare(path: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("MINTAGE_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        return;
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let differs = committed
        .lines()
        .zip(text.lines())
        .position(|(old, new)| old != new);
    assert!(
        committed == text,
        "{path} differs from what the program prints, first in line {}; to take it over: MINTAGE_BLESS=1 cargo test \
         --test cli help",
        differs.map_or_else(
            || committed.lines().count().min(text.lines().count()) + 1,
            |line| line + 1
        )
    );
}
