//! What an event belongs to: worked out once, from the event alone and the rows that it names.

use crate::serve::{Right, readers};
use ims_core::{
    CustomerId, Event, EventBody, Filled, Item, ItemId, Location, LocationId, Moved, Order, OrderId, Purchase, Receipt,
    Return, Text,
};
use std::collections::BTreeSet;

/// What an event belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Belongs {
    /// Items that it is about.
    pub(crate) items: BTreeSet<ItemId>,
    /// Their categories.
    pub(crate) categories: BTreeSet<Text>,
    /// Sites where it happened. One that is of no site, such as a new item, is of all.
    pub(crate) sites: BTreeSet<LocationId>,
    /// Sales orders that it is about.
    pub(crate) orders: BTreeSet<OrderId>,
    /// Customers that it is about.
    pub(crate) customers: BTreeSet<CustomerId>,
    /// The rights of which one is enough to read it.
    pub(crate) readers: &'static [Right],
    /// Whether it tells of an alert.
    pub(crate) alarm: Alarm,
}

/// Whether an event tells of an alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// It does.
    Alert,
    /// It does not.
    #[default]
    None,
}

/// What has to be looked up to know all that an event belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Items of which the event does not say the category.
    pub(crate) items: BTreeSet<ItemId>,
    /// Orders of which the event says nothing but that they are.
    pub(crate) orders: BTreeSet<OrderId>,
}

/// Rows that events name.
pub(crate) trait Rows {
    /// The category of an item.
    fn category(&self, item: ItemId) -> Option<Text>;
    /// An order.
    fn order(&self, order: OrderId) -> Option<&Order>;
}

impl Unknown {
    /// Adds what has to be looked up for an event.
    pub(crate) fn add(&mut self, event: &Event) {
        let mut belongs = Belongs::default();
        let named = belongs.told(&event.record.body);
        self.items.extend(named.items);
        self.orders.extend(named.orders);
    }
}

impl Belongs {
    /// Works out what an event belongs to.
    pub(crate) fn of(event: &Event, rows: &impl Rows) -> Belongs {
        let mut belongs = Belongs { readers: readers::of_event(&event.record.body), ..Belongs::default() };
        let named = belongs.told(&event.record.body);
        belongs.categories.extend(named.items.into_iter().filter_map(|item| rows.category(item)));
        if let EventBody::BackordersFilled(filled) = &event.record.body {
            filled.iter().for_each(|filled| belongs.filled(filled, rows));
        }
        belongs.categories.remove("");
        belongs
    }

    /// Takes what the event itself says, and returns what it only names.
    fn told(&mut self, body: &EventBody) -> Unknown {
        match body {
            EventBody::Done(receipt) => self.receipt(receipt),
            EventBody::BackordersFilled(filled) => {
                let orders: BTreeSet<OrderId> = filled.iter().map(|filled| filled.order).collect();
                self.orders.extend(&orders);
                Unknown { orders, ..Unknown::default() }
            }
            EventBody::AlertRaised(alert) | EventBody::AlertResolved(alert) => {
                self.alarm = Alarm::Alert;
                self.at(alert.site);
                self.item(alert.item)
            }
        }
    }

