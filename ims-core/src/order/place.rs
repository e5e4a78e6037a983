use super::save;
use crate::{
    command::Decide,
    draft::{Decided, Draft, fits, reject},
    money::Fraction,
    rules,
    stock::{
        allocate::{free_for, stock_now},
        release_hold::use_up,
    },
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Places a sales order: every line gets its goods allocated, or the order says what happens otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// Where the goods come from.
    pub site: LocationId,
    /// Who buys, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The currency of the prices; the shop's where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The series that its number is from, the same for all codes that fold alike; the site's code where none is given. One
    /// for each till keeps tills from waiting for each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Text>,
    /// What is ordered.
    pub lines: Vec<OrderedLine>,
    /// What happens where there is not enough.
    #[serde(default)]
    pub on_shortage: OnShortage,
    /// Holds whose goods are for this order: they end, and do not count against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<HoldId>,
}

/// A line of an order, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedLine {
    /// Which item.
    pub item: ItemId,
    /// How many.
    pub quantity: Quantity,
    /// The price of one; the item's where none is given. Below zero only for services: a credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Amount>,
    /// What is taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
}

impl OrderedLine {
    /// So many of an item, at its own price.
    pub fn new(item: ItemId, quantity: Quantity) -> Self {
        OrderedLine { item, quantity, unit_price: None, discount: None }
    }

    /// So many of an item, at this price.
    pub fn priced(item: ItemId, quantity: Quantity, unit_price: Amount) -> Self {
        OrderedLine { item, quantity, unit_price: Some(unit_price), discount: None }
    }
}

/// What is taken off a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A fraction of the line, such as 0.15; rounded as the shop rounds.
    Fraction(Fraction),
    /// An amount, not below zero.
    Amount(Amount),
}

/// What happens where an order wants more than is available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnShortage {
    /// The whole order is refused.
    #[default]
    Refuse,
    /// What is missing waits for goods, within the item's backorder limit.
    Backorder,
    /// What is missing is cancelled at once.
    Cancel,
}

impl PlaceOrder {
    /// An order at the shop's own prices that is refused where there is not enough.
    pub fn new(site: LocationId, lines: Vec<OrderedLine>) -> Self {
        let on_shortage = OnShortage::Refuse;
        PlaceOrder { site, customer: None, currency: None, series: None, lines, on_shortage, holds: Vec::new() }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            site: self.site,
            customer: self.customer,
            currency: self.currency,
            series: self.series.as_ref(),
            lines: &self.lines,
            on_shortage: self.on_shortage,
            holds: &self.holds,
        }
    }
}

impl Decide for PlaceOrder {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        self.asked().reads(known, reads);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        self.asked().check()?;
        let shop = rules::open_shop(ctx, draft)?;
        let order = place(ctx, draft, &shop, &self.asked())?;
        Ok(Receipt::OrderPlaced(save(draft, &shop, order)?))
    }
}

/// What is asked for, by an order or by a sale.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) site: LocationId,
    pub(super) customer: Option<CustomerId>,
    pub(super) currency: Option<Currency>,
    pub(super) series: Option<&'a Text>,
    pub(super) lines: &'a [OrderedLine],
    pub(super) on_shortage: OnShortage,
    pub(super) holds: &'a [HoldId],
}

impl Asked<'_> {
    /// Checks what needs no look at the shop.
    pub(super) fn check(&self) -> Result<(), Rejection> {
        if let Some(series) = self.series {
            rules::code("series", series, limits::CODE_CHARS)?;
            rules::not_for_purchases("series", series)?;
        }
        if self.holds.len() > limits::LINES_PER_DOCUMENT {
            let problem = format!("are more than an order may use: at most {}", limits::LINES_PER_DOCUMENT).into();
            return Err(Rejection::InvalidField { field: "holds".into(), problem });
        }
        rules::line_count(self.lines.len())
    }

    pub(super) fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        reads.locations.insert(self.site);
        reads.customers.extend(self.customer);
        let named = || known.peek_location(self.site).map(|site| Arc::clone(&site.code));
        if let Some(code) = self.series.cloned().or_else(named) {
            reads.series.extend([rules::folded_series(&code), code]);
        }
        reads.holds.extend(self.holds.iter().copied());
        for hold in self.holds.iter().filter_map(|id| known.peek_hold(*id)) {
            let key = StockKey { item: hold.item, site: hold.site };
            reads.stock.insert(key);
            reads.holds_on.insert(key);
        }
        for line in self.lines {
            reads.items.insert(line.item);
            reads.stock.insert(StockKey { item: line.item, site: self.site });
        }
    }
}

