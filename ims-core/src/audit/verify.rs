use super::{
    log::{self, Log, LogEntry},
    names::ONE_NAME,
    rows::{Names, RowKey},
    sold::Sold,
    state_hash::StateHash,
};
use crate::{
    location::VARIANCE,
    report::{Row, Table},
    *,
};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether nothing is broken.
    pub ok: bool,
    /// The state hash of what was verified.
    pub state_hash: String,
    /// How many rows there are.
    pub counts: Counts,
    /// What is broken; at most [`BROKEN_REPORTED`](crate::limits::BROKEN_REPORTED) of it.
    pub broken: Vec<Broken>,
}

/// How many rows there are, by table.
pub type Counts = BTreeMap<&'static str, u64>;

/// The promises that a row may break: all that [`Broken`] names.
pub const PROMISES: [&str; 6] =
    ["conservation", "no oversell", "costs add up", "money adds up", log::PROMISE, ONE_NAME];

/// A promise that a row breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Which promise.
    pub promise: &'static str,
    /// Which row: its table and its key, in the names that people use where they are known, else in ids. Lines count from 1.
    pub row: String,
    /// Which column, what it has, and what it should have.
    pub finding: String,
}

/// Proves over a whole store that goods, promises, costs and money add up.
///
/// - Conservation: what is on hand is the sum of its movements, in quantity and in value; nothing else has changed it.
///   Every movement goes where its kind goes, and what documents say was shipped, received and returned has moved.
/// - No oversell: what is promised is on hand, and is what open orders and holds promise.
/// - Costs add up: cost layers sum to the stock they are of; what orders say they cost is what the movements took.
/// - Money adds up: lines are price less discount and sum to their documents; what documents have come to follows from
///   their lines; revenue and refunds are those of the movements; each sales total is the sum of what was sold and
///   returned on its day.
/// - A log without gaps: every offset up to the newest is there; every event is of a command that was done, and of every
///   command that was done an event says so.
/// - One name: every SKU, barcode and code finds the row that has it, and no two rows have the same; in memory and in the
///   databases of `ims-sqlx`, where the texts that lists and searches go by are folded as they should be, too.
///
/// What is written meanwhile does not disturb it, in memory and in the databases of `ims-sqlx`: everything is read as of
/// one moment. A store that reads its tables one after the other says so at [`Reports::verify`].
///
/// # Errors
/// [`StoreError`] where the store cannot be read.
pub async fn verify(store: &(impl Reports + Store)) -> Result<Verdict, StoreError> {
    store.verify().await
}

/// Adds rows up, for stores that have them one by one: the [`Verdict`] on a store that has all of them. The rows have to
/// come table by table, in the order of [`Table::ALL`], then the events by offset, then [`Proof::end_log`].
pub struct Proof {
    audit: Audit,
    log: Log,
    counts: Counts,
    hash: StateHash,
}

impl Proof {
    /// Begins with no rows.
    pub fn new() -> Self {
        let counts = Table::ALL.into_iter().map(|table| (table.name(), 0)).collect();
        Proof { audit: Audit::default(), log: Log::default(), counts, hash: StateHash::default() }
    }

    /// Adds a row of a table.
    pub fn add(&mut self, table: Table, row: Row) {
        let count = self.counts.entry(table.name()).or_default();
        *count = count.saturating_add(1);
        self.audit.see(&row);
        if let Row::Command(record) = &row {
            self.log.see_command(record);
        }
        self.hash.add(table, row);
    }

    /// Adds what a store found itself.
    pub fn note(&mut self, broken: Broken) {
        self.audit.report(broken);
    }

    /// Adds the next event.
    pub fn add_event(&mut self, entry: LogEntry) {
        if let Some(broken) = self.log.see_event(entry) {
            self.audit.report(broken);
        }
    }

