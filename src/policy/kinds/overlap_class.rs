//! Overlap classes: what replacing a value does to those who use the old one.

/// Whether and how two values of a secret can be valid at once.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OverlapClass {
    /// O1: the verifying server holds several valid values.
    ServerMultiVerifier,
    /// O2: the application takes an ordered list, the previous value in a variable of its own.
    AppFallbackList,
    /// O3: one value at a time for each of two identities, which take turns.
    AlternatingIdentity,
    /// O4: one value at a time; replacing it is a cut.
    CutoverOnly,
    /// O5: data was encrypted with it and is lost without it.
    DataAtRest,
    /// O6: computed from another secret and changed with it.
    Derived,
    /// O7: read on the first start of a service only.
    WriteOnce,
    /// O8: made by a third party; its console says how long both are valid.
    Issued,
    /// O9: a person remembers it.
    Human,
    /// An identifier, which is never rotated.
    Identifier,
}

impl OverlapClass {
    /// Returns the short code of the overlap class.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ServerMultiVerifier => "O1",
            Self::AppFallbackList => "O2",
            Self::AlternatingIdentity => "O3",
            Self::CutoverOnly => "O4",
            Self::DataAtRest => "O5",
            Self::Derived => "O6",
            Self::WriteOnce => "O7",
            Self::Issued => "O8",
            Self::Human => "O9",
            Self::Identifier => "-",
        }
    }

    /// Says in words what a rotation does to those who use the old value.
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::ServerMultiVerifier => {
                "old and new value can both be valid: add the new one, move the users, remove the old one"
            }
            Self::AppFallbackList => {
                "the application can accept the previous value beside the new one while the overlap lasts"
            }
            Self::AlternatingIdentity => {
                "two identities take turns: the users of the other one go on, and change over to this one"
            }
            Self::CutoverOnly => {
                "only one value is valid at a time: whoever still uses the old one is cut off"
            }
            Self::DataAtRest => {
                "data was encrypted with it: add the new key, re-encrypt everything, and only then drop the old one"
            }
            Self::Derived => "computed from another secret: it changes in the same commit as that one",
            Self::WriteOnce => {
                "a service reads it on its first start only: its users are cut off unless it is changed in the service first"
            }
            Self::Issued => "the issuer makes it: get the new one there, deploy it, then revoke the old one",
            Self::Human => "a person remembers it: tell them before it changes",
            Self::Identifier => "an identifier, not a secret: it is never rotated",
        }
    }
}
