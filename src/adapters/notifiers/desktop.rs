//! Notifications on the desktop of this session (org.freedesktop.Notifications).

use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;

use crate::adapters::notifiers::Channel;
use crate::adapters::notifiers::patience::within;
use crate::ports::Message;
use crate::ports::Notice;
use crate::ports::NotifyError;
use crate::ports::Obstacle;

/// Shows notices on the desktop of this session.
pub(super) struct Desktop {
    /// How long the desktop may take.
    pub timeout: Duration,
}

impl Channel for Desktop {
    fn send(&self, notice: &Notice, _at: DateTime<Utc>) -> Result<(), NotifyError> {
        let Message::Popup {
            title,
            text,
            is_urgent,
        } = &notice.message
        else {
            return Err(NotifyError::new(
                Obstacle::Refused,
                "a desktop takes a few lines only",
            ));
        };
        let (title, text, is_urgent) = (title.clone(), escaped(text), *is_urgent);
        within(self.timeout, "the desktop", move || {
            show(&title, &text, is_urgent)
        })
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn show(title: &str, text: &str, is_urgent: bool) -> Result<(), NotifyError> {
    use std::collections::HashMap;

    use zbus::blocking::Connection;
    use zbus::zvariant::Value;

    let absent = |what| NotifyError::new(Obstacle::Unreachable, what);
    let bus = Connection::session().map_err(|_| absent("there is no desktop session here"))?;
    let urgency: u8 = if is_urgent { URGENT } else { NORMAL };
    let hints = HashMap::from([("urgency", Value::from(urgency))]);
    let no_actions: Vec<&str> = Vec::new();
    let body = (
        "mintage",
        0_u32,
        "",
        title,
        text,
        no_actions,
        hints,
        UNTIL_THE_DESKTOP_SAYS,
    );
    bus.call_method(
        Some("org.freedesktop.Notifications"),
        "/org/freedesktop/Notifications",
        Some("org.freedesktop.Notifications"),
        "Notify",
        &body,
    )
    .map(drop)
    .map_err(|_| absent("no program of this desktop shows notifications"))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn show(_title: &str, _text: &str, _is_urgent: bool) -> Result<(), NotifyError> {
    let what = "notifications of this system are not known to mintage";
    Err(NotifyError::new(Obstacle::Refused, what))
}

/// Escapes what desktops take for markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(all(unix, not(target_os = "macos")))]
const NORMAL: u8 = 1;

#[cfg(all(unix, not(target_os = "macos")))]
const URGENT: u8 = 2;

/// How long it is shown, in milliseconds: the desktop decides.
#[cfg(all(unix, not(target_os = "macos")))]
const UNTIL_THE_DESKTOP_SAYS: i32 = -1;