    /// Ends the log, which says that its newest event is at this offset. Returns whether commands and events do not match:
    /// then all commands have to be given to [`Proof::name_command`], and after them all events to
    /// [`Proof::add_event`] again, so that those are named that do not.
    #[must_use]
    pub fn end_log(&mut self, newest: Offset) -> bool {
        let (end, again) = self.log.end(newest);
        if let Some(broken) = end {
            self.audit.report(broken);
        }
        again
    }

    /// Looks at a command again: see [`Proof::end_log`].
    pub fn name_command(&mut self, row: &Row) {
        if let Row::Command(record) = row {
            self.log.see_command(record);
        }
    }

    /// What all rows come to.
    pub fn finish(mut self) -> Verdict {
        self.audit.conclude();
        for broken in std::mem::take(&mut self.log).findings() {
            self.audit.report(broken);
        }
        let broken = self.audit.broken;
        Verdict { ok: broken.is_empty(), state_hash: self.hash.finish(), counts: self.counts, broken }
    }
}

impl Default for Proof {
    fn default() -> Self {
        Proof::new()
    }
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("counts", &self.counts).finish_non_exhaustive()
    }
}

/// Sums in 128 bits: what is verified may be what overflowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    quantity: i128,
    value: i128,
}

impl Sum {
    fn add(&mut self, quantity: Quantity, value: Amount) {
        self.quantity = self.quantity.saturating_add(i128::from(quantity.micros()));
        self.value = self.value.saturating_add(i128::from(value.micros()));
    }

    fn subtract(&mut self, quantity: Quantity, value: Amount) {
        self.quantity = self.quantity.saturating_sub(i128::from(quantity.micros()));
        self.value = self.value.saturating_sub(i128::from(value.micros()));
    }
}

#[derive(Default)]
struct Audit {
    names: Names,
    sites: FxHashMap<LocationId, LocationKind>,
    fifo: FxHashMap<ItemId, CostingMethod>,
    stock: BTreeMap<StockKey, Stock>,
    on_hand: FxHashMap<StockKey, Sum>,
    layers: FxHashMap<StockKey, Sum>,
    held: FxHashMap<StockKey, i128>,
    allocated: FxHashMap<StockKey, i128>,
    backordered: FxHashMap<StockKey, i128>,
    incoming: FxHashMap<StockKey, i128>,
    undone: FxHashMap<MovementKey, Sum>,
    /// What purchase orders say has come and cost, less what the movements say, by line.
    received: FxHashMap<(PurchaseId, u32), Sum>,
    sold: Sold,
    rounding: Option<Rounding>,
    broken: Vec<Broken>,
}

impl Audit {
    fn breaks(&mut self, promise: &'static str, row: impl RowKey, finding: String) {
        let row = row.called(&self.names);
        self.report(Broken { promise, row, finding });
    }

    fn report(&mut self, broken: Broken) {
        if self.broken.len() < crate::limits::BROKEN_REPORTED {
            self.broken.push(broken);
        }
    }

    fn check(&mut self, promise: &'static str, row: impl RowKey, what: &str, has: i128, should: i128) {
        if has != should {
            self.breaks(promise, row, format!("{what} is {}, should be {}", micros(has), micros(should)));
        }
    }

    fn see(&mut self, row: &Row) {
        match row {
            Row::Item(row) => {
                self.names.see_item(row);
                self.fifo.insert(row.id, row.costing);
            }
            Row::Location(row) => {
                self.names.see_place(row);
                self.sites.insert(row.id, row.kind);
            }
            Row::Stock(row) => _ = self.stock.insert(row.key(), *row),
            Row::Layer(row) => self.see_layer(row),
            Row::Hold(row) => {
                let key = StockKey { item: row.item, site: row.site };
                add(self.held.entry(key).or_default(), row.quantity);
            }
            Row::Order(row) => self.see_order(row),
            Row::Purchase(row) => self.see_purchase(row),
            Row::Return(row) => {
                self.sold.see_return(row);
                let lines = row.lines.iter().map(|line| i128::from(line.refund.micros())).sum();
                self.check("money adds up", row.id, "the refund (refund)", i128::from(row.refund.micros()), lines);
            }
            Row::Movement(row) => self.see_movement(row),
            Row::Undone(key, row) => {
                let mut sum = self.undone.remove(key).unwrap_or_default();
                sum.subtract(row.quantity, row.value);
                self.undone.insert(*key, sum);
            }
            Row::Sales(key, row) => self.sold.see_totals(key, *row),
            Row::CustomerSales(key, row) => self.sold.see_customer_totals(key, *row),
            Row::Shop(row) => {
                self.rounding = Some(row.rounding);
                self.sold.see_shop(row);
            }
            Row::Supplier(_) | Row::Customer(_) | Row::Series(_) | Row::Alert(_) | Row::Command(_) => {}
        }
    }

