//! A sink that fails in every way: what is tried again, what is not, and that no second value is ever made.

use std::cell::Cell;
use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use mintage::adapters::AgeCipher;
use mintage::adapters::AgeValues;
use mintage::adapters::AuditFiles;
use mintage::adapters::Directory;
use mintage::adapters::IdentityFile;
use mintage::adapters::IdentitySource;
use mintage::adapters::OsRandom;
use mintage::adapters::Silence;
use mintage::adapters::StateFiles;
use mintage::app;
use mintage::app::AppError;
use mintage::app::Ground;
use mintage::app::Motive;
use mintage::app::RotateReport;
use mintage::app::RotateRequest;
use mintage::app::Selection;
use mintage::app::World;
use mintage::ledger::Ledger;
use mintage::policy::Policy;
use mintage::ports::Abilities;
use mintage::ports::Change;
use mintage::ports::Clock;
use mintage::ports::Failure;
use mintage::ports::Shown;
use mintage::ports::Sink;
use mintage::ports::SinkError;
use mintage::ports::Sinks;
use mintage::secret::Fingerprint;
use mintage::secret::Stage;
use mintage::secret::VersionId;
use ring::hmac;
use tempfile::TempDir;

const POLICY: &str = "schema = 1\nname = \"x\"\n[environments.production]\n\
    [secrets.API_KEY]\nkind = \"hex\"\nsinks = [\"it\"]\n\
    [sinks.it]\ntype = \"env-file\"\npath = \".env\"\n";

#[test]
fn what_may_pass_is_tried_three_times() {
    let project = Project::new();
    let sink = Fickle::new(&[
        Answer::Fails(Failure::Transient),
        Answer::Fails(Failure::Transient),
    ]);

    project.rotate(&sink).unwrap();

    assert_eq!(sink.calls.get(), 3);
    project.assert_promoted(&sink);
    let sink = Fickle::new(&[Answer::Fails(Failure::Transient); 9]);
    assert_eq!(incomplete(project.rotate(&sink)), [Failure::Transient]);
    assert_eq!(sink.calls.get(), 3);
}

#[test]
fn what_is_refused_or_not_allowed_is_not_tried_again() {
    for failure in [Failure::Rejected, Failure::Unauthorised] {
        let project = Project::new();
        let sink = Fickle::new(&[Answer::Fails(failure)]);

        assert_eq!(incomplete(project.rotate(&sink)), [failure]);

        assert_eq!(sink.calls.get(), 1, "{failure:?}");
        project.rotate(&sink).unwrap();
        project.assert_promoted(&sink);
    }
}

#[test]
fn a_lost_answer_is_asked_for_and_not_sent_again() {
    let project = Project::new();
    let sink = Fickle::new(&[Answer::Lost]);

    project.rotate(&sink).unwrap();

    assert_eq!(sink.calls.get(), 1);
    project.assert_promoted(&sink);
}

#[test]
fn a_lost_request_is_sent_again_with_the_same_value() {
    let project = Project::new();
    let sink = Fickle::new(&[Answer::Fails(Failure::Unknown)]);

    assert_eq!(incomplete(project.rotate(&sink)), [Failure::Unknown]);

    assert_eq!(project.stages(), [Stage::Current, Stage::Pending]);
    project.rotate(&sink).unwrap();
    project.assert_promoted(&sink);
}

#[test]
fn a_sink_that_shows_nothing_is_told_again() {
    let project = Project::new();
    let sink = Fickle {
        shows: false,
        ..Fickle::new(&[Answer::Lost])
    };

    assert_eq!(incomplete(project.rotate(&sink)), [Failure::Unknown]);
    project.rotate(&sink).unwrap();

    assert_eq!(sink.calls.get(), 2);
    project.assert_promoted(&sink);
}

