//! Env files: everything else in them stays, byte for byte.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;

use mintage::ports::Failure;
use mintage::ports::Shown;

use crate::bench::Bench;
use crate::bench::Candidate;

const ENV: Candidate = Candidate {
    title: "env-file",
    sink: "[sinks.it]\ntype = \"env-file\"\npath = \".env\"",
    secret: "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"",
    before: &[(
        ".env",
        "# the server\r\nPORT=8080\r\nexport JWT_SECRET='old' # signs\r\n\r\nURL=\"a b\"\r\n",
    )],
};

#[test]
fn comments_order_quotes_and_line_ends_stay() {
    let bench = Bench::new(ENV);
    let (new, old) = (bench.text(1), bench.text(0));

    bench.apply(bench.change(1, &[0], &[])).unwrap();
    assert_eq!(
        bench.read(".env"),
        format!(
            "# the server\r\nPORT=8080\r\nexport JWT_SECRET='{new}' # signs\r\n\r\nURL=\"a b\"\r\n\
             JWT_SECRET_PREVIOUS={old}\r\n"
        )
    );
    bench.apply(bench.change(1, &[], &[0])).unwrap();

    assert_eq!(
        bench.read(".env"),
        format!("# the server\r\nPORT=8080\r\nexport JWT_SECRET='{new}' # signs\r\n\r\nURL=\"a b\"\r\n")
    );
}

#[test]
fn mode_and_owner_stay_and_a_new_file_is_private() {
    let bench = Bench::new(ENV);
    let path = bench.path(".env");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    // Only root may give files away; for anyone else the owner is the same in any case.
    let _ = std::os::unix::fs::chown(&path, Some(12), Some(34));
    let before = fs::metadata(&path).unwrap();

    bench.apply(bench.change(0, &[], &[])).unwrap();

    let after = fs::metadata(&path).unwrap();
    assert_eq!(
        (after.mode(), after.uid(), after.gid()),
        (before.mode(), before.uid(), before.gid())
    );
    assert_ne!(after.ino(), before.ino(), "it was written over in place");
    let fresh = Bench::new(Candidate { before: &[], ..ENV });
    fresh.apply(fresh.change(0, &[], &[])).unwrap();
    assert_eq!(fs::metadata(fresh.path(".env")).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn what_an_interrupted_run_left_beside_it_is_removed() {
    let bench = Bench::new(ENV);
    fs::write(bench.path(".env.mintage-new"), "half").unwrap();

    bench.apply(bench.change(0, &[], &[])).unwrap();

    let files: Vec<String> = bench.files().into_iter().map(|(path, _)| path).collect();
    assert_eq!(files, [".env"]);
}

#[test]
fn a_link_is_not_followed_and_what_it_points_at_stays() {
    let bench = Bench::new(Candidate {
        before: &[("shared", "JWT_SECRET=x\n")],
        ..ENV
    });
    std::os::unix::fs::symlink("shared", bench.path(".env")).unwrap();

    let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

    assert_eq!(error.failure, Failure::Rejected, "{error}");
    assert_eq!(bench.read("shared"), "JWT_SECRET=x\n");
}

#[test]
fn a_value_of_somebody_else_is_shown_as_such() {
    let bench = Bench::new(ENV);

    let Shown::Values { current, accepted } = bench.show().unwrap() else {
        panic!("it can show");
    };

    assert!(current.is_some() && accepted.is_empty());
    assert_ne!(bench.show().unwrap(), bench.shown(0, &[]));
}

#[test]
fn a_batch_is_one_write_and_one_outcome_for_each() {
    let bench = Bench::new(ENV);

    let outcomes = bench
        .sink()
        .apply(&[bench.change(0, &[], &[]), bench.change(1, &[0], &[])]);

    assert_eq!(outcomes, [Ok(()), Ok(())]);
    assert_eq!(bench.show().unwrap(), bench.shown(1, &[0]));
}
