//! Every command of the program, and where each one's purpose puts values.

use crate::canary::value;
use crate::observed::Input;

/// One call of a command.
pub struct Case {
    /// The command, as its definition names it.
    pub command: &'static str,
    /// What follows it.
    pub args: &'static [&'static str],
    /// What it reads.
    pub input: fn() -> Input,
    /// Where a value may come to in this call, and nowhere else.
    pub purpose: Purpose,
    /// The exit codes of a run that nothing disturbs.
    pub ends: &'static [i32],
}

/// Where a value may come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Purpose {
    /// Standard output, be it a pipe or a terminal.
    pub stdout: bool,
    /// The environment of the command that is run.
    pub child: bool,
    /// The standard input of an approved program.
    pub sink: bool,
    /// These files, by the beginning of their paths below the project.
    pub files: &'static [&'static str],
}

const NOTHING: Purpose = Purpose {
    stdout: false,
    child: false,
    sink: false,
    files: &[],
};
const SHOWN: Purpose = Purpose {
    stdout: true,
    ..NOTHING
};
const HANDED: Purpose = Purpose {
    child: true,
    ..NOTHING
};
/// The sinks of the policy, each of which writes beside its file before it takes its place.
const SINKS: Purpose = Purpose {
    sink: true,
    files: &[".env.web", "run/", "told"],
    ..NOTHING
};
const OUT: Purpose = Purpose {
    files: &["out.env", ".new-"],
    ..NOTHING
};

