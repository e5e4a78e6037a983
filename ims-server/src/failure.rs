//! What went wrong, as a person and a script are told.

use crate::{client::Fault, output::tell, serve::Problem};
use ims_core::{Error, Rejection, StoreError, StoreErrorKind};
use serde_json::{Map, Value, json};
use std::{borrow::Cow, io, path::Path, process::ExitCode};

/// What a command of the command line comes to.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// How the program ends when something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nobody reads what is written: not a failure at all.
    Unread,
    /// The rules said no, and nothing changed.
    Refused,
    /// The command line or a file could not be understood.
    Usage,
    /// The store failed, or was found to be broken.
    Store,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Unread => ExitCode::SUCCESS,
            Exit::Refused => ExitCode::from(1),
            Exit::Usage => ExitCode::from(2),
            Exit::Store => ExitCode::from(3),
        }
    }
}

/// Why a command was not done.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// In a box, because every function may return one and few do.
    told: Box<Told>,
}

/// What is told about a failure.
#[derive(Debug)]
struct Told {
    code: Cow<'static, str>,
    message: String,
    hint: Option<String>,
    details: Vec<String>,
    fields: Map<String, Value>,
}

impl Failure {
    /// Something went wrong.
    pub(crate) fn new(exit: Exit, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Failure {
        let (code, message) = (code.into(), message.into());
        let told = Told { code, message, hint: None, details: Vec::new(), fields: Map::new() };
        Failure { exit, told: Box::new(told) }
    }

    /// The rules said no.
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::new(Exit::Refused, code, message)
    }

    /// The command line or a file could not be understood.
    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, code, message)
    }

    /// The store failed.
    pub(crate) fn store(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::new(Exit::Store, code, message)
    }

    /// A file cannot be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Failure {
        Failure::usage("file", format!("{}: {error}", path.display())).field("file", path.display().to_string())
    }

    /// Says what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.told.hint = Some(hint.into());
        self
    }

    /// Adds a field for scripts.
    pub(crate) fn field(mut self, name: &str, value: impl Into<Value>) -> Failure {
        self.told.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Adds lines below the message, for people; scripts have them in a field.
    pub(crate) fn details(mut self, details: Vec<String>) -> Failure {
        self.told.details = details;
        self
    }

    /// What people are told, without what to do next.
    pub(crate) fn message(&self) -> &str {
        &self.told.message
    }

    /// As scripts get it: `{"error":{"code",…,"message"}}`.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = self.told.fields.clone();
        error.insert("code".to_owned(), json!(self.told.code));
        error.insert("message".to_owned(), json!(self.told.message));
        if let Some(hint) = &self.told.hint {
            error.insert("hint".to_owned(), json!(hint));
        }
        json!({ "error": error })
    }

    /// Tells a person, on the standard error.
    pub(crate) fn tell(&self) {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let faint = anstyle::Style::new().dimmed();
        tell(format_args!("{red}error:{red:#} {}", self.told.message));
        for line in &self.told.details {
            tell(format_args!("  {line}"));
        }
        if let Some(hint) = &self.told.hint {
            tell(format_args!("{faint}  {hint}{faint:#}"));
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match &error {
            Error::Rejected(rejection) => Failure::from(rejection.as_ref()),
            Error::IdReused { id } => Failure::refused("id_reused", error.to_string())
                .field("id", id.to_string())
                .hint("leave --id out to give a new command"),
            Error::Store(store) => of_store(store),
            Error::Contended { attempts } => {
                Failure::new(Exit::Store, error.code(), error.to_string()).field("attempts", *attempts)
            }
            Error::Stopped | Error::Internal { .. } => Failure::new(Exit::Store, error.code(), error.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        of_store(&error)
    }
}

fn of_store(error: &StoreError) -> Failure {
    if let Some(fault) = Fault::of(error) {
        return Failure::from(fault);
    }
    let failure = Failure::new(Exit::Store, error.kind.code(), error.to_string());
    match error.kind {
        StoreErrorKind::Unavailable => failure.hint("check the --store URL, and that the database is running"),
        StoreErrorKind::Schema => failure.hint("check the --store URL, or use the version of ims that made the store"),
        _ => failure,
    }
}

/// Writing results: nobody may be there to read them any more.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        let exit = if error.kind() == io::ErrorKind::BrokenPipe { Exit::Unread } else { Exit::Usage };
        Failure::new(exit, "output", format!("the result cannot be written: {error}"))
    }
}

impl From<Problem> for Failure {
    /// The gate that is asked at the command line says what it says over the network.
    fn from(problem: Problem) -> Failure {
        let exit = if problem.status().is_server_error() { Exit::Store } else { Exit::Refused };
        Failure::new(exit, problem.code().to_owned(), problem.detail())
    }
}

