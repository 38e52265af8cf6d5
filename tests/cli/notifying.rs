//! `mintage remind --notify`: real servers on loopback are told what is due, once, until it is done.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use chrono::TimeDelta;
use chrono::Utc;
use serde_json::Value;

use crate::authority::Authority;
use crate::authority::Wanted;
use crate::readers::answer;
use crate::readers::succeeds;
use crate::receiver::Receiver;
use crate::receiver::deserted_port;
use crate::receiver::interpreter;
use crate::sandbox::Output;
use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::sandbox::files_below;
use crate::schemas::fits;

/// A project with one overdue secret, one that is due soon and one that is new, and the variables of its notifiers.
pub struct Estate {
    pub sandbox: Sandbox,
    variables: Vec<(&'static str, String)>,
}

impl Estate {
    /// An estate with these fields of its one notifier, approved.
    pub fn new(fields: &str, variables: &[(&'static str, String)]) -> Self {
        let estate = Self::unapproved(fields, variables);
        estate.command(&["policy", "approve", "--yes"]).run().succeeds();
        estate
    }

    fn unapproved(fields: &str, variables: &[(&'static str, String)]) -> Self {
        let sandbox = Sandbox::new();
        let estate = Self {
            sandbox,
            variables: variables.to_vec(),
        };
        estate.policy(fields);
        estate.sandbox.run(["init"]).succeeds();
        for (name, days) in [("BROKER_TOKEN", 100), ("LEDGER_TOKEN", 80)] {
            let created = (Utc::now() - TimeDelta::days(days))
                .format("%Y-%m-%d")
                .to_string();
            let value = estate.sandbox.run(["generate", "hex"]).succeeds().stdout;
            estate
                .sandbox
                .command(["import", name, "-e", "production", "--created", &created])
                .stdin(value)
                .run()
                .succeeds();
        }
        estate
            .sandbox
            .run(["create", "FRESH_TOKEN", "-e", "production"])
            .succeeds();
        estate
    }

    fn policy(&self, fields: &str) {
        let secret = |name: &str| format!("[secrets.{name}]\nkind = \"hex\"\nrotate_every = \"90d\"\n");
        let secrets = ["BROKER_TOKEN", "LEDGER_TOKEN", "FRESH_TOKEN"]
            .map(secret)
            .concat();
        self.sandbox.write(
            "mintage.toml",
            format!("schema = 1\nname = \"shop\"\n{secrets}[[notifiers]]\nname = \"ops\"\n{fields}\n"),
        );
    }

    pub fn command(&self, args: &[&str]) -> Run<'_> {
        let run = self.sandbox.command(args);
        let variables = self.variables.iter();
        variables.fold(run, |run, (name, value)| run.env(name, value))
    }

    #[must_use]
    pub fn notify(&self) -> Output {
        self.command(&["remind", "--notify"]).run()
    }

    /// The files in which this machine remembers what was told.
    fn told(&self) -> Vec<PathBuf> {
        let state = self.sandbox.home().join(".local/state/mintage");
        let mut files = files_below(&state);
        files.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("told-"));
        files
    }

    /// Changes every entry of what was told.
    fn retell(&self, change: impl Fn(&mut Value)) {
        let [path] = &self.told()[..] else {
            panic!("nothing was told");
        };
        let mut told: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        for entry in told["ops"].as_object_mut().unwrap().values_mut() {
            change(entry);
        }
        fs::write(path, told.to_string()).unwrap();
    }
}

fn url(receiver: &Receiver) -> String {
    format!("http://127.0.0.1:{}/hook/Zx81unseen", receiver.port)
}

fn labels(document: &Value) -> Vec<&str> {
    let reminders = document["reminders"].as_array().unwrap().iter();
    reminders
        .map(|reminder| reminder["label"].as_str().unwrap())
        .collect()
}

const HOOK: &str = "type = \"webhook\"\nurl_env = \"HOOK_URL\"";

#[test]
fn what_is_due_is_told_once_then_weekly_and_when_it_is_worse() {
    let receiver = Receiver::http(&["200"]);
    let estate = Estate::new(HOOK, &[("HOOK_URL", url(&receiver))]);

    let first = estate.notify().exits(3);
    assert!(first.stderr.contains("ops: told 2"), "{first}");
    let again = estate.notify().exits(3);
    assert!(
        again.stderr.contains("ops: nothing new, 2 told before"),
        "{again}"
    );
    let documents = receiver.documents();
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0]["schema"], "mintage/notification/1");
    assert_eq!(documents[0]["project"], "shop");
    assert_eq!(documents[0]["headline"], "shop: 2 reminders, 1 urgent");
    assert_eq!(
        labels(&documents[0]),
        ["production/BROKER_TOKEN", "production/LEDGER_TOKEN"]
    );
    assert_eq!(documents[0]["reminders"][0]["state"], "overdue");
    assert_eq!(
        documents[0]["reminders"][0]["fix"],
        "mintage rotate BROKER_TOKEN -e production"
    );

