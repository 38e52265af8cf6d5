//! Dates as a calendar: iCalendar (RFC 5545, RFC 7986).

use chrono::DateTime;
use chrono::Local;
use chrono::Utc;

use crate::app::CalendarEntry;

/// A calendar, and how it is written.
pub struct Calendar<'a> {
    /// What people see above it.
    pub name: &'a str,
    /// When it is written.
    pub written_at: DateTime<Utc>,
    /// Whether the entries are tasks; events unless so, since Google shows no tasks.
    pub as_todo: bool,
    /// The entries.
    pub entries: &'a [CalendarEntry],
}

impl Calendar<'_> {
    /// Writes the calendar.
    ///
    /// Entries last whole local days and leave nobody busy. There are no recurrences: the next date depends on when a
    /// secret is really replaced.
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (name, value) in HEAD {
            line(&mut text, name, value);
        }
        line(&mut text, "NAME", &escaped(self.name));
        line(&mut text, "X-WR-CALNAME", &escaped(self.name));
        for entry in self.entries {
            self.entry(&mut text, entry);
        }
        line(&mut text, "END", "VCALENDAR");
        text
    }

    fn entry(&self, text: &mut String, entry: &CalendarEntry) {
        let component = if self.as_todo { "VTODO" } else { "VEVENT" };
        let day = entry.at.with_timezone(&Local).format("%Y%m%d").to_string();
        line(text, "BEGIN", component);
        line(text, "UID", &format!("{}@mintage", entry.uid));
        line(text, "SEQUENCE", &entry.sequence.to_string());
        line(text, "DTSTAMP", &instant(self.written_at));
        line(text, "LAST-MODIFIED", &instant(entry.revised_at));
        line(text, "SUMMARY", &escaped(&entry.summary));
        line(text, "DESCRIPTION", &escaped(&entry.description));
        let trigger = if self.as_todo {
            line(text, "DUE;VALUE=DATE", &day);
            line(text, "STATUS", "NEEDS-ACTION");
            line(text, "PERCENT-COMPLETE", "0");
            "TRIGGER;RELATED=END"
        } else {
            line(text, "DTSTART;VALUE=DATE", &day);
            line(text, "TRANSP", "TRANSPARENT");
            "TRIGGER"
        };
        line(text, "BEGIN", "VALARM");
        line(text, "ACTION", "DISPLAY");
        line(text, trigger, "-P7D");
        line(text, "DESCRIPTION", &escaped(&entry.summary));
        line(text, "END", "VALARM");
        line(text, "END", component);
    }
}

/// Adds a content line, folded so that no line is longer than 75 octets and no character is cut in two.
fn line(text: &mut String, name: &str, value: &str) {
    let mut room = MAX_OCTETS;
    for character in name.chars().chain([':']).chain(value.chars()) {
        if character.len_utf8() > room {
            text.push_str("\r\n ");
            room = MAX_OCTETS - 1;
        }
        text.push(character);
        room -= character.len_utf8();
    }
    text.push_str("\r\n");
}

/// Writes a value of type TEXT; control characters, which it cannot hold, are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The beginning of every calendar.
const HEAD: &[(&str, &str)] = &[
    ("BEGIN", "VCALENDAR"),
    ("VERSION", "2.0"),
    ("PRODID", "-//mintage//remind//EN"),
    ("CALSCALE", "GREGORIAN"),
    ("METHOD", "PUBLISH"),
    ("REFRESH-INTERVAL;VALUE=DURATION", "PT12H"),
    ("X-PUBLISHED-TTL", "PT12H"),
];

/// The length of a line without its end.
const MAX_OCTETS: usize = 75;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_75_octets_and_no_character_is_cut() {
        for width in 1..=4 {
            let character = ["a", "ä", "→", "😀"][width - 1];
            for length in 0..200 {
                let value = character.repeat(length);
                let mut text = String::new();

                line(&mut text, "SUMMARY", &value);

                assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
                assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
            }
        }
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a\\b;c,d\r\ne\u{7}"), "a\\\\b\\;c\\,d\\ne");
    }
}
