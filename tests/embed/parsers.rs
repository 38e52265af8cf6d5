//! Each parser: it is given values, writes them bare into one file of its format, and reads that file once.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::tools::answer;
use crate::tools::node;
use crate::tools::node_dotenv;
use crate::tools::python;

/// Writes values and reads them again; what is no text, or is gone, is `None`.
pub type Parser = fn(&[String]) -> Vec<Option<String>>;

/// The package `dotenv` of node.
pub fn dotenv_of_node(values: &[String]) -> Vec<Option<String>> {
    let script = format!(
        "const read = require('{}').parse(require('fs').readFileSync(0)); {PRINT_READ}",
        node_dotenv()
    );
    of_json(&node(&script, &env_file(values)), values.len())
}

/// `node --env-file`.
pub fn env_file_of_node(values: &[String]) -> Vec<Option<String>> {
    let (_directory, path) = file("values.env", &env_file(values));
    let option = format!("--env-file={}", path.display());
    let script = format!("const read = process.env; {PRINT_READ}");
    let printed = answer("node", "nodejs", [option.as_str(), "-e", &script], &[], "");
    of_json(&printed, values.len())
}

/// The package python-dotenv.
pub fn dotenv_of_python(values: &[String]) -> Vec<Option<String>> {
    let script = "
import dotenv, json, sys
read = dotenv.dotenv_values(stream=sys.stdin)
print(json.dumps([read.get(f'V{i}') for i in range(len(read))]))";
    of_json(&python(script, &env_file(values)), values.len())
}

/// bash.
pub fn bash(values: &[String]) -> Vec<Option<String>> {
    sourced_by("bash", values)
}

/// dash, the `sh` of Debian.
pub fn dash(values: &[String]) -> Vec<Option<String>> {
    sourced_by("dash", values)
}

fn sourced_by(shell: &str, values: &[String]) -> Vec<Option<String>> {
    let (_directory, path) = file("values.env", &env_file(values));
    let script = "set -a; . \"$1\"; i=0
while [ $i -lt $2 ]; do eval \"printf '%s\\n' \\\"\\$V$i\\\"\"; i=$((i + 1)); done";
    let count = values.len().to_string();
    let args = ["-c", script, shell, path.to_str().unwrap(), &count];
    let printed = answer(shell, shell, args, &[], "");
    printed.lines().map(|line| Some(line.to_owned())).collect()
}

/// systemd's reader of `environment.d`, which also expands `$` as `EnvironmentFile=` does not.
pub fn systemd(values: &[String]) -> Vec<Option<String>> {
    let directory = TempDir::with_prefix("mintage-test-").unwrap();
    let folder = directory.path().join("environment.d");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("values.conf"), env_file(values)).unwrap();
    let home = [
        ("XDG_CONFIG_HOME", directory.path()),
        ("HOME", Path::new("/nonexistent")),
    ];
    let printed = answer(SYSTEMD, "systemd", [""; 0], &home, "");
    (0..values.len())
        .map(|place| {
            let name = format!("V{place}=");
            let line = printed.lines().find_map(|line| line.strip_prefix(&name));
            line.map(str::to_owned)
        })
        .collect()
}

/// `urllib` of Python, decoding as a driver does.
pub fn url_of_python(values: &[String]) -> Vec<Option<String>> {
    let script = "
import json, sys
from urllib.parse import unquote, urlsplit
read = [urlsplit(url) for url in sys.stdin.read().splitlines()]
print(json.dumps([unquote(url.password) if url.hostname == 'db.internal' else None for url in read]))";
    of_json(&python(script, &urls(values)), values.len())
}

/// The WHATWG URL of node, decoding as a driver does.
pub fn url_of_node(values: &[String]) -> Vec<Option<String>> {
    let script = "
const lines = require('fs').readFileSync(0, 'utf8').trimEnd().split('\\n').map(line => new URL(line));
console.log(JSON.stringify(lines.map(u => u.hostname === 'db.internal' ? decodeURIComponent(u.password) : null)))";
    of_json(&node(script, &urls(values)), values.len())
}

/// A connection URL in libpq.
pub fn url_of_libpq(values: &[String]) -> Vec<Option<String>> {
    let script = "
import json, sys
from psycopg.conninfo import conninfo_to_dict
read = [conninfo_to_dict(url) for url in sys.stdin.read().splitlines()]
print(json.dumps([r['password'] if r['host'] == 'db.internal' else None for r in read]))";
    of_json(&python(script, &urls(values)), values.len())
}

