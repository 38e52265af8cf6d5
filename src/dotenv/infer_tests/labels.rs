//! Examples in the style of well-known applications, labelled by hand with what each variable truly is.

use crate::dotenv::EnvFile;
use crate::dotenv::Proposal;
use crate::dotenv::ProposedRole;
use crate::dotenv::infer;
use crate::policy::Kind;
use crate::policy::Shape;

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/env/", $name, ".env.example")),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/env/", $name, ".labels")),
        )),*]
    };
}

/// Name, file and labels of every example.
pub(in crate::dotenv) const FIXTURES: &[(&str, &str, &str)] = fixtures![
    "appwrite",
    "authentik",
    "bluesminds",
    "calcom",
    "directus",
    "django",
    "immich",
    "langfuse",
    "laravel",
    "lamsa",
    "lumiku",
    "mansa",
    "mastodon",
    "n8n",
    "outline",
    "plausible",
    "rails",
    "supabase",
    "superapp",
];

fn line(proposal: &Proposal) -> String {
    format!(
        "{} {} {}",
        proposal.name,
        proposal.role.name(),
        proposal.kind.unwrap_or("-")
    )
}

#[test]
fn every_label_is_met() {
    let mut wrong = Vec::new();
    for (name, source, labels) in FIXTURES {
        let found: Vec<_> = infer(&EnvFile::parse(source.as_bytes()));
        let labels: Vec<_> = labels.lines().collect();
        assert_eq!(found.len(), labels.len(), "{name}");
        for (proposal, label) in found.iter().zip(labels) {
            if line(proposal) != label {
                wrong.push(format!(
                    "{name}: {} but labelled {label} ({})",
                    line(proposal),
                    proposal.why
                ));
            }
        }
    }

    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_is_read_without_a_problem() {
    for (name, source, _) in FIXTURES {
        let file = EnvFile::parse(source.as_bytes());
        let problems: Vec<_> = file.problems().map(ToString::to_string).collect();

        assert_eq!(problems, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_proposed_secret_can_be_minted() {
    for (name, source, _) in FIXTURES {
        for found in infer(&EnvFile::parse(source.as_bytes())) {
            if found.role != ProposedRole::Secret {
                continue;
            }
            let shape = Shape {
                bytes: found.bytes,
                length: found.length,
                encoding: found.encoding,
                ..Shape::default()
            };
            let kind = found.kind.and_then(Kind::find);
            assert!(
                kind.is_some_and(|kind| kind.recipe(&shape).is_ok()),
                "{name}: {found:?}"
            );
        }
    }
}

#[test]
fn every_secret_of_the_examples_is_a_placeholder() {
    for (name, source, _) in FIXTURES {
        for found in infer(&EnvFile::parse(source.as_bytes())) {
            assert!(
                found.role != ProposedRole::Secret || found.placeholder,
                "{name}: {found:?}"
            );
        }
    }
}
