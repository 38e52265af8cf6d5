//! Messages as Slack takes them: a text for what shows no blocks, and blocks.

use serde_json::Value;
use serde_json::json;

use crate::app::notify::digest::Digest;
use crate::app::notify::digest::cut;
use crate::app::notify::matter::Matter;

/// Writes a message for an incoming webhook.
///
/// A header has at most 150 characters, a section 3,000, a message 50 blocks.
pub(super) fn message(digest: &Digest<'_>) -> Value {
    let headline = digest.headline();
    let mut blocks = vec![json!({
        "type": "header",
        "text": { "type": "plain_text", "text": cut(&headline, MOST_IN_HEADER) },
    })];
    let listed = digest.matters.iter().take(MOST_LISTED);
    blocks.extend(listed.map(|matter| {
        json!({
            "type": "section",
            "text": { "type": "mrkdwn", "text": cut(&section(digest, matter), MOST_IN_SECTION) },
        })
    }));
    blocks.extend(digest.rest(MOST_LISTED).map(|rest| {
        json!({
            "type": "context",
            "elements": [{ "type": "plain_text", "text": rest }],
        })
    }));
    json!({ "text": escaped(&headline), "blocks": blocks })
}

fn section(digest: &Digest<'_>, matter: &Matter) -> String {
    format!(
        "*{}* {}{}\n`{}`",
        escaped(&matter.label),
        escaped(&matter.message),
        digest.when(matter),
        escaped(&matter.fix).replace('`', "'")
    )
}

/// Escapes the three characters by which Slack begins what is no text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

const MOST_IN_HEADER: usize = 150;

const MOST_IN_SECTION: usize = 3_000;

/// How many matters are listed, one in a block; two blocks stand around them.
const MOST_LISTED: usize = 48;
