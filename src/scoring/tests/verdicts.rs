//! Values with a known verdict.

use super::judged;
use super::judged_in;
use super::published;
use super::rules;
use super::verdict;
use crate::policy::Encoding;
use crate::policy::Kind;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::scoring::Context;
use crate::scoring::Grade;
use crate::scoring::Level;
use crate::scoring::Origin;
use crate::scoring::Score;

#[test]
fn the_checklists_own_values_are_judged_as_what_they_are() {
    let generated = published([
        "8d024b643b19488486b7aa1ab4dd0a1c",
        "f1566d76603252f659ce9bd905fc06e9",
    ]);
    let typed = published([
        "7f8c9e2a1b3d4f5a6c7e8f9a0b1c2d3e",
        "4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c",
    ]);
    let placeholder = published(["YOUR_GENERATED_64_CHAR", "_HEX_SECRET_HERE"]);

    assert_eq!(verdict(&generated), "low F published published-default");
    assert_eq!(verdict(&typed), "low F published published-default");
    assert_eq!(
        verdict(&placeholder),
        "low F published published-default placeholder"
    );
    assert_eq!(verdict("test-secret"), "low F published blacklisted");
    let short = judged("test-secret");
    assert_eq!((short.length, short.shown_entropy()), (11, 2.41));
    assert_eq!((short.shown_random_bits(), short.shown_strength_bits()), (0, 16));
}

#[test]
fn values_that_pass_by_measured_entropy_are_low() {
    for (text, expected) in [
        (
            "abcdefghijklmnopqrstuvwxyz123456",
            "low F published published-default",
        ),
        (
            "qwertyuiopasdfghjklzxcvbnm123456",
            "low F published published-default",
        ),
        (
            "bcdefghijklmnopqrstuvwxyza234567",
            "low E human sequence weak-entropy",
        ),
        (
            "wertyuiopqasdfghjklxcvbnm1234567",
            "low D human sequence weak-entropy",
        ),
        (
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9",
            "low E human sequence weak-entropy",
        ),
        (
            "TheQuickBrownFoxJumpsOverTheLazyDog",
            "low D human common-words weak-entropy",
        ),
        (
            "MyCompany-Production-JWT-2024-01-15-secret",
            "low D human common-words weak-entropy",
        ),
        (
            "please-change-this-secret-key-in-production",
            "low F published blacklisted placeholder",
        ),
        (
            "Y2hhbmdlLXRoaXMtc2VjcmV0LWtleS1pbi1wcm9kdWN0aW9u",
            "low F encoded-text blacklisted placeholder encoded-text",
        ),
        (
            "${JWT_SECRET:-change-me-in-production-now}",
            "low F template template",
        ),
        (
            "c2d0a2f0-6c1e-11ee-b962-0242ac120002",
            "low E structured-id identifier weak-entropy",
        ),
        (
            "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
            "low F published known-word",
        ),
        (
            "777777777777777777777777777777777777777777777777777777777777",
            "low E human single-character weak-entropy",
        ),
    ] {
        assert_eq!(verdict(text), expected, "{text}");
    }
    for parts in [
        ["super-secret-jwt-token-", "with-at-least-32-characters-long"],
        [
            "09d25e094faa6ca2556c818166b7a956",
            "3b93f7099f6f0f4caa6cf63b88e8d3e7",
        ],
        ["hJtXIZ2uSN5kbQfbtTNWbp", "dmhkV8FJG-Onbc6mxCcYg"],
    ] {
        assert_eq!(verdict(&published(parts)), "low F published published-default");
    }
}

#[test]
fn a_random_uuid_is_high_with_a_note() {
    let score = judged("9b2f8c1e-4d3a-4f6b-8e7c-1a5d9f0b3c2e");

    assert_eq!(
        (score.level, score.grade, score.shown_random_bits()),
        (Level::High, Grade::B, 122)
    );
    assert_eq!(rules(&score), ["identifier"]);
    assert_eq!(score.findings[0].severity, Severity::Note);
    assert_eq!(
        verdict("11111111-1111-4111-8111-111111111111"),
        "low E structured-id identifier weak-entropy"
    );
}

#[test]
fn human_text_in_any_script_or_dress_is_low() {
    for text in [
        "пароль-для-продакшена-не-менять",
        "correct-horse-battery-staple",
        "thiskeyisusedtosigntokensforthisapplication",
        "P4$$w0rdP4$$w0rdP4$$w0rdP4$$w0rd",
        "Summer2024!Summer2024!Summer2024",
        "\"please-keep-this-very-private-2024\"",
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccccccccccccccc",
        "0123456789abcdef0123456789abcdef",
        "FEDCBA98765432100123456789ABCDEF",
        "a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4",
        "sk_live_0123456789abcdef0123456789abcdef",
        "20240115202401162024011720240118",
        "74686973206b6579206973206e6f742072616e646f6d2061742061",
    ] {
        assert_eq!(judged(text).level, Level::Low, "{text}");
    }
}

#[test]
fn a_prefix_does_not_count_and_does_not_harm() {
    let body = "3f9c1e77ab0452d8c6e1f20b9a7d8345";

    for prefix in ["", "sk_live_", "acme_live_", "0x"] {
        let score = judged(&format!("{prefix}{body}"));

        assert_eq!(
            (score.level, score.random_bits as u32),
            (Level::High, 128),
            "{prefix}"
        );
    }
    assert_eq!(judged("acme_live_3f9c1e77ab0452d8").random_bits, 64.0);
}

