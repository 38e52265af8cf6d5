//! Tables without borders that fit the terminal.

use std::fmt::Write as _;

use comfy_table::Cell;
use comfy_table::CellAlignment;
use comfy_table::Color;
use comfy_table::ContentArrangement;
use comfy_table::Table;

use crate::cli::ui::printable;

/// What a piece of text means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Wrong: act now.
    Bad,
    /// Of no weight.
    Faint,
    /// Right.
    Good,
    /// Nothing special.
    Plain,
    /// Act soon.
    Warn,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct Field {
    text: String,
    tone: Tone,
    is_number: bool,
}

impl Field {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Tone::Plain,
            is_number: false,
        }
    }

    /// Text with a meaning.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            tone,
            ..Self::text(text)
        }
    }

    /// A number, aligned to the right.
    pub fn number(number: impl ToString) -> Self {
        Self {
            is_number: true,
            ..Self::text(number.to_string())
        }
    }
}

/// Renders a table; where `width` is too narrow for it, columns of `spare` are left out in turn.
pub(super) fn render(
    spare: &[&str],
    header: &[&str],
    mut rows: Vec<Vec<Field>>,
    width: Option<u16>,
    color: bool,
) -> String {
    let mut header = header.to_vec();
    for title in spare {
        let place = header.iter().position(|other| other == title);
        let Some(place) = place.filter(|_| is_too_wide(&header, &rows, width)) else {
            continue;
        };
        header.remove(place);
        for row in &mut rows {
            row.remove(place);
        }
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    if let Some(width) = width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    table.set_header(header.iter().map(|title| {
        let cell = Cell::new(title.to_uppercase());
        if color { cell.fg(Color::DarkGrey) } else { cell }
    }));
    for row in rows {
        table.add_row(row.into_iter().map(cell));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = String::new();
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn is_too_wide(header: &[&str], rows: &[Vec<Field>], width: Option<u16>) -> bool {
    let Some(width) = width else {
        return false;
    };
    let widest = |place: usize, title: &str| {
        let cells = rows.iter().map(|row| row[place].text.chars().count());
        cells.chain([title.len()]).max().unwrap_or(0) + 2
    };
    let needed: usize = header
        .iter()
        .enumerate()
        .map(|(place, title)| widest(place, title))
        .sum();
    needed > usize::from(width)
}

fn cell(field: Field) -> Cell {
    let mut cell = Cell::new(printable(&field.text));
    if field.is_number {
        cell = cell.set_alignment(CellAlignment::Right);
    }
    match field.tone {
        Tone::Bad => cell.fg(Color::Red),
        Tone::Faint => cell.fg(Color::DarkGrey),
        Tone::Good => cell.fg(Color::Green),
        Tone::Plain => cell,
        Tone::Warn => cell.fg(Color::Yellow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<Field>> {
        vec![vec![
            Field::text("DATABASE_PASSWORD"),
            Field::text("password"),
            Field::number(7),
        ]]
    }

    #[test]
    fn a_wide_terminal_shows_every_column() {
        let text = render(&["kind"], &["name", "kind", "age"], rows(), Some(80), false);

        assert_eq!(
            text,
            "NAME               KIND      AGE\nDATABASE_PASSWORD  password    7\n"
        );
    }

    #[test]
    fn a_column_is_left_out_before_another_one_is_wrapped() {
        for width in 1..=80 {
            let text = render(
                &["kind", "age"],
                &["name", "kind", "age"],
                rows(),
                Some(width),
                false,
            );

            let is_whole = text.contains("DATABASE_PASSWORD");
            assert!(is_whole || width < 19, "{width}:\n{text}");
        }
    }

    #[test]
    fn a_narrow_terminal_goes_without_spare_columns() {
        let text = render(&["kind"], &["name", "kind", "age"], rows(), Some(24), false);

        assert_eq!(text, "NAME               AGE\nDATABASE_PASSWORD    7\n");
    }
}
