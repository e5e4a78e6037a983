//! `ims order`

use super::{
    entry::{Entry, PERIOD},
    item::word,
    page::{Lists, each_page, sorts},
    stock::resolve,
};
use crate::{
    failure::{Failure, Outcome},
    line_arg::{self, LineArg},
    lookup::{Document, hold_id},
    moment::Moment,
    output::{self, Column, Format, Line, Show, Table, Tone},
    session::Session,
};
use clap::{Args, Subcommand, ValueEnum};
use ims_core::{
    Amount, Contact, CustomerId, HoldId, Item, LocationId, Order, OrderLine, OrderStatus, Party, Quantity, Receipt,
    Reports, Sku, Timestamp, Tracking,
    order::{
        CancelOrder, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell,
        ShipOrder, ShippedLine,
    },
    report::{OrderQuery, Sort},
};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Sell over the counter: place an order and ship all of it, or do nothing
    Sell(Ask),
    /// Place an order: its goods are promised until it ships
    Place {
        #[command(flatten)]
        ask: Ask,
        /// What happens where there is not enough
        #[arg(long, value_enum, default_value_t = Shortage::Refuse)]
        on_shortage: Shortage,
    },
    /// Ship an order, or a part of it
    Ship {
        /// Its number, such as MAIN-17
        order: String,
        /// What leaves: ITEM=QUANTITY, or #2=QUANTITY for line 2; all that is promised where nothing is named
        #[arg(value_name = "LINE", value_parser = line_arg::goods)]
        lines: Vec<LineArg>,
    },
    /// Cancel what has not been shipped
    Cancel {
        /// Its number, such as MAIN-17
        order: String,
    },
    /// Take goods of an order back: they come back at the cost they left with
    Return(Return),
    /// Take goods back of which nobody knows the order
    TakeBack(TakeBack),
    /// List orders, newest first
    List(List),
    /// Show an order
    Show {
        /// Its number, such as MAIN-17
        order: String,
    },
}

/// What is ordered, and by whom.
#[derive(Args, Debug)]
pub(super) struct Ask {
    /// What: ITEM=QUANTITY, ITEM=QUANTITY@PRICE or ITEM=QUANTITY@PRICE-DISCOUNT
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<LineArg>,
    /// The customer's code
    #[arg(long, value_name = "CODE")]
    customer: Option<String>,
    /// From which site; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// The series that its number is from, in capitals; the site's code where none is given
    #[arg(long, value_name = "CODE")]
    series: Option<String>,
    /// A hold whose goods are for this order; give it several times for several
    #[arg(long, value_name = "ID", value_parser = hold_id)]
    hold: Vec<HoldId>,
}

/// What happens where there is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shortage {
    /// The whole order is refused
    Refuse,
    /// What is missing waits for goods, within the item's backorder limit
    Backorder,
    /// What is missing is cancelled at once
    Cancel,
}

impl From<Shortage> for OnShortage {
    fn from(shortage: Shortage) -> OnShortage {
        match shortage {
            Shortage::Refuse => OnShortage::Refuse,
            Shortage::Backorder => OnShortage::Backorder,
            Shortage::Cancel => OnShortage::Cancel,
        }
    }
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::List(_) => PERIOD,
            Command::Show { .. } => Entry::Nothing,
            _ => Entry::Made,
        }
    }

    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Sell(ask) => sell(session, ask).await,
            Command::Place { ask, on_shortage } => place(session, ask, on_shortage.into()).await,
            Command::Ship { order, lines } => ship(session, &order, lines).await,
            Command::Cancel { order } => cancel(session, &order).await,
            Command::Return(command) => command.run(session).await,
            Command::TakeBack(command) => command.run(session).await,
            Command::List(command) => command.run(session).await,
            Command::Show { order } => {
                let order = session.order_named(&order).await?;
                show(session, &order).await
            }
        }
    }
}

/// An order's number, such as `MAIN-17`.
pub(crate) fn number_of(order: &Order) -> String {
    format!("{}-{}", order.series, order.number)
}

