//! Values among the keys of the kernel, which forgets them: at a restart, and after days without use.

use std::process::Command;

use crate::sandbox::Sandbox;

const POLICY: &str = "schema = 1\nname = \"shop\"\n[environments.development]\nstore = \"keyutils\"\n\
    [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\n";

/// Runs a script in a session of keys of its own; `mintage` is the program.
fn in_a_session(sandbox: &Sandbox, script: &str) -> (i32, String, String) {
    let script = format!(
        "mintage() {{ {} \"$@\"; }}; {script}",
        env!("CARGO_BIN_EXE_mintage")
    );
    let output = Command::new("keyctl")
        .args(["session", "-", "sh", "-c", &script])
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .output()
        .unwrap_or_else(|error| panic!("this test needs `keyctl` (Debian package keyutils): {error}"));
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Takes the key away as a restart would, then asks for it.
const FORGETS: &str = "keyctl get_persistent @s >linked; for key in $(keyctl show | sed -n 's/^ *\\([0-9]*\\) .*JWT_SECRET.*/\\1/p'); do keyctl revoke $key; done; \
    mintage reveal JWT_SECRET -e development";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("mintage.toml", POLICY);
    sandbox.run(["init"]).succeeds();
    sandbox
}

#[test]
fn a_value_lives_among_the_keys_of_the_kernel() {
    let sandbox = project();

    let (code, out, said) = in_a_session(
        &sandbox,
        "mintage create --all -e development >made && mintage reveal JWT_SECRET -e development && echo \
         && mintage rotate JWT_SECRET -e development >rotated && mintage reveal JWT_SECRET -e development \
         && mintage verify --deep >verified && keyctl show >shown",
    );

    assert_eq!(code, 0, "{said}");
    let values: Vec<&str> = out.lines().collect();
    assert_eq!(values.len(), 2);
    assert!(values[0].len() == 64 && values[0] != values[1]);
    assert!(sandbox.read("verified").contains("2 decrypted"));
    let shown = sandbox.read("shown");
    assert!(
        shown.contains("development/JWT_SECRET/"),
        "keyctl finds the keys: {shown}"
    );
    assert!(!sandbox.project().join(".mintage/development/values").exists());
}

#[test]
fn when_the_kernel_forgot_a_value_the_error_says_how_to_go_on() {
    let sandbox = project();
    let (code, _, said) = in_a_session(&sandbox, "mintage create --all -e development");
    assert_eq!(code, 0, "{said}");

    let (code, out, said) = in_a_session(&sandbox, FORGETS);

    assert_eq!((code, out.as_str()), (6, ""), "{said}");
    assert!(said.contains("the keychain does not hold it any more"), "{said}");
    assert!(
        said.contains("mintage rotate JWT_SECRET -e development"),
        "{said}"
    );
    let again =
        "mintage rotate JWT_SECRET -e development >rotated && mintage reveal JWT_SECRET -e development";
    let (code, out, said) = in_a_session(&sandbox, again);
    assert_eq!((code, out.trim_end().len()), (0, 64), "{said}");
}
