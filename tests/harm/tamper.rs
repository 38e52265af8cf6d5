//! Single bytes of every file of a store are changed.

use std::fs;

use crate::operation::assert_none;
use crate::sandbox::IMPORTED;
use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::sandbox::sample;

/// What a class of damage must do.
struct Class {
    /// The file, relative to the store.
    file: String,
    /// What a report of it must name.
    named: &'static str,
    /// Whether ALPHA_KEY may still be revealed.
    alpha_is_safe: bool,
    /// Whether BRAVO_KEY must still be revealed.
    bravo_must_work: bool,
    /// Every how many bytes one is tried in an ordinary run.
    step: usize,
    /// Every how many of those tried, reveals and writes are checked too.
    thorough: usize,
    /// Whether writes must be refused.
    writes_stop: bool,
}

#[test]
fn a_changed_byte_of_the_ledger_is_seen() {
    let sandbox = Sandbox::small();
    let file = "production/ledger.jsonl".to_owned();
    let ledger = fs::read_to_string(sandbox.store(&file)).unwrap();
    let first_line = ledger.lines().next().unwrap().len() + 1;
    // The first line is ALPHA_KEY's: only it is damaged there.
    let alpha = Class {
        file: file.clone(),
        named: "ledger.jsonl",
        alpha_is_safe: false,
        bravo_must_work: true,
        step: 13,
        thorough: 8,
        writes_stop: true,
    };
    // Behind it, the line of another secret or the seal is damaged.
    let others = Class {
        file,
        alpha_is_safe: true,
        bravo_must_work: false,
        ..alpha
    };
    let mut wrong = flip(&sandbox, &alpha, 0..first_line - 1);
    wrong.extend(flip(&sandbox, &others, first_line - 1..ledger.len()));
    assert_none(&wrong);
}

#[test]
fn a_changed_byte_of_a_version_file_is_seen() {
    let sandbox = Sandbox::small();
    let file = sandbox.version_file("production", "ALPHA_KEY");
    let class = Class {
        file,
        named: "ALPHA_KEY",
        alpha_is_safe: false,
        bravo_must_work: true,
        step: 11,
        thorough: 4,
        writes_stop: true,
    };
    assert_none(&flip_all(&sandbox, &class));
}

#[test]
fn a_changed_byte_of_the_keys_is_seen() {
    let sandbox = Sandbox::small();
    let class = Class {
        file: "keys.age".to_owned(),
        named: "keys.age",
        alpha_is_safe: false,
        bravo_must_work: false,
        step: 11,
        thorough: 4,
        writes_stop: true,
    };
    assert_none(&flip_all(&sandbox, &class));
}

#[test]
fn a_changed_byte_of_the_settings_is_seen() {
    let sandbox = Sandbox::small();
    let class = Class {
        file: "store.toml".to_owned(),
        named: "store.toml",
        alpha_is_safe: true,
        bravo_must_work: false,
        step: 5,
        thorough: 6,
        writes_stop: true,
    };
    assert_none(&flip_all(&sandbox, &class));
}

#[test]
fn a_changed_byte_of_the_audit_log_is_seen() {
    let sandbox = Sandbox::small();
    let class = Class {
        file: sandbox.audit_file(),
        named: "audit log",
        alpha_is_safe: true,
        bravo_must_work: false,
        step: 41,
        thorough: 6,
        writes_stop: false,
    };
    assert_none(&flip_all(&sandbox, &class));
}

#[test]
fn a_changed_audit_log_stops_writes() {
    let sandbox = Sandbox::small();
    let path = sandbox.store(&sandbox.audit_file());
    let original = fs::read(&path).unwrap();
    sandbox.snapshot("start");
    let mut wrong = Vec::new();
    let places = [
        ("first", 40),
        ("middle", original.len() / 2),
        ("last", original.len() - 60),
    ];
    for (title, place) in places {
        sandbox.restore("start");
        let mut bytes = original.clone();
        bytes[place] ^= 1;
        fs::write(&path, bytes).unwrap();
        let found = written_in_spite_of(&sandbox);
        wrong.extend(
            found
                .into_iter()
                .map(|what| format!("the {title} part changed: {what}")),
        );
    }
    println!(
        "audit log: places tried for writes: {}, {} problems",
        places.len(),
        wrong.len()
    );
    assert_none(&wrong);
}

fn flip_all(sandbox: &Sandbox, class: &Class) -> Vec<String> {
    let length = fs::read(sandbox.store(&class.file)).unwrap().len();
    flip(sandbox, class, 0..length)
}

