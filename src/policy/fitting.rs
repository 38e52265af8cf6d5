//! Fits a recipe to the consumers that read its values unescaped: fewer characters, and more of them.

use thiserror::Error;

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Embed;
use crate::policy::Encoding;
use crate::policy::Kind;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;

/// A recipe that every listed consumer takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// What was asked for, with the alphabet, length or encoding that it came to.
    pub shape: Shape,
    /// How a value is made.
    pub recipe: Recipe,
    /// What had to change for the consumers, in words; `None` when nothing had to.
    pub change: Option<String>,
}

/// Why no value of a recipe can be read by all consumers.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum EmbedError {
    /// A class that has to be there has no character left.
    #[error(
        "`embed` ({consumers}) takes all {members} characters of a class away, but `classes` needs at least {min} of it"
    )]
    Class {
        /// The consumers.
        consumers: String,
        /// Characters of the class.
        members: usize,
        /// The least number of them in a value.
        min: u32,
    },
    /// Too few characters are left to draw from.
    #[error("`embed` ({consumers}) leaves {left} of {all} characters, too few to draw from")]
    Empty {
        /// The consumers.
        consumers: String,
        /// Characters that are left.
        left: usize,
        /// Characters that were there.
        all: usize,
    },
    /// The format of the value is not ours to choose.
    #[error("`embed` names `{consumer}`, but {recipe} can hold `{character}`, which does not survive there")]
    Format {
        /// The consumer.
        consumer: &'static str,
        /// What a value is made of.
        recipe: String,
        /// The character.
        character: char,
    },
    /// Every value is a number to the consumer.
    #[error("`embed` names `{consumer}`, but {recipe} read as a number there, which drops leading zeros")]
    Number {
        /// The consumer.
        consumer: &'static str,
        /// What a value is made of.
        recipe: String,
    },
    /// The length that makes up for the lost characters is not to be had.
    #[error(
        "`embed` ({consumers}) leaves {left} of {all} characters, too few to keep {bits:.1} bits: {source}"
    )]
    TooLong {
        /// The consumers.
        consumers: String,
        /// Characters that are left.
        left: usize,
        /// Characters that were there.
        all: usize,
        /// Bits to keep.
        bits: f64,
        /// What the kind says of the length.
        source: ShapeError,
    },
}

impl EmbedError {
    /// Returns the consumer that the error is about, where it is one of them.
    pub fn consumer(&self) -> Option<&'static str> {
        match self {
            Self::Format { consumer, .. } | Self::Number { consumer, .. } => Some(consumer),
            _ => None,
        }
    }
}

impl Kind {
    /// Makes the recipe of a value of this kind that survives unescaped in every consumer of `embed`.
    ///
    /// Characters that a consumer does not take are left out, and values become longer until they carry as many bits
    /// as without the consumers: a `length` is then the least length. Bytes are encoded in another way unless the
    /// shape or the kind says how.
    ///
    /// # Errors
    ///
    /// When no recipe of this kind fits.
    pub fn fit(&self, shape: Shape, recipe: Recipe, embed: &[Embed]) -> Result<Fitted, EmbedError> {
        let broken = broken(&recipe, embed);
        match (&recipe, broken) {
            (Recipe::Characters(characters), _) => self.fit_characters(shape, characters, embed),
            (_, None) => Ok(unchanged(shape, recipe)),
            (Recipe::Bytes { encoding, prefix, .. }, Some(error)) => {
                let prefix_fits = embed
                    .iter()
                    .all(|consumer| consumer.breaks_text(prefix).is_none());
                if prefix_fits && shape.encoding.is_none() {
                    self.encode_otherwise(shape, *encoding, embed).ok_or(error)
                } else {
                    Err(error)
                }
            }
            (_, Some(error)) => Err(error),
        }
    }

    fn encode_otherwise(&self, shape: Shape, from: Encoding, embed: &[Embed]) -> Option<Fitted> {
        for to in [Encoding::Base64url, Encoding::Hex] {
            let shape = Shape {
                encoding: Some(to),
                ..shape.clone()
            };
            // A kind that takes no encoding has a format of its own.
            let recipe = self.recipe(&shape).ok()?;
            if broken(&recipe, embed).is_none() {
                let change = format!(
                    "{}: {to} instead of {from}, whose punctuation does not survive there",
                    names(embed)
                );
                return Some(Fitted {
                    shape,
                    recipe,
                    change: Some(change),
                });
            }
        }
        None
    }

