//! What `mintage score` says.

use serde::Serialize;

use crate::cli::commands::remind::Counts;
use crate::cli::commands::score::Judged;
use crate::cli::commands::score::explain::explain;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::scoring::Explanation;
use crate::scoring::Grade;
use crate::scoring::Level;
use crate::scoring::Origin;

/// Reports what was judged; the exit code says whether anything is below its bar.
pub(super) fn report(ui: &Ui, judged: &[Judged], explains: bool) -> Result<Exit, CliError> {
    let findings: Vec<Finding> = judged.iter().flat_map(findings).collect();
    if ui.wants_json() {
        let values: Vec<Row<'_>> = judged.iter().map(|one| Row::new(one, explains)).collect();
        let summary = Counts::of(findings.iter());
        ui.document(
            "score",
            &Report {
                values,
                findings: &findings,
                summary,
            },
        )?;
    } else {
        print(ui, judged)?;
        for one in judged.iter().filter(|_| explains) {
            explain(ui, one)?;
        }
    }
    if judged.iter().any(|one| one.score.below_bar(one.tier)) {
        Ok(Exit::Findings)
    } else {
        Ok(Exit::Fine)
    }
}

fn findings(judged: &Judged) -> Vec<Finding> {
    let placed = judged.score.findings.iter().cloned().map(|mut finding| {
        finding.name = Some(judged.label.clone());
        finding.environment.clone_from(&judged.environment);
        finding.location.clone_from(&judged.location);
        finding
    });
    placed.collect()
}

#[derive(Serialize)]
struct Report<'a> {
    values: Vec<Row<'a>>,
    findings: &'a [Finding],
    summary: Counts,
}

#[derive(Serialize)]
struct Row<'a> {
    label: &'a str,
    level: Level,
    grade: Grade,
    length: usize,
    entropy_bits_per_char: f64,
    entropy_max_bits_per_char: f64,
    strength_bits: u32,
    random_bits: u32,
    origin: Origin,
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<&'static str>,
    below_bar: bool,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
}

impl<'a> Row<'a> {
    fn new(judged: &'a Judged, explains: bool) -> Self {
        let score = &judged.score;
        Self {
            label: &judged.label,
            level: score.level,
            grade: score.grade,
            length: score.length,
            entropy_bits_per_char: score.shown_entropy(),
            entropy_max_bits_per_char: (score.entropy_max_bits_per_char * 100.0).round() / 100.0,
            strength_bits: score.shown_strength_bits(),
            random_bits: score.shown_random_bits(),
            origin: score.origin,
            shape: judged.shape,
            below_bar: score.below_bar(judged.tier),
            findings: findings(judged),
            explanation: explains.then(|| score.explanation()),
        }
    }
}

fn print(ui: &Ui, judged: &[Judged]) -> Result<(), CliError> {
    let has_shapes = judged.iter().any(|one| one.shape.is_some());
    // Of very many, only what fails is worth a row.
    let is_shown = |one: &&Judged| judged.len() <= MOST_ROWS || one.score.below_bar(one.tier);
    let rows = judged.iter().filter(is_shown).map(|one| {
        let score = &one.score;
        let tone = match (score.level, score.below_bar(one.tier)) {
            (_, true) => Tone::Bad,
            (Level::High, _) => Tone::Good,
            _ => Tone::Warn,
        };
        let rules: Vec<&str> = score.findings.iter().map(|finding| finding.rule).collect();
        let mut row = vec![
            Field::text(one.label.clone()),
            Field::toned(score.level.to_string(), tone),
            Field::toned(score.grade.to_string(), tone),
            Field::number(score.length),
            Field::number(format!(
                "{:.2} of {:.2}",
                score.shown_entropy(),
                score.entropy_max_bits_per_char
            )),
            Field::number(score.shown_random_bits()),
            Field::number(score.shown_strength_bits()),
            Field::text(rules.join(", ")),
        ];
        if has_shapes {
            row.push(Field::text(one.shape.unwrap_or("-")));
        }
        row
    });
    let header = [
        "value",
        "level",
        "grade",
        "length",
        "bits/char",
        "random bits",
        "strength",
        "findings",
    ];
    let mut header = header.to_vec();
    if has_shapes {
        header.push("shape");
    }
    ui.table_without(&["strength", "length", "grade"], &header, rows.collect())?;
    let mut is_first = true;
    for one in judged {
        for finding in one
            .score
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
        {
            if std::mem::take(&mut is_first) {
                ui.out("\n")?;
            }
            let place = one.location.as_ref().map_or_else(String::new, |location| {
                format!(" ({}:{})", location.file, location.line)
            });
            ui.out(&format!(
                "{}{place}: {} [{}]\n    {}\n",
                one.label, finding.message, finding.rule, finding.fix
            ))?;
        }
    }
    ui.status(&summary(judged));
    Ok(())
}

fn summary(judged: &[Judged]) -> String {
    let of = |level: Level| judged.iter().filter(|one| one.score.level == level).count();
    let below = judged.iter().filter(|one| one.score.below_bar(one.tier)).count();
    format!(
        "{} judged: {} high, {} medium, {} low; {below} below the bar",
        judged.len(),
        of(Level::High),
        of(Level::Medium),
        of(Level::Low)
    )
}

/// Most rows of a table that lists every value.
const MOST_ROWS: usize = 1_000;
