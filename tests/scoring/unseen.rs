//! Ways of filling a field, and languages, that the models were not tuned on.
//!
//! The first three styles were held out until the model of steps was made with them in view. The others, and the words of
//! languages that no table holds, were written after the models stood, and measured once.

use rand::RngExt;
use rand_chacha::ChaCha20Rng;

use crate::typed::Typist;

/// A way of filling a field, by its name.
pub const STYLES: [(&str, Typist); 8] = [
    ("unseen mash, drifting fingers", drifting),
    ("unseen mash, slaps", slaps),
    ("unseen mash, shifted rolls", shifted_rolls),
    ("unseen mash, habits of one person", habitual),
    ("unseen mash, two hands of fingers", fingers),
    ("unseen mash, numbers between", numbered),
    ("unseen mash, circling", circling),
    ("unseen mash, groups", grouped),
];

/// Words of languages that no table was counted over.
pub const LANGUAGES: [(&str, &str); 8] = [
    (
        "afrikaans",
        "my hond eet altyd brood wanneer dit buite reen geheime wagwoord vir ewig ons huis is baie groot hallo \
        wereld rooi appel kaas venster more gister vandag miskien nooit ster maan familie suster ouma skool werk",
    ),
    (
        "estonian",
        "minu koer soob alati leiba kui valjas sajab salajane parool igavesti meie maja on vaga suur tere maailm \
        punane oun juust aken homme eile tana voib olla mitte kunagi taht kuu paike perekond vend vanaema kool",
    ),
    (
        "icelandic",
        "hundurinn minn bordar alltaf braud thegar rignir uti leynilegt lykilord ad eilifu husid okkar er mjog stort \
        hallo heimur raudur epli ostur gluggi morgun gaer dag kannski aldrei stjarna tungl sol fjolskylda systir",
    ),
    (
        "latvian",
        "mans suns vienmer ed maizi kad ara list slepena parole uz visiem laikiem musu maja ir loti liela sveika pasaule \
        sarkans abols siers logs rit vakar sodien varbut nekad zvaigzne meness saule gimene bralis masa skola darbs",
    ),
    (
        "basque",
        "nire txakurrak beti jaten du ogia kanpoan euria egiten duenean pasahitz sekretua betiko gure etxea oso handia \
        da kaixo mundua sagar gorria gazta leihoa bihar atzo gaur agian inoiz izarra ilargia eguzkia familia anaia",
    ),
    (
        "maori",
        "ka kai tonu taku kuri i te paraoa i te wa e ua ana i waho kupu huna mo ake tonu atu he nui rawa to matou whare \
        kia ora ao whero aporo matapihi apopo inanahi ra pea kore rawa whetu marama whanau tuakana tuahine kura mahi",
    ),
    (
        "slovak",
        "moj pes vzdy je chlieb ked vonku prsi tajne heslo navzdy nas dom je velmi velky ahoj svet cervene jablko \
        syr okno zajtra vcera dnes mozno nikdy hviezda mesiac slnko rodina brat sestra babka skola praca srdce",
    ),
    (
        "yoruba",
        "aja mi maa n je akara nigbati ojo ba ro ita asiri oro igbaniwole lailai ile wa tobi pupo bawo ni aye pupa \
        ferese ola ana oni boya rara irawo osupa oorun ebi arakunrin arabinrin iya agba ile iwe ise okan ofeefee",
    ),
];

const ROWS: [&[u8]; 4] = [b"1234567890", b"qwertyuiop", b"asdfghjkl;", b"zxcvbnm,./"];

fn length(rng: &mut ChaCha20Rng) -> usize {
    rng.random_range(24..49)
}

/// Each hand hovers over a place that moves slowly, and strikes around it.
fn drifting(rng: &mut ChaCha20Rng) -> String {
    let mut places = [(2.0_f64, 2.0_f64), (2.0, 7.0)];
    let mut hand = 0;
    (0..length(rng))
        .map(|_| {
            if rng.random::<f64>() < 0.6 {
                hand = 1 - hand;
            }
            let around = |spread: f64, rng: &mut ChaCha20Rng| {
                (rng.random::<f64>() + rng.random::<f64>() + rng.random::<f64>() - 1.5) * spread
            };
            let (row, column) = &mut places[hand];
            *row = (*row + around(0.3, rng)).clamp(1.2, 2.6);
            *column = (*column + around(0.5, rng)).clamp(hand as f64 * 5.0 + 0.5, hand as f64 * 4.0 + 4.0);
            let struck = (*row + around(1.2, rng)).round().clamp(0.0, 3.0) as usize;
            let at = (*column + around(3.0, rng)).round().clamp(0.0, 8.0) as usize;
            let key = ROWS[struck][at.min(if struck == 3 { 6 } else { 8 })];
            char::from(key)
        })
        .collect()
}

