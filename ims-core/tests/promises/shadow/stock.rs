//! Goods that come, go and are put aside.

use super::{
    Moment, Moved, Portion, Refusal, Shadow, ShadowHold, check_lines, check_not_negative, check_positive, money, moved,
    number::times, refuse,
};
use ims_core::{
    CostingMethod, Direction, HoldId, ItemId, Quantity,
    cost::SetStandardCost,
    stock::{AdjustStock, ExtendHold, PlaceHold, ReceiveStock, SendBackStock, TransferStock},
};

type Done = Result<Vec<Moved>, Refusal>;

impl Shadow {
    pub(super) fn receive(&mut self, at: &Moment, request: &ReceiveStock) -> Done {
        check_lines(&request.lines)?;
        self.check_open(at)?;
        self.site(request.site)?;
        let mut done = Vec::new();
        for (index, line) in request.lines.iter().enumerate() {
            let quantity = check_positive(line.quantity)?;
            let unit_cost = check_not_negative(money(line.unit_cost))?;
            let item = self.traded(line.item)?;
            item.check_stocked()?;
            item.check_fineness(quantity)?;
            let goods = Portion::new(quantity, times(unit_cost, quantity)?, at.occurred_at);
            self.bring_in(at, (line.item, request.site), goods)?;
            self.books_of(line.item).bought += goods.value;
            done.extend(moved(index, &[goods]));
        }
        Ok(done)
    }

    pub(super) fn send_back(&mut self, at: &Moment, request: &SendBackStock) -> Done {
        check_lines(&request.lines)?;
        self.check_open(at)?;
        self.any_site(request.site)?;
        let mut done = Vec::new();
        for (index, line) in request.lines.iter().enumerate() {
            let quantity = self.goods(line.item, line.quantity)?;
            let key = (line.item, request.site);
            self.known_shelf(at, key)?;
            self.check_available(at, key, quantity)?;
            let goods = self.take_out(at, key, quantity)?;
            self.books_of(line.item).bought -= value(&goods);
            done.extend(moved(index, &goods));
        }
        Ok(done)
    }

    pub(super) fn adjust(&mut self, at: &Moment, request: &AdjustStock) -> Done {
        check_lines(&request.lines)?;
        self.check_open(at)?;
        self.any_site(request.site)?;
        let mut done = Vec::new();
        for (index, line) in request.lines.iter().enumerate() {
            check_positive(line.quantity)?;
            if request.direction == Direction::Up {
                check_not_negative(line.unit_cost.map_or(0, money))?;
            }
            let quantity = self.goods(line.item, line.quantity)?;
            let key = (line.item, request.site);
            match request.direction {
                Direction::Up => {
                    let unit_cost = match line.unit_cost {
                        Some(unit_cost) => money(unit_cost),
                        None => self.cost_of_one(key)?,
                    };
                    let value = times(unit_cost, quantity)?;
                    let goods = Portion::new(quantity, value, at.occurred_at);
                    self.bring_in(at, key, goods)?;
                    self.books_of(line.item).found += value;
                    done.extend(moved(index, &[goods]));
                }
                Direction::Down => {
                    self.known_shelf(at, key)?;
                    self.check_available(at, key, quantity)?;
                    let goods = self.take_out(at, key, quantity)?;
                    self.books_of(line.item).found -= value(&goods);
                    done.extend(moved(index, &goods));
                }
            }
        }
        Ok(done)
    }

    pub(super) fn transfer(&mut self, at: &Moment, request: &TransferStock) -> Done {
        check_lines(&request.lines)?;
        self.check_open(at)?;
        self.any_site(request.from)?;
        self.site(request.to)?;
        if request.from == request.to {
            return refuse("same_site");
        }
        let mut done = Vec::new();
        for (index, line) in request.lines.iter().enumerate() {
            let quantity = self.goods(line.item, line.quantity)?;
            let from = (line.item, request.from);
            self.known_shelf(at, from)?;
            self.check_available(at, from, quantity)?;
            let goods = self.take_out(at, from, quantity)?;
            for portion in &goods {
                self.bring_in(at, (line.item, request.to), Portion { entry: None, ..*portion })?;
            }
            done.extend(moved(index, &goods));
        }
        Ok(done)
    }