const fn case(command: &'static str, args: &'static [&'static str], purpose: Purpose) -> Case {
    Case {
        command,
        args,
        input: || Input::Nothing,
        purpose,
        ends: &[0],
    }
}

const fn ends(ends: &'static [i32], case: Case) -> Case {
    Case { ends, ..case }
}

const fn reads(input: fn() -> Input, case: Case) -> Case {
    Case { input, ..case }
}

fn piped(name: &str) -> Input {
    Input::Pipe(value(name).to_vec())
}

fn typed_twice(name: &str) -> Input {
    let answer = [value(name), b"\r"].concat();
    Input::Typed(vec![
        ("alue of ".to_owned(), answer.clone()),
        ("once more: ".to_owned(), answer),
    ])
}

fn env_file() -> Vec<u8> {
    [
        b"SHORT=",
        value("SHORT"),
        b"\nLONG='",
        value("LONG"),
        b"'\nMINTED=x\n",
    ]
    .concat()
}

/// At least one line for every command that the program has.
pub const CASES: &[Case] = &[
    ends(&[1], case("init", &["--dry-run"], NOTHING)),
    case("init", &["-C", "fresh"], NOTHING),
    case("create", &["--all", "-e", "production"], NOTHING),
    ends(&[0, 1, 3], case("create", &["--all", "-e", "staging"], NOTHING)),
    case("status", &[], NOTHING),
    ends(&[0, 3], case("remind", &[], NOTHING)),
    case("schedule", &["cron"], NOTHING),
    ends(&[0, 3], case("check", &["-e", "production"], NOTHING)),
    ends(
        &[0, 3],
        case(
            "check",
            &["-e", "production", "--env-file", ".env.broken"],
            NOTHING,
        ),
    ),
    reads(
        || Input::Pipe(env_file()),
        ends(
            &[0, 3],
            case(
                "check",
                &["-e", "production", "--env-file", "-", "--format", "sarif"],
                NOTHING,
            ),
        ),
    ),
    ends(
        &[0, 3],
        case("score", &["-e", "production", "--explain"], NOTHING),
    ),
    ends(&[0, 3], case("score", &["-e", "staging"], NOTHING)),
    ends(
        &[0, 3],
        case("score", &["--env-file", ".env.production"], NOTHING),
    ),
    reads(
        || piped("QUOTED"),
        ends(&[0, 3], case("score", &["-", "--explain"], NOTHING)),
    ),
    reads(
        || piped("BINARY"),
        ends(&[0, 1, 3], case("score", &["-"], NOTHING)),
    ),
    reads(
        || {
            Input::Typed(vec![(
                "Value to judge: ".to_owned(),
                [value("SHORT"), b"\r"].concat(),
            )])
        },
        ends(&[0, 3], case("score", &[], NOTHING)),
    ),
    case("rotate", &["MINTED", "-e", "production"], SINKS),
    case("rotate", &["MINTED", "-e", "production", "--dry-run"], NOTHING),
    ends(
        &[0, 1, 3],
        case(
            "rotate",
            &["SHORT", "-e", "production", "--from-file", "quoted.secret"],
            SINKS,
        ),
    ),
    reads(
        || typed_twice("QUOTED"),
        ends(&[0, 1, 3], case("rotate", &["LONG", "-e", "production"], SINKS)),
    ),
    ends(&[0, 3, 5], case("rotate", &["--due", "-e", "production"], SINKS)),
    case("rollback", &["TURNED", "-e", "production"], SINKS),
    ends(
        &[0, 1, 3],
        case("restore", &["-e", "production", "--at", "2026-11-20"], SINKS),
    ),
    ends(&[0, 1], case("push", &["-e", "production"], SINKS)),
    ends(&[0, 1], case("push", &["-e", "production", "--dry-run"], NOTHING)),
    case("retire", &["TURNED", "-e", "production"], SINKS),
    reads(
        || piped("QUOTED"),
        case("import", &["SHORT", "-e", "production"], NOTHING),
    ),
    reads(
        || piped("BINARY"),
        ends(&[1], case("import", &["SHORT", "-e", "production"], NOTHING)),
    ),
    reads(
        || piped("BINARY"),
        case("import", &["SHORT", "-e", "staging", "--force"], NOTHING),
    ),
    reads(
        || typed_twice("QUOTED"),
        case("import", &["SHORT", "-e", "production"], NOTHING),
    ),
    reads(
        || {
            Input::Typed(vec![
                ("alue of ".to_owned(), [value("SHORT"), b"\r"].concat()),
                ("once more: ".to_owned(), [value("QUOTED"), b"\r"].concat()),
            ])
        },
        ends(&[1], case("import", &["LONG", "-e", "production"], NOTHING)),
    ),
    reads(
        || Input::Typed(vec![("alue of ".to_owned(), [value("LINES"), b"\n"].concat())]),
        ends(&[1], case("import", &["SHORT", "-e", "production"], NOTHING)),
    ),
    case(
        "import",
        &[
            "SHORT",
            "-e",
            "production",
            "--from-file",
            "lines.secret",
            "--force",
        ],
        NOTHING,
    ),
    case(
        "import",
        &["SHORT", "-e", "production", "--from-env", "HANDED_OVER"],
        NOTHING,
    ),
    ends(
        &[0, 1],
        case(
            "import",
            &["--dotenv", ".env.production", "-e", "staging"],
            NOTHING,
        ),
    ),
    ends(
        &[1],
        case("import", &["--dotenv", ".env.broken", "-e", "staging"], NOTHING),
    ),
    ends(&[0, 3], case("diff", &["production", "staging"], NOTHING)),
    case("render", &["-e", "production", "--dialect", "json"], SHOWN),
    case(
        "render",
        &["-e", "production", "--dialect", "k8s", "--out", "out.env"],
        OUT,
    ),
    ends(
        &[0, 1],
        case("render", &["-e", "production", "--dialect", "docker"], SHOWN),
    ),
    case("reveal", &["LINES", "-e", "production"], SHOWN),
    case("reveal", &["BINARY", "-e", "staging"], SHOWN),
    case("run", &["-e", "production", "--no-check", "--", "true"], HANDED),
    ends(
        &[127],
        case(
            "run",
            &["-e", "production", "--no-check", "--", "no-such-program"],
            NOTHING,
        ),
    ),
    ends(
        &[0, 3],
        case("run", &["-e", "production", "--dry-run", "--", "true"], NOTHING),
    ),
    case("generate", &["password", "--count", "3", "--explain"], SHOWN),
    case("generate", &["webhook", "--out", "out.env"], OUT),
    case("history", &[], NOTHING),
    case("verify", &["--deep"], NOTHING),
    ends(&[0, 3], case("doctor", &[], NOTHING)),
    ends(&[0, 3], case("signoff", &["--status"], NOTHING)),
    ends(
        &[0, 1, 3],
        case(
            "signoff",
            &["--role", "security-lead", "-e", "production"],
            NOTHING,
        ),
    ),
    ends(&[0, 3], case("audit", &[], NOTHING)),
    ends(
        &[0, 3],
        case("audit", &["--format", "sarif", "--out", "out.env"], OUT),
    ),
    case(
        "audit",
        &[
            "--evidence",
            "--from",
            "2026-01-01",
            "--to",
            "2026-12-31",
            "--out",
            "out.env",
        ],
        OUT,
    ),
    ends(&[0, 1], case("generate", &["hex", "--osc52"], SHOWN)),
    ends(&[0, 1], case("import", &["--process", "-e", "staging"], NOTHING)),
    case("policy approve", &["--yes"], NOTHING),
    case("policy list", &[], NOTHING),
    case("policy show", &[], NOTHING),
    case("policy explain", &["SHORT"], NOTHING),
    ends(&[0, 1, 3], case("policy lint", &[], NOTHING)),
    case("policy schema", &[], NOTHING),
    case("completions", &["bash"], NOTHING),
    case("man", &[], NOTHING),
];
