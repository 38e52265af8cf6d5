//! Running other programs: the one place that does.

#![expect(clippy::disallowed_methods, reason = "the one place that runs programs")]

use std::ffi::OsString;
use std::io;
use std::io::Read;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use close_fds::CloseFdsBuilder;
use rustix::io::Errno;
use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::WaitId;
use rustix::process::WaitIdOptions;
use rustix::process::kill_process_group;
use rustix::process::waitid;
use zeroize::Zeroizing;

use crate::secret::SecretValue;

/// A program to run.
pub(super) struct Job<'a> {
    /// The program, as an absolute path.
    pub program: &'a Path,
    /// Its arguments.
    pub arguments: &'a [String],
    /// Where it runs.
    pub directory: &'a Path,
    /// Everything that it sees of the environment.
    pub environment: &'a [(OsString, OsString)],
    /// What it reads.
    pub input: SecretValue,
    /// How long it may run.
    pub patience: Duration,
    /// How many bytes of what it says are kept.
    pub keep: usize,
}

/// How a program ended, and what it said.
pub(super) struct Outcome {
    /// How it ended.
    pub end: End,
    /// What it wrote to standard output, cut at [`Job::keep`] bytes.
    pub output: SecretValue,
    /// What it wrote to standard error, cut likewise.
    pub complaint: Zeroizing<Vec<u8>>,
}

/// How a program ended.
#[derive(Debug)]
pub(super) enum End {
    /// It wanted to ask somebody on the terminal, and was killed.
    Asked,
    /// With an exit code.
    Code(i32),
    /// It could not be started.
    NotStarted(io::Error),
    /// By a signal.
    Signal(i32),
    /// It ran too long, and was killed.
    TimedOut,
}

/// Runs a program to its end, without a shell, in a process group of its own.
///
/// It inherits no file but its three standard streams, which are pipes, and no variable but those of the job.
/// Whatever it leaves running is killed. More output than is kept is read and dropped, so that it never waits.
pub(super) fn run(job: Job<'_>) -> Outcome {
    match prepare(&job)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    {
        Ok(child) => attend(child, job.input, (job.patience, job.keep)),
        Err(error) => Outcome {
            end: End::NotStarted(error),
            output: SecretValue::new(Vec::new()),
            complaint: Zeroizing::new(Vec::new()),
        },
    }
}

/// Starts a program that goes on by itself once it has its input; what it says is dropped.
///
/// # Errors
///
/// When it cannot be started.
pub(super) fn start(job: Job<'_>) -> io::Result<Child> {
    let mut child = prepare(&job)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read is found out by what it does.
        let _ = stdin.write_all(job.input.expose());
    }
    Ok(child)
}

fn prepare(job: &Job<'_>) -> Command {
    CloseFdsBuilder::new().cloexecfrom(3);
    let mut command = Command::new(job.program);
    command
        .args(job.arguments)
        .current_dir(job.directory)
        .env_clear()
        .envs(job.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .process_group(0);
    command
}

/// Feeds a program, listens to it and waits for its end.
fn attend(mut child: Child, input: SecretValue, (patience, keep): (Duration, usize)) -> Outcome {
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read is told apart by its exit code, not by a broken pipe.
        let feeding = thread::Builder::new().spawn(move || stdin.write_all(input.expose()));
        drop(feeding);
    }
    let output = child.stdout.take().map(|stream| listen(stream, keep));
    let complaint = child.stderr.take().map(|stream| listen(stream, keep));
    let waited = Pid::from_raw(child.id().cast_signed()).map(|pid| (pid, wait(pid, patience)));
    if let Some((pid, _)) = &waited {
        // The program itself is not reaped yet, so that its number names no other group.
        let _ = kill_process_group(*pid, Signal::KILL);
    }
    let status = child.wait();
    let end = match (waited, status) {
        (Some((_, Some(end))), _) => end,
        (_, Ok(status)) => match (status.code(), status.signal()) {
            (Some(code), _) => End::Code(code),
            (None, signal) => End::Signal(signal.unwrap_or_default()),
        },
        (_, Err(error)) => End::NotStarted(error),
    };
    Outcome {
        end,
        output: SecretValue::new(heard(output).to_vec()),
        complaint: heard(complaint),
    }
}

