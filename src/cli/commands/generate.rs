//! `mintage generate`

use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;
use zeroize::Zeroize;
use zeroize::Zeroizing;

use crate::adapters::Access;
use crate::adapters::OsRandom;
use crate::adapters::SystemClock;
use crate::adapters::create_new_file;
use crate::app::Minter;
use crate::cli::context::Context;
use crate::cli::copying::CopyTerms;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::generator;
use crate::generator::TimeOrdered;
use crate::policy::Alphabet;
use crate::policy::Embed;
use crate::policy::Encoding;
use crate::policy::Fitted;
use crate::policy::Kind;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::KINDS;
use crate::policy::kinds::Role;
use crate::policy::nearest;
use crate::policy::shown_bits;
use crate::ports::Clock;
use crate::scoring;
use crate::secret::SecretValue;

/// Print new values and store nothing
///
/// Prints one value a line. See `mintage policy list` for the kinds. What is made here is nobody's to remember:
/// use `create` for secrets that mintage should keep.
#[derive(Clone, Debug, clap::Args)]
pub struct GenerateArgs {
    /// What to make: jwt-hs256, webhook, api-key, password, passphrase, hex, base64, base64url, alphanumeric, uuid …
    kind: String,

    /// Random bytes, before they are encoded
    #[arg(long, value_name = "N")]
    bytes: Option<u32>,

    /// Characters
    #[arg(long, value_name = "N")]
    length: Option<u32>,

    /// Words of a passphrase
    #[arg(long, value_name = "N")]
    words: Option<u32>,

    /// How bytes become text
    #[arg(long, value_enum)]
    encoding: Option<Encoding>,

    /// The characters to draw from: base62, digits, hex, letters, lower, printable, safe, upper
    #[arg(long, value_name = "NAME")]
    charset: Option<Alphabet>,

    /// Fixed text in front
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,

    /// Consumers that read a value unescaped: characters they do not take are left out, values become longer
    #[arg(long, value_name = "CONSUMER", value_enum, value_delimiter = ',')]
    embed: Vec<Embed>,

    /// Forms to print each value in: value, or what --explain names, such as private-jwk or otpauth
    #[arg(long, value_name = "FORM", value_delimiter = ',')]
    form: Vec<String>,

    /// How many values
    #[arg(long, value_name = "N", default_value_t = 1)]
    count: u64,

    /// New file for the values, mode 0600; never overwritten
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    copying: CopyTerms,

    /// Add bits, alphabet, overlap class, source and advice on standard error
    #[arg(long)]
    explain: bool,
}

