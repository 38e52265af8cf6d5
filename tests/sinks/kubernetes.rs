//! What is particular to manifests of Kubernetes: the real schema takes them, and a real reader reads the value.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mintage::ports::Failure;

use crate::bench::Bench;
use crate::bench::Candidate;
use crate::python;

const MANIFEST: &str = "# The secrets of the app: é\n\
                        ---\n\
                        apiVersion: v1\n\
                        kind: ConfigMap\n\
                        metadata: {name: app}\n\
                        data:\n\
                        \x20 JWT_SECRET: not-this-one\n\
                        ---\n\
                        apiVersion: v1\n\
                        kind: Secret\n\
                        metadata:\n\
                        \x20 name: app  # kept\n\
                        \x20 labels: {team: a}\n\
                        \x20 annotations:\n\
                        \x20   note: |\n\
                        \x20     two\n\
                        \x20     lines\n\
                        type: Opaque\n\
                        stringData:\n\
                        \x20 # signs login tokens\n\
                        \x20 JWT_SECRET: 'old'  # since March\n\
                        \x20 OTHER: \"kept\"\n\
                        data:\n\
                        \x20 CERT: eA==\n";

const IN_PLACE: Candidate = Candidate {
    title: "kubernetes",
    sink: "[sinks.it]\ntype = \"kubernetes\"\npath = \"secret.yaml\"",
    secret: "overlap = \"7d\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"",
    before: &[("secret.yaml", MANIFEST)],
};

#[test]
fn everything_else_stays_as_it_is() {
    let bench = Bench::new(IN_PLACE);

    bench.apply(bench.change(1, &[0], &[])).unwrap();

    let expected = MANIFEST
        .replace("'old'", &format!("\"{}\"", bench.text(1)))
        .replace(
            "\"kept\"\n",
            &format!("\"kept\"\n  JWT_SECRET_PREVIOUS: \"{}\"\n", bench.text(0)),
        );
    assert!(
        bench.read("secret.yaml") == expected,
        "more than the value changed"
    );
    bench.apply(bench.change(1, &[], &[0])).unwrap();
    let expected = MANIFEST.replace("'old'", &format!("\"{}\"", bench.text(1)));
    assert!(
        bench.read("secret.yaml") == expected,
        "the former value left a trace"
    );
}

#[test]
fn the_schema_of_kubernetes_takes_it_and_readers_read_the_value() {
    let new = Candidate {
        sink: "[sinks.it]\ntype = \"kubernetes\"\npath = \"secret.yaml\"\nsecret = \"app-{environment}\"",
        before: &[],
        ..IN_PLACE
    };
    let encoded = Candidate {
        before: &[(
            "secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  JWT_SECRET: eA==\n",
        )],
        ..IN_PLACE
    };
    for candidate in [IN_PLACE, new, encoded] {
        let bench = Bench::new(candidate);
        bench.apply(bench.change(1, &[0], &[])).unwrap();

        let read = validated(&bench.path("secret.yaml"));

        let expected = format!(
            "JWT_SECRET={}\nJWT_SECRET_PREVIOUS={}\n",
            bench.text(1),
            bench.text(0)
        );
        assert!(read == expected, "another reader reads other values");
    }
}

#[test]
fn the_patch_of_the_recipe_is_one_that_kubectl_takes() {
    let root = tempfile::tempdir().unwrap();
    let manifest = root.path().join("secret.yaml");
    fs::write(
        &manifest,
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  OTHER: eA==\n",
    )
    .unwrap();
    let sink = "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\"]\nstdin = \"kubernetes-patch\"";
    let bench = Bench::new(Candidate {
        title: "kubernetes-patch",
        sink,
        secret: "",
        before: &[("tool", "cat >patch")],
    });
    bench.apply(bench.change(0, &[], &[])).unwrap();

    let mut child = Command::new("kubectl")
        .args([
            "patch",
            "--local",
            "--type=merge",
            "--patch-file=/dev/stdin",
            "--output=json",
            "-f",
        ])
        .arg(&manifest)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs `kubectl` (Debian: kubernetes-client)");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(bench.read("patch").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();

    assert!(output.status.success());
    let patched: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(patched["data"]["OTHER"], "eA==");
    assert!(
        patched["data"]["JWT_SECRET"] == STANDARD.encode(bench.text(0)),
        "another value arrived"
    );
}

#[test]
fn what_cannot_be_edited_exactly_stays_as_it_is() {
    let manifest = MANIFEST.replace("JWT_SECRET: 'old'", "JWT_SECRET: &anchor 'old'");
    let bench = Bench::new(IN_PLACE);
    fs::write(bench.path("secret.yaml"), &manifest).unwrap();

    let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

    assert_eq!(error.failure, Failure::Rejected);
    assert!(
        error.what.contains("line 21: the value has an anchor or a tag"),
        "{error}"
    );
    assert_eq!(bench.read("secret.yaml"), manifest);
    fs::remove_file(bench.path("secret.yaml")).unwrap();
    let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();
    assert!(error.what.contains("name the Secret with `secret`"), "{error}");
}

/// Validates every document of a manifest against the schema of Kubernetes; returns the two values as lines.
fn validated(path: &Path) -> String {
    let python = python::environment(
        "kubernetes",
        &["kubernetes-validate==1.37.0", "PyYAML==6.0.3"],
        "kubernetes_validate, yaml",
    );
    let script = "import base64, sys, yaml, kubernetes_validate\n\
                  for document in yaml.safe_load_all(open(sys.argv[1], encoding='utf-8')):\n\
                  \x20   kubernetes_validate.validate(document, '1.34', strict=True)\n\
                  \x20   if document['kind'] == 'Secret':\n\
                  \x20       held = {key: base64.b64decode(text).decode() for key, text in document.get('data', {}).items()}\n\
                  \x20       held.update(document.get('stringData', {}))\n\
                  \x20       for key in ['JWT_SECRET', 'JWT_SECRET_PREVIOUS']:\n\
                  \x20           print(f'{key}={held[key]}')\n";
    let output = Command::new(python)
        .args(["-I", "-c", script])
        .arg(path)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "the manifest is not valid: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
