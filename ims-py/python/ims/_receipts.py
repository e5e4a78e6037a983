# Written by tools/generate.py from the Rust sources; change those, or it.
"""What a command did, and the log of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Union

from ims._late import Late
from ims._rows import Alert, Customer, Filled, Hold, Item, Location, Moved, Order, Purchase, Return, Shop, Supplier
from ims._words import AdjustmentReason, Direction


@dataclass(frozen=True)
class ShopOpened:
    """The shop is open."""

    shop: Shop


@dataclass(frozen=True)
class PeriodClosed(Late):
    """Nothing can be booked on or before this day any more; where books were opened again, after it something can.
    """

    until: date
    """The last closed day."""

    reopened_from: date | None
    """What the last closed day was before books were opened again."""

    reason: str | None
    """Why they were opened again, or closed far beyond the newest entry."""


@dataclass(frozen=True)
class ItemCreated:
    """There is a new item."""

    item: Item


@dataclass(frozen=True)
class ItemUpdated:
    """An item is now like this."""

    item: Item


@dataclass(frozen=True)
class ItemRetired(Late):
    """An item is no longer traded."""

    item: str
    """Which item."""

    sku: str
    """Its SKU."""


@dataclass(frozen=True)
class LocationCreated:
    """There is a new site."""

    location: Location


@dataclass(frozen=True)
class LocationUpdated:
    """A site is now like this."""

    location: Location


@dataclass(frozen=True)
class SupplierCreated:
    """There is a new supplier."""

    supplier: Supplier


@dataclass(frozen=True)
class SupplierUpdated:
    """A supplier is now like this."""

    supplier: Supplier


@dataclass(frozen=True)
class CustomerCreated:
    """There is a new customer."""

    customer: Customer


@dataclass(frozen=True)
class CustomerUpdated:
    """A customer is now like this."""

    customer: Customer


@dataclass(frozen=True)
class StockReceived(Late):
    """Goods came in without a purchase order."""

    site: str
    """At which site."""

    supplier: str | None
    """Who delivered, where it is known."""

    lines: tuple[Moved, ...]
    """What came in."""


@dataclass(frozen=True)
class StockSentBack(Late):
    """Goods were sent back to a supplier."""

    site: str
    """From which site."""

    supplier: str | None
    """To whom, where it is known."""

    lines: tuple[Moved, ...]
    """What was sent back."""


@dataclass(frozen=True)
class StockAdjusted(Late):
    """Stock was corrected."""

    site: str
    """At which site."""

    reason: AdjustmentReason
    """Why."""

    direction: Direction
    """In which direction."""

    lines: tuple[Moved, ...]
    """What was added or taken."""

    note: str | None
    """More about why."""


@dataclass(frozen=True)
class StockTransferred(Late):
    """Goods went from one site to another."""

    from_: str
    """From here."""

    to: str
    """To there."""

    lines: tuple[Moved, ...]
    """What went."""


@dataclass(frozen=True)
class HoldPlaced:
    """Stock is put aside."""

    hold: Hold


@dataclass(frozen=True)
class HoldExtended:
    """Stock is put aside for longer, or for shorter."""

    hold: Hold


@dataclass(frozen=True)
class HoldReleased:
    """Stock is no longer put aside."""

    hold: Hold


@dataclass(frozen=True)
class StandardCostSet(Late):
    """An item's standard cost is set, and its stock revalued."""

    item: str
    """Which item."""

    unit_cost: Decimal
    """The cost of one unit from now on."""

    revaluation: Decimal
    """How much more the stock is worth than before."""


@dataclass(frozen=True)
class PurchasePlaced:
    """There is a new purchase order."""

    purchase: Purchase


@dataclass(frozen=True)
class PurchaseReceived(Late):
    """Goods of a purchase order came in."""

    purchase: Purchase
    """The order as it is now."""

    lines: tuple[Moved, ...]
    """What came in."""


@dataclass(frozen=True)
class PurchaseClosed:
    """The rest of a purchase order will not come."""

    purchase: Purchase


@dataclass(frozen=True)
class PurchaseCancelled:
    """A purchase order will not come at all."""

    purchase: Purchase


@dataclass(frozen=True)
class OrderPlaced:
    """There is a new sales order."""

    order: Order


@dataclass(frozen=True)
class OrderShipped(Late):
    """Goods of an order left."""

    order: Order
    """The order as it is now."""

    lines: tuple[Moved, ...]
    """What left."""


@dataclass(frozen=True)
class OrderCancelled:
    """What had not left will not leave any more."""

    order: Order


@dataclass(frozen=True)
class Sold(Late):
    """Goods were sold over the counter: placed and shipped at once."""

    order: Order
    """The order."""

    lines: tuple[Moved, ...]
    """What left."""


@dataclass(frozen=True)
class GoodsReturned(Late):
    """Goods came back."""

    goods: Return
    """The return."""

    lines: tuple[Moved, ...]
    """What came back."""


@dataclass(frozen=True)
class AlertAcknowledged:
    """Somebody knows of an alert."""

    alert: Alert


Receipt = Union[
    ShopOpened,
    PeriodClosed,
    ItemCreated,
    ItemUpdated,
    ItemRetired,
    LocationCreated,
    LocationUpdated,
    SupplierCreated,
    SupplierUpdated,
    CustomerCreated,
    CustomerUpdated,
    StockReceived,
    StockSentBack,
    StockAdjusted,
    StockTransferred,
    HoldPlaced,
    HoldExtended,
    HoldReleased,
    StandardCostSet,
    PurchasePlaced,
    PurchaseReceived,
    PurchaseClosed,
    PurchaseCancelled,
    OrderPlaced,
    OrderShipped,
    OrderCancelled,
    Sold,
    GoodsReturned,
    AlertAcknowledged,
]
"""What was done. Each variant is named after what happened and holds what a reader of the log needs to follow it."""


@dataclass(frozen=True)
class BackordersFilled:
    """Orders that were waiting for goods got some."""

    filled: tuple[Filled, ...]


@dataclass(frozen=True)
class AlertRaised:
    """Stock sank to or below a threshold."""

    alert: Alert


@dataclass(frozen=True)
class AlertResolved:
    """Stock recovered."""

    alert: Alert


EventBody = Union[Receipt, BackordersFilled, AlertRaised, AlertResolved]
"""What happened: a command was done, or something followed from it."""


@dataclass(frozen=True)
class Event:
    """An entry of the log."""

    offset: int
    """Its place in the log."""

    command: str
    """The command that caused it."""

    actor: str
    """Who gave that command."""

    occurred_at: datetime
    """When it happened in the shop."""

    recorded_at: datetime
    """When the shop was told."""

    body: EventBody
    """What happened."""
