//! What the made-up shop has before it trades.

use super::{
    assortment::{CITIES, CUSTOMERS, Product, SUPPLIERS},
    trade::Commands,
};
use crate::failure::{Failure, Outcome};
use ims_core::{
    AdjustmentReason, Contact, Currency, CustomerId, Direction, ItemId, LocationId, Sku, SupplierId, Timestamp,
    item::CreateItem,
    location::CreateLocation,
    party::{CreateCustomer, CreateSupplier},
    shop::OpenShop,
    stock::{AdjustStock, Adjusted},
};

/// The shop, ready to trade.
pub(super) struct Shop {
    pub(super) site: LocationId,
    pub(super) products: Vec<(Product, ItemId)>,
    /// Code, id, and days to deliver.
    pub(super) suppliers: Vec<(&'static str, SupplierId, u32)>,
    pub(super) customers: Vec<CustomerId>,
    /// The demand of each product and all before it, for drawing one.
    pub(super) demand: Vec<u32>,
}

impl Shop {
    /// Gives all commands that set the shop up.
    pub(super) fn open(commands: &mut Commands, at: Timestamp, products: Vec<Product>) -> Outcome<Shop> {
        let currency = Currency::from_code(*b"EUR").ok_or_else(|| Failure::usage("currency", "EUR is no currency"))?;
        commands.give(at, OpenShop::new("Demo shop", currency));
        let create = CreateLocation { code: "MAIN".into(), name: "Main shop".into() };
        let site = commands.give(at, create).into();
        let mut suppliers = Vec::new();
        for (code, name, city, days) in SUPPLIERS {
            let contact = Contact { city: (*city).into(), ..Contact::named(name) };
            let supplier = commands.give(at, CreateSupplier { code: (*code).into(), contact }).into();
            suppliers.push((*code, supplier, *days));
        }
        let customers = (1..=CUSTOMERS).map(|number| add_customer(commands, at, number)).collect();
        let mut shop = Shop { site, products: Vec::new(), suppliers, customers, demand: Vec::new() };
        for product in products {
            shop.add(commands, at, product)?;
        }
        shop.stock_up(commands, at);
        Ok(shop)
    }

    fn add(&mut self, commands: &mut Commands, at: Timestamp, product: Product) -> Outcome {
        let sku = Sku::new(&product.sku).map_err(|error| Failure::usage("sku", error.to_string()))?;
        let supplier = self.suppliers.iter().find(|(code, ..)| *code == product.supplier).map(|(_, id, _)| *id);
        let create = CreateItem {
            brand: product.brand.into(),
            category: product.category.into(),
            price: Some(product.price),
            reorder_point: Some(product.reorder_point),
            reorder_to: Some(product.reorder_to),
            backorder_limit: product.reorder_point,
            supplier,
            ..CreateItem::new(sku, &product.name)
        };
        let before = self.demand.last().copied().unwrap_or(0);
        self.demand.push(before.saturating_add(product.demand));
        self.products.push((product, commands.give(at, create).into()));
        Ok(())
    }

    fn stock_up(&self, commands: &mut Commands, at: Timestamp) {
        let goods = |(product, item): &(Product, ItemId)| Adjusted {
            item: *item,
            quantity: product.opening,
            unit_cost: Some(product.cost),
        };
        let lines = self.products.iter().map(goods).collect();
        let (reason, direction) = (AdjustmentReason::Opening, Direction::Up);
        commands.give(at, AdjustStock { site: self.site, reason, direction, lines, note: None });
    }
}

fn add_customer(commands: &mut Commands, at: Timestamp, number: u32) -> CustomerId {
    let place = usize::try_from(number).unwrap_or(0).checked_rem(CITIES.len()).unwrap_or(0);
    let city = CITIES.get(place).copied().unwrap_or_default();
    let contact = Contact { city: city.into(), ..Contact::named(&format!("Customer {number:03}")) };
    commands.give(at, CreateCustomer { code: format!("C{number:03}").into(), contact }).into()
}
