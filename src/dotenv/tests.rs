//! Promises of the reader.

use proptest::prelude::*;

use super::*;

fn text(entry: &Entry) -> String {
    String::from_utf8_lossy(entry.value().expose()).into_owned()
}

fn pairs(source: &str) -> Vec<(String, String)> {
    EnvFile::parse(source.as_bytes())
        .entries()
        .map(|entry| (entry.name().to_owned(), text(entry)))
        .collect()
}

fn value(source: &str) -> String {
    let found = pairs(source);
    assert_eq!(found.len(), 1, "{source:?} is one entry");
    found[0].1.clone()
}

fn problems(source: &[u8]) -> Vec<(u32, ProblemKind)> {
    EnvFile::parse(source)
        .problems()
        .map(|problem| (problem.line, problem.kind))
        .collect()
}

#[test]
fn values_read_as_most_readers_read_them() {
    for (source, expected) in [
        ("A=abc", "abc"),
        ("A=abc #note", "abc"),
        ("A=abc\t# note", "abc"),
        ("A=abc#def", "abc#def"),
        ("A=#abc", "#abc"),
        ("A= # nothing", ""),
        ("A=", ""),
        ("A = abc ", "abc"),
        ("A: abc", "abc"),
        ("export A=abc", "abc"),
        ("export=abc", "abc"),
        ("A=a b", "a b"),
        ("A=a=b==", "a=b=="),
        ("A=a\\nb", "a\\nb"),
        ("A=x$HOME", "x$HOME"),
        ("A=pa$$word", "pa$$word"),
        ("A=$(cmd)", "$(cmd)"),
        ("A=\"abc\" # n", "abc"),
        ("A=\"abc\"# n", "abc"),
        ("A=\"a # b\"", "a # b"),
        ("A=\"x${HOME}\"", "x${HOME}"),
        ("A=\"a\\nb\\tc\\rd\"", "a\nb\tc\rd"),
        ("A=\"a\\\"b\\\\c\\$d\\qe\"", "a\"b\\c$d\\qe"),
        ("A='a\\nb$c'", "a\\nb$c"),
        ("A='a\\'b'", "a'b"),
        ("A=`a\"'b`", "a\"'b"),
        ("A=\"one\r\ntwo\"", "one\ntwo"),
        ("A='one\ntwo' # n", "one\ntwo"),
        ("A=it's", "it's"),
        ("\u{feff}A=abc\r\n", "abc"),
    ] {
        assert_eq!(value(source), expected, "{source:?}");
    }
}

#[test]
fn names_may_hold_dots_dashes_and_start_with_a_digit() {
    let names: Vec<_> = pairs("a.b-c=1\n1X=2\n_Y=3\n")
        .into_iter()
        .map(|(name, _)| name)
        .collect();

    assert_eq!(names, ["a.b-c", "1X", "_Y"]);
}

#[test]
fn the_last_of_two_counts_and_both_are_reported() {
    let file = EnvFile::parse(b"A=1\nB=x\nA=2\nA=3\n");

    assert_eq!(file.last("A").map(text).as_deref(), Some("3"));
    assert_eq!(file.entries().count(), 4);
    assert_eq!(
        file.problems().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "line 3: `A`: assigned twice, first on line 1: most readers take the last",
            "line 4: `A`: assigned twice, first on line 3: most readers take the last",
        ]
    );
    assert!(file.last("C").is_none());
}

#[test]
fn a_broken_line_costs_that_line_only() {
    for (source, kind) in [
        ("A=\"open\nB=1\n", ProblemKind::UnterminatedQuote),
        ("A='open\nB=1\n", ProblemKind::UnterminatedQuote),
        ("A=\"x\"y\nB=1\n", ProblemKind::TextAfterQuote),
        ("A='it'\"'\"'s'\nB=1\n", ProblemKind::TextAfterQuote),
        ("A\nB=1\n", ProblemKind::MissingEquals),
        ("just some words\nB=1\n", ProblemKind::Unreadable),
        ("=x\nB=1\n", ProblemKind::Unreadable),
        ("http://x\nB=1\n", ProblemKind::Unreadable),
        ("é=x\nB=1\n", ProblemKind::Unreadable),
    ] {
        assert_eq!(pairs(source), [("B".to_owned(), "1".to_owned())], "{source:?}");
        assert_eq!(problems(source.as_bytes()), [(1, kind)], "{source:?}");
    }
}

#[test]
fn a_stray_quote_does_not_swallow_the_next_quoted_line() {
    assert_eq!(
        pairs("A=\"abc\nB=1\nC=\"x\"\n"),
        [("B".to_owned(), "1".to_owned()), ("C".to_owned(), "x".to_owned())]
    );
}

