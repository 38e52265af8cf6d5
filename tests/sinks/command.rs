//! What is particular to sinks that run programs.

use mintage::ports::Failure;
use mintage::ports::Shown;

use crate::bench::Bench;
use crate::bench::Candidate;

fn bench(sink: &'static str, tool: &'static str) -> Bench {
    let before: &'static [(&'static str, &'static str)] = Box::leak(Box::new([("tool", tool)]));
    Bench::new(Candidate {
        title: "command",
        sink,
        secret: "",
        before,
    })
}

const SET: &str = "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\"]";

#[test]
fn exit_codes_say_what_to_do_next() {
    for (script, failure) in [
        ("exit 65", Failure::Rejected),
        ("exit 69", Failure::Transient),
        ("exit 75", Failure::Transient),
        ("exit 77", Failure::Unauthorised),
        ("exit 1", Failure::Unknown),
        ("exit 255", Failure::Unknown),
        ("kill -TERM $$", Failure::Unknown),
        ("kill -TTIN $$; sleep 20", Failure::Unknown),
    ] {
        let bench = bench(SET, script);

        let error = bench.apply(bench.change(0, &[], &[])).unwrap_err();

        assert_eq!(error.failure, failure, "{script}: {error}");
    }
}

#[test]
fn a_system_that_cannot_be_asked_is_hidden_and_believed() {
    let bench = bench(SET, "cat >held");

    bench.apply(bench.change(0, &[], &[])).unwrap();

    assert_eq!(bench.show().unwrap(), Shown::Hidden);
    bench.test(bench.change(0, &[], &[])).unwrap();
    assert!(bench.read("held") == bench.text(0));
}

#[test]
fn former_values_are_retired_on_standard_input_and_after_the_new_one_is_set() {
    let bench = bench(
        "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\", \"set\", \"{name}\", \"{environment}\"]\n\
         test = [\"sh\", \"tool\", \"test\"]\nretire = [\"sh\", \"tool\", \"retire\"]",
        "{ echo \"$*\"; cat; echo; } >>log",
    );

    bench.apply(bench.change(2, &[1], &[0])).unwrap();
    bench.test(bench.change(2, &[1], &[])).unwrap();

    let expected = format!(
        "set JWT_SECRET production\n{}\nretire\n{}\ntest\n{}\n",
        bench.text(2),
        bench.text(0),
        bench.text(2)
    );
    assert!(bench.read("log") == expected, "the calls are others");
    assert!(bench.sink().abilities().holds_two);
}

#[test]
fn a_value_of_somebody_else_is_shown_as_such() {
    let read =
        "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\"]\nread_fingerprint = [\"sh\", \"tool\"]";
    assert_eq!(
        bench(read, "echo foreign | sha256sum").show().unwrap(),
        Shown::Another
    );
    let error = bench(read, "echo no-digest").show().unwrap_err();
    assert_eq!(error.failure, Failure::Rejected);
    let error = bench(read, "exit 1").show().unwrap_err();
    assert_eq!(error.failure, Failure::Transient);

    let read = "[sinks.it]\ntype = \"command\"\nset = [\"sh\", \"tool\"]\nread_value = [\"sh\", \"tool\"]";
    let shown = bench(read, "echo foreign").show().unwrap();
    assert!(
        matches!(shown, Shown::Values { current: Some(_), .. }),
        "{shown:?}"
    );
    let error = bench(read, "echo foreign-value; echo foreign-value >&2; exit 1")
        .show()
        .unwrap_err();
    assert!(!error.what.contains("foreign"), "{error}");
}

#[test]
fn each_form_of_standard_input_is_what_its_reader_reads() {
    for (form, expected) in [
        ("value", "VALUE"),
        ("env-line", "JWT_SECRET=VALUE\n"),
        ("json", "{\"JWT_SECRET\":\"VALUE\"}"),
        ("kubernetes-patch", "{\"data\":{\"JWT_SECRET\":\"BASE64\"}}"),
    ] {
        let sink = Box::leak(format!("{SET}\nstdin = \"{form}\"").into_boxed_str());
        let bench = bench(sink, "cat >held");

        bench.apply(bench.change(0, &[], &[])).unwrap();

        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bench.text(0));
        let expected = expected
            .replace("VALUE", &bench.text(0))
            .replace("BASE64", &base64);
        assert!(bench.read("held") == expected, "{form}");
    }
}

#[test]
fn what_an_approved_program_is_now_is_looked_at_each_time() {
    let bench = bench(SET, "cat >held");
    bench.apply(bench.change(0, &[], &[])).unwrap();

    // The sink was opened before, so that only another look finds out.
    std::fs::write(bench.path("tool"), "cat >stolen").unwrap();
    let error = bench.apply(bench.change(1, &[], &[])).unwrap_err();

    assert_eq!(error.failure, Failure::Unauthorised);
    assert!(error.what.contains("the file tool was changed"), "{error}");
    assert!(!bench.path("stolen").exists());
}
