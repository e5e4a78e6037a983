# Written by tools/generate.py from the Rust sources; change those, or it.
"""Everything that can be asked of a shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Union

from ims._types import Id, KEEP, Keep, Number
from ims._values import (
    Adjusted,
    Contact,
    CostedGoods,
    Goods,
    OrderedLine,
    ReceivedLine,
    ReturnedGoods,
    Rounding,
    ShippedLine,
    Unit,
)
from ims._words import AdjustmentReason, CostingMethod, Direction, OnShortage, Standing, Tracking


@dataclass(frozen=True, kw_only=True)
class OpenShop:
    """Opens the shop, once. Nothing else can be done before."""

    name: str
    """What it is called."""

    currency: str
    """The currency of its books."""

    time_zone: str = "UTC"
    """Decides the business day; UTC where none is given."""

    rounding: Rounding | None = None
    """How the total of a document's line is rounded; to the currency's smallest coin, halves up, where none is
    given.
    """

    costing: CostingMethod = "fifo"
    """The costing method of an item that names none."""


@dataclass(frozen=True, kw_only=True)
class ClosePeriod:
    """Closes the books up to and including a day: nothing that happened on it or before can be entered any more. A
    day that is closed already opens the books again after it, which takes a reason; so does a day that is far
    beyond the newest entry, as a wrong clock names it.
    """

    until: date
    """The last closed day."""

    reason: str | None = None
    """Why books are opened again, or closed far beyond the newest entry."""


@dataclass(frozen=True, kw_only=True)
class CreateItem:
    """Adds an item."""

    sku: str
    """The shop's own code, unique when folded."""

    name: str
    """What it is called."""

    description: str = ""
    """More words about it."""

    brand: str = ""
    """Its brand."""

    category: str = ""
    """Its category, a path such as `Drinks/Tea`."""

    unit: Unit | None = None
    """What one of it is; a piece where nothing is said."""

    tracking: Tracking | None = None
    """Whether stock is kept of it; it is where nothing is said."""

    costing: CostingMethod | None = None
    """How its cost of goods sold is found; as the shop's other items' where nothing is said."""

    standard_cost: Number | None = None
    """The standard cost of one."""

    price: Number | None = None
    """The price of one."""

    barcodes: Sequence[str] = ()
    """Its barcodes."""

    reorder_point: Number | None = None
    """At or below this many available it is low on stock."""

    reorder_to: Number | None = None
    """Reorder so many that this many are available again."""

    backorder_limit: Number = 0
    """How many more than available may be promised per site; none where nothing is said."""

    supplier: Id | None = None
    """Who usually supplies it."""


@dataclass(frozen=True, kw_only=True)
class UpdateItem:
    """Changes an item. What has been sold keeps the name, price, brand and category that it was sold with.

    Unit, tracking and costing can only change while there is none of it anywhere. A unit may get more decimals
    at any time.
    """

    item: Id
    """Which item."""

    sku: str | Keep = KEEP
    """The shop's own code."""

    name: str | Keep = KEEP
    """What it is called."""

    description: str | Keep = KEEP
    """More words about it."""

    brand: str | Keep = KEEP
    """Its brand."""

    category: str | Keep = KEEP
    """Its category."""

    unit: Unit | Keep = KEEP
    """What one of it is."""

    tracking: Tracking | Keep = KEEP
    """Whether stock is kept of it."""

    costing: CostingMethod | Keep = KEEP
    """How its cost of goods sold is found."""

    price: Number | None | Keep = KEEP
    """The price of one."""

    barcodes: Sequence[str] | Keep = KEEP
    """Its barcodes, all of them."""

    reorder_point: Number | None | Keep = KEEP
    """At or below this many available it is low on stock."""

    reorder_to: Number | None | Keep = KEEP
    """Reorder so many that this many are available again."""

    backorder_limit: Number | Keep = KEEP
    """How many more than available may be promised per site. What is promised already stays promised."""

    supplier: Id | None | Keep = KEEP
    """Who usually supplies it."""

    standing: Standing | Keep = KEEP
    """Whether it is in trade; to retire it, nothing of it may be promised or on its way."""

    if_tag: str | None = None
    """Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several,
    with commas between them, where one of them has to be it.
    """


@dataclass(frozen=True, kw_only=True)
class RetireItem:
    """Takes an item out of trade. It is no longer bought or sold; what is left of it can still be adjusted,
    transferred, sent back and taken back. Nothing of it may be promised or on its way. Its alerts are resolved.
    """

    item: Id
    """Which item."""


