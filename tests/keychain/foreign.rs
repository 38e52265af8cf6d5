//! `import --from keychain:SERVICE`: entries that other programs made.

use crate::shop::Shop;

#[test]
fn entries_of_another_program_are_brought_in_and_stay_where_they_are() {
    let shop = Shop::new();
    let value = b"of-another-program-0123456789-abcdefghij";
    shop.keyring.store("old-app", "licence", value);
    shop.keyring.store("old-app", "unrelated", b"not asked for");

    let imported = shop
        .run(&[
            "import",
            "--from",
            "keychain:old-app",
            "--map",
            "licence=LICENCE",
            "-e",
            "development",
            "--force",
        ])
        .succeeds();

    assert!(shop.reveal("LICENCE").trim_ascii_end() == value);
    assert!(
        imported
            .whole()
            .contains("secret-tool clear service old-app username licence"),
        "{}",
        imported.whole()
    );
    assert!(
        shop.keyring.lookup("old-app", "licence").unwrap() == value,
        "it was only read"
    );
}

#[test]
fn what_is_not_there_and_what_does_not_answer_are_told_apart() {
    let mut shop = Shop::new();
    let import = ["import", "--from", "keychain:no-such-app", "-e", "production"];

    let absent = shop.command(&import).refused().exits(1);
    shop.keyring.signal("-KILL");
    let silent = shop.command(&import).refused().exits(4);

    assert!(
        absent.stderr.contains("keychain:no-such-app"),
        "{}",
        absent.stderr
    );
    assert!(
        silent.stderr.contains("no keychain answers here"),
        "{}",
        silent.stderr
    );
}
