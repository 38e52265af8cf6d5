//! What third parties issue: a value that was meant for another place is noticed before it is kept.

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "policy.toml",
        include_str!("../policies/valid/issued-shapes.toml"),
    );
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    sandbox
}

/// Random enough, and put together here so that scanners stay quiet.
fn key(start: [&str; 2]) -> String {
    [start[0], start[1], "k7Qw2mZp9LxTr4Vb8NcYs3Hd"].concat()
}

fn import(sandbox: &Sandbox, name: &str, environment: &str, value: &str, more: &[&str]) -> Output {
    let args = ["import", name, "-e", environment];
    sandbox
        .command(args.iter().chain(more))
        .stdin(value.to_owned())
        .run()
}

#[test]
fn a_key_of_the_test_mode_is_for_development_only() {
    let sandbox = shop();
    let value = key(["sk_", "test_"]);

    let refused = import(&sandbox, "STRIPE_SECRET_KEY", "production", &value, &[]).exits(1);
    import(&sandbox, "STRIPE_SECRET_KEY", "development", &value, &[]).succeeds();

    assert!(
        refused
            .said()
            .contains("it is a key of its issuer's test mode, and the environment is of tier production")
    );
    assert!(refused.said().contains("--force"));
    assert!(!refused.whole().contains(&value));
}

#[test]
fn a_value_of_another_issuer_is_refused_unless_forced() {
    let sandbox = shop();
    let github = ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();

    let refused = import(&sandbox, "NEW_RELIC_LICENSE_KEY", "production", &github, &[]).exits(1);
    let forced = import(
        &sandbox,
        "NEW_RELIC_LICENSE_KEY",
        "production",
        &github,
        &["--force"],
    )
    .succeeds();

    for output in [&refused, &forced] {
        assert!(
            output
                .said()
                .contains("it looks like a value of GitHub, which belongs elsewhere"),
            "{}",
            output.said()
        );
        assert!(!output.whole().contains(&github));
    }
}

#[test]
fn the_shape_is_held_and_shown() {
    let sandbox = shop();
    let live = key(["sk_", "live_"]);

    let cut = import(&sandbox, "STRIPE_SECRET_KEY", "production", &live[..12], &[]).exits(1);
    import(&sandbox, "STRIPE_SECRET_KEY", "production", &live, &[]).succeeds();

    assert!(cut.said().contains("it does not have the shape `stripe-secret`"));
    let shown = sandbox.run(["policy", "show", "STRIPE_SECRET_KEY", "-e", "production"]);
    for line in ["shape          stripe-secret", "issuer         Stripe"] {
        assert!(shown.text().contains(line), "{}", shown.text());
    }
    let scored = sandbox.run(["score", "-e", "production", "--json"]).json();
    assert_eq!(scored["values"][0]["shape"], "stripe-secret");
    let table = sandbox.run(["score", "-e", "production"]);
    assert!(table.text().contains("stripe-secret") && table.text().contains("SHAPE"));
    let other = sandbox
        .command(["score", "-", "--json"])
        .stdin("k7Qw2mZp9LxTr4Vb8NcYs3Hd\n")
        .run()
        .json();
    assert!(other["values"][0]["shape"].is_null());
}

#[test]
fn what_an_env_file_shows_is_proposed_by_its_shape() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env.example",
        "TWILIO_AUTH_TOKEN=\nDD_API_KEY=your-key\nPAYPAL_CLIENT_SECRET=\n",
    );

    sandbox.run(["init", "--from", ".env.example"]).succeeds();

    let policy = sandbox.read("mintage.toml");
    for lines in [
        "[secrets.TWILIO_AUTH_TOKEN]\nkind = \"issued\"\nshape = \"twilio-auth-token\"\n",
        "[secrets.DD_API_KEY]\nkind = \"issued\"\nshape = \"datadog-api-key\"\n",
        "[secrets.PAYPAL_CLIENT_SECRET]\nkind = \"issued\"\nissuer = \"PayPal\"\n",
    ] {
        assert!(policy.contains(lines), "{policy}");
    }
    sandbox.run(["policy", "lint"]).succeeds();
}
