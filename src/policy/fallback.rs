//! How an application takes former values of a secret beside the current one.

use crate::policy::SecretPolicy;
use crate::policy::kinds::OverlapClass;
use crate::secret::SecretName;

/// Where former values go, and in which form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fallback {
    /// The variable that carries them; for [`FallbackForm::Numbered`] and [`FallbackForm::InPlace`] the secret's own.
    pub variable: SecretName,
    /// How they are written.
    pub form: FallbackForm,
}

/// How former values are written. The order differs, and the wrong one is a rotation without effect or a logout.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum FallbackForm {
    /// A variable of the one most recent former value.
    Single,
    /// A variable of former values with commas between them, the most recent first (Django, Laravel).
    Commas,
    /// A variable of former values as a JSON list, the most recent last, since Flask tries that one first.
    Json,
    /// Variables `NAME`, `NAME_1` to `NAME_3`, the current value in the last one: Auth.js encrypts with the
    /// highest number.
    Numbered,
    /// The secret's own variable, the current value first, then the former ones, with commas between (`MultiFernet`).
    InPlace,
}

impl Fallback {
    /// Most values beside the current one.
    pub const fn most(&self) -> usize {
        match self.form {
            FallbackForm::Single => 1,
            FallbackForm::Numbered => NUMBERED as usize,
            FallbackForm::Commas | FallbackForm::InPlace | FallbackForm::Json => usize::MAX,
        }
    }

    /// Says in words where the application finds the former value.
    pub fn describe(&self) -> String {
        let variable = &self.variable;
        match self.form {
            FallbackForm::Single | FallbackForm::Commas | FallbackForm::Json => format!("in {variable}"),
            FallbackForm::Numbered => {
                format!("in {variable}, while {variable}_1 carries the new one, as Auth.js wants it")
            }
            FallbackForm::InPlace => format!("behind the new one in {variable}"),
        }
    }
}

impl SecretPolicy {
    /// Returns how the application takes former values: by `previous_var`, or the way its framework has;
    /// `None` where it takes one value only.
    ///
    /// Sources: Django `SECRET_KEY_FALLBACKS`, Flask 3.1 `SECRET_KEY_FALLBACKS`, Laravel `APP_PREVIOUS_KEYS`,
    /// Auth.js `lib/utils/env.ts`, Airflow `fernet_key`. Rails has no variable of its own.
    pub fn fallback(&self) -> Option<Fallback> {
        let name = self.name();
        let named = self.previous_var().cloned();
        let suffixed = |suffix: &str| format!("{name}{suffix}").parse::<SecretName>().ok();
        let (variable, form) = match self.kind().name {
            "django" => (named.or_else(|| suffixed("_FALLBACKS"))?, FallbackForm::Commas),
            "flask" => (named.or_else(|| suffixed("_FALLBACKS"))?, FallbackForm::Json),
            "laravel" => {
                let own = || {
                    "APP_PREVIOUS_KEYS"
                        .parse()
                        .ok()
                        .filter(|_| name.as_str() == "APP_KEY")
                };
                (named.or_else(own)?, FallbackForm::Commas)
            }
            "authjs" if named.is_none() && name.as_str() == "AUTH_SECRET" => {
                (name.clone(), FallbackForm::Numbered)
            }
            "fernet" if named.is_none() && is_fernet_list(name.as_str()) => {
                (name.clone(), FallbackForm::InPlace)
            }
            _ => (named?, FallbackForm::Single),
        };
        Some(Fallback { variable, form })
    }
}

impl SecretPolicy {
    /// Says where the application finds a former value, or what is needed that it does; `None` where it takes none.
    pub(super) fn fallback_in_words(&self) -> Option<String> {
        if self.kind().overlap != OverlapClass::AppFallbackList {
            return None;
        }
        Some(match (self.fallback(), self.kind().name) {
            (Some(fallback), _) => fallback.describe(),
            (None, "rails") => RAILS.to_owned(),
            (None, _) => {
                "nowhere: name the variable that the application reads it from: previous_var".to_owned()
            }
        })
    }
}

