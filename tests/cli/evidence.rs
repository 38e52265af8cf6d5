//! Evidence: what is in it, that no value is, and that a change of any part is named later.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

const POLICY: &str = "schema = 1\nname = \"shop\"\n[defaults]\nrotate_every = \"90d\"\n\
                      [environments.production]\n[environments.staging]\n\
                      [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\n[secrets.OLD_KEY]\nkind = \"hex\"\n\
                      [secrets.NEVER_MADE]\nkind = \"hex\"\n\
                      [[waivers]]\nrule = \"overdue\"\nname = \"OLD_KEY\"\nuntil = \"2026-01-31\"\n\
                      reason = \"=moves, with | pipes\"\n\
                      [signoff]\nroles = [\"security-lead\"]\n";

const MADE: &[&str] = &[
    "audit",
    "--evidence",
    "--from",
    "2020-01-01",
    "--out",
    "evidence.zip",
];

/// A project with some history: minted, imported with its date, rotated after a leak, revealed, confirmed.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", POLICY);
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    sandbox
        .run(["create", "JWT_SECRET", "-e", "production"])
        .succeeds();
    let value = sandbox.run(["generate", "hex"]).succeeds().stdout;
    sandbox
        .command(["import", "OLD_KEY", "-e", "production", "--created", "2026-01-01"])
        .stdin(value)
        .run()
        .succeeds();
    sandbox
        .run([
            "rotate",
            "JWT_SECRET",
            "-e",
            "production",
            "--reason",
            "compromise",
        ])
        .succeeds();
    let _ = sandbox.reveal("JWT_SECRET", "production");
    sandbox
        .run([
            "signoff",
            "--role",
            "security-lead",
            "-e",
            "production",
            "--despite-findings",
        ])
        .succeeds();
    sandbox
}

/// The parts, as Python unpacks them.
fn parts(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = file.with_extension("unpacked");
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                  assert z.namelist() == sorted(z.namelist())\n\
                  assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}\n\
                  z.extractall(sys.argv[2])\nprint('\\n'.join(z.namelist()))";
    let output = Command::new("python3")
        .args(["-I", "-c", script])
        .arg(file)
        .arg(&out)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = String::from_utf8(output.stdout).unwrap();
    names
        .lines()
        .map(|name| (name.to_owned(), fs::read(out.join(name)).unwrap()))
        .collect()
}

/// Packs parts anew, as somebody would who changed them.
fn pack(file: &Path, parts: &BTreeMap<String, Vec<u8>>) {
    let mut archive = zip::ZipWriter::new(fs::File::create(file).unwrap());
    for (name, content) in parts {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap();
}

/// Puts the right hashes into the manifest, as somebody would who has no key.
fn forge_manifest(parts: &mut BTreeMap<String, Vec<u8>>) {
    let mut manifest: Value = serde_json::from_slice(&parts["manifest.json"]).unwrap();
    let others: Vec<String> = parts
        .keys()
        .filter(|name| *name != "manifest.json")
        .cloned()
        .collect();
    let mut described = serde_json::Map::new();
    for name in others {
        let digest = ring::digest::digest(&ring::digest::SHA256, &parts[&name]);
        let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        described.insert(
            name.clone(),
            serde_json::json!({"bytes": parts[&name].len(), "sha256": digest}),
        );
    }
    manifest["parts"] = described.into();
    let mac = manifest["mac"].take();
    manifest.as_object_mut().unwrap().remove("mac");
    let body = serde_json::to_string(&manifest).unwrap();
    let line = format!("{},\"mac\":{mac}}}\n", body.strip_suffix('}').unwrap());
    parts.insert("manifest.json".to_owned(), line.into_bytes());
}

/// Checks evidence in the project, where the keys are.
fn verify(sandbox: &Sandbox, file: &Path) -> Output {
    sandbox.run(["verify", "--evidence", file.to_str().unwrap()])
}

/// Checks evidence as an auditor does who has nothing but the file.
fn verify_elsewhere(sandbox: &Sandbox, file: &Path) -> Output {
    let elsewhere = sandbox.beside("auditor");
    fs::create_dir_all(&elsewhere).unwrap();
    let run = sandbox.command(["verify", "--evidence", file.to_str().unwrap()]);
    run.inside(&elsewhere)
        .env("HOME", &elsewhere)
        .env("XDG_CONFIG_HOME", &elsewhere)
        .run()
}

fn json(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&parts[name]).unwrap()
}

