//! Every consumer: 10,000 values through each of its parsers, and one value planted that each of them changes.

use mintage::policy::Embed;

use crate::changed;
use crate::minted::COUNT;
use crate::minted::values_for;
use crate::oracle;
use crate::parsers;
use crate::parsers::Parser;

/// Makes one test for each consumer; no consumer can be forgotten, since the match has to cover them all.
macro_rules! survives {
    ($($test:ident: $consumer:ident),+ $(,)?) => {
        $(#[test]
        fn $test() {
            nothing_changes(Embed::$consumer);
        })+

        #[test]
        fn every_consumer_is_tested() {
            assert_eq!(Embed::ALL.to_vec(), [$(Embed::$consumer),+]);
        }
    };
}

survives! {
    values_survive_in_compose_files: Compose,
    values_survive_in_docker_env_files: Docker,
    values_survive_in_env_files: Dotenv,
    values_survive_in_json: Json,
    values_survive_in_password_files_of_postgresql: Pgpass,
    values_survive_in_php: Php,
    values_survive_in_shells: Shell,
    values_survive_in_systemd: Systemd,
    values_survive_in_urls: Url,
    values_survive_in_yaml: Yaml,
}

fn nothing_changes(consumer: Embed) {
    let values = values_for(consumer);
    assert_eq!(values.len(), COUNT);
    let parsers = parsers_of(consumer);
    assert!(!parsers.is_empty());
    for (name, parser, planted) in parsers {
        let changes = changed(parser, &values);
        assert!(changes.is_empty(), "{name} changes {} values", changes.len());

        let with_planted = ["Before1", planted, "After1"].map(str::to_owned);
        assert_eq!(
            changed(parser, &with_planted),
            [1],
            "the comparison does not see that {name} changes a value"
        );
    }
}

/// Returns the parsers of a consumer, each with a value that it changes.
fn parsers_of(consumer: Embed) -> Vec<(&'static str, Parser, &'static str)> {
    let dotenv: [(_, Parser, _); 3] = [
        ("dotenv of node", parsers::dotenv_of_node, "ab#cd"),
        ("node --env-file", parsers::env_file_of_node, "ab#cd"),
        ("python-dotenv", parsers::dotenv_of_python, "ab #cd"),
    ];
    let shells: [(_, Parser, _); 2] = [
        ("bash", parsers::bash, "ab$$cd"),
        ("dash", parsers::dash, "ab\\cd"),
    ];
    let systemd: (_, Parser, _) = ("systemd", parsers::systemd, "ab\\cd");
    let docker: (_, Parser, _) = ("the oracle of docker", oracle::docker, "ab\ncd");
    let compose: (_, Parser, _) = ("the oracle of compose", oracle::compose, "ab$cd");
    match consumer {
        Embed::Compose => vec![compose, ("PyYAML", parsers::yaml, "0755123")],
        Embed::Docker => vec![docker],
        // What is safe in one env file is safe in all dialects.
        Embed::Dotenv => [dotenv.as_slice(), &shells, &[systemd, docker, compose]].concat(),
        Embed::Json => vec![
            ("JSON of node", parsers::json_of_node, "ab\\ncd"),
            ("JSON of Python", parsers::json_of_python, "ab\\ncd"),
        ],
        Embed::Pgpass => vec![
            ("a password file in libpq", parsers::pgpass, "ab:cd"),
            ("keywords in libpq", parsers::keywords_of_libpq, "ab\\cd"),
        ],
        Embed::Php => vec![
            ("PHP in single quotes", parsers::php_in_single_quotes, "ab\\\\cd"),
            ("PHP in double quotes", parsers::php_in_double_quotes, "ab$cd"),
            ("an INI file in PHP", parsers::php_ini, "ab;cd"),
        ],
        Embed::Shell => shells.to_vec(),
        Embed::Systemd => vec![systemd],
        Embed::Url => vec![
            ("urllib", parsers::url_of_python, "ab%41cd"),
            ("URL of node", parsers::url_of_node, "ab%41cd"),
            ("a URL in libpq", parsers::url_of_libpq, "ab%41cd"),
        ],
        Embed::Yaml => vec![("PyYAML", parsers::yaml, "12:30:45")],
        other => panic!("no parser for {}", other.name()),
    }
}
