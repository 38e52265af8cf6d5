//! The rules, in the order in which they decide.

use crate::dotenv::ProposedRole;
use crate::dotenv::VariableType;
use crate::dotenv::infer::Subject;
use crate::dotenv::infer::Verdict;
use crate::dotenv::issuers;
use crate::dotenv::look::Form;
use crate::dotenv::relatives::Half;
use crate::dotenv::secret_words;
pub(super) use crate::dotenv::shape::shape;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::kinds::issuers::Tells;

type Rule = fn(&Subject) -> Option<Verdict>;

/// Returns the verdict of the first rule that has one.
pub(super) fn decide(subject: &Subject) -> Verdict {
    RULES
        .iter()
        .find_map(|rule| rule(subject))
        .unwrap_or_else(|| Verdict::new(ProposedRole::Variable, "nothing secret about its name or value"))
}

const RULES: &[Rule] = &[
    compiled_in,
    exception,
    value_rules_out,
    public,
    pair,
    issued_by_name,
    issued_by_value,
    credential_url,
    secret_words::decide,
];

/// What a build puts into the client, whatever it is called.
fn compiled_in(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    let prefix = PUBLIC_PREFIXES.iter().find(|prefix| name.starts_with(prefix))?;
    let why = format!("`{prefix}_` is compiled into the client");
    (!name.is("PUBLIC_URL")).then(|| Verdict::new(ProposedRole::Public, why))
}

/// Names that say something else than their words.
fn exception(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    let variable = |why| Some(Verdict::new(ProposedRole::Variable, why));
    if name.has("LOGFLARE") && name.ends_in("ACCESS_TOKEN") {
        return Some(Verdict::secret(
            "hex",
            "Logflare's access tokens are chosen by whoever runs it",
        ));
    }
    if name.ends_in_any(FILES) || name.is("GOOGLE_APPLICATION_CREDENTIALS") {
        return variable("names a place, not what is in it");
    }
    if name.has("CORS") && name.ends_in("CREDENTIALS") {
        return variable("a CORS setting");
    }
    if name.has_any(&["CERT", "CERTIFICATE", "CRT"]) && !name.has_any(IN_CERTIFICATES) {
        return variable("a certificate is public");
    }
    if name.has_any(SWITCHES) && !name.has("WEBHOOK") || name.has("RANDOM_ROOT_PASSWORD") {
        return variable("the name is that of a switch");
    }
    None
}

/// Values that no secret has.
fn value_rules_out(subject: &Subject) -> Option<Verdict> {
    let why = match subject.look.form {
        Form::Bool if !subject.look.placeholder || !subject.name.ends_in_any(secret_words::PASSWORDS) => {
            "the value is a switch"
        }
        Form::Int if subject.name.ends_in_any(PUBLIC_TAILS) => return None,
        Form::Duration | Form::Float | Form::Int
            if !subject.name.ends_in_any(secret_words::CAN_BE_NUMBERS) =>
        {
            "the value is a number"
        }
        Form::Path if subject.look.file => "the value is the path of a file",
        Form::Reference => "the value refers to another place",
        _ => return None,
    };
    Some(Verdict::new(ProposedRole::Variable, why))
}

/// What is public by design.
fn public(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    let found = |why: String| Some(Verdict::new(ProposedRole::Public, why));
    if let Some(tail) = PUBLIC_TAILS.iter().find(|tail| name.ends_in(tail)) {
        return found(format!("name ends in {tail}: public by design"));
    }
    let named = PUBLIC_NAMES.iter().find(|(owner, tail)| {
        name.has(owner) && (tail.is_empty() || name.ends_in(tail)) && !name.has_any(&["PERSONAL", "SECRET"])
    });
    if let Some((owner, tail)) = named {
        return found(format!("{owner} {tail} is an identifier, public by design"));
    }
    let start = subject.look.start.filter(|start| start.public)?;
    found(format!(
        "the value starts like a public id of {}",
        start.issuer.name
    ))
}

/// The halves of a pair, where the words of the name do not say that the secret is our own.
fn pair(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    let half = subject.half?;
    let own = secret_words::own_word(subject).is_some_and(|word| word != "SECRET") || name.is("APP_KEY");
    if own || (half == Half::Identifier && name.ends_in("API_KEY") && !name.has("OAUTH")) {
        return None;
    }
    match half {
        Half::Identifier => Some(Verdict::new(
            ProposedRole::Public,
            "the file has the secret that belongs to this identifier",
        )),
        Half::Secret if issuers::by_name(name).is_none() => Some(Verdict::new(
            ProposedRole::Issued,
            "the file has the identifier that this secret belongs to",
        )),
        _ => None,
    }
}

fn issued_by_name(subject: &Subject) -> Option<Verdict> {
    let named = issuers::by_name(&subject.name)?;
    let issuer = named.issuer().map(|issuer| issuer.name);
    let why = issuer.map_or_else(
        || "name of a credential that its service issues".to_owned(),
        |name| format!("name of a credential that {name} issues"),
    );
    Some(Verdict {
        shape: named.shape().map(|shape| shape.name),
        issuer,
        console_url: named.console_url(),
        pattern: named.pattern(),
        ..Verdict::new(ProposedRole::Issued, why)
    })
}

fn issued_by_value(subject: &Subject) -> Option<Verdict> {
    let issuer = subject.look.start?.issuer;
    let is_of_issuer =
        |shape: &&IssuedShape| shape.tells == Tells::Issuer && std::ptr::eq(shape.issuer, issuer);
    let shape = subject.look.shape.filter(is_of_issuer);
    Some(Verdict {
        shape: shape.map(|shape| shape.name),
        issuer: Some(issuer.name),
        ..Verdict::new(
            ProposedRole::Issued,
            format!("the value starts like one that {} issues", issuer.name),
        )
    })
}

