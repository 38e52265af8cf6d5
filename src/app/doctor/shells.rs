//! Where shells keep their history, and how it is read.

use std::collections::BTreeSet;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::app::doctor::Scene;

/// A shell whose history is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shell {
    Bash,
    Fish,
    Zsh,
}

impl Shell {
    pub(super) const ALL: [Self; 3] = [Self::Bash, Self::Zsh, Self::Fish];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Fish => "fish",
            Self::Zsh => "zsh",
        }
    }

    /// Lists the files that set the shell up, in the order in which it reads them.
    pub(super) fn settings(self, scene: &Scene<'_>) -> Vec<PathBuf> {
        let home = scene.home.as_ref();
        let below_home = |names: &[&str]| -> Vec<PathBuf> {
            let files = names.iter().filter_map(|name| Some(home?.join(name)));
            files.collect()
        };
        match self {
            Self::Bash => [
                vec![
                    "/etc/profile".into(),
                    "/etc/bash.bashrc".into(),
                    "/etc/bashrc".into(),
                ],
                below_home(&[".profile", ".bash_profile", ".bashrc", ".bash_aliases"]),
            ]
            .concat(),
            Self::Fish => {
                let config = match scene.variable("XDG_CONFIG_HOME") {
                    Some(config) => Some(PathBuf::from(config)),
                    None => home.map(|home| home.join(".config")),
                };
                config
                    .map(|config| config.join("fish/config.fish"))
                    .into_iter()
                    .collect()
            }
            Self::Zsh => {
                let own = match scene.variable("ZDOTDIR") {
                    Some(own) => Some(PathBuf::from(own)),
                    None => home.cloned(),
                };
                let names = [".zshenv", ".zprofile", ".zshrc"];
                let own = names.iter().filter_map(|name| Some(own.as_ref()?.join(name)));
                let all = [
                    "/etc/zsh/zshenv",
                    "/etc/zsh/zprofile",
                    "/etc/zsh/zshrc",
                    "/etc/zshrc",
                ];
                all.iter().map(PathBuf::from).chain(own).collect()
            }
        }
    }

    /// Lists where the shell may keep its history: the usual place, and those that its settings name.
    pub(super) fn histories(self, scene: &Scene<'_>) -> Vec<PathBuf> {
        let home = scene.home.as_ref();
        let usual: &[&str] = match self {
            Self::Bash => &[".bash_history"],
            Self::Fish => &[],
            Self::Zsh => &[".zsh_history", ".zhistory", ".histfile"],
        };
        let mut places: Vec<PathBuf> = usual.iter().filter_map(|name| Some(home?.join(name))).collect();
        if self == Self::Fish {
            let data = match scene.variable("XDG_DATA_HOME") {
                Some(data) => Some(PathBuf::from(data)),
                None => home.map(|home| home.join(".local/share")),
            };
            places.extend(data.map(|data| data.join("fish/fish_history")));
            return places;
        }
        let is_login_shell = self.is_login_shell(scene);
        let named = scene
            .variable("HISTFILE")
            .filter(|_| is_login_shell)
            .map(str::to_owned);
        let set = assignments(scene, &self.settings(scene), "HISTFILE");
        for named in named.into_iter().chain(set) {
            let home = home.map(|home| home.display().to_string()).unwrap_or_default();
            let named = named.replace("${HOME}", &home).replace("$HOME", &home);
            let named = match named.strip_prefix("~/") {
                Some(rest) => PathBuf::from(home).join(rest),
                None => PathBuf::from(named),
            };
            if named.is_absolute() {
                places.push(named);
            }
        }
        places.sort();
        places.dedup();
        places
    }

    /// Returns whether somebody uses this shell here.
    pub(super) fn is_used(self, scene: &Scene<'_>) -> bool {
        let has_history = || {
            let mut places = self.histories(scene).into_iter();
            places.any(|place| scene.machine.state(&place).is_some())
        };
        self.is_login_shell(scene) || has_history()
    }

    fn is_login_shell(self, scene: &Scene<'_>) -> bool {
        let shell = scene.variable("SHELL").and_then(|shell| shell.rsplit('/').next());
        shell == Some(self.name())
    }

    /// Returns the lines to delete so that some lines go: in fish's file, a command goes with what is noted of it.
    pub(super) fn entries_with(self, file: &[u8], lines: &BTreeSet<usize>) -> Vec<usize> {
        let mut all = lines.clone();
        if self == Self::Fish {
            let mut is_doomed = false;
            for (number, line) in (1..).zip(file.split(|byte| *byte == b'\n')) {
                is_doomed = lines.contains(&number) || is_doomed && line.starts_with(b"  ");
                if is_doomed {
                    all.insert(number);
                }
            }
        }
        all.into_iter().collect()
    }

    /// Turns the bytes of a history file into what was typed, line by line.
    pub(super) fn decode(self, file: &[u8]) -> Decoded {
        let mut decoded = Decoded {
            // What is decoded is never longer, so that it never moves.
            text: Zeroizing::new(Vec::with_capacity(file.len())),
            starts: Vec::new(),
        };
        for line in file.split_inclusive(|byte| *byte == b'\n') {
            decoded.starts.push(decoded.text.len());
            let text = &mut *decoded.text;
            match self {
                Self::Bash => text.extend_from_slice(line),
                Self::Fish => unescape(line, text),
                Self::Zsh => unmetafy(line, text),
            }
        }
        decoded
    }
}