    fn receipt(&mut self, receipt: &Receipt) -> Unknown {
        match receipt {
            Receipt::ShopOpened(_)
            | Receipt::PeriodClosed { .. }
            | Receipt::SupplierCreated(_)
            | Receipt::SupplierUpdated(_) => Unknown::default(),
            Receipt::ItemCreated(item) | Receipt::ItemUpdated(item) => self.whole_item(item),
            Receipt::ItemRetired { item, .. } | Receipt::StandardCostSet { item, .. } => self.item(*item),
            Receipt::LocationCreated(location) | Receipt::LocationUpdated(location) => self.location(location),
            Receipt::CustomerCreated(customer) | Receipt::CustomerUpdated(customer) => {
                self.customers.insert(customer.id);
                Unknown::default()
            }
            Receipt::StockReceived { site, lines, .. }
            | Receipt::StockSentBack { site, lines, .. }
            | Receipt::StockAdjusted { site, lines, .. } => {
                self.at(*site);
                self.moved(lines)
            }
            Receipt::StockTransferred { from, to, lines } => {
                self.at(*from);
                self.at(*to);
                self.moved(lines)
            }
            Receipt::HoldPlaced(hold) | Receipt::HoldExtended(hold) | Receipt::HoldReleased(hold) => {
                self.at(hold.site);
                self.item(hold.item)
            }
            Receipt::PurchasePlaced(purchase)
            | Receipt::PurchaseReceived { purchase, .. }
            | Receipt::PurchaseClosed(purchase)
            | Receipt::PurchaseCancelled(purchase) => self.purchase(purchase),
            Receipt::OrderPlaced(order)
            | Receipt::OrderShipped { order, .. }
            | Receipt::OrderCancelled(order)
            | Receipt::Sold { order, .. } => self.order(order),
            Receipt::GoodsReturned { goods, .. } => self.goods(goods),
            Receipt::AlertAcknowledged(alert) => {
                self.alarm = Alarm::Alert;
                self.at(alert.site);
                self.item(alert.item)
            }
        }
    }

    fn at(&mut self, site: LocationId) {
        self.sites.insert(site);
    }

    fn item(&mut self, item: ItemId) -> Unknown {
        self.items.insert(item);
        Unknown { items: [item].into(), ..Unknown::default() }
    }

    fn whole_item(&mut self, item: &Item) -> Unknown {
        self.items.insert(item.id);
        self.categories.insert(item.category.clone());
        Unknown::default()
    }

    fn location(&mut self, location: &Location) -> Unknown {
        self.at(location.id);
        Unknown::default()
    }

    fn moved(&mut self, lines: &[Moved]) -> Unknown {
        let items: BTreeSet<ItemId> = lines.iter().map(|line| line.item).collect();
        self.items.extend(&items);
        Unknown { items, ..Unknown::default() }
    }

    fn purchase(&mut self, purchase: &Purchase) -> Unknown {
        self.at(purchase.site);
        let items: BTreeSet<ItemId> = purchase.lines.iter().map(|line| line.item).collect();
        self.items.extend(&items);
        Unknown { items, ..Unknown::default() }
    }

    fn order(&mut self, order: &Order) -> Unknown {
        self.orders.insert(order.id);
        self.at(order.site);
        self.customers.extend(order.customer);
        self.items.extend(order.lines.iter().map(|line| line.item));
        self.categories.extend(order.lines.iter().map(|line| line.category.clone()));
        Unknown::default()
    }

    /// Takes what is known of a line that got goods.
    fn filled(&mut self, filled: &Filled, rows: &impl Rows) {
        let Some(order) = rows.order(filled.order) else { return };
        self.at(order.site);
        self.customers.extend(order.customer);
        let line = usize::try_from(filled.line).ok().and_then(|line| order.lines.get(line));
        self.items.extend(line.map(|line| line.item));
        self.categories.extend(line.map(|line| line.category.clone()));
    }

    fn goods(&mut self, goods: &Return) -> Unknown {
        self.orders.extend(goods.order);
        self.at(goods.site);
        self.customers.extend(goods.customer);
        self.items.extend(goods.lines.iter().map(|line| line.item));
        self.categories.extend(goods.lines.iter().map(|line| line.category.clone()));
        Unknown::default()
    }

    /// About how many bytes this takes.
    pub(crate) fn bytes(&self) -> usize {
        let ids = [self.items.len(), self.sites.len(), self.orders.len(), self.customers.len()];
        let ids = ids.into_iter().fold(0, usize::saturating_add).saturating_mul(size_of::<ItemId>());
        ids.saturating_add(self.categories.len().saturating_mul(size_of::<Text>()))
    }
}
