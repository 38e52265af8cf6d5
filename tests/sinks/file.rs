//! Files of one value.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;

use crate::bench::Bench;
use crate::bench::Candidate;

const FILE: Candidate = Candidate {
    title: "file",
    sink: "[sinks.it]\ntype = \"file\"\npath = \"run/{name}\"",
    secret: "",
    before: &[],
};

#[test]
fn it_holds_exactly_the_value() {
    let bench = Bench::new(FILE);

    bench.apply(bench.change(0, &[], &[])).unwrap();

    assert_eq!(bench.read("run/JWT_SECRET"), bench.text(0));
    assert_eq!(
        fs::metadata(bench.path("run/JWT_SECRET")).unwrap().mode() & 0o777,
        0o600
    );
}

#[test]
fn the_mode_is_the_one_that_is_stated_or_the_one_it_had() {
    let stated = Bench::new(Candidate {
        sink: "[sinks.it]\ntype = \"file\"\npath = \"one\"\nmode = \"0440\"",
        ..FILE
    });
    stated.apply(stated.change(0, &[], &[])).unwrap();
    let kept = Bench::new(FILE);
    kept.apply(kept.change(0, &[], &[])).unwrap();
    let path = kept.path("run/JWT_SECRET");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    kept.apply(kept.change(1, &[], &[])).unwrap();

    assert_eq!(fs::metadata(stated.path("one")).unwrap().mode() & 0o777, 0o440);
    assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, 0o644);
}

#[test]
fn a_directory_that_is_a_link_out_of_the_project_is_not_written_to() {
    let elsewhere = tempfile::tempdir().unwrap();
    let bench = Bench::new(FILE);
    std::os::unix::fs::symlink(elsewhere.path(), bench.path("run")).unwrap();

    let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

    assert!(
        error.what.contains("leads out of the project through a link"),
        "{error}"
    );
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn a_directory_that_is_a_link_inside_of_the_project_is_followed() {
    let bench = Bench::new(FILE);
    fs::create_dir(bench.path("real")).unwrap();
    std::os::unix::fs::symlink("real", bench.path("run")).unwrap();

    bench.apply(bench.change(0, &[], &[])).unwrap();

    assert_eq!(bench.read("real/JWT_SECRET"), bench.text(0));
}