/// Makes and prints values.
pub fn run(ui: &Ui, context: &Context, args: &GenerateArgs) -> Result<Exit, CliError> {
    let kind = find(&args.kind)?;
    let shape = Shape {
        bytes: args.bytes,
        length: args.length,
        words: args.words,
        encoding: args.encoding,
        charset: args.charset.clone(),
        prefix: args.prefix.clone(),
        ..Shape::default()
    };
    let recipe = kind.recipe(&shape)?;
    let Fitted { recipe, change, .. } = kind.fit(shape, recipe, &args.embed)?;
    if kind.role == Role::Issued {
        return Err(
            CliError::usage("issued secrets are made by their issuer, not here")
                .hint("track it: mintage import NAME -e ENVIRONMENT"),
        );
    }
    if let Role::Derived(_) = kind.role {
        return Err(CliError::usage(
            "derived secrets are computed from others that a policy names, not here",
        )
        .hint("declare it under [secrets], then: mintage create --all -e ENVIRONMENT"));
    }
    if args.explain {
        explain(ui, kind, &recipe);
    }
    if let Some(change) = change {
        let label = if args.explain { "  embed      " } else { "embed " };
        ui.status(&format!("{label}{change}"));
    }
    let forms = forms(kind, &args.form)?;
    let mut rng = context.rng()?;
    let mut maker = Maker::new(kind, &recipe);
    if let Some(target) = args.copying.target(context)? {
        let [form] = forms.as_slice() else {
            return Err(only_one());
        };
        if args.count != 1 || args.out.is_some() {
            return Err(only_one());
        }
        let value = maker.next(&mut rng)?;
        let copied = match form {
            None => value,
            Some(companion) => {
                (companion.of)(&value, &mut rng).ok_or_else(|| CliError::internal("generate"))?
            }
        };
        return target.give(ui, copied);
    }
    let mut sink = Lines::new(ui, args.out.is_some());
    let bar = ui.progress(args.count, "generating");
    for made in 1..=args.count {
        let value = maker.next(&mut rng)?;
        for form in &forms {
            match form {
                None => sink.push(&value)?,
                Some(companion) => {
                    let computed = (companion.of)(&value, &mut rng);
                    sink.push(&computed.ok_or_else(|| CliError::internal("generate"))?)?;
                }
            }
        }
        if args.explain && args.count == 1 {
            companions(ui, kind, &value, &mut rng);
            lookup_prefix(ui, &recipe);
        }
        if made % 65_536 == 0 {
            bar.set_position(made);
        }
    }
    bar.finish_and_clear();
    match &args.out {
        Some(path) => {
            create_new_file(path, &sink.lines, Access::Owner, &mut rng)?;
            ui.status(&format!(
                "{} written to {}, mode 0600",
                counted(args.count),
                path.display()
            ));
        }
        None => {
            sink.flush()?;
            if ui.is_on_terminal() && !ui.is_quiet() && kind.role == Role::Generated {
                ui.warning(
                    "the values stay in this terminal's scrollback; with --copy, --out FILE or in a pipe they would not",
                );
            }
        }
    }
    Ok(Exit::Fine)
}

fn only_one() -> CliError {
    CliError::usage("one value in one form fits the clipboard")
        .hint("leave out --count, --out and all forms but one")
}

/// Makes values of one kind.
struct Maker<'a> {
    kind: &'static Kind,
    recipe: &'a Recipe,
    minter: Minter<'a>,
    time_ordered: TimeOrdered,
    since: DateTime<Utc>,
}

impl<'a> Maker<'a> {
    fn new(kind: &'static Kind, recipe: &'a Recipe) -> Self {
        let scoring = scoring::Context {
            kind: Some(kind),
            ..scoring::Context::default()
        };
        Self {
            kind,
            recipe,
            minter: Minter::new(kind.name, recipe, scoring),
            time_ordered: TimeOrdered::default(),
            since: SystemClock.now(),
        }
    }

    fn next(&mut self, rng: &mut OsRandom) -> Result<SecretValue, CliError> {
        Ok(match (self.recipe, self.kind.role) {
            (Recipe::UuidV7, _) => self.time_ordered.next(SystemClock.now(), rng),
            (recipe, Role::Identifier) => {
                generator::generate(recipe, self.since, rng).ok_or_else(|| CliError::internal("generate"))?
            }
            _ => self.minter.mint(self.since, rng)?,
        })
    }
}

/// Returns the forms to print; `None` stands for the value itself.
fn forms(kind: &'static Kind, asked: &[String]) -> Result<Vec<Option<&'static Companion>>, CliError> {
    if asked.is_empty() {
        return Ok(vec![None]);
    }
    let find = |name: &String| {
        if name == "value" {
            return Ok(None);
        }
        let found = kind.companions.iter().find(|companion| companion.name == name);
        found.map(Some).ok_or_else(|| {
            let known: Vec<&str> = kind.companions.iter().map(|companion| companion.name).collect();
            let known = [&["value"], known.as_slice()].concat().join(", ");
            CliError::usage(format!("kind `{}` has no form of this name", kind.name))
                .hint(format!("its forms are: {known}"))
        })
    };
    asked.iter().map(find).collect()
}

fn find(name: &str) -> Result<&'static Kind, CliError> {
    Kind::find(name).ok_or_else(|| {
        let error =
            CliError::usage("there is no kind of this name").hint("see the kinds: mintage policy list");
        match nearest(name, KINDS.iter().map(|kind| kind.name)) {
            Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
            None => error,
        }
    })
}

