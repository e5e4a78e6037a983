//! Names as people use them (SKU, barcode, code, order number), and the rows that they name.

use crate::{
    failure::{Failure, Outcome},
    session::Session,
};
use ims_core::{
    Customer, HoldId, Item, ItemId, Location, LocationKind, Name, Order, OrderId, Purchase, PurchaseId, ReadSet,
    Reports, Sku, Standing, Store, Supplier, fold,
    report::PageRequest,
    store::{Loaded, Versioned},
};
use std::{collections::HashMap, sync::Arc};

impl Session {
    /// Finds items by SKU or barcode, in the order of their names.
    pub(crate) async fn items_named(&self, names: &[&str]) -> Outcome<Vec<Arc<Item>>> {
        let mut reads = ReadSet::default();
        for name in names {
            reads.names.insert(Name::item(name));
            reads.items.extend(name.parse::<ItemId>());
        }
        let found = self.store().load(&reads).await?;
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            let by_name = found.named::<ItemId>(&Name::item(name));
            let by_id = || name.parse::<ItemId>().ok().filter(|id| found.items.iter().any(|item| item.row.id == *id));
            ids.push(by_name.or_else(by_id).ok_or_else(|| unknown_item(name))?);
        }
        let rows = self.items_with(ids.iter().copied()).await?;
        ids.into_iter().zip(names).map(|(id, name)| rows.get(&id).cloned().ok_or_else(|| unknown_item(name))).collect()
    }

    /// Finds an item by SKU or barcode.
    pub(crate) async fn item_named(&self, name: &str) -> Outcome<Arc<Item>> {
        let found = self.items_named(&[name]).await?;
        found.into_iter().next().ok_or_else(|| unknown_item(name))
    }

    /// The items with these ids.
    pub(crate) async fn items_with(
        &self,
        ids: impl IntoIterator<Item = ItemId>,
    ) -> Outcome<HashMap<ItemId, Arc<Item>>> {
        let reads = ReadSet { items: ids.into_iter().collect(), ..ReadSet::default() };
        let found = self.store().load(&reads).await?;
        Ok(found.items.into_iter().map(|item| (item.row.id, item.row)).collect())
    }

    /// All locations, virtual ones included.
    pub(crate) async fn locations(&self) -> Outcome<Vec<Arc<Location>>> {
        let mut page = PageRequest::default();
        let mut locations = Vec::new();
        loop {
            let answer = self.store().locations(&page).await?;
            locations.extend(answer.rows);
            match answer.next {
                Some(next) => page.after = Some(next),
                None => return Ok(locations),
            }
        }
    }

    /// Finds a site by its code; the shop's only site where no code is given.
    pub(crate) async fn site(&self, code: Option<&str>) -> Outcome<Arc<Location>> {
        match code {
            Some(code) => self.site_named(code).await,
            None => self.only_site().await,
        }
    }

    /// Finds a site by its code.
    pub(crate) async fn site_named(&self, code: &str) -> Outcome<Arc<Location>> {
        let name = Name::location(code);
        let found = self.store().load(&ReadSet::named([name.clone()])).await?;
        let unknown = || {
            Failure::refused("unknown_location", format!("no site has the code {code}"))
                .field("site", code)
                .hint("`ims site list` shows the sites")
        };
        let Some(id) = found.named(&name) else { return Err(unknown()) };
        let reads = ReadSet { locations: [id].into(), ..ReadSet::default() };
        let found = self.store().load(&reads).await?;
        found.locations.into_iter().next().map(|site| site.row).ok_or_else(unknown)
    }

    async fn only_site(&self) -> Outcome<Arc<Location>> {
        self.open_shop().await?;
        let mut sites = self.locations().await?;
        sites.retain(|site| site.kind == LocationKind::Site && site.standing == Standing::Active);
        match sites.as_slice() {
            [only] => Ok(Arc::clone(only)),
            [] => Err(no_site_in_use(&self.locations().await?)),
            several => {
                let codes: Vec<&str> = several.iter().map(|site| &*site.code).collect();
                Err(Failure::usage("site_needed", format!("the shop has several sites: {}", codes.join(", ")))
                    .hint("say which one with --site, --from or --to"))
            }
        }
    }

    /// Finds a supplier by its code.
    pub(crate) async fn supplier_named(&self, code: &str) -> Outcome<Arc<Supplier>> {
        let unknown = || {
            Failure::refused("unknown_supplier", format!("no supplier has the code {code}"))
                .field("supplier", code)
                .hint(format!("`ims supplier list --text {}` searches", quoted(code)))
        };
        let name = Name::supplier(code);
        let found = self.store().load(&ReadSet::named([name.clone()])).await?;
        let Some(id) = found.named(&name) else { return Err(unknown()) };
        let reads = ReadSet { suppliers: [id].into(), ..ReadSet::default() };
        let found = self.store().load(&reads).await?;
        found.suppliers.into_iter().next().map(|supplier| supplier.row).ok_or_else(unknown)
    }

    /// Finds a customer by its code.
    pub(crate) async fn customer_named(&self, code: &str) -> Outcome<Arc<Customer>> {
        let unknown = || {
            Failure::refused("unknown_customer", format!("no customer has the code {code}"))
                .field("customer", code)
                .hint(format!("`ims customer list --text {}` searches", quoted(code)))
        };
        let name = Name::customer(code);
        let found = self.store().load(&ReadSet::named([name.clone()])).await?;
        let Some(id) = found.named(&name) else { return Err(unknown()) };
        let reads = ReadSet { customers: [id].into(), ..ReadSet::default() };
        let found = self.store().load(&reads).await?;
        found.customers.into_iter().next().map(|customer| customer.row).ok_or_else(unknown)
    }

    /// Finds a sales order by its number, such as `MAIN-17`, or its id.
    pub(crate) async fn order_named(&self, name: &str) -> Outcome<Order> {
        let unknown = || {
            Failure::refused("unknown_order", format!("there is no order {name}"))
                .field("order", name)
                .hint("`ims order list` shows the newest ones")
        };
        let by_number = match numbered(name) {
            Some((series, number)) => match self.store().order_numbered(series, number).await? {
                Some(order) => Some(order),
                None => self.store().order_numbered(&fold(series), number).await?,
            },
            None => None,
        };
        let Some(id) = by_number.or_else(|| name.parse::<OrderId>().ok()) else { return Err(unknown()) };
        let found = self.load_order(id).await?;
        found.orders.into_iter().next().map(|order| order.row).ok_or_else(unknown)
    }

    async fn load_order(&self, id: OrderId) -> Outcome<Loaded> {
        Ok(self.store().load(&ReadSet { orders: [id].into(), ..ReadSet::default() }).await?)
    }

    /// Finds a purchase order by its number, such as `P-MAIN-3`, or its id.
    pub(crate) async fn purchase_named(&self, name: &str) -> Outcome<Purchase> {
        let unknown = || {
            Failure::refused("unknown_purchase", format!("there is no purchase order {name}"))
                .field("purchase", name)
                .hint("`ims purchase list` shows the newest ones")
        };
        let by_number = match numbered(name) {
            Some((series, number)) => match self.store().purchase_numbered(series, number).await? {
                Some(purchase) => Some(purchase),
                None => self.store().purchase_numbered(&fold(series), number).await?,
            },
            None => None,
        };
        let Some(id) = by_number.or_else(|| name.parse::<PurchaseId>().ok()) else { return Err(unknown()) };
        let found = self.store().load(&ReadSet { purchases: [id].into(), ..ReadSet::default() }).await?;
        found.purchases.into_iter().next().map(|purchase| purchase.row).ok_or_else(unknown)
    }

    /// The codes of customers, by id.
    pub(crate) async fn customers_with(
        &self,
        ids: impl IntoIterator<Item = ims_core::CustomerId>,
    ) -> Outcome<HashMap<ims_core::CustomerId, Arc<Customer>>> {
        let reads = ReadSet { customers: ids.into_iter().collect(), ..ReadSet::default() };
        let found = self.store().load(&reads).await?;
        Ok(by_id(found.customers, |customer| customer.id))
    }

    /// The suppliers with these ids.
    pub(crate) async fn suppliers_with(
        &self,
        ids: impl IntoIterator<Item = ims_core::SupplierId>,
    ) -> Outcome<HashMap<ims_core::SupplierId, Arc<Supplier>>> {
        let reads = ReadSet { suppliers: ids.into_iter().collect(), ..ReadSet::default() };
        let found = self.store().load(&reads).await?;
        Ok(by_id(found.suppliers, |supplier| supplier.id))
    }

    /// The sites and virtual locations, by id.
    pub(crate) async fn locations_by_id(&self) -> Outcome<HashMap<ims_core::LocationId, Arc<Location>>> {
        Ok(self.locations().await?.into_iter().map(|location| (location.id, location)).collect())
    }
}

