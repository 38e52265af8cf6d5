//! `mintage score`

mod explain;
mod lines;
mod readers;
mod report;

use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;

use crate::adapters::BreachFile;
use crate::app;
use crate::app::Demands;
use crate::app::Selection;
use crate::cli::commands::score::readers::Cuts;
use crate::cli::commands::score::report::report;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::contract;
use crate::dotenv;
use crate::dotenv::EnvFile;
use crate::dotenv::ProposedRole;
use crate::policy::Kind;
use crate::policy::Location;
use crate::policy::Tier;
use crate::ports::Breaches;
use crate::scoring;
use crate::scoring::Score;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Judge values: stored, piped in, or in an env file
///
/// Without names or files, values come from standard input, one a line, or from a hidden prompt. With -e, the
/// stored values of an environment are judged. No character of a value is shown. The exit code is 3 when a value
/// is below the bar: in production and staging everything that is not `high`.
#[derive(Clone, Debug, clap::Args)]
pub struct ScoreArgs {
    /// The stored secrets to judge (needs -e), or `-` for standard input
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// The environment whose stored values to judge
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Env file whose secrets to judge
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    env_file: Option<PathBuf>,

    /// What the values are
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,

    /// How strict to be; the environment's tier, or production
    #[arg(long, value_enum)]
    tier: Option<Tier>,

    /// Random bits that a value must have at least
    #[arg(long, value_name = "N")]
    min_bits: Option<u32>,

    /// Say how the figures came about
    #[arg(long)]
    explain: bool,

    /// Look human-made values up in a local list of leaked passwords: SHA-1 in order, 20 bytes or `HASH:COUNT` each
    #[arg(long, value_name = "FILE")]
    hibp_file: Option<PathBuf>,
}

/// Judges and reports.
pub fn run(ui: &Ui, context: &Context, args: &ScoreArgs) -> Result<Exit, CliError> {
    let kind = args
        .kind
        .as_deref()
        .map(|name| {
            Kind::find(name).ok_or_else(|| {
                CliError::usage("there is no kind of this name").hint("see the kinds: mintage policy list")
            })
        })
        .transpose()?;
    let judge = Judge {
        tier: args.tier,
        kind,
        min_bits: args.min_bits,
        leaked: args
            .hibp_file
            .as_deref()
            .map(BreachFile::open)
            .transpose()
            .map_err(|error| CliError::from(&error))?,
    };
    let from_stdin = args.names.iter().any(|name| name == "-");
    if from_stdin && (args.names.len() > 1 || args.env.is_some()) {
        return Err(
            CliError::usage("`-` reads standard input and goes with neither names nor -e")
                .hint("judge stored values: mintage score NAME -e ENVIRONMENT"),
        );
    }
    let judged = match (&args.env_file, &args.env) {
        (Some(path), _) => judge.env_file(context, path, args.env.as_ref())?,
        (None, Some(environment)) if !from_stdin => judge.stored(ui, context, environment, &args.names)?,
        (None, None) if !args.names.is_empty() && !from_stdin => {
            let environment = context.one_environment(None).map_err(|error| {
                error
                    .hint("was it a value? then it is in the shell history now: treat it as known to others")
                    .hint("values are judged from a pipe or a hidden prompt: mintage score -")
            })?;
            judge.stored(ui, context, &environment, &args.names)?
        }
        _ => judge.given(ui, context, from_stdin)?,
    };
    report(ui, &judged, args.explain)
}

struct Judge {
    tier: Option<Tier>,
    kind: Option<&'static Kind>,
    min_bits: Option<u32>,
    leaked: Option<BreachFile>,
}

/// A judged value with what it is called.
struct Judged {
    label: String,
    tier: Tier,
    environment: Option<EnvironmentName>,
    location: Option<Location>,
    score: Score,
    shape: Option<&'static str>,
}

