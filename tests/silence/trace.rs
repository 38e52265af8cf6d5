//! What `strace` wrote down, read.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use crate::observed::Place;

/// The texts that passed through system calls.
pub struct Trace {
    /// Every text, and where it went.
    pub seen: Vec<(Place, Vec<u8>)>,
    /// Files that programs would inherit, and files made where none belong.
    pub faults: BTreeSet<String>,
}

impl Trace {
    /// Reads the log of `strace -f -y -v`. The first `starts` programs are started by the test itself.
    pub fn read(log: &[u8], starts: usize, project: &Path, allowed: &Path) -> Self {
        let mut trace = Self {
            seen: Vec::new(),
            faults: BTreeSet::new(),
        };
        let mut streams: BTreeMap<(String, String), Vec<u8>> = BTreeMap::new();
        let mut first: Option<String> = None;
        let mut started = 0;
        let mut became_another = BTreeSet::new();
        for (process, rest) in &joined(log) {
            let Some((call, arguments)) = rest.split_once('(') else {
                continue;
            };
            if call.contains(' ') || call.starts_with('<') || call.starts_with('+') || call.starts_with('-') {
                continue;
            }
            assert!(!arguments.contains("\"..."), "the log of {call} is cut");
            let texts = texts(arguments);
            // A shell that the test starts first is not what is watched.
            let is_ours = started == starts
                && first.as_deref().is_none_or(|first| first == process.as_str())
                && !became_another.contains(process);
            match call {
                "execve" | "execveat" => {
                    let environment = arguments.find("], [").unwrap_or(arguments.len());
                    let is_first = started < starts;
                    for (at, text) in texts {
                        // What the watched program itself is started with comes from the test.
                        if is_first {
                            continue;
                        }
                        let place = if at < environment {
                            Place::Argument
                        } else {
                            Place::ChildEnvironment
                        };
                        trace.seen.push((place, text));
                    }
                    if is_first {
                        first = Some(process.clone());
                        started += usize::from(arguments.ends_with("= 0"));
                    } else if arguments.ends_with("= 0") {
                        became_another.insert(process.clone());
                    }
                }
                "write" | "writev" | "pwrite64" | "pwritev" | "pwritev2" | "sendto" | "sendmsg"
                | "sendmmsg" => {
                    let file = arguments.split(',').next().unwrap_or_default().to_owned();
                    let all = streams.entry((process.clone(), file)).or_default();
                    for (_, text) in texts {
                        all.extend_from_slice(&text);
                    }
                }
                _ => {
                    for (_, text) in texts {
                        trace.seen.push((Place::SystemCall, text));
                    }
                    if is_ours {
                        trace.faults.extend(fault(call, arguments, allowed));
                    }
                }
            }
        }
        for ((_, file), bytes) in streams {
            trace.seen.push((place(&file, project), bytes));
        }
        trace
    }
}

/// Returns the process and the text of every call; one that others interrupted is put together again.
fn joined(log: &[u8]) -> Vec<(String, String)> {
    let mut begun: BTreeMap<String, String> = BTreeMap::new();
    let mut lines = Vec::new();
    for line in log.split(|byte| *byte == b'\n') {
        let text = String::from_utf8_lossy(line);
        let Some((process, rest)) = text.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(beginning) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(process.to_owned(), beginning.to_owned());
        } else if let Some((_, end)) = rest
            .strip_prefix("<... ")
            .and_then(|rest| rest.split_once("resumed>"))
        {
            let beginning = begun.remove(process).unwrap_or_default();
            lines.push((process.to_owned(), beginning + end));
        } else {
            lines.push((process.to_owned(), rest.to_owned()));
        }
    }
    // Those during which the process ended.
    lines.extend(begun);
    lines
}

