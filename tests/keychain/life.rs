//! The life of secrets in a keychain environment.

use crate::shop::POLICY;
use crate::shop::Shop;

#[test]
fn what_is_minted_is_in_the_keychain_and_nowhere_else() {
    let shop = Shop::new();

    shop.run(&["create", "--all", "-e", "development"]).succeeds();

    let value = shop.reveal("JWT_SECRET");
    let kept = shop
        .keyring
        .lookup(&shop.service(), &shop.user("JWT_SECRET"))
        .unwrap();
    assert_eq!(
        kept,
        value.trim_ascii_end(),
        "the client of the desktop finds another value"
    );
    assert!(
        !shop
            .sandbox
            .project()
            .join(".mintage/development/values")
            .exists()
    );
    shop.run(&["verify", "--deep"]).succeeds();
    let search = shop
        .keyring
        .secret_tool(&["search", "--all", "service", &shop.service()], b"");
    let shown = String::from_utf8_lossy(&search.stdout).into_owned();
    assert!(shown.contains("label = mintage: JWT_SECRET in development"));
}

#[test]
fn its_ledger_is_of_this_machine_and_git_ignores_it() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    shop.run(&["create", "--all", "-e", "production"]).succeeds();

    shop.sandbox.git(&["add", "."]);

    let staged = shop.sandbox.git(&["diff", "--cached", "--name-only"]);
    assert!(staged.contains(".mintage/production/ledger.jsonl"));
    assert!(!staged.contains(".mintage/development/"), "{staged}");
    let status = shop.sandbox.json(["status"]);
    let secrets = status["secrets"].as_array().unwrap();
    let of = |environment: &str| {
        let of = secrets.iter().filter(|one| one["environment"] == environment);
        of.filter(|one| one["state"] == "ok").count()
    };
    assert_eq!(
        (of("development"), of("production")),
        (2, 2),
        "no keychain is needed to tell ages"
    );
}

#[test]
fn a_value_rotates_rolls_back_and_is_destroyed() {
    let shop = Shop::of_policy(&POLICY.replace(
        "name = \"shop\"\n",
        "name = \"shop\"\n[defaults]\nkeep_previous = 0\n",
    ));
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    let (first, first_user) = (shop.reveal("DB_PASSWORD"), shop.user("DB_PASSWORD"));

    shop.run(&["rotate", "DB_PASSWORD", "-e", "development"])
        .succeeds();
    assert_ne!(shop.reveal("DB_PASSWORD"), first);
    shop.run(&["rollback", "DB_PASSWORD", "-e", "development"])
        .succeeds();
    assert_eq!(shop.reveal("DB_PASSWORD"), first);
    for _ in 0..3 {
        shop.run(&["rotate", "DB_PASSWORD", "-e", "development"])
            .succeeds();
        shop.run(&["retire", "DB_PASSWORD", "-e", "development"])
            .succeeds();
    }

    let left = shop.keyring.lookup(&shop.service(), &first_user);
    assert_eq!(left, None, "the policy keeps no former values");
    shop.run(&["verify", "--deep"]).succeeds();
}

#[test]
fn values_of_every_shape_are_kept_whole() {
    let shop = Shop::new();
    let shapes: [&[u8]; 4] = [
        b"two\nlines\tand \"quotes\" $HOME 'too' `id`",
        "Schlüssel 鍵".as_bytes(),
        &[0xff, 0xfe, 0x00, 0x80, 0x0a, 0xc3],
        &[b'x'; 64 * 1_024],
    ];
    for shape in shapes {
        let imported = shop
            .command(&["import", "LICENCE", "-e", "development", "--verbatim", "--force"])
            .stdin(shape)
            .run();
        assert_eq!(imported.code, 0, "{}", imported.stderr);

        let output = shop.run(&["reveal", "LICENCE", "-e", "development"]);

        let same =
            output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout) == shape || output.stdout == shape;
        assert!(same, "a value of {} bytes came back changed", shape.len());
    }
}

#[test]
fn the_values_reach_a_command_and_a_file() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    shop.command(&["import", "LICENCE", "-e", "development", "--force"])
        .stdin("abc-licence-0123456789-abcdefghij")
        .run()
        .succeeds();
    let value = shop.reveal("JWT_SECRET");

    let run = shop.run(&[
        "run",
        "-e",
        "development",
        "--",
        "sh",
        "-c",
        "printf %s \"$JWT_SECRET\"",
    ]);
    shop.run(&[
        "render",
        "-e",
        "development",
        "--dialect",
        "dotenv",
        "--out",
        ".env",
    ])
    .succeeds();

    assert_eq!(run.stdout, value.trim_ascii_end(), "{}", run.stderr);
    let file = shop.sandbox.read(".env");
    assert!(file.contains(std::str::from_utf8(value.trim_ascii_end()).unwrap()));
}

