//! The Rust sources of the engine, as far as they say which forms there are.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprArray, ExprReference, Ident, ImplItem, Item, ItemEnum, ItemImpl, ItemMacro, ItemStruct,
    LitStr, Token, TraitItemFn, Type, Visibility,
};

use super::docs::{Numbers, doc_of};
use super::texts::TEXTS;

/// What is no part of what callers see.
const LEFT_OUT: [&str; 2] = ["conformance", "memory"];

/// Everything that was found.
#[derive(Default)]
pub(crate) struct Sources {
    /// Those that have a form.
    pub(crate) structs: BTreeMap<String, ItemStruct>,
    /// Those that have a form.
    pub(crate) enums: BTreeMap<String, ItemEnum>,
    pub(crate) aliases: BTreeMap<String, Type>,
    /// The ids, each with its doc.
    pub(crate) ids: BTreeMap<String, String>,
    /// The commands, in the order of their list.
    pub(crate) commands: Vec<ListedCommand>,
    /// The questions that a store answers.
    pub(crate) reports: Vec<TraitItemFn>,
    /// Codes of what is not a refusal, by the type that has them.
    pub(crate) codes: BTreeMap<String, Vec<String>>,
    /// Constants that are a plain number.
    pub(crate) numbers: Numbers,
}

/// A line of the list of commands.
pub(crate) struct ListedCommand {
    pub(crate) name: String,
    pub(crate) request: String,
    /// The variant of the receipt of one that was done.
    pub(crate) receipt: String,
    pub(crate) doc: String,
}

