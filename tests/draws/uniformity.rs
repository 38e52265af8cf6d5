//! No character is favoured: chi-square over a million characters of every kind of the registry.

use std::collections::BTreeMap;

use chrono::DateTime;
use mintage::generator::generate;
use mintage::policy::Alphabet;
use mintage::policy::CharacterClass;
use mintage::policy::Characters;
use mintage::policy::Kind;
use mintage::policy::Recipe;
use mintage::policy::Shape;
use mintage::policy::kinds::KINDS;
use mintage::policy::kinds::Role;
use mintage::policy::kinds::words;
use rand::Rng;
use rand::RngExt;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

use crate::chi_square::Counts;
use crate::layout::Group;
use crate::layout::NOT_DRAWN;
use crate::layout::groups;
use crate::layout::of_characters;
use crate::times;

/// Characters, or words, that are drawn of every kind.
const DRAWS: usize = 1_000_000;

fn seeded() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(0x6d69_6e74)
}

#[test]
fn no_kind_of_the_registry_favours_a_character() {
    let mut done: Vec<Recipe> = Vec::new();
    let mut unfair = Vec::new();
    for kind in KINDS {
        let is_made_here = matches!(kind.role, Role::Generated | Role::Identifier);
        if !is_made_here || NOT_DRAWN.iter().any(|(name, _)| *name == kind.name) {
            continue;
        }
        let recipe = kind.recipe(&Shape::default()).unwrap();
        // Values of the same recipe are the same draws.
        if done.contains(&recipe) {
            continue;
        }
        for (place, counts) in drawn(kind, &recipe) {
            if !counts.are_fair() {
                unfair.push(format!("{}, {place}: {:.1}", kind.name, counts.deviation()));
            }
        }
        done.push(recipe);
    }

    assert!(done.len() > 10, "the registry was drawn from");
    assert!(unfair.is_empty(), "{unfair:#?}");
}

#[test]
fn what_is_said_to_be_no_drawn_characters_is_in_the_registry() {
    for (name, reason) in NOT_DRAWN {
        assert!(Kind::find(name).is_some(), "{name}: {reason}");
    }
}

/// Draws values of a recipe and counts every group of places by itself.
fn drawn(kind: &Kind, recipe: &Recipe) -> Vec<(String, Counts)> {
    let mut rng = seeded();
    if let Recipe::Words { words } = recipe {
        return vec![("words".to_owned(), words_drawn(*words as usize, recipe))];
    }
    let sample = generate(recipe, DateTime::UNIX_EPOCH, &mut rng).unwrap();
    let groups = groups(kind, recipe, sample.expose());
    counted(&groups, || {
        generate(recipe, DateTime::UNIX_EPOCH, &mut rng)
            .unwrap()
            .expose()
            .to_vec()
    })
}

/// Counts the characters of drawn values in every group of places by itself.
fn counted(groups: &[Group], mut draw: impl FnMut() -> Vec<u8>) -> Vec<(String, Counts)> {
    let places: usize = groups.iter().map(|group| group.places.len()).sum();
    let mut all: Vec<Counts> = groups
        .iter()
        .map(|group| Counts::new(&group.symbols.iter().map(|(_, share)| *share).collect::<Vec<_>>()))
        .collect();
    let indices: Vec<[Option<u8>; 256]> = groups.iter().map(index).collect();
    for _ in 0..(DRAWS * times()).div_ceil(places) {
        let value = draw();
        for ((group, counts), index) in groups.iter().zip(&mut all).zip(&indices) {
            for byte in &value[group.places.clone()] {
                let symbol = index[usize::from(*byte)].expect("a character that cannot be drawn there");
                counts.add(usize::from(symbol));
            }
        }
    }
    let labels = groups.iter().map(|group| format!("places {:?}", group.places));
    labels.zip(all).collect()
}

fn index(group: &Group) -> [Option<u8>; 256] {
    let mut index = [None; 256];
    for (place, (symbol, _)) in (0..).zip(&group.symbols) {
        index[usize::from(*symbol)] = Some(place);
    }
    index
}

fn words_drawn(each: usize, recipe: &Recipe) -> Counts {
    let places: BTreeMap<&[u8], usize> = (0..words::count())
        .map(|place| (words::nth(place).as_bytes(), place))
        .collect();
    let mut counts = Counts::uniform(words::count());
    let mut rng = seeded();
    for _ in 0..(DRAWS * times()).div_ceil(each) {
        let value = generate(recipe, DateTime::UNIX_EPOCH, &mut rng).unwrap();
        for word in value.expose().split(|byte| *byte == b'.') {
            counts.add(places[word]);
        }
    }
    counts
}