fn by_id<I: std::hash::Hash + Eq, R>(rows: Vec<Versioned<Arc<R>>>, id: impl Fn(&R) -> I) -> HashMap<I, Arc<R>> {
    rows.into_iter().map(|row| (id(&row.row), row.row)).collect()
}

/// Why no site can be meant where none is in use, and what makes one.
fn no_site_in_use(locations: &[Arc<Location>]) -> Failure {
    match locations.iter().find(|place| place.kind == LocationKind::Site) {
        Some(site) => Failure::refused("unknown_location", "all sites of the shop are retired").hint(format!(
            "`ims site restore {}` puts one back in use; `ims site list --all` shows them",
            quoted(&site.code)
        )),
        None => Failure::refused("unknown_location", "the shop has no site yet")
            .hint("`ims site add MAIN \"Main shop\"` adds one"),
    }
}

fn unknown_item(name: &str) -> Failure {
    Failure::refused("unknown_item", format!("no item has the SKU or barcode {name}"))
        .field("sku", name)
        .hint(format!("`ims item list --text {}` searches", quoted(name)))
}

/// Splits `MAIN-17` into its series and its number.
fn numbered(name: &str) -> Option<(&str, u64)> {
    let (series, number) = name.rsplit_once('-')?;
    Some((series, number.parse().ok()?))
}

