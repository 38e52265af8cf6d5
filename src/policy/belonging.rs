//! Whether a value that somebody else made was meant for this secret and this environment.

use crate::policy::Kind;
use crate::policy::Mismatch;
use crate::policy::SecretPolicy;
use crate::policy::Tier;
use crate::policy::kinds::Role;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::kinds::issuers::Issuer;
use crate::policy::kinds::issuers::Start;
use crate::policy::kinds::issuers::Tells;
use crate::policy::kinds::issuers::literal_start;
use crate::policy::kinds::issuers::recognise;
use crate::secret::SecretValue;

impl SecretPolicy {
    /// Returns whether a value has the form that the policy demands, and belongs here.
    ///
    /// # Errors
    ///
    /// Says in which way it does not.
    pub fn takes(&self, value: &SecretValue, tier: Tier) -> Result<(), Mismatch> {
        self.accepts(value.expose())?;
        self.belongs(value.expose(), tier)
    }

    /// Returns whether a value does not have the form that the policy demands.
    pub fn refuses(&self, value: &SecretValue) -> bool {
        self.accepts(value.expose()).is_err()
    }

    /// Says whether `value` belongs to this secret in an environment of `tier`, as far as the value itself tells.
    ///
    /// # Errors
    ///
    /// When it is recognisably what another issuer makes, or in production a key of a test mode.
    pub fn belongs(&self, value: &[u8], tier: Tier) -> Result<(), Mismatch> {
        if self.is_of_ones_own_format() {
            return Ok(());
        }
        let is_test = |text| Start::of(text).is_some_and(|start| start.test_mode);
        let text = std::str::from_utf8(value).unwrap_or_default();
        if self.kind().role == Role::Issued && tier == Tier::Production && is_test(text) {
            return Err(Mismatch::TestMode);
        }
        match recognise(value) {
            Some(shape) if self.is_foreign(shape, value) => Err(Mismatch::Issuer(shape.issuer.name)),
            _ => Ok(()),
        }
    }

    /// Returns whether the policy chooses how values start, so that they may look like those of anybody.
    fn is_of_ones_own_format(&self) -> bool {
        self.shape().prefix.is_some() || Kind::find(self.kind_name()).is_none()
    }

    fn is_foreign(&self, shape: &IssuedShape, value: &[u8]) -> bool {
        let Some(named) = self.issuer() else {
            // Nobody is named: of what we make ourselves, a format of one issuer alone is certainly not.
            return self.is_generated() && shape.tells == Tells::Issuer;
        };
        let is_named = |issuer: &Issuer| issuer.is_named(named);
        let is_meant = self
            .format()
            .is_some_and(|format| std::ptr::eq(format.issuer, shape.issuer));
        if is_named(shape.issuer) || is_meant || self.expects_the_start_of(value) {
            return false;
        }
        let mut of_named = IssuedShape::all()
            .filter(|shape| is_named(shape.issuer))
            .peekable();
        let is_known = of_named.peek().is_some();
        if of_named.any(|own| own.tells != Tells::Nothing && own.accepts(value).is_ok()) {
            return false;
        }
        match shape.tells {
            Tells::Issuer => true,
            // Whose format others took up may belong to an issuer of whom nothing is known here.
            Tells::Usually => is_known && !self.fits_a_pattern(value),
            Tells::Nothing => false,
        }
    }

    /// Returns whether the policy's own pattern says how this very value starts: its author knows the format.
    fn expects_the_start_of(&self, value: &[u8]) -> bool {
        let start = self.pattern().map(|pattern| literal_start(pattern.as_str()));
        start.is_some_and(|start| start.len() >= 2 && value.starts_with(start.as_bytes()))
    }

