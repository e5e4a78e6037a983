//! The forms as JSON Schemas, in the dialect of OpenAPI 3.1.

use std::collections::BTreeMap;

use super::docs::Numbers;
use super::json::{Json, Object};
use super::model::{Case, Content, Described, Field, Flow, Form, Model, Others, Paging, Record, Report, Shape, Word};
use super::proto::pascal;
use super::texts::TextForm;

/// What a command is answered. Its cases have names of their own: each command is answered with one of them.
const RECEIPT: &str = "Receipt";

/// The file that the frontends read.
///
/// # Errors
/// A command has no receipt, or two schemas have one name.
pub(crate) fn file_of(model: &Model, numbers: &Numbers) -> Result<Json, String> {
    let receipts = Receipts::of(model)?;
    let mut commands = Vec::with_capacity(model.commands.len());
    for command in &model.commands {
        let listed = Object::new().described(&command.doc).with("request", command.request.as_str());
        let listed =
            listed.with("receipt", command.receipt.as_str()).with("answer", receipts.answer(&command.receipt)?);
        commands.push((command.name.clone(), Json::from(listed)));
    }
    let commands = commands.into_iter();
    let reports = model.reports.iter().map(|report| (report.name.clone(), report_of(report)));
    let schemas = model.types.iter().map(|(name, described)| match name == RECEIPT {
        true => (name.clone(), receipts.schema(&described.doc)),
        false => (name.clone(), schema_of(described, numbers)),
    });
    let mut schemas: BTreeMap<String, Json> = schemas.collect();
    for case in receipts.cases {
        if let Content::Record(record) = &case.content
            && schemas.insert(pascal(&case.name), record_of(record, Flow::Out).described(&case.doc).into()).is_some()
        {
            return Err(format!("there are two types called {}", pascal(&case.name)));
        }
    }
    let schemas = schemas.into_iter();
    let about = "Written by `cargo xtask forms` from the Rust sources of ims-core; change those.";
    let file = Object::new().with("about", about).with("commands", commands.collect::<Object>());
    Ok(file.with("reports", reports.collect::<Object>()).with("schemas", schemas.collect::<Object>()).into())
}

/// The cases of the receipt.
struct Receipts<'a> {
    cases: &'a [Case],
}

impl Receipts<'_> {
    fn of(model: &Model) -> Result<Receipts<'_>, String> {
        match model.types.get(RECEIPT).map(|described| &described.form) {
            Some(Form::Choice(cases)) => Ok(Receipts { cases }),
            _ => Err("there are no receipts".to_owned()),
        }
    }

    /// The name of the schema of what a case holds.
    fn answer(&self, receipt: &str) -> Result<String, String> {
        let case = self.cases.iter().find(|case| case.name == receipt);
        match case.map(|case| &case.content) {
            Some(Content::One(Shape::Named(name))) => Ok(name.clone()),
            Some(Content::Record(_)) => Ok(pascal(receipt)),
            _ => Err(format!("no receipt {receipt} holds something that has a name")),
        }
    }

    fn schema(&self, doc: &str) -> Json {
        let cases = self.cases.iter().map(|case| match &case.content {
            Content::Record(_) => {
                let content = Content::One(Shape::Named(pascal(&case.name)));
                choice_of(&Case { name: case.name.clone(), doc: case.doc.clone(), content }, Flow::Out)
            }
            _ => choice_of(case, Flow::Out),
        });
        Object::new().described(doc).with("oneOf", Json::List(cases.collect())).into()
    }
}

fn report_of(report: &Report) -> Json {
    let parameters = report.parameters.iter().map(|field| (field.name.clone(), shape_of(&field.shape)));
    Object::new()
        .described(&report.doc)
        .with("parameters", parameters.collect::<Object>())
        .with("pages", report.paging == Paging::Pages)
        .with("answer", shape_of(&report.answer))
        .into()
}

fn schema_of(described: &Described, numbers: &Numbers) -> Json {
    let Described { doc, flow, form } = described;
    match form {
        Form::Text(text) => text_of(text, numbers).described(doc).into(),
        Form::As(shape) => object_of(shape_of(shape)).described(doc).into(),
        Form::Record(record) => record_of(record, *flow).described(doc).into(),
        Form::Words(words, usual) => words_of(words, usual.as_deref(), doc),
        Form::Choice(cases) => {
            let cases = cases.iter().map(|case| choice_of(case, *flow));
            Object::new().described(doc).with("oneOf", Json::List(cases.collect())).into()
        }
        Form::Tagged(tag, cases) => {
            let cases = cases.iter().map(|case| tagged_of(tag, case, *flow));
            Object::new().described(doc).with("oneOf", Json::List(cases.collect())).into()
        }
    }
}

