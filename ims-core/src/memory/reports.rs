//! What each report means: the fold over the rows.

use super::{
    MemoryStore, Tables,
    sorted::{Key, Part, page_of},
};
use crate::{audit::Verdict, report::*, stock::allocate::available, *};
use std::{collections::BTreeMap, sync::Arc};

impl Reports for MemoryStore {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        let tables = self.tables();
        let text = query.text.as_deref().map(fold);
        let wares = Wares::of(None, query.brand.as_deref(), query.category.as_deref());
        let mut rows: Vec<(Key, &Arc<Item>)> = Vec::new();
        for item in tables.items.values().filter(|item| listed(query.standing, item.standing)) {
            let key = item.sku.folded();
            let by_text =
                text.as_ref().is_none_or(|text| key.as_str().contains(text) || fold(&item.name).contains(text));
            let by_supplier = query.supplier.is_none_or(|supplier| item.supplier == Some(supplier));
            if by_text && by_supplier && wares.are(item.id, &item.brand, &item.category) {
                rows.push((Key::of([Part::text(key.as_str()), Part::Id(item.id.as_u128())]), item));
            }
        }
        page_of(page, List::Items, rows, |item| Arc::clone(item))
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        let tables = self.tables();
        let rows: Vec<_> = tables.locations.values().map(|row| (by_code(&row.code, row.id.as_u128()), row)).collect();
        page_of(page, List::Locations, rows, |row| Arc::clone(row))
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        let tables = self.tables();
        let rows = tables.suppliers.values().filter(|row| party(query, &row.code, &row.contact, row.standing));
        let rows: Vec<_> = rows.map(|row| (by_code(&row.code, row.id.as_u128()), row)).collect();
        page_of(page, List::Suppliers, rows, |row| Arc::clone(row))
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        let tables = self.tables();
        let rows = tables.customers.values().filter(|row| party(query, &row.code, &row.contact, row.standing));
        let rows: Vec<_> = rows.map(|row| (by_code(&row.code, row.id.as_u128()), row)).collect();
        page_of(page, List::Customers, rows, |row| Arc::clone(row))
    }

    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        let tables = self.tables();
        let mut rows = Vec::new();
        for stock in tables.stock_listed() {
            if query.item.is_some_and(|item| item != stock.item) || query.site.is_some_and(|site| site != stock.site) {
                continue;
            }
            let Some((key, item, site)) = tables.named(&stock) else { continue };
            let Some((committed, available)) = tables.promised(&stock, query.now) else { return Err(too_large()) };
            let line = StockLine {
                item: item.id,
                sku: item.sku.clone(),
                name: Arc::clone(&item.name),
                site: Arc::clone(&site.code),
                on_hand: stock.on_hand,
                committed,
                available,
                incoming: stock.incoming,
                backordered: stock.backordered,
                value: stock.value,
            };
            rows.push((key, line));
        }
        page_of(page, List::Stock, rows, StockLine::clone)
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        let tables = self.tables();
        let mut orders = tables.orders.values();
        Ok(orders.find(|order| &*order.series == series && order.number == number).map(|order| order.id))
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let tables = self.tables();
        let city = query.city.as_deref().map(fold);
        let wares = Wares::of(query.item, query.brand.as_deref(), query.category.as_deref());
        let rows = tables.orders.values().filter(|order| {
            query.customer.is_none_or(|customer| order.customer == Some(customer))
                && query.site.is_none_or(|site| order.site == site)
                && query.status.is_none_or(|status| order.status == status)
                && within(query.from, query.until, order.placed_at)
                && (wares.are_any() || order.lines.iter().any(|line| wares.are(line.item, &line.brand, &line.category)))
                && city.as_ref().is_none_or(|city| was_in(order.party.as_ref(), city))
        });
        let rows: Vec<_> = rows.map(|order| (by_time(order.placed_at, order.id.as_u128()), order)).collect();
        page_of(page, List::Orders, rows, |order| Order::clone(order))
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        let tables = self.tables();
        let mut purchases = tables.purchases.values();
        Ok(purchases.find(|row| &*row.series == series && row.number == number).map(|row| row.id))
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        let tables = self.tables();
        let city = query.city.as_deref().map(fold);
        let wares = Wares::of(query.item, query.brand.as_deref(), query.category.as_deref());
        let rows = tables.purchases.values().filter(|row| {
            query.supplier.is_none_or(|supplier| row.supplier == supplier)
                && query.site.is_none_or(|site| row.site == site)
                && query.status.is_none_or(|status| row.status == status)
                && within(query.from, query.until, row.ordered_at)
                && (wares.are_any() || row.lines.iter().any(|line| tables.is_of(line, &wares)))
                && city.as_ref().is_none_or(|city| was_in(row.party.as_ref(), city))
        });
        let rows: Vec<_> = rows.map(|row| (by_time(row.ordered_at, row.id.as_u128()), row)).collect();
        page_of(page, List::Purchases, rows, |row| Purchase::clone(row))
    }

    async fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AlertLine>, StoreError> {
        let tables = self.tables();
        let mut rows = Vec::new();
        for alert in tables.alerts.values() {
            let asked = match query {
                AlertQuery::All => true,
                AlertQuery::Open => alert.resolved_at.is_none(),
                AlertQuery::Unacknowledged => alert.resolved_at.is_none() && alert.acknowledged_at.is_none(),
            };
            let Some(stock) = tables.stock.get(&alert.key()).filter(|_| asked) else { continue };
            let Some((key, item, site)) = tables.named(stock) else { continue };
            // Nobody waits for goods at a site that is retired.
            if alert.resolved_at.is_none() && site.standing == Standing::Retired {
                continue;
            }
            let Some((_, available)) = tables.promised(stock, now) else { return Err(too_large()) };
            let line = AlertLine {
                item: item.id,
                sku: item.sku.clone(),
                name: Arc::clone(&item.name),
                site: Arc::clone(&site.code),
                kind: alert.kind,
                available,
                threshold: item.reorder_point,
                available_then: alert.available,
                threshold_then: alert.threshold,
                raised_at: alert.raised_at,
                acknowledged_at: alert.acknowledged_at,
                resolved_at: alert.resolved_at,
            };
            rows.push((key, line));
        }
        page_of(page, List::Alerts, rows, AlertLine::clone)
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let tables = self.tables();
        let within = |day: Date| within(query.from, query.until, day);
        // By what is the same; shown is the last of its spellings.
        let mut sums: BTreeMap<Text, (Text, Text, Sales)> = BTreeMap::new();
        let mut add = |(key, name): (Text, Text), part: Sales| {
            let same = match query.by {
                ProfitBy::Brand | ProfitBy::Category => fold(&key).into(),
                _ => Text::clone(&key),
            };
            let (shown, _, sum) = sums.entry(same).or_insert_with(|| (Text::clone(&key), name, Sales::default()));
            if *shown < key {
                *shown = key;
            }
            *sum = sum.checked_add(part).ok_or_else(too_large)?;
            Ok::<_, StoreError>(())
        };
        if query.by == ProfitBy::Customer {
            for (key, part) in tables.customer_sales.iter().filter(|(key, _)| within(key.day)) {
                let customer = key.customer.and_then(|id| tables.customers.get(&id));
                let nobody = || ("".into(), "".into());
                let named = |row: &Arc<Customer>| (Arc::clone(&row.code), Arc::clone(&row.contact.name));
                add(customer.map_or_else(nobody, named), *part)?;
            }
        } else {
            for (key, part) in tables.sales.iter().filter(|(key, _)| within(key.day)) {
                add(tables.profit_key(query.by, key), *part)?;
            }
        }
        let lines = sums.into_iter().map(|(same, (key, name, sales))| {
            let line = ProfitLine { key, name, sales };
            (Key::of([Part::text(&same)]), line)
        });
        page_of(page, List::Profit, lines.collect(), ProfitLine::clone)
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        let tables = self.tables();
        let at_site = |id: LocationId| {
            tables.locations.get(&id).is_some_and(|row| row.kind == LocationKind::Site)
                && query.site.is_none_or(|site| site == id)
        };
        let mut sum = StockValue::default();
        let Some(as_of) = query.as_of else {
            for stock in tables.stock.values().filter(|stock| at_site(stock.site)) {
                sum = sum.plus(stock.on_hand, stock.value).ok_or_else(too_large)?;
            }
            return Ok(sum);
        };
        for movement in tables.movements.iter().filter(|movement| movement.occurred_at <= as_of) {
            if at_site(movement.to) {
                sum = sum.plus(movement.quantity, movement.value).ok_or_else(too_large)?;
            }
            if at_site(movement.from) {
                sum = sum.minus(movement.quantity, movement.value).ok_or_else(too_large)?;
            }
        }
        Ok(sum)
    }

    async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        let tables = self.tables();
        let mut rows = Vec::new();
        for stock in tables.stock_listed() {
            let Some((key, item, site)) = tables.named(&stock) else { continue };
            if item.standing == Standing::Retired || site.standing == Standing::Retired {
                continue;
            }
            let Some((_, available)) = tables.promised(&stock, now) else { return Err(too_large()) };
            let expected = || available.checked_add(stock.incoming)?.checked_sub(stock.backordered);
            let Some(expected) = expected() else { return Err(too_large()) };
            // Without a reorder point there is a need where customers wait for more than will come.
            if item.reorder_point.map_or(!expected.is_negative(), |point| expected > point) {
                continue;
            }
            let point = item.reorder_point.unwrap_or_default();
            let target = item.reorder_to.or_else(|| point.checked_add(point)).ok_or_else(too_large)?;
            let smallest = Quantity::from_micros(10_i64.pow(6_u32.saturating_sub(item.unit.decimals())));
            let missing = target.checked_sub(expected).ok_or_else(too_large)?;
            let line = ReorderLine {
                item: item.id,
                sku: item.sku.clone(),
                name: Arc::clone(&item.name),
                site: Arc::clone(&site.code),
                supplier: item
                    .supplier
                    .and_then(|id| tables.suppliers.get(&id))
                    .map_or_else(|| "".into(), |supplier| Arc::clone(&supplier.code)),
                available,
                incoming: stock.incoming,
                backordered: stock.backordered,
                threshold: item.reorder_point,
                propose: missing.max(smallest),
            };
            rows.push((key, line));
        }
        page_of(page, List::Reorder, rows, ReorderLine::clone)
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        let tables = self.tables();
        let rows = tables.movements.iter().filter(|movement| {
            query.item.is_none_or(|item| movement.item == item)
                && query.location.is_none_or(|place| movement.from == place || movement.to == place)
                && within(query.from, query.until, movement.occurred_at)
        });
        let key = |movement: &Movement| {
            let MovementKey { command, number } = movement.key;
            let moment = Part::Int(movement.occurred_at.micros());
            Key::of([moment, Part::Id(command.as_u128()), Part::Int(number.into())])
        };
        let rows: Vec<_> = rows.map(|movement| (key(movement), movement)).collect();
        page_of(page, List::Movements, rows, |movement| Movement::clone(movement))
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        Ok(self.tables().scan(table, page))
    }

    /// As of one moment: nobody writes meanwhile.
    async fn verify(&self) -> Result<Verdict, StoreError> {
        self.tables().verify()
    }
}