    fn see_layer(&mut self, layer: &Layer) {
        let key = StockKey { item: layer.key.item, site: layer.key.site };
        self.layers.entry(key).or_default().add(layer.quantity, layer.value);
        if !layer.quantity.is_positive() {
            self.breaks("costs add up", layer.key, format!("a layer of {} should not be there", layer.quantity));
        }
    }

    fn see_order(&mut self, order: &Order) {
        self.sold.see_order(order);
        let lines = order.lines.iter().map(|line| i128::from(line.total.micros())).sum();
        self.check("money adds up", order, "the order's total (total)", i128::from(order.total.micros()), lines);
        if let Some(should) = self.rounding.and_then(|rounding| order.add_up(rounding)) {
            let has = order.amounts;
            for (what, has, should) in [
                ("the order's cancelled amount", has.cancelled, should.cancelled),
                ("the order's shipped amount", has.shipped, should.shipped),
                ("the order's returned amount", has.returned, should.returned),
                ("the order's refunded amount", has.refunded, should.refunded),
                ("the order's amount to pay", has.to_pay, should.to_pay),
            ] {
                self.check("money adds up", order, what, has.micros().into(), should.micros().into());
            }
        }
        for (number, line) in (0_u32..).zip(&order.lines) {
            let key = StockKey { item: line.item, site: order.site };
            let name = (order, number);
            let parts = [line.allocated, line.backordered, line.shipped, line.cancelled];
            let parts = parts.into_iter().map(|part| i128::from(part.micros())).sum();
            self.check("no oversell", name, "the sum of a line's parts", parts, i128::from(line.quantity.micros()));
            if line.returned > line.shipped {
                self.breaks("conservation", name, format!("{} returned of {}", line.returned, line.shipped));
            }
            let amount = self.rounding.and_then(|rounding| line.unit_price.times(line.quantity, rounding));
            if amount.and_then(|amount| amount.checked_sub(line.discount)) != Some(line.total) {
                self.breaks("money adds up", name, format!("{} is not price less discount", line.total));
            }
            if line.shipped == line.quantity && line.revenue != line.total {
                self.breaks("money adds up", name, format!("earned {} of {}", line.revenue, line.total));
            }
            if line.tracking == Tracking::Stocked {
                add(self.allocated.entry(key).or_default(), line.allocated);
                add(self.backordered.entry(key).or_default(), line.backordered);
            }
        }
    }

    fn see_purchase(&mut self, purchase: &Purchase) {
        let mut total = 0_i128;
        for (number, line) in (0_u32..).zip(&purchase.lines) {
            let amount = line.unit_cost.times(line.quantity, Rounding::LEDGER);
            total = total.saturating_add(amount.map_or(i128::MAX, |amount| i128::from(amount.micros())));
            self.received.entry((purchase.id, number)).or_default().add(line.received, line.received_cost);
            let key = StockKey { item: line.item, site: purchase.site };
            let incoming = self.incoming.entry(key).or_default();
            add(incoming, line.quantity);
            *incoming = incoming.saturating_sub(i128::from(line.received.micros()));
            *incoming = incoming.saturating_sub(i128::from(line.cancelled.micros()));
        }
        self.check(
            "money adds up",
            purchase,
            "the purchase's total (total)",
            i128::from(purchase.total.micros()),
            total,
        );
        if let Some(should) = purchase.add_up() {
            let has = purchase.amounts;
            for (what, has, should) in [
                ("the purchase's cancelled amount", has.cancelled, should.cancelled),
                ("the purchase's received amount", has.received, should.received),
                ("the purchase's amount to pay", has.to_pay, should.to_pay),
            ] {
                self.check("money adds up", purchase, what, has.micros().into(), should.micros().into());
            }
        }
    }

