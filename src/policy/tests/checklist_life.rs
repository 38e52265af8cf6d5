//! The five checklists: how long each secret lives, and what its rotation does.

use std::collections::BTreeMap;

use crate::policy::Policy;
use crate::policy::Preset;
use crate::policy::SecretPolicy;
use crate::policy::kinds::Role;
use crate::secret::EnvironmentName;

fn production() -> EnvironmentName {
    "production".parse().unwrap()
}

fn secrets(preset: &str, check: impl FnMut(&SecretPolicy)) {
    let policy = Policy::parse(preset, Preset::find(preset).unwrap().text).unwrap();
    let (names, production) = (policy.secret_names(), production());
    names
        .filter_map(|name| policy.secret(name, &production))
        .for_each(check);
}

/// Secrets whose period is not the 90 days of the policy; an empty one is never.
const PERIODS: &[(&str, &str, &str)] = &[
    ("lamsa", "APNS_KEY", "365d"),
    ("lamsa", "BACKUP_ENCRYPTION_KEY", "365d"),
    ("lamsa", "EXPO_PUSH_TOKEN", "365d"),
    ("lamsa", "FIREBASE_SERVICE_ACCOUNT", "365d"),
    ("lamsa", "NEW_RELIC_LICENSE_KEY", "180d"),
    ("lamsa", "PAGERDUTY_SERVICE_KEY", "180d"),
    ("lamsa", "PII_ENCRYPTION_KEY", ""),
    ("lamsa", "PII_ENCRYPTION_SALT", ""),
    ("lamsa", "PII_HASH_SALT", ""),
    ("lamsa", "SENTRY_DSN", ""),
    ("lamsa", "SLACK_WEBHOOK_URL", "180d"),
    ("mansa", "JWT_REFRESH_SECRET", "30d"),
    ("mansa", "JWT_SECRET", "30d"),
    ("mansa", "POSTGRES_PASSWORD", "30d"),
    ("mansa", "REDIS_PASSWORD", "30d"),
    ("mansa", "WEBHOOK_SECRET", "30d"),
    ("superapp", "SENTRY_DSN", ""),
    ("bluesminds", "API_KEY_SECRET", "30d"),
    ("bluesminds", "JWT_SECRET", "30d"),
    ("bluesminds", "LOGTAIL_SOURCE_TOKEN", "180d"),
    ("bluesminds", "SENTRY_DSN", "180d"),
];

#[test]
fn every_secret_is_rotated_as_often_as_its_checklist_says() {
    for preset in ["lumiku", "lamsa", "mansa", "superapp", "bluesminds"] {
        let own = PERIODS.iter().filter(|(of, ..)| *of == preset);
        let own: BTreeMap<&str, &str> = own.map(|(_, name, period)| (*name, *period)).collect();
        let mut seen = 0;
        secrets(preset, |secret| {
            let wanted = own.get(secret.name().as_str());
            seen += usize::from(wanted.is_some());
            let found = secret.rotate_every().map(|period| period.to_string());
            let wanted = wanted.copied().unwrap_or("90d");
            assert_eq!(found.unwrap_or_default(), wanted, "{preset} {}", secret.name());
        });
        assert_eq!(seen, own.len(), "{preset}");
    }
}

/// Secrets whose former value stays valid for a time, and where it stands meanwhile.
const OVERLAPS: &[(&str, &str, &str, &str)] = &[
    ("lumiku", "JWT_SECRET", "7d", "JWT_SECRET_PREVIOUS"),
    ("lamsa", "JWT_SECRET", "15m", ""),
    ("lamsa", "BACKUP_ENCRYPTION_KEY", "30d", ""),
    ("mansa", "JWT_SECRET", "15m", ""),
    ("mansa", "JWT_REFRESH_SECRET", "7d", ""),
    ("mansa", "WEBHOOK_SECRET", "7d", "WEBHOOK_SECRET_PREVIOUS"),
    ("superapp", "JWT_SECRET", "30d", "JWT_SECRET_PREVIOUS"),
    ("bluesminds", "JWT_SECRET", "7d", ""),
    ("bluesminds", "STRIPE_WEBHOOK_SECRET", "1d", ""),
];

#[test]
fn former_values_stay_valid_where_somebody_still_uses_them() {
    for preset in ["lumiku", "lamsa", "mansa", "superapp", "bluesminds"] {
        let mut found = Vec::new();
        secrets(preset, |secret| {
            if let Some(overlap) = secret.overlap() {
                let previous = secret.previous_var().map(ToString::to_string);
                found.push((
                    secret.name().to_string(),
                    overlap.to_string(),
                    previous.unwrap_or_default(),
                ));
            }
        });
        let mut wanted: Vec<_> = OVERLAPS
            .iter()
            .filter(|(of, ..)| *of == preset)
            .map(|(_, name, overlap, previous)| {
                ((*name).to_owned(), (*overlap).to_owned(), (*previous).to_owned())
            })
            .collect();
        wanted.sort();
        assert_eq!(found, wanted, "{preset}");
    }
}

#[test]
fn what_we_make_differs_between_environments() {
    for preset in ["lumiku", "lamsa", "mansa", "superapp", "bluesminds"] {
        secrets(preset, |secret| {
            let is_made = secret.kind().role == Role::Generated;
            // Its master key stands in the file of another program, which has one environment.
            let is_one_of_its_kind = secret.name().as_str() == "LITELLM_MASTER_KEY";
            let must_differ = (is_made || preset == "mansa") && !is_one_of_its_kind;
            assert!(
                !must_differ || secret.distinct_across_environments(),
                "{preset} {}",
                secret.name()
            );
        });
    }
}
