//! Many entries, and many processes at once.

use std::fmt::Write;
use std::time::Instant;

use crate::shop::POLICY;
use crate::shop::Shop;

#[test]
fn a_thousand_entries_are_minted_and_checked() {
    let mut policy = POLICY.to_owned();
    for number in 0..998 {
        writeln!(policy, "[secrets.KEY_{number}]\nkind = \"hex\"").unwrap();
    }
    let shop = Shop::of_policy(&policy);
    let began = Instant::now();

    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    let minted = began.elapsed();
    let verified = shop.run(&["verify", "--deep", "--json"]).succeeds().json();

    println!(
        "1,000 entries: minted in {minted:?}, verified in {:?}",
        began.elapsed() - minted
    );
    assert_eq!(verified["decrypted"], 1_000);
    let value = shop.reveal("KEY_500");
    let kept = shop
        .keyring
        .lookup(&shop.service(), &shop.user("KEY_500"))
        .unwrap();
    assert!(kept == value.trim_ascii_end());
}

#[test]
fn eight_processes_at_once_lose_nothing() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();

    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|number| {
                let name = if number % 2 == 0 {
                    "JWT_SECRET"
                } else {
                    "DB_PASSWORD"
                };
                let shop = &shop;
                scope.spawn(move || shop.run(&["rotate", name, "-e", "development", "--reason", "test"]))
            })
            .collect();
        for writer in writers {
            let output = writer.join().unwrap();
            // One that came second waits its turn or is refused; none breaks off.
            assert!([0, 1, 4, 5].contains(&output.code), "{}", output.stderr);
        }
    });

    let verified = shop.run(&["verify", "--deep", "--json"]).succeeds().json();
    assert_eq!(verified["strays"].as_array().unwrap().len(), 0);
    assert!(!shop.reveal("JWT_SECRET").is_empty());
}
