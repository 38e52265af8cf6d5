//! The example of the contract: every field lands where it belongs.

use crate::policy::Certificate;
use crate::policy::CertificateSource;
use crate::policy::Condition;
use crate::policy::Environment;
use crate::policy::GroupRule;
use crate::policy::ListItem;
use crate::policy::Mismatch;
use crate::policy::NotifierFormat;
use crate::policy::NotifierTarget;
use crate::policy::Policy;
use crate::policy::Recipe;
use crate::policy::SecretPolicy;
use crate::policy::SinkTarget;
use crate::policy::StoreKind;
use crate::policy::Tier;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::policy::Verb;

#[test]
fn environments_of_the_contract_keep_their_order_and_fields() {
    let policy = contract();

    let fields: Vec<_> = policy
        .environments()
        .map(|environment: &Environment| {
            (
                environment.name().as_str(),
                environment.tier(),
                environment.store(),
                environment.env_file(),
                environment.example_file(),
            )
        })
        .collect();

    assert_eq!(
        fields,
        [
            (
                "production",
                Tier::Production,
                StoreKind::Age,
                Some(".env.production"),
                Some(".env.production.example")
            ),
            (
                "staging",
                Tier::Staging,
                StoreKind::Age,
                Some(".env.staging"),
                Some(".env.production.example")
            ),
            (
                "development",
                Tier::Development,
                StoreKind::Keychain,
                Some(".env"),
                Some(".env.example")
            ),
        ]
    );
    assert_eq!(policy.name(), "lumiku");
}

#[test]
fn secrets_of_the_contract_keep_every_field() {
    let policy = contract();

    let jwt = secret(&policy, "JWT_SECRET", "production");
    assert_eq!(jwt.kind().name, "jwt-hs256");
    assert_eq!(jwt.recipe().describe(), "32 random bytes as hex");
    assert_eq!(jwt.overlap(), "7d".parse().ok());
    assert_eq!(jwt.rotate_every(), "90d".parse().ok());
    assert_eq!(Some(jwt.remind_before()), "14d".parse().ok());
    assert_eq!(jwt.keep_previous(), 1);
    assert_eq!(jwt.min_length(), Some(32));
    assert_eq!(jwt.description(), Some("signs login tokens"));
    assert_eq!(jwt.sinks(), ["env-file"]);
    assert_eq!(
        secret(&policy, "JWT_SECRET", "development").min_length(),
        Some(16)
    );

    let redis = secret(&policy, "REDIS_PASSWORD", "production");
    assert_eq!(
        redis.embed().iter().map(|embed| embed.name()).collect::<Vec<_>>(),
        ["url"]
    );
    let issued = secret(&policy, "DUITKU_API_KEY", "production");
    assert!(redis.distinct_across_environments() && !issued.distinct_across_environments());

    let duitku = secret(&policy, "DUITKU_API_KEY", "production");
    assert_eq!(duitku.recipe(), &Recipe::Given);
    assert_eq!(duitku.issuer(), Some("Duitku"));
    assert_eq!(duitku.console_url(), Some("https://dashboard.duitku.com"));
    assert_eq!(duitku.min_length(), None);
    assert_eq!(duitku.accepts(b"0123456789abcdef0123456789abcdef"), Ok(()));
    assert_eq!(duitku.accepts(b"your-api-key"), Err(Mismatch::Pattern));

    let session = secret(&policy, "SESSION_SECRET", "production");
    assert_eq!(session.distinct_from(), names(&["JWT_SECRET"]));
    assert_eq!(
        session.previous_var().map(|name| name.as_str()),
        Some("SESSION_SECRET_PREVIOUS")
    );
    assert_eq!(session.owner(), Some("platform"));
    assert_eq!(
        secret(&policy, "PII_ENCRYPTION_KEY", "production").decoded_bytes(),
        Some(32)
    );
}

