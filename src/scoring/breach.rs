//! Values that leaked.

use ring::digest;

use crate::policy::Severity;
use crate::policy::Tier;
use crate::scoring::Grade;
use crate::scoring::Level;
use crate::scoring::Origin;
use crate::scoring::Score;
use crate::scoring::rules;
use crate::scoring::score;

/// Looks `value` up in a list of leaked passwords, by its SHA-1, and judges it anew when it is listed.
///
/// Only what a person could have chosen is looked up. A finding tells the order of magnitude, never the count: a count
/// of a weak value is the value.
pub(super) fn look_up<E>(
    value: &[u8],
    mut score: Score,
    tier: Tier,
    count: impl FnOnce(&[u8; 20]) -> Result<Option<u64>, E>,
) -> Result<Score, E> {
    let is_value = !matches!(score.origin, Origin::Empty | Origin::Reference | Origin::Template);
    if !is_value || score.random_bits >= score::DEVELOPMENT_BITS {
        return Ok(score);
    }
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, value);
    let Some(digest) = digest.as_ref().first_chunk() else {
        return Ok(score);
    };
    let Some(times) = count(digest)? else {
        return Ok(score);
    };
    let often = match times {
        0..=10 => "up to ten times",
        11..=1_000 => "up to a thousand times",
        _ => "more than a thousand times",
    };
    let severity = match tier {
        Tier::Development => Severity::Warning,
        Tier::Production | Tier::Staging => Severity::Error,
    };
    score.level = Level::Low;
    score.grade = Grade::F;
    score.origin = Origin::Published;
    score.random_bits = 0.0;
    score.strength_bits = score.strength_bits.min(LISTED_BITS);
    score
        .findings
        .retain(|finding| finding.rule != rules::WEAK_ENTROPY.id);
    let message = format!("leaked {often}, says the list of leaked passwords");
    score
        .findings
        .insert(0, rules::BREACHED.saying(severity, message));
    Ok(score)
}

/// log2 of the length of the longest list, some 2^31 passwords.
const LISTED_BITS: f64 = 31.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Context;
    use crate::scoring::judge;

    fn looked_up(text: &str, times: Option<u64>) -> (Score, u32) {
        let mut asked = 0;
        let score = judge::judge(text.as_bytes(), &Context::default());
        let score = look_up(text.as_bytes(), score, Tier::Production, |_| {
            asked += 1;
            Ok::<_, ()>(times)
        });
        (score.unwrap(), asked)
    }

    #[test]
    fn only_what_a_person_could_have_chosen_is_looked_up() {
        for (text, asked) in [
            ("Tr0ub4dor&3-Gandalf", 1),
            ("3f9c1e77ab0452d8c6e1f20b9a7d8345", 0),
            ("${JWT_SECRET}", 0),
            ("", 0),
        ] {
            assert_eq!(looked_up(text, None).1, asked, "{text}");
        }
    }

    #[test]
    fn a_leaked_value_is_public_and_its_count_is_told_roughly() {
        let (score, _) = looked_up("horse-battery-window-tuesday", Some(4_711));

        assert_eq!(
            (score.level, score.grade, score.origin),
            (Level::Low, Grade::F, Origin::Published)
        );
        assert_eq!(score.findings[0].rule, "breached");
        assert_eq!(
            score.findings[0].message,
            "leaked more than a thousand times, says the list of leaked passwords"
        );
        assert!(
            !score
                .findings
                .iter()
                .any(|finding| finding.rule == "weak-entropy")
        );
    }
}
