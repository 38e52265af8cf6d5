//! Models of how people make values up. A new model is one file here and one line in [`find`].

mod copies;
pub(super) mod dates;
pub(super) mod names;
mod runs;
pub(super) mod walks;
pub(super) mod words;

use zeroize::Zeroizing;

use crate::scoring::alphabet::Charset;

/// A jump over characters that a model describes in few bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arc {
    /// First character.
    pub(super) start: u32,
    /// One past the last character.
    pub(super) end: u32,
    /// What the description costs, in bits.
    pub(super) bits: f32,
    /// Whose description it is.
    pub(super) model: Model,
}

/// What describes a part of a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Model {
    /// A copy of an earlier part.
    Copy,
    /// A date or a year.
    Date,
    /// Letters that follow each other as in some language.
    Letters,
    /// Keys struck to fill a field.
    Mash,
    /// A name that the caller knows.
    Name,
    /// The same character over and over.
    Run,
    /// Steps along the alphabet or the keyboard.
    Walk,
    /// A word of a list.
    Word,
}

impl Model {
    /// Number of models.
    pub(super) const COUNT: usize = Self::Word as usize + 1;
}

/// Collects the arcs of every model.
pub(super) fn find(value: &[u8], whole: Charset, names: &[&str], arcs: &mut Vec<Arc>) {
    let folded = fold(value);
    copies::find(value, arcs);
    dates::find(value, arcs);
    names::find(value, names, arcs);
    runs::find(value, whole, arcs);
    walks::find(value, whole, arcs);
    words::find(value, &folded, arcs);
}

/// Returns `value` in lower case and with the usual digits and signs read as letters.
pub(super) fn fold(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut folded = Zeroizing::new(Vec::with_capacity(value.len()));
    folded.extend(value.iter().map(|byte| FOLD[usize::from(*byte)]));
    folded
}

/// What each byte is read as: `P4$$w0rd1` is `passwordi`. `l` and `i` are one letter, as 1 stands for both.
pub(super) static FOLD: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0' => b'o',
            b'1' | b'!' | b'l' | b'L' | b'|' => b'i',
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            b'7' => b't',
            other => other.to_ascii_lowercase(),
        };
        byte += 1;
    }
    table
};

/// Returns the bits that tell a length, counted from the least that a model knows.
fn length_bits(beyond_least: usize) -> f32 {
    2.0 * ((beyond_least + 1) as f32).log2() + 1.0
}