#[test]
fn marks_of_a_merge_are_unreadable_and_both_sides_are_read() {
    let source = "<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> other\n";

    assert_eq!(pairs(source).len(), 2);
    assert_eq!(
        problems(source.as_bytes()),
        [
            (1, ProblemKind::ConflictMarker),
            (3, ProblemKind::ConflictMarker),
            (4, ProblemKind::Duplicate { earlier: 2 }),
            (5, ProblemKind::ConflictMarker),
        ]
    );
}

#[test]
fn bytes_that_some_readers_refuse_are_reported() {
    assert_eq!(
        problems(b"\xef\xbb\xbfA=1\r\nB=\xff\r\nC=a#b\r\n"),
        [
            (1, ProblemKind::ByteOrderMark),
            (1, ProblemKind::CarriageReturn),
            (2, ProblemKind::NotUtf8),
            (3, ProblemKind::HashInValue),
        ]
    );
}

#[test]
fn lines_of_an_unquoted_key_are_not_taken_for_variables() {
    let begin = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let end = ["-----END ", "PRIVATE KEY-----"].concat();
    let source = format!("A={begin}\nabcdef==\nghi=\n{end}\nB=1\n");

    let names: Vec<_> = pairs(&source).into_iter().map(|(name, _)| name).collect();

    assert_eq!(names, ["A", "B"]);
    assert_eq!(problems(source.as_bytes()), [(1, ProblemKind::UnquotedPem)]);
}

#[test]
fn comments_directly_above_describe_an_entry() {
    let file =
        EnvFile::parse(b"# lost\n\n# ==== Mail ====\n# ------------\n# who sends\nA=1 # inline\nB=2\n");
    let entries: Vec<_> = file.entries().collect();

    assert_eq!(entries[0].comment(), Some("Mail who sends"));
    assert_eq!(entries[0].note(), Some("inline"));
    assert_eq!(entries[1].comment(), None);
}

#[test]
fn assignments_that_are_switched_off_are_found() {
    let file = EnvFile::parse(
        b"# why\n# A_KEY=one\n#BB=\"two\" # n\n#  export CC=3\n# Set NODE_ENV=production first\n# note: x\n# a_b=4\n# x=5\n# D='open\n",
    );
    let found: Vec<_> = file
        .commented_out()
        .map(|entry| (entry.name().to_owned(), text(entry), entry.line()))
        .collect();

    assert_eq!(
        found,
        [
            ("A_KEY".to_owned(), "one".to_owned(), 2),
            ("BB".to_owned(), "two".to_owned(), 3),
            ("CC".to_owned(), "3".to_owned(), 4),
            ("a_b".to_owned(), "4".to_owned(), 7),
        ]
    );
    assert_eq!(file.commented_out().next().and_then(Entry::comment), Some("why"));
    assert_eq!(file.entries().count(), 0);
}

#[test]
fn line_numbers_count_the_lines_inside_a_value() {
    let file = EnvFile::parse(b"A=\"1\n2\r\n3\"\nB=1\n");

    assert_eq!(file.last("B").map(Entry::line), Some(4));
}

#[test]
fn debug_output_shows_no_value_and_no_comment() {
    let file =
        EnvFile::parse(b"# canary-comment\nA=canary-value # canary-note\n# B=canary-off\ncanary line\n");

    assert!(!format!("{file:?}").contains("canary"));
    assert!(
        !file
            .problems()
            .any(|problem| problem.to_string().contains("canary"))
    );
}

#[test]
fn spans_of_values_spell_the_values() {
    let source = b"export A = \"x y\" # n\nB=abc # n\nC=\n";
    let file = EnvFile::parse(source);
    let spelled: Vec<_> = file.entries().map(|entry| &source[entry.value_span()]).collect();

    assert_eq!(spelled, [b"\"x y\"".as_slice(), b"abc", b""]);
    assert!(file.entries().next().is_some_and(Entry::is_exported));
}

fn assert_lossless(source: &[u8]) {
    let file = EnvFile::parse(source);
    let mut at = 0;
    let mut number = 0;
    for line in file.lines() {
        assert_eq!(line.span().start, at);
        assert!(line.number() > number);
        if let Content::Entry(entry) | Content::CommentedOut(entry) = line.content() {
            assert!(line.span().start <= entry.value_span().start);
            assert!(entry.value_span().end <= line.span().end);
            assert!(entry.value().len() <= entry.value_span().len());
        }
        at = line.span().end;
        number = line.number();
    }
    assert_eq!(at, source.len());
}

proptest! {
    #[test]
    fn lines_cover_any_bytes_exactly(source in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_lossless(&source);
    }

    #[test]
    fn lines_cover_anything_like_an_env_file_exactly(
        source in "(\u{feff})?([A-C\"'`#\\\\\n\r $=:]|export |-----BEGIN|-----END|=======|\r\n){0,60}"
    ) {
        assert_lossless(source.as_bytes());
    }

    #[test]
    fn a_plain_value_reads_as_it_is_written(value in "[A-Za-z0-9_./:@%+,=^-]{0,80}") {
        prop_assert_eq!(super::tests::value(&format!("A={value}\n")), value);
    }
}
