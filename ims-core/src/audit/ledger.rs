//! What rows say of each other: each is looked at once, and what must be the same elsewhere is added to the sums.

use super::{
    rows::Key,
    sums::{Account, COLUMNS, Found, Side, Sums, level, micros},
    told::{At, Facts},
};
use crate::{
    location::{CUSTOMERS, LOSS, SERVICES, SUPPLIERS, VARIANCE},
    report::Row,
    *,
};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The promise that documents are numbered without gaps.
pub(super) const NUMBERED: &str = "numbers without gaps";

/// What has been seen of a store.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) sums: Sums,
    facts: Facts,
    shop: Option<(TimeZone, Rounding)>,
    series: BTreeMap<Text, Numbers>,
    found: Vec<Found>,
    /// What rows themselves break is told once, in the first look.
    told: bool,
}

/// The numbers of a series: what was given last, and those that documents have.
#[derive(Default)]
struct Numbers {
    last: u64,
    count: u64,
    highest: u64,
    sum: u128,
}

/// What else has to be loaded to look at some rows.
pub(super) fn wanted(rows: &[Row], zone: Option<&TimeZone>) -> ReadSet {
    let mut reads = ReadSet::default();
    for row in rows {
        match row {
            Row::Stock(row) if !row.held.is_zero() || row.holds_lapse_at.is_some() => {
                reads.holds_on.insert(row.key());
            }
            Row::Order(row) if zone.is_some_and(|zone| days(row, zone).len() > 1) => {
                reads.movements_of.extend(row.shipments.iter().map(|sent| sent.id));
            }
            Row::Return(row) => reads.orders.extend(row.order),
            Row::Movement(row) if row.kind == MovementKind::Return && row.layer.is_some() => {
                reads.movements_of.extend(row.undoes.map(|undone| undone.command));
            }
            _ => {}
        }
    }
    reads
}

/// The business days on which goods of an order left.
fn days(order: &Order, zone: &TimeZone) -> BTreeSet<Date> {
    let mut moments: Vec<Timestamp> = order.shipments.iter().map(|sent| sent.shipped_at).collect();
    moments.dedup();
    moments.into_iter().map(|moment| zone.business_day(moment)).collect()
}

/// Rows that were loaded because of others.
#[derive(Default)]
pub(super) struct Beside {
    first_lapse: FxHashMap<StockKey, Timestamp>,
    movements: FxHashMap<CommandId, Vec<(Movement, Undone)>>,
    sites: FxHashMap<OrderId, LocationId>,
}

impl Beside {
    pub(super) fn of(loaded: Loaded) -> Beside {
        let mut first_lapse: FxHashMap<StockKey, Timestamp> = FxHashMap::default();
        for hold in loaded.holds {
            let key = StockKey { item: hold.row.item, site: hold.row.site };
            let first = first_lapse.entry(key).or_insert(hold.row.until);
            *first = hold.row.until.min(*first);
        }
        let sites = loaded.orders.into_iter().map(|order| (order.row.id, order.row.site)).collect();
        Beside { first_lapse, movements: loaded.movements_of.into_iter().collect(), sites }
    }
}

fn two(quantity: Quantity, amount: Amount) -> [i128; COLUMNS] {
    [quantity.micros().into(), amount.micros().into(), 0, 0]
}

fn three(quantity: Quantity, first: Amount, second: Amount) -> [i128; COLUMNS] {
    [quantity.micros().into(), first.micros().into(), second.micros().into(), 0]
}

fn less(numbers: [i128; COLUMNS]) -> [i128; COLUMNS] {
    numbers.map(|number| number.saturating_neg())
}

impl Ledger {
    pub(super) fn zone(&self) -> Option<&TimeZone> {
        self.shop.as_ref().map(|(zone, _)| zone)
    }

    fn rounding(&self) -> Option<Rounding> {
        self.shop.as_ref().map(|(_, rounding)| *rounding)
    }

    /// Notes what is wrong with a row, in the first look.
    fn breaks(&mut self, promise: &'static str, key: Key, finding: String) {
        if !self.told && self.found.len() < limits::BROKEN_REPORTED {
            self.found.push(Found { promise, key, finding });
        }
    }

