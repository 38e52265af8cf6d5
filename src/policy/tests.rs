//! Whole policy files: the contract's own example, and one file for every mistake.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use crate::policy::Certificate;
use crate::policy::CertificateSource;
use crate::policy::Condition;
use crate::policy::Environment;
use crate::policy::GroupRule;
use crate::policy::ListItem;
use crate::policy::Mismatch;
use crate::policy::NotifierFormat;
use crate::policy::Policy;
use crate::policy::PolicyErrorKind;
use crate::policy::PolicyView;
use crate::policy::Recipe;
use crate::policy::SecretPolicy;
use crate::policy::SinkTarget;
use crate::policy::StoreKind;
use crate::policy::Tier;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::policy::policy_build;
use crate::policy::reference;

#[test]
fn every_invalid_file_is_refused_for_its_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies/invalid");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 30);

    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let expected: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# expect: "))
            .collect();

        let found = match Policy::parse("", &text) {
            Ok(_) => "accepted".to_owned(),
            Err(errors) => errors.to_string(),
        };

        let found: Vec<_> = found
            .lines()
            .map(|line| line.strip_prefix(':').unwrap_or(line))
            .collect();
        if found != expected {
            let name = file.file_name().unwrap().display().to_string();
            wrong.push_str(&format!(
                "{name}\n  expected {expected:?}\n  found    {found:?}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn contract() -> Policy {
    let text = include_str!("../../tests/policies/valid/contract.toml");
    Policy::parse("mintage.toml", text).unwrap_or_else(|errors| panic!("\n{errors}"))
}

fn secret<'a>(policy: &'a Policy, name: &str, environment: &str) -> &'a SecretPolicy {
    policy
        .secret(&name.parse().unwrap(), &environment.parse().unwrap())
        .unwrap()
}

fn variable<'a>(policy: &'a Policy, name: &str, environment: &str) -> &'a VariablePolicy {
    policy
        .variable(&name.parse().unwrap(), &environment.parse().unwrap())
        .unwrap()
}

fn names(names: &[&str]) -> Vec<crate::secret::SecretName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

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
    assert_eq!(Some(certificate.remind_before()), "30d".parse().ok());

    let targets: Vec<_> = policy
        .sinks()
        .iter()
        .map(|sink| (sink.name(), sink.target().clone()))
        .collect();
    let path = ".env.production".to_owned();
    let words = ["vercel", "env", "add", "{name}", "production", "--force"];
    let set = words.map(str::to_owned).to_vec();
    let env = names(&["HOME", "VERCEL_TOKEN"]);
    assert_eq!(
        targets,
        [
            ("env-file", SinkTarget::EnvFile { path }),
            ("vercel", SinkTarget::Command { set, env })
        ]
    );
    let [notifier] = policy.notifiers() else {
        panic!("one notifier");
    };
    assert_eq!(notifier.url_env().as_str(), "SLACK_WEBHOOK_URL");
    assert_eq!(notifier.format(), NotifierFormat::Slack);
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
fn a_policy_without_environments_has_production_alone() {
    let policy = Policy::parse("", "schema = 1").unwrap();

    let found: Vec<_> = policy
        .environments()
        .map(|environment| (environment.name().as_str(), environment.tier()))
        .collect();

    assert_eq!(found, [("production", Tier::Production)]);
}

#[test]
fn own_overrides_come_after_those_of_the_tier() {
    let text = "schema = 1
environments = { eu = { tier = 'production' }, production = {} }
[secrets.A]
kind = 'hex'
owner = 'all'
[secrets.A.when.eu]
owner = 'eu'
[secrets.A.when.production]
owner = 'tier'
rotate_every = '30d'
";
    let policy = Policy::parse("", text).unwrap();

    assert_eq!(secret(&policy, "A", "eu").owner(), Some("eu"));
    assert_eq!(secret(&policy, "A", "eu").rotate_every(), "30d".parse().ok());
    assert_eq!(secret(&policy, "A", "production").owner(), Some("tier"));
}

#[test]
fn a_child_overrides_only_the_fields_it_sets() {
    let text = "schema = 1
extends = 'web-app'
name = 'mine'
[secrets.JWT_SECRET]
rotate_every = '30d'
[secrets.EXTRA]
kind = 'hex'
[variables.CORS_ORIGIN.when.production]
forbid_hosts = ['example.com']
";
    let policy = Policy::parse("", text).unwrap();

    let jwt = secret(&policy, "JWT_SECRET", "staging");
    assert_eq!((policy.name(), jwt.kind_name()), ("mine", "jwt-hs256"));
    assert_eq!(jwt.rotate_every(), "30d".parse().ok());
    assert_eq!(jwt.overlap(), "7d".parse().ok());
    assert_eq!(policy.secret_names().count(), 4);
    let cors = variable(&policy, "CORS_ORIGIN", "production");
    assert_eq!(cors.forbid_hosts(), ["example.com"]);
    assert_eq!(cors.scheme(), ["https"]);
}

#[test]
fn presets_that_extend_each_other_are_refused() {
    let presets = |name: &str| match name {
        "one" => Some("schema = 1\nextends = 'two'\n"),
        "two" => Some("schema = 1\nextends = 'one'\n"),
        _ => None,
    };

    let errors = policy_build::parse("x.toml", "schema = 1\nextends = 'one'\n", &presets, &[]).unwrap_err();

    assert_eq!(
        errors.to_string(),
        "policies/two.toml:2:11: `extends` comes back to preset `one`"
    );
}

