//! What a reader makes of a line, in words.

use crate::dotenv::dialect::RefusalKind;

/// What a reader makes of a variable, or of a file, that others read otherwise.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Sight {
    /// It refuses the file.
    Refuses(RefusalKind),
    /// It does not see the variable.
    Misses,
    /// It runs a command.
    Executes,
    /// It puts other variables in.
    Expands,
    /// It takes the value from its environment.
    Inherits,
    /// It takes the lines below into the value.
    TakesLinesBelow,
    /// It keeps the quotes as part of the value.
    KeepsQuotes,
    /// It keeps the quotes and the comment as part of the value.
    KeepsQuotesAndComment,
    /// It keeps the comment as part of the value.
    KeepsComment,
    /// It keeps the carriage return as part of the value.
    KeepsCarriageReturn,
    /// It ends the value at a `#`.
    EndsAtHash,
    /// It ends the value with the line, inside of the quotes.
    EndsWithLine,
    /// It reads backslashes otherwise.
    ReadsEscapesOtherwise,
    /// It reads a value from a line that others cannot read.
    ReadsBroken,
    /// It reads something else.
    ReadsOtherwise,
}

impl Sight {
    /// Says what `count` readers do, as the rest of a sentence.
    pub fn phrase(self, count: usize) -> String {
        if let Self::Refuses(kind) = self {
            let verb = if count == 1 { "refuses" } else { "refuse" };
            return format!("{verb} the whole file: {kind}");
        }
        let (one, many) = match self {
            Self::Misses => ("does not see it", "do not see it"),
            Self::Executes => ("runs a command", "run a command"),
            Self::Expands => (
                "puts other variables in its place",
                "put other variables in its place",
            ),
            Self::Inherits => ("takes it from its environment", "take it from their environment"),
            Self::TakesLinesBelow => (
                "takes the lines below into the value",
                "take the lines below into the value",
            ),
            Self::KeepsQuotes => ("keeps the quotes in the value", "keep the quotes in the value"),
            Self::KeepsQuotesAndComment => (
                "keeps the quotes and the comment in the value",
                "keep the quotes and the comment in the value",
            ),
            Self::KeepsComment => ("keeps the comment in the value", "keep the comment in the value"),
            Self::KeepsCarriageReturn => ("keeps the carriage return", "keep the carriage return"),
            Self::EndsAtHash => ("ends the value at the `#`", "end the value at the `#`"),
            Self::EndsWithLine => ("takes its first line only", "take its first line only"),
            Self::ReadsEscapesOtherwise => (
                "reads the backslashes otherwise",
                "read the backslashes otherwise",
            ),
            Self::ReadsBroken => ("reads a value from this line", "read a value from this line"),
            Self::Refuses(_) | Self::ReadsOtherwise => ("reads something else", "read something else"),
        };
        if count == 1 {
            one.to_owned()
        } else {
            many.to_owned()
        }
    }
}
