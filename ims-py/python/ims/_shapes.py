# Written by tools/generate.py from the Rust sources; change those, or it.
"""Which class stands for which Rust type; see `src/book.rs`."""

from __future__ import annotations

from typing import Any

from ims import _commands, _questions, _receipts, _rows, _values, rejections
from ims._types import KEEP

Field = tuple[str, str, str, tuple[Any, ...]]
"""The name in Rust, the name in Python, the shape, and what it is where nothing is said."""
Record = tuple[str, type, tuple[Field, ...]]
Union = tuple[str, tuple[tuple[str, str, str], ...]]

RECORDS: tuple[Record, ...] = (
    (
        "Unit",
        _values.Unit,
        (
            ("code", "code", "text", ()),
            ("decimals", "decimals", "int", ()),
        ),
    ),
    (
        "Rounding",
        _values.Rounding,
        (
            ("digits", "digits", "int", ()),
            ("mode", "mode", "text", ()),
        ),
    ),
    (
        "Contact",
        _values.Contact,
        (
            ("name", "name", "text", ()),
            ("contact", "contact", "text", ("",)),
            ("email", "email", "text", ("",)),
            ("phone", "phone", "text", ("",)),
            ("address", "address", "text", ("",)),
            ("city", "city", "text", ("",)),
            ("country", "country", "text", ("",)),
        ),
    ),
    (
        "Goods",
        _values.Goods,
        (
            ("item", "item", "id", ()),
            ("quantity", "quantity", "decimal", ()),
        ),
    ),
    (
        "CostedGoods",
        _values.CostedGoods,
        (
            ("item", "item", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_cost", "unit_cost", "decimal", ()),
        ),
    ),
    (
        "Adjusted",
        _values.Adjusted,
        (
            ("item", "item", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_cost", "unit_cost", "?decimal", (None,)),
        ),
    ),
    (
        "OrderedLine",
        _values.OrderedLine,
        (
            ("item", "item", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_price", "unit_price", "?decimal", (None,)),
            ("discount", "discount", "?Discount", (None,)),
        ),
    ),
    (
        "ShippedLine",
        _values.ShippedLine,
        (
            ("line", "line", "int", ()),
            ("quantity", "quantity", "decimal", ()),
        ),
    ),
    (
        "ReturnedLine",
        _values.ReturnedLine,
        (
            ("line", "line", "int", ()),
            ("quantity", "quantity", "decimal", ()),
            ("refund", "refund", "?decimal", (None,)),
        ),
    ),
    (
        "LooseLine",
        _values.LooseLine,
        (
            ("item", "item", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_price", "unit_price", "decimal", ()),
            ("unit_cost", "unit_cost", "?decimal", (None,)),
        ),
    ),
    (
        "ReceivedLine",
        _values.ReceivedLine,
        (
            ("line", "line", "int", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_cost", "unit_cost", "?decimal", (None,)),
        ),
    ),
    (
        "FractionOff",
        _values.FractionOff,
        (
            ("fraction", "fraction", "decimal", ()),
        ),
    ),
    (
        "AmountOff",
        _values.AmountOff,
        (
            ("amount", "amount", "decimal", ()),
        ),
    ),
    (
        "OfOrder",
        _values.OfOrder,
        (
            ("order", "order", "id", ()),
            ("shipment", "shipment", "?id", (None,)),
            ("site", "site", "?id", (None,)),
            ("lines", "lines", "*ReturnedLine", ()),
        ),
    ),
    (
        "Loose",
        _values.Loose,
        (
            ("site", "site", "id", ()),
            ("customer", "customer", "?id", (None,)),
            ("lines", "lines", "*LooseLine", ()),
        ),
    ),
    (
        "Shop",
        _rows.Shop,
        (
            ("name", "name", "text", ()),
            ("currency", "currency", "text", ()),
            ("time_zone", "time_zone", "text", ()),
            ("rounding", "rounding", "Rounding", ()),
            ("costing", "costing", "text", ()),
            ("closed_until", "closed_until", "?date", (None,)),
        ),
    ),
    (
        "Item",
        _rows.Item,
        (
            ("id", "id", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("description", "description", "text", ()),
            ("brand", "brand", "text", ()),
            ("category", "category", "text", ()),
            ("unit", "unit", "Unit", ()),
            ("tracking", "tracking", "text", ()),
            ("costing", "costing", "text", ()),
            ("standard_cost", "standard_cost", "?decimal", (None,)),
            ("price", "price", "?decimal", (None,)),
            ("barcodes", "barcodes", "*text", ()),
            ("reorder_point", "reorder_point", "?decimal", (None,)),
            ("reorder_to", "reorder_to", "?decimal", (None,)),
            ("backorder_limit", "backorder_limit", "decimal", ()),
            ("supplier", "supplier", "?id", (None,)),
            ("standing", "standing", "text", ()),
        ),
    ),
    (
        "Location",
        _rows.Location,
        (
            ("id", "id", "id", ()),
            ("code", "code", "text", ()),
            ("name", "name", "text", ()),
            ("kind", "kind", "text", ()),
            ("standing", "standing", "text", ()),
        ),
    ),
    (
        "Supplier",
        _rows.Supplier,
        (
            ("id", "id", "id", ()),
            ("code", "code", "text", ()),
            ("contact", "contact", "Contact", ()),
            ("standing", "standing", "text", ()),
        ),
    ),
    (
        "Customer",
        _rows.Customer,
        (
            ("id", "id", "id", ()),
            ("code", "code", "text", ()),
            ("contact", "contact", "Contact", ()),
            ("standing", "standing", "text", ()),
        ),
    ),
    (
        "Series",
        _rows.Series,
        (
            ("code", "code", "text", ()),
            ("last", "last", "int", ()),
        ),
    ),
    (
        "Stock",
        _rows.Stock,
        (
            ("item", "item", "id", ()),
            ("site", "site", "id", ()),
            ("on_hand", "on_hand", "decimal", ()),
            ("value", "value", "decimal", ()),
            ("allocated", "allocated", "decimal", ()),
            ("held", "held", "decimal", ()),
            ("holds_lapse_at", "holds_lapse_at", "?datetime", (None,)),
            ("backordered", "backordered", "decimal", ()),
            ("incoming", "incoming", "decimal", ()),
            ("last_unit_cost", "last_unit_cost", "?decimal", (None,)),
            ("layers_made", "layers_made", "int", ()),
            ("level", "level", "text", ()),
        ),
    ),
    (
        "Layer",
        _rows.Layer,
        (
            ("item", "item", "id", ()),
            ("site", "site", "id", ()),
            ("acquired_at", "acquired_at", "datetime", ()),
            ("number", "number", "int", ()),
            ("quantity", "quantity", "decimal", ()),
            ("value", "value", "decimal", ()),
        ),
    ),
    (
        "Hold",
        _rows.Hold,
        (
            ("id", "id", "id", ()),
            ("item", "item", "id", ()),
            ("site", "site", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("until", "until", "datetime", ()),
            ("changed_at", "changed_at", "?datetime", (None,)),
        ),
    ),
    (
        "Shipment",
        _rows.Shipment,
        (
            ("id", "id", "id", ()),
            ("shipped_at", "shipped_at", "datetime", ()),
        ),
    ),
    (
        "OrderLine",
        _rows.OrderLine,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("brand", "brand", "text", ()),
            ("category", "category", "text", ()),
            ("tracking", "tracking", "text", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_price", "unit_price", "decimal", ()),
            ("discount", "discount", "decimal", ()),
            ("total", "total", "decimal", ()),
            ("allocated", "allocated", "decimal", ()),
            ("backordered", "backordered", "decimal", ()),
            ("shipped", "shipped", "decimal", ()),
            ("cancelled", "cancelled", "decimal", ()),
            ("returned", "returned", "decimal", ()),
            ("revenue", "revenue", "decimal", ()),
            ("cost", "cost", "decimal", ()),
            ("refunded", "refunded", "decimal", ()),
            ("cost_returned", "cost_returned", "decimal", ()),
        ),
    ),
    (
        "Party",
        _rows.Party,
        (
            ("name", "name", "text", ()),
            ("address", "address", "text", ()),
            ("city", "city", "text", ()),
            ("country", "country", "text", ()),
        ),
    ),
    (
        "OrderAmounts",
        _rows.OrderAmounts,
        (
            ("cancelled", "cancelled", "decimal", ()),
            ("shipped", "shipped", "decimal", ()),
            ("returned", "returned", "decimal", ()),
            ("refunded", "refunded", "decimal", ()),
            ("to_pay", "to_pay", "decimal", ()),
        ),
    ),
    (
        "Order",
        _rows.Order,
        (
            ("id", "id", "id", ()),
            ("series", "series", "text", ()),
            ("number", "number", "int", ()),
            ("site", "site", "id", ()),
            ("customer", "customer", "?id", (None,)),
            ("party", "party", "?Party", (None,)),
            ("currency", "currency", "text", ()),
            ("status", "status", "text", ()),
            ("placed_at", "placed_at", "datetime", ()),
            ("total", "total", "decimal", ()),
            ("amounts", "amounts", "OrderAmounts", ("",)),
            ("lines", "lines", "*OrderLine", ()),
            ("shipments", "shipments", "*Shipment", ()),
        ),
    ),
    (
        "ReturnLine",
        _rows.ReturnLine,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("brand", "brand", "text", ()),
            ("category", "category", "text", ()),
            ("quantity", "quantity", "decimal", ()),
            ("refund", "refund", "decimal", ()),
            ("cost", "cost", "decimal", ()),
        ),
    ),
    (
        "Return",
        _rows.Return,
        (
            ("id", "id", "id", ()),
            ("order", "order", "?id", (None,)),
            ("site", "site", "id", ()),
            ("customer", "customer", "?id", (None,)),
            ("party", "party", "?Party", (None,)),
            ("returned_at", "returned_at", "datetime", ()),
            ("refund", "refund", "decimal", ()),
            ("refund_reason", "refund_reason", "?text", (None,)),
            ("lines", "lines", "*ReturnLine", ()),
        ),
    ),
    (
        "PurchaseLine",
        _rows.PurchaseLine,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("quantity", "quantity", "decimal", ()),
            ("unit_cost", "unit_cost", "decimal", ()),
            ("received", "received", "decimal", ()),
            ("received_cost", "received_cost", "decimal", (0,)),
            ("cancelled", "cancelled", "decimal", ()),
        ),
    ),
    (
        "PurchaseAmounts",
        _rows.PurchaseAmounts,
        (
            ("cancelled", "cancelled", "decimal", ()),
            ("received", "received", "decimal", ()),
            ("to_pay", "to_pay", "decimal", ()),
        ),
    ),
    (
        "Purchase",
        _rows.Purchase,
        (
            ("id", "id", "id", ()),
            ("series", "series", "text", ()),
            ("number", "number", "int", ()),
            ("supplier", "supplier", "id", ()),
            ("party", "party", "?Party", (None,)),
            ("site", "site", "id", ()),
            ("status", "status", "text", ()),
            ("ordered_at", "ordered_at", "datetime", ()),
            ("expected", "expected", "?date", (None,)),
            ("received_at", "received_at", "?datetime", (None,)),
            ("total", "total", "decimal", ()),
            ("amounts", "amounts", "PurchaseAmounts", ("",)),
            ("lines", "lines", "*PurchaseLine", ()),
        ),
    ),
    (
        "Alert",
        _rows.Alert,
        (
            ("item", "item", "id", ()),
            ("site", "site", "id", ()),
            ("kind", "kind", "text", ()),
            ("available", "available", "decimal", ()),
            ("threshold", "threshold", "decimal", ()),
            ("raised_at", "raised_at", "datetime", ()),
            ("acknowledged_at", "acknowledged_at", "?datetime", (None,)),
            ("resolved_at", "resolved_at", "?datetime", (None,)),
        ),
    ),
    (
        "MovementKey",
        _rows.MovementKey,
        (
            ("command", "command", "id", ()),
            ("number", "number", "int", ()),
        ),
    ),
    (
        "DocumentLine",
        _rows.Document,
        (
            ("kind", "kind", "text", ()),
            ("id", "id", "id", ()),
            ("line", "line", "int", ()),
        ),
    ),
    (
        "Movement",
        _rows.Movement,
        (
            ("command", "command", "id", ()),
            ("number", "number", "int", ()),
            ("item", "item", "id", ()),
            ("from", "from_", "id", ()),
            ("to", "to", "id", ()),
            ("kind", "kind", "text", ()),
            ("reason", "reason", "?text", (None,)),
            ("quantity", "quantity", "decimal", ()),
            ("value", "value", "decimal", ()),
            ("revenue", "revenue", "decimal", ()),
            ("acquired_at", "acquired_at", "datetime", ()),
            ("layer", "layer", "?int", (None,)),
            ("occurred_at", "occurred_at", "datetime", ()),
            ("recorded_at", "recorded_at", "datetime", ()),
            ("document", "document", "?Document", (None,)),
            ("undoes", "undoes", "?MovementKey", (None,)),
        ),
    ),
    (
        "StockLine",
        _rows.StockLine,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("site", "site", "text", ()),
            ("on_hand", "on_hand", "decimal", ()),
            ("committed", "committed", "decimal", ()),
            ("available", "available", "decimal", ()),
            ("incoming", "incoming", "decimal", ()),
            ("backordered", "backordered", "decimal", ()),
            ("value", "value", "decimal", ()),
        ),
    ),
    (
        "AlertLine",
        _rows.AlertLine,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("site", "site", "text", ()),
            ("kind", "kind", "text", ()),
            ("available", "available", "decimal", ()),
            ("threshold", "threshold", "?decimal", (None,)),
            ("available_then", "available_then", "decimal", ()),
            ("threshold_then", "threshold_then", "decimal", ()),
            ("raised_at", "raised_at", "datetime", ()),
            ("acknowledged_at", "acknowledged_at", "?datetime", (None,)),
            ("resolved_at", "resolved_at", "?datetime", (None,)),
        ),
    ),
    (
        "ProfitLine",
        _rows.ProfitLine,
        (
            ("key", "key", "text", ()),
            ("name", "name", "text", ()),
            ("units", "units", "decimal", ()),
            ("revenue", "revenue", "decimal", ()),
            ("cost", "cost", "decimal", ()),
        ),
    ),
    (
        "ReorderLine",
        _rows.ReorderLine,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("site", "site", "text", ()),
            ("supplier", "supplier", "text", ()),
            ("available", "available", "decimal", ()),
            ("incoming", "incoming", "decimal", ()),
            ("backordered", "backordered", "decimal", ()),
            ("threshold", "threshold", "?decimal", (None,)),
            ("propose", "propose", "decimal", ()),
        ),
    ),
    (
        "StockValue",
        _rows.StockValue,
        (
            ("quantity", "quantity", "decimal", ()),
            ("value", "value", "decimal", ()),
        ),
    ),
    (
        "UndoneMovement",
        _rows.UndoneMovement,
        (
            ("command", "command", "id", ()),
            ("number", "number", "int", ()),
            ("quantity", "quantity", "decimal", ()),
            ("value", "value", "decimal", ()),
        ),
    ),
    (
        "ItemSales",
        _rows.ItemSales,
        (
            ("day", "day", "date", ()),
            ("site", "site", "id", ()),
            ("item", "item", "id", ()),
            ("brand", "brand", "text", ()),
            ("category", "category", "text", ()),
            ("units", "units", "decimal", ()),
            ("revenue", "revenue", "decimal", ()),
            ("cost", "cost", "decimal", ()),
        ),
    ),
    (
        "CustomerSales",
        _rows.CustomerSales,
        (
            ("day", "day", "date", ()),
            ("customer", "customer", "?id", (None,)),
            ("units", "units", "decimal", ()),
            ("revenue", "revenue", "decimal", ()),
            ("cost", "cost", "decimal", ()),
        ),
    ),
    (
        "AnsweredCommand",
        _rows.AnsweredCommand,
        (
            ("id", "id", "id", ()),
            ("fingerprint", "fingerprint", "text", ()),
            ("answer", "answer", "text", ()),
        ),
    ),
    (
        "Moved",
        _rows.Moved,
        (
            ("line", "line", "int", ()),
            ("item", "item", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("cost", "cost", "decimal", ()),
            ("acquired_at", "acquired_at", "datetime", ()),
        ),
    ),
    (
        "Filled",
        _rows.Filled,
        (
            ("order", "order", "id", ()),
            ("line", "line", "int", ()),
            ("quantity", "quantity", "decimal", ()),
        ),
    ),
    (
        "Broken",
        _rows.Broken,
        (
            ("promise", "promise", "text", ()),
            ("row", "row", "text", ()),
            ("finding", "finding", "text", ()),
        ),
    ),
    (
        "ShopOpened",
        _receipts.ShopOpened,
        (
            ("shop", "shop", "Shop", ()),
        ),
    ),
    (
        "PeriodClosed",
        _receipts.PeriodClosed,
        (
            ("until", "until", "date", ()),
            ("reopened_from", "reopened_from", "?date", (None,)),
            ("reason", "reason", "?text", (None,)),
        ),
    ),
    (
        "ItemCreated",
        _receipts.ItemCreated,
        (
            ("item", "item", "Item", ()),
        ),
    ),
    (
        "ItemUpdated",
        _receipts.ItemUpdated,
        (
            ("item", "item", "Item", ()),
        ),
    ),
    (
        "ItemRetired",
        _receipts.ItemRetired,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", ()),
        ),
    ),
    (
        "LocationCreated",
        _receipts.LocationCreated,
        (
            ("location", "location", "Location", ()),
        ),
    ),
    (
        "LocationUpdated",
        _receipts.LocationUpdated,
        (
            ("location", "location", "Location", ()),
        ),
    ),
    (
        "SupplierCreated",
        _receipts.SupplierCreated,
        (
            ("supplier", "supplier", "Supplier", ()),
        ),
    ),
    (
        "SupplierUpdated",
        _receipts.SupplierUpdated,
        (
            ("supplier", "supplier", "Supplier", ()),
        ),
    ),
    (
        "CustomerCreated",
        _receipts.CustomerCreated,
        (
            ("customer", "customer", "Customer", ()),
        ),
    ),
    (
        "CustomerUpdated",
        _receipts.CustomerUpdated,
        (
            ("customer", "customer", "Customer", ()),
        ),
    ),
    (
        "StockReceived",
        _receipts.StockReceived,
        (
            ("site", "site", "id", ()),
            ("supplier", "supplier", "?id", (None,)),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "StockSentBack",
        _receipts.StockSentBack,
        (
            ("site", "site", "id", ()),
            ("supplier", "supplier", "?id", (None,)),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "StockAdjusted",
        _receipts.StockAdjusted,
        (
            ("site", "site", "id", ()),
            ("reason", "reason", "text", ()),
            ("direction", "direction", "text", ()),
            ("lines", "lines", "*Moved", ()),
            ("note", "note", "?text", (None,)),
        ),
    ),
    (
        "StockTransferred",
        _receipts.StockTransferred,
        (
            ("from", "from_", "id", ()),
            ("to", "to", "id", ()),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "HoldPlaced",
        _receipts.HoldPlaced,
        (
            ("hold", "hold", "Hold", ()),
        ),
    ),
    (
        "HoldExtended",
        _receipts.HoldExtended,
        (
            ("hold", "hold", "Hold", ()),
        ),
    ),
    (
        "HoldReleased",
        _receipts.HoldReleased,
        (
            ("hold", "hold", "Hold", ()),
        ),
    ),
    (
        "StandardCostSet",
        _receipts.StandardCostSet,
        (
            ("item", "item", "id", ()),
            ("unit_cost", "unit_cost", "decimal", ()),
            ("revaluation", "revaluation", "decimal", ()),
        ),
    ),
    (
        "PurchasePlaced",
        _receipts.PurchasePlaced,
        (
            ("purchase", "purchase", "Purchase", ()),
        ),
    ),
    (
        "PurchaseReceived",
        _receipts.PurchaseReceived,
        (
            ("purchase", "purchase", "Purchase", ()),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "PurchaseClosed",
        _receipts.PurchaseClosed,
        (
            ("purchase", "purchase", "Purchase", ()),
        ),
    ),
    (
        "PurchaseCancelled",
        _receipts.PurchaseCancelled,
        (
            ("purchase", "purchase", "Purchase", ()),
        ),
    ),
    (
        "OrderPlaced",
        _receipts.OrderPlaced,
        (
            ("order", "order", "Order", ()),
        ),
    ),
    (
        "OrderShipped",
        _receipts.OrderShipped,
        (
            ("order", "order", "Order", ()),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "OrderCancelled",
        _receipts.OrderCancelled,
        (
            ("order", "order", "Order", ()),
        ),
    ),
    (
        "Sold",
        _receipts.Sold,
        (
            ("order", "order", "Order", ()),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "GoodsReturned",
        _receipts.GoodsReturned,
        (
            ("goods", "goods", "Return", ()),
            ("lines", "lines", "*Moved", ()),
        ),
    ),
    (
        "AlertAcknowledged",
        _receipts.AlertAcknowledged,
        (
            ("alert", "alert", "Alert", ()),
        ),
    ),
    (
        "BackordersFilled",
        _receipts.BackordersFilled,
        (
            ("filled", "filled", "*Filled", ()),
        ),
    ),
    (
        "AlertRaised",
        _receipts.AlertRaised,
        (
            ("alert", "alert", "Alert", ()),
        ),
    ),
    (
        "AlertResolved",
        _receipts.AlertResolved,
        (
            ("alert", "alert", "Alert", ()),
        ),
    ),
    (
        "Event",
        _receipts.Event,
        (
            ("offset", "offset", "int", ()),
            ("command", "command", "id", ()),
            ("actor", "actor", "text", ()),
            ("occurred_at", "occurred_at", "datetime", ()),
            ("recorded_at", "recorded_at", "datetime", ()),
            ("body", "body", "EventBody", ()),
        ),
    ),
    (
        "!InvalidField",
        rejections.InvalidField,
        (
            ("code", "code", "text", ()),
            ("field", "field", "text", ()),
            ("problem", "problem", "text", ()),
        ),
    ),
    (
        "!WrongCheckDigit",
        rejections.WrongCheckDigit,
        (
            ("code", "code", "text", ()),
            ("barcode", "barcode", "text", ()),
            ("expected", "expected", "int", ()),
        ),
    ),
    (
        "!TooManyLines",
        rejections.TooManyLines,
        (
            ("code", "code", "text", ()),
            ("lines", "lines", "int", ()),
            ("limit", "limit", "int", ()),
        ),
    ),
    (
        "!NoLines",
        rejections.NoLines,
        (
            ("code", "code", "text", ()),
        ),
    ),
    (
        "!QuantityNotPositive",
        rejections.QuantityNotPositive,
        (
            ("code", "code", "text", ()),
            ("line", "line", "int", ()),
            ("quantity", "quantity", "decimal", ()),
        ),
    ),
    (
        "!AmountNegative",
        rejections.AmountNegative,
        (
            ("code", "code", "text", ()),
            ("field", "field", "text", ()),
            ("amount", "amount", "decimal", ()),
        ),
    ),
    (
        "!OccursInFuture",
        rejections.OccursInFuture,
        (
            ("code", "code", "text", ()),
            ("occurred_at", "occurred_at", "datetime", ()),
            ("now", "now", "datetime", ()),
        ),
    ),
    (
        "!OccursTooEarly",
        rejections.OccursTooEarly,
        (
            ("code", "code", "text", ()),
            ("occurred_at", "occurred_at", "datetime", ()),
            ("earliest", "earliest", "datetime", ()),
        ),
    ),
    (
        "!ShopNotOpen",
        rejections.ShopNotOpen,
        (
            ("code", "code", "text", ()),
        ),
    ),
    (
        "!ShopAlreadyOpen",
        rejections.ShopAlreadyOpen,
        (
            ("code", "code", "text", ()),
        ),
    ),
    (
        "!PeriodClosed",
        rejections.PeriodClosed,
        (
            ("code", "code", "text", ()),
            ("day", "day", "date", ()),
            ("closed_until", "closed_until", "date", ()),
        ),
    ),
    (
        "!PeriodTooFar",
        rejections.PeriodTooFar,
        (
            ("code", "code", "text", ()),
            ("until", "until", "date", ()),
            ("newest", "newest", "date", ()),
        ),
    ),
    (
        "!CurrencyMismatch",
        rejections.CurrencyMismatch,
        (
            ("code", "code", "text", ()),
            ("given", "given", "text", ()),
            ("shop", "shop", "text", ()),
        ),
    ),
    (
        "!UnknownItem",
        rejections.UnknownItem,
        (
            ("code", "code", "text", ()),
            ("item", "item", "id", ()),
        ),
    ),
    (
        "!ItemRetired",
        rejections.ItemRetired,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
        ),
    ),
    (
        "!UnknownLocation",
        rejections.UnknownLocation,
        (
            ("code", "code", "text", ()),
            ("location", "location", "id", ()),
        ),
    ),
    (
        "!NotASite",
        rejections.NotASite,
        (
            ("code", "code", "text", ()),
            ("location", "location", "text", ()),
        ),
    ),
    (
        "!LocationRetired",
        rejections.LocationRetired,
        (
            ("code", "code", "text", ()),
            ("location", "location", "text", ()),
        ),
    ),
    (
        "!UnknownSupplier",
        rejections.UnknownSupplier,
        (
            ("code", "code", "text", ()),
            ("supplier", "supplier", "id", ()),
        ),
    ),
    (
        "!SupplierRetired",
        rejections.SupplierRetired,
        (
            ("code", "code", "text", ()),
            ("supplier", "supplier", "text", ()),
        ),
    ),
    (
        "!UnknownCustomer",
        rejections.UnknownCustomer,
        (
            ("code", "code", "text", ()),
            ("customer", "customer", "id", ()),
        ),
    ),
    (
        "!CustomerRetired",
        rejections.CustomerRetired,
        (
            ("code", "code", "text", ()),
            ("customer", "customer", "text", ()),
        ),
    ),
    (
        "!UnknownOrder",
        rejections.UnknownOrder,
        (
            ("code", "code", "text", ()),
            ("order", "order", "id", ()),
        ),
    ),
    (
        "!UnknownPurchase",
        rejections.UnknownPurchase,
        (
            ("code", "code", "text", ()),
            ("purchase", "purchase", "id", ()),
        ),
    ),
    (
        "!UnknownShipment",
        rejections.UnknownShipment,
        (
            ("code", "code", "text", ()),
            ("shipment", "shipment", "id", ()),
        ),
    ),
    (
        "!UnknownLine",
        rejections.UnknownLine,
        (
            ("code", "code", "text", ()),
            ("line", "line", "int", ()),
        ),
    ),
    (
        "!UnknownHold",
        rejections.UnknownHold,
        (
            ("code", "code", "text", ()),
            ("hold", "hold", "id", ()),
        ),
    ),
    (
        "!UnknownAlert",
        rejections.UnknownAlert,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("site", "site", "text", ()),
        ),
    ),
    (
        "!Changed",
        rejections.Changed,
        (
            ("code", "code", "text", ()),
            ("tag", "tag", "text", ()),
        ),
    ),
    (
        "!SkuTaken",
        rejections.SkuTaken,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("by", "by", "id", ()),
        ),
    ),
    (
        "!BarcodeTaken",
        rejections.BarcodeTaken,
        (
            ("code", "code", "text", ()),
            ("barcode", "barcode", "text", ()),
            ("by", "by", "id", ()),
        ),
    ),
    (
        "!CodeTaken",
        rejections.CodeTaken,
        (
            ("code", "code", "text", ()),
            ("taken", "taken", "text", ()),
        ),
    ),
    (
        "!ServiceHasNoStock",
        rejections.ServiceHasNoStock,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
        ),
    ),
    (
        "!QuantityTooFine",
        rejections.QuantityTooFine,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("quantity", "quantity", "decimal", ()),
            ("decimals", "decimals", "int", ()),
        ),
    ),
    (
        "!PriceUnknown",
        rejections.PriceUnknown,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
        ),
    ),
    (
        "!PriceNegative",
        rejections.PriceNegative,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("price", "price", "decimal", ()),
        ),
    ),
    (
        "!DiscountTooLarge",
        rejections.DiscountTooLarge,
        (
            ("code", "code", "text", ()),
            ("discount", "discount", "decimal", ()),
            ("amount", "amount", "decimal", ()),
        ),
    ),
    (
        "!CostUnknown",
        rejections.CostUnknown,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
        ),
    ),
    (
        "!NotStandardCosted",
        rejections.NotStandardCosted,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
        ),
    ),
    (
        "!ItemInUse",
        rejections.ItemInUse,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("site", "site", "text", ()),
        ),
    ),
    (
        "!LocationInUse",
        rejections.LocationInUse,
        (
            ("code", "code", "text", ()),
            ("location", "location", "text", ()),
            ("items", "items", "int", ()),
            ("orders", "orders", "int", ()),
            ("purchases", "purchases", "int", ()),
            ("holds", "holds", "int", ()),
        ),
    ),
    (
        "!SameSite",
        rejections.SameSite,
        (
            ("code", "code", "text", ()),
            ("site", "site", "text", ()),
        ),
    ),
    (
        "!NotStocked",
        rejections.NotStocked,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("site", "site", "text", ()),
        ),
    ),
    (
        "!InsufficientStock",
        rejections.InsufficientStock,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("site", "site", "text", ()),
            ("wanted", "wanted", "decimal", ()),
            ("available", "available", "decimal", ()),
        ),
    ),
    (
        "!BackorderLimit",
        rejections.BackorderLimit,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("site", "site", "text", ()),
            ("wanted", "wanted", "decimal", ()),
            ("available", "available", "decimal", ()),
            ("limit", "limit", "decimal", ()),
        ),
    ),
    (
        "!HoldInPast",
        rejections.HoldInPast,
        (
            ("code", "code", "text", ()),
            ("until", "until", "datetime", ()),
        ),
    ),
    (
        "!HoldLapsed",
        rejections.HoldLapsed,
        (
            ("code", "code", "text", ()),
            ("until", "until", "datetime", ()),
        ),
    ),
    (
        "!HoldMismatch",
        rejections.HoldMismatch,
        (
            ("code", "code", "text", ()),
            ("hold", "hold", "id", ()),
        ),
    ),
    (
        "!OrderEnded",
        rejections.OrderEnded,
        (
            ("code", "code", "text", ()),
            ("status", "status", "text", ()),
        ),
    ),
    (
        "!ShipsTooMuch",
        rejections.ShipsTooMuch,
        (
            ("code", "code", "text", ()),
            ("line", "line", "int", ()),
            ("wanted", "wanted", "decimal", ()),
            ("allocated", "allocated", "decimal", ()),
        ),
    ),
    (
        "!ReturnsTooMuch",
        rejections.ReturnsTooMuch,
        (
            ("code", "code", "text", ()),
            ("line", "line", "int", ()),
            ("wanted", "wanted", "decimal", ()),
            ("returnable", "returnable", "decimal", ()),
        ),
    ),
    (
        "!RefundTooLarge",
        rejections.RefundTooLarge,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("wanted", "wanted", "decimal", ()),
            ("refundable", "refundable", "decimal", ()),
        ),
    ),
    (
        "!PurchaseEnded",
        rejections.PurchaseEnded,
        (
            ("code", "code", "text", ()),
            ("status", "status", "text", ()),
        ),
    ),
    (
        "!PurchasePartlyReceived",
        rejections.PurchasePartlyReceived,
        (
            ("code", "code", "text", ()),
        ),
    ),
    (
        "!ReceivesTooMuch",
        rejections.ReceivesTooMuch,
        (
            ("code", "code", "text", ()),
            ("line", "line", "int", ()),
            ("wanted", "wanted", "decimal", ()),
            ("open", "open", "decimal", ()),
        ),
    ),
    (
        "!OccursBefore",
        rejections.OccursBefore,
        (
            ("code", "code", "text", ()),
            ("occurred_at", "occurred_at", "datetime", ()),
            ("earlier", "earlier", "text", ()),
            ("happened_at", "happened_at", "datetime", ()),
        ),
    ),
    (
        "!InsufficientStockThen",
        rejections.InsufficientStockThen,
        (
            ("code", "code", "text", ()),
            ("sku", "sku", "text", ()),
            ("site", "site", "text", ()),
            ("wanted", "wanted", "decimal", ()),
            ("occurred_at", "occurred_at", "datetime", ()),
            ("on_hand", "on_hand", "decimal", ()),
            ("lowest", "lowest", "decimal", ()),
            ("lowest_at", "lowest_at", "datetime", ()),
        ),
    ),
    (
        "!Overflow",
        rejections.Overflow,
        (
            ("code", "code", "text", ()),
            ("what", "what", "text", ()),
        ),
    ),
    (
        "OpenShop",
        _commands.OpenShop,
        (
            ("name", "name", "text", ()),
            ("currency", "currency", "text", ()),
            ("time_zone", "time_zone", "text", ("UTC",)),
            ("rounding", "rounding", "?Rounding", (None,)),
            ("costing", "costing", "text", ("fifo",)),
        ),
    ),
    (
        "ClosePeriod",
        _commands.ClosePeriod,
        (
            ("until", "until", "date", ()),
            ("reason", "reason", "?text", (None,)),
        ),
    ),
    (
        "CreateItem",
        _commands.CreateItem,
        (
            ("sku", "sku", "text", ()),
            ("name", "name", "text", ()),
            ("description", "description", "text", ("",)),
            ("brand", "brand", "text", ("",)),
            ("category", "category", "text", ("",)),
            ("unit", "unit", "?Unit", (None,)),
            ("tracking", "tracking", "?text", (None,)),
            ("costing", "costing", "?text", (None,)),
            ("standard_cost", "standard_cost", "?decimal", (None,)),
            ("price", "price", "?decimal", (None,)),
            ("barcodes", "barcodes", "*text", ((),)),
            ("reorder_point", "reorder_point", "?decimal", (None,)),
            ("reorder_to", "reorder_to", "?decimal", (None,)),
            ("backorder_limit", "backorder_limit", "decimal", (0,)),
            ("supplier", "supplier", "?id", (None,)),
        ),
    ),
    (
        "UpdateItem",
        _commands.UpdateItem,
        (
            ("item", "item", "id", ()),
            ("sku", "sku", "text", (KEEP,)),
            ("name", "name", "text", (KEEP,)),
            ("description", "description", "text", (KEEP,)),
            ("brand", "brand", "text", (KEEP,)),
            ("category", "category", "text", (KEEP,)),
            ("unit", "unit", "Unit", (KEEP,)),
            ("tracking", "tracking", "text", (KEEP,)),
            ("costing", "costing", "text", (KEEP,)),
            ("price", "price", "?decimal", (KEEP,)),
            ("barcodes", "barcodes", "*text", (KEEP,)),
            ("reorder_point", "reorder_point", "?decimal", (KEEP,)),
            ("reorder_to", "reorder_to", "?decimal", (KEEP,)),
            ("backorder_limit", "backorder_limit", "decimal", (KEEP,)),
            ("supplier", "supplier", "?id", (KEEP,)),
            ("standing", "standing", "text", (KEEP,)),
            ("if_tag", "if_tag", "?text", (None,)),
        ),
    ),
    (
        "RetireItem",
        _commands.RetireItem,
        (
            ("item", "item", "id", ()),
        ),
    ),
    (
        "CreateLocation",
        _commands.CreateLocation,
        (
            ("code", "code", "text", ()),
            ("name", "name", "text", ()),
        ),
    ),
    (
        "UpdateLocation",
        _commands.UpdateLocation,
        (
            ("location", "location", "id", ()),
            ("name", "name", "text", (KEEP,)),
            ("standing", "standing", "text", (KEEP,)),
            ("if_tag", "if_tag", "?text", (None,)),
        ),
    ),
    (
        "CreateSupplier",
        _commands.CreateSupplier,
        (
            ("code", "code", "text", ()),
            ("contact", "contact", "Contact", ()),
        ),
    ),
    (
        "UpdateSupplier",
        _commands.UpdateSupplier,
        (
            ("supplier", "supplier", "id", ()),
            ("contact", "contact", "Contact", (KEEP,)),
            ("standing", "standing", "text", (KEEP,)),
            ("if_tag", "if_tag", "?text", (None,)),
        ),
    ),
    (
        "CreateCustomer",
        _commands.CreateCustomer,
        (
            ("code", "code", "text", ()),
            ("contact", "contact", "Contact", ()),
        ),
    ),
    (
        "UpdateCustomer",
        _commands.UpdateCustomer,
        (
            ("customer", "customer", "id", ()),
            ("contact", "contact", "Contact", (KEEP,)),
            ("standing", "standing", "text", (KEEP,)),
            ("if_tag", "if_tag", "?text", (None,)),
        ),
    ),
    (
        "ReceiveStock",
        _commands.ReceiveStock,
        (
            ("site", "site", "id", ()),
            ("supplier", "supplier", "?id", (None,)),
            ("lines", "lines", "*CostedGoods", ()),
        ),
    ),
    (
        "SendBackStock",
        _commands.SendBackStock,
        (
            ("site", "site", "id", ()),
            ("supplier", "supplier", "?id", (None,)),
            ("lines", "lines", "*Goods", ()),
        ),
    ),
    (
        "AdjustStock",
        _commands.AdjustStock,
        (
            ("site", "site", "id", ()),
            ("reason", "reason", "text", ()),
            ("direction", "direction", "text", ()),
            ("lines", "lines", "*Adjusted", ()),
            ("note", "note", "?text", (None,)),
        ),
    ),
    (
        "TransferStock",
        _commands.TransferStock,
        (
            ("from", "from_", "id", ()),
            ("to", "to", "id", ()),
            ("lines", "lines", "*Goods", ()),
        ),
    ),
    (
        "PlaceHold",
        _commands.PlaceHold,
        (
            ("item", "item", "id", ()),
            ("site", "site", "id", ()),
            ("quantity", "quantity", "decimal", ()),
            ("until", "until", "datetime", ()),
        ),
    ),
    (
        "ExtendHold",
        _commands.ExtendHold,
        (
            ("hold", "hold", "id", ()),
            ("until", "until", "datetime", ()),
        ),
    ),
    (
        "ReleaseHold",
        _commands.ReleaseHold,
        (
            ("hold", "hold", "id", ()),
        ),
    ),
    (
        "SetStandardCost",
        _commands.SetStandardCost,
        (
            ("item", "item", "id", ()),
            ("unit_cost", "unit_cost", "decimal", ()),
        ),
    ),
    (
        "PlacePurchase",
        _commands.PlacePurchase,
        (
            ("supplier", "supplier", "id", ()),
            ("site", "site", "id", ()),
            ("expected", "expected", "?date", (None,)),
            ("lines", "lines", "*CostedGoods", ()),
        ),
    ),
    (
        "ReceivePurchase",
        _commands.ReceivePurchase,
        (
            ("purchase", "purchase", "id", ()),
            ("lines", "lines", "?*ReceivedLine", (None,)),
        ),
    ),
    (
        "ClosePurchase",
        _commands.ClosePurchase,
        (
            ("purchase", "purchase", "id", ()),
        ),
    ),
    (
        "CancelPurchase",
        _commands.CancelPurchase,
        (
            ("purchase", "purchase", "id", ()),
        ),
    ),
    (
        "PlaceOrder",
        _commands.PlaceOrder,
        (
            ("site", "site", "id", ()),
            ("customer", "customer", "?id", (None,)),
            ("currency", "currency", "?text", (None,)),
            ("series", "series", "?text", (None,)),
            ("lines", "lines", "*OrderedLine", ()),
            ("on_shortage", "on_shortage", "text", ("refuse",)),
            ("holds", "holds", "*id", ((),)),
        ),
    ),
    (
        "ShipOrder",
        _commands.ShipOrder,
        (
            ("order", "order", "id", ()),
            ("lines", "lines", "?*ShippedLine", (None,)),
        ),
    ),
    (
        "CancelOrder",
        _commands.CancelOrder,
        (
            ("order", "order", "id", ()),
        ),
    ),
    (
        "Sell",
        _commands.Sell,
        (
            ("site", "site", "id", ()),
            ("customer", "customer", "?id", (None,)),
            ("currency", "currency", "?text", (None,)),
            ("series", "series", "?text", (None,)),
            ("lines", "lines", "*OrderedLine", ()),
            ("holds", "holds", "*id", ((),)),
        ),
    ),
    (
        "ReturnGoods",
        _commands.ReturnGoods,
        (
            ("goods", "goods", "ReturnedGoods", ()),
            ("refund_reason", "refund_reason", "?text", (None,)),
        ),
    ),
    (
        "AcknowledgeAlert",
        _commands.AcknowledgeAlert,
        (
            ("item", "item", "id", ()),
            ("site", "site", "id", ()),
        ),
    ),
    (
        "AskItems",
        _questions.AskItems,
        (
            ("text", "text", "?text", (None,)),
            ("brand", "brand", "?text", (None,)),
            ("category", "category", "?text", (None,)),
            ("supplier", "supplier", "?id", (None,)),
            ("standing", "standing", "text", ()),
        ),
    ),
    ("AskLocations", _questions.AskLocations, ()),
    (
        "AskSuppliers",
        _questions.AskSuppliers,
        (
            ("text", "text", "?text", (None,)),
            ("city", "city", "?text", (None,)),
            ("standing", "standing", "text", ()),
        ),
    ),
    (
        "AskCustomers",
        _questions.AskCustomers,
        (
            ("text", "text", "?text", (None,)),
            ("city", "city", "?text", (None,)),
            ("standing", "standing", "text", ()),
        ),
    ),
    (
        "AskStock",
        _questions.AskStock,
        (
            ("item", "item", "?id", (None,)),
            ("site", "site", "?id", (None,)),
            ("now", "now", "datetime", ()),
        ),
    ),
    (
        "AskOrderNumbered",
        _questions.AskOrderNumbered,
        (
            ("series", "series", "text", ()),
            ("number", "number", "int", ()),
        ),
    ),
    (
        "AskOrders",
        _questions.AskOrders,
        (
            ("customer", "customer", "?id", (None,)),
            ("site", "site", "?id", (None,)),
            ("status", "status", "?text", (None,)),
            ("item", "item", "?id", (None,)),
            ("city", "city", "?text", (None,)),
            ("brand", "brand", "?text", (None,)),
            ("category", "category", "?text", (None,)),
            ("from", "from_", "?datetime", (None,)),
            ("until", "until", "?datetime", (None,)),
        ),
    ),
    (
        "AskPurchaseNumbered",
        _questions.AskPurchaseNumbered,
        (
            ("series", "series", "text", ()),
            ("number", "number", "int", ()),
        ),
    ),
    (
        "AskPurchases",
        _questions.AskPurchases,
        (
            ("supplier", "supplier", "?id", (None,)),
            ("site", "site", "?id", (None,)),
            ("status", "status", "?text", (None,)),
            ("item", "item", "?id", (None,)),
            ("city", "city", "?text", (None,)),
            ("brand", "brand", "?text", (None,)),
            ("category", "category", "?text", (None,)),
            ("from", "from_", "?datetime", (None,)),
            ("until", "until", "?datetime", (None,)),
        ),
    ),
    (
        "AskAlerts",
        _questions.AskAlerts,
        (
            ("which", "which", "text", ()),
            ("now", "now", "datetime", ()),
        ),
    ),
    (
        "AskProfit",
        _questions.AskProfit,
        (
            ("by", "by", "text", ()),
            ("from", "from_", "?date", (None,)),
            ("until", "until", "?date", (None,)),
        ),
    ),
    (
        "AskValue",
        _questions.AskValue,
        (
            ("site", "site", "?id", (None,)),
            ("as_of", "as_of", "?datetime", (None,)),
        ),
    ),
    (
        "AskReorder",
        _questions.AskReorder,
        (
            ("now", "now", "datetime", ()),
        ),
    ),
    (
        "AskMovements",
        _questions.AskMovements,
        (
            ("item", "item", "?id", (None,)),
            ("location", "location", "?id", (None,)),
            ("from", "from_", "?datetime", (None,)),
            ("until", "until", "?datetime", (None,)),
        ),
    ),
)

