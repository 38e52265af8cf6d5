//! When a certificate is announced, and what becomes of bytes that are none.

use chrono::DateTime;
use chrono::TimeDelta;
use proptest::prelude::*;

use crate::contract::certificate::read_chain;
use crate::contract::certificate::read_pem;
use crate::contract::certificate::remind_from;
use crate::policy::Period;
use crate::secret::SecretValue;

/// Days before its end on which a certificate of so many days is announced.
fn days_ahead(life: i64, ahead: Option<Period>) -> i64 {
    let start = DateTime::UNIX_EPOCH;
    let end = start + TimeDelta::days(life);
    (end - remind_from(start, end, ahead)).num_days()
}

#[test]
fn a_short_life_is_announced_in_its_last_third() {
    assert_eq!(days_ahead(398, None), 30);
    assert_eq!(days_ahead(90, None), 30);
    assert_eq!(days_ahead(48, None), 16);
    assert_eq!(days_ahead(6, None), 2);
    assert_eq!(days_ahead(6, Some(Period::days(30))), 30);
}

#[test]
fn the_end_of_time_is_no_trouble() {
    let (start, end) = (DateTime::UNIX_EPOCH, chrono::DateTime::<chrono::Utc>::MAX_UTC);

    assert!(remind_from(start, end, None) < end);
    assert_eq!(
        remind_from(end, start, Some(Period::days(1))),
        start - TimeDelta::days(1)
    );
}

proptest! {
    #[test]
    fn bytes_that_are_no_certificate_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read_chain(std::slice::from_ref(&bytes)).is_err());
        let text = [b"-----BEGIN CERTIFICATE-----\n".as_slice(), &bytes].concat();
        prop_assert!(read_pem(&SecretValue::new(text)).is_err());
    }
}
