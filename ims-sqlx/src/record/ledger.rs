//! What is only ever added to: movements, totals, answers, events.

use crate::table::table;
use ims_core::{
    AdjustmentReason, Amount, CommandId, CommandRecord, CustomerId, CustomerSalesKey, Date, Document, EventRecord,
    FORM_VERSION, ItemId, LocationId, Movement, MovementKey, MovementKind, OrderId, PurchaseId, Quantity, ReturnId,
    Sales, SalesKey, Text, Timestamp, Undone,
};

table! {
    /// The ledger.
    movements, key 2;
    write(row: &Movement) {
        command: CommandId = row.key.command,
        number: u32 = row.key.number,
        item: ItemId = row.item,
        from_location: LocationId = row.from,
        to_location: LocationId = row.to,
        kind: MovementKind = row.kind,
        reason: Option<AdjustmentReason> = row.reason,
        quantity: Quantity = row.quantity,
        value: Amount = row.value,
        revenue: Amount = row.revenue,
        acquired_at: Timestamp = row.acquired_at,
        layer: Option<u32> = row.layer,
        occurred_at: Timestamp = row.occurred_at,
        recorded_at: Timestamp = row.recorded_at,
        order_id: Option<OrderId> = order_of(row.document),
        return_id: Option<ReturnId> = return_of(row.document),
        purchase_id: Option<PurchaseId> = purchase_of(row.document),
        document_line: Option<u32> = row.document.map(line_of),
        undoes_command: Option<CommandId> = row.undoes.map(|key| key.command),
        undoes_number: Option<u32> = row.undoes.map(|key| key.number),
    }
    read -> Movement {
        Movement {
            key: MovementKey { command, number }, item, from: from_location, to: to_location, kind, reason, quantity,
            value, revenue, acquired_at, layer, occurred_at, recorded_at,
            document: document_of(order_id, return_id, purchase_id, document_line)?,
            undoes: undone_of(undoes_command, undoes_number)?,
        }
    }
}

fn order_of(document: Option<Document>) -> Option<OrderId> {
    let Some(Document::Order(id, _)) = document else { return None };
    Some(id)
}

fn return_of(document: Option<Document>) -> Option<ReturnId> {
    let Some(Document::Return(id, _)) = document else { return None };
    Some(id)
}

fn purchase_of(document: Option<Document>) -> Option<PurchaseId> {
    let Some(Document::Purchase(id, _)) = document else { return None };
    Some(id)
}

fn line_of(document: Document) -> u32 {
    match document {
        Document::Order(_, line) | Document::Return(_, line) | Document::Purchase(_, line) => line,
    }
}

/// The document that the columns name, if any; `None` where they make no sense together.
fn document_of(
    order: Option<OrderId>,
    goods: Option<ReturnId>,
    purchase: Option<PurchaseId>,
    line: Option<u32>,
) -> Option<Option<Document>> {
    match (order, goods, purchase, line) {
        (None, None, None, None) => Some(None),
        (Some(id), None, None, Some(line)) => Some(Some(Document::Order(id, line))),
        (None, Some(id), None, Some(line)) => Some(Some(Document::Return(id, line))),
        (None, None, Some(id), Some(line)) => Some(Some(Document::Purchase(id, line))),
        _ => None,
    }
}

/// The movement that the columns name, if any; `None` where they make no sense together.
fn undone_of(command: Option<CommandId>, number: Option<u32>) -> Option<Option<MovementKey>> {
    match (command, number) {
        (None, None) => Some(None),
        (Some(command), Some(number)) => Some(Some(MovementKey { command, number })),
        _ => None,
    }
}

table! {
    /// How much of a movement was undone.
    undone, key 2;
    write(key: &MovementKey, row: &Undone) {
        command: CommandId = key.command,
        number: u32 = key.number,
        quantity: Quantity = row.quantity,
        value: Amount = row.value,
    }
    read -> (MovementKey, Undone) { (MovementKey { command, number }, Undone { quantity, value }) }
}

table! {
    /// Totals by day, site and item.
    sales, key 5;
    write(key: &'a SalesKey, row: &Sales) {
        day: Date = key.day,
        site: LocationId = key.site,
        item: ItemId = key.item,
        brand: Text = &key.brand,
        category: Text = &key.category,
        units: Quantity = row.units,
        revenue: Amount = row.revenue,
        cost: Amount = row.cost,
    }
    read -> (SalesKey, Sales) { (SalesKey { day, site, item, brand, category }, Sales { units, revenue, cost }) }
}

/// Stands for a customer who is not known: a key cannot be null, and no customer has this id.
const NOBODY: u128 = 0;

table! {
    /// Totals by day and customer.
    customer_sales, key 2;
    write(key: &CustomerSalesKey, row: &Sales) {
        day: Date = key.day,
        customer: u128 = key.customer.map_or(NOBODY, CustomerId::as_u128),
        units: Quantity = row.units,
        revenue: Amount = row.revenue,
        cost: Amount = row.cost,
    }
    read -> (CustomerSalesKey, Sales) {
        (
            CustomerSalesKey { day, customer: (customer != NOBODY).then(|| CustomerId::from_u128(customer)) },
            Sales { units, revenue, cost },
        )
    }
}

table! {
    /// Answers. The JSON is made and read by [`crate::answer`].
    commands, key 1;
    write(row: &CommandRecord, answer: String) {
        id: CommandId = row.id,
        fingerprint: u128 = row.fingerprint,
        form: u32 = FORM_VERSION,
        answer: String = answer,
    }
    read -> Answered { Answered { id, fingerprint, form, answer } }
}

/// A row of [`commands`], as yet unread.
pub(crate) struct Answered {
    pub(crate) id: CommandId,
    pub(crate) fingerprint: u128,
    pub(crate) form: u32,
    pub(crate) answer: String,
}

table! {
    /// The log, without the offset, which the database gives. A body is JSON, and null where it is the command's answer.
    events, key 1;
    write(row: &'a EventRecord, body: Option<String>) {
        command: CommandId = row.command,
        actor: Text = &row.actor,
        occurred_at: Timestamp = row.occurred_at,
        recorded_at: Timestamp = row.recorded_at,
        body: Option<String> = body,
    }
    read -> Logged { Logged { command, actor, occurred_at, recorded_at, body } }
}

/// A row of [`events`], as yet unread.
pub(crate) struct Logged {
    pub(crate) command: CommandId,
    pub(crate) actor: Text,
    pub(crate) occurred_at: Timestamp,
    pub(crate) recorded_at: Timestamp,
    pub(crate) body: Option<String>,
}