UNIONS: tuple[Union, ...] = (
    (
        "Discount",
        (
            ("fraction", "only", "FractionOff"),
            ("amount", "only", "AmountOff"),
        ),
    ),
    (
        "ReturnedGoods",
        (
            ("of_order", "fields", "OfOrder"),
            ("loose", "fields", "Loose"),
        ),
    ),
    (
        "Document",
        (
            ("order", "tagged", "DocumentLine"),
            ("return", "tagged", "DocumentLine"),
            ("purchase", "tagged", "DocumentLine"),
        ),
    ),
    (
        "Receipt",
        (
            ("shop_opened", "only", "ShopOpened"),
            ("period_closed", "fields", "PeriodClosed"),
            ("item_created", "only", "ItemCreated"),
            ("item_updated", "only", "ItemUpdated"),
            ("item_retired", "fields", "ItemRetired"),
            ("location_created", "only", "LocationCreated"),
            ("location_updated", "only", "LocationUpdated"),
            ("supplier_created", "only", "SupplierCreated"),
            ("supplier_updated", "only", "SupplierUpdated"),
            ("customer_created", "only", "CustomerCreated"),
            ("customer_updated", "only", "CustomerUpdated"),
            ("stock_received", "fields", "StockReceived"),
            ("stock_sent_back", "fields", "StockSentBack"),
            ("stock_adjusted", "fields", "StockAdjusted"),
            ("stock_transferred", "fields", "StockTransferred"),
            ("hold_placed", "only", "HoldPlaced"),
            ("hold_extended", "only", "HoldExtended"),
            ("hold_released", "only", "HoldReleased"),
            ("standard_cost_set", "fields", "StandardCostSet"),
            ("purchase_placed", "only", "PurchasePlaced"),
            ("purchase_received", "fields", "PurchaseReceived"),
            ("purchase_closed", "only", "PurchaseClosed"),
            ("purchase_cancelled", "only", "PurchaseCancelled"),
            ("order_placed", "only", "OrderPlaced"),
            ("order_shipped", "fields", "OrderShipped"),
            ("order_cancelled", "only", "OrderCancelled"),
            ("sold", "fields", "Sold"),
            ("goods_returned", "fields", "GoodsReturned"),
            ("alert_acknowledged", "only", "AlertAcknowledged"),
        ),
    ),
    (
        "EventBody",
        (
            ("done", "through", "Receipt"),
            ("backorders_filled", "only", "BackordersFilled"),
            ("alert_raised", "only", "AlertRaised"),
            ("alert_resolved", "only", "AlertResolved"),
        ),
    ),
    (
        "Rejection",
        (
            ("invalid_field", "fields", "!InvalidField"),
            ("wrong_check_digit", "fields", "!WrongCheckDigit"),
            ("too_many_lines", "fields", "!TooManyLines"),
            ("no_lines", "fields", "!NoLines"),
            ("quantity_not_positive", "fields", "!QuantityNotPositive"),
            ("amount_negative", "fields", "!AmountNegative"),
            ("occurs_in_future", "fields", "!OccursInFuture"),
            ("occurs_too_early", "fields", "!OccursTooEarly"),
            ("shop_not_open", "fields", "!ShopNotOpen"),
            ("shop_already_open", "fields", "!ShopAlreadyOpen"),
            ("period_closed", "fields", "!PeriodClosed"),
            ("period_too_far", "fields", "!PeriodTooFar"),
            ("currency_mismatch", "fields", "!CurrencyMismatch"),
            ("unknown_item", "fields", "!UnknownItem"),
            ("item_retired", "fields", "!ItemRetired"),
            ("unknown_location", "fields", "!UnknownLocation"),
            ("not_a_site", "fields", "!NotASite"),
            ("location_retired", "fields", "!LocationRetired"),
            ("unknown_supplier", "fields", "!UnknownSupplier"),
            ("supplier_retired", "fields", "!SupplierRetired"),
            ("unknown_customer", "fields", "!UnknownCustomer"),
            ("customer_retired", "fields", "!CustomerRetired"),
            ("unknown_order", "fields", "!UnknownOrder"),
            ("unknown_purchase", "fields", "!UnknownPurchase"),
            ("unknown_shipment", "fields", "!UnknownShipment"),
            ("unknown_line", "fields", "!UnknownLine"),
            ("unknown_hold", "fields", "!UnknownHold"),
            ("unknown_alert", "fields", "!UnknownAlert"),
            ("changed", "fields", "!Changed"),
            ("sku_taken", "fields", "!SkuTaken"),
            ("barcode_taken", "fields", "!BarcodeTaken"),
            ("code_taken", "fields", "!CodeTaken"),
            ("service_has_no_stock", "fields", "!ServiceHasNoStock"),
            ("quantity_too_fine", "fields", "!QuantityTooFine"),
            ("price_unknown", "fields", "!PriceUnknown"),
            ("price_negative", "fields", "!PriceNegative"),
            ("discount_too_large", "fields", "!DiscountTooLarge"),
            ("cost_unknown", "fields", "!CostUnknown"),
            ("not_standard_costed", "fields", "!NotStandardCosted"),
            ("item_in_use", "fields", "!ItemInUse"),
            ("location_in_use", "fields", "!LocationInUse"),
            ("same_site", "fields", "!SameSite"),
            ("not_stocked", "fields", "!NotStocked"),
            ("insufficient_stock", "fields", "!InsufficientStock"),
            ("backorder_limit", "fields", "!BackorderLimit"),
            ("hold_in_past", "fields", "!HoldInPast"),
            ("hold_lapsed", "fields", "!HoldLapsed"),
            ("hold_mismatch", "fields", "!HoldMismatch"),
            ("order_ended", "fields", "!OrderEnded"),
            ("ships_too_much", "fields", "!ShipsTooMuch"),
            ("returns_too_much", "fields", "!ReturnsTooMuch"),
            ("refund_too_large", "fields", "!RefundTooLarge"),
            ("purchase_ended", "fields", "!PurchaseEnded"),
            ("purchase_partly_received", "fields", "!PurchasePartlyReceived"),
            ("receives_too_much", "fields", "!ReceivesTooMuch"),
            ("occurs_before", "fields", "!OccursBefore"),
            ("insufficient_stock_then", "fields", "!InsufficientStockThen"),
            ("overflow", "fields", "!Overflow"),
        ),
    ),
    (
        "Command",
        (
            ("open_shop", "through", "OpenShop"),
            ("close_period", "through", "ClosePeriod"),
            ("create_item", "through", "CreateItem"),
            ("update_item", "through", "UpdateItem"),
            ("retire_item", "through", "RetireItem"),
            ("create_location", "through", "CreateLocation"),
            ("update_location", "through", "UpdateLocation"),
            ("create_supplier", "through", "CreateSupplier"),
            ("update_supplier", "through", "UpdateSupplier"),
            ("create_customer", "through", "CreateCustomer"),
            ("update_customer", "through", "UpdateCustomer"),
            ("receive_stock", "through", "ReceiveStock"),
            ("send_back_stock", "through", "SendBackStock"),
            ("adjust_stock", "through", "AdjustStock"),
            ("transfer_stock", "through", "TransferStock"),
            ("place_hold", "through", "PlaceHold"),
            ("extend_hold", "through", "ExtendHold"),
            ("release_hold", "through", "ReleaseHold"),
            ("set_standard_cost", "through", "SetStandardCost"),
            ("place_purchase", "through", "PlacePurchase"),
            ("receive_purchase", "through", "ReceivePurchase"),
            ("close_purchase", "through", "ClosePurchase"),
            ("cancel_purchase", "through", "CancelPurchase"),
            ("place_order", "through", "PlaceOrder"),
            ("ship_order", "through", "ShipOrder"),
            ("cancel_order", "through", "CancelOrder"),
            ("sell", "through", "Sell"),
            ("return_goods", "through", "ReturnGoods"),
            ("acknowledge_alert", "through", "AcknowledgeAlert"),
        ),
    ),
    (
        "Question",
        (
            ("items", "through", "AskItems"),
            ("locations", "fields", "AskLocations"),
            ("suppliers", "through", "AskSuppliers"),
            ("customers", "through", "AskCustomers"),
            ("stock", "through", "AskStock"),
            ("orders", "through", "AskOrders"),
            ("purchases", "through", "AskPurchases"),
            ("alerts", "fields", "AskAlerts"),
            ("profit", "through", "AskProfit"),
            ("reorder", "fields", "AskReorder"),
            ("movements", "through", "AskMovements"),
        ),
    ),
    (
        "Lookup",
        (
            ("order_numbered", "fields", "AskOrderNumbered"),
            ("purchase_numbered", "fields", "AskPurchaseNumbered"),
            ("value", "through", "AskValue"),
        ),
    ),
)
