//! Orders, purchases and returns: a head each, with its lines in a table of their own.

use crate::table::table;
use ims_core::{
    Amount, CommandId, Currency, CustomerId, Date, ItemId, LocationId, Order, OrderId, OrderLine, OrderStatus,
    Purchase, PurchaseId, PurchaseLine, PurchaseStatus, Quantity, Return, ReturnId, ReturnLine, Shipment, Sku,
    SupplierId, Text, Timestamp, Tracking,
};

table! {
    /// Sales orders, without lines and shipments.
    orders: version, key 1;
    write(row: &'a Order) {
        id: OrderId = row.id,
        series: Text = &row.series,
        number: u64 = row.number,
        site: LocationId = row.site,
        customer: Option<CustomerId> = row.customer,
        currency: Currency = &row.currency,
        status: OrderStatus = row.status,
        placed_at: Timestamp = row.placed_at,
        total: Amount = row.total,
    }
    read -> Order {
        Order {
            id, series, number, site, customer, currency, status, placed_at, total, lines: Vec::new(),
            shipments: Vec::new(),
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
        site: LocationId = row.site,
        status: PurchaseStatus = row.status,
        ordered_at: Timestamp = row.ordered_at,
        expected: Option<Date> = row.expected,
        received_at: Option<Timestamp> = row.received_at,
        total: Amount = row.total,
    }
    read -> Purchase {
        Purchase {
            id, series, number, supplier, site, status, ordered_at, expected, received_at, total, lines: Vec::new(),
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
        cancelled: Quantity = row.cancelled,
    }
    read -> (PurchaseId, u32, PurchaseLine) {
        (purchase_id, line, PurchaseLine { item, sku, name, quantity, unit_cost, received, cancelled })
    }
}

table! {
    /// Returns, without lines.
    returns, key 1;
    write(row: &Return) {
        id: ReturnId = row.id,
        order_id: Option<OrderId> = row.order,
        site: LocationId = row.site,
        customer: Option<CustomerId> = row.customer,
        returned_at: Timestamp = row.returned_at,
        refund: Amount = row.refund,
    }
    read -> Return { Return { id, order: order_id, site, customer, returned_at, refund, lines: Vec::new() } }
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
