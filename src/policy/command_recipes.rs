//! Ready commands for well-known tools that take a value on standard input.

use std::collections::BTreeMap;

use crate::policy::command::CommandTarget;
use crate::policy::command::StdinForm;
use crate::policy::command::Verb;
use crate::policy::document::At;
use crate::policy::document::FromNode;
use crate::policy::document::Problems;
use crate::policy::document::SinkWire;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;

/// Ready commands for a tool.
///
/// In a word, `{name}` and `{environment}` are filled in when it runs, the other placeholders from `with`. A word
/// that begins with `?` is there only when its placeholder was given.
#[derive(Clone, Copy, Debug)]
pub struct CommandRecipe {
    /// How policies name it.
    pub name: &'static str,
    /// What it does, and what has to be there first.
    pub about: &'static str,
    /// What it takes in `with`, and what stands for it otherwise; `None` where it is needed.
    pub parameters: &'static [(&'static str, Option<&'static str>)],
    set: &'static [&'static str],
    read_value: &'static [&'static str],
    stdin: StdinForm,
    env: &'static [&'static str],
    absent: Option<&'static str>,
    denied: Option<i32>,
}

/// The recipes, sorted by name.
///
/// Sources, as of November 2026: `aws secretsmanager put-secret-value help` of awscli 1.45 (run against a server),
/// `kubectl patch --help` of kubectl 1.32 (run without a server); flyctl `secrets import` and `heroku api` of
/// `@heroku-cli/plugin-api` by their sources, `gh secret set`, `vault kv put`, `vercel env add` and
/// `wrangler secret put` by their manuals, not run.
pub const COMMAND_RECIPES: &[CommandRecipe] = &[
    CommandRecipe {
        name: "aws-secretsmanager",
        about: "puts a version into AWS Secrets Manager, where the secret has to be there",
        parameters: &[("secret_id", Some("{environment}/{name}"))],
        set: &[
            "aws",
            "secretsmanager",
            "put-secret-value",
            "--secret-id={secret_id}",
            "--secret-string=file:///dev/stdin",
        ],
        read_value: &[
            "aws",
            "secretsmanager",
            "get-secret-value",
            "--secret-id={secret_id}",
            "--query=SecretString",
            "--output=text",
        ],
        stdin: StdinForm::Value,
        env: &[
            "HOME",
            "AWS_ACCESS_KEY_ID",
            "AWS_CONFIG_FILE",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SHARED_CREDENTIALS_FILE",
        ],
        absent: Some("ResourceNotFoundException"),
        denied: None,
    },
    CommandRecipe {
        name: "flyctl",
        about: "imports a secret into a Fly.io app and deploys it, without waiting for that",
        parameters: &[("app", None)],
        set: &["flyctl", "secrets", "import", "--app={app}", "--detach"],
        read_value: &[],
        stdin: StdinForm::EnvLine,
        env: &["HOME", "FLY_ACCESS_TOKEN", "FLY_API_TOKEN"],
        absent: None,
        denied: None,
    },
    CommandRecipe {
        name: "gh",
        about: "sets a secret of GitHub Actions, or of another `app` of a repository, `env` or `org`",
        parameters: &[
            ("repo", Some("")),
            ("env", Some("")),
            ("org", Some("")),
            ("app", Some("")),
        ],
        set: &[
            "gh",
            "secret",
            "set",
            "{name}",
            "?--repo={repo}",
            "?--env={env}",
            "?--org={org}",
            "?--app={app}",
        ],
        read_value: &[],
        stdin: StdinForm::Value,
        env: &["HOME", "GH_HOST", "GH_TOKEN", "GITHUB_TOKEN", "XDG_CONFIG_HOME"],
        absent: None,
        denied: Some(4),
    },
    CommandRecipe {
        name: "heroku",
        about: "sets a config var of a Heroku app; needs `heroku plugins:install @heroku-cli/plugin-api`",
        parameters: &[("app", None)],
        set: &["heroku", "api", "PATCH", "/apps/{app}/config-vars"],
        read_value: &["heroku", "config:get", "{name}", "--app={app}"],
        stdin: StdinForm::Json,
        env: &["HOME", "HEROKU_API_KEY"],
        absent: None,
        denied: None,
    },
    CommandRecipe {
        name: "kubectl",
        about: "patches a key of a Secret in a cluster, where the Secret has to be there",
        parameters: &[("secret", None), ("namespace", Some("")), ("context", Some(""))],
        set: &[
            "kubectl",
            "patch",
            "secret",
            "{secret}",
            "--type=merge",
            "--patch-file=/dev/stdin",
            "?--namespace={namespace}",
            "?--context={context}",
        ],
        read_value: &[
            "kubectl",
            "get",
            "secret",
            "{secret}",
            "--output=go-template={{with index .data \"{name}\"}}{{. | base64decode}}{{end}}",
            "?--namespace={namespace}",
            "?--context={context}",
        ],
        stdin: StdinForm::KubernetesPatch,
        env: &["HOME", "KUBECONFIG"],
        absent: None,
        denied: None,
    },
    CommandRecipe {
        name: "vault",
        about: "puts one field at a path of its own into Vault's or OpenBao's KV engine",
        parameters: &[
            ("mount", Some("secret")),
            ("path", Some("{environment}/{name}")),
            ("field", Some("value")),
        ],
        set: &["vault", "kv", "put", "-mount={mount}", "{path}", "{field}=-"],
        read_value: &["vault", "kv", "get", "-mount={mount}", "-field={field}", "{path}"],
        stdin: StdinForm::Value,
        env: &[
            "HOME",
            "VAULT_ADDR",
            "VAULT_CACERT",
            "VAULT_NAMESPACE",
            "VAULT_TOKEN",
        ],
        absent: Some("No value found"),
        denied: None,
    },
    CommandRecipe {
        name: "vercel",
        about: "sets an environment variable of the Vercel project that the directory is linked to",
        parameters: &[("target", Some("{environment}")), ("scope", Some(""))],
        set: &[
            "vercel",
            "env",
            "add",
            "{name}",
            "{target}",
            "--force",
            "?--scope={scope}",
        ],
        read_value: &[],
        stdin: StdinForm::Value,
        env: &["HOME", "VERCEL_ORG_ID", "VERCEL_PROJECT_ID", "VERCEL_TOKEN"],
        absent: None,
        denied: None,
    },
    CommandRecipe {
        name: "wrangler",
        about: "sets a secret of a Cloudflare Worker, which has to be named: the wrong one is an outage",
        parameters: &[("worker", None), ("env", Some(""))],
        set: &[
            "wrangler",
            "secret",
            "put",
            "{name}",
            "--name={worker}",
            "?--env={env}",
        ],
        read_value: &[],
        stdin: StdinForm::Value,
        env: &["HOME", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"],
        absent: None,
        denied: None,
    },
];

/// Fills a recipe in from `with`.
pub(super) fn expand(name: &At<String>, wire: &SinkWire, problems: &mut Problems) -> Option<CommandTarget> {
    let Some(recipe) = COMMAND_RECIPES.iter().find(|recipe| recipe.name == name.value) else {
        let kind = PolicyErrorKind::Unknown {
            what: "recipe",
            found: Excerpt::new(&name.value),
        };
        let known = COMMAND_RECIPES.iter().map(|recipe| recipe.name);
        problems.add_near(&name.place, kind, &name.value, known);
        return None;
    };
    let given = parameters(recipe, wire, problems);
    for (key, default) in recipe.parameters {
        if default.is_none() && !given.contains_key(key) {
            let text = format!(
                "the recipe `{}` needs to know `{key}`: with = {{ {key} = \"…\" }}",
                recipe.name
            );
            problems.add(&name.place, PolicyErrorKind::Contradiction(text));
        }
    }
    let mut target = CommandTarget {
        stdin: recipe.stdin,
        env: recipe.env.iter().filter_map(|name| name.parse().ok()).collect(),
        absent: recipe.absent,
        denied: recipe.denied,
        ..CommandTarget::default()
    };
    for (verb, words) in [(Verb::Set, recipe.set), (Verb::ReadValue, recipe.read_value)] {
        if !words.is_empty() {
            target.put(verb, filled(recipe, words, &given));
        }
    }
    Some(target)
}

/// Reads `with`.
fn parameters(
    recipe: &CommandRecipe,
    wire: &SinkWire,
    problems: &mut Problems,
) -> BTreeMap<&'static str, String> {
    let mut given = BTreeMap::new();
    for (key, node) in wire.with.iter().flat_map(|with| with.value.entries()) {
        let known = recipe.parameters.iter().find(|(known, _)| *known == key.value);
        let Some((known, _)) = known else {
            let kind = PolicyErrorKind::UnknownKey {
                table: "the recipe's `with`",
                key: Excerpt::new(&key.value),
            };
            let known = recipe.parameters.iter().map(|(known, _)| *known);
            problems.add_near(&key.place, kind, &key.value, known);
            continue;
        };
        let Some(text) = String::from_node(known, node, problems) else {
            continue;
        };
        let rest = text.replace("{name}", "").replace("{environment}", "");
        if rest.contains(['{', '}', '\0']) || text.is_empty() || text.starts_with('-') {
            let text = format!(
                "`{known}` is a text that does not begin with a hyphen, with the placeholders `{{name}}` and \
                 `{{environment}}` only"
            );
            problems.add(&node.place, PolicyErrorKind::Contradiction(text));
        }
        given.insert(*known, text);
    }
    given
}

