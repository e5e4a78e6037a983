# Written by tools/generate.py from the Rust sources; change those, or it.
"""What the engine keeps and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ims._values import Contact, Rounding, Unit
from ims._words import (
    AdjustmentReason,
    CostingMethod,
    DocumentKind,
    LocationKind,
    MovementKind,
    OrderStatus,
    PurchaseStatus,
    Standing,
    StockLevel,
    Tracking,
)


@dataclass(frozen=True)
class Shop:
    """The shop itself: one row, written by `OpenShop`."""

    name: str
    """What the shop is called."""

    currency: str
    """The currency of its books."""

    time_zone: str
    """Decides the business day."""

    rounding: Rounding
    """How the total of a document's line is rounded."""

    costing: CostingMethod
    """The costing method of an item that names none."""

    closed_until: date | None
    """Nothing may be booked on or before this day."""


@dataclass(frozen=True)
class Item:
    """Something that is bought or sold."""

    id: str
    """The id of the command that created it."""

    sku: str
    """The shop's own code. A SKU or barcode names one item of the shop: see `Name::item`."""

    name: str
    """What it is called."""

    description: str
    """More words about it; may be empty."""

    brand: str
    """Its brand; may be empty."""

    category: str
    """Its category, a path such as `Drinks/Tea`; may be empty."""

    unit: Unit
    """What one of it is, and how finely it divides."""

    tracking: Tracking
    """Whether stock is kept of it."""

    costing: CostingMethod
    """How its cost of goods sold is found."""

    standard_cost: Decimal | None
    """The cost of one unit where the method is `CostingMethod::Standard`."""

    price: Decimal | None
    """The price of one unit, in the shop's currency."""

    barcodes: tuple[str, ...]
    """Its barcodes. A SKU or barcode names one item of the shop: see `Name::item`."""

    reorder_point: Decimal | None
    """At or below this many available it is low on stock."""

    reorder_to: Decimal | None
    """Reorder so many that this many are available again."""

    backorder_limit: Decimal
    """How many more than available may be promised per site."""

    supplier: str | None
    """Who usually supplies it."""

    standing: Standing
    """Whether it is still sold."""


@dataclass(frozen=True)
class Location:
    """A place that goods move from and to."""

    id: str
    """The id of the command that created it, or one of the well-known virtual ids."""

    code: str
    """Its short code, unique when folded."""

    name: str
    """What it is called."""

    kind: LocationKind
    """What kind of place it is."""

    standing: Standing
    """Whether it is still in use."""


@dataclass(frozen=True)
class Supplier:
    """Somebody the shop buys from."""

    id: str
    """The id of the command that created it."""

    code: str
    """The shop's short code for it, unique among suppliers when folded."""

    contact: Contact
    """How to reach it."""

    standing: Standing
    """Whether the shop still trades with it."""


@dataclass(frozen=True)
class Customer:
    """Somebody the shop sells to."""

    id: str
    """The id of the command that created it."""

    code: str
    """The shop's short code for it, unique among customers when folded."""

    contact: Contact
    """How to reach it."""

    standing: Standing
    """Whether the shop still trades with it."""


@dataclass(frozen=True)
class Series:
    """Numbers documents without gaps."""

    code: str
    """What it is called: a folded code, but for series of older shops."""

    last: int
    """The number given last; 0 before the first."""


@dataclass(frozen=True)
class Stock:
    """The stock of an item at a site. Its version guards everything else about this item at this site: its cost
    layers, its alert, which holds and backorders there are.
    """

    item: str
    """Which item."""

    site: str
    """At which site."""

    on_hand: Decimal
    """What is on the shelf: the sum of its movements."""

    value: Decimal
    """What it cost: the sum of its movements' values."""

    allocated: Decimal
    """Claimed by placed orders."""

    held: Decimal
    """Claimed by holds that nobody released, lapsed ones included."""

    holds_lapse_at: datetime | None
    """When the first of those holds lapses; before this moment `held` is exact."""

    backordered: Decimal
    """Promised to orders but not allocated yet."""

    incoming: Decimal
    """Ordered from suppliers and not received yet."""

    last_unit_cost: Decimal | None
    """The cost of one unit in the last receipt."""

    layers_made: int
    """How many cost layers there have been; numbers the next one."""

    level: StockLevel
    """What the alert was last told."""


@dataclass(frozen=True)
class Layer:
    """What is left of one acquisition. A layer with nothing left is deleted."""

    item: str
    """Which item."""

    site: str
    """At which site."""

    acquired_at: datetime
    """When the goods were acquired."""

    number: int
    """Tells layers of one moment apart: in the order of entry."""

    quantity: Decimal
    """What is left of it."""

    value: Decimal
    """What that cost."""


