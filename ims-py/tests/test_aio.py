"""The same shop for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import NOON, locked

import ims
from ims import aio

ID = "0190163d-8694-739b-aea5-966c26f8ad91"


def with_shop(work: Callable[[aio.Ims, str, str], Awaitable[None]], url: str = "memory:") -> None:
    """Does something with a furnished shop."""

    async def run() -> None:
        async with await aio.open(url) as shop:
            await shop.open_shop(name="Corner shop", currency="EUR")
            site = await shop.create_location(code="MAIN", name="Main street")
            tea = await shop.create_item(sku="TEA-1", name="Green tea", price=Decimal("4.50"))
            await shop.receive_stock(site=site.id, lines=[ims.CostedGoods(tea.id, 10, 2)])
            await work(shop, site.id, tea.id)

    asyncio.run(run())


def test_many_tasks_sell_what_there_is_and_no_more() -> None:
    async def work(shop: aio.Ims, site: str, tea: str) -> None:
        sales = (shop.sell(site=site, lines=[ims.OrderedLine(tea, 1)]) for _ in range(30))
        answers = await asyncio.gather(*sales, return_exceptions=True)
        assert sum(isinstance(answer, ims.Sold) for answer in answers) == 10
        assert sum(isinstance(answer, ims.rejections.InsufficientStock) for answer in answers) == 20
        assert (await shop.verify()).ok

    with_shop(work)


def test_rows_and_events_are_iterated_over() -> None:
    async def work(shop: aio.Ims, site: str, tea: str) -> None:
        assert [row.sku async for row in shop.items()] == ["TEA-1"]
        assert [len(page) async for page in shop.locations().pages(2)] == [2, 2, 2]
        assert (await shop.stock().all())[0].on_hand == 10
        first = await shop.suppliers().first()
        assert first is None
        assert [event.offset async for event in shop.events()] == [1, 2, 3, 4]
        assert [layer.quantity async for layer in shop.scan("layers")] == [10]
        assert (await shop.value()).value == 20
        assert (await shop.simulate(ims.RetireItem(item=tea))) == ims.ItemRetired(tea, "TEA-1")
        [sold, refused] = await shop.execute_many(
            [ims.Sell(site=site, lines=[ims.OrderedLine(tea, n)]) for n in (1, 100)]
        )
        assert isinstance(sold, ims.Sold)
        assert isinstance(refused, ims.rejections.InsufficientStock)

    with_shop(work)


def test_events_are_followed_as_they_come() -> None:
    async def work(shop: aio.Ims, site: str, tea: str) -> None:
        async def seen() -> list[int]:
            offsets: list[int] = []
            async for event in shop.follow(4, poll_interval_s=0.01):
                offsets.append(event.offset)
                if len(offsets) == 3:
                    break
            return offsets

        follower = asyncio.create_task(seen())
        for _ in range(3):
            await asyncio.sleep(0)
            await shop.sell(site=site, lines=[ims.OrderedLine(tea, 1)])
        assert await asyncio.wait_for(follower, 5) == [5, 6, 7]

    with_shop(work)


def test_a_cancelled_task_is_settled_by_its_id(tmp_path: Path) -> None:
    async def work(shop: aio.Ims, site: str, tea: str) -> None:
        lines = [ims.OrderedLine(tea, 1)]
        with locked(tmp_path / "shop.db"):
            task = asyncio.create_task(shop.sell(site=site, lines=lines, id=ID))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert (await shop.sell(site=site, lines=lines, id=ID)).order.number == 1
        assert (await shop.value()).quantity == 9

    with_shop(work, f"sqlite:{tmp_path}/shop.db")


def test_errors_are_raised_where_it_is_awaited() -> None:
    async def work(shop: aio.Ims, site: str, tea: str) -> None:
        with pytest.raises(ims.rejections.InsufficientStock):
            await shop.sell(site=site, lines=[ims.OrderedLine(tea, 11)])
        with pytest.raises(TypeError, match="quantity"):
            half: Any = 0.5
            await shop.sell(site=site, lines=[ims.OrderedLine(tea, half)])
        shop._engine.plant_panic()  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(ims.InternalError, match="planted"):
            await shop.place_hold(item=tea, site=site, quantity=1, until=NOON.replace(year=9999))
        await shop.sell(site=site, lines=[ims.OrderedLine(tea, 1)])
        await shop.close()
        with pytest.raises(ims.Closed):
            await shop.verify()

    with_shop(work)


def test_a_store_that_cannot_be_opened_says_why() -> None:
    with pytest.raises(ims.StoreError):
        asyncio.run(aio.open("oracle:shop"))