    fn check(&mut self, promise: &'static str, key: Key, what: &str, has: i128, should: i128) {
        if has != should {
            self.breaks(promise, key, format!("{what} is {}, should be {}", micros(has), micros(should)));
        }
    }

    fn has(&mut self, account: Account, key: Key, numbers: [i128; COLUMNS]) {
        self.sums.add(account, key, Side::Has, numbers);
    }

    fn should(&mut self, account: Account, key: Key, numbers: [i128; COLUMNS]) {
        self.sums.add(account, key, Side::Should, numbers);
    }

    /// Looks at a row.
    pub(super) fn see(&mut self, row: &Row, beside: &Beside) {
        match row {
            Row::Shop(row) => {
                self.shop = Some((row.time_zone.clone(), row.rounding));
                self.facts.see_shop(row);
            }
            Row::Command(row) => {
                if let Answer::Done(receipt) = &*row.answer {
                    self.facts.see_receipt(&mut self.sums, row.id, receipt);
                }
            }
            Row::Item(row) => self.facts.see_item(&mut self.sums, row),
            Row::Location(row) => self.facts.see_location(&mut self.sums, row),
            Row::Supplier(row) => self.facts.see_supplier(&mut self.sums, row),
            Row::Customer(row) => self.facts.see_customer(&mut self.sums, row),
            Row::Series(row) => self.series.entry(Text::clone(&row.code)).or_default().last = row.last,
            Row::Stock(row) => self.see_stock(row, beside),
            Row::Layer(row) => self.see_layer(row),
            Row::Hold(row) => {
                let key = StockKey { item: row.item, site: row.site };
                self.should(Account::Promised, Key::Stock(key), [0, 0, row.quantity.micros().into(), 0]);
                self.facts.see_hold(&mut self.sums, row);
            }
            Row::Order(row) => self.see_order(row, beside),
            Row::Purchase(row) => self.see_purchase(row),
            Row::Return(row) => self.see_return(row, beside),
            Row::Alert(row) => {
                if row.resolved_at.is_none() {
                    self.should(Account::Level, Key::Stock(row.key()), [level(row.kind), 0, 0, 0]);
                }
                self.facts.see_alert(&mut self.sums, row);
            }
            Row::Movement(row) => self.see_movement(row, beside),
            Row::Undone(key, row) => self.has(Account::Undone, Key::Undone(*key), two(row.quantity, row.value)),
            Row::Sales(key, row) => {
                self.has(Account::Sales, Key::Sales(key.clone()), three(row.units, row.revenue, row.cost));
            }
            Row::CustomerSales(key, row) => {
                let numbers = three(row.units, row.revenue, row.cost);
                self.has(Account::CustomerSales, Key::CustomerSales(*key), numbers);
            }
        }
    }

    fn see_stock(&mut self, stock: &Stock, beside: &Beside) {
        let key = stock.key();
        let name = || Key::Stock(key);
        self.has(Account::OnHand, name(), two(stock.on_hand, stock.value));
        let promised = [stock.allocated, stock.backordered, stock.held, stock.incoming];
        self.has(Account::Promised, name(), promised.map(|quantity| quantity.micros().into()));
        self.has(Account::LayersMade, name(), [stock.layers_made.into(), 0, 0, 0]);
        self.has(Account::Level, name(), [level(stock.level), 0, 0, 0]);
        if stock.value.is_negative() || (stock.on_hand.is_zero() && !stock.value.is_zero()) {
            let finding = format!("{} on hand (on_hand) is worth {} (value)", stock.on_hand, stock.value);
            self.breaks("costs add up", name(), finding);
        }
        for (what, quantity) in [("on hand", stock.on_hand), ("allocated", stock.allocated), ("held", stock.held)] {
            if quantity.is_negative() {
                self.breaks("no oversell", name(), format!("{quantity} {what}"));
            }
        }
        let promised = i128::from(stock.allocated.micros()).saturating_add(i128::from(stock.held.micros()));
        if promised > i128::from(stock.on_hand.micros()) {
            self.breaks("no oversell", name(), format!("{} promised of {}", micros(promised), stock.on_hand));
        }
        let first = beside.first_lapse.get(&key).copied();
        if stock.holds_lapse_at != first {
            let shown = |moment: Option<Timestamp>| moment.map_or("nothing".to_owned(), |moment| moment.to_string());
            let (has, should) = (shown(stock.holds_lapse_at), shown(first));
            let finding = format!("when the first hold lapses (holds_lapse_at) is {has}, should be {should}");
            self.breaks("no oversell", name(), finding);
        }
    }

