//! Years, dates and clock readings.

use crate::scoring::models::Arc;
use crate::scoring::models::Model;

/// Finds years from 1950 to 2049, alone or with month and day behind them.
pub(super) fn find(value: &[u8], arcs: &mut Vec<Arc>) {
    for start in 0..value.len().saturating_sub(YEAR - 1) {
        let rest = &value[start..];
        if !is_year(rest) {
            continue;
        }
        push(arcs, start, YEAR, YEAR_BITS);
        if is_month_and_day(&rest[YEAR..], None) {
            push(arcs, start, 8, DATE_BITS);
        }
        if let Some(separator @ (b'-' | b'_' | b'.' | b'/')) = rest.get(YEAR)
            && is_month_and_day(&rest[YEAR + 1..], Some(*separator))
        {
            push(arcs, start, 10, DATE_BITS);
        }
    }
    if value.iter().all(u8::is_ascii_digit) {
        readings(value, arcs);
    }
}

/// Finds readings of a Unix clock one after the other, in seconds to nanoseconds, which begin alike.
fn readings(value: &[u8], arcs: &mut Vec<Arc>) {
    for digits in [10, 13, 16, 19] {
        let count = value.len() / digits;
        if count < 2 || !value.len().is_multiple_of(digits) || value[0] != b'1' {
            continue;
        }
        let (first, rest) = value.split_at(digits);
        let alike = rest
            .chunks(digits)
            .map(|reading| {
                reading
                    .iter()
                    .zip(first)
                    .take_while(|(one, other)| one == other)
                    .count()
            })
            .min()
            .unwrap_or(0);
        if alike >= 3 {
            let free = (digits - 2 + (count - 1) * (digits - alike)) as f32;
            push(
                arcs,
                0,
                value.len(),
                free * std::f32::consts::LOG2_10 + READING_BITS,
            );
        }
    }
}

fn push(arcs: &mut Vec<Arc>, start: usize, length: usize, bits: f32) {
    arcs.push(Arc {
        start: start as u32,
        end: (start + length) as u32,
        bits,
        model: Model::Date,
    });
}

/// Returns whether `text` begins with a year from 1950 to 2049.
pub(in crate::scoring) fn is_year(text: &[u8]) -> bool {
    matches!(
        text,
        [b'1', b'9', b'5'..=b'9', b'0'..=b'9', ..] | [b'2', b'0', b'0'..=b'4', b'0'..=b'9', ..]
    )
}

fn is_month_and_day(text: &[u8], separator: Option<u8>) -> bool {
    let (month, day) = match (text, separator) {
        ([a, b, between, c, d, ..], Some(separator)) if *between == separator => ([*a, *b], [*c, *d]),
        ([a, b, c, d, ..], None) => ([*a, *b], [*c, *d]),
        _ => return false,
    };
    matches!(month, [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2'])
        && matches!(
            day,
            [b'0', b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1']
        )
}

const YEAR: usize = 4;

/// What says that it is a clock, of which precision, and how much the readings share.
const READING_BITS: f32 = 5.0;

/// One year of a hundred, and one date of them with or without separators.
const YEAR_BITS: f32 = 6.7;
const DATE_BITS: f32 = 16.5;
