//! The identity of a person, kept in the keychain.

use std::process::Command;

use crate::keyring::Keyring;
use crate::sandbox::Sandbox;
use crate::shop::POLICY;
use crate::shop::Shop;

fn set_up() -> Shop {
    let shop = Shop {
        sandbox: Sandbox::new(),
        keyring: Keyring::new(),
    };
    shop.sandbox.write("mintage.toml", POLICY);
    shop.run(&["init", "--keychain-identity"]).succeeds();
    shop
}

#[test]
fn it_opens_the_store_and_no_file_holds_it() {
    let shop = set_up();

    shop.run(&["create", "--all", "-e", "production"]).succeeds();

    assert!(!shop.sandbox.identity().exists());
    let value = shop.run(&["reveal", "JWT_SECRET", "-e", "production"]).succeeds();
    // Without mintage: the client of the desktop and stock age.
    let identity = shop.keyring.lookup("mintage-identity", "age").unwrap();
    let file = shop.sandbox.beside("identity");
    std::fs::write(&file, identity).unwrap();
    let values = shop
        .sandbox
        .project()
        .join(".mintage/production/values/JWT_SECRET");
    let version = std::fs::read_dir(values).unwrap().next().unwrap().unwrap().path();
    let opened = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(&file)
        .arg(version)
        .output()
        .unwrap();
    assert!(opened.status.success());
    assert!(opened.stdout == value.stdout.trim_ascii_end());
}

#[test]
fn a_second_project_uses_the_same_one() {
    let shop = set_up();
    let first = shop.keyring.lookup("mintage-identity", "age").unwrap();
    let second = Sandbox::new();
    second.write("mintage.toml", POLICY);
    let run = |args: &[&str]| {
        let run = second.command(args);
        let known = shop.keyring.environment().into_iter();
        known.fold(run, |run, (name, value)| run.env(name, value)).run()
    };

    run(&["init", "--keychain-identity"]).succeeds();
    run(&["create", "--all", "-e", "production"]).succeeds();

    assert!(shop.keyring.lookup("mintage-identity", "age").unwrap() == first);
    run(&["verify", "--deep"]).succeeds();
}

#[test]
fn a_locked_keychain_is_told_apart_from_no_identity() {
    let mut shop = set_up();
    shop.run(&["create", "--all", "-e", "production"]).succeeds();
    shop.keyring.lock();

    let locked = shop.run(&["reveal", "JWT_SECRET", "-e", "production"]).exits(4);
    shop.keyring = Keyring::without_daemon();
    let absent = shop.run(&["reveal", "JWT_SECRET", "-e", "production"]).exits(1);

    assert!(locked.stderr.contains("locked"), "{}", locked.stderr);
    assert!(
        absent.stderr.contains("no identity was found"),
        "{}",
        absent.stderr
    );
}

#[test]
fn without_a_keychain_nothing_is_set_up() {
    let sandbox = Sandbox::new();
    sandbox.write("mintage.toml", POLICY);
    let nowhere = sandbox.beside("no-bus");

    let refused = sandbox
        .command(["init", "--keychain-identity"])
        .env("XDG_RUNTIME_DIR", &nowhere)
        .env(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", nowhere.display()),
        )
        .refused();

    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(!sandbox.project().join(".mintage").exists());
}
