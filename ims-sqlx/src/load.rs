//! Which rows a decision asks for, as questions; and the answers put together again.

use crate::answer;
use crate::record::{
    alerts, commands, customers, holds, item_barcodes, items, layers, locations, movements, names, order_lines, orders,
    purchase_lines, purchases, series, shipments, shop, stock, suppliers,
};
use crate::sql::{Keys, Lock, Sql};
use crate::table::{Table, list};
use crate::value::{Fields, Kind, Row, Value};
use ims_core::store::{LayerPage, Versioned};
use ims_core::{
    CatalogMark, CommandId, Item, ItemId, Loaded, LocationId, OnHandSince, Order, OrderId, Purchase, PurchaseId,
    Quantity, ReadSet, SiteUse, StockKey, StoreError, StoreErrorKind, Text, Timestamp, Undone, Version,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

/// What a question was for.
enum For {
    CatalogAndShop,
    CatalogChanges(Version),
    Items,
    Barcodes,
    Locations,
    Suppliers,
    Customers,
    Names,
    Series,
    Stock,
    Layers(u32),
    Holds,
    Orders,
    OrderLines,
    Shipments,
    Backorders,
    Purchases,
    PurchaseLines,
    Alerts,
    Commands,
    MovementsOf,
    OnHandSince,
    SiteUses,
    NewestEvent,
}

/// The questions that load a set of rows.
pub(crate) struct Load {
    whys: Vec<For>,
    questions: Vec<Sql>,
}

const BY_ID: &str = "t.id = k.c0";
const BY_STOCK: &str = "t.item = k.c0 AND t.site = k.c1";

impl Load {
    /// Asks for the rows of a set. How many questions there are does not depend on how many rows are asked for.
    pub(crate) fn of(keys: &ReadSet) -> Self {
        let mut load = Load { whys: Vec::new(), questions: Vec::new() };
        load.ask(For::CatalogAndShop, catalog_and_shop());
        if let Some(since) = keys.catalog_since {
            load.ask(For::CatalogChanges(since), catalog_changes(since));
        }
        load.ask_for_catalog(keys);
        load.ask_for_stock(keys);
        load.ask_for_documents(keys);
        load
    }

    fn ask(&mut self, why: For, question: Sql) {
        self.whys.push(why);
        self.questions.push(question);
    }

    /// Looks rows of a table up, if any are asked for.
    fn look_up(&mut self, why: For, table: &Table, keys: Keys, condition: &'static str) {
        if !keys.cells.is_empty() {
            self.ask(why, Sql::look_up(table, keys, condition));
        }
    }

    fn ask_for_catalog(&mut self, keys: &ReadSet) {
        self.look_up(For::Items, &items::TABLE, Keys::of(keys.items.iter().copied()), BY_ID);
        self.look_up(For::Barcodes, &item_barcodes::TABLE, Keys::of(keys.items.iter().copied()), "t.item = k.c0");
        self.look_up(For::Locations, &locations::TABLE, Keys::of(keys.locations.iter().copied()), BY_ID);
        self.look_up(For::Suppliers, &suppliers::TABLE, Keys::of(keys.suppliers.iter().copied()), BY_ID);
        self.look_up(For::Customers, &customers::TABLE, Keys::of(keys.customers.iter().copied()), BY_ID);
        // No text in the database holds a NUL, and PostgreSQL does not take one.
        let names = keys.names.iter().filter(|name| !name.key().contains('\0'));
        let names = Keys::of_pairs(names.map(|name| (name.kind(), name.key().to_string())));
        self.look_up(For::Names, &names::TABLE, names, "t.kind = k.c0 AND t.name = k.c1");
    }

    fn ask_for_stock(&mut self, keys: &ReadSet) {
        let series = texts(keys.series.iter().map(|code| &**code));
        self.look_up(For::Series, &series::TABLE, Keys::of(series), "t.code = k.c0");
        self.look_up(For::Stock, &stock::TABLE, stock_keys(&keys.stock), BY_STOCK);
        let everywhere = Keys::of(keys.stock_everywhere.iter().copied());
        self.look_up(For::Stock, &stock::TABLE, everywhere, "t.item = k.c0");
        let mut layers_wanted: BTreeMap<u32, Vec<StockKey>> = BTreeMap::new();
        for (key, first) in &keys.layers {
            layers_wanted.entry(*first).or_default().push(*key);
        }
        for (first, keys) in layers_wanted {
            self.ask(For::Layers(first), first_layers(first, stock_keys(&keys)));
        }
        self.look_up(For::Holds, &holds::TABLE, Keys::of(keys.holds.iter().copied()), BY_ID);
        self.look_up(For::Holds, &holds::TABLE, stock_keys(&keys.holds_on), BY_STOCK);
        self.look_up(For::Alerts, &alerts::TABLE, stock_keys(&keys.alerts), BY_STOCK);
    }

    fn ask_for_documents(&mut self, keys: &ReadSet) {
        let orders = || Keys::of(keys.orders.iter().copied());
        self.look_up(For::Orders, &orders::TABLE, orders(), BY_ID);
        self.look_up(For::OrderLines, &order_lines::TABLE, orders(), "t.order_id = k.c0");
        self.look_up(For::Shipments, &shipments::TABLE, orders(), "t.order_id = k.c0");
        if !keys.backorders.is_empty() {
            self.ask(For::Backorders, waiting_orders(stock_keys(&keys.backorders)));
        }
        let purchases = || Keys::of(keys.purchases.iter().copied());
        self.look_up(For::Purchases, &purchases::TABLE, purchases(), BY_ID);
        self.look_up(For::PurchaseLines, &purchase_lines::TABLE, purchases(), "t.purchase_id = k.c0");
        self.look_up(For::Commands, &commands::TABLE, Keys::of(keys.commands.iter().copied()), BY_ID);
        if !keys.movements_of.is_empty() {
            self.ask(For::MovementsOf, movements_of(Keys::of(keys.movements_of.iter().copied())));
        }
        if !keys.on_hand_since.is_empty() {
            self.ask(For::OnHandSince, on_hand_since(&keys.on_hand_since));
        }
        if !keys.site_uses.is_empty() {
            self.ask(For::SiteUses, site_uses(&keys.site_uses));
        }
        if keys.newest_event {
            let newest = "SELECT recorded_at FROM events ORDER BY event_offset DESC LIMIT 1";
            self.ask(For::NewestEvent, Sql::new([Kind::Int], newest));
        }
    }

    /// The questions, and how to read the answers to them.
    pub(crate) fn split(self) -> (Vec<Sql>, Reader) {
        (self.questions, Reader { whys: self.whys })
    }
}

/// No text in the database holds a NUL, and PostgreSQL does not take one.
fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.filter(|text| !text.contains('\0')).map(str::to_owned).collect()
}

