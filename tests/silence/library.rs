//! The library hands no value out as plain text or bytes: its signatures, read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::stage::files_below;

/// Functions that look into a value and return text or bytes all the same, and what those hold.
const HOLD_NO_VALUE: &[(&str, &str)] = &[
    ("adapters/age_identity.rs recipient", "a public key"),
    ("adapters/age_identity.rs recipients_of", "public keys"),
    (
        "adapters/evidence_file.rs pack_evidence",
        "an archive without a value",
    ),
    ("adapters/evidence_file.rs unpack_evidence", "the parts of one"),
    ("app/evidence/mod.rs Evidence.parts", "the parts of one"),
    ("app/evidence/csv.rs table", "a table that is given to it"),
    ("app/store.rs Checked.bytes", "a ledger"),
    ("cli/ui.rs document_text", "a report"),
    ("cli/ui.rs laid_out", "a table that is given to it"),
    ("cli/ui.rs styled", "a help text"),
    ("cli/ui.rs toned", "a text that is given to it"),
    ("ledger/environment.rs write", "a ledger"),
    ("ledger/journal.rs write", "a journal"),
    ("policy/explain.rs ExplainedField.value", "a field of the policy"),
    ("ports/audit_log.rs read", "an audit log"),
    ("ports/cipher.rs encrypt", "ciphertext"),
    (
        "ports/certificates.rs ShownChain.chain",
        "certificates, which are public",
    ),
    (
        "ports/storage.rs NewFile.bytes",
        "a file of the store: ciphertext or metadata",
    ),
    (
        "ports/storage.rs get",
        "a file of the store: ciphertext or metadata",
    ),
];

/// Types that are neither wiped nor hidden from `Debug`. Of boxes, vectors and `Cow`, those of bytes and text are meant.
const PLAIN: &[&str] = &["String", "OsString", "CString", "PathBuf"];

/// What shows that a function has a value in its hands.
const HOLD_VALUES: &[&str] = &["SecretBuffer", "SecretValue"];

#[test]
fn no_public_function_returns_a_value_as_plain_text_or_bytes() {
    let found = survey();

    let listed: BTreeSet<String> = HOLD_NO_VALUE.iter().map(|(name, _)| (*name).to_owned()).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(
        unlisted.is_empty(),
        "these may hand a value out as it is: return a SecretValue, or list them with what they hold:\n{unlisted:#?}"
    );
    assert!(stale.is_empty(), "in the table for nothing: {stale:?}");
}

#[test]
fn a_value_that_is_handed_out_as_it_is_would_be_found() {
    let source = "
        pub fn leak(value: &SecretValue) -> Option<String> { None }
        pub fn bytes() -> Vec<u8> { Vec::new() }
        pub fn fixed() -> Result<(u8, Box<[u8]>), Error> { Vec::new() }
        pub struct Shown { pub value: String, pub raw: Option<Vec<u8>>, pub length: usize }
        impl Holder { pub fn inner(&self, of: Option<&SecretValue>) -> Cow<'static, str> { x } }
        impl SecretValue { pub fn show(&self) -> String { x } }
        pub trait Opens { fn open(&self, value: SecretValue) -> Vec<String>; }
        pub fn fine(value: &SecretValue) -> Zeroizing<Vec<u8>> { todo() }
        pub(crate) fn private(value: &SecretValue) -> String { todo() }
        pub fn name(secret: &SecretName) -> String { todo() }
        #[cfg(test)] mod tests { pub fn leak_of_test(value: &SecretValue) -> String { todo() } }
    ";

    let mut found = names("a.rs", source);
    assert!(names("a.rs", "pub fn text(&self) -> String { self.value.expose() }").contains("a.rs text"));

    for wanted in [
        "bytes",
        "fixed",
        "inner",
        "leak",
        "open",
        "show",
        "Shown.raw",
        "Shown.value",
    ] {
        assert!(found.remove(&format!("a.rs {wanted}")), "{wanted} was not found");
    }
    assert!(found.is_empty(), "{found:?}");
}

/// Lists every function and field of the library that hands out plain text or bytes and may have a value in hand.
fn survey() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files_below(&root);
    assert!(files.len() > 50, "the sources were found");
    files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path.strip_prefix(&root).unwrap().to_str().unwrap(), path))
        .filter(|(name, _)| {
            !name.contains("/tests/") && !name.contains("_tests") && !name.ends_with("tests.rs")
        })
        .flat_map(|(name, path)| names(name, &fs::read_to_string(path).unwrap()))
        .collect()
}

