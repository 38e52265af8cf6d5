//! Judges one text by the rules of a variable.

use crate::contract::findings::Breach;
use crate::contract::rules;
use crate::contract::types;
use crate::contract::url_rules;
use crate::contract::url_rules::one_of;
use crate::policy::Period;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;

/// Returns every rule of `policy` that `text` breaks; `name` is what the file calls it.
///
/// Of a text that is not of its type, only the rules about any text are judged.
pub(super) fn judge(name: &str, text: &str, policy: &VariablePolicy) -> Vec<Breach> {
    if let Some(wanted) = policy.equals() {
        // One exact value leaves nothing else to say.
        return not_equal(name, text, wanted).into_iter().collect();
    }
    let mut breaches = plain(name, text, policy);
    if let Some(plain) = types::spelt_otherwise(text, policy.of_type()) {
        breaches.push(Breach::new(
            rules::BOOL_SPELLING,
            "programs disagree about every spelling but `true` and `false`",
            format!("set it so: {name}={plain}"),
        ));
        return breaches;
    }
    if let Some(needed) = types::mismatch(text, policy) {
        breaches.push(Breach::new(
            rules::WRONG_TYPE,
            format!("it is no {}: what is needed is {needed}", policy.of_type()),
            format!("correct `{name}`; what it is for: mintage policy show {name}"),
        ));
        return breaches;
    }
    match policy.of_type() {
        VariableType::Duration => breaches.extend(duration(name, text, policy)),
        VariableType::Dsn | VariableType::Url => breaches.extend(url_rules::judge(name, text, policy)),
        VariableType::Enum => breaches.extend(not_in_values(name, text, policy)),
        VariableType::Float | VariableType::Int => breaches.extend(out_of_range(name, text, policy)),
        VariableType::List => {
            for item in types::items(text) {
                breaches.extend(url_rules::judge(name, item, policy));
            }
        }
        _ => {}
    }
    breaches
}

fn not_equal(name: &str, text: &str, wanted: &str) -> Option<Breach> {
    if text == wanted {
        return None;
    }
    let message = if text.trim().eq_ignore_ascii_case(wanted) {
        format!("it is spelled otherwise than `{wanted}`, and programs compare exactly")
    } else {
        format!("it is not `{wanted}`")
    };
    Some(Breach::new(
        rules::NOT_EQUAL,
        message,
        format!("set it exactly so: {name}={wanted}"),
    ))
}

/// Judges by the rules that hold for any text.
fn plain(name: &str, text: &str, policy: &VariablePolicy) -> Vec<Breach> {
    let mut breaches = Vec::new();
    if policy.forbid_values().iter().any(|refused| refused == text) {
        breaches.push(Breach::new(
            rules::FORBIDDEN_VALUE,
            "the policy refuses this very value",
            format!("set another `{name}`; what it is for: mintage policy show {name}"),
        ));
    }
    if let Some(pattern) = policy.forbid_pattern().filter(|pattern| pattern.is_match(text)) {
        breaches.push(Breach::new(
            rules::FORBIDDEN_PATTERN,
            format!("it fits `{pattern}`, which the policy forbids"),
            format!("set another `{name}`; what it is for: mintage policy show {name}"),
        ));
    }
    if let Some(pattern) = policy.pattern().filter(|pattern| !pattern.is_match(text)) {
        breaches.push(Breach::new(
            rules::PATTERN,
            format!("it does not fit `{pattern}`"),
            format!("check what `{name}` was copied from, and copy all of it"),
        ));
    }
    if policy
        .claims()
        .is_some_and(|claims| claims.accepts(text.as_bytes()).is_err())
    {
        breaches.push(Breach::new(
            rules::TOKEN_CLAIMS,
            "it is a token with other claims than the policy asks for, such as one of another role",
            format!("take the right one of the tokens where `{name}` was copied from"),
        ));
    }
    let length = text.chars().count();
    if let Some(least) = policy.min_length().filter(|least| length < *least as usize) {
        breaches.push(Breach::new(
            rules::TOO_SHORT,
            format!("it has {length} characters, of the {least} that the policy demands"),
            format!("set a longer `{name}`"),
        ));
    }
    breaches
}

fn not_in_values(name: &str, text: &str, policy: &VariablePolicy) -> Option<Breach> {
    let values = policy.values();
    if values.iter().any(|value| value == text) {
        return None;
    }
    let wanted = one_of(values.iter().cloned());
    Some(Breach::new(
        rules::NOT_IN_VALUES,
        format!("it is not {wanted}"),
        format!("set `{name}` to {wanted}"),
    ))
}

fn out_of_range(name: &str, text: &str, policy: &VariablePolicy) -> Option<Breach> {
    let range = policy.range()?;
    let number = types::number(text)?;
    if range.contains(&number) {
        return None;
    }
    let side = if number < *range.start() { "less" } else { "more" };
    let (least, most) = (range.start(), range.end());
    Some(Breach::new(
        rules::OUT_OF_RANGE,
        format!("it is {side} than the policy allows, which is {least} to {most}"),
        format!("set `{name}` to a number from {least} to {most}"),
    ))
}

fn duration(name: &str, text: &str, policy: &VariablePolicy) -> Option<Breach> {
    let found = text.parse::<Period>().ok()?.approximate_seconds();
    let (side, bound) = match (policy.min(), policy.max()) {
        (Some(min), _) if found < min.approximate_seconds() => ("shorter", min),
        (_, Some(max)) if found > max.approximate_seconds() => ("longer", max),
        _ => return None,
    };
    let allowed = if side == "longer" { "at most" } else { "at least" };
    Some(Breach::new(
        rules::DURATION_OUT_OF_RANGE,
        format!("it is {side} than {bound}, which the policy allows"),
        format!("set `{name}` to {allowed} {bound}"),
    ))
}
