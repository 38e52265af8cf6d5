//! What of two environments should not be so.

use crate::app::diff::DiffPlace;
use crate::app::diff::DiffRow;
use crate::app::diff::DiffSide;
use crate::app::diff::Relation;
use crate::dotenv::ProposedRole;
use crate::ledger::SecretRecord;
use crate::policy::Derivation;
use crate::policy::Environment;
use crate::policy::Finding;
use crate::policy::Kind;
use crate::policy::Location;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::kinds::Role;
use crate::secret::SecretName;

/// Judges rows and collects what it finds.
pub(super) struct Judge<'a> {
    policy: &'a Policy,
    sides: [&'a DiffSide<'a>; 2],
    pub(super) findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(policy: &'a Policy, sides: [&'a DiffSide<'a>; 2]) -> Self {
        Self {
            policy,
            sides,
            findings: Vec::new(),
        }
    }

    /// Judges a secret by what is stored of it.
    pub(super) fn stored(&mut self, row: &mut DiffRow) {
        let Ok(name) = row.name.parse::<SecretName>() else {
            return;
        };
        for side in 0..2 {
            let declared = self.declared(&name, side);
            let is_there = [&row.left, &row.right][side].is_some();
            match (declared, is_there) {
                (Some(secret), false) => {
                    let severity = severity_of_missing(secret.required());
                    let fix = mint(secret, self.environment(side));
                    self.add(row, side, ("missing", severity), "has no value".to_owned(), fix);
                }
                (None, true) => {
                    let message = "is stored, and the policy does not declare it".to_owned();
                    let fix = "declare it in mintage.toml, so that it is judged and rotated".to_owned();
                    self.add(row, side, ("undeclared", Severity::Warning), message, fix);
                }
                _ => {}
            }
            self.out_of_step(row, &name, side);
        }
        if row.relation == Relation::Same && self.must_differ(&name, row) {
            self.reused(row, Some(&name));
        }
        if let (Some(left), Some(right)) = (&row.left, &row.right)
            && left.kind != right.kind
        {
            let message = format!("is of kind {} here and {} there", left.kind, right.kind);
            let fix = "see what the policy asks for: mintage policy show".to_owned();
            self.add(row, 0, ("kind-differs", Severity::Note), message, fix);
        }
    }

    /// Judges a variable by what stands in the env files.
    pub(super) fn in_files(&mut self, row: &mut DiffRow) {
        let name = row.name.parse::<SecretName>().ok();
        for side in 0..2 {
            if [&row.left, &row.right][side].is_none() {
                self.missing_in_file(row, name.as_ref(), side);
            }
        }
        let is_reused = row.relation == Relation::Same
            && match name.as_ref().filter(|name| self.declared(name, 0).is_some()) {
                Some(name) => self.must_differ(name, row),
                None => self.tiers_differ() && self.looks_secret(row, name.as_ref()),
            };
        if is_reused {
            self.reused(row, name.as_ref());
        }
        if row.relation == Relation::Different
            && let Some(name) = &name
        {
            self.should_match(row, name);
        }
    }

    /// Says that a variable is in the other file only.
    fn missing_in_file(&mut self, row: &mut DiffRow, name: Option<&SecretName>, side: usize) {
        let environment = self.environment(side).name();
        let variable = name.and_then(|name| self.policy.variable(name, environment));
        let severity = severity_of_missing(variable.is_some_and(|variable| variable.required()));
        let (Some((here, _)), Some((there, _))) = (self.sides[side].file, self.sides[1 - side].file) else {
            return;
        };
        let message = format!("stands in {there} and not in {here}");
        let fix = format!("add it to {here}, or take it out of {there}");
        self.add(row, side, ("missing", severity), message, fix);
    }

    /// Says that a copy is no copy any more.
    fn out_of_step(&mut self, row: &mut DiffRow, name: &SecretName, side: usize) {
        let Some(Derivation::Copied(root)) = self.declared(name, side).and_then(SecretPolicy::derivation)
        else {
            return;
        };
        let fingerprint = |name| {
            let record = self.sides[side].ledger.record(name);
            Some(record.and_then(SecretRecord::current)?.fingerprint)
        };
        let [Some(copy), Some(original)] = [fingerprint(name), fingerprint(root)] else {
            return;
        };
        if copy != original {
            let message = format!("should have the value of {root}");
            let fix = format!("mintage create {name} -e {}", self.environment(side).name());
            self.add(row, side, ("should-match", Severity::Error), message, fix);
        }
    }

    /// Says which of two files breaks a rule by which both should hold the same.
    fn should_match(&mut self, row: &mut DiffRow, name: &SecretName) {
        let rules = [0, 1].map(|side| {
            let variable = self.policy.variable(name, self.environment(side).name());
            variable.and_then(|variable| variable.equals().map(str::to_owned))
        });
        let [Some(left), Some(right)] = rules else {
            return;
        };
        if left != right {
            return;
        }
        for side in 0..2 {
            let Some((file, content)) = self.sides[side].file else {
                continue;
            };
            let entry = content.last(&row.name);
            if entry.is_some_and(|entry| !entry.value().is(&left)) {
                let message = "should have the same value in both".to_owned();
                let fix = format!("set it to what the policy says in {file}: mintage policy show");
                self.add(row, side, ("should-match", Severity::Error), message, fix);
            }
        }
    }

    /// Returns whether the two environments must not share the value of a secret.
    fn must_differ(&self, name: &SecretName, row: &DiffRow) -> bool {
        let declared: Vec<&SecretPolicy> = (0..2).filter_map(|side| self.declared(name, side)).collect();
        if declared
            .iter()
            .any(|secret| secret.distinct_across_environments())
        {
            return true;
        }
        let is_generated = match declared.first() {
            // What is derived is reported by its roots.
            Some(secret) => secret.is_generated(),
            None => row
                .left
                .as_ref()
                .and_then(|value| Kind::find(&value.kind))
                .is_some_and(|kind| kind.role == Role::Generated),
        };
        is_generated && self.tiers_differ()
    }

    fn reused(&mut self, row: &mut DiffRow, name: Option<&SecretName>) {
        // The value of the stricter environment is known where it should not be.
        let side = usize::from(self.environment(1).tier() < self.environment(0).tier());
        let other = self.environment(1 - side).name();
        let message = format!("has the same value as in {other}");
        let environment = self.environment(side);
        let declared = name.and_then(|name| self.declared(name, side));
        let file = self.sides[side].file.map(|(file, _)| file);
        let fix = match (row.place, declared, file) {
            (DiffPlace::Store, Some(secret), _) if secret.kind().role == Role::Issued => {
                mint(secret, environment)
            }
            (DiffPlace::Store, _, _) => format!("mintage rotate {} -e {}", row.name, environment.name()),
            (DiffPlace::EnvFile, _, file) => {
                format!("give it a value of its own in {}", file.unwrap_or_default())
            }
        };
        let rule = ("reused-across-environments", Severity::Error);
        self.add(row, side, rule, message, fix);
    }

    fn add(
        &mut self,
        row: &mut DiffRow,
        side: usize,
        (rule, severity): (&'static str, Severity),
        message: String,
        fix: String,
    ) {
        if !row.rules.contains(&rule) {
            row.rules.push(rule);
        }
        let line = [&row.left, &row.right][side]
            .as_ref()
            .and_then(|value| value.line);
        let location = self.sides[side].file.zip(line).map(|((file, _), line)| Location {
            file: file.to_owned(),
            line,
        });
        self.findings.push(Finding {
            rule,
            severity,
            environment: Some(self.environment(side).name().clone()),
            name: Some(row.name.clone()),
            location,
            message,
            fix,
        });
    }

    fn environment(&self, side: usize) -> &'a Environment {
        self.sides[side].environment
    }

    fn declared(&self, name: &SecretName, side: usize) -> Option<&'a SecretPolicy> {
        self.policy.secret(name, self.environment(side).name())
    }

    /// Returns whether a variable of an env file holds what must not be shared. What the policy calls a variable is
    /// no secret, but a URL may carry one.
    fn looks_secret(&self, row: &DiffRow, name: Option<&SecretName>) -> bool {
        let is_variable =
            name.is_some_and(|name| self.policy.variable(name, self.environment(0).name()).is_some());
        let sides = [&row.left, &row.right];
        let mut kinds = sides.into_iter().flatten().map(|value| value.kind.as_str());
        kinds.any(|kind| {
            kind == ProposedRole::CredentialUrl.name() || kind == ProposedRole::Secret.name() && !is_variable
        })
    }

    fn tiers_differ(&self) -> bool {
        self.environment(0).tier() != self.environment(1).tier()
    }
}

/// A value that nobody requires may well be missing.
fn severity_of_missing(required: bool) -> Severity {
    if required { Severity::Error } else { Severity::Note }
}

/// Says how a secret gets a value.
fn mint(secret: &SecretPolicy, environment: &Environment) -> String {
    let (name, environment) = (secret.name(), environment.name());
    match (secret.kind().role, secret.issuer()) {
        (Role::Issued, Some(issuer)) => {
            format!("get one from {issuer}, then: mintage import {name} -e {environment}")
        }
        (Role::Issued, None) => format!("mintage import {name} -e {environment}"),
        _ => format!("mintage create {name} -e {environment}"),
    }
}