@dataclass(frozen=True)
class Hold:
    """Stock put aside until a moment. Deleted when released, used, or found lapsed."""

    id: str
    """The id of the command that placed it."""

    item: str
    """Which item."""

    site: str
    """At which site."""

    quantity: Decimal
    """How many."""

    until: datetime
    """From this moment on it counts no more."""

    changed_at: datetime | None
    """When it was placed, or extended last: what ends it came after that. Not known of holds that were placed
    before this was noted.
    """


@dataclass(frozen=True)
class Shipment:
    """Goods of an order that left together."""

    id: str
    """The command that shipped them; their movements carry this id."""

    shipped_at: datetime
    """When they left."""


@dataclass(frozen=True)
class OrderLine:
    """A line of a sales order, with everything as it was when the order was placed."""

    item: str
    """Which item."""

    sku: str
    """Its SKU then."""

    name: str
    """Its name then."""

    brand: str
    """Its brand then."""

    category: str
    """Its category then."""

    tracking: Tracking
    """Whether stock was kept of it then."""

    quantity: Decimal
    """How many were ordered."""

    unit_price: Decimal
    """The price of one."""

    discount: Decimal
    """Taken off the line."""

    total: Decimal
    """`quantity × unit_price − discount`, rounded as the shop rounds."""

    allocated: Decimal
    """Claimed on the shelf and not shipped yet."""

    backordered: Decimal
    """Promised and waiting for goods."""

    shipped: Decimal
    """Has left."""

    cancelled: Decimal
    """Will not be delivered any more."""

    returned: Decimal
    """Has come back."""

    revenue: Decimal
    """The part of `total` that has been earned by shipping."""

    cost: Decimal
    """The cost of the goods that have left."""

    refunded: Decimal
    """The part of `revenue` that has been given back."""

    cost_returned: Decimal
    """The part of `cost` that has come back."""


@dataclass(frozen=True)
class Party:
    """Whom a document was made out to, as it was called and where it was then. What a supplier or customer is
    called later changes no document.
    """

    name: str
    """The company or the person."""

    address: str
    """Street and number; may be empty."""

    city: str
    """May be empty."""

    country: str
    """May be empty."""


@dataclass(frozen=True)
class OrderAmounts:
    """What a sales order has come to. `total` of the order is what was ordered; all of these are sums over its
    lines, in coins, and `total = cancelled + what is still open + shipped`.
    """

    cancelled: Decimal
    """What will not be delivered any more, at the price it was ordered at."""

    shipped: Decimal
    """What has left: the revenue."""

    returned: Decimal
    """What has come back, at the price it was sold at."""

    refunded: Decimal
    """What was given back for that."""

    to_pay: Decimal
    """What the customer has to pay in all: what was ordered, less `cancelled`, less `refunded`."""


@dataclass(frozen=True)
class Order:
    """A sales order and its lines."""

    id: str
    """The id of the command that placed it."""

    series: str
    """Which series of numbers it is in: the code of its site unless the caller named another, folded."""

    number: int
    """Its number in the series, without gaps, from 1."""

    site: str
    """Where its goods come from."""

    customer: str | None
    """Who bought, where it is known."""

    party: Party | None
    """The customer as it was when the order was placed."""

    currency: str
    """The currency of its prices."""

    status: OrderStatus
    """How far it has come."""

    placed_at: datetime
    """When it was placed."""

    total: Decimal
    """What was ordered: the sum of its lines' totals."""

    amounts: OrderAmounts
    """What that has come to since: cancelled, shipped, returned, refunded, and to pay."""

    lines: tuple[OrderLine, ...]
    """What was ordered."""

    shipments: tuple[Shipment, ...]
    """What has left, oldest first."""


@dataclass(frozen=True)
class ReturnLine:
    """A line of a return."""

    item: str
    """Which item."""

    sku: str
    """Its SKU then."""

    name: str
    """Its name then."""

    brand: str
    """Its brand when it was sold, or when it came back where no order is known."""

    category: str
    """Its category when it was sold, or when it came back where no order is known."""

    quantity: Decimal
    """How many came back."""

    refund: Decimal
    """What is refunded for them."""

    cost: Decimal
    """What they cost."""


