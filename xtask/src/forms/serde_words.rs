//! What serde's attributes say about the form of a type.

use syn::{Attribute, LitStr, meta::ParseNestedMeta};

/// The attributes of a type, a variant or a field. One that is not listed here is an error: it could change the form.
#[derive(Debug, Default)]
pub(crate) struct SerdeWords {
    /// May be left out when it is read.
    pub(crate) default: bool,
    /// The function that decides whether it is left out when it is written.
    pub(crate) skip_serializing_if: Option<String>,
    /// Its fields stand in the place of this one.
    pub(crate) flatten: bool,
    /// Has the form of its only field.
    pub(crate) transparent: bool,
    /// A field that nobody knows is an error.
    pub(crate) deny_unknown_fields: bool,
    /// The field that tells variants apart.
    pub(crate) tag: Option<String>,
    /// Is read as another type.
    pub(crate) try_from: Option<String>,
    rename: Option<String>,
    rename_all: Option<String>,
}

impl SerdeWords {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self, String> {
        let mut words = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            let read = attribute.parse_nested_meta(|meta| words.take(&meta));
            read.map_err(|error| error.to_string())?;
        }
        Ok(words)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let word = meta.path.require_ident()?.to_string();
        let text = || meta.value().and_then(|value| value.parse::<LitStr>()).map(|text| text.value());
        match word.as_str() {
            "default" => {
                self.default = true;
                // `default = "function"` says what it is where nothing is said.
                if meta.input.peek(syn::Token![=]) {
                    text()?;
                }
            }
            "skip_serializing_if" => self.skip_serializing_if = Some(text()?),
            "flatten" => self.flatten = true,
            // The form is that of the type: what reads and writes it only does something around that.
            "remote" if text()? == "Self" => {}
            "transparent" => self.transparent = true,
            "deny_unknown_fields" => self.deny_unknown_fields = true,
            "tag" => self.tag = Some(text()?),
            "try_from" => self.try_from = Some(text()?),
            "rename" => self.rename = Some(text()?),
            "rename_all" => self.rename_all = Some(text()?),
            _ => return Err(meta.error(format!("what serde's `{word}` does to a form is not known"))),
        }
        Ok(())
    }

    /// The name of a field in JSON.
    pub(crate) fn field_name(&self, rust: &str) -> String {
        self.rename.clone().unwrap_or_else(|| rust.to_owned())
    }

    /// The name of a variant in JSON, in an enum with the words `of`.
    pub(crate) fn variant_name(&self, rust: &str, of: &SerdeWords) -> Result<String, String> {
        match (&self.rename, of.rename_all.as_deref()) {
            (Some(name), _) => Ok(name.clone()),
            (None, None) => Ok(rust.to_owned()),
            (None, Some("snake_case")) => Ok(split(rust, '_')),
            (None, Some("kebab-case")) => Ok(split(rust, '-')),
            (None, Some(rule)) => Err(format!("serde's rule `{rule}` for names is not known")),
        }
    }
}

/// Writes `InsufficientStock` as `insufficient_stock`, as serde does.
pub(crate) fn split(name: &str, between: char) -> String {
    let mut split = String::with_capacity(name.len());
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            split.push(between);
        }
        split.push(letter.to_ascii_lowercase());
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(item: &syn::ItemStruct) -> Result<SerdeWords, String> {
        SerdeWords::of(&item.attrs)
    }

    #[test]
    fn an_attribute_that_could_change_a_form_unseen_is_an_error() {
        let known: syn::ItemStruct = syn::parse_quote!(
            #[serde(deny_unknown_fields)]
            struct A;
        );
        let unknown: syn::ItemStruct = syn::parse_quote!(
            #[serde(untagged)]
            struct A;
        );
        assert!(words(&known).unwrap().deny_unknown_fields);
        assert!(words(&unknown).unwrap_err().contains("untagged"));
    }

    #[test]
    fn names_are_split_where_serde_splits_them() {
        assert_eq!(split("InsufficientStock", '_'), "insufficient_stock");
        assert_eq!(split("NotASite", '_'), "not_a_site");
        assert_eq!(split("HalfEven", '-'), "half-even");
    }
}
