//! The memory of a process that is about to end.

use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::canary::Detector;
use crate::commands::CASES;
use crate::observed::Input;
use crate::stage::Stage;

/// Holds a program up at its last system call, and returns what its memory holds, by mapping.
///
/// A process that is not dumpable is read by root, or from outside of a user namespace in which it is root.
pub fn memory_at_exit(
    stage: &Stage,
    program: &Path,
    args: &[String],
    input: &[u8],
    environment: &[(String, String)],
) -> Vec<(String, Vec<u8>)> {
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("strace")
    } else {
        let mut inside = Command::new("unshare");
        inside.args(["--user", "--map-root-user", "strace"]);
        inside
    };
    let held = format!("inject=exit_group:delay_enter={}", 60_000_000);
    command.args(["-qq", "-o", "/dev/null", "-e", "trace=exit_group", "-e", &held]);
    let mut tracer = command
        .arg(program)
        .args(args)
        .current_dir(stage.project())
        .env_clear()
        .envs(stage.environment())
        .envs(environment.iter().cloned())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs `strace`: {error}"));
    tracer.stdin.take().unwrap().write_all(input).unwrap_or_default();
    let deadline = Instant::now() + Duration::from_secs(50);
    let process = loop {
        if let Some(process) = at_its_end(tracer.id(), program) {
            break process;
        }
        assert!(
            Instant::now() < deadline && tracer.try_wait().unwrap().is_none(),
            "{args:?} did not come to its end under strace, or its memory may not be read here: run this as root or \
             allow unprivileged user namespaces"
        );
        std::thread::sleep(Duration::from_millis(5));
    };
    let memory = read(process);
    for id in [process, tracer.id()] {
        let id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
        let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
    }
    tracer.wait().unwrap();
    assert!(
        memory.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 100_000,
        "nothing was read"
    );
    memory
}

/// Returns the child of `tracer` when it is held up at `exit_group`, and is the program: `strace` tries itself out with
/// children that end at once.
fn at_its_end(tracer: u32, program: &Path) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{tracer}/task/{tracer}/children")).ok()?;
    let process = children.split_whitespace().next()?.parse().ok()?;
    let called = fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    let name = program.file_name()?.to_str()?;
    // The kernel keeps fifteen bytes of a name.
    name.starts_with(called.trim_end()).then_some(())?;
    let call = fs::read_to_string(format!("/proc/{process}/syscall")).ok()?;
    call.starts_with(EXIT_GROUP).then_some(process)
}

/// Reads all that a process can write to.
fn read(process: u32) -> Vec<(String, Vec<u8>)> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        let (from, to) = range.split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        let name = words.nth(3).unwrap_or("nameless").to_owned();
        if !rights.starts_with("rw") || name.starts_with("[v") {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        memory.seek(SeekFrom::Start(from)).unwrap();
        if memory.read_exact(&mut bytes).is_ok() {
            found.push((name, bytes));
        }
    }
    found
}

/// The number of the call, as `/proc` shows it.
#[cfg(target_arch = "x86_64")]
const EXIT_GROUP: &str = "231 ";
#[cfg(not(target_arch = "x86_64"))]
const EXIT_GROUP: &str = "94 ";

#[test]
fn no_command_leaves_a_value_in_memory() {
    let stage = Stage::new();
    let program = Path::new(env!("CARGO_BIN_EXE_mintage"));
    let mut wrong = Vec::new();
    for case in CASES {
        // A program that becomes another leaves no memory; typed answers are for the tests of prompts; what the
        // process was started with stays where the system put it.
        let from_environment = case.args.contains(&"HANDED_OVER");
        let input = match (case.input)() {
            Input::Nothing => Vec::new(),
            Input::Pipe(bytes) => bytes,
            Input::Typed(_) => continue,
        };
        if case.purpose.child || from_environment {
            continue;
        }
        stage.reset();
        let mut args: Vec<String> = case.command.split(' ').map(str::to_owned).collect();
        args.extend(case.args.iter().map(|arg| (*arg).to_owned()));
        let memory = memory_at_exit(&stage, program, &args, &input, &[]);
        let mut known = stage.keys.clone();
        known.extend(stage.values());
        let detector = Detector::new(&known);
        for (name, bytes) in memory {
            let labels = detector.find(&bytes);
            if !labels.is_empty() {
                let names: BTreeSet<&str> = labels
                    .iter()
                    .filter_map(|label| label.split(" as ").next())
                    .collect();
                wrong.push(format!("mintage {}: {name} holds {names:?}", args.join(" ")));
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