#[test]
fn no_pair_of_neighbours_is_favoured() {
    let recipe = Recipe::Characters(Characters::new("test", "base62".parse().unwrap(), 64).unwrap());
    let symbols: Alphabet = "base62".parse().unwrap();
    let place = |byte: u8| symbols.bytes().binary_search(&byte).unwrap();
    let mut rng = seeded();
    let mut pairs = Counts::uniform(62 * 62);

    for _ in 0..(DRAWS * times()).div_ceil(64) {
        let value = generate(&recipe, DateTime::UNIX_EPOCH, &mut rng).unwrap();
        // Pairs that do not overlap are independent.
        for pair in value.expose().chunks_exact(2) {
            pairs.add(place(pair[0]) * 62 + place(pair[1]));
        }
    }

    assert!(pairs.are_fair(), "{}", pairs.deviation());
}

#[test]
fn neighbours_that_follow_each_other_are_seen() {
    // Every character is as frequent as any other, but each depends on the one before.
    let mut rng = seeded();
    let (mut single, mut pairs) = (Counts::uniform(62), Counts::uniform(62 * 62));
    for _ in 0..DRAWS / 2 {
        let first = rng.random_range(0..62);
        let second = (first + rng.random_range(0..61)) % 62;
        single.add(first);
        single.add(second);
        pairs.add(first * 62 + second);
    }

    assert!(single.are_fair(), "{}", single.deviation());
    assert!(!pairs.are_fair(), "the test cannot see it");
}

/// Characters that are equally likely in every place, without rules.
fn plain(symbols: &str, length: u32) -> Characters {
    Characters::new("test", Alphabet::new(symbols), length).unwrap()
}

#[test]
fn a_remainder_of_a_byte_is_seen() {
    let printable: Alphabet = "printable".parse().unwrap();
    let symbols = printable.bytes();
    let characters = Characters::new("test", printable.clone(), 40).unwrap();
    let mut rng = seeded();

    let counts = counted(&of_characters(&characters), || {
        let mut bytes = vec![0; 40];
        rng.fill_bytes(&mut bytes);
        bytes.iter().map(|byte| symbols[usize::from(byte % 94)]).collect()
    });

    for (place, counts) in counts {
        assert!(!counts.are_fair(), "{place}: {}", counts.deviation());
    }
}

/// The default of Vault: one of each class at least, which a quarter of all strings of 20 characters meets.
const VAULT: [&str; 4] = [
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "-",
];
const LENGTH: usize = 20;

fn vault() -> Characters {
    let class = |members: &&str| CharacterClass {
        alphabet: Alphabet::new(members),
        min: 1,
        max: None,
    };
    plain(&VAULT.concat(), LENGTH as u32)
        .with_classes(VAULT.iter().map(class).collect())
        .unwrap()
}

#[test]
fn required_characters_are_no_more_frequent_than_rules_make_them() {
    let recipe = Recipe::Characters(vault());
    let mut rng = seeded();

    let counts = counted(&of_characters(&vault()), || {
        generate(&recipe, DateTime::UNIX_EPOCH, &mut rng)
            .unwrap()
            .expose()
            .to_vec()
    });

    for (place, counts) in counts {
        assert!(counts.are_fair(), "{place}: {}", counts.deviation());
    }
}

#[test]
fn characters_placed_and_shuffled_are_seen() {
    let all = VAULT.concat().into_bytes();
    let mut rng = seeded();

    let counts = counted(&of_characters(&vault()), || {
        let mut pick = |from: &[u8]| from[rng.random_range(0..from.len())];
        let mut value: Vec<u8> = VAULT.iter().map(|class| pick(class.as_bytes())).collect();
        while value.len() < LENGTH {
            value.push(pick(&all));
        }
        value.shuffle(&mut rng);
        value
    });

    for (place, counts) in counts {
        assert!(!counts.are_fair(), "{place}: {}", counts.deviation());
    }
}

/// Of 4 characters, all acceptable strings are counted as symbols of their own.
#[test]
fn every_string_that_meets_the_rules_is_equally_likely() {
    let class = |members: &str, min| CharacterClass {
        alphabet: Alphabet::new(members),
        min,
        max: None,
    };
    let characters = plain("01ab-", 4)
        .with_classes(vec![class("01", 1), class("ab", 2)])
        .unwrap()
        .with_plain_edges()
        .unwrap();
    let symbols = characters.alphabet().bytes().to_vec();
    let string = |number: usize| [125, 25, 5, 1].map(|place| symbols[number / place % 5]);
    let kept: Vec<[u8; 4]> = (0..625)
        .map(string)
        .filter(|text| characters.accepts(text))
        .collect();
    let recipe = Recipe::Characters(characters);
    let mut rng = seeded();
    let mut counts = Counts::uniform(kept.len());

    for _ in 0..DRAWS / 4 {
        let value = generate(&recipe, DateTime::UNIX_EPOCH, &mut rng).unwrap();
        counts.add(kept.iter().position(|text| text == value.expose()).unwrap());
    }

    assert!(counts.are_fair(), "{}", counts.deviation());
    // And that many bits are said to be kept, or fewer.
    assert!(recipe.bits() <= (kept.len() as f64).log2());
}