    fn fit_characters(&self, shape: Shape, from: &Characters, embed: &[Embed]) -> Result<Fitted, EmbedError> {
        let recipe = Recipe::Characters(from.clone());
        for consumer in embed {
            if let Some(character) = consumer.breaks_text(from.prefix()) {
                return Err(EmbedError::Format {
                    consumer: consumer.name(),
                    recipe: recipe.describe(),
                    character,
                });
            }
            if consumer.reads_numbers() && from.prefix().is_empty() && is_of_digits(from.alphabet()) {
                return Err(EmbedError::Number {
                    consumer: consumer.name(),
                    recipe: recipe.describe(),
                });
            }
        }
        let all = from.alphabet().len();
        let narrowed = embed
            .iter()
            .fold(from.alphabet().clone(), |left, consumer| consumer.narrow(&left));
        if narrowed.len() == all {
            return Ok(unchanged(shape, recipe));
        }
        check_what_is_left(&shape, &narrowed, all, embed)?;
        self.lengthen(&shape, &recipe, &narrowed, all, embed)
    }

    /// Draws from `alphabet` instead, and finds the least length that carries what `recipe` does.
    fn lengthen(
        &self,
        shape: &Shape,
        recipe: &Recipe,
        alphabet: &Alphabet,
        all: usize,
        embed: &[Embed],
    ) -> Result<Fitted, EmbedError> {
        let (wanted, former) = (recipe.bits(), recipe.min_length());
        let per_character = (alphabet.len() as f64).log2();
        // Rules cost bits, so nothing shorter than the bare arithmetic says can do.
        let least = (wanted / per_character)
            .floor()
            .min(f64::from(Characters::MAX_LENGTH)) as u32;
        let mut length = least.max(u32::try_from(former).unwrap_or(u32::MAX));
        loop {
            let longer = Shape {
                charset: Some(alphabet.clone()),
                exclude: None,
                length: Some(length),
                ..shape.clone()
            };
            match self.recipe(&longer) {
                Ok(recipe) if recipe.bits() >= wanted => {
                    let (left, names, kept) = (alphabet.len(), names(embed), wanted.floor());
                    let change = format!(
                        "{names}: {left} of {all} characters are left, {length} instead of {former} characters keep {kept:.0} bits"
                    );
                    return Ok(Fitted {
                        shape: longer,
                        recipe,
                        change: Some(change),
                    });
                }
                // A character adds its own bits and, where rules become easier to meet, some more: half steps stay below.
                Ok(recipe) => length += (((wanted - recipe.bits()) / per_character / 2.0) as u32).max(1),
                Err(ShapeError::TooWeak { .. }) => length += 1,
                Err(source) => {
                    return Err(EmbedError::TooLong {
                        consumers: names(embed),
                        left: alphabet.len(),
                        all,
                        bits: wanted,
                        source,
                    });
                }
            }
        }
    }
}

fn unchanged(shape: Shape, recipe: Recipe) -> Fitted {
    Fitted {
        shape,
        recipe,
        change: None,
    }
}

/// Returns the first consumer that values of `recipe` do not survive in.
fn broken(recipe: &Recipe, embed: &[Embed]) -> Option<EmbedError> {
    embed.iter().find_map(|consumer| {
        consumer.breaks(recipe).map(|character| EmbedError::Format {
            consumer: consumer.name(),
            recipe: recipe.describe(),
            character,
        })
    })
}

fn check_what_is_left(
    shape: &Shape,
    narrowed: &Alphabet,
    all: usize,
    embed: &[Embed],
) -> Result<(), EmbedError> {
    // One character alone carries nothing, however often it is repeated.
    if narrowed.len() < 2 {
        return Err(EmbedError::Empty {
            consumers: names(embed),
            left: narrowed.len(),
            all,
        });
    }
    let needed = shape.classes.iter().flatten().filter(|class| class.min > 0);
    for class in needed {
        let members = class.alphabet.bytes();
        if !members.iter().any(|byte| narrowed.contains(*byte)) {
            return Err(EmbedError::Class {
                consumers: names(embed),
                members: members.len(),
                min: class.min,
            });
        }
    }
    Ok(())
}

fn is_of_digits(alphabet: &Alphabet) -> bool {
    alphabet.bytes().iter().all(u8::is_ascii_digit)
}

