# Written by tools/generate.py from the Rust sources; change those, or it.
"""What can be asked about a shop, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ims._types import Id
from ims._words import AlertQuery, Listed, OrderStatus, ProfitBy, PurchaseStatus


@dataclass(frozen=True)
class AskItems:
    """Lists items by folded SKU, then id."""

    text: str | None

    brand: str | None

    category: str | None

    supplier: Id | None

    standing: Listed


@dataclass(frozen=True)
class AskLocations:
    """Lists locations by folded code, then id, virtual ones included."""


@dataclass(frozen=True)
class AskSuppliers:
    """Lists suppliers by folded code, then id."""

    text: str | None

    city: str | None

    standing: Listed


@dataclass(frozen=True)
class AskCustomers:
    """Lists customers by folded code, then id."""

    text: str | None

    city: str | None

    standing: Listed


@dataclass(frozen=True)
class AskStock:
    """Lists stock by folded SKU and folded site code. An item in trade that never was anywhere is listed with
    nothing at the site in use whose folded code comes first.
    """

    item: Id | None

    site: Id | None

    now: datetime


@dataclass(frozen=True)
class AskOrderNumbered:
    """Finds a sales order by its number in a series."""

    series: str

    number: int


@dataclass(frozen=True)
class AskOrders:
    """Lists sales orders, newest first: by descending `placed_at`, then descending id. All that is asked of lines
    has to be so of one line.
    """

    customer: Id | None

    site: Id | None

    status: OrderStatus | None

    item: Id | None

    city: str | None

    brand: str | None

    category: str | None

    from_: datetime | None

    until: datetime | None


@dataclass(frozen=True)
class AskPurchaseNumbered:
    """Finds a purchase order by its number in a series."""

    series: str

    number: int


@dataclass(frozen=True)
class AskPurchases:
    """Lists purchase orders, newest first: by descending `ordered_at`, then descending id. All that is asked of
    lines has to be so of one line.
    """

    supplier: Id | None

    site: Id | None

    status: PurchaseStatus | None

    item: Id | None

    city: str | None

    brand: str | None

    category: str | None

    from_: datetime | None

    until: datetime | None


@dataclass(frozen=True)
class AskAlerts:
    """Lists alerts by folded SKU and folded site code, each with what is available now: holds that lapse at or
    before `now` count no more.
    """

    which: AlertQuery

    now: datetime


@dataclass(frozen=True)
class AskProfit:
    """Lists revenue, cost and units, in ascending order of the key, or of the folded key where that is a brand or
    a category.
    """

    by: ProfitBy

    from_: date | None

    until: date | None


@dataclass(frozen=True)
class AskValue:
    """Sums up what is on the shelves."""

    site: Id | None

    as_of: datetime | None


@dataclass(frozen=True)
class AskReorder:
    """Lists what should be reordered, by folded SKU and folded site code. Holds that lapse at or before `now`
    count no more. Items that are retired or have no reorder point are never listed. An item that never was
    anywhere is to be ordered for the site where `Reports::stock` lists it.
    """

    now: datetime


@dataclass(frozen=True)
class AskMovements:
    """Lists movements, oldest first: by `occurred_at`, then key."""

    item: Id | None

    location: Id | None

    from_: datetime | None

    until: datetime | None
