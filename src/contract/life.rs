//! Every rule about the life of what is stored: its age, its rotations, where else it is used.

use crate::contract::Rule;
use crate::policy::Severity;

/// Declares the rules: constant, id, severity and the reason.
macro_rules! rules {
    ($($constant:ident $id:literal $severity:ident $explanation:literal)*) => {
        $(#[doc = concat!("The rule `", $id, "`.")]
        pub const $constant: Rule = Rule::everywhere($id, Severity::$severity, $explanation);)*

        /// Every rule about what is stored, worst first.
        pub const LIFE_RULES: &[Rule] = &[$($constant),*];
    };
}

rules! {
    INTEGRITY "integrity" Error "a file of the store is not what mintage wrote: nothing it says can be believed"
    COMPROMISED "compromised" Error "a value that somebody else knows is in use"
    EXPIRED "expired" Error "the value has stopped working by itself"
    OVERDUE "overdue" Error "the value is older than the policy allows"
    UNKNOWN_AGE "unknown-age" Error "nobody knows how old the value is, so it is treated as due"
    REUSED_FROM_HISTORY "reused-from-history" Error "a rotation brought back a value that was replaced before"
    ROTATION_OPEN "rotation-open" Warning "a rotation was begun and not ended: sinks may hold different values"
    OVERLAP_ENDED "overlap-ended" Warning "the former value should be refused by now, and nobody has dropped it"
    UNREVOKED "unrevoked" Warning "nobody has said that the former value is revoked where it was issued"
    SINK_DIFFERS "sink-differs" Warning "a sink does not hold the value that the store says is in use"
    SINK_UNREACHABLE "sink-unreachable" Warning "nobody can say what a sink holds"
    EXPIRES_SOON "expires-soon" Warning "the value stops working before long"
    DUE_SOON "due-soon" Warning "the value is due for rotation before long"
}
