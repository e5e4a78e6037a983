//! What events are called where others listen: a type for each kind, and the names that older systems know.

use ims_core::{Direction, EventBody, Receipt, Standing};

macro_rules! happenings {
    ($($name:ident = $word:literal $(, $alias:literal)*;)*) => {
        /// What happened, as finely as its names tell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Happening { $(
            #[doc = concat!("`ims.", $word, "`")]
            $name,
        )* }

        impl Happening {
            /// All of them.
            pub(crate) const ALL: &'static [Happening] = &[$(Happening::$name),*];

            /// The type of its CloudEvents: `ims.` and the word of the receipt or event.
            pub(crate) const fn event_type(self) -> &'static str {
                match self { $(Happening::$name => concat!("ims.", $word),)* }
            }

            /// What older systems call it.
            pub(crate) const fn aliases(self) -> &'static [&'static str] {
                match self { $(Happening::$name => &[$($alias),*],)* }
            }
        }
    };
}

happenings! {
    ShopOpened = "shop_opened";
    PeriodClosed = "period_closed";
    ItemCreated = "item_created", "ProductCreated";
    ItemUpdated = "item_updated", "ProductUpdated";
    ItemRetired = "item_retired", "ProductDeleted";
    LocationCreated = "location_created";
    LocationUpdated = "location_updated";
    SupplierCreated = "supplier_created", "SupplierCreated";
    SupplierUpdated = "supplier_updated", "SupplierUpdated";
    SupplierRetired = "supplier_updated", "SupplierDeleted";
    CustomerCreated = "customer_created", "CustomerCreated";
    CustomerUpdated = "customer_updated", "CustomerUpdated";
    CustomerRetired = "customer_updated", "CustomerDeleted";
    StockReceived = "stock_received", "RestockReceived", "StockIn";
    StockSentBack = "stock_sent_back", "StockOut";
    StockAdded = "stock_adjusted", "StockIn";
    StockTaken = "stock_adjusted", "StockOut";
    StockTransferred = "stock_transferred", "StockOut", "StockIn";
    HoldPlaced = "hold_placed";
    HoldExtended = "hold_extended";
    HoldReleased = "hold_released";
    StandardCostSet = "standard_cost_set";
    PurchasePlaced = "purchase_placed";
    PurchaseReceived = "purchase_received", "RestockReceived", "StockIn";
    PurchaseClosed = "purchase_closed";
    PurchaseCancelled = "purchase_cancelled";
    OrderPlaced = "order_placed", "SaleCreated";
    OrderShipped = "order_shipped", "SaleUpdated", "StockOut";
    OrderCancelled = "order_cancelled", "SaleUpdated";
    Sold = "sold", "SaleCreated", "StockOut";
    GoodsReturned = "goods_returned", "SaleUpdated", "StockIn";
    AlertAcknowledged = "alert_acknowledged";
    BackordersFilled = "backorders_filled", "SaleUpdated";
    AlertRaised = "alert_raised", "StockLevelWarning";
    AlertResolved = "alert_resolved";
}

impl Happening {
    /// What an event of the log tells.
    pub(crate) fn of(body: &EventBody) -> Happening {
        match body {
            EventBody::Done(receipt) => Happening::of_receipt(receipt),
            EventBody::BackordersFilled(_) => Happening::BackordersFilled,
            EventBody::AlertRaised(_) => Happening::AlertRaised,
            EventBody::AlertResolved(_) => Happening::AlertResolved,
        }
    }