#[test]
fn a_sink_that_does_not_prove_it_is_told_again() {
    let project = Project::new();
    let sink = Fickle::new(&[Answer::Lies]);

    assert_eq!(incomplete(project.rotate(&sink)), [Failure::Rejected]);
    assert_eq!(project.stages(), [Stage::Current, Stage::Pending]);
    project.rotate(&sink).unwrap();

    assert_eq!(sink.calls.get(), 2);
    project.assert_promoted(&sink);
}

#[test]
fn something_that_no_version_has_is_not_written_over() {
    for shown in [Foreign::Named, Foreign::Unnamed] {
        let project = Project::new();
        let sink = Fickle {
            foreign: Cell::new(Some(shown)),
            ..Fickle::new(&[])
        };

        let refused = project.rotate(&sink);

        assert!(
            matches!(refused, Err(AppError::SinksNotReady { .. })),
            "{refused:?}"
        );
        assert_eq!((sink.calls.get(), project.stages()), (0, vec![Stage::Current]));
    }
}

/// How a sink shows that it holds a value of somebody else.
#[derive(Clone, Copy, Debug)]
enum Foreign {
    /// By its fingerprint.
    Named,
    /// As none of those that it was asked about.
    Unnamed,
}

/// What a sink does with one call.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// It does nothing and says so.
    Fails(Failure),
    /// It does what it was asked, and its answer is lost.
    Lost,
    /// It does nothing and says that it did.
    Lies,
}

/// A sink in memory that gives these answers before it does what it is asked.
struct Fickle {
    answers: RefCell<Vec<Answer>>,
    calls: Cell<u32>,
    held: RefCell<Option<(VersionId, Vec<u8>)>>,
    offered: RefCell<Vec<VersionId>>,
    shows: bool,
    foreign: Cell<Option<Foreign>>,
}

impl Fickle {
    fn new(answers: &[Answer]) -> Self {
        Self {
            answers: RefCell::new(answers.iter().rev().copied().collect()),
            calls: Cell::new(0),
            held: RefCell::new(None),
            offered: RefCell::new(Vec::new()),
            shows: true,
            foreign: Cell::new(None),
        }
    }

    fn hold(&self, change: &Change<'_>) {
        let value = change.current.value.expose().to_vec();
        *self.held.borrow_mut() = Some((change.current.version, value));
    }
}

impl Sinks for Fickle {
    fn sink(&self, _: &str) -> Result<&dyn Sink, SinkError> {
        Ok(self)
    }
}

impl Sink for Fickle {
    fn name(&self) -> &str {
        "it"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            shows: self.shows,
            holds_two: false,
            needs_approval: false,
        }
    }

    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        let [change] = changes else {
            panic!("one secret");
        };
        self.calls.set(self.calls.get() + 1);
        self.offered.borrow_mut().push(change.current.version);
        let answer = self.answers.borrow_mut().pop();
        vec![match answer {
            Some(Answer::Fails(failure)) => Err(SinkError::new(failure, "it failed")),
            Some(Answer::Lies) => Ok(()),
            Some(Answer::Lost) => {
                self.hold(change);
                Err(SinkError::new(Failure::Unknown, "no answer"))
            }
            None => {
                self.hold(change);
                Ok(())
            }
        }]
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        let held = self.held.borrow();
        let show = |_: &Change<'_>| {
            if !self.shows {
                return Ok(Shown::Hidden);
            }
            match self.foreign.get() {
                Some(Foreign::Unnamed) => return Ok(Shown::Another),
                Some(Foreign::Named) => {
                    let value = mintage::secret::SecretValue::new(b"of somebody else".to_vec());
                    return Ok(Shown::Values {
                        current: Some(Fingerprint::of(&value, key)),
                        accepted: Vec::new(),
                    });
                }
                None => {}
            }
            let print = |(_, value): &(VersionId, Vec<u8>)| {
                Fingerprint::of(&mintage::secret::SecretValue::new(value.clone()), key)
            };
            Ok(Shown::Values {
                current: held.as_ref().map(print),
                accepted: Vec::new(),
            })
        };
        changes.iter().map(show).collect()
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        let held = self.held.borrow();
        let test = |change: &Change<'_>| match &*held {
            Some((version, _)) if *version == change.current.version => Ok(()),
            _ => Err(SinkError::new(Failure::Rejected, "it does not work")),
        };
        changes.iter().map(test).collect()
    }
}

