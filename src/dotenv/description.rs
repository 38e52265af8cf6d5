//! Descriptions from comments, as long as they give nothing away.

use std::collections::HashSet;

use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::dotenv::Proposal;
use crate::dotenv::ProposedRole;
use crate::dotenv::look::is_telling;
use crate::dotenv::look::occurs;

/// Gives each proposal the comment of its entry, unless a value of the file occurs in it or may occur in it.
pub(super) fn add(file: &EnvFile, entries: &[(&Entry, bool)], proposals: &mut [Proposal]) {
    if entries.len() > MAX_ENTRIES {
        return;
    }
    let secret: HashSet<&str> = proposals
        .iter()
        .filter(|proposal| holds_secret(proposal.role))
        .map(|proposal| proposal.name.as_str())
        .collect();
    let values: Vec<&Entry> = file
        .entries()
        .chain(file.commented_out())
        .filter(|entry| secret.contains(entry.name()) || is_telling(entry.value()))
        .collect();
    let descriptions: Vec<_> = entries
        .iter()
        .map(|(entry, _)| {
            let text = tidy(entry.comment().or(entry.note())?);
            let mut values = values.iter().chain([entry]);
            let kept =
                !text.is_empty() && !looks_secret(&text) && !values.any(|other| occurs(other.value(), &text));
            kept.then_some(text)
        })
        .collect();
    for (proposal, description) in proposals.iter_mut().zip(descriptions) {
        proposal.description = description;
    }
}

fn holds_secret(role: ProposedRole) -> bool {
    !matches!(role, ProposedRole::Public | ProposedRole::Variable)
}

/// Makes one line of plain characters of `text`, cut at a word.
fn tidy(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        if line.chars().count() + word.chars().count() >= MAX {
            break;
        }
        if !line.is_empty() && !word.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Characters that change how text around them is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether `text` may hold a secret: a long token with digits, an assignment, or a URL with a login.
fn looks_secret(text: &str) -> bool {
    let token = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || "+/=_-".contains(c)))
        .any(|token| token.len() >= 20 && token.bytes().any(|byte| byte.is_ascii_digit()));
    let assignment = text.split(' ').any(|word| {
        word.split_once('=')
            .is_some_and(|(name, value)| !name.is_empty() && !value.is_empty())
    });
    token || assignment || (text.contains("://") && text.contains('@'))
}

/// Longest description, in characters.
const MAX: usize = 120;

/// Most variables with descriptions: each description is compared with every value.
const MAX_ENTRIES: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tokens_assignments_and_logins_look_secret() {
        for text in [
            "old one: 0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "set A=b",
            "postgres://a:b@host",
        ] {
            assert!(looks_secret(text), "{text}");
        }
        assert!(!looks_secret(
            "generate it with `openssl rand -hex 32`, see https://example.com/docs"
        ));
    }

    #[test]
    fn descriptions_are_one_short_line() {
        assert_eq!(tidy("a\tb\u{202e}c\nd"), "a b c d");
        assert!(tidy(&"word ".repeat(100)).chars().count() <= MAX);
        assert_eq!(tidy(&"x".repeat(500)), "");
    }
}