    fn see_movement(&mut self, row: &Movement) {
        self.on_hand.entry(StockKey { item: row.item, site: row.to }).or_default().add(row.quantity, row.value);
        self.on_hand.entry(StockKey { item: row.item, site: row.from }).or_default().subtract(row.quantity, row.value);
        if row.quantity.is_negative() || (row.value.is_negative() && !row.quantity.is_zero()) {
            self.breaks("conservation", row.key, format!("moves {} worth {}", row.quantity, row.value));
        }
        let kinds = (self.sites.get(&row.from), self.sites.get(&row.to));
        if row.from == row.to || !goes(row.kind, kinds) {
            self.breaks(
                "conservation",
                row.key,
                format!("a {} goes from {} to {}", kind(row), self.names.place(row.from), self.names.place(row.to)),
            );
        }
        if !self.sold.see_movement(row) {
            self.breaks("conservation", row.key, format!("a {} of no {} line that is there", kind(row), document(row)));
        }
        if let (MovementKind::Receipt, Some(Document::Purchase(purchase, line))) = (row.kind, row.document) {
            self.received.entry((purchase, line)).or_default().subtract(row.quantity, row.value);
        }
        if let Some(undone) = row.undoes {
            self.undone.entry(undone).or_default().add(row.quantity, row.value);
        }
    }

    fn conclude(&mut self) {
        for (key, stock) in std::mem::take(&mut self.stock) {
            let moved = self.on_hand.remove(&key).unwrap_or_default();
            let (on_hand, value) = (i128::from(stock.on_hand.micros()), i128::from(stock.value.micros()));
            self.check("conservation", key, "the quantity on hand (on_hand)", on_hand, moved.quantity);
            self.check("conservation", key, "the value on hand (value)", value, moved.value);
            if stock.value.is_negative() || (stock.on_hand.is_zero() && !stock.value.is_zero()) {
                self.breaks("costs add up", key, format!("{} on hand is worth {}", stock.on_hand, stock.value));
            }
            for (what, quantity) in [("on hand", stock.on_hand), ("allocated", stock.allocated), ("held", stock.held)] {
                if quantity.is_negative() {
                    self.breaks("no oversell", key, format!("{quantity} {what}"));
                }
            }
            let promised = i128::from(stock.allocated.micros()).saturating_add(i128::from(stock.held.micros()));
            if promised > on_hand {
                self.breaks("no oversell", key, format!("{} promised of {}", micros(promised), stock.on_hand));
            }
            if self.fifo.get(&key.item) == Some(&CostingMethod::Fifo) {
                let layers = self.layers.remove(&key).unwrap_or_default();
                self.check("costs add up", key, "the quantity of the cost layers", layers.quantity, on_hand);
                self.check("costs add up", key, "the value of the cost layers", layers.value, value);
            }
            let promised = [
                ("the quantity allocated (allocated)", stock.allocated, self.allocated.remove(&key)),
                ("the quantity held (held)", stock.held, self.held.remove(&key)),
                ("the quantity backordered (backordered)", stock.backordered, self.backordered.remove(&key)),
                ("the quantity incoming (incoming)", stock.incoming, self.incoming.remove(&key)),
            ];
            for (what, has, should) in promised {
                self.check("no oversell", key, what, i128::from(has.micros()), should.unwrap_or_default());
            }
        }
        self.conclude_strays();
        for (name, sum) in sorted(std::mem::take(&mut self.received)) {
            self.check("conservation", name, "what a purchase says has come, less its movements", sum.quantity, 0);
            self.check("costs add up", name, "what a purchase says that cost, less its movements", sum.value, 0);
        }
        for (key, sum) in sorted(std::mem::take(&mut self.undone)) {
            self.check("conservation", key, "what was undone, less what is noted as undone", sum.quantity, 0);
            self.check("costs add up", key, "the value undone, less what is noted as undone", sum.value, 0);
        }
        let sold: Vec<Broken> = std::mem::take(&mut self.sold).findings(&self.names).collect();
        sold.into_iter().for_each(|broken| self.report(broken));
    }

