//! Orders, purchases and returns: a head each, with its lines in a table of their own.

use crate::table::table;
use ims_core::{
    Amount, CommandId, Currency, CustomerId, Date, ItemId, LocationId, Order, OrderAmounts, OrderId, OrderLine,
    OrderStatus, Party, Purchase, PurchaseAmounts, PurchaseId, PurchaseLine, PurchaseStatus, Quantity, Return,
    ReturnId, ReturnLine, Shipment, Sku, SupplierId, Text, Timestamp, Tracking, fold,
};

/// Whom a document was made out to, if that is known; `None` where the columns make no sense together.
fn party(
    name: Option<Text>,
    address: Option<Text>,
    city: Option<Text>,
    country: Option<Text>,
) -> Option<Option<Party>> {
    match (name, address, city, country) {
        (None, None, None, None) => Some(None),
        (Some(name), Some(address), Some(city), Some(country)) => Some(Some(Party { name, address, city, country })),
        _ => None,
    }
}

table! {
    /// Sales orders, without lines and shipments.
    orders: version, key 1;
    write(row: &'a Order) {
        id: OrderId = row.id,
        series: Text = &row.series,
        number: u64 = row.number,
        site: LocationId = row.site,
        customer: Option<CustomerId> = row.customer,
        party_name: Option<Text> = row.party.as_ref().map(|party| &party.name),
        party_address: Option<Text> = row.party.as_ref().map(|party| &party.address),
        party_city: Option<Text> = row.party.as_ref().map(|party| &party.city),
        party_city_folded: Option<String> = row.party.as_ref().map(|party| fold(&party.city)),
        party_country: Option<Text> = row.party.as_ref().map(|party| &party.country),
        currency: Currency = &row.currency,
        status: OrderStatus = row.status,
        placed_at: Timestamp = row.placed_at,
        total: Amount = row.total,
        cancelled: Amount = row.amounts.cancelled,
        shipped: Amount = row.amounts.shipped,
        returned: Amount = row.amounts.returned,
        refunded: Amount = row.amounts.refunded,
        to_pay: Amount = row.amounts.to_pay,
    }
    read -> Order {
        Order {
            id, series, number, site, customer, currency, status, placed_at, total,
            party: party(party_name, party_address, party_city, party_country)?,
            amounts: OrderAmounts { cancelled, shipped, returned, refunded, to_pay },
            lines: Vec::new(), shipments: Vec::new(),
        }
    }
}

table! {
    /// The lines of sales orders.
    order_lines, key 2;
    write(order_id: OrderId, line: u32, row: &'a OrderLine) {
        order_id: OrderId = order_id,
        line: u32 = line,
        item: ItemId = row.item,
        sku: Sku = &row.sku,
        name: Text = &row.name,
        brand: Text = &row.brand,
        category: Text = &row.category,
        tracking: Tracking = row.tracking,
        quantity: Quantity = row.quantity,
        unit_price: Amount = row.unit_price,
        discount: Amount = row.discount,
        total: Amount = row.total,
        allocated: Quantity = row.allocated,
        backordered: Quantity = row.backordered,
        shipped: Quantity = row.shipped,
        cancelled: Quantity = row.cancelled,
        returned: Quantity = row.returned,
        revenue: Amount = row.revenue,
        cost: Amount = row.cost,
        refunded: Amount = row.refunded,
        cost_returned: Amount = row.cost_returned,
    }
    read -> (OrderId, u32, OrderLine) {
        (order_id, line, OrderLine {
            item, sku, name, brand, category, tracking, quantity, unit_price, discount, total, allocated, backordered,
            shipped, cancelled, returned, revenue, cost, refunded, cost_returned,
        })
    }
}

table! {
    /// The shipments of sales orders.
    shipments, key 2;
    write(order_id: OrderId, number: u32, row: &Shipment) {
        order_id: OrderId = order_id,
        number: u32 = number,
        command: CommandId = row.id,
        shipped_at: Timestamp = row.shipped_at,
    }
    read -> (OrderId, u32, Shipment) { (order_id, number, Shipment { id: command, shipped_at }) }
}