/// The clock of the operating system, which never waits.
struct Hasty;

impl Clock for Hasty {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn pause(&self, _: Duration) {}
}

/// A project with one minted secret.
struct Project {
    root: TempDir,
}

impl Project {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("home")).unwrap();
        fs::write(root.path().join("mintage.toml"), POLICY).unwrap();
        let project = Self { root };
        for arguments in [&["init"][..], &["create", "--all", "-e", "production"]] {
            let status = Command::new(env!("CARGO_BIN_EXE_mintage"))
                .args(arguments)
                .current_dir(project.root.path())
                .env_clear()
                .env("HOME", project.root.path().join("home"))
                .output()
                .unwrap()
                .status;
            assert!(status.success());
        }
        project
    }

    fn rotate(&self, sink: &Fickle) -> Result<RotateReport, AppError> {
        let root = self.root.path();
        let home = root.join("home");
        let random = || Box::new(OsRandom::new().unwrap());
        let storage = Directory::new(root.join(".mintage"), random());
        let identity = IdentityFile::load(&IdentitySource::File {
            path: home.join(".config/mintage/identity.txt"),
            named: true,
        });
        let cipher = AgeCipher::new(
            identity.unwrap().into_iter().collect(),
            std::sync::Arc::new(Silence),
        );
        let values = AgeValues::new(&storage, &cipher);
        let audit = AuditFiles::new(&storage, root.join(".mintage/audit"));
        let state = StateFiles::new(home.join(".local/state/mintage"), canonical(root), random());
        let policy = Policy::parse("mintage.toml", POLICY).unwrap();
        let environment = "production".parse().unwrap();
        let ground = Ground {
            world: World {
                storage: &storage,
                values: &values,
                cipher: &cipher,
                audit: &audit,
                state: &state,
                clock: &Hasty,
                actor: "test@host",
            },
            policy: &policy,
            environment: &environment,
            sinks: sink,
            progress: &|_, _| {},
        };
        let selection = Selection::Names(vec!["API_KEY".parse().unwrap()]);
        let request = RotateRequest {
            selection: &selection,
            motive: Motive::default(),
            given: &[],
        };
        app::rotate(ground, request, &mut OsRandom::new().unwrap())
    }

    fn stages(&self) -> Vec<Stage> {
        let bytes = fs::read(self.root.path().join(".mintage/production/ledger.jsonl")).unwrap();
        let ledger = Ledger::read(&bytes);
        let record = ledger.records().next().unwrap();
        record.versions.iter().map(|version| version.stage).collect()
    }

    /// Requires that the rotation came to its end with the only value that the sink was ever offered.
    #[track_caller]
    fn assert_promoted(&self, sink: &Fickle) {
        assert_eq!(self.stages(), [Stage::Previous, Stage::Current]);
        let mut offered = sink.offered.borrow().clone();
        offered.dedup();
        assert_eq!(offered.len(), 1, "a second value was made");
        assert_eq!(sink.held.borrow().as_ref().unwrap().0, offered[0]);
        let journal = self.root.path().join(".mintage/journal");
        assert_eq!(fs::read_dir(journal).unwrap().count(), 0, "a journal is left");
    }
}

fn canonical(root: &Path) -> std::path::PathBuf {
    root.canonicalize().unwrap()
}

/// Returns how sinks failed in a rotation that did not come to its end.
#[track_caller]
fn incomplete(result: Result<RotateReport, AppError>) -> Vec<Failure> {
    match result {
        Err(AppError::RotationIncomplete { failures, .. }) => failures
            .into_iter()
            .map(|failure| failure.error.failure)
            .collect(),
        other => panic!("{other:?}"),
    }
}