@dataclass(frozen=True)
class Return:
    """Goods that came back."""

    id: str
    """The id of the command that took them back."""

    order: str | None
    """The order they had left with, where it is known."""

    site: str
    """Where they came back to."""

    customer: str | None
    """Who brought them, where it is known."""

    party: Party | None
    """The customer as it was when the goods were sold, or when they came back where no order is known."""

    returned_at: datetime
    """When they came back."""

    refund: Decimal
    """What is refunded: the sum over the lines."""

    refund_reason: str | None
    """Why more may be refunded than was paid, where that was said."""

    lines: tuple[ReturnLine, ...]
    """What came back."""


@dataclass(frozen=True)
class PurchaseLine:
    """A line of a purchase order."""

    item: str
    """Which item."""

    sku: str
    """Its SKU when it was ordered."""

    name: str
    """Its name when it was ordered."""

    quantity: Decimal
    """How many were ordered."""

    unit_cost: Decimal
    """The agreed cost of one."""

    received: Decimal
    """How many have come."""

    received_cost: Decimal
    """What those that have come cost together."""

    cancelled: Decimal
    """How many will not come any more."""


@dataclass(frozen=True)
class PurchaseAmounts:
    """What a purchase order has come to. `total` of the purchase order is what was ordered at the agreed cost; all
    of these are sums over its lines.
    """

    cancelled: Decimal
    """What will not come any more, at the agreed cost."""

    received: Decimal
    """What has come, at what it cost then."""

    to_pay: Decimal
    """What the shop has to pay in all: `received`, and what is still to come at the agreed cost."""


@dataclass(frozen=True)
class Purchase:
    """A purchase order and its lines."""

    id: str
    """The id of the command that placed it."""

    series: str
    """Which series of numbers it is in: `P-` and the code of its site, folded."""

    number: int
    """Its number in the series, without gaps, from 1."""

    supplier: str
    """Who delivers."""

    party: Party | None
    """The supplier as it was when the goods were ordered."""

    site: str
    """Where the goods go."""

    status: PurchaseStatus
    """How far it has come."""

    ordered_at: datetime
    """When it was placed."""

    expected: date | None
    """When the goods should be there."""

    received_at: datetime | None
    """When goods of it came last."""

    total: Decimal
    """What was ordered, at the agreed cost: the sum over its lines."""

    amounts: PurchaseAmounts
    """What that has come to since: cancelled, received, and to pay."""

    lines: tuple[PurchaseLine, ...]
    """What was ordered."""


@dataclass(frozen=True)
class Alert:
    """An alert about the stock of an item at a site: one row for each, kept after it is resolved."""

    item: str
    """Which item."""

    site: str
    """At which site."""

    kind: StockLevel
    """How far the stock has sunk; never `StockLevel::Normal`."""

    available: Decimal
    """What was available when it was raised."""

    threshold: Decimal
    """At or below how many it is raised."""

    raised_at: datetime
    """When it was raised."""

    acknowledged_at: datetime | None
    """When somebody said that they know of it."""

    resolved_at: datetime | None
    """When the level recovered."""


@dataclass(frozen=True)
class MovementKey:
    """Names a movement: which command made it, and which of that command's movements it is."""

    command: str
    """The command that made it."""

    number: int
    """Its place among that command's movements, from 0."""


@dataclass(frozen=True)
class Document:
    """What goods moved for."""

    kind: DocumentKind
    """Whether it is an order, a return or a purchase."""

    id: str
    """Its id."""

    line: int
    """Its line, counted from 0."""


@dataclass(frozen=True)
class Movement:
    """Goods, and what they cost, going from one location to another. Never changed, never deleted."""

    command: str
    """The command that made it."""

    number: int
    """Its place among that command's movements, from 0."""

    item: str
    """Which item."""

    from_: str
    """Where it was."""

    to: str
    """Where it is now."""

    kind: MovementKind
    """Why it moved."""

    reason: AdjustmentReason | None
    """Why it was adjusted, where it was."""

    quantity: Decimal
    """How many; zero where only value moved."""

    value: Decimal
    """What they cost. Negative only where value alone moved the other way."""

    revenue: Decimal
    """What they were sold for, or what is refunded; zero unless sold or returned."""

    acquired_at: datetime
    """When these goods were acquired: the age that they keep wherever they go."""

    layer: int | None
    """Which cost layer they were of at the site that they left, or became where they came from no site; `None`
    where no layers are kept. Counted as `LayerKey::number`.
    """

    occurred_at: datetime
    """When they moved."""

    recorded_at: datetime
    """When the shop was told."""

    document: Document | None
    """The order, return, or purchase that they moved for."""

    undoes: MovementKey | None
    """The sale that is undone by a return, the receipt by a supplier return."""


