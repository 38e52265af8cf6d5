//! What can be said about a whole value without taking it apart. Each rule has its text here.

pub(super) mod blacklist;
pub(super) mod damage;
pub(super) mod encoded;
pub(super) mod identifier;
pub(super) mod key_bytes;
pub(super) mod passphrase;
pub(super) mod placeholder;
pub(super) mod prefix;
pub(super) mod stand_in;
pub(super) mod truncated;

use crate::policy::Finding;
use crate::policy::Severity;

/// A rule: its stable id, what was found and what to do. None of the texts depends on the value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    message: &'static str,
    fix: &'static str,
}

impl Rule {
    /// Makes the finding of this rule.
    pub(super) fn finding(self, severity: Severity) -> Finding {
        self.saying(severity, self.message.to_owned())
    }

    /// Makes the finding of this rule with a message of its own.
    pub(super) fn saying(self, severity: Severity, message: String) -> Finding {
        Finding {
            rule: self.id,
            severity,
            environment: None,
            name: None,
            location: None,
            message,
            fix: self.fix.to_owned(),
        }
    }
}

const fn rule(id: &'static str, message: &'static str, fix: &'static str) -> Rule {
    Rule { id, message, fix }
}

const MINT: &str = "mint a new one: `mintage create` or `mintage rotate`";

pub(super) const BLACKLISTED: Rule = rule(
    "blacklisted",
    "made of one of the ten texts that the Lumiku checklist forbids",
    MINT,
);
pub(super) const BREACHED: Rule = rule("breached", "", MINT);
pub(super) const COMMON_WORDS: Rule = rule(
    "common-words",
    "mostly words, or letters in the order of ordinary language",
    MINT,
);
pub(super) const CONTAINS_NAME: Rule = rule(
    "contains-name",
    "much of it is the name of the variable, the application or the host",
    MINT,
);
pub(super) const DAMAGED: Rule = rule(
    "damaged",
    "quotes, white space or a byte order mark around it, as a bad paste leaves them",
    "bring it in again without them",
);
pub(super) const EMPTY: Rule = rule("empty", "nothing at all, or a word that stands for nothing", MINT);
pub(super) const ENCODED_TEXT: Rule = rule(
    "encoded-text",
    "ordinary text or counted bytes, encoded, backwards or with shifted letters, which adds no strength",
    MINT,
);
pub(super) const KEYBOARD_MASH: Rule = rule(
    "keyboard-mash",
    "keys struck by hand to fill a field, which fall where hands rest",
    MINT,
);
pub(super) const KEY_BYTES: Rule = rule("key-bytes", "", MINT);
pub(super) const KNOWN_WORD: Rule = rule(
    "known-word",
    "one word of every guessing list, plain or as its digest",
    MINT,
);
pub(super) const LOW_SHANNON: Rule = rule("low-shannon", "", MINT);
pub(super) const MADE_IDENTIFIER: Rule = rule(
    "identifier",
    "a UUID made from a clock, a name or nothing: it identifies and keeps nobody out",
    MINT,
);
pub(super) const PLACEHOLDER: Rule = rule("placeholder", "a text that was meant to be filled in", MINT);
pub(super) const PUBLISHED_DEFAULT: Rule = rule(
    "published-default",
    "printed in public documentation or shipped as a preset: anyone can try it",
    MINT,
);
pub(super) const RANDOM_IDENTIFIER: Rule = rule(
    "identifier",
    "a UUID of version 4: 122 random bits, but meant to identify, not to keep anyone out",
    "use one of the other kinds: `mintage generate --explain` shows them",
);
pub(super) const REFERENCE: Rule = rule(
    "reference",
    "it names a value kept elsewhere, which cannot be judged from here",
    "judge the value where it is kept",
);
pub(super) const REPETITION: Rule = rule("repetition", "parts of it repeat", MINT);
pub(super) const SEQUENCE: Rule = rule(
    "sequence",
    "parts of it step along the alphabet, the digits or the keyboard",
    MINT,
);
pub(super) const SINGLE_CHARACTER: Rule = rule("single-character", "one sign over and over", MINT);
pub(super) const TEMPLATE: Rule = rule(
    "template",
    "template syntax or masking, where a value was meant to be",
    "fill it in where the file is made, or mint a new one: `mintage create`",
);
pub(super) const TOO_SHORT: Rule = rule("too-short", "", MINT);
pub(super) const TRUNCATED: Rule = rule(
    "truncated",
    "",
    "bring the whole value in, in quotes where a file holds it",
);
pub(super) const WEAK_ENTROPY: Rule = rule("weak-entropy", "", MINT);
