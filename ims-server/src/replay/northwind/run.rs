//! Sets the trader up, trades, and leaves it as its own files say it was left.

use super::{
    IDS,
    files::{LineRow, Northwind, OrderRow, ProductRow},
    kind,
};
use crate::{
    failure::{Failure, Outcome},
    output::{self, Column, Format, Table, Tone},
    progress::Progress,
    replay::{ACTOR, AtEnd, Count, Pipeline},
    session::Session,
    stopwatch::{self, Stopwatch},
};
use ims_core::{
    Amount, Command, CommandId, Context, Currency, Date, ItemId, LocationId, OrderId, Quantity, Receipt, Reply,
    Rounding, RoundingMode, Sku, SupplierId, TimeZone, Timestamp,
    item::{CreateItem, RetireItem},
    location::CreateLocation,
    money::Fraction,
    order::{Discount, OnShortage, OrderedLine, PlaceOrder, ShipOrder},
    party::{CreateCustomer, CreateSupplier},
    purchase::PlacePurchase,
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};

const SHOP_NAME: &str = "Northwind";
const SITE_CODE: &str = "MAIN";
const CURRENCY: [u8; 3] = *b"USD";
/// What a product cost, as a part of its price: its own files do not say.
const COST_OF_PRICE: &str = "0.6";

/// What the replay came to.
#[derive(Serialize)]
struct Summary {
    items: usize,
    suppliers: usize,
    customers: usize,
    orders: usize,
    order_lines: u64,
    open_orders: usize,
    purchases: usize,
    retired: usize,
    /// Discontinued products that open orders still wait for: they stay in trade until those are done with.
    kept_active: Vec<String>,
    ordered_value: Amount,
    shipped_value: Amount,
    commands: u64,
    refused: u64,
    seconds: serde_json::Number,
    commands_per_s: u64,
    lines_per_s: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_hash: Option<String>,
}

/// Enters the whole set. Started again it does nothing twice.
pub(crate) async fn replay(session: &Session, folder: &Path, at_end: AtEnd) -> Outcome {
    let watch = Stopwatch::start();
    let set = Northwind::read(folder)?;
    let shop = session.shop().await?;
    if shop.is_some_and(|shop| Some(shop.currency) != Currency::from_code(CURRENCY) || *shop.name != *SHOP_NAME) {
        return Err(Failure::refused("shop_already_open", "there is another shop in this store already")
            .hint("replay into a store of its own with --store"));
    }
    let plan = Plan::of(&set)?;
    let commands = plan.commands()?;
    let mut summary = run(session, &set, &plan, commands, &watch).await?;
    summary.state_hash = at_end.state_hash(session).await?;
    summary.print(session).await
}

/// A command on its way.
struct Given {
    context: Context,
    command: Command,
    lines: usize,
    /// What it is about, for the case that it is refused.
    what: String,
}

async fn run(
    session: &Session,
    set: &Northwind,
    plan: &Plan<'_>,
    commands: Vec<Given>,
    watch: &Stopwatch,
) -> Outcome<Summary> {
    let total = u64::try_from(commands.len()).unwrap_or(u64::MAX);
    let progress = Progress::of(&session.out, "Trading", total, "commands");
    let mut pipeline = Pipeline::new(session.engine.clone());
    let mut sums = Sums::default();
    for Given { context, command, lines, what } in commands {
        let answered = pipeline.give(context, command, lines, what).await;
        sums.take(answered)?;
        progress.advance(1);
    }
    sums.take(pipeline.finish().await)?;
    drop(progress);
    sums.count.check()?;
    let order_lines = set
        .lines
        .values()
        .map(Vec::len)
        .fold(0_u64, |sum, lines| sum.saturating_add(u64::try_from(lines).unwrap_or(u64::MAX)));
    let ms = watch.elapsed_ms();
    Ok(Summary {
        items: set.products.len(),
        suppliers: set.suppliers.len(),
        customers: set.customers.len(),
        orders: set.orders.len(),
        order_lines,
        open_orders: plan.open.len(),
        purchases: plan.purchases().len(),
        retired: plan.to_retire().count(),
        kept_active: plan.kept_active(),
        ordered_value: sums.ordered,
        shipped_value: sums.shipped,
        commands: sums.count.commands,
        refused: sums.count.refused,
        seconds: stopwatch::seconds(ms),
        commands_per_s: stopwatch::per_second(sums.count.commands, ms),
        lines_per_s: stopwatch::per_second(order_lines, ms),
        state_hash: None,
    })
}

/// What the engine answered, summed up.
#[derive(Default)]
struct Sums {
    count: Count,
    ordered: Amount,
    shipped: Amount,
}

