//! The variables that an application finds a secret and its former values in.
//!
//! Which variables these are, in which form and in which order, differs by framework; see [`FallbackForm`]. What
//! is written here is what `read` finds again, for whatever keeps variables: a file, a manifest, a service.

use ring::hmac;
use zeroize::Zeroize;
use zeroize::Zeroizing;

use crate::policy::Fallback;
use crate::policy::FallbackForm;
use crate::policy::NUMBERED;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::Shown;
use crate::ports::SinkError;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// What a variable is to hold: `None` is that it is not there.
pub(super) type Assignment = (String, Option<SecretValue>);

/// Returns what each variable of a secret is to hold.
///
/// # Errors
///
/// [`Failure::Rejected`] for values that the form cannot hold.
pub(super) fn written(change: &Change<'_>) -> Result<Vec<Assignment>, SinkError> {
    let current = change.current.value;
    let accepted: Vec<&SecretValue> = change.accepted.iter().map(|one| one.value).collect();
    let own = change.name.to_string();
    let Some(fallback) = change.fallback else {
        return Ok(vec![(own, Some(copy(current)))]);
    };
    let accepted = &accepted[..accepted.len().min(fallback.most())];
    let variable = fallback.variable.to_string();
    let beside = |held: Option<SecretValue>| vec![(own.clone(), Some(copy(current))), (variable, held)];
    match fallback.form {
        FallbackForm::Single => Ok(beside(accepted.first().map(|value| copy(value)))),
        FallbackForm::Commas => Ok(beside(commas(change.name, accepted)?)),
        FallbackForm::Json => {
            let oldest_first: Vec<&SecretValue> = accepted.iter().rev().copied().collect();
            Ok(beside(json(change.name, &oldest_first)?))
        }
        FallbackForm::InPlace => {
            let all: Vec<&SecretValue> = std::iter::once(current).chain(accepted.iter().copied()).collect();
            Ok(vec![(own, commas(change.name, &all)?)])
        }
        FallbackForm::Numbered => {
            let mut values = accepted.iter().rev().copied().chain([current]);
            let names = numbered(&own);
            Ok(names.map(|name| (name, values.next().map(copy))).collect())
        }
    }
}

/// Returns what the variables of a secret hold; `held` looks one up. An empty one counts as not there.
pub(super) fn read<'v>(
    (name, fallback): (&SecretName, Option<&Fallback>),
    held: &dyn Fn(&str) -> Option<&'v SecretValue>,
    key: &hmac::Key,
) -> Shown {
    let held = |name: &str| held(name).filter(|value| !value.is_empty());
    let print = |value: &SecretValue| Fingerprint::of(value, key);
    let own = held(name.as_str());
    let Some(fallback) = fallback else {
        return shown(own.map(print), Vec::new());
    };
    let beside = || held(fallback.variable.as_str());
    match fallback.form {
        FallbackForm::Single => shown(own.map(print), beside().map(print).into_iter().collect()),
        FallbackForm::Commas => {
            let values = beside().map(split).unwrap_or_default();
            shown(own.map(print), values.iter().map(print).collect())
        }
        FallbackForm::Json => {
            let values = beside().map(listed).unwrap_or_default();
            shown(own.map(print), values.iter().rev().map(print).collect())
        }
        FallbackForm::InPlace => {
            let values = own.map(split).unwrap_or_default();
            let mut prints = values.iter().map(print);
            let current = prints.next();
            shown(current, prints.collect())
        }
        FallbackForm::Numbered => {
            let names: Vec<String> = numbered(name.as_str()).collect();
            let mut prints = names.iter().rev().filter_map(|name| held(name)).map(print);
            let current = prints.next();
            shown(current, prints.collect())
        }
    }
}

fn shown(current: Option<Fingerprint>, accepted: Vec<Fingerprint>) -> Shown {
    Shown::Values { current, accepted }
}

/// `NAME`, `NAME_1` and so on.
fn numbered(name: &str) -> impl Iterator<Item = String> {
    let rest = (1..=NUMBERED).map({
        let name = name.to_owned();
        move |number| format!("{name}_{number}")
    });
    std::iter::once(name.to_owned()).chain(rest)
}

fn commas(name: &SecretName, values: &[&SecretValue]) -> Result<Option<SecretValue>, SinkError> {
    if values.iter().any(|value| value.expose().contains(&b',')) {
        let what = format!("a value of `{name}` has a comma, which the list of keys is split at");
        return Err(SinkError::new(Failure::Rejected, what));
    }
    let size = values.iter().map(|value| value.len() + 1).sum();
    let mut list = Vec::with_capacity(size);
    for value in values {
        if !list.is_empty() {
            list.push(b',');
        }
        list.extend_from_slice(value.expose());
    }
    Ok((!values.is_empty()).then(|| SecretValue::new(list)))
}

fn split(list: &SecretValue) -> Vec<SecretValue> {
    let values = list.expose().split(|byte| *byte == b',');
    values
        .filter(|value| !value.is_empty())
        .map(|value| SecretValue::new(value.to_vec()))
        .collect()
}

