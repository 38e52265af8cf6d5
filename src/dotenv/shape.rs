//! The kind and size of a proposed secret, by what its comments and its value say.

use crate::dotenv::ProposedRole;
use crate::dotenv::hint::Length;
use crate::dotenv::infer::Subject;
use crate::dotenv::infer::Verdict;
use crate::dotenv::look::Token;
use crate::policy::Encoding;

/// What to ask of a kind; `None` is left to the kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Made {
    pub(super) kind: Option<&'static str>,
    pub(super) bytes: Option<u32>,
    pub(super) length: Option<u32>,
    pub(super) encoding: Option<Encoding>,
}

/// Returns the kind of the verdict in the size that the file asks for, as far as it is strong enough.
pub(super) fn shape(subject: &Subject, verdict: &Verdict) -> Made {
    let made = Made {
        kind: verdict.kind,
        ..Made::default()
    };
    match verdict.kind {
        Some("jwt-hs256") if verdict.role == ProposedRole::Secret => jwt(subject, made),
        Some("hex" | "base64") => random_bytes(subject, made),
        Some("password") => password(subject, made),
        _ => made,
    }
}

fn jwt(subject: &Subject, made: Made) -> Made {
    let hint = subject.hint;
    let least = match hint.length {
        Some(Length::AtLeast(count)) => Some(count.div_ceil(2)),
        _ => None,
    };
    Made {
        bytes: hint.bytes.or(least).filter(|bytes| *bytes > 32),
        encoding: hint.encoding.filter(|encoding| *encoding != Encoding::Hex),
        ..made
    }
}

fn random_bytes(subject: &Subject, made: Made) -> Made {
    let hint = subject.hint;
    let plain = if subject.name.ends_in("SECRET_KEY_BASE") {
        64
    } else {
        32
    };
    let bytes = |kind, bytes: u32| Made {
        kind: Some(kind),
        bytes: Some(bytes).filter(|bytes| *bytes != 32),
        ..made
    };
    if hint.bytes.is_some() || hint.command.is_some() {
        let kind = hint.encoding.map(Encoding::name).or(made.kind).unwrap_or("hex");
        return bytes(kind, hint.bytes.filter(|bytes| *bytes >= LEAST).unwrap_or(plain));
    }
    if made.kind == Some("base64") {
        return made;
    }
    match (hint.length, subject.look.token) {
        (Some(Length::AtLeast(count)), _) => bytes("hex", count.div_ceil(2).max(plain)),
        (Some(Length::Exactly(count)), _) if count >= 2 * LEAST && count % 2 == 0 => bytes("hex", count / 2),
        (Some(Length::Exactly(count)), _) if count > 22 => Made {
            kind: Some("alphanumeric"),
            length: Some(count),
            ..made
        },
        (_, Some(Token::Hex(count))) if count >= LEAST => bytes("hex", count),
        (_, Some(Token::Base64(count))) if count >= LEAST => bytes("base64", count),
        (_, Some(Token::Alphanumeric(count))) => Made {
            kind: Some("alphanumeric"),
            length: Some(count).filter(|count| *count != 32),
            ..made
        },
        _ => bytes("hex", plain),
    }
}

fn password(subject: &Subject, made: Made) -> Made {
    let length = match subject.hint.length {
        Some(Length::AtLeast(count)) => Some(count).filter(|count| *count > 32),
        Some(Length::Exactly(count)) => Some(count).filter(|count| *count >= 20 && *count != 32),
        None => None,
    };
    Made { length, ..made }
}

/// Fewest random bytes that the kinds take: 128 bits.
const LEAST: u32 = 16;
