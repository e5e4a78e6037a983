//! Purchase orders.

use super::Trade;
use ims_core::{
    Command, Purchase, PurchaseStatus,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
};
use std::sync::Arc;

impl Trade {
    pub(super) fn place_purchase(&mut self) -> Option<Command> {
        let supplier = *self.dice.pick(&self.books.suppliers)?;
        let site = self.site()?;
        let lines = self.some_lines(4, Self::costed_goods)?;
        Some(PlacePurchase { supplier, site, expected: None, lines }.into())
    }

    /// Takes in all that is still to come, or a part of a line.
    pub(super) fn receive_purchase(&mut self) -> Option<Command> {
        let purchase = self.open_purchase()?;
        if !self.books.sites.contains(&purchase.site) {
            return None;
        }
        let lines = if self.dice.percent(50) { None } else { Some(vec![self.received_line(&purchase)?]) };
        Some(ReceivePurchase { purchase: purchase.id, lines }.into())
    }

    fn received_line(&mut self, purchase: &Purchase) -> Option<ReceivedLine> {
        let number = self.dice.between(0, i64::try_from(purchase.lines.len()).ok()? - 1);
        let line = purchase.lines.get(usize::try_from(number).ok()?)?;
        let item = Arc::clone(self.books.items.get(&line.item)?);
        let quantity = self.some_of(&item, 40, line.open()?.micros())?;
        let unit_cost = self.dice.percent(30).then(|| self.cost());
        Some(ReceivedLine { line: u32::try_from(number).ok()?, quantity, unit_cost })
    }

    pub(super) fn close_purchase(&mut self) -> Option<Command> {
        let purchase = self.open_purchase()?;
        let partly = purchase.status == PurchaseStatus::PartlyReceived;
        partly.then_some(ClosePurchase { purchase: purchase.id }.into())
    }

    pub(super) fn cancel_purchase(&mut self) -> Option<Command> {
        let purchase = self.open_purchase()?;
        let untouched = purchase.status == PurchaseStatus::Ordered;
        untouched.then_some(CancelPurchase { purchase: purchase.id }.into())
    }

    pub(super) fn open_purchase(&mut self) -> Option<Arc<Purchase>> {
        let open: Vec<Arc<Purchase>> = self.books.open_purchases.values().cloned().collect();
        self.dice.pick(&open).cloned()
    }
}
