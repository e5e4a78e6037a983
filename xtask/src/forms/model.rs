//! The engine's forms as data: what is asked of it, what it answers, and every type in between.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Fields, FnArg, GenericArgument, ItemEnum, ItemStruct, Pat, PathArguments, ReturnType, TraitItemFn, Type};

use super::docs::{doc_of, first_paragraph, message_of};
use super::operations::Listed;
use super::serde_words::{SerdeWords, split};
use super::sources::Sources;
use super::texts::{ID, TEXTS, TextForm};

/// What callers hand in, beside the requests and the questions.
const GIVEN: [&str; 2] = ["Context", "PageRequest"];
/// What the engine hands out, beside the answers to questions.
const MADE: [&str; 5] = ["Receipt", "Answer", "Rejection", "Event", "EventPage"];
/// The question that is a stream in gRPC, and asked in its own way.
const STREAMED: &str = "events";
/// The enum of all commands is made by a macro, which has its doc.
const COMMAND: (&str, &str) = ("Command", "A command: the name of what is asked, and the request.");
/// Fields that have no name in Rust, where variants of an enum have several.
const PLACES: [(&str, &[&str]); 1] = [("Document", &["id", "line"])];
/// The types with codes of their own, and what the list of these codes is called.
const CODES: [(&str, &str, &str); 2] = [
    ("Error", "ErrorCode", "Why a command has no answer, where neither a rule nor the store is the reason."),
    ("StoreErrorKind", "StoreErrorCode", "What kind of failure of the store it was."),
];

/// All of it.
pub(crate) struct Model {
    pub(crate) commands: Vec<Command>,
    pub(crate) reports: Vec<Report>,
    /// What the server is asked: the reports, and rows by their id.
    pub(crate) questions: Vec<Question>,
    /// By name.
    pub(crate) types: BTreeMap<String, Described>,
}

/// A command.
pub(crate) struct Command {
    /// As it stands in JSON: `place_order`.
    pub(crate) name: String,
    /// The type of its request: `PlaceOrder`.
    pub(crate) request: String,
    /// The receipt of one that was done, as it stands in JSON: `order_placed`.
    pub(crate) receipt: String,
    pub(crate) doc: String,
}

/// A question to the server.
pub(crate) struct Question {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
    /// The type of the answer: a page, where it comes in pages.
    pub(crate) answer: String,
    pub(crate) paging: Paging,
}

/// A question to the engine.
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// What it is asked, without the page.
    pub(crate) parameters: Vec<Field>,
    pub(crate) paging: Paging,
    pub(crate) answer: Shape,
}

/// Whether an answer comes in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    Pages,
    /// Pages in one of several orders.
    Sorted,
    Whole,
}

/// A type with a name.
pub(crate) struct Described {
    pub(crate) doc: String,
    pub(crate) flow: Flow,
    pub(crate) form: Form,
}

/// Which way values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Only to the engine.
    In,
    /// Only from the engine.
    Out,
    /// To the engine and back.
    Both,
}

/// What a named type looks like in JSON.
pub(crate) enum Form {
    Text(&'static TextForm),
    /// As something else.
    As(Shape),
    Record(Record),
    /// One of these strings; the usual one where nothing is said, if there is one.
    Words(Vec<Word>, Option<String>),
    /// An object whose only field says which it is.
    Choice(Vec<Case>),
    /// An object with a field that says which it is.
    Tagged(String, Vec<Case>),
}

/// An object.
pub(crate) struct Record {
    pub(crate) fields: Vec<Field>,
    pub(crate) others: Others,
}

/// What becomes of fields that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    Refused,
    Ignored,
}

#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) shape: Shape,
    /// What it means that it is missing in what is read.
    pub(crate) read: Missing,
    /// Whether it may be missing in what is written.
    pub(crate) written: Presence,
}

/// What a missing field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A mistake.
    Refused,
    /// The usual.
    Usual,
    /// The same as null.
    Null,
    /// That it is kept as it is: a field of an update.
    Kept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Sometimes,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Named(String),
    Text,
    U32,
    U64,
    List(Box<Shape>),
    /// Or null.
    Optional(Box<Shape>),
}

pub(crate) struct Word {
    pub(crate) name: String,
    pub(crate) doc: String,
}

