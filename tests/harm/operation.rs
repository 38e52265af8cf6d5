//! Commands that change a store, and what must hold after one of them came to harm.

use std::collections::BTreeMap;
use std::fs;

use crate::sandbox::IMPORTED;
use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::sandbox::files_of;
use crate::sandbox::policy;
use crate::walk::Goal;

/// A command with the state it starts from.
pub struct Operation {
    /// What it is called in messages.
    pub title: &'static str,
    /// Its arguments.
    pub arguments: &'static [&'static str],
    /// What it reads from its pipe.
    pub input: &'static str,
    /// The project, with the snapshot `start`.
    pub sandbox: Sandbox,
    /// Every value that is committed before.
    pub before: BTreeMap<(String, String), Vec<u8>>,
    /// What it is to come to where sinks are told.
    pub goal: Option<Goal>,
}

impl Operation {
    /// `init` in an empty project.
    pub fn init() -> Self {
        let sandbox = Sandbox::bare();
        fs::write(sandbox.beside("policy.toml"), policy()).unwrap();
        // Beside the project, so that `mintage.toml` is written too.
        Self::start("init", &["init", "--policy", "../../policy.toml"], "", sandbox)
    }

    /// `create --all` where some are there already.
    pub fn create() -> Self {
        let sandbox = Sandbox::initialised();
        sandbox
            .mintage(&["create", "ALPHA_KEY", "-e", "production"])
            .expect(0, "create");
        Self::start(
            "create --all",
            &["create", "--all", "-e", "production"],
            "",
            sandbox,
        )
    }

    /// `rotate` of one secret.
    pub fn rotate() -> Self {
        let sandbox = Sandbox::small();
        Self::start(
            "rotate",
            &["rotate", "ALPHA_KEY", "-e", "production"],
            "",
            sandbox,
        )
    }

    /// `import` over a value.
    pub fn import() -> Self {
        let sandbox = Sandbox::small();
        Self::start(
            "import",
            &["import", "ALPHA_KEY", "-e", "production"],
            IMPORTED,
            sandbox,
        )
    }

    /// A command that tells sinks, from the state that `sandbox` is in.
    pub fn told(
        title: &'static str,
        arguments: &'static [&'static str],
        goal: Goal,
        sandbox: Sandbox,
    ) -> Self {
        Self {
            goal: Some(goal),
            ..Self::start(title, arguments, "", sandbox)
        }
    }

    fn start(
        title: &'static str,
        arguments: &'static [&'static str],
        input: &'static str,
        sandbox: Sandbox,
    ) -> Self {
        let before = sandbox.values();
        sandbox.snapshot("start");
        Self {
            title,
            arguments,
            input,
            sandbox,
            before,
            goal: None,
        }
    }

    /// Returns every how many points an ordinary run tries: walks have many more.
    pub fn step(&self, step: usize) -> usize {
        // One more than a multiple, so that the errors take turns.
        if self.goal.is_some() { 2 * step + 1 } else { step }
    }

    /// Runs the command.
    pub fn run(&self) -> Run {
        self.sandbox.mintage_with(self.arguments, self.input)
    }

    /// Says what does not hold after the command came to harm; nothing when all is well.
    pub fn aftermath(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let sandbox = &self.sandbox;
        let identity = fs::read(sandbox.identity()).ok();
        let verify = sandbox.mintage(&["verify"]);
        let none_yet = self.title == "init"
            && verify.code == Some(1)
            && (verify.text.contains("is no project") || verify.text.contains("there is no store"));
        if verify.is_bug() || !(verify.code == Some(0) || none_yet) {
            wrong.push(format!(
                "verify after it: {:?} {}",
                verify.code,
                verify.text.trim()
            ));
        }
        if let Some(goal) = &self.goal {
            wrong.extend(goal.aftermath(self));
            return wrong;
        }
        let again = self.run();
        let complete_already =
            self.title == "init" && again.text.contains("has a policy and a store already");
        if again.is_bug() || !(again.code == Some(0) || complete_already) {
            wrong.push(format!(
                "the command again: {:?} {}",
                again.code,
                again.text.trim()
            ));
        }
        for ((name, id), value) in &self.before {
            let run = sandbox.mintage(&["reveal", name, "-e", "production", "--version", id]);
            if run.code != Some(0) || run.out != *value {
                wrong.push(format!("{name} {id} is lost: {:?} {}", run.code, run.text.trim()));
            }
        }
        for arguments in [&["verify", "--fix"][..], &["verify", "--deep"]] {
            let run = sandbox.mintage(arguments);
            if run.code != Some(0) || run.text.contains("leftover:") {
                wrong.push(format!("{arguments:?}: {:?} {}", run.code, run.text.trim()));
            }
        }
        if identity
            .as_ref()
            .is_some_and(|bytes| bytes.windows(16).any(is_key))
            && fs::read(sandbox.identity()).ok() != identity
        {
            wrong.push("an identity that was written is gone".to_owned());
        }
        if self.title == "init" {
            let run = sandbox.mintage(&["create", "ALPHA_KEY", "-e", "production"]);
            if run.code != Some(0) {
                wrong.push(format!(
                    "the store is of no use: {:?} {}",
                    run.code,
                    run.text.trim()
                ));
            }
        }
        wrong.extend(self.residue());
        wrong
    }

    /// Names files that hold a value in the clear, or a version file that is no age file.
    pub fn residue(&self) -> Vec<String> {
        let mut plain: Vec<Vec<u8>> = self.before.values().cloned().collect();
        plain.push(IMPORTED.as_bytes().to_vec());
        for record in self.sandbox.records("production") {
            let run = self.sandbox.reveal("production", record.name.as_str());
            if run.code == Some(0) {
                plain.push(run.out);
            }
        }
        files_of(&self.sandbox.live())
            .into_iter()
            .filter(|(path, _)| self.goal.is_none() || !crate::walk::is_sink(path))
            .filter(|(_, bytes)| {
                plain.iter().any(|value| {
                    !value.is_empty() && bytes.windows(value.len()).any(|window| window == value)
                })
            })
            .map(|(path, _)| format!("{path} holds a value in the clear"))
            .collect()
    }
}

fn is_key(window: &[u8]) -> bool {
    window.starts_with(b"AGE-SECRET-KEY-1")
}

/// Fails with everything that went wrong, at most one screen of it.
#[track_caller]
pub fn assert_none(wrong: &[String]) {
    let shown: Vec<&str> = wrong.iter().take(30).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} went wrong:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}