    let ago = |days| (Utc::now() - TimeDelta::days(days)).to_rfc3339();
    estate.retell(|entry| entry["at"] = ago(6).into());
    let _ = estate.notify().exits(3);
    assert_eq!(receiver.documents().len(), 1, "six days are no week");
    estate.retell(|entry| entry["at"] = ago(7).into());
    let _ = estate.notify().exits(3);
    assert_eq!(receiver.documents().len(), 2);

    estate.retell(|entry| entry["rank"] = 5.into());
    let _ = estate.notify().exits(3);
    let documents = receiver.documents();
    assert_eq!(
        labels(&documents[2]),
        ["production/BROKER_TOKEN"],
        "overdue is worse than due soon"
    );
    assert_eq!(documents[2]["told_before"], 1);
}

#[test]
fn what_was_told_is_forgotten_when_it_is_done_and_the_next_cycle_is_told_anew() {
    let receiver = Receiver::http(&["200"]);
    let estate = Estate::new(HOOK, &[("HOOK_URL", url(&receiver))]);
    let _ = estate.notify().exits(3);

    for name in ["BROKER_TOKEN", "LEDGER_TOKEN"] {
        estate.sandbox.rotate(name, &[]).succeeds();
    }
    let done = estate.notify().succeeds();

    assert!(done.stderr.contains("ops: nothing is due"), "{done}");
    let told: Value = serde_json::from_slice(&fs::read(&estate.told()[0]).unwrap()).unwrap();
    assert_eq!(told, serde_json::json!({ "ops": {} }));
    assert_eq!(receiver.documents().len(), 1);
}

#[test]
fn nothing_is_sent_before_it_was_approved_nor_after_it_changed() {
    let (receiver, other) = (Receiver::http(&["200"]), Receiver::http(&["200"]));
    let mut estate = Estate::unapproved(HOOK, &[("HOOK_URL", url(&receiver)), ("OTHER_URL", url(&other))]);

    let refused = estate.notify().exits(1);
    assert!(
        refused.stderr.contains("nobody on this machine approved"),
        "{refused}"
    );
    assert!(refused.stderr.contains("mintage policy approve ops"), "{refused}");
    let shown = estate
        .command(&["policy", "approve", "ops", "--yes"])
        .run()
        .succeeds();
    assert!(
        shown
            .text()
            .contains(&format!("HOOK_URL, leads to http://127.0.0.1:{}", receiver.port)),
        "{shown}"
    );
    assert!(!shown.whole().contains("Zx81unseen"), "{shown}");

    for (fields, told) in [
        (
            "type = \"webhook\"\nurl_env = \"OTHER_URL\"",
            "`url_env` is OTHER_URL, was HOOK_URL",
        ),
        (
            "type = \"webhook\"\nurl_env = \"HOOK_URL\"\nformat = \"slack\"",
            "`format` was changed",
        ),
        (
            "type = \"webhook\"\nurl_env = \"HOOK_URL\"\nanonymous = true",
            "`anonymous` is true, was false",
        ),
        (
            "type = \"webhook\"\nurl_env = \"HOOK_URL\"\nheartbeat_url_env = \"OTHER_URL\"",
            "`heartbeat_url_env` is OTHER_URL, and there was none",
        ),
        ("type = \"desktop\"", "`type` is desktop, was webhook"),
    ] {
        estate.policy(fields);
        let refused = estate.notify().exits(1);
        assert!(refused.stderr.contains(told), "{refused}");
        let listed = estate.command(&["policy", "approve", "--list"]).run().succeeds();
        assert!(
            listed.text().contains("changed") && listed.stderr.contains(told),
            "{listed}"
        );
    }
    // What cannot be compared as a whole is not sent in part.
    estate.policy("type = \"webhook\"\nurl_env = \"OTHER_URL\"\nheartbeat_url_env = \"UNSET_URL\"");
    let refused = estate.notify().exits(1);
    assert!(
        refused.stderr.contains("the variable `UNSET_URL` is not set"),
        "{refused}"
    );
    estate.policy(HOOK);
    estate.variables[0].1 = url(&other);
    let refused = estate.notify().exits(1);
    assert!(
        refused.stderr.contains("`url_env` leads to http://127.0.0.1:"),
        "{refused}"
    );
    assert_eq!(receiver.raw() + &other.raw(), "");

    estate.variables[0].1 = url(&receiver);
    let _ = estate.notify().exits(3);
    assert_eq!(receiver.documents().len(), 1);
    estate
        .command(&["policy", "approve", "ops", "--revoke"])
        .run()
        .succeeds();
    let _ = estate.notify().exits(1);
    assert_eq!(receiver.documents().len(), 1);
}

#[test]
fn what_may_pass_is_tried_again_what_may_not_is_not_and_nothing_is_lost() {
    for (plan, code, requests, said) in [
        (&["500", "200"][..], 3, 2, "ops: told 2"),
        (&["drop", "drop", "200"], 3, 3, "ops: told 2"),
        (&["429 1", "200"], 3, 2, "ops: told 2"),
        (&["500"], 4, 3, "127.0.0.1 answers with the status 500"),
        (&["slow 9"], 4, 3, "127.0.0.1 did not answer within 1 seconds"),
        (&["429 3600"], 4, 1, "127.0.0.1 answers with the status 429"),
        (&["404"], 1, 1, "127.0.0.1 answers with the status 404"),
        (
            &["to http://127.0.0.1:9/elsewhere"],
            1,
            1,
            "127.0.0.1 sends on to elsewhere",
        ),
    ] {
        let receiver = Receiver::http(plan);
        let estate = Estate::new(
            &format!("{HOOK}\ntimeout = \"1s\""),
            &[("HOOK_URL", url(&receiver))],
        );

        let output = estate.notify().exits(code);

        assert!(output.stderr.contains(said), "{plan:?}: {output}");
        assert_eq!(receiver.requests().len(), requests, "{plan:?}");
        assert!(
            !output.whole().contains("Zx81unseen") && !output.whole().contains("words of a server"),
            "{output}"
        );
        assert!(
            output.text().starts_with("production/BROKER_TOKEN"),
            "the report is there all the same"
        );
        let ids: Vec<Value> = receiver.documents();
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{plan:?}");
        if code == 3 {
            continue;
        }
        assert!(
            output.stderr.contains("will be sent again by the next run"),
            "{output}"
        );
        receiver.plan(&["200"]);
        let next = estate.notify().exits(3);
        assert!(next.stderr.contains("ops: told 2"), "{plan:?}: {next}");
    }
}

#[test]
fn a_server_that_is_not_there_is_exit_code_four_and_is_told_later() {
    let port = deserted_port();
    let mut estate = Estate::new(HOOK, &[("HOOK_URL", format!("http://localhost:{port}/x"))]);
    let started = Instant::now();

    let output = estate.notify().exits(4);

    assert!(
        output.stderr.contains("localhost refuses the connection"),
        "{output}"
    );
    assert!(output.stderr.contains("mintage remind --notify"), "{output}");
    assert!(started.elapsed().as_secs() < 20);
    let receiver = Receiver::http(&["200"]);
    estate.variables[0].1 = url(&receiver);
    estate.command(&["policy", "approve", "--yes"]).run().succeeds();
    let _ = estate.notify().exits(3);
    assert_eq!(labels(&receiver.documents()[0]).len(), 2);
}

#[test]
fn a_host_that_proves_nothing_is_told_nothing() {
    let home = Sandbox::new();
    let authority = Authority::new(&home.beside("authority"));
    let names = |names| Wanted {
        names,
        ..Wanted::default()
    };
    authority.issue("right", &names("DNS:localhost,IP:127.0.0.1"));
    authority.issue("wrong", &names("DNS:elsewhere.example.com"));
    authority.issue(
        "old",
        &Wanted {
            valid: Some(("20200101000000Z", "20210101000000Z")),
            ..names("DNS:localhost")
        },
    );
    let trust = (
        "SSL_CERT_FILE",
        authority.path("root.pem").to_str().unwrap().to_owned(),
    );
    for (name, trusts, said) in [
        (
            "right",
            false,
            "nobody that this machine trusts vouches for the certificate of localhost",
        ),
        (
            "wrong",
            true,
            "what answers at localhost has a certificate for another name",
        ),
        ("old", true, "the certificate of localhost has expired"),
    ] {
        let receiver = Receiver::https(&authority, name, &["200"]);
        let mut variables = vec![("HOOK_URL", format!("https://localhost:{}/x", receiver.port))];
        variables.extend(trusts.then(|| trust.clone()));
        let estate = Estate::new(HOOK, &variables);

        let output = estate.notify().exits(4);

        assert!(output.stderr.contains(said), "{name}: {output}");
        assert_eq!(receiver.raw(), "", "{name}");
    }
    let receiver = Receiver::https(&authority, "right", &["200"]);
    let hook = ("HOOK_URL", format!("https://localhost:{}/x", receiver.port));
    let _ = Estate::new(HOOK, &[hook, trust]).notify().exits(3);
    assert_eq!(receiver.documents().len(), 1);
}

#[test]
fn urls_that_would_not_be_encrypted_are_not_used() {
    for (url, said) in [
        ("http://hooks.example.com/x", "it needs to be https"),
        ("hooks.example.com", "`HOOK_URL` holds no URL"),
        ("ftp://127.0.0.1/x", "`HOOK_URL` holds no URL of https"),
        ("", "the variable `HOOK_URL` is not set"),
    ] {
        let estate = Estate::unapproved(HOOK, &[("HOOK_URL", url.to_owned())]);
        let refused = estate.command(&["policy", "approve", "--yes"]).refused();
        assert!(refused.stderr.contains(said), "{refused}");
        let _ = estate.notify().exits(1);
    }
}

#[test]
fn a_signed_webhook_is_verified_by_the_library_of_the_standard() {
    let receiver = Receiver::http(&["500", "200"]);
    let secret = Sandbox::new().run(["generate", "webhook"]).succeeds().stdout;
    let secret = String::from_utf8(secret).unwrap().trim().to_owned();
    let estate = Estate::new(
        &format!("{HOOK}\nsecret_env = \"HOOK_SECRET\""),
        &[("HOOK_URL", url(&receiver)), ("HOOK_SECRET", secret.clone())],
    );

    let output = estate.notify().exits(3);

    assert!(!output.whole().contains(&secret[6..]) && !receiver.raw().contains(&secret[6..]));
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0]["headers"]["webhook-id"],
        requests[1]["headers"]["webhook-id"]
    );
    let verify = "import json, sys\nfrom standardwebhooks.webhooks import Webhook, WebhookVerificationError\n\
                  secret, requests = json.load(sys.stdin)\nhook = Webhook(secret)\n\
                  for request in requests:\n    hook.verify(request['body'], request['headers'])\n    try:\n        \
                  hook.verify(request['body'] + ' ', request['headers'])\n        sys.exit('a changed body passed')\n    \
                  except WebhookVerificationError:\n        print('verified')\n";
    let input = serde_json::json!([secret, requests]).to_string();
    let said = succeeds(&answer(&interpreter(), &["-I", "-c", verify], &input));
    assert_eq!(said, "verified\nverified\n");
}