@dataclass(frozen=True)
class StockLine:
    """The stock of an item at a site, as a person reads it."""

    item: str
    """Which item."""

    sku: str
    """Its SKU now."""

    name: str
    """Its name now."""

    site: str
    """The code of the site."""

    on_hand: Decimal
    """On the shelf."""

    committed: Decimal
    """Allocated to orders or held."""

    available: Decimal
    """`on_hand − committed`."""

    incoming: Decimal
    """Ordered and not received."""

    backordered: Decimal
    """Promised and not allocated."""

    value: Decimal
    """What the stock on hand cost."""


@dataclass(frozen=True)
class AlertLine:
    """An alert, as a person reads it."""

    item: str
    """Which item."""

    sku: str
    """Its SKU now."""

    name: str
    """Its name now."""

    site: str
    """The code of the site."""

    kind: StockLevel
    """How far the stock had sunk when it was raised."""

    available: Decimal
    """What is available now."""

    threshold: Decimal | None
    """The item's reorder point now, where it has one."""

    available_then: Decimal
    """What was available when it was raised."""

    threshold_then: Decimal
    """At or below how many it was raised; zero where the item had no reorder point."""

    raised_at: datetime
    """When it was raised."""

    acknowledged_at: datetime | None
    """When somebody said that they know of it."""

    resolved_at: datetime | None
    """When the level recovered."""


@dataclass(frozen=True)
class ProfitLine:
    """What was sold less what came back. Lists of these are in ascending order of `key`, compared as UTF-8 bytes;
    brands and categories in that of their folded form.
    """

    key: str
    """The SKU, brand, category, customer code, day, month or site. Of several spellings of a brand or a category,
    the one that comes last in the order of UTF-8 bytes: `Old` rather than `OLD`.
    """

    name: str
    """The name of that item or customer or site now; otherwise empty."""

    units: Decimal
    """How many."""

    revenue: Decimal
    """What for."""

    cost: Decimal
    """What they cost."""


@dataclass(frozen=True)
class ReorderLine:
    """An item that should be reordered: `available + incoming − backordered` is at or below its reorder point."""

    item: str
    """Which item."""

    sku: str
    """Its SKU."""

    name: str
    """Its name."""

    site: str
    """The code of the site."""

    supplier: str
    """The code of its usual supplier; empty where there is none."""

    available: Decimal
    """What can be sold now."""

    incoming: Decimal
    """What has been ordered already."""

    backordered: Decimal
    """What has been promised beyond."""

    threshold: Decimal | None
    """Its reorder point; nothing where it has none, and customers wait for it."""

    propose: Decimal
    """How many to order: what is missing to `reorder_to`, or to twice the reorder point where there is no
    `reorder_to`; at least one smallest unit.
    """


@dataclass(frozen=True)
class StockValue:
    """What is on the shelves and what it cost."""

    quantity: Decimal
    """How many units of everything."""

    value: Decimal
    """What they cost."""


@dataclass(frozen=True)
class UndoneMovement:
    """How much of a movement has been undone."""

    command: str

    number: int

    quantity: Decimal

    value: Decimal


@dataclass(frozen=True)
class ItemSales:
    """What was sold of an item on a day, less what came back."""

    day: date

    site: str

    item: str

    brand: str

    category: str

    units: Decimal

    revenue: Decimal

    cost: Decimal


@dataclass(frozen=True)
class CustomerSales:
    """What was sold to a customer on a day, less what came back."""

    day: date

    customer: str | None

    units: Decimal

    revenue: Decimal

    cost: Decimal


@dataclass(frozen=True)
class AnsweredCommand:
    """A command that was answered."""

    id: str

    fingerprint: str

    answer: str


@dataclass(frozen=True)
class Moved:
    """Goods that moved, and what they cost."""

    line: int
    """The line of the document, counted from 0."""

    item: str
    """Which item."""

    quantity: Decimal
    """How many."""

    cost: Decimal
    """What they cost together."""

    acquired_at: datetime
    """When they were acquired."""


@dataclass(frozen=True)
class Filled:
    """A line of an order that was waiting and got goods."""

    order: str
    """The order."""

    line: int
    """Its line, counted from 0."""

    quantity: Decimal
    """How many it got."""


@dataclass(frozen=True)
class Broken:
    """A promise that a row breaks."""

    promise: str
    """Which promise."""

    row: str
    """Which row: its table and its key, in the names that people use where they are known, else in ids. Lines
    count from 1.
    """

    finding: str
    """Which column, what it has, and what it should have."""
