//! A run that is watched: every system call that could carry a value away, both streams, the screen, and all files.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use rustix::pty::OpenptFlags;

use crate::canary::Detector;
use crate::stage::Stage;
use crate::stage::files_below;
use crate::trace::Trace;

/// Where a value can come to.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// An argument of some program.
    Argument,
    /// The environment of a program that the watched one started or became.
    ChildEnvironment,
    /// The content or the name of a file of the project or the home, by its path below the project.
    File(String),
    /// A pipe or socket to another process.
    Pipe,
    /// What a terminal shows.
    Screen,
    /// Standard error, where it is no terminal.
    Stderr,
    /// Standard output, where it is no terminal.
    Stdout,
    /// The name of a file, or another argument of a system call.
    SystemCall,
}

/// What the program reads, and from whom.
#[derive(Clone, Debug)]
pub enum Input {
    /// A pipe with nothing in it.
    Nothing,
    /// A pipe.
    Pipe(Vec<u8>),
    /// A person who types each answer once its question stands on the screen.
    Typed(Vec<(String, Vec<u8>)>),
}

/// What a watched run is, beside its arguments.
pub struct Watch<'a> {
    /// The program.
    pub program: &'a Path,
    /// Its arguments.
    pub args: &'a [String],
    /// What it reads.
    pub input: Input,
    /// Whether its streams and its controlling terminal are a terminal; otherwise pipes, and no terminal at all.
    pub on_terminal: bool,
    /// Added to the environment of the stage.
    pub environment: Vec<(String, String)>,
    /// What `strace` does to system calls, such as `write:error=ENOSPC:when=3+`.
    pub inject: Option<String>,
    /// Closes standard output before the program starts.
    pub without_stdout: bool,
    /// Files that are for everyone to read, or that other programs make, by the ends of their paths.
    pub by_others: &'a [&'a str],
}

/// What a watched run left.
pub struct Observed {
    /// Its exit code; `None` after a signal.
    pub code: Option<i32>,
    /// What it said to people.
    pub said: String,
    /// Every text that was seen, and where.
    pub seen: Vec<(Place, Vec<u8>)>,
    /// What should not be done at all, whatever it carries.
    pub faults: BTreeSet<String>,
}

impl Observed {
    /// Returns each place that a value came to, with the form in which it stands there.
    pub fn sightings(&self, detector: &Detector) -> BTreeMap<Place, BTreeSet<String>> {
        let mut found: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
        for (place, bytes) in &self.seen {
            for label in detector.find(bytes) {
                found.entry(place.clone()).or_default().insert(label.to_owned());
            }
        }
        found
    }
}