fn stock_keys<'a>(keys: impl IntoIterator<Item = &'a StockKey>) -> Keys {
    Keys::of_pairs(keys.into_iter().map(|key| (key.item, key.site)))
}

fn catalog_and_shop() -> Sql {
    let shape = [Kind::Int].into_iter().chain(shop::TABLE.kinds());
    Sql::new(shape, format!("SELECT h.catalog, {} FROM head h LEFT JOIN shop t ON t.id = h.id", shop::TABLE.list("t")))
}

/// The first layers of each stock, and at least one more where there are more: up to the moment of the one after the
/// last that is wanted.
fn first_layers(first: u32, keys: Keys) -> Sql {
    Sql::look_up(&layers::TABLE, keys, BY_STOCK).sql(format!(
        " AND t.acquired_at <= COALESCE((SELECT n.acquired_at FROM layers n WHERE n.item = k.c0 AND n.site = k.c1 \
         ORDER BY n.acquired_at, n.number LIMIT 1 OFFSET {first}), {})",
        i64::MAX
    ))
}

fn waiting_orders(keys: Keys) -> Sql {
    Sql::new([Kind::Id, Kind::Id, Kind::Id], "SELECT DISTINCT l.item, t.site, t.id FROM ")
        .keys(keys)
        .join_each()
        .sql("order_lines l ON ")
        .waits()
        .join_each()
        .sql("orders t ON t.id = l.order_id AND t.site = k.c1")
}

