//! What does not fit, and where.

use super::words;
use serde::de::{Error, Expected, Unexpected};
use std::fmt::{self, Display};

/// A value that does not fit where it stands.
#[derive(Debug)]
pub(crate) struct Unfit {
    /// From the inside out.
    steps: Vec<Step>,
    problem: String,
}

#[derive(Debug)]
enum Step {
    Field(String),
    Place(usize),
}

impl Unfit {
    /// What is wrong.
    pub(crate) fn problem(&self) -> &str {
        &self.problem
    }

    /// Where: `lines[1].quantity`, or nothing for the whole.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Field(name) if path.is_empty() => path.push_str(name),
                Step::Field(name) => path.extend([".", name]),
                Step::Place(place) => path.push_str(&format!("[{place}]")),
            }
        }
        path
    }

    /// Says that it is in this field of what is around it.
    pub(super) fn in_field(mut self, name: &str) -> Unfit {
        self.steps.push(Step::Field(name.to_owned()));
        self
    }

    /// Says that it is in this place of what is around it.
    pub(super) fn in_place(mut self, place: usize) -> Unfit {
        self.steps.push(Step::Place(place));
        self
    }
}

impl Error for Unfit {
    fn custom<T: Display>(problem: T) -> Unfit {
        Unfit { steps: Vec::new(), problem: problem.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Unfit {
        Unfit::custom(format!("it must be {}, and is {}", words::expected(&expected.to_string()), words::found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Unfit {
        Unfit::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Unfit {
        Unfit::custom(format!("it must be {}, and has {length} values", words::expected(&expected.to_string())))
    }

    fn unknown_variant(name: &str, expected: &'static [&'static str]) -> Unfit {
        Unfit::custom(format!("it must be one of {}, and is {}", expected.join(", "), words::text(name)))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Unfit {
        Unfit::custom(match expected {
            [] => "there is no such field; there is none".to_owned(),
            known => format!("there is no such field; there are {}", known.join(", ")),
        })
    }

    fn missing_field(name: &'static str) -> Unfit {
        Unfit::custom(format!("the field {name} is missing"))
    }

    fn duplicate_field(name: &'static str) -> Unfit {
        Unfit::custom(format!("the field {name} is there twice"))
    }
}

impl Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Unfit {}
