//! Examples in the style of many more applications, each variable labelled by hand with what it truly is, before
//! anybody looked at what the inference says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::dotenv::EnvFile;
use crate::dotenv::ProposedRole;
use crate::dotenv::infer;

/// Returns name, file and labels of every example.
fn examples() -> Vec<(String, Vec<u8>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/examples");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "env"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let labels = fs::read_to_string(path.with_extension("labels")).unwrap();
            (name, fs::read(path).unwrap(), labels)
        })
        .collect();
    found.sort();
    found
}

fn role(label: &str) -> ProposedRole {
    match label {
        "config" | "look-alike" => ProposedRole::Variable,
        "issued" => ProposedRole::Issued,
        "public" => ProposedRole::Public,
        "secret" => ProposedRole::Secret,
        "url-with-credentials" => ProposedRole::CredentialUrl,
        other => panic!("there is no label {other}"),
    }
}

/// Whether the role keeps the value from being shown.
fn is_kept_secret(role: ProposedRole) -> bool {
    matches!(
        role,
        ProposedRole::CredentialUrl | ProposedRole::Issued | ProposedRole::Secret
    )
}

#[test]
fn secrets_and_look_alikes_are_told_apart() {
    let mut wrong = Vec::new();
    let mut grave = 0;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, source, labels) in examples() {
        let found = infer(&EnvFile::parse(&source));
        let labels: Vec<(&str, &str)> = labels.lines().map(|line| line.split_once(' ').unwrap()).collect();
        let names: Vec<&str> = found.iter().map(|proposal| proposal.name.as_str()).collect();
        let labelled: Vec<&str> = labels.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, labelled, "{name}");
        for (proposal, (_, label)) in found.iter().zip(labels) {
            *counts.entry(label.to_owned()).or_default() += 1;
            if proposal.role != role(label) {
                grave += usize::from(is_kept_secret(proposal.role) != is_kept_secret(role(label)));
                wrong.push(format!(
                    "{name}: {} is {label}, found {} ({})",
                    proposal.name,
                    proposal.role.name(),
                    proposal.why
                ));
            }
        }
    }

    let all: usize = counts.values().sum();
    let report = format!(
        "{counts:?}\n{} of {all} wrong, {grave} of them secret or not:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(wrong.len() * 100 <= all * 3 && grave * 100 <= all, "{report}");
}

#[test]
fn every_example_is_read_without_a_problem() {
    for (name, source, _) in examples() {
        let file = EnvFile::parse(&source);
        let problems: Vec<_> = file.problems().map(ToString::to_string).collect();

        assert_eq!(problems, Vec::<String>::new(), "{name}");
    }
}
