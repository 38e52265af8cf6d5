//! What can be said about a value without showing it.

use crate::dotenv::hint::Hint;
use crate::dotenv::json;
use crate::dotenv::placeholder;
use crate::dotenv::url;
use crate::dotenv::url::Url;
use crate::policy::kinds::issuers;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::kinds::issuers::Start;
use crate::secret::SecretValue;

/// What can be said about a value without showing it. No part of the value is kept.
#[derive(Debug)]
pub(super) struct Look {
    /// Nothing at all.
    pub(super) empty: bool,
    /// Nothing, a word for nothing, or something to be replaced.
    pub(super) placeholder: bool,
    pub(super) form: Form,
    /// The issuer whose tokens start like this.
    pub(super) start: Option<&'static Start>,
    /// The format that the value alone tells.
    pub(super) shape: Option<&'static IssuedShape>,
    /// How the value says it is to be made.
    pub(super) hint: Hint,
    /// Encoded random bytes, as far as one can tell.
    pub(super) token: Option<Token>,
    /// Whether it is the path of a file, and no text that starts with `/` by chance.
    pub(super) file: bool,
    /// Whether it is `user:password`.
    pub(super) login: bool,
    /// Whether it is JSON with a member that is called like a secret.
    pub(super) secret_member: bool,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Bool,
    Duration,
    Email,
    /// Encrypted where it stands, by sops or dotenvx.
    Encrypted,
    Float,
    Int,
    Json,
    List,
    Path,
    Pem,
    /// Stands for a value that is kept elsewhere.
    Reference,
    Text,
    Url(Url),
}

/// Encoded random bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    /// So many letters and digits.
    Alphanumeric(u32),
    /// base64 of so many bytes.
    Base64(u32),
    /// Hexadecimal of so many bytes.
    Hex(u32),
}

impl Look {
    /// Looks at `value`.
    pub(super) fn of(value: &SecretValue) -> Self {
        let text = exposed(value);
        let form = form(text);
        let url_placeholder = matches!(form, Form::Url(url) if url.weak_password);
        let placeholder = url_placeholder || placeholder::is_placeholder(text);
        Self {
            empty: value.is_empty(),
            placeholder: placeholder && (!text.is_empty() || value.is_empty()),
            form,
            start: Start::of(text),
            shape: issuers::recognise(text.as_bytes()),
            hint: Hint::of(text),
            token: token(text).filter(|_| !placeholder),
            file: form == Form::Path && is_file(text),
            login: form == Form::Text && is_login(text),
            secret_member: json::members(text).next().is_some(),
        }
    }
}

/// Returns whether `value` occurs in `text`. Values of less than three characters would occur anywhere and do not count.
pub(super) fn occurs(value: &SecretValue, text: &str) -> bool {
    let value = exposed(value);
    value.len() >= 3 && text.contains(value)
}

/// Returns whether `value` is long and more than a word, so that it occurs in a text on purpose only.
pub(super) fn is_telling(value: &SecretValue) -> bool {
    let value = exposed(value);
    value.len() >= 8 && !value.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Returns the trimmed text of a value, which is empty for one that is no text: the only place that reads values.
fn exposed(value: &SecretValue) -> &str {
    std::str::from_utf8(value.expose()).unwrap_or_default().trim()
}

fn form(text: &str) -> Form {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number =
        |text: &str| (1..=MAX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() {
        Form::Text
    } else if BOOLS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        Form::Bool
    } else if is_number(digits) {
        Form::Int
    } else if digits
        .split_once('.')
        .is_some_and(|(whole, part)| is_number(whole) && is_number(part))
    {
        Form::Float
    } else if is_duration(text) {
        Form::Duration
    } else {
        structure(text)
    }
}

fn structure(text: &str) -> Form {
    if text.starts_with("encrypted:") || text.starts_with("ENC[") {
        return Form::Encrypted;
    }
    if is_reference(text) {
        return Form::Reference;
    }
    if text.starts_with("-----BEGIN") {
        return Form::Pem;
    }
    let url = url::read(text);
    match url {
        Some(url) if url.password || !text.contains(',') => Form::Url(url),
        _ if text.starts_with('{') || text.starts_with("[{") => Form::Json,
        _ if text.contains(',') => Form::List,
        _ if is_email(text) => Form::Email,
        _ if is_path(text) => Form::Path,
        _ => Form::Text,
    }
}

/// A number with one of the units that policies know.
fn is_duration(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < text.len() && ["s", "m", "h", "d", "w", "mo", "y"].contains(&unit)
}

fn is_reference(text: &str) -> bool {
    let name = text.strip_prefix('$').unwrap_or_default();
    let braced = name.starts_with('{') && name.ends_with('}') && name.matches('}').count() == 1;
    let bare = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    braced || bare || REFERENCES.iter().any(|start| text.starts_with(start))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.contains('@')
            && !text.contains(|c: char| c.is_whitespace() || "/:<>".contains(c))
    })
}