    /// What belongs to no stock row.
    fn conclude_strays(&mut self) {
        for (key, sum) in sorted(std::mem::take(&mut self.on_hand)) {
            if self.sites.get(&key.site) == Some(&LocationKind::Site) {
                self.check("conservation", key, "the quantity that moved without a stock row", sum.quantity, 0);
                self.check("conservation", key, "the value that moved without a stock row", sum.value, 0);
            } else if key.site == VARIANCE {
                self.check("conservation", key, "the quantity at a place for values only", sum.quantity, 0);
            }
        }
        for (key, sum) in sorted(std::mem::take(&mut self.layers)) {
            self.check("costs add up", key, "the quantity of cost layers that are of no stock", sum.quantity, 0);
            self.check("costs add up", key, "the value of cost layers that are of no stock", sum.value, 0);
        }
        for (what, strays) in [
            ("allocated", std::mem::take(&mut self.allocated)),
            ("held", std::mem::take(&mut self.held)),
            ("backordered", std::mem::take(&mut self.backordered)),
            ("incoming", std::mem::take(&mut self.incoming)),
        ] {
            for (key, sum) in sorted(strays) {
                self.check("no oversell", key, &format!("the quantity {what} without a stock row"), sum, 0);
            }
        }
    }
}

fn add(sum: &mut i128, quantity: Quantity) {
    *sum = sum.saturating_add(i128::from(quantity.micros()));
}

/// What a movement is, in a word.
fn kind(row: &Movement) -> &'static str {
    match row.kind {
        MovementKind::Receipt => "receipt",
        MovementKind::SupplierReturn => "return to a supplier",
        MovementKind::Sale => "sale",
        MovementKind::Return => "return",
        MovementKind::Adjustment => "adjustment",
        MovementKind::Transfer => "transfer",
        MovementKind::Revaluation => "revaluation",
    }
}

/// Of which document a line should be there.
fn document(row: &Movement) -> &'static str {
    if row.kind == MovementKind::Return { "return" } else { "order" }
}

/// Whether movements of a kind go from such a place to such a place.
fn goes(kind: MovementKind, places: (Option<&LocationKind>, Option<&LocationKind>)) -> bool {
    use LocationKind::{Customer, Loss, Service, Site, Supplier, Variance};
    let (Some(from), Some(to)) = places else { return false };
    match kind {
        MovementKind::Receipt => (from, to) == (&Supplier, &Site),
        MovementKind::SupplierReturn => (from, to) == (&Site, &Supplier),
        MovementKind::Sale => matches!((from, to), (Site | Service, Customer)),
        MovementKind::Return => matches!((from, to), (Customer, Site | Service)),
        MovementKind::Adjustment => matches!((from, to), (Site, Loss) | (Loss, Site)),
        MovementKind::Transfer => (from, to) == (&Site, &Site),
        MovementKind::Revaluation => matches!((from, to), (Site, Variance) | (Variance, Site)),
    }
}

pub(super) fn sorted<K: Ord, V>(map: FxHashMap<K, V>) -> BTreeMap<K, V> {
    // One by one: to collect a map sorts a list first, with code of its own for each type of row.
    let mut sorted = BTreeMap::new();
    sorted.extend(map);
    sorted
}

/// A number of micros as a person reads it.
pub(super) fn micros(number: i128) -> String {
    match i64::try_from(number) {
        Ok(micros) => Quantity::from_micros(micros).to_string(),
        Err(_) => format!("{number} millionths"),
    }
}