    fn see_layer(&mut self, layer: &Layer) {
        let LayerKey { item, site, acquired_at, .. } = layer.key;
        let key = Key::Layers(StockKey { item, site }, acquired_at);
        self.has(Account::Layers, key, two(layer.quantity, layer.value));
        if !layer.quantity.is_positive() {
            let finding = format!("a layer of {} should not be there", layer.quantity);
            self.breaks("costs add up", Key::Layer(layer.key), finding);
        }
    }

    /// Notes the number of a document.
    fn number(&mut self, series: &Text, number: u64) {
        let numbers = self.series.entry(Text::clone(series)).or_default();
        numbers.count = numbers.count.saturating_add(1);
        numbers.highest = numbers.highest.max(number);
        numbers.sum = numbers.sum.saturating_add(number.into());
    }

    fn see_order(&mut self, order: &Order, beside: &Beside) {
        self.facts.see_order(&mut self.sums, order);
        self.number(&order.series, order.number);
        for sent in &order.shipments {
            let key = Key::Shipment(order.id, sent.id);
            self.has(Account::Shipments, key, [1, sent.shipped_at.micros().into(), 0, 0]);
        }
        let name = || Key::Order(order.id);
        let lines = order.lines.iter().map(|line| i128::from(line.total.micros())).sum();
        self.check("money adds up", name(), "the order's total (total)", order.total.micros().into(), lines);
        if let Some(should) = self.rounding().and_then(|rounding| order.add_up(rounding)) {
            let has = order.amounts;
            for (what, has, should) in [
                ("the order's cancelled amount (cancelled)", has.cancelled, should.cancelled),
                ("the order's shipped amount (shipped)", has.shipped, should.shipped),
                ("the order's returned amount (returned)", has.returned, should.returned),
                ("the order's refunded amount (refunded)", has.refunded, should.refunded),
                ("the order's amount to pay (to_pay)", has.to_pay, should.to_pay),
            ] {
                self.check("money adds up", name(), what, has.micros().into(), should.micros().into());
            }
        }
        for (number, line) in (0_u32..).zip(&order.lines) {
            self.see_line(order, number, line);
        }
        self.see_sold(order, beside);
    }

    fn see_line(&mut self, order: &Order, number: u32, line: &OrderLine) {
        let name = || Key::OrderLine(order.id, number);
        let parts = [line.allocated, line.backordered, line.shipped, line.cancelled];
        let sum = parts.iter().map(|part| i128::from(part.micros())).sum();
        if sum != i128::from(line.quantity.micros()) {
            let [allocated, backordered, shipped, cancelled] = parts;
            let finding = format!(
                "what is allocated, backordered, shipped and cancelled ({allocated}, {backordered}, {shipped}, \
                 {cancelled}) is {} together, should be {} (quantity)",
                micros(sum),
                line.quantity
            );
            self.breaks("no oversell", name(), finding);
        }
        if line.returned > line.shipped {
            self.breaks("conservation", name(), format!("{} returned of {} shipped", line.returned, line.shipped));
        }
        if let Some(rounding) = self.rounding() {
            let amount = line.unit_price.times(line.quantity, rounding);
            if amount.and_then(|amount| amount.checked_sub(line.discount)) != Some(line.total) {
                let (quantity, price, discount) = (line.quantity, line.unit_price, line.discount);
                let finding = format!(
                    "the total (total) is {}, and {quantity} (quantity) at {price} (unit_price) less {discount} \
                     (discount) is not that",
                    line.total
                );
                self.breaks("money adds up", name(), finding);
            }
        }
        if line.shipped == line.quantity && line.revenue != line.total {
            let (has, should) = (line.revenue.micros(), line.total.micros());
            self.check("money adds up", name(), "the revenue (revenue)", has.into(), should.into());
        }
        if line.tracking == Tracking::Stocked {
            let key = Key::Stock(StockKey { item: line.item, site: order.site });
            let promised = [line.allocated.micros().into(), line.backordered.micros().into(), 0, 0];
            self.should(Account::Promised, key, promised);
        }
        self.has(Account::Shipped, name(), three(line.shipped, line.revenue, line.cost));
        let back = three(line.returned, line.refunded, line.cost_returned);
        self.has(Account::TakenBack, Key::OrderItem(order.id, line.item), back);
    }