fn credential_url(subject: &Subject) -> Option<Verdict> {
    let why = match subject.look.form {
        Form::Url(url) if url.login => "URL with a password",
        Form::Url(url) if url.password => "connection string with a password",
        Form::Text if subject.look.placeholder && subject.name.ends_in_any(CREDENTIAL_URLS) => {
            "name of a URL that usually carries a password"
        }
        _ => return None,
    };
    Some(Verdict::new(ProposedRole::CredentialUrl, why))
}

/// Returns the type of a variable by its value, or by its name when the value does not say.
pub(super) fn variable_type(subject: &Subject, role: ProposedRole) -> VariableType {
    let name = &subject.name;
    match subject.look.form {
        Form::Bool => VariableType::Bool,
        Form::Duration => VariableType::Duration,
        Form::Email => VariableType::Email,
        Form::Float => VariableType::Float,
        Form::Int => VariableType::Int,
        Form::List => VariableType::List,
        Form::Path => VariableType::Path,
        Form::Url(url) if url.login || !url.password => VariableType::Url,
        Form::Text if subject.look.empty => match () {
            () if role == ProposedRole::CredentialUrl => VariableType::Url,
            () if name.ends_in_any(&["URL", "URI"]) => VariableType::Url,
            () if name.ends_in("PORT") => VariableType::Int,
            () if name.ends_in_any(&["ENABLED", "DISABLED"]) => VariableType::Bool,
            () if name.ends_in_any(&["IPS", "ORIGINS", "EMAILS", "DOMAINS"]) => VariableType::List,
            () => VariableType::String,
        },
        Form::Text if role == ProposedRole::CredentialUrl => VariableType::Url,
        _ => VariableType::String,
    }
}

/// Prefixes of variables that a build puts into what every visitor downloads.
pub(super) const PUBLIC_PREFIXES: &[&str] = &[
    "NEXT_PUBLIC",
    "VITE",
    "EXPO_PUBLIC",
    "REACT_APP",
    "NUXT_PUBLIC",
    "PUBLIC",
    "GATSBY",
    "VUE_APP",
];

const PUBLIC_TAILS: &[&str] = &[
    "PUBLISHABLE_KEY",
    "SITE_KEY",
    "SITEKEY",
    "PUBLIC_KEY",
    "CLIENT_ID",
    "APP_ID",
    "APPLICATION_ID",
    "ACCOUNT_ID",
    "CLIENT_SIDE_ID",
    "SID",
    "ANON_KEY",
    "KEY_ID",
    "KEY_PAIR_ID",
    "MERCHANT_CODE",
    "MERCHANT_ID",
    "MEASUREMENT_ID",
    "SITE_ID",
    "TRACKING_ID",
    "CONSUMER_KEY",
    "INSTALLATION_ID",
    "TEAM_ID",
    "ZONE_ID",
];

/// Whose identifiers end in what.
const PUBLIC_NAMES: &[(&str, &str)] = &[
    ("AMPLITUDE", "API_KEY"),
    ("AWS", "ACCESS_KEY"),
    ("MINIO", "ACCESS_KEY"),
    ("R2", "ACCESS_KEY"),
    ("S3", "ACCESS_KEY"),
    ("SPACES", "ACCESS_KEY"),
    ("STORAGE", "ACCESS_KEY"),
    ("STORAGE_AWS", "AWS_KEY"),
    ("DROPBOX", "APP_KEY"),
    ("FIREBASE", "API_KEY"),
    ("GOOGLE_ANALYTICS", "KEY"),
    ("MIXPANEL", "TOKEN"),
    ("POSTHOG", "KEY"),
    ("PUSHER", "APP_KEY"),
    ("PUSHER", "KEY"),
    ("REVERB", "APP_KEY"),
    ("SEGMENT", "WRITE_KEY"),
    ("STRIPE_PRICE", ""),
];

/// Ends of names that hold a place, not a secret.
const FILES: &[&str] = &[
    "FILE",
    "PATH",
    "FILENAME",
    "DIR",
    "DIRECTORY",
    "LOCATION",
    "FOLDER",
];

/// Words of secrets that belong to a certificate.
const IN_CERTIFICATES: &[&str] = &["KEY", "PASS", "PASSPHRASE", "PASSWORD", "SECRET", "TOKEN"];

/// Words of switches.
const SWITCHES: &[&str] = &[
    "ALLOW", "DISABLE", "DISABLED", "DISALLOW", "ENABLE", "ENABLED", "HAS", "HIDE", "IS", "REQUIRE", "SHOW",
    "SKIP",
];

/// Ends of names of URLs that carry a password more often than not.
const CREDENTIAL_URLS: &[&str] = &[
    "AMQP_URL",
    "BROKER_URL",
    "CONNECTION_STRING",
    "CONNECTION_URL",
    "DATABASE_DSN",
    "EMAIL_SERVER",
    "DATABASE_URI",
    "DATABASE_URL",
    "DATASOURCE",
    "DB_URI",
    "DB_URL",
    "MAILER_DSN",
    "MONGODB_URI",
    "MONGODB_URL",
    "MONGO_URI",
    "MONGO_URL",
    "MYSQL_URL",
    "PG_URL",
    "POSTGRES_URI",
    "POSTGRES_URL",
    "RABBITMQ_URL",
    "SMTP_URL",
];