impl Tables {
    /// All stock, and what is listed as such: nothing of an item in trade that never was anywhere, at the first site.
    fn stock_listed(&self) -> impl Iterator<Item = Stock> {
        let in_use = |row: &&Arc<Location>| row.kind == LocationKind::Site && row.standing == Standing::Active;
        let first = self.locations.values().filter(in_use).min_by_key(|row| fold(&row.code));
        let stocked = |item: &&Arc<Item>| item.tracking == Tracking::Stocked && item.standing == Standing::Active;
        let nowhere = self.items.values().filter(stocked).filter(|item| !self.sites_of.contains_key(&item.id));
        let first = first.map(|row| row.id);
        let nothing = nowhere.filter_map(move |item| Some(Stock::empty(StockKey { item: item.id, site: first? })));
        self.stock.values().copied().chain(nothing)
    }

    /// Item and site of a stock, and by what it is listed: folded SKU, then folded site code; ids where an older version
    /// took two codes for different ones.
    fn named(&self, stock: &Stock) -> Option<(Key, &Arc<Item>, &Arc<Location>)> {
        let item = self.items.get(&stock.item)?;
        let site = self.locations.get(&stock.site)?;
        let names = [Part::text(item.sku.folded().as_str()), Part::Text(fold(&site.code))];
        let ids = [item.id.as_u128(), site.id.as_u128()].map(Part::Id);
        Some((Key::of(names.into_iter().chain(ids)), item, site))
    }

