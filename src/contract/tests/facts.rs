//! One case a rule about the world around an env file.

use ring::hmac;

use crate::contract::Comparison;
use crate::contract::Concern;
use crate::contract::Elsewhere;
use crate::contract::Example;
use crate::contract::Facts;
use crate::contract::FileFacts;
use crate::contract::GitState;
use crate::contract::Repository;
use crate::contract::RoleSignoff;
use crate::contract::SignoffState;
use crate::contract::StoredVersion;
use crate::contract::tests::filled;
use crate::dotenv::EnvFile;
use crate::secret::Fingerprint;
use crate::secret::SecretValue;
use crate::secret::Stage;

/// A rule with a policy, an env file, and what breaks and what keeps it in the world around it.
pub(super) struct FactCase {
    pub(super) rule: &'static str,
    pub(super) policy: &'static str,
    pub(super) env: &'static str,
    pub(super) wrong: fn(&mut Facts),
    pub(super) right: fn(&mut Facts),
}

const fn case(
    rule: &'static str,
    policy: &'static str,
    env: &'static str,
    wrong: fn(&mut Facts),
    right: fn(&mut Facts),
) -> FactCase {
    FactCase {
        rule,
        policy,
        env,
        wrong,
        right,
    }
}

const KEY: &str = "[secrets.KEY]\nkind = \"hex\"\n[variables.URL]\ntype = \"url\"\n";
const DISTINCT: &str = "[secrets.KEY]\nkind = \"hex\"\ndistinct_across_environments = true\n";
const FILE: &str = "[files.\".env\"]\nmode = \"0640\"\nrequired = true\ngit_ignored = true\n";
const SIGNED: &str = "[signoff]\nroles = [\"security-lead\"]\n";
const COMMITTED: &str = "[files.\".env\"]\ngit_ignored = false\n";

// One case a line, so that the table can be read and compared.
#[rustfmt::skip]
pub(super) const FACT_CASES: &[FactCase] = &[
    case("tracked", "", "", |facts| git(facts, KEPT_OUT, |state| state.tracked = true), |facts| git(facts, KEPT_OUT, |_| {})),
    case("not-ignored", "", "", |facts| git(facts, KEPT_OUT, |state| state.ignored = false), |facts| git(facts, KEPT_OUT, |_| {})),
    case("committed-before", FILE, "", |facts| git(facts, KEPT_OUT, |state| state.committed = true), |facts| git(facts, KEPT_OUT, |_| {})),
    case("not-tracked", COMMITTED, "", |facts| git(facts, KEPT_OUT, |_| {}), |facts| git(facts, KEPT_OUT, |state| state.tracked = true)),
    case("repository-unknown", "", "", |facts| unknown(facts, Repository::Absent), |facts| git(facts, KEPT_OUT, |_| {})),
    case("repository-unknown", FILE, "", |facts| unknown(facts, Repository::Unreadable), |facts| git(facts, KEPT_OUT, |_| {})),
    case("history-unknown", "", "", |facts| facts.repository = Repository::Shallow, |_| {}),
    case("file-mode", "", "", |facts| mode(facts, Some(0o640)), |facts| mode(facts, Some(0o600))),
    case("file-mode", FILE, "", |facts| mode(facts, Some(0o644)), |facts| mode(facts, Some(0o640))),
    case("file-missing", FILE, "", |facts| mode(facts, None), |facts| mode(facts, Some(0o600))),
    case("example-missing", KEY, "", |facts| example(facts, None), |facts| example(facts, Some("KEY="))),
    case("only-in-example", KEY, "KEY={1}", |facts| example(facts, Some("KEY=\nURL=")), |facts| example(facts, Some("KEY=\n# URL="))),
    case("only-in-env-file", KEY, "KEY={1}", |facts| example(facts, Some("")), |facts| example(facts, Some("KEY="))),
    case("secret-in-example", KEY, "KEY={1}", |facts| example(facts, Some("KEY={2}")), |facts| example(facts, Some("KEY=<64 hex digits>"))),
    case("secret-in-example", KEY, "KEY={1}", |facts| example(facts, Some("URL=postgres://a:{2}@db/x")), |facts| example(facts, Some("URL=postgres://a:password@db/x"))),
    case("copied-from-example", KEY, "KEY={1}", |facts| example(facts, Some("KEY={1}")), |facts| example(facts, Some("KEY={2}"))),
    case("reused-across-environments", DISTINCT, "KEY={1}", |facts| elsewhere(facts, "{1}"), |facts| elsewhere(facts, "{2}")),
    case("compromised-value", KEY, "KEY={1}", |facts| stored(facts, &[(Stage::Retired, true, "{1}")]), |facts| stored(facts, &[(Stage::Retired, true, "{2}")])),
    case("former-value", KEY, "KEY={1}", |facts| stored(facts, &[(Stage::Previous, false, "{1}"), (Stage::Current, false, "{2}")]), |facts| stored(facts, &[(Stage::Current, false, "{1}")])),
    case("signoff-missing", SIGNED, "", |facts| signed(facts, SignoffState::Open), |facts| signed(facts, SignoffState::Signed)),
    case("signoff-missing", SIGNED, "", |facts| signed(facts, SignoffState::SamePerson), |_| {}),
    case("signoff-stale", SIGNED, "", |facts| signed(facts, SignoffState::LedgerChanged), |facts| signed(facts, SignoffState::Signed)),
    case("signoff-stale", SIGNED, "", |facts| signed(facts, SignoffState::PolicyChanged), |facts| signed(facts, SignoffState::Signed)),
    case("differs-from-store", KEY, "KEY={1}", |facts| stored(facts, &[(Stage::Current, false, "{2}")]), |facts| stored(facts, &[(Stage::Current, false, "{1}")])),
];

