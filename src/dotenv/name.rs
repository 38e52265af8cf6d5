//! The words of a variable's name.

/// A name as words in upper case, `dbPassword_1` as `_DB_PASSWORD_`.
///
/// Questions are asked in whole words, so that `LETSENCRYPT` is no `ENCRYPT` and `PROXY_BYPASS` no `PASS`.
pub(super) struct Name {
    /// All words, each with `_` on both sides.
    words: String,
    /// How much of `words` is left without the words that say which one of several it is.
    core: usize,
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        let mut words = String::from("_");
        let mut before = '_';
        for c in name.chars() {
            let boundary =
                !c.is_ascii_alphanumeric() || (before.is_ascii_lowercase() && c.is_ascii_uppercase());
            if boundary && !words.ends_with('_') {
                words.push('_');
            }
            if c.is_ascii_alphanumeric() {
                words.push(c.to_ascii_uppercase());
            }
            before = c;
        }
        if !words.ends_with('_') {
            words.push('_');
        }
        Self::of_words(parted(&words))
    }

    fn of_words(words: String) -> Self {
        let core = core_length(&words);
        Self { words, core }
    }

    /// Returns the words, each with `_` on both sides.
    pub(super) fn into_words(self) -> String {
        self.words
    }

    /// Returns the words with `other` in place of `tail` at their end; `None` where nothing stands before it.
    pub(super) fn with_tail(&self, tail: &str, other: &str) -> Option<String> {
        let stem = self.words.strip_suffix('_')?.strip_suffix(tail)?;
        (stem.len() > 1 && stem.ends_with('_')).then(|| format!("{stem}{other}_"))
    }

    /// Returns `CLIENT_SECRET_HEROKU` as `HEROKU_CLIENT_SECRET`, so that its end says what it is.
    ///
    /// `is_owner` tells whether words are somebody who issues credentials. Beside a client or an API key, anybody can
    /// be; but `API_KEY_PREFIX` is no key of a service called prefix.
    pub(super) fn turned(self, is_owner: impl Fn(&str) -> bool) -> Self {
        let turned = CREDENTIALS.iter().find_map(|credential| {
            let rest = self.words.strip_prefix('_')?.strip_prefix(credential)?;
            let owner = rest.strip_prefix('_')?.strip_suffix('_')?;
            let whoever = credential.starts_with("CLIENT_") || *credential == "API_KEY";
            let named = whoever && !DESCRIPTIONS.iter().any(|word| self.ends_in(word));
            let turns = (named || is_owner(owner)) && !self.is(credential);
            turns.then(|| format!("_{owner}_{credential}_"))
        });
        turned.map(Self::of_words).unwrap_or(self)
    }

    /// Returns whether the words of `sequence`, joined with `_`, occur one after the other.
    pub(super) fn has(&self, sequence: &str) -> bool {
        sequence.is_empty()
            || self
                .words
                .match_indices(sequence)
                .any(|(at, _)| self.is_whole(at, sequence))
    }

    /// Returns whether one of `sequences` occurs.
    pub(super) fn has_any(&self, sequences: &[&str]) -> bool {
        sequences.iter().any(|sequence| self.has(sequence))
    }

    /// Returns whether the name ends in `sequence`, a number or an environment behind it left aside.
    pub(super) fn ends_in(&self, sequence: &str) -> bool {
        [self.core, self.words.len()].into_iter().any(|end| {
            self.words[..end - 1]
                .strip_suffix(sequence)
                .is_some_and(|rest| rest.ends_with('_'))
        })
    }

    /// Returns whether the name ends in one of `sequences`.
    pub(super) fn ends_in_any(&self, sequences: &[&str]) -> bool {
        sequences.iter().any(|sequence| self.ends_in(sequence))
    }

    /// Returns whether the name starts with `sequence`.
    pub(super) fn starts_with(&self, sequence: &str) -> bool {
        self.words
            .get(1..)
            .and_then(|words| words.strip_prefix(sequence))
            .is_some_and(|rest| rest.starts_with('_'))
    }

    /// Returns whether the name is `sequence` and nothing else.
    pub(super) fn is(&self, sequence: &str) -> bool {
        self.starts_with(sequence) && self.core == sequence.len() + 2
    }

    fn is_whole(&self, at: usize, sequence: &str) -> bool {
        let bytes = self.words.as_bytes();
        at > 0 && bytes.get(at - 1) == Some(&b'_') && bytes.get(at + sequence.len()) == Some(&b'_')
    }
}

