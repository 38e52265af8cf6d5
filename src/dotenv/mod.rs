//! Env files: a reader that loses nothing, and what each variable seems to be.
//!
//! Readers of env files disagree. [`EnvFile`] takes the reading that most of
//! node `dotenv`, docker compose and python-dotenv share:
//!
//! | written | read |
//! | --- | --- |
//! | `A=abc #note` | `abc`: a `#` after white space starts a comment |
//! | `A=abc#def`, `A=#abc` | as written; reported, since node cuts it |
//! | `A="a\nb"` | an escape: `\n`, `\r`, `\t`, `\"`, `\\` and `\$`; any other backslash stands for itself |
//! | `A='a\'b'` | `a'b`; nothing else is an escape |
//! | `` A=`abc` `` | `abc`, which is node's reading: no one means the backticks |
//! | `A=a\nb` | as written |
//! | `$HOME`, `${B}`, `$(cmd)` | as written: nothing is expanded or executed |
//! | a quote over several lines | one value, with CR LF read as LF |
//! | a quote that is never closed | an unreadable line; the next line is read on its own |
//! | `export A=b`, `A = b`, `A: b` | an assignment |
//! | `A` | unreadable: some skip it, some inherit it |
//! | two lines with one name | the last counts, the duplicate is reported |
//!
//! Other readers are modelled one by one: [`Dialect::read`] says what each makes of a file, [`differences`] where they
//! disagree. [`EnvFile::set`] changes one variable and no other byte, [`write()`] writes many in a [`Form`]; neither
//! counts before the dialect has read it back.
//!
//! [`infer`] says what each variable seems to be, and [`to_policy`] writes that down as a policy. Neither shows
//! a value: a [`Proposal`] holds none.
mod assignment;
mod description;
mod dialect;
mod differences;
#[cfg(test)]
mod differences_tests;
mod edit;
mod edit_place;
mod edit_terms;
#[cfg(test)]
mod edit_tests;
mod file;
mod hint;
mod infer;
#[cfg(test)]
mod infer_tests;
mod issuers;
mod json;
mod line;
mod look;
mod name;
mod placeholder;
mod proposal;
mod reader;
mod relatives;
mod render;
mod rules;
mod secret_words;
mod shape;
mod sight;
mod spelling;
#[cfg(test)]
mod tests;
mod url;
mod write;
mod write_json;
#[cfg(test)]
mod write_tests;

pub use dialect::Dialect;
pub use dialect::Found;
pub use dialect::Outcome;
pub use dialect::Reading;
pub use dialect::Refusal;
pub use dialect::RefusalKind;
pub use differences::Difference;
pub use differences::differences;
pub use edit::Change;
pub use edit::Edit;
pub use edit::EditError;
pub use file::EnvFile;
pub use infer::infer;
pub use json::secret_in_json;
pub use line::Content;
pub use line::Entry;
pub use line::Line;
pub use line::Problem;
pub use line::ProblemKind;
pub use line::Quote;
pub use proposal::Proposal;
pub use proposal::ProposedRole;
pub use proposal::VariableType;
pub use render::to_policy;
pub use sight::Sight;
pub use write::Form;
pub use write::Reason;
pub use write::Unwritable;
pub use write::Variable;
pub use write::WriteError;
pub use write::write;