/// A flat hand hits several neighbouring keys at once, in no order.
fn slaps(rng: &mut ChaCha20Rng) -> String {
    let wanted = length(rng);
    let mut text = String::new();
    while text.len() < wanted {
        let row = [1, 2, 2, 2, 3][rng.random_range(0..5)];
        let count = rng.random_range(3..7);
        let from = rng.random_range(0..6);
        let mut keys: Vec<u8> = (0..count)
            .map(|_| {
                let line = if rng.random::<f64>() < 0.8 { row } else { 2 };
                ROWS[line][(from + rng.random_range(0..5)).min(if line == 3 { 6 } else { 8 })]
            })
            .collect();
        keys.dedup();
        text.extend(keys.into_iter().map(char::from));
    }
    text
}

/// Short rolls over any row, the digits too, with the shift key held for some of them.
fn shifted_rolls(rng: &mut ChaCha20Rng) -> String {
    let wanted = length(rng);
    let mut text = String::new();
    while text.len() < wanted {
        let row = [0, 1, 1, 2, 2, 2, 3][rng.random_range(0..7)];
        let last = if row == 3 { 6 } else { 8 };
        let shift = row > 0 && rng.random::<f64>() < 0.3;
        let mut at = rng.random_range(0..=last);
        for _ in 0..rng.random_range(2..6) {
            let key = char::from(ROWS[row][at]);
            text.push(if shift { key.to_ascii_uppercase() } else { key });
            at = match rng.random_range(0..6) {
                0 => rng.random_range(0..=last),
                1 | 2 => at.saturating_sub(1),
                3 => (at + 2).min(last),
                _ => (at + 1).min(last),
            };
        }
    }
    text
}

/// Pairs and triples of keys that one person falls back on, in any order.
fn habitual(rng: &mut ChaCha20Rng) -> String {
    let row = |rng: &mut ChaCha20Rng| ROWS[[1, 2, 2, 3][rng.random_range(0..4)]];
    let habits: Vec<Vec<u8>> = (0..7)
        .map(|_| {
            let count = rng.random_range(1..4);
            (0..count)
                .map(|_| {
                    let row = row(rng);
                    row[rng.random_range(0..7)]
                })
                .collect()
        })
        .collect();
    let wanted = length(rng);
    let mut text = Vec::new();
    while text.len() < wanted {
        if rng.random::<f64>() < 0.15 {
            let row = row(rng);
            text.push(row[rng.random_range(0..7)]);
        } else {
            text.extend(&habits[rng.random_range(0..habits.len())]);
        }
    }
    text.into_iter().map(char::from).collect()
}

/// Each finger has its column, strong fingers strike more often, and a finger never strikes twice.
fn fingers(rng: &mut ChaCha20Rng) -> String {
    const COLUMNS: [&[u8]; 8] = [b"aqz", b"swx", b"dec", b"frvgtb", b"jumhyn", b"ki", b"lo", b"p"];
    const STRENGTHS: [usize; 16] = [0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7];
    let mut last = 8;
    (0..length(rng))
        .map(|_| {
            let mut finger = last;
            while finger == last {
                finger = STRENGTHS[rng.random_range(0..STRENGTHS.len())];
            }
            last = finger;
            let column = COLUMNS[finger];
            let home = rng.random::<f64>() < 0.6;
            char::from(if home {
                column[0]
            } else {
                column[rng.random_range(0..column.len())]
            })
        })
        .collect()
}

/// Short bursts of neighbouring letters with numbers typed in between.
fn numbered(rng: &mut ChaCha20Rng) -> String {
    let wanted = length(rng);
    let mut text = String::new();
    while text.len() < wanted {
        let (row, from) = (ROWS[rng.random_range(1..4)], rng.random_range(0..4));
        for _ in 0..rng.random_range(3..8) {
            text.push(char::from(row[from + rng.random_range(0..3)]));
        }
        for _ in 0..rng.random_range(1..4) {
            text.push(char::from(ROWS[0][rng.random_range(0..10)]));
        }
    }
    text
}

/// Two hands go round in small circles over the letters, now and then a step off.
fn circling(rng: &mut ChaCha20Rng) -> String {
    const CIRCLES: [&[u8]; 6] = [b"asdrew", b"sdfvcx", b"jkluio", b"hjkmnb", b"wertfd", b"uiolkj"];
    let wanted = length(rng);
    let mut text = String::new();
    while text.len() < wanted {
        let circle = CIRCLES[rng.random_range(0..CIRCLES.len())];
        let (mut at, step) = (rng.random_range(0..6), [1, 5][rng.random_range(0..2)]);
        for _ in 0..rng.random_range(2..7) {
            text.push(char::from(circle[at]));
            at = (at + if rng.random_range(0..5) == 0 { 2 } else { step }) % 6;
        }
    }
    text
}

/// Four or five struck keys at a time with a dash between, as keys are printed on boxes.
fn grouped(rng: &mut ChaCha20Rng) -> String {
    let size = rng.random_range(4..6);
    let groups: Vec<String> = (0..6)
        .map(|_| {
            let from = rng.random_range(0..5);
            (0..size)
                .map(|_| {
                    let row = ROWS[[1, 2, 2, 2, 3][rng.random_range(0..5)]];
                    char::from(row[(from + rng.random_range(0..4)).min(6)])
                })
                .collect()
        })
        .collect();
    groups.join("-")
}
