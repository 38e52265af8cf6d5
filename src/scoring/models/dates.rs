//! Years and dates.

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

/// One year of a hundred, and one date of them with or without separators.
const YEAR_BITS: f32 = 6.7;
const DATE_BITS: f32 = 16.5;