#[test]
fn an_anonymous_notifier_names_nothing_in_any_byte() {
    let fields = ["format = \"json\"", "format = \"slack\"", "format = \"teams\""]
        .map(|format| format!("{HOOK}\n{format}\nanonymous = true"));
    let pagerduty =
        "type = \"pagerduty\"\nrouting_key_env = \"KEY\"\nurl_env = \"HOOK_URL\"\nanonymous = true";
    for fields in fields.iter().map(String::as_str).chain([pagerduty]) {
        let receiver = Receiver::http(&["200"]);
        let key = ("KEY", "R0UT1NG".to_owned());
        let estate = Estate::new(fields, &[("HOOK_URL", url(&receiver)), key]);

        let _ = estate.notify().exits(3);

        let seen = receiver.raw();
        for name in ["BROKER", "LEDGER", "FRESH", "TOKEN", "shop"] {
            assert!(!seen.contains(name), "{fields}: {seen}");
        }
        let numbered = ["secret 1 of", "secret 2 of", "secret 3 of"];
        let found = numbered.iter().filter(|label| seen.contains(*label)).count();
        assert_eq!(found, 2, "{seen}");
        let value = estate.sandbox.reveal("BROKER_TOKEN", "production");
        let value = String::from_utf8(value).unwrap();
        assert!(!seen.contains(&value[..8]), "a part of a value was sent");
    }
}

