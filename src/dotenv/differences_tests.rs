//! What is said of lines that readers disagree about.

use super::*;

fn said(source: &str) -> Vec<String> {
    let file = EnvFile::parse(source.as_bytes());
    differences(&file, &Dialect::ALL)
        .iter()
        .map(|found| format!("{}:{}: {found}", found.name.as_deref().unwrap_or("-"), found.line))
        .collect()
}

#[test]
fn what_all_read_alike_is_not_mentioned() {
    assert!(said("A=abc\nB=a-b_c.d/e:f@g%h+i,j=k^l\n# c\n\nC=\n").is_empty());
}

#[test]
fn each_reader_is_named_with_what_it_makes_of_the_value() {
    for (line, expected) in [
        ("A='x'", "docker run keeps the quotes in the value"),
        (
            "A=abc #note",
            "docker run and systemd keep the comment in the value",
        ),
        (
            "A=abc#def",
            "dotenv of node and node --env-file end the value at the `#`",
        ),
        (
            "A='x' # n",
            "docker run keeps the quotes and the comment in the value; systemd keeps the comment in the value",
        ),
        (
            "A=x$HOME",
            "docker compose and a shell put other variables in its place",
        ),
        (
            "A=\"a\\nb\"",
            "docker run keeps the quotes in the value; systemd and a shell read the backslashes otherwise",
        ),
        ("A='a\nb=c'", "docker run takes its first line only"),
        ("A=a&b", "a shell runs a command"),
        (
            "A=`a`",
            "python-dotenv, docker compose, docker run and systemd keep the quotes in the value; a shell runs a command",
        ),
    ] {
        let found = said(&format!("{line}\n"));
        let found: Vec<&str> = found
            .iter()
            .map(|text| text.strip_prefix("A:1: ").unwrap_or(text))
            .collect();
        let mut expected: Vec<&str> = expected.split("; ").collect();
        let mut all: Vec<&str> = found.iter().flat_map(|text| text.split("; ")).collect();
        expected.sort_unstable();
        all.sort_unstable();
        assert_eq!(all, expected, "{line:?}");
    }
}

#[test]
fn a_reader_that_refuses_the_file_is_named_once_and_left_out() {
    assert_eq!(
        said("# c\nexport A='x'\nB='y'\n"),
        [
            "-:2: docker run refuses the whole file: white space in a name, as `export` leaves it",
            "A:2: systemd does not see it",
        ]
    );
    assert_eq!(
        said("A=1\r\nB=\"open\nC=2\n"),
        [
            "-:2: docker compose refuses the whole file: a quote that is never closed",
            "-:2: a shell refuses the whole file: a quote that is never closed",
            "B:2: dotenv of node, node --env-file, docker run and systemd read a value from this line",
            "C:3: systemd does not see it",
        ]
    );
}

#[test]
fn a_pasted_value_is_not_taken_for_a_name() {
    let source = "canary-value\n=canary\n";
    for dialect in Dialect::ALL {
        let shown = format!("{:?}", dialect.read(source.as_bytes()));
        assert!(!shown.contains("canary"), "{shown}");
    }
    let shown = said("canary-value\n=canary\ncanary value\n'canary'=x\n").concat();

    assert!(!shown.contains("canary"), "{shown}");
}