@dataclass(frozen=True, kw_only=True)
class CreateLocation:
    """Adds a site: a shop or a warehouse with stock of its own."""

    code: str
    """Its short code, unique when folded; also names its number series."""

    name: str
    """What it is called."""


@dataclass(frozen=True, kw_only=True)
class UpdateLocation:
    """Renames a site, retires it, or puts it back into use. Its code stays: numbers of documents begin with it.

    A site that is retired has nothing on hand, and nothing is open at it: goods could not come to it any more,
    and what is promised from it could not come back.
    """

    location: Id
    """Which site."""

    name: str | Keep = KEEP
    """What it is called."""

    standing: Standing | Keep = KEEP
    """Whether it is in use."""

    if_tag: str | None = None
    """Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several,
    with commas between them, where one of them has to be it.
    """


@dataclass(frozen=True, kw_only=True)
class CreateSupplier:
    """Adds a supplier."""

    code: str
    """The shop's short code for it, unique among suppliers when folded."""

    contact: Contact
    """How to reach it."""


@dataclass(frozen=True, kw_only=True)
class UpdateSupplier:
    """Changes how to reach a supplier, retires it, or takes it back. Its code stays."""

    supplier: Id
    """Which supplier."""

    contact: Contact | Keep = KEEP
    """How to reach it."""

    standing: Standing | Keep = KEEP
    """Whether the shop trades with it."""

    if_tag: str | None = None
    """Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several,
    with commas between them, where one of them has to be it.
    """


@dataclass(frozen=True, kw_only=True)
class CreateCustomer:
    """Adds a customer."""

    code: str
    """The shop's short code for it, unique among customers when folded."""

    contact: Contact
    """How to reach it."""


@dataclass(frozen=True, kw_only=True)
class UpdateCustomer:
    """Changes how to reach a customer, retires it, or takes it back. Its code stays."""

    customer: Id
    """Which customer."""

    contact: Contact | Keep = KEEP
    """How to reach it."""

    standing: Standing | Keep = KEEP
    """Whether the shop trades with it."""

    if_tag: str | None = None
    """Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several,
    with commas between them, where one of them has to be it.
    """


@dataclass(frozen=True, kw_only=True)
class ReceiveStock:
    """Takes in goods that no purchase order announced."""

    site: Id
    """At which site."""

    supplier: Id | None = None
    """Who delivered, where it is known."""

    lines: Sequence[CostedGoods]
    """What came."""


@dataclass(frozen=True, kw_only=True)
class SendBackStock:
    """Sends goods back to a supplier. They leave at the cost that any goods would leave at."""

    site: Id
    """From which site."""

    supplier: Id | None = None
    """To whom, where it is known."""

    lines: Sequence[Goods]
    """What goes back."""


@dataclass(frozen=True, kw_only=True)
class AdjustStock:
    """Corrects what is on the shelf, and says why. What is taken must be available: claims of others come first."""

    site: Id
    """At which site."""

    reason: AdjustmentReason
    """Why."""

    direction: Direction
    """Whether stock is added or taken."""

    lines: Sequence[Adjusted]
    """What is added or taken."""

    note: str | None = None
    """More about why."""


@dataclass(frozen=True, kw_only=True)
class TransferStock:
    """Moves stock from one site to another, at once. Goods keep their cost and the date they were acquired."""

    from_: Id
    """From here."""

    to: Id
    """To there."""

    lines: Sequence[Goods]
    """What goes."""


@dataclass(frozen=True, kw_only=True)
class PlaceHold:
    """Puts stock aside for a basket until a moment. From then on it counts no more, without anybody having to do
    anything.
    """

    item: Id
    """Which item."""

    site: Id
    """At which site."""

    quantity: Number
    """How many."""

    until: datetime
    """Until when."""


@dataclass(frozen=True, kw_only=True)
class ExtendHold:
    """Changes until when stock is put aside. A hold that has lapsed cannot be extended: others may have the goods.
    """

    hold: Id
    """Which hold."""

    until: datetime
    """Until when, from now on."""


@dataclass(frozen=True, kw_only=True)
class ReleaseHold:
    """Ends a hold. What it held is available again."""

    hold: Id
    """Which hold."""


