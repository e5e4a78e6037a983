//! What can be asked of the rows, and what is answered.

use super::*;

/// What was sold less what came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct ProfitLine {
    /// The SKU, brand, category, customer code, day, month or site.
    pub key: String,
    /// The name of that item or customer or site now; otherwise empty.
    pub name: String,
    /// How many.
    pub units: Quantity,
    /// What for.
    pub revenue: Amount,
    /// What they cost.
    pub cost: Amount,
}

impl Mirror for ProfitLine {
    type Core = ims_core::report::ProfitLine;
}

const _: fn(&ims_core::report::ProfitLine) = |ims_core::report::ProfitLine { key: _, name: _, sales }| {
    let ims_core::Sales { units: _, revenue: _, cost: _ } = sales;
};

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct PageRequest {
    /// The `next` of the page before, or nothing for the first page.
    #[uniffi(default = None)]
    pub after: Option<String>,
    /// At most so many rows; 1,000 where it is zero or more than that.
    #[uniffi(default = 0)]
    pub limit: u32,
    /// In which order: `sku`, `code`, `placed_at`, `ordered_at`, `occurred_at` or `key`, whichever the list has; with a minus
    /// before it the other way round, as in `-placed_at`: newest first. The list's own order where there is none.
    #[uniffi(default = None)]
    pub sort: Option<String>,
}

impl Mirror for PageRequest {
    type Core = ims_core::report::PageRequest;
}

const _: fn(&ims_core::report::PageRequest) = |ims_core::report::PageRequest { after: _, limit: _, sort: _ }| {};

