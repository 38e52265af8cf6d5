//! Every rule that `check` knows: its stable id, how much it matters, and why it exists.

use crate::policy::Severity;
use crate::policy::Tier;

/// A rule of the contract.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// Stable id, such as `wrong-type`.
    pub id: &'static str,
    /// Why it exists, in one line.
    pub explanation: &'static str,
    strict: Severity,
    lax: Severity,
}

impl Rule {
    /// A rule that matters alike in every tier.
    pub(super) const fn everywhere(id: &'static str, severity: Severity, explanation: &'static str) -> Self {
        Self {
            id,
            explanation,
            strict: severity,
            lax: severity,
        }
    }

    /// Returns how much a breach matters in `tier`, unless the breach itself says otherwise.
    pub fn severity(&self, tier: Tier) -> Severity {
        match tier {
            Tier::Development => self.lax,
            Tier::Production | Tier::Staging => self.strict,
        }
    }

    /// Looks a rule up by its id.
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id)
    }
}

/// Declares the rules: constant, id, severity where it is strict and where it is lax, and the reason.
macro_rules! rules {
    ($($constant:ident $id:literal $strict:ident $lax:ident $explanation:literal)*) => {
        $(pub(super) const $constant: Rule = Rule {
            id: $id,
            explanation: $explanation,
            strict: Severity::$strict,
            lax: Severity::$lax,
        };)*

        /// Every rule, group by group.
        pub const RULES: &[Rule] = &[$($constant),*];
    };
}

