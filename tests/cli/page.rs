//! The page of an audit in a real browser: valid, accessible, quiet, and as wide as the window.
//!
//! `cargo test --test cli page` writes pictures at three widths in both themes, and the page on paper, to `target/page`.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use crate::estate::Estate;
use crate::node;

/// Where the pictures are.
fn pictures() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_mintage"));
    program.parent().unwrap().parent().unwrap().join("page")
}

/// What is wrong with a page, as a validator, a browser and an accessibility checker see it.
fn look_at(page: &Path, pictures: &Path) -> Vec<String> {
    fs::create_dir_all(pictures).unwrap();
    let output = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/look.mjs"))
        .arg(node::package("playwright-core", "1.65.1"))
        .arg(node::package("axe-core", "4.14.1"))
        .arg(node::package("html-validate", "11.21.1"))
        .args([page, pictures])
        .output()
        .unwrap_or_else(|error| panic!("this test needs `node` (Debian package nodejs): {error}"));
    assert!(
        output.status.success(),
        "this test needs /usr/bin/chromium (Debian package chromium):\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_page_is_valid_accessible_and_as_wide_as_the_window() {
    let estate = Estate::new();
    let audit = ["audit", "--format", "html", "--out", "audit.html"];
    assert_eq!(estate.sandbox.run(audit).code, 3);
    let page = estate.sandbox.project().join("audit.html");
    let pictures = pictures();
    let _ = fs::remove_dir_all(&pictures);

    let wrong = look_at(&page, &pictures);

    assert_eq!(wrong, Vec::<String>::new());
    let made = fs::read_dir(&pictures).unwrap().count();
    assert_eq!(made, 7, "three widths in two themes, and paper");
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.len() < 500_000, "{} bytes", text.len());
    assert!(text.contains("&lt;b&gt;soon&lt;/b&gt;") && !text.contains("<b>soon"));
    assert!(!text.contains("<script") && !text.contains("http://") && !text.contains("https://"));
}

#[test]
fn a_page_with_faults_is_told_from_one_without() {
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("page.html");
    let faulty = "<!DOCTYPE html><html><head><title>x</title></head><body><main>\
        <p style=\"width:3000px;color:#ccc\">faint</p><img src=\"http://127.0.0.1:9/x.png\"></main></body></html>";
    fs::write(&page, faulty).unwrap();

    let wrong = look_at(&page, directory.path()).join("\n");

    for fault in [
        "html-validate",
        "px too wide",
        "asks for http://127.0.0.1:9/x.png",
        "axe color-contrast",
        "axe html-has-lang",
        "axe image-alt",
        "stands outside",
        "the background is rgb",
        "the page may load: undefined",
        "under its policy the page has no style",
    ] {
        assert!(wrong.contains(fault), "{fault} is not in:\n{wrong}");
    }
}