impl Ask {
    async fn customer(&self, session: &Session) -> Outcome<Option<CustomerId>> {
        match &self.customer {
            Some(code) => Ok(Some(session.customer_named(code).await?.id)),
            None => Ok(None),
        }
    }
}

async fn ordered_lines(session: &Session, lines: Vec<LineArg>) -> Outcome<Vec<OrderedLine>> {
    let lines = resolve(session, lines).await?.into_iter();
    let ordered = lines.map(|(LineArg { quantity, amount, discount, .. }, item)| OrderedLine {
        item: item.id,
        quantity,
        unit_price: amount,
        discount,
    });
    Ok(ordered.collect())
}

async fn sell(session: &Session, ask: Ask) -> Outcome {
    let site = session.site(ask.site.as_deref()).await?;
    let customer = ask.customer(session).await?;
    let series = ask.series.as_deref().map(Into::into);
    let lines = ordered_lines(session, ask.lines).await?;
    let sell = Sell { customer, series, holds: ask.hold, ..Sell::new(site.id, lines) };
    let receipt = session.execute(sell).await?;
    let Receipt::Sold { order, .. } = &*receipt else { return session.done("Sold.", None, &receipt) };
    tell(session, order, "Sold", &receipt).await
}

async fn place(session: &Session, ask: Ask, on_shortage: OnShortage) -> Outcome {
    let site = session.site(ask.site.as_deref()).await?;
    let customer = ask.customer(session).await?;
    let series = ask.series.as_deref().map(Into::into);
    let lines = ordered_lines(session, ask.lines).await?;
    let place = PlaceOrder { customer, series, holds: ask.hold, on_shortage, ..PlaceOrder::new(site.id, lines) };
    let receipt = session.execute(place).await?;
    let Receipt::OrderPlaced(order) = &*receipt else { return session.done("Placed.", None, &receipt) };
    tell(session, order, "Placed", &receipt).await?;
    session.out.say(next_of(order));
    Ok(())
}

/// What comes next of an order that was placed: shipping is for what is allocated to it.
fn next_of(order: &Order) -> String {
    let can_be_shipped = |line: &OrderLine| match line.tracking {
        Tracking::Stocked => line.allocated.is_positive(),
        Tracking::Service => true,
    };
    let waits = order.lines.iter().any(|line| line.backordered.is_positive());
    match order.lines.iter().any(can_be_shipped) {
        true => format!("Next: ims order ship {}", number_of(order)),
        false if waits => {
            "It waits for goods: `ims receive` or `ims purchase receive` brings them in, oldest orders first."
                .to_owned()
        }
        false => "Nothing of it is left to be shipped.".to_owned(),
    }
}

/// Says what became of an order, and shows its lines to people.
async fn tell(session: &Session, order: &Order, done: &str, receipt: &Receipt) -> Outcome {
    let number = number_of(order);
    if session.out.format != Format::Table {
        return session.done("", Some(&number), receipt);
    }
    let show = session.show().await?;
    let to_pay = show.money_named(order.amounts.to_pay);
    let told = match order.amounts.to_pay == order.total {
        true => format!("{done} {number}: {to_pay}.\n"),
        false => format!("{done} {number}: {to_pay} to pay, {} ordered.\n", show.money_named(order.total)),
    };
    session.out.text(&session.told(&told))?;
    lines_table(&show, order)?.print()
}

async fn ship(session: &Session, name: &str, lines: Vec<LineArg>) -> Outcome {
    let order = session.order_named(name).await?;
    let shipped = line_numbers(session, &order, &lines).await?.into_iter().zip(&lines);
    let shipped: Vec<_> = shipped.map(|(line, arg)| ShippedLine { line, quantity: arg.quantity }).collect();
    let lines = Some(shipped).filter(|lines| !lines.is_empty());
    let shipped = session.execute(ShipOrder { order: order.id, lines }).await;
    let receipt = shipped.map_err(|failure| failure.on_lines(&skus_of(&order)))?;
    let Receipt::OrderShipped { order, .. } = &*receipt else { return session.done("Shipped.", None, &receipt) };
    let done = if order.status == OrderStatus::Shipped { "Shipped all of" } else { "Shipped a part of" };
    tell(session, order, done, &receipt).await
}

