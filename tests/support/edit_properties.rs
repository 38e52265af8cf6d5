//! What holds for any env file and any edit of it. Property tests and the fuzz target check the same.

use mintage::dotenv::Change;
use mintage::dotenv::Content;
use mintage::dotenv::Dialect;
use mintage::dotenv::EnvFile;
use mintage::dotenv::Form;
use mintage::dotenv::Line;
use mintage::dotenv::Outcome;
use mintage::dotenv::Variable;
use mintage::dotenv::WriteError;
use mintage::dotenv::differences;
use mintage::dotenv::write;
use mintage::secret::SecretValue;

/// Checks everything with one input: a byte for the readers of an edit and for a form, a value up to the first NUL, then
/// a file.
pub fn assert_all(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else {
        return;
    };
    let dialects = DIALECTS[usize::from(*choice) % DIALECTS.len()];
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(0);
    let (value, file) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
    assert_read(file);
    let name = if choice & 1 == 0 { "A" } else { "AB" };
    assert_set(file, name, value, dialects);
    assert_removed(file, name);
    assert_written(
        Form::ALL[usize::from(*choice) / DIALECTS.len() % Form::ALL.len()],
        value,
        file,
    );
}

/// Reads a file in every way, and checks that its lines cover it byte for byte.
pub fn assert_read(source: &[u8]) {
    let file = EnvFile::parse(source);
    assert!(file.source().expose() == source, "reading changed the file");
    let mut at = 0;
    for line in file.lines() {
        let span = line.span();
        assert_eq!(span.start, at, "a gap between lines");
        if let Content::Entry(entry) | Content::CommentedOut(entry) = line.content() {
            assert!(span.start <= entry.value_span().start && entry.value_span().end <= span.end);
        }
        at = span.end;
    }
    assert_eq!(at, source.len(), "lines do not reach the end");
    for difference in differences(&file, &Dialect::ALL) {
        assert!(!difference.sights.is_empty(), "a difference that says nothing");
        assert!(!difference.to_string().is_empty());
    }
}

/// Sets one variable, and checks that every byte but those of its line is kept, and the value read back everywhere.
pub fn assert_set(source: &[u8], name: &str, value: &[u8], dialects: &[Dialect]) {
    let before = EnvFile::parse(source);
    let mut file = EnvFile::parse(source);
    let value = SecretValue::new(value.to_vec());
    let Ok(edit) = file.set(name, &value, dialects) else {
        assert!(
            file.source() == before.source(),
            "a refused edit changed the file"
        );
        return;
    };
    let after = file.source().expose();
    let read = EnvFile::parse(after);
    assert!(
        read.last(name).is_some_and(|entry| *entry.value() == value),
        "the value is not read back"
    );
    for dialect in dialects {
        let reading = dialect.read(after);
        let outcome = reading.last(name).map(|found| found.outcome());
        assert!(
            matches!(outcome, Some(Outcome::Value(found)) if *found == value),
            "not read back in {dialect:?}"
        );
    }
    if edit.change == Change::Added {
        assert!(after.starts_with(source), "bytes before the new line changed");
        return;
    }
    let (old, new) = (line(&before, edit.line).span(), line(&read, edit.line).span());
    assert!(
        source[..old.start] == after[..new.start],
        "bytes before the line changed"
    );
    assert!(
        source[old.end..] == after[new.end..],
        "bytes behind the line changed"
    );
}

fn line(file: &EnvFile, number: u32) -> &Line {
    file.lines()
        .iter()
        .find(|line| line.number() == number)
        .expect("the line of the edit")
}

/// Removes a variable and switches it on, and checks that nothing else goes.
pub fn assert_removed(source: &[u8], name: &str) {
    let mut file = EnvFile::parse(source);
    let before = file.entries().count();
    let others = |file: &EnvFile| file.entries().filter(|entry| entry.name() != name).count();
    let (kept, removed) = (others(&file), file.remove(name).len());
    assert_eq!(before, kept + removed);
    assert!(others(&file) >= kept, "a line of another variable is gone");
    let mut file = EnvFile::parse(source);
    if file.comment_in(name).is_some() {
        assert!(file.source().len() < source.len());
        assert!(file.last(name).is_some());
    }
}

/// Writes two variables, and checks that what is written was read back.
pub fn assert_written(form: Form, first: &[u8], second: &[u8]) {
    let variables = [("A", first), ("B", second)].map(|(name, value)| Variable {
        name: name.parse().expect("a name"),
        value: SecretValue::new(value.to_vec()),
    });
    match write(form, "fuzz", &variables) {
        Ok(text) => assert!(!text.is_empty()),
        Err(error) => assert_ne!(error, WriteError::NotReadBack, "{}", form.name()),
    }
}

/// Combinations of readers for edits.
pub const DIALECTS: [&[Dialect]; 9] = [
    &[],
    &[Dialect::Dotenv],
    &[Dialect::Node],
    &[Dialect::Python],
    &[Dialect::Compose],
    &[Dialect::Docker],
    &[Dialect::Systemd],
    &[Dialect::Shell],
    &[Dialect::Dotenv, Dialect::Compose, Dialect::Shell],
];
