//! Sources of `import` that have names of their own.

use std::path::Path;
use std::path::PathBuf;

use crate::adapters::Desk;
use crate::adapters::Foreign;
use crate::adapters::SOURCES;
use crate::adapters::process;
use crate::app;
use crate::app::Incoming;
use crate::app::NamingError;
use crate::cli::commands::import::ImportArgs;
use crate::cli::config::process_variables;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::policy::nearest;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::ports::WorkingTree;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// A source and a place in it, as in `pass:acme/production`.
#[derive(Clone, Copy)]
pub(super) struct Kind(&'static Foreign);

/// Where values are to come from.
#[derive(Clone)]
pub(super) struct Place {
    kind: Kind,
    place: String,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind.0.name, self.place)
    }
}

impl Place {
    /// Reads `SOURCE:PLACE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, place) = text.split_once(':').unwrap_or((text, ""));
        let Some(kind) = SOURCES.iter().find(|source| source.name == name) else {
            let known: Vec<String> = SOURCES
                .iter()
                .map(|source| format!("{}:{}", source.name, source.place))
                .collect();
            let meant = nearest(name, SOURCES.iter().map(|source| source.name));
            let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            return Err(format!("the sources are {}{meant}", known.join(", ")));
        };
        if place.is_empty() && kind.place != "FOLDER" {
            return Err(format!("say where: {}:{}", kind.name, kind.place));
        }
        Ok(Self {
            kind: Kind(kind),
            place: place.to_owned(),
        })
    }

    /// Returns the file, where it holds plaintext.
    pub(super) fn plaintext(&self) -> Option<PathBuf> {
        let is_plain = self.kind.0.place == "FILE|-" && self.place != "-";
        is_plain.then(|| PathBuf::from(&self.place))
    }
}

/// Reads `OLD=NEW`.
pub(super) fn pair(text: &str) -> Result<(String, SecretName), String> {
    let (old, new) = text
        .rsplit_once('=')
        .ok_or_else(|| "as in OLD=NEW: the name in the source, then the secret".to_owned())?;
    let new = new.parse().map_err(|_| {
        "behind the `=` stands the name of a secret, as in db/password=DB_PASSWORD".to_owned()
    })?;
    Ok((old.to_owned(), new))
}

/// What a source gave.
#[derive(Default)]
pub(super) struct Fetched {
    /// The values.
    pub incoming: Vec<Incoming>,
    /// Names that stand for no declared secret.
    pub left_out: Vec<String>,
    /// Where the values still are.
    pub remains: Vec<Remainder>,
}

/// Reads the values of a source that stand for declared secrets; no other value is looked at.
pub(super) fn fetch(
    ui: &Ui,
    context: &Context,
    project: &Project,
    environment: &EnvironmentName,
    args: &ImportArgs,
) -> Result<Fetched, CliError> {
    for (_, secret) in &args.map {
        app::secret_of(&project.policy, secret, environment)?;
    }
    let source = open(context, args)?;
    let names = source.names().map_err(|error| explained(&error))?;
    let naming = app::name_secrets(&project.policy, environment, &names, &args.map).map_err(told)?;
    let mut fetched = Fetched::default();
    let mut taken = Vec::new();
    let bar = ui.progress(naming.taken.len() as u64, "reading");
    for (secret, name) in naming.taken {
        let value = source.value(&name).map_err(|error| explained(&error))?;
        let value = if args.source.verbatim {
            value
        } else {
            input::without_newline(value)
        };
        bar.inc(1);
        if value.is_empty() {
            ui.warning(&format!("`{name}` is empty and left out"));
            continue;
        }
        if value.len() > input::MAX_VALUE {
            return Err(CliError::new(
                Exit::Failed,
                format!("`{name}` holds more than {} bytes", input::MAX_VALUE),
            )
            .in_state("nothing was changed")
            .hint("a secret takes some hundred bytes: check what the source holds"));
        }
        fetched.incoming.push(Incoming {
            name: secret,
            value,
            changed: source.changed(&name),
        });
        taken.push(name);
    }
    bar.finish_and_clear();
    if fetched.incoming.is_empty() {
        let names: Vec<&str> = naming
            .left_out
            .iter()
            .take(MOST_NAMES)
            .map(String::as_str)
            .collect();
        let mut error = CliError::new(
            Exit::Failed,
            "the source holds no secret that the policy declares",
        )
        .in_state("nothing was changed");
        // The names of this environment's variables say nothing about it.
        if !args.process && !names.is_empty() {
            error = error.cause(format!("it has: {}", names.join(", ")));
        }
        return Err(error.hint("say which is which: --map OLD=NEW"));
    }
    fetched.remains = source.remains(&taken);
    // All that is set here besides is no news.
    fetched.left_out = if args.process { Vec::new() } else { naming.left_out };
    Ok(fetched)
}