/// A history file as it was typed.
pub(super) struct Decoded {
    /// The text.
    pub text: Zeroizing<Vec<u8>>,
    /// Where in the text each line of the file begins.
    starts: Vec<usize>,
}

impl Decoded {
    /// Returns the line of the file, from 1, that a place of the text comes from.
    pub(super) fn line(&self, place: usize) -> usize {
        self.starts.partition_point(|start| *start <= place).max(1)
    }
}

/// Undoes fish's escapes: `\n` in a line is a line end, `\\` a backslash.
fn unescape(line: &[u8], text: &mut Vec<u8>) {
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        text.push(match (byte, bytes.peek()) {
            (b'\\', Some(b'n')) => {
                bytes.next();
                b'\n'
            }
            (b'\\', Some(b'\\')) => {
                bytes.next();
                b'\\'
            }
            (byte, _) => byte,
        });
    }
}

/// Undoes zsh's escapes: the byte 0x83 goes before one that has bit 5 flipped; a backslash ends a line that goes on.
fn unmetafy(line: &[u8], text: &mut Vec<u8>) {
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            0x83 => text.extend(bytes.next().map(|next| next ^ 0x20)),
            byte => text.push(byte),
        }
    }
    if text.ends_with(b"\\\n") {
        text.truncate(text.len() - 2);
        text.push(b'\n');
    }
}

/// Finds what a variable is set to in the settings of shells, in order, quotes taken off.
pub(super) fn assignments(scene: &Scene<'_>, files: &[PathBuf], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines(scene, files) {
        for word in line.split_whitespace() {
            let set = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
            found.extend(set.map(|value| value.trim_matches(['"', '\'', ';']).to_owned()));
        }
    }
    found
}

/// Reads the lines of settings, without comments. What is no text or cannot be read has none.
pub(super) fn lines(scene: &Scene<'_>, files: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let Ok(Some(content)) = scene.machine.read(file) else {
            continue;
        };
        let text = String::from_utf8_lossy(content.expose());
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        found.extend(lines.map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;

    #[test]
    fn what_fish_escaped_is_what_was_typed() {
        let decoded = Shell::Fish.decode(b"- cmd: echo a\\nb \\\\n\n  when: 1\n");

        assert_eq!(&**decoded.text, b"- cmd: echo a\nb \\n\n  when: 1\n");
        assert_eq!(decoded.line(14), 1);
        assert_eq!(decoded.line(decoded.text.len() - 1), 2);
    }

    #[test]
    fn what_zsh_escaped_is_what_was_typed() {
        // U+00DF is C3 9F; zsh stores 9F as 83 BF.
        let decoded = Shell::Zsh.decode(b": 1:0;echo \xc3\x83\xbf\\\nsecond\n");

        assert_eq!(&**decoded.text, ": 1:0;echo ß\nsecond\n".as_bytes());
        assert_eq!(decoded.line(decoded.text.len() - 2), 2);
    }

    #[test]
    fn a_history_elsewhere_is_found() {
        let files = Files::default()
            .with(
                "/home/ana/.zshrc",
                "export HISTFILE=\"$HOME/.cache/zsh\"\n#HISTFILE=/no\n",
            )
            .with("/home/ana/.cache/zsh", "");
        let scene = scene(&files);

        assert!(
            Shell::Zsh
                .histories(&scene)
                .contains(&"/home/ana/.cache/zsh".into())
        );
        assert!(Shell::Zsh.is_used(&scene));
        assert!(!Shell::Bash.is_used(&scene));
    }
}