/// Parts words that are written together, so that `SMTPPASSWORD` ends in `PASSWORD`.
fn parted(words: &str) -> String {
    let mut parted = String::from("_");
    for word in words.split('_').filter(|word| !word.is_empty()) {
        let known = COMPOUNDS.iter().find_map(|end| {
            let whole = end.replace('_', "");
            let before = word.strip_suffix(whole.as_str())?;
            (before.is_empty() || before.len() + whole.len() >= LEAST_COMPOUND).then_some((before, *end))
        });
        let pass = || {
            word.strip_suffix("PASS")
                .filter(|before| WITH_PASS.contains(before))
        };
        let known = known.or_else(|| pass().map(|before| (before, "PASS")));
        let (before, end) = known.unwrap_or(("", word));
        for piece in [before, end].into_iter().filter(|piece| !piece.is_empty()) {
            parted.push_str(piece);
            parted.push('_');
        }
    }
    parted
}

fn core_length(words: &str) -> usize {
    let mut core = words.len();
    while let Some((rest, last)) = words[..core - 1].rsplit_once('_') {
        let numbered = last
            .trim_start_matches('V')
            .bytes()
            .all(|byte| byte.is_ascii_digit());
        if rest.is_empty() || !(numbered || WHICH_ONE.contains(&last)) {
            break;
        }
        core = rest.len() + 1;
    }
    core
}

/// Ends of words that are written together, the longer ones first.
const COMPOUNDS: &[&str] = &[
    "SECRET_ACCESS_KEY",
    "ACCESS_KEY_ID",
    "ENCRYPTION_KEY",
    "ENCRYPT_KEY",
    "PRIVATE_KEY",
    "PUBLIC_KEY",
    "SIGNING_KEY",
    "ACCESS_KEY",
    "SECRET_KEY",
    "MASTER_KEY",
    "API_KEY",
    "APPLICATION_ID",
    "CLIENT_SECRET",
    "CLIENT_ID",
    "ACCESS_TOKEN",
    "REFRESH_TOKEN",
    "AUTH_TOKEN",
    "API_TOKEN",
    "BOT_TOKEN",
    "PASSPHRASE",
    "PASSWORD",
    "SECRET",
    "SALT",
];

/// Fewest characters of a word that is parted: `BASALT` is none.
const LEAST_COMPOUND: usize = 8;

/// Words that `PASS` is written together with; `BYPASS` and `COMPASS` are no passwords.
const WITH_PASS: &[&str] = &[
    "ADMIN", "DB", "FTP", "LDAP", "MAIL", "MONGO", "MYSQL", "PG", "POSTGRES", "REDIS", "ROOT", "SMTP",
    "USER", "VNC",
];

/// Names of credentials that can stand before their owner.
const CREDENTIALS: &[&str] = &[
    "CLIENT_APP_ID",
    "CLIENT_ID",
    "CLIENT_PRIVATE_KEY",
    "CLIENT_SECRET",
    "ACCESS_TOKEN",
    "API_KEY",
    "API_TOKEN",
    "AUTH_TOKEN",
    "BOT_TOKEN",
    "PASSWORD",
    "SECRET_KEY",
    "SECRET",
    "TOKEN",
];

/// Last words that describe a credential and do not own it.
const DESCRIPTIONS: &[&str] = &[
    "ALGORITHM",
    "ALLOWED",
    "BYTES",
    "CLAIM",
    "COOKIE",
    "COST",
    "COUNT",
    "DAYS",
    "DISABLED",
    "DOMAIN",
    "EMAIL",
    "ENABLED",
    "ENDPOINT",
    "EXPIRATION",
    "EXPIRES",
    "EXPIRY",
    "FIELD",
    "FILE",
    "FORMAT",
    "HASH",
    "HEADER",
    "HOST",
    "HOURS",
    "ID",
    "IN",
    "KEY",
    "KEYS",
    "LEN",
    "LENGTH",
    "LIFETIME",
    "LIMIT",
    "LOCATION",
    "MAX",
    "METHOD",
    "MIN",
    "MINUTES",
    "MODE",
    "MS",
    "NAME",
    "PASSWORD",
    "PATH",
    "PATTERN",
    "POLICY",
    "PREFIX",
    "RATE",
    "REGEX",
    "REQUIRED",
    "RESTRICTIONS",
    "ROLE",
    "ROLES",
    "ROTATION",
    "ROUNDS",
    "SALT",
    "SCHEME",
    "SCOPES",
    "SECONDS",
    "SECRET",
    "SIZE",
    "TOKEN",
    "TTL",
    "TYPE",
    "URI",
    "URL",
    "USER",
    "USERNAME",
    "VERSION",
    "WINDOW",
];