    fn of_receipt(receipt: &Receipt) -> Happening {
        match receipt {
            Receipt::ShopOpened(_) => Happening::ShopOpened,
            Receipt::PeriodClosed { .. } => Happening::PeriodClosed,
            Receipt::ItemCreated(_) => Happening::ItemCreated,
            Receipt::ItemUpdated(_) => Happening::ItemUpdated,
            Receipt::ItemRetired { .. } => Happening::ItemRetired,
            Receipt::LocationCreated(_) => Happening::LocationCreated,
            Receipt::LocationUpdated(_) => Happening::LocationUpdated,
            Receipt::SupplierCreated(_) => Happening::SupplierCreated,
            Receipt::SupplierUpdated(supplier) => match supplier.standing {
                Standing::Active => Happening::SupplierUpdated,
                Standing::Retired => Happening::SupplierRetired,
            },
            Receipt::CustomerCreated(_) => Happening::CustomerCreated,
            Receipt::CustomerUpdated(customer) => match customer.standing {
                Standing::Active => Happening::CustomerUpdated,
                Standing::Retired => Happening::CustomerRetired,
            },
            Receipt::StockReceived { .. } => Happening::StockReceived,
            Receipt::StockSentBack { .. } => Happening::StockSentBack,
            Receipt::StockAdjusted { direction, .. } => match direction {
                Direction::Up => Happening::StockAdded,
                Direction::Down => Happening::StockTaken,
            },
            Receipt::StockTransferred { .. } => Happening::StockTransferred,
            Receipt::HoldPlaced(_) => Happening::HoldPlaced,
            Receipt::HoldExtended(_) => Happening::HoldExtended,
            Receipt::HoldReleased(_) => Happening::HoldReleased,
            Receipt::StandardCostSet { .. } => Happening::StandardCostSet,
            Receipt::PurchasePlaced(_) => Happening::PurchasePlaced,
            Receipt::PurchaseReceived { .. } => Happening::PurchaseReceived,
            Receipt::PurchaseClosed(_) => Happening::PurchaseClosed,
            Receipt::PurchaseCancelled(_) => Happening::PurchaseCancelled,
            Receipt::OrderPlaced(_) => Happening::OrderPlaced,
            Receipt::OrderShipped { .. } => Happening::OrderShipped,
            Receipt::OrderCancelled(_) => Happening::OrderCancelled,
            Receipt::Sold { .. } => Happening::Sold,
            Receipt::GoodsReturned { .. } => Happening::GoodsReturned,
            Receipt::AlertAcknowledged(_) => Happening::AlertAcknowledged,
        }
    }

    /// Whether its type or one of its aliases is this name; a name that ends in `*` stands for all that begin so.
    pub(crate) fn is_called(self, name: &str) -> bool {
        let mut names = std::iter::once(self.event_type()).chain(self.aliases().iter().copied());
        match name.strip_suffix('*') {
            Some(beginning) => names.any(|one| one.starts_with(beginning)),
            None => names.any(|one| one == name),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The rows of the table in docs/relay.md: a type and its aliases.
    fn documented() -> Vec<(String, Vec<String>)> {
        let page = include_str!("../../../../docs/relay.md");
        let row = |line: &str| {
            let mut cells = line.strip_prefix("| `ims.")?.split(" | ");
            let word = cells.next()?.strip_suffix('`')?;
            let aliases = cells.next()?.split(", ").filter_map(|name| name.strip_prefix('`')?.strip_suffix('`'));
            Some((format!("ims.{word}"), aliases.map(str::to_owned).collect()))
        };
        page.lines().filter_map(row).collect()
    }

    #[test]
    fn the_documented_names_are_those_of_the_code() {
        let names = |one: &Happening| {
            (one.event_type().to_owned(), one.aliases().iter().map(|alias| (*alias).to_owned()).collect())
        };
        assert_eq!(documented(), Happening::ALL.iter().map(names).collect::<Vec<_>>());
    }

    /// The variants of an enum of the engine, as they are written in JSON.
    fn words(source: &str, name: &str) -> BTreeSet<String> {
        let (_, variants) = source.split_once(&format!("pub enum {name} {{\n")).unwrap();
        let (variants, _) = variants.split_once("\n}").unwrap();
        let word = |line: &str| {
            let name = line.strip_prefix("    ")?.split(['(', ' ', ',']).next()?;
            name.starts_with(|c: char| c.is_ascii_uppercase()).then(|| format!("ims.{}", snake_case(name)))
        };
        variants.lines().filter_map(word).collect()
    }

    fn snake_case(name: &str) -> String {
        let mut snake = String::new();
        for c in name.chars() {
            if c.is_ascii_uppercase() && !snake.is_empty() {
                snake.push('_');
            }
            snake.push(c.to_ascii_lowercase());
        }
        snake
    }

    #[test]
    fn every_kind_of_receipt_and_event_has_a_type_of_its_own_word() {
        let mut words_of_the_engine = words(include_str!("../../../../ims-core/src/receipt.rs"), "Receipt");
        words_of_the_engine.extend(words(include_str!("../../../../ims-core/src/event.rs"), "EventBody"));
        words_of_the_engine.remove("ims.done");
        let types: BTreeSet<String> = Happening::ALL.iter().map(|one| one.event_type().to_owned()).collect();
        assert_eq!(types, words_of_the_engine);
    }

    #[test]
    fn a_name_with_a_star_stands_for_all_that_begin_so() {
        assert!(Happening::OrderShipped.is_called("ims.order_*"));
        assert!(Happening::OrderShipped.is_called("SaleUpdated"));
        assert!(Happening::Sold.is_called("*"));
        assert!(!Happening::Sold.is_called("ims.sol"));
    }
}
