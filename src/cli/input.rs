//! Reading values: standard input, a hidden prompt, a file, a named variable or the clipboard; never an argument.

use std::io;
use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::adapters::read_capped;
use crate::cli::context::Context;
use crate::cli::copying::clipboard;
use crate::cli::copying::explained;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::dotenv::EnvFile;
use crate::ports::PromptError;
use crate::ports::StorageError;
use crate::secret::SecretValue;

/// Where a value comes from.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ValueSource {
    /// File that holds the value (`-` is standard input)
    #[arg(long, value_name = "FILE", group = "source")]
    pub from_file: Option<PathBuf>,

    /// Environment variable that holds the value
    #[arg(long, value_name = "VAR", group = "source")]
    pub from_env: Option<String>,

    /// Take the value from the clipboard
    #[arg(long, group = "source")]
    pub clipboard: bool,

    /// Keep a trailing newline, which is stripped otherwise
    #[arg(long)]
    pub verbatim: bool,
}

impl ValueSource {
    /// Reads one value; a new value is asked for twice.
    ///
    /// # Errors
    ///
    /// When there is none, it is too large, or nobody can be asked.
    pub fn read(&self, context: &Context, question: &str) -> Result<SecretValue, CliError> {
        let raw = match (&self.from_file, &self.from_env) {
            (Some(path), _) if path.as_os_str() == "-" => read_stdin(MAX_VALUE)?,
            (Some(path), _) => read_file(path, MAX_VALUE)?,
            (None, Some(name)) => context.config.value_of(name).ok_or_else(|| {
                CliError::new(Exit::Failed, "the variable named by --from-env is not set")
                    .in_state("nothing was changed")
                    .hint("--from-env takes the name of a variable that is exported to this program")
            })?,
            (None, None) if self.clipboard => read_clipboard(context)?,
            (None, None) if is_terminal() => return ask_twice(context, question),
            (None, None) => read_stdin(MAX_VALUE)?,
        };
        Ok(if self.verbatim { raw } else { without_newline(raw) })
    }
}

/// Reads what the clipboard holds.
fn read_clipboard(context: &Context) -> Result<SecretValue, CliError> {
    let value = clipboard(context, ASK)?
        .read()
        .map_err(|error| explained(error, ASK))?;
    if value.is_empty() {
        return Err(CliError::new(Exit::Failed, "the clipboard is empty")
            .in_state("nothing was changed")
            .hint("copy the value, then run this again"));
    }
    Ok(value)
}

/// What to do where no clipboard can be reached to read.
const ASK: &str = "leave --clipboard out and be asked, or pipe the value in";

/// Returns whether standard input is a terminal, so that a person can be asked.
pub fn is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Reads all of standard input, at most `limit` bytes.
///
/// # Errors
///
/// When it is larger or cannot be read.
pub fn read_stdin(limit: usize) -> Result<SecretValue, CliError> {
    // Straight from the file descriptor: the standard library's buffer would keep a copy.
    let stdin = rustix::stdio::stdin();
    let mut bytes = Zeroizing::new(Vec::new());
    let mut block = Zeroizing::new(vec![0; BLOCK.min(limit + 1)]);
    loop {
        let count = match rustix::io::read(stdin, &mut block[..]) {
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => {
                return Err(CliError::new(Exit::Failed, "cannot read standard input")
                    .cause(io::Error::from(error).to_string())
                    .in_state("nothing was changed"));
            }
        };
        if count == 0 {
            break;
        }
        if bytes.len() + count > limit {
            return Err(too_large("standard input", limit));
        }
        grow(&mut bytes, count);
        bytes.extend_from_slice(&block[..count]);
    }
    Ok(SecretValue::new(std::mem::take(&mut *bytes)))
}

/// Reads a file that a person named, at most `limit` bytes.
///
/// # Errors
///
/// When it is missing, no regular file, larger or unreadable.
pub fn read_file(path: &Path, limit: usize) -> Result<SecretValue, CliError> {
    match read_capped(path, limit as u64) {
        Ok(Some(mut bytes)) => Ok(SecretValue::new(std::mem::take(&mut *bytes))),
        Ok(None) => Err(
            CliError::new(Exit::Failed, format!("`{}` does not exist", path.display()))
                .in_state("nothing was changed")
                .hint("check the path"),
        ),
        Err(StorageError::NotAFile { .. }) => Err(CliError::new(
            Exit::Failed,
            format!("`{}` is no regular file", path.display()),
        )
        .in_state("nothing was changed")
        .hint("name a file, or pipe the content in")),
        Err(error) => Err(CliError::from(error)),
    }
}

/// Reads an env file that a person named; `-` is standard input.
///
/// # Errors
///
/// When it is missing, no regular file, too large or unreadable.
pub fn read_env_file(path: &Path) -> Result<EnvFile, CliError> {
    let content = if path.as_os_str() == "-" {
        read_stdin(MAX_ENV_FILE)?
    } else {
        read_file(path, MAX_ENV_FILE)?
    };
    Ok(EnvFile::of(&content))
}

/// Asks for a value once.
///
/// # Errors
///
/// When nobody can be asked.
pub fn ask(context: &Context, question: &str) -> Result<SecretValue, CliError> {
    Ok(context.prompt().hidden(question)?)
}

fn ask_twice(context: &Context, question: &str) -> Result<SecretValue, CliError> {
    let first = ask(context, &format!("{question}: "))?;
    let second = ask(context, &format!("{question}, once more: "))?;
    if first == second {
        Ok(first)
    } else {
        Err(PromptError::Differs.into())
    }
}

/// Strips exactly one trailing newline.
pub fn without_newline(value: SecretValue) -> SecretValue {
    let text = value.expose();
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.len() == value.len() {
        return value;
    }
    SecretValue::copied_from(text)
}

/// Makes room by moving to a larger buffer and wiping the old one, which a growing vector would not do.
fn grow(bytes: &mut Zeroizing<Vec<u8>>, more: usize) {
    let needed = bytes.len() + more;
    if needed <= bytes.capacity() {
        return;
    }
    let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * bytes.capacity())));
    larger.extend_from_slice(bytes);
    *bytes = larger;
}

fn too_large(what: &str, limit: usize) -> CliError {
    CliError::new(Exit::Failed, format!("{what} holds more than {limit} bytes"))
        .in_state("nothing was changed")
        .hint("a secret takes some hundred bytes: check what was piped in")
}

/// Largest value, in bytes.
pub const MAX_VALUE: usize = 64 * 1_024;

/// Largest env file, in bytes.
const MAX_ENV_FILE: usize = 4 * 1_024 * 1_024;

/// Bytes read at a time.
const BLOCK: usize = 64 * 1_024;