fn signed(facts: &mut Facts, state: SignoffState) {
    facts.signoffs.push(RoleSignoff {
        role: "security-lead".to_owned(),
        state,
    });
}

/// As an env file should be.
const KEPT_OUT: GitState = GitState {
    ignored: true,
    tracked: false,
    committed: false,
};

fn git(facts: &mut Facts, mut state: GitState, change: fn(&mut GitState)) {
    change(&mut state);
    facts.files = vec![FileFacts {
        path: ".env".to_owned(),
        concern: Concern::Checked,
        mode: Some(0o600),
        git: Some(state),
    }];
}

fn unknown(facts: &mut Facts, repository: Repository) {
    mode(facts, Some(0o600));
    facts.repository = repository;
}

fn mode(facts: &mut Facts, mode: Option<u32>) {
    facts.files = vec![FileFacts {
        path: ".env".to_owned(),
        concern: Concern::Checked,
        mode,
        git: None,
    }];
}

fn example(facts: &mut Facts, text: Option<&str>) {
    facts.example = Some(Example {
        shown: ".env.example".to_owned(),
        file: text.map(|text| EnvFile::parse(&filled(text))),
    });
}

fn fingerprint(text: &str) -> (hmac::Key, Fingerprint) {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
    let fingerprint = Fingerprint::of(&SecretValue::new(filled(text)), &key);
    (key, fingerprint)
}

fn elsewhere(facts: &mut Facts, text: &str) {
    let (key, fingerprint) = fingerprint(text);
    facts.comparison = Some(Comparison {
        key,
        elsewhere: vec![Elsewhere {
            environment: "development".parse().unwrap(),
            name: "KEY".to_owned(),
            fingerprint,
        }],
        stored: Vec::new(),
    });
}

fn stored(facts: &mut Facts, versions: &[(Stage, bool, &str)]) {
    let (key, _) = fingerprint("");
    let stored = versions.iter().map(|(stage, compromised, text)| StoredVersion {
        name: "KEY".to_owned(),
        stage: *stage,
        compromised: *compromised,
        fingerprint: fingerprint(text).1,
    });
    facts.comparison = Some(Comparison {
        key,
        elsewhere: Vec::new(),
        stored: stored.collect(),
    });
}