mirror! {
    /// Which items.
    struct ItemQuery = ims_core::report::ItemQuery {
        /// Only those whose folded SKU or folded name contains this, folded.
        text: Option<String> = None,
        /// Only those of this brand, exactly.
        brand: Option<String> = None,
        /// Only those of this category or one below it: `Drinks` finds `Drinks/Tea` and not `Drinksware`.
        category: Option<String> = None,
        /// Only those that usually come from this supplier.
        supplier: Option<SupplierId> = None,
        /// Whether retired ones are listed too.
        standing: Listed,
    }

    /// Which suppliers or customers.
    struct PartyQuery = ims_core::report::PartyQuery {
        /// Only those whose folded code or folded name contains this, folded.
        text: Option<String> = None,
        /// Only those whose folded city is this, folded.
        city: Option<String> = None,
        /// Whether retired ones are listed too.
        standing: Listed,
    }

    /// Which stock.
    struct StockQuery = ims_core::report::StockQuery {
        /// Only of this item.
        item: Option<ItemId> = None,
        /// Only at this site.
        site: Option<LocationId> = None,
        /// Holds that lapse at or before this moment count no more.
        now: Timestamp,
    }

    /// Which sales orders. All that is asked of lines has to be so of one line. Nothing is in a period that ends before it
    /// begins.
    struct OrderQuery = ims_core::report::OrderQuery {
        /// Only of this customer.
        customer: Option<CustomerId> = None,
        /// Only from this site.
        site: Option<LocationId> = None,
        /// Only this far.
        status: Option<OrderStatus> = None,
        /// Only with a line of this item.
        item: Option<ItemId> = None,
        /// Only of customers whose folded city is this now, folded.
        city: Option<String> = None,
        /// Only with a line that was of this brand when it was ordered, exactly.
        brand: Option<String> = None,
        /// Only with a line that was of this category, or one below it, when it was ordered.
        category: Option<String> = None,
        /// Only those that were placed at or after this moment.
        from: Option<Timestamp> = None,
        /// Only those that were placed at or before this moment.
        until: Option<Timestamp> = None,
    }

    /// Which purchase orders. All that is asked of lines has to be so of one line. Nothing is in a period that ends before it
    /// begins.
    struct PurchaseQuery = ims_core::report::PurchaseQuery {
        /// Only from this supplier.
        supplier: Option<SupplierId> = None,
        /// Only to this site.
        site: Option<LocationId> = None,
        /// Only this far.
        status: Option<PurchaseStatus> = None,
        /// Only with a line of this item.
        item: Option<ItemId> = None,
        /// Only from suppliers whose folded city is this now, folded.
        city: Option<String> = None,
        /// Only with a line of an item that is of this brand now, exactly: a purchase keeps no brands.
        brand: Option<String> = None,
        /// Only with a line of an item that is of this category, or one below it, now.
        category: Option<String> = None,
        /// Only those that were ordered at or after this moment.
        from: Option<Timestamp> = None,
        /// Only those that were ordered at or before this moment.
        until: Option<Timestamp> = None,
    }

    /// Over which time, by what.
    struct ProfitQuery = ims_core::report::ProfitQuery {
        /// By what.
        by: ProfitBy,
        /// From this business day on.
        from: Option<Day> = None,
        /// Up to and including this business day.
        until: Option<Day> = None,
    }

    /// Of which stock the value is asked.
    struct ValueQuery = ims_core::report::ValueQuery {
        /// Only at this site.
        site: Option<LocationId> = None,
        /// As it was at this moment: by what had occurred at or before it. Now, where there is none.
        as_of: Option<Timestamp> = None,
    }

    /// Which movements. Nothing is in a period that ends before it begins.
    struct MovementQuery = ims_core::report::MovementQuery {
        /// Only of this item.
        item: Option<ItemId> = None,
        /// Only from or to this location.
        location: Option<LocationId> = None,
        /// Only those that occurred at or after this moment.
        from: Option<Timestamp> = None,
        /// Only those that occurred at or before this moment.
        until: Option<Timestamp> = None,
    }

    /// The stock of an item at a site, as a person reads it.
    struct StockLine = ims_core::report::StockLine {
        /// Which item.
        item: ItemId,
        /// Its SKU now.
        sku: String,
        /// Its name now.
        name: String,
        /// The code of the site.
        site: String,
        /// On the shelf.
        on_hand: Quantity,
        /// Allocated to orders or held.
        committed: Quantity,
        /// `on_hand − committed`.
        available: Quantity,
        /// Ordered and not received.
        incoming: Quantity,
        /// Promised and not allocated.
        backordered: Quantity,
        /// What the stock on hand cost.
        value: Amount,
    }

    /// An alert, as a person reads it.
    struct AlertLine = ims_core::report::AlertLine {
        /// Which item.
        item: ItemId,
        /// Its SKU now.
        sku: String,
        /// Its name now.
        name: String,
        /// The code of the site.
        site: String,
        /// How far the stock had sunk when it was raised.
        kind: StockLevel,
        /// What is available now.
        available: Quantity,
        /// The item's reorder point now, where it has one.
        threshold: Option<Quantity>,
        /// What was available when it was raised.
        available_then: Quantity,
        /// At or below how many it was raised; zero where the item had no reorder point.
        threshold_then: Quantity,
        /// When it was raised.
        raised_at: Timestamp,
        /// When somebody said that they know of it.
        acknowledged_at: Option<Timestamp>,
        /// When the level recovered.
        resolved_at: Option<Timestamp>,
    }

    /// What is on the shelves and what it cost.
    struct StockValue = ims_core::report::StockValue {
        /// How many units of everything.
        quantity: Quantity,
        /// What they cost.
        value: Amount,
    }

    /// An item that should be reordered: `available + incoming − backordered` is at or below its reorder point.
    struct ReorderLine = ims_core::report::ReorderLine {
        /// Which item.
        item: ItemId,
        /// Its SKU.
        sku: String,
        /// Its name.
        name: String,
        /// The code of the site.
        site: String,
        /// The code of its usual supplier; empty where there is none.
        supplier: String,
        /// What can be sold now.
        available: Quantity,
        /// What has been ordered already.
        incoming: Quantity,
        /// What has been promised beyond.
        backordered: Quantity,
        /// Its reorder point; nothing where it has none, and customers wait for it.
        threshold: Option<Quantity>,
        /// How many to order: what is missing to `reorder_to`, or to twice the reorder point where there is no `reorder_to`;
        /// at least one smallest unit.
        propose: Quantity,
    }

    /// Whether a list has what is no longer in use.
    enum Listed = ims_core::report::Listed, "snake_case" {
        /// Only what is in use.
        Active,
        /// Everything.
        All,
    }

    /// Which alerts.
    enum AlertQuery = ims_core::report::AlertQuery, "snake_case" {
        /// Those that are not resolved.
        Open,
        /// Those that are neither resolved nor acknowledged.
        Unacknowledged,
        /// All.
        All,
    }

    /// By what profit is told apart.
    enum ProfitBy = ims_core::report::ProfitBy, "snake_case" {
        /// The item's SKU now.
        Item,
        /// The brand when it was sold; empty where there was none.
        Brand,
        /// The category when it was sold; empty where there was none.
        Category,
        /// The customer's code; empty for those not known.
        Customer,
        /// The business day.
        Day,
        /// The month of the business day.
        Month,
        /// The code of the site.
        Site,
    }
}
