//! The files of the set.

use crate::failure::{Failure, Outcome};
use ims_core::{Amount, Contact, Date, Quantity, money::Fraction};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{collections::BTreeMap, fs::File, path::Path};

/// The whole set.
pub(super) struct Northwind {
    /// Names of categories, by id.
    pub(super) categories: BTreeMap<u32, String>,
    pub(super) suppliers: Vec<SupplierRow>,
    pub(super) customers: Vec<CustomerRow>,
    pub(super) products: Vec<ProductRow>,
    pub(super) orders: Vec<OrderRow>,
    /// Lines of orders, by order.
    pub(super) lines: BTreeMap<u32, Vec<LineRow>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CategoryRow {
    #[serde(rename = "categoryID")]
    id: u32,
    category_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SupplierRow {
    #[serde(rename = "supplierID")]
    pub(super) id: u32,
    company_name: String,
    contact_name: Nullable,
    address: Nullable,
    city: Nullable,
    region: Nullable,
    postal_code: Nullable,
    country: Nullable,
    phone: Nullable,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerRow {
    #[serde(rename = "customerID")]
    pub(super) code: String,
    company_name: String,
    contact_name: Nullable,
    address: Nullable,
    city: Nullable,
    region: Nullable,
    postal_code: Nullable,
    country: Nullable,
    phone: Nullable,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductRow {
    #[serde(rename = "productID")]
    pub(super) id: u32,
    pub(super) product_name: String,
    #[serde(rename = "supplierID")]
    pub(super) supplier: u32,
    #[serde(rename = "categoryID")]
    pub(super) category: u32,
    pub(super) quantity_per_unit: String,
    #[serde(deserialize_with = "text_form")]
    pub(super) unit_price: Amount,
    #[serde(deserialize_with = "text_form")]
    pub(super) units_in_stock: Quantity,
    #[serde(deserialize_with = "text_form")]
    pub(super) units_on_order: Quantity,
    #[serde(deserialize_with = "text_form")]
    pub(super) reorder_level: Quantity,
    discontinued: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderRow {
    #[serde(rename = "orderID")]
    pub(super) id: u32,
    #[serde(rename = "customerID")]
    pub(super) customer: String,
    #[serde(deserialize_with = "day")]
    pub(super) order_date: Option<Date>,
    #[serde(deserialize_with = "day")]
    pub(super) shipped_date: Option<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineRow {
    #[serde(rename = "orderID")]
    order: u32,
    #[serde(rename = "productID")]
    pub(super) product: u32,
    #[serde(deserialize_with = "text_form")]
    pub(super) unit_price: Amount,
    #[serde(deserialize_with = "text_form")]
    pub(super) quantity: Quantity,
    #[serde(deserialize_with = "text_form")]
    pub(super) discount: Fraction,
}

/// A text that may be `NULL`.
#[derive(Default)]
struct Nullable(String);

impl<'de> Deserialize<'de> for Nullable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(if text == "NULL" { Nullable::default() } else { Nullable(text.trim().to_owned()) })
    }
}

/// Reads a value by its own grammar: CSV would make a number of it on the way.
fn text_form<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

/// Reads the day of `1996-07-04 00:00:00.000`, or `NULL`.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "NULL" {
        return Ok(None);
    }
    let day = text.split(' ').next().unwrap_or_default();
    day.parse().map(Some).map_err(|error| serde::de::Error::custom(format!("{text:?}: {error}")))
}

impl ProductRow {
    pub(super) fn is_discontinued(&self) -> bool {
        self.discontinued != 0
    }
}

impl SupplierRow {
    pub(super) fn contact(&self) -> Contact {
        let address = address(&self.address, &self.region, &self.postal_code);
        contact(&self.company_name, &self.contact_name, &self.phone, address, &self.city, &self.country)
    }
}

impl CustomerRow {
    pub(super) fn contact(&self) -> Contact {
        let address = address(&self.address, &self.region, &self.postal_code);
        contact(&self.company_name, &self.contact_name, &self.phone, address, &self.city, &self.country)
    }
}

fn address(street: &Nullable, region: &Nullable, postal_code: &Nullable) -> String {
    let parts = [&street.0, &postal_code.0, &region.0].into_iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn contact(
    name: &str,
    person: &Nullable,
    phone: &Nullable,
    address: String,
    city: &Nullable,
    country: &Nullable,
) -> Contact {
    Contact {
        contact: person.0.as_str().into(),
        phone: phone.0.as_str().into(),
        address: address.into(),
        city: city.0.as_str().into(),
        country: country.0.as_str().into(),
        ..Contact::named(name.trim())
    }
}

impl Northwind {
    /// Reads all files of a folder.
    pub(super) fn read(folder: &Path) -> Outcome<Northwind> {
        let categories: Vec<CategoryRow> = read(folder, "categories.csv")?;
        let mut lines: BTreeMap<u32, Vec<LineRow>> = BTreeMap::new();
        for line in read::<LineRow>(folder, "order_details.csv")? {
            lines.entry(line.order).or_default().push(line);
        }
        Ok(Northwind {
            categories: categories.into_iter().map(|row| (row.id, row.category_name)).collect(),
            suppliers: read(folder, "suppliers.csv")?,
            customers: read(folder, "customers.csv")?,
            products: read(folder, "products.csv")?,
            orders: read(folder, "orders.csv")?,
            lines,
        })
    }

    /// The lines of an order.
    pub(super) fn lines_of(&self, order: &OrderRow) -> &[LineRow] {
        self.lines.get(&order.id).map_or(&[], Vec::as_slice)
    }
}

fn read<R: DeserializeOwned>(folder: &Path, name: &str) -> Outcome<Vec<R>> {
    let path = folder.join(name);
    let file = File::open(&path).map_err(|error| {
        Failure::file(&path, &error)
            .hint("the folder has to have categories, suppliers, customers, products, orders and order_details as CSV")
    })?;
    let mut reader = csv::ReaderBuilder::new().from_reader(file);
    let rows = reader.deserialize().map(|row| row.map_err(|error| bad_row(&path, &error)));
    rows.collect()
}

fn bad_row(path: &Path, error: &csv::Error) -> Failure {
    let line = error.position().map_or(0, csv::Position::line);
    Failure::usage("bad_rows", format!("{}, line {line}: {error}", path.display())).field("line", line)
}
