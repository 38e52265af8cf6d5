//! Leaks on purpose: each detector of the suite is shown to fire, and to stay quiet when there is nothing.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::canary::Detector;
use crate::canary::value;
use crate::memory::memory_at_exit;
use crate::observed::Input;
use crate::observed::Observed;
use crate::observed::Place;
use crate::observed::Watch;
use crate::observed::watch;
use crate::stage::Stage;

/// A program that does not defend itself, built with nothing but the compiler.
pub fn leaky() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let program =
                PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("leaky-{}", std::process::id()));
            let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
            let built = Command::new(compiler)
                .args(["--edition", "2024", "-C", "opt-level=1", "-o"])
                .arg(&program)
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/silence/leaky.rs"))
                .status()
                .unwrap();
            assert!(built.success());
            program
        })
        .clone()
}

/// mintage with the feature `planted-faults`, which `MINTAGE_TEST_FAULT` chooses from.
pub fn faulty() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let beside = Path::new(env!("CARGO_BIN_EXE_mintage")).parent().unwrap();
            let mut cargo = Command::new(env!("CARGO"));
            cargo
                .args(["build", "--locked", "--quiet", "--features", "planted-faults"])
                .args(["--example", "faulty-mintage", "--manifest-path"])
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
                .arg("--target-dir")
                .arg(beside.parent().unwrap());
            if beside.ends_with("release") {
                cargo.arg("--release");
            }
            assert!(cargo.status().unwrap().success());
            beside.join("examples/faulty-mintage")
        })
        .clone()
}

/// What the faulty program does when somebody imports a value.
const IMPORT: [&str; 5] = ["import", "SHORT", "-e", "staging", "--force"];

fn leaks(stage: &Stage, fault: &str, on_terminal: bool) -> Observed {
    stage.reset();
    watch(
        stage,
        Watch {
            program: &faulty(),
            args: &IMPORT.map(str::to_owned),
            input: Input::Pipe(value("LONG").to_vec()),
            on_terminal,
            environment: vec![
                (FAULT.to_owned(), fault.to_owned()),
                (
                    "OUTSIDE".to_owned(),
                    stage.beside("outside").to_str().unwrap().to_owned(),
                ),
            ],
            inject: None,
            without_stdout: false,
            by_others: &[],
        },
    )
}

/// Names what goes wrong in the faulty program.
pub const FAULT: &str = "MINTAGE_TEST_FAULT";

#[test]
fn every_planted_leak_is_found_where_it_is() {
    let stage = Stage::new();
    let detector = Detector::new(&[]);
    let temporary = stage.live().join("tmp/value").to_str().unwrap().to_owned();
    let planted = [
        ("argument", Place::Argument),
        ("environment", Place::ChildEnvironment),
        ("stdout", Place::Stdout),
        ("stderr", Place::Stderr),
        ("panic", Place::Stderr),
        ("temporary", Place::File(temporary)),
        ("name", Place::SystemCall),
        ("log", Place::File("log.jsonl".to_owned())),
        ("pipe", Place::Pipe),
    ];

    for (way, place) in planted {
        let found = leaks(&stage, way, false).sightings(&detector);

        let places: Vec<&Place> = found.keys().collect();
        assert!(places.contains(&&place), "{way} was seen at {places:?}");
    }
    for way in ["stdout", "stderr", "panic"] {
        let found = leaks(&stage, way, true).sightings(&detector);
        assert!(found.contains_key(&Place::Screen), "{way} on a terminal");
    }
}

#[test]
fn what_does_not_leak_is_not_accused() {
    let stage = Stage::new();

    for on_terminal in [false, true] {
        let observed = leaks(&stage, "nothing", on_terminal);

        assert_eq!(observed.code, Some(0), "{}", observed.said);
        assert!(observed.sightings(&Detector::new(&[])).is_empty());
        assert!(observed.faults.is_empty(), "{:?}", observed.faults);
    }
}

#[test]
fn files_that_others_may_read_or_that_lie_elsewhere_are_faults() {
    let stage = Stage::new();

    for way in ["readable", "outside"] {
        assert!(!leaks(&stage, way, false).faults.is_empty(), "{way}");
    }
}

#[test]
fn copies_in_memory_are_found() {
    let stage = Stage::new();
    let detector = Detector::new(&[]);
    let found = |fault: &str| {
        stage.reset();
        let fault = [(FAULT.to_owned(), fault.to_owned())];
        let memory = memory_at_exit(
            &stage,
            &faulty(),
            &IMPORT.map(str::to_owned),
            value("LONG"),
            &fault,
        );
        memory.iter().any(|(_, bytes)| !detector.find(bytes).is_empty())
    };

    assert!(found("heap"), "a copy that is kept");
    assert!(found("freed"), "a copy that was given back");
    assert!(!found("nothing"), "a copy that was wiped");
}