/// Runs a program and watches it.
pub fn watch(stage: &Stage, run: Watch<'_>) -> Observed {
    let log = stage.beside("trace.log");
    let _ = fs::remove_file(&log);
    let before = inodes(stage);
    let terminal = run.on_terminal.then(open_terminal);
    let mut command = Command::new("setsid");
    if run.on_terminal {
        command.arg("--ctty");
    }
    command.arg("--wait");
    let piped = match (&run.input, run.on_terminal) {
        (Input::Pipe(bytes), true) => Some(bytes),
        _ => None,
    };
    if let Some(bytes) = piped {
        // The terminal becomes the controlling one through standard input, which is a file from then on.
        let file = stage.beside("input");
        fs::write(&file, bytes).unwrap();
        command
            .args(["sh", "-c", "file=$1; shift; exec \"$@\" <\"$file\"", "sh"])
            .arg(file);
    }
    command.args(["timeout", "--foreground", "-k", "2", "60"]);
    command.args([
        "strace", "-f", "-y", "-v", "-qq", "-s", "200000", "-e", CALLS, "-o",
    ]);
    command.arg(&log);
    if let Some(inject) = &run.inject {
        command.arg("-e").arg(format!("inject={inject}"));
    }
    if run.without_stdout {
        command.args(["sh", "-c", "exec \"$0\" \"$@\" >&-"]);
    }
    command.arg(run.program).args(run.args);
    command.current_dir(stage.project()).env_clear();
    command.envs(stage.environment()).envs(run.environment);
    let slave = |from: &Option<(File, File)>| from.as_ref().map(|(_, slave)| slave.try_clone().unwrap());
    command.stdin(match slave(&terminal) {
        Some(terminal) => Stdio::from(terminal),
        None => Stdio::piped(),
    });
    command.stdout(slave(&terminal).map_or_else(Stdio::piped, Stdio::from));
    command.stderr(slave(&terminal).map_or_else(Stdio::piped, Stdio::from));
    let mut child = command.spawn().unwrap_or_else(|error| {
        panic!("these tests need `setsid` (util-linux), `timeout` (coreutils) and `strace`: {error}")
    });
    drop(command);
    let feeder = child.stdin.take().map(|mut stdin| {
        let bytes = match &run.input {
            Input::Pipe(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        std::thread::spawn(move || stdin.write_all(&bytes).unwrap_or_default())
    });
    let stdout = child.stdout.take().map(listen);
    let stderr = child.stderr.take().map(listen);
    let screen = terminal.map(|(master, slave)| {
        drop(slave);
        converse(master, &run.input, &mut child)
    });
    let status = child.wait().unwrap();
    if let Some(feeder) = feeder {
        feeder.join().unwrap();
    }
    let mut seen = Vec::new();
    let mut said = String::new();
    let streams = [(Place::Stdout, stdout), (Place::Stderr, stderr)];
    for (place, stream) in streams {
        let bytes = stream.map(|stream| stream.join().unwrap()).unwrap_or_default();
        if place == Place::Stderr {
            said = String::from_utf8_lossy(&bytes).into_owned();
        }
        seen.push((place, bytes));
    }
    if let Some(screen) = screen {
        let bytes = screen();
        said = String::from_utf8_lossy(&bytes).into_owned();
        seen.push((Place::Screen, bytes));
    }
    let text = fs::read(&log).unwrap_or_default();
    let starts = 1 + usize::from(run.without_stdout);
    let mut trace = Trace::read(&text, starts, &stage.project(), &stage.live());
    seen.extend(trace.seen);
    let after = inodes(stage);
    for (path, stamp) in after {
        if before.get(&path) != Some(&stamp) {
            let content = fs::read(&path).unwrap();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            if mode & 0o077 != 0
                && !before.contains_key(&path)
                && !run.by_others.iter().any(|by| path.ends_with(by))
            {
                trace
                    .faults
                    .insert(format!("{}: others may read it", path.display()));
            }
            seen.push((Place::File(named(&path, &stage.project())), content));
        }
    }
    Observed {
        // As `timeout` tells that it ended the program, or a signal did.
        code: status.code().filter(|code| *code != 124 && *code < 128),
        said,
        seen,
        faults: trace.faults,
    }
}

/// Names a file below the project shortly.
pub fn named(path: &Path, project: &Path) -> String {
    path.strip_prefix(project).unwrap_or(path).display().to_string()
}

/// Tells files that a run wrote from those that were there: by inode, size and time.
fn inodes(stage: &Stage) -> BTreeMap<std::path::PathBuf, (u64, u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt;
    files_below(&stage.live())
        .into_iter()
        .filter_map(|path| {
            let data = fs::metadata(&path).ok()?;
            Some((path, (data.ino(), data.size(), data.mtime(), data.mtime_nsec())))
        })
        .collect()
}

/// Opens a terminal; returns its two sides.
pub fn open_terminal() -> (File, File) {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
    let slave = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    (File::from(master), slave)
}

fn listen(mut stream: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        bytes
    })
}

/// Types the answers; returns what tells the screen once the program has ended.
fn converse(
    master: File,
    input: &Input,
    child: &mut std::process::Child,
) -> impl FnOnce() -> Vec<u8> + use<> {
    let screen = Arc::new(Mutex::new(Vec::new()));
    let reader = std::thread::spawn({
        let (mut from, screen) = (master.try_clone().unwrap(), Arc::clone(&screen));
        move || {
            let mut block = [0; 4_096];
            while let Ok(count @ 1..) = from.read(&mut block) {
                screen.lock().unwrap().extend_from_slice(&block[..count]);
            }
        }
    });
    let mut master = master;
    if let Input::Typed(answers) = input {
        let mut place = 0;
        'asked: for (question, answer) in answers {
            let deadline = Instant::now() + Duration::from_secs(60);
            loop {
                let text = String::from_utf8_lossy(&screen.lock().unwrap()).into_owned();
                if let Some(at) = text.get(place..).and_then(|rest| rest.find(question)) {
                    place += at + question.len();
                    break;
                }
                // A run that fails before it asks is one of the ways to fail.
                if Instant::now() > deadline || child.try_wait().unwrap().is_some() {
                    break 'asked;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(Duration::from_millis(60));
            let _ = master.write_all(answer);
        }
    }
    move || {
        // The last close of the other side ends the reader with an error.
        reader.join().unwrap();
        drop(master);
        screen.lock().unwrap().clone()
    }
}

/// Calls by which a value can leave a process, and those that open what it could leave by.
const CALLS: &str = "trace=execve,execveat,open,openat,creat,memfd_create,write,writev,pwrite64,pwritev,pwritev2,\
                     sendto,sendmsg,sendmmsg,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,\
                     pipe,pipe2,socket,socketpair,dup,dup3,epoll_create1,eventfd2,fcntl,inotify_init1,prctl";
