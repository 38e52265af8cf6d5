//! What the demands of a secret cost: values that they refuse are drawn again.

use crate::policy::Kind;
use crate::policy::Recipe;
use crate::policy::document::At;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::embed::symbols_of;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::redraw::Redraw;
use crate::policy::sample::samples;
use crate::policy::secret_policy::SecretRules;

/// Returns what is drawn again, and notes demands that hardly a value meets or that leave too little of the strength.
pub(super) fn redraws(
    wire: &SecretWire,
    rules: &SecretRules,
    recipe: &Recipe,
    kind: &Kind,
    problems: &mut Problems,
) -> Vec<Redraw> {
    let before = problems.len();
    let mut redraws = recipe.own_redraws();
    redraws.extend(uneven(wire, recipe, problems));
    redraws.extend(unmatched(wire, rules, recipe, problems));
    redraws.extend(refused(rules, recipe));
    if problems.len() == before && *recipe != Recipe::Given {
        check(wire, recipe, kind, &redraws, problems);
    }
    // Not a demand on the recipe but how a scorer reads it: the bits count it, floors do not.
    redraws.extend(plain(rules, recipe));
    redraws
}

/// Notes where the demands leave less than the floor of the kind, or than `min_bits`.
fn check(wire: &SecretWire, recipe: &Recipe, kind: &Kind, redraws: &[Redraw], problems: &mut Problems) {
    let demands = [
        wire.min_entropy.as_ref().map(|at| &at.place),
        place_of_patterns(wire),
    ];
    let found = recipe.bits_after(redraws);
    if !recipe.reaches_after(kind.floor_bits, redraws)
        && let Some(place) = demands.into_iter().flatten().next()
    {
        let error = PolicyErrorKind::Redrawn {
            kind: kind.name,
            floor: kind.floor_bits,
            rest: rest(recipe, redraws),
            found,
        };
        problems.add(place, error);
    } else if let Some(asked) = &wire.min_bits
        && !recipe.reaches_after(asked.value, redraws)
    {
        let error = PolicyErrorKind::MinBits {
            asked: asked.value,
            recipe: recipe.describe(),
            found,
        };
        problems.add(&asked.place, error);
    }
}

/// Says in words what is left of a recipe.
fn rest(recipe: &Recipe, redraws: &[Redraw]) -> String {
    let costs: Vec<String> = redraws.iter().map(Redraw::to_string).collect();
    let recipe = recipe.describe();
    format!("{recipe}, refused values drawn again ({}),", costs.join("; "))
}

/// Prices `min_entropy`.
fn uneven(wire: &SecretWire, recipe: &Recipe, problems: &mut Problems) -> Option<Redraw> {
    let At { place, value: asked } = wire.min_entropy.as_ref()?;
    let most = symbols_of(recipe).map_or(8.0, |symbols| (symbols as f64).log2());
    if *asked < 0.0 || *asked >= most {
        let error = PolicyErrorKind::MinEntropy {
            asked: *asked,
            recipe: recipe.describe(),
            most,
        };
        problems.add(place, error);
        return None;
    }
    if *recipe == Recipe::Given || *asked == 0.0 {
        return None;
    }
    let recipe_text = recipe.describe();
    match recipe.uneven(*asked) {
        Some(share) if 1.0 - share >= RAREST => {
            Some(Redraw::new(format!("{asked} bits/char demanded"), share))
        }
        Some(_) => {
            let error = PolicyErrorKind::MinEntropyRare {
                asked: *asked,
                recipe: recipe_text,
            };
            problems.add(place, error);
            None
        }
        None => {
            let error = PolicyErrorKind::MinEntropyUnknown { recipe: recipe_text };
            problems.add(place, error);
            None
        }
    }
}

/// Prices `min_bits`, which values of a recipe that just reaches it can miss by chance.
fn plain(rules: &SecretRules, recipe: &Recipe) -> Option<Redraw> {
    let asked = rules.min_bits.filter(|_| *recipe != Recipe::Given)?;
    let share = recipe.plain(asked);
    (share > 0.0).then(|| {
        Redraw::new(
            format!("{asked} bits demanded of the characters that occur"),
            share,
        )
    })
}

/// Prices patterns by made-up values, and notes those that few values keep: what a value is made of is for other fields
/// to say.
fn unmatched(
    wire: &SecretWire,
    rules: &SecretRules,
    recipe: &Recipe,
    problems: &mut Problems,
) -> Option<Redraw> {
    if !rules.has_patterns() {
        return None;
    }
    let samples = samples(recipe);
    let kept = samples
        .iter()
        .filter(|sample| rules.keeps(Some(sample.as_str())))
        .count();
    if samples.is_empty() {
        return None;
    }
    if FEWEST_KEPT * kept >= samples.len() {
        let share = 1.0 - least_share(kept, samples.len());
        return Some(Redraw::new("patterns, as far as samples show", share));
    }
    if let Some(place) = place_of_patterns(wire) {
        let recipe = recipe.describe();
        problems.add(place, PolicyErrorKind::unmatched(recipe, kept, samples.len()));
    }
    None
}

fn place_of_patterns(wire: &SecretWire) -> Option<&Place> {
    let patterns = [&wire.pattern, &wire.forbid_pattern].map(|at| at.as_ref().map(|at| &at.place));
    let kind = wire.kind.as_ref().map(|at| &at.place);
    patterns.into_iter().flatten().next().or(kind)
}

/// Prices the values that the policy refuses by name.
fn refused(rules: &SecretRules, recipe: &Recipe) -> Option<Redraw> {
    let count = rules.forbid_values.len() as f64;
    let share = (count * (-recipe.bits_by_rules()).exp2()).min(1.0);
    (count > 0.0 && *recipe != Recipe::Given)
        .then(|| Redraw::new("values that the policy refuses by name", share))
}

/// Returns a lower bound on the share of which `kept` out of `all` were seen (Clopper and Pearson, one-sided): it
/// is wrong once in a million times.
fn least_share(kept: usize, all: usize) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if at_least(kept, all, middle) < DOUBT {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Returns the probability of `kept` or more out of `all`, each with probability `share`.
fn at_least(kept: usize, all: usize, share: f64) -> f64 {
    let odds = share.ln() - (1.0 - share).ln();
    let mut log = all as f64 * (1.0 - share).ln();
    let mut sum = 0.0;
    for count in 0..=all {
        if count >= kept {
            sum += log.exp();
        }
        log += ((all - count) as f64 / (count + 1) as f64).ln() + odds;
    }
    sum
}

/// The least share of values that must be sure to meet a demand: minting gives up after 1,000 draws.
const RAREST: f64 = 0.001;

/// A pattern has to be kept by one in so many values: it may cost about 3 bits.
const FEWEST_KEPT: usize = 8;

/// How often a bound by samples may be wrong.
const DOUBT: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_by_samples_are_those_of_clopper_and_pearson() {
        // All of n kept: α^(1/n). The others solve the binomial sum for 1e-6 in exact integers.
        for (kept, all, least) in [
            (256, 256, 1e-6_f64.powf(1.0 / 256.0)),
            (1, 256, 3.906e-9),
            (128, 256, 0.352_973),
            (250, 256, 0.897_637),
        ] {
            let found = least_share(kept, all);

            assert!(
                (found - least).abs() < 1e-4 * least.max(0.1),
                "{kept} {all}: {found}"
            );
        }
    }
}
