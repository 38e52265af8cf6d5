//! What a person allowed a notifier to send, and where to.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::policy::NotifierFormat;
use crate::policy::NotifierType;
use crate::secret::SecretName;

/// A notifier as a person allowed it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OutletApproval {
    /// The notifier.
    pub notifier: String,
    /// What may leave, and where to.
    pub outlet: Outlet,
    /// When it was allowed.
    pub at: DateTime<Utc>,
    /// By whom: user and host.
    pub by: String,
}

/// Everything that decides what a notifier sends and where to, as far as it can be known before it sends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// How it tells.
    pub of_type: NotifierType,
    /// What a webhook sends.
    pub format: Option<NotifierFormat>,
    /// Whether it names no secret and no certificate.
    pub anonymous: bool,
    /// The variables that it reads, by the field that names them.
    pub variables: BTreeMap<String, SecretName>,
    /// Where URLs lead: scheme, host and port, by the field that names the variable.
    pub hosts: BTreeMap<String, String>,
    /// Who mail is from.
    pub from: Option<String>,
    /// Who gets mail.
    pub to: Vec<String>,
    /// The program that mail is handed to, as an absolute path.
    pub program: Option<String>,
}

impl Outlet {
    /// Says field by field in which way `now` differs from this; empty when it does not.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.of_type != now.of_type {
            changes.push(format!(
                "`type` is {}, was {}",
                now.of_type.name(),
                self.of_type.name()
            ));
        }
        if self.format != now.format {
            changes.push("`format` was changed".to_owned());
        }
        if self.anonymous != now.anonymous {
            changes.push(format!(
                "`anonymous` is {}, was {}",
                now.anonymous, self.anonymous
            ));
        }
        let (before, after) = (as_text(&self.variables), as_text(&now.variables));
        differences(&before, &after, "", &mut changes);
        differences(&self.hosts, &now.hosts, " leads to", &mut changes);
        let mail = |outlet: &Self| {
            let from = outlet.from.iter().map(|from| ("from".to_owned(), from.clone()));
            let to = (!outlet.to.is_empty()).then(|| ("to".to_owned(), outlet.to.join(", ")));
            let program = outlet
                .program
                .iter()
                .map(|program| ("sendmail".to_owned(), program.clone()));
            from.chain(to).chain(program).collect::<BTreeMap<_, _>>()
        };
        differences(&mail(self), &mail(now), "", &mut changes);
        changes
    }
}

fn as_text(variables: &BTreeMap<String, SecretName>) -> BTreeMap<String, String> {
    let text = |(field, name): (&String, &SecretName)| (field.clone(), name.to_string());
    variables.iter().map(text).collect()
}

fn differences(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    verb: &str,
    changes: &mut Vec<String>,
) {
    let is = if verb.is_empty() { " is" } else { verb };
    for (field, now) in after {
        match before.get(field) {
            Some(was) if was == now => {}
            Some(was) => changes.push(format!("`{field}`{is} {now}, was {was}")),
            None => changes.push(format!("`{field}`{is} {now}, and there was none")),
        }
    }
    let gone = before.keys().filter(|field| !after.contains_key(*field));
    changes.extend(
        gone.map(|field| format!("`{field}`{verb} is gone").replace(" leads to is gone", " leads nowhere")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlet() -> Outlet {
        Outlet {
            of_type: NotifierType::Webhook,
            format: Some(NotifierFormat::Slack),
            anonymous: true,
            variables: [("url_env".to_owned(), "HOOK_URL".parse().unwrap())].into(),
            hosts: [("url_env".to_owned(), "https://hooks.example.com".to_owned())].into(),
            from: None,
            to: Vec::new(),
            program: None,
        }
    }

    #[test]
    fn every_field_that_changed_is_told() {
        let before = outlet();
        assert_eq!(before.changes(&before.clone()), [""; 0]);

        let told = |change: fn(&mut Outlet)| {
            let mut after = outlet();
            change(&mut after);
            before.changes(&after)
        };
        assert_eq!(
            told(|after| after.of_type = NotifierType::Desktop),
            ["`type` is desktop, was webhook"]
        );
        assert_eq!(told(|after| after.format = None), ["`format` was changed"]);
        assert_eq!(
            told(|after| after.anonymous = false),
            ["`anonymous` is false, was true"]
        );
        assert_eq!(
            told(|after| after.hosts = [("url_env".to_owned(), "https://evil.example".to_owned())].into()),
            ["`url_env` leads to https://evil.example, was https://hooks.example.com"]
        );
        assert_eq!(told(|after| after.hosts.clear()), ["`url_env` leads nowhere"]);
        assert_eq!(
            told(|after| after.variables = [("url_env".to_owned(), "OTHER".parse().unwrap())].into()),
            ["`url_env` is OTHER, was HOOK_URL"]
        );
        assert_eq!(
            told(|after| after.to = vec!["a@example.com".to_owned()]),
            ["`to` is a@example.com, and there was none"]
        );
        assert_eq!(
            told(|after| after.program = Some("/usr/sbin/sendmail".to_owned())),
            ["`sendmail` is /usr/sbin/sendmail, and there was none"]
        );
    }
}