fn text_of(text: &TextForm, numbers: &Numbers) -> Object {
    let mut schema = typed("string");
    for (word, value) in [("format", text.format), ("pattern", text.pattern)] {
        if let Some(value) = value {
            schema = schema.with(word, value);
        }
    }
    let max_chars = text.max_chars.and_then(|name| numbers.get(name).copied());
    for (word, chars) in [("minLength", text.min_chars), ("maxLength", max_chars)] {
        if let Some(chars) = chars {
            schema = schema.with(word, chars);
        }
    }
    schema
}

fn words_of(words: &[Word], usual: Option<&str>, doc: &str) -> Json {
    let lines = words.iter().filter(|word| !word.doc.is_empty()).map(|word| format!("- `{}`: {}", word.name, word.doc));
    let doc = [doc.to_owned()].into_iter().chain([String::new()]).chain(lines).collect::<Vec<_>>().join("\n");
    let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
    let schema = typed("string").described(doc.trim_end()).with("enum", names);
    usual.map_or(schema.clone(), |usual| schema.with("default", usual)).into()
}

fn record_of(record: &Record, flow: Flow) -> Object {
    let properties = record.fields.iter().map(|field| (field.name.clone(), property_of(field, flow)));
    let required = record.fields.iter().filter(|field| field.is_required(flow)).map(|field| field.name.as_str());
    let schema = object(properties.collect(), required.collect());
    match record.others {
        Others::Refused => schema.with("additionalProperties", false),
        Others::Ignored => schema,
    }
}

fn property_of(field: &Field, flow: Flow) -> Json {
    object_of(shape_of(field.shape(flow))).described(&field.doc).into()
}

fn choice_of(case: &Case, flow: Flow) -> Json {
    let content = match &case.content {
        Content::Nothing => return Object::new().described(&case.doc).with("const", case.name.as_str()).into(),
        Content::One(shape) => shape_of(shape),
        Content::Several(shapes) => {
            let places = shapes.iter().map(|(name, shape)| titled(name, "", object_of(shape_of(shape)))).collect();
            let count = shapes.len() as u64;
            // The count closes the list. Tools that do not know places want to hear what is in it, and read no `false` there.
            let any = shapes.iter().map(|(_, shape)| shape_of(shape)).collect();
            let list = typed("array").with("prefixItems", Json::List(places));
            let list = list.with("items", Object::new().with("oneOf", Json::List(any)));
            list.with("minItems", count).with("maxItems", count).into()
        }
        Content::Record(record) => record_of(record, flow).into(),
    };
    let properties = Object::new().with(&case.name, content);
    let schema = object(properties, vec![&case.name]).with("additionalProperties", false);
    titled(&case.name, &case.doc, schema)
}

fn tagged_of(tag: &str, case: &Case, flow: Flow) -> Json {
    let properties = Object::new().with(tag, typed("string").with("const", case.name.as_str()));
    let none = Vec::new();
    let fields = match &case.content {
        Content::Record(record) => &record.fields,
        Content::Nothing | Content::One(_) | Content::Several(_) => &none,
    };
    let properties =
        fields.iter().fold(properties, |properties, field| properties.with(&field.name, property_of(field, flow)));
    let required = fields.iter().filter(|field| field.is_required(flow)).map(|field| field.name.as_str());
    titled(&case.name, &case.doc, object(properties, [tag].into_iter().chain(required).collect()))
}

/// Words first, so that a reader of the file finds them.
fn titled(title: &str, doc: &str, schema: Object) -> Json {
    Object::new().with("title", title).described(doc).and(schema).into()
}

fn object(properties: Object, required: Vec<&str>) -> Object {
    let schema = typed("object");
    let schema = if properties.is_empty() { schema } else { schema.with("properties", properties) };
    if required.is_empty() { schema } else { schema.with("required", required) }
}

fn typed(name: &str) -> Object {
    Object::new().with("type", name)
}

fn shape_of(shape: &Shape) -> Json {
    match shape {
        Shape::Named(name) => Object::new().with("$ref", format!("#/components/schemas/{name}")).into(),
        Shape::Text => typed("string").into(),
        Shape::U32 => integer(Json::from("integer"), "uint32").with("maximum", u64::from(u32::MAX)).into(),
        Shape::U64 => integer(Json::from("integer"), "uint64").into(),
        Shape::List(inner) => typed("array").with("items", shape_of(inner)).into(),
        Shape::Optional(inner) => match &**inner {
            Shape::Text => Object::new().with("type", vec!["string", "null"]).into(),
            Shape::U32 => integer(vec!["integer", "null"].into(), "uint32").with("maximum", u64::from(u32::MAX)).into(),
            inner => Object::new().with("oneOf", Json::List(vec![shape_of(inner), typed("null").into()])).into(),
        },
    }
}

fn integer(type_: Json, format: &str) -> Object {
    Object::new().with("type", type_).with("format", format).with("minimum", 0_u64)
}

fn object_of(schema: Json) -> Object {
    match schema {
        Json::Object(schema) => schema,
        _ => Object::new(),
    }
}
