//! What others can get out of a running mintage: nothing by `/proc`, by a debugger or by a core file.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;

use crate::canary::Detector;
use crate::canary::value;
use crate::planted::leaky;

/// A program that has read a canary and waits, as a user who is not root.
struct Waiting {
    child: Child,
    directory: TempDir,
}

impl Waiting {
    fn new(program: &Path, args: &[&str]) -> Self {
        let directory = tempfile::Builder::new().prefix("silence-").tempdir().unwrap();
        // Another user has to be able to run it: the tree of the project may be closed to them.
        let copy = directory.path().join("program");
        fs::copy(program, &copy).unwrap();
        open_to_all(directory.path());
        open_to_all(&copy);
        let mut child = as_ordinary_user(&["prlimit", "--core=unlimited"])
            .arg(&copy)
            .args(args)
            .current_dir(directory.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.as_mut().unwrap().write_all(value("LONG")).unwrap();
        // The pipe stays open: mintage waits for more of the value.
        std::thread::sleep(Duration::from_millis(700));
        Self { child, directory }
    }

    fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// Whether another process of the same user can read its memory.
    fn is_debugged(&self) -> bool {
        let core = self.directory.path().join("dump");
        let output = as_ordinary_user(&["gcore"])
            .arg("-o")
            .arg(&core)
            .arg(self.id())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let dump = fs::read(core.with_extension(self.id())).unwrap_or_default();
        assert!(output.status.success() != dump.is_empty(), "gcore");
        !Detector::new(&[]).find(&dump).is_empty()
    }

    /// Whether another process of the same user can read a file of it below `/proc`.
    fn is_read(&self, file: &str) -> bool {
        let output = as_ordinary_user(&["head", "-c", "1"])
            .arg(format!("/proc/{}/{file}", self.child.id()))
            .output()
            .unwrap();
        output.status.success()
    }

    /// Whether the system writes a core file when it is hit by a signal that asks for one.
    fn dumps_core(mut self) -> bool {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::ABORT).unwrap();
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), Some(6));
        status.core_dumped()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn no_debugger_of_the_same_user_reads_a_value() {
    let open = Waiting::new(&leaky(), &[]);
    let closed = Waiting::new(Path::new(env!("CARGO_BIN_EXE_mintage")), &["score", "-"]);

    // Where the system forbids it for every process, there is nothing to tell apart.
    let forbidden =
        fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").is_ok_and(|scope| scope.trim() != "0");
    assert!(
        forbidden || open.is_debugged(),
        "gcore reads a program that does not defend itself"
    );
    assert!(!closed.is_debugged());
}

#[test]
fn nobody_else_reads_the_environment_or_the_memory() {
    let open = Waiting::new(&leaky(), &[]);
    let closed = Waiting::new(Path::new(env!("CARGO_BIN_EXE_mintage")), &["score", "-"]);

    for file in ["environ", "maps", "auxv"] {
        assert!(
            open.is_read(file),
            "{file} of a program that does not defend itself"
        );
        assert!(!closed.is_read(file), "{file}");
    }
}

#[test]
fn no_core_file_is_written() {
    let open = Waiting::new(&leaky(), &[]);
    let closed = Waiting::new(Path::new(env!("CARGO_BIN_EXE_mintage")), &["score", "-"]);

    let directory = closed.directory.path().to_owned();
    let kept = fs::read_dir(&directory).unwrap().count();
    assert!(
        open.dumps_core(),
        "the system writes core files of other programs"
    );
    assert!(!closed.dumps_core());
    assert_eq!(kept, 1, "only the program itself");
}

#[test]
fn a_command_gets_the_limits_and_the_umask_of_its_caller() {
    let stage = crate::stage::Stage::new();
    let caller = "umask 027; ulimit -c 7; exec \"$0\" run -e production --no-check -- \
                  sh -c 'umask; ulimit -c; cat /proc/self/status'";
    let mut child = Command::new("sh")
        .args(["-c", caller, env!("CARGO_BIN_EXE_mintage")])
        .current_dir(stage.project())
        .env_clear()
        .envs(stage.environment())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();

    assert!(child.wait().unwrap().success());
    assert!(text.starts_with("0027\n7\n"), "{text}");
    let locked = text.lines().find(|line| line.starts_with("VmLck:"));
    assert!(locked.is_some_and(|line| line.ends_with(" 0 kB")), "{locked:?}");
}

/// Runs a program as somebody who is not root.
fn as_ordinary_user(program: &[&str]) -> Command {
    if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.args(program);
        return command;
    }
    let mut command = Command::new(program[0]);
    command.args(&program[1..]);
    command
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
}