/// A variant.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Nothing,
    One(Shape),
    /// A list of fixed length; each place has a name.
    Several(Vec<(&'static str, Shape)>),
    Record(Record),
}

impl Field {
    /// Whether a value that goes this way must have it.
    pub(crate) fn is_required(&self, flow: Flow) -> bool {
        match flow {
            Flow::In => self.read == Missing::Refused,
            Flow::Out => self.written == Presence::Always,
            Flow::Both => self.read == Missing::Refused && self.written == Presence::Always,
        }
    }

    /// What it holds when it is there: what is left out instead of written as null is never null.
    pub(crate) fn shape(&self, flow: Flow) -> &Shape {
        match (&self.shape, flow, self.written) {
            (Shape::Optional(inner), Flow::Out, Presence::Sometimes) => inner,
            (shape, ..) => shape,
        }
    }
}

impl Model {
    /// Makes it from the sources: everything that can be reached from a command, a question, or an answer.
    pub(crate) fn of(sources: &Sources, listed: &[Listed]) -> Result<Self, String> {
        let mut commands = Vec::new();
        for listed in &sources.commands {
            let (name, request) = (listed.name.clone(), listed.request.clone());
            let receipt = split(&listed.receipt, '_');
            commands.push(Command { name, request, receipt, doc: listed.doc.clone() });
        }
        let mut making = Making { sources, types: BTreeMap::new() };
        let reports = making.reports()?;
        let questions = making.questions(listed)?;
        for name in commands.iter().map(|command| command.request.as_str()).chain(GIVEN).chain(MADE) {
            making.reach(name)?;
        }
        making
            .types
            .insert(COMMAND.0.to_owned(), Described::new(COMMAND.1.to_owned(), Form::Choice(choice(&commands))));
        let given = [COMMAND.0].into_iter().chain(GIVEN).map(str::to_owned);
        let asked = reports.iter().flat_map(|report| &report.parameters);
        let asked = asked.chain(questions.iter().flat_map(|question| &question.fields));
        let asked = asked.flat_map(|field| names_in(&field.shape));
        let read = making.reachable(given.chain(asked).collect());
        let made = MADE.map(str::to_owned).into_iter();
        let told = reports.iter().flat_map(|report| names_in(&report.answer));
        let told = told.chain(questions.iter().map(|question| question.answer.clone()));
        let written = making.reachable(made.chain(told).collect());
        let mut types = making.types;
        for (name, described) in &mut types {
            described.flow = match (read.contains(name), written.contains(name)) {
                (true, false) => Flow::In,
                (false, _) => Flow::Out,
                (true, true) => Flow::Both,
            };
        }
        for (owner, name, doc) in CODES {
            let codes = sources.codes.get(owner).ok_or_else(|| format!("{owner} has no list of codes"))?;
            let words = codes.iter().map(|code| Word { name: code.clone(), doc: String::new() }).collect();
            let described = Described { doc: doc.to_owned(), flow: Flow::Out, form: Form::Words(words, None) };
            types.insert(name.to_owned(), described);
        }
        Ok(Self { commands, reports, questions, types })
    }
}

fn choice(commands: &[Command]) -> Vec<Case> {
    let cases = commands.iter().map(|Command { name, request, doc, .. }| Case {
        name: name.clone(),
        doc: doc.clone(),
        content: Content::One(Shape::Named(request.clone())),
    });
    cases.collect()
}

/// The types in a shape.
fn names_in(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Named(name) => vec![name.clone()],
        Shape::Text | Shape::U32 | Shape::U64 => Vec::new(),
        Shape::List(inner) | Shape::Optional(inner) => names_in(inner),
    }
}

fn names_in_fields(fields: &[Field]) -> Vec<String> {
    fields.iter().flat_map(|field| names_in(&field.shape)).collect()
}

impl Described {
    fn new(doc: String, form: Form) -> Self {
        Self { doc, flow: Flow::Both, form }
    }

    fn names(&self) -> Vec<String> {
        match &self.form {
            Form::Text(_) | Form::Words(..) => Vec::new(),
            Form::As(shape) => names_in(shape),
            Form::Record(record) => names_in_fields(&record.fields),
            Form::Choice(cases) | Form::Tagged(_, cases) => {
                let names = cases.iter().flat_map(|case| match &case.content {
                    Content::Nothing => Vec::new(),
                    Content::One(shape) => names_in(shape),
                    Content::Several(shapes) => shapes.iter().flat_map(|(_, shape)| names_in(shape)).collect(),
                    Content::Record(record) => names_in_fields(&record.fields),
                });
                names.collect()
            }
        }
    }
}

