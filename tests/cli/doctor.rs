//! What `doctor` finds on a real machine, and that its cures cure.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::tool;
use crate::terminal::converse;
use crate::terminal::screen;

/// The remarks of one check, but for those that are fine.
fn wrong<'a>(document: &'a Value, check: &str) -> Vec<&'a Value> {
    let remarks = document["remarks"].as_array().unwrap().iter();
    remarks
        .filter(|remark| remark["check"] == check)
        .filter(|remark| remark["condition"] == "error" || remark["condition"] == "warning")
        .collect()
}

fn look(sandbox: &Sandbox) -> Output {
    sandbox
        .command(["doctor", "--json"])
        .env("SHELL", "/bin/none")
        .run()
}

fn fixes(remark: &Value) -> Vec<&str> {
    let fixes = remark["fix"].as_array().unwrap().iter();
    fixes.map(|fix| fix.as_str().unwrap()).collect()
}

/// Types commands into a shell in the home directory.
fn type_into(sandbox: &Sandbox, shell: &str, script: &str) {
    let output = Command::new(tool(shell, "a Debian package of the same name has it"))
        .args(["-c", script])
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{script}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_project_in_order_has_nothing_wrong_of_its_own() {
    let sandbox = Sandbox::minted();
    fs::write(sandbox.home().join(".bashrc"), "HISTCONTROL=ignoreboth\n").unwrap();
    fs::write(sandbox.home().join(".bash_history"), "ls\nmintage status\n").unwrap();
    chmod(&sandbox.home().join(".bash_history"), 0o600);

    let document = look(&sandbox).json();

    for check in [
        "identity",
        "env-files",
        "history",
        "history-values",
        "git",
        "clock",
    ] {
        assert!(wrong(&document, check).is_empty(), "{check}: {document:#}");
    }
}

#[test]
fn an_identity_that_others_read_is_found_and_the_cure_cures() {
    let sandbox = Sandbox::minted();
    chmod(&sandbox.identity(), 0o644);

    let output = look(&sandbox).exits(3);
    let document = output.json();
    let found = wrong(&document, "identity");
    let fix = fixes(found[0])[0];
    assert_eq!(fix, "chmod 600 ~/.config/mintage/identity.txt");

    type_into(&sandbox, "bash", fix);
    assert!(wrong(&look(&sandbox).json(), "identity").is_empty());
}

#[test]
fn an_identity_in_the_project_is_found_and_the_cure_cures() {
    let sandbox = Sandbox::minted();
    fs::rename(sandbox.identity(), sandbox.project().join("key file.txt")).unwrap();
    let look = || sandbox.run(["doctor", "--json", "-i", "key file.txt"]);

    let document = look().exits(3).json();
    let found = wrong(&document, "identity");
    assert_eq!(found.len(), 1, "{document:#}");
    type_into(&sandbox, "bash", fixes(found[0])[0]);

    assert!(wrong(&look().json(), "identity").is_empty());
}

#[test]
fn an_identity_of_another_store_is_found() {
    let sandbox = Sandbox::minted();
    let other = Sandbox::minted();
    fs::copy(other.identity(), sandbox.identity()).unwrap();

    let document = look(&sandbox).exits(3).json();

    assert!(
        wrong(&document, "identity")[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("no identity opens the store"),
        "{document:#}"
    );
}

#[test]
fn env_files_that_git_takes_or_others_read_are_found_and_the_cures_cure() {
    let sandbox = Sandbox::minted();
    sandbox.write(".gitignore", "");
    sandbox.write(".env", "PORT=3000\n");
    sandbox.write(".env.production", "PORT=3000\n");
    chmod(&sandbox.project().join(".env"), 0o644);
    chmod(&sandbox.project().join(".env.production"), 0o600);
    sandbox.git(&["add", ".env.production"]);

    let document = look(&sandbox).exits(3).json();
    let found = wrong(&document, "env-files");
    assert_eq!(found.len(), 3, "{document:#}");

    for remark in found {
        for fix in fixes(remark)
            .into_iter()
            .filter(|fix| !fix.starts_with("its values"))
        {
            type_into(&sandbox, "bash", fix);
        }
    }
    assert!(wrong(&look(&sandbox).json(), "env-files").is_empty());
}

#[test]
fn values_in_the_histories_of_all_shells_are_found_by_line_and_the_cures_take_them_out() {
    let sandbox = Sandbox::minted();
    let value = String::from_utf8(sandbox.reveal("JWT_SECRET", "production")).unwrap();
    let former = {
        sandbox
            .run(["rotate", "JWT_SECRET", "-e", "production"])
            .succeeds();
        value
    };
    let current = String::from_utf8(sandbox.reveal("JWT_SECRET", "production")).unwrap();
    let home = sandbox.home();
    let histories = [
        (
            home.join(".bash_history"),
            format!("ls\nexport A={former}\n#1700000000\necho done\ncurl -d {current} http://localhost\n"),
            vec![2, 5],
        ),
        (
            home.join(".zsh_history"),
            format!(": 1700000000:0;ls\n: 1700000001:0;echo '\\\n{current}'\n: 1700000002:0;pwd\n"),
            vec![3],
        ),
        (
            home.join(".local/share/fish/fish_history"),
            format!("- cmd: ls\n  when: 1\n- cmd: echo a\\n{current}\n  when: 2\n"),
            vec![3],
        ),
    ];
    for (path, content, _) in &histories {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        chmod(path, 0o600);
    }

    let output = look(&sandbox).exits(3);
    let document = output.json();
    let found = wrong(&document, "history-values");
    assert_eq!(found.len(), 3, "{}", output.stderr);
    for (remark, (_, _, lines)) in found.iter().zip(&histories) {
        assert_eq!(remark["lines"], serde_json::json!(lines), "{remark:#}");
        assert!(
            fixes(remark)
                .last()
                .unwrap()
                .starts_with("mintage rotate JWT_SECRET -e production")
        );
    }
    for secret in [&former, &current] {
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &output.stderr;
        assert!(!said.contains(secret.as_str()), "a value was shown");
    }

    for remark in found {
        type_into(&sandbox, "bash", fixes(remark)[0]);
    }
    let document = look(&sandbox).json();
    assert!(wrong(&document, "history-values").is_empty(), "{document:#}");
    assert_eq!(
        fs::read_to_string(home.join(".bash_history")).unwrap(),
        "ls\n#1700000000\necho done\n"
    );
    assert_eq!(
        fs::read_to_string(&histories[2].0).unwrap(),
        "- cmd: ls\n  when: 1\n"
    );
}

#[test]
fn what_bash_zsh_and_fish_write_themselves_is_read() {
    let sandbox = Sandbox::minted();
    // With what they escape: a backslash and letters beyond ASCII.
    sandbox
        .command(["import", "DUITKU_API_KEY", "-e", "production", "--force"])
        .stdin("fünf\\sechs-achtß")
        .run()
        .succeeds();
    let mut environment = sandbox.environment();
    environment.insert("TERM".to_owned(), "dumb".to_owned());
    environment.insert("LANG".to_owned(), "C.UTF-8".to_owned());
    fs::write(
        sandbox.home().join(".zshrc"),
        "PROMPT='ready> '; HISTFILE=~/.zsh_history; SAVEHIST=9; HISTSIZE=9; unsetopt zle\n",
    )
    .unwrap();
    fs::create_dir_all(sandbox.home().join(".config/fish")).unwrap();
    fs::write(
        sandbox.home().join(".config/fish/config.fish"),
        "function fish_prompt; echo 'ready> '; end\nset fish_greeting\n",
    )
    .unwrap();
    fs::write(sandbox.home().join(".bashrc"), "PS1='ready> '\n").unwrap();
    for shell in ["bash", "zsh", "fish"] {
        tool(shell, "a Debian package of the same name has it");
        converse(
            Path::new("/bin/sh"),
            // Standard output is a pipe there; shells want a terminal.
            &["-c", &format!("exec {shell} -i >/dev/tty 2>&1")],
            &sandbox.home(),
            &environment,
            &[("ready> ", "echo 'fünf\\sechs-achtß'\r"), ("ready> ", "exit\r")],
        );
    }

    let document = look(&sandbox).exits(3).json();

    let found: Vec<&str> = wrong(&document, "history-values")
        .iter()
        .map(|remark| remark["file"].as_str().unwrap())
        .collect();
    assert_eq!(
        found,
        [
            "~/.bash_history",
            "~/.zsh_history",
            "~/.local/share/fish/fish_history"
        ],
        "{document:#}"
    );
}

#[test]
fn settings_of_shells_are_judged_and_the_cures_cure() {
    let sandbox = Sandbox::minted();
    for (shell, settings) in [("bash", ".bashrc"), ("zsh", ".zshrc")] {
        let look = || {
            let command = sandbox.command(["doctor", "--json"]);
            command.env("SHELL", format!("/bin/{shell}")).run()
        };
        fs::write(sandbox.home().join(settings), "").unwrap();

        let document = look().exits(3).json();
        let found = wrong(&document, "history");
        assert_eq!(found.len(), 1, "{document:#}");
        type_into(&sandbox, shell, fixes(found[0])[0]);

        assert!(wrong(&look().json(), "history").is_empty(), "{shell}");
    }
}

#[test]
fn remotes_are_judged_without_showing_their_credentials() {
    let sandbox = Sandbox::minted();
    let credential = ["ghp_", "0123456789"].concat();
    let address = format!("https://ana:{credential}@github.com/acme/app.git");
    sandbox.git(&["remote", "add", "origin", &address]);

    let output = look(&sandbox).exits(3);

    assert_eq!(wrong(&output.json(), "git").len(), 1);
    assert!(!output.text().contains(&credential));
}

#[test]
fn a_store_that_git_ignores_is_found() {
    let sandbox = Sandbox::minted();
    sandbox.write(".gitignore", ".mintage\n.env*\n");

    let document = look(&sandbox).exits(3).json();

    assert_eq!(wrong(&document, "git").len(), 1, "{document:#}");
}

#[test]
fn a_clock_behind_the_store_is_found() {
    let sandbox = Sandbox::minted();
    let settings = sandbox.project().join(".mintage/store.toml");
    let file = fs::File::options().append(true).open(&settings).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(7_200);
    file.set_modified(later).unwrap();

    let document = look(&sandbox).exits(3).json();

    assert_eq!(wrong(&document, "clock").len(), 1, "{document:#}");
}

#[test]
fn limits_that_commands_inherit_are_judged() {
    let sandbox = Sandbox::minted();
    let look = |limits: &str| {
        let output = Command::new("bash")
            .args(["-c", &format!("{limits}; exec \"$0\" doctor --json")])
            .arg(crate::sandbox::program())
            .current_dir(sandbox.project())
            .env_clear()
            .envs(sandbox.environment())
            .output()
            .unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        document
    };

    let open = look("umask 000; ulimit -c unlimited");
    let closed = look("umask 077; ulimit -c 0");

    assert_eq!(wrong(&open, "umask").len(), 1);
    assert!(wrong(&closed, "umask").is_empty());
    let given_away =
        fs::read_to_string("/proc/sys/kernel/core_pattern").is_ok_and(|text| text.starts_with('|'));
    assert_eq!(wrong(&open, "core-dumps").len(), usize::from(!given_away));
    assert!(wrong(&closed, "core-dumps").is_empty());
}

#[test]
fn without_a_project_it_looks_at_the_rest() {
    let sandbox = Sandbox::new();

    let document = look(&sandbox).json();

    let checks: Vec<&Value> = document["remarks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|remark| &remark["check"])
        .collect();
    assert!(checks.iter().any(|check| *check == "umask"));
    assert!(wrong(&document, "identity").is_empty());
}

#[test]
fn a_report_fits_the_terminal() {
    let sandbox = Sandbox::minted();
    chmod(&sandbox.identity(), 0o600);

    for line in screen(&sandbox, &["doctor"], 80) {
        let is_command = line.starts_with("  ");
        assert!(is_command || line.chars().count() <= 80, "{line}");
    }
}
