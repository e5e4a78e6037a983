//! Loading from memory.

use super::{Tables, listed::Listed};
use crate::{
    store::{LayerPage, Loaded, OnHandSince, ReadSet, SiteUse, Versioned},
    *,
};
use std::{collections::BTreeSet, hash::Hash, sync::Arc};

impl Tables {
    /// What a store answers to a read set.
    pub(super) fn load(&self, keys: &ReadSet) -> Loaded {
        let mut stock = found(&self.stock, &keys.stock);
        for item in &keys.stock_everywhere {
            let sites = self.sites_of.get(item).into_iter().flatten();
            let keys = sites.map(|site| StockKey { item: *item, site: *site }).filter(|key| !keys.stock.contains(key));
            stock.extend(found(&self.stock, &keys.collect()));
        }
        let mut holds: BTreeSet<HoldId> = keys.holds.clone();
        for key in &keys.holds_on {
            holds.extend(self.holds_on.get(key).into_iter().flatten());
        }
        Loaded {
            catalog: self.catalog,
            catalog_changes: keys.catalog_since.and_then(|since| self.catalog_changes(since)),
            shop: self.shop.as_ref().map(|(version, row)| Versioned { version: *version, row: Arc::clone(row) }),
            items: found(&self.items, &keys.items),
            locations: found(&self.locations, &keys.locations),
            suppliers: found(&self.suppliers, &keys.suppliers),
            customers: found(&self.customers, &keys.customers),
            names: keys.names.iter().filter_map(|name| self.name(name)).collect(),
            series: found(&self.series, &keys.series),
            stock,
            layers: keys.layers.iter().filter_map(|(key, first)| Some((*key, self.layer_page(key, *first)?))).collect(),
            holds: holds.iter().filter_map(|id| self.hold(id)).collect(),
            orders: unshared(found(&self.orders, &keys.orders)),
            backorders: keys.backorders.iter().filter_map(|key| Some((*key, self.waiting(key)?))).collect(),
            purchases: unshared(found(&self.purchases, &keys.purchases)),
            alerts: keys.alerts.iter().filter_map(|key| self.alerts.get(key).cloned()).collect(),
            commands: keys.commands.iter().filter_map(|id| self.commands.get(id).cloned()).collect(),
            movements_of: keys.movements_of.iter().filter_map(|id| Some((*id, self.movements_of(*id)?))).collect(),
            newest_event: self.events.last().filter(|_| keys.newest_event).map(|event| event.recorded_at),
            on_hand_since: keys
                .on_hand_since
                .iter()
                .filter_map(|(key, from)| self.on_hand_since(*key, *from))
                .collect(),
            site_uses: keys.site_uses.iter().filter_map(|(site, now)| self.site_use(*site, *now)).collect(),
        }
    }

    fn name(&self, name: &Name) -> Option<NameRow> {
        self.names.get(name).map(|id| NameRow { name: name.clone(), id: *id })
    }

    fn hold(&self, id: &HoldId) -> Option<Versioned<Hold>> {
        self.holds.get(id).map(|(version, row)| Versioned { version: *version, row: *row })
    }

    fn layer_page(&self, key: &StockKey, first: u32) -> Option<LayerPage> {
        let layers = self.layers.get(key).filter(|layers| !layers.is_empty())?;
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        Some(LayerPage { layers: layers.values().take(first).copied().collect(), more: layers.len() > first })
    }

    fn waiting(&self, key: &StockKey) -> Option<Vec<OrderId>> {
        let orders = self.backorders.get(key).filter(|orders| !orders.is_empty())?;
        Some(orders.iter().copied().collect())
    }

    fn on_hand_since(&self, key: StockKey, from: Timestamp) -> Option<OnHandSince> {
        let moved = self.movements.iter().filter_map(|movement| OnHandSince::change_by(key, movement));
        OnHandSince::look_back(key, from, self.stock.get(&key)?.on_hand, moved)
    }

    fn site_use(&self, site: LocationId, now: Timestamp) -> Option<SiteUse> {
        let mut found = SiteUse::nothing(site, now);
        self.stock.values().for_each(|stock| found.add_stock(stock));
        self.orders.values().for_each(|order| found.add_order(order));
        self.purchases.values().for_each(|purchase| found.add_purchase(purchase));
        self.holds.values().for_each(|(_, hold)| found.add_hold(hold));
        (!found.is_nothing()).then_some(found)
    }

    fn movements_of(&self, command: CommandId) -> Option<Vec<(Movement, Undone)>> {
        let (begin, count) = *self.movements_of.get(&command)?;
        let movements = self.movements.get(begin..begin.saturating_add(count))?.iter();
        let undone = |movement: &Movement| self.undone.get(&movement.key).copied().unwrap_or_default();
        Some(movements.map(|movement| (movement.clone(), undone(movement))).collect())
    }
}

fn found<K: Clone + Eq + Hash, R: Clone>(rows: &Listed<K, R>, keys: &BTreeSet<K>) -> Vec<Versioned<R>> {
    let row = |key| rows.entry(key).map(|(version, row)| Versioned { version, row: row.clone() });
    keys.iter().filter_map(row).collect()
}

fn unshared<R: Clone>(rows: Vec<Versioned<Arc<R>>>) -> Vec<Versioned<R>> {
    rows.into_iter().map(|Versioned { version, row }| Versioned { version, row: R::clone(&row) }).collect()
}
