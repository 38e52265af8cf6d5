//! Messages as a workflow of Teams takes them: an Adaptive Card in an envelope.

use serde_json::Value;
use serde_json::json;

use crate::app::notify::digest::Digest;
use crate::app::notify::digest::cut;

/// Writes a message for the URL of a workflow, of at most 28 KB. The texts are runs, in which Teams reads no markup.
pub(super) fn message(digest: &Digest<'_>) -> Value {
    let mut listed = digest.matters.len().min(MOST_LISTED);
    loop {
        let message = listing(digest, listed);
        if listed == 0 || message.to_string().len() <= MOST_BYTES {
            return message;
        }
        listed /= 2;
    }
}

fn listing(digest: &Digest<'_>, listed: usize) -> Value {
    let run = |text: &str| json!({ "type": "TextRun", "text": text });
    let headline = digest.headline();
    let mut body = vec![json!({
        "type": "RichTextBlock",
        "inlines": [{ "type": "TextRun", "text": headline, "size": "Large", "weight": "Bolder" }],
    })];
    body.extend(digest.matters.iter().take(listed).map(|matter| {
        let told = cut(&format!(" {}{}", matter.message, digest.when(matter)), MOST_IN_RUN);
        json!({
            "type": "Container",
            "items": [
                {
                    "type": "RichTextBlock",
                    "inlines": [{ "type": "TextRun", "text": matter.label, "weight": "Bolder" }, run(&told)],
                },
                {
                    "type": "RichTextBlock",
                    "inlines": [{ "type": "TextRun", "text": cut(&matter.fix, MOST_IN_RUN), "fontType": "Monospace" }],
                },
            ],
        })
    }));
    let rest = digest.rest(listed);
    body.extend(rest.map(|rest| json!({ "type": "RichTextBlock", "inlines": [run(&rest)] })));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "fallbackText": headline,
                "body": body,
            },
        }],
    })
}

/// How many matters are listed.
const MOST_LISTED: usize = 40;

const MOST_IN_RUN: usize = 500;

/// Largest message, in bytes: Teams takes 28 KB with what it adds itself.
const MOST_BYTES: usize = 25_000;
