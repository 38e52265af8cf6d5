//! A store on a machine that has never seen it.

use std::fs;

use crate::sandbox::Sandbox;

#[test]
fn a_first_clone_works_with_the_identity_and_warns() {
    let sandbox = Sandbox::small();
    let value = sandbox.reveal("production", "ALPHA_KEY").expect(0, "reveal").out;
    let clone = Sandbox::bare();
    let identity = fs::read(sandbox.identity()).unwrap();
    fs::create_dir_all(clone.identity().parent().unwrap()).unwrap();
    fs::copy(sandbox.identity(), clone.identity()).unwrap();
    crate::sandbox::copy_tree(&sandbox.project(), &clone.project());

    let first = clone.mintage(&["verify"]).expect(0, "the first verify");
    assert!(first.text.contains("for the first time"), "{}", first.text);
    let second = clone.mintage(&["verify"]).expect(0, "the second verify");
    assert!(!second.text.contains("for the first time"), "{}", second.text);
    assert_eq!(
        clone.reveal("production", "ALPHA_KEY").expect(0, "reveal").out,
        value
    );
    clone
        .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
        .expect(0, "rotate");
    assert_ne!(
        clone.reveal("production", "ALPHA_KEY").expect(0, "reveal").out,
        value
    );
    clone
        .mintage(&["verify", "--deep"])
        .expect(0, "verify after a write");
    let writers = clone
        .store_files()
        .keys()
        .filter(|path| path.starts_with("audit/"))
        .count();
    assert_eq!(writers, 2, "each checkout writes an audit log of its own");
    assert_eq!(fs::read(clone.identity()).unwrap(), identity);

    crate::sandbox::copy_tree(&clone.project(), &sandbox.project());
    sandbox
        .mintage(&["verify", "--deep"])
        .expect(0, "what the clone wrote, brought back");
}

#[test]
fn without_the_identity_nothing_is_shown_or_written() {
    let sandbox = Sandbox::small();
    fs::remove_file(sandbox.identity()).unwrap();
    let before = sandbox.store_files();

    let run = sandbox.reveal("production", "ALPHA_KEY");
    assert!(
        run.code != Some(0) && run.out.is_empty() && !run.is_bug(),
        "{}",
        run.text
    );
    let run = sandbox.mintage(&["rotate", "ALPHA_KEY", "-e", "production"]);
    assert!(run.code != Some(0) && !run.is_bug(), "{}", run.text);

    assert_eq!(sandbox.store_files(), before);
}
