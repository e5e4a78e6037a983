//! The shop, what it sells, where, and with whom it trades.

use super::{DAY, Trade};
use ims_core::{
    Amount, Command, Contact, CostingMethod, Date, Item, LocationId, Patch, Quantity, Sku, Standing, Text, Tracking,
    Unit,
    item::{CreateItem, RetireItem, UpdateItem},
    location::{CreateLocation, UpdateLocation},
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    period::ClosePeriod,
    shop::OpenShop,
    text::gtin::check_digit,
};
use std::sync::Arc;

const NAMES: [&str; 8] =
    ["Green tea", "Gläser, 6 Stück", "Ελαιόλαδο", "Чайник", "抹茶茶碗", "قهوة", "O'Hara's \"best\"", "Crème brûlée 🍮"];
const BRANDS: [&str; 4] = ["", "House", "Ünïque", "老舗"];
const CATEGORIES: [&str; 5] = ["", "Drinks/Tea", "Drinks/Coffee", "Küche/Gläser", "食品/お茶"];
const CITIES: [&str; 5] = ["", "Porto", "Zürich", "Αθήνα", "大阪"];

/// A number of goods with its check digit.
fn barcode(number: u64) -> Text {
    let digits = format!("{:012}", 200_000_000_000 + number);
    format!("{digits}{}", check_digit(&digits).unwrap_or_default()).into()
}

impl Trade {
    pub(super) fn open_shop(&mut self) -> Option<Command> {
        let time_zone = "Europe/Lisbon".parse().ok()?;
        Some(OpenShop { time_zone, ..OpenShop::new("Loja do Chá", "EUR".parse().ok()?) }.into())
    }

    /// Closes a day that is over, some days ago.
    pub(super) fn close_period(&mut self) -> Option<Command> {
        let day = i32::try_from(self.now / DAY).ok()? - 4;
        let is_new = self.books.closed_until.is_none_or(|closed| closed < day);
        is_new.then_some(ClosePeriod::new(Date::from_days(day)?).into())
    }

    pub(super) fn create_location(&mut self) -> Option<Command> {
        let number = self.made.get(2)? + 1;
        Some(CreateLocation { code: format!("S{number}").into(), name: self.name()?.into() }.into())
    }

    /// Renames a site, or closes one for a while; the first ones stay.
    pub(super) fn update_location(&mut self) -> Option<Command> {
        let update = |location, standing| UpdateLocation {
            location,
            name: Patch::Keep,
            standing: Patch::Set(standing),
            if_tag: None,
        };
        if let Some(closed) = self.books.closed_sites.first() {
            return Some(update(*closed, Standing::Active).into());
        }
        let site = *self.books.sites.get(2..).and_then(|sites| self.dice.pick(sites))?;
        if self.dice.percent(40) {
            return Some(update(site, Standing::Retired).into());
        }
        Some(
            UpdateLocation {
                location: site,
                name: Patch::Set(self.name()?.into()),
                standing: Patch::Keep,
                if_tag: None,
            }
            .into(),
        )
    }

    pub(super) fn create_supplier(&mut self) -> Option<Command> {
        let number = self.made.get(3)? + 1;
        Some(CreateSupplier { code: format!("SUP-{number}").into(), contact: self.contact()? }.into())
    }

    pub(super) fn update_supplier(&mut self) -> Option<Command> {
        let supplier = *self.dice.pick(&self.books.suppliers)?;
        let contact = Patch::Set(self.contact()?);
        let leaves = self.books.suppliers.len() > 3 && self.dice.percent(20);
        let standing = if leaves { Patch::Set(Standing::Retired) } else { Patch::Keep };
        Some(UpdateSupplier { supplier, contact, standing, if_tag: None }.into())
    }

    pub(super) fn create_customer(&mut self) -> Option<Command> {
        let number = self.made.get(4)? + 1;
        Some(CreateCustomer { code: format!("K{number}").into(), contact: self.contact()? }.into())
    }

    pub(super) fn update_customer(&mut self) -> Option<Command> {
        let customer = *self.dice.pick(&self.books.customers)?;
        let contact = Patch::Set(self.contact()?);
        let leaves = self.books.customers.len() > 8 && self.dice.percent(20);
        let standing = if leaves { Patch::Set(Standing::Retired) } else { Patch::Keep };
        Some(UpdateCustomer { customer, contact, standing, if_tag: None }.into())
    }

