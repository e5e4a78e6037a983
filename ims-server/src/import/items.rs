//! Items in a CSV file, with their stock.

use super::{Asked, MakeStock, Row, Rows};
use crate::{
    session::derived_id,
    spreadsheet::{Columns, Problems},
};
use ims_core::{
    Amount, AnyStore, CommandId, LocationId, Name, Quantity, ReadSet, Sku, Store, StoreError, SupplierId, Text, Unit,
    item::CreateItem,
    stock::{CostedGoods, ReceiveStock},
};
use std::collections::{BTreeSet, HashMap};

// The ids of imported rows follow from their texts in the order of these columns: a new one goes to the end.
pub(super) const COLUMNS: Columns = Columns {
    known: &[
        "sku",
        "name",
        "description",
        "brand",
        "category",
        "unit",
        "unit_decimals",
        "price",
        "cost",
        "reorder_point",
        "reorder_to",
        "barcodes",
        "supplier",
        "quantity",
        "site",
        "supplier_code",
        "tracking",
        "costing",
        "standard_cost",
        "backorder_limit",
        "standing",
    ],
    aliases: &[("barcode", "barcodes"), ("unit.code", "unit"), ("unit.decimals", "unit_decimals")],
    needed: &["sku", "name"],
    ignored: &["id"],
    numbers: &["price", "cost", "reorder_point", "reorder_to", "quantity", "standard_cost", "backorder_limit"],
    codes: &["sku", "barcodes", "supplier", "supplier_code", "site"],
};
/// Ids of imported rows follow from what is in them, beginning with this one.
const ORIGIN: CommandId = CommandId::from_u128(0x6d5f_0b1a_7c1e_8a42_9d3e_51c6_0a7b_44f1);

/// Codes in the file and what they name.
struct Named {
    suppliers: HashMap<String, Option<SupplierId>>,
    sites: HashMap<String, Option<LocationId>>,
    default_site: Option<LocationId>,
}

/// What stands in earlier rows of the file.
#[derive(Default)]
struct Seen {
    names: HashMap<Name, u64>,
}

/// Reads rows; `site` is where quantities go that name none. What is wrong with single rows is added to `problems`.
pub(super) async fn read(
    store: &AnyStore,
    rows: &Rows,
    site: Option<LocationId>,
    problems: &mut Problems,
) -> Result<Vec<Asked>, StoreError> {
    let named = Named::look_up(store, rows, site).await?;
    let mut seen = Seen::default();
    Ok(rows.each().filter_map(|row| asked(&row, &named, &mut seen, problems)).collect())
}

/// What a row asks for, where nothing is wrong with it.
fn asked(row: &Row<'_>, named: &Named, seen: &mut Seen, problems: &mut Problems) -> Option<Asked> {
    let before = problems.rows.len();
    let item = item(row, named, seen, problems);
    let goods = goods(row, item.as_ref().and_then(|item| item.unit.as_ref()), named, problems);
    let standing = row.standing(problems);
    let command = item.filter(|_| problems.rows.len() == before)?.into();
    let stock = goods.map(|(site, quantity, unit_cost)| -> MakeStock {
        Box::new(move |item| {
            let lines = vec![CostedGoods { item: item.into(), quantity, unit_cost }];
            ReceiveStock { site, supplier: None, lines }.into()
        })
    });
    Some(Asked { line: row.line, row: derived_id(ORIGIN, &row.content(&COLUMNS)), command, stock, standing })
}

impl Named {
    /// Finds everything that the rows name, at once.
    async fn look_up(store: &AnyStore, rows: &Rows, default_site: Option<LocationId>) -> Result<Named, StoreError> {
        let suppliers: BTreeSet<String> = rows.each().filter_map(|row| supplier(&row)).map(str::to_owned).collect();
        let sites: BTreeSet<String> = rows.each().filter_map(|row| row.text("site")).map(str::to_owned).collect();
        let names = suppliers.iter().map(|code| Name::supplier(code));
        let reads = ReadSet::named(names.chain(sites.iter().map(|code| Name::location(code))));
        let found = store.load(&reads).await?;
        Ok(Named {
            suppliers: suppliers.into_iter().map(|code| (code.clone(), found.named(&Name::supplier(&code)))).collect(),
            sites: sites.into_iter().map(|code| (code.clone(), found.named(&Name::location(&code)))).collect(),
            default_site,
        })
    }
}

/// The code of who usually supplies it. An export has it beside the id, which means nothing in another shop.
fn supplier<'a>(row: &Row<'a>) -> Option<&'a str> {
    row.text(if row.places.contains_key("supplier_code") { "supplier_code" } else { "supplier" })
}

