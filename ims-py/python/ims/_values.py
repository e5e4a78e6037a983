# Written by tools/generate.py from the Rust sources; change those, or it.
"""What callers hand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from ims._types import Id, Number
from ims._words import RoundingMode


@dataclass(frozen=True)
class Unit:
    """Names what an item is counted in, and how finely: a piece is whole, a kilogram may have three decimals.

    In JSON: `{"code":"kg","decimals":3}`. Cloning is cheap.
    """

    code: str
    """What it is called."""

    decimals: int
    """How finely it divides."""


@dataclass(frozen=True)
class Rounding:
    """Says to how many decimals a number is rounded, and which way. In JSON: `{"digits":2,"mode":"half-even"}`."""

    digits: int
    """Decimals that are kept, 0 to 6. A rounding to more is refused wherever it is used."""

    mode: RoundingMode
    """Which way the rest goes."""


@dataclass(frozen=True)
class Contact:
    """How to reach somebody the shop trades with."""

    name: str
    """The company or the person."""

    contact: str = ""
    """Whom to ask for; may be empty."""

    email: str = ""
    """May be empty."""

    phone: str = ""
    """May be empty."""

    address: str = ""
    """Street and number; may be empty."""

    city: str = ""
    """May be empty."""

    country: str = ""
    """May be empty."""


@dataclass(frozen=True)
class Goods:
    """So many of an item."""

    item: Id
    """Which item."""

    quantity: Number
    """How many."""


@dataclass(frozen=True)
class CostedGoods:
    """So many of an item at a cost."""

    item: Id
    """Which item."""

    quantity: Number
    """How many."""

    unit_cost: Number
    """The cost of one."""


@dataclass(frozen=True)
class Adjusted:
    """A line of an adjustment."""

    item: Id
    """Which item."""

    quantity: Number
    """How many."""

    unit_cost: Number | None = None
    """The cost of one that is added; where none is given, what one of the stock costs now. Without meaning for
    what is taken: that leaves at its own cost.
    """


@dataclass(frozen=True)
class OrderedLine:
    """A line of an order, as it is asked for."""

    item: Id
    """Which item."""

    quantity: Number
    """How many."""

    unit_price: Number | None = None
    """The price of one; the item's where none is given. Below zero only for services: a credit."""

    discount: Discount | None = None
    """What is taken off."""


@dataclass(frozen=True)
class ShippedLine:
    """So many of a line of an order."""

    line: int
    """Which line, counted from 0."""

    quantity: Number
    """How many."""


@dataclass(frozen=True)
class ReturnedLine:
    """So many of a line of an order."""

    line: int
    """Which line of the order, counted from 0."""

    quantity: Number
    """How many."""

    refund: Number | None = None
    """What is refunded for them all; what was paid for them and not refunded yet where nothing is said. No more
    than that, unless there is a reason.
    """


@dataclass(frozen=True)
class LooseLine:
    """So many of an item."""

    item: Id
    """Which item."""

    quantity: Number
    """How many."""

    unit_price: Number
    """What is refunded for one: no more than its list price, unless there is a reason."""

    unit_cost: Number | None = None
    """What one had cost; where nothing is said, what one of the stock costs now."""


@dataclass(frozen=True)
class ReceivedLine:
    """So many of a line of a purchase order."""

    line: int
    """Which line, counted from 0."""

    quantity: Number
    """How many."""

    unit_cost: Number | None = None
    """What one cost; as agreed where nothing is said."""


@dataclass(frozen=True)
class FractionOff:
    """A fraction of the line, such as 0.15; rounded as the shop rounds."""

    fraction: Number
    """A fraction of the line, such as 0.15; rounded as the shop rounds."""


@dataclass(frozen=True)
class AmountOff:
    """An amount, not below zero."""

    amount: Number
    """An amount, not below zero."""


Discount = Union[FractionOff, AmountOff]
"""What is taken off a line."""


@dataclass(frozen=True)
class OfOrder:
    """Goods of an order. They come back with exactly the cost and the age that they left with."""

    order: Id
    """Which order."""

    lines: Sequence[ReturnedLine]
    """What comes back."""

    shipment: Id | None = None
    """Which of its shipments; where none is named, the oldest one that has goods out comes first."""

    site: Id | None = None
    """To which site; to the one that they left where none is named."""


@dataclass(frozen=True)
class Loose:
    """Goods of which nobody knows the order. They come back at the cost that is stated, or at what one of the
    stock costs now.
    """

    site: Id
    """To which site."""

    lines: Sequence[LooseLine]
    """What comes back."""

    customer: Id | None = None
    """From whom, where it is known."""


ReturnedGoods = Union[OfOrder, Loose]
"""What comes back, and how it is known what it had cost."""