async fn cancel(session: &Session, name: &str) -> Outcome {
    let order = session.order_named(name).await?;
    let receipt = session.execute(CancelOrder { order: order.id }).await?;
    let Receipt::OrderCancelled(order) = &*receipt else { return session.done("Cancelled.", None, &receipt) };
    let done = if order.status == OrderStatus::Cancelled { "Cancelled" } else { "Cancelled the rest of" };
    tell(session, order, done, &receipt).await
}

/// Finds the lines of an order that are named.
async fn line_numbers(session: &Session, order: &Order, named: &[LineArg]) -> Outcome<Vec<u32>> {
    let lines = order.lines.iter().map(|line| (line.item, &line.sku)).collect();
    let names: Vec<&str> = named.iter().map(|line| line.item.as_str()).collect();
    session.lines_named(&Document { noun: "order", number: &number_of(order), lines }, &names).await
}

#[derive(Args, Debug)]
pub(super) struct Return {
    /// Its number, such as MAIN-17
    order: String,
    /// What comes back: ITEM=QUANTITY, or #2=QUANTITY for line 2, with @REFUND for what is refunded for one where that
    /// is not its price; all that is out where nothing is named
    #[arg(value_name = "LINE", value_parser = line_arg::undiscounted)]
    lines: Vec<LineArg>,
    /// To which site; to the one they left where none is named
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Why more is refunded than was paid; without it, no more is
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Return {
    async fn run(self, session: &Session) -> Outcome {
        let order = session.order_named(&self.order).await?;
        let site = match &self.site {
            Some(code) => Some(session.site_named(code).await?.id),
            None => None,
        };
        let number = number_of(&order);
        if self.lines.is_empty() {
            // All that was out came back then only if nothing is out now.
            let is_this = |receipt: &Receipt| {
                matches!(receipt, Receipt::GoodsReturned { goods, .. }
                    if goods.order == Some(order.id) && site.is_none_or(|site| site == goods.site))
                    && all_out(&order).is_empty()
            };
            if let Some(receipt) = session.done_before(is_this).await? {
                return tell_back(session, &receipt, Some(&number)).await;
            }
        }
        let rounding = session.open_shop().await?.rounding;
        let mut lines = Vec::new();
        let numbers = line_numbers(session, &order, &self.lines).await?;
        for (line, LineArg { quantity, amount, .. }) in numbers.into_iter().zip(&self.lines) {
            let refund = match amount {
                Some(one) => Some(one.times(*quantity, rounding).ok_or_else(refund_too_large)?),
                None => None,
            };
            lines.push(ReturnedLine { line, quantity: *quantity, refund });
        }
        if lines.is_empty() {
            lines = all_out(&order);
        }
        if lines.is_empty() {
            return Err(nothing_out(&order));
        }
        let goods = ReturnedGoods::OfOrder { order: order.id, shipment: None, site, lines };
        let refund_reason = self.reason.as_deref().map(Into::into);
        let taken = take_back(session, ReturnGoods { goods, refund_reason }, Some(&number)).await;
        taken.map_err(|failure| failure.on_lines(&skus_of(&order)))
    }
}

/// What is on the lines of an order.
fn skus_of(order: &Order) -> Vec<&Sku> {
    order.lines.iter().map(|line| &line.sku).collect()
}

fn refund_too_large() -> Failure {
    Failure::refused("overflow", "the refund is too large")
}

/// Nothing can come back of an order.
fn nothing_out(order: &Order) -> Failure {
    let number = number_of(order);
    let was_shipped = order.lines.iter().any(|line| line.shipped.is_positive());
    let (why, next) = match was_shipped {
        true => ("all that was shipped came back already", format!("`ims order show {number}` tells what came back")),
        false => ("nothing of it was shipped", format!("`ims order cancel {number}` cancels what was not shipped")),
    };
    Failure::refused("no_lines", format!("nothing of {number} can come back: {why}")).hint(next)
}

/// Everything of an order that has left and not come back.
fn all_out(order: &Order) -> Vec<ReturnedLine> {
    let lines = (0_u32..).zip(&order.lines).filter_map(|(line, sold)| {
        let quantity = sold.shipped.checked_sub(sold.returned).filter(|out| out.is_positive())?;
        Some(ReturnedLine { line, quantity, refund: None })
    });
    lines.collect()
}

#[derive(Args, Debug)]
pub(super) struct TakeBack {
    /// What comes back: ITEM=QUANTITY@REFUND, with what is refunded for one; its price where nothing is said
    #[arg(required = true, value_name = "LINE", value_parser = line_arg::undiscounted)]
    lines: Vec<LineArg>,
    /// The customer's code
    #[arg(long, value_name = "CODE")]
    customer: Option<String>,
    /// To which site; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Why more is refunded than the list price; without it, no more is
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// What one had cost, where that is not what one costs now; give it several times for several items
    #[arg(long, value_name = "ITEM=COST", value_parser = line_arg::cost)]
    cost: Vec<(String, Amount)>,
}

impl TakeBack {
    async fn run(self, session: &Session) -> Outcome {
        let site = session.site(self.site.as_deref()).await?.id;
        let customer = match &self.customer {
            Some(code) => Some(session.customer_named(code).await?.id),
            None => None,
        };
        let names: Vec<&str> = self.cost.iter().map(|(item, _)| item.as_str()).collect();
        let costs: Vec<_> = session.items_named(&names).await?.into_iter().zip(&self.cost).collect();
        let back = resolve(session, self.lines).await?;
        // A price of the item may have changed since.
        if back.iter().any(|(line, _)| line.amount.is_none()) {
            let is_this = |receipt: &Receipt| {
                let Receipt::GoodsReturned { goods, .. } = receipt else { return false };
                let asked = back.iter().map(|(line, item)| (item.id, line.quantity));
                let whose = (goods.order, goods.site, goods.customer) == (None, site, customer);
                whose && asked.eq(goods.lines.iter().map(|line| (line.item, line.quantity)))
            };
            if let Some(receipt) = session.done_before(is_this).await? {
                return tell_back(session, &receipt, None).await;
            }
        }
        let mut lines = Vec::new();
        for (line, item) in back {
            let unit_cost = costs.iter().find(|(of, _)| of.id == item.id).map(|(_, (_, cost))| *cost);
            let unknown = || Failure::from(&ims_core::Rejection::PriceUnknown { sku: item.sku.clone() });
            let unit_price = line.amount.or(item.price).ok_or_else(unknown)?;
            lines.push(LooseLine { item: item.id, quantity: line.quantity, unit_price, unit_cost });
        }
        let is_back = |item: &Item| lines.iter().any(|line| line.item == item.id);
        if let Some((item, _)) = costs.iter().find(|(item, _)| !is_back(item)) {
            let message = format!("{} has a cost, and is not among what comes back", item.sku);
            return Err(Failure::usage("line", message).hint("name it as ITEM=QUANTITY, or leave its --cost out"));
        }
        let goods = ReturnedGoods::Loose { site, customer, lines };
        let refund_reason = self.reason.as_deref().map(Into::into);
        let taken = take_back(session, ReturnGoods { goods, refund_reason }, None).await;
        taken.map_err(|failure| failure.hint_at("cost_unknown", "say what one had cost with --cost ITEM=COST"))
    }
}

async fn take_back(session: &Session, command: ReturnGoods, document: Option<&str>) -> Outcome {
    let receipt = session.execute(command).await?;
    tell_back(session, &receipt, document).await
}

/// Says what came back.
async fn tell_back(session: &Session, receipt: &Receipt, document: Option<&str>) -> Outcome {
    let Receipt::GoodsReturned { goods, .. } = receipt else { return session.done("Taken back.", None, receipt) };
    let one = |line: &ims_core::ReturnLine| format!("{} × {}", output::quantity(line.quantity), line.sku);
    let lines: Vec<String> = goods.lines.iter().map(one).collect();
    let refund = session.show().await?.money_named(goods.refund);
    let of = document.map(|number| format!(" of {number}")).unwrap_or_default();
    session.done(&format!("Took back{of}: {}. Refund {refund}.", lines.join(", ")), document, receipt)
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only of this customer
    #[arg(long, value_name = "CODE")]
    customer: Option<String>,
    /// Only from this site
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Only this far
    #[arg(long, value_enum)]
    status: Option<Status>,
    /// Only with a line of this item: SKU or barcode
    #[arg(long)]
    item: Option<String>,
    /// Only of customers that were in this city when it was placed, whatever its case
    #[arg(long)]
    city: Option<String>,
    /// Only with a line that was of this brand when it was ordered
    #[arg(long)]
    brand: Option<String>,
    /// Only with a line that was of this category, or one below it, when it was ordered
    #[arg(long)]
    category: Option<String>,
    /// Only those placed on or after that day, or at or after that moment
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Only those placed up to the end of that day, or that moment
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// In which order; with a minus, the last or the newest first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sorts(Lists::Orders))]
    sort: Option<Sort>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Status {
    Placed,
    PartlyShipped,
    Shipped,
    Cancelled,
}

impl From<Status> for OrderStatus {
    fn from(status: Status) -> OrderStatus {
        match status {
            Status::Placed => OrderStatus::Placed,
            Status::PartlyShipped => OrderStatus::PartlyShipped,
            Status::Shipped => OrderStatus::Shipped,
            Status::Cancelled => OrderStatus::Cancelled,
        }
    }
}

impl List {
    async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let mut query = OrderQuery {
            status: self.status.map(Into::into),
            city: self.city,
            brand: self.brand,
            category: self.category,
            from: self.from.map(|at| at.in_zone(&show.zone)).transpose()?,
            until: self.until.map(|at| at.end_in_zone(&show.zone)).transpose()?,
            ..OrderQuery::default()
        };
        if let Some(code) = &self.customer {
            query.customer = Some(session.customer_named(code).await?.id);
        }
        if let Some(code) = &self.site {
            query.site = Some(session.site_named(code).await?.id);
        }
        if let Some(name) = &self.item {
            query.item = Some(session.item_named(name).await?.id);
        }
        let mut listing = session.out.listing::<OrderRow>(&show);
        let rest = each_page(
            self.limit,
            self.sort,
            async |page| session.store().orders(&query, page).await,
            async |orders| listing.add(OrderRow::all(session, orders).await?),
        )
        .await?;
        listing.end_or("No order is like that.")?;
        session.say_if_more(rest);
        Ok(())
    }
}

/// An order, as a line of a list.
#[derive(Serialize)]
pub(crate) struct OrderRow {
    number: String,
    status: OrderStatus,
    placed_at: Timestamp,
    site: String,
    customer: String,
    customer_name: String,
    lines: usize,
    total: Amount,
    to_pay: Amount,
    id: ims_core::OrderId,
}

/// What a party was called when a document was made out to it; as it is called now where the document does not say.
pub(super) fn name_then(then: Option<&Party>, now: Option<&Contact>) -> String {
    then.map(|party| &party.name).or(now.map(|contact| &contact.name)).map(ToString::to_string).unwrap_or_default()
}

impl OrderRow {
    /// The orders, with the codes of their customers and sites, and their customers' names then.
    pub(crate) async fn all(session: &Session, orders: Vec<Order>) -> Outcome<Vec<OrderRow>> {
        let customers = session.customers_with(orders.iter().filter_map(|order| order.customer)).await?;
        let sites = session.locations_by_id().await?;
        let rows = orders.iter().map(|order| {
            let customer = order.customer.and_then(|id| customers.get(&id));
            OrderRow {
                number: number_of(order),
                status: order.status,
                placed_at: order.placed_at,
                site: sites.get(&order.site).map(|site| site.code.to_string()).unwrap_or_default(),
                customer: customer.map(|customer| customer.code.to_string()).unwrap_or_default(),
                customer_name: name_then(order.party.as_ref(), customer.map(|customer| &customer.contact)),
                lines: order.lines.len(),
                total: order.total,
                to_pay: order.amounts.to_pay,
                id: order.id,
            }
        });
        Ok(rows.collect())
    }
}

impl Line for OrderRow {
    const KEYS: &'static [&'static str] =
        &["number", "status", "placed_at", "site", "customer", "customer_name", "lines", "total", "to_pay", "id"];
    const COLUMNS: &'static [Column] = &[
        Column::text("Order"),
        Column::text("Placed"),
        Column::text("Customer"),
        Column::text("Status"),
        Column::number("Lines"),
        Column::number("To pay"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            self.number.clone(),
            show.moment(self.placed_at),
            if self.customer.is_empty() { output::dash() } else { format!("{} {}", self.customer, self.customer_name) },
            word(&self.status),
            self.lines.to_string(),
            show.money(self.to_pay),
        ]
    }

    fn tone(&self) -> Tone {
        match self.status {
            OrderStatus::Cancelled => Tone::Faint,
            OrderStatus::Placed | OrderStatus::PartlyShipped => Tone::Warning,
            OrderStatus::Shipped => Tone::Plain,
        }
    }
}

