//! Real readers of env files, each given whole files and asked what it reads in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::tools::answer;
use crate::tools::node;
use crate::tools::node_dotenv;
use crate::tools::python;

/// The variables that a reader found in a file; `None` when it refuses the file.
pub type Variables = Option<BTreeMap<String, Vec<u8>>>;

/// Reads files; one answer for each.
pub type Reader = fn(&[Vec<u8>]) -> Vec<Variables>;

/// The package `dotenv` of node.
pub fn dotenv_of_node(files: &[Vec<u8>]) -> Vec<Variables> {
    let script = format!("const read = require('{}').parse; {NODE_LOOP}", node_dotenv());
    of_json(&node(&script, &in_hex(files)), files.len())
}

/// The parser of `node --env-file`, as node offers it to scripts.
pub fn env_file_of_node(files: &[Vec<u8>]) -> Vec<Variables> {
    let script = format!("const read = bytes => require('util').parseEnv(bytes.toString()); {NODE_LOOP}");
    of_json(&node(&script, &in_hex(files)), files.len())
}

/// `node --env-file` itself, one process for each file.
pub fn node_with_env_file(files: &[Vec<u8>]) -> Vec<Variables> {
    let directory = TempDir::with_prefix("mintage-test-").unwrap();
    let path = directory.path().join("one.env");
    let option = format!("--env-file={}", path.display());
    let script = "const {PATH, ...read} = process.env; \
                  for (const name in read) read[name] = Buffer.from(read[name]).toString('hex'); \
                  console.log(JSON.stringify([read]))";
    let read = |file: &Vec<u8>| {
        fs::write(&path, file).unwrap();
        let printed = answer("node", "nodejs", [option.as_str(), "-e", script], &[], "");
        of_json(&printed, 1).remove(0)
    };
    files.iter().map(read).collect()
}

/// The package python-dotenv.
pub fn dotenv_of_python(files: &[Vec<u8>]) -> Vec<Variables> {
    let script = "
import dotenv, io, json, logging, sys
logging.disable()
def read(file):
    try:
        text = io.TextIOWrapper(io.BytesIO(bytes.fromhex(file)), encoding='utf-8')
        found = dotenv.dotenv_values(stream=text)
    except UnicodeDecodeError:
        return None
    return {k: v.encode().hex() for k, v in found.items() if v is not None}
print(json.dumps([read(line) for line in sys.stdin.read().split(',')]))";
    of_json(&python(script, &in_hex(files)), files.len())
}

/// bash.
pub fn bash(files: &[Vec<u8>]) -> Vec<Variables> {
    sourced_by("bash", files)
}

/// dash, the `sh` of Debian.
pub fn dash(files: &[Vec<u8>]) -> Vec<Variables> {
    sourced_by("dash", files)
}

/// Sources each file in a shell of its own, which finds no program by name.
fn sourced_by(shell: &str, files: &[Vec<u8>]) -> Vec<Variables> {
    let directory = TempDir::with_prefix("mintage-test-").unwrap();
    fs::create_dir(directory.path().join("empty")).unwrap();
    for (number, file) in files.iter().enumerate() {
        fs::write(directory.path().join(format!("{number}.env")), file).unwrap();
    }
    let script = "cd \"$1/empty\"; n=0; shell=$(command -v \"$0\"); PATH=/nonexistent
while [ $n -lt $2 ]; do
  \"$shell\" -c 'unset PWD OLDPWD SHLVL; set -a; . \"$1/$2.env\" >/dev/null
/usr/bin/env -0 >\"$1/$2.out\"; : >\"$1/$2.done\"' sh \"$1\" $n </dev/null 2>/dev/null
  n=$((n + 1))
done; :";
    let count = files.len().to_string();
    let args = ["-c", script, shell, directory.path().to_str().unwrap(), &count];
    answer(shell, shell, args, &[], "");
    let read = |number: usize| {
        let is_done = directory.path().join(format!("{number}.done")).exists();
        let printed = fs::read(directory.path().join(format!("{number}.out"))).unwrap_or_default();
        is_done.then(|| printed.split(|byte| *byte == 0).filter_map(pair).collect())
    };
    (0..files.len()).map(read).collect()
}

/// Splits `NAME=value`.
fn pair(text: &[u8]) -> Option<(String, Vec<u8>)> {
    let equals = text.iter().position(|byte| *byte == b'=')?;
    let name = String::from_utf8_lossy(&text[..equals]).into_owned();
    Some((name, text[equals + 1..].to_vec()))
}

/// systemd's reader of `environment.d`, which also expands `$`, and which drops empty values, as `EnvironmentFile=`
/// does not. One process for each file.
pub fn systemd(files: &[Vec<u8>]) -> Vec<Variables> {
    let directory = TempDir::with_prefix("mintage-test-").unwrap();
    let folder = directory.path().join("environment.d");
    fs::create_dir(&folder).unwrap();
    let home = [
        ("XDG_CONFIG_HOME", directory.path()),
        ("HOME", Path::new("/nonexistent")),
    ];
    let read = |file: &Vec<u8>| {
        fs::write(folder.join("one.conf"), file).unwrap();
        let printed = answer(SYSTEMD, "systemd", [""; 0], &home, "");
        Some(printed.lines().filter_map(unquoted_pair).collect())
    };
    files.iter().map(read).collect()
}

/// Splits `NAME=value`, where the value may be quoted with escapes of C.
fn unquoted_pair(line: &str) -> Option<(String, Vec<u8>)> {
    let (name, value) = line.split_once('=')?;
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Some((name.to_owned(), value.as_bytes().to_vec()));
    };
    let mut bytes = Vec::new();
    let mut rest = inner.bytes();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escaped {
            None => byte,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(other) => other,
        });
    }
    Some((name.to_owned(), bytes))
}

fn in_hex(files: &[Vec<u8>]) -> String {
    let files: Vec<String> = files.iter().map(hex::encode).collect();
    files.join(",")
}

fn of_json(printed: &str, count: usize) -> Vec<Variables> {
    let read: Vec<Option<BTreeMap<String, String>>> =
        serde_json::from_str(printed).expect("a list of variables");
    assert_eq!(read.len(), count, "the reader lost or added files");
    let decode = |(name, value): (String, String)| (name, hex::decode(value).unwrap());
    read.into_iter()
        .map(|file| file.map(|file| file.into_iter().map(decode).collect()))
        .collect()
}

const NODE_LOOP: &str = "
const answers = require('fs').readFileSync(0, 'utf8').split(',').map(file => {
  const found = read(Buffer.from(file, 'hex'));
  for (const name in found) found[name] = Buffer.from(found[name]).toString('hex');
  return found;
});
console.log(JSON.stringify(answers))";

const SYSTEMD: &str = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";
