//! Rows by their keys.

use ims_core::{
    Answer, CommandId, CommandRecord, Customer, CustomerId, Item, ItemId, Loaded, Location, LocationId, Name, NameKind,
    NameRow, Order, OrderId, Purchase, PurchaseId, ReadSet, Shop, Supplier, SupplierId, Text, store::Versioned,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// Which rows: the shop, and those that are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Items by id.
    pub(crate) items: BTreeSet<ItemId>,
    /// Items by SKU or barcode.
    pub(crate) item_names: BTreeSet<Text>,
    /// Locations by id.
    pub(crate) locations: BTreeSet<LocationId>,
    /// Locations by code, whatever its case.
    pub(crate) location_codes: BTreeSet<Text>,
    /// Suppliers by id.
    pub(crate) suppliers: BTreeSet<SupplierId>,
    /// Suppliers by code, whatever its case.
    pub(crate) supplier_codes: BTreeSet<Text>,
    /// Customers by id.
    pub(crate) customers: BTreeSet<CustomerId>,
    /// Customers by code, whatever its case.
    pub(crate) customer_codes: BTreeSet<Text>,
    /// Sales orders by id.
    pub(crate) orders: BTreeSet<OrderId>,
    /// Purchase orders by id.
    pub(crate) purchases: BTreeSet<PurchaseId>,
    /// Answers to commands by id.
    pub(crate) commands: BTreeSet<CommandId>,
}

/// A row and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct At<R> {
    version: u64,
    row: R,
}

/// An answer to a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answered {
    id: CommandId,
    /// 32 hexadecimal digits.
    fingerprint: String,
    answer: Arc<Answer>,
}

/// The rows that were there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Found {
    shop: Option<At<Arc<Shop>>>,
    items: Vec<At<Arc<Item>>>,
    /// Which item has a name, in the form in which names are compared.
    item_names: Vec<(Text, ItemId)>,
    locations: Vec<At<Arc<Location>>>,
    /// Which location has a code, in that form; so on for the others.
    location_codes: Vec<(Text, LocationId)>,
    suppliers: Vec<At<Arc<Supplier>>>,
    supplier_codes: Vec<(Text, SupplierId)>,
    customers: Vec<At<Arc<Customer>>>,
    customer_codes: Vec<(Text, CustomerId)>,
    orders: Vec<At<Order>>,
    purchases: Vec<At<Purchase>>,
    commands: Vec<Answered>,
}

