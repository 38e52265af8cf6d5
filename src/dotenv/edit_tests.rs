//! Promises of an edit: one line changes, and the value is read back.

use super::*;
use crate::secret::SecretValue;

fn secret(text: &str) -> SecretValue {
    SecretValue::new(text.as_bytes().to_vec())
}

fn text(file: &EnvFile) -> String {
    String::from_utf8_lossy(file.source().expose()).into_owned()
}

fn set(source: &str, name: &str, value: &str, dialects: &[Dialect]) -> (String, Edit) {
    let mut file = EnvFile::parse(source.as_bytes());
    let edit = file.set(name, &secret(value), dialects).unwrap();
    (text(&file), edit)
}

#[test]
fn the_edited_line_keeps_its_style() {
    for (source, value, expected) in [
        ("A=old\n", "new", "A=new\n"),
        ("A=old", "new", "A=new"),
        (
            "export A=old # why\r\nB=1\r\n",
            "new",
            "export A=new # why\r\nB=1\r\n",
        ),
        (
            "\u{feff}A = \"old\"  # why\n",
            "new",
            "\u{feff}A = \"new\"  # why\n",
        ),
        ("  A: 'old'\n", "a b", "  A: 'a b'\n"),
        ("A=`old`\n", "a'b\"c", "A=`a'b\"c`\n"),
        ("A=old # why\n", "a b", "A='a b' # why\n"),
        ("A=old # why\n", "it's", "A=\"it's\" # why\n"),
        ("A='old'\n", "it's", "A=\"it's\"\n"),
        ("A=\"old\"\n", "x\"y", "A='x\"y'\n"),
        ("A=\"1\n2\" # n\nB=1\n", "new", "A=\"new\" # n\nB=1\n"),
        ("A=\"-\\n-\"\n", "a\nb", "A=\"a\\nb\"\n"),
        ("A=\"-\"\n", "a\nb", "A=\"a\nb\"\n"),
        ("A=\n", "new", "A=new\n"),
        ("A= # none yet\n", "new", "A=new # none yet\n"),
        ("A=old\n", "", "A=\n"),
    ] {
        assert_eq!(set(source, "A", value, &[]).0, expected, "{source:?}");
    }
}

#[test]
fn the_assignment_that_counts_is_edited_and_the_others_are_reported() {
    let (file, edit) = set("A=1\nB=2\nA=3\nA=4 # last\n", "A", "5", &[]);

    assert_eq!(file, "A=1\nB=2\nA=3\nA=5 # last\n");
    assert_eq!(edit.change, Change::Replaced);
    assert_eq!((edit.line, edit.shadowed), (4, vec![1, 3]));
}

#[test]
fn a_value_that_is_there_is_left_alone() {
    let (file, edit) = set("A=\"same\"\n", "A", "same", &[Dialect::Dotenv]);

    assert_eq!((file.as_str(), edit.change), ("A=\"same\"\n", Change::Unchanged));
}

#[test]
fn a_switched_off_assignment_is_switched_on() {
    let (file, edit) = set("# AB=first\n#  export AB=\"old\" # why\nB=1\n", "AB", "new", &[]);

    assert_eq!(file, "# AB=first\nexport AB=\"new\" # why\nB=1\n");
    assert_eq!((edit.change, edit.line), (Change::CommentedIn, 2));
}

#[test]
fn a_new_variable_goes_to_the_end() {
    for (source, expected) in [
        ("", "A_B=new\n"),
        ("\u{feff}", "\u{feff}A_B=new\n"),
        ("B=1\n", "B=1\nA_B=new\n"),
        ("B=1\r\n", "B=1\r\nA_B=new\r\n"),
        ("B=1", "B=1\nA_B=new"),
        ("B=1\r\n# end", "B=1\r\n# end\r\nA_B=new"),
    ] {
        let (file, edit) = set(source, "A_B", "new", &[]);

        assert_eq!(file, expected, "{source:?}");
        assert_eq!(edit.change, Change::Added);
        assert_eq!(
            EnvFile::parse(file.as_bytes()).last("A_B").map(Entry::line),
            Some(edit.line)
        );
    }
}