#[test]
fn messages_keep_the_limits_of_slack_and_teams() {
    for (format, most) in [("slack", 50), ("teams", 42)] {
        let receiver = Receiver::http(&["200"]);
        let estate = Estate::new(
            &format!("{HOOK}\nformat = \"{format}\""),
            &[("HOOK_URL", url(&receiver))],
        );
        let many: String = (0..120)
            .map(|number| {
                format!("[secrets.\"MANY_{number:0110}\"]\nkind = \"hex\"\nrotate_every = \"1d\"\n")
            })
            .collect();
        let policy = estate.sandbox.read("mintage.toml");
        estate.sandbox.write(
            "mintage.toml",
            policy.replace("[[notifiers]]", &format!("{many}[[notifiers]]")),
        );
        estate
            .sandbox
            .run(["create", "--all", "-e", "production"])
            .succeeds();

        let _ = estate
            .command(&["remind", "--notify", "--within", "2d"])
            .run()
            .exits(3);

        let document = &receiver.documents()[0];
        let (blocks, text) = match format {
            "slack" => (&document["blocks"], &document["text"]),
            _ => {
                let card = &document["attachments"][0];
                assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
                assert_eq!(card["content"]["type"], "AdaptiveCard");
                assert!(document.to_string().len() < 28 * 1024);
                (&card["content"]["body"], &card["content"]["fallbackText"])
            }
        };
        assert!(
            text.as_str().unwrap().starts_with("shop: 121 reminders"),
            "{text}"
        );
        let blocks = blocks.as_array().unwrap();
        assert!((3..=most).contains(&blocks.len()), "{}", blocks.len());
        assert!(document.to_string().contains("more are not listed here"));
        for block in blocks {
            let text = block["text"]["text"].as_str().unwrap_or_default();
            let limit = if block["type"] == "header" { 150 } else { 3_000 };
            assert!(text.chars().count() <= limit);
        }
    }
}