#[test]
fn own_kinds_are_made_and_judged_by_their_declaration() {
    let policy = contract();

    let token = secret(&policy, "ACME_TOKEN", "production");

    assert_eq!((token.kind().name, token.kind_name()), ("custom", "acme-token"));
    assert_eq!(
        token.recipe().describe(),
        "`acme_live_` and 24 characters out of 62, then a crc32-base62 checksum"
    );
    let drawn = b"abcdefghijklmnopqrstuvwx";
    let checksum = crate::policy::Checksum::Crc32Base62.of(drawn);
    let whole = [b"acme_live_", drawn.as_slice(), &checksum].concat();
    assert_eq!(token.accepts(&whole), Ok(()));
    assert_eq!(
        token.accepts(&[&whole[..39], b"!"].concat()),
        Err(Mismatch::Checksum)
    );
    assert_eq!(
        token.accepts(b"other"),
        Err(Mismatch::Prefix("acme_live_".to_owned()))
    );
    assert!(matches!(
        token.accepts(&whole[..39]),
        Err(Mismatch::Length { found: 39, .. })
    ));
}

#[test]
fn variables_of_the_contract_keep_every_field() {
    let policy = contract();

    let port = variable(&policy, "PORT", "production");
    assert_eq!(
        (port.of_type(), port.range()),
        (VariableType::Int, Some(1.0..=65535.0))
    );
    assert!(port.required() && !variable(&policy, "PORT", "development").required());
    assert_eq!(
        variable(&policy, "NODE_ENV", "production").values(),
        ["development", "production", "test"]
    );
    assert_eq!(
        variable(&policy, "JWT_EXPIRES_IN", "production").max(),
        "7d".parse().ok()
    );
    assert_eq!(
        variable(&policy, "TRUSTED_PROXY_IPS", "production").of(),
        Some(ListItem::Cidr)
    );
    let whitelist = "PAYMENT_IP_WHITELIST_ENABLED";
    assert_eq!(variable(&policy, whitelist, "production").equals(), Some("true"));
    assert_eq!(variable(&policy, whitelist, "development").equals(), None);

    let cors = variable(&policy, "CORS_ORIGIN", "production");
    assert_eq!(cors.scheme(), ["https"]);
    assert_eq!(cors.forbid_hosts(), ["localhost", "127.0.0.1"]);

    let url = variable(&policy, "DATABASE_URL", "production");
    assert_eq!(url.scheme(), ["postgres", "postgresql"]);
    assert_eq!(url.credentials(), Some(true));
    let sources: Vec<_> = url.template().unwrap().names().cloned().collect();
    assert_eq!(sources, names(&["DB_PASSWORD"]));

    let callback = variable(&policy, "DUITKU_CALLBACK_URL", "production");
    assert_eq!(callback.path(), Some("/api/payment/duitku/callback"));
    assert_eq!(
        callback.forbid_values(),
        ["https://app.example.com/api/mainapp/payment/callback"]
    );
    let code = variable(&policy, "DUITKU_MERCHANT_CODE", "production");
    assert!(code.pattern().unwrap().is_match("D12345"));
    assert!(code.forbid_pattern().unwrap().is_match("DS25180"));
}

#[test]
fn rules_of_the_contract_beyond_single_names_are_kept() {
    let policy = contract();
    let [production, _, development] = policy.environments().collect::<Vec<_>>()[..] else {
        panic!("three environments, one of the preset");
    };

    let sets = vec![
        names(&["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"]),
        names(&["RATE_LIMIT_REDIS_URL"]),
    ];
    let [one_of, all] = policy.groups() else {
        panic!("two groups");
    };
    assert_eq!(one_of.rule(), &GroupRule::OneOf(sets));
    assert!(one_of.required_in(production) && !one_of.required_in(development));
    let both = names(&["MANSA_API_KEY", "MANSA_API_SECRET"]);
    assert_eq!(all.rule(), &GroupRule::AllOrNone(both));

    let [stripe, duitku] = policy.implications() else {
        panic!("two implications");
    };
    assert_eq!(
        stripe.condition(),
        &Condition::Set("STRIPE_SECRET_KEY".parse().unwrap())
    );
    assert_eq!(
        stripe.require(),
        names(&["STRIPE_WEBHOOK_SECRET", "STRIPE_PRICE_STARTER"])
    );
    let equal = ("DUITKU_ENV".parse().unwrap(), "production".to_owned());
    assert_eq!(duitku.condition(), &Condition::Equals(vec![equal]));
    let [then] = duitku.then() else {
        panic!("one rule");
    };
    assert_eq!(
        (then.name().as_str(), then.of_type()),
        ("DUITKU_BASE_URL", VariableType::Url)
    );
    assert_eq!(then.hosts(), ["passport.duitku.com"]);
}