    pub(super) fn create_item(&mut self) -> Option<Command> {
        let number = self.made.get(5)? + 1;
        let (unit, decimals) = *self.dice.pick(&[("piece", 0), ("piece", 0), ("piece", 0), ("kg", 3), ("l", 2)])?;
        let whole = |units| Quantity::from_units(units).filter(|_| units > 0);
        let costing = self.dice.weighted(&[
            (4, CostingMethod::Fifo),
            (4, CostingMethod::Average),
            (2, CostingMethod::Standard),
        ])?;
        let service = self.dice.percent(8);
        let standard_cost = (costing == CostingMethod::Standard).then(|| self.cents(50, 4_000));
        let reorder_point = self.dice.between(-6, 12);
        let item = CreateItem {
            brand: (*self.dice.pick(&BRANDS)?).into(),
            category: (*self.dice.pick(&CATEGORIES)?).into(),
            unit: Some(Unit::new(unit, decimals).ok()?),
            tracking: service.then_some(Tracking::Service),
            costing: Some(costing),
            standard_cost,
            price: self.dice.percent(95).then(|| self.cents(99, 9_999)),
            barcodes: vec![barcode(number)],
            reorder_point: whole(reorder_point),
            reorder_to: whole(reorder_point * 4),
            backorder_limit: whole(self.dice.between(-10, 20)).unwrap_or_default(),
            supplier: self.dice.pick(&self.books.suppliers).copied(),
            ..CreateItem::new(format!("SKU-{number:04}").parse::<Sku>().ok()?, self.name()?)
        };
        Some(item.into())
    }

    pub(super) fn update_item(&mut self) -> Option<Command> {
        let item = self.item()?.id;
        let mut update = UpdateItem::new(item);
        match self.dice.between(1, 6) {
            1 => update.price = Patch::Set(Some(self.cents(99, 9_999))),
            2 => update.name = Patch::Set(self.name()?.into()),
            3 => update.reorder_point = Patch::Set(Quantity::from_units(self.dice.between(0, 15))),
            4 => update.reorder_point = Patch::Set(None),
            5 => update.backorder_limit = Patch::Set(Quantity::from_units(self.dice.between(0, 20))?),
            _ => {
                update.brand = Patch::Set((*self.dice.pick(&BRANDS)?).into());
                update.category = Patch::Set((*self.dice.pick(&CATEGORIES)?).into());
            }
        }
        Some(update.into())
    }

    /// One that nobody has ordered, as far as is known.
    pub(super) fn retire_item(&mut self) -> Option<Command> {
        let item = self.item()?.id;
        let ordered = self.books.open_orders.values().flat_map(|order| &order.lines).any(|line| line.item == item);
        let coming = self.books.open_purchases.values().flat_map(|order| &order.lines).any(|line| line.item == item);
        (!ordered && !coming).then_some(RetireItem { item }.into())
    }

    pub(super) fn item(&mut self) -> Option<Arc<Item>> {
        let items: Vec<Arc<Item>> = self.books.items.values().cloned().collect();
        self.dice.pick(&items).cloned()
    }

    pub(super) fn site(&mut self) -> Option<LocationId> {
        // Most of the trade is at the first sites.
        let few = self.books.sites.len().min(2);
        let sites = if self.dice.percent(60) { self.books.sites.get(..few)? } else { &self.books.sites };
        self.dice.pick(sites).copied()
    }

    pub(super) fn name(&mut self) -> Option<&'static str> {
        self.dice.pick(&NAMES).copied()
    }

    fn contact(&mut self) -> Option<Contact> {
        let city = (*self.dice.pick(&CITIES)?).into();
        Some(Contact { city, address: "Rua 1\nPorta 2".into(), ..Contact::named(self.name()?) })
    }

    /// What one costs, more or less.
    pub(super) fn cost(&mut self) -> Amount {
        if self.dice.percent(20) {
            Amount::from_micros(self.dice.between(1, 40_000_000))
        } else {
            self.cents(50, 4_000)
        }
    }
}