/// Makes the order of what was checked and claims its goods; the caller writes it.
pub(super) fn place(ctx: &Context, draft: &mut Draft, shop: &Shop, asked: &Asked<'_>) -> Decided<Order> {
    let currency = rules::currency(shop, asked.currency)?;
    let site = rules::site(draft, asked.site)?;
    let party = rules::customer(draft, asked.customer)?;
    let held = use_holds(ctx, draft, asked)?;

    let mut lines = Vec::with_capacity(asked.lines.len());
    let mut total = Amount::ZERO;
    for (index, line) in asked.lines.iter().enumerate() {
        let number = rules::line_number(index);
        rules::positive(number, line.quantity)?;
        if let Some(Discount::Amount(discount)) = line.discount {
            rules::not_negative("discount", discount)?;
        }
        let item = rules::item_in_trade(draft, line.item)?;
        rules::fits_unit(&item, line.quantity)?;
        let (unit_price, discount, line_total) = price(shop, &item, line)?;
        let demand = Demand { asked, held: &held, earlier: &lines };
        let claim = claim(ctx, draft, &demand, line, &item, &site)?;
        total = fits(total.checked_add(line_total), "the order's total")?;
        lines.push(OrderLine {
            item: item.id,
            sku: item.sku.clone(),
            name: Arc::clone(&item.name),
            brand: Arc::clone(&item.brand),
            category: Arc::clone(&item.category),
            tracking: item.tracking,
            quantity: line.quantity,
            unit_price,
            discount,
            total: line_total,
            allocated: claim.allocated,
            backordered: claim.backordered,
            shipped: Quantity::ZERO,
            cancelled: claim.cancelled,
            returned: Quantity::ZERO,
            revenue: Amount::ZERO,
            cost: Amount::ZERO,
            refunded: Amount::ZERO,
            cost_returned: Amount::ZERO,
        });
    }
    let series = rules::series(draft, asked.series.unwrap_or(&site.code))?;
    let number = rules::next_number(draft, &series)?;
    Ok(Order {
        id: ctx.id.into(),
        series,
        number,
        site: site.id,
        customer: asked.customer,
        party,
        currency,
        status: OrderStatus::Placed,
        placed_at: ctx.moment(),
        total,
        amounts: OrderAmounts::default(),
        lines,
        shipments: Vec::new(),
    })
}

/// Ends the holds that are for this order. Each must be for something that is ordered, and for no more than that.
/// Returns what was held.
fn use_holds(ctx: &Context, draft: &mut Draft, asked: &Asked<'_>) -> Decided<Vec<(ItemId, Quantity)>> {
    let mut used: Vec<(ItemId, Quantity)> = Vec::new();
    for id in asked.holds {
        let hold = use_up(ctx, draft, *id)?;
        let of_item = |item: ItemId| asked.lines.iter().filter(move |line| line.item == item);
        let wanted = of_item(hold.item).try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.quantity));
        let before = used.iter().filter(|(item, _)| *item == hold.item).map(|(_, quantity)| *quantity);
        let held = before.chain([hold.quantity]).try_fold(Quantity::ZERO, Quantity::checked_add);
        if hold.site != asked.site || held.is_none() || held > wanted {
            return reject(Rejection::HoldMismatch { hold: *id });
        }
        used.push((hold.item, hold.quantity));
    }
    Ok(used)
}

/// The price of one, what is taken off the line, and what is left: rounded once, as the shop rounds.
fn price(shop: &Shop, item: &Item, line: &OrderedLine) -> Decided<(Amount, Amount, Amount)> {
    let Some(unit_price) = line.unit_price.or(item.price) else {
        return reject(Rejection::PriceUnknown { sku: item.sku.clone() });
    };
    if unit_price.is_negative() && item.tracking == Tracking::Stocked {
        return reject(Rejection::PriceNegative { sku: item.sku.clone(), price: unit_price });
    }
    let amount = fits(unit_price.times(line.quantity, shop.rounding), "the line's total")?;
    let discount = match line.discount {
        None => Amount::ZERO,
        Some(Discount::Fraction(fraction)) => fits(amount.scale(fraction, shop.rounding), "the discount")?,
        Some(Discount::Amount(discount)) => fits(discount.round(shop.rounding), "the discount")?,
    };
    if matches!(line.discount, Some(Discount::Amount(_))) && discount > amount {
        return reject(Rejection::DiscountTooLarge { discount, amount });
    }
    let total = fits(amount.checked_sub(discount), "the line's total")?;
    Ok((unit_price, discount, total))
}

