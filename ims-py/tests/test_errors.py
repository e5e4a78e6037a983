"""What goes wrong is told in families."""

from __future__ import annotations

import pickle
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Corner

import ims

ID = "0190163d-8694-739b-aea5-966c26f8ad91"


def test_a_rejection_has_a_class_a_code_and_the_numbers(corner: Corner) -> None:
    with pytest.raises(ims.rejections.InsufficientStock) as refused:
        corner.sell(11)
    no = refused.value
    assert isinstance(no, ims.Rejected)
    assert isinstance(no, ims.Error)
    assert (no.code, no.sku, no.site, no.wanted, no.available) == (
        "insufficient_stock",
        "TEA-1",
        "MAIN",
        Decimal(11),
        Decimal(10),
    )
    assert str(no) == "11 of TEA-1 wanted, 10 available at MAIN"
    assert no.fields == {"sku": "TEA-1", "site": "MAIN", "wanted": Decimal(11), "available": Decimal(10)}


def test_a_rejection_can_be_matched_and_pickled(corner: Corner) -> None:
    with pytest.raises(ims.Rejected) as refused:
        corner.sell(11)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (type(again), str(again), again.fields) == (type(refused.value), str(refused.value), refused.value.fields)
    match again:
        case ims.rejections.InsufficientStock(sku, site, wanted, available):
            assert (sku, site, wanted, available) == ("TEA-1", "MAIN", Decimal(11), Decimal(10))
        case _:
            pytest.fail("it was not matched")


def test_every_error_can_be_pickled() -> None:
    made = [
        ims.StoreError("full", "store_full"),
        ims.IdReused("twice", ID),
        ims.Conflict("busy", 100),
        ims.Stopped("stopped"),
        ims.Closed("closed"),
        ims.InternalError("wrong"),
        ims.rejections.NoLines("there is no line"),
    ]
    for error in made:
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.args, vars(again)) == (type(error), error.args, vars(error))


def test_a_rejection_is_as_final_as_a_receipt(corner: Corner) -> None:
    with pytest.raises(ims.rejections.InsufficientStock) as first:
        corner.sell(11, id=ID)
    corner.shop.receive_stock(site=corner.site, lines=[ims.CostedGoods(corner.tea, 5, 2)])
    with pytest.raises(ims.rejections.InsufficientStock) as again:
        corner.sell(11, id=ID)
    assert again.value.fields == first.value.fields


def test_an_id_that_is_used_for_something_else_is_its_own_error(corner: Corner) -> None:
    corner.sell(1, id=ID)
    with pytest.raises(ims.IdReused) as reused:
        corner.sell(2, id=ID)
    assert (reused.value.id, reused.value.code) == (ID, "id_reused")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("oracle:shop", "store_address"),
        ("", "store_address"),
        ("shop.db", "store_address"),
        ("postgres://me@h1,,h2/shop", "store_address"),
        ("sqlite:/no/such/folder/shop.db", "store_missing"),
        ("postgres://me:secret@127.0.0.1:1/shop", "store_unavailable"),
        ("postgres://me:secret@127.0.0.1:1,127.0.0.1:2/shop", "store_unavailable"),
        ("mysql://me:secret@127.0.0.1:1/shop", "store_unavailable"),
    ],
)
def test_a_store_that_cannot_be_opened_says_why(url: str, code: str) -> None:
    with pytest.raises(ims.StoreError) as failed:
        ims.open(url)
    assert failed.value.code == code
    assert "secret" not in str(failed.value)


def test_nobody_who_listens_is_told_with_the_address() -> None:
    with pytest.raises(ims.StoreError, match=r"connection refused by 127\.0\.0\.1:1: no PostgreSQL listens there"):
        ims.open("postgres://me@127.0.0.1:1/shop")


def test_a_file_without_a_kind_is_told_what_to_write() -> None:
    with pytest.raises(ims.StoreError, match="for a SQLite file write sqlite:shop.db"):
        ims.open("shop.db")


@pytest.mark.parametrize("name", ["shop.db", "50 % of it?#1.db", "Läden & más.db"])
def test_a_path_names_a_sqlite_file(tmp_path: Path, name: str) -> None:
    with ims.open(tmp_path / name) as shop:
        shop.open_shop(name="Corner shop", currency="EUR")
    assert (tmp_path / name).exists()
    with ims.open(tmp_path / name) as shop:
        assert [location.code for location in shop.locations()] != []


def test_what_is_raised_is_not_printed_as_well() -> None:
    program = """
import asyncio, ims
from ims import aio
for url in ("shop.db", "postgres://me@127.0.0.1:1/shop", "mysql://me@127.0.0.1:1/shop", "sqlite:/no/such/folder/shop.db"):
    for opening in (lambda: ims.open(url), lambda: asyncio.run(aio.open(url))):
        try:
            opening()
        except ims.StoreError:
            pass
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_store_that_may_only_be_read_refuses_a_command(tmp_path: Path) -> None:
    ims.open(f"sqlite:{tmp_path}/shop.db").close()
    with ims.open(f"sqlite:{tmp_path}/shop.db?mode=ro") as shop, pytest.raises(ims.StoreError) as failed:
        shop.open_shop(name="Corner shop", currency="EUR")
    assert failed.value.code == "store_read_only"


def test_a_closed_store_says_so(corner: Corner) -> None:
    corner.shop.close()
    corner.shop.close()
    with pytest.raises(ims.Closed, match="the store is closed"):
        corner.sell(1)
    with pytest.raises(ims.Closed):
        corner.shop.stock().all()
    with pytest.raises(ims.Closed):
        list(corner.shop.events())
    with pytest.raises(ims.Closed):
        corner.shop.verify()
    with pytest.raises(ims.Closed):
        corner.shop.stock().__arrow_c_stream__()


def test_a_panic_becomes_an_exception_and_spoils_nothing(corner: Corner) -> None:
    before = corner.shop.verify().state_hash
    corner.shop._engine.plant_panic()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ims.InternalError, match="the engine panicked: a panic that was planted"):
        corner.sell(1, id=ID)
    assert corner.shop.verify().state_hash == before
    assert corner.sell(1, id=ID).order.number == 1
    assert corner.shop.verify().ok


def test_a_url_is_shown_without_its_password() -> None:
    from ims._store import shown

    assert shown("postgres://me:se:cr@et@db/shop") == "postgres://me:***@db/shop"
    assert shown("postgres://me@db/shop") == "postgres://me@db/shop"
    assert shown("sqlite:shop.db") == "sqlite:shop.db"
