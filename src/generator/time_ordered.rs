//! UUIDs that sort by the time of their making.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use rand::RngExt;

use crate::generator::uuid_text;
use crate::secret::SecretValue;

/// Makes UUIDs of version 7, each greater than the one before (RFC 9562 §5.7, §6.2 method 2).
///
/// The first of a millisecond has 74 random bits; the others of it continue from there in random steps. A clock that
/// was set back is waited for at the last millisecond.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeOrdered {
    last: Option<(u64, u128)>,
}

impl TimeOrdered {
    /// Makes the next one. Times before 1970 count as 1970.
    pub fn next(&mut self, now: DateTime<Utc>, rng: &mut dyn CryptoRng) -> SecretValue {
        let now = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let (millis, random) = match self.last {
            Some((millis, random)) if millis >= now => {
                let next = random + 1 + rng.random_range(0..MOST_OF_A_STEP);
                // The room of a millisecond is used up: the next one is ahead of the clock (RFC 9562 §6.2).
                if next < ROOM {
                    (millis, next)
                } else {
                    (millis + 1, fresh(rng))
                }
            }
            _ => (now, fresh(rng)),
        };
        self.last = Some((millis, random));
        uuid_text(uuid::Builder::from_unix_timestamp_millis(
            millis,
            &laid_out(random),
        ))
    }
}

fn fresh(rng: &mut dyn CryptoRng) -> u128 {
    rng.random_range(0..ROOM)
}

/// Lays 74 bits out around the fixed bits: version and variant are written over the gaps.
fn laid_out(random: u128) -> [u8; 10] {
    let (front, back) = ((random >> 62) as u16, random as u64 & (u64::MAX >> 2));
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&front.to_be_bytes());
    bytes[2..].copy_from_slice(&back.to_be_bytes());
    bytes
}

/// Numbers of 74 bits.
const ROOM: u128 = 1 << 74;

/// What one step can be at most: who sees one UUID of a millisecond does not know the next.
const MOST_OF_A_STEP: u128 = 1 << 32;

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;
    use uuid::Uuid;

    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(millis).unwrap()
    }

    fn id(value: &SecretValue) -> Uuid {
        Uuid::try_parse_ascii(value.expose()).unwrap()
    }

    fn millis(id: Uuid) -> i64 {
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        i64::try_from(seconds).unwrap() * 1_000 + i64::from(nanos / 1_000_000)
    }

    #[test]
    fn each_sorts_behind_the_one_before_though_the_clock_stands_or_goes_back() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let (mut ids, mut last) = (TimeOrdered::default(), String::new());
        for step in 0..10_000 {
            // Stands still for a hundred, and every thousand it goes back.
            let now = at(1_750_000_000_000 + step / 100 - 500 * i64::from(step % 1_000 > 900));

            let value = ids.next(now, &mut rng);

            let text = String::from_utf8(value.expose().to_vec()).unwrap();
            assert!(text > last, "{step}");
            assert_eq!(id(&value).get_version_num(), 7);
            assert_eq!(id(&value).get_variant(), uuid::Variant::RFC4122);
            assert_eq!(millis(id(&value)), 1_750_000_000_000 + step / 100, "{step}");
            last = text;
        }
    }

    #[test]
    fn a_millisecond_without_room_gives_way_to_the_next() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let mut ids = TimeOrdered {
            last: Some((1_000, ROOM - 1)),
        };

        assert_eq!(millis(id(&ids.next(at(1_000), &mut rng))), 1_001);
    }

    #[test]
    fn all_74_bits_are_drawn_and_the_time_is_whole() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let (mut ones, mut zeros) = (0_u128, 0_u128);
        for _ in 0..200 {
            let id = id(&TimeOrdered::default().next(at(0x0123_4567_89ab), &mut rng)).as_u128();
            ones |= id;
            zeros |= !id;
        }

        let varying = ones & zeros;

        assert_eq!(varying, 0x0fff_3fff_ffff_ffff_ffff);
        assert_eq!(ones >> 80, 0x0123_4567_89ab);
    }
}
