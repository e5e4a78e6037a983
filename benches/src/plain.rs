//! The bookkeeping of an order as a programmer would write it by hand: hash maps with string keys, and an event in JSON.

use crate::work::{ITEMS, PlainOrder, UNITS};
use serde::Serialize;
use std::collections::HashMap;

/// An item.
#[derive(Clone, Debug)]
pub struct Item {
    name: String,
    brand: String,
    category: String,
    price: i64,
}

/// Stock of an item.
#[derive(Clone, Debug)]
pub struct Stock {
    on_hand: i64,
    value: i64,
}

/// A line of an order.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    sku: String,
    name: String,
    brand: String,
    category: String,
    quantity: i64,
    price: i64,
    total: i64,
    cost: i64,
}

/// An order.
#[derive(Clone, Debug, Serialize)]
pub struct Order {
    id: String,
    number: u64,
    status: &'static str,
    total: i64,
    lines: Vec<Line>,
}

/// A movement.
#[derive(Clone, Debug)]
pub struct Movement {
    /// Which item.
    pub sku: String,
    /// For which order.
    pub order: String,
    /// How many.
    pub quantity: i64,
    /// What they cost.
    pub value: i64,
}

/// What was sold of an item on a day.
#[derive(Clone, Debug, Default)]
pub struct Sales {
    units: i64,
    revenue: i64,
    cost: i64,
}

/// The shop's books.
#[derive(Default)]
pub struct Plain {
    items: HashMap<String, Item>,
    stock: HashMap<String, Stock>,
    answers: HashMap<String, u64>,
    orders: HashMap<String, Order>,
    /// All movements.
    pub movements: Vec<Movement>,
    sales: HashMap<(u32, String), Sales>,
    sales_of_day: HashMap<u32, Sales>,
    /// All events.
    pub events: Vec<String>,
}

impl Plain {
    /// The same items and stock as the engine's.
    pub fn new() -> Self {
        let mut plain = Plain::default();
        for number in 0..ITEMS {
            let item = Item {
                name: format!("Item {number}"),
                brand: format!("Brand {}", number % 50),
                category: format!("Category {}", number % 20),
                price: 10_000_000,
            };
            plain.items.insert(sku(number), item);
            plain.stock.insert(sku(number), Stock { on_hand: UNITS, value: 6 * UNITS });
        }
        plain
    }

    /// Sells; false where the order is known or there is not enough.
    pub fn sell(&mut self, asked: &PlainOrder) -> bool {
        let id = format!("{:032x}", asked.id);
        if self.answers.contains_key(&id) {
            return false;
        }
        let mut lines = Vec::with_capacity(asked.lines.len());
        let mut total = 0;
        for (number, units) in asked.lines {
            let sku = sku(number);
            let (Some(item), Some(stock)) = (self.items.get(&sku), self.stock.get(&sku)) else { return false };
            if stock.on_hand < units {
                return false;
            }
            total += units * item.price;
            lines.push(Line {
                sku,
                name: item.name.clone(),
                brand: item.brand.clone(),
                category: item.category.clone(),
                quantity: units,
                price: item.price,
                total: units * item.price,
                cost: 0,
            });
        }
        for line in &mut lines {
            let Some(stock) = self.stock.get_mut(&line.sku) else { return false };
            line.cost = stock.value * line.quantity / stock.on_hand;
            stock.on_hand -= line.quantity;
            stock.value -= line.cost;
            self.movements.push(Movement {
                sku: line.sku.clone(),
                order: id.clone(),
                quantity: line.quantity,
                value: line.cost,
            });
            for sales in [
                self.sales.entry((20_484, line.sku.clone())).or_default(),
                self.sales_of_day.entry(20_484).or_default(),
            ] {
                sales.units += line.quantity;
                sales.revenue += line.total;
                sales.cost += line.cost;
            }
        }
        let number = self.orders.len() as u64 + 1;
        let order = Order { id: id.clone(), number, status: "shipped", total, lines };
        self.events.push(serde_json::to_string(&order).unwrap_or_default());
        self.orders.insert(id.clone(), order);
        self.answers.insert(id, number);
        true
    }
}

fn sku(number: u64) -> String {
    format!("SKU-{number:05}")
}