fn movements_of(keys: Keys) -> Sql {
    let shape = movements::TABLE.kinds().chain([Kind::Int, Kind::Int]);
    Sql::new(shape, format!("SELECT {}, u.quantity, u.value FROM ", movements::TABLE.list("t")))
        .keys(keys)
        .join_each()
        .sql("movements t ON t.command = k.c0 LEFT JOIN undone u ON u.command = t.command AND u.number = t.number")
}

/// What was on hand since a moment, looked back at from what is on hand now: for each stock the interval before the first
/// moment at which something moved after that, and the one in which the least was there.
fn on_hand_since(keys: &BTreeSet<(StockKey, Timestamp)>) -> Sql {
    const OF_ONE: &str = "PARTITION BY item, site, since";
    let cells = keys.iter().flat_map(|(key, from)| [key.item.into(), key.site.into(), (*from).into()]);
    let keys = Keys { kinds: vec![Kind::Id, Kind::Id, Kind::Int], cells: cells.collect() };
    let shape = [Kind::Id, Kind::Id, Kind::Int, Kind::Int, Kind::Int, Kind::Int, Kind::Int];
    Sql::new(
        shape,
        "WITH moved AS (SELECT k.c0 AS item, k.c1 AS site, k.c2 AS since, s.on_hand, m.occurred_at AS moment, ",
    )
    .sum("CASE WHEN m.to_location = k.c1 THEN m.quantity WHEN m.from_location = k.c1 THEN -m.quantity ELSE 0 END")
    .sql(" AS net FROM ")
    .keys(keys)
    .join_each()
    .sql(
        "stock s ON s.item = k.c0 AND s.site = k.c1 LEFT JOIN movements m ON m.item = k.c0 AND \
             m.occurred_at > k.c2 AND (m.from_location = k.c1 OR m.to_location = k.c1) \
             GROUP BY k.c0, k.c1, k.c2, s.on_hand, m.occurred_at), \
             intervals AS (SELECT item, site, since, on_hand, moment, ",
    )
    .sum_over("net", "PARTITION BY item, site, since ORDER BY moment DESC")
    .sql(format!(
        " AS net_since, LAG(moment) OVER ({OF_ONE} ORDER BY moment) AS begun, MAX(moment) OVER ({OF_ONE}) AS newest \
             FROM moved), ranked AS (SELECT item, site, since, on_hand, net_since, begun, newest, \
             ROW_NUMBER() OVER ({OF_ONE} ORDER BY net_since DESC, moment) AS place FROM intervals) \
             SELECT item, site, since, on_hand, net_since, begun, newest FROM ranked WHERE place = 1 OR begun IS NULL"
    ))
}

/// Marks that are asked for at most: whoever has missed more forgets the whole catalogue.
const MARKS: usize = 20_000;

/// Asks what was written to the catalogue since it had a version.
fn catalog_changes(since: Version) -> Sql {
    Sql::new([Kind::Int, Kind::Id], "SELECT t.version, t.mark FROM catalog_changes t WHERE t.version > ")
        .value(since)
        .sql(format!(" ORDER BY t.version, t.mark LIMIT {}", MARKS.saturating_add(1)))
}

/// Locks rows, in the order in which every change writes them.
pub(crate) fn locks(keys: &ReadSet) -> Vec<Sql> {
    let series = texts(keys.series.iter().map(|code| &**code));
    let all = [
        (Lock::Kept, &suppliers::TABLE, Keys::of(keys.suppliers.iter().copied()), BY_ID),
        (Lock::Kept, &customers::TABLE, Keys::of(keys.customers.iter().copied()), BY_ID),
        (Lock::Kept, &locations::TABLE, Keys::of(keys.locations.iter().copied()), BY_ID),
        (Lock::Kept, &items::TABLE, Keys::of(keys.items.iter().copied()), BY_ID),
        (Lock::Mine, &series::TABLE, Keys::of(series), "t.code = k.c0"),
        (Lock::Mine, &stock::TABLE, stock_keys(&keys.stock), BY_STOCK),
    ];
    let lock = |(lock, table, keys, condition): (Lock, &Table, Keys, &'static str)| {
        let order = list(table.key(), |column| format!("t.{}", column.name));
        Sql::new([Kind::Int], "SELECT t.version FROM ")
            .keys(keys)
            .join_each()
            .sql(format!("{} t ON {condition} ORDER BY {order}", table.name))
            .lock(lock)
    };
    all.into_iter().filter(|(_, _, keys, _)| !keys.cells.is_empty()).map(lock).collect()
}

