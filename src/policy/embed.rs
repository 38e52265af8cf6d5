//! Consumers that read a value unescaped, and the characters that survive there.

use serde::Serialize;

use crate::policy::Alphabet;
use crate::policy::Encoding;
use crate::policy::Recipe;
use crate::policy::document::Choice;

/// A consumer that reads a value as it is written, without quotes or escapes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Embed {
    /// A Docker Compose file, which is YAML where `$` starts a variable, and the env files that it names.
    Compose,
    /// A Docker env file, which takes every line as it is.
    Docker,
    /// An env file.
    Dotenv,
    /// A JSON string.
    Json,
    /// A password file of PostgreSQL, or `password=` of a connection string made of keywords.
    Pgpass,
    /// A PHP string in single or double quotes, or a bare value of a PHP INI file.
    Php,
    /// A POSIX shell.
    Shell,
    /// A systemd unit or environment file.
    Systemd,
    /// User information of a URL (RFC 3986 §3.2.1): unreserved characters only.
    Url,
    /// A plain YAML scalar.
    Yaml,
}

impl Embed {
    /// Every consumer.
    pub const ALL: [Self; 10] = [
        Self::Compose,
        Self::Docker,
        Self::Dotenv,
        Self::Json,
        Self::Pgpass,
        Self::Php,
        Self::Shell,
        Self::Systemd,
        Self::Url,
        Self::Yaml,
    ];

    /// Returns the name as policies spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Docker => "docker",
            Self::Dotenv => "dotenv",
            Self::Json => "json",
            Self::Pgpass => "pgpass",
            Self::Php => "php",
            Self::Shell => "shell",
            Self::Systemd => "systemd",
            Self::Url => "url",
            Self::Yaml => "yaml",
        }
    }

    /// Returns the punctuation that survives there in every place of a value, beside letters and digits.
    const fn punctuation(self) -> &'static str {
        match self {
            // `:` at the end makes a mapping of a YAML scalar, `@` and `%` may not start one, `,` ends it in a list.
            Self::Compose | Self::Yaml => "-._+/=^",
            Self::Docker => "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
            // What came through ten parsers of env files, bash among them.
            Self::Dotenv | Self::Shell => "-._+/=:@%,^",
            Self::Json => "!#$%&'()*+,-./:;<=>?@[]^_`{|}~",
            Self::Pgpass => "!#$%&()*+,-./;<=>?@[]^_`{|}~",
            // INI files give `=`, `^` and `~` a meaning, too.
            Self::Php => "-._+/:@%,",
            // `%` starts a specifier in a unit.
            Self::Systemd => "-._+/=:@,^",
            Self::Url => "-._~",
        }
    }

    /// Returns whether the consumer makes a number of a value that reads as one.
    pub(super) const fn reads_numbers(self) -> bool {
        matches!(self, Self::Compose | Self::Yaml)
    }

    /// Returns those of `characters` that survive there.
    pub(super) fn narrow(self, characters: &Alphabet) -> Alphabet {
        let breaking: String = characters
            .bytes()
            .iter()
            .filter(|byte| !self.takes(**byte))
            .copied()
            .map(char::from)
            .collect();
        characters.without(&breaking)
    }

    /// Returns whether a character survives there in every place of a value.
    pub fn takes(self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || self.punctuation().as_bytes().contains(&byte)
    }

    /// Returns a character of `text` that does not survive there.
    pub(super) fn breaks_text(self, text: &str) -> Option<char> {
        text.bytes().find(|byte| !self.takes(*byte)).map(char::from)
    }

    /// Returns a character that values of `recipe` can hold and that does not survive there.
    pub fn breaks(self, recipe: &Recipe) -> Option<char> {
        let mut characters = characters_of(recipe);
        characters.retain(|byte| !self.takes(*byte));
        characters.first().copied().map(char::from)
    }
}

impl Choice for Embed {
    const WHAT: &'static str = "consumer";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("compose", Self::Compose),
        ("docker", Self::Docker),
        ("dotenv", Self::Dotenv),
        ("json", Self::Json),
        ("pgpass", Self::Pgpass),
        ("php", Self::Php),
        ("shell", Self::Shell),
        ("systemd", Self::Systemd),
        ("url", Self::Url),
        ("yaml", Self::Yaml),
    ];
}

/// Returns the characters that values of `recipe` can hold, letters and digits apart from those of an alphabet.
fn characters_of(recipe: &Recipe) -> Vec<u8> {
    match recipe {
        Recipe::Bytes { encoding, prefix, .. } => {
            let own = match encoding {
                Encoding::Base64 => "+/=",
                Encoding::Base64url => "-_",
                Encoding::Hex => "",
            };
            [own.as_bytes(), prefix.as_bytes()].concat()
        }
        Recipe::Characters(characters) => {
            [characters.alphabet().bytes(), characters.prefix().as_bytes()].concat()
        }
        Recipe::Given => Vec::new(),
        Recipe::Made(made) => made.punctuation.as_bytes().to_vec(),
        Recipe::Uuid | Recipe::UuidV7 => b"-".to_vec(),
        Recipe::Words { .. } => b".-".to_vec(),
    }
}

/// Returns how many different characters the drawn part of `recipe` can hold, where that is known.
pub(crate) fn symbols_of(recipe: &Recipe) -> Option<usize> {
    match recipe {
        Recipe::Bytes { encoding, .. } => Some(match encoding {
            Encoding::Base64 | Encoding::Base64url => 64,
            Encoding::Hex => 16,
        }),
        Recipe::Characters(characters) => Some(Alphabet::len(characters.alphabet())),
        _ => None,
    }
}