fn explain(ui: &Ui, kind: &Kind, recipe: &Recipe) {
    for line in [
        format!("{}: {}", kind.name, kind.summary),
        format!("  made of    {}", recipe.describe()),
        format!("  strength   at least {:.1} bits", shown_bits(recipe.bits())),
        format!("  redrawn    {}", redrawn(recipe)),
        format!(
            "  rotation   {}: {}",
            kind.overlap.code(),
            kind.overlap.consequence()
        ),
        format!("  hazard     {}", kind.hazard.map_or("none", Hazard::advice)),
        format!("  source     {}", kind.source),
        format!("  advice     {}", kind.advice),
    ] {
        ui.status(&line);
    }
    if let Some(regex) = recipe.scanner_regex() {
        ui.status("  scanner-regex: finds every value of this prefix and length (RE2: gitleaks, GitHub custom patterns)");
        ui.status(&format!("    {regex}"));
    }
}

/// Says how a key that is handed out is found again among the stored hashes.
fn lookup_prefix(ui: &Ui, recipe: &Recipe) {
    if let Some(length) = recipe.lookup_length() {
        ui.status(&format!(
            "  lookup-prefix: the first {length} characters, kept in clear beside the hash to list and find the key"
        ));
    }
}

/// Says what is drawn again and what that costs, which the strength counts.
fn redrawn(recipe: &Recipe) -> String {
    let costs: Vec<String> = recipe.own_redraws().iter().map(ToString::to_string).collect();
    if costs.is_empty() {
        "nothing".to_owned()
    } else {
        costs.join("; ")
    }
}

/// Shows what is computed from a value and goes to whoever verifies it, and names what is as secret as the value.
fn companions(ui: &Ui, kind: &Kind, value: &SecretValue, rng: &mut OsRandom) {
    for companion in kind.companions {
        if companion.is_secret {
            let Companion { name, about, .. } = companion;
            ui.status(&format!("  {name}: {about}; to print it: --form {name}"));
            continue;
        }
        let Some(computed) = (companion.of)(value, rng) else {
            continue;
        };
        ui.status(&format!("  {}: {}", companion.name, companion.about));
        for line in String::from_utf8_lossy(computed.expose()).lines() {
            ui.status(&format!("    {line}"));
        }
    }
}

fn counted(count: u64) -> String {
    match count {
        1 => "1 value".to_owned(),
        count => format!("{count} values"),
    }
}

/// Collects lines in one wiped buffer and writes it whenever it is full.
struct Lines<'a> {
    ui: &'a Ui,
    lines: Zeroizing<Vec<u8>>,
    keeps_all: bool,
}

impl<'a> Lines<'a> {
    fn new(ui: &'a Ui, keeps_all: bool) -> Self {
        Self {
            ui,
            lines: Zeroizing::new(Vec::with_capacity(BUFFER)),
            keeps_all,
        }
    }

    fn push(&mut self, value: &SecretValue) -> Result<(), CliError> {
        if self.lines.len() + value.len() + 1 > self.lines.capacity() {
            if self.keeps_all {
                let mut larger = Zeroizing::new(Vec::with_capacity(2 * self.lines.capacity()));
                larger.extend_from_slice(&self.lines);
                self.lines = larger;
            } else {
                self.flush()?;
            }
        }
        self.lines.extend_from_slice(value.expose());
        self.lines.push(b'\n');
        Ok(())
    }

    fn flush(&mut self) -> Result<(), CliError> {
        self.ui.bytes(&self.lines)?;
        self.lines.zeroize();
        Ok(())
    }
}

/// Bytes of the buffer.
const BUFFER: usize = 64 * 1_024;
