//! Values in arguments: refused, explained, never repeated.

use crate::sandbox::Sandbox;
use crate::sandbox::all_refused;

#[test]
fn a_value_after_the_name_is_refused_with_the_reason_and_the_cure() {
    let sandbox = Sandbox::lumiku();

    let output = sandbox
        .command(["import", "JWT_SECRET", "abc", "-e", "production"])
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: a value was given as an argument and is not taken: it is in the shell history now, and was in the list of processes\n\
         \x20 state: nothing was changed\n\
         \x20 hint: take it out of the history: `history -d` with its number in bash, or edit the history file while no shell runs\n\
         \x20 hint: treat it as known to others: make a new one if you can\n\
         \x20 hint: then leave the value out and be asked, pipe it in, or use --from-file FILE\n\
         [exit status: 2]\n"
    );
}

#[test]
fn a_value_as_an_option_is_refused_in_the_same_way() {
    let sandbox = Sandbox::lumiku();
    let plain = sandbox
        .command(["import", "JWT_SECRET", "abc", "-e", "production"])
        .refused();

    for args in [
        &["import", "JWT_SECRET", "--value=abc"][..],
        &["import", "JWT_SECRET", "--value", "abc"],
        &["import", "JWT_SECRET", "-e", "production", "--", "abc"],
        &["import", "-e", "production", "JWT_SECRET", "abc", "abc"],
    ] {
        assert_eq!(sandbox.command(args).refused().whole(), plain.whole());
    }
}

#[test]
fn a_word_that_could_be_a_value_is_never_repeated() {
    let sandbox = Sandbox::minted();
    let commands: &[&[&str]] = &[
        &["import", "JWT_SECRET", "hunter2", "-e", "production"],
        &["import", "JWT_SECRET", "--value=hunter2"],
        &["import", "JWT_SECRET=hunter2", "-e", "production"],
        &["create", "--secret", "hunter2"],
        &["create", "--secret=hunter2"],
        &["create", "JWT_SECRET", "hunter2!", "-e", "production"],
        &["create", "--hunter2"],
        &["generate", "hex", "hunter2"],
        &["generate", "hunter2"],
        &["generate", "hex", "--hunter2=x"],
        &["generate", "hex", "--bytes", "hunter2"],
        &["rotate", "JWT_SECRET", "--reason", "hunter2", "-e", "production"],
        &["rotate", "hunter2!", "-e", "production"],
        &["reveal", "JWT_SECRET", "hunter2", "-e", "production"],
        &["reveal", "JWT_SECRET", "-e", "production", "--version", "hunter2"],
        &["score", "hunter2"],
        &["score", "hunter2", "-e", "production"],
        &["score", "--value", "hunter2"],
        &["score", "--kind", "hunter2"],
        &["status", "hunter2"],
        &["status", "--at", "hunter2"],
        &["hunter2"],
    ];

    let repeated: Vec<String> = all_refused(commands.iter().map(|args| sandbox.command(*args)))
        .iter()
        .filter(|output| output.stderr.contains("hunter2"))
        .map(|output| format!("{}:\n{}", output.command, output.stderr))
        .collect();

    assert!(repeated.is_empty(), "repeated by {}", repeated.join("\n"));
}

#[test]
fn a_name_beside_standard_input_is_refused_and_not_passed_over() {
    let sandbox = Sandbox::minted();

    let output = sandbox.command(["score", "-", "JWT_SECRET"]).stdin("x").refused();

    assert_eq!(output.code, 2);
}

#[test]
fn score_says_how_to_judge_a_value_when_it_gets_one_as_an_argument() {
    let sandbox = Sandbox::lumiku();

    let output = sandbox.command(["score", "hunter2"]).refused();

    assert!(output.stderr.contains("mintage score -"), "{output}");
    assert!(output.stderr.contains("shell history"), "{output}");
}