#[test]
fn another_value_under_our_name_is_found_out() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    shop.keyring
        .store(&shop.service(), &shop.user("JWT_SECRET"), b"put here by somebody");

    let reveal = shop.run(&["reveal", "JWT_SECRET", "-e", "development"]).exits(6);
    let verify = shop.run(&["verify"]).exits(6);

    assert!(
        reveal
            .stderr
            .contains("holds another value than the ledger names"),
        "{}",
        reveal.stderr
    );
    assert!(String::from_utf8_lossy(&verify.stdout).contains("JWT_SECRET"));
}

#[test]
fn a_deleted_entry_is_damage_and_names_the_secret() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    let (service, user) = (shop.service(), shop.user("JWT_SECRET"));
    let clear = shop
        .keyring
        .secret_tool(&["clear", "service", &service, "username", &user], b"");
    assert!(clear.status.success());

    let verify = shop.run(&["verify"]).exits(6);

    assert!(String::from_utf8_lossy(&verify.stdout).contains("JWT_SECRET"));
    // Another secret is not affected.
    assert!(!shop.reveal("DB_PASSWORD").is_empty());
}

#[test]
fn a_new_value_takes_the_place_of_one_that_the_keychain_lost() {
    let policy = POLICY.replace(
        "overlap = \"7d\"\n",
        "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_OLD\"\nsinks = [\"web\"]\n",
    );
    let shop = Shop::of_policy(&format!(
        "{policy}[sinks.web]\ntype = \"env-file\"\npath = \".env\"\n"
    ));
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    shop.run(&["push", "-e", "development"]).succeeds();
    let (service, user) = (shop.service(), shop.user("JWT_SECRET"));
    let clear = ["clear", "service", &service, "username", &user];
    assert!(shop.keyring.secret_tool(&clear, b"").status.success());
    let lost = shop.run(&["reveal", "JWT_SECRET", "-e", "development"]).exits(6);
    assert!(
        lost.stderr.contains("mintage rotate JWT_SECRET -e development"),
        "{}",
        lost.stderr
    );

    shop.run(&["rotate", "JWT_SECRET", "-e", "development"])
        .succeeds();

    let value = shop.reveal("JWT_SECRET");
    let value = std::str::from_utf8(value.trim_ascii_end()).unwrap();
    assert_eq!(shop.sandbox.read(".env"), format!("JWT_SECRET={value}\n"));
    // The next one works as ever, with the overlap.
    shop.run(&["retire", "JWT_SECRET", "-e", "development"])
        .succeeds();
    shop.run(&["rotate", "JWT_SECRET", "-e", "development"])
        .succeeds();
    assert!(
        shop.sandbox
            .read(".env")
            .contains(&format!("JWT_SECRET_OLD={value}\n"))
    );
}

#[test]
fn what_no_ledger_names_is_a_leftover_that_a_person_can_remove() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "development"]).succeeds();
    let user = shop.user("JWT_SECRET").replace("/JWT_SECRET/", "/DB_PASSWORD/");
    shop.keyring
        .store(&shop.service(), &user, b"left by a run that died");

    let found = shop.run(&["verify", "--json"]).succeeds().json();
    shop.run(&["verify", "--fix"]).succeeds();

    assert_eq!(found["strays"].as_array().unwrap().len(), 1);
    assert_eq!(shop.keyring.lookup(&shop.service(), &user), None);
    assert!(!shop.reveal("JWT_SECRET").is_empty());
}

#[test]
fn a_policy_that_names_another_store_for_the_same_values_is_refused() {
    let shop = Shop::new();
    shop.run(&["create", "--all", "-e", "production"]).succeeds();
    let before = shop.sandbox.reveal("JWT_SECRET", "production");
    shop.sandbox.write(
        "mintage.toml",
        POLICY.replace(
            "[environments.production]\n",
            "[environments.production]\nstore = \"keychain\"\n",
        ),
    );

    let refused = shop
        .command(&["rotate", "JWT_SECRET", "-e", "production"])
        .refused()
        .exits(1);

    assert!(refused.stderr.contains("its values are elsewhere"));
    let after = shop.run(&["reveal", "JWT_SECRET", "-e", "production"]);
    assert!(after.stdout == before, "what is there stays readable");
}
