//! A day's work in bash, zsh and fish, with history on: no value is in the history afterwards.

use std::fs;
use std::path::PathBuf;

use crate::canary::Detector;
use crate::canary::value;
use crate::session::Session;
use crate::stage::Stage;
use crate::stage::files_below;

/// A shell: how it is started, and where it keeps what was typed.
struct Shell {
    program: &'static str,
    args: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    /// Typed first.
    setup: &'static [&'static str],
    history: &'static str,
}

/// What is typed, and what is answered at which hidden question.
struct Line {
    typed: String,
    answers: Vec<(&'static str, Vec<u8>)>,
}

fn line(typed: &str) -> Line {
    let program = env!("CARGO_BIN_EXE_mintage");
    Line {
        typed: typed.replace("mintage ", &format!("{program} ")),
        answers: Vec::new(),
    }
}

fn answered(typed: &str, questions: [&'static str; 2], name: &str) -> Line {
    let answer = [value(name), b"\r"].concat();
    Line {
        answers: questions.map(|question| (question, answer.clone())).to_vec(),
        ..line(typed)
    }
}

/// Every way in and out that the documentation names.
fn day() -> Vec<Line> {
    let questions = ["alue of ", "once more: "];
    vec![
        line("mintage status"),
        line("mintage create --all -e production"),
        answered("mintage import SHORT -e production", questions, "QUOTED"),
        line("mintage import LONG -e production < long.secret"),
        line("cat lines.secret | mintage import LINES -e production --force"),
        line("mintage import LINES -e production --from-file lines.secret --force"),
        line("mintage import --dotenv .env.production -e staging"),
        answered("mintage rotate SHORT -e production", questions, "SHORT"),
        line("mintage rotate MINTED -e production"),
        line("mintage score -e production"),
        line("mintage score - < quoted.secret"),
        line("mintage generate password > new.secret"),
        line("mintage reveal LONG -e production | wc -c"),
        line("mintage reveal LONG -e production"),
        line("mintage run -e production --no-check -- true"),
        line("mintage render -e production --dialect k8s --out out.env"),
        line("mintage push -e production"),
        line("mintage rollback TURNED -e production"),
        line("mintage retire TURNED -e production"),
        line("mintage history"),
        line("mintage verify --deep"),
    ]
}

fn work(shell: &Shell) {
    let stage = Stage::new();
    let program = search(shell.program);
    let mut session = Session::start(&stage, &program, shell.args, shell.environment);
    let mut count = 0;
    let mut enter = |session: &mut Session, line: &Line| {
        count += 1;
        let done = stage.beside(&format!("done-{count}"));
        let questions = |session: &Session, question: &str| {
            String::from_utf8_lossy(&session.screen())
                .matches(question)
                .count()
        };
        let before: Vec<usize> = line
            .answers
            .iter()
            .map(|(question, _)| questions(session, question))
            .collect();
        session.keys(format!("{}; touch {}\r", line.typed, done.display()).as_bytes());
        for ((question, answer), before) in line.answers.iter().zip(before) {
            session.expect(question, before + 1);
            session.until("silence", || !session.echoes());
            std::thread::sleep(std::time::Duration::from_millis(80));
            session.keys(answer);
        }
        session.until(&line.typed, || done.exists());
    };
    session.expect("READY", 1);
    for typed in shell.setup {
        enter(&mut session, &line(typed));
    }
    for line in day() {
        enter(&mut session, &line);
    }
    session.keys(b"exit\r");
    session.end();

    let kept = fs::read(stage.home().join(shell.history)).unwrap();
    let text = String::from_utf8_lossy(&kept);
    assert!(
        text.contains("rotate MINTED -e production"),
        "the history is kept: {text}"
    );
    let mut known = stage.keys.clone();
    known.extend(stage.values());
    let minted = fs::read(stage.project().join("new.secret")).unwrap();
    known.push(("generated".to_owned(), minted.trim_ascii().to_vec()));
    let detector = Detector::new(&known);
    for file in files_below(&stage.home()) {
        if file == stage.identity() {
            continue;
        }
        let found = fs::read(&file).unwrap();
        assert!(
            detector.find(&found).is_empty(),
            "{}: {:?}",
            file.display(),
            detector.find(&found)
        );
    }
}

#[test]
fn bash_remembers_no_value() {
    work(&Shell {
        program: "bash",
        args: &["--noprofile", "--norc", "-i"],
        environment: &[("PS1", "READY> "), ("HISTCONTROL", ""), ("HISTSIZE", "5000")],
        setup: &["HISTFILE=$HOME/.bash_history", "set -o history"],
        history: ".bash_history",
    });
}

#[test]
fn zsh_remembers_no_value() {
    work(&Shell {
        program: "zsh",
        args: &["-f", "-i"],
        environment: &[("PS1", "READY> ")],
        setup: &[
            "HISTFILE=$HOME/.zsh_history",
            "SAVEHIST=5000 HISTSIZE=5000",
            "setopt INC_APPEND_HISTORY",
        ],
        history: ".zsh_history",
    });
}

#[test]
fn fish_remembers_no_value() {
    work(&Shell {
        program: "fish",
        args: &[
            "--init-command",
            "function fish_prompt; echo 'READY> '; end",
            "-i",
        ],
        environment: &[],
        setup: &[],
        history: ".local/share/fish/fish_history",
    });
}

fn search(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| panic!("this test needs `{program}`: install the Debian package `{program}`"))
}