rules! {
    // What has to be there.
    MISSING "missing" Error Error "the policy requires the name and nothing sets it"
    EMPTY "empty" Error Warning "nothing at all, or a word that stands for nothing, where a value is needed"
    REFERENCE "reference" Warning Note "the value names one that is kept elsewhere, and nothing has fetched it"
    TEMPLATE "template" Error Warning "template syntax or masking stands where a value belongs"
    PLACEHOLDER "placeholder" Error Warning "a text that was meant to be filled in"

    // Single values.
    WRONG_TYPE "wrong-type" Error Error "the text does not mean what the policy's type says"
    BOOL_SPELLING "bool-spelling" Warning Note "a spelling of true or false that not every program reads alike"
    NOT_EQUAL "not-equal" Error Error "the policy demands one value, exactly as it spells it"
    NOT_IN_VALUES "not-in-values" Error Error "the value is none of those that the policy lists"
    OUT_OF_RANGE "out-of-range" Error Error "the number is below the least or above the greatest"
    DURATION_OUT_OF_RANGE "duration-out-of-range" Error Error "the duration is shorter or longer than the policy allows"
    PATTERN "pattern" Error Error "the value does not fit the pattern of the policy"
    FORBIDDEN_PATTERN "forbidden-pattern" Error Error "the value fits the pattern that the policy forbids"
    FORBIDDEN_VALUE "forbidden-value" Error Error "the policy refuses this very value"
    TOO_SHORT "too-short" Error Warning "the value has fewer characters than the policy demands"

    // URLs.
    URL_SCHEME "url-scheme" Error Error "the scheme of the URL is none of those allowed"
    URL_HOST "url-host" Error Error "the host of the URL is none of those allowed"
    URL_FORBIDDEN_HOST "url-forbidden-host" Error Error "the policy forbids this host here"
    URL_PATH "url-path" Error Error "the path of the URL is not the one that is served"
    URL_CREDENTIALS "url-credentials" Error Error "user and password are missing from the URL, or must not stand in it"
    URL_ENCODING "url-encoding" Error Error "a character of user or password breaks the URL unless it is percent-encoded"
    URL_WITHOUT_TLS "url-without-tls" Warning Note "the scheme sends passwords and data in the clear across a public network"

    // Names that belong together.
    GROUP_INCOMPLETE "group-incomplete" Error Error "some names of a group are set and others are not"
    GROUP_UNMET "group-unmet" Error Error "none of the alternatives of a group is complete"
    IMPLIED_MISSING "implied-missing" Error Error "a name that is set needs another that is not"
    ALIAS_ONLY "alias-only" Warning Warning "only the other spelling of the name is set"
    ALIAS_CONFLICT "alias-conflict" Error Error "two names for one thing have different values"
    SAME_VALUE "same-value" Error Warning "two names whose values must differ share one"
    REUSED "reused" Warning Note "two secrets share a value: whoever learns one knows the other"
    DERIVED_DRIFT "derived-drift" Error Error "a value that is made of others does not fit them any more"

    // Secrets.
    KIND_MISMATCH "kind-mismatch" Error Warning "the value does not have the form of its kind"
    DECODED_BYTES "decoded-bytes" Error Error "the value does not decode to as many bytes as the policy says"
    CHECKSUM "checksum" Error Error "the check characters of an issued value do not fit the rest"
    TOKEN_CLAIMS "token-claims" Error Error "a token says something else than the policy demands, as that of another role does"
    FOREIGN_ISSUER "foreign-issuer" Error Error "the value is recognisably what another issuer makes"
    TEST_MODE_KEY "test-mode-key" Error Note "a key of the issuer's test mode, where real money moves"
    LIVE_MODE_KEY "live-mode-key" Error Warning "a key of the issuer's live mode on a machine that is not production"
    PUBLIC_SECRET "public-secret" Error Error "names with this prefix are compiled into what every visitor downloads"
    REUSED_ACROSS_ENVIRONMENTS "reused-across-environments" Error Warning "another environment has the same value: a leak there is a leak here"
    COMPROMISED_VALUE "compromised-value" Error Error "the store marks the value as known to somebody else"
    FORMER_VALUE "former-value" Warning Note "the value from before the last rotation is still in use"
    DIFFERS_FROM_STORE "differs-from-store" Warning Note "the value in use is not the one that the store has"
    MADE_UP "made-up" Error Warning "an issued value that a person typed: no issuer makes such values"
    BLACKLISTED "blacklisted" Error Warning "made of one of the ten texts that a published checklist forbids"
    COMMON_WORDS "common-words" Warning Warning "mostly words, or letters in the order of ordinary language"
    CONTAINS_NAME "contains-name" Warning Warning "much of the value is the name of the variable or the application"
    DAMAGED "damaged" Warning Warning "quotes, white space or a byte order mark around the value, as a bad paste leaves them"
    ENCODED_TEXT "encoded-text" Warning Warning "ordinary text in base64 or hexadecimal"
    IDENTIFIER "identifier" Warning Warning "a UUID: it is meant to identify, not to keep anyone out"
    KEY_BYTES "key-bytes" Error Warning "the program that uses the value gets too few or too many bytes of key out of it"
    KEYBOARD_MASH "keyboard-mash" Warning Warning "keys struck by hand to fill a field"
    KNOWN_WORD "known-word" Error Warning "one word of every guessing list, plain or as its digest"
    LOW_SHANNON "low-shannon" Warning Warning "the signs of the value are used less evenly than the policy demands"
    PUBLISHED_DEFAULT "published-default" Error Warning "printed in public documentation or shipped as a preset"
    REPETITION "repetition" Warning Warning "parts of the value repeat"
    SEQUENCE "sequence" Warning Warning "parts of the value step along the alphabet, the digits or the keyboard"
    SINGLE_CHARACTER "single-character" Warning Warning "one sign over and over"
    TRUNCATED "truncated" Warning Warning "the value looks like the first part of a longer one"
    WEAK_ENTROPY "weak-entropy" Error Warning "fewer random bits than the environment demands"

    // Names.
    UNDECLARED "undeclared" Note Note "the policy does not know the name, so nothing is checked about it"
    LOOK_ALIKE "look-alike" Warning Warning "the name is almost one that the policy declares and that is not set"

    // Files.
    TRACKED "tracked" Error Warning "git tracks the file: whoever has the repository has its values"
    NOT_IGNORED "not-ignored" Error Warning "git does not ignore the file: the next `git add .` commits it"
    COMMITTED_BEFORE "committed-before" Error Warning "a commit added the file once, and the history keeps what it held"
    NOT_TRACKED "not-tracked" Warning Note "the policy wants the file in the repository, and git does not track it"
    REPOSITORY_UNKNOWN "repository-unknown" Note Note "no repository or no git, so nobody can say whether env files are kept out"
    HISTORY_UNKNOWN "history-unknown" Note Note "only the latest commits are here, so nobody can say what was committed before"
    FILE_MODE "file-mode" Error Warning "others on this machine can read the file"
    FILE_MISSING "file-missing" Error Warning "the policy requires the file, and it is not there"

    // The example.
    EXAMPLE_MISSING "example-missing" Warning Note "the policy names an example of the env file, and it is not there"
    ONLY_IN_EXAMPLE "only-in-example" Warning Note "the example shows the name, and the env file does not set it"
    ONLY_IN_ENV_FILE "only-in-env-file" Warning Note "the env file sets the name, and the example does not show it"
    SECRET_IN_EXAMPLE "secret-in-example" Error Error "the committed example holds what looks like a real value"
    COPIED_FROM_EXAMPLE "copied-from-example" Error Warning "the value in use is the one that the committed example shows"

    // Sign-offs.
    SIGNOFF_MISSING "signoff-missing" Warning Note "the policy wants somebody to confirm the state, and nobody has"
    SIGNOFF_STALE "signoff-stale" Warning Note "what somebody confirmed is not the present state any more"

    // Waivers.
    WAIVER_EXPIRED "waiver-expired" Warning Warning "the day until which a finding was accepted has passed"
    WAIVER_REFUSED "waiver-refused" Warning Warning "what anyone can look up cannot be accepted in production"
    WAIVER_UNKNOWN "waiver-unknown" Warning Warning "a waiver names a rule that there is not"
    WAIVER_UNUSED "waiver-unused" Note Note "a waiver accepts what is not found any more"

    // How an env file is written.
    BYTE_ORDER_MARK "byte-order-mark" Warning Warning "some readers take the mark into the first name"
    CARRIAGE_RETURN "carriage-return" Warning Warning "a shell takes the CR of Windows line ends into the value"
    CONFLICT_MARKER "conflict-marker" Error Error "a merge conflict is not resolved"
    DUPLICATE "duplicate" Warning Warning "a name is assigned twice; readers disagree which one counts"
    HASH_IN_VALUE "hash-in-value" Warning Warning "readers disagree whether a `#` in an unquoted value starts a comment"
    INLINE_COMMENT "inline-comment" Warning Note "`docker run` and systemd take a comment behind a value into the value"
    DOLLAR_IN_VALUE "dollar-in-value" Warning Warning "some readers put something else in place of `$` and what follows"
    QUOTES_KEPT "quotes-kept" Note Note "`docker run --env-file` keeps the quotes as part of the value"
    RUN_BY_A_SHELL "run-by-a-shell" Note Note "a shell that reads the file runs a part of the line as a command"
    READ_DIFFERENTLY "read-differently" Note Note "readers of env files make different values of the line"
    REFUSED_BY_READER "refused-by-reader" Note Note "one of the usual readers refuses the whole file"
    MISSING_EQUALS "missing-equals" Error Error "some readers skip a name alone, some inherit the variable"
    NOT_UTF8 "not-utf8" Error Error "some readers refuse a file that is not UTF-8"
    TEXT_AFTER_QUOTE "text-after-quote" Error Error "text follows a closing quote"
    UNQUOTED_PEM "unquoted-pem" Error Error "readers see only the first line of a PEM block without quotes"
    UNREADABLE_LINE "unreadable-line" Error Error "a line is neither an assignment nor a comment"
    UNTERMINATED_QUOTE "unterminated-quote" Error Error "an opening quote is never closed"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_in_one_style() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();

        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(
                rule.id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
            );
            assert!(!rule.explanation.ends_with('.'), "{}", rule.id);
        }
    }
}