    /// Adds what was sold to the totals of its day; of an order that left on several days, the movements tell which part
    /// left on which.
    fn see_sold(&mut self, order: &Order, beside: &Beside) {
        let Some(zone) = self.zone().cloned() else { return };
        let days = days(order, &zone);
        let day = match (days.first(), days.len()) {
            (None, _) => return,
            (Some(day), 1) => *day,
            _ => {
                for (movement, _) in order.shipments.iter().filter_map(|sent| beside.movements.get(&sent.id)).flatten()
                {
                    let Some(Document::Order(id, line)) = movement.document else { continue };
                    let line = usize::try_from(line).ok().and_then(|line| order.lines.get(line));
                    if let Some(line) = line.filter(|_| id == order.id) {
                        let day = zone.business_day(movement.occurred_at);
                        let numbers = three(movement.quantity, movement.revenue, movement.value);
                        self.see_day(day, order, line, numbers);
                    }
                }
                return;
            }
        };
        for line in &order.lines {
            self.see_day(day, order, line, three(line.shipped, line.revenue, line.cost));
        }
    }

    fn see_day(&mut self, day: Date, order: &Order, line: &OrderLine, numbers: [i128; COLUMNS]) {
        let (brand, category) = (Text::clone(&line.brand), Text::clone(&line.category));
        let key = SalesKey { day, site: order.site, item: line.item, brand, category };
        self.should(Account::Sales, Key::Sales(key), numbers);
        let key = CustomerSalesKey { day, customer: order.customer };
        self.should(Account::CustomerSales, Key::CustomerSales(key), numbers);
    }

    fn see_return(&mut self, goods: &Return, beside: &Beside) {
        self.facts.see_return(&mut self.sums, goods);
        let lines = goods.lines.iter().map(|line| i128::from(line.refund.micros())).sum();
        let refund = goods.refund.micros().into();
        self.check("money adds up", Key::Return(goods.id), "the refund (refund)", refund, lines);
        // What had left with an order counts where it was sold.
        let site = goods.order.and_then(|order| beside.sites.get(&order)).copied().unwrap_or(goods.site);
        let day = self.zone().map(|zone| zone.business_day(goods.returned_at));
        for (number, line) in (0_u32..).zip(&goods.lines) {
            let numbers = three(line.quantity, line.refund, line.cost);
            self.has(Account::CameBack, Key::ReturnLine(goods.id, number), numbers);
            if let Some(order) = goods.order {
                self.should(Account::TakenBack, Key::OrderItem(order, line.item), numbers);
            }
            if let Some(day) = day {
                let (brand, category) = (Text::clone(&line.brand), Text::clone(&line.category));
                let key = SalesKey { day, site, item: line.item, brand, category };
                self.should(Account::Sales, Key::Sales(key), less(numbers));
                let key = CustomerSalesKey { day, customer: goods.customer };
                self.should(Account::CustomerSales, Key::CustomerSales(key), less(numbers));
            }
        }
    }