impl Judge {
    fn context<'a>(&self, names: &'a [&'a str]) -> scoring::Context<'a> {
        scoring::Context {
            tier: self.tier.unwrap_or_default(),
            names,
            kind: self.kind,
            min_bits: self.min_bits,
            ..scoring::Context::default()
        }
    }

    fn given(&self, ui: &Ui, context: &Context, from_stdin: bool) -> Result<Vec<Judged>, CliError> {
        if std::io::stdin().is_terminal() && !from_stdin {
            let value = input::ask(context, "Value to judge: ")?;
            return Ok(vec![self.one("value".to_owned(), &value)?]);
        }
        lines::judge(ui, self, &input::read_stdin(MAX_INPUT)?)
    }

    /// Judges a value of which nothing else is known.
    fn one(&self, label: String, value: &SecretValue) -> Result<Judged, CliError> {
        Ok(Judged {
            score: self.score(value, &self.context(&[]))?,
            shape: app::shape_of(value, None),
            label,
            tier: self.tier.unwrap_or_default(),
            environment: None,
            location: None,
        })
    }

    fn score(&self, value: &SecretValue, context: &scoring::Context<'_>) -> Result<Score, CliError> {
        app::judge(value, context, self.breaches()).map_err(|error| CliError::from(&error))
    }

    fn breaches(&self) -> Option<&dyn Breaches> {
        self.leaked.as_ref().map(|file| file as &dyn Breaches)
    }

    fn stored(
        &self,
        ui: &Ui,
        context: &Context,
        environment: &EnvironmentName,
        names: &[String],
    ) -> Result<Vec<Judged>, CliError> {
        let project = context.project()?;
        let tier = app::environment_of(&project.policy, environment)?.tier();
        let selection = if names.is_empty() {
            Selection::All
        } else {
            let parsed = names.iter().map(|name| name.parse::<SecretName>());
            Selection::Names(parsed.collect::<Result<_, _>>().map_err(|error| {
                CliError::usage("an argument is no name of a secret")
                    .cause(error.to_string())
                    .hint("pipe values in to judge them: mintage score -")
            })?)
        };
        let bar = ui.progress(0, "judging");
        let scores = context.with_world(&project, |world| {
            Ok(app::score_stored(
                world,
                &project.policy,
                environment,
                &selection,
                Demands {
                    min_bits: self.min_bits,
                    breaches: self.breaches(),
                },
            )?)
        });
        bar.finish_and_clear();
        Ok(scores?
            .into_iter()
            .map(|stored| Judged {
                label: stored.name.to_string(),
                tier: self.tier.unwrap_or(tier),
                environment: Some(stored.environment),
                location: None,
                score: stored.score,
                shape: stored.shape,
            })
            .collect())
    }

    /// Judges the secrets of an env file: those that the policy declares, and what looks like one.
    fn env_file(
        &self,
        context: &Context,
        path: &Path,
        environment: Option<&EnvironmentName>,
    ) -> Result<Vec<Judged>, CliError> {
        let content = input::read_file(path, MAX_ENV_FILE)?;
        let file = EnvFile::of(&content);
        let project = context.project_if_any()?;
        let cuts = Cuts::of(&file);
        let mut judged = Vec::new();
        for proposal in dotenv::infer(&file) {
            let Some(entry) = file.last(&proposal.name) else {
                continue;
            };
            let declared = declared(project.as_ref(), environment, &proposal.name);
            let looks_secret = matches!(
                proposal.role,
                ProposedRole::Secret | ProposedRole::Issued | ProposedRole::CredentialUrl
            );
            if declared.is_none() && !looks_secret {
                continue;
            }
            let names = [proposal.name.as_str()];
            let mut scoring = self.context(&names);
            let tier = self.tier.or_else(|| {
                let name = environment?;
                Some(project.as_ref()?.policy.environment(name)?.tier())
            });
            scoring.tier = tier.unwrap_or_default();
            if let Some(secret) = declared {
                let min_bits = scoring.min_bits;
                scoring = app::context_of(secret, scoring.tier, &names);
                scoring.min_bits = scoring.min_bits.max(min_bits);
            } else if scoring.kind.is_none() && proposal.role == ProposedRole::Issued {
                scoring.kind = Kind::find("issued");
            }
            scoring.cut_at = entry.cut_at();
            let is_url = proposal.role == ProposedRole::CredentialUrl;
            let inner = is_url.then(|| contract::password_inside(entry.value())).flatten();
            let inner = inner.or_else(|| dotenv::secret_in_json(entry.value()));
            let value = inner.as_ref().unwrap_or(entry.value());
            let mut score = self.score(value, &scoring)?;
            score.findings.extend(cuts.findings(&proposal.name));
            judged.push(Judged {
                label: proposal.name.clone(),
                tier: scoring.tier,
                environment: environment.cloned(),
                location: Some(Location {
                    file: path.display().to_string(),
                    line: entry.line(),
                }),
                score,
                shape: app::shape_of(value, declared),
            });
        }
        if judged.is_empty() {
            return Err(CliError::new(
                Exit::Failed,
                format!("`{}` holds nothing that looks like a secret", path.display()),
            )
            .hint("judge single values: mintage score -"));
        }
        Ok(judged)
    }
}

fn declared<'a>(
    project: Option<&'a Project>,
    environment: Option<&EnvironmentName>,
    name: &str,
) -> Option<&'a crate::policy::SecretPolicy> {
    let policy = &project?.policy;
    let name: SecretName = name.parse().ok()?;
    let environment = match environment {
        Some(environment) => environment.clone(),
        None => policy.environments().next()?.name().clone(),
    };
    policy.secret(&name, &environment)
}

/// Most that is read from standard input, in bytes: a million values of 64 characters.
const MAX_INPUT: usize = 64 * 1_024 * 1_024;

/// Largest env file, in bytes.
const MAX_ENV_FILE: usize = 4 * 1_024 * 1_024;