#[test]
fn a_short_period_shortens_the_built_in_reminder() {
    let text = "schema = 1\n[secrets.A]\nkind = 'hex'\nrotate_every = '7d'\n";
    let policy = Policy::parse("", text).unwrap();

    let reminder = secret(&policy, "A", "production").remind_before();

    assert_eq!(reminder.approximate_seconds(), 7 * 86_400 / 2);
}

#[test]
fn never_overrides_the_default_rotation() {
    let text =
        "schema = 1\n[defaults]\nrotate_every = '90d'\n[secrets.A]\nkind = 'hex'\nrotate_every = 'never'\n";
    let policy = Policy::parse("", text).unwrap();

    assert_eq!(secret(&policy, "A", "production").rotate_every(), None);
}

#[test]
fn refused_values_and_patterns_are_told_apart_without_the_value() {
    let text = "schema = 1
[secrets.A]
kind = 'issued'
forbid_pattern = '^your-'
forbid_values = ['changeme']
[secrets.B]
kind = 'issued'
decoded_bytes = 16
";
    let policy = Policy::parse("", text).unwrap();
    let accepts = |name, value: &[u8]| secret(&policy, name, "production").accepts(value);

    assert_eq!(accepts("A", b"0123"), Ok(()));
    assert!(matches!(accepts("A", b"your-key"), Err(Mismatch::Form(_))));
    assert!(matches!(accepts("A", b"changeme"), Err(Mismatch::Form(_))));
    assert_eq!(accepts("B", b"AAECAwQFBgcICQoLDA0ODw=="), Ok(()));
    assert_eq!(accepts("B", b"000102030405060708090a0b0c0d0e0f"), Ok(()));
    assert!(matches!(accepts("B", b"0001"), Err(Mismatch::Form(_))));
}

#[test]
fn errors_show_a_cut_key_and_never_a_value() {
    let pasted = "x".repeat(100);
    let text = format!("schema = 1\n[secrets.A]\nkind = 'hex'\n{pasted} = 'hunter2'\nbytes = 'hunter2'\n");

    let errors = Policy::parse("p", &text).unwrap_err();

    let kinds: Vec<_> = errors.iter().map(|error| &error.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            PolicyErrorKind::UnknownKey { .. },
            PolicyErrorKind::WrongType { .. }
        ]
    ));
    let shown = errors.to_string();
    assert!(!shown.contains("hunter2") && !shown.contains(&pasted), "{shown}");
    assert!(shown.contains(&format!("`{}…`", "x".repeat(60))), "{shown}");
}

#[test]
fn the_view_is_json_without_a_value() {
    let view = serde_json::to_value(PolicyView::from(&contract())).unwrap();

    let jwt = view["environments"][0]["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|secret| secret["name"] == "JWT_SECRET")
        .unwrap();
    assert_eq!(jwt["bits"], 256.0);
    assert_eq!(jwt["rotate_every"], "90d");
    assert_eq!(jwt["overlap_class"], "O2");
    assert_eq!(view["environments"][2]["tier"], "development");
}

#[test]
fn every_field_of_every_table_says_what_it_is() {
    for table in reference() {
        assert!(!table.about.trim().is_empty());
        for field in table.fields {
            assert!(
                !field.about.trim().is_empty() && !field.value.is_empty(),
                "{}",
                field.key
            );
        }
    }
    assert_eq!(reference().count(), 15);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Lines that look like a policy, in any order and cut anywhere, are parsed or refused.
    #[test]
    fn text_like_a_policy_never_panics(
        lines in proptest::collection::vec((0usize..64, 0usize..24, any::<u32>()), 0..24),
        cut in any::<prop::sample::Index>(),
    ) {
        let keys: Vec<_> = reference().flat_map(|table| table.fields).map(|field| field.key).collect();
        let mut text = String::from("schema = 1\n");
        for (key, value, number) in lines {
            let key = keys[(key + number as usize) % keys.len()];
            let line = match value {
                0..=5 => HEADERS[(number as usize) % HEADERS.len()].to_owned(),
                6..=8 => format!("{key} = {number}"),
                _ => format!("{key} = {}", VALUES[(number as usize) % VALUES.len()]),
            };
            text.push_str(&line);
            text.push('\n');
        }
        let _ = Policy::parse("p", &text);
        let _ = Policy::parse("p", text.get(..cut.index(text.len())).unwrap_or_default());
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,200}") {
        let _ = Policy::parse("p", &text);
    }
}

const HEADERS: &[&str] = &[
    "[defaults]",
    "[environments.production]",
    "[secrets.A]",
    "[secrets.B]",
    "[secrets.A.when.production]",
    "[variables.V]",
    "[variables.V.when.staging]",
    "[kinds.mine]",
    "[[groups]]",
    "[[implies]]",
    "[files.x]",
    "[certificates.x]",
    "[sinks.x]",
    "[[notifiers]]",
    "[[waivers]]",
    "[signoff]",
];

const VALUES: &[&str] = &[
    "true",
    "'hex'",
    "'mine'",
    "'password'",
    "'jwt-hs512'",
    "'90d'",
    "'0d'",
    "['A', 'B']",
    "[['A'], ['V']]",
    "{ upper = 4294967295, lower = 4294967295 }",
    "{ A = { range = [1, 2] } }",
    "'url'",
    "'base62'",
    "4294967295",
    "-1",
    "0.5",
    "nan",
    "2027-03-31",
    "'{A|url}'",
    "'é'",
    "'('",
];
