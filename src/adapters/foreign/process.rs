//! The environment of this process.

use crate::adapters::foreign::Given;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// Takes the variables of this process as a source.
pub fn process(variables: Vec<(String, SecretValue)>) -> Box<dyn ForeignSource> {
    Box::new(Given {
        entries: variables,
        changed: None,
        remains: vec![Remainder {
            place: "the environment of this shell and of what it started".to_owned(),
            cure:
                "unset the variables, take them out of the files that set them, and start the programs anew"
                    .to_owned(),
        }],
    })
}
