//! Values that people make up, derive, copy or fill in: each class by a stated rule.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use md5::Digest;
use rand::RngExt;
use rand_chacha::ChaCha20Rng;
use ring::digest;

use crate::pools;
use crate::random;
use crate::typed;
use crate::typed::Typist;

/// A class of weak values: its name and how one of them is made.
pub struct Class {
    pub name: &'static str,
    pub make: Make,
}

pub enum Make {
    By(fn(&mut ChaCha20Rng) -> String),
    /// A phrase of so many words of a language.
    Language(&'static str),
}

impl Class {
    pub fn make(&self, rng: &mut ChaCha20Rng) -> String {
        match self.make {
            Make::By(make) => make(rng),
            Make::Language(words) => phrase(words, rng),
        }
    }
}

/// Every class; those of other languages and of mashed keys have a name that begins with `text:` or `mash`.
pub fn classes() -> Vec<Class> {
    let by = |(name, make): (&'static str, fn(&mut ChaCha20Rng) -> String)| Class {
        name,
        make: Make::By(make),
    };
    let languages = pools::LANGUAGES.iter().map(|(name, words)| Class {
        name,
        make: Make::Language(words),
    });
    MADE_UP
        .into_iter()
        .chain(DERIVED)
        .map(by)
        .chain(typed::STYLES.into_iter().map(by))
        .chain(languages)
        .collect()
}

const MADE_UP: [(&str, Typist); 20] = [
    ("placeholder", placeholder),
    ("organisation template", organisation),
    ("leet phrase", |rng| leet(&phrase(pools::ENGLISH, rng), rng)),
    ("sequence", sequence),
    ("keyboard walk", keyboard),
    ("repeated unit", repeated),
    ("English sentence", sentence),
    ("English phrase", |rng| phrase(pools::ENGLISH, rng)),
    ("dates", dates),
    ("names and birthdays", names),
    ("default credentials", credentials),
    ("identifiers of code", identifiers),
    ("addresses", addresses),
    ("words and numbers", |rng| {
        (0..4)
            .map(|_| format!("{}{}", one(pools::ENGLISH, rng), rng.random_range(0..100)))
            .collect()
    }),
    ("template syntax", templates),
    ("one character", |rng| {
        random::drawn(random::PRINTABLE, 1, rng).repeat(rng.random_range(24..70))
    }),
    ("hexspeak", |rng| {
        let count = rng.random_range(4..8);
        (0..count)
            .map(|_| {
                one(
                    "deadbeef cafebabe feedface baadf00d c0ffee00 facade00 defaced0 0badcafe",
                    rng,
                )
            })
            .collect()
    }),
    ("mirrored words", |rng| {
        let text = joined(
            &[
                one(pools::ENGLISH, rng),
                one(pools::ENGLISH, rng),
                one(pools::ENGLISH, rng),
            ],
            "",
        );
        text.clone() + &text.chars().rev().collect::<String>()
    }),
    ("word and short random tail", |rng| {
        sentence(rng) + "-" + &random::drawn(random::BASE62, 8, rng)
    }),
    ("words with misspellings", misspelt),
];

const DERIVED: [(&str, Typist); 18] = [
    ("base64 of text", |rng| STANDARD.encode(sentence(rng))),
    ("base64url of text", |rng| {
        URL_SAFE_NO_PAD.encode(placeholder(rng))
    }),
    ("hex of text", |rng| hex::encode(sentence(rng))),
    ("base32 of text", |rng| {
        data_encoding::BASE32.encode(sentence(rng).as_bytes())
    }),
    ("base64 twice", |rng| {
        STANDARD.encode(STANDARD.encode(sentence(rng)))
    }),
    ("hex of base64", |rng| hex::encode(STANDARD.encode(sentence(rng)))),
    ("rot13", |rng| rot13(&sentence(rng))),
    ("reversed text", |rng| sentence(rng).chars().rev().collect()),
    ("escaped text", |rng| {
        sentence(rng)
            .bytes()
            .take(24)
            .map(|byte| format!("\\x{byte:02x}"))
            .collect()
    }),
    ("percent-encoded text", |rng| {
        sentence(rng)
            .bytes()
            .take(24)
            .map(|byte| format!("%{byte:02X}"))
            .collect()
    }),
    ("digest of a common word", digest_of_word),
    ("UUID of a clock", |rng| {
        format!(
            "{:08x}-{:04x}-11ee-{:04x}-0242ac12{:04x}",
            rng.random::<u32>(),
            rng.random::<u16>(),
            0x8000 | rng.random_range(0..0x4000),
            rng.random_range(0..16)
        )
    }),
    ("UUID of a name", |rng| {
        let mut bytes = [0; 16];
        let sum = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, sentence(rng).as_bytes());
        bytes.copy_from_slice(&sum.as_ref()[..16]);
        uuid::Builder::from_sha1_bytes(bytes).into_uuid().to_string()
    }),
    ("ObjectId", |rng| {
        format!(
            "{:08x}{}{:06x}",
            0x6500_0000 + rng.random_range(0..0x100_0000),
            random::drawn(random::HEX, 10, rng),
            rng.random_range(0..4096)
        )
    }),
    ("timestamps", |rng| {
        let start = 1_600_000_000_000_u64 + rng.random_range(0..200_000_000_000_u64);
        (0..3)
            .map(|step| (start + step * rng.random_range(1..100_000_u64)).to_string())
            .collect()
    }),
    ("zero-padded", |rng| {
        format!(
            "{:0>64}",
            random::drawn(random::HEX, rng.random_range(4..16), rng)
        )
    }),
    ("counted bytes", |rng| {
        let (start, step) = (rng.random::<u8>(), [1, 1, 2, 16, 17, 255][rng.random_range(0..6)]);
        (0..32_u8)
            .map(|at| format!("{:02x}", start.wrapping_add(at.wrapping_mul(step))))
            .collect()
    }),
    ("base64 of repeated bytes", |rng| {
        let unit = random::random_bytes([1, 2, 3, 4][rng.random_range(0..4)], rng);
        STANDARD.encode(unit.repeat(32 / unit.len()))
    }),
];