/// Changes one byte at a time and says what was not seen, or done in spite of it.
fn flip(sandbox: &Sandbox, class: &Class, places: std::ops::Range<usize>) -> Vec<String> {
    let all: Vec<usize> = places.collect();
    let tried = sample(&all, class.step);
    let path = sandbox.store(&class.file);
    let original = fs::read(&path).unwrap();
    sandbox.snapshot("whole");
    let mut wrong = Vec::new();
    let mut harmless = Vec::new();
    for (count, place) in tried.iter().enumerate() {
        let mut bytes = original.clone();
        // One bit each: the lowest, the one between upper and lower case, the highest.
        bytes[*place] ^= [0x01, 0x20, 0x80][count % 3];
        fs::write(&path, &bytes).unwrap();
        let at = format!(
            "{} byte {place}, {:?} for {:?}",
            class.file, bytes[*place] as char, original[*place] as char
        );
        if class.file == "store.toml" && changes_nothing(&original, &bytes) {
            harmless.push(format!("{place} ({:?})", bytes[*place] as char));
            fs::write(&path, &original).unwrap();
            continue;
        }
        let verify = sandbox.mintage(&["verify"]);
        if verify.code != Some(6) || verify.is_bug() || !verify.text.contains(class.named) {
            wrong.push(format!("{at}: verify {:?} {}", verify.code, verify.text.trim()));
        }
        if count % class.thorough == 0 {
            wrong.extend(
                used_in_spite_of(sandbox, class)
                    .into_iter()
                    .map(|what| format!("{at}: {what}")),
            );
            sandbox.restore("whole");
        } else {
            fs::write(&path, &original).unwrap();
        }
    }
    sandbox.restore("whole");
    sandbox
        .mintage(&["verify"])
        .expect(0, "the store before it was changed");
    println!(
        "{}: bytes tried: {} of {}, {} problems",
        if class.file.contains("values") || class.file.contains("audit") {
            class.named
        } else {
            &class.file
        },
        tried.len(),
        all.len(),
        wrong.len()
    );
    if !harmless.is_empty() {
        println!("  of these alter nothing that is read: {}", harmless.join(", "));
    }
    wrong
}

/// Returns whether two texts of `store.toml` say the same.
fn changes_nothing(one: &[u8], other: &[u8]) -> bool {
    let read = |bytes: &[u8]| {
        // As the program reads it: a byte that is no text stands for itself, and matters outside a comment only.
        mintage::ledger::StoreSettings::parse(&String::from_utf8_lossy(bytes)).ok()
    };
    read(other).is_some_and(|changed| Some(changed) == read(one))
}

fn used_in_spite_of(sandbox: &Sandbox, class: &Class) -> Vec<String> {
    let mut wrong = Vec::new();
    let alpha = sandbox.reveal("production", "ALPHA_KEY");
    if alpha.is_bug() || (!class.alpha_is_safe && (alpha.code == Some(0) || !alpha.out.is_empty())) {
        wrong.push(format!("reveal of the damaged secret: {:?}", alpha.code));
    }
    if class.bravo_must_work {
        let bravo = sandbox.reveal("production", "BRAVO_KEY");
        if bravo.code != Some(0) || bravo.out.len() != 64 {
            wrong.push(format!(
                "reveal of another secret: {:?} {}",
                bravo.code,
                bravo.text.trim()
            ));
        }
    }
    if class.writes_stop {
        wrong.extend(written_in_spite_of(sandbox));
    }
    wrong
}

/// Tries every write, and says which was not refused with exit 6 or left a trace.
pub fn written_in_spite_of(sandbox: &Sandbox) -> Vec<String> {
    let before = sandbox.fixed_files();
    let mut wrong = Vec::new();
    let mut refused = |title: &str, run: Run| {
        if run.code != Some(6) || run.is_bug() {
            wrong.push(format!(
                "{title} was not refused: {:?} {}",
                run.code,
                run.text.trim()
            ));
        }
        let after = sandbox.fixed_files();
        if after != before {
            let changed: Vec<&String> = after
                .iter()
                .filter(|(path, bytes)| before.get(*path) != Some(bytes))
                .map(|(path, _)| path)
                .chain(before.keys().filter(|path| !after.contains_key(*path)))
                .collect();
            wrong.push(format!("{title} changed files: {changed:?}"));
        }
    };
    refused(
        "create",
        sandbox.mintage(&["create", "HOTEL_KEY", "-e", "production"]),
    );
    refused(
        "rotate",
        sandbox.mintage(&["rotate", "BRAVO_KEY", "-e", "production"]),
    );
    refused(
        "import",
        sandbox.mintage_with(&["import", "GOLF_KEY", "-e", "production"], IMPORTED),
    );
    wrong
}
