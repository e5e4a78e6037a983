# Written by tools/generate.py from the Rust sources; change those, or it.
"""Why the rules said no: a class for each code.

The classes stand in order of precedence: a command is checked line by line, and a line is refused with the
first one that applies to it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ims._errors import Rejected
from ims._words import OrderStatus, PurchaseStatus


class InvalidField(Rejected):
    """Says: <field> <problem>."""

    code = "invalid_field"
    __match_args__ = ("field", "problem",)
    field: str
    problem: str


class WrongCheckDigit(Rejected):
    """Says: ."""

    code = "wrong_check_digit"
    __match_args__ = ("barcode", "expected",)
    barcode: str
    expected: int


class TooManyLines(Rejected):
    """Says: <lines> lines are more than a document may have: at most <limit>."""

    code = "too_many_lines"
    __match_args__ = ("lines", "limit",)
    lines: int
    limit: int


class NoLines(Rejected):
    """Says: there is no line: at least one is needed."""

    code = "no_lines"
    __match_args__ = ()


class QuantityNotPositive(Rejected):
    """Says: line <line>: the quantity must be above zero, not <quantity>."""

    code = "quantity_not_positive"
    __match_args__ = ("line", "quantity",)
    line: int
    quantity: Decimal


class AmountNegative(Rejected):
    """Says: <field> must not be below zero: <amount>."""

    code = "amount_negative"
    __match_args__ = ("field", "amount",)
    field: str
    amount: Decimal


class OccursInFuture(Rejected):
    """Says: it cannot have happened at <occurred_at>, after it was recorded at <now>."""

    code = "occurs_in_future"
    __match_args__ = ("occurred_at", "now",)
    occurred_at: datetime
    now: datetime


class OccursTooEarly(Rejected):
    """Says: ."""

    code = "occurs_too_early"
    __match_args__ = ("occurred_at", "earliest",)
    occurred_at: datetime
    earliest: datetime


class ShopNotOpen(Rejected):
    """Says: the shop is not open yet: open it first."""

    code = "shop_not_open"
    __match_args__ = ()


class ShopAlreadyOpen(Rejected):
    """Says: the shop is open already."""

    code = "shop_already_open"
    __match_args__ = ()


class PeriodClosed(Rejected):
    """Says: <day> is in a closed period: the books are closed until <closed_until>."""

    code = "period_closed"
    __match_args__ = ("day", "closed_until",)
    day: date
    closed_until: date


class PeriodTooFar(Rejected):
    """Says: nothing was entered after <newest>: to close the books until <until>, look at the clock, or say why."""

    code = "period_too_far"
    __match_args__ = ("until", "newest",)
    until: date
    newest: date


class CurrencyMismatch(Rejected):
    """Says: prices are in <given>, the shop's books are in <shop>."""

    code = "currency_mismatch"
    __match_args__ = ("given", "shop",)
    given: str
    shop: str


class UnknownItem(Rejected):
    """Says: there is no item with this id."""

    code = "unknown_item"
    __match_args__ = ("item",)
    item: str


class ItemRetired(Rejected):
    """Says: item <sku> is retired: restore it to trade with it again."""

    code = "item_retired"
    __match_args__ = ("sku",)
    sku: str


class UnknownLocation(Rejected):
    """Says: there is no site with this id."""

    code = "unknown_location"
    __match_args__ = ("location",)
    location: str


class NotASite(Rejected):
    """Says: <location> is not a site and has no stock of its own."""

    code = "not_a_site"
    __match_args__ = ("location",)
    location: str


class LocationRetired(Rejected):
    """Says: site <location> is retired: restore it to use it again."""

    code = "location_retired"
    __match_args__ = ("location",)
    location: str


class UnknownSupplier(Rejected):
    """Says: there is no supplier with this id."""

    code = "unknown_supplier"
    __match_args__ = ("supplier",)
    supplier: str


class SupplierRetired(Rejected):
    """Says: supplier <supplier> is retired: restore it to buy from it again."""

    code = "supplier_retired"
    __match_args__ = ("supplier",)
    supplier: str


class UnknownCustomer(Rejected):
    """Says: there is no customer with this id."""

    code = "unknown_customer"
    __match_args__ = ("customer",)
    customer: str


class CustomerRetired(Rejected):
    """Says: customer <customer> is retired: restore it to sell to it again."""

    code = "customer_retired"
    __match_args__ = ("customer",)
    customer: str


class UnknownOrder(Rejected):
    """Says: there is no order with this id."""

    code = "unknown_order"
    __match_args__ = ("order",)
    order: str