/// An order with the names of what it refers to, for scripts.
#[derive(Serialize)]
struct OrderOut<'a> {
    order_number: String,
    site_code: String,
    customer_code: Option<String>,
    #[serde(flatten)]
    order: &'a Order,
}

async fn show(session: &Session, order: &Order) -> Outcome {
    let show = session.show().await?;
    let sites: HashMap<LocationId, _> = session.locations_by_id().await?;
    let site = sites.get(&order.site).map(|site| site.code.to_string()).unwrap_or_default();
    let customers = session.customers_with(order.customer).await?;
    let customer = order.customer.and_then(|id| customers.get(&id));
    match session.out.format {
        Format::Json => session.out.json(&OrderOut {
            order_number: number_of(order),
            site_code: site,
            customer_code: customer.map(|customer| customer.code.to_string()),
            order,
        }),
        Format::Csv => {
            let rows: Outcome<Vec<OrderLineRow>> =
                (1_u32..).zip(&order.lines).map(|(number, line)| OrderLineRow::of(&show, number, line)).collect();
            session.out.list(&show, rows?)
        }
        Format::Table => {
            let mut table = Table::new(&[Column::text(""), Column::text("")]);
            let name = customer.map(|customer| {
                let name = name_then(order.party.as_ref(), Some(&customer.contact));
                format!("{} {name}", customer.code)
            });
            let shipped: Vec<String> = order.shipments.iter().map(|sent| show.moment(sent.shipped_at)).collect();
            let rows = [
                ("Order", number_of(order)),
                ("Status", word(&order.status)),
                ("Placed", show.moment(order.placed_at)),
                ("Shipped", shipped.join(", ")),
                ("Customer", name.unwrap_or_default()),
                ("Site", site),
                ("Address", order.party.as_ref().map(address_in_words).unwrap_or_default()),
                ("Total", show.money_named(order.total)),
                ("Cancelled", unless_zero(&show, order.amounts.cancelled)),
                ("Refunded", unless_zero(&show, order.amounts.refunded)),
                ("To pay", show.money_named(order.amounts.to_pay)),
            ];
            for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
                table.row(vec![name.to_owned(), value], Tone::Plain);
            }
            table.print()?;
            session.out.text("")?;
            lines_table(&show, order)?.print()
        }
    }
}