impl Sums {
    fn take(&mut self, answered: Vec<(String, Reply)>) -> Outcome {
        for (what, reply) in answered {
            let Some(receipt) = self.count.take(reply, || (0, what))? else { continue };
            let sum = match &*receipt {
                Receipt::OrderPlaced(order) => self.ordered.checked_add(order.total).map(|sum| self.ordered = sum),
                Receipt::OrderShipped { order, .. } => {
                    let earned = order.lines.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.revenue));
                    earned.and_then(|earned| self.shipped.checked_add(earned)).map(|sum| self.shipped = sum)
                }
                _ => Some(()),
            };
            sum.ok_or_else(too_large)?;
        }
        Ok(())
    }
}

fn too_large() -> Failure {
    Failure::refused("overflow", "a sum over the files is too large")
}

/// What follows from the files before anything is entered.
struct Plan<'a> {
    set: &'a Northwind,
    /// Before the first order.
    before: Timestamp,
    /// After the last one.
    end: Timestamp,
    /// Orders that were shipped, and when they were placed and shipped.
    shipped: Vec<(&'a OrderRow, Timestamp, Timestamp)>,
    /// Orders that were not.
    open: Vec<(&'a OrderRow, Timestamp)>,
    /// How many of each product were shipped, and how many were ordered and not shipped.
    sold: BTreeMap<u32, Quantity>,
    awaited: BTreeMap<u32, Quantity>,
}

impl<'a> Plan<'a> {
    fn of(set: &'a Northwind) -> Outcome<Plan<'a>> {
        let zone = TimeZone::utc();
        let at = |day: Date| zone.start_of(day);
        let mut plan = Plan {
            set,
            before: Timestamp::MAX,
            end: Timestamp::MIN,
            shipped: Vec::new(),
            open: Vec::new(),
            sold: BTreeMap::new(),
            awaited: BTreeMap::new(),
        };
        for order in &set.orders {
            let Some(placed) = order.order_date.map(at) else {
                return Err(Failure::usage("bad_rows", format!("order {} has no orderDate", order.id)));
            };
            let shipped = order.shipped_date.map(at);
            plan.before = plan.before.min(placed);
            plan.end = plan.end.max(placed).max(shipped.unwrap_or(placed));
            let quantities = if shipped.is_some() { &mut plan.sold } else { &mut plan.awaited };
            for line in set.lines_of(order) {
                let sum = quantities.entry(line.product).or_default();
                *sum = sum.checked_add(line.quantity).ok_or_else(too_large)?;
            }
            match shipped {
                Some(shipped) => plan.shipped.push((order, placed, shipped)),
                None => plan.open.push((order, placed)),
            }
        }
        plan.before = plan.before.checked_add_ms(-60_000).unwrap_or(plan.before);
        plan.end = plan.end.checked_add_ms(60_000).unwrap_or(plan.end);
        plan.open.sort_by_key(|(order, placed)| (*placed, order.id));
        Ok(plan)
    }

    fn site(&self) -> LocationId {
        IDS.id(self.before, kind::SITE, 0).into()
    }

    fn item(&self, product: u32) -> ItemId {
        IDS.id(self.before, kind::ITEM, product).into()
    }

    fn supplier(&self, supplier: u32) -> SupplierId {
        IDS.id(self.before, kind::SUPPLIER, supplier).into()
    }

    /// Everything, in the order in which it is entered.
    fn commands(&self) -> Outcome<Vec<Given>> {
        let mut commands = Vec::new();
        self.open_shop(&mut commands)?;
        self.add_parties(&mut commands);
        self.add_products(&mut commands)?;
        self.trade(&mut commands)?;
        self.order_goods(&mut commands)?;
        self.place_open_orders(&mut commands)?;
        self.retire(&mut commands);
        Ok(commands)
    }

    fn give(&self, commands: &mut Vec<Given>, at: Timestamp, id: CommandId, command: impl Into<Command>, what: String) {
        let command = command.into();
        let lines = match &command {
            Command::PlaceOrder(order) => order.lines.len(),
            Command::ReceiveStock(receive) => receive.lines.len(),
            _ => 1,
        };
        commands.push(Given { context: Context::new(id, ACTOR, at), command, lines, what });
    }

    fn open_shop(&self, commands: &mut Vec<Given>) -> Outcome {
        let currency = Currency::from_code(CURRENCY).ok_or_else(|| Failure::usage("currency", "USD is no currency"))?;
        // Discounts of a few percent on odd cents: totals are kept as they are instead of being rounded.
        let open = OpenShop { rounding: Some(Rounding::LEDGER), ..OpenShop::new(SHOP_NAME, currency) };
        let shop = IDS.id(self.before, kind::SHOP, 0);
        self.give(commands, self.before, shop, open, "opening the shop".to_owned());
        let site = CreateLocation { code: SITE_CODE.into(), name: "Main warehouse".into() };
        let id = IDS.id(self.before, kind::SITE, 0);
        self.give(commands, self.before, id, site, "adding the site".to_owned());
        Ok(())
    }

    fn add_parties(&self, commands: &mut Vec<Given>) {
        for supplier in &self.set.suppliers {
            let create = CreateSupplier { code: supplier.id.to_string().into(), contact: supplier.contact() };
            let id = IDS.id(self.before, kind::SUPPLIER, supplier.id);
            self.give(commands, self.before, id, create, format!("supplier {}", supplier.id));
        }
        for (number, customer) in (0_u32..).zip(&self.set.customers) {
            let create = CreateCustomer { code: customer.code.as_str().into(), contact: customer.contact() };
            let id = IDS.id(self.before, kind::CUSTOMER, number);
            self.give(commands, self.before, id, create, format!("customer {}", customer.code));
        }
    }

    fn add_products(&self, commands: &mut Vec<Given>) -> Outcome {
        let mut goods = Vec::new();
        for product in &self.set.products {
            let create = self.create_item(product)?;
            let id = IDS.id(self.before, kind::ITEM, product.id);
            self.give(commands, self.before, id, create, format!("product {}", product.id));
            let sold = self.sold.get(&product.id).copied().unwrap_or_default();
            let quantity = product.units_in_stock.checked_add(sold).ok_or_else(too_large)?;
            if quantity.is_positive() {
                goods.push(CostedGoods { item: id.into(), quantity, unit_cost: unit_cost(product)? });
            }
        }
        let receive = ReceiveStock { site: self.site(), supplier: None, lines: goods };
        let id = IDS.id(self.before, kind::OPENING, 0);
        self.give(commands, self.before, id, receive, "opening stock".to_owned());
        Ok(())
    }

    fn create_item(&self, product: &ProductRow) -> Outcome<CreateItem> {
        let sku = Sku::new(&product.id.to_string()).map_err(|error| Failure::usage("bad_rows", error.to_string()))?;
        let category = self.set.categories.get(&product.category).map_or("", String::as_str);
        Ok(CreateItem {
            description: product.quantity_per_unit.as_str().into(),
            category: category.into(),
            price: Some(product.unit_price),
            reorder_point: Some(product.reorder_level),
            backorder_limit: self.awaited.get(&product.id).copied().unwrap_or_default(),
            supplier: Some(self.supplier(product.supplier)),
            ..CreateItem::new(sku, product.product_name.trim())
        })
    }

    /// Orders that were shipped, placed and shipped on their days.
    fn trade(&self, commands: &mut Vec<Given>) -> Outcome {
        let placed = self.shipped.iter().map(|(order, placed, _)| (*placed, kind::ORDER, *order));
        let shipped = self.shipped.iter().map(|(order, _, shipped)| (*shipped, kind::SHIPMENT, *order));
        let mut acts: Vec<(Timestamp, u16, &OrderRow)> = placed.chain(shipped).collect();
        // On one day orders are placed before they ship: the kinds are in this order.
        acts.sort_by_key(|(at, kind, order)| (*at, *kind, order.id));
        let placed_at: BTreeMap<u32, Timestamp> = self.shipped.iter().map(|(order, at, _)| (order.id, *at)).collect();
        for (at, kind, order) in acts {
            let id = IDS.id(at, kind, order.id);
            let what = format!("order {}", order.id);
            if kind == kind::ORDER {
                self.give(commands, at, id, self.place_order(order, OnShortage::Refuse)?, what);
                continue;
            }
            let placed = placed_at.get(&order.id).copied().unwrap_or(at);
            let order = OrderId::from(IDS.id(placed, kind::ORDER, order.id));
            self.give(commands, at, id, ShipOrder { order, lines: None }, what);
        }
        Ok(())
    }

    fn place_order(&self, order: &OrderRow, on_shortage: OnShortage) -> Outcome<PlaceOrder> {
        let customer = (0_u32..).zip(&self.set.customers).find(|(_, customer)| customer.code == order.customer);
        let lines: Outcome<Vec<OrderedLine>> =
            self.set.lines_of(order).iter().map(|line| self.ordered_line(order, line)).collect();
        Ok(PlaceOrder {
            customer: customer.map(|(number, _)| IDS.id(self.before, kind::CUSTOMER, number).into()),
            on_shortage,
            ..PlaceOrder::new(self.site(), lines?)
        })
    }

    fn ordered_line(&self, order: &OrderRow, line: &LineRow) -> Outcome<OrderedLine> {
        if !self.set.products.iter().any(|product| product.id == line.product) {
            let message = format!("order {} has a line with product {}, which is not there", order.id, line.product);
            return Err(Failure::usage("bad_rows", message));
        }
        let discount = Some(line.discount).filter(|discount| *discount != Fraction::ZERO).map(Discount::Fraction);
        let item = self.item(line.product);
        Ok(OrderedLine { discount, ..OrderedLine::priced(item, line.quantity, line.unit_price) })
    }

    /// What is on order, one purchase order for each supplier.
    fn purchases(&self) -> BTreeMap<u32, Vec<&ProductRow>> {
        let mut purchases: BTreeMap<u32, Vec<&ProductRow>> = BTreeMap::new();
        for product in self.set.products.iter().filter(|product| product.units_on_order.is_positive()) {
            purchases.entry(product.supplier).or_default().push(product);
        }
        purchases
    }

    fn order_goods(&self, commands: &mut Vec<Given>) -> Outcome {
        for (supplier, products) in self.purchases() {
            let lines: Outcome<Vec<CostedGoods>> = products
                .iter()
                .map(|product| {
                    let (item, quantity) = (self.item(product.id), product.units_on_order);
                    Ok(CostedGoods { item, quantity, unit_cost: unit_cost(product)? })
                })
                .collect();
            let (supplier_id, site) = (self.supplier(supplier), self.site());
            let place = PlacePurchase { supplier: supplier_id, site, expected: None, lines: lines? };
            let id = IDS.id(self.end, kind::PURCHASE, supplier);
            self.give(commands, self.end, id, place, format!("purchase from supplier {supplier}"));
        }
        Ok(())
    }

    /// Orders that were never shipped, entered late.
    fn place_open_orders(&self, commands: &mut Vec<Given>) -> Outcome {
        for (order, placed) in &self.open {
            let id = IDS.id(*placed, kind::ORDER, order.id);
            let place = self.place_order(order, OnShortage::Backorder)?;
            self.give(commands, self.end, id, place, format!("order {}", order.id));
            if let Some(given) = commands.last_mut() {
                given.context.occurred_at = Some(*placed);
            }
        }
        Ok(())
    }

    /// Discontinued products that nobody waits for.
    fn to_retire(&self) -> impl Iterator<Item = &ProductRow> {
        let is_free =
            |product: &&ProductRow| !self.awaited.contains_key(&product.id) && !product.units_on_order.is_positive();
        self.set.products.iter().filter(|product| product.is_discontinued()).filter(is_free)
    }

    fn kept_active(&self) -> Vec<String> {
        let kept = |product: &&ProductRow| self.to_retire().all(|retired| retired.id != product.id);
        let discontinued = self.set.products.iter().filter(|product| product.is_discontinued());
        discontinued.filter(kept).map(|product| product.id.to_string()).collect()
    }

    fn retire(&self, commands: &mut Vec<Given>) {
        for product in self.to_retire() {
            let id = IDS.id(self.end, kind::RETIREMENT, product.id);
            let retire = RetireItem { item: self.item(product.id) };
            self.give(commands, self.end, id, retire, format!("product {}", product.id));
        }
    }
}

/// What one cost: a part of its price, half-even to 4 decimals.
fn unit_cost(product: &ProductRow) -> Outcome<Amount> {
    let part: Fraction = COST_OF_PRICE.parse().map_err(|_| too_large())?;
    let four = Rounding { digits: 4, mode: RoundingMode::HalfEven };
    product.unit_price.scale(part, four).ok_or_else(too_large)
}

impl Summary {
    async fn print(&self, session: &Session) -> Outcome {
        if session.out.format == Format::Json {
            return session.out.json(self);
        }
        let show = session.show().await?;
        let count = |count: usize| output::count(u64::try_from(count).unwrap_or(u64::MAX));
        let mut table = Table::new(&[Column::text(""), Column::number("")]);
        for (name, value) in [
            ("Items", count(self.items)),
            ("Suppliers", count(self.suppliers)),
            ("Customers", count(self.customers)),
            ("Orders", count(self.orders)),
            ("Order lines", output::count(self.order_lines)),
            ("Open orders", count(self.open_orders)),
            ("Purchase orders", count(self.purchases)),
            ("Ordered", show.money_named(self.ordered_value)),
            ("Shipped", show.money_named(self.shipped_value)),
        ] {
            table.row(vec![name.to_owned(), value], Tone::Plain);
        }
        table.print()?;
        if !self.kept_active.is_empty() {
            session.out.say(format!(
                "Discontinued, but still in trade because open orders wait for them: {}.",
                self.kept_active.join(", ")
            ));
        }
        session.out.text(&format!(
            "\n{} commands, {} refused in {} s: {} commands a second",
            output::count(self.commands),
            output::count(self.refused),
            self.seconds,
            output::count(self.commands_per_s),
        ))?;
        match &self.state_hash {
            Some(hash) => session.out.text(&format!("Everything adds up.\nstate hash {hash}")),
            None => Ok(()),
        }
    }
}