fn one<'a>(pool: &'a str, rng: &mut ChaCha20Rng) -> &'a str {
    let words: Vec<&str> = pool.split_whitespace().collect();
    words[rng.random_range(0..words.len())]
}

fn joined(words: &[&str], separator: &str) -> String {
    words.join(separator)
}

/// Words until there are 26 letters, joined in one of the usual ways, sometimes with a number behind them.
pub fn phrase(words: &str, rng: &mut ChaCha20Rng) -> String {
    let separator = ["", "", "-", "_", " ", "."][rng.random_range(0..6)];
    let capitals = rng.random_range(0..3) == 0;
    let mut parts: Vec<String> = Vec::new();
    while parts.iter().map(String::len).sum::<usize>() < 26 {
        let word = one(words, rng);
        parts.push(if capitals { capital(word) } else { word.to_owned() });
    }
    let tail = match rng.random_range(0..4) {
        0 => rng.random_range(0..3_000).to_string(),
        1 => "!".to_owned(),
        _ => String::new(),
    };
    parts.join(separator) + &tail
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

fn sentence(rng: &mut ChaCha20Rng) -> String {
    let text = pools::SENTENCES[rng.random_range(0..pools::SENTENCES.len())];
    let words: Vec<&str> = text.split(' ').collect();
    let front = rng.random_range(0..words.len() - 6);
    let mut text = words[front..].join(["", "-", "_", " "][rng.random_range(0..4)]);
    if rng.random_range(0..3) == 0 {
        text += &format!("{}", rng.random_range(1..100));
    }
    text
}

fn placeholder(rng: &mut ChaCha20Rng) -> String {
    let secret = one(pools::KINDS_OF_SECRET, rng).to_owned()
        + ["-secret", "_key", "Token", "-password"][rng.random_range(0..4)];
    let text = one(pools::PLACEHOLDERS, rng).replace('X', &secret);
    match rng.random_range(0..4) {
        0 => text.to_uppercase(),
        1 => text.replace('-', "_"),
        2 => text + "-" + &rng.random_range(1..100).to_string(),
        _ => text,
    }
}

fn organisation(rng: &mut ChaCha20Rng) -> String {
    let separator = ["-", "_", ".", ""][rng.random_range(0..4)];
    let year = rng.random_range(2015..2030).to_string();
    let month = format!("{:02}", rng.random_range(1..13));
    let secret = capital(one(pools::KINDS_OF_SECRET, rng));
    let parts = [
        one(pools::ORGANISATIONS, rng),
        one(pools::ENVIRONMENTS, rng),
        &secret,
        "Secret",
        &year,
        &month,
    ];
    joined(&parts, separator) + ["", "!", "#1", "-v2"][rng.random_range(0..4)]
}

fn leet(text: &str, rng: &mut ChaCha20Rng) -> String {
    let all = rng.random::<bool>();
    text.chars()
        .map(|letter| {
            let other = match letter.to_ascii_lowercase() {
                'a' => '4',
                'e' => '3',
                'i' => '1',
                'o' => '0',
                's' => '5',
                't' => '7',
                _ => letter,
            };
            if all || rng.random() { other } else { letter }
        })
        .collect()
}

fn sequence(rng: &mut ChaCha20Rng) -> String {
    let ring = [
        "abcdefghijklmnopqrstuvwxyz",
        "0123456789",
        "0123456789abcdef",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ];
    let (one, other) = (
        ring[rng.random_range(0..4)].as_bytes(),
        ring[rng.random_range(0..3)].as_bytes(),
    );
    let (start, length) = (rng.random_range(0..10), rng.random_range(32..65));
    let text: String = match rng.random_range(0..3) {
        0 => (0..length)
            .map(|at| char::from(one[(start + at) % one.len()]))
            .collect(),
        1 => (0..length)
            .map(|at| {
                char::from(if at % 2 == 0 {
                    one[(start + at / 2) % one.len()]
                } else {
                    other[at / 2 % other.len()]
                })
            })
            .collect(),
        _ => (0..length / 4)
            .flat_map(|at| (0..4).map(move |step| char::from(one[(start + at + step) % one.len()])))
            .collect(),
    };
    if rng.random() {
        text.chars().rev().collect()
    } else {
        text
    }
}

fn keyboard(rng: &mut ChaCha20Rng) -> String {
    const WALKS: &str = "qwertyuiop asdfghjkl zxcvbnm 1234567890 1qaz2wsx 3edc4rfv 5tgb6yhn 7ujm8ik 0okm9ijn qazwsxedc \
        rfvtgbyhn poiuytrewq lkjhgfdsa mnbvcxz 1q2w3e4r 5t6y7u8i qweasdzxc rtyfghvbn zaqxsw !QAZ@WSX";
    let mut text = String::new();
    while text.len() < 30 {
        text += one(WALKS, rng);
    }
    if rng.random_range(0..3) == 0 {
        text.to_uppercase()
    } else {
        text
    }
}

fn repeated(rng: &mut ChaCha20Rng) -> String {
    let unit = random::drawn(
        [random::HEX, random::BASE62, random::LOWER][rng.random_range(0..3)],
        rng.random_range(2..8),
        rng,
    );
    unit.repeat(40 / unit.len() + 1)
}

fn dates(rng: &mut ChaCha20Rng) -> String {
    let shape = rng.random_range(0..3);
    (0..4)
        .map(|_| {
            let (year, month, day) = (
                rng.random_range(1960..2030),
                rng.random_range(1..13),
                rng.random_range(1..29),
            );
            match shape {
                0 => format!("{year}{month:02}{day:02}"),
                1 => format!("{year}-{month:02}-{day:02}"),
                _ => format!("{day:02}.{month:02}.{year}"),
            }
        })
        .collect()
}

fn names(rng: &mut ChaCha20Rng) -> String {
    (0..3)
        .map(|_| {
            format!(
                "{}{}",
                capital(one(pools::FIRST_NAMES, rng)),
                rng.random_range(1950..2020)
            )
        })
        .collect()
}

fn credentials(rng: &mut ChaCha20Rng) -> String {
    let words: Vec<&str> = (0..5).map(|_| one(pools::PASSWORDS, rng)).collect();
    joined(&words, [":", "-", "", "_"][rng.random_range(0..4)])
}

fn identifiers(rng: &mut ChaCha20Rng) -> String {
    const VERBS: &str = "get set find create update delete load validate refresh";
    let nouns: String = (0..4).map(|_| capital(one("user session token request context manager factory service handler store cache config client order payment", rng))).collect();
    one(VERBS, rng).to_owned() + &nouns
}

fn addresses(rng: &mut ChaCha20Rng) -> String {
    let (organisation, environment) = (
        one(pools::ORGANISATIONS, rng).to_lowercase(),
        one(pools::ENVIRONMENTS, rng).to_lowercase(),
    );
    match rng.random_range(0..3) {
        0 => format!(
            "https://api.{environment}.{organisation}.com/v{}/login",
            rng.random_range(1..5)
        ),
        1 => format!(
            "{}.{}@mail.{organisation}.com",
            one(pools::FIRST_NAMES, rng),
            one(pools::FIRST_NAMES, rng)
        ),
        _ => format!(
            "db-{environment}-{:02}.internal.{organisation}.local",
            rng.random_range(1..20)
        ),
    }
}

fn templates(rng: &mut ChaCha20Rng) -> String {
    let name = one(pools::KINDS_OF_SECRET, rng).to_uppercase();
    match rng.random_range(0..6) {
        0 => format!("${{{name}_SECRET:-{}}}", sentence(rng)),
        1 => format!("{{{{ .Values.secrets.{name} }}}}"),
        2 => format!("<your {} secret of 32 characters>", name.to_lowercase()),
        3 => format!("$(openssl rand -hex 32 > {name})"),
        4 => format!("op://production/{}/credential", name.to_lowercase()),
        _ => format!("%{name}_SECRET%"),
    }
}

fn misspelt(rng: &mut ChaCha20Rng) -> String {
    let mut text: Vec<u8> = phrase(pools::ENGLISH, rng).into_bytes();
    for _ in 0..text.len() / 10 {
        let at = rng.random_range(1..text.len());
        match rng.random_range(0..3) {
            0 => text.swap(at - 1, at),
            1 => text[at] = text[at - 1],
            _ => drop(text.remove(at)),
        }
    }
    String::from_utf8(text).unwrap()
}

fn rot13(text: &str) -> String {
    let turn = |letter: u8, start: u8| char::from((letter - start + 13) % 26 + start);
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' => turn(byte, b'a'),
            b'A'..=b'Z' => turn(byte, b'A'),
            _ => char::from(byte),
        })
        .collect()
}

fn digest_of_word(rng: &mut ChaCha20Rng) -> String {
    digest_of(one(pools::PASSWORDS, rng), rng)
}

/// The digest of a text by one of four algorithms in hexadecimal or base64.
pub fn digest_of(text: &str, rng: &mut ChaCha20Rng) -> String {
    let sum = match rng.random_range(0..4) {
        0 => md5::Md5::digest(text).to_vec(),
        1 => digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes())
            .as_ref()
            .to_vec(),
        2 => digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec(),
        _ => digest::digest(&digest::SHA512, text.as_bytes()).as_ref().to_vec(),
    };
    match rng.random_range(0..3) {
        0 => STANDARD.encode(sum),
        1 => hex::encode_upper(sum),
        _ => hex::encode(sum),
    }
}

/// The digest of a phrase that is in no list: no judge can tell it from a random value.
pub fn digest_of_phrase(rng: &mut ChaCha20Rng) -> String {
    let text = phrase(pools::ENGLISH, rng);
    digest_of(&text, rng)
}
