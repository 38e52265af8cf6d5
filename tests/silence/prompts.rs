//! The hidden question: whatever ends it, the terminal echoes again; whatever is pasted, nothing is left for the shell.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use rustix::process::Signal;

use crate::canary::Detector;
use crate::canary::value;
use crate::planted::FAULT;
use crate::planted::faulty;
use crate::session::Session;
use crate::stage::Stage;

const QUESTION: &str = "Value of SHORT in production";

fn asked(stage: &Stage, environment: &[(&str, &str)]) -> Session {
    let import = ["import", "SHORT", "-e", "production", "--force"];
    let session = Session::start(
        stage,
        Path::new(env!("CARGO_BIN_EXE_mintage")),
        &import,
        environment,
    );
    session.expect(QUESTION, 1);
    session.until("silence", || !session.is_as_it_was());
    session
}

#[track_caller]
fn shows_nothing(session: &Session) {
    let screen = session.screen();
    let found = Detector::new(&[]);
    assert!(
        found.find(&screen).is_empty(),
        "the screen shows {:?}",
        found.find(&screen)
    );
}

#[test]
fn a_signal_at_the_question_ends_the_program_and_brings_the_echo_back() {
    let stage = Stage::new();
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let mut session = asked(&stage, &[]);
        session.keys(&value("SHORT")[..4]);

        session.signal(signal);

        assert_eq!(session.end().signal(), Some(signal.as_raw()), "{signal:?}");
        assert!(session.is_as_it_was(), "{signal:?}");
        shows_nothing(&session);
    }
}

#[test]
fn a_panic_at_the_question_brings_the_echo_back_and_tells_nothing() {
    let stage = Stage::new();
    let import = ["import", "SHORT", "-e", "production", "--force"];
    let fault = format!("panic-at-length-{}", value("SHORT").len());
    let mut session = Session::start(&stage, &faulty(), &import, &[(FAULT, &fault)]);
    session.expect(QUESTION, 1);
    session.until("silence", || !session.is_as_it_was());

    session.keys(&[value("SHORT"), b"\r"].concat());

    assert_eq!(session.end().code(), Some(70));
    assert!(session.is_as_it_was());
    let screen = String::from_utf8_lossy(&session.screen()).into_owned();
    assert!(screen.contains("internal error: mintage stopped at"), "{screen}");
    shows_nothing(&session);
}

#[test]
fn ctrl_c_at_the_question_cancels_and_brings_the_echo_back() {
    let stage = Stage::new();
    let mut session = asked(&stage, &[]);

    session.keys(&[&value("SHORT")[..4], b"\x03"].concat());

    assert_eq!(session.end().code(), Some(1));
    assert!(session.is_as_it_was());
    shows_nothing(&session);
}

#[test]
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    let stage = Stage::new();
    let script = "trap '' HUP; exec \"$0\" import SHORT -e production";
    let args = ["-c", script, env!("CARGO_BIN_EXE_mintage")];
    let mut session = Session::start(&stage, Path::new("/bin/sh"), &args, &[]);
    session.expect(QUESTION, 1);
    session.until("silence", || !session.is_as_it_was());

    session.signal(Signal::HUP);
    session.keys(b"\x03");

    assert_eq!(session.end().code(), Some(1));
    assert!(session.is_as_it_was());
}

#[test]
fn a_signal_after_the_question_has_its_usual_effect() {
    let stage = Stage::new();
    let mut session = asked(&stage, &[]);
    let answer = [value("QUOTED"), b"\r"].concat();
    session.keys(&answer);
    session.expect("once more", 1);
    session.until("silence", || !session.is_as_it_was());

    session.signal(Signal::TERM);

    assert_eq!(session.end().signal(), Some(15));
    assert!(session.is_as_it_was());
    shows_nothing(&session);
}

#[test]
fn a_marked_paste_of_several_lines_is_one_value() {
    let stage = Stage::new();
    let mut session = asked(&stage, &[]);
    assert!(String::from_utf8_lossy(&session.screen()).contains("\x1b[?2004h"));
    let pasted = [b"\x1b[200~", value("LINES"), b"\n\x1b[201~\r"].concat();

    session.keys(&pasted);
    session.expect("once more", 1);
    session.until("silence", || !session.is_as_it_was());
    session.keys(&pasted);

    assert_eq!(
        session.end().code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&session.screen())
    );
    assert!(String::from_utf8_lossy(&session.screen()).contains("\x1b[?2004l"));
    shows_nothing(&session);
    let stored = stage.output(&["reveal", "SHORT", "-e", "production"]);
    assert!(
        stored.as_deref() == Some(value("LINES")),
        "the lines were stored as they are"
    );
}

#[test]
fn a_paste_of_several_lines_without_marks_is_refused_and_nothing_is_left_for_the_shell() {
    let stage = Stage::new();
    let mut session = asked(&stage, &[("TERM", "dumb")]);
    assert!(!String::from_utf8_lossy(&session.screen()).contains('\x1b'));

    session.keys(&[value("LINES"), b"\n"].concat());

    assert_eq!(session.end().code(), Some(1));
    let screen = String::from_utf8_lossy(&session.screen()).into_owned();
    assert!(screen.contains("more than one line came at once"), "{screen}");
    assert!(screen.contains("--from-file FILE"), "{screen}");
    assert_eq!(session.left_over(), 0);
    assert!(session.is_as_it_was());
    shows_nothing(&session);
}
