//! The questions that the server answers, from its list of operations.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::{Expr, ExprCall, ExprStruct, Item, ItemFn, ItemStruct, Lit, Member, Pat, Stmt, Type};

use super::model::Paging;

/// A question, as the server lists it.
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) summary: String,
    /// The fields that stand in its path.
    pub(crate) in_path: Vec<String>,
    /// What is said of each field that is not in the path.
    pub(crate) docs: BTreeMap<String, String>,
    /// The struct that its fields are read into, where it has any; or why that cannot be told.
    pub(crate) fields: Result<Option<ItemStruct>, String>,
    /// The type of the answer, or of its rows.
    pub(crate) answer: String,
    pub(crate) paging: Paging,
}

/// Reads the lists of a folder, in the order of its `mod.rs`.
pub(crate) fn read(folder: &Path) -> Result<Vec<Listed>, String> {
    let mut files = Files::default();
    let mut order = Vec::new();
    for item in parse(&folder.join("mod.rs"))? {
        if let Item::Mod(noun) = item
            && noun.content.is_none()
        {
            let noun = noun.ident.to_string();
            let path = folder.join(&noun).with_extension("rs");
            files.0.insert(noun.clone(), File::of(parse(&path)?));
            order.push(noun);
        }
    }
    let mut listed = Vec::new();
    for noun in &order {
        listed.extend(files.questions(noun).map_err(|why| format!("{noun}.rs: {why}"))?);
    }
    Ok(listed)
}

fn parse(path: &Path) -> Result<Vec<Item>, String> {
    let code = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = syn::parse_file(&code).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(file.items)
}

/// The files, by their nouns.
#[derive(Default)]
struct Files(BTreeMap<String, File>);

/// What of a file says what a question is asked.
#[derive(Default)]
struct File {
    functions: BTreeMap<String, ItemFn>,
    structs: BTreeMap<String, ItemStruct>,
    lists: Vec<Expr>,
}

impl File {
    fn of(items: Vec<Item>) -> File {
        let mut file = File::default();
        for item in items {
            match item {
                Item::Fn(item) => drop(file.functions.insert(item.sig.ident.to_string(), item)),
                Item::Struct(item) => drop(file.structs.insert(item.ident.to_string(), item)),
                Item::Const(item) if item.ident == "OPERATIONS" => file.lists.push(*item.expr),
                _ => {}
            }
        }
        file
    }

    /// The struct that a function reads the fields into, where it does.
    fn fields(&self, function: &str) -> Result<Option<ItemStruct>, String> {
        let function = self.functions.get(function).ok_or_else(|| format!("there is no function {function}"))?;
        let Some(read_into) = read_into(function) else { return Ok(None) };
        let fields = self.structs.get(&read_into).ok_or_else(|| format!("there is no struct {read_into}"))?;
        Ok(Some(fields.clone()))
    }
}

impl Files {
    fn questions(&self, noun: &str) -> Result<Vec<Listed>, String> {
        let file = self.0.get(noun).ok_or("it was not read")?;
        let operations = file.lists.iter().flat_map(elements);
        operations.filter_map(question_in).map(|(call, question)| self.question(noun, call, question)).collect()
    }

    fn question(&self, noun: &str, call: &ExprCall, question: &ExprStruct) -> Result<Listed, String> {
        let mut texts = call.args.iter().map_while(text);
        let name = texts.next().ok_or("a question has no name")?;
        let path = texts.next().unwrap_or_default();
        let in_path = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let in_path = in_path.map(str::to_owned).collect();
        self.named(noun, name.clone(), in_path, question).map_err(|why| format!("{name}: {why}"))
    }

    /// The function may be in the file of another noun: `super::stock::list`.
    fn fields(&self, noun: &str, question: &ExprStruct) -> Result<Option<ItemStruct>, String> {
        let path = called(member(question, "ask")?).ok_or("its function cannot be told")?;
        let (noun, function) = match path.as_slice() {
            [function] => (noun, function),
            [.., noun, function] => (noun.as_str(), function),
            [] => return Err("its function has no name".to_owned()),
        };
        self.0.get(noun).ok_or_else(|| format!("there is no file of {noun}"))?.fields(function)
    }

