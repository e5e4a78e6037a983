"""Reports: as objects, page by page, and as Arrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
from conftest import NOON, Corner, furnish

import ims
from ims._listing import Rows


@pytest.fixture
def traded(new_store: Callable[[], str]) -> Any:
    """A shop in which something of every kind has happened, on every store."""
    with ims.open(new_store()) as shop:
        corner = furnish(shop)
        trade(corner)
        yield corner


def trade(corner: Corner) -> None:
    """Gives every command at least once."""
    shop, site, tea = corner.shop, corner.site, corner.tea
    at = NOON + timedelta(hours=1)
    annex = shop.create_location(code="ANNEX", name="Annexe", now=at)
    shop.update_location(location=annex.id, name="Annex", now=at)
    leaf = shop.create_supplier(code="LEAF", contact=ims.Contact("Leaf & Co", city="Porto"), now=at)
    shop.update_supplier(supplier=leaf.id, contact=ims.Contact("Leaf and Co", city="Lisbon"), now=at)
    ada = shop.create_customer(code="ADA", contact=ims.Contact("Ada"), now=at)
    shop.update_customer(customer=ada.id, contact=ims.Contact("Ada", city="Turin"), now=at)
    shop.update_item(item=tea, reorder_point=5, brand="Leaf", category="Drinks/Tea", supplier=leaf.id, now=at)
    mug = shop.create_item(sku="MUG", name="Mug", price=8, costing="standard", standard_cost=3, backorder_limit=5, now=at)
    shop.set_standard_cost(item=mug.id, unit_cost=Decimal("3.5"), now=at)
    old = shop.create_item(sku="OLD", name="Old", now=at)
    shop.retire_item(item=old.id, now=at)
    shop.adjust_stock(site=site, reason="damaged", direction="down", lines=[ims.Adjusted(tea, 1)], note="wet", now=at)
    shop.transfer_stock(from_=site, to=annex.id, lines=[ims.Goods(tea, 2)], now=at)
    shop.send_back_stock(site=annex.id, supplier=leaf.id, lines=[ims.Goods(tea, 1)], now=at)
    hold = shop.place_hold(item=tea, site=site, quantity=1, until=at + timedelta(days=1), now=at)
    shop.extend_hold(hold=hold.id, until=at + timedelta(days=2), now=at)
    shop.release_hold(hold=hold.id, now=at)
    bought = shop.place_purchase(
        supplier=leaf.id, site=site, expected=date(2026, 3, 9), lines=[ims.CostedGoods(mug.id, 4, 3)], now=at
    )
    waiting = shop.place_order(
        site=site, customer=ada.id, lines=[ims.OrderedLine(mug.id, 2)], on_shortage="backorder", now=at
    )
    shop.receive_purchase(purchase=bought.id, lines=[ims.ReceivedLine(0, 3)], now=at)
    shop.close_purchase(purchase=bought.id, now=at)
    wrong = shop.place_purchase(supplier=leaf.id, site=site, lines=[ims.CostedGoods(tea, 1, 2)], now=at)
    shop.cancel_purchase(purchase=wrong.id, now=at)
    shop.ship_order(order=waiting.id, lines=[ims.ShippedLine(0, 1)], now=at)
    shop.cancel_order(order=waiting.id, now=at)
    sold = shop.sell(site=site, customer=ada.id, lines=[ims.OrderedLine(tea, 3)], now=at)
    shop.return_goods(goods=ims.OfOrder(sold.order.id, [ims.ReturnedLine(0, 1)]), now=at)
    shop.return_goods(goods=ims.Loose(site, [ims.LooseLine(mug.id, 1, 8)]), now=at)
    shop.acknowledge_alert(item=tea, site=site, now=at)
    shop.close_period(until=date(2026, 1, 31), now=at)


def test_every_command_is_done_and_the_log_tells_of_it(traded: Corner) -> None:
    from ims import _native

    events = list(traded.shop.events())
    assert [event.offset for event in events] == list(range(1, len(events) + 1))
    happened = {type(event.body).__name__ for event in events}
    told = {"".join(part.capitalize() for part in word.split("_")) for word in _native.words("receipts")}
    assert told <= happened
    assert {"AlertRaised", "BackordersFilled"} <= happened
    assert traded.shop.verify().broken == ()


def reports(shop: ims.Ims) -> dict[str, Rows[Any]]:
    """Every report that is a list."""
    by: list[ims.ProfitBy] = ["item", "brand", "category", "customer", "day", "month", "site"]
    return {
        "items": shop.items(standing="all"),
        "locations": shop.locations(),
        "suppliers": shop.suppliers(),
        "customers": shop.customers(),
        "stock": shop.stock(),
        "orders": shop.orders(),
        "purchases": shop.purchases(),
        "alerts": shop.alerts(which="all"),
        "reorder": shop.reorder(),
        "movements": shop.movements(),
        **{f"profit by {key}": shop.profit(by=key) for key in by},
    }


def test_every_report_has_rows_and_pages_by_itself(traded: Corner) -> None:
    for name, rows in reports(traded.shop).items():
        found = rows.all()
        assert found, name
        assert found == list(rows)
        pages = list(rows.pages(1))
        assert [row for page in pages for row in page] == found
        assert all(len(page) == 1 for page in pages)
        assert rows.first() == found[0]


def test_reports_say_what_happened(traded: Corner) -> None:
    shop = traded.shop
    [tea] = shop.stock(item=traded.tea, site=traded.site)
    assert (tea.sku, tea.on_hand, tea.value) == ("TEA-1", Decimal(5), Decimal(10))
    assert [item.sku for item in shop.items(text="mUg")] == ["MUG"]
    assert [item.sku for item in shop.items(category="Drinks")] == ["TEA-1"]
    assert [supplier.code for supplier in shop.suppliers(city="lisbon")] == ["LEAF"]
    order = shop.orders(status="shipped").all()[-1]
    assert shop.order_numbered(series=order.series, number=order.number) == order.id
    assert shop.order_numbered(series="MAIN", number=99) is None
    [received] = shop.purchases(status="closed_short")
    assert shop.purchase_numbered(series=received.series, number=received.number) == received.id
    assert received.expected == date(2026, 3, 9)
    assert [item.sku for item in shop.items(supplier=received.supplier)] == ["TEA-1"]
    at = NOON + timedelta(hours=1)
    [sold] = shop.orders(city="TURIN", brand="Leaf", category="Drinks", from_=at, until=at)
    assert [line.sku for line in sold.lines] == ["TEA-1"]
    assert shop.orders(brand="Leaf", until=at - timedelta(microseconds=1)).all() == []
    [bought] = shop.purchases(city="lisbon", brand="Leaf", category="Drinks/Tea", from_=at, until=at)
    assert bought.status == "cancelled"
    assert shop.movements(from_=at + timedelta(microseconds=1)).all() == []
    assert shop.value().quantity == sum(line.on_hand for line in shop.stock())
    assert shop.value(as_of=NOON - timedelta(days=1)).quantity == 0
    returned = [movement for movement in shop.movements(item=traded.tea) if movement.kind == "return"]
    assert returned[0].undoes is not None
    assert returned[0].document is not None
    assert returned[0].document.kind == "return"


def test_every_table_can_be_scanned(traded: Corner) -> None:
    counts = traded.shop.verify().counts
    found = {table: len(list(traded.shop.scan(table))) for table in counts}
    assert found == counts
    with pytest.raises(ValueError, match="no such table"):
        list(traded.shop.scan("nothing"))


def test_every_report_is_the_same_as_arrow(traded: Corner) -> None:
    for name, rows in reports(traded.shop).items():
        table = pa.table(rows)
        assert table.num_rows == len(rows.all()), name
        assert table.to_pylist() == [plain(row) for row in rows], name
        table.validate(full=True)
        fetched = rows.fetch()
        assert len(fetched) == table.num_rows
        assert list(fetched) == rows.all()
        assert pa.table(fetched).equals(table)


def plain(value: Any) -> Any:
    """A row as Arrow shows it."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name.rstrip("_"): plain(part) for name, part in vars(value).items()}
    return value