/// Where a party was when a document was made out to it, on one line.
pub(super) fn address_in_words(party: &Party) -> String {
    let parts = party.address.lines().chain([&*party.city, &*party.country]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A sum of money and its currency, where there is any.
fn unless_zero(show: &Show, amount: Amount) -> String {
    if amount.is_zero() { String::new() } else { show.money_named(amount) }
}

/// What a line has come to in all.
fn to_pay(show: &Show, line: &OrderLine) -> Outcome<Amount> {
    let amounts = line.amounts(show.rounding);
    amounts.map(|amounts| amounts.to_pay).ok_or_else(|| Failure::refused("overflow", "a line comes to too much"))
}

/// A line of an order, for spreadsheets.
#[derive(Serialize)]
struct OrderLineRow {
    line: u32,
    sku: String,
    name: String,
    quantity: Quantity,
    unit_price: Amount,
    discount: Amount,
    total: Amount,
    to_pay: Amount,
    allocated: Quantity,
    backordered: Quantity,
    shipped: Quantity,
    cancelled: Quantity,
    returned: Quantity,
}

impl OrderLineRow {
    fn of(show: &Show, number: u32, line: &OrderLine) -> Outcome<OrderLineRow> {
        Ok(OrderLineRow {
            line: number,
            sku: line.sku.to_string(),
            name: line.name.to_string(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount: line.discount,
            total: line.total,
            to_pay: to_pay(show, line)?,
            allocated: line.allocated,
            backordered: line.backordered,
            shipped: line.shipped,
            cancelled: line.cancelled,
            returned: line.returned,
        })
    }
}

impl Line for OrderLineRow {
    const KEYS: &'static [&'static str] = &[
        "line",
        "sku",
        "name",
        "quantity",
        "unit_price",
        "discount",
        "total",
        "to_pay",
        "allocated",
        "backordered",
        "shipped",
        "cancelled",
        "returned",
    ];
    const COLUMNS: &'static [Column] = &[];

    fn cells(&self, _: &Show) -> Vec<String> {
        Vec::new()
    }
}

/// The lines of an order for people: columns in which nothing stands are left out.
fn lines_table(show: &Show, order: &Order) -> Outcome<Table> {
    type Cell = fn(&Show, &OrderLine) -> String;
    type Present = fn(&OrderLine) -> bool;
    let always: Present = |_| true;
    let columns: [(Column, Present, Cell); 11] = [
        (Column::text("SKU"), always, |_, line| line.sku.to_string()),
        (Column::text("Name"), always, |_, line| line.name.to_string()),
        (Column::number("Quantity"), always, |_, line| output::quantity(line.quantity)),
        (Column::number("Price"), always, |show, line| show.price(line.unit_price)),
        (Column::number("Discount"), |line| !line.discount.is_zero(), |show, line| show.money(line.discount)),
        (Column::number("Total"), always, |show, line| show.money(line.total)),
        (Column::number("Promised"), |line| !line.allocated.is_zero(), |_, line| output::quantity(line.allocated)),
        (Column::number("Waiting"), |line| !line.backordered.is_zero(), |_, line| output::quantity(line.backordered)),
        (Column::number("Shipped"), |line| line.shipped != line.quantity, |_, line| output::quantity(line.shipped)),
        (Column::number("Cancelled"), |line| !line.cancelled.is_zero(), |_, line| output::quantity(line.cancelled)),
        (Column::number("Returned"), |line| !line.returned.is_zero(), |_, line| output::quantity(line.returned)),
    ];
    let shown = columns.into_iter().filter(|(_, present, _)| order.lines.iter().any(present));
    let shown: Vec<(Column, Present, Cell)> = shown.collect();
    // What is to be paid is the total, until something was cancelled or came back.
    let changed = order.amounts.to_pay != order.total;
    let heads = std::iter::once(Column::number("Line")).chain(shown.iter().map(|(head, ..)| *head));
    let heads: Vec<Column> = heads.chain(changed.then_some(Column::number("To pay"))).collect();
    let mut table = Table::new(&heads);
    for (number, line) in (1_u32..).zip(&order.lines) {
        let cells = shown.iter().map(|(_, _, cell)| cell(show, line));
        let to_pay = changed.then(|| to_pay(show, line)).transpose()?.map(|amount| show.money(amount));
        table.row(std::iter::once(number.to_string()).chain(cells).chain(to_pay).collect(), Tone::Plain);
    }
    Ok(table)
}