/// Counts what is still open at sites.
fn site_uses(keys: &BTreeSet<(LocationId, Timestamp)>) -> Sql {
    let cells = keys.iter().flat_map(|(site, now)| [(*site).into(), (*now).into()]);
    let keys = Keys { kinds: vec![Kind::Id, Kind::Int], cells: cells.collect() };
    let shape = [Kind::Id, Kind::Int, Kind::Int, Kind::Int, Kind::Int, Kind::Int];
    Sql::new(
        shape,
        "SELECT k.c0, k.c1, \
         (SELECT COUNT(*) FROM stock t WHERE t.site = k.c0 AND (t.on_hand <> 0 OR t.value <> 0)), \
         (SELECT COUNT(*) FROM orders t WHERE t.site = k.c0 AND t.status IN ('placed', 'partly_shipped')), \
         (SELECT COUNT(*) FROM purchases t WHERE t.site = k.c0 AND t.status IN ('ordered', 'partly_received')), \
         (SELECT COUNT(*) FROM holds t WHERE t.site = k.c0 AND t.lapses_at > k.c1) FROM ",
    )
    .keys(keys)
}

/// Puts the answers together.
pub(crate) struct Reader {
    whys: Vec<For>,
}

/// The parts of documents that come from tables of their own.
#[derive(Default)]
struct Parts {
    items: Vec<Versioned<Item>>,
    barcodes: HashMap<ItemId, Vec<(u32, Text)>>,
    orders: Vec<Versioned<Order>>,
    order_lines: HashMap<OrderId, Vec<(u32, ims_core::OrderLine)>>,
    shipments: HashMap<OrderId, Vec<(u32, ims_core::Shipment)>>,
    purchases: Vec<Versioned<Purchase>>,
    purchase_lines: HashMap<PurchaseId, Vec<(u32, ims_core::PurchaseLine)>>,
}

impl Reader {
    /// Reads the answers, which stand in the order of the questions.
    pub(crate) fn read(self, answers: Vec<Vec<Row>>) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        let mut parts = Parts::default();
        for (why, rows) in self.whys.into_iter().zip(answers) {
            read_one(why, rows, &mut loaded, &mut parts)?;
        }
        parts.join(&mut loaded);
        Ok(loaded)
    }
}

fn read_one(why: For, rows: Vec<Row>, loaded: &mut Loaded, parts: &mut Parts) -> Result<(), StoreError> {
    match why {
        For::CatalogAndShop => read_catalog_and_shop(rows, loaded)?,
        For::CatalogChanges(since) => read_catalog_changes(since, rows, loaded)?,
        For::Items => parts.items = versioned("items", rows, items::read)?,
        For::Barcodes => parts.barcodes = by_document("item_barcodes", rows, item_barcodes::read)?,
        For::Locations => loaded.locations = shared(versioned("locations", rows, locations::read)?),
        For::Suppliers => loaded.suppliers = shared(versioned("suppliers", rows, suppliers::read)?),
        For::Customers => loaded.customers = shared(versioned("customers", rows, customers::read)?),
        For::Names => {
            let read = |row| names::read(&mut Fields::of("names", row));
            loaded.names = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        }
        For::Series => loaded.series = versioned("series", rows, series::read)?,
        For::Stock => merge(&mut loaded.stock, versioned("stock", rows, stock::read)?, |stock| stock.key()),
        For::Layers(first) => read_layers(first, rows, loaded)?,
        For::Holds => merge(&mut loaded.holds, versioned("holds", rows, holds::read)?, |hold| hold.id),
        For::Orders => parts.orders = versioned("orders", rows, orders::read)?,
        For::OrderLines => parts.order_lines = by_document("order_lines", rows, order_lines::read)?,
        For::Shipments => parts.shipments = by_document("shipments", rows, shipments::read)?,
        For::Backorders => read_backorders(rows, loaded)?,
        For::Purchases => parts.purchases = versioned("purchases", rows, purchases::read)?,
        For::PurchaseLines => parts.purchase_lines = by_document("purchase_lines", rows, purchase_lines::read)?,
        For::Alerts => {
            let read = |row| alerts::read(&mut Fields::of("alerts", row));
            loaded.alerts = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        }
        For::Commands => {
            let read = |row| commands::read(&mut Fields::of("commands", row)).and_then(answer::read);
            loaded.commands = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        }
        For::MovementsOf => read_movements(rows, loaded)?,
        For::OnHandSince => read_on_hand_since(rows, loaded)?,
        For::SiteUses => read_site_uses(rows, loaded)?,
        For::NewestEvent => {
            let newest = rows.into_iter().next().map(|row| Fields::of("events", row).next("recorded_at"));
            loaded.newest_event = newest.transpose()?;
        }
    }
    Ok(())
}