    /// Whether a line of a purchase is of some wares, as its item is now.
    fn is_of(&self, line: &PurchaseLine, wares: &Wares) -> bool {
        let (brand, category) = match self.items.get(&line.item) {
            Some(item) => (&*item.brand, &*item.category),
            None => ("", ""),
        };
        wares.are(line.item, brand, category)
    }

    /// What of a stock is committed, and what is available; `None` where that does not fit.
    fn promised(&self, stock: &Stock, now: Timestamp) -> Option<(Quantity, Quantity)> {
        let holds = self.holds_on.get(&stock.key()).into_iter().flatten();
        let holds = holds.filter_map(|id| self.holds.get(id)).filter(|(_, hold)| hold.until > now);
        let held = holds.map(|(_, hold)| hold.quantity).try_fold(Quantity::ZERO, Quantity::checked_add)?;
        let available = available(&Stock { held, ..*stock }).ok()?;
        Some((stock.allocated.checked_add(held)?, available))
    }

    fn profit_key(&self, by: ProfitBy, key: &SalesKey) -> (Text, Text) {
        let unnamed = |key: String| (key.into(), "".into());
        match by {
            ProfitBy::Item => match self.items.get(&key.item) {
                Some(item) => (item.sku.as_str().into(), Arc::clone(&item.name)),
                None => unnamed(String::new()),
            },
            ProfitBy::Site => match self.locations.get(&key.site) {
                Some(site) => (Arc::clone(&site.code), Arc::clone(&site.name)),
                None => unnamed(String::new()),
            },
            ProfitBy::Brand => (Arc::clone(&key.brand), "".into()),
            ProfitBy::Category => (Arc::clone(&key.category), "".into()),
            ProfitBy::Day => unnamed(key.day.to_string()),
            ProfitBy::Month => unnamed(key.day.month().to_string()),
            ProfitBy::Customer => unnamed(String::new()),
        }
    }
}

