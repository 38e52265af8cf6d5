//! The measured entropy of a value: how evenly its own characters are used.

use std::sync::LazyLock;

use zeroize::Zeroizing;

/// Returns the plug-in Shannon entropy of the characters, in bits per character, and their number.
///
/// It is a property of the histogram: order and meaning do not count, and short random values read low
/// (3.61 of 4.0 for 32 hexadecimal digits on average). Values that are not UTF-8 are measured in bytes.
pub(super) fn measure(value: &[u8]) -> (f64, usize) {
    match std::str::from_utf8(value) {
        Ok(text) if !value.is_ascii() => wide(text),
        _ => (of_bytes(value), value.len()),
    }
}

/// Returns the entropy of the bytes, in bits per byte.
pub(super) fn of_bytes(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    entropy(counts.iter().copied().filter(|count| *count > 1), value.len())
}

fn wide(text: &str) -> (f64, usize) {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len()));
    characters.extend(text.chars());
    characters.sort_unstable();
    let counts = characters
        .chunk_by(|left, right| left == right)
        .map(|same| same.len() as u32);
    (entropy(counts, characters.len()), characters.len())
}

/// log2(total) − Σ count·log2(count) ÷ total, which is −Σ p·log2(p); counts of 1 add nothing.
fn entropy(counts: impl Iterator<Item = u32>, total: usize) -> f64 {
    if total == 0 {
        return 0.0;
    }
    let weighted: f64 = counts.map(weight).sum();
    let total = total as f64;
    (total.log2() - weighted / total).max(0.0)
}

fn weight(count: u32) -> f64 {
    let exact = || f64::from(count) * f64::from(count).log2();
    WEIGHTS.get(count as usize).copied().unwrap_or_else(exact)
}

/// count·log2(count) of the counts that occur.
static WEIGHTS: LazyLock<[f64; 64]> = LazyLock::new(|| {
    std::array::from_fn(|count| {
        if count == 0 {
            0.0
        } else {
            count as f64 * (count as f64).log2()
        }
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        format!("{:.2}", measure(text.as_bytes()).0)
    }

    #[test]
    fn known_texts_measure_what_was_published() {
        assert_eq!(shown("test-secret"), "2.41");
        assert_eq!(shown("YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE"), "3.62");
        assert_eq!(shown("change-this-secret-key"), "3.52");
        assert_eq!(shown("abcdefghijklmnopqrstuvwxyz123456"), "5.00");
        assert_eq!(shown(&"0".repeat(64)), "0.00");
        assert_eq!(shown(""), "0.00");
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(measure("ää€€".as_bytes()), (1.0, 4));
        assert_eq!(measure(&[0xff, 0xff, 0x00, 0x00]), (1.0, 4));
    }

    /// Every way to split n characters into counts, with its exact probability under a uniform alphabet.
    fn partitions(left: usize, most: usize, parts: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        if left == 0 {
            visit(parts);
            return;
        }
        for part in (1..=left.min(most)).rev() {
            parts.push(part);
            partitions(left - part, part, parts, visit);
            parts.pop();
        }
    }

    fn log_factorial(n: usize) -> f64 {
        (2..=n).map(|factor| (factor as f64).ln()).sum()
    }

    /// Mean entropy and the share below `limit` of n characters out of `size`, by counting.
    fn exact(size: usize, n: usize, limit: f64) -> (f64, f64) {
        let factorials: Vec<f64> = (0..=size.max(n)).map(log_factorial).collect();
        let (mut mean, mut below) = (0.0, 0.0);
        partitions(n, n, &mut Vec::new(), &mut |parts| {
            if parts.len() > size {
                return;
            }
            let mut log = factorials[n] + factorials[size] - factorials[size - parts.len()];
            for same in parts.chunk_by(|left, right| left == right) {
                log -= factorials[same.len()];
            }
            for part in parts {
                log -= factorials[*part];
            }
            let share = (log - n as f64 * (size as f64).ln()).exp();
            let bits = entropy(parts.iter().map(|part| *part as u32), n);
            mean += share * bits;
            below += if bits < limit { share } else { 0.0 };
        });
        (mean, below)
    }

    #[test]
    fn random_values_measure_what_integer_partitions_say() {
        for (size, n, mean, below) in [
            (16, 16, 3.209, 0.901),
            (16, 24, 3.471, 0.549),
            (16, 32, 3.611, 0.187),
            (36, 16, 3.614, 0.219),
            (62, 16, 3.769, 0.045),
            (94, 16, 3.845, 0.011),
        ] {
            let (exact_mean, exact_below) = exact(size, n, 3.5);

            assert!((exact_mean - mean).abs() < 0.001, "{size} {n}: {exact_mean}");
            assert!((exact_below - below).abs() < 0.001, "{size} {n}: {exact_below}");
        }
    }
}