fn open(context: &Context, args: &ImportArgs) -> Result<Box<dyn ForeignSource>, CliError> {
    let Some(Place { kind, place }) = &args.from else {
        return Ok(process(process_variables()));
    };
    let reads_input = place == "-" && kind.0.place == "FILE|-";
    let desk = Desk {
        environment: if kind.0.needs_keys {
            context.config.whole()
        } else {
            context.config.for_commands()
        },
        input: reads_input.then(|| input::read_stdin(MAX_DOCUMENT)).transpose()?,
        whole: args.source.verbatim,
    };
    kind.0.open(place, &desk).map_err(|error| explained(&error))
}

/// Says what git remembers of a file of plaintext in the project.
pub(super) fn in_git(context: &Context, project: &Project, path: &Path) -> Option<Remainder> {
    let root = project.root.canonicalize().ok()?;
    let inside = path.canonicalize().ok()?;
    let inside = inside.strip_prefix(root).ok()?.to_str()?.to_owned();
    let tree = context.working_tree(&project.root);
    let state = tree
        .git(std::slice::from_ref(&inside))
        .1
        .into_iter()
        .next()
        .flatten()?;
    (state.tracked || state.committed).then(|| Remainder {
        place: format!("the repository: {inside} was committed, and whoever has a copy can read it"),
        cure: "rotate what it holds: mintage rotate NAME -e ENVIRONMENT --reason compromise".to_owned(),
    })
}

fn told(error: NamingError) -> CliError {
    let hint = match &error {
        NamingError::Ambiguous { name, one, .. } => format!("say which: --map {one}={name}"),
        _ => "names are written as the source has them; see them: --dry-run without --map".to_owned(),
    };
    CliError::new(Exit::Failed, error.to_string())
        .in_state("nothing was changed")
        .hint(hint)
}

fn explained(error: &ForeignError) -> CliError {
    let (exit, hint) = match error {
        ForeignError::Keychain(keychain) => return CliError::from_keychain(keychain, error.to_string()),
        ForeignError::Absent(place) if place.starts_with("keychain:") => (
            Exit::Failed,
            "see what is there: secret-tool search --all service SERVICE (its secrets are shown)".to_owned(),
        ),
        ForeignError::NoProgram(program) => (
            Exit::Failed,
            format!("install it, and see that it works: {program} --version"),
        ),
        ForeignError::Refused { program, .. } => (
            Exit::Unreachable,
            format!("run {program} by hand, with `> /dev/null`: it says why"),
        ),
        ForeignError::Malformed { .. } => (
            Exit::Failed,
            "give it what the program printed, whole and unchanged".to_owned(),
        ),
        _ => (Exit::Failed, "check the path".to_owned()),
    };
    CliError::new(exit, error.to_string())
        .in_state("nothing was changed")
        .hint(hint)
}

/// Most names that an error lists.
const MOST_NAMES: usize = 10;

/// Largest document on standard input, in bytes.
const MAX_DOCUMENT: usize = 4 * 1_024 * 1_024;