    fn see_purchase(&mut self, purchase: &Purchase) {
        self.facts.see_purchase(&mut self.sums, purchase);
        self.number(&purchase.series, purchase.number);
        let name = || Key::Purchase(purchase.id);
        let mut total = 0_i128;
        for (number, line) in (0_u32..).zip(&purchase.lines) {
            let amount = line.unit_cost.times(line.quantity, Rounding::LEDGER);
            total = total.saturating_add(amount.map_or(i128::MAX, |amount| i128::from(amount.micros())));
            let key = Key::PurchaseLine(purchase.id, number);
            self.has(Account::Received, key, two(line.received, line.received_cost));
            let [quantity, received, cancelled] =
                [line.quantity, line.received, line.cancelled].map(|part| i128::from(part.micros()));
            let incoming = quantity.saturating_sub(received).saturating_sub(cancelled);
            let key = Key::Stock(StockKey { item: line.item, site: purchase.site });
            self.should(Account::Promised, key, [0, 0, 0, incoming]);
        }
        let has = purchase.total.micros().into();
        self.check("money adds up", name(), "the purchase's total (total)", has, total);
        if let Some(should) = purchase.add_up() {
            let has = purchase.amounts;
            for (what, has, should) in [
                ("the purchase's cancelled amount (cancelled)", has.cancelled, should.cancelled),
                ("the purchase's received amount (received)", has.received, should.received),
                ("the purchase's amount to pay (to_pay)", has.to_pay, should.to_pay),
            ] {
                self.check("money adds up", name(), what, has.micros().into(), should.micros().into());
            }
        }
    }

    fn see_movement(&mut self, row: &Movement, beside: &Beside) {
        self.facts.see_movement(&mut self.sums, row);
        let numbers = two(row.quantity, row.value);
        for (place, numbers) in [(row.to, numbers), (row.from, less(numbers))] {
            if is_site(place) {
                let key = StockKey { item: row.item, site: place };
                self.should(Account::OnHand, Key::Stock(key), numbers);
                if row.layer.is_some() {
                    self.should(Account::Layers, Key::Layers(key, row.acquired_at), numbers);
                }
            }
        }
        if makes_layer(row, beside) {
            let key = StockKey { item: row.item, site: row.to };
            self.should(Account::LayersMade, Key::Stock(key), [1, 0, 0, 0]);
        }
        self.see_direction(row);
        if let Some(undone) = row.undoes {
            self.should(Account::Undone, Key::Undone(undone), numbers);
        }
        let sold = three(row.quantity, row.revenue, row.value);
        match (row.kind, row.document) {
            (MovementKind::Sale, Some(Document::Order(order, line))) => {
                self.should(Account::Shipped, Key::OrderLine(order, line), sold);
            }
            (MovementKind::Return, Some(Document::Return(goods, line))) => {
                self.should(Account::CameBack, Key::ReturnLine(goods, line), sold);
            }
            (MovementKind::Receipt, Some(Document::Purchase(purchase, line))) => {
                self.should(Account::Received, Key::PurchaseLine(purchase, line), numbers);
            }
            (MovementKind::Sale | MovementKind::Return, _) | (_, Some(_)) => {
                let finding = format!("a {} is of no document that it can be of", kind(row));
                self.breaks("conservation", Key::Movement(row.key), finding);
            }
            (_, None) => {}
        }
        if row.kind == MovementKind::Revaluation && row.from == VARIANCE {
            let key = Key::Movements(row.key.command);
            self.has(Account::Revaluation, key, [row.value.micros().into(), 0, 0, 0]);
        }
    }

    /// Checks that goods, or value alone, went where their kind goes.
    fn see_direction(&mut self, row: &Movement) {
        let name = || Key::Movement(row.key);
        let by_value = row.kind == MovementKind::Revaluation;
        if row.quantity.is_negative() || by_value != row.quantity.is_zero() || (row.value.is_negative() && !by_value) {
            self.breaks("conservation", name(), format!("moves {} worth {}", row.quantity, row.value));
        }
        let sold = matches!(row.kind, MovementKind::Sale | MovementKind::Return);
        if !sold && !row.revenue.is_zero() {
            let finding = format!("the revenue (revenue) of a {} is {}, should be 0", kind(row), row.revenue);
            self.breaks("money adds up", name(), finding);
        }
        if row.from == row.to || !goes(row.kind, row.from, row.to) {
            let finding = format!("a {} goes from {} to {}", kind(row), place(row.from), place(row.to));
            self.breaks("conservation", name(), finding);
        }
    }