@dataclass(frozen=True, kw_only=True)
class SetStandardCost:
    """Sets the standard cost of an item and revalues what is on hand, at every site. The difference is a variance.
    Entered late, it follows everything that has moved of the item: what came later was not there to be
    revalued.
    """

    item: Id
    """Which item."""

    unit_cost: Number
    """The cost of one unit from now on."""


@dataclass(frozen=True, kw_only=True)
class PlacePurchase:
    """Orders goods from a supplier. They are incoming until they come."""

    supplier: Id
    """Who delivers."""

    site: Id
    """Where the goods go."""

    expected: date | None = None
    """When the goods should be there."""

    lines: Sequence[CostedGoods]
    """What is ordered."""


@dataclass(frozen=True, kw_only=True)
class ReceivePurchase:
    """Takes in goods of a purchase order: what is named, or all that is still to come."""

    purchase: Id
    """Which purchase order."""

    lines: Sequence[ReceivedLine] | None = None
    """What came; all that is still to come where nothing is named."""


@dataclass(frozen=True, kw_only=True)
class ClosePurchase:
    """Closes a purchase order short: what has not come will not come."""

    purchase: Id
    """Which purchase order."""


@dataclass(frozen=True, kw_only=True)
class CancelPurchase:
    """Cancels a purchase order of which nothing has come."""

    purchase: Id
    """Which purchase order."""


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """Places a sales order: every line gets its goods allocated, or the order says what happens otherwise."""

    site: Id
    """Where the goods come from."""

    customer: Id | None = None
    """Who buys, where it is known."""

    currency: str | None = None
    """The currency of the prices; the shop's where none is given."""

    series: str | None = None
    """The series that its number is from, the same for all codes that fold alike; the site's code where none is
    given. One for each till keeps tills from waiting for each other.
    """

    lines: Sequence[OrderedLine]
    """What is ordered."""

    on_shortage: OnShortage = "refuse"
    """What happens where there is not enough."""

    holds: Sequence[Id] = ()
    """Holds whose goods are for this order: they end, and do not count against it."""


@dataclass(frozen=True, kw_only=True)
class ShipOrder:
    """Ships goods of an order: what is named, or all that is allocated."""

    order: Id
    """Which order."""

    lines: Sequence[ShippedLine] | None = None
    """What leaves; all that is allocated where nothing is named."""


@dataclass(frozen=True, kw_only=True)
class CancelOrder:
    """Cancels all of an order that has not been shipped. Its goods are available again."""

    order: Id
    """Which order."""


@dataclass(frozen=True, kw_only=True)
class Sell:
    """Sells over the counter: places an order and ships all of it, or does nothing."""

    site: Id
    """Where the goods are."""

    customer: Id | None = None
    """Who buys, where it is known."""

    currency: str | None = None
    """The currency of the prices; the shop's where none is given."""

    series: str | None = None
    """The series that its number is from, the same for all codes that fold alike; the site's code where none is
    given.
    """

    lines: Sequence[OrderedLine]
    """What is sold."""

    holds: Sequence[Id] = ()
    """Holds whose goods are sold."""


@dataclass(frozen=True, kw_only=True)
class ReturnGoods:
    """Takes goods back from a customer and puts them on the shelf. What is refunded is said apart from what comes
    back.
    """

    goods: ReturnedGoods
    """What comes back."""

    refund_reason: str | None = None
    """Why more may be refunded than was paid, or than the list price where no order is known. Without it, no more
    is.
    """


@dataclass(frozen=True, kw_only=True)
class AcknowledgeAlert:
    """Says that somebody knows of an alert. It stays open until the stock recovers."""

    item: Id
    """About which item."""

    site: Id
    """At which site."""


Command = Union[
    OpenShop,
    ClosePeriod,
    CreateItem,
    UpdateItem,
    RetireItem,
    CreateLocation,
    UpdateLocation,
    CreateSupplier,
    UpdateSupplier,
    CreateCustomer,
    UpdateCustomer,
    ReceiveStock,
    SendBackStock,
    AdjustStock,
    TransferStock,
    PlaceHold,
    ExtendHold,
    ReleaseHold,
    SetStandardCost,
    PlacePurchase,
    ReceivePurchase,
    ClosePurchase,
    CancelPurchase,
    PlaceOrder,
    ShipOrder,
    CancelOrder,
    Sell,
    ReturnGoods,
    AcknowledgeAlert,
]
"""Something that can be asked of a shop, as data."""
