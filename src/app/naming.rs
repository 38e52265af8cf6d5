//! Which secret of the policy a foreign name stands for.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::policy::Policy;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Foreign names and the secrets that they stand for, and the names that stand for none.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Naming {
    /// What is brought in, by secret.
    pub taken: BTreeMap<SecretName, String>,
    /// What is not.
    pub left_out: Vec<String>,
}

/// Why names cannot be told apart.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum NamingError {
    /// Two names stand for one secret.
    #[error("`{one}` and `{other}` both stand for {name}")]
    Ambiguous {
        /// The secret.
        name: SecretName,
        /// A name.
        one: String,
        /// Another.
        other: String,
    },
    /// A person named what the source does not have.
    #[error("the source has no `{0}`")]
    Unknown(String),
}

/// Finds the secret of each foreign name: what `asked` says, else the declared secret that is spelt alike, as a
/// whole (`db/password` is `DB_PASSWORD`) or in the last part (`acme/JWT_SECRET` is `JWT_SECRET`).
///
/// # Errors
///
/// When two names stand for one secret, or a name that was asked for is not there.
pub fn name_secrets(
    policy: &Policy,
    environment: &EnvironmentName,
    names: &[String],
    asked: &[(String, SecretName)],
) -> Result<Naming, NamingError> {
    let declared: BTreeMap<String, &SecretName> = policy
        .secret_names()
        .filter(|name| {
            let secret = policy.secret(name, environment);
            secret.is_some_and(|secret| secret.derivation().is_none())
        })
        .map(|name| (spelling(name.as_str()), name))
        .collect();
    let mut naming = Naming::default();
    let mut by_part = Vec::new();
    if let Some((unknown, _)) = asked.iter().find(|(name, _)| !names.contains(name)) {
        return Err(NamingError::Unknown(unknown.clone()));
    }
    for name in names {
        let said = asked.iter().find(|(known, _)| known == name);
        let last = name.rsplit('/').next().unwrap_or(name);
        if let Some((_, secret)) = said {
            take(&mut naming, secret, name)?;
        } else if let Some(secret) = declared.get(&spelling(name)) {
            if !asked.iter().any(|(_, other)| other == *secret) {
                take(&mut naming, secret, name)?;
            } else {
                naming.left_out.push(name.clone());
            }
        } else if let Some(secret) = declared.get(&spelling(last)) {
            by_part.push((*secret, name));
        } else {
            naming.left_out.push(name.clone());
        }
    }
    // A whole name goes before a part of one.
    let whole: Vec<SecretName> = naming.taken.keys().cloned().collect();
    for (secret, name) in by_part {
        if whole.contains(secret) {
            naming.left_out.push(name.clone());
        } else {
            take(&mut naming, secret, name)?;
        }
    }
    naming.left_out.sort();
    Ok(naming)
}

fn take(naming: &mut Naming, secret: &SecretName, name: &str) -> Result<(), NamingError> {
    match naming.taken.insert(secret.clone(), name.to_owned()) {
        None => Ok(()),
        Some(one) => Err(NamingError::Ambiguous {
            name: secret.clone(),
            one,
            other: name.to_owned(),
        }),
    }
}

/// Reduces a name to what matters of its spelling.
fn spelling(name: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() {
            character.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str], asked: &[(&str, &str)]) -> Result<Vec<String>, NamingError> {
        let policy = Policy::parse(
            "mintage.toml",
            "schema = 1\nname = \"x\"\n[secrets.DB_PASSWORD]\nkind = \"password\"\n[secrets.JWT_SECRET]\nkind = \"hex\"\n",
        )
        .unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let asked: Vec<_> = asked
            .iter()
            .map(|(name, secret)| ((*name).to_owned(), secret.parse().unwrap()))
            .collect();
        let naming = name_secrets(&policy, &"production".parse().unwrap(), &names, &asked)?;
        let taken = naming
            .taken
            .iter()
            .map(|(secret, name)| format!("{secret}={name}"));
        Ok(taken.collect())
    }

    #[test]
    fn names_are_found_whole_and_by_their_last_part() {
        assert_eq!(
            named(&["acme/jwt-secret", "db/password", "other"], &[]).unwrap(),
            ["DB_PASSWORD=db/password", "JWT_SECRET=acme/jwt-secret"]
        );
    }

    #[test]
    fn a_whole_name_goes_before_a_part_and_what_a_person_says_before_both() {
        assert_eq!(
            named(&["JWT_SECRET", "old/jwt_secret"], &[]).unwrap(),
            ["JWT_SECRET=JWT_SECRET"]
        );
        assert_eq!(
            named(&["JWT_SECRET", "new"], &[("new", "JWT_SECRET")]).unwrap(),
            ["JWT_SECRET=new"]
        );
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        assert!(matches!(
            named(&["a/jwt_secret", "b/jwt_secret"], &[]),
            Err(NamingError::Ambiguous { .. })
        ));
        assert_eq!(
            named(&["a"], &[("b", "JWT_SECRET")]),
            Err(NamingError::Unknown("b".to_owned()))
        );
    }
}