    /// Looks at the next event of the log.
    pub(super) fn see_event(&mut self, at: &At, body: &EventBody) {
        self.facts.see_event(&mut self.sums, at, body);
        let EventBody::Done(receipt) = body else { return };
        match &**receipt {
            Receipt::OrderShipped { order, .. } | Receipt::Sold { order, .. } => {
                let key = Key::Shipment(order.id, at.command);
                self.should(Account::Shipments, key, [1, at.occurred_at.micros().into(), 0, 0]);
            }
            Receipt::StandardCostSet { revaluation, .. } => {
                let key = Key::Movements(at.command);
                self.should(Account::Revaluation, key, [revaluation.micros().into(), 0, 0, 0]);
            }
            _ => {}
        }
    }

    /// Ends a look: tells whether a second one is needed.
    pub(super) fn end(&mut self) -> bool {
        self.facts.end(&mut self.sums);
        for (code, numbers) in std::mem::take(&mut self.series) {
            self.see_numbers(code, &numbers);
        }
        self.told = true;
        self.facts = Facts::default();
        self.sums.end()
    }

    fn see_numbers(&mut self, code: Text, numbers: &Numbers) {
        let (count, highest, last) = (numbers.count, numbers.highest, numbers.last);
        if last != highest {
            let finding = format!("the number given last (last) is {last}, should be {highest}");
            self.breaks(NUMBERED, Key::Series(Text::clone(&code)), finding);
        }
        let all = u128::from(highest).saturating_mul(u128::from(highest).saturating_add(1)).checked_div(2);
        if count != highest || Some(numbers.sum) != all {
            let finding =
                format!("of the numbers from 1 to {highest} documents have {count}, and each should be there once");
            self.breaks(NUMBERED, Key::Series(code), finding);
        }
    }

    /// What was found.
    pub(super) fn findings(self) -> Vec<Found> {
        let mut found = self.found;
        found.extend(self.sums.findings());
        found
    }
}

/// Whether a place has stock of its own: every place that is not one of the engine's own.
fn is_site(place: LocationId) -> bool {
    place.as_u128() < location::FIRST_VIRTUAL_ID
}

/// Whether goods that came to a site became a new layer: all do, but those that went back into the layer that they had left.
fn makes_layer(row: &Movement, beside: &Beside) -> bool {
    let undone = row.undoes.and_then(|undone| {
        let movements = beside.movements.get(&undone.command)?;
        movements.iter().map(|(movement, _)| movement).find(|movement| movement.key == undone)
    });
    let back = undone.is_some_and(|sale| sale.from == row.to && sale.layer == row.layer);
    row.layer.is_some() && is_site(row.to) && !back
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

/// What a place is, in a word.
fn place(id: LocationId) -> &'static str {
    match id {
        SUPPLIERS => "suppliers",
        CUSTOMERS => "customers",
        LOSS => "loss",
        VARIANCE => "variance",
        SERVICES => "services",
        _ => "a site",
    }
}

/// Whether movements of a kind go from such a place to such a place.
fn goes(kind: MovementKind, from: LocationId, to: LocationId) -> bool {
    let (out, into) = (is_site(from), is_site(to));
    match kind {
        MovementKind::Receipt => from == SUPPLIERS && into,
        MovementKind::SupplierReturn => out && to == SUPPLIERS,
        MovementKind::Sale => (out || from == SERVICES) && to == CUSTOMERS,
        MovementKind::Return => from == CUSTOMERS && (into || to == SERVICES),
        MovementKind::Adjustment => (out && to == LOSS) || (from == LOSS && into),
        MovementKind::Transfer => out && into,
        MovementKind::Revaluation => (out && to == VARIANCE) || (from == VARIANCE && into),
    }
}
