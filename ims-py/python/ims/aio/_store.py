"""A shop in a store, for asyncio: the class that `ims.aio.open` gives."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar

from ims._commands import Command
from ims._listing import ALL_THAT_FIT
from ims._logging import bridge
from ims._native import Engine
from ims._receipts import Event, Receipt
from ims._store import EVENTS_PER_PAGE, Outcomes, Request, Verdict, named, requests, shown
from ims._types import Id
from ims.aio._methods import Commands, Reports
from ims.aio._wait import wait

S = TypeVar("S", bound="Ims")


class Ims(Commands, Reports):
    """A shop in a store, as `ims.Ims`, with methods to be awaited.

    Cancelling an await does not take a command back: send it again with the same `id` to find out what became of it.
    """

    def __init__(self, engine: Engine, url: str, actor: str) -> None:
        """Takes an engine; use `ims.aio.open`."""
        super().__init__(engine, actor)
        self._url = url

    async def __aenter__(self: S) -> S:
        """Returns itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the store."""
        await self.close()

    def __repr__(self) -> str:
        """Says which store it is, without a password."""
        return f"aio.Ims({shown(self._url)!r})"

    async def close(self) -> None:
        """Closes the store, after everything that was given is answered. Closing it again does nothing."""
        await wait(self._engine.close)

    async def execute(
        self,
        command: Command,
        *,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Receipt:
        """Has a command done, exactly once: the same id again gives the same answer."""
        given = (id, self._actor if actor is None else actor, now, occurred_at)
        receipt: Receipt = await wait(self._engine.execute, command, given)
        return receipt

    async def simulate(
        self,
        command: Command,
        *,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Receipt:
        """Tells what a command would do now, and changes nothing."""
        given = (id, self._actor if actor is None else actor, now, occurred_at)
        receipt: Receipt = await wait(self._engine.simulate, command, given)
        return receipt

    async def execute_many(self, commands: Iterable[Command | Request]) -> Outcomes:
        """Has commands done in this order, each for itself, which is faster than one by one.

        Returns a receipt for each, or the exception that it would have raised. Nothing is done where one of them is a
        `TypeError` or a `ValueError`.
        """
        return Outcomes(await wait(self._engine.execute_many, requests(commands, self._actor)))

    async def execute_json(self, context: str, command: str) -> str:
        """Has a command done that is given as JSON, with its context; returns the answer as JSON."""
        answer: str = await wait(self._engine.execute_json, context, command)
        return answer

    async def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Yields the events after an offset, oldest first, up to the newest."""
        while True:
            events, _ = await wait(self._engine.events, after, EVENTS_PER_PAGE)
            if not events:
                return
            for event in events:
                yield event
            after = events[-1].offset

    async def follow(self, after: int = 0, *, poll_interval_s: float = 1.0) -> AsyncIterator[Event]:
        """Yields the events after an offset, oldest first, and waits for more, without end."""
        while True:
            async for event in self.events(after):
                after = event.offset
                yield event
            await asyncio.sleep(poll_interval_s)

    async def scan(self, table: str) -> AsyncIterator[Any]:
        """Yields all rows of a table, such as `"stock"` or `"layers"`, in no particular order."""
        after: str | None = None
        while True:
            rows, after = await wait(self._engine.scan, table, after, ALL_THAT_FIT)
            for row in rows:
                yield row
            if after is None:
                return

    async def verify(self) -> Verdict:
        """Proves over the whole store that goods, promises, costs and money add up."""
        return Verdict(*await wait(self._engine.verify))


async def open(url: str | os.PathLike[str], *, actor: str = "python") -> Ims:
    """Opens a shop, and creates the store where there is none yet; see `ims.open`.

    >>> import asyncio
    >>> from ims import aio
    >>> async def name() -> str:
    ...     async with await aio.open("memory:") as shop:
    ...         return (await shop.open_shop(name="Corner shop", currency="EUR")).name
    >>> asyncio.run(name())
    'Corner shop'
    """
    bridge()
    url = named(url)
    return Ims(await wait(Engine.open, url), url, actor)
