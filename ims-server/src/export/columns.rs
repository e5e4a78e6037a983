//! Which columns the files have.

use ims_core::report::Table;

/// How a table is written: its own columns, and the lists inside its rows, which are files of their own in CSV.
pub(super) struct Parts {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) inside: &'static [Inside],
}

/// A list inside a row.
pub(super) struct Inside {
    /// The field that has it.
    pub(super) field: &'static str,
    pub(super) file: &'static str,
    /// The column that names the row it belongs to.
    pub(super) parent: &'static str,
    pub(super) columns: &'static [&'static str],
}

pub(super) const EVENTS: &[&str] = &["offset", "command", "actor", "occurred_at", "recorded_at", "body"];

const ORDER_PARTS: &[Inside] = &[
    Inside {
        field: "lines",
        file: "order_lines",
        parent: "order",
        columns: &[
            "order",
            "line",
            "item",
            "sku",
            "name",
            "brand",
            "category",
            "tracking",
            "quantity",
            "unit_price",
            "discount",
            "total",
            "allocated",
            "backordered",
            "shipped",
            "cancelled",
            "returned",
            "revenue",
            "cost",
            "refunded",
            "cost_returned",
        ],
    },
    Inside { field: "shipments", file: "shipments", parent: "order", columns: &["order", "line", "id", "shipped_at"] },
];
const PURCHASE_PARTS: &[Inside] = &[Inside {
    field: "lines",
    file: "purchase_lines",
    parent: "purchase",
    columns: &[
        "purchase",
        "line",
        "item",
        "sku",
        "name",
        "quantity",
        "unit_cost",
        "received",
        "received_cost",
        "cancelled",
    ],
}];
const RETURN_PARTS: &[Inside] = &[Inside {
    field: "lines",
    file: "return_lines",
    parent: "return",
    columns: &["return", "line", "item", "sku", "name", "brand", "category", "quantity", "refund", "cost"],
}];

/// How a table is written.
pub(super) fn parts_of(table: Table) -> Parts {
    let inside = match table {
        Table::Orders => ORDER_PARTS,
        Table::Purchases => PURCHASE_PARTS,
        Table::Returns => RETURN_PARTS,
        _ => &[],
    };
    Parts { name: table.name(), columns: columns_of(table), inside }
}

fn columns_of(table: Table) -> &'static [&'static str] {
    const PARTY: &[&str] =
        &["id", "code", "name", "contact", "email", "phone", "address", "city", "country", "standing"];
    match table {
        Table::Shop => &["name", "currency", "time_zone", "rounding", "costing", "closed_until"],
        Table::Items => &[
            "id",
            "sku",
            "name",
            "description",
            "brand",
            "category",
            "unit",
            "unit_decimals",
            "tracking",
            "costing",
            "standard_cost",
            "price",
            "barcodes",
            "reorder_point",
            "reorder_to",
            "backorder_limit",
            "supplier",
            "supplier_code",
            "standing",
        ],
        Table::Locations => &["id", "code", "name", "kind", "standing"],
        Table::Suppliers | Table::Customers => PARTY,
        Table::Series => &["code", "last"],
        Table::Stock => &[
            "item",
            "site",
            "on_hand",
            "value",
            "allocated",
            "held",
            "holds_lapse_at",
            "backordered",
            "incoming",
            "last_unit_cost",
            "layers_made",
            "level",
        ],
        Table::Layers => &["item", "site", "acquired_at", "number", "quantity", "value"],
        Table::Holds => &["id", "item", "site", "quantity", "until", "changed_at"],
        Table::Orders => &[
            "id",
            "series",
            "number",
            "site",
            "customer",
            "party_name",
            "party_address",
            "party_city",
            "party_country",
            "currency",
            "status",
            "placed_at",
            "total",
            "amount_cancelled",
            "amount_shipped",
            "amount_returned",
            "amount_refunded",
            "to_pay",
        ],
        Table::Purchases => &[
            "id",
            "series",
            "number",
            "supplier",
            "party_name",
            "party_address",
            "party_city",
            "party_country",
            "site",
            "status",
            "ordered_at",
            "expected",
            "received_at",
            "total",
            "amount_cancelled",
            "amount_received",
            "to_pay",
        ],
        Table::Returns => &[
            "id",
            "order",
            "site",
            "customer",
            "party_name",
            "party_address",
            "party_city",
            "party_country",
            "returned_at",
            "refund",
            "refund_reason",
        ],
        Table::Alerts => {
            &["item", "site", "kind", "available", "threshold", "raised_at", "acknowledged_at", "resolved_at"]
        }
        Table::Movements => &[
            "command",
            "number",
            "item",
            "from",
            "to",
            "kind",
            "reason",
            "quantity",
            "value",
            "revenue",
            "acquired_at",
            "layer",
            "occurred_at",
            "recorded_at",
            "document",
            "undoes",
        ],
        Table::Undone => &["command", "number", "quantity", "value"],
        Table::Sales => &["day", "site", "item", "brand", "category", "units", "revenue", "cost"],
        Table::CustomerSales => &["day", "customer", "units", "revenue", "cost"],
        Table::Commands => &["id", "fingerprint", "answer"],
    }
}