fn names(file: &str, source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut survey = Survey {
        looks_into_values: code.contains("expose("),
        found: BTreeSet::new(),
    };
    survey.items(&syn::parse_file(source).unwrap().items);
    survey.found.iter().map(|name| format!("{file} {name}")).collect()
}

struct Survey {
    looks_into_values: bool,
    found: BTreeSet<String>,
}

impl Survey {
    fn items(&mut self, items: &[syn::Item]) {
        for item in items {
            match item {
                syn::Item::Fn(function) if is_public(&function.vis) => self.function(&function.sig, false),
                syn::Item::Impl(block) => {
                    let of_value = mentions(&block.self_ty, HOLD_VALUES);
                    for item in &block.items {
                        if let syn::ImplItem::Fn(function) = item
                            && is_public(&function.vis)
                        {
                            self.function(&function.sig, of_value);
                        }
                    }
                }
                syn::Item::Trait(block) if is_public(&block.vis) => {
                    for item in &block.items {
                        if let syn::TraitItem::Fn(function) = item {
                            self.function(&function.sig, false);
                        }
                    }
                }
                syn::Item::Struct(structure) if is_public(&structure.vis) => self.fields(structure),
                syn::Item::Mod(module) if !is_for_tests(&module.attrs) => {
                    if let Some((_, items)) = &module.content {
                        self.items(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, signature: &syn::Signature, of_value: bool) {
        let syn::ReturnType::Type(_, returned) = &signature.output else {
            return;
        };
        let takes_value = signature.inputs.iter().any(|input| match input {
            syn::FnArg::Receiver(_) => of_value,
            syn::FnArg::Typed(input) => mentions(&input.ty, HOLD_VALUES),
        });
        // Bytes are never mere words.
        let is_plain = mentions(returned, PLAIN) || is_text_in_a_box(returned);
        if is_bytes(returned) || is_plain && (takes_value || self.looks_into_values) {
            self.found.insert(signature.ident.to_string());
        }
    }

    fn fields(&mut self, structure: &syn::ItemStruct) {
        for field in structure.fields.iter().filter(|field| is_public(&field.vis)) {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let sounds_secret = ["value", "plaintext", "password", "passphrase"].contains(&name.as_str());
            if is_bytes(&field.ty) || sounds_secret && mentions(&field.ty, PLAIN) {
                self.found.insert(format!("{}.{name}", structure.ident));
            }
        }
    }
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|condition| condition.is_ident("test"))
    })
}

/// Returns whether a type is, or owns, one of these; what is wiped is not looked into.
fn mentions(kind: &syn::Type, wanted: &[&str]) -> bool {
    any(kind, &|kind| match kind {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| wanted.iter().any(|wanted| last.ident == wanted)),
        _ => false,
    })
}

/// Returns whether a type is, or owns, bytes of any length.
fn is_bytes(kind: &syn::Type) -> bool {
    holder_of(kind, &["Vec", "Box", "Cow", "Rc", "Arc"], "u8")
}

/// Returns whether a type is, or owns, text that is no `String`.
fn is_text_in_a_box(kind: &syn::Type) -> bool {
    holder_of(kind, &["Box", "Cow", "Rc", "Arc"], "str")
}

fn holder_of(kind: &syn::Type, holders: &[&str], item: &str) -> bool {
    any(kind, &|kind| {
        let syn::Type::Path(path) = kind else {
            return false;
        };
        let Some(last) = path.path.segments.last() else {
            return false;
        };
        holders.iter().any(|holder| last.ident == holder)
            && arguments(last).any(|argument| {
                let argument = match argument {
                    syn::Type::Slice(slice) => &slice.elem,
                    other => other,
                };
                matches!(argument, syn::Type::Path(path) if path.path.is_ident(item))
            })
    })
}

/// Returns whether `holds` is true of a type or of any type in it, but of those in what is wiped.
fn any(kind: &syn::Type, holds: &dyn Fn(&syn::Type) -> bool) -> bool {
    if holds(kind) {
        return true;
    }
    match kind {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .filter(|last| last.ident != "Zeroizing")
            .is_some_and(|last| arguments(last).any(|argument| any(argument, holds))),
        syn::Type::Reference(reference) => any(&reference.elem, holds),
        syn::Type::Slice(slice) => any(&slice.elem, holds),
        syn::Type::Tuple(tuple) => tuple.elems.iter().any(|item| any(item, holds)),
        syn::Type::Array(array) => any(&array.elem, holds),
        _ => false,
    }
}

fn arguments(segment: &syn::PathSegment) -> impl Iterator<Item = &syn::Type> {
    let arguments = match &segment.arguments {
        syn::PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments
        .into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(kind) => Some(kind),
            _ => None,
        })
}