class UnknownPurchase(Rejected):
    """Says: there is no purchase order with this id."""

    code = "unknown_purchase"
    __match_args__ = ("purchase",)
    purchase: str


class UnknownShipment(Rejected):
    """Says: the order has no such shipment."""

    code = "unknown_shipment"
    __match_args__ = ("shipment",)
    shipment: str


class UnknownLine(Rejected):
    """Says: there is no line <line>."""

    code = "unknown_line"
    __match_args__ = ("line",)
    line: int


class UnknownHold(Rejected):
    """Says: ."""

    code = "unknown_hold"
    __match_args__ = ("hold",)
    hold: str


class UnknownAlert(Rejected):
    """Says: there is no open alert for <sku> at <site>."""

    code = "unknown_alert"
    __match_args__ = ("sku", "site",)
    sku: str
    site: str


class Changed(Rejected):
    """Says: it was changed since it was seen: look at it again before you change it."""

    code = "changed"
    __match_args__ = ("tag",)
    tag: str


class SkuTaken(Rejected):
    """Says: SKU <sku> is taken by another item, in trade or retired."""

    code = "sku_taken"
    __match_args__ = ("sku", "by",)
    sku: str
    by: str


class BarcodeTaken(Rejected):
    """Says: barcode <barcode> is taken by another item, in trade or retired."""

    code = "barcode_taken"
    __match_args__ = ("barcode", "by",)
    barcode: str
    by: str


class CodeTaken(Rejected):
    """Says: code <taken> is taken by another one, in use or retired."""

    code = "code_taken"
    __match_args__ = ("taken",)
    taken: str


class ServiceHasNoStock(Rejected):
    """Says: <sku> is a service and has no stock."""

    code = "service_has_no_stock"
    __match_args__ = ("sku",)
    sku: str


class QuantityTooFine(Rejected):
    """Says: <sku> is counted with at most <decimals> decimals, not as <quantity>."""

    code = "quantity_too_fine"
    __match_args__ = ("sku", "quantity", "decimals",)
    sku: str
    quantity: Decimal
    decimals: int


class PriceUnknown(Rejected):
    """Says: <sku> has no price: state one."""

    code = "price_unknown"
    __match_args__ = ("sku",)
    sku: str


class PriceNegative(Rejected):
    """Says: the price of <sku> must not be below zero: <price>."""

    code = "price_negative"
    __match_args__ = ("sku", "price",)
    sku: str
    price: Decimal


class DiscountTooLarge(Rejected):
    """Says: the discount <discount> is more than the line's <amount>."""

    code = "discount_too_large"
    __match_args__ = ("discount", "amount",)
    discount: Decimal
    amount: Decimal


class CostUnknown(Rejected):
    """Says: the cost of <sku> is not known: state it."""

    code = "cost_unknown"
    __match_args__ = ("sku",)
    sku: str


class NotStandardCosted(Rejected):
    """Says: <sku> is not costed at standard."""

    code = "not_standard_costed"
    __match_args__ = ("sku",)
    sku: str


class ItemInUse(Rejected):
    """Says: <sku> cannot be retired or changed in kind: <site> has stock of it or something open with it."""

    code = "item_in_use"
    __match_args__ = ("sku", "site",)
    sku: str
    site: str


class LocationInUse(Rejected):
    """Says: site <location> cannot be retired yet: it has <there>."""

    code = "location_in_use"
    __match_args__ = ("location", "items", "orders", "purchases", "holds",)
    location: str
    items: int
    orders: int
    purchases: int
    holds: int


class SameSite(Rejected):
    """Says: the two sites are the same: <site>."""

    code = "same_site"
    __match_args__ = ("site",)
    site: str


class NotStocked(Rejected):
    """Says: <site> never had any <sku>."""

    code = "not_stocked"
    __match_args__ = ("sku", "site",)
    sku: str
    site: str


class InsufficientStock(Rejected):
    """Says: <wanted> of <sku> wanted, <available> available at <site>."""

    code = "insufficient_stock"
    __match_args__ = ("sku", "site", "wanted", "available",)
    sku: str
    site: str
    wanted: Decimal
    available: Decimal


class BackorderLimit(Rejected):
    """Says: <wanted> of <sku> wanted, <available> available at <site> and at most <limit> backordered."""

    code = "backorder_limit"
    __match_args__ = ("sku", "site", "wanted", "available", "limit",)
    sku: str
    site: str
    wanted: Decimal
    available: Decimal
    limit: Decimal


