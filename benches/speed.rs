//! Whole-process times as ratios against a peer or a physical limit, in one run.
//!
//! `cargo bench --bench speed` prints a table: the median of several runs of each program, one after the other,
//! and how many times the reference it takes. Programs that are not there are left out and named. A word behind `--`
//! picks the groups that have it in their title: `cargo bench --bench speed -- random`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a program that measures others"
)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use rand::TryRng;
use rand::rngs::SysRng;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("floor-hex") => floor_hex(),
        Some("floor-files") => floor_files(Path::new(&arguments[2])),
        // cargo adds `--bench`.
        word => all(word.filter(|word| !word.starts_with('-')).unwrap_or_default()),
    }
}

/// A title, and what measures under it.
type Group = (&'static str, fn(&Bench, &str));

/// Measures the groups whose title has `word` in it.
fn all(word: &str) {
    let bench = Bench::new();
    let groups: [Group; 4] = [
        ("start-up", start_up),
        ("1,000,000 x 32 random bytes as hex", random),
        ("ages of 10,000 secrets", ages),
        ("1,000 secrets into age files, durably", Bench::create),
    ];
    let chosen: Vec<_> = groups.iter().filter(|(title, _)| title.contains(word)).collect();
    assert!(!chosen.is_empty(), "no group has `{word}` in its title");
    for (title, measure) in chosen {
        measure(&bench, title);
    }
}

fn start_up(bench: &Bench, title: &str) {
    bench.group(
        title,
        &[
            Program::new("mintage --version", bench.mintage().arg("--version")),
            Program::new("age --version", Command::new("age").arg("--version")),
            Program::new("rage --version", Command::new(tool("rage")).arg("--version")),
        ],
        21,
    );
}

fn random(bench: &Bench, title: &str) {
    bench.group(
        title,
        &[
            Program::new(
                "bare loop over the OS CSPRNG",
                Command::new(std::env::current_exe().unwrap()).arg("floor-hex"),
            ),
            Program::new(
                "mintage generate hex",
                bench
                    .mintage()
                    .args(["generate", "hex", "--bytes", "32", "--count", "1000000"]),
            ),
            Program::new(
                "openssl rand -hex (one line)",
                Command::new("openssl").args(["rand", "-hex", "32000000"]),
            ),
        ],
        5,
    );
}

fn ages(bench: &Bench, title: &str) {
    let large = bench.project("large", 10_000);
    let ledger = large.join(".mintage/production/ledger.jsonl");
    bench.group(
        title,
        &[
            Program::new(
                "jq over the same ledger",
                Command::new("jq").args(["-r", ".name // empty"]).arg(&ledger),
            ),
            Program::new(
                "mintage status, no identity",
                bench
                    .mintage()
                    .args(["status", "-i"])
                    .arg("/dev/null")
                    .env("XDG_CONFIG_HOME", "/nonexistent")
                    .current_dir(&large),
            ),
            Program::new(
                "mintage status, verified",
                bench.mintage().arg("status").current_dir(&large),
            ),
            Program::new(
                "mintage remind --json, verified",
                bench.mintage().args(["remind", "--json"]).current_dir(&large),
            ),
        ],
        9,
    );
}

struct Program<'a> {
    label: &'a str,
    command: std::cell::RefCell<Command>,
}

impl<'a> Program<'a> {
    fn new(label: &'a str, command: &mut Command) -> Self {
        let mut own = Command::new(command.get_program());
        own.args(command.get_args());
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                own.env(name, value);
            }
        }
        if let Some(directory) = command.get_current_dir() {
            own.current_dir(directory);
        }
        own.stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self {
            label,
            command: std::cell::RefCell::new(own),
        }
    }

    fn time(&self) -> Option<Duration> {
        let start = Instant::now();
        self.command.borrow_mut().status().ok()?;
        Some(start.elapsed())
    }
}

struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self {
            root: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(),
        }
    }

    fn mintage(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mintage"));
        command
            .env("HOME", self.root.path())
            .env("XDG_CONFIG_HOME", self.root.path().join("config"))
            .env("XDG_STATE_HOME", self.root.path().join("state"));
        command
    }

    /// Times every program in turn, several times, and prints medians and ratios to the first.
    fn group(&self, title: &str, programs: &[Program<'_>], rounds: usize) {
        println!("\n{title} (median of {rounds})");
        let mut times = vec![Vec::new(); programs.len()];
        for _ in 0..rounds {
            for (program, times) in programs.iter().zip(&mut times) {
                times.extend(program.time());
            }
        }
        let medians: Vec<Option<f64>> = times.iter_mut().map(|times| median(times)).collect();
        let reference = medians.iter().flatten().next().copied();
        for (program, median) in programs.iter().zip(&medians) {
            match (median, reference) {
                (Some(median), Some(reference)) => println!(
                    "  {:<34} {:>9.2} ms  {:>6.2} x",
                    program.label,
                    median * 1e3,
                    median / reference
                ),
                _ => println!("  {:<34} not there", program.label),
            }
        }
    }

    /// Makes a project with `count` secrets and mints them all.
    fn project(&self, name: &str, count: usize) -> PathBuf {
        let root = self.root.path().join(name);
        self.empty_project(&root, count);
        let minted = self
            .mintage()
            .args(["create", "--all", "-e", "production"])
            .current_dir(&root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(minted.success());
        root
    }

    fn empty_project(&self, root: &Path, count: usize) {
        fs::create_dir_all(root).unwrap();
        let mut policy = "schema = 1\nname = \"large\"\n[defaults]\nrotate_every = \"90d\"\n".to_owned();
        for number in 0..count {
            let _ = writeln!(policy, "[secrets.SECRET_{number:05}]\nkind = \"hex\"");
        }
        fs::write(root.join("mintage.toml"), policy).unwrap();
        let made = self
            .mintage()
            .arg("init")
            .current_dir(root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
    }

    fn create(&self, title: &str) {
        const COUNT: usize = 1_000;
        const ROUNDS: usize = 5;
        println!("\n{title} (median of {ROUNDS})");
        let (mut floor, mut ours) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let files = self.root.path().join(format!("files-{round}"));
            fs::create_dir(&files).unwrap();
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg("floor-files").arg(&files);
            floor.extend(Program::new("", &mut command).time());
            let project = self.root.path().join(format!("create-{round}"));
            self.empty_project(&project, COUNT);
            let mut command = self.mintage();
            command
                .args(["create", "--all", "-e", "production"])
                .current_dir(&project);
            ours.extend(Program::new("", &mut command).time());
        }
        let (floor, ours) = (median(&mut floor).unwrap(), median(&mut ours).unwrap());
        println!(
            "  {:<34} {:>9.2} ms  {:>6.2} x",
            "age crate, one file each, one sync",
            floor * 1e3,
            1.0
        );
        println!(
            "  {:<34} {:>9.2} ms  {:>6.2} x",
            "mintage create --all",
            ours * 1e3,
            ours / floor
        );
    }
}

/// The limit of `generate`: the same bytes from the same source, in the same form, and nothing else.
fn floor_hex() {
    let mut out = std::io::stdout().lock();
    let mut random = vec![0; 32 * 512];
    let mut text = vec![0; 65 * 512];
    let mut left = 1_000_000_usize;
    while left > 0 {
        let count = left.min(512);
        SysRng.try_fill_bytes(&mut random[..32 * count]).unwrap();
        for (bytes, line) in random.chunks(32).zip(text.chunks_mut(65)).take(count) {
            hex::encode_to_slice(bytes, &mut line[..64]).unwrap();
            line[64] = b'\n';
        }
        out.write_all(&text[..65 * count]).unwrap();
        left -= count;
    }
}

/// The limit of `create`: values encrypted by the age crate to one recipient, written and made durable once.
fn floor_files(directory: &Path) {
    let recipient = age::x25519::Identity::generate().to_public();
    for number in 0..1_000 {
        let mut random = [0; 32];
        SysRng.try_fill_bytes(&mut random).unwrap();
        let ciphertext = age::encrypt(&recipient, hex::encode(random).as_bytes()).unwrap();
        let place = directory.join(format!("{number}"));
        fs::create_dir(&place).unwrap();
        fs::write(place.join("value.age"), ciphertext).unwrap();
    }
    rustix::fs::syncfs(fs::File::open(directory).unwrap()).unwrap();
}

fn median(times: &mut [Duration]) -> Option<f64> {
    times.sort_unstable();
    times.get(times.len() / 2).map(Duration::as_secs_f64)
}

fn tool(name: &str) -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/tools/bin")
        .join(name);
    if built.exists() {
        built
    } else {
        PathBuf::from(name)
    }
}
