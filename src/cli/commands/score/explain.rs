//! How the figures of a score came about, in words.

use crate::cli::commands::score::Judged;
use crate::cli::error::CliError;
use crate::cli::ui::Ui;
use crate::policy::Tier;
use crate::scoring::Origin;
use crate::scoring::Score;

/// Prints the way from the value to its grade, without a character of the value.
pub(super) fn explain(ui: &Ui, judged: &Judged) -> Result<(), CliError> {
    let score = &judged.score;
    let mut text = format!("\n{}: {}, grade {}\n", judged.label, score.level, score.grade);
    for (what, how) in [
        ("alphabet", alphabet(score)),
        ("described", described(score)),
        ("random bits", random(score)),
        ("strength", strength(score)),
        ("grade", grade(score)),
        ("key", score.key().map_or_else(String::new, ToString::to_string)),
        ("bar", bar(judged.tier)),
        ("measured", measured(score)),
        ("cure", cure(score)),
    ] {
        if how.is_empty() {
            continue;
        }
        text.push_str(&format!("    {what:<12} {how}\n"));
    }
    ui.out(&text)
}

fn alphabet(score: &Score) -> String {
    format!(
        "{} characters of at most {:.2} bits: {} bits if each had been drawn",
        score.length,
        score.entropy_max_bits_per_char,
        at_most(score.explanation().uniform_bits)
    )
}

fn described(score: &Score) -> String {
    let parts: Vec<String> = score
        .explanation()
        .described
        .iter()
        .map(|part| format!("{} ({} %)", part.model, part.share_percent))
        .collect();
    match score.origin {
        Origin::Published => "on a list of public values".to_owned(),
        Origin::Empty | Origin::Reference | Origin::Template => {
            "it stands for a value and is none".to_owned()
        }
        Origin::Passphrase => "words of the EFF long list, 12.92 bits each".to_owned(),
        Origin::StructuredId => "a UUID: its version says what of it is random".to_owned(),
        _ if parts.is_empty() => {
            "nothing: no model finds a pattern, which is no proof that there is none".to_owned()
        }
        _ => parts.join(", "),
    }
}

fn random(score: &Score) -> String {
    format!(
        "{}: what no model describes; level and grade depend on it",
        at_most(score.shown_random_bits())
    )
}

fn strength(score: &Score) -> String {
    format!(
        "{} bits: the best attack found, an upper bound",
        at_most(score.shown_strength_bits())
    )
}

fn grade(score: &Score) -> String {
    let explanation = score.explanation();
    match (explanation.next_grade, explanation.next_grade_random_bits) {
        (Some(grade), Some(bits)) => format!("{}; {grade} from {bits} random bits", score.grade),
        _ => format!("{}, the best there is", score.grade),
    }
}

fn bar(tier: Tier) -> String {
    match tier {
        Tier::Development => {
            "development asks for 64 bits of strength, and for a value that is not public".to_owned()
        }
        Tier::Production | Tier::Staging => "production and staging ask for high: 112 random bits".to_owned(),
    }
}

fn measured(score: &Score) -> String {
    format!(
        "{:.2} bits a character (Shannon): how evenly characters are used; it decides nothing",
        score.shown_entropy()
    )
}

fn cure(score: &Score) -> String {
    score
        .findings
        .first()
        .map_or_else(|| "none needed".to_owned(), |finding| finding.fix.clone())
}

/// Figures end at 256.
fn at_most(bits: u32) -> String {
    if bits >= 256 {
        "256 or more".to_owned()
    } else {
        bits.to_string()
    }
}
