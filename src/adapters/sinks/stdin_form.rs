//! What programs read beside the value itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::policy::StdinForm;
use crate::ports::Failure;
use crate::ports::SinkError;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Writes what stands on standard input.
pub(super) fn written(
    form: StdinForm,
    name: &SecretName,
    value: &SecretValue,
) -> Result<SecretValue, SinkError> {
    let rejected = |what: &str| SinkError::new(Failure::Rejected, format!("the value of `{name}` {what}"));
    let bytes = value.expose();
    let joined = |parts: &[&[u8]]| {
        let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            joined.extend_from_slice(part);
        }
        SecretValue::new(joined)
    };
    match form {
        StdinForm::Value => Ok(joined(&[bytes])),
        StdinForm::EnvLine => {
            let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./+:=@~^,".contains(byte);
            if bytes.is_empty() || !bytes.iter().all(is_plain) {
                return Err(rejected(
                    "has characters that would have to be quoted in a line `NAME=VALUE`",
                ));
            }
            Ok(joined(&[name.as_str().as_bytes(), b"=", bytes, b"\n"]))
        }
        StdinForm::Json => {
            let text =
                std::str::from_utf8(bytes).map_err(|_| rejected("is no text, which JSON cannot hold"))?;
            // Six bytes for every escape, so that nothing is moved.
            let mut quoted = Zeroizing::new(Vec::with_capacity(6 * text.len() + 2));
            serde_json::to_writer(&mut *quoted, text).map_err(|_| rejected("does not fit JSON"))?;
            Ok(joined(&[b"{\"", name.as_str().as_bytes(), b"\":", &quoted, b"}"]))
        }
        StdinForm::KubernetesPatch => {
            let encoded = Zeroizing::new(STANDARD.encode(bytes));
            let head = b"{\"data\":{\"";
            Ok(joined(&[
                head,
                name.as_str().as_bytes(),
                b"\":\"",
                encoded.as_bytes(),
                b"\"}}",
            ]))
        }
    }
}