fn read_catalog_and_shop(rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    let row = rows.into_iter().next().unwrap_or_default();
    let open = row.get(1).is_some_and(|id| *id != Value::Null);
    let mut fields = Fields::of("head", row);
    loaded.catalog = fields.next("catalog")?;
    if open {
        let row = Arc::new(shop::read(&mut fields)?);
        loaded.shop = Some(Versioned { version: fields.next("version")?, row });
    }
    Ok(())
}

/// Every version that was missed has a mark; if not, an older program wrote it, or it is too long ago.
fn read_catalog_changes(since: Version, rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    if rows.len() > MARKS {
        return Ok(());
    }
    let mut marks = Vec::with_capacity(rows.len());
    let mut versions = BTreeSet::new();
    for row in rows {
        let mut fields = Fields::of("catalog_changes", row);
        let version: Version = fields.next("version")?;
        versions.insert(version);
        marks.push(CatalogMark(fields.next("mark")?));
    }
    let missed = loaded.catalog.checked_sub(since);
    loaded.catalog_changes = (missed == u64::try_from(versions.len()).ok()).then_some(marks);
    Ok(())
}

fn read_layers(first: u32, rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    let mut pages: BTreeMap<StockKey, LayerPage> = BTreeMap::new();
    for row in rows {
        let layer = layers::read(&mut Fields::of("layers", row))?;
        pages.entry(StockKey { item: layer.key.item, site: layer.key.site }).or_default().layers.push(layer);
    }
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    for (key, mut page) in pages {
        page.layers.sort_unstable_by_key(|layer| layer.key);
        page.more = page.layers.len() > first;
        page.layers.truncate(first);
        loaded.layers.push((key, page));
    }
    Ok(())
}

fn read_backorders(rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    let mut waiting: BTreeMap<StockKey, Vec<OrderId>> = BTreeMap::new();
    for row in rows {
        let mut fields = Fields::of("order_lines", row);
        let key = StockKey { item: fields.next("item")?, site: fields.next("site")? };
        waiting.entry(key).or_default().push(fields.next("order_id")?);
    }
    waiting.values_mut().for_each(|orders| orders.sort_unstable());
    loaded.backorders = waiting.into_iter().collect();
    Ok(())
}

fn read_movements(rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    let mut made: BTreeMap<CommandId, Vec<_>> = BTreeMap::new();
    for row in rows {
        let mut fields = Fields::of("movements", row);
        let movement = movements::read(&mut fields)?;
        let quantity: Option<Quantity> = fields.next("quantity")?;
        let value = fields.next("value")?;
        let undone = quantity.zip(value).map_or(Undone::default(), |(quantity, value)| Undone { quantity, value });
        made.entry(movement.key.command).or_default().push((movement, undone));
    }
    for movements in made.values_mut() {
        movements.sort_unstable_by_key(|(movement, _)| movement.key);
    }
    loaded.movements_of = made.into_iter().collect();
    Ok(())
}

