use std::collections::BTreeMap;

use super::super::model::{
    self, Case, Content, Described, Flow, Form, Missing, Model, Paging, Question, Record, Shape,
};
use super::super::serde_words::split;
use super::{Answers, Enum, Field, Fields, Label, Message, ProtoFile, Rpc, pascal, upper};

/// A message that holds a list: where it matters whether there is one, a bare list cannot tell.
const VALUES: &str = "values";
const SORT: &str = "In which order: a field of its rows such as `placed_at`, which the list names where another one is said; with a \
                    minus, as in `-placed_at`, the largest or the newest first.";
const LIMIT: &str = "At most so many rows; as many as a page may have where it is zero or more than that.";
/// The field of a message that may be there and hold nothing.
const VALUE: &str = "value";

/// Makes the file from the model.
pub(crate) fn file_of(model: &Model) -> Result<ProtoFile, String> {
    let mut making = Making { model, messages: BTreeMap::new(), enums: BTreeMap::new() };
    let mut rpcs = Vec::new();
    for command in &model.commands {
        let request = making.reach(&command.request)?;
        let doc = model.types.get(&command.request).map(|described| described.doc.as_str()).unwrap_or_default();
        rpcs.push(rpc(&pascal(&command.name), doc, &request, "Reply", Answers::One));
    }
    for question in &model.questions {
        let request = making.question(question)?;
        let answer = making.reach(&question.answer)?;
        rpcs.push(rpc(&pascal(&question.name), &question.doc, &request, &answer, Answers::One));
    }
    rpcs.push(rpc("Batch", BATCH, "BatchRequest", "BatchReply", Answers::One));
    rpcs.push(rpc("Events", EVENTS, "EventsRequest", "Event", Answers::Stream));
    making.own_messages()?;
    let (messages, enums) = (making.messages.into_values().collect(), making.enums.into_values().collect());
    Ok(ProtoFile { rpcs, messages, enums })
}

const BATCH: &str =
    "Has commands done in this order, each for itself: one that is refused does not stop those after it.";
const EVENTS: &str = "Tells what happened, oldest first, and goes on telling what happens. A reader that was cut off \
    asks for what comes after the last offset that it has seen, and so hears every event exactly once. The status that \
    ends it has a reason: `resync` where events were missed, `unread` where the reader did not read, `stopped` where the \
    server ends.";

fn rpc(name: &str, doc: &str, request: &str, answer: &str, answers: Answers) -> Rpc {
    let [name, doc, request, answer] = [name, doc, request, answer].map(str::to_owned);
    Rpc { name, doc, request, answer, answers }
}

struct Making<'a> {
    model: &'a Model,
    messages: BTreeMap<String, Message>,
    enums: BTreeMap<String, Enum>,
}