/// A connection string of keywords in libpq.
pub fn keywords_of_libpq(values: &[String]) -> Vec<Option<String>> {
    let script = "
import json, sys
from psycopg.conninfo import conninfo_to_dict
read = [conninfo_to_dict(f'user=app password={v} host=h') for v in sys.stdin.read().splitlines()]
print(json.dumps([r['password'] if r['host'] == 'h' else None for r in read]))";
    of_json(&python(script, &lines(values)), values.len())
}

/// A password file, looked up by libpq when a connection starts; nothing listens, and nothing has to.
pub fn pgpass(values: &[String]) -> Vec<Option<String>> {
    let script = "
import json, os, sys, tempfile
from psycopg import pq
values, read = sys.stdin.read().splitlines(), []
# libpq reads the whole file for every connection, so 250 lines a file keep this linear.
for start in range(0, len(values), 250):
    with tempfile.NamedTemporaryFile('w') as file:
        for i, value in enumerate(values[start:start + 250]):
            file.write(f'h:1:d:u{i}:{value}\\n')
        file.flush()
        for i in range(len(values[start:start + 250])):
            words = f'host=h hostaddr=127.0.0.1 port=1 dbname=d user=u{i} passfile={file.name}'
            connection = pq.PGconn.connect_start(words.encode())
            read.append(connection.password.decode())
            connection.finish()
print(json.dumps(read))";
    of_json(&python(script, &lines(values)), values.len())
}

/// PyYAML: the value of a mapping, which must come back as text.
pub fn yaml(values: &[String]) -> Vec<Option<String>> {
    let script = "
import json, sys, yaml
read = yaml.safe_load(sys.stdin)
values = [read[f'V{i}'] for i in range(len(read))]
print(json.dumps([v if type(v) is str else None for v in values]))";
    let document: String = numbered(values, ": ");
    of_json(&python(script, &document), values.len())
}

/// A string of PHP in single quotes.
pub fn php_in_single_quotes(values: &[String]) -> Vec<Option<String>> {
    php_strings(values, '\'')
}

/// A string of PHP in double quotes.
pub fn php_in_double_quotes(values: &[String]) -> Vec<Option<String>> {
    php_strings(values, '"')
}

fn php_strings(values: &[String], quote: char) -> Vec<Option<String>> {
    let items: String = values
        .iter()
        .map(|value| format!("{quote}{value}{quote},\n"))
        .collect();
    let (_directory, path) = file("values.php", &format!("<?php return [\n{items}];\n"));
    php("json_encode(@include($argv[1]))", &path, values.len())
}

/// A bare value of a PHP INI file.
pub fn php_ini(values: &[String]) -> Vec<Option<String>> {
    let (_directory, path) = file("values.ini", &env_file(values));
    php(
        "json_encode(array_values(parse_ini_string(file_get_contents($argv[1]))))",
        &path,
        values.len(),
    )
}

fn php(expression: &str, path: &Path, count: usize) -> Vec<Option<String>> {
    let script = format!("echo {expression};");
    let args = ["-n", "-r", &script, "--", path.to_str().unwrap()];
    of_json(&answer("php", "php-cli", args, &[], ""), count)
}

/// The JSON of node.
pub fn json_of_node(values: &[String]) -> Vec<Option<String>> {
    let script = "console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8'))))";
    of_json(&node(script, &json(values)), values.len())
}

/// The JSON of Python.
pub fn json_of_python(values: &[String]) -> Vec<Option<String>> {
    let script = "import json, sys; print(json.dumps(json.load(sys.stdin)))";
    of_json(&python(script, &json(values)), values.len())
}

/// Reads the list that a script prints; nulls are kept, and so are missing values at the end.
fn of_json(printed: &str, count: usize) -> Vec<Option<String>> {
    let mut read: Vec<Option<String>> = serde_json::from_str(printed).expect("a list of texts");
    read.resize(count.max(read.len()), None);
    read
}

fn env_file(values: &[String]) -> String {
    numbered(values, "=")
}

fn numbered(values: &[String], sign: &str) -> String {
    values
        .iter()
        .enumerate()
        .map(|(place, value)| format!("V{place}{sign}{value}\n"))
        .collect()
}

fn urls(values: &[String]) -> String {
    values
        .iter()
        .map(|value| format!("postgresql://app:{value}@db.internal:5432/app\n"))
        .collect()
}

fn lines(values: &[String]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

fn json(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    format!("[{}]", quoted.join(","))
}

fn file(name: &str, content: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::with_prefix("mintage-test-").unwrap();
    let path = directory.path().join(name);
    fs::write(&path, content).unwrap();
    (directory, path)
}

/// Prints what a script of node has read, in the order of the values.
const PRINT_READ: &str = "const list = []; for (let i = 0; `V${i}` in read; i++) list.push(read[`V${i}`]); \
                          console.log(JSON.stringify(list))";

const SYSTEMD: &str = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";