/// A document whose lines are named.
pub(crate) struct Document<'a> {
    /// What shows it, such as `order`.
    pub(crate) noun: &'a str,
    pub(crate) number: &'a str,
    /// The item of each line, with its SKU then.
    pub(crate) lines: Vec<(ItemId, &'a Sku)>,
}

impl Session {
    /// Finds lines of a document by what people type: `#2` is the second one, anything else a name that the item of only
    /// one line has, or had then.
    pub(crate) async fn lines_named(&self, document: &Document<'_>, names: &[&str]) -> Outcome<Vec<u32>> {
        let found = self.store().load(&ReadSet::named(names.iter().map(|name| Name::item(name)))).await?;
        names.iter().map(|name| document.line_named(name, found.named(&Name::item(name)))).collect()
    }
}

impl Document<'_> {
    /// Finds a line by a name, which is the one of `item` now.
    fn line_named(&self, name: &str, item: Option<ItemId>) -> Outcome<u32> {
        let Document { noun, number, lines } = self;
        if let Some(line) = name.strip_prefix('#').and_then(|line| line.parse::<u32>().ok()) {
            return line.checked_sub(1).ok_or_else(|| Failure::usage("line", "lines are counted from 1"));
        }
        let key = Name::item(name);
        let is_meant = |of: ItemId, sku: &Sku| Some(of) == item || Name::item(sku.as_str()) == key;
        let mut meant = (0_u32..).zip(lines).filter(|(_, (of, sku))| is_meant(*of, sku));
        match (meant.next(), meant.next()) {
            (Some((line, _)), None) => Ok(line),
            (None, _) => Err(Failure::refused("unknown_line", format!("{number} has no line with {name}"))
                .hint(format!("`ims {noun} show {number}` shows its lines"))),
            (Some(_), Some(_)) => Err(Failure::usage("line", format!("{number} has several lines with {name}"))
                .hint("name the line by its number: '#2=1' is one of line 2")),
        }
    }
}

/// Reads the id of a hold.
pub(crate) fn hold_id(text: &str) -> Result<HoldId, String> {
    text.parse().map_err(|error: ims_core::id::IdError| error.to_string())
}

/// A text as it is typed in a shell.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.:/@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_behind_the_last_hyphen() {
        assert_eq!(numbered("MAIN-17"), Some(("MAIN", 17)));
        assert_eq!(numbered("P-MAIN-3"), Some(("P-MAIN", 3)));
        assert_eq!(numbered("MAIN"), None);
        assert_eq!(numbered("MAIN-x"), None);
    }

    #[test]
    fn a_line_is_found_by_a_name_of_its_item_or_its_number() {
        let skus: Vec<Sku> = ["TEA", "MUG", "mug"].iter().map(|sku| Sku::new(sku).unwrap()).collect();
        let lines = (1..).map(ItemId::from_u128).zip(&skus).collect();
        let order = Document { noun: "order", number: "MAIN-1", lines };
        let find = |name: &str| order.line_named(name, None).ok();
        assert_eq!(find("tea"), Some(0));
        assert_eq!(find("#3"), Some(2));
        assert_eq!(find("MUG"), None);
        assert_eq!(find("#0"), None);
        assert_eq!(find("JAR"), None);
        let find = |name: &str, item| order.line_named(name, Some(ItemId::from_u128(item))).ok();
        assert_eq!(find("4006381333931", 2), Some(1));
        assert_eq!(find("4006381333931", 4), None);
        // What had the name then, and what has it now.
        assert_eq!(find("TEA", 1), Some(0));
        assert_eq!(find("TEA", 2), None);
    }

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted("TEA-1"), "TEA-1");
        assert_eq!(quoted("green tea"), "'green tea'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
