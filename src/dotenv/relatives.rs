//! What the other names of a file say about one: the halves of a pair tell what each other is.

use std::collections::HashSet;

use crate::dotenv::name::Name;

/// A name's part in a pair.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Half {
    /// The public half: it says who asks.
    Identifier,
    /// A key that has a salt beside it, and is our own like that.
    Salted,
    /// The half that the issuer keeps secret.
    Secret,
}

/// The names of a file, as words.
pub(super) struct Relatives(HashSet<String>);

impl Relatives {
    /// Keeps every name.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.map(|name| Name::new(name).into_words()).collect())
    }

    /// Returns which half of a pair `name` is, if the other one is there.
    pub(super) fn half(&self, name: &Name) -> Option<Half> {
        let beside = |tail: &str, other: &str| {
            let sibling = name.with_tail(tail, other);
            sibling.is_some_and(|sibling| self.0.contains(&sibling))
        };
        if beside("KEY", "SALT") {
            return Some(Half::Salted);
        }
        PAIRS.iter().find_map(|(identifier, secret)| {
            if beside(identifier, secret) {
                Some(Half::Identifier)
            } else {
                beside(secret, identifier).then_some(Half::Secret)
            }
        })
    }
}

/// Ends of names of an identifier and of the secret that belongs to it.
const PAIRS: &[(&str, &str)] = &[
    ("ACCESS_KEY", "ACCESS_SECRET"),
    ("ACCESS_KEY", "SECRET"),
    ("ACCESS_KEY", "SECRET_KEY"),
    ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET"),
    ("ACCESS_KEY_ID", "SECRET_KEY"),
    ("API_KEY", "APP_SECRET"),
    ("API_ID", "API_HASH"),
    ("CLIENT", "SECRET"),
    ("ID", "SECRET"),
    ("IKEY", "SKEY"),
    ("KEY", "SECRET"),
    ("KEY_ID", "KEY_SECRET"),
    ("SECRET_ID", "SECRET_KEY"),
    ("SITEKEY", "SECRET"),
    ("SITEKEY", "SECRET_KEY"),
    ("SITE_KEY", "SECRET"),
    ("SITE_KEY", "SECRET_KEY"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_told_by_the_other_half() {
        let names = [
            "ACME_KEY",
            "ACME_SECRET",
            "LOGIN_ID",
            "LOGIN_SECRET",
            "COS_SECRET_ID",
            "COS_SECRET_KEY",
            "NONCE_KEY",
            "NONCE_SALT",
            "ALONE_KEY",
        ];
        let relatives = Relatives::of(names.into_iter());
        let half = |name: &str| relatives.half(&Name::new(name));

        for (identifier, secret) in [
            ("ACME_KEY", "ACME_SECRET"),
            ("LOGIN_ID", "LOGIN_SECRET"),
            ("COS_SECRET_ID", "COS_SECRET_KEY"),
        ] {
            assert_eq!(half(identifier), Some(Half::Identifier), "{identifier}");
            assert_eq!(half(secret), Some(Half::Secret), "{secret}");
        }
        assert_eq!(half("NONCE_KEY"), Some(Half::Salted));
        assert_eq!(half("ALONE_KEY"), None);
        assert_eq!(half("KEY"), None);
    }
}