class HoldInPast(Rejected):
    """Says: a hold until <until> is over already."""

    code = "hold_in_past"
    __match_args__ = ("until",)
    until: datetime


class HoldLapsed(Rejected):
    """Says: the hold lapsed at <until>."""

    code = "hold_lapsed"
    __match_args__ = ("until",)
    until: datetime


class HoldMismatch(Rejected):
    """Says: a hold that is named is for another item or site, or for more than is ordered."""

    code = "hold_mismatch"
    __match_args__ = ("hold",)
    hold: str


class OrderEnded(Rejected):
    """Says: the order was <status>."""

    code = "order_ended"
    __match_args__ = ("status",)
    status: OrderStatus


class ShipsTooMuch(Rejected):
    """Says: line <line>: <wanted> cannot be shipped, <allocated> is allocated to it and not shipped yet."""

    code = "ships_too_much"
    __match_args__ = ("line", "wanted", "allocated",)
    line: int
    wanted: Decimal
    allocated: Decimal


class ReturnsTooMuch(Rejected):
    """Says: line <line>: <wanted> cannot come back, <returnable> was shipped and is not back yet."""

    code = "returns_too_much"
    __match_args__ = ("line", "wanted", "returnable",)
    line: int
    wanted: Decimal
    returnable: Decimal


class RefundTooLarge(Rejected):
    """Says: ."""

    code = "refund_too_large"
    __match_args__ = ("sku", "wanted", "refundable",)
    sku: str
    wanted: Decimal
    refundable: Decimal


class PurchaseEnded(Rejected):
    """Says: the purchase order was <status>."""

    code = "purchase_ended"
    __match_args__ = ("status",)
    status: PurchaseStatus


class PurchasePartlyReceived(Rejected):
    """Says: some of the purchase order has come: close it instead of cancelling it."""

    code = "purchase_partly_received"
    __match_args__ = ()


class ReceivesTooMuch(Rejected):
    """Says: line <line>: <wanted> cannot be received, <open> is still to come."""

    code = "receives_too_much"
    __match_args__ = ("line", "wanted", "open",)
    line: int
    wanted: Decimal
    open: Decimal


class OccursBefore(Rejected):
    """Says: it cannot have happened at <occurred_at>: <earlier> at <happened_at>."""

    code = "occurs_before"
    __match_args__ = ("occurred_at", "earlier", "happened_at",)
    occurred_at: datetime
    earlier: str
    happened_at: datetime


class InsufficientStockThen(Rejected):
    """Says: ."""

    code = "insufficient_stock_then"
    __match_args__ = ("sku", "site", "wanted", "occurred_at", "on_hand", "lowest", "lowest_at",)
    sku: str
    site: str
    wanted: Decimal
    occurred_at: datetime
    on_hand: Decimal
    lowest: Decimal
    lowest_at: datetime


class Overflow(Rejected):
    """Says: <what> would be larger than can be kept exactly."""

    code = "overflow"
    __match_args__ = ("what",)
    what: str


ALL: tuple[type[Rejected], ...] = (
    InvalidField,
    WrongCheckDigit,
    TooManyLines,
    NoLines,
    QuantityNotPositive,
    AmountNegative,
    OccursInFuture,
    OccursTooEarly,
    ShopNotOpen,
    ShopAlreadyOpen,
    PeriodClosed,
    PeriodTooFar,
    CurrencyMismatch,
    UnknownItem,
    ItemRetired,
    UnknownLocation,
    NotASite,
    LocationRetired,
    UnknownSupplier,
    SupplierRetired,
    UnknownCustomer,
    CustomerRetired,
    UnknownOrder,
    UnknownPurchase,
    UnknownShipment,
    UnknownLine,
    UnknownHold,
    UnknownAlert,
    Changed,
    SkuTaken,
    BarcodeTaken,
    CodeTaken,
    ServiceHasNoStock,
    QuantityTooFine,
    PriceUnknown,
    PriceNegative,
    DiscountTooLarge,
    CostUnknown,
    NotStandardCosted,
    ItemInUse,
    LocationInUse,
    SameSite,
    NotStocked,
    InsufficientStock,
    BackorderLimit,
    HoldInPast,
    HoldLapsed,
    HoldMismatch,
    OrderEnded,
    ShipsTooMuch,
    ReturnsTooMuch,
    RefundTooLarge,
    PurchaseEnded,
    PurchasePartlyReceived,
    ReceivesTooMuch,
    OccursBefore,
    InsufficientStockThen,
    Overflow,
)
"""All of them, in order of precedence."""
