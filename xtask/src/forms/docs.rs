//! What the sources say in words.

use std::collections::BTreeMap;

use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, parse::ParseStream};

/// Numbers that have a name, for readers who cannot look the name up.
pub(crate) type Numbers = BTreeMap<String, u64>;

/// The doc comment of something, for readers who do not know Rust: without examples, and without links into the code.
pub(crate) fn doc_of(attributes: &[Attribute], numbers: &Numbers) -> String {
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in attributes.iter().filter_map(doc_line) {
        let line = line.strip_prefix(' ').unwrap_or(&line).to_owned();
        if line.starts_with("```") {
            is_code = !is_code;
        } else if line.starts_with("# Errors") {
            break;
        } else if !is_code {
            lines.push(line);
        }
    }
    without_links(&unwrapped(&lines), numbers)
}

/// The first paragraph of a doc.
pub(crate) fn first_paragraph(doc: &str) -> &str {
    doc.split_once("\n\n").map_or(doc, |(first, _)| first)
}

/// Joins the lines of a paragraph; those of a list or a table stay lines.
fn unwrapped(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let begins_anew = line.is_empty() || line.starts_with(['-', '|']) || text.ends_with('\n');
        if !text.is_empty() {
            text.push(if begins_anew { '\n' } else { ' ' });
        }
        text.push_str(line.trim());
    }
    text.trim().to_owned()
}

/// The message of an error.
pub(crate) fn message_of(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("error"))?;
    // What stands behind the message says how its parts are written.
    let message = |input: ParseStream<'_>| {
        let message: LitStr = input.parse()?;
        input.step(|cursor| {
            let mut rest = *cursor;
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok(((), rest))
        })?;
        Ok(message)
    };
    attribute.parse_args_with(message).ok().map(|message| message.value())
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// Writes ``[`crate::a::B`](c)`` as `` `B` ``, or as the number that `B` is.
fn without_links(text: &str, numbers: &Numbers) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        plain.push_str(before);
        let Some((path, after)) = after.split_once("`]") else {
            plain.push_str("[`");
            rest = after;
            continue;
        };
        let name = path.rsplit("::").next().unwrap_or(path);
        match numbers.get(name) {
            Some(number) => plain.push_str(&number.to_string()),
            None => plain.push_str(&format!("`{name}`")),
        }
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = target.map_or(after, |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_its_name_and_a_limit_its_number() {
        let numbers = Numbers::from([("ROWS_PER_PAGE".to_owned(), 1000)]);
        let text = "A [`Page`] of [`crate::limits::ROWS_PER_PAGE`] rows, see [`Store`](crate::Store) and [this] `x`.";
        assert_eq!(without_links(text, &numbers), "A `Page` of 1000 rows, see `Store` and [this] `x`.");
    }

    #[test]
    fn lines_of_a_paragraph_are_joined() {
        let lines = ["One", "sentence.", "", "Another", "one:", "- a", "- b"].map(str::to_owned);
        assert_eq!(unwrapped(&lines), "One sentence.\n\nAnother one:\n- a\n- b");
    }

    #[test]
    fn examples_are_left_out() {
        let item: syn::ItemStruct = syn::parse_quote!(
            /// Adds.
            ///
            /// ```
            /// code
            /// ```
            struct A;
        );
        assert_eq!(doc_of(&item.attrs, &Numbers::new()), "Adds.");
    }
}
