//! Every command, in a pipe and on a terminal, as it should go and disturbed in every way: no value where none belongs.

use std::collections::BTreeSet;
use std::fs;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Mutex;

use crate::canary::CANARIES;
use crate::canary::Detector;
use crate::canary::value;
use crate::commands::CASES;
use crate::commands::Case;
use crate::observed::Input;
use crate::observed::Observed;
use crate::observed::Place;
use crate::observed::Watch;
use crate::observed::watch;
use crate::stage::Stage;

/// How a run is disturbed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// Not at all.
    Plain,
    /// `--json`, and everything that can be told.
    Json,
    /// As much as can be told.
    Verbose,
    /// A word more than the command takes, which is a value: somebody pasted it.
    Pasted,
    /// A value in the place of the policy.
    BadPolicy,
    /// A policy in which a value stands where something else belongs.
    WrongPolicy,
    /// Nothing opens the store.
    NoIdentity,
    /// A value in the place of the identity.
    WrongIdentity,
    /// The ledger was changed.
    Tampered,
    /// Another process holds the locks.
    Locked,
    /// The disk is full from the n-th write on.
    Full(u32),
    /// Killed at the n-th write.
    Killed(u32),
    /// The random source fails: crates panic.
    NoRandom,
    /// Standard output is closed.
    NoStdout,
}

/// Ways that are tried with every command; in a sample, each in turn is skipped for some commands.
const WAYS: &[Way] = &[
    Way::Json,
    Way::Verbose,
    Way::Pasted,
    Way::BadPolicy,
    Way::WrongPolicy,
    Way::NoIdentity,
    Way::WrongIdentity,
    Way::Tampered,
    Way::Locked,
    Way::Full(1),
    Way::Full(3),
    Way::Full(7),
    Way::Killed(2),
    Way::Killed(5),
    Way::NoRandom,
    Way::NoStdout,
];

/// One of so many disturbed runs is made, unless all are asked for.
const SAMPLE: usize = 6;

#[test]
fn every_command_of_the_program_has_a_case() {
    let mut defined = BTreeSet::new();
    leaves(&mintage::cli::command(), "", &mut defined);
    let listed: BTreeSet<String> = CASES.iter().map(|case| case.command.to_owned()).collect();

    assert_eq!(
        listed, defined,
        "add a line to tests/silence/commands.rs for every command"
    );
}

#[test]
fn every_command_is_silent() {
    let runs: Vec<(&Case, Way, bool)> = CASES
        .iter()
        .flat_map(|case| [(case, Way::Plain, false), (case, Way::Plain, true)])
        .filter(|(case, _, on_terminal)| *on_terminal || !matches!((case.input)(), Input::Typed(_)))
        .collect();

    all_silent(&runs);
}

#[test]
fn every_command_is_silent_when_it_fails() {
    let is_full = std::env::var_os("MINTAGE_TEST_FULL").is_some_and(|full| full == "1");
    let runs: Vec<(&Case, Way, bool)> = CASES
        .iter()
        .flat_map(|case| WAYS.iter().map(move |way| (case, *way)))
        .enumerate()
        .filter(|(index, (case, way))| {
            is_full
                || match way {
                    // It waits for half a minute.
                    Way::Locked => case.command == "create",
                    // Shifted from command to command, so that each way meets each sort of command.
                    _ => (index + index / WAYS.len()).is_multiple_of(SAMPLE),
                }
        })
        .map(|(index, (case, way))| {
            let typed = matches!((case.input)(), Input::Typed(_));
            (case, way, typed || index % 3 == 0)
        })
        .collect();

    let ends = all_silent(&runs);
    // A stream that is closed is an empty device to the run-time library: that it fails is not promised.
    let may_succeed = |way: &&Way| matches!(way, Way::Json | Way::Verbose | Way::NoStdout);
    for way in WAYS.iter().filter(|way| !may_succeed(way)) {
        let disturbs = |(of, end): &(Way, Option<i32>)| of == way && *end != Some(0);
        assert!(ends.iter().any(disturbs), "{way:?} disturbs nothing");
    }
}