fn json(name: &SecretName, values: &[&SecretValue]) -> Result<Option<SecretValue>, SinkError> {
    let texts: Result<Vec<&str>, _> = values
        .iter()
        .map(|value| std::str::from_utf8(value.expose()))
        .collect();
    let texts = texts.map_err(|_| {
        let what = format!("a value of `{name}` is no text, which a JSON list cannot hold");
        SinkError::new(Failure::Rejected, what)
    })?;
    if texts.is_empty() {
        return Ok(None);
    }
    // Twice the length leaves room for every escape that a printable text needs, so that nothing is moved.
    let size: usize = texts.iter().map(|text| 2 * text.len() + 4).sum();
    let mut list = Zeroizing::new(Vec::with_capacity(size));
    serde_json::to_writer(&mut *list, &texts)
        .map_err(|_| SinkError::new(Failure::Rejected, format!("`{name}` does not fit a JSON list")))?;
    Ok(Some(SecretValue::new(list.to_vec())))
}

/// Reads a JSON list; what is none counts as one value, which nobody knows.
fn listed(list: &SecretValue) -> Vec<SecretValue> {
    match serde_json::from_slice::<Vec<String>>(list.expose()) {
        Ok(texts) => texts
            .into_iter()
            .map(|mut text| {
                let value = SecretValue::new(text.as_bytes().to_vec());
                text.zeroize();
                value
            })
            .collect(),
        Err(_) => vec![copy(list)],
    }
}

fn copy(value: &SecretValue) -> SecretValue {
    SecretValue::new(value.expose().to_vec())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::ports::Versioned;
    use crate::secret::VersionId;

    /// Writes a change of `current` and `accepted`, and reads it back.
    fn variables(form: FallbackForm, variable: &str, current: &str, accepted: &[&str]) -> Vec<String> {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let value = |text: &str| SecretValue::new(text.as_bytes().to_vec());
        let (now, old) = (value(current), accepted.iter().map(|text| value(text)));
        let old: Vec<SecretValue> = old.collect();
        let mut versioned = |value| Versioned {
            version: VersionId::new(DateTime::UNIX_EPOCH, &mut rng),
            value,
        };
        let name: SecretName = "KEY".parse().unwrap();
        let fallback = Fallback {
            variable: variable.parse().unwrap(),
            form,
        };
        let change = Change {
            name: &name,
            current: versioned(&now),
            accepted: old.iter().map(&mut versioned).collect(),
            gone: Vec::new(),
            fallback: Some(&fallback),
        };
        let all = written(&change).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]);
        let held = |name: &str| {
            let found = all.iter().find(|(known, _)| known == name);
            found.and_then(|(_, value)| value.as_ref())
        };
        let most = old.len().min(fallback.most());
        assert_eq!(
            read((&name, Some(&fallback)), &held, &key),
            Shown::Values {
                current: Some(Fingerprint::of(&now, &key)),
                accepted: old[..most]
                    .iter()
                    .map(|value| Fingerprint::of(value, &key))
                    .collect(),
            }
        );
        let text = |value: &SecretValue| String::from_utf8(value.expose().to_vec()).unwrap();
        all.iter()
            .map(|(name, value)| format!("{name}={}", value.as_ref().map_or("-".to_owned(), text)))
            .collect()
    }

    #[test]
    fn former_values_stand_where_and_as_each_framework_reads_them() {
        use FallbackForm::*;
        let old = ["o1", "o2"];

        assert_eq!(variables(Single, "OLD", "new", &old), ["KEY=new", "OLD=o1"]);
        assert_eq!(variables(Commas, "OLD", "new", &old), ["KEY=new", "OLD=o1,o2"]);
        assert_eq!(
            variables(Json, "OLD", "new", &old),
            ["KEY=new", "OLD=[\"o2\",\"o1\"]"]
        );
        assert_eq!(variables(InPlace, "KEY", "new", &old), ["KEY=new,o1,o2"]);
        assert_eq!(
            variables(Numbered, "KEY", "new", &old),
            ["KEY=o2", "KEY_1=o1", "KEY_2=new", "KEY_3=-"]
        );
    }

    #[test]
    fn without_former_values_nothing_is_left_of_them() {
        use FallbackForm::*;

        for form in [Single, Commas, Json] {
            assert_eq!(variables(form, "OLD", "new", &[]), ["KEY=new", "OLD=-"]);
        }
        assert_eq!(variables(InPlace, "KEY", "new", &[]), ["KEY=new"]);
        assert_eq!(
            variables(Numbered, "KEY", "new", &[]),
            ["KEY=new", "KEY_1=-", "KEY_2=-", "KEY_3=-"]
        );
    }

    #[test]
    fn escapes_of_json_survive() {
        let form = FallbackForm::Json;

        assert_eq!(
            variables(form, "OLD", "n", &["a\"b\\c"]),
            ["KEY=n", r#"OLD=["a\"b\\c"]"#]
        );
    }
}
