//! Where the random bytes come from: `strace` (the Debian package `strace`) watches the built program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

/// Bytes that the program fetches at once; no run here needs more than a few of them.
const POOL: usize = 16 * 1_024;

/// A home of its own, and a policy of four secrets.
struct Project {
    root: TempDir,
}

impl Project {
    fn new() -> Self {
        let root = TempDir::with_prefix("mintage-test-").unwrap();
        let policy = "schema = 1\nname = \"test\"\n[environments.production]\n\
            [secrets.A]\nkind = \"hex\"\n[secrets.B]\nkind = \"password\"\n\
            [secrets.C]\nkind = \"passphrase\"\n[secrets.D]\nkind = \"api-key\"\n";
        fs::write(root.path().join("mintage.toml"), policy).unwrap();
        Self { root }
    }

    /// Runs a program with nothing of the caller's environment, so that no two runs differ in it.
    fn run(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.root.path())
            .env_clear()
            .env("HOME", self.root.path())
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| {
                panic!("this test needs `{program}` ({error}): install the package strace")
            });
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        output.stdout
    }

    fn mintage(&self, arguments: &[&str]) -> Vec<u8> {
        self.run(env!("CARGO_BIN_EXE_mintage"), arguments)
    }

    /// Runs the program under `strace` and returns what it asked of the system.
    fn traced(&self, arguments: &[&str]) -> Trace {
        let log = self.root.path().join("trace.log");
        let shown = log.to_str().unwrap();
        let mut all = vec![
            "-f",
            "-o",
            shown,
            "-e",
            "trace=getrandom,open,openat,read,clone,clone3",
        ];
        all.push(env!("CARGO_BIN_EXE_mintage"));
        all.extend(arguments);
        self.run("strace", &all);
        Trace::of(&log)
    }
}

/// What a run asked of the system.
struct Trace {
    /// Bytes of each answer to getrandom(2), in order; those that filled a whole pool come in one call or several.
    delivered: Vec<usize>,
    /// Files that were opened.
    opened: Vec<String>,
}

impl Trace {
    fn of(log: &Path) -> Self {
        let text = fs::read_to_string(log).unwrap();
        let (mut delivered, mut opened) = (Vec::new(), Vec::new());
        for line in text.lines() {
            if line.contains("getrandom(") || line.contains("getrandom resumed") {
                let answer = line.rsplit_once("= ").map(|(_, answer)| answer.trim());
                delivered.extend(answer.and_then(|answer| answer.parse::<usize>().ok()));
            } else if line.contains("openat(") && !line.contains("ENOENT") {
                opened.extend(line.split('"').nth(1).map(str::to_owned));
            }
        }
        Self { delivered, opened }
    }

    /// Returns the bytes of the calls that are as large as pools: the standard library seeds its maps with 16 bytes,
    /// and the allocator asks for 8.
    fn of_pools(&self) -> usize {
        self.delivered.iter().filter(|bytes| **bytes >= 256).sum()
    }

    fn seeds_from_elsewhere(&self) -> Vec<&String> {
        let elsewhere = [
            "/dev/random",
            "/dev/urandom",
            "/dev/hwrng",
            "/proc/sys/kernel/random",
        ];
        let names = |opened: &&String| elsewhere.iter().any(|place| opened.starts_with(place));
        self.opened.iter().filter(names).collect()
    }
}

#[test]
fn generate_takes_every_byte_from_the_system() {
    let project = Project::new();

    for (count, needed) in [("1", 32), ("1000", 32_000), ("5000", 160_000)] {
        let trace = project.traced(&["generate", "hex", "--bytes", "32", "--count", count]);

        let pools = trace.of_pools();
        assert!(pools >= needed, "{count}: {pools} bytes of {needed}");
        // And no more than the last pool too many: nothing is stretched, nothing is thrown away.
        assert!(pools <= needed.next_multiple_of(POOL) + POOL, "{count}: {pools}");
        assert_eq!(trace.seeds_from_elsewhere(), Vec::<&String>::new());
    }
}

#[test]
fn create_takes_every_byte_from_the_system() {
    let project = Project::new();
    project.mintage(&["init"]);

    let trace = project.traced(&["create", "--all", "-e", "production"]);

    // 32 bytes, 32 and 43 characters of 6 bits, 10 words of 13: what the values carry, at least.
    let needed = 32 + 24 + 33 + 10;
    assert!(trace.of_pools() >= needed, "{:?}", trace.delivered);
    assert_eq!(trace.seeds_from_elsewhere(), Vec::<&String>::new());
}

#[test]
fn runs_of_the_same_surroundings_share_no_value() {
    let project = Project::new();
    let mut seen = BTreeSet::new();

    // The same arguments, directory and environment; what is left to differ is the system's randomness, the clock and
    // the process id, of which the trace above shows that no generator is seeded with them.
    for _ in 0..4 {
        let printed = project.mintage(&["generate", "hex", "--bytes", "16", "--count", "50"]);
        for line in String::from_utf8(printed).unwrap().lines() {
            assert!(seen.insert(line.to_owned()), "a value came twice");
        }
    }

    assert_eq!(seen.len(), 200);
}

/// A value that changes when only the answer of getrandom(2) does not would have another source: with the call
/// failing, nothing is made.
#[test]
fn without_the_system_nothing_is_made() {
    let project = Project::new();
    let log = project.root.path().join("harm.log");
    let output = Command::new("strace")
        .args(["-f", "-o", log.to_str().unwrap(), "-e", "trace=getrandom,openat"])
        .args(["-e", "inject=getrandom:error=EIO:when=1+"])
        .arg(env!("CARGO_BIN_EXE_mintage"))
        .args(["generate", "hex"])
        .current_dir(project.root.path())
        .env_clear()
        .env("HOME", project.root.path())
        .output()
        .unwrap();

    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "something was made of nothing");
    assert!(
        Trace::of(&log).seeds_from_elsewhere().is_empty(),
        "and nothing was tried in its place"
    );
}
