//! Whether a text means what its type says.

use std::net::IpAddr;

use crate::contract::url::Url;
use crate::policy::ListItem;
use crate::policy::Period;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;

/// Says what is needed where `text` is not of the type of `rules`.
pub(super) fn mismatch(text: &str, rules: &VariablePolicy) -> Option<String> {
    let fits = match rules.of_type() {
        VariableType::Bool => ["true", "false"].contains(&text),
        VariableType::Cidr => is_cidr(text),
        VariableType::Dsn => {
            Url::parse(text).is_some_and(|url| url.user.is_some_and(|user| !user.is_empty()))
        }
        VariableType::Duration => text.parse::<Period>().is_ok(),
        VariableType::Email => is_email(text),
        VariableType::Float => number(text).is_some(),
        VariableType::Int => integer(text).is_some(),
        VariableType::Ip => text.parse::<IpAddr>().is_ok(),
        VariableType::List => return wrong_items(text, rules.of()),
        VariableType::Path => !text.chars().any(char::is_control),
        VariableType::Url => Url::parse(text).is_some(),
        // Enums have rules of their own, and every text is a string.
        _ => true,
    };
    (!fits).then(|| needed(rules.of_type()).to_owned())
}

/// Returns how a boolean is spelt that every program reads alike, where `text` is another spelling of one.
pub(super) fn spelt_otherwise(text: &str, of_type: VariableType) -> Option<&'static str> {
    let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match text {
        "true" | "false" => None,
        _ if of_type != VariableType::Bool => None,
        _ if is(["true", "yes", "on", "1"]) => Some("true"),
        _ if is(["false", "no", "off", "0"]) => Some("false"),
        _ => None,
    }
}

fn needed(of_type: VariableType) -> &'static str {
    match of_type {
        VariableType::Bool => "`true` or `false`",
        VariableType::Cidr => "an address range such as `10.0.0.0/8`",
        VariableType::Dsn => "a URL with a key or user in front of the host",
        VariableType::Duration => "a whole number with its unit, such as `15m` or `7d`",
        VariableType::Email => "one mail address",
        VariableType::Float => "a number",
        VariableType::Int => "a whole number in digits, and nothing else",
        VariableType::Ip => "an IP address",
        VariableType::Path => "a path without control characters",
        VariableType::Url => "a URL with scheme and host",
        _ => "text",
    }
}

/// Says which items of a list are none of `of`.
fn wrong_items(text: &str, of: Option<ListItem>) -> Option<String> {
    let fits = |item: &str| match of {
        Some(ListItem::Cidr) => is_cidr(item) || item.parse::<IpAddr>().is_ok(),
        Some(ListItem::Email) => is_email(item),
        Some(ListItem::Ip) => item.parse::<IpAddr>().is_ok(),
        Some(ListItem::Url) => Url::parse(item).is_some(),
        _ => !item.is_empty(),
    };
    let wrong: Vec<String> = (1..)
        .zip(items(text))
        .filter(|(_, item)| !fits(item))
        .map(|(place, _): (usize, _)| place.to_string())
        .collect();
    let what = match of {
        Some(ListItem::Cidr) => "addresses or address ranges such as `10.0.0.0/8`",
        Some(ListItem::Email) => "mail addresses",
        Some(ListItem::Ip) => "IP addresses",
        Some(ListItem::Url) => "URLs with scheme and host",
        _ => "values",
    };
    (!wrong.is_empty()).then(|| {
        format!(
            "{what} with commas between, and item {} of it is none",
            wrong.join(", ")
        )
    })
}

/// Returns the items of a list: what stands between commas, without white space around it.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

/// Reads a whole number in plain digits.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// Reads a number in plain digits, with a point or an exponent.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_plain = text.starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-+.eE".contains(&byte));
    text.parse::<f64>()
        .ok()
        .filter(|number| is_plain && number.is_finite())
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    let is_plain = bits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

/// An address as mail servers on the internet take it; RFC 5321 allows more than anyone uses.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
        && !local.starts_with('.')
        && !local.ends_with('.');
    let label_fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|sign| sign.is_alphanumeric() || sign == '-')
    };
    local_fits && domain.contains('.') && domain.split('.').all(label_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_digits() {
        for (text, expected) in [
            ("900000", Some(900_000)),
            ("-1", Some(-1)),
            ("900000        # 15 minutes", None),
            ("+1", None),
            ("1_000", None),
            ("", None),
            ("-", None),
            ("1.0", None),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
        for text in ["inf", "NaN", "1e999", "", "0x10"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number("0.25"), Some(0.25));
    }

    #[test]
    fn ranges_and_mail_addresses_are_told_apart() {
        for text in ["10.0.0.0/8", "2400:cb00::/32", "0.0.0.0/0"] {
            assert!(is_cidr(text), "{text}");
        }
        for text in [
            "10.0.0.0/33",
            "10.0.0/8",
            "cloudflare.ip1/8",
            "10.0.0.0/",
            "10.0.0.0/+8",
        ] {
            assert!(!is_cidr(text), "{text}");
        }
        for text in ["a@b.co", "first.last+tag@mail.example.com"] {
            assert!(is_email(text), "{text}");
        }
        for text in ["a@b", "@b.co", "a@@b.co", "a b@c.de", "a@b..co", ".a@b.co"] {
            assert!(!is_email(text), "{text}");
        }
    }
}