    pub(super) fn place_hold(&mut self, at: &Moment, request: &PlaceHold) -> Done {
        let quantity = check_positive(request.quantity)?;
        self.check_open(at)?;
        let item = self.traded(request.item)?.clone();
        self.site(request.site)?;
        item.check_stocked()?;
        item.check_fineness(quantity)?;
        let key = (request.item, request.site);
        self.known_shelf(at, key)?;
        self.check_available(at, key, quantity)?;
        let until = request.until.micros();
        if until <= at.now {
            return refuse("hold_in_past");
        }
        let hold = ShadowHold { item: request.item, site: request.site, quantity, until, changed_at: at.occurred_at };
        self.holds.insert(at.id.into(), hold);
        Ok(Vec::new())
    }

    pub(super) fn extend_hold(&mut self, at: &Moment, request: &ExtendHold) -> Done {
        self.check_open(at)?;
        let Some(hold) = self.holds.get(&request.hold).copied() else { return refuse("unknown_hold") };
        let until = request.until.micros();
        if until <= at.now {
            return refuse("hold_in_past");
        }
        if hold.until <= at.now {
            return refuse("hold_lapsed");
        }
        at.check_follows(hold.changed_at)?;
        self.shelf(at, (hold.item, hold.site));
        let changed_at = hold.changed_at.max(at.occurred_at);
        self.holds.insert(request.hold, ShadowHold { until, changed_at, ..hold });
        Ok(Vec::new())
    }

    pub(super) fn release_hold(&mut self, at: &Moment, id: HoldId) -> Done {
        self.check_open(at)?;
        self.end_hold(at, id)?;
        Ok(Vec::new())
    }

    /// Ends a hold that has not lapsed.
    pub(super) fn end_hold(&mut self, at: &Moment, id: HoldId) -> Result<ShadowHold, Refusal> {
        let Some(hold) = self.holds.get(&id).copied() else { return refuse("unknown_hold") };
        if hold.until <= at.now {
            return refuse("hold_lapsed");
        }
        at.check_follows(hold.changed_at)?;
        self.shelf(at, (hold.item, hold.site));
        self.holds.remove(&id);
        Ok(hold)
    }

    pub(super) fn set_standard_cost(&mut self, at: &Moment, request: &SetStandardCost) -> Done {
        let unit_cost = check_not_negative(money(request.unit_cost))?;
        self.check_open(at)?;
        self.traded(request.item)?;
        if self.method(request.item) != CostingMethod::Standard {
            return refuse("not_standard_costed");
        }
        let moves = self.moves.iter().filter(|((item, _), _, change)| *item == request.item && *change != 0);
        let moves = moves.map(|(_, moved_at, _)| *moved_at);
        let revalued =
            self.revalued.iter().filter(|(item, _)| *item == request.item).map(|(_, revalued_at)| *revalued_at);
        moves.chain(revalued).try_for_each(|moved_at| at.check_follows(moved_at))?;
        let item = self.items.get_mut(&request.item).expect("it is traded");
        item.costing.standard = Some(unit_cost);
        let costing = item.costing;
        for (key, shelf) in self.shelves.iter_mut().filter(|((item, _), _)| *item == request.item) {
            let more = shelf.revalue(costing)?;
            self.books.entry(request.item).or_default().variance -= more;
            if more != 0 {
                self.touched.push(*key);
                self.revalued.push((request.item, at.occurred_at));
            }
        }
        Ok(Vec::new())
    }

    /// So many of an item that has stock, in trade or not.
    fn goods(&self, id: ItemId, quantity: Quantity) -> Result<i128, Refusal> {
        let quantity = check_positive(quantity)?;
        let item = self.item(id)?;
        item.check_stocked()?;
        item.check_fineness(quantity)?;
        Ok(quantity)
    }

    /// What one of a shelf costs now, if anybody knows.
    pub(super) fn cost_of_one(&self, key: super::Key) -> Result<i128, Refusal> {
        let costing = self.items[&key.0].costing;
        let known = match self.shelves.get(&key) {
            Some(shelf) => shelf.cost_of_one(costing)?,
            None => costing.standard.filter(|_| costing.method == CostingMethod::Standard),
        };
        known.map_or_else(|| refuse("cost_unknown"), Ok)
    }
}

fn value(goods: &[Portion]) -> i128 {
    goods.iter().map(|portion| portion.value).sum()
}