    fn named(&self, noun: &str, name: String, in_path: Vec<String>, question: &ExprStruct) -> Result<Listed, String> {
        let fields = self.fields(noun, question);
        let paging = match kind(member(question, "length")?).as_deref() {
            Some("Pages") => Paging::Pages,
            Some("Sorted") => Paging::Sorted,
            Some("One" | "Row") => Paging::Whole,
            _ => return Err("its length cannot be told".to_owned()),
        };
        let docs = elements(member(question, "fields")?).filter_map(pair).collect();
        let summary = text(member(question, "summary")?).ok_or("it has no summary")?;
        let answer = text(member(question, "answer")?).ok_or("its answer cannot be told")?;
        Ok(Listed { name, summary, in_path, docs, fields, answer, paging })
    }
}

/// `Operation::question(…, Question { … })`; other operations are none of these.
fn question_in(operation: &Expr) -> Option<(&ExprCall, &ExprStruct)> {
    let Expr::Call(call) = operation else { return None };
    (last_word(&call.func)? == "question").then_some(())?;
    let Expr::Struct(question) = call.args.last()? else { return None };
    Some((call, question))
}

/// The word of `Length::Pages` or `Length::Sorted(…)`.
fn kind(length: &Expr) -> Option<String> {
    match length {
        Expr::Call(call) => last_word(&call.func),
        length => last_word(length),
    }
}

fn member<'a>(question: &'a ExprStruct, name: &str) -> Result<&'a Expr, String> {
    let is_it = |member: &Member| matches!(member, Member::Named(ident) if ident == name);
    let field = question.fields.iter().find(|field| is_it(&field.member));
    field.map(|field| &field.expr).ok_or_else(|| format!("it has no {name}"))
}

/// The path of the function in `|call| Box::pin(function(call))`.
fn called(expression: &Expr) -> Option<Vec<String>> {
    match expression {
        Expr::Closure(closure) => called(&closure.body),
        Expr::Block(block) => match block.block.stmts.last()? {
            Stmt::Expr(expression, None) => called(expression),
            _ => None,
        },
        Expr::Call(call) => match call.args.first()? {
            Expr::Call(inner) => called(&Expr::Call(inner.clone())),
            _ => match &*call.func {
                Expr::Path(path) => Some(path.path.segments.iter().map(|segment| segment.ident.to_string()).collect()),
                _ => None,
            },
        },
        _ => None,
    }
}

/// `Which` in `let Which { … } = call.fields()?` and in `let which: Which = call.fields()?`.
fn read_into(function: &ItemFn) -> Option<String> {
    function.block.stmts.iter().find_map(|statement| {
        let Stmt::Local(local) = statement else { return None };
        let Expr::Try(tried) = &*local.init.as_ref()?.expr else { return None };
        let Expr::MethodCall(call) = &*tried.expr else { return None };
        (call.method == "fields").then_some(())?;
        match &local.pat {
            Pat::Struct(pattern) => Some(pattern.path.segments.last()?.ident.to_string()),
            Pat::Type(pattern) => match &*pattern.ty {
                Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
                _ => None,
            },
            _ => None,
        }
    })
}

fn elements(list: &Expr) -> impl Iterator<Item = &Expr> {
    let list = match list {
        Expr::Reference(reference) => &*reference.expr,
        other => other,
    };
    let array = match list {
        Expr::Array(array) => Some(&array.elems),
        _ => None,
    };
    array.into_iter().flatten()
}

fn pair(expression: &Expr) -> Option<(String, String)> {
    let Expr::Tuple(tuple) = expression else { return None };
    Some((tuple.elems.first().and_then(text)?, tuple.elems.last().and_then(text)?))
}

fn text(expression: &Expr) -> Option<String> {
    let Expr::Lit(literal) = expression else { return None };
    match &literal.lit {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

fn last_word(expression: &Expr) -> Option<String> {
    let Expr::Path(path) = expression else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}