/// Words that say which one of several it is, or how it is written.
const WHICH_ONE: &[&str] = &[
    "B64",
    "BASE64",
    "CURRENT",
    "DEFAULT",
    "DEV",
    "DEVELOPMENT",
    "FALLBACK",
    "FALLBACKS",
    "LIVE",
    "LOCAL",
    "NEW",
    "NEXT",
    "OLD",
    "PREV",
    "PREVIOUS",
    "PROD",
    "PRODUCTION",
    "SANDBOX",
    "SECONDARY",
    "STAGING",
    "TEST",
    "VALUE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_count() {
        let name = Name::new("LETSENCRYPT_PROXY_BYPASS");

        assert!(name.has("PROXY") && name.has("PROXY_BYPASS") && name.starts_with("LETSENCRYPT"));
        assert!(!name.has("ENCRYPT") && !name.has("PROX") && !name.ends_in("PASS"));
    }

    #[test]
    fn words_written_together_are_parted() {
        for (name, tail) in [
            ("MM_EMAILSETTINGS_SMTPPASSWORD", "SMTP_PASSWORD"),
            ("AMAZONS3SECRETACCESSKEY", "AMAZONS3_SECRET_ACCESS_KEY"),
            ("ATRESTENCRYPTKEY", "ATREST_ENCRYPT_KEY"),
            ("PUBLICLINKSALT", "PUBLICLINK_SALT"),
            ("MY_APIKEY", "API_KEY"),
            ("REDISPASS", "REDIS_PASS"),
        ] {
            assert!(Name::new(name).ends_in(tail), "{name}");
        }
        assert!(!Name::new("BASALT").ends_in("SALT"));
        assert!(!Name::new("PROXY_BYPASS").ends_in("PASS"));
        assert!(!Name::new("MONKEY").ends_in("KEY"));
    }

    #[test]
    fn an_owner_behind_a_credential_comes_to_its_front() {
        let turned = |name: &str| Name::new(name).turned(|owner| owner == "ACME").into_words();

        assert_eq!(turned("CLIENT_SECRET_HEROKU"), "_HEROKU_CLIENT_SECRET_");
        assert_eq!(turned("API_KEY_OPEN_FIGI"), "_OPEN_FIGI_API_KEY_");
        assert_eq!(turned("TOKEN_ACME"), "_ACME_TOKEN_");
        for name in ["API_KEY_2", "API_KEY_RATE_LIMIT", "TOKEN_OTHER"] {
            assert_eq!(turned(name), format!("_{name}_"));
        }
        for name in [
            "API_KEY_PREFIX",
            "CLIENT_SECRET_EXPIRY",
            "PASSWORD_ITERATIONS",
            "TOKEN",
        ] {
            assert_eq!(turned(name), format!("_{name}_"));
        }
    }

    #[test]
    fn numbers_and_environments_at_the_end_are_left_aside() {
        for name in [
            "_APP_OPENSSL_KEY_V1",
            "openssl.key.2",
            "opensslKey",
            "OPENSSL__KEY_OLD_2",
        ] {
            assert!(Name::new(name).ends_in("OPENSSL_KEY"), "{name}");
        }
        assert!(Name::new("KEY").is("KEY"));
        assert!(Name::new("KEY_V2").is("KEY"));
        assert!(!Name::new("KEY_ID").is("KEY"));
        for name in ["", "_", "...", "é", "V1", "1_2"] {
            assert!(!Name::new(name).ends_in("KEY"), "{name}");
        }
    }
}
