//! `mintage remind --notify`

use crate::adapters::NotifierTools;
use crate::adapters::OpenNotifiers;
use crate::adapters::SystemClock;
use crate::app;
use crate::app::NotifierOutcome;
use crate::app::NotifyGround;
use crate::app::NotifyScene;
use crate::app::Privacy;
use crate::app::Pseudonyms;
use crate::app::RemindReport;
use crate::app::Trouble;
use crate::cli::commands::remind::Format;
use crate::cli::commands::remind::RemindArgs;
use crate::cli::commands::remind::whole::Sight;
use crate::cli::commands::status::Trust;
use crate::cli::config::Config;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;

/// Tells the notifiers of the policy, where that was asked for, and returns what became of each.
pub(super) fn tell(
    ui: &Ui,
    context: &Context,
    args: &RemindArgs,
    sight: &Sight<'_>,
    report: &RemindReport,
) -> Result<Vec<NotifierOutcome>, CliError> {
    if !args.notify {
        return Ok(Vec::new());
    }
    let (policy, root) = (&sight.project.policy, &sight.project.root);
    if policy.notifiers().is_empty() {
        return Err(CliError::new(Exit::Failed, "the policy has no notifier to tell")
            .in_state("nothing was sent")
            .hint("declare one in mintage.toml: [[notifiers]] type = \"desktop\"")
            .hint("see what there is: mintage policy schema"));
    }
    let (storage, state) = (context.storage(root)?, context.state(root)?);
    let channels = OpenNotifiers::new(
        policy.notifiers(),
        &NotifierTools {
            value_of: &|name| context.config.value_of(name),
            approvals: &app::outlet_approvals(&storage, &state)?,
            search_path: &Config::variable("PATH").unwrap_or_default(),
            root,
        },
    );
    let ground = NotifyGround {
        storage: &storage,
        state: &state,
        clock: &SystemClock,
        channels: &channels,
    };
    let told = in_scene(context, args, sight, report, |scene| {
        Ok(app::notify(
            policy.notifiers(),
            scene,
            ground,
            &mut context.rng()?,
        )?)
    })?;
    for one in told.iter().filter(|one| one.trouble.is_none()) {
        ui.status(&said(one));
    }
    Ok(told)
}

/// Writes what is due for Slack, where that was asked for.
pub(super) fn slack(
    context: &Context,
    args: &RemindArgs,
    sight: &Sight<'_>,
    report: &RemindReport,
) -> Result<Option<String>, CliError> {
    if args.format != Format::Slack {
        return Ok(None);
    }
    in_scene(context, args, sight, report, |scene| {
        let message = app::slack_message(scene, Privacy::Named);
        Ok(Some(format!("{message:#}\n")))
    })
}

/// Fails where a notifier was not told all that there is to tell.
pub(super) fn check(told: &[NotifierOutcome], is_damaged: bool) -> Result<(), CliError> {
    let troubles: Vec<(&NotifierOutcome, &Trouble)> = told
        .iter()
        .filter_map(|one| Some((one, one.trouble.as_ref()?)))
        .collect();
    let Some((first, trouble)) = troubles.first() else {
        return Ok(());
    };
    let is_passing = |(_, trouble): &(_, &Trouble)| matches!(trouble, Trouble::Unreachable { .. });
    let exit = match troubles.iter().all(is_passing) {
        _ if is_damaged => Exit::Integrity,
        true => Exit::Unreachable,
        false => Exit::Failed,
    };
    let mut error = match troubles.len() {
        1 => CliError::new(
            exit,
            format!("`{}` was not told: {}", first.notifier, message(trouble)),
        ),
        count => {
            let error = CliError::new(exit, format!("{count} of {} notifiers were not told", told.len()));
            let causes = troubles.iter();
            error.causes_from(
                causes
                    .map(|(one, trouble)| format!("`{}`: {}", one.notifier, message(trouble)))
                    .collect(),
            )
        }
    }
    .in_state("what was not told will be sent again by the next run");
    let mut hints: Vec<&str> = Vec::new();
    for (_, trouble) in &troubles {
        let hint = match trouble {
            Trouble::Refused { .. } => {
                "compare what the notifier says in mintage.toml with the variables that it names"
            }
            Trouble::Unapproved { fix, .. } => fix,
            Trouble::Unreachable { .. } => "when it is there again: mintage remind --notify",
        };
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    for hint in hints {
        error = error.hint(hint);
    }
    Err(error)
}

/// Gathers what notices are made of.
fn in_scene<T>(
    context: &Context,
    args: &RemindArgs,
    sight: &Sight<'_>,
    report: &RemindReport,
    use_case: impl FnOnce(&NotifyScene<'_>) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let policy = &sight.project.policy;
    let environments: Vec<EnvironmentName> = context.environments(policy, &args.env)?;
    let pseudonyms = Pseudonyms::of_store(&context.storage(&sight.project.root)?)?;
    use_case(&NotifyScene {
        project: policy.name(),
        at: sight.picture.at,
        environments: &environments,
        rows: &sight.picture.rows,
        report,
        certificates: sight.certificates,
        is_damaged: matches!(sight.picture.trust, Trust::Damaged(_)),
        pseudonyms: &pseudonyms,
    })
}

fn said(one: &NotifierOutcome) -> String {
    let name = &one.notifier;
    let told = match (one.told, one.known) {
        (0, 0) => format!("{name}: nothing is due"),
        (0, known) => format!("{name}: nothing new, {known} told before"),
        (told, _) => format!("{name}: told {told}"),
    };
    match one.resolved {
        0 => told,
        resolved => format!("{told}, {resolved} resolved"),
    }
}

fn message(trouble: &Trouble) -> &str {
    match trouble {
        Trouble::Refused { message }
        | Trouble::Unapproved { message, .. }
        | Trouble::Unreachable { message } => message,
    }
}
