//! Tables of a policy file: the struct, the reading and the reference of each come from one declaration.

use serde_json::Value;

use crate::policy::document::fields::FromNode;
use crate::policy::document::node::At;
use crate::policy::document::node::Node;
use crate::policy::document::node::Problems;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;

/// Declares a table: a struct of optional fields, how it is read, and how another one is put on top of it.
///
/// Unknown keys are noted with the nearest known one. `broken` says that some field could not be read, so
/// that what follows from its absence is not reported as well.
macro_rules! wire {
    ($(#[doc = $about:literal])+ $wire:ident $table:literal {
        $($(#[doc = $doc:literal])+ $field:ident $key:literal: $type:ty),+ $(,)?
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default)]
        pub(crate) struct $wire {
            $($(#[doc = $doc])+ pub(crate) $field: Option<At<$type>>,)+
            /// Whether a field could not be read.
            pub(crate) broken: bool,
        }

        impl $wire {
            /// The fields, for people and editors.
            pub(crate) const REFERENCE: TableReference = TableReference {
                name: $table,
                about: concat!($($about),+),
                fields: &[$(FieldReference {
                    key: $key,
                    value: <$type as FromNode>::EXPECTED,
                    schema: <$type as FromNode>::schema,
                    about: concat!($($doc),+),
                }),+],
            };

            /// Reads every field of `table` and notes what is wrong.
            pub(crate) fn read(table: &Table, problems: &mut Problems) -> Self {
                let mut wire = Self::default();
                for (key, node) in table.entries() {
                    match key.value.as_str() {
                        $($key => wire.$field = $crate::policy::document::table::field($key, node, &mut wire.broken, problems),)+
                        _ => $crate::policy::document::table::unknown_key(&Self::REFERENCE, key, problems),
                    }
                }
                wire
            }

            /// Returns this table with the fields that `over` sets in place of its own.
            #[allow(dead_code, reason = "only tables with `when` are overlaid")]
            pub(crate) fn overlaid(self, over: &Self) -> Self {
                Self {
                    $($field: over.$field.clone().or(self.$field),)+
                    broken: self.broken || over.broken,
                }
            }
        }
    };
}

pub(crate) use wire;

/// A table of the policy file, for people and editors.
#[derive(Clone, Copy, Debug)]
pub struct TableReference {
    /// The table as it is written, such as `[secrets.NAME]`.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its fields.
    pub fields: &'static [FieldReference],
}

/// A field of a table, for people and editors.
#[derive(Clone, Copy, Debug)]
pub struct FieldReference {
    /// The key.
    pub key: &'static str,
    /// What is written there, with its article, such as `a string`.
    pub value: &'static str,
    /// What it means.
    pub about: &'static str,
    /// The JSON Schema of what is written there.
    pub schema: fn() -> Value,
}

/// Reads the value of `key`, and says in `broken` if it cannot be read.
pub(crate) fn field<T: FromNode>(
    key: &'static str,
    node: &Node,
    broken: &mut bool,
    problems: &mut Problems,
) -> Option<At<T>> {
    let value = T::from_node(key, node, problems);
    *broken |= value.is_none();
    value.map(|value| At {
        place: node.place.clone(),
        value,
    })
}

/// Notes a key that `table` does not have.
pub(crate) fn unknown_key(table: &TableReference, key: &At<String>, problems: &mut Problems) {
    let kind = PolicyErrorKind::UnknownKey {
        table: table.name,
        key: Excerpt::new(&key.value),
    };
    let known = table.fields.iter().map(|field| field.key);
    problems.add_near(&key.place, kind, &key.value, known);
}