/// Rails takes former values in code alone (Rails guide on security, "Rotating Encrypted and Signed Cookies
/// Configurations", and `ActiveSupport::MessageVerifiers#rotate`).
const RAILS: &str = "nowhere: Rails reads no variable for it; name one with previous_var, and give it to \
    cookies_rotations and message_verifiers.rotate in an initializer";

/// Returns whether a variable is known to hold a list of Fernet keys: Airflow's, or one that says so.
fn is_fernet_list(name: &str) -> bool {
    name == "AIRFLOW__CORE__FERNET_KEY" || name.ends_with("FERNET_KEYS")
}

/// Numbered variables that Auth.js reads.
pub const NUMBERED: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn fallback(name: &str, kind: &str, more: &str) -> Option<(String, FallbackForm)> {
        let text = format!("schema = 1\n[secrets.{name}]\nkind = \"{kind}\"\n{more}\n");
        let policy = Policy::parse("mintage.toml", &text).unwrap();
        let environment = "production".parse().unwrap();
        let secret = policy.secret(&name.parse().unwrap(), &environment).unwrap();
        secret
            .fallback()
            .map(|found| (found.variable.to_string(), found.form))
    }

    #[test]
    fn each_framework_has_its_own_way() {
        let way = |name: &str, kind: &str| fallback(name, kind, "");
        let found = |variable: &str, form| Some((variable.to_owned(), form));

        assert_eq!(
            way("SECRET_KEY", "django"),
            found("SECRET_KEY_FALLBACKS", FallbackForm::Commas)
        );
        assert_eq!(
            way("FLASK_SECRET_KEY", "flask"),
            found("FLASK_SECRET_KEY_FALLBACKS", FallbackForm::Json)
        );
        assert_eq!(
            way("APP_KEY", "laravel"),
            found("APP_PREVIOUS_KEYS", FallbackForm::Commas)
        );
        assert_eq!(
            way("AUTH_SECRET", "authjs"),
            found("AUTH_SECRET", FallbackForm::Numbered)
        );
        assert_eq!(
            way("AIRFLOW__CORE__FERNET_KEY", "fernet"),
            found("AIRFLOW__CORE__FERNET_KEY", FallbackForm::InPlace)
        );
        for (name, kind) in [
            ("SECRET_KEY_BASE", "rails"),
            ("OTHER_KEY", "laravel"),
            ("NEXTAUTH_SECRET", "authjs"),
            ("FERNET_KEY", "fernet"),
            ("JWT_SECRET", "jwt-hs256"),
        ] {
            assert_eq!(way(name, kind), None, "{name}");
        }
    }

    #[test]
    fn it_is_said_where_a_former_value_goes_or_what_that_needs() {
        let words = |name: &str, kind: &str, more: &str| {
            let text = format!("schema = 1\n[secrets.{name}]\nkind = \"{kind}\"\n{more}\n");
            let policy = Policy::parse("mintage.toml", &text).unwrap();
            let environment = "production".parse().unwrap();
            let secret = policy.secret(&name.parse().unwrap(), &environment).unwrap();
            secret.fallback_in_words()
        };
        let rails = words("SECRET_KEY_BASE", "rails", "").unwrap();

        assert!(rails.contains("Rails reads no variable for it") && rails.contains("previous_var"));
        assert_eq!(
            words("SECRET_KEY_BASE", "rails", "previous_var = \"OLD\"").as_deref(),
            Some("in OLD")
        );
        assert_eq!(
            words("SECRET_KEY", "django", "").as_deref(),
            Some("in SECRET_KEY_FALLBACKS")
        );
        assert!(
            words("JWT_SECRET", "jwt-hs256", "")
                .unwrap()
                .starts_with("nowhere")
        );
        assert_eq!(words("API_KEY", "hex", ""), None);
    }

    #[test]
    fn a_variable_that_is_named_is_taken() {
        let previous = "previous_var = \"OLD\"";

        for (name, kind, form) in [
            ("JWT_SECRET", "jwt-hs256", FallbackForm::Single),
            ("SECRET_KEY_BASE", "rails", FallbackForm::Single),
            ("AUTH_SECRET", "authjs", FallbackForm::Single),
            ("SECRET_KEY", "django", FallbackForm::Commas),
        ] {
            assert_eq!(
                fallback(name, kind, previous),
                Some(("OLD".to_owned(), form)),
                "{name}"
            );
        }
    }
}
