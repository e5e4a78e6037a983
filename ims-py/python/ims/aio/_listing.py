"""Lists that page by themselves, for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar

from ims._listing import ALL_THAT_FIT, Fetched
from ims._native import Engine
from ims.aio._wait import wait

R_co = TypeVar("R_co", covariant=True)


class AsyncRows(Generic[R_co]):
    """The rows of a report, read page by page while they are iterated over. Iterating again asks again.

    They are also a stream of Arrow record batches. Whoever reads that waits for the store: have it read on a thread,
    as in `await asyncio.to_thread(pyarrow.table, rows)`.
    """

    def __init__(self, engine: Engine, question: Any, sort: str | None = None) -> None:
        """Takes what is asked, and in which order."""
        self._engine = engine
        self._question = question
        self._sort = sort

    def sorted(self, by: str) -> AsyncRows[R_co]:
        """Returns the same rows in another order: `sku`, `code`, `placed_at`, `ordered_at`, `occurred_at` or `key`.

        Each list has one of these, named as the field of its rows; `-placed_at` has the newest first.
        """
        return AsyncRows(self._engine, self._question, by)

    async def __aiter__(self) -> AsyncIterator[R_co]:
        """Yields the rows, reading the next page when one is used up."""
        async for page in self.pages():
            for row in page:
                yield row

    async def pages(self, limit: int = ALL_THAT_FIT) -> AsyncIterator[tuple[R_co, ...]]:
        """Yields pages of at most `limit` rows."""
        after: str | None = None
        while True:
            rows, after = await wait(self._engine.page, self._question, after, limit, self._sort)
            if rows:
                yield rows
            if after is None:
                return

    async def all(self) -> list[R_co]:
        """Returns all rows."""
        return [row async for row in self]

    async def fetch(self) -> Fetched[R_co]:
        """Reads all rows now, once, without making an object of each."""
        return Fetched(await wait(self._engine.fetch, self._question, self._sort))

    async def first(self) -> R_co | None:
        """Returns the first row, if there is one."""
        rows: tuple[R_co, ...]
        rows, _ = await wait(self._engine.page, self._question, None, 1, self._sort)
        return rows[0] if rows else None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Exports the rows as an Arrow stream. Its schema is fixed: another one that is requested is not followed."""
        return self._engine.arrow(self._question, self._sort)

    def __repr__(self) -> str:
        """Says what is asked."""
        return f"AsyncRows({self._question!r})"
