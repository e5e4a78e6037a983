//! What a binding's own list of codes, commands and reports is compared with.

use ims_core::{Command, Error, FORM_VERSION, Rejection, StoreErrorKind};
use serde::Serialize;

/// The questions of [`ims_core::Reports`].
const REPORTS: [&str; 16] = [
    "items",
    "locations",
    "suppliers",
    "customers",
    "stock",
    "order_numbered",
    "orders",
    "purchase_numbered",
    "purchases",
    "alerts",
    "profit",
    "value",
    "reorder",
    "movements",
    "scan",
    "verify",
];

/// All names that mean the same in every language.
#[derive(Debug, Serialize)]
pub struct Codes {
    /// The version of the JSON forms.
    form_version: u32,
    /// The names of the commands.
    commands: &'static [&'static str],
    /// The codes of refusals, in order of precedence.
    rejections: &'static [&'static str],
    /// The codes of what is neither a refusal nor a failure of the store.
    errors: &'static [&'static str],
    /// The codes of failures of a store.
    store_errors: &'static [&'static str],
    /// The names of the reports.
    reports: &'static [&'static str],
}

impl Codes {
    /// The names that there are.
    pub const ALL: Self = Self {
        form_version: FORM_VERSION,
        commands: Command::NAMES,
        rejections: Rejection::CODES,
        errors: Error::CODES,
        store_errors: StoreErrorKind::CODES,
        reports: &REPORTS,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_named() {
        let source = crate::folder().with_file_name("ims-core").join("src/report/mod.rs");
        let text = std::fs::read_to_string(source).unwrap();
        let (_, questions) = text.split_once("pub trait Reports").unwrap();
        let name = |line: &str| Some(line.strip_prefix("    fn ")?.split_once('(')?.0.to_owned());
        assert_eq!(questions.lines().filter_map(name).collect::<Vec<_>>(), REPORTS);
    }
}
