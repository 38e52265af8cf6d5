//! Ids of versions.

use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

/// The id of one version: a UUIDv7 (RFC 9562), so that ids sort by the time of their making.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct VersionId(Uuid);

impl VersionId {
    /// Makes an id for `now` with 74 random bits. Times before 1970 count as 1970.
    pub fn new(now: DateTime<Utc>, rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0; 10];
        rng.fill_bytes(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for VersionId {
    type Err = uuid::Error;

    /// Accepts the hyphenated lower-case form only, since ids are file names.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = Uuid::try_parse(text)?;
        if id.hyphenated().to_string() == text {
            Ok(Self(id))
        } else {
            Uuid::try_parse("").map(Self)
        }
    }
}
