//! Goods on order.

use super::{
    Moment, Moved, Portion, Refusal, Shadow, check_lines, check_not_negative, check_positive, money, moved,
    number::{fits, times},
    refuse, refuse_short,
};
use ims_core::{
    ItemId, LocationId, PurchaseId, Quantity,
    purchase::{PlacePurchase, ReceivePurchase},
};

type Done = Result<Vec<Moved>, Refusal>;

#[derive(Clone, Debug)]
pub(super) struct ShadowPurchase {
    pub(super) site: LocationId,
    pub(super) ended: bool,
    ordered_at: i64,
    received_at: i64,
    lines: Vec<ShadowPurchaseLine>,
}

#[derive(Clone, Copy, Debug)]
struct ShadowPurchaseLine {
    item: ItemId,
    unit_cost: i128,
    quantity: i128,
    open: i128,
}

impl Shadow {
    pub(super) fn place_purchase(&mut self, at: &Moment, request: &PlacePurchase) -> Done {
        check_lines(&request.lines)?;
        self.check_open(at)?;
        self.site(request.site)?;
        if !self.suppliers.contains(&request.supplier) {
            return refuse("unknown_supplier");
        }
        let mut lines = Vec::new();
        let mut total = 0;
        for line in &request.lines {
            let quantity = check_positive(line.quantity)?;
            let unit_cost = check_not_negative(money(line.unit_cost))?;
            let item = self.traded(line.item)?;
            item.check_stocked()?;
            item.check_fineness(quantity)?;
            total = fits(total + times(unit_cost, quantity)?)?;
            let shelf = self.shelf(at, (line.item, request.site));
            shelf.incoming = fits(shelf.incoming + quantity)?;
            lines.push(ShadowPurchaseLine { item: line.item, unit_cost, quantity, open: quantity });
        }
        let (ordered_at, received_at) = (at.occurred_at, at.occurred_at);
        let purchase = ShadowPurchase { site: request.site, ended: false, ordered_at, received_at, lines };
        self.purchases.insert(at.id.into(), purchase);
        Ok(Vec::new())
    }

    pub(super) fn receive_purchase(&mut self, at: &Moment, request: &ReceivePurchase) -> Done {
        if let Some(lines) = &request.lines {
            check_lines(lines)?;
        }
        self.check_open(at)?;
        let Some(purchase) = self.purchases.get(&request.purchase) else { return refuse("unknown_purchase") };
        self.site(purchase.site)?;
        let mut purchase = self.open_purchase(request.purchase)?;
        at.check_follows(purchase.ordered_at)?;
        let came = match &request.lines {
            Some(lines) => lines.iter().map(|line| (line.line as usize, line.quantity, line.unit_cost)).collect(),
            None => purchase.still_to_come(),
        };
        check_lines(&came)?;
        let mut done = Vec::new();
        for (index, quantity, unit_cost) in came {
            let quantity = check_positive(quantity)?;
            check_not_negative(unit_cost.map_or(0, money))?;
            let Some(line) = purchase.lines.get_mut(index) else { return refuse("unknown_line") };
            let unit_cost = unit_cost.map_or(line.unit_cost, money);
            self.item(line.item)?.check_fineness(quantity)?;
            if quantity > line.open {
                return refuse_short("receives_too_much", quantity, line.open);
            }
            line.open -= quantity;
            let key = (line.item, purchase.site);
            self.shelf(at, key).incoming -= quantity;
            let goods = Portion::new(quantity, times(unit_cost, quantity)?, at.occurred_at);
            self.bring_in(at, key, goods)?;
            self.books_of(key.0).bought += goods.value;
            done.extend(moved(index, &[goods]));
        }
        purchase.received_at = purchase.received_at.max(at.occurred_at);
        purchase.ended = purchase.lines.iter().all(|line| line.open == 0);
        self.purchases.insert(request.purchase, purchase);
        Ok(done)
    }

    pub(super) fn close_purchase(&mut self, at: &Moment, id: PurchaseId) -> Done {
        self.check_open(at)?;
        let purchase = self.open_purchase(id)?;
        at.check_follows(purchase.ordered_at.max(purchase.received_at))?;
        self.end_purchase(at, id, purchase);
        Ok(Vec::new())
    }

    pub(super) fn cancel_purchase(&mut self, at: &Moment, id: PurchaseId) -> Done {
        self.check_open(at)?;
        let purchase = self.open_purchase(id)?;
        if purchase.lines.iter().any(|line| line.open != line.quantity) {
            return refuse("purchase_partly_received");
        }
        at.check_follows(purchase.ordered_at)?;
        self.end_purchase(at, id, purchase);
        Ok(Vec::new())
    }

    fn open_purchase(&self, id: PurchaseId) -> Result<ShadowPurchase, Refusal> {
        match self.purchases.get(&id) {
            None => refuse("unknown_purchase"),
            Some(purchase) if purchase.ended => refuse("purchase_ended"),
            Some(purchase) => Ok(purchase.clone()),
        }
    }

    fn end_purchase(&mut self, at: &Moment, id: PurchaseId, mut purchase: ShadowPurchase) {
        for line in purchase.lines.iter_mut().filter(|line| line.open > 0) {
            self.shelf(at, (line.item, purchase.site)).incoming -= line.open;
            line.open = 0;
        }
        purchase.ended = true;
        self.purchases.insert(id, purchase);
    }
}

impl ShadowPurchase {
    pub(super) fn is_open(&self) -> bool {
        !self.ended
    }

    pub(super) fn item(&self, line: usize) -> Option<ItemId> {
        self.lines.get(line).map(|line| line.item)
    }

    fn still_to_come(&self) -> Vec<(usize, Quantity, Option<ims_core::Amount>)> {
        let lines = self.lines.iter().enumerate().filter(|(_, line)| line.open > 0);
        lines.map(|(index, line)| (index, Quantity::from_micros(i64::try_from(line.open).unwrap()), None)).collect()
    }
}