fn is_path(text: &str) -> bool {
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    drive
        || ["/", "./", "../", "~/"]
            .iter()
            .any(|start| text.starts_with(start))
}

/// Returns whether a path ends in the name of a file, or lies where files of a system are.
fn is_file(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let is_known = |extension: &str| FILES.iter().any(|known| extension.eq_ignore_ascii_case(known));
    extension.is_some_and(is_known) || DIRECTORIES.iter().any(|start| path.starts_with(start))
}

fn is_login(text: &str) -> bool {
    let halves = text.split_once(':');
    halves.is_some_and(|(user, password)| !user.is_empty() && !password.is_empty())
        && !text.contains(char::is_whitespace)
}

fn token(text: &str) -> Option<Token> {
    let encoded = text.strip_prefix("base64:").unwrap_or(text);
    let count = u32::try_from(encoded.len())
        .ok()
        .filter(|count| (32..=512).contains(count))?;
    let digits = encoded.bytes().any(|byte| byte.is_ascii_digit());
    let core = encoded.trim_end_matches('=');
    let padding = count - u32::try_from(core.len()).unwrap_or(count);
    let only = |extra: &str| {
        core.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || extra.as_bytes().contains(&byte))
    };
    if !digits {
        None
    } else if padding == 0 && count % 2 == 0 && encoded.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Some(Token::Hex(count / 2))
    } else if count % 4 == 0 && padding < 3 && only("+/") && (padding > 0 || !only("")) {
        Some(Token::Base64(count / 4 * 3 - padding))
    } else {
        (padding == 0 && only("")).then_some(Token::Alphanumeric(count))
    }
}

/// Digits of the largest number that is one; more of them are a token.
const MAX_DIGITS: usize = 18;

const BOOLS: [&str; 6] = ["true", "false", "yes", "no", "on", "off"];

/// Extensions of files with keys and settings.
const FILES: [&str; 15] = [
    "asc", "cer", "conf", "crt", "env", "json", "jks", "key", "p12", "p8", "pem", "pfx", "pub", "txt", "yml",
];

/// Where files of a system are.
const DIRECTORIES: [&str; 8] = [
    "/app/", "/certs/", "/etc/", "/home/", "/opt/", "/run/", "/usr/", "/var/",
];

/// How references to another place start.
const REFERENCES: [&str; 7] = [
    "op://",
    "ref+",
    "vault:",
    "{{",
    "arn:aws:secretsmanager:",
    "awssm://",
    "gcpsm://",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str) -> Look {
        Look::of(&SecretValue::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn forms_are_told_apart() {
        for (text, form) in [
            ("TRUE", Form::Bool),
            ("3000", Form::Int),
            ("-1", Form::Int),
            ("0.5", Form::Float),
            ("15m", Form::Duration),
            ("15x", Form::Text),
            ("a@example.com", Form::Email),
            ("a@example.com,b@example.com", Form::List),
            ("https://a.example,https://b.example", Form::List),
            ("./data", Form::Path),
            ("${OTHER}", Form::Reference),
            ("$OTHER", Form::Reference),
            ("$2b$12$abc", Form::Text),
            ("op://vault/item/field", Form::Reference),
            ("ref+awsssm://x", Form::Reference),
            ("vault:secret/x#y", Form::Reference),
            ("{{ .Values.x }}", Form::Reference),
            ("encrypted:abc", Form::Encrypted),
            ("ENC[AES256_GCM,data:x]", Form::Encrypted),
            ("{\"a\":1}", Form::Json),
            ("words", Form::Text),
            ("", Form::Text),
        ] {
            assert_eq!(look(text).form, form, "{text}");
        }
    }

    #[test]
    fn encoded_bytes_are_told_apart() {
        let hex = "0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(2);
        let base64 = ["Zm9vYmFyYmF6cXV4", "Zm9vYmFyYmF6cXV4", "Zm9vYmFy8+A="].concat();
        assert_eq!(look(&hex).token, Some(Token::Hex(32)));
        assert_eq!(look(&base64).token, Some(Token::Base64(32)));
        assert_eq!(look(&format!("base64:{base64}")).token, Some(Token::Base64(32)));
        assert_eq!(look(&"aB3dE6gH".repeat(5)).token, Some(Token::Alphanumeric(40)));
        assert_eq!(look("not a token").token, None);
        assert_eq!(look(&"0".repeat(64)).token, None);
    }

    #[test]
    fn debug_output_shows_no_value() {
        assert!(!format!("{:?}", look("postgres://user:canary@host/db")).contains("canary"));
    }
}