    /// Returns whether the policy has a pattern, and the value fits it.
    fn fits_a_pattern(&self, value: &[u8]) -> bool {
        let text = std::str::from_utf8(value).ok();
        self.pattern()
            .zip(text)
            .is_some_and(|(pattern, text)| pattern.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::policy::Policy;

    fn policy() -> Policy {
        Policy::parse("", include_str!("../../tests/policies/valid/issued-shapes.toml")).unwrap()
    }

    fn verdict(name: &str, parts: &[&str]) -> Result<(), Mismatch> {
        let policy = policy();
        let production = "production".parse().unwrap();
        let secret = policy.secret(&name.parse().unwrap(), &production).unwrap();
        let value = parts.concat();
        secret.accepts(value.as_bytes())?;
        secret.belongs(value.as_bytes(), Tier::Production)
    }

    // Made here out of parts, so that scanners stay quiet.
    const REST: &str = "k7Qw2mZp9LxTr4Vb8NcYs3Hd";
    const LIVE: &[&str] = &["sk_", "live_", REST];
    const GITHUB: &[&str] = &["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"];

    #[test]
    fn a_shape_says_issuer_console_and_pattern_and_fields_of_ones_own_win() {
        let policy = policy();
        let production = "production".parse().unwrap();
        let secret = |name: &str| policy.secret(&name.parse().unwrap(), &production).unwrap();
        let stripe = secret("STRIPE_SECRET_KEY");
        let github = secret("GITHUB_TOKEN");

        assert_eq!(stripe.issuer(), Some("Stripe"));
        assert_eq!(stripe.console_url(), Some("https://dashboard.stripe.com/apikeys"));
        assert!(
            stripe
                .pattern()
                .is_some_and(|pattern| pattern.as_str().starts_with("^sk_"))
        );
        assert_eq!(github.issuer(), Some("our GitHub Enterprise"));
        assert_eq!(
            github.console_url(),
            Some("https://github.example.com/settings/tokens")
        );
        assert_eq!(
            secret("SUPABASE_SERVICE_ROLE_KEY")
                .pattern()
                .map(|pattern| pattern.as_str()),
            Some("^eyJ")
        );
    }

    #[test]
    fn a_shape_is_held_with_what_a_pattern_cannot_say() {
        let key = |role: &str| {
            let parts = [
                r#"{"alg":"HS256"}"#,
                &format!(r#"{{"role":"{role}"}}"#),
                "signature",
            ];
            parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
        };

        assert_eq!(verdict("GITHUB_TOKEN", GITHUB), Ok(()));
        assert_eq!(
            verdict("GITHUB_TOKEN", &[&GITHUB[..2], &["0mLq18"]].concat()),
            Err(Mismatch::Checksum)
        );
        assert_eq!(
            verdict("SUPABASE_SERVICE_ROLE_KEY", &[&key("service_role")]),
            Ok(())
        );
        assert!(verdict("SUPABASE_SERVICE_ROLE_KEY", &[&key("anon")]).is_err());
        assert_eq!(
            verdict("STRIPE_SECRET_KEY", &["rk_", "live_", REST]),
            Err(Mismatch::Shape("stripe-secret"))
        );
    }

    #[test]
    fn what_another_issuer_makes_is_told() {
        // Forty characters of another issuer fit a pattern that says no more than that.
        assert_eq!(
            verdict("NEW_RELIC_LICENSE_KEY", GITHUB),
            Err(Mismatch::Issuer("GitHub"))
        );
        assert_eq!(
            verdict("CLERK_SECRET_KEY", GITHUB),
            Err(Mismatch::Issuer("GitHub"))
        );
        assert_eq!(
            verdict("JWT_SECRET", &["AK", "IA", "ABCDEFGH23456777ABCDEFGH23456777"]),
            Ok(())
        );
        assert!(verdict("JWT_SECRET", GITHUB).is_err());
    }

    #[test]
    fn what_the_policy_itself_describes_is_expected() {
        let relay = ["S", "G.", &REST[2..], ".", &"k7Q".repeat(14), "x"];

        assert_eq!(verdict("FORGE_TOKEN", GITHUB), Ok(()));
        assert_eq!(verdict("RELAY_KEY", &relay), Ok(()));
        assert_eq!(
            verdict("CLERK_SECRET_KEY", &relay),
            Err(Mismatch::Issuer("SendGrid"))
        );
    }

    #[test]
    fn a_format_that_others_took_up_is_given_the_benefit_of_the_doubt() {
        for name in [
            "STRIPE_SECRET_KEY",
            "TAP_SECRET_KEY",
            "CLERK_SECRET_KEY",
            "SMTP_PASSWORD",
        ] {
            assert_eq!(verdict(name, LIVE), Ok(()), "{name}");
        }
    }

    #[test]
    fn keys_of_a_test_mode_are_told_in_production_only() {
        let policy = policy();
        let name = "STRIPE_SECRET_KEY".parse().unwrap();
        let value = ["sk_", "test_", REST].concat();
        let secret = policy.secret(&name, &"development".parse().unwrap()).unwrap();

        assert_eq!(secret.belongs(value.as_bytes(), Tier::Development), Ok(()));
        assert_eq!(secret.belongs(value.as_bytes(), Tier::Staging), Ok(()));
        for name in ["STRIPE_SECRET_KEY", "TAP_SECRET_KEY", "CLERK_SECRET_KEY"] {
            assert_eq!(
                verdict(name, &["sk_", "test_", REST]),
                Err(Mismatch::TestMode),
                "{name}"
            );
        }
    }

    #[test]
    fn values_of_a_format_of_ones_own_are_nobody_elses() {
        let policy = policy();
        let production = "production".parse().unwrap();
        let secret = policy.secret(&"OWN_KEY".parse().unwrap(), &production).unwrap();

        assert_eq!(secret.belongs(LIVE.concat().as_bytes(), Tier::Production), Ok(()));
    }
}
