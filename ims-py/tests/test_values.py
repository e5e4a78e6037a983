"""What is taken as a value, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from conftest import NOON, Corner

import ims


def adjust(corner: Corner, quantity: Any) -> ims.StockAdjusted:
    return corner.shop.adjust_stock(
        site=corner.site, reason="found", direction="up", lines=[ims.Adjusted(corner.tea, quantity, 2)]
    )


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (3, Decimal(3)),
        (Decimal("3"), Decimal(3)),
        (Decimal("3.000"), Decimal(3)),
        (Decimal("1E+3"), Decimal(1000)),
        (Decimal("30E-1"), Decimal(3)),
    ],
)
def test_an_exact_number_is_taken_as_it_is(corner: Corner, given: Any, taken: Decimal) -> None:
    [moved] = adjust(corner, given).lines
    assert moved.quantity == taken
    assert type(moved.quantity) is Decimal


@pytest.mark.parametrize("given", [0.1, 1.0, float("nan"), True, False, "3", None, [], b"3", 3j])
def test_what_is_no_exact_number_is_a_type_error(corner: Corner, given: Any) -> None:
    with pytest.raises(TypeError, match=r"lines\[0\].quantity: .*Decimal or an int was expected, not " + type(given).__name__):
        adjust(corner, given)
    assert corner.sell(10).order.lines[0].shipped == 10


@pytest.mark.parametrize(
    "given",
    ["NaN", "sNaN", "Infinity", "-Infinity", "1E+400", "1E-400", "9E+999999", "0.0000001", "9223372036855", 10**30],
)
def test_a_number_that_cannot_be_kept_is_a_value_error(corner: Corner, given: Any) -> None:
    number = Decimal(given) if isinstance(given, str) else given
    with pytest.raises(ValueError, match="lines"):
        adjust(corner, number)


def test_every_digit_comes_back(corner: Corner) -> None:
    weighed = corner.shop.create_item(sku="KG", name="Loose tea", unit=ims.Unit("kg", 6))
    most = Decimal("9223372036854.775807")
    received = corner.shop.receive_stock(site=corner.site, lines=[ims.CostedGoods(weighed.id, most, 0)])
    assert received.lines[0].quantity == most
    [line] = corner.shop.stock(item=weighed.id)
    assert line.on_hand == most


def test_a_time_is_a_moment_in_any_zone(corner: Corner) -> None:
    at = datetime(2026, 3, 2, 14, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))
    hold = corner.shop.place_hold(item=corner.tea, site=corner.site, quantity=1, until=at, now=NOON)
    assert hold.until == at
    assert hold.until.tzinfo is timezone.utc
    assert hold.until.isoformat() == "2026-03-02T12:30:00.250000+00:00"


def test_a_time_without_a_zone_is_refused(corner: Corner) -> None:
    with pytest.raises(ValueError, match="until: a datetime needs a time zone"):
        corner.shop.place_hold(item=corner.tea, site=corner.site, quantity=1, until=datetime(2026, 3, 2))


@pytest.mark.parametrize("given", ["2026-03-02T12:00:00Z", date(2026, 3, 2), 0, None])
def test_what_is_no_time_is_a_type_error(corner: Corner, given: Any) -> None:
    with pytest.raises(TypeError, match="until: a datetime was expected"):
        corner.shop.place_hold(item=corner.tea, site=corner.site, quantity=1, until=given)


def test_a_moment_is_no_day(corner: Corner) -> None:
    until: Any = NOON
    with pytest.raises(TypeError, match="until: a date was expected, not datetime"):
        corner.shop.close_period(until=until)
    assert corner.shop.close_period(until=date(2026, 3, 1)).until == date(2026, 3, 1)


def test_an_id_is_a_uuid_or_its_text(corner: Corner) -> None:
    assert corner.shop.stock(item=UUID(corner.tea)).all() == corner.shop.stock(item=corner.tea.upper()).all() != []
    id = uuid4()
    assert corner.shop.create_location(code="TWO", name="Two", id=id).id == str(id)


@pytest.mark.parametrize(
    ("given", "error"), [("tea", ValueError), ("", ValueError), (UUID(int=0), ValueError), (7, TypeError), (b"", TypeError)]
)
def test_what_is_no_id_is_refused(corner: Corner, given: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="^id: "):
        corner.sell(1, id=given)


@pytest.mark.parametrize("given", ["\ud800", "tea\udfff", "\ud83d x"])
def test_half_a_character_is_refused(corner: Corner, given: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        corner.shop.create_item(sku=given, name="Tea")
    with pytest.raises(UnicodeEncodeError):
        corner.shop.execute_json(given, "{}")


def test_a_huge_text_is_refused(corner: Corner) -> None:
    huge = "x" * 10_000_000
    with pytest.raises(ims.Rejected) as refused:
        corner.shop.create_item(sku="HUGE", name=huge)
    assert refused.value.code == "invalid_field"
    with pytest.raises(ValueError, match="sku"):
        corner.shop.create_item(sku=huge, name="Huge")
    with pytest.raises(ValueError, match="context: 10000000 bytes are more than"):
        corner.shop.execute_json(huge, "{}")


@pytest.mark.parametrize(
    ("lines", "place"),
    [("tea", "lines"), ({}, "lines"), (5, "lines"), ([5], r"lines\[0\]"), ([("tea", 1)], r"lines\[0\]"), (None, "lines")],
)
def test_lines_are_a_list_of_their_class(corner: Corner, lines: Any, place: str) -> None:
    with pytest.raises(TypeError, match=f"^{place}: "):
        corner.shop.sell(site=corner.site, lines=lines)


def test_any_iterable_of_lines_will_do(corner: Corner) -> None:
    lines: Any = (ims.OrderedLine(corner.tea, 1) for _ in range(3))
    assert len(corner.shop.sell(site=corner.site, lines=lines).order.lines) == 3


def test_an_error_of_the_iterable_is_raised_as_it_is(corner: Corner) -> None:
    def lines() -> Any:
        yield ims.OrderedLine(corner.tea, 1)
        raise LookupError("the basket is gone")

    with pytest.raises(LookupError, match="the basket is gone"):
        corner.shop.sell(site=corner.site, lines=lines())
    assert corner.sell(10).order.number == 1


def test_a_word_that_is_none_of_the_choices_is_refused(corner: Corner) -> None:
    word: Any = "stolen"
    with pytest.raises(ValueError, match="reason: unknown variant `stolen`, expected one of `opening`"):
        corner.shop.adjust_stock(site=corner.site, reason=word, direction="up", lines=[])
    number: Any = 5
    with pytest.raises(TypeError, match="reason: a str was expected"):
        corner.shop.adjust_stock(site=corner.site, reason=number, direction="up", lines=[])


def test_a_discount_is_a_fraction_or_an_amount(corner: Corner) -> None:
    discounts: list[tuple[ims.Discount, str]] = [(ims.FractionOff(Decimal("0.1")), "0.9"), (ims.AmountOff(2), "2")]
    for discount, off in discounts:
        line = ims.OrderedLine(corner.tea, 2, discount=discount)
        [sold] = corner.shop.sell(site=corner.site, lines=[line]).order.lines
        assert sold.discount == Decimal(off)
    wrong: Any = Decimal("0.1")
    with pytest.raises(TypeError, match=r"lines\[0\].discount: "):
        corner.shop.sell(site=corner.site, lines=[ims.OrderedLine(corner.tea, 1, discount=wrong)])


def test_an_update_keeps_what_is_not_named_and_takes_away_what_is_none(corner: Corner) -> None:
    changed = corner.shop.update_item(item=corner.tea, price=None, reorder_point=5)
    assert (changed.name, changed.price, changed.reorder_point) == ("Green tea", None, Decimal(5))
    assert corner.shop.update_item(item=corner.tea, name="Tea").reorder_point == 5


@pytest.mark.parametrize("given", [-1, 2**64, True, 1.5])
def test_a_count_is_an_int_that_is_not_negative(corner: Corner, given: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="number: "):
        corner.shop.order_numbered(series="MAIN", number=given)


@pytest.mark.parametrize("command", [None, "sell", {"sell": {}}, ims.Goods("x", 1), ims.Sell])
def test_what_is_no_command_is_refused(corner: Corner, command: Any) -> None:
    with pytest.raises(TypeError):
        corner.shop.execute(command)


def test_json_that_is_no_command_is_refused(corner: Corner) -> None:
    context = '{"id": "0190163d-8694-739b-aea5-966c26f8ad91", "actor": "me", "now": "2026-03-02T12:00:00Z"}'
    for command in ["", "[]", '{"sell": {}}', '{"sing": {}}', '{"place_hold": {"quantity": 1.5}}']:
        with pytest.raises(ValueError, match="^command: "):
            corner.shop.execute_json(context, command)
    with pytest.raises(ValueError, match="^context: "):
        corner.shop.execute_json("{}", "{}")
