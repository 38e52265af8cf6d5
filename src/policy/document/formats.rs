//! Formats of issuers, as a policy file names them.

use serde_json::Value;
use serde_json::json;

use crate::policy::document::fields::FromNode;
use crate::policy::document::fields::unknown_word;
use crate::policy::document::node::Datum;
use crate::policy::document::node::Node;
use crate::policy::document::node::Problems;
use crate::policy::kinds::issuers::IssuedShape;

impl FromNode for &'static IssuedShape {
    const EXPECTED: &'static str = "the name of a format";

    fn schema() -> Value {
        let words: Vec<&str> = IssuedShape::all().map(|shape| shape.name).collect();
        json!({ "enum": words })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let found = IssuedShape::find(text);
        if found.is_none() {
            let known = IssuedShape::all().map(|shape| shape.name);
            unknown_word("shape", text, &node.place, known, problems);
        }
        found
    }
}