/// Makes the runs on a few threads, each with a stage of its own; returns how they ended.
fn all_silent(runs: &[(&Case, Way, bool)]) -> Vec<(Way, Option<i32>)> {
    let next = Mutex::new(runs.iter());
    let broken = Mutex::new(Vec::new());
    let ends = Mutex::new(Vec::new());
    let workers = 4;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let stage = Stage::new();
                loop {
                    let Some((case, way, on_terminal)) = next.lock().unwrap().next().copied() else {
                        return;
                    };
                    let (found, end) = judge(&stage, case, way, on_terminal);
                    ends.lock().unwrap().push((way, end));
                    broken.lock().unwrap().extend(found);
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    assert!(
        broken.is_empty(),
        "{} of {} runs:\n{}",
        broken.len(),
        runs.len(),
        broken.join("\n")
    );
    ends.into_inner().unwrap()
}

/// Makes one run; tells what is wrong with it, and its exit code. Values are named, not shown.
fn judge(stage: &Stage, case: &Case, way: Way, on_terminal: bool) -> (Option<String>, Option<i32>) {
    stage.reset();
    let held = disturb(stage, way);
    let mut args: Vec<String> = case.command.split(' ').map(str::to_owned).collect();
    let (own, after) = match case.args.iter().position(|arg| *arg == "--") {
        Some(at) => case.args.split_at(at),
        None => (case.args, &[][..]),
    };
    args.extend(own.iter().map(|arg| (*arg).to_owned()));
    match way {
        Way::Json => args.extend(["--json".to_owned(), "--verbose".to_owned()]),
        Way::Verbose => args.push("--verbose".to_owned()),
        Way::Pasted => args.extend([
            String::from_utf8(value("LONG").to_vec()).unwrap(),
            format!("--{}", String::from_utf8_lossy(value("SHORT"))),
        ]),
        _ => {}
    }
    args.extend(after.iter().map(|arg| (*arg).to_owned()));
    let mut environment = Vec::new();
    if args.iter().any(|arg| arg == "HANDED_OVER") {
        let text = String::from_utf8(value("QUOTED").to_vec()).unwrap();
        environment.push(("HANDED_OVER".to_owned(), text));
    }
    if matches!(way, Way::NoIdentity) {
        let none = stage.home().join("empty").to_str().unwrap().to_owned();
        environment.push(("XDG_CONFIG_HOME".to_owned(), none));
    }
    let inject = match way {
        Way::Full(number) => Some(format!("write,pwrite64:error=ENOSPC:when={number}+")),
        Way::Killed(number) => Some(format!("write,fsync,syncfs,renameat:signal=KILL:when={number}")),
        Way::NoRandom => Some("getrandom:error=EIO".to_owned()),
        _ => None,
    };
    let observed = watch(
        stage,
        Watch {
            program: Path::new(env!("CARGO_BIN_EXE_mintage")),
            args: &args,
            input: (case.input)(),
            on_terminal,
            environment,
            inject,
            without_stdout: way == Way::NoStdout && !on_terminal,
            by_others: &["told", ".gitignore", "mintage.toml"],
        },
    );
    drop(held);
    let mut wrong: BTreeSet<String> = observed.faults.clone();
    if way == Way::Plain && !observed.code.is_some_and(|code| case.ends.contains(&code)) {
        wrong.insert(format!(
            "it ended with {:?} and said:\n{}",
            observed.code, observed.said
        ));
    }
    if observed.said.contains("panicked at") {
        wrong.insert("a panic shows its message".to_owned());
    }
    let mut others = stage.keys.clone();
    if way == Way::Plain {
        others.extend(stage.values());
        others.extend(printed(case, &observed));
    }
    for (place, what) in observed.sightings(&Detector::new(&others)) {
        if !belongs(&place, case, &what, stage) {
            let what: Vec<String> = what.into_iter().collect();
            wrong.insert(format!("{place:?} holds {}", what.join(", ")));
        }
    }
    let (wrong, line) = (Vec::from_iter(wrong), args_shown(&args));
    let shown = |wrong: Vec<String>| {
        format!(
            "{line} ({way:?}, {}):\n    {}",
            if on_terminal { "terminal" } else { "pipe" },
            wrong.join("\n    ")
        )
    };
    ((!wrong.is_empty()).then(|| shown(wrong)), observed.code)
}

/// Returns whether a value may stand at a place after this call.
fn belongs(place: &Place, case: &Case, what: &BTreeSet<String>, stage: &Stage) -> bool {
    let purpose = case.purpose;
    match place {
        Place::Stdout | Place::Screen => {
            purpose.stdout && !what.iter().any(|what| what.starts_with("identity"))
        }
        Place::ChildEnvironment => purpose.child,
        Place::Pipe => purpose.sink,
        // What a standard output that is closed becomes.
        Place::File(path) if path == "/dev/null" => purpose.stdout,
        Place::File(path) => {
            purpose.files.iter().any(|begin| path.starts_with(begin))
                || Path::new(path) == stage.identity() && what.iter().all(|what| what.starts_with("identity"))
        }
        Place::Argument | Place::Stderr | Place::SystemCall => false,
    }
}

/// What `generate` made: it belongs on standard output, and nowhere else.
fn printed(case: &Case, observed: &Observed) -> Vec<(String, Vec<u8>)> {
    if case.command != "generate" {
        return Vec::new();
    }
    let printed = [Place::Stdout, Place::File("out.env".to_owned())];
    observed
        .seen
        .iter()
        .filter(|(place, _)| printed.contains(place))
        .flat_map(|(_, bytes)| bytes.split(|byte| *byte == b'\n'))
        .filter(|line| line.len() > 10)
        .map(|line| ("a new value".to_owned(), line.to_vec()))
        .collect()
}

/// Puts the stage into the state that makes commands fail; what is returned keeps it so.
fn disturb(stage: &Stage, way: Way) -> Vec<fs::File> {
    let policy = || fs::read(stage.project().join("mintage.toml")).unwrap();
    match way {
        Way::BadPolicy => stage.write(
            "mintage.toml",
            [&policy()[..], b"\nx = \"", value("LONG"), b"\n"].concat(),
        ),
        Way::WrongPolicy => {
            let text = String::from_utf8(policy()).unwrap();
            let short = String::from_utf8(value("SHORT").to_vec()).unwrap();
            stage.write(
                "mintage.toml",
                text.replace("bytes = 32", &format!("bytes = \"{short}\"")),
            );
        }
        Way::WrongIdentity => fs::write(stage.identity(), [value("QUOTED"), b"\n"].concat()).unwrap(),
        Way::Tampered => {
            let ledger = stage.project().join(".mintage/production/ledger.jsonl");
            let text = fs::read_to_string(&ledger).unwrap();
            fs::write(&ledger, text.replacen("\"revision\":1", "\"revision\":7", 1)).unwrap();
        }
        Way::Locked => {
            let mut held = Vec::new();
            for name in ["lock", "rotation.lock"] {
                let lock = fs::File::options()
                    .write(true)
                    .create(true)
                    .truncate(false)
                    .open(stage.project().join(".mintage").join(name))
                    .unwrap();
                rustix::fs::flock(lock.as_fd(), rustix::fs::FlockOperation::NonBlockingLockExclusive)
                    .unwrap();
                held.push(lock);
            }
            return held;
        }
        _ => {}
    }
    Vec::new()
}

/// The command line without the values that stand in it.
fn args_shown(args: &[String]) -> String {
    let is_value = |arg: &String| {
        CANARIES
            .iter()
            .any(|canary| arg.as_bytes().ends_with(canary.value))
    };
    let shown: Vec<&str> = args
        .iter()
        .map(|arg| if is_value(arg) { "VALUE" } else { arg })
        .collect();
    format!("mintage {}", shown.join(" "))
}

fn leaves(command: &clap::Command, above: &str, found: &mut BTreeSet<String>) {
    for below in command.get_subcommands() {
        let name = format!("{above} {}", below.get_name()).trim_start().to_owned();
        if below.has_subcommands() {
            leaves(below, &name, found);
        } else {
            found.insert(name);
        }
    }
}
