//! What a variable seems to be.

use crate::policy::Encoding;

/// What one variable seems to be, and why. It holds no part of the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The name as the file spells it; it need not be a [`SecretName`](crate::secret::SecretName).
    pub name: String,
    /// What it seems to be.
    pub role: ProposedRole,
    /// The name of the kind, for secrets and issued credentials.
    pub kind: Option<&'static str>,
    /// Random bytes, where the kind takes them and the file asks for another number than the kind does.
    pub bytes: Option<u32>,
    /// Characters, where the kind takes them.
    pub length: Option<u32>,
    /// How bytes become text, where the kind leaves that open.
    pub encoding: Option<Encoding>,
    /// The format that its issuer gives it, when that is known.
    pub shape: Option<&'static str>,
    /// Who issues it, when that is known.
    pub issuer: Option<&'static str>,
    /// Where the issuer shows it.
    pub console_url: Option<&'static str>,
    /// What every value fits, where no format says it.
    pub pattern: Option<&'static str>,
    /// The schemes of a credential URL.
    pub schemes: &'static [&'static str],
    /// The type, for everything that is no secret.
    pub variable_type: Option<VariableType>,
    /// Whether the value is empty or only says that one belongs there.
    pub placeholder: bool,
    /// Whether there is any value.
    pub has_value: bool,
    /// The reason in a few words.
    pub why: String,
    /// The line, counted from 1.
    pub line: u32,
    /// Whether the variable stands in a comment only.
    pub optional: bool,
    /// What the comments say about it, when that is short and gives nothing away.
    pub description: Option<String>,
}

/// What a variable can seem to be.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ProposedRole {
    /// A URL or connection string that carries a password.
    CredentialUrl,
    /// A secret that a third party or another tool makes.
    Issued,
    /// Public by design.
    Public,
    /// A secret that can be minted.
    Secret,
    /// Anything else.
    Variable,
}

impl ProposedRole {
    /// Returns the role in the spelling of reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CredentialUrl => "credential-url",
            Self::Issued => "issued",
            Self::Public => "public",
            Self::Secret => "secret",
            Self::Variable => "variable",
        }
    }
}

/// The type of a variable, as policies name it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum VariableType {
    /// `true` or `false`.
    Bool,
    /// A number with a unit.
    Duration,
    /// One address.
    Email,
    /// A number with a point.
    Float,
    /// A whole number.
    Int,
    /// Several values with commas between.
    List,
    /// A place in the file system.
    Path,
    /// Any text.
    String,
    /// A URL.
    Url,
}

impl VariableType {
    /// Returns the type in the spelling of policies.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Duration => "duration",
            Self::Email => "email",
            Self::Float => "float",
            Self::Int => "int",
            Self::List => "list",
            Self::Path => "path",
            Self::String => "string",
            Self::Url => "url",
        }
    }
}