def test_arrow_has_a_schema_that_is_not_guessed(corner: Corner) -> None:
    table = pa.table(corner.shop.suppliers())
    assert table.num_rows == 0
    assert table.schema.names == ["id", "code", "contact", "standing"]
    schema = pa.table(corner.shop.movements()).schema
    assert schema.field("quantity").type == pa.decimal128(19, 6)
    assert schema.field("occurred_at").type == pa.timestamp("us", "UTC")
    assert not schema.field("item").nullable
    assert schema.field("document").nullable


def test_pandas_polars_and_duckdb_read_it(corner: Corner) -> None:
    corner.shop.receive_stock(
        site=corner.site, lines=[ims.CostedGoods(corner.tea, 1, Decimal("0.123456"))], now=NOON
    )
    stock = corner.shop.stock()
    exact = Decimal("20.123456")
    assert polars.DataFrame(stock)["value"].to_list() == [exact]
    assert polars.DataFrame(stock).schema["value"] == polars.Decimal(19, 6)
    assert pa.table(stock).to_pandas()["value"].to_list() == [exact]
    found: Any = duckdb.sql("SELECT sku, value FROM stock")
    assert found.fetchall() == [("TEA-1", exact)]


def test_more_rows_than_a_page_has(corner: Corner) -> None:
    names = [f"S{number:04}" for number in range(2_300)]
    outcomes = corner.shop.execute_many(ims.CreateItem(sku=name, name=name) for name in names)
    assert all(isinstance(outcome, ims.ItemCreated) for outcome in outcomes)
    assert [item.sku for item in corner.shop.items(text="s")] == names
    assert pa.table(corner.shop.items(text="s"))["sku"].to_pylist() == names


def test_events_are_followed_as_they_come(corner: Corner) -> None:
    follower = corner.shop.follow(4, poll_interval_s=0.001)
    corner.sell(1)
    event = next(follower)
    assert (event.offset, event.actor) == (5, "python")
    assert isinstance(event.body, ims.Sold)
    assert isinstance(event.recorded_at, datetime)
    assert event.recorded_at.tzinfo is timezone.utc
