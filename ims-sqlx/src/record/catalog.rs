//! What changes seldom and is read by everything: the shop, its items, places and partners.

use crate::table::{Column, Table, table};
use crate::value::{Kind, Value};
use ims_core::{
    Amount, Contact, CostingMethod, Currency, Customer, CustomerId, Date, Item, ItemId, Location, LocationId,
    LocationKind, Name, NameKind, NameRow, Quantity, Rounding, RoundingMode, Shop, Sku, Standing, Supplier, SupplierId,
    Text, TimeZone, Tracking, Unit, text::fold,
};

/// The one row of the tables that have one row.
pub(crate) const ONLY: i64 = 1;

table! {
    /// The shop.
    shop: version, key 1;
    write(row: &'a Shop) {
        id: i64 = ONLY,
        name: Text = &row.name,
        currency: Currency = &row.currency,
        time_zone: TimeZone = row.time_zone.name(),
        round_digits: u32 = row.rounding.digits,
        round_mode: RoundingMode = row.rounding.mode,
        costing: CostingMethod = row.costing,
        closed_until: Option<Date> = row.closed_until,
    }
    read -> Shop {
        Shop { name, currency, time_zone, rounding: Rounding::new(round_digits, round_mode)?, costing, closed_until }
    }
}

macro_rules! parties {
    ($(#[$doc:meta])* $module:ident, $row:ident, $id:ident) => {
        table! {
            $(#[$doc])*
            $module: version, key 1;
            write(row: &'a $row) {
                id: $id = row.id,
                code: Text = &row.code,
                code_folded: String = fold(&row.code),
                name: Text = &row.contact.name,
                name_folded: String = fold(&row.contact.name),
                contact: Text = &row.contact.contact,
                email: Text = &row.contact.email,
                phone: Text = &row.contact.phone,
                address: Text = &row.contact.address,
                city: Text = &row.contact.city,
                city_folded: String = fold(&row.contact.city),
                country: Text = &row.contact.country,
                standing: Standing = row.standing,
            }
            read -> $row {
                $row { id, code, contact: Contact { name, contact, email, phone, address, city, country }, standing }
            }
        }
    };
}

parties! {
    /// Whom the shop buys from.
    suppliers, Supplier, SupplierId
}
parties! {
    /// Whom the shop sells to.
    customers, Customer, CustomerId
}

table! {
    /// Where goods are, come from and go to.
    locations: version, key 1;
    write(row: &'a Location) {
        id: LocationId = row.id,
        code: Text = &row.code,
        code_folded: String = fold(&row.code),
        name: Text = &row.name,
        kind: LocationKind = row.kind,
        standing: Standing = row.standing,
    }
    read -> Location { Location { id, code, name, kind, standing } }
}

table! {
    /// What is bought and sold; its barcodes are in [`item_barcodes`].
    items: version, key 1;
    write(row: &'a Item) {
        id: ItemId = row.id,
        sku: Sku = &row.sku,
        sku_folded: String = fold(row.sku.as_str()),
        name: Text = &row.name,
        name_folded: String = fold(&row.name),
        description: Text = &row.description,
        brand: Text = &row.brand,
        category: Text = &row.category,
        unit: Text = row.unit.code(),
        unit_decimals: u32 = row.unit.decimals(),
        tracking: Tracking = row.tracking,
        costing: CostingMethod = row.costing,
        standard_cost: Option<Amount> = row.standard_cost,
        price: Option<Amount> = row.price,
        reorder_point: Option<Quantity> = row.reorder_point,
        reorder_to: Option<Quantity> = row.reorder_to,
        backorder_limit: Quantity = row.backorder_limit,
        supplier: Option<SupplierId> = row.supplier,
        standing: Standing = row.standing,
    }
    read -> Item {
        Item {
            id, sku, name, description, brand, category, unit: Unit::new(&unit, unit_decimals).ok()?, tracking, costing,
            standard_cost, price, barcodes: Vec::new(), reorder_point, reorder_to, backorder_limit, supplier, standing,
        }
    }
}

table! {
    /// The barcodes of items, each in its place.
    item_barcodes, key 2;
    write(item: ItemId, place: u32, barcode: &'a Text) {
        item: ItemId = item,
        place: u32 = place,
        barcode: Text = barcode,
    }
    read -> (ItemId, u32, Text) { (item, place, barcode) }
}

/// The barcodes of items, named by the item: how all of an item's are deleted.
pub(crate) static BARCODES_OF_ITEM: Table =
    Table { name: "item_barcodes", key_columns: 1, columns: &[Column { name: "item", kind: Kind::Id }] };

table! {
    /// Which row has a name.
    names, key 2;
    write(row: &'a NameRow) {
        kind: NameKind = row.name.kind(),
        name: Text = row.name.key(),
        id: u128 = row.id,
    }
    read -> NameRow { NameRow { name: Name::of(kind, &name), id } }
}

/// The brands and categories of items, as they were ever typed.
pub(crate) mod spellings {
    use super::*;

    pub(crate) static TABLE: Table = Table {
        name: "spellings",
        key_columns: 1,
        columns: &[Column { name: "typed", kind: Kind::Text }, Column { name: "folded", kind: Kind::Text }],
    };

    /// Appends the values of a row.
    pub(crate) fn write<'a>(cells: &mut Vec<Value<'a>>, typed: &'a Text) {
        cells.extend([Value::from(typed), Value::from(fold(typed))]);
    }
}