#[test]
fn every_dialect_that_is_asked_for_reads_the_value() {
    let all_but_docker = [
        Dialect::Dotenv,
        Dialect::Node,
        Dialect::Python,
        Dialect::Compose,
        Dialect::Systemd,
        Dialect::Shell,
    ];
    assert_eq!(set("A=old\n", "A", "a$b c", &all_but_docker).0, "A='a$b c'\n");
    assert_eq!(set("A=\"old\"\n", "A", "a$b", &[Dialect::Shell]).0, "A='a$b'\n");
    assert_eq!(set("A=old\n", "A", "a$b c", &[Dialect::Docker]).0, "A=a$b c\n");

    let mut file = EnvFile::parse(b"B=1\nA=old # why\n");
    let refused = file
        .set("A", &secret("new"), &[Dialect::Dotenv, Dialect::Docker])
        .unwrap_err();
    assert_eq!(
        refused,
        EditError::Unspellable {
            line: 2,
            dialects: vec![Dialect::Docker]
        }
    );
    assert_eq!(text(&file), "B=1\nA=old # why\n");
}

#[test]
fn an_edit_may_heal_a_file_that_a_dialect_refuses_but_not_the_rest_of_it() {
    assert_eq!(set("A=pa${.\n", "A", "new", &[Dialect::Compose]).0, "A=new\n");

    let mut file = EnvFile::parse(b"export B=1\nA=old\n");
    let refused = file.set("A", &secret("new"), &[Dialect::Docker]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "docker run refuses the file: line 1: white space in a name, as `export` leaves it"
    );
}

#[test]
fn names_that_no_file_can_hold_are_refused() {
    let mut file = EnvFile::parse(b"");

    for name in ["", "A B", "A=B", "A\nB", "é"] {
        assert_eq!(
            file.set(name, &secret("x"), &[]),
            Err(EditError::InvalidName),
            "{name:?}"
        );
    }
}

#[test]
fn removing_takes_every_assignment_out_and_leaves_the_rest() {
    let mut file = EnvFile::parse("\u{feff}A=1\n# A=off\nB=2\r\nexport A=\"x\ny\"\nC=3".as_bytes());

    assert_eq!(file.remove("A"), [1, 4]);
    assert_eq!(text(&file), "\u{feff}# A=off\nB=2\r\nC=3");
    assert!(file.remove("A").is_empty());
}

#[test]
fn commenting_in_keeps_the_value_that_stands_there() {
    let mut file = EnvFile::parse(b"# why\n## A_B='x y' # n\r\nB=1\n");

    let edit = file.comment_in("A_B").unwrap();

    assert_eq!((edit.change, edit.line), (Change::CommentedIn, 2));
    assert_eq!(text(&file), "# why\nA_B='x y' # n\r\nB=1\n");
    assert_eq!(file.comment_in("A_B"), None);
    assert_eq!(file.comment_in("C"), None);
}

#[test]
fn no_value_is_in_an_error_or_in_debug_output() {
    let mut file = EnvFile::parse(b"A=canary-old # c\n");
    let refused = file
        .set("A", &secret("canary new"), &[Dialect::Docker])
        .unwrap_err();

    assert!(!format!("{refused:?} {refused} {file:?}").contains("canary"));
}

#[test]
fn a_pem_block_without_quotes_is_replaced_and_removed_as_a_whole() {
    let begin = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let end = ["-----END ", "PRIVATE KEY-----"].concat();
    let source = format!("B=1\nA={begin}\nabcdef==\nghi=\n{end}\nC=2\n");

    assert_eq!(set(&source, "A", "new", &[]).0, "B=1\nA=new\nC=2\n");
    let mut file = EnvFile::parse(source.as_bytes());
    assert_eq!(file.remove("A"), [2]);
    assert_eq!(text(&file), "B=1\nC=2\n");
}
