//! What every sink does alike. A new sink is one line in `CANDIDATES`.

use mintage::ports::Shown;

use crate::bench::Bench;
use crate::bench::Candidate;

/// A system that holds one value in a file.
const TOOL: &str = "case $1 in\n\
                    set) cat >held ;;\n\
                    fingerprint) if [ -f held ]; then sha256sum <held; fi ;;\n\
                    value) if [ -f held ]; then cat held; echo; fi ;;\n\
                    esac\n";

const CANDIDATES: &[Candidate] = &[
    Candidate {
        title: "env-file that is not there",
        sink: "[sinks.it]\ntype = \"env-file\"\npath = \".env\"",
        secret: "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"",
        before: &[],
    },
    Candidate {
        title: "env-file without a former value",
        sink: "[sinks.it]\ntype = \"env-file\"\npath = \"deploy/{environment}/.env\"",
        secret: "",
        before: &[("deploy/production/.env", "# kept\nOTHER=1\n")],
    },
    Candidate {
        title: "file",
        sink: "[sinks.it]\ntype = \"file\"\npath = \"run/secrets/{name}\"",
        secret: "",
        before: &[],
    },
    Candidate {
        title: "kubernetes",
        sink: "[sinks.it]\ntype = \"kubernetes\"\npath = \"deploy/{environment}.yaml\"\nsecret = \"app\"",
        secret: "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"",
        before: &[],
    },
    Candidate {
        title: "kubernetes, in base64",
        sink: "[sinks.it]\ntype = \"kubernetes\"\npath = \"secret.yaml\"",
        secret: "",
        before: &[(
            "secret.yaml",
            "apiVersion: v1\nkind: Secret\ndata:\n  OTHER: eA==\n",
        )],
    },
    Candidate {
        title: "compose-secret",
        sink: "[sinks.it]\ntype = \"compose-secret\"\npath = \"secrets/{environment}\"",
        secret: "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"",
        before: &[],
    },
    Candidate {
        title: "systemd-credential with the former value beside",
        sink: "[sinks.it]\ntype = \"systemd-credential\"\npath = \"credentials\"\nprevious = true",
        secret: "overlap = \"7d\"",
        before: &[],
    },
    Candidate {
        title: "age-file",
        sink: "[sinks.it]\ntype = \"age-file\"\npath = \"{name}.age\"\nrecipients = [\"RECIPIENT\"]",
        secret: "",
        before: &[],
    },
    Candidate {
        title: "keychain",
        sink: "[sinks.it]\ntype = \"keychain\"\nservice = \"app-{environment}\"",
        secret: "",
        before: &[],
    },
    Candidate {
        title: "command that reads fingerprints",
        sink: "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\", \"set\"]\n\
               read_fingerprint = [\"sh\", \"tool\", \"fingerprint\"]",
        secret: "",
        before: &[("tool", TOOL)],
    },
    Candidate {
        title: "command that reads values",
        sink: "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\", \"set\"]\n\
               read_value = [\"sh\", \"tool\", \"value\"]",
        secret: "",
        before: &[("tool", TOOL)],
    },
];

#[test]
fn it_holds_what_it_was_told_and_proves_it() {
    every(|bench| {
        bench.apply(bench.change(0, &[], &[])).unwrap();

        bench.test(bench.change(0, &[], &[])).unwrap();
        assert_holds(bench, 0, &[]);
    });
}

#[test]
fn telling_it_again_changes_nothing() {
    every(|bench| {
        bench.apply(bench.change(1, &[0], &[])).unwrap();
        let before = bench.files();

        bench.apply(bench.change(1, &[0], &[])).unwrap();

        assert_eq!(bench.files(), before);
    });
}

#[test]
fn a_whole_life_goes_through_it() {
    every(|bench| {
        for (current, accepted, gone) in [
            (0, vec![], vec![]),
            (0, vec![1], vec![]), // accept the new one
            (1, vec![0], vec![]), // use it
            (1, vec![], vec![0]), // retire the old one
            (2, vec![], vec![1]), // a compromise
            (1, vec![2], vec![]), // a rollback
        ] {
            bench.apply(bench.change(current, &accepted, &gone)).unwrap();
            bench.test(bench.change(current, &accepted, &gone)).unwrap();
            assert_holds(bench, current, &accepted);
            if !gone.is_empty() {
                let text = bench.text(gone[0]);
                let left = bench
                    .files()
                    .into_iter()
                    .find(|(_, bytes)| bytes.windows(text.len()).any(|window| window == text.as_bytes()));
                assert_eq!(left.map(|(path, _)| path), None, "a value is left that is gone");
            }
        }
    });
}

#[test]
fn a_test_finds_out_what_is_not_as_it_was_told() {
    every(|bench| {
        assert!(
            bench.test(bench.change(0, &[], &[])).is_err(),
            "it was told nothing"
        );
        bench.apply(bench.change(0, &[], &[])).unwrap();
        assert!(
            bench.test(bench.change(1, &[], &[])).is_err(),
            "it holds another value"
        );
        if bench.sink().abilities().holds_two && has_fallback(bench) {
            assert!(
                bench.test(bench.change(0, &[1], &[])).is_err(),
                "it lacks the former value"
            );
        }
    });
}

#[test]
fn showing_changes_nothing_and_an_empty_sink_shows_nothing() {
    every(|bench| {
        let before = bench.files();

        let shown = bench.show().unwrap();

        if bench.sink().abilities().shows {
            assert_eq!(
                shown,
                Shown::Values {
                    current: None,
                    accepted: Vec::new()
                }
            );
        } else {
            assert_eq!(shown, Shown::Hidden);
        }
        assert_eq!(bench.files(), before);
    });
}

#[test]
fn no_error_holds_a_value() {
    every(|bench| {
        bench.apply(bench.change(0, &[], &[])).unwrap();

        let error = bench.test(bench.change(1, &[], &[])).unwrap_err();

        for text in [format!("{error}"), format!("{error:?}")] {
            assert!(!text.contains(&bench.text(0)) && !text.contains(&bench.text(1)));
        }
    });
}

fn every(check: impl Fn(&Bench)) {
    for candidate in CANDIDATES {
        println!("{}", candidate.title);
        check(&Bench::new(*candidate));
    }
}

fn has_fallback(bench: &Bench) -> bool {
    bench.change(0, &[], &[]).fallback.is_some()
}

#[track_caller]
fn assert_holds(bench: &Bench, current: usize, accepted: &[usize]) {
    let abilities = bench.sink().abilities();
    if !abilities.shows {
        return;
    }
    let accepted = if abilities.holds_two && has_fallback(bench) {
        accepted
    } else {
        &[]
    };
    assert_eq!(bench.show().unwrap(), bench.shown(current, accepted));
}