impl Making<'_> {
    /// Makes a type and everything that it is made of; gives its name in protobuf.
    fn reach(&mut self, name: &str) -> Result<String, String> {
        let model = self.model;
        let Described { doc, flow, form } = model.types.get(name).ok_or_else(|| format!("there is no {name}"))?;
        let is_request = model.commands.iter().any(|command| command.request == name);
        let here = if is_request { format!("{name}Request") } else { name.to_owned() };
        if self.messages.contains_key(&here) || self.enums.contains_key(&here) {
            return Ok(here);
        }
        match form {
            Form::Text(_) => return Ok("string".to_owned()),
            Form::As(shape) => return self.type_of(shape),
            Form::Words(words, usual) => {
                let values = words.iter().map(|word| (upper(&word.name), word.doc.clone())).collect();
                let made = Enum { name: here.clone(), doc: doc.clone(), values, usual: usual.as_deref().map(upper) };
                self.enums.insert(here.clone(), made);
            }
            Form::Record(record) => {
                let fields = self.fields(record, *flow)?;
                self.add(&here, doc, Fields::All(fields), Vec::new());
            }
            Form::Choice(cases) | Form::Tagged(_, cases) => {
                let mut nested = Vec::new();
                let mut fields = Vec::with_capacity(cases.len());
                for case in cases {
                    fields.push(self.case(case, *flow, &mut nested)?);
                }
                self.add(&here, doc, Fields::OneOf(split(name, '_'), fields), nested);
            }
        }
        Ok(here)
    }

    fn add(&mut self, name: &str, doc: &str, fields: Fields, nested: Vec<Message>) {
        self.messages.insert(name.to_owned(), message(name, doc, fields, nested));
    }

    fn fields(&mut self, record: &Record, flow: Flow) -> Result<Vec<Field>, String> {
        record.fields.iter().map(|field| self.field(field, flow)).collect()
    }

    fn field(&mut self, field: &model::Field, flow: Flow) -> Result<Field, String> {
        let may_be_missing = !field.is_required(flow);
        let (label, shape) = match field.shape(flow) {
            // Kept, or set to something or to nothing: an absent message, one that holds something, an empty one.
            Shape::Optional(inner) if flow == Flow::In && field.read == Missing::Kept => {
                (Label::Plain, Shape::Named(self.holder_of(inner)?))
            }
            Shape::List(inner) if flow == Flow::In && field.read == Missing::Kept => {
                (Label::Plain, Shape::Named(self.list_of(inner)?))
            }
            Shape::Optional(inner) => match &**inner {
                Shape::List(inner) => (Label::Plain, Shape::Named(self.list_of(inner)?)),
                inner => (Label::Optional, inner.clone()),
            },
            // A list that is left out is an empty one.
            Shape::List(inner) => (Label::Repeated, (**inner).clone()),
            shape => (if may_be_missing { Label::Optional } else { Label::Plain }, shape.clone()),
        };
        self.labelled(&field.name, &field.doc, label, &shape)
    }

    fn labelled(&mut self, name: &str, doc: &str, label: Label, shape: &Shape) -> Result<Field, String> {
        let type_name = match shape {
            Shape::Named(made) if self.messages.contains_key(made) => made.clone(),
            shape => self.type_of(shape)?,
        };
        // Whether a message is there can always be told.
        let is_message = self.messages.contains_key(&type_name);
        let label = if is_message && label == Label::Optional { Label::Plain } else { label };
        let meaning = match shape {
            Shape::Named(meaning) if *meaning != type_name && !is_message => Some(meaning.clone()),
            _ => None,
        };
        Ok(Field { name: name.to_owned(), doc: doc.to_owned(), label, type_name, meaning })
    }

    fn type_of(&mut self, shape: &Shape) -> Result<String, String> {
        match shape {
            Shape::Named(name) => self.reach(name),
            Shape::Text => Ok("string".to_owned()),
            Shape::U32 => Ok("uint32".to_owned()),
            Shape::U64 => Ok("uint64".to_owned()),
            Shape::List(_) | Shape::Optional(_) => Err(format!("protobuf has no {shape:?} in this place")),
        }
    }

    /// A message that holds a list.
    fn list_of(&mut self, inner: &Shape) -> Result<String, String> {
        let name = format!("{}List", self.said(inner));
        let field = self.labelled(VALUES, "What is in it.", Label::Repeated, inner)?;
        self.add(
            &name,
            "A list that may be left out: one that is there and empty says something else.",
            Fields::All(vec![field]),
            Vec::new(),
        );
        Ok(name)
    }

    /// A message that holds a value or nothing.
    fn holder_of(&mut self, inner: &Shape) -> Result<String, String> {
        let name = format!("Optional{}", self.said(inner));
        let field =
            self.labelled(VALUE, "The new value; nothing takes away what there was.", Label::Optional, inner)?;
        self.add(
            &name,
            "A new value, or none any more. Where this message is absent, all stays as it is.",
            Fields::All(vec![field]),
            Vec::new(),
        );
        Ok(name)
    }

    /// What a shape is called in the name of a message.
    fn said(&self, shape: &Shape) -> String {
        match shape {
            Shape::Named(name) => name.clone(),
            Shape::Text => "Text".to_owned(),
            Shape::U32 | Shape::U64 => "Number".to_owned(),
            Shape::List(inner) | Shape::Optional(inner) => self.said(inner),
        }
    }

    fn case(&mut self, case: &Case, flow: Flow, nested: &mut Vec<Message>) -> Result<Field, String> {
        let name = pascal(&case.name);
        let (type_name, fields) = match &case.content {
            Content::One(Shape::List(inner)) => (self.list_of(inner)?, None),
            Content::One(shape) => {
                return self.labelled(&case.name, &case.doc, Label::Plain, shape);
            }
            Content::Nothing => (name.clone(), Some(Vec::new())),
            Content::Record(record) => (name.clone(), Some(self.fields(record, flow)?)),
            Content::Several(places) => {
                let mut fields = Vec::with_capacity(places.len());
                for (name, shape) in places {
                    fields.push(self.labelled(name, "", Label::Plain, shape)?);
                }
                (name.clone(), Some(fields))
            }
        };
        if let Some(fields) = fields {
            nested.push(message(&name, "", Fields::All(fields), Vec::new()));
        }
        let (name, doc) = (case.name.clone(), case.doc.clone());
        Ok(Field { name, doc, label: Label::Plain, type_name, meaning: None })
    }

    /// The request of a question: what is asked, and which page.
    fn question(&mut self, question: &Question) -> Result<String, String> {
        let mut fields = Vec::new();
        for field in &question.fields {
            fields.push(self.field(field, Flow::In)?);
        }
        if question.paging != Paging::Whole {
            let cursor = "Where the page begins: `next` of the page before, or nothing for the first.";
            fields.push(self.labelled("limit", LIMIT, Label::Plain, &Shape::U32)?);
            fields.push(self.labelled("cursor", cursor, Label::Optional, &Shape::Text)?);
        }
        if question.paging == Paging::Sorted {
            fields.push(self.labelled("sort", SORT, Label::Optional, &Shape::Text)?);
        }
        let name = format!("{}Request", pascal(&question.name));
        self.add(&name, &format!("What `{}` is asked.", pascal(&question.name)), Fields::All(fields), Vec::new());
        Ok(name)
    }

    /// The messages that no type of the engine stands behind.
    fn own_messages(&mut self) -> Result<(), String> {
        let named = |name: &str| Shape::Named(name.to_owned());
        let id = "The command's id; the id of what it made, where it made something.";
        let id = self.labelled("id", id, Label::Plain, &named("CommandId"))?;
        let receipt = self.labelled("receipt", "What was done.", Label::Plain, &named("Receipt"))?;
        self.add(
            "Reply",
            "The answer to a command that was done. A refusal is a status.",
            Fields::All(vec![id, receipt]),
            Vec::new(),
        );

        let key = "The id that its caller made for it and sends again unchanged until there is an answer.";
        let fields = vec![
            self.labelled("key", key, Label::Plain, &Shape::Text)?,
            self.labelled(
                "occurred_at",
                "When it happened, where that was earlier than now.",
                Label::Optional,
                &named("Timestamp"),
            )?,
            self.labelled("command", "What is to be done.", Label::Plain, &named("Command"))?,
        ];
        self.add("BatchCommand", "A command among others.", Fields::All(fields), Vec::new());
        let commands = self.labelled(
            "commands",
            "The commands, in the order in which they are done.",
            Label::Repeated,
            &named("BatchCommand"),
        )?;
        self.add("BatchRequest", "Commands that are sent together.", Fields::All(vec![commands]), Vec::new());

        let fields = vec![
            self.labelled("code", "A code that is the same in every language.", Label::Plain, &Shape::Text)?,
            self.labelled("detail", "The same for a person.", Label::Plain, &Shape::Text)?,
            self.labelled(
                "rejection",
                "The refusal with its numbers, where the rules said no.",
                Label::Plain,
                &named("Rejection"),
            )?,
        ];
        self.add("Problem", "Why a command was not done.", Fields::All(fields), Vec::new());
        let fields = vec![
            self.labelled("done", "It was done.", Label::Plain, &named("Reply"))?,
            self.labelled(
                "problem",
                "It was not, and the others have nothing to do with it.",
                Label::Plain,
                &named("Problem"),
            )?,
        ];
        self.add(
            "BatchAnswer",
            "What became of a command among others.",
            Fields::OneOf("batch_answer".to_owned(), fields),
            Vec::new(),
        );
        let answers =
            self.labelled("answers", "One for each command, in their order.", Label::Repeated, &named("BatchAnswer"))?;
        self.add(
            "BatchReply",
            "What became of commands that were sent together.",
            Fields::All(vec![answers]),
            Vec::new(),
        );

        let after = self.labelled(
            "after",
            "The offset of the last event that the reader has; 0 for one that has none.",
            Label::Plain,
            &named("Offset"),
        )?;
        let rooms = self.labelled(
            "rooms",
            "Only events of one of these rooms, such as `item:ID`, `category:NAME`, `site:CODE`, `order:ID`, `customer:ID` \
             and `alerts`; every event where none is named.",
            Label::Repeated,
            &Shape::Text,
        )?;
        let fields = Fields::All(vec![after, rooms]);
        self.add("EventsRequest", "From where on a reader wants to hear, and of what.", fields, Vec::new());
        self.reach("Event")?;
        Ok(())
    }
}

fn message(name: &str, doc: &str, fields: Fields, nested: Vec<Message>) -> Message {
    Message { name: name.to_owned(), doc: doc.to_owned(), fields, nested }
}
