//! Env files of any content: never a panic, never a value in a finding.

use proptest::prelude::*;

use crate::contract::Facts;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::Values;
use crate::contract::check;
use crate::contract::tests::POLICY;
use crate::dotenv::EnvFile;
use crate::policy::Policy;
use chrono::NaiveDate;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever frames a value, no finding holds it.
    #[test]
    fn no_finding_holds_a_part_of_a_value(
        lines in proptest::collection::vec((0usize..NAMES.len(), 0usize..FRAMES.len()), 0..16),
    ) {
        let env: String = lines
            .iter()
            .map(|(name, frame)| format!("{}={}\n", NAMES[*name], FRAMES[*frame].replace('@', "q7canary")))
            .collect();
        for text in told(env.as_bytes()) {
            prop_assert!(!text.contains("canary"), "{text}");
        }
    }

    #[test]
    fn any_bytes_never_panic(env in proptest::collection::vec(any::<u8>(), 0..400)) {
        told(&env);
    }

    #[test]
    fn any_value_never_panics(values in proptest::collection::vec("\\PC{0,40}", NAMES.len())) {
        let env: String = NAMES.iter().zip(values).map(|(name, value)| format!("{name}={value}\n")).collect();
        told(env.as_bytes());
    }
}

/// Checks an env file and returns everything that is said of it.
fn told(env: &[u8]) -> Vec<String> {
    let policy = Policy::parse("p", POLICY).unwrap();
    let environment = policy.environments().next().unwrap();
    let file = EnvFile::parse(env);
    let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let facts = Facts::new(Source::EnvFile(".env".to_owned()), today);
    let subject = Subject {
        policy: &policy,
        environment,
        values: Values::of_file(&file),
        facts: &facts,
    };
    let outcome = check(&subject, &mut ChaCha20Rng::seed_from_u64(0));
    let texts = outcome
        .findings
        .into_iter()
        .map(|finding| format!("{} {}", finding.message, finding.fix));
    texts.collect()
}

const NAMES: &[&str] = &[
    "URL",
    "DSN",
    "URLS",
    "MAILS",
    "NUMBER",
    "FLAG",
    "MODE",
    "SPAN",
    "PATH_",
    "RANGE",
    "KEY",
    "MADE",
    "COPY",
    "FULL",
    "NEXT_PUBLIC_X",
    "MADE_OLD",
    "OTHER",
];

/// What stands around a value; `@` is the value.
const FRAMES: &[&str] = &[
    "@",
    "\"@\"",
    "'@",
    "@ # @",
    "https://@.net/@",
    "postgres://@:@/@\\x40db/@",
    "redis://:@%zz@host",
    "${@}",
    "$@",
    "op://@",
    "<@>",
    "your-@",
    "sk_test_@",
    "@,@,@",
    "@\r",
    "-----BEGIN @",
    "$(@)",
    "{{@}}",
];
