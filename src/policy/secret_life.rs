//! From the fields of a secret to how it ages.

use crate::policy::Period;
use crate::policy::document::At;
use crate::policy::document::Cadence;
use crate::policy::document::DefaultsWire;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Names;
use crate::policy::secret_build::Ground;
use crate::policy::secret_build::value;
use crate::policy::secret_policy::Life;
use crate::secret::SecretName;

/// Builds how a secret ages, out of its own fields and the defaults.
pub(crate) fn life(
    name: &At<SecretName>,
    wire: &SecretWire,
    ground: &Ground<'_>,
    problems: &mut Problems,
) -> Life {
    let defaults = ground.defaults;
    let cadence = wire.rotate_every.as_ref().or(defaults.rotate_every.as_ref());
    let rotate_every = cadence.and_then(|at| match at.value {
        Cadence::Every(period) => Some(period),
        Cadence::Never => None,
    });
    let overlap = value(&wire.overlap);
    if let (Some(at), Some(rotate_every)) = (&wire.overlap, rotate_every)
        && at.value.approximate_seconds() > rotate_every.approximate_seconds()
    {
        let overlap = at.value;
        problems.add(
            &at.place,
            PolicyErrorKind::Overlap {
                overlap,
                rotate_every,
            },
        );
    }
    let keep = wire.keep_previous.as_ref().or(defaults.keep_previous.as_ref());
    if let Some(at) = keep.filter(|at| at.value > MOST_KEPT) {
        let kind = PolicyErrorKind::OutOfRange {
            key: "keep_previous",
            found: i64::from(at.value),
            least: 0,
            most: i64::from(MOST_KEPT),
        };
        problems.add(&at.place, kind);
    }
    Life {
        rotate_every,
        remind_before: remind_before(wire, defaults, rotate_every, problems),
        keep_previous: keep.map_or(1, |at| at.value),
        overlap,
        usage_delay: usage_delay(wire, problems),
        previous_var: previous_var(name, wire, ground.names, problems),
        alternates_with: value(&wire.alternates_with),
        hazard: value(&wire.hazard),
    }
}

/// Returns when to remind; the built-in 14 days shrink to half of a shorter period.
fn remind_before(
    wire: &SecretWire,
    defaults: &DefaultsWire,
    rotate_every: Option<Period>,
    problems: &mut Problems,
) -> Period {
    let asked = wire.remind_before.as_ref().or(defaults.remind_before.as_ref());
    let remind_before = asked.map_or(Period::days(14), |at| at.value);
    let Some(rotate_every) = rotate_every else {
        return remind_before;
    };
    if remind_before.approximate_seconds() < rotate_every.approximate_seconds() {
        return remind_before;
    }
    let Some(asked) = asked else {
        let half = format!("{}s", rotate_every.approximate_seconds() / 2);
        return half.parse().unwrap_or(Period::days(0));
    };
    let own = wire.rotate_every.as_ref().map(|at| &at.place);
    let place = match (&wire.remind_before, own) {
        (None, Some(own)) => own,
        _ => &asked.place,
    };
    let kind = PolicyErrorKind::RemindBefore {
        remind_before,
        rotate_every,
    };
    problems.add(place, kind);
    remind_before
}

/// Returns the usage delay, which is of use only while both values can be valid.
fn usage_delay(wire: &SecretWire, problems: &mut Problems) -> Option<Period> {
    let asked = wire.usage_delay.as_ref()?;
    if wire.overlap.is_none() {
        let text =
            "`usage_delay` needs an `overlap`: while nothing overlaps, both values are never valid at once";
        problems.add(&asked.place, PolicyErrorKind::Contradiction(text.to_owned()));
    }
    Some(asked.value)
}

/// Returns the variable of the former value, which needs no declaration and must not be a secret of its own.
fn previous_var(
    name: &At<SecretName>,
    wire: &SecretWire,
    names: &Names,
    problems: &mut Problems,
) -> Option<SecretName> {
    let asked = wire.previous_var.as_ref()?;
    if names.secrets.contains_key(&asked.value) || asked.value == name.value {
        let text = format!(
            "`previous_var` is `{}`, which is a secret: it would be minted instead of holding the former value",
            asked.value
        );
        problems.add(&asked.place, PolicyErrorKind::Contradiction(text));
    }
    Some(asked.value.clone())
}

/// Most former versions that can be kept.
const MOST_KEPT: u32 = 100;
