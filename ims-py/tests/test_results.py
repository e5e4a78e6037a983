"""What comes back: frozen objects that can be compared, printed, matched, copied and pickled."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import timezone
from decimal import Decimal

import pytest
from conftest import NOON, Corner

import ims


def test_a_result_cannot_be_changed(corner: Corner) -> None:
    sold = corner.sell(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(sold, "order", None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(sold.order.lines[0], "quantity", Decimal(2))
    assert isinstance(sold.lines, tuple)


def test_the_same_answer_is_equal_and_hashes_alike(corner: Corner) -> None:
    id = "0190163d-8694-739b-aea5-966c26f8ad91"
    first, again = corner.sell(1, id=id), corner.sell(1, id=id)
    assert first == again
    assert first is not again
    assert hash(first) == hash(again)
    assert first != corner.sell(1)


def test_a_result_prints_as_it_is_written(corner: Corner) -> None:
    [line] = corner.shop.stock()
    assert repr(line).startswith("StockLine(item='")
    assert "on_hand=Decimal('10')" in repr(line)
    made = eval(repr(line), {"StockLine": ims.StockLine, "Decimal": Decimal})  # noqa: S307
    assert made == line


def test_a_result_can_be_matched(corner: Corner) -> None:
    match corner.shop.execute(ims.PlaceHold(item=corner.tea, site=corner.site, quantity=4, until=NOON), now=NOON.replace(hour=1)):
        case ims.HoldPlaced(hold=ims.Hold(quantity=quantity, until=until)):
            assert (quantity, until) == (Decimal(4), NOON)
            assert until.tzinfo is timezone.utc
        case other:
            pytest.fail(f"{other} is no hold")
    assert ims.Hold.__match_args__ == ("id", "item", "site", "quantity", "until", "changed_at")


def test_a_result_can_be_copied_and_pickled(corner: Corner) -> None:
    sold = corner.sell(2)
    assert pickle.loads(pickle.dumps(sold)) == sold == copy.deepcopy(sold)
    assert dataclasses.replace(sold, lines=()).order == sold.order
    assert dataclasses.asdict(sold)["order"]["total"] == Decimal(9)


def test_a_receipt_makes_its_fields_when_it_is_looked_at(corner: Corner) -> None:
    sold = corner.sell(1)
    assert "order" not in vars(sold)
    assert sold.lines[0].quantity == Decimal(1)
    assert list(vars(sold)) == ["order", "lines"]
    with pytest.raises(AttributeError, match="'Sold' object has no attribute 'colour'"):
        getattr(sold, "colour")


def test_many_threads_look_at_one_receipt(corner: Corner) -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(200):
            sold = corner.shop.simulate(ims.Sell(site=corner.site, lines=[ims.OrderedLine(corner.tea, 1)]))
            assert isinstance(sold, ims.Sold)
            assert set(threads.map(lambda sold: (sold.order.number, len(sold.lines)), [sold] * 8)) == {(1, 1)}


def test_a_command_is_data_too(corner: Corner) -> None:
    hold = ims.PlaceHold(item=corner.tea, site=corner.site, quantity=4, until=NOON)
    assert pickle.loads(pickle.dumps(hold)) == hold
    assert pickle.loads(pickle.dumps(ims.KEEP)) is ims.KEEP


def test_outcomes_are_made_when_they_are_looked_at(corner: Corner) -> None:
    sales = [ims.Sell(site=corner.site, lines=[ims.OrderedLine(corner.tea, n)]) for n in (1, 100, 2)]
    outcomes = corner.shop.execute_many([sales[0], ims.Request(sales[1], actor="Ada"), sales[2]])
    assert len(outcomes) == 3
    assert [type(outcome) for outcome in outcomes] == [ims.Sold, ims.rejections.InsufficientStock, ims.Sold]
    assert outcomes[-1] == outcomes[2] == outcomes[1:][1]
    [(place, error)] = outcomes.errors()
    assert (place, error.code) == (1, "insufficient_stock")
    assert repr(outcomes) == "Outcomes(3 commands, 1 errors)"
    with pytest.raises(IndexError):
        outcomes[3]


def test_nothing_of_a_batch_is_done_where_one_command_cannot_be_read(corner: Corner) -> None:
    half = ims.Sell(site=corner.site, lines=[ims.OrderedLine(corner.tea, Decimal("NaN"))])
    whole = ims.Sell(site=corner.site, lines=[ims.OrderedLine(corner.tea, 1)])
    with pytest.raises(ValueError, match="NaN is no number"):
        corner.shop.execute_many([whole, half])
    assert corner.shop.value().quantity == 10
