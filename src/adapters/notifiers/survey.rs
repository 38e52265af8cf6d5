//! What a notifier sends and where to, as a person approves it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;

use url::Url;

use crate::adapters::notifiers::variables::Variables;
use crate::adapters::notifiers::variables::origin;
use crate::adapters::programs;
use crate::policy::NotifierPolicy;
use crate::policy::NotifierTarget;
use crate::ports::NotifyError;
use crate::ports::Obstacle;
use crate::ports::Outlet;
use crate::secret::SecretValue;

/// Finds out what a notifier would send and where to, as it would be approved now. A program that was `approved` stays
/// where it was found, whatever the search path is now.
///
/// # Errors
///
/// When a variable of a URL is not set or holds none, or there is no program to hand mail to.
pub fn survey_outlet(
    policy: &NotifierPolicy,
    value_of: &dyn Fn(&str) -> Option<SecretValue>,
    search_path: &OsStr,
    approved: Option<&Outlet>,
) -> Result<Outlet, NotifyError> {
    let variables = Variables::new(policy, value_of);
    let mut hosts = BTreeMap::new();
    for (field, _) in policy.variables() {
        if ["url_env", "smtp_env", "heartbeat_url_env"].contains(&field) {
            hosts.insert(field.to_owned(), origin(&variables.url(field)?));
        }
    }
    let named = policy.variables().into_iter();
    let mut outlet = Outlet {
        of_type: policy.of_type(),
        format: None,
        anonymous: policy.anonymous(),
        variables: named
            .map(|(field, name)| (field.to_owned(), name.clone()))
            .collect(),
        hosts,
        from: None,
        to: Vec::new(),
        program: None,
    };
    match policy.target() {
        NotifierTarget::Email { smtp_env, from, to } => {
            outlet.from = Some(from.clone());
            outlet.to.clone_from(to);
            if smtp_env.is_none() {
                let program = sendmail(search_path, approved.and_then(|outlet| outlet.program.as_deref()))?;
                outlet.program = Some(program.to_string_lossy().into_owned());
            }
        }
        NotifierTarget::PagerDuty { url_env: None, .. } => {
            outlet
                .hosts
                .insert("url_env".to_owned(), origin(&usual_pagerduty()?));
        }
        NotifierTarget::Webhook { format, .. } => outlet.format = Some(*format),
        NotifierTarget::Desktop | NotifierTarget::PagerDuty { .. } => {}
    }
    Ok(outlet)
}

/// Returns where events of PagerDuty go in the United States.
pub(super) fn usual_pagerduty() -> Result<Url, NotifyError> {
    Url::parse("https://events.pagerduty.com/v2/enqueue")
        .map_err(|_| NotifyError::new(Obstacle::Refused, "the usual URL of PagerDuty cannot be read"))
}

/// Finds the program that takes mail: the one that was approved, or one along the search path and in its usual places.
pub(super) fn sendmail(search_path: &OsStr, approved: Option<&str>) -> Result<PathBuf, NotifyError> {
    if let Some(program) = approved {
        return programs::check_owner(Path::new(program))
            .map(|()| PathBuf::from(program))
            .map_err(|error| NotifyError::new(Obstacle::Refused, error.what));
    }
    let mut path = OsString::from(search_path);
    path.push(":/usr/sbin:/usr/lib");
    programs::locate("sendmail", &path)
        .ok_or_else(|| NotifyError::new(Obstacle::Refused, "there is no program `sendmail`"))
}
