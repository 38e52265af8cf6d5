//! Everything that can be wrong with a policy file, each with its place.

use std::fmt;

use thiserror::Error;

use crate::policy::EmbedError;
use crate::policy::InvalidPeriod;
use crate::policy::Period;
use crate::policy::ShapeError;
use crate::policy::Tier;
use crate::policy::VariableType;
use crate::policy::shown_bits;
use crate::secret::InvalidEnvironmentName;
use crate::secret::InvalidSecretName;

/// Every mistake of a policy file, in the order of the file. It is never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyErrors(Vec<PolicyError>);

impl PolicyErrors {
    /// Takes over `errors`, which stand in the order in which they are shown.
    pub(crate) fn new(errors: Vec<PolicyError>) -> Self {
        Self(errors)
    }

    /// Returns the mistakes in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyError> {
        self.0.iter()
    }
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyErrors {}

/// One mistake and where it stands. It shows the offending key or scalar at most, never a line.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PolicyError {
    /// The file, as the caller named it; of a preset, its path in the sources.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub kind: PolicyErrorKind,
    /// What was probably meant.
    pub hint: Option<String>,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.kind)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PolicyError {}

/// What can be wrong with a policy file.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the fields are named and quoted by the message of their variant"
)]
pub enum PolicyErrorKind {
    /// Rules that no value can keep together.
    #[error("{0}")]
    Contradiction(String),
    /// Text that is no date.
    #[error("`{text}` is not a date such as `2027-03-31`")]
    Date { text: Excerpt },
    /// A duration that cannot be read.
    #[error("`{key}` is `{text}`: {source}")]
    Duration {
        key: &'static str,
        text: Excerpt,
        source: InvalidPeriod,
    },
    /// A value that a consumer would misread.
    #[error(transparent)]
    Embed(Box<EmbedError>),
    /// A list that allows nothing.
    #[error("`{key}` is empty: name at least one, or leave it out")]
    EmptyList { key: &'static str },
    /// A name that no environment can have.
    #[error("`{text}`: {source}")]
    EnvironmentName {
        text: Excerpt,
        source: InvalidEnvironmentName,
    },
    /// An environment that is called like a tier and is of another.
    #[error(
        "environment `{name}` has tier `{tier}`, but an environment named like a tier must have that tier"
    )]
    EnvironmentTier { name: String, tier: Tier },
    /// Presets that extend each other.
    #[error("`extends` comes back to preset `{preset}`")]
    ExtendsCycle { preset: Excerpt },
    /// A kind that keeps nobody out.
    #[error("kind `{kind}` is an identifier, not a secret: declare it under [variables]")]
    Identifier { kind: &'static str },
    /// A file beyond any policy.
    #[error("the file has {found} bytes, a policy has at most {most}")]
    Large { found: usize, most: usize },
    /// A least entropy that the alphabet cannot reach.
    #[error("`min_entropy` is {asked} bits per character, but {recipe} carry at most {most:.2}")]
    MinEntropy { asked: f64, recipe: String, most: f64 },
    /// A least entropy that hardly a value reaches.
    #[error(
        "`min_entropy` is {asked} bits per character, which fewer than 1 in 1,000 values of {recipe} are sure to reach"
    )]
    MinEntropyRare { asked: f64, recipe: String },
    /// A least entropy of characters that are not drawn.
    #[error("`min_entropy` counts characters that are drawn one by one, but a value is {recipe}")]
    MinEntropyUnknown { recipe: String },
    /// A least strength that the recipe does not reach.
    #[error("`min_bits` is {asked}, but {recipe} carry {:.1} bits", shown_bits(*.found))]
    MinBits { asked: u32, recipe: String, found: f64 },
    /// A least length that the recipe does not reach.
    #[error("`{key}` is {asked}, but {recipe} can be as short as {found} characters")]
    MinLength {
        key: &'static str,
        asked: u32,
        recipe: String,
        found: usize,
    },
    /// A key that has to be there.
    #[error("{table} lacks `{key}`")]
    Missing { table: String, key: &'static str },
    /// A name that no secret or variable can have.
    #[error("`{text}`: {source}")]
    Name {
        text: Excerpt,
        source: InvalidSecretName,
    },
    /// A number beyond what makes sense.
    #[error("`{key}` is {found}, but it takes {least} to {most}")]
    OutOfRange {
        key: &'static str,
        found: i64,
        least: i64,
        most: i64,
    },
    /// An overlap that outlives the period.
    #[error("`overlap` ({overlap}) is longer than `rotate_every` ({rotate_every})")]
    Overlap { overlap: Period, rotate_every: Period },
    /// A pattern that cannot be compiled.
    #[error("`{key}` is not a regular expression: {reason}")]
    Pattern { key: &'static str, reason: Excerpt },
    /// A secret under a name whose value is compiled into what everybody downloads.
    #[error("`{name}` begins with `{prefix}`, which is public by its prefix and must never hold a secret")]
    PublicSecret { name: String, prefix: String },
    /// Demands that leave too little of the strength.
    #[error("{rest} carry {:.1} bits, which is below the floor of {floor} bits for kind `{kind}`", shown_bits(*.found))]
    Redrawn {
        kind: &'static str,
        floor: u32,
        /// The recipe, and what is drawn again.
        rest: String,
        found: f64,
    },
    /// A reminder that would always be due.
    #[error("`remind_before` ({remind_before}) is not shorter than `rotate_every` ({rotate_every})")]
    RemindBefore {
        remind_before: Period,
        rotate_every: Period,
    },
    /// A rule that the type of a variable cannot have.
    #[error("`{key}` means nothing for a variable of type `{of_type}`")]
    RuleOfType {
        key: &'static str,
        of_type: VariableType,
    },
    /// Two names that some file systems take for one.
    #[error("`{second}` and `{first}` differ in case only, and names are unique without regard to it")]
    SameName { first: String, second: String },
    /// A format of policies that this program does not read.
    #[error("`schema` is {found}, and this program reads 1")]
    Schema { found: i64 },
    /// A name with two meanings.
    #[error("`{name}` is declared as a secret and as a variable: keep one")]
    SecretAndVariable { name: String },
    /// Patterns that too few values of the recipe keep.
    #[error(
        "{fitting} of {of} values made of {recipe} fit: a pattern checks, say with `charset`, `classes` or `first` what is made"
    )]
    SeldomMatched {
        recipe: String,
        fitting: usize,
        of: usize,
    },
    /// A shape that cannot be had, or that is too weak.
    #[error("{0}")]
    Shape(#[from] ShapeError),
    /// Not TOML.
    #[error("{reason}")]
    Syntax { reason: Excerpt },
    /// A word that is none of the known ones.
    #[error("there is no {what} `{found}`")]
    Unknown { what: &'static str, found: Excerpt },
    /// A key that no table of this sort has.
    #[error("unknown key `{key}` in {table}")]
    UnknownKey { table: &'static str, key: Excerpt },
    /// A name that stands for nothing.
    #[error("`{key}` names `{name}`, which is declared neither as a secret nor as a variable")]
    Undeclared { key: &'static str, name: Excerpt },
    /// A place that is neither a tier nor an environment.
    #[error("`{key}` names `{scope}`, which is neither a tier nor a declared environment")]
    UnknownScope { key: &'static str, scope: Excerpt },
    /// Patterns that no value of the recipe keeps.
    #[error("values made of {recipe} do not fit `pattern` and `forbid_pattern`")]
    Unmatched { recipe: String },
    /// A value of another type.
    #[error("`{key}` must be {expected}, and is {found}")]
    WrongType {
        key: Excerpt,
        expected: &'static str,
        found: &'static str,
    },
    /// A period of nothing.
    #[error("`{key}` is zero: say `never`, or leave it out")]
    ZeroPeriod { key: &'static str },
}

impl PolicyErrorKind {
    /// Says that only `fitting` of `of` samples of `recipe` keep the patterns.
    pub(crate) fn unmatched(recipe: String, fitting: usize, of: usize) -> Self {
        match fitting {
            0 => Self::Unmatched { recipe },
            fitting => Self::SeldomMatched { recipe, fitting, of },
        }
    }
}

/// Text out of a policy file as errors may show it: 60 characters at most, on one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Excerpt(String);

impl Excerpt {
    /// Cuts `text` and replaces what a terminal could act on.
    pub fn new(text: &str) -> Self {
        let mut cut: String = text
            .chars()
            .take(MOST)
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        if text.chars().nth(MOST).is_some() {
            cut.push('…');
        }
        Self(cut)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Most characters of an excerpt.
const MOST: usize = 60;
