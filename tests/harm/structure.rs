//! Whole lines and files are dropped, doubled, swapped, cut and put back.

use std::fs;

use crate::forge;
use crate::operation::assert_none;
use crate::sandbox::STORE;
use crate::sandbox::Sandbox;
use crate::sandbox::copy_tree;
use crate::tamper::written_in_spite_of;

/// One way to tamper: what it is, what a report must name, and how it is done.
type Case = (&'static str, &'static [&'static str], fn(&Sandbox));

const LEDGER: &str = "production/ledger.jsonl";

/// Every way to tamper with the structure of a store.
const CASES: [Case; 26] = [
    ("a ledger line dropped", &["BRAVO_KEY", LEDGER], |sandbox| {
        lines(sandbox, LEDGER, |lines| drop(lines.remove(1)));
    }),
    ("a ledger line doubled", &["BRAVO_KEY", LEDGER], |sandbox| {
        lines(sandbox, LEDGER, |lines| lines.insert(1, lines[1].clone()));
    }),
    ("two ledger lines swapped", &[LEDGER], |sandbox| {
        lines(sandbox, LEDGER, |lines| lines.swap(0, 1));
    }),
    ("the seal removed", &[LEDGER], |sandbox| {
        lines(sandbox, LEDGER, |lines| drop(lines.pop()));
    }),
    ("the ledger cut in a line", &[LEDGER], |sandbox| {
        cut(sandbox, LEDGER, 2)
    }),
    (
        "the ledger cut behind a line",
        &[LEDGER, "BRAVO_KEY"],
        |sandbox| {
            lines(sandbox, LEDGER, |lines| lines.truncate(1));
        },
    ),
    ("the ledger emptied", &[LEDGER], |sandbox| {
        fs::write(sandbox.store(LEDGER), "").unwrap();
    }),
    ("the ledger deleted", &[LEDGER], |sandbox| {
        fs::remove_file(sandbox.store(LEDGER)).unwrap();
    }),
    (
        "a line of another environment",
        &["ALPHA_KEY", LEDGER],
        |sandbox| {
            let other = fs::read_to_string(sandbox.store("staging/ledger.jsonl")).unwrap();
            let line = other.lines().next().unwrap().to_owned();
            lines(sandbox, LEDGER, |lines| lines[0] = line);
        },
    ),
    ("the ledger of another environment", &[LEDGER], |sandbox| {
        fs::copy(sandbox.store("staging/ledger.jsonl"), sandbox.store(LEDGER)).unwrap();
    }),
    (
        "two version files swapped",
        &["ALPHA_KEY", "BRAVO_KEY"],
        |sandbox| {
            let [alpha, bravo] = ["ALPHA_KEY", "BRAVO_KEY"]
                .map(|name| sandbox.store(&sandbox.version_file("production", name)));
            let kept = fs::read(&alpha).unwrap();
            fs::copy(&bravo, &alpha).unwrap();
            fs::write(&bravo, kept).unwrap();
        },
    ),
    ("a version file deleted", &["ALPHA_KEY"], |sandbox| {
        fs::remove_file(sandbox.store(&sandbox.version_file("production", "ALPHA_KEY"))).unwrap();
    }),
    ("a version file cut", &["ALPHA_KEY"], |sandbox| {
        cut(sandbox, &sandbox.version_file("production", "ALPHA_KEY"), 2);
    }),
    ("an older ledger put back", &["ALPHA_KEY", LEDGER], |sandbox| {
        let old = fs::read(sandbox.store(LEDGER)).unwrap();
        sandbox
            .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
            .expect(0, "rotate");
        fs::write(sandbox.store(LEDGER), old).unwrap();
    }),
    (
        "an older store put back",
        &["ALPHA_KEY", LEDGER, "audit log"],
        |sandbox| {
            sandbox
                .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
                .expect(0, "rotate");
            sandbox.restore_store("start");
        },
    ),
    ("the keys deleted", &["keys.age"], |sandbox| {
        fs::remove_file(sandbox.store("keys.age")).unwrap();
    }),
    ("the keys cut", &["keys.age"], |sandbox| {
        cut(sandbox, "keys.age", 2)
    }),
    ("the keys emptied", &["keys.age"], |sandbox| {
        fs::write(sandbox.store("keys.age"), "").unwrap();
    }),
    ("the keys of another store", &["keys.age"], |sandbox| {
        let stranger = forge::stranger(sandbox);
        fs::copy(stranger.store("keys.age"), sandbox.store("keys.age")).unwrap();
    }),
    (
        "a recipient added by hand",
        &["store.toml", "recipient"],
        |sandbox| {
            let path = sandbox.store("store.toml");
            let text = fs::read_to_string(&path).unwrap();
            let stranger = Sandbox::initialised().recipient();
            fs::write(
                path,
                text + &format!("\n[[recipients]]\nname = \"eve\"\nrecipient = \"{stranger}\"\n"),
            )
            .unwrap();
        },
    ),
    (
        "a recipient removed by hand",
        &["store.toml", "recipient"],
        |sandbox| {
            let path = sandbox.store("store.toml");
            let text = fs::read_to_string(&path).unwrap();
            let head = text.split("[[recipients]]").next().unwrap().to_owned();
            fs::write(path, head.replace("\nmac", "\nrecipients = []\nmac")).unwrap();
        },
    ),
    ("the settings deleted", &["store"], |sandbox| {
        fs::remove_file(sandbox.store("store.toml")).unwrap();
    }),
    ("the settings emptied", &["store.toml"], |sandbox| {
        fs::write(sandbox.store("store.toml"), "").unwrap();
    }),
    ("audit lines cut off", &["audit log"], |sandbox| {
        let file = sandbox.audit_file();
        lines(sandbox, &file, |lines| lines.truncate(lines.len() - 2));
    }),
    ("an audit line dropped in the middle", &["audit log"], |sandbox| {
        let file = sandbox.audit_file();
        lines(sandbox, &file, |lines| drop(lines.remove(1)));
    }),
    ("the audit log deleted", &["audit log"], |sandbox| {
        fs::remove_file(sandbox.store(&sandbox.audit_file())).unwrap();
    }),
];

#[test]
fn tampering_with_the_structure_is_seen_and_stops_writes() {
    let sandbox = Sandbox::small();
    sandbox.snapshot("start");
    let mut wrong = Vec::new();
    for (title, named, tamper) in CASES {
        sandbox.restore("start");
        tamper(&sandbox);
        for arguments in [&["verify"][..], &["verify", "--deep"]] {
            let verify = sandbox.mintage(arguments);
            let misses: Vec<_> = named
                .iter()
                .filter(|name| !verify.text.contains(**name))
                .collect();
            if verify.code != Some(6) || verify.is_bug() || !misses.is_empty() {
                let code = verify.code;
                wrong.push(format!(
                    "{title}: {arguments:?} {code:?}, does not name {misses:?}: {}",
                    verify.text.trim()
                ));
            }
        }
        // That a change behind the last line stops writes too is a test of its own.
        if title != "an audit line dropped in the middle" {
            wrong.extend(
                written_in_spite_of(&sandbox)
                    .into_iter()
                    .map(|what| format!("{title}: {what}")),
            );
        }
        if sandbox.mintage(&["verify", "--fix"]).code == Some(0) && !can_be_sealed(title) {
            wrong.push(format!("{title}: `verify --fix` alone made it pass"));
        }
    }
    println!(
        "structure: cases tried: {}, {} problems",
        CASES.len(),
        wrong.len()
    );
    assert_none(&wrong);
}

/// Returns whether every line still proves authentic and nothing is missing, so that a new seal mends it.
fn can_be_sealed(title: &str) -> bool {
    matches!(title, "two ledger lines swapped" | "the seal removed")
}

#[test]
fn a_strangers_store_gets_nothing() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    let sandbox = Sandbox::small();
    sandbox.snapshot("start");
    let stranger = forge::stranger(&sandbox);
    let forgeries: [(&str, &dyn Fn()); 2] = [
        ("another store put in its place", &|| {
            fs::remove_dir_all(sandbox.project().join(STORE)).unwrap();
            copy_tree(&stranger.project().join(STORE), &sandbox.project().join(STORE));
        }),
        ("the store made anew under its own id with other keys", &|| {
            forge::remake(&sandbox, &stranger.recipient());
        }),
    ];
    for (title, forge) in forgeries {
        sandbox.restore("start");
        forge();
        tried += 1;
        let before = sandbox.store_files();
        let verify = sandbox.mintage(&["verify"]);
        if verify.code != Some(6) {
            wrong.push(format!(
                "{title}: verify {:?} {}",
                verify.code,
                verify.text.trim()
            ));
        }
        let alpha = sandbox.reveal("production", "ALPHA_KEY");
        if alpha.code == Some(0) || !alpha.out.is_empty() {
            wrong.push(format!(
                "{title}: reveal believes the stranger, and the value is {}",
                if alpha.out == forge::VALUE {
                    "theirs"
                } else {
                    "not theirs"
                }
            ));
        }
        wrong.extend(
            written_in_spite_of(&sandbox)
                .into_iter()
                .map(|what| format!("{title}: {what}")),
        );
        for path in sandbox
            .store_files()
            .into_keys()
            .filter(|path| !before.contains_key(path))
        {
            let opened = sandbox.opens_for(&stranger, &path);
            if path.ends_with(".age") && opened {
                wrong.push(format!("{title}: {path} was encrypted to the stranger"));
            }
        }
    }
    println!("strangers: cases tried: {tried}, {} problems", wrong.len());
    assert_none(&wrong);
}

#[test]
fn a_rewritten_history_is_not_the_one_that_was_seen() {
    let sandbox = Sandbox::small();
    forge::rewrite_history(&sandbox);

    let verify = sandbox.mintage(&["verify"]);

    assert_eq!(verify.code, Some(6), "{}", verify.text);
    assert!(verify.text.contains("audit log"), "{}", verify.text);
}

#[test]
fn init_never_replaces_the_keys_of_a_store_that_has_values() {
    let sandbox = Sandbox::small();
    fs::remove_file(sandbox.store("store.toml")).unwrap();
    let before = sandbox.fixed_files();

    let run = sandbox.mintage(&["init"]);

    assert!(
        run.code != Some(0) && !run.is_bug(),
        "{:?} {}",
        run.code,
        run.text
    );
    assert_eq!(
        sandbox.fixed_files().keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert_eq!(sandbox.fixed_files().get("keys.age"), before.get("keys.age"));
}

/// Rewrites a file line by line.
fn lines(sandbox: &Sandbox, file: &str, change: impl FnOnce(&mut Vec<String>)) {
    let path = sandbox.store(file);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    fs::write(
        path,
        lines.iter().map(|line| format!("{line}\n")).collect::<String>(),
    )
    .unwrap();
}

/// Keeps the first part of a file.
fn cut(sandbox: &Sandbox, file: &str, part: usize) {
    let path = sandbox.store(file);
    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() / part);
    fs::write(path, bytes).unwrap();
}
