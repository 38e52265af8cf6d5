//! The sink of type `keychain`: an entry that another program reads.

use crate::shop::Shop;

const POLICY: &str = "schema = 1\nname = \"shop\"\n[environments.production]\n\
    [secrets.API_KEY]\nkind = \"hex\"\nsinks = [\"desktop\"]\n\
    [sinks.desktop]\ntype = \"keychain\"\nservice = \"shop-{environment}\"\nuser = \"{name}\"\n";

#[test]
fn another_program_finds_each_new_value() {
    let shop = Shop::of_policy(POLICY);
    shop.run(&["create", "--all", "-e", "production"]).succeeds();
    shop.run(&["push", "-e", "production"]).succeeds();
    let first = shop.keyring.lookup("shop-production", "API_KEY").unwrap();

    shop.run(&["rotate", "API_KEY", "-e", "production"]).succeeds();

    let second = shop.keyring.lookup("shop-production", "API_KEY").unwrap();
    let stored = shop.run(&["reveal", "API_KEY", "-e", "production"]).stdout;
    assert!(second != first);
    assert!(second == stored.trim_ascii_end());
    shop.run(&["rollback", "API_KEY", "-e", "production"]).succeeds();
    assert!(shop.keyring.lookup("shop-production", "API_KEY").unwrap() == first);
}

#[test]
fn an_entry_of_somebody_else_is_not_written_over() {
    let shop = Shop::of_policy(POLICY);
    shop.keyring
        .store("shop-production", "API_KEY", b"of another program");
    shop.run(&["create", "--all", "-e", "production"]).succeeds();

    let drift = shop.run(&["push", "-e", "production"]);
    let rotated = shop.run(&["rotate", "API_KEY", "-e", "production"]);

    assert_ne!((drift.code, rotated.code), (0, 0));
    let kept = shop.keyring.lookup("shop-production", "API_KEY").unwrap();
    assert!(kept == b"of another program");
}

#[test]
fn a_locked_keyring_leaves_the_rotation_open_and_the_next_run_ends_it() {
    let mut shop = Shop::of_policy(POLICY);
    shop.run(&["create", "--all", "-e", "production"]).succeeds();
    shop.run(&["push", "-e", "production"]).succeeds();
    let before = shop.keyring.lookup("shop-production", "API_KEY").unwrap();
    shop.keyring.signal("-KILL");

    let rotated = shop.run(&["rotate", "API_KEY", "-e", "production"]);

    assert!([4, 5].contains(&rotated.code), "{}", rotated.stderr);
    shop.keyring.start();
    shop.run(&["rotate", "API_KEY", "-e", "production"]).succeeds();
    let after = shop.keyring.lookup("shop-production", "API_KEY").unwrap();
    assert!(after != before);
    assert!(
        after
            == shop
                .run(&["reveal", "API_KEY", "-e", "production"])
                .stdout
                .trim_ascii_end()
    );
}