#[test]
fn slack_can_be_written_without_being_sent() {
    let estate = Estate::unapproved(HOOK, &[]);

    let output = estate.command(&["remind", "--format", "slack"]).run().exits(3);

    let message = output.json();
    assert_eq!(message["text"], "shop: 2 reminders, 1 urgent");
    assert_eq!(message["blocks"][0]["type"], "header");
    assert!(
        message["blocks"][1]["text"]["text"]
            .as_str()
            .unwrap()
            .starts_with("*production/BROKER_TOKEN* is overdue for rotation ("),
        "{message:#}"
    );
    assert_eq!(
        message["blocks"][1]["text"]["text"]
            .as_str()
            .unwrap()
            .lines()
            .last()
            .unwrap(),
        "`mintage rotate BROKER_TOKEN -e production`"
    );
}

#[test]
fn pagerduty_opens_an_incident_for_each_and_closes_it_when_it_is_done() {
    let receiver = Receiver::http(&["202"]);
    let estate = Estate::new(
        "type = \"pagerduty\"\nrouting_key_env = \"KEY\"\nurl_env = \"EVENTS_URL\"",
        &[("EVENTS_URL", url(&receiver)), ("KEY", "R0UT1NG".to_owned())],
    );

    let output = estate.notify().exits(3);

    assert!(!output.whole().contains("R0UT1NG"), "{output}");
    let opened = receiver.documents();
    assert_eq!(opened.len(), 2);
    for (event, severity) in opened.iter().zip(["error", "warning"]) {
        assert_eq!(event["routing_key"], "R0UT1NG");
        assert_eq!(event["event_action"], "trigger");
        assert!((8..=255).contains(&event["dedup_key"].as_str().unwrap().len()));
        let payload = &event["payload"];
        assert_eq!(payload["severity"], severity);
        assert_eq!(payload["source"], "shop");
        assert_eq!(payload["group"], "production");
        assert!(payload["summary"].as_str().unwrap().chars().count() <= 1_024);
        chrono::DateTime::parse_from_rfc3339(payload["timestamp"].as_str().unwrap()).unwrap();
    }
    estate.sandbox.rotate("BROKER_TOKEN", &[]).succeeds();
    receiver.plan(&["500"]);
    let _ = estate.notify().exits(4);
    receiver.plan(&["202"]);
    let resolved = estate.notify().succeeds();
    assert!(
        resolved.stderr.contains("nothing new, 1 told before, 1 resolved"),
        "{resolved}"
    );
    let last = receiver.documents().pop().unwrap();
    assert_eq!(last["event_action"], "resolve");
    assert_eq!(last["dedup_key"], opened[0]["dedup_key"]);
    let before = receiver.documents().len();
    let _ = estate.notify().succeeds();
    assert_eq!(receiver.documents().len(), before);
}