/// Waits without reaping; returns how it has to end when it does not end by itself.
fn wait(pid: Pid, patience: Duration) -> Option<End> {
    let start = Instant::now();
    let options =
        WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let mut pause = SHORTEST_PAUSE;
    loop {
        match waitid(WaitId::Pid(pid), options) {
            Ok(Some(status)) if status.stopped() => return Some(End::Asked),
            Ok(None) | Err(Errno::INTR) => {}
            Ok(Some(_)) | Err(_) => return None,
        }
        if start.elapsed() >= patience {
            return Some(End::TimedOut);
        }
        thread::sleep(pause);
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

/// Reads a stream to its end on a thread of its own, and keeps its beginning.
fn listen(stream: impl Read + Send + 'static, keep: usize) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    let listening = thread::Builder::new().spawn(move || {
        // Never grows, so that no copy is left behind.
        let mut kept = Zeroizing::new(Vec::with_capacity(keep));
        let mut stream = stream;
        let _ = stream.by_ref().take(keep as u64).read_to_end(&mut kept);
        let _ = io::copy(&mut stream, &mut io::sink());
        let _ = sender.send(kept);
    });
    drop(listening);
    receiver
}

/// Returns what a stream held, unless something that got away still writes to it.
fn heard(stream: Option<Receiver<Zeroizing<Vec<u8>>>>) -> Zeroizing<Vec<u8>> {
    let heard = stream.and_then(|stream| stream.recv_timeout(LAST_WORDS).ok());
    heard.unwrap_or_default()
}

/// Most bytes that are kept of a stream: a value of the largest size and its line end fit.
pub(super) const MAX_OUTPUT: usize = 64 * 1_024 + 2;

/// How long to wait for the end of a stream after the program's own.
const LAST_WORDS: Duration = Duration::from_secs(2);

const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, patience: Duration) -> Outcome {
        run(Job {
            program: Path::new("/bin/sh"),
            arguments: &["-c".to_owned(), script.to_owned()],
            directory: Path::new("/"),
            environment: &[
                ("ONE".into(), "1".into()),
                ("PATH".into(), "/usr/bin:/bin".into()),
            ],
            input: SecretValue::new(b"the input".to_vec()),
            patience,
            keep: MAX_OUTPUT,
        })
    }

    fn output(outcome: &Outcome) -> String {
        String::from_utf8_lossy(outcome.output.expose()).into_owned()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn a_program_gets_its_input_and_nothing_else() {
        // A file that this process has open, and would leave to others.
        let open = std::fs::File::open("/proc/self/status").unwrap();
        rustix::io::fcntl_setfd(&open, rustix::io::FdFlags::empty()).unwrap();

        let outcome = sh("cat; echo; env | sort; ls /proc/$$/fd; exit 3", LONG);

        assert!(matches!(outcome.end, End::Code(3)), "{:?}", outcome.end);
        let text = output(&outcome);
        assert!(text.starts_with("the input\nONE=1\n"), "{text}");
        assert!(!text.contains("HOME="), "{text}");
        assert!(text.ends_with("\n0\n1\n2\n"), "{text}");
    }

    #[test]
    fn one_that_runs_too_long_is_killed_with_all_that_it_started() {
        let start = Instant::now();

        let outcome = sh("(sleep 30; echo late) & sleep 30", Duration::from_millis(300));

        assert!(matches!(outcome.end, End::TimedOut), "{:?}", outcome.end);
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_it_leaves_behind_is_killed_and_not_waited_for() {
        let start = Instant::now();

        let outcome = sh("sleep 30 & echo done", LONG);

        assert!(matches!(outcome.end, End::Code(0)), "{:?}", outcome.end);
        assert_eq!(output(&outcome), "done\n");
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn one_that_stops_to_ask_is_not_waited_for() {
        let outcome = sh("kill -TTIN $$; sleep 30", LONG);

        assert!(matches!(outcome.end, End::Asked), "{:?}", outcome.end);
    }

    #[test]
    fn endless_output_is_cut_and_never_blocks() {
        let outcome = sh("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2", LONG);

        assert!(matches!(outcome.end, End::Code(0)), "{:?}", outcome.end);
        assert_eq!(
            (outcome.output.len(), outcome.complaint.len()),
            (MAX_OUTPUT, MAX_OUTPUT)
        );
    }

    #[test]
    fn signals_and_programs_that_are_not_there_are_told_apart() {
        assert!(matches!(sh("kill -KILL $$", LONG).end, End::Signal(9)));
        let outcome = run(Job {
            program: Path::new("/nowhere/at/all"),
            arguments: &[],
            directory: Path::new("/"),
            environment: &[],
            input: SecretValue::new(Vec::new()),
            patience: LONG,
            keep: MAX_OUTPUT,
        });
        assert!(matches!(outcome.end, End::NotStarted(_)));
    }

    #[test]
    fn a_program_that_does_not_read_a_large_input_ends_all_the_same() {
        let outcome = run(Job {
            program: Path::new("/bin/true"),
            arguments: &[],
            directory: Path::new("/"),
            environment: &[],
            input: SecretValue::new(vec![b'x'; 1_000_000]),
            patience: LONG,
            keep: MAX_OUTPUT,
        });

        assert!(matches!(outcome.end, End::Code(0)), "{:?}", outcome.end);
    }
}
