# Written by tools/generate.py from the Rust sources; change those, or it.
"""Choices, as words."""

from __future__ import annotations

from typing import Literal, TypeAlias

AdjustmentReason: TypeAlias = Literal[
    "opening",
    "damaged",
    "lost",
    "found",
    "theft",
    "gift",
    "own_use",
    "counted",
    "other",
]
"""Why stock was adjusted.

- `opening`: What was there when the books were opened.
- `damaged`: Broken, spoilt.
- `lost`: Not where it should be.
- `found`: Where it should not be.
- `theft`: Stolen.
- `gift`: Given away.
- `own_use`: Used by the shop itself.
- `counted`: A count said so.
- `other`: None of the others; say why in the note.
"""

AlertQuery: TypeAlias = Literal["open", "unacknowledged", "all"]
"""Which alerts.

- `open`: Those that are not resolved.
- `unacknowledged`: Those that are neither resolved nor acknowledged.
- `all`: All.
"""

CostingMethod: TypeAlias = Literal["fifo", "average", "standard"]
"""How the cost of goods that leave is found.

- `fifo`: The oldest acquisition leaves first.
- `average`: Value on hand divided by quantity on hand.
- `standard`: A cost set by hand; what was paid above or below it is a variance.
"""

Direction: TypeAlias = Literal["up", "down"]
"""Whether stock was added or taken.

- `up`: Added.
- `down`: Taken.
"""

DocumentKind: TypeAlias = Literal["order", "return", "purchase"]
"""What goods moved for."""

Listed: TypeAlias = Literal["active", "all"]
"""Whether a list has what is no longer in use.

- `active`: Only what is in use.
- `all`: Everything.
"""

LocationKind: TypeAlias = Literal["site", "supplier", "customer", "loss", "variance", "service"]
"""What a place is.

- `site`: A shop or a warehouse: the only kind that has stock of its own.
- `supplier`: Where received goods come from.
- `customer`: Where sold goods go.
- `loss`: Where lost and damaged goods go, and found ones come from.
- `variance`: Where differences between a standard cost and a price paid go; values only.
- `service`: Where services come from.
"""

MovementKind: TypeAlias = Literal[
    "receipt",
    "supplier_return",
    "sale",
    "return",
    "adjustment",
    "transfer",
    "revaluation",
]
"""Why goods moved.

- `receipt`: Bought.
- `supplier_return`: Sent back to the supplier.
- `sale`: Sold.
- `return`: Brought back by a customer.
- `adjustment`: Found, lost, damaged, given away: see the reason.
- `transfer`: From one site to another.
- `revaluation`: A change of value alone: a standard cost was set, or a receipt differed from it.
"""

OnShortage: TypeAlias = Literal["refuse", "backorder", "cancel"]
"""What happens where an order wants more than is available.

- `refuse`: The whole order is refused.
- `backorder`: What is missing waits for goods, within the item's backorder limit.
- `cancel`: What is missing is cancelled at once.
"""

OrderStatus: TypeAlias = Literal["placed", "partly_shipped", "shipped", "cancelled"]
"""How far an order has come.

- `placed`: Promised; nothing has left yet.
- `partly_shipped`: Some of it has left.
- `shipped`: All of it that was not cancelled has left.
- `cancelled`: Nothing of it left and nothing will.
"""

ProfitBy: TypeAlias = Literal["item", "brand", "category", "customer", "day", "month", "site"]
"""By what profit is told apart.

- `item`: The item's SKU now.
- `brand`: The brand when it was sold; empty where there was none. Spellings that fold alike are one brand.
- `category`: The category when it was sold; empty where there was none. Spellings that fold alike are one category.
- `customer`: The customer's code; empty for those not known.
- `day`: The business day.
- `month`: The month of the business day.
- `site`: The code of the site.
"""

PurchaseStatus: TypeAlias = Literal["ordered", "partly_received", "received", "closed_short", "cancelled"]
"""How far a purchase has come.

- `ordered`: Ordered; nothing has come yet.
- `partly_received`: Some of it has come.
- `received`: All of it has come.
- `closed_short`: It was ended before all of it had come.
- `cancelled`: Nothing came and nothing will.
"""

RoundingMode: TypeAlias = Literal[
    "half-even",
    "half-up",
    "half-down",
    "half-odd",
    "half-ceiling",
    "half-floor",
    "up",
    "down",
    "ceiling",
    "floor",
]
"""Says which way a number goes that has too many digits. In JSON: `"half-even"`.

- `half-even`: Half-way goes to the even neighbour, so that many roundings do not drift. "Banker's rounding".
- `half-up`: Half-way goes away from zero, as taught at school.
- `half-down`: Half-way goes towards zero.
- `half-odd`: Half-way goes to the odd neighbour.
- `half-ceiling`: Half-way goes to the larger neighbour.
- `half-floor`: Half-way goes to the smaller neighbour.
- `up`: Away from zero.
- `down`: Towards zero: digits are cut off.
- `ceiling`: To the larger neighbour.
- `floor`: To the smaller neighbour.
"""

Standing: TypeAlias = Literal["active", "retired"]
"""Whether something may still be used. Nothing that has a history is ever deleted.

- `active`: In use.
- `retired`: Kept for its history; new business with it is refused.
"""

StockLevel: TypeAlias = Literal["normal", "low", "out"]
"""How far the stock of an item has sunk at a site.

- `normal`: Above the reorder point.
- `low`: At or below the reorder point.
- `out`: Nothing available.
"""

Tracking: TypeAlias = Literal["stocked", "service"]
"""Whether stock is kept of an item.

- `stocked`: Goods: counted, valued, never oversold.
- `service`: A service, a fee, postage: sold without any stock.
"""