#[test]
fn an_environment_that_was_not_looked_at_is_not_over() {
    let receiver = Receiver::http(&["202"]);
    let estate = Estate::new(
        "type = \"pagerduty\"\nrouting_key_env = \"KEY\"\nurl_env = \"EVENTS_URL\"",
        &[("EVENTS_URL", url(&receiver)), ("KEY", "R0UT1NG".to_owned())],
    );
    let policy = estate.sandbox.read("mintage.toml");
    estate.sandbox.write(
        "mintage.toml",
        policy.replace(
            "[secrets.BROKER",
            "[environments.production]\n[environments.staging]\n[secrets.BROKER",
        ),
    );
    let _ = estate.notify().exits(3);

    let other = estate
        .command(&["remind", "--notify", "-e", "staging"])
        .run()
        .succeeds();

    assert!(other.stderr.contains("ops: nothing is due"), "{other}");
    assert_eq!(receiver.documents().len(), 2, "nothing was resolved");
}

#[test]
fn a_heartbeat_follows_each_run_that_told_everything() {
    let (receiver, monitor) = (Receiver::http(&["500"]), Receiver::http(&["200"]));
    let estate = Estate::new(
        &format!("{HOOK}\nheartbeat_url_env = \"BEAT_URL\""),
        &[("HOOK_URL", url(&receiver)), ("BEAT_URL", url(&monitor))],
    );

    let _ = estate.notify().exits(4);
    assert_eq!(monitor.raw(), "");
    receiver.plan(&["200"]);
    let _ = estate.notify().exits(3);
    let _ = estate.notify().exits(3);

    let beats = monitor.requests();
    assert_eq!(beats.len(), 2);
    assert_eq!(
        (&beats[0]["method"], &beats[0]["body"]),
        (&"GET".into(), &"".into())
    );
    monitor.plan(&["500"]);
    let failed = estate.notify().exits(4);
    assert!(failed.stderr.contains("answers with the status 500"), "{failed}");
}

