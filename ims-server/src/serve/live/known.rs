//! Rows that tell what an event belongs to, where it does not say so itself.

use super::belongs::{Belongs, Rows, Unknown};
use ims_core::{AnyStore, Event, EventBody, Item, ItemId, Order, OrderId, ReadSet, Receipt, Store, StoreError, Text};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Items whose category is remembered; they begin anew when there are more.
const MOST_ITEMS: usize = 100_000;
/// Items that are looked up at once.
const ITEMS_PER_LOAD: usize = 5_000;

/// The categories of items. An item's category is the one that it has now, not the one that it had at the event.
#[derive(Debug, Default)]
pub(crate) struct Known {
    categories: Mutex<HashMap<ItemId, Text>>,
}

/// The rows that some events name.
struct Found {
    categories: HashMap<ItemId, Text>,
    orders: HashMap<OrderId, Order>,
}

/// From where events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// From the end of the log: what they say of an item is so now.
    New,
    /// From further back.
    Old,
}

impl Known {
    /// Works out what some events belong to.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot answer now.
    pub(crate) async fn belongings(
        &self,
        store: &AnyStore,
        events: &[Event],
        age: Age,
    ) -> Result<Vec<Belongs>, StoreError> {
        let mut unknown = Unknown::default();
        for event in events {
            if age == Age::New {
                self.learn(event);
            }
            unknown.add(event);
        }
        let found = self.look_up(store, unknown).await?;
        Ok(events.iter().map(|event| Belongs::of(event, &found)).collect())
    }

    /// Remembers what an event says of an item.
    fn learn(&self, event: &Event) {
        if let EventBody::Done(receipt) = &event.record.body
            && let Receipt::ItemCreated(item) | Receipt::ItemUpdated(item) = &**receipt
        {
            let mut categories = self.categories();
            make_room(&mut categories);
            categories.insert(item.id, item.category.clone());
        }
    }

    async fn look_up(&self, store: &AnyStore, unknown: Unknown) -> Result<Found, StoreError> {
        let mut found = Found { categories: HashMap::new(), orders: HashMap::new() };
        let mut missing = Vec::new();
        {
            let categories = self.categories();
            for item in unknown.items {
                match categories.get(&item) {
                    Some(category) => _ = found.categories.insert(item, category.clone()),
                    None => missing.push(item),
                }
            }
        }
        for items in missing.chunks(ITEMS_PER_LOAD) {
            let reads = ReadSet { items: items.iter().copied().collect(), ..ReadSet::default() };
            let loaded = store.load(&reads).await?;
            self.remember(loaded.items.iter().map(|item| &*item.row), &mut found);
        }
        if !unknown.orders.is_empty() {
            let loaded = store.load(&ReadSet { orders: unknown.orders, ..ReadSet::default() }).await?;
            found.orders.extend(loaded.orders.into_iter().map(|order| (order.row.id, order.row)));
        }
        Ok(found)
    }

    /// Remembers items that were loaded, but never in the place of what a newer event has said.
    fn remember<'a>(&self, items: impl Iterator<Item = &'a Item>, found: &mut Found) {
        let mut categories = self.categories();
        for item in items {
            make_room(&mut categories);
            let category = categories.entry(item.id).or_insert_with(|| item.category.clone());
            found.categories.insert(item.id, category.clone());
        }
    }

    /// A map of names is whole, whoever panicked while holding it.
    fn categories(&self) -> MutexGuard<'_, HashMap<ItemId, Text>> {
        self.categories.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(categories: &mut HashMap<ItemId, Text>) {
    if categories.len() >= MOST_ITEMS {
        categories.clear();
    }
}

impl Rows for Found {
    fn category(&self, item: ItemId) -> Option<Text> {
        self.categories.get(&item).cloned()
    }

    fn order(&self, order: OrderId) -> Option<&Order> {
        self.orders.get(&order)
    }
}