/// What has been found so far.
struct Making<'a> {
    sources: &'a Sources,
    types: BTreeMap<String, Described>,
}

impl Making<'_> {
    fn reachable(&self, mut waiting: Vec<String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if let Some(described) = self.types.get(&name).filter(|_| !found.contains(&name)) {
                waiting.extend(described.names());
            }
            found.insert(name);
        }
        found
    }

    /// Describes a type and everything that it is made of.
    fn reach(&mut self, name: &str) -> Result<(), String> {
        if self.types.contains_key(name) {
            return Ok(());
        }
        let described = self.describe(name).map_err(|why| format!("{name}: {why}"))?;
        let names = described.names();
        self.types.insert(name.to_owned(), described);
        names.iter().try_for_each(|name| self.reach(name))
    }

    fn describe(&mut self, name: &str) -> Result<Described, String> {
        let sources = self.sources;
        if let Some(doc) = sources.ids.get(name) {
            return Ok(Described::new(doc.clone(), Form::Text(&ID)));
        }
        if let Some(text) = TEXTS.iter().find(|text| text.name == name) {
            let attributes = sources.structs.get(name).map(|item| item.attrs.as_slice()).unwrap_or_default();
            // What follows is about the Rust type.
            let doc = first_paragraph(&doc_of(attributes, &sources.numbers)).to_owned();
            return Ok(Described::new(doc, Form::Text(text)));
        }
        if let Some(item) = sources.structs.get(name) {
            let form = self.record_form(item)?;
            return Ok(Described::new(doc_of(&item.attrs, &sources.numbers), form));
        }
        let item = sources.enums.get(name).ok_or("it neither derives its form nor is it listed in texts.rs")?;
        let form = self.enum_form(item)?;
        Ok(Described::new(doc_of(&item.attrs, &sources.numbers), form))
    }

    fn record_form(&mut self, item: &ItemStruct) -> Result<Form, String> {
        let words = SerdeWords::of(&item.attrs)?;
        if words.transparent {
            let inner = item.fields.iter().next().ok_or("there is nothing in it")?;
            return Ok(Form::As(self.shape(&inner.ty)?));
        }
        let Some(source) = &words.try_from else {
            return Ok(Form::Record(self.record(&item.fields, &words)?));
        };
        // Its fields are documented where they are kept, and it is read as `source` says.
        let source = self.sources.structs.get(source).ok_or_else(|| format!("there is no {source}"))?;
        let mut record = self.record(&source.fields, &SerdeWords::of(&source.attrs)?)?;
        for (field, own) in record.fields.iter_mut().zip(&item.fields) {
            field.doc = doc_of(&own.attrs, &self.sources.numbers);
        }
        Ok(Form::Record(record))
    }

    fn record(&mut self, fields: &Fields, words: &SerdeWords) -> Result<Record, String> {
        let others = if words.deny_unknown_fields { Others::Refused } else { Others::Ignored };
        Ok(Record { fields: self.fields(fields)?, others })
    }

    fn fields(&mut self, fields: &Fields) -> Result<Vec<Field>, String> {
        let mut made = Vec::with_capacity(fields.len());
        for field in fields {
            let rust = field.ident.as_ref().ok_or("a field has no name")?.to_string();
            let words = SerdeWords::of(&field.attrs)?;
            if words.flatten {
                let Shape::Named(inner) = self.shape(&field.ty)? else { return Err(format!("{rust} is flat already")) };
                let inner = self.sources.structs.get(&inner).ok_or_else(|| format!("{inner} is not a struct"))?;
                made.extend(self.fields(&inner.fields)?);
                continue;
            }
            let (is_patch, ty) = match generic("Patch", &field.ty) {
                Some(inner) => (true, inner),
                None => (false, &field.ty),
            };
            let shape = self.shape(ty)?;
            let read = match &shape {
                _ if is_patch => Missing::Kept,
                // serde reads a missing field as `None` where it can be one.
                Shape::Optional(_) => Missing::Null,
                _ if words.default => Missing::Usual,
                _ => Missing::Refused,
            };
            made.push(Field {
                name: words.field_name(&rust),
                doc: doc_of(&field.attrs, &self.sources.numbers),
                shape,
                read,
                written: if words.skip_serializing_if.is_some() { Presence::Sometimes } else { Presence::Always },
            });
        }
        Ok(made)
    }

    fn enum_form(&mut self, item: &ItemEnum) -> Result<Form, String> {
        let words = SerdeWords::of(&item.attrs)?;
        let mut cases = Vec::with_capacity(item.variants.len());
        for variant in &item.variants {
            let own = SerdeWords::of(&variant.attrs)?;
            let doc = doc_of(&variant.attrs, &self.sources.numbers);
            let doc = if doc.is_empty() { message_of(&variant.attrs).unwrap_or_default() } else { doc };
            let name = own.variant_name(&variant.ident.to_string(), &words)?;
            let content = self.content(&item.ident.to_string(), &variant.fields, &words)?;
            cases.push(Case { name, doc, content });
        }
        if let Some(tag) = words.tag {
            return Ok(Form::Tagged(tag, cases));
        }
        if cases.iter().all(|case| matches!(case.content, Content::Nothing)) {
            let usual =
                item.variants.iter().position(|variant| variant.attrs.iter().any(|a| a.path().is_ident("default")));
            let usual = usual.and_then(|place| cases.get(place)).map(|case| case.name.clone());
            let words = cases.into_iter().map(|Case { name, doc, .. }| Word { name, doc });
            return Ok(Form::Words(words.collect(), usual));
        }
        Ok(Form::Choice(cases))
    }

    fn content(&mut self, owner: &str, fields: &Fields, words: &SerdeWords) -> Result<Content, String> {
        match fields {
            Fields::Unit => Ok(Content::Nothing),
            Fields::Named(_) => Ok(Content::Record(self.record(fields, words)?)),
            Fields::Unnamed(fields) => {
                let mut shapes = Vec::with_capacity(fields.unnamed.len());
                for field in &fields.unnamed {
                    shapes.push(self.shape(&field.ty)?);
                }
                match <[Shape; 1]>::try_from(shapes) {
                    Ok([only]) => Ok(Content::One(only)),
                    Err(shapes) => {
                        let names = PLACES.iter().find(|(name, _)| *name == owner).map(|(_, names)| *names);
                        let names = names.filter(|names| names.len() == shapes.len());
                        let names = names.ok_or("its places have no names: give them some in model.rs")?;
                        Ok(Content::Several(names.iter().copied().zip(shapes).collect()))
                    }
                }
            }
        }
    }

    fn shape(&mut self, ty: &Type) -> Result<Shape, String> {
        if let Type::Reference(reference) = ty {
            return self.shape(&reference.elem);
        }
        for (outer, wrap) in
            [("Option", Some(Shape::Optional as fn(_) -> _)), ("Vec", Some(Shape::List)), ("Arc", None)]
        {
            if let Some(inner) = generic(outer, ty) {
                let inner = self.shape(inner)?;
                return Ok(wrap.map_or(inner.clone(), |wrap| wrap(Box::new(inner))));
            }
        }
        if let Some(row) = generic("Page", ty) {
            return self.page(row);
        }
        match last_name(ty).ok_or("it holds something that has no name")?.as_str() {
            "str" | "String" => Ok(Shape::Text),
            "u32" => Ok(Shape::U32),
            "u64" => Ok(Shape::U64),
            name => match self.sources.aliases.get(name) {
                Some(aliased) => self.shape(aliased),
                None => Ok(Shape::Named(name.to_owned())),
            },
        }
    }

    /// A page of rows has a name of its own for each kind of row.
    fn page(&mut self, row: &Type) -> Result<Shape, String> {
        let shape = self.shape(row)?;
        let Shape::Named(row) = &shape else { return Err("a page needs rows that have a name".to_owned()) };
        let name = format!("{row}Page");
        let item = self.sources.structs.get("Page").ok_or("there is no Page")?;
        let mut fields = Vec::with_capacity(item.fields.len());
        for field in &item.fields {
            let holds_rows = generic("Vec", &field.ty).is_some();
            let shape = if holds_rows { Shape::List(Box::new(shape.clone())) } else { self.shape(&field.ty)? };
            fields.push(Field {
                name: field.ident.as_ref().ok_or("a field has no name")?.to_string(),
                doc: doc_of(&field.attrs, &self.sources.numbers),
                shape,
                read: Missing::Refused,
                written: Presence::Always,
            });
        }
        let doc = doc_of(&item.attrs, &self.sources.numbers);
        let form = Form::Record(Record { fields, others: Others::Ignored });
        self.types.entry(name.clone()).or_insert_with(|| Described::new(doc, form));
        self.reach(row)?;
        Ok(Shape::Named(name))
    }

    fn reports(&mut self) -> Result<Vec<Report>, String> {
        let mut reports = Vec::new();
        // These are for those who verify a store, not for those who ask about the shop.
        let of_the_shop = |question: &&syn::TraitItemFn| question.sig.ident != "scan" && question.sig.ident != "verify";
        for question in self.sources.reports.iter().filter(of_the_shop) {
            let report = self.report(question).map_err(|why| format!("{}: {why}", question.sig.ident))?;
            reports.push(report);
        }
        Ok(reports)
    }

    /// What the server is asked about the engine's rows. Questions about its own affairs are not the engine's.
    fn questions(&mut self, listed: &[Listed]) -> Result<Vec<Question>, String> {
        let mut questions = Vec::new();
        let sources = self.sources;
        let is_form = |name: &str| sources.structs.contains_key(name) || sources.enums.contains_key(name);
        let is_asked = |listed: &&Listed| is_form(&listed.answer) && listed.name != STREAMED;
        for listed in listed.iter().filter(is_asked) {
            questions.push(self.question(listed).map_err(|why| format!("{}: {why}", listed.name))?);
        }
        Ok(questions)
    }

    fn question(&mut self, listed: &Listed) -> Result<Question, String> {
        let mut fields = match listed.fields.as_ref().map_err(String::clone)? {
            Some(fields) => self.fields(&fields.fields)?,
            None => Vec::new(),
        };
        for name in &listed.in_path {
            // A function may read it in a way of its own.
            if fields.iter().all(|field| field.name != *name) {
                let (name, shape) = (name.clone(), Shape::Text);
                let field =
                    Field { name, doc: String::new(), shape, read: Missing::Refused, written: Presence::Always };
                fields.push(field);
            }
        }
        for field in fields.iter_mut().filter(|field| listed.in_path.contains(&field.name)) {
            // The struct may be shared with a question that need not have it.
            if let Shape::Optional(inner) = &field.shape {
                field.shape = (**inner).clone();
            }
            (field.read, field.written) = (Missing::Refused, Presence::Always);
        }
        for field in &mut fields {
            field.doc = listed.docs.get(&field.name).cloned().unwrap_or_else(|| field.doc.clone());
            for name in names_in(&field.shape) {
                self.reach(&name)?;
            }
        }
        let row: Type = syn::parse_str(&listed.answer).map_err(|error| error.to_string())?;
        let answer = match listed.paging {
            Paging::Pages | Paging::Sorted => self.page(&row)?,
            Paging::Whole => self.shape(&row)?,
        };
        let Shape::Named(answer) = answer else { return Err("its answer has no name".to_owned()) };
        self.reach(&answer)?;
        let (name, doc, paging) = (listed.name.clone(), listed.summary.clone(), listed.paging);
        Ok(Question { name, doc, fields, answer, paging })
    }

    fn report(&mut self, question: &TraitItemFn) -> Result<Report, String> {
        let mut parameters = Vec::new();
        let mut paging = Paging::Whole;
        for argument in &question.sig.inputs {
            let FnArg::Typed(argument) = argument else { continue };
            let Pat::Ident(name) = &*argument.pat else { return Err("a parameter has no name".to_owned()) };
            let shape = self.shape(&argument.ty)?;
            if shape == Shape::Named("PageRequest".to_owned()) {
                paging = Paging::Pages;
                continue;
            }
            for name in names_in(&shape) {
                self.reach(&name)?;
            }
            let (name, doc) = (name.ident.to_string(), String::new());
            parameters.push(Field { name, doc, shape, read: Missing::Refused, written: Presence::Always });
        }
        let answer = answer_of(question).ok_or("what it answers cannot be told")?;
        let answer = self.shape(answer)?;
        for name in names_in(&answer) {
            self.reach(&name)?;
        }
        let doc = doc_of(&question.attrs, &self.sources.numbers);
        Ok(Report { name: question.sig.ident.to_string(), doc, parameters, paging, answer })
    }
}

/// The argument of `Outer<argument>`.
fn generic<'a>(outer: &str, ty: &'a Type) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == outer)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

fn last_name(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

/// `T` of `-> impl Future<Output = Result<T, StoreError>>`.
fn answer_of(question: &TraitItemFn) -> Option<&Type> {
    let ReturnType::Type(_, returned) = &question.sig.output else { return None };
    let Type::ImplTrait(future) = &**returned else { return None };
    future.bounds.iter().find_map(|bound| {
        let syn::TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|segment| segment.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(output) => generic("Result", &output.ty),
            _ => None,
        })
    })
}