fn names(embed: &[Embed]) -> String {
    let names: Vec<_> = embed.iter().map(|consumer| consumer.name()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::CharacterClass;
    use crate::policy::kinds::KINDS;

    fn shape(charset: &str, length: u32) -> Shape {
        Shape {
            charset: charset.parse().ok(),
            length: Some(length),
            ..Shape::default()
        }
    }

    fn fit(kind: &str, shape: Shape, embed: &[Embed]) -> Result<Fitted, EmbedError> {
        let kind = Kind::find(kind).unwrap();
        let recipe = kind.recipe(&shape).unwrap();
        kind.fit(shape, recipe, embed)
    }

    #[test]
    fn lost_characters_are_made_up_for_by_length_and_by_no_more() {
        for consumer in Embed::ALL {
            let before = Kind::find("password")
                .unwrap()
                .recipe(&shape("printable", 40))
                .unwrap();

            let fitted = fit("password", shape("printable", 40), &[consumer]).unwrap();

            assert!(fitted.recipe.bits() >= before.bits(), "{}", consumer.name());
            assert_eq!(consumer.breaks(&fitted.recipe), None);
            assert_eq!(fitted.change.is_some(), fitted.recipe != before);
            let shorter = Shape {
                length: fitted.shape.length.map(|length| length - 1),
                ..fitted.shape
            };
            let shorter = Kind::find("password").unwrap().recipe(&shorter).unwrap();
            assert!(shorter.bits() < before.bits(), "{}", consumer.name());
        }
    }

    #[test]
    fn what_changed_is_said_in_numbers() {
        let fitted = fit("password", shape("printable", 32), &[Embed::Url, Embed::Php]).unwrap();

        assert_eq!(
            fitted.change.as_deref(),
            Some("url, php: 65 of 94 characters are left, 35 instead of 32 characters keep 208 bits")
        );
        assert_eq!(fitted.shape.length, Some(35));
        assert_eq!(fitted.recipe.min_length(), 35);
    }

    #[test]
    fn defaults_that_are_ours_to_choose_need_no_change_but_base64() {
        let mut changed = Vec::new();
        let mut refused = Vec::new();
        for kind in KINDS {
            match fit(kind.name, Shape::default(), &Embed::ALL) {
                Ok(fitted) if fitted.change.is_some() => changed.push(kind.name),
                Ok(_) => {}
                Err(_) => refused.push(kind.name),
            }
        }

        // The order of the registry says nothing here.
        changed.sort_unstable();
        refused.sort_unstable();
        assert_eq!(changed, ["aes-256", "authjs", "n8n", "phoenix"]);
        // Formats of others, base64 by its name, and digits, which YAML takes for a number.
        let formats = [
            "base64",
            "fernet",
            "jwt-eddsa",
            "jwt-es256",
            "jwt-rs256",
            "laravel",
            "mongodb-keyfile",
            "pin",
            "ssh-ed25519",
            "webhook",
            "webhook-ed25519",
            "wireguard",
            "wireguard-psk",
            "wordpress-salts",
        ];
        assert_eq!(refused, formats);
    }

    #[test]
    fn bytes_keep_their_number_in_another_encoding_unless_one_is_named() {
        let named = Shape {
            encoding: Some(Encoding::Base64),
            ..Shape::default()
        };

        let fitted = fit("aes-256", Shape::default(), &[Embed::Url]).unwrap();

        assert_eq!(fitted.recipe.describe(), "32 random bytes as base64url");
        assert_eq!(fitted.shape.encoding, Some(Encoding::Base64url));
        assert!(matches!(
            fit("aes-256", named, &[Embed::Url]),
            Err(EmbedError::Format {
                consumer: "url",
                character: '+',
                ..
            })
        ));
    }

    #[test]
    fn what_no_length_can_mend_is_refused_with_the_arithmetic() {
        let symbols = CharacterClass {
            alphabet: Alphabet::new("$#!"),
            min: 2,
            max: None,
        };
        let classes = Shape {
            classes: Some(vec![symbols]),
            ..shape("printable", 40)
        };
        let of_symbols = Shape {
            charset: Some(Alphabet::new("!#$%&*()0")),
            ..shape("printable", 64)
        };

        let refused = [
            fit("password", classes, &[Embed::Url]),
            fit("password", of_symbols, &[Embed::Url]),
            fit("htpasswd", shape("printable", 72), &[Embed::Url]),
            fit("pin", Shape::default(), &[Embed::Yaml]),
        ]
        .map(|fitted| fitted.unwrap_err().to_string());

        assert_eq!(
            refused,
            [
                "`embed` (url) takes all 3 characters of a class away, but `classes` needs at least 2 of it",
                "`embed` (url) leaves 1 of 9 characters, too few to draw from",
                "`embed` (url) leaves 66 of 94 characters, too few to keep 470.7 bits: `length` is 77, but kind \
                 `htpasswd` takes 1 to 72",
                "`embed` names `yaml`, but 6 characters out of 10 read as a number there, which drops leading zeros",
            ]
        );
    }
}
