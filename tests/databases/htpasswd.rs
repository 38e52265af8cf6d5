//! Apache's own program accepts our bcrypt line.

use std::fs;

use tempfile::TempDir;

use crate::NOBODY;
use crate::is_root;
use crate::minted;
use crate::program;
use crate::run;

#[test]
fn a_file_with_our_line_lets_its_password_in_and_no_other() {
    let directory = TempDir::with_prefix("mintage-htpasswd-").unwrap();
    let file = directory.path().join("htpasswd");
    let (password, hash) = minted("htpasswd", "bcrypt");
    assert!(hash.starts_with("$2y$12$"));
    fs::write(&file, format!("app:{hash}\n")).unwrap();
    if is_root() {
        for path in [directory.path(), file.as_path()] {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    let verify = |password: &str| {
        let mut command = program("htpasswd");
        command.arg("-vb").arg(&file).args(["app", password]);
        run(&mut command, "apache2-utils")
    };

    let right = verify(&password);
    assert!(
        right.status.success(),
        "{}",
        String::from_utf8_lossy(&right.stderr)
    );
    let wrong = verify(&format!("{password}x"));
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("password verification failed"));
}
