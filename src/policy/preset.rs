//! The presets that are built in: examples, documentation and test vectors at once.

/// A policy that is built in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Preset {
    /// The name that `extends` and `init --policy` take.
    pub name: &'static str,
    /// The first comment line of the file.
    pub summary: &'static str,
    /// The file.
    pub text: &'static str,
}

impl Preset {
    /// Looks a preset up by its name.
    pub fn find(name: &str) -> Option<&'static Self> {
        presets().iter().find(|preset| preset.name == name)
    }

    const fn new(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            summary: first_comment(text),
            text,
        }
    }
}

/// Returns the text of a preset.
pub(super) fn lookup(name: &str) -> Option<&'static str> {
    Preset::find(name).map(|preset| preset.text)
}

/// Lists the presets in the order in which they are shown.
pub fn presets() -> &'static [Preset] {
    PRESETS
}

const PRESETS: &[Preset] = &[
    Preset::new("lumiku", include_str!("../../policies/lumiku.toml")),
    Preset::new("lamsa", include_str!("../../policies/lamsa.toml")),
    Preset::new("mansa", include_str!("../../policies/mansa.toml")),
    Preset::new("superapp", include_str!("../../policies/superapp.toml")),
    Preset::new("bluesminds", include_str!("../../policies/bluesminds.toml")),
    Preset::new("web-app", include_str!("../../policies/web-app.toml")),
    Preset::new("webhooks", include_str!("../../policies/webhooks.toml")),
    Preset::new("database", include_str!("../../policies/database.toml")),
    Preset::new("jwt", include_str!("../../policies/jwt.toml")),
];

/// Returns the text of the first line without its `# `.
const fn first_comment(text: &'static str) -> &'static str {
    let (_, line) = text.split_at(2);
    let mut end = 0;
    while end < line.len() && line.as_bytes()[end] != b'\n' {
        end += 1;
    }
    line.split_at(end).0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::policy::Policy;
    use crate::policy::SecretPolicy;

    fn parsed(name: &str) -> Policy {
        let preset = Preset::find(name).unwrap();
        Policy::parse(&format!("policies/{name}.toml"), preset.text)
            .unwrap_or_else(|errors| panic!("\n{errors}"))
    }

    fn secret<'a>(policy: &'a Policy, name: &str, environment: &str) -> &'a SecretPolicy {
        policy
            .secret(&name.parse().unwrap(), &environment.parse().unwrap())
            .unwrap()
    }

    #[test]
    fn every_preset_is_a_policy_of_its_own_name() {
        for preset in presets() {
            assert_eq!(parsed(preset.name).name(), preset.name);
            assert!(preset.text.starts_with(&format!("# {}\n", preset.summary)));
            assert!(!preset.summary.is_empty());
        }
    }

    #[test]
    fn presets_hold_what_the_checklists_ask_for() {
        // Environments, secrets, variables, groups, implications, certificates.
        let counts: BTreeMap<_, _> = presets()
            .iter()
            .map(|preset| {
                let policy = parsed(preset.name);
                let counts = [
                    policy.environments().count(),
                    policy.secret_names().count(),
                    policy.variable_names().count(),
                    policy.groups().len(),
                    policy.implications().len(),
                    policy.certificates().len(),
                ];
                (preset.name, counts)
            })
            .collect();

        let expected = BTreeMap::from([
            ("bluesminds", [2, 14, 19, 2, 1, 1]),
            ("database", [2, 3, 3, 0, 0, 0]),
            ("jwt", [2, 2, 2, 0, 0, 0]),
            ("lamsa", [2, 26, 29, 5, 2, 4]),
            ("lumiku", [3, 9, 34, 2, 2, 1]),
            ("mansa", [2, 9, 16, 3, 0, 1]),
            ("superapp", [3, 11, 17, 3, 0, 1]),
            ("web-app", [3, 3, 5, 0, 0, 0]),
            ("webhooks", [2, 4, 0, 0, 0, 0]),
        ]);
        assert_eq!(counts, expected);
    }

    type Fact = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        Option<&'static str>,
        bool,
        Option<&'static str>,
    );

    /// Preset, secret, environment; then kind, period, whether it is required, and its pattern.
    const FACTS: &[Fact] = &[
        (
            "lumiku",
            "JWT_SECRET",
            "production",
            "jwt-hs256",
            Some("90d"),
            true,
            None,
        ),
        (
            "lumiku",
            "DUITKU_API_KEY",
            "production",
            "issued",
            Some("90d"),
            true,
            Some("^[0-9a-f]{32}$"),
        ),
        (
            "lamsa",
            "PII_ENCRYPTION_KEY",
            "production",
            "aes-256",
            None,
            true,
            None,
        ),
        (
            "lamsa",
            "TAP_SECRET_KEY",
            "production",
            "issued",
            Some("90d"),
            true,
            Some("^sk_live_"),
        ),
        (
            "lamsa",
            "TAP_SECRET_KEY",
            "development",
            "issued",
            Some("90d"),
            false,
            Some("^sk_test_"),
        ),
        (
            "mansa",
            "WEBHOOK_SECRET",
            "production",
            "base64",
            Some("30d"),
            true,
            None,
        ),
        (
            "superapp",
            "JWT_SECRET",
            "staging",
            "jwt-hs256",
            Some("90d"),
            false,
            None,
        ),
        (
            "bluesminds",
            "STRIPE_SECRET_KEY",
            "production",
            "issued",
            Some("90d"),
            false,
            Some("^(sk|rk)_live_[A-Za-z0-9]{10,}"),
        ),
        (
            "webhooks",
            "WEBHOOK_SIGNING_SECRET",
            "production",
            "webhook",
            Some("90d"),
            true,
            None,
        ),
        (
            "database",
            "DATABASE_PASSWORD",
            "development",
            "password",
            Some("90d"),
            false,
            None,
        ),
    ];

    #[test]
    fn key_facts_of_the_presets_hold() {
        for (preset, name, environment, kind, rotate_every, required, pattern) in FACTS {
            let policy = parsed(preset);
            let secret = secret(&policy, name, environment);
            let rotated = secret.rotate_every().map(|period| period.to_string());
            let fits = secret.pattern().map(|pattern| pattern.as_str());

            assert_eq!(secret.kind_name(), *kind, "{preset} {name}");
            assert_eq!(rotated.as_deref(), *rotate_every, "{preset} {name}");
            assert_eq!(secret.required(), *required, "{preset} {name}");
            assert_eq!(fits, *pattern, "{preset} {name}");
        }
    }

    #[test]
    fn a_laxer_tier_overrides_one_field_only() {
        let policy = parsed("lumiku");

        let strict = secret(&policy, "JWT_SECRET", "production");
        let lax = secret(&policy, "JWT_SECRET", "test");

        assert_eq!((strict.min_length(), lax.min_length()), (Some(32), Some(16)));
        assert_eq!(strict.recipe(), lax.recipe());
        assert_eq!(strict.min_entropy(), Some(3.5));
        assert_eq!(strict.overlap(), "7d".parse().ok());
    }
}
