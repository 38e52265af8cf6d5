//! Secrets of two identities that take turns: while one gets a new value, the users of the other go on.

use crate::policy::SecretPolicy;
use crate::policy::derivation_check::ByEnvironment;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::kinds::OverlapClass;
use crate::policy::names::Layered;

/// Notes secrets whose partner cannot take turns with them.
pub(crate) fn check(
    secrets: &ByEnvironment<SecretPolicy>,
    layers: &[Layered<SecretWire>],
    problems: &mut Problems,
) {
    for layer in layers {
        let name = &layer.name.value;
        let asked = layer.base().alternates_with.as_ref();
        let place = asked.map_or(&layer.name.place, |at| &at.place);
        for (environment, secret) in secrets.get(name).into_iter().flatten() {
            let Some(partner) = secret.alternates_with() else {
                continue;
            };
            let of_partner = secrets.get(partner).and_then(|all| all.get(environment));
            let wrong = match of_partner {
                _ if partner == name => Some("names the secret itself"),
                None => Some("names no secret of this environment"),
                Some(other) if other.alternates_with() != Some(name) => {
                    Some("needs the same of the other: both take turns, or neither does")
                }
                Some(_) if secret.overlap().is_none() => {
                    Some("needs an `overlap`: how long users may take to change over")
                }
                Some(_) if secret.kind().overlap != OverlapClass::CutoverOnly => Some(
                    "is for secrets of which one value is valid at a time, such as the password of a database user",
                ),
                Some(_) => None,
            };
            if let Some(wrong) = wrong {
                let text = format!("`alternates_with` {wrong}");
                problems.add(place, PolicyErrorKind::Contradiction(text));
                break;
            }
        }
    }
}
