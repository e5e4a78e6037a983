//! Goods that come, go, move, and are put aside.

use super::{DAY, MINUTE, Trade, moment};
use ims_core::{
    AdjustmentReason, Command, Direction, Hold, Item, ItemId, LocationId, Quantity, Tracking,
    alert::AcknowledgeAlert,
    cost::SetStandardCost,
    stock::{
        AdjustStock, Adjusted, CostedGoods, ExtendHold, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock,
        TransferStock,
    },
};
use std::sync::Arc;

const REASONS: [AdjustmentReason; 8] = [
    AdjustmentReason::Damaged,
    AdjustmentReason::Lost,
    AdjustmentReason::Found,
    AdjustmentReason::Theft,
    AdjustmentReason::Gift,
    AdjustmentReason::OwnUse,
    AdjustmentReason::Counted,
    AdjustmentReason::Other,
];

impl Trade {
    pub(super) fn receive_stock(&mut self) -> Option<Command> {
        let site = self.site()?;
        let supplier = self.dice.percent(60).then(|| self.dice.pick(&self.books.suppliers).copied()).flatten();
        let lines = self.some_lines(5, Self::costed_goods)?;
        Some(ReceiveStock { site, supplier, lines }.into())
    }

    pub(super) fn send_back_stock(&mut self) -> Option<Command> {
        let site = self.site()?;
        let supplier = self.dice.pick(&self.books.suppliers).copied();
        Some(SendBackStock { site, supplier, lines: vec![self.goods(site)?] }.into())
    }

    pub(super) fn adjust_stock(&mut self) -> Option<Command> {
        let site = self.site()?;
        let reason = *self.dice.pick(&REASONS)?;
        let note = self.dice.percent(30).then(|| "Seen by two;\nsigned".into());
        let (direction, line) = if self.dice.percent(60) {
            let Goods { item, quantity } = self.goods(site)?;
            (Direction::Down, Adjusted { item, quantity, unit_cost: None })
        } else {
            let CostedGoods { item, quantity, unit_cost } = self.costed_goods()?;
            let known = self.books.free.contains_key(&(site, item)) && self.dice.percent(50);
            (Direction::Up, Adjusted { item, quantity, unit_cost: (!known).then_some(unit_cost) })
        };
        Some(AdjustStock { site, reason, direction, lines: vec![line], note }.into())
    }

    pub(super) fn transfer_stock(&mut self) -> Option<Command> {
        let (from, to) = (self.site()?, *self.dice.pick(&self.books.sites)?);
        if from == to {
            return None;
        }
        let lines = self.some_lines(3, |trade| trade.goods(from))?;
        Some(TransferStock { from, to, lines }.into())
    }

    pub(super) fn place_hold(&mut self) -> Option<Command> {
        let site = self.site()?;
        let Goods { item, quantity } = self.goods(site)?;
        self.books.items.get(&item)?;
        let until = moment(self.now + self.dice.between(10 * MINUTE, 2 * DAY));
        Some(PlaceHold { item, site, quantity, until }.into())
    }

    pub(super) fn extend_hold(&mut self) -> Option<Command> {
        let hold = self.hold()?.id;
        Some(ExtendHold { hold, until: moment(self.now + self.dice.between(MINUTE, DAY)) }.into())
    }

    pub(super) fn release_hold(&mut self) -> Option<Command> {
        Some(ReleaseHold { hold: self.hold()?.id }.into())
    }

    pub(super) fn set_standard_cost(&mut self) -> Option<Command> {
        let costed = |item: &&Arc<Item>| item.standard_cost.is_some() && item.tracking == Tracking::Stocked;
        let items: Vec<ItemId> = self.books.items.values().filter(costed).map(|item| item.id).collect();
        Some(SetStandardCost { item: *self.dice.pick(&items)?, unit_cost: self.cost() }.into())
    }

    /// Says that somebody knows of what is low or out, as it seems from here.
    pub(super) fn acknowledge_alert(&mut self) -> Option<Command> {
        if let Some((site, item)) = self.books.sold_out.pop()
            && self.books.free.get(&(site, item)).is_some_and(|free| *free <= 0)
        {
            return Some(AcknowledgeAlert { item, site }.into());
        }
        let low = |(place, free): (&(LocationId, ItemId), &i64)| {
            let point = self.books.items.get(&place.1)?.reorder_point?;
            (*free <= point.micros()).then_some(*place)
        };
        let low: Vec<(LocationId, ItemId)> = self.books.free.iter().filter_map(low).collect();
        let (site, item) = *self.dice.pick(&low)?;
        Some(AcknowledgeAlert { item, site }.into())
    }

    pub(super) fn hold(&mut self) -> Option<Hold> {
        let holds: Vec<Hold> = self.books.holds.values().copied().collect();
        self.dice.pick(&holds).copied()
    }

    /// Something of what nobody has claimed at a site.
    pub(super) fn goods(&mut self, site: LocationId) -> Option<Goods> {
        let there: Vec<ItemId> =
            self.books.items.keys().copied().filter(|item| self.books.free(site, *item) > 0).collect();
        let item = *self.dice.pick(&there)?;
        Some(Goods { item, quantity: self.some_there(site, item, 4)? })
    }

    pub(super) fn some_there(&mut self, site: LocationId, item: ItemId, most_units: i64) -> Option<Quantity> {
        let (item, free) = (Arc::clone(self.books.items.get(&item)?), self.books.free(site, item));
        self.some_of(&item, most_units, free)
    }

    /// Something that a supplier has.
    pub(super) fn costed_goods(&mut self) -> Option<CostedGoods> {
        let item = self.item()?;
        if item.tracking == Tracking::Service {
            return None;
        }
        Some(CostedGoods { item: item.id, quantity: self.some_of(&item, 40, i64::MAX)?, unit_cost: self.cost() })
    }

    /// Lines of a document, each of something else.
    pub(super) fn some_lines<T: Line>(&mut self, most: i64, line: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut lines: Vec<T> = Vec::new();
        for _ in 0..self.dice.between(1, most) {
            if let Some(line) = line(self).filter(|line| lines.iter().all(|other| other.item() != line.item())) {
                lines.push(line);
            }
        }
        (!lines.is_empty()).then_some(lines)
    }
}

/// What a line of a document is about.
pub(super) trait Line {
    fn item(&self) -> ItemId;
}

impl Line for Goods {
    fn item(&self) -> ItemId {
        self.item
    }
}

impl Line for CostedGoods {
    fn item(&self) -> ItemId {
        self.item
    }
}
