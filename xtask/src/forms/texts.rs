//! The values that are a string in JSON, and what can be said of that string.

/// What a schema says of a string.
pub(crate) struct TextForm {
    /// The name of the type in the sources.
    pub(crate) name: &'static str,
    /// A format that JSON Schema knows.
    pub(crate) format: Option<&'static str>,
    /// A regular expression that every such string matches.
    pub(crate) pattern: Option<&'static str>,
    pub(crate) min_chars: Option<u64>,
    /// The constant that says how many characters it has at most.
    pub(crate) max_chars: Option<&'static str>,
}

const ANY: TextForm = TextForm { name: "", format: None, pattern: None, min_chars: None, max_chars: None };

/// What ids are; their types are listed in `ims-core/src/id.rs`.
pub(crate) const ID: TextForm = TextForm { format: Some("uuid"), ..ANY };

/// `-?digits(.digits)?` with at most six decimals that say something (`ims-core/src/decimal.rs`).
const DECIMAL: TextForm = TextForm { pattern: Some(r"^-?[0-9]+(\.[0-9]{1,6}0*)?$"), ..ANY };

/// The types that write themselves. One that is reached and neither derives its form nor is listed here is an error.
pub(crate) const TEXTS: [TextForm; 9] = [
    TextForm { name: "Quantity", ..DECIMAL },
    TextForm { name: "Amount", ..DECIMAL },
    TextForm { name: "Fraction", pattern: Some(r"^(-?0+(\.0+)?|0+\.[0-9]{1,6}0*|0*1(\.0+)?)$"), ..ANY },
    TextForm { name: "Currency", pattern: Some("^[A-Z]{3}$"), ..ANY },
    TextForm { name: "Sku", min_chars: Some(1), max_chars: Some("MAX_SKU_CHARS"), ..ANY },
    TextForm { name: "Timestamp", format: Some("date-time"), ..ANY },
    TextForm { name: "Date", format: Some("date"), ..ANY },
    TextForm { name: "TimeZone", min_chars: Some(1), ..ANY },
    TextForm { name: "Sort", pattern: Some("^-?[a-z_]+$"), ..ANY },
];
