"""Replays a year of a British gift retailer through the public API of `ims`.

The set is "Online Retail" (Chen, D., 2015, https://doi.org/10.24432/C5BW33): what the shop sold, took back, adjusted and
gave away. It has no purchases, so it is read twice: first to find the opening stock that keeps every code from falling
below zero, then to trade. The ids of commands follow from the rows: a second run gives the same commands and does
nothing twice, and the state hash is that of `ims replay online-retail`.

    python online_retail.py online_retail.csv.gz [STORE]
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import IO, Literal
from zoneinfo import ZoneInfo

import ims

Class = Literal["adjustment", "bad-debt", "free-issue", "non-stock", "return", "sale"]

LONDON = ZoneInfo("Europe/London")
NON_STOCK = {"POST", "DOT", "C2", "D", "M", "B", "S", "CRUK", "AMAZONFEE", "BANK CHARGES"}
LINES_PER_DOCUMENT = 2_000
LINES_PER_RECEIPT = 1_000
COMMANDS_PER_BATCH = 500
NAME_CHARS = 200

# What an id begins with behind its time: which set of data it is of, and what kind of command it is.
MARK = 0x0E7A_1701
SHOP, SITE, ITEM, CUSTOMER, OPENING, ROW = 0x001, 0x002, 0x003, 0x004, 0x005, 0x100


def command_id(at: datetime, kind: int, number: int) -> str:
    """Makes an id of what a command is made of: a UUID of version 8."""
    milliseconds = (at - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)
    bits = (milliseconds << 80) | (8 << 76) | (kind << 64) | (0b10 << 62) | (MARK << 32) | number
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@dataclass
class Row:
    """A row of the file."""

    line: int
    invoice: str
    code: str
    description: str
    quantity: Decimal
    at: datetime
    price: Decimal
    customer: str
    country: str

    def kind(self) -> Class:
        """Returns the first class that fits."""
        if self.invoice.startswith("A"):
            return "bad-debt"
        if self.code in NON_STOCK or self.code.startswith("GIFT_"):
            return "non-stock"
        if self.invoice.startswith("C"):
            return "return"
        if self.price:
            return "sale"
        return "free-issue" if self.customer else "adjustment"


def rows(path: Path) -> Iterator[Row]:
    """Reads the file, compressed or not."""
    with opened(path) as file:
        reader = csv.reader(file)
        next(reader)
        line = reader.line_num + 1
        texts: dict[str, datetime] = {}
        for invoice, code, description, quantity, date, price, customer, country in reader:
            at = texts.get(date)
            if at is None:
                local = datetime.strptime(date, "%Y-%m-%d %H:%M:%S").replace(tzinfo=LONDON)
                texts = {date: (at := local.astimezone(timezone.utc))}
            yield Row(
                line,
                invoice,
                code.upper(),
                description.strip(),
                Decimal(quantity),
                at,
                Decimal(price),
                customer.removesuffix(".0"),
                country.strip(),
            )
            line = reader.line_num + 1


def opened(path: Path) -> IO[str]:
    """Opens a file to read its text."""
    if path.read_bytes()[:2] == b"\x1f\x8b":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


@dataclass
class Code:
    """What the first reading finds out about a stock code."""

    line: int
    at: datetime
    is_stock: bool
    balance: Decimal = Decimal(0)
    lowest: Decimal = Decimal(0)
    prices: list[Decimal] = field(default_factory=list[Decimal])
    names: dict[str, int] = field(default_factory=dict[str, int])
    remark: str = ""

    def see(self, row: Row, kind: Class) -> None:
        """Counts a row."""
        if self.is_stock:
            # An adjustment says how the stock changes, every other row what left.
            self.balance += row.quantity if kind == "adjustment" else -row.quantity
            self.lowest = min(self.lowest, self.balance)
        if row.price > 0:
            self.prices.append(row.price)
        if row.description and kind == "adjustment":
            self.remark = row.description
        elif row.description:
            self.names[row.description] = self.names.get(row.description, 0) + 1

    def unit_cost(self) -> Decimal:
        """Returns 0.60 times the median of its positive prices, half-even to 4 decimals; 1 where it has none."""
        if not self.prices:
            return Decimal(1)
        prices = sorted(self.prices)
        both = prices[(len(prices) - 1) // 2] + prices[len(prices) // 2]
        return (both * Decimal("0.3")).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)

    def name(self) -> str:
        """Returns its most frequent description, the earlier of two, or else the last remark."""
        return max(self.names, key=self.names.__getitem__) if self.names else self.remark


@dataclass
class Plan:
    """What is found out before the first sale."""

    codes: dict[str, Code] = field(default_factory=dict[str, Code])
    customers: dict[str, Row] = field(default_factory=dict[str, Row])
    first_at: datetime | None = None

    @staticmethod
    def read(path: Path) -> Plan:
        """Reads the whole file."""
        plan = Plan()
        for row in rows(path):
            kind = row.kind()
            plan.first_at = plan.first_at or row.at
            if row.customer:
                plan.customers.setdefault(row.customer, row)
            if row.code not in plan.codes:
                plan.codes[row.code] = Code(row.line, row.at, kind not in {"bad-debt", "non-stock"})
            plan.codes[row.code].see(row, kind)
        return plan


@dataclass
class Known:
    """Where the rows find what they name."""

    site: str
    items: dict[str, str]
    costs: dict[str, Decimal]
    customers: dict[str, str]


def set_up(plan: Plan) -> tuple[Known, Iterator[ims.Request]]:
    """Names what there will be, and gives the commands that make it."""
    if plan.first_at is None:
        raise SystemExit("the file has no rows")
    before = plan.first_at - timedelta(minutes=1)
    known = Known(
        site=command_id(before, SITE, 0),
        items={sku: command_id(code.at, ITEM, code.line) for sku, code in plan.codes.items()},
        costs={sku: code.unit_cost() for sku, code in plan.codes.items() if code.is_stock},
        customers={code: command_id(row.at, CUSTOMER, row.line) for code, row in plan.customers.items()},
    )
    return known, setting_up(plan, known, before)


def setting_up(plan: Plan, known: Known, before: datetime) -> Iterator[ims.Request]:
    """Gives the shop, its site, items, customers and opening stock."""
    # Prices have up to three decimals; totals are kept as they are instead of being rounded to pence.
    exactly = ims.Rounding(6, "half-even")
    shop = ims.OpenShop(name="Online Retail", currency="GBP", time_zone="Europe/London", rounding=exactly)
    yield ims.Request(shop, command_id(before, SHOP, 0), now=before)
    yield ims.Request(ims.CreateLocation(code="MAIN", name="Main site"), known.site, now=before)
    for sku, code in plan.codes.items():
        name = (code.name() or sku)[:NAME_CHARS].strip()
        item = ims.CreateItem(sku=sku, name=name, tracking="stocked" if code.is_stock else "service")
        yield ims.Request(item, known.items[sku], now=before)
    for buyer, row in plan.customers.items():
        customer = ims.CreateCustomer(code=buyer, contact=ims.Contact(f"Customer {buyer}", country=row.country))
        yield ims.Request(customer, known.customers[buyer], now=before)
    lines = [
        ims.CostedGoods(known.items[sku], -code.lowest, known.costs[sku])
        for sku, code in plan.codes.items()
        if code.is_stock and code.lowest < 0
    ]
    for number, begin in enumerate(range(0, len(lines), LINES_PER_RECEIPT)):
        receipt = ims.ReceiveStock(site=known.site, lines=lines[begin : begin + LINES_PER_RECEIPT])
        yield ims.Request(receipt, command_id(before, OPENING, number), now=before)


@dataclass(frozen=True)
class Act:
    """What a row asks for."""

    do: Literal["sell", "take back", "adjust"]
    direction: ims.Direction = "up"
    reason: ims.AdjustmentReason = "other"
    note: str = ""


def act(row: Row, kind: Class) -> Act:
    """Returns what a row asks for, by its class and its sign."""
    comes = row.quantity < 0
    if kind == "free-issue":
        return Act("adjust", "up" if comes else "down", "gift", f"given to {row.customer}")
    if kind == "adjustment":
        return Act("adjust", "down" if comes else "up", reason(row.description), row.description)
    return Act("take back" if comes else "sell")


def reason(description: str) -> ims.AdjustmentReason:
    """Tells why stock was adjusted, by the words that the shop used."""
    words = description.lower()
    says: dict[ims.AdjustmentReason, list[str]] = {
        "damaged": ["damage", "smash", "crush", "broke", "wet", "faulty", "destroyed"],
        "found": ["found"],
        "lost": ["lost", "missing"],
        "counted": ["check", "count"],
    }
    for why, parts in says.items():
        if any(part in words for part in parts):
            return why
    return "other"


def invoices(path: Path) -> Iterator[list[Row]]:
    """Puts together the rows of one invoice and minute that move something."""
    together: list[Row] = []
    for row in rows(path):
        if not row.quantity:
            continue
        if together and (together[0].at, together[0].invoice) != (row.at, row.invoice):
            yield together
            together = []
        together.append(row)
    if together:
        yield together


def commands(invoice: list[Row], known: Known) -> Iterator[ims.Request]:
    """Gives the commands of an invoice, in the order of their first rows."""
    parts: list[tuple[Act, list[Row]]] = []
    for row in invoice:
        asked = act(row, row.kind())
        part = next((r for a, r in parts if a == asked and len(r) < LINES_PER_DOCUMENT), None)
        if part is None:
            parts.append((asked, [row]))
        else:
            part.append(row)
    customer = known.customers.get(invoice[0].customer)
    for asked, part in parts:
        id = command_id(part[0].at, ROW, part[0].line)
        yield ims.Request(command(asked, part, known, customer), id, now=part[0].at)


def command(asked: Act, part: list[Row], known: Known, customer: str | None) -> ims.Command:
    """Returns the command that rows ask for together."""
    if asked.do == "sell":
        sold = [ims.OrderedLine(known.items[row.code], row.quantity, row.price) for row in part]
        return ims.Sell(site=known.site, customer=customer, lines=sold)
    if asked.do == "take back":
        back = [
            ims.LooseLine(known.items[row.code], -row.quantity, row.price, known.costs.get(row.code)) for row in part
        ]
        # The set knows no list prices, and what had been paid is not in it.
        return ims.ReturnGoods(goods=ims.Loose(known.site, back, customer), refund_reason="As it was invoiced")
    costs = known.costs if asked.direction == "up" else {}
    adjusted = [ims.Adjusted(known.items[row.code], abs(row.quantity), costs.get(row.code)) for row in part]
    return ims.AdjustStock(
        site=known.site, reason=asked.reason, direction=asked.direction, lines=adjusted, note=asked.note or None
    )


def trade(path: Path, known: Known) -> Iterator[ims.Request]:
    """Gives the commands of all invoices."""
    for invoice in invoices(path):
        yield from commands(invoice, known)


def give(shop: ims.Ims, asked: Iterable[ims.Request]) -> int:
    """Has commands done in batches; raises the first error. Returns how many there were."""
    count, batch = 0, list[ims.Request]()
    for request in asked:
        batch.append(request)
        if len(batch) == COMMANDS_PER_BATCH:
            count += give_batch(shop, batch)
            batch = []
    return count + give_batch(shop, batch)


def give_batch(shop: ims.Ims, batch: list[ims.Request]) -> int:
    """Has a batch done."""
    for _, error in shop.execute_many(batch).errors():
        raise error
    return len(batch)


def replay(path: Path, shop: ims.Ims) -> ims.Verdict:
    """Enters the whole file and proves that everything adds up."""
    known, setup = set_up(Plan.read(path))
    count = give(shop, setup) + give(shop, trade(path, known))
    print(f"{count} commands")
    return shop.verify()


def main() -> int:
    """Runs the replay."""
    path, store = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "memory:"
    with ims.open(store, actor="replay") as shop:
        verdict = replay(path, shop)
    for broken in verdict.broken:
        print(broken)
    print(f"state hash {verdict.state_hash}")
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
