//! Items, sites, those one trades with, and closed books.

use super::{Costing, MICROS_PER_DAY, Moment, Moved, Refusal, Shadow, ShadowItem, decimals, money, refuse, units};
use ims_core::{
    CostingMethod, ItemId, LocationId, Patch, Standing, Tracking,
    item::{CreateItem, UpdateItem},
    location::{CUSTOMERS, LOSS, SERVICES, SUPPLIERS, UpdateLocation, VARIANCE},
    period::ClosePeriod,
};

const VIRTUAL: [LocationId; 5] = [SUPPLIERS, CUSTOMERS, LOSS, VARIANCE, SERVICES];

type Done = Result<Vec<Moved>, Refusal>;

impl Shadow {
    pub(super) fn create_item(&mut self, at: &Moment, request: &CreateItem) -> Done {
        self.check_open(at)?;
        let item = ShadowItem {
            decimals: decimals(&request.unit),
            stocked: request.tracking != Some(Tracking::Service),
            costing: Costing {
                method: request.costing.expect("the universe names a method"),
                standard: request.standard_cost.map(money),
            },
            price: request.price.map(money),
            backorder_limit: units(request.backorder_limit),
            in_trade: true,
        };
        self.items.insert(at.id.into(), item);
        Ok(Vec::new())
    }

    pub(super) fn update_item(&mut self, at: &Moment, request: &UpdateItem) -> Done {
        self.check_open(at)?;
        let Some(item) = self.items.get_mut(&request.item) else { return refuse("unknown_item") };
        let was_in_trade = item.in_trade;
        if let Patch::Set(limit) = request.backorder_limit {
            if units(limit) < 0 {
                return refuse("invalid_field");
            }
            item.check_fineness(units(limit))?;
            item.backorder_limit = units(limit);
        }
        if let Patch::Set(standing) = request.standing {
            item.in_trade = standing == Standing::Active;
        }
        let is_in_trade = item.in_trade;
        if was_in_trade && !is_in_trade {
            self.check_nothing_open(request.item)?;
        }
        if was_in_trade != is_in_trade {
            self.look_again_everywhere(at, request.item);
        }
        Ok(Vec::new())
    }

    /// Whoever looks at a shelf clears it of holds that have lapsed.
    fn look_again_everywhere(&mut self, at: &Moment, item: ItemId) {
        let keys: Vec<_> = self.shelves.keys().filter(|(of, _)| *of == item).copied().collect();
        for key in keys {
            self.shelf(at, key);
        }
    }

    pub(super) fn retire_item(&mut self, at: &Moment, id: ItemId) -> Done {
        self.check_open(at)?;
        self.traded(id)?;
        self.check_nothing_open(id)?;
        self.items.get_mut(&id).expect("it is traded").in_trade = false;
        self.look_again_everywhere(at, id);
        Ok(Vec::new())
    }

    fn check_nothing_open(&self, item: ItemId) -> Result<(), Refusal> {
        let mut shelves = self.shelves.iter().filter(|((of, _), _)| *of == item);
        let open = shelves.any(|(_, shelf)| shelf.allocated != 0 || shelf.backordered != 0 || shelf.incoming != 0);
        if open { refuse("item_in_use") } else { Ok(()) }
    }

    pub(super) fn create_site(&mut self, at: &Moment) -> Done {
        self.check_open(at)?;
        self.sites.insert(at.id.into(), true);
        Ok(Vec::new())
    }

    pub(super) fn update_site(&mut self, at: &Moment, request: &UpdateLocation) -> Done {
        self.check_open(at)?;
        let in_use = self.any_site(request.location)?;
        if in_use && request.standing == Patch::Set(Standing::Retired) {
            self.check_empty(at, request.location)?;
        }
        if let Patch::Set(standing) = request.standing {
            self.sites.insert(request.location, standing == Standing::Active);
        }
        Ok(Vec::new())
    }

    fn check_empty(&self, at: &Moment, site: LocationId) -> Result<(), Refusal> {
        let mut shelves = self.shelves.iter().filter(|((_, of), _)| *of == site);
        let open = shelves.any(|(_, shelf)| shelf.on_hand != 0 || shelf.value != 0)
            || self.orders.values().any(|order| order.site == site && order.is_open())
            || self.purchases.values().any(|purchase| purchase.site == site && !purchase.ended)
            || self.holds.values().any(|hold| hold.site == site && hold.until > at.now);
        if open { refuse("location_in_use") } else { Ok(()) }
    }

    pub(super) fn create_supplier(&mut self, at: &Moment) -> Done {
        self.check_open(at)?;
        self.suppliers.insert(at.id.into());
        Ok(Vec::new())
    }

    pub(super) fn create_customer(&mut self, at: &Moment) -> Done {
        self.check_open(at)?;
        self.customers.insert(at.id.into());
        Ok(Vec::new())
    }

    pub(super) fn close_period(&mut self, at: &Moment, request: &ClosePeriod) -> Done {
        let until = i64::from(request.until.days());
        if at.now.div_euclid(MICROS_PER_DAY) <= until {
            return refuse("occurs_in_future");
        }
        if self.closed_until.is_some_and(|closed| closed >= until) {
            return refuse("period_closed");
        }
        if until - self.newest_at.div_euclid(MICROS_PER_DAY) > 92 {
            return refuse("period_too_far");
        }
        self.closed_until = Some(until);
        Ok(Vec::new())
    }

    pub(super) fn item(&self, id: ItemId) -> Result<&ShadowItem, Refusal> {
        self.items.get(&id).map_or_else(|| refuse("unknown_item"), Ok)
    }

    pub(super) fn traded(&self, id: ItemId) -> Result<&ShadowItem, Refusal> {
        let item = self.item(id)?;
        if item.in_trade { Ok(item) } else { refuse("item_retired") }
    }

    pub(super) fn any_site(&self, id: LocationId) -> Result<bool, Refusal> {
        match self.sites.get(&id) {
            Some(in_use) => Ok(*in_use),
            None if VIRTUAL.contains(&id) => refuse("not_a_site"),
            None => refuse("unknown_location"),
        }
    }

    pub(super) fn site(&self, id: LocationId) -> Result<(), Refusal> {
        if self.any_site(id)? { Ok(()) } else { refuse("location_retired") }
    }

    pub(super) fn method(&self, id: ItemId) -> CostingMethod {
        self.items[&id].costing.method
    }
}