impl From<&Rejection> for Failure {
    fn from(rejection: &Rejection) -> Failure {
        let mut failure = Failure::new(Exit::Refused, rejection.code(), for_people(rejection));
        if let Ok(Value::Object(fields)) = serde_json::to_value(rejection) {
            failure.told.fields = fields;
        }
        failure.told.hint = next_step(rejection);
        failure
    }
}

/// The message, with lines counted from 1 as people do.
pub(crate) fn for_people(rejection: &Rejection) -> String {
    let line = match rejection {
        Rejection::QuantityNotPositive { line, .. }
        | Rejection::UnknownLine { line }
        | Rejection::ShipsTooMuch { line, .. }
        | Rejection::ReturnsTooMuch { line, .. }
        | Rejection::ReceivesTooMuch { line, .. } => *line,
        _ => return rejection.to_string(),
    };
    let counted_from_1 = format!("line {}", line.saturating_add(1));
    rejection.to_string().replacen(&format!("line {line}"), &counted_from_1, 1)
}

/// What somebody who was refused may want to do.
fn next_step(rejection: &Rejection) -> Option<String> {
    Some(match rejection {
        Rejection::ShopNotOpen => "`ims init` opens a shop in this store".into(),
        Rejection::ShopAlreadyOpen => "go on with `ims item add`, or name another store with --store".into(),
        Rejection::OccursInFuture { .. } => "give a moment that has passed with --at, or none".into(),
        Rejection::PeriodClosed { .. } => {
            "give a later moment with --at, or none; `ims period reopen` opens books that were closed by mistake".into()
        }
        Rejection::PeriodTooFar { .. } => "where the clock is right, give --reason".into(),
        Rejection::OccursTooEarly { .. } | Rejection::OccursBefore { .. } => {
            "give a later moment with --at, or none".into()
        }
        Rejection::InsufficientStockThen { sku, .. } => {
            format!("`ims movements {sku}` shows what came and went when; leave --at out to enter it as of now")
        }
        Rejection::ItemRetired { sku } => format!("`ims item update {sku} --restore` puts it back in trade"),
        Rejection::LocationRetired { location } => format!("`ims site restore {location}` puts it back in use"),
        Rejection::SupplierRetired { supplier } => format!("`ims supplier restore {supplier}` takes it back"),
        Rejection::CustomerRetired { customer } => format!("`ims customer restore {customer}` takes it back"),
        Rejection::SkuTaken { sku, .. } => format!("`ims item show {sku}` tells what it is"),
        Rejection::PriceUnknown { sku } => {
            format!("give it as {sku}=QUANTITY@PRICE, or for good with `ims item update {sku} --price PRICE`")
        }
        Rejection::CostUnknown { sku } => {
            format!("give it as {sku}=QUANTITY@COST; an item costed at standard needs --standard-cost")
        }
        Rejection::NotStandardCosted { sku } => format!("`ims item show {sku}` tells how it is costed"),
        Rejection::InsufficientStock { sku, .. } | Rejection::ItemInUse { sku, .. } => {
            format!("`ims stock {sku}` shows what there is, and what is promised or on its way")
        }
        Rejection::NotStocked { sku, .. } => format!("`ims receive {sku}=QUANTITY@COST` takes goods in"),
        Rejection::BackorderLimit { sku, .. } => {
            format!("`ims item update {sku} --backorder-limit N` promises more than there is")
        }
        Rejection::UnknownHold { .. } | Rejection::HoldLapsed { .. } => {
            "`ims hold list` shows what is put aside".into()
        }
        Rejection::UnknownAlert { .. } => "`ims alerts` shows those that are open".into(),
        Rejection::PurchasePartlyReceived => "`ims purchase close` ends it as it is".into(),
        Rejection::ShipsTooMuch { .. } | Rejection::ReturnsTooMuch { .. } => {
            "`ims order show` tells what is allocated, shipped and returned".into()
        }
        Rejection::ReceivesTooMuch { .. } => "`ims purchase show` tells what is still to come".into(),
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_code_and_numbers_for_scripts() {
        let rejection = Rejection::InsufficientStock {
            sku: "TEA-1".parse().unwrap(),
            site: "MAIN".into(),
            wanted: "6".parse().unwrap(),
            available: "5".parse().unwrap(),
        };
        let failure = Failure::from(&rejection);
        assert_eq!(failure.exit, Exit::Refused);
        let json = failure.to_json();
        assert_eq!(json["error"]["code"], "insufficient_stock");
        assert_eq!(json["error"]["wanted"], "6");
        assert_eq!(json["error"]["message"], "6 of TEA-1 wanted, 5 available at MAIN");
    }

    #[test]
    fn people_count_lines_from_1() {
        let quantity = "-3".parse().unwrap();
        let message = for_people(&Rejection::QuantityNotPositive { line: 0, quantity });
        assert_eq!(message, "line 1: the quantity must be above zero, not -3");
    }

    #[test]
    fn output_that_nobody_reads_is_no_failure() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(failure.exit, Exit::Unread);
    }
}
