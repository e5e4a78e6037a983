use super::{Tally, check_open, check_placed, known, save};
use crate::{
    command::Decide,
    draft::{Decided, Draft, Stop, fits, reject},
    location::{CUSTOMERS, SERVICES},
    rules,
    stock::{Route, take_out},
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Ships goods of an order: what is named, or all that is allocated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipOrder {
    /// Which order.
    pub order: OrderId,
    /// What leaves; all that is allocated where nothing is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ShippedLine>>,
}

/// So many of a line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippedLine {
    /// Which line, counted from 0.
    pub line: u32,
    /// How many.
    pub quantity: Quantity,
}

impl Decide for ShipOrder {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        super::reads_order(known, reads, self.order, None);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        if let Some(lines) = &self.lines {
            rules::line_count(lines.len())?;
        }
        let shop = rules::open_shop(ctx, draft)?;
        let mut order = known(draft, self.order)?;
        check_open(&order)?;
        check_placed(ctx, &order)?;
        let lines = match &self.lines {
            Some(lines) => lines.clone(),
            None => all_allocated(&order),
        };
        rules::line_count(lines.len())?;

        let moved = ship(ctx, draft, &shop, &mut order, &lines)?;
        Ok(Receipt::OrderShipped { order: save(draft, &shop, order)?, lines: moved })
    }
}

/// Everything of an order that can leave now.
pub(super) fn all_allocated(order: &Order) -> Vec<ShippedLine> {
    let lines = order.lines.iter().enumerate().filter(|(_, line)| line.allocated.is_positive());
    lines.map(|(index, line)| ShippedLine { line: rules::line_number(index), quantity: line.allocated }).collect()
}

/// Lets goods of an order leave; the caller writes the order.
pub(super) fn ship(
    ctx: &Context,
    draft: &mut Draft,
    shop: &Shop,
    order: &mut Order,
    lines: &[ShippedLine],
) -> Decided<Vec<Moved>> {
    let mut moved = Vec::with_capacity(lines.len());
    let (id, site, customer) = (order.id, order.site, order.customer);
    let day = shop.time_zone.business_day(ctx.moment());
    for shipped in lines {
        let number = shipped.line;
        rules::positive(number, shipped.quantity)?;
        let Some(line) = usize::try_from(number).ok().and_then(|index| order.lines.get_mut(index)) else {
            return reject(Rejection::UnknownLine { line: number });
        };
        let item = rules::item(draft, line.item)?;
        rules::fits_unit(&item, shipped.quantity)?;
        if shipped.quantity > line.allocated {
            let (wanted, allocated) = (shipped.quantity, line.allocated);
            return reject(Rejection::ShipsTooMuch { line: number, wanted, allocated });
        }

        line.allocated = fits(line.allocated.checked_sub(shipped.quantity), "a quantity")?;
        line.shipped = fits(line.shipped.checked_add(shipped.quantity), "a quantity")?;
        // In coins, and the last unit earns what is left of the total, so that the parts sum to it.
        let earned = fits(line.worth(line.shipped, shop.rounding), "the revenue")?;
        let revenue = fits(earned.checked_sub(line.revenue), "the revenue")?;
        line.revenue = earned;

        let document = Document::Order(id, number);
        let portions = match line.tracking {
            Tracking::Service => vec![serve(ctx, draft, &item, document, shipped.quantity, revenue)?],
            Tracking::Stocked => {
                let Some(mut stock) = draft.stock(&StockKey { item: item.id, site })? else {
                    return Err(Stop::Broken("what is allocated is on hand"));
                };
                stock.allocated = fits(stock.allocated.checked_sub(shipped.quantity), "the quantity allocated")?;
                let route = Route::new(&item, site, CUSTOMERS, MovementKind::Sale).of(document);
                take_out(ctx, draft, route, &mut stock, shipped.quantity, revenue)?
            }
        };
        let mut cost = Amount::ZERO;
        for portion in &portions {
            cost = fits(cost.checked_add(portion.value), "the cost of goods sold")?;
            moved.push(portion.moved(number, &item));
        }
        line.cost = fits(line.cost.checked_add(cost), "the cost of goods sold")?;
        let tally = Tally { day, site, customer, item: item.id, brand: &line.brand, category: &line.category };
        tally.add(draft, Sales { units: shipped.quantity, revenue, cost });
    }
    order.shipments.push(Shipment { id: ctx.id, shipped_at: ctx.moment() });
    Ok(moved)
}

/// A service leaves from nowhere and costs nothing; what it earns is written down all the same.
fn serve(
    ctx: &Context,
    draft: &mut Draft,
    item: &Item,
    document: Document,
    quantity: Quantity,
    revenue: Amount,
) -> Decided<cost::Portion> {
    let portion = cost::Portion::new(quantity, Amount::ZERO, ctx.moment());
    Route::new(item, SERVICES, CUSTOMERS, MovementKind::Sale).of(document).goods(ctx, draft, portion, revenue)?;
    Ok(portion)
}
