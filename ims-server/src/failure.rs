//! What went wrong, as a person and a script are told.

use crate::{
    client::Fault,
    lookup::quoted,
    output::{Show, tell},
    serve::Problem,
};
use ims_core::{
    Error, Item, OrderStatus, PurchaseStatus, Rejection, Sku, Standing, StoreError, StoreErrorKind, Timestamp,
};
use ims_sqlx::backup::IsBackup;
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

    /// Says it in other words.
    pub(crate) fn reworded(mut self, words: impl FnOnce(&str) -> String) -> Failure {
        self.told.message = words(&self.told.message);
        self
    }

    /// Says what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.told.hint = Some(hint.into());
        self
    }

    /// Says what to do next where it failed with this code.
    pub(crate) fn hint_at(self, code: &str, hint: impl Into<String>) -> Failure {
        if self.told.code == code { self.hint(hint) } else { self }
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

    /// Names the item that has what was wanted, and says what to do with it.
    pub(crate) fn taken_by(mut self, item: &Item) -> Failure {
        let sku = named(&item.sku);
        let (is, next) = match item.standing {
            Standing::Retired => {
                (", which is retired", format!("`ims item update {sku} --restore` puts it back in trade"))
            }
            Standing::Active => {
                ("", format!("`ims item show {sku}` tells more of it; choose another one for what is new"))
            }
        };
        let what = self.told.message.split(" is taken").next().unwrap_or_default();
        self.told.message = format!("{what} is taken by {} ({}){is}", item.sku, item.name);
        self.hint(next)
    }

    /// Names the line that it is about by what is on it: its SKU, by the number that the line has from 0.
    pub(crate) fn on_lines(mut self, skus: &[&Sku]) -> Failure {
        let number = self.told.fields.get("line").and_then(Value::as_u64).and_then(|line| usize::try_from(line).ok());
        if let Some((number, sku)) = number.and_then(|number| Some((number.saturating_add(1), skus.get(number)?))) {
            let line = format!("line {number}");
            self.told.message = self.told.message.replacen(&line, &format!("{sku} ({line})"), 1);
        }
        self
    }

    /// Tells its moments by the clock on the wall of the shop, with the offset. Fields stay as they are: programs read them.
    pub(crate) fn in_time_of(mut self, show: &Show) -> Failure {
        let moments = self.told.fields.values().filter_map(Value::as_str);
        let moments: Vec<Timestamp> = moments.filter_map(|text| text.parse().ok()).collect();
        for moment in moments {
            self.told.message = self.told.message.replace(&moment.to_string(), &show.moment_with_offset(moment));
        }
        self
    }

    /// What people are told, without what to do next.
    pub(crate) fn message(&self) -> &str {
        &self.told.message
    }

    /// What people are told to do next.
    pub(crate) fn next(&self) -> Option<&str> {
        self.told.hint.as_deref()
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
    // What was written on the command line is wrong, and the message says what to write.
    let exit = if error.kind == StoreErrorKind::Address { Exit::Usage } else { Exit::Store };
    let failure = Failure::new(exit, error.kind.code(), error.to_string());
    if let Some(backup) = error.source.downcast_ref::<IsBackup>() {
        let file = quoted(&backup.file.display().to_string());
        return failure
            .hint(format!("`ims restore {file}` puts it into the store that --store names, made where there is none"));
    }
    match error.kind {
        StoreErrorKind::Unavailable if ims_sqlx::is_of_disk(error) => failure
            .hint("look at the disk, and at what the system's log says of it; a backup is restored onto another one"),
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
        failure.told.hint = Some(next_step(rejection));
        failure
    }
}

/// The message, with lines counted from 1 as people do, and without the underscores of fields.
pub(crate) fn for_people(rejection: &Rejection) -> String {
    let line = match rejection {
        Rejection::InvalidField { field, .. } | Rejection::AmountNegative { field, .. } => {
            return rejection.to_string().replacen(&**field, &field.replace('_', " "), 1);
        }
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

/// What somebody who was refused may want to do. There is something for every refusal.
fn next_step(rejection: &Rejection) -> String {
    match rejection {
        Rejection::InvalidField { .. } => "correct it, and give the command again".into(),
        Rejection::WrongCheckDigit { .. } => "scan it again; a barcode of your own may begin with a letter".into(),
        Rejection::TooManyLines { limit, .. } => format!("split it into several of at most {limit} lines"),
        Rejection::NoLines => "name what it is about, as ITEM=QUANTITY".into(),
        Rejection::QuantityNotPositive { .. } => "give a quantity above zero, as in ITEM=2".into(),
        Rejection::AmountNegative { .. } => "give an amount of zero or more".into(),
        Rejection::OccursInFuture { .. } => "give a moment that has passed with --at, or none".into(),
        Rejection::ShopNotOpen => "`ims init` opens a shop in this store".into(),
        Rejection::ShopAlreadyOpen => "go on with `ims item add`, or name another store with --store".into(),
        Rejection::PeriodClosed { .. } => {
            "give a later moment with --at, or none; `ims period reopen` opens books that were closed by mistake".into()
        }
        Rejection::PeriodTooFar { .. } => "where the clock is right, give --reason".into(),
        Rejection::OccursTooEarly { .. } | Rejection::OccursBefore { .. } => {
            "give a later moment with --at, or none".into()
        }
        Rejection::InsufficientStockThen { sku, .. } => {
            format!(
                "`ims movements {}` shows what came and went when; leave --at out to enter it as of now",
                named(sku)
            )
        }
        Rejection::CurrencyMismatch { shop, .. } => format!("give amounts in {shop}"),
        Rejection::UnknownItem { .. } => "`ims item list` shows the items".into(),
        Rejection::ItemRetired { sku } => format!("`ims item update {} --restore` puts it back in trade", named(sku)),
        Rejection::UnknownLocation { .. } | Rejection::NotASite { .. } => "`ims site list` shows the sites".into(),
        Rejection::LocationRetired { location } => {
            format!("`ims site restore {}` puts it back in use", quoted(location))
        }
        Rejection::UnknownSupplier { .. } => "`ims supplier list` shows the suppliers".into(),
        Rejection::SupplierRetired { supplier } => format!("`ims supplier restore {}` takes it back", quoted(supplier)),
        Rejection::UnknownCustomer { .. } => "`ims customer list` shows the customers".into(),
        Rejection::CustomerRetired { customer } => format!("`ims customer restore {}` takes it back", quoted(customer)),
        Rejection::UnknownOrder { .. } => "`ims order list` shows the newest orders".into(),
        Rejection::UnknownPurchase { .. } => "`ims purchase list` shows the newest purchase orders".into(),
        Rejection::UnknownShipment { .. } => "`ims order show ORDER` tells what was shipped".into(),
        Rejection::UnknownLine { .. } => {
            "`ims order show ORDER` and `ims purchase show PURCHASE` tell the lines".into()
        }
        Rejection::UnknownHold { .. } | Rejection::HoldLapsed { .. } | Rejection::HoldMismatch { .. } => {
            "`ims hold list` shows what is put aside".into()
        }
        Rejection::UnknownAlert { .. } => "`ims alerts` shows those that are open".into(),
        Rejection::Changed { .. } => "look at it again, and give the command again if it is still what you want".into(),
        Rejection::SkuTaken { sku, .. } => {
            let sku = named(sku);
            format!(
                "`ims item show {sku}` tells what it is; `ims item update {sku} --restore` takes it back if it is retired"
            )
        }
        Rejection::BarcodeTaken { barcode, .. } => format!("`ims item show {}` tells what it is", quoted(barcode)),
        Rejection::CodeTaken { .. } => "choose another code, or change what has this one".into(),
        Rejection::ServiceHasNoStock { .. } => {
            "a service is sold without stock: nothing of it comes in or is counted".into()
        }
        Rejection::QuantityTooFine { sku, .. } => {
            format!("round it, or count it more finely with `ims item update {} --unit-decimals N`", named(sku))
        }
        Rejection::PriceUnknown { sku } => {
            format!("give it as {sku}=QUANTITY@PRICE, or for good with `ims item update {} --price PRICE`", named(sku))
        }
        Rejection::PriceNegative { .. } => "give a price of zero or more; a discount takes off, as in ITEM=1-5%".into(),
        Rejection::DiscountTooLarge { .. } => "give a smaller discount; -100% makes it free".into(),
        Rejection::CostUnknown { sku } => {
            format!("give it as {sku}=QUANTITY@COST; an item costed at standard needs --standard-cost")
        }
        Rejection::NotStandardCosted { sku } => format!("`ims item show {}` tells how it is costed", named(sku)),
        Rejection::InsufficientStock { sku, .. } | Rejection::ItemInUse { sku, .. } => {
            format!("`ims stock {}` shows what there is, and what is promised or on its way", named(sku))
        }
        Rejection::LocationInUse { location, items, orders, purchases, .. } => {
            let site = quoted(location);
            match (items, orders, purchases) {
                (0, 0, 0) => "`ims hold list` shows the holds".into(),
                (0, 0, _) => format!("`ims purchase list --site {site}` shows the purchase orders"),
                (0, _, _) => format!("`ims order list --site {site}` shows the orders"),
                _ => format!("`ims stock --site {site}` shows what there is"),
            }
        }
        Rejection::SameSite { .. } => "name two sites with --from and --to".into(),
        Rejection::NotStocked { sku, .. } => format!("`ims receive {sku}=QUANTITY@COST` takes goods in"),
        Rejection::BackorderLimit { sku, .. } => {
            format!("`ims item update {} --backorder-limit N` promises more than there is", named(sku))
        }
        Rejection::HoldInPast { .. } => "give a later moment, or how long with --for".into(),
        Rejection::OrderEnded { status } => match status {
            OrderStatus::Shipped => "`ims order return ORDER` takes goods back".into(),
            _ => "`ims order place` and `ims order sell` make a new one".into(),
        },
        Rejection::ShipsTooMuch { .. } | Rejection::ReturnsTooMuch { .. } => {
            "`ims order show ORDER` tells what is allocated, shipped and returned".into()
        }
        Rejection::RefundTooLarge { .. } => "--reason says why more is refunded, and is kept with the return".into(),
        Rejection::PurchaseEnded { status } => match status {
            PurchaseStatus::Received => "`ims send-back` sends goods back".into(),
            _ => "`ims purchase place` makes a new one".into(),
        },
        Rejection::PurchasePartlyReceived => "`ims purchase close PURCHASE` ends it as it is".into(),
        Rejection::ReceivesTooMuch { .. } => "`ims purchase show PURCHASE` tells what is still to come".into(),
        Rejection::Overflow { .. } => "check the quantity and the amount: they are larger than a shop has".into(),
    }
}

/// A SKU as it is typed in a shell.
fn named(sku: &Sku) -> String {
    quoted(sku.as_str())
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

    /// A refusal of every code, as the engine's own tests have them.
    fn all() -> Vec<Rejection> {
        let text = include_str!("../../ims-core/tests/forms/v1/rejections.json");
        let refusals: Vec<Rejection> = serde_json::from_str(text).unwrap();
        let told: std::collections::BTreeSet<&str> = refusals.iter().map(Rejection::code).collect();
        assert_eq!(told.len(), Rejection::CODES.len(), "{told:?}");
        let ended = |order: &str, purchase: &str| {
            let read =
                |code: &str, status: &str| serde_json::from_value(json!({ "code": code, "status": status })).unwrap();
            [read("order_ended", order), read("purchase_ended", purchase)]
        };
        let more = [("shipped", "received"), ("partly_shipped", "partly_received"), ("cancelled", "cancelled")];
        refusals.into_iter().chain(more.into_iter().flat_map(|(order, purchase)| ended(order, purchase))).collect()
    }

    /// Whether a text has words of the code in it: an id, `Some(…)`, `PartlyShipped`, `unit_cost`.
    fn is_code(text: &str) -> bool {
        let words = text.split(|c: char| !(c.is_alphanumeric() || "-_:({".contains(c)));
        let is_id = |word: &str| word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let is_camel = |word: &str| {
            word.as_bytes()
                .windows(2)
                .any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()))
        };
        words.into_iter().any(|word| {
            is_id(word) || is_camel(word) || word.contains('_') || word.contains("::") || word.contains("Some(")
        }) || text.contains(" { ")
    }

    #[test]
    fn no_refusal_speaks_as_the_code_does() {
        for rejection in all() {
            let failure = Failure::from(&rejection);
            let code = rejection.code();
            for text in [failure.message(), Problem::from(&rejection).detail(), &rejection.to_string()] {
                // Over the network and in other languages fields have the names that they are sent with.
                let field = serde_json::to_value(&rejection).unwrap()["field"].as_str().map(str::to_owned);
                let text = field.map_or_else(|| text.to_owned(), |field| text.replace(&field, "it"));
                assert!(!is_code(&text) && text.len() > 10, "{code}: {text}");
            }
            let hint = failure.next().unwrap_or_default();
            assert!(!is_code(hint) && hint.trim().len() > 10, "{code}: {hint}");
        }
    }

    #[test]
    fn words_of_the_code_are_seen() {
        for text in [
            "item 0190f5a4-7e1b-7c3d-8f00-000000000001",
            "tag 00000000000000000000000000000007",
            "is PartlyShipped",
            "Some(3)",
            "StockKey { item: 1 }",
            "unit_cost",
            "a::b",
        ] {
            assert!(is_code(text), "{text}");
        }
        assert!(!is_code("2026-01-31T09:00:00Z is before TEA-1, 6 of 4006381333931 (line 2)"));
    }

    #[test]
    fn a_line_is_named_by_what_is_on_it() {
        let rejection =
            Rejection::ShipsTooMuch { line: 1, wanted: "3".parse().unwrap(), allocated: "2".parse().unwrap() };
        let skus: [Sku; 2] = ["TEA".parse().unwrap(), "MUG".parse().unwrap()];
        let failure = Failure::from(&rejection).on_lines(&skus.each_ref());
        assert!(failure.message().starts_with("MUG (line 2): 3 cannot be shipped"), "{}", failure.message());
    }
}
