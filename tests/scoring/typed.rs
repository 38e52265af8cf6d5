//! What hands type that only want to fill a field.

use rand::RngExt;
use rand_chacha::ChaCha20Rng;

const LEFT: [&str; 3] = ["asdfg", "qwert", "zxcvb"];
const RIGHT: [&str; 3] = ["hjkl", "yuiop", "nm"];
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Types a value.
pub type Typist = fn(&mut ChaCha20Rng) -> String;

/// A way of filling a field, by its name.
pub const STYLES: [(&str, Typist); 9] = [
    ("mash, alternating hands", alternating),
    ("mash, rolling fingers", rolling),
    ("mash, home row", home_row),
    ("mash, bursts", bursts),
    ("mash, few keys", few_keys),
    ("mash, neighbours", neighbours),
    ("mash, digits and capitals", with_digits),
    ("mash, one hand", one_hand),
    ("mash, as found", as_found),
];

fn key(rows: &[&str; 3], home: f64, rng: &mut ChaCha20Rng) -> char {
    let row = match rng.random::<f64>() {
        share if share < home => 0,
        share if share < home + (1.0 - home) * 0.8 => 1,
        _ => 2,
    };
    one_of(rows[row], rng)
}

fn one_of(keys: &str, rng: &mut ChaCha20Rng) -> char {
    char::from(keys.as_bytes()[rng.random_range(0..keys.len())])
}

fn length(rng: &mut ChaCha20Rng) -> usize {
    rng.random_range(26..44)
}

fn alternating(rng: &mut ChaCha20Rng) -> String {
    let mut left = rng.random::<bool>();
    (0..length(rng))
        .map(|_| {
            left ^= rng.random::<f64>() < 0.85;
            key(if left { &LEFT } else { &RIGHT }, 0.65, rng)
        })
        .collect()
}

fn rolling(rng: &mut ChaCha20Rng) -> String {
    let mut text = String::new();
    let wanted = length(rng);
    while text.len() < wanted {
        let row = ROWS[[0, 1, 1, 1, 2][rng.random_range(0..5)]].as_bytes();
        let count = rng.random_range(2..6).min(row.len());
        let start = rng.random_range(0..=row.len() - count);
        let mut roll: Vec<u8> = row[start..start + count].to_vec();
        if rng.random::<bool>() {
            roll.reverse();
        }
        text.extend(roll.into_iter().map(char::from));
    }
    text
}

fn home_row(rng: &mut ChaCha20Rng) -> String {
    (0..length(rng))
        .map(|_| {
            let home = rng.random::<f64>() < 0.75;
            one_of(if home { "asdfghjkl" } else { "qwertyuiopzxcvbnm" }, rng)
        })
        .collect()
}

fn bursts(rng: &mut ChaCha20Rng) -> String {
    let mut text = String::new();
    let wanted = length(rng);
    while text.len() < wanted {
        let mut burst: Vec<char> = (0..rng.random_range(3..6))
            .map(|_| key(if rng.random() { &LEFT } else { &RIGHT }, 0.6, rng))
            .collect();
        for _ in 0..rng.random_range(1..5) {
            let at = rng.random_range(0..burst.len());
            match rng.random_range(0..4) {
                0 => burst[at] = key(if rng.random() { &LEFT } else { &RIGHT }, 0.6, rng),
                1 => burst.rotate_left(1),
                _ => (),
            }
            text.extend(&burst);
        }
    }
    text
}

fn few_keys(rng: &mut ChaCha20Rng) -> String {
    let keys: String = (0..rng.random_range(5..9))
        .map(|_| key(if rng.random() { &LEFT } else { &RIGHT }, 0.5, rng))
        .collect();
    (0..length(rng)).map(|_| one_of(&keys, rng)).collect()
}

fn neighbours(rng: &mut ChaCha20Rng) -> String {
    let (mut row, mut column) = (1_usize, rng.random_range(0..9_usize));
    (0..length(rng))
        .map(|_| {
            match rng.random_range(0..8) {
                0 => row = (row + 1).min(2),
                1 => row = row.saturating_sub(1),
                2 => column = rng.random_range(0..9),
                3 | 4 => column = column.saturating_sub(1),
                _ => column += 1,
            }
            column = column.min(ROWS[row].len() - 1);
            char::from(ROWS[row].as_bytes()[column])
        })
        .collect()
}

fn with_digits(rng: &mut ChaCha20Rng) -> String {
    let mut shifted = false;
    let mut digits = false;
    (0..length(rng))
        .map(|_| {
            shifted ^= rng.random::<f64>() < 0.06;
            digits ^= rng.random::<f64>() < if digits { 0.35 } else { 0.08 };
            let found = if digits {
                one_of("1234567890", rng)
            } else {
                key(if rng.random() { &LEFT } else { &RIGHT }, 0.6, rng)
            };
            if shifted {
                found.to_ascii_uppercase()
            } else {
                found
            }
        })
        .collect()
}

fn one_hand(rng: &mut ChaCha20Rng) -> String {
    let hand = if rng.random() { &LEFT } else { &RIGHT };
    (0..length(rng)).map(|_| key(hand, 0.5, rng)).collect()
}

fn as_found(rng: &mut ChaCha20Rng) -> String {
    let text = AS_FOUND[rng.random_range(0..AS_FOUND.len())];
    match rng.random_range(0..4) {
        0 => text.to_uppercase(),
        1 => format!("{text}{}", rng.random_range(1..1_000)),
        _ => text.to_owned(),
    }
}

const AS_FOUND: [&str; 30] = [
    "asdkjfhaskdjfhalksjdhflkajsdhf",
    "weojfriowejiorjwoiejfoiwjefoi",
    "sdfkjhsdkfjhsdkfjhskdjfhskdjfh",
    "fghjdfghjdfghdfghjdfghjkdfghjk",
    "lkjasdlkjqwoeiulkjasdmnzxcoiu",
    "asdfasdfqwerqwerzxcvasdfqwer",
    "jkfdslajfkdlsajfkdlsajfieowpq",
    "aslkdjalskdjaslkdjaslkdjalksjd",
    "dsjfhsdjkfhsdkjfhuiewhfiuwehf",
    "hgfjhgfkjhgkjhgfjkhgfkjhgfjhg",
    "qwpoeiqwpoeiasdlkasdlkjzxcmn",
    "sadfsadfwefewfweafasdfsadfew",
    "iuhiuhoiuhoiuhpoijpoijnoiunoiu",
    "kjsdhfkjshdfiuwehfiuhsdkjfhsdk",
    "eriugherioughioeurhgioerhgioe",
    "vnfjdkvnfdjkvndfjkvndfjkvnfdj",
    "asdasdasdqweqweqwezxczxczxca",
    "fjdksla;fjdksla;fjdkslaieowpqu",
    "ljhasdflkjhasdflkjhasdfkljhasd",
    "poiuytlkjhgfmnbvcpoiulkjhmnbv",
    "dfgdfgdfgdfghfghfghjghjghjkhjk",
    "rtyrtyfghfghvbnvbnrtyfghvbnrty",
    "wlekrjwlekrjwlerkjwlekrjlwekrj",
    "askjdhaksjdh12kjh3kjahsdkjahsd",
    "ewrioewurioewurioewurieowurio",
    "xcvxcvsdfsdfwerwersdfxcvsdfwer",
    "hsdfbhjsdfbhjsdfbhjsdbfhjsbdfh",
    "nmbnmbnmvjhgjhgjhuyiuyiuyjhgj",
    "alksjdflaksdjflasdkjfowieurwoie",
    "sjdkflsjdklfjsdklfjweiorjwioejr",
];
