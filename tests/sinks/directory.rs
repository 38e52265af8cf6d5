//! What is particular to directories of files of one value.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use mintage::ports::Failure;

use crate::bench::Bench;
use crate::bench::Candidate;

const COMPOSE: Candidate = Candidate {
    title: "compose-secret",
    sink: "[sinks.it]\ntype = \"compose-secret\"\npath = \"secrets\"\nprevious = true",
    secret: "overlap = \"7d\"",
    before: &[("secrets/other", "kept")],
};

#[test]
fn each_file_holds_exactly_the_value_and_no_line_end() {
    let bench = Bench::new(COMPOSE);

    bench.apply(bench.change(0, &[], &[])).unwrap();

    assert!(bench.read("secrets/JWT_SECRET") == bench.text(0));
    assert_eq!(bench.read("secrets/other"), "kept");
    assert!(!bench.path("secrets/JWT_SECRET.previous").exists());
}

#[test]
fn the_former_value_is_beside_it_as_long_as_it_is_accepted() {
    let bench = Bench::new(COMPOSE);

    bench.apply(bench.change(1, &[0], &[])).unwrap();
    assert!(bench.read("secrets/JWT_SECRET") == bench.text(1));
    assert!(bench.read("secrets/JWT_SECRET.previous") == bench.text(0));
    assert_eq!(bench.show().unwrap(), bench.shown(1, &[]));
    fs::write(bench.path("secrets/JWT_SECRET.previous"), "x").unwrap();
    let error = bench.test(bench.change(1, &[0], &[])).unwrap_err();
    assert_eq!(error.failure, Failure::Transient);

    bench.apply(bench.change(1, &[], &[0])).unwrap();
    assert!(!bench.path("secrets/JWT_SECRET.previous").exists());
    bench.test(bench.change(1, &[], &[0])).unwrap();
}

#[test]
fn the_mode_is_private_unless_another_is_stated() {
    let mode = |bench: &Bench| {
        let metadata = fs::metadata(bench.path("secrets/JWT_SECRET")).unwrap();
        metadata.permissions().mode() & 0o777
    };
    let private = Bench::new(COMPOSE);
    private.apply(private.change(0, &[], &[])).unwrap();
    assert_eq!(mode(&private), 0o600);
    let shared = Bench::new(Candidate {
        sink: "[sinks.it]\ntype = \"compose-secret\"\npath = \"secrets\"\nmode = \"0644\"",
        ..COMPOSE
    });
    shared.apply(shared.change(0, &[], &[])).unwrap();
    assert_eq!(mode(&shared), 0o644);
}

#[test]
fn a_link_is_refused_and_what_it_points_at_stays() {
    let bench = Bench::new(COMPOSE);
    fs::write(bench.path("target"), "kept").unwrap();
    std::os::unix::fs::symlink("../target", bench.path("secrets/JWT_SECRET")).unwrap();

    let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

    assert_eq!(error.failure, Failure::Rejected);
    assert_eq!(bench.read("target"), "kept");
}
