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
    let mut listed = Vec::new();
    for item in parse(&folder.join("mod.rs"))? {
        if let Item::Mod(noun) = item
            && noun.content.is_none()
        {
            let path = folder.join(noun.ident.to_string()).with_extension("rs");
            listed.extend(read_file(parse(&path)?).map_err(|why| format!("{}: {why}", path.display()))?);
        }
    }
    Ok(listed)
}

fn parse(path: &Path) -> Result<Vec<Item>, String> {
    let code = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = syn::parse_file(&code).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(file.items)
}

fn read_file(items: Vec<Item>) -> Result<Vec<Listed>, String> {
    let mut file = File::default();
    let mut lists = Vec::new();
    for item in items {
        match item {
            Item::Fn(item) => drop(file.functions.insert(item.sig.ident.to_string(), item)),
            Item::Struct(item) => drop(file.structs.insert(item.ident.to_string(), item)),
            Item::Const(item) if item.ident == "OPERATIONS" => lists.push(item.expr),
            _ => {}
        }
    }
    let operations = lists.iter().flat_map(|list| elements(list));
    operations.filter_map(question_in).map(|(call, question)| file.question(call, question)).collect()
}

/// What of a file says what a question is asked.
#[derive(Default)]
struct File {
    functions: BTreeMap<String, ItemFn>,
    structs: BTreeMap<String, ItemStruct>,
}

impl File {
    fn question(&self, call: &ExprCall, question: &ExprStruct) -> Result<Listed, String> {
        let name = call.args.first().and_then(text).ok_or("a question has no name")?;
        self.named(name.clone(), question).map_err(|why| format!("{name}: {why}"))
    }

    fn fields(&self, question: &ExprStruct) -> Result<Option<ItemStruct>, String> {
        let ask = called(member(question, "ask")?).ok_or("its function cannot be told")?;
        let function = self.functions.get(&ask).ok_or_else(|| format!("there is no function {ask}"))?;
        let Some(read_into) = read_into(function) else { return Ok(None) };
        let fields = self.structs.get(&read_into).ok_or_else(|| format!("there is no struct {read_into}"))?;
        Ok(Some(fields.clone()))
    }

    fn named(&self, name: String, question: &ExprStruct) -> Result<Listed, String> {
        let fields = self.fields(question);
        let paging = match last_word(member(question, "length")?).as_deref() {
            Some("Pages") => Paging::Pages,
            Some("One") => Paging::Whole,
            _ => return Err("its length cannot be told".to_owned()),
        };
        let docs = elements(member(question, "fields")?).filter_map(pair).collect();
        let summary = text(member(question, "summary")?).ok_or("it has no summary")?;
        let answer = text(member(question, "answer")?).ok_or("its answer cannot be told")?;
        Ok(Listed { name, summary, docs, fields, answer, paging })
    }
}

/// `Operation::question(…, Question { … })`; other operations are none of these.
fn question_in(operation: &Expr) -> Option<(&ExprCall, &ExprStruct)> {
    let Expr::Call(call) = operation else { return None };
    (last_word(&call.func)? == "question").then_some(())?;
    let Expr::Struct(question) = call.args.last()? else { return None };
    Some((call, question))
}

fn member<'a>(question: &'a ExprStruct, name: &str) -> Result<&'a Expr, String> {
    let is_it = |member: &Member| matches!(member, Member::Named(ident) if ident == name);
    let field = question.fields.iter().find(|field| is_it(&field.member));
    field.map(|field| &field.expr).ok_or_else(|| format!("it has no {name}"))
}

/// The function in `|call| Box::pin(function(call))`.
fn called(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Closure(closure) => called(&closure.body),
        Expr::Block(block) => match block.block.stmts.last()? {
            Stmt::Expr(expression, None) => called(expression),
            _ => None,
        },
        Expr::Call(call) => match call.args.first()? {
            Expr::Call(inner) => last_word(&inner.func),
            _ => last_word(&call.func),
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