#[test]
fn names_that_make_up_a_value_are_found() {
    let context = Context {
        names: &["LUMIKU_API_KEY", "lumiku"],
        ..Context::default()
    };

    let score = judged_in("LumikuLumiku-2024", &context);

    assert!(rules(&score).contains(&"contains-name"), "{:?}", rules(&score));
    assert_eq!(score.level, Level::Low);
}

#[test]
fn references_cannot_be_judged_and_stand_ins_are_no_values() {
    let reference = judged("op://vault/item/field");
    assert_eq!((reference.origin, reference.grade), (Origin::Reference, Grade::F));
    assert_eq!(reference.findings[0].severity, Severity::Note);
    for (text, expected) in [
        ("", "low F empty empty"),
        ("null", "low F empty empty"),
        ("********", "low F template template"),
        ("sk-proj-xxxxxxxx", "low F template placeholder"),
        ("replace-me", "low F template placeholder"),
        ("gandalf", "low F published known-word"),
    ] {
        assert_eq!(verdict(text), expected, "{text}");
    }
}

#[test]
fn damage_is_told_and_does_not_change_the_strength() {
    let body = "3f9c1e77ab0452d8c6e1f20b9a7d8345";
    for damaged in [
        format!("\"{body}\""),
        format!("{body}\n"),
        format!(" {body}"),
        format!("\u{feff}{body}"),
    ] {
        let score = judged(&damaged);

        assert_eq!(rules(&score), ["damaged"], "{damaged:?}");
        assert_eq!(score.random_bits, 128.0);
    }
}

#[test]
fn policies_demand_length_bits_and_measured_entropy() {
    let context = Context {
        min_length: Some(64),
        min_bits: Some(256),
        min_entropy: Some(4.0),
        ..Context::default()
    };

    let score = judged_in("3f9c1e77ab0452d8c6e1f20b9a7d8345", &context);

    assert_eq!(score.level, Level::High);
    assert_eq!(rules(&score), ["too-short", "weak-entropy", "low-shannon"]);
    assert_eq!(score.findings[0].severity, Severity::Error);
    let development = Context {
        tier: Tier::Development,
        ..context
    };
    let score = judged_in("3f9c1e77ab0452d8c6e1f20b9a7d8345", &development);
    assert_eq!(score.findings[0].severity, Severity::Warning);
}

#[test]
fn the_bar_depends_on_the_tier() {
    let (medium, human, short) = (
        judged("q9Zx7LwPfT2rVbY4"),
        judged("pineapple-ocean-laptop-window"),
        judged("k3Jq9"),
    );

    assert_eq!(medium.level, Level::Medium);
    assert!(medium.below_bar(Tier::Production) && medium.below_bar(Tier::Staging));
    assert!(!medium.below_bar(Tier::Development));
    assert!(!human.below_bar(Tier::Development), "{human:?}");
    assert!(short.below_bar(Tier::Development));
}

#[test]
fn issued_values_are_not_judged_for_strength() {
    let context = Context {
        kind: Kind::find("issued"),
        min_length: Some(32),
        ..Context::default()
    };

    let key = judged_in("AKIAQ3EGRZX7TPLM5WVN", &context);
    assert_eq!(rules(&key), [""; 0]);
    assert!(!key.below_bar(Tier::Production));
    assert!(judged_in("your-api-key", &context).below_bar(Tier::Production));
}

#[test]
fn passphrases_count_by_their_words() {
    let six = judged("zoologist.abacus.crayon.dwelled.unpaired.banner");
    let nine = judged("zoologist abacus crayon dwelled unpaired banner cactus dainty eagle");

    assert_eq!(
        (six.level, six.grade, six.shown_random_bits()),
        (Level::Medium, Grade::C, 77)
    );
    assert_eq!((nine.level, nine.grade), (Level::High, Grade::B));
    assert_eq!(nine.origin, Origin::Passphrase);
}

#[test]
fn a_key_that_its_consumer_cannot_use_is_below_the_bar_however_random_it_is() {
    let context = |tier: Tier, kind: &str, encoding: Option<Encoding>| Context {
        tier,
        kind: Kind::find(kind),
        encoding,
        ..Context::default()
    };
    let hex = "3f9c1e77ab0452d8c6e1f20b9a7d8345".repeat(2)[..64].replace("77ab", "0d5e");
    let judged = |tier, kind, encoding| judged_in(&hex, &context(tier, kind, encoding));
    let severity = |score: &Score| {
        let found = score.findings.iter().find(|finding| finding.rule == "key-bytes");
        found.map(|finding| finding.severity)
    };

    let decoded = judged(Tier::Production, "jwt-hs512", Some(Encoding::Hex));
    assert_eq!(severity(&decoded), Some(Severity::Error), "{decoded:?}");
    assert!(decoded.below_bar(Tier::Production));
    let lax = judged(Tier::Development, "jwt-hs512", Some(Encoding::Hex));
    assert_eq!(severity(&lax), Some(Severity::Warning));
    let either = judged(Tier::Production, "jwt-hs512", None);
    assert_eq!(severity(&either), Some(Severity::Note));
    let fits = judged(Tier::Production, "jwt-hs256", None);
    assert_eq!(severity(&fits), None);
    assert!(
        fits.explanation()
            .key
            .is_some_and(|key| key.fits && key.as_text == 64)
    );
    assert_eq!(judged(Tier::Production, "password", None).explanation().key, None);
}
