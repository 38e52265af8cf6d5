//! Keychains that do not answer: every case has its own words, exit code 4, and nothing in another place instead.

use std::time::Duration;
use std::time::Instant;

use crate::keyring::Keyring;
use crate::sandbox::Output;
use crate::shop::Shop;

/// What holds of every failure.
fn assert_unreachable(output: &Output, shop: &Shop, words: &str) {
    assert_eq!(output.code, 4, "{}", output.stderr);
    assert!(
        output.stderr.contains(words),
        "{words} is not in\n{}",
        output.stderr
    );
    assert!(output.stderr.contains("  hint: "), "{}", output.stderr);
    let development = shop.sandbox.project().join(".mintage/development");
    assert!(!development.exists(), "something was kept in another place");
}

#[test]
fn without_a_session_bus_the_way_to_one_is_told() {
    let shop = Shop::new();
    let nowhere = shop.sandbox.beside("no-bus");

    let output = shop
        .command(&["create", "--all", "-e", "development"])
        .env(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", nowhere.display()),
        )
        .env("XDG_RUNTIME_DIR", &nowhere)
        .run();

    assert_unreachable(&output, &shop, "no keychain answers here");
    assert!(output.stderr.contains("dbus-run-session"));
}

#[test]
fn a_bus_without_a_keyring_is_told_apart() {
    let mut shop = Shop::new();
    shop.keyring = Keyring::without_daemon();

    let output = shop.run(&["create", "--all", "-e", "development"]);

    assert_unreachable(&output, &shop, "no keychain answers here");
}

#[test]
fn a_locked_keyring_that_nobody_can_unlock_says_so() {
    let shop = Shop::new();
    shop.keyring.lock();

    let output = shop.run(&["create", "--all", "-e", "development"]);

    assert_unreachable(&output, &shop, "locked");
    assert!(output.stderr.contains("unlock"));
}

#[test]
fn a_daemon_that_hangs_is_given_up_on() {
    let mut shop = Shop::new();
    shop.keyring.signal("-STOP");
    let began = Instant::now();

    let output = shop.run(&["create", "--all", "-e", "development"]);

    assert!(
        began.elapsed() < Duration::from_secs(30),
        "it waited for {:?}",
        began.elapsed()
    );
    assert_unreachable(&output, &shop, "did not answer within");
    shop.keyring.signal("-CONT");
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
}

#[test]
fn a_daemon_that_dies_loses_nothing_that_was_kept() {
    let mut shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    let before = shop.reveal("JWT_SECRET");
    shop.keyring.signal("-KILL");

    let output = shop.run(&["rotate", "JWT_SECRET", "-e", "development"]);

    assert_eq!(output.code, 4, "{}", output.stderr);
    shop.keyring.start();
    assert!(shop.reveal("JWT_SECRET") == before);
    shop.run(&["rotate", "JWT_SECRET", "-e", "development"])
        .succeeds();
    assert!(shop.reveal("JWT_SECRET") != before);
    shop.run(&["verify", "--deep"]).succeeds();
}

#[test]
fn other_environments_need_no_keychain() {
    let mut shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    shop.keyring.signal("-KILL");

    shop.run(&["create", "--all", "-e", "production"]).succeeds();
    shop.run(&["rotate", "JWT_SECRET", "-e", "production"]).succeeds();
    shop.run(&["status"]).succeeds();
}
