//! Why an operation did not come to its end.

use ims_core::Rejection;

/// Why an operation of a case was not done.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// The engine refused it.
    Refused(Refusal),
    /// There is no command for this yet, or nobody has said here what it means.
    NotModelled(String),
    /// The engine contradicted itself, or the case is not one.
    Broken(String),
}

/// What the engine refused with.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// The rules said no.
    Rules(Box<Rejection>),
    /// The value cannot even be said: no type of the API holds it.
    Value(String),
    /// It is no number of goods: another length, or not all digits.
    NoGtin,
    /// An id was used again for something else.
    IdReused,
    /// What is asked for is more than there is, as its caller can see: there is nothing to send.
    Caller(String),
}

impl Stop {
    /// There is no command for this yet.
    pub(crate) fn not_modelled<T>(what: impl Into<String>) -> Result<T, Stop> {
        Err(Stop::NotModelled(what.into()))
    }

    /// The case or the engine makes no sense.
    pub(crate) fn broken<T>(what: impl Into<String>) -> Result<T, Stop> {
        Err(Stop::Broken(what.into()))
    }
}

impl From<ims_core::Error> for Stop {
    fn from(error: ims_core::Error) -> Self {
        match error {
            ims_core::Error::Rejected(rejection) => Stop::Refused(Refusal::Rules(rejection)),
            ims_core::Error::IdReused { .. } => Stop::Refused(Refusal::IdReused),
            other => Stop::Broken(other.to_string()),
        }
    }
}

impl From<ims_core::StoreError> for Stop {
    fn from(error: ims_core::StoreError) -> Self {
        Stop::Broken(error.to_string())
    }
}

/// Whether a case says where there is stock before anything happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Levels {
    /// It does: what is not named is not stocked.
    Stated,
    /// It does not: where nothing was received there is simply not enough.
    Implied,
}

impl Refusal {
    /// Whether a case would call it by this word.
    pub(crate) fn is_called(&self, word: &str, levels: Levels) -> bool {
        let words: &[&str] = match self {
            Refusal::Rules(rejection) => match &**rejection {
                // What is entered late is taken from what is there now: later movements have had theirs.
                Rejection::InsufficientStock { .. } => &["insufficient", "insufficient-later"],
                Rejection::BackorderLimit { .. } => &["insufficient"],
                // Of what was reserved or has left there is not enough: some say so, some that it makes no sense.
                Rejection::ShipsTooMuch { .. } | Rejection::ReturnsTooMuch { .. } | Rejection::UnknownOrder { .. } => {
                    &["insufficient", "invalid"]
                }
                Rejection::WrongCheckDigit { .. } => &["checksum", "invalid"],
                Rejection::NotStocked { .. } if levels == Levels::Implied => &["insufficient"],
                // The stock of a place that never had any has no cost that could be taken for what is found there.
                Rejection::NotStocked { .. }
                | Rejection::UnknownLocation { .. }
                | Rejection::LocationRetired { .. }
                | Rejection::CostUnknown { .. } => &["not-stocked"],
                _ => &["invalid"],
            },
            Refusal::NoGtin => &["length", "format"],
            Refusal::Value(_) | Refusal::IdReused => &["invalid"],
            Refusal::Caller(_) => &["insufficient", "invalid"],
        };
        words.contains(&word)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Rules(rejection) => write!(f, "refused ({}): {rejection}", rejection.code()),
            Refusal::Value(problem) => write!(f, "refused (a value): {problem}"),
            Refusal::NoGtin => f.write_str("refused (no number of goods)"),
            Refusal::IdReused => f.write_str("refused (id_reused)"),
            Refusal::Caller(problem) => write!(f, "not asked for: {problem}"),
        }
    }
}
