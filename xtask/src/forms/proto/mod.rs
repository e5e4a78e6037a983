//! The forms as protobuf messages, and the service that takes and gives them.

mod build;
mod print;

pub(crate) use build::file_of;
pub(crate) use print::print;

/// A `.proto` file.
pub(crate) struct ProtoFile {
    pub(crate) rpcs: Vec<Rpc>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
}

pub(crate) struct Rpc {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) request: String,
    pub(crate) answer: String,
    pub(crate) answers: Answers,
}

/// How many messages answer a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    One,
    Stream,
}

pub(crate) struct Message {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Fields,
    pub(crate) nested: Vec<Message>,
}

pub(crate) enum Fields {
    All(Vec<Field>),
    /// Exactly one of these.
    OneOf(String, Vec<Field>),
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) label: Label,
    pub(crate) type_name: String,
    /// The name of the engine's type where the type says only that it is text.
    pub(crate) meaning: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Has the zero of its type where nothing was said; a message may be absent.
    Plain,
    Optional,
    Repeated,
}

pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// Without the zero, which every enum has.
    pub(crate) values: Vec<(String, String)>,
    pub(crate) usual: Option<String>,
}

/// Writes `place_order` as `PlaceOrder`.
pub(super) fn pascal(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    for part in name.split(['_', '-']) {
        let mut letters = part.chars();
        pascal.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        pascal.push_str(letters.as_str());
    }
    pascal
}

/// Writes `CostingMethod` as `COSTING_METHOD`, and `half-even` as `HALF_EVEN`.
fn upper(name: &str) -> String {
    super::serde_words::split(name, '_').replace('-', "_").to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_protobuf_writes_them() {
        assert_eq!(pascal("place_order"), "PlaceOrder");
        assert_eq!(upper("CostingMethod"), "COSTING_METHOD");
        assert_eq!(upper("half-even"), "HALF_EVEN");
    }
}