impl StockValue {
    fn plus(self, quantity: Quantity, value: Amount) -> Option<StockValue> {
        let (quantity, value) = (self.quantity.checked_add(quantity)?, self.value.checked_add(value)?);
        Some(StockValue { quantity, value })
    }

    fn minus(self, quantity: Quantity, value: Amount) -> Option<StockValue> {
        let (quantity, value) = (self.quantity.checked_sub(quantity)?, self.value.checked_sub(value)?);
        Some(StockValue { quantity, value })
    }
}

/// Which wares are asked for: those that are all that is said.
struct Wares {
    item: Option<ItemId>,
    /// Folded.
    brand: Option<String>,
    /// Folded.
    category: Option<String>,
}

impl Wares {
    fn of(item: Option<ItemId>, brand: Option<&str>, category: Option<&str>) -> Self {
        Wares { item, brand: brand.map(fold), category: category.map(fold) }
    }

    /// Whether nothing is said.
    fn are_any(&self) -> bool {
        self.item.is_none() && self.brand.is_none() && self.category.is_none()
    }

    fn are(&self, item: ItemId, brand: &str, category: &str) -> bool {
        self.item.is_none_or(|asked| asked == item)
            && self.brand.as_ref().is_none_or(|asked| *asked == fold(brand))
            && self.category.as_ref().is_none_or(|asked| text::is_below(asked, &fold(category)))
    }
}

/// Whether something was in a period, which has both of its ends in it.
fn within<T: PartialOrd>(from: Option<T>, until: Option<T>, at: T) -> bool {
    from.is_none_or(|from| from <= at) && until.is_none_or(|until| at <= until)
}

fn listed(query: Listed, standing: Standing) -> bool {
    query == Listed::All || standing == Standing::Active
}

fn party(query: &PartyQuery, code: &str, contact: &Contact, standing: Standing) -> bool {
    let text = query.text.as_deref().map(fold);
    let city = query.city.as_deref().map(fold);
    listed(query.standing, standing)
        && text.is_none_or(|text| fold(code).contains(&text) || fold(&contact.name).contains(&text))
        && city.is_none_or(|city| fold(&contact.city) == city)
}

/// Whether whom a document was made out to was in a city, which is folded.
fn was_in(party: Option<&Party>, city: &str) -> bool {
    party.is_some_and(|party| fold(&party.city) == city)
}

fn too_large() -> StoreError {
    StoreError::new(StoreErrorKind::OutOfRange, "a sum would be larger than can be kept exactly")
}

/// By what places and parties are listed.
fn by_code(code: &str, id: u128) -> Key {
    Key::of([Part::Text(fold(code)), Part::Id(id)])
}

/// By what documents are listed.
fn by_time(at: Timestamp, id: u128) -> Key {
    Key::of([Part::Int(at.micros()), Part::Id(id)])
}