#[test]
fn the_rest_of_the_contract_is_kept() {
    let policy = contract();

    let [file, ..] = policy.files() else {
        panic!("a file");
    };
    assert_eq!(
        (file.path(), file.git_ignored(), file.mode()),
        (".env.production", Some(true), Some(0o600))
    );
    let [certificate]: &[Certificate] = policy.certificates() else {
        panic!("one certificate");
    };
    let source = CertificateSource::File("certs/app.lumiku.com.pem".to_owned());
    assert_eq!(
        (certificate.name(), certificate.source()),
        ("app.lumiku.com", &source)
    );
    assert_eq!(certificate.remind_before(), "30d".parse().ok());
    assert_eq!(certificate.server_name(), Some("app.lumiku.com"));

    let targets: Vec<_> = policy
        .sinks()
        .iter()
        .map(|sink| (sink.name(), sink.target().clone()))
        .collect();
    let path = ".env.production".to_owned();
    let words = ["vercel", "env", "add", "{name}", "production", "--force"];
    let [("env-file", env_file), ("vercel", SinkTarget::Command(command))] = targets.as_slice() else {
        panic!("two sinks");
    };
    assert_eq!(*env_file, SinkTarget::EnvFile { path });
    assert_eq!(command.command(Verb::Set).unwrap(), words);
    assert_eq!(command.env(), names(&["HOME", "VERCEL_TOKEN"]));
    let [notifier] = policy.notifiers() else {
        panic!("one notifier");
    };
    assert_eq!(notifier.name(), "webhook-1");
    assert_eq!(
        *notifier.target(),
        NotifierTarget::Webhook {
            url_env: "SLACK_WEBHOOK_URL".parse().unwrap(),
            format: NotifierFormat::Slack,
            secret_env: None,
        }
    );
    assert_eq!(
        policy.public_prefixes(),
        ["NEXT_PUBLIC_", "VITE_", "EXPO_PUBLIC_"]
    );
    let alias = ("DATABASE_URI".parse().unwrap(), "MONGODB_URI".parse().unwrap());
    assert_eq!(policy.aliases(), [alias]);
    let [waiver] = policy.waivers() else {
        panic!("one waiver");
    };
    assert_eq!(
        (waiver.rule(), waiver.name()),
        ("overdue", Some("TAP_SECRET_KEY"))
    );
    assert_eq!(waiver.until().to_string(), "2027-03-31");
    assert_eq!(waiver.reason(), "issuer migrates in March");
    let signoff = policy.signoff().unwrap();
    assert_eq!(signoff.roles(), ["security-lead", "devops-lead"]);
    assert!(signoff.distinct_people());
}

#[test]
fn sinks_say_where_values_go() {
    let text = include_str!("../../../tests/policies/valid/sinks.toml");

    let policy = Policy::parse("", text).unwrap();

    let target = |name: &str| {
        let sink = policy.sinks().iter().find(|sink| sink.name() == name).unwrap();
        sink.target().clone()
    };
    let path = ".env.{environment}".to_owned();
    assert_eq!(target("web"), SinkTarget::EnvFile { path });
    let path = "run/{environment}/{name}".to_owned();
    let mode = Some(0o640);
    assert_eq!(target("files"), SinkTarget::File { path, mode });
    let jwt = secret(&policy, "JWT_SECRET", "staging");
    assert_eq!(jwt.usage_delay(), "10m".parse().ok());
}

pub(super) fn contract() -> Policy {
    let text = include_str!("../../../tests/policies/valid/contract.toml");
    Policy::parse("mintage.toml", text).unwrap_or_else(|errors| panic!("\n{errors}"))
}

pub(super) fn secret<'a>(policy: &'a Policy, name: &str, environment: &str) -> &'a SecretPolicy {
    policy
        .secret(&name.parse().unwrap(), &environment.parse().unwrap())
        .unwrap()
}

pub(super) fn variable<'a>(policy: &'a Policy, name: &str, environment: &str) -> &'a VariablePolicy {
    policy
        .variable(&name.parse().unwrap(), &environment.parse().unwrap())
        .unwrap()
}

pub(super) fn names(names: &[&str]) -> Vec<crate::secret::SecretName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}
