//! What `docker inspect` prints: the environment of containers and images, in plaintext.

use crate::adapters::foreign::Desk;
use crate::adapters::foreign::Foreign;
use crate::adapters::foreign::Given;
use crate::adapters::foreign::file_remains;
use crate::adapters::foreign::instant;
use crate::adapters::foreign::leaves;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// JSON of one container, from a file or a pipe.
pub(super) const SOURCE: Foreign = Foreign {
    name: "docker",
    place: "FILE|-",
    needs_keys: false,
    open,
};

fn open(place: &str, desk: &Desk) -> Result<Box<dyn ForeignSource>, ForeignError> {
    let malformed = |wanted| ForeignError::Malformed {
        place: place.to_owned(),
        wanted,
    };
    let leaves = leaves::json(desk.content(place)?.expose())
        .ok_or_else(|| malformed("the JSON that `docker inspect` prints"))?;
    let mut entries = Vec::new();
    for leaf in leaves
        .iter()
        .filter(|leaf| leaf.is_at(&["*", "Config", "Env", "*"]))
    {
        if leaf.path[0] != "0" {
            return Err(malformed("one container: name one to `docker inspect`"));
        }
        let text = leaf.value.expose();
        let Some(end) = text.iter().position(|byte| *byte == b'=') else {
            continue;
        };
        let name = String::from_utf8_lossy(&text[..end]).into_owned();
        let value = &text[end + 1..];
        entries.push((name, SecretValue::copied_from(value)));
    }
    if !leaves
        .iter()
        .any(|leaf| leaf.path.get(1).is_some_and(|key| key == "Config"))
    {
        return Err(malformed("the JSON that `docker inspect` prints"));
    }
    let text = |pattern: &[&str]| {
        let leaf = leaves.iter().find(|leaf| leaf.is_at(pattern))?;
        Some(String::from_utf8_lossy(leaf.value.expose()).into_owned())
    };
    let mut remains = file_remains(place);
    let container = text(&["0", "Name"]).unwrap_or_default();
    let container = container.trim_start_matches('/').to_owned();
    remains.push(Remainder {
        place: format!(
            "the container {container}: `docker inspect` shows its environment to whoever may ask"
        ),
        cure: format!("docker rm -f {container}, and start it anew with the next values"),
    });
    Ok(Box::new(Given {
        entries,
        changed: text(&["0", "Created"]).and_then(|text| instant(&text)),
        remains,
    }))
}
