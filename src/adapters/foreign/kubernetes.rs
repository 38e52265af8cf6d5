//! A Secret of Kubernetes: a manifest, or what `kubectl get secret -o json` prints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::adapters::foreign::Desk;
use crate::adapters::foreign::Foreign;
use crate::adapters::foreign::Given;
use crate::adapters::foreign::file_remains;
use crate::adapters::foreign::instant;
use crate::adapters::foreign::leaves;
use crate::adapters::foreign::leaves::Leaf;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// YAML or JSON of one Secret, from a file or a pipe.
pub(super) const SOURCE: Foreign = Foreign {
    name: "kubernetes",
    place: "FILE|-",
    needs_keys: false,
    open,
};

fn open(place: &str, desk: &Desk) -> Result<Box<dyn ForeignSource>, ForeignError> {
    let malformed = |wanted| ForeignError::Malformed {
        place: place.to_owned(),
        wanted,
    };
    let content = desk.content(place)?;
    let leaves = match leaves::json(content.expose()) {
        Some(leaves) => leaves.into_iter().map(|leaf| below("0", leaf)).collect(),
        None => leaves::yaml(content.expose()).ok_or_else(|| malformed("YAML or JSON"))?,
    };
    // A list of one Secret, as with `kubectl get secrets`, is as good as the Secret.
    let mut secrets = leaves
        .iter()
        .filter(|leaf| leaf.path.last().is_some_and(|key| key == "kind") && leaf.value.is("Secret"))
        .map(|leaf| &leaf.path[..leaf.path.len() - 1]);
    let root = secrets
        .next()
        .ok_or_else(|| malformed("a Secret of Kubernetes"))?;
    if secrets.next().is_some() {
        return Err(malformed("one Secret: there are several, so name one to kubectl"));
    }
    let of_secret = |leaf: &&Leaf| leaf.path.starts_with(root);
    let mut entries = Vec::new();
    for leaf in leaves.iter().filter(of_secret) {
        match &leaf.path[root.len()..] {
            [field, key] if field == "stringData" => {
                entries.push((key.clone(), SecretValue::copied_from(leaf.value.expose())))
            }
            [field, key] if field == "data" => {
                let value = decoded(&leaf.value).ok_or_else(|| malformed("base64 in its field `data`"))?;
                // What `stringData` says goes before it.
                entries.insert(0, (key.clone(), value));
            }
            _ => {}
        }
    }
    let text = |field: &str| {
        let found = leaves.iter().filter(of_secret).find(|leaf| {
            let path = &leaf.path[root.len()..];
            path.len() == 2 && path[0] == "metadata" && path[1] == field
        })?;
        Some(String::from_utf8_lossy(found.value.expose()).into_owned())
    };
    let name = text("name").unwrap_or_default();
    let mut remains = file_remains(place);
    remains.push(Remainder {
        place: format!("the Secret {name} in the cluster"),
        cure: "declare a sink of type `kubernetes` that keeps it current, or: kubectl delete secret"
            .to_owned(),
    });
    Ok(Box::new(Given {
        entries,
        changed: text("creationTimestamp").and_then(|text| instant(&text)),
        remains,
    }))
}

fn below(key: &str, mut leaf: Leaf) -> Leaf {
    leaf.path.insert(0, key.to_owned());
    leaf
}

fn decoded(value: &SecretValue) -> Option<SecretValue> {
    let mut bytes = Zeroizing::new(vec![0; value.len() / 4 * 3 + 3]);
    let length = STANDARD
        .decode_slice(value.expose().trim_ascii(), &mut bytes)
        .ok()?;
    Some(SecretValue::init_with(length, |copy| {
        copy.copy_from_slice(&bytes[..length]);
    }))
}