impl Sources {
    /// Reads the engine's sources in a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        list(folder, &mut files)?;
        files.sort();
        let mut parsed = Vec::with_capacity(files.len());
        for path in files {
            let code = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let file = syn::parse_file(&code).map_err(|error| format!("{}: {error}", path.display()))?;
            parsed.push((path, file.items));
        }
        let mut sources = Self::default();
        // Docs name constants, so these come first.
        parsed.iter().for_each(|(_, items)| items.iter().for_each(|item| sources.take_number(item)));
        for (path, items) in parsed {
            for item in items {
                sources.take(item).map_err(|why| format!("{}: {why}", path.display()))?;
            }
        }
        Ok(sources)
    }

    fn take_number(&mut self, item: &Item) {
        let Item::Const(item) = item else { return };
        let Expr::Lit(literal) = &*item.expr else { return };
        let syn::Lit::Int(number) = &literal.lit else { return };
        if let Ok(number) = number.base10_parse() {
            self.numbers.insert(item.ident.to_string(), number);
        }
    }

    fn take(&mut self, item: Item) -> Result<(), String> {
        match item {
            Item::Struct(item) if has_form(&item.ident, &item.attrs) => {
                add(&mut self.structs, item.ident.to_string(), item)
            }
            Item::Enum(item) if has_form(&item.ident, &item.attrs) => {
                add(&mut self.enums, item.ident.to_string(), item)
            }
            Item::Type(item) if matches!(item.vis, Visibility::Public(_)) => {
                add(&mut self.aliases, item.ident.to_string(), *item.ty)
            }
            Item::Impl(item) => self.take_codes(&item),
            Item::Macro(item) => self.take_macro(&item),
            Item::Trait(item) if item.ident == "Reports" => {
                self.reports.extend(item.items.into_iter().filter_map(|item| match item {
                    syn::TraitItem::Fn(question) => Some(question),
                    _ => None,
                }));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn take_macro(&mut self, item: &ItemMacro) -> Result<(), String> {
        let Some(name) = item.mac.path.get_ident().map(Ident::to_string) else { return Ok(()) };
        match name.as_str() {
            "commands" => {
                let list = item.mac.parse_body_with(Punctuated::<CommandLine, Token![,]>::parse_terminated);
                for line in list.map_err(|error| error.to_string())? {
                    let doc = doc_of(&line.attributes, &self.numbers);
                    let CommandLine { name, request, receipt, .. } = line;
                    self.commands.push(ListedCommand { name, request, receipt, doc });
                }
                Ok(())
            }
            "id_type" | "entity_id" => {
                let id = item.mac.parse_body::<IdLine>().map_err(|error| error.to_string())?;
                let doc = doc_of(&id.attributes, &self.numbers);
                add(&mut self.ids, id.name, doc)
            }
            _ => Ok(()),
        }
    }

    /// Takes `CODES` of an impl, whether it is written out or made by `codes!`.
    fn take_codes(&mut self, item: &ItemImpl) -> Result<(), String> {
        let Type::Path(owner) = &*item.self_ty else { return Ok(()) };
        let Some(owner) = owner.path.get_ident().map(Ident::to_string) else { return Ok(()) };
        for member in &item.items {
            let codes = match member {
                ImplItem::Const(member) if member.ident == "CODES" => texts_of(&member.expr),
                ImplItem::Macro(member) if member.mac.path.is_ident("codes") => {
                    let Texts(codes) = member.mac.parse_body().map_err(|error| error.to_string())?;
                    codes
                }
                _ => continue,
            };
            self.codes.insert(owner.clone(), codes);
        }
        Ok(())
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let unreadable = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_left_out = path.file_name().is_some_and(|name| LEFT_OUT.iter().any(|left_out| name == *left_out));
        if path.is_dir() && !is_left_out {
            list(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a type derives its form, or is known to write itself.
fn has_form(name: &Ident, attributes: &[Attribute]) -> bool {
    let mut has_form = TEXTS.iter().any(|text| name == text.name);
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // What cannot be read as a list of names derives nothing that is looked for.
        let _ = attribute.parse_nested_meta(|meta| {
            has_form |= meta.path.is_ident("Serialize") || meta.path.is_ident("Deserialize");
            Ok(())
        });
    }
    has_form
}

/// The names of types that have a form are unique in the engine, and have to be: they name the forms.
fn add<T>(found: &mut BTreeMap<String, T>, name: String, item: T) -> Result<(), String> {
    match found.insert(name.clone(), item) {
        None => Ok(()),
        Some(_) => Err(format!("there are two types called {name}")),
    }
}

fn texts_of(list: &Expr) -> Vec<String> {
    let Expr::Reference(ExprReference { expr, .. }) = list else { return Vec::new() };
    let Expr::Array(ExprArray { elems, .. }) = &**expr else { return Vec::new() };
    let texts = elems.iter().filter_map(|element| match element {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    texts.collect()
}

/// `/// Doc. Name(path::Request) -> Receipt = "name"`.
struct CommandLine {
    attributes: Vec<Attribute>,
    request: String,
    receipt: String,
    name: String,
}

impl Parse for CommandLine {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Ident>()?;
        let request;
        syn::parenthesized!(request in input);
        let request: syn::Path = request.parse()?;
        let request = request.segments.last().map(|segment| segment.ident.to_string());
        input.parse::<Token![->]>()?;
        let receipt = input.parse::<Ident>()?.to_string();
        input.parse::<Token![=]>()?;
        let name: LitStr = input.parse()?;
        let request = request.ok_or_else(|| input.error("a command needs a request"))?;
        Ok(Self { attributes, request, receipt, name: name.value() })
    }
}

/// `/// Doc. Name, …`.
struct IdLine {
    attributes: Vec<Attribute>,
    name: String,
}

impl Parse for IdLine {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name: Ident = input.parse()?;
        skip_rest(input)?;
        Ok(Self { attributes, name: name.to_string() })
    }
}

/// All strings that follow a `=>`.
struct Texts(Vec<String>);

impl Parse for Texts {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut texts = Vec::new();
        while !input.is_empty() {
            if input.peek(Token![=>]) {
                input.parse::<Token![=>]>()?;
                texts.push(input.parse::<LitStr>()?.value());
            } else {
                skip_one(input)?;
            }
        }
        Ok(Self(texts))
    }
}

fn skip_rest(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        skip_one(input)?;
    }
    Ok(())
}

fn skip_one(input: ParseStream<'_>) -> syn::Result<()> {
    input.step(|cursor| match cursor.token_tree() {
        Some((_, rest)) => Ok(((), rest)),
        None => Err(cursor.error("there is nothing more")),
    })
}