#[test]
fn evidence_tells_what_there_was_and_who_did_what() {
    let sandbox = project();
    let made = sandbox.run(MADE).succeeds();
    let parts = parts(&sandbox.project().join("evidence.zip"));

    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    let log = names.iter().find(|name| name.starts_with("audit/")).unwrap();
    for name in [
        "README.md",
        "data/certificates.json",
        "data/events.csv",
        "data/events.json",
        "data/integrity.json",
        "data/secrets.csv",
        "data/secrets.json",
        "data/signoffs.json",
        "data/versions.csv",
        "data/versions.json",
        "data/waivers.json",
        "ledgers/production-ledger.jsonl",
        "manifest.json",
        "policy.toml",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    assert_eq!(parts["policy.toml"], sandbox.read("mintage.toml").into_bytes());
    let ledger = fs::read(sandbox.project().join(".mintage/production/ledger.jsonl")).unwrap();
    assert_eq!(parts["ledgers/production-ledger.jsonl"], ledger);
    let secrets = json(&parts, "data/secrets.json");
    let state = |name: &str| {
        let rows = secrets.as_array().unwrap().iter();
        let mut rows = rows.filter(|row| row["name"] == name && row["environment"] == "production");
        rows.next().unwrap()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("OLD_KEY"), "overdue");
    assert_eq!(state("NEVER_MADE"), "missing");
    let versions = json(&parts, "data/versions.json");
    let of_jwt = versions
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["name"] == "JWT_SECRET");
    assert_eq!(of_jwt.filter(|row| row["compromised"] == true).count(), 1);
    let signoffs = json(&parts, "data/signoffs.json");
    assert_eq!(signoffs[0]["signoff"]["role"], "security-lead");
    assert_eq!(json(&parts, "data/waivers.json")[0]["in_force"], false);
    assert_eq!(
        json(&parts, "data/integrity.json")["damage"],
        serde_json::json!([])
    );

    let readme = String::from_utf8(parts["README.md"].clone()).unwrap();
    assert!(
        readme.starts_with("# Evidence of `shop` from 2020-01-01 to 20"),
        "{readme}"
    );
    for said in [
        "| production | OLD_KEY | overdue | ",
        "| rotate | ",
        "| compromise | 1 |",
        "| reveal | ",
        "| mint | ",
        "| security-lead | ",
        "| overdue | OLD_KEY | 2026-01-31 | no | =moves, with \\| pipes |",
        "mintage verify --evidence FILE.zip",
    ] {
        assert!(readme.contains(said), "{said}\n{readme}");
    }
    assert!(!readme.contains("without a recorded result"), "{readme}");
    let digest = Command::new("sha256sum")
        .arg(sandbox.project().join("evidence.unpacked/manifest.json"))
        .output()
        .unwrap();
    let digest = String::from_utf8(digest.stdout).unwrap();
    let digest = digest.split_whitespace().next().unwrap();
    assert!(
        made.text()
            .contains(&format!("SHA-256 of its manifest: {digest}\n")),
        "{made}"
    );
    assert_eq!(parts[*log].iter().filter(|byte| **byte == b'\n').count(), {
        let manifest = json(&parts, "manifest.json");
        let heads = manifest["heads"].as_object().unwrap();
        usize::try_from(heads.values().next().unwrap()["sequence"].as_u64().unwrap()).unwrap()
    });
}

#[test]
fn its_tables_are_read_by_python_and_start_no_formula() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    parts(&sandbox.project().join("evidence.zip"));
    let script = "import csv, sys\nfor name in ('secrets', 'versions', 'events'):\n\
                  \x20   rows = list(csv.reader(open(f'{sys.argv[1]}/data/{name}.csv', newline='')))\n\
                  \x20   assert len(rows) > 1, name\n\
                  \x20   assert {len(row) for row in rows} == {len(rows[0])}, name\n\
                  \x20   assert not any(cell[:1] in tuple('=+-@') for row in rows for cell in row), name";

    let output = Command::new("python3")
        .args(["-I", "-c", script])
        .arg(sandbox.project().join("evidence.unpacked"))
        .output()
        .unwrap();

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn no_value_is_in_it_in_any_spelling() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    let parts = parts(&sandbox.project().join("evidence.zip"));

    for name in ["JWT_SECRET", "OLD_KEY"] {
        let value = sandbox.reveal(name, "production");
        let value = value.strip_suffix(b"\n").unwrap_or(&value);
        let text = data_encoding::BASE64.encode(value);
        let hex = data_encoding::HEXLOWER.encode(value);
        for (part, content) in &parts {
            for spelling in [value, text.trim_end_matches('=').as_bytes(), hex.as_bytes()] {
                let holds = content.windows(spelling.len()).any(|window| window == spelling);
                assert!(!holds, "{part} holds the value of {name}");
            }
        }
    }
}