impl Wanted {
    /// How many keys it names.
    pub(crate) fn len(&self) -> usize {
        [
            self.items.len(),
            self.item_names.len(),
            self.locations.len(),
            self.location_codes.len(),
            self.suppliers.len(),
            self.supplier_codes.len(),
            self.customers.len(),
            self.customer_codes.len(),
            self.orders.len(),
            self.purchases.len(),
            self.commands.len(),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    /// The same in parts of at most so many keys; one part where there are none.
    pub(crate) fn in_parts(mut self, most: usize) -> Vec<Wanted> {
        let mut parts = Vec::new();
        while self.len() > most {
            parts.push(self.take(most));
        }
        parts.push(self);
        parts
    }

    /// Takes so many keys out.
    fn take(&mut self, most: usize) -> Wanted {
        let mut room = most;
        Wanted {
            items: take(&mut self.items, &mut room),
            item_names: take(&mut self.item_names, &mut room),
            locations: take(&mut self.locations, &mut room),
            location_codes: take(&mut self.location_codes, &mut room),
            suppliers: take(&mut self.suppliers, &mut room),
            supplier_codes: take(&mut self.supplier_codes, &mut room),
            customers: take(&mut self.customers, &mut room),
            customer_codes: take(&mut self.customer_codes, &mut room),
            orders: take(&mut self.orders, &mut room),
            purchases: take(&mut self.purchases, &mut room),
            commands: take(&mut self.commands, &mut room),
        }
    }

    /// As a store is asked.
    pub(crate) fn into_reads(self) -> ReadSet {
        let mut names = BTreeSet::new();
        for (kind, texts) in [
            (NameKind::Item, &self.item_names),
            (NameKind::Location, &self.location_codes),
            (NameKind::Supplier, &self.supplier_codes),
            (NameKind::Customer, &self.customer_codes),
        ] {
            names.extend(texts.iter().map(|text| Name::of(kind, text)));
        }
        ReadSet {
            items: self.items,
            locations: self.locations,
            suppliers: self.suppliers,
            customers: self.customers,
            names,
            orders: self.orders,
            purchases: self.purchases,
            commands: self.commands,
            ..ReadSet::default()
        }
    }

    /// From what a store is asked, unless that names rows that only the engine reads.
    pub(crate) fn of(reads: &ReadSet) -> Option<Wanted> {
        let keys = |kind| {
            let names = reads.names.iter().filter(|name| name.kind() == kind);
            names.map(|name| Text::clone(name.key())).collect()
        };
        let wanted = Wanted {
            items: reads.items.clone(),
            item_names: keys(NameKind::Item),
            locations: reads.locations.clone(),
            location_codes: keys(NameKind::Location),
            suppliers: reads.suppliers.clone(),
            supplier_codes: keys(NameKind::Supplier),
            customers: reads.customers.clone(),
            customer_codes: keys(NameKind::Customer),
            orders: reads.orders.clone(),
            purchases: reads.purchases.clone(),
            commands: reads.commands.clone(),
        };
        (wanted.len() == reads.len()).then_some(wanted)
    }
}

/// Takes as many keys out of a set as there is room for.
fn take<K: Ord + Clone>(keys: &mut BTreeSet<K>, room: &mut usize) -> BTreeSet<K> {
    let rest = match keys.iter().nth(*room).cloned() {
        Some(first) => keys.split_off(&first),
        None => BTreeSet::new(),
    };
    let taken = std::mem::replace(keys, rest);
    *room = room.saturating_sub(taken.len());
    taken
}

impl Found {
    /// Adds what another part of the same question found.
    pub(crate) fn add(&mut self, other: Found) {
        self.shop = other.shop.or(self.shop.take());
        self.items.extend(other.items);
        self.item_names.extend(other.item_names);
        self.locations.extend(other.locations);
        self.location_codes.extend(other.location_codes);
        self.suppliers.extend(other.suppliers);
        self.supplier_codes.extend(other.supplier_codes);
        self.customers.extend(other.customers);
        self.customer_codes.extend(other.customer_codes);
        self.orders.extend(other.orders);
        self.purchases.extend(other.purchases);
        self.commands.extend(other.commands);
    }

    /// Leaves out the documents of other sites.
    pub(crate) fn at_site(mut self, site: LocationId) -> Found {
        self.orders.retain(|order| order.row.site == site);
        self.purchases.retain(|purchase| purchase.row.site == site);
        self
    }
}

fn at<R>(rows: Vec<Versioned<R>>) -> Vec<At<R>> {
    rows.into_iter().map(|Versioned { version, row }| At { version, row }).collect()
}

/// The names of a kind, and the ids of the rows that have them.
fn of_kind<I: From<CommandId>>(names: &[NameRow], kind: NameKind) -> Vec<(Text, I)> {
    let names = names.iter().filter(|row| row.name.kind() == kind);
    names.map(|row| (Text::clone(row.name.key()), CommandId::from_u128(row.id).into())).collect()
}

fn named<I>(kind: NameKind, found: Vec<(Text, I)>, bits: fn(&I) -> u128) -> impl Iterator<Item = NameRow> {
    found.into_iter().map(move |(text, id)| NameRow { name: Name::of(kind, &text), id: bits(&id) })
}

fn versioned<R>(rows: Vec<At<R>>) -> Vec<Versioned<R>> {
    rows.into_iter().map(|At { version, row }| Versioned { version, row }).collect()
}

impl From<Loaded> for Found {
    fn from(loaded: Loaded) -> Found {
        let commands = loaded.commands.into_iter().map(|CommandRecord { id, fingerprint, answer }| Answered {
            id,
            fingerprint: format!("{fingerprint:032x}"),
            answer,
        });
        let names = &loaded.names;
        Found {
            item_names: of_kind(names, NameKind::Item),
            location_codes: of_kind(names, NameKind::Location),
            supplier_codes: of_kind(names, NameKind::Supplier),
            customer_codes: of_kind(names, NameKind::Customer),
            shop: loaded.shop.map(|Versioned { version, row }| At { version, row }),
            items: at(loaded.items),
            locations: at(loaded.locations),
            suppliers: at(loaded.suppliers),
            customers: at(loaded.customers),
            orders: at(loaded.orders),
            purchases: at(loaded.purchases),
            commands: commands.collect(),
        }
    }
}

impl From<Found> for Loaded {
    fn from(found: Found) -> Loaded {
        let commands = found.commands.into_iter().map(|Answered { id, fingerprint, answer }| CommandRecord {
            id,
            // Nobody compares a fingerprint that came over the network: the server does that.
            fingerprint: u128::from_str_radix(&fingerprint, 16).unwrap_or_default(),
            answer,
        });
        let mut names = Vec::new();
        names.extend(named(NameKind::Item, found.item_names, |id| id.as_u128()));
        names.extend(named(NameKind::Location, found.location_codes, |id| id.as_u128()));
        names.extend(named(NameKind::Supplier, found.supplier_codes, |id| id.as_u128()));
        names.extend(named(NameKind::Customer, found.customer_codes, |id| id.as_u128()));
        Loaded {
            names,
            shop: found.shop.map(|At { version, row }| Versioned { version, row }),
            items: versioned(found.items),
            locations: versioned(found.locations),
            suppliers: versioned(found.suppliers),
            customers: versioned(found.customers),
            orders: versioned(found.orders),
            purchases: versioned(found.purchases),
            commands: commands.collect(),
            ..Loaded::default()
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_are_asked_in_parts_and_each_of_them_once() {
        let items: BTreeSet<ItemId> = (0..5).map(ItemId::from_u128).collect();
        let codes: BTreeSet<Text> = ["A", "B", "C"].map(Text::from).into();
        let wanted = Wanted { items: items.clone(), location_codes: codes.clone(), ..Wanted::default() };
        let parts = wanted.clone().in_parts(3);
        assert_eq!(parts.iter().map(Wanted::len).collect::<Vec<_>>(), [3, 3, 2]);
        assert_eq!(parts.iter().flat_map(|part| part.items.clone()).collect::<BTreeSet<_>>(), items);
        assert_eq!(parts.iter().flat_map(|part| part.location_codes.clone()).collect::<BTreeSet<_>>(), codes);
        assert_eq!(wanted.clone().in_parts(8), [wanted]);
        assert_eq!(Wanted::default().in_parts(8).len(), 1, "the shop is asked for anyway");
    }
}