table! {
    /// Purchase orders, without lines.
    purchases: version, key 1;
    write(row: &'a Purchase) {
        id: PurchaseId = row.id,
        series: Text = &row.series,
        number: u64 = row.number,
        supplier: SupplierId = row.supplier,
        party_name: Option<Text> = row.party.as_ref().map(|party| &party.name),
        party_address: Option<Text> = row.party.as_ref().map(|party| &party.address),
        party_city: Option<Text> = row.party.as_ref().map(|party| &party.city),
        party_city_folded: Option<String> = row.party.as_ref().map(|party| fold(&party.city)),
        party_country: Option<Text> = row.party.as_ref().map(|party| &party.country),
        site: LocationId = row.site,
        status: PurchaseStatus = row.status,
        ordered_at: Timestamp = row.ordered_at,
        expected: Option<Date> = row.expected,
        received_at: Option<Timestamp> = row.received_at,
        total: Amount = row.total,
        cancelled: Amount = row.amounts.cancelled,
        received: Amount = row.amounts.received,
        to_pay: Amount = row.amounts.to_pay,
    }
    read -> Purchase {
        Purchase {
            id, series, number, supplier, site, status, ordered_at, expected, received_at, total,
            party: party(party_name, party_address, party_city, party_country)?,
            amounts: PurchaseAmounts { cancelled, received, to_pay },
            lines: Vec::new(),
        }
    }
}

table! {
    /// The lines of purchase orders.
    purchase_lines, key 2;
    write(purchase_id: PurchaseId, line: u32, row: &'a PurchaseLine) {
        purchase_id: PurchaseId = purchase_id,
        line: u32 = line,
        item: ItemId = row.item,
        sku: Sku = &row.sku,
        name: Text = &row.name,
        quantity: Quantity = row.quantity,
        unit_cost: Amount = row.unit_cost,
        received: Quantity = row.received,
        received_cost: Amount = row.received_cost,
        cancelled: Quantity = row.cancelled,
    }
    read -> (PurchaseId, u32, PurchaseLine) {
        (purchase_id, line, PurchaseLine { item, sku, name, quantity, unit_cost, received, received_cost, cancelled })
    }
}

table! {
    /// Returns, without lines.
    returns, key 1;
    write(row: &'a Return) {
        id: ReturnId = row.id,
        order_id: Option<OrderId> = row.order,
        site: LocationId = row.site,
        customer: Option<CustomerId> = row.customer,
        party_name: Option<Text> = row.party.as_ref().map(|party| &party.name),
        party_address: Option<Text> = row.party.as_ref().map(|party| &party.address),
        party_city: Option<Text> = row.party.as_ref().map(|party| &party.city),
        party_city_folded: Option<String> = row.party.as_ref().map(|party| fold(&party.city)),
        party_country: Option<Text> = row.party.as_ref().map(|party| &party.country),
        returned_at: Timestamp = row.returned_at,
        refund: Amount = row.refund,
        refund_reason: Option<Text> = row.refund_reason.as_ref(),
    }
    read -> Return {
        Return {
            id, order: order_id, site, customer, returned_at, refund, refund_reason,
            party: party(party_name, party_address, party_city, party_country)?,
            lines: Vec::new(),
        }
    }
}

table! {
    /// The lines of returns.
    return_lines, key 2;
    write(return_id: ReturnId, line: u32, row: &'a ReturnLine) {
        return_id: ReturnId = return_id,
        line: u32 = line,
        item: ItemId = row.item,
        sku: Sku = &row.sku,
        name: Text = &row.name,
        brand: Text = &row.brand,
        category: Text = &row.category,
        quantity: Quantity = row.quantity,
        refund: Amount = row.refund,
        cost: Amount = row.cost,
    }
    read -> (ReturnId, u32, ReturnLine) {
        (return_id, line, ReturnLine { item, sku, name, brand, category, quantity, refund, cost })
    }
}