#[test]
fn only_what_matters_enough_is_told() {
    let receiver = Receiver::http(&["200"]);
    let estate = Estate::new(
        &format!("{HOOK}\nmin_severity = \"error\""),
        &[("HOOK_URL", url(&receiver))],
    );

    let _ = estate.notify().exits(3);

    assert_eq!(labels(&receiver.documents()[0]), ["production/BROKER_TOKEN"]);
}

#[test]
fn one_that_cannot_be_told_does_not_keep_the_others_from_it() {
    let receiver = Receiver::http(&["200"]);
    let down = format!("http://127.0.0.1:{}/x", deserted_port());
    let estate = Estate::new(
        &format!("type = \"webhook\"\nurl_env = \"DOWN_URL\"\n[[notifiers]]\n{HOOK}"),
        &[("HOOK_URL", url(&receiver)), ("DOWN_URL", down)],
    );

    let listed = estate.command(&["policy", "approve", "--list", "--json"]).run();
    fits("policy-approve", &listed, &["policy", "approve", "--list"]);
    assert_eq!(listed.json()["notifiers"][1]["state"], "approved");
    let told = estate.command(&["remind", "--notify", "--json"]).run().exits(4);
    fits("remind", &told, &["remind", "--notify"]);
    let document = told.json();

    assert_eq!(receiver.documents().len(), 1);
    assert_eq!(document["notifiers"][0]["notifier"], "ops");
    assert_eq!(document["notifiers"][0]["trouble"]["kind"], "unreachable");
    assert_eq!(
        document["notifiers"][1],
        serde_json::json!({ "notifier": "webhook-2", "told": 2, "known": 0, "resolved": 0 })
    );
}

#[test]
fn a_damaged_store_is_told_and_closes_nothing() {
    let receiver = Receiver::http(&["202"]);
    let estate = Estate::new(
        "type = \"pagerduty\"\nrouting_key_env = \"KEY\"\nurl_env = \"EVENTS_URL\"",
        &[("EVENTS_URL", url(&receiver)), ("KEY", "R0UT1NG".to_owned())],
    );
    let _ = estate.notify().exits(3);
    let ledger = estate.sandbox.read(".mintage/production/ledger.jsonl");
    let kept: Vec<&str> = ledger
        .lines()
        .filter(|line| !line.contains("BROKER_TOKEN"))
        .collect();
    estate
        .sandbox
        .write(".mintage/production/ledger.jsonl", kept.join("\n") + "\n");

    let _ = estate.notify().exits(6);

    let events = receiver.documents();
    assert_eq!(events.len(), 3);
    assert_eq!(events[2]["payload"]["class"], "damaged");
    assert_eq!(events[2]["payload"]["severity"], "critical");
}

#[test]
fn a_policy_without_notifiers_and_a_time_to_come_are_refused() {
    let estate = Estate::unapproved(HOOK, &[]);
    let at = estate.command(&["remind", "--notify", "--at", "+9d"]).refused();
    assert_eq!(at.code, 2, "{at}");
    let sandbox = Sandbox::minted();

    let none = sandbox.command(["remind", "--notify"]).refused();

    assert!(
        none.stderr.contains("the policy has no notifier to tell"),
        "{none}"
    );
}
