//! What an interrupted run leaves, and what `verify --fix` does about it.

use std::fs;

use crate::sandbox::Sandbox;
use crate::tamper::written_in_spite_of;

#[test]
fn leftovers_are_named_and_exactly_they_are_removed() {
    let sandbox = Sandbox::small();
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
        .expect(0, "rotate");
    let before = sandbox.fixed_files();
    let strays = [
        "production/values/ALPHA_KEY/0193f2c0-0000-7000-8000-000000000000.age",
        "production/values/GONE_KEY/stray.age",
        "production/.new-0123456789abcdef",
        ".new-fedcba9876543210",
    ];
    for stray in strays {
        let path = sandbox.store(stray);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "half a file").unwrap();
    }

    let verify = sandbox.mintage(&["verify"]).expect(0, "verify");
    for stray in strays {
        assert!(
            verify.text.contains(stray),
            "{stray} is not named:\n{}",
            verify.text
        );
    }
    assert_eq!(
        verify.text.matches("leftover:").count(),
        strays.len(),
        "{}",
        verify.text
    );
    let fixed = sandbox.mintage(&["verify", "--fix"]).expect(0, "verify --fix");

    assert!(!fixed.text.contains("leftover:"), "{}", fixed.text);
    assert_eq!(sandbox.fixed_files(), before, "exactly the leftovers are removed");
    assert_eq!(sandbox.values().len(), 4);
    println!("leftovers: {} strays tried", strays.len());
}

#[test]
fn a_rollback_is_accepted_secret_by_secret() {
    let sandbox = Sandbox::small();
    let ledger = sandbox.store("production/ledger.jsonl");
    let old = fs::read(&ledger).unwrap();
    for name in ["ALPHA_KEY", "BRAVO_KEY"] {
        sandbox
            .mintage(&["rotate", name, "-e", "production"])
            .expect(0, "rotate");
    }
    sandbox
        .mintage(&["create", "DELTA_KEY", "-e", "production"])
        .expect(0, "create");
    let seen = sandbox.revision("production");
    fs::write(&ledger, old).unwrap();
    let before = sandbox.fixed_files();
    let some = [
        "verify",
        "--fix",
        "--accept-rollback",
        "ALPHA_KEY",
        "--accept-rollback",
        "BRAVO_KEY",
    ];

    for arguments in [&some[..2], &some[..4], &some[..]] {
        let refused = sandbox
            .mintage(arguments)
            .expect(6, "not every secret is accepted");
        assert!(refused.text.contains("DELTA_KEY"), "{}", refused.text);
        assert_eq!(sandbox.fixed_files(), before, "{arguments:?} changed something");
    }
    assert_eq!(written_in_spite_of(&sandbox), Vec::<String>::new());
    let mut all = some.to_vec();
    all.extend(["--accept-rollback", "DELTA_KEY"]);
    sandbox.mintage(&all).expect(0, "every secret is accepted");

    let verify = sandbox.mintage(&["verify", "--deep"]).expect(0, "verify");
    assert!(verify.text.contains("clean"), "{}", verify.text);
    assert!(
        sandbox.revision("production") > seen,
        "sealed above what was seen"
    );
    for arguments in [["rotate", "ALPHA_KEY"], ["create", "DELTA_KEY"]] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["-e", "production"]);
        sandbox.mintage(&arguments).expect(0, "a write after it");
    }
    sandbox
        .mintage(&["verify", "--deep"])
        .expect(0, "verify at the end");
}

#[test]
fn a_fix_never_removes_the_only_copy_of_a_committed_value() {
    // On a first clone nothing but the broken seal tells that lines are gone.
    let sandbox = Sandbox::small();
    sandbox.snapshot("start");
    let mut wrong = Vec::new();
    for (title, keep) in [("a line dropped", true), ("the file cut", false)] {
        sandbox.restore("start");
        sandbox.forget();
        let file = sandbox.version_file("production", "CHARLIE_KEY");
        let path = sandbox.store("production/ledger.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        if keep {
            lines.remove(2);
        } else {
            lines.truncate(2);
        }
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        sandbox.mintage(&["verify"]).expect(6, title);
        let fixed = sandbox.mintage(&["verify", "--fix"]);
        if !sandbox.store(&file).exists() {
            wrong.push(format!(
                "{title}: `verify --fix` ({:?}) deleted {file}",
                fixed.code
            ));
        }
    }
    crate::operation::assert_none(&wrong);
}