fn filled(recipe: &CommandRecipe, words: &[&str], given: &BTreeMap<&'static str, String>) -> Vec<String> {
    let fill = |word: &&str| {
        let is_optional = word.starts_with('?');
        let mut filled = word.trim_start_matches('?').to_owned();
        for (key, default) in recipe.parameters {
            let placeholder = format!("{{{key}}}");
            if !filled.contains(&placeholder) {
                continue;
            }
            let value = given
                .get(key)
                .map(String::as_str)
                .or(*default)
                .unwrap_or_default();
            if is_optional && value.is_empty() {
                return None;
            }
            filled = filled.replace(&placeholder, value);
        }
        Some(filled)
    };
    words.iter().filter_map(fill).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::policy::SinkTarget;

    fn command(fields: &str) -> Result<CommandTarget, String> {
        let text = format!("schema = 1\n[sinks.x]\ntype = \"command\"\n{fields}\n");
        let policy = Policy::parse("", &text).map_err(|errors| errors.to_string())?;
        match policy.sinks()[0].target() {
            SinkTarget::Command(target) => Ok(target.clone()),
            other => Err(format!("{other:?}")),
        }
    }

    fn words(fields: &str, verb: Verb) -> Vec<String> {
        command(fields).unwrap().command(verb).unwrap().to_vec()
    }

    #[test]
    fn recipes_are_sorted_and_say_what_they_need() {
        assert!(COMMAND_RECIPES.is_sorted_by_key(|recipe| recipe.name));
        for recipe in COMMAND_RECIPES {
            let with: Vec<String> = recipe
                .parameters
                .iter()
                .filter(|(_, default)| default.is_none())
                .map(|(key, _)| format!("{key} = \"x\""))
                .collect();
            let fields = format!("recipe = \"{}\"\nwith = {{ {} }}", recipe.name, with.join(", "));

            let target = command(&fields).unwrap();

            assert_eq!(target.env().len(), recipe.env.len(), "{}", recipe.name);
            for (verb, words) in target.commands() {
                for word in words {
                    let rest = word
                        .replace("{name}", "")
                        .replace("{environment}", "")
                        .replace("{{", "")
                        .replace("}}", "");
                    assert!(!rest.contains(['{', '}', '?']), "{} {verb} {word}", recipe.name);
                }
            }
            if !with.is_empty() {
                let bare = command(&format!("recipe = \"{}\"", recipe.name)).unwrap_err();
                assert!(bare.contains("needs to know"), "{bare}");
            }
        }
    }

    #[test]
    fn optional_words_are_there_when_asked_for() {
        assert_eq!(
            words("recipe = \"gh\"", Verb::Set),
            ["gh", "secret", "set", "{name}"]
        );
        assert_eq!(
            words(
                "recipe = \"gh\"\nwith = { repo = \"acme/{environment}\" }",
                Verb::Set
            ),
            ["gh", "secret", "set", "{name}", "--repo=acme/{environment}"]
        );
        assert_eq!(
            words("recipe = \"vault\"", Verb::Set),
            [
                "vault",
                "kv",
                "put",
                "-mount=secret",
                "{environment}/{name}",
                "value=-"
            ]
        );
    }

    #[test]
    fn own_fields_are_put_on_top_of_a_recipe() {
        let target = command("recipe = \"gh\"\nenv = [\"HTTPS_PROXY\"]\ntimeout = \"5m\"\ntest = [\"true\"]");

        let target = target.unwrap();

        assert!(target.env().iter().any(|name| name.as_str() == "HTTPS_PROXY"));
        assert_eq!(target.timeout().as_secs(), 300);
        assert_eq!(target.command(Verb::Test).unwrap(), ["true"]);
    }

    #[test]
    fn what_is_given_stays_one_argument() {
        for with in [
            "{ repo = \"--body=x\" }",
            "{ repo = \"{value}\" }",
            "{ repo = \"\" }",
            "{ rpeo = \"a\" }",
        ] {
            assert!(
                command(&format!("recipe = \"gh\"\nwith = {with}")).is_err(),
                "{with}"
            );
        }
    }
}