fn read_on_hand_since(rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    let too_large = || StoreError::new(StoreErrorKind::Corrupt, "what was on hand does not follow from what moved");
    let mut found: BTreeMap<(StockKey, Timestamp), OnHandSince> = BTreeMap::new();
    for row in rows {
        let mut fields = Fields::of("movements", row);
        let key = StockKey { item: fields.next("item")?, site: fields.next("site")? };
        let (from, now): (Timestamp, Quantity) = (fields.next("since")?, fields.next("on_hand")?);
        let net_since: Quantity = fields.next("net_since")?;
        let (begun, newest): (Option<Timestamp>, Option<Timestamp>) = (fields.next("begun")?, fields.next("newest")?);
        let there = now.checked_sub(net_since).ok_or_else(too_large)?;
        // What is there now is there since the newest movement.
        let newest = newest.unwrap_or(from);
        let last = OnHandSince { key, from, on_hand: there, lowest: now, lowest_at: newest, newest };
        let since = found.entry((key, from)).or_insert(last);
        let begun_at = begun.unwrap_or(from);
        if (there, begun_at) < (since.lowest, since.lowest_at) {
            (since.lowest, since.lowest_at) = (there, begun_at);
        }
        if begun.is_none() {
            since.on_hand = there;
        }
    }
    loaded.on_hand_since = found.into_values().collect();
    Ok(())
}

fn read_site_uses(rows: Vec<Row>, loaded: &mut Loaded) -> Result<(), StoreError> {
    for row in rows {
        let mut fields = Fields::of("locations", row);
        let found = SiteUse {
            site: fields.next("site")?,
            now: fields.next("now")?,
            items: fields.next("items")?,
            orders: fields.next("orders")?,
            purchases: fields.next("purchases")?,
            holds: fields.next("holds")?,
        };
        loaded.site_uses.extend((!found.is_nothing()).then_some(found));
    }
    Ok(())
}

/// Reads rows with their versions.
pub(crate) fn versioned<R>(
    table: &'static str,
    rows: Vec<Row>,
    read: impl Fn(&mut Fields) -> Result<R, StoreError>,
) -> Result<Vec<Versioned<R>>, StoreError> {
    rows.into_iter()
        .map(|row| {
            let mut fields = Fields::of(table, row);
            let row = read(&mut fields)?;
            let version: Version = fields.next("version")?;
            Ok(Versioned { version, row })
        })
        .collect()
}

fn shared<R>(rows: Vec<Versioned<R>>) -> Vec<Versioned<Arc<R>>> {
    rows.into_iter().map(|row| Versioned { version: row.version, row: Arc::new(row.row) }).collect()
}

/// Adds rows to others, each once: some are asked for in two ways.
fn merge<R, K: Ord>(rows: &mut Vec<Versioned<R>>, more: Vec<Versioned<R>>, key: impl Fn(&R) -> K) {
    rows.extend(more);
    rows.sort_by_key(|row| key(&row.row));
    rows.dedup_by_key(|row| key(&row.row));
}

/// Reads the parts of documents, sorted by their place.
pub(crate) fn by_document<K: Eq + Hash, R>(
    table: &'static str,
    rows: Vec<Row>,
    read: impl Fn(&mut Fields) -> Result<(K, u32, R), StoreError>,
) -> Result<HashMap<K, Vec<(u32, R)>>, StoreError> {
    let mut parts: HashMap<K, Vec<(u32, R)>> = HashMap::new();
    for row in rows {
        let (document, place, part) = read(&mut Fields::of(table, row))?;
        parts.entry(document).or_default().push((place, part));
    }
    Ok(parts)
}

/// Takes the parts of one document, in order.
pub(crate) fn in_place<K: Eq + Hash, R>(parts: &mut HashMap<K, Vec<(u32, R)>>, document: &K) -> Vec<R> {
    let mut parts = parts.remove(document).unwrap_or_default();
    parts.sort_unstable_by_key(|(place, _)| *place);
    parts.into_iter().map(|(_, part)| part).collect()
}

impl Parts {
    /// Puts documents and their parts together.
    fn join(mut self, loaded: &mut Loaded) {
        for mut item in self.items {
            item.row.barcodes = in_place(&mut self.barcodes, &item.row.id);
            loaded.items.push(Versioned { version: item.version, row: Arc::new(item.row) });
        }
        for mut order in self.orders {
            order.row.lines = in_place(&mut self.order_lines, &order.row.id);
            order.row.shipments = in_place(&mut self.shipments, &order.row.id);
            loaded.orders.push(order);
        }
        for mut purchase in self.purchases {
            purchase.row.lines = in_place(&mut self.purchase_lines, &purchase.row.id);
            loaded.purchases.push(purchase);
        }
    }
}