/// The item that a row describes.
fn item(row: &Row<'_>, named: &Named, seen: &mut Seen, problems: &mut Problems) -> Option<CreateItem> {
    let sku: Option<Sku> = row.needed("sku", problems).and_then(|_| row.value("sku", problems));
    let name = row.needed("name", problems);
    let decimals = row.value("unit_decimals", problems).unwrap_or(0);
    let unit = match (row.text("unit"), row.text("unit_decimals")) {
        (None, None) => None,
        (code, _) => match Unit::new(code.unwrap_or(Unit::piece().code()), decimals) {
            Ok(unit) => Some(unit),
            Err(error) => {
                problems.add(row.line, error.to_string());
                None
            }
        },
    };
    let supplier = supplier(row).and_then(|code| {
        let supplier = named.suppliers.get(code).copied().flatten();
        if supplier.is_none() {
            problems.add(row.line, format!("no supplier has the code {code}"));
        }
        supplier
    });
    let (price, reorder_point) = (row.value("price", problems), row.value("reorder_point", problems));
    let reorder_to = row.value("reorder_to", problems);
    let tracking = row.word("tracking", "stocked or service", problems);
    let costing = row.word("costing", "fifo, average or standard", problems);
    let standard_cost = row.value("standard_cost", problems);
    let backorder_limit = row.value("backorder_limit", problems).unwrap_or_default();
    let barcodes = barcodes(row);
    let sku = sku?;
    seen.check(row.line, &sku, &barcodes, problems);
    let text = |column| Text::from(row.text(column).unwrap_or_default());
    Some(CreateItem {
        description: text("description"),
        brand: text("brand"),
        category: text("category"),
        unit,
        tracking,
        costing,
        standard_cost,
        price,
        barcodes: barcodes.into_iter().map(Into::into).collect(),
        reorder_point,
        reorder_to,
        backorder_limit,
        supplier,
        ..CreateItem::new(sku, name?)
    })
}

fn barcodes<'a>(row: &Row<'a>) -> Vec<&'a str> {
    let codes = row.text("barcodes").unwrap_or_default().split('|');
    codes.map(str::trim).filter(|code| !code.is_empty()).collect()
}

impl Seen {
    fn check(&mut self, line: u64, sku: &Sku, barcodes: &[&str], problems: &mut Problems) {
        // One set of names, whatever the column: an item's own SKU may be its barcode.
        for (column, text) in [("sku", sku.as_str())].into_iter().chain(barcodes.iter().map(|code| ("barcode", *code)))
        {
            match self.names.get(&Name::item(text)) {
                Some(first) if *first != line => problems.add(line, format!("{column} {text} is in line {first} too")),
                _ => _ = self.names.insert(Name::item(text), line),
            }
        }
    }
}

/// Where a row's quantity goes, how many, and what one costs.
fn goods(
    row: &Row<'_>,
    unit: Option<&Unit>,
    named: &Named,
    problems: &mut Problems,
) -> Option<(LocationId, Quantity, Amount)> {
    let before = problems.rows.len();
    let quantity: Option<Quantity> = row.value("quantity", problems);
    let cost: Option<Amount> = row.value("cost", problems);
    if let Some(cost) = cost.filter(|cost| cost.is_negative()) {
        problems.add(row.line, format!("cost must not be below zero: {cost}"));
    }
    if row.text("site").is_some_and(|code| named.sites.get(code).copied().flatten().is_none()) {
        problems.add(row.line, format!("no site has the code {}", row.text("site").unwrap_or_default()));
    }
    let quantity = quantity?;
    if quantity.is_negative() {
        problems.add(row.line, format!("quantity must not be below zero: {quantity}"));
    }
    let decimals = unit.map_or(0, Unit::decimals);
    if quantity.decimals() > decimals {
        problems.add(row.line, format!("quantity {quantity} has more than the {decimals} decimals of its unit"));
    }
    if quantity.is_zero() || problems.rows.len() > before {
        return None;
    }
    let Some(cost) = cost else {
        problems.add(row.line, "cost is missing: a quantity needs the cost of one");
        return None;
    };
    let site = match row.text("site") {
        Some(code) => named.sites.get(code).copied().flatten(),
        None => named.default_site,
    };
    if cost.times(quantity, ims_core::Rounding::LEDGER).is_none() {
        problems.add(row.line, "quantity × cost is too large");
        return None;
    }
    Some((site?, quantity, cost))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::{import::Kind, spreadsheet::Reading};

    fn contents(file: &str) -> Vec<String> {
        let (reading, mut problems) = (Reading::default(), Problems::default());
        let rows = Rows::parse(Kind::Items, "items.csv", file.as_bytes(), &reading, &mut problems).unwrap();
        rows.each().map(|row| row.content(&COLUMNS)).collect()
    }

    #[test]
    fn the_id_of_a_row_follows_from_what_it_says_and_not_from_how_and_where_it_says_it() {
        let first = contents("sku,name,price\nA,Tea,1.5\n");
        let second = contents("price,name,sku,brand\n9,Mug,B,\n1.5,Tea,A,\n");
        let third = contents("sku;name;price;id\nA;Tea;1,5;7\n");
        assert_eq!(first[0], second[1]);
        assert_eq!(first, third);
        assert_ne!(second[0], second[1]);
    }
}