#[test]
fn it_is_authentic_where_the_keys_are_and_unchanged_anywhere() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    let file = sandbox.project().join("evidence.zip");

    let here = verify(&sandbox, &file).succeeds();
    let there = verify_elsewhere(&sandbox, &file).succeeds();
    sandbox
        .run(["rotate", "JWT_SECRET", "-e", "production"])
        .succeeds();
    let later = verify(&sandbox, &file).succeeds();
    let other = Sandbox::lumiku();
    let foreign = verify(&other, &file).succeeds();

    assert!(here.text().starts_with("authentic: "), "{here}");
    assert_eq!(later.text(), here.text());
    for output in [there, foreign] {
        assert!(output.text().starts_with("unchanged: "), "{output}");
        assert!(
            output.stderr.contains("anybody could have made such a file"),
            "{output}"
        );
    }
}

#[test]
fn a_change_of_any_part_is_named() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    let file = sandbox.project().join("evidence.zip");
    let changed = sandbox.project().join("changed.zip");
    let whole = parts(&file);

    for name in whole.keys() {
        let mut parts = whole.clone();
        let content = parts.get_mut(name).unwrap();
        let place = content.len() / 2;
        content[place] ^= 1;
        pack(&changed, &parts);
        for output in [verify(&sandbox, &changed), verify_elsewhere(&sandbox, &changed)] {
            if name == "manifest.json" && output.text().starts_with("unchanged: ") {
                // Without a key, a manifest with another name of its maker is as good as any.
                continue;
            }
            let output = output.exits(6);
            assert!(
                output.text().contains(&format!("changed: {name}: ")) || name == "manifest.json",
                "{output}"
            );
            assert!(output.text().contains("CHANGED: "), "{output}");
        }
    }
    let mut parts = whole.clone();
    parts.remove("data/events.csv");
    parts.insert("data/more.csv".to_owned(), b"x".to_vec());
    pack(&changed, &parts);
    let output = verify_elsewhere(&sandbox, &changed).exits(6);
    assert!(
        output.text().contains("changed: data/events.csv: is missing\n"),
        "{output}"
    );
    assert!(
        output.text().contains("changed: data/more.csv: was added\n"),
        "{output}"
    );
}

#[test]
fn a_forger_without_the_key_is_found_out_by_the_mac_and_a_dropped_event_by_its_links() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    let changed = sandbox.project().join("changed.zip");
    let whole = parts(&sandbox.project().join("evidence.zip"));

    let mut forged = whole.clone();
    let secrets = String::from_utf8(forged["data/secrets.json"].clone()).unwrap();
    forged.insert(
        "data/secrets.json".to_owned(),
        secrets.replace("overdue", "ok").into_bytes(),
    );
    forge_manifest(&mut forged);
    pack(&changed, &forged);
    let here = verify(&sandbox, &changed).exits(6);
    assert!(
        here.text()
            .contains("changed: manifest.json: was not made by this store, or was changed"),
        "{here}"
    );
    let digest = |output: &Output| {
        let line = output
            .text()
            .lines()
            .find(|line| line.starts_with("SHA-256"))
            .unwrap();
        line.to_owned()
    };
    let there = verify_elsewhere(&sandbox, &changed).succeeds();
    let original = verify_elsewhere(&sandbox, &sandbox.project().join("evidence.zip")).succeeds();
    assert_ne!(
        digest(&there),
        digest(&original),
        "the number that was told apart differs"
    );

    let mut dropped = whole.clone();
    let log = whole.keys().find(|name| name.starts_with("audit/")).unwrap();
    let text = String::from_utf8(whole[log].clone()).unwrap();
    let kept: String = text
        .lines()
        .enumerate()
        .filter(|(at, _)| *at != 2)
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    dropped.insert(log.clone(), kept.into_bytes());
    forge_manifest(&mut dropped);
    pack(&changed, &dropped);
    let there = verify_elsewhere(&sandbox, &changed).exits(6);
    assert!(
        there
            .text()
            .contains("line 3 does not follow from the lines before it"),
        "{there}"
    );
}

