//! Rows by their keys.

use ims_core::{
    Answer, CommandId, CommandRecord, Customer, CustomerId, Item, ItemId, Loaded, Location, LocationId, Order, OrderId,
    Purchase, PurchaseId, ReadSet, Shop, SkuKey, Supplier, SupplierId, Text, store::Versioned,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// Which rows: the shop, and those that are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Items by id.
    pub(crate) items: BTreeSet<ItemId>,
    /// Items by SKU, whatever its case.
    pub(crate) skus: BTreeSet<Text>,
    /// Items by barcode.
    pub(crate) barcodes: BTreeSet<Text>,
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
    /// Which item has a SKU, in its folded form.
    skus: Vec<(Text, ItemId)>,
    barcodes: Vec<(Text, ItemId)>,
    locations: Vec<At<Arc<Location>>>,
    /// Which location has a code, in its folded form; so on for the others.
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
        self.clone().into_reads().len()
    }

    /// As a store is asked.
    pub(crate) fn into_reads(self) -> ReadSet {
        let fold = |texts: BTreeSet<Text>| texts.iter().map(|text| Text::from(ims_core::fold(text))).collect();
        ReadSet {
            items: self.items,
            skus: self.skus.iter().map(|sku| SkuKey::of(sku)).collect(),
            barcodes: self.barcodes,
            locations: self.locations,
            location_codes: fold(self.location_codes),
            suppliers: self.suppliers,
            supplier_codes: fold(self.supplier_codes),
            customers: self.customers,
            customer_codes: fold(self.customer_codes),
            orders: self.orders,
            purchases: self.purchases,
            commands: self.commands,
            ..ReadSet::default()
        }
    }

    /// From what a store is asked, unless that names rows that only the engine reads.
    pub(crate) fn of(reads: &ReadSet) -> Option<Wanted> {
        let wanted = Wanted {
            items: reads.items.clone(),
            skus: reads.skus.iter().map(|sku| Text::from(sku.as_str())).collect(),
            barcodes: reads.barcodes.clone(),
            locations: reads.locations.clone(),
            location_codes: reads.location_codes.clone(),
            suppliers: reads.suppliers.clone(),
            supplier_codes: reads.supplier_codes.clone(),
            customers: reads.customers.clone(),
            customer_codes: reads.customer_codes.clone(),
            orders: reads.orders.clone(),
            purchases: reads.purchases.clone(),
            commands: reads.commands.clone(),
        };
        (wanted.len() == reads.len()).then_some(wanted)
    }
}

fn at<R>(rows: Vec<Versioned<R>>) -> Vec<At<R>> {
    rows.into_iter().map(|Versioned { version, row }| At { version, row }).collect()
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
        Found {
            shop: loaded.shop.map(|Versioned { version, row }| At { version, row }),
            items: at(loaded.items),
            skus: loaded.skus.into_iter().map(|(sku, item)| (Text::from(sku.as_str()), item)).collect(),
            barcodes: loaded.barcodes,
            locations: at(loaded.locations),
            location_codes: loaded.location_codes,
            suppliers: at(loaded.suppliers),
            supplier_codes: loaded.supplier_codes,
            customers: at(loaded.customers),
            customer_codes: loaded.customer_codes,
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
        Loaded {
            shop: found.shop.map(|At { version, row }| Versioned { version, row }),
            items: versioned(found.items),
            skus: found.skus.into_iter().map(|(sku, item)| (SkuKey::of(&sku), item)).collect(),
            barcodes: found.barcodes,
            locations: versioned(found.locations),
            location_codes: found.location_codes,
            suppliers: versioned(found.suppliers),
            supplier_codes: found.supplier_codes,
            customers: versioned(found.customers),
            customer_codes: found.customer_codes,
            orders: versioned(found.orders),
            purchases: versioned(found.purchases),
            commands: commands.collect(),
            ..Loaded::default()
        }
    }
}