/// What becomes of the quantity of a line.
struct Claim {
    allocated: Quantity,
    backordered: Quantity,
    cancelled: Quantity,
}

/// What an order asks for, and what its earlier lines got of it.
struct Demand<'a> {
    asked: &'a Asked<'a>,
    /// What was held for it.
    held: &'a [(ItemId, Quantity)],
    earlier: &'a [OrderLine],
}

impl Demand<'_> {
    /// What the earlier lines got of an item.
    fn taken(&self, item: ItemId) -> Option<Quantity> {
        let mut taken = self.earlier.iter().filter(|line| line.item == item).map(|line| line.allocated);
        taken.try_fold(Quantity::ZERO, Quantity::checked_add)
    }

    /// What of an item was held for the order and no earlier line has taken.
    fn held(&self, item: ItemId) -> Option<Quantity> {
        if self.held.is_empty() {
            return Some(Quantity::ZERO);
        }
        let mut held = self.held.iter().filter(|(of, _)| *of == item).map(|(_, quantity)| *quantity);
        let held = held.try_fold(Quantity::ZERO, Quantity::checked_add)?;
        Some(held.checked_sub(self.taken(item)?)?.max(Quantity::ZERO))
    }

    /// What the whole order wants of an item, and what there was of it before its earlier lines took their part: so that
    /// the refusal says the same however the demand is split into lines.
    fn as_a_whole(&self, item: ItemId, free: Quantity) -> Decided<(Quantity, Quantity)> {
        let mut wanted = self.asked.lines.iter().filter(|line| line.item == item).map(|line| line.quantity);
        let wanted = fits(wanted.try_fold(Quantity::ZERO, Quantity::checked_add), "the quantity wanted")?;
        let available = self.taken(item).and_then(|taken| taken.checked_add(free));
        Ok((wanted, fits(available, "the quantity available")?))
    }
}

/// Claims the goods of a line, as far as there are any. A service needs none.
fn claim(
    ctx: &Context,
    draft: &mut Draft,
    demand: &Demand<'_>,
    line: &OrderedLine,
    item: &Item,
    site: &Location,
) -> Decided<Claim> {
    let all = |allocated| Claim { allocated, backordered: Quantity::ZERO, cancelled: Quantity::ZERO };
    if item.tracking == Tracking::Service {
        return Ok(all(line.quantity));
    }
    let on_shortage = demand.asked.on_shortage;
    let key = StockKey { item: item.id, site: site.id };
    let known = stock_now(ctx, draft, key)?;
    let mut stock = match known {
        Some(stock) => stock,
        None if on_shortage == OnShortage::Backorder => Stock::empty(key),
        None if on_shortage == OnShortage::Cancel => {
            return Ok(Claim { cancelled: line.quantity, ..all(Quantity::ZERO) });
        }
        None => return reject(Rejection::NotStocked { sku: item.sku.clone(), site: Arc::clone(&site.code) }),
    };
    let free = free_for(&stock, fits(demand.held(item.id), "the quantity held")?)?;
    let allocated = line.quantity.min(free);
    let missing = fits(line.quantity.checked_sub(allocated), "a quantity")?;
    stock.allocated = fits(stock.allocated.checked_add(allocated), "the quantity allocated")?;
    let claim = match on_shortage {
        _ if missing.is_zero() => all(allocated),
        OnShortage::Cancel => Claim { allocated, backordered: Quantity::ZERO, cancelled: missing },
        OnShortage::Refuse => {
            let (wanted, available) = demand.as_a_whole(item.id, free)?;
            let (sku, site) = (item.sku.clone(), Arc::clone(&site.code));
            return reject(Rejection::InsufficientStock { sku, site, wanted, available });
        }
        OnShortage::Backorder => {
            stock.backordered = fits(stock.backordered.checked_add(missing), "the quantity backordered")?;
            if stock.backordered > item.backorder_limit {
                let (wanted, available) = demand.as_a_whole(item.id, free)?;
                let (sku, site, limit) = (item.sku.clone(), Arc::clone(&site.code), item.backorder_limit);
                return reject(Rejection::BackorderLimit { sku, site, wanted, available, limit });
            }
            Claim { allocated, backordered: missing, cancelled: Quantity::ZERO }
        }
    };
    draft.put_stock(stock);
    Ok(claim)
}