#[test]
fn a_store_that_lost_events_does_not_agree_with_its_evidence() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    let log = fs::read_dir(sandbox.project().join(".mintage/audit"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&log).unwrap();
    let kept: String = text.lines().take(3).map(|line| format!("{line}\n")).collect();
    fs::write(&log, kept).unwrap();

    let output = verify(&sandbox, &sandbox.project().join("evidence.zip")).exits(6);

    assert!(
        output
            .text()
            .contains("event 4 is not the one that the store has now"),
        "{output}"
    );
}

#[test]
fn a_period_holds_what_happened_in_it() {
    let sandbox = project();
    let before = |args: &[&str]| {
        let output = sandbox.run(args.iter().chain(&["--json"])).succeeds();
        output.json()
    };

    let past = before(&[
        "audit",
        "--evidence",
        "--from",
        "2020-01-01",
        "--to",
        "2020-03-31",
        "--out",
        "past.zip",
    ]);
    let present = before(&[
        "audit",
        "--evidence",
        "--from",
        "2020-01-01",
        "-e",
        "production",
        "--out",
        "now.zip",
    ]);

    assert_eq!(
        (past["events"].as_u64(), past["versions"].as_u64()),
        (Some(0), Some(0))
    );
    assert_eq!(present["versions"], 3);
    assert_eq!(present["secrets"], 3);
    assert_eq!(present["signoffs"], 1);
    assert!(present["events"].as_u64().unwrap() > 5);
    verify(&sandbox, &sandbox.project().join("past.zip")).succeeds();
}

#[test]
fn damage_is_a_part_of_the_evidence() {
    let sandbox = project();
    let ledger = sandbox.read(".mintage/production/ledger.jsonl");
    sandbox.write(
        ".mintage/production/ledger.jsonl",
        ledger.replace("\"bits\":256", "\"bits\":255"),
    );

    let output = sandbox.run(MADE).exits(6);

    assert!(
        output.stderr.contains("warning: production/ledger.jsonl: line "),
        "{output}"
    );
    let parts = parts(&sandbox.project().join("evidence.zip"));
    assert!(
        !json(&parts, "data/integrity.json")["damage"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(
        String::from_utf8_lossy(&parts["README.md"]).contains("Damaged; what follows cannot be believed")
    );
}

#[test]
fn what_cannot_be_evidence_is_refused() {
    let sandbox = project();
    sandbox.run(MADE).succeeds();
    let again = sandbox.command(MADE.iter().copied()).refused();
    assert!(again.stderr.contains("evidence.zip"), "{again}");
    let backwards = sandbox
        .command([
            "audit",
            "--evidence",
            "--from",
            "2026-02-01",
            "--to",
            "2026-01-01",
            "--out",
            "x.zip",
        ])
        .refused();
    assert_eq!(backwards.code, 2);
    let ahead = sandbox
        .command(["audit", "--evidence", "--from", "2999-01-01", "--out", "x.zip"])
        .refused();
    assert_eq!(ahead.code, 2);
    sandbox.write("garbage.zip", "PK\u{3}\u{4}garbage");
    let garbage = sandbox.command(["verify", "--evidence", "garbage.zip"]).refused();
    assert!(
        garbage
            .stderr
            .contains("`garbage.zip` is no ZIP file, or a damaged one"),
        "{garbage}"
    );
    let missing = sandbox.command(["verify", "--evidence", "nowhere.zip"]).refused();
    assert!(
        missing.stderr.contains("`nowhere.zip` does not exist"),
        "{missing}"
    );
    pack(&sandbox.project().join("empty.zip"), &BTreeMap::new());
    let empty = sandbox.run(["verify", "--evidence", "empty.zip"]).exits(6);
    assert!(empty.text().contains("manifest.json: is missing"), "{empty}");
}

#[test]
fn a_file_that_unpacks_to_more_than_it_may_is_not_read_into_memory() {
    let sandbox = Sandbox::new();
    let bomb = sandbox.project().join("bomb.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&bomb).unwrap());
    let options = zip::write::SimpleFileOptions::default().large_file(true);
    archive
        .start_file("a", options.compression_method(zip::CompressionMethod::Deflated))
        .unwrap();
    std::io::copy(&mut std::io::repeat(0).take(1_100 * 1_024 * 1_024), &mut archive).unwrap();
    archive.finish().unwrap();

    let output = sandbox.command(["verify", "--evidence", "bomb.zip"]).refused();

    assert!(output.stderr.contains("holds more than 1 GiB"), "{output}");
}
