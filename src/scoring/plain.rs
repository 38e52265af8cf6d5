//! The quick test for values that need no closer look.

use crate::scoring::Context;
use crate::scoring::alphabet;
use crate::scoring::alphabet::Charset;
use crate::scoring::human;
use crate::scoring::known;
use crate::scoring::mash;
use crate::scoring::models;
use crate::scoring::models::dates;
use crate::scoring::models::names;
use crate::scoring::models::walks;
use crate::scoring::models::walks::Board;
use crate::scoring::rules::encoded;
use crate::scoring::rules::prefix;
use crate::scoring::rules::truncated;
use crate::scoring::score;
use crate::scoring::shannon;
use crate::scoring::turned;

/// Returns whether `value` is plainly random; see [`crate::scoring::plainly_random`].
pub(super) fn is_plain(value: &[u8], context: &Context<'_>) -> bool {
    if context.is_issued() || context.is_passphrase() || value.len() > LONGEST {
        return false;
    }
    let body = &value[prefix::length(value)..];
    let whole = alphabet::beside_separators(body);
    if whole.bits < 4.0 || whole.bits > 6.0 || !demands_met(value, body, whole, context) {
        return false;
    }
    if encoded::may_be_text(body)
        || encoded::is_counted(body)
        || turned::suspect(body, alphabet::of(body)).is_some()
        || known::is_published(value)
        || names::occur(value, context.names)
    {
        return false;
    }
    let encodes_digest = || encoded::digest(value).is_some_and(|first| known::is_common_digest(&first));
    is_patternless(body, whole) && !encodes_digest()
}

/// Returns whether the alphabet and the length alone carry what is demanded, with 3 bits to spare for padding.
fn demands_met(value: &[u8], body: &[u8], whole: Charset, context: &Context<'_>) -> bool {
    let padding = if body.ends_with(b"==") { 12.0 } else { 6.0 };
    let spare = if body.ends_with(b"=") { padding + 3.0 } else { 0.0 };
    let bits = body.len() as f64 * f64::from(whole.bits) - spare;
    let is_identifier = value.len() == 36 && value[8] == b'-';
    !is_identifier
        && bits >= score::HIGH_BITS
        && truncated::recognise(value, context).is_none()
        && context.key(value).is_none_or(|key| key.fits())
        && context.min_bits.is_none_or(|least| bits >= f64::from(least))
        && context
            .min_length
            .is_none_or(|least| value.len() >= least as usize)
        && context
            .min_entropy
            .is_none_or(|least| shannon::of_bytes(value) - 0.01 >= least)
}

/// Returns whether nothing that the models describe pays here; more than they find counts as a pattern.
fn is_patternless(body: &[u8], whole: Charset) -> bool {
    let digits = whole.is_digits();
    has_few_copies(body)
        && mash::find(body, &vec![whole.bits; body.len()], whole, body.len(), 0.0).is_none()
        && !has_walk(body, 1, &walks::LETTERS, if digits { 3 } else { 2 })
        && !has_walk(body, 2, &walks::LETTERS, 3)
        && has_few_years(body)
        && if digits {
            !models::words::is_spelled_in(&models::fold(body)) && !has_long_number(body)
        } else {
            is_wordless(body, whole)
        }
}

/// Looks up each four characters in a small table of those before; two in a row make a copy of five.
fn has_few_copies(body: &[u8]) -> bool {
    let mut table = [0_u64; 128];
    let (mut window, mut again, mut total) = (0_u32, 0, 0);
    for (at, byte) in body.iter().enumerate() {
        window = window << 8 | u32::from(byte | 0x20);
        if at < 3 {
            continue;
        }
        let slot = (window.wrapping_mul(0x9e37_79b1) >> 19) as usize;
        let mask = 1 << (slot & 63);
        let hit = table[slot >> 6] & mask != 0;
        table[slot >> 6] |= mask;
        again = if hit { again + 1 } else { 0 };
        total += u32::from(hit);
        if again == 2 {
            return false;
        }
    }
    total <= 2
}

/// Returns whether so many steps in a row equal the one before, `stride` characters apart.
fn has_walk(body: &[u8], stride: usize, board: &Board, most: u32) -> bool {
    let (mut equal, mut longest) = (0, 0);
    board.follow(body, stride, |_, goes_on| {
        equal = (equal + 1) * u32::from(goes_on);
        longest = longest.max(equal);
    });
    longest >= most
}

/// Returns whether there is at most one year, and none at either end.
fn has_few_years(body: &[u8]) -> bool {
    let mut found = 0;
    for at in 0..body.len() {
        if matches!(body[at], b'1' | b'2') && dates::is_year(&body[at..]) {
            let at_an_end = at == 0 || at + 10 >= body.len();
            found += if at_an_end { 2 } else { 1 };
        }
    }
    found < 2
}

/// Returns whether a stretch of decimal digits could be counted as such.
fn has_long_number(body: &[u8]) -> bool {
    let mut digits = 0;
    body.iter().any(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits == 30
    })
}

/// Returns whether neither words nor letters pay, and no long stretch has a smaller alphabet.
fn is_wordless(body: &[u8], whole: Charset) -> bool {
    let folded = models::fold(body);
    let mut letters = Vec::new();
    human::costs(body, true, &mut letters);
    let has_separator = !body.iter().all(u8::is_ascii_alphanumeric);
    let (mut saved, mut saved_by_words) = (0.0_f32, 0.0_f32);
    for (at, cost) in letters.iter().enumerate() {
        // What the cheapest human text that ends here saves, before it pays for being entered.
        saved = (saved + whole.bits - cost).max(0.0);
        if saved >= MOST_BY_LETTERS {
            return false;
        }
        // A word that a separator cuts off is believed more easily, at either end.
        let is_at_an_end = (has_separator || at == 0) && (at < 8 || at + 11 > body.len());
        for (length, bits) in models::words::at(&folded, at) {
            let by_word = whole.bits * length as f32 - bits;
            saved_by_words += by_word.max(0.0);
            let most = if is_at_an_end {
                MOST_AT_AN_END
            } else {
                MOST_BY_WORD
            };
            if by_word >= most || saved_by_words >= MOST_BY_WORDS {
                return false;
            }
        }
    }
    !has_walk(body, 1, &walks::KEYS, 2) && is_of_one_alphabet(body, whole)
}

/// Returns whether upper case, lower case and other digits than hexadecimal ones turn up again and again.
fn is_of_one_alphabet(body: &[u8], whole: Charset) -> bool {
    let longest = |inside: fn(&u8) -> bool| {
        let parts = body.chunk_by(|left, right| inside(left) == inside(right));
        parts
            .filter(|part| inside(&part[0]))
            .map(<[u8]>::len)
            .max()
            .unwrap_or(0)
    };
    let one_case = whole.bits < 5.5;
    longest(u8::is_ascii_hexdigit) < 9
        && (one_case
            || longest(|byte| !byte.is_ascii_uppercase()) < 18
                && longest(|byte| !byte.is_ascii_lowercase()) < 18)
}

/// Longest value that is looked at, in bytes.
const LONGEST: usize = 136;

/// Bits that letters, and a word beside them, can save without being believed even together.
const MOST_BY_LETTERS: f32 = 10.0;
const MOST_BY_WORD: f32 = 9.0;
const MOST_BY_WORDS: f32 = 13.0;
const MOST_AT_AN_END: f32 = 5.0;