/// Returns what is wrong with a call that opens something.
fn fault(call: &str, arguments: &str, allowed: &Path) -> Option<String> {
    let opened = || arguments.rsplit("= ").next().unwrap_or_default();
    // The run-time library puts it in the place of a stream that is closed.
    let is_nothing = arguments.contains("\"/dev/null\"");
    if opened().starts_with('-') || opened().starts_with('?') || is_nothing {
        return None;
    }
    let opens = matches!(
        call,
        "open"
            | "openat"
            | "memfd_create"
            | "pipe2"
            | "socket"
            | "socketpair"
            | "dup3"
            | "epoll_create1"
            | "eventfd2"
            | "inotify_init1"
    );
    if opens && !arguments.contains("CLOEXEC") {
        return Some(format!("{call}({arguments}: other programs inherit it"));
    }
    if matches!(call, "creat" | "dup" | "pipe") || call == "fcntl" && arguments.contains("F_DUPFD,") {
        return Some(format!("{call}({arguments}: other programs inherit it"));
    }
    let makes = matches!(call, "open" | "openat") && arguments.contains("O_CREAT");
    let inside = opened().contains(allowed.to_str().unwrap());
    if makes && !inside {
        return Some(format!("{call}({arguments}: a file outside of project and home"));
    }
    None
}

/// Tells what a descriptor of `strace -y`, such as `1<pipe:[7]>`, stands for.
fn place(file: &str, project: &Path) -> Place {
    let (number, target) = file.split_once('<').unwrap_or((file, ""));
    let target = target.strip_suffix('>').unwrap_or(target);
    if target.starts_with("/dev/pts/") || target.starts_with("/dev/tty") {
        return Place::Screen;
    }
    if target.starts_with("pipe:") || target.is_empty() {
        return match number {
            "1" => Place::Stdout,
            "2" => Place::Stderr,
            _ => Place::Pipe,
        };
    }
    if target.starts_with('/') {
        let target = target.strip_suffix(" (deleted)").unwrap_or(target);
        return Place::File(crate::observed::named(Path::new(target), project));
    }
    Place::Pipe
}

/// Returns every quoted text of a line, escapes resolved, with the place where it begins.
fn texts(arguments: &str) -> Vec<(usize, Vec<u8>)> {
    let bytes = arguments.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'"' {
            at += 1;
            continue;
        }
        let begin = at;
        let mut text = Vec::new();
        at += 1;
        while at < bytes.len() && bytes[at] != b'"' {
            if bytes[at] != b'\\' {
                text.push(bytes[at]);
                at += 1;
                continue;
            }
            at += 1;
            let digits = bytes[at..]
                .iter()
                .take(3)
                .take_while(|byte| matches!(byte, b'0'..=b'7'))
                .count();
            if digits > 0 {
                let value = bytes[at..at + digits]
                    .iter()
                    .fold(0u16, |sum, digit| sum * 8 + u16::from(digit - b'0'));
                text.push(u8::try_from(value & 0xff).unwrap());
                at += digits;
            } else {
                text.push(match bytes[at] {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'v' => 0x0b,
                    b'f' => 0x0c,
                    other => other,
                });
                at += 1;
            }
        }
        at += 1;
        found.push((begin, text));
    }
    found
}

#[test]
fn escapes_are_resolved() {
    let found = texts(r#"3</a>, "a\"b\\c\n\377\1\0012", 8) = 8"#);

    assert_eq!(found, [(7, b"a\"b\\c\n\xff\x01\x012".to_vec())]);
}

#[test]
fn an_interrupted_call_is_put_together() {
    let log = b"7  pipe2( <unfinished ...>\n8  write(1, \"a\", 1) = 1\n7  <... pipe2 resumed>[3, 4], O_CLOEXEC) = 0\n\
                9  write(2, \"b\" <unfinished ...>\n";

    let texts: Vec<String> = joined(log).into_iter().map(|(_, text)| text).collect();

    assert_eq!(
        texts,
        [
            "write(1, \"a\", 1) = 1",
            "pipe2( [3, 4], O_CLOEXEC) = 0",
            "write(2, \"b\" "
        ]
    );
}
