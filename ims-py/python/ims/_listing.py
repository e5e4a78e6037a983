"""Lists that page by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from ims._native import Engine
from ims._native import Fetched as NativeFetched

R_co = TypeVar("R_co", covariant=True)

ALL_THAT_FIT = 0
"""As many rows as a page may have."""


class Fetched(Generic[R_co]):
    """All rows of a report as they were when they were read: as objects, or as Arrow, as often as somebody looks."""

    def __init__(self, rows: NativeFetched) -> None:
        """Takes what was read."""
        self._rows = rows

    def __len__(self) -> int:
        """Returns how many rows there are."""
        return self._rows.count()

    def __iter__(self) -> Iterator[R_co]:
        """Yields the rows, each made when it is its turn."""
        number = 0
        while (page := self._rows.page(number)) is not None:
            yield from page
            number += 1

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Exports the rows as an Arrow stream. Its schema is fixed: another one that is requested is not followed."""
        return self._rows.arrow()

    def __repr__(self) -> str:
        """Says how many rows there are."""
        return f"Fetched({len(self)} rows)"


class Rows(Generic[R_co]):
    """The rows of a report, read page by page while they are iterated over. Iterating again asks again.

    They are also a stream of Arrow record batches, so that `pyarrow.table(rows)`, `polars.DataFrame(rows)` or DuckDB
    read them without a Python object for each: quantities and amounts as decimals, times with their zone.
    """

    def __init__(self, engine: Engine, question: Any, sort: str | None = None) -> None:
        """Takes what is asked, and in which order."""
        self._engine = engine
        self._question = question
        self._sort = sort

    def sorted(self, by: str) -> Rows[R_co]:
        """Returns the same rows in another order: `sku`, `code`, `placed_at`, `ordered_at`, `occurred_at` or `key`.

        Each list has one of these, named as the field of its rows; `-placed_at` has the newest first.
        """
        return Rows(self._engine, self._question, by)

    def __iter__(self) -> Iterator[R_co]:
        """Yields the rows, reading the next page when one is used up."""
        for page in self.pages():
            yield from page

    def pages(self, limit: int = ALL_THAT_FIT) -> Iterator[tuple[R_co, ...]]:
        """Yields pages of at most `limit` rows."""
        after: str | None = None
        while True:
            rows, after = self._engine.page(self._question, after, limit, self._sort)
            if rows:
                yield rows
            if after is None:
                return

    def all(self) -> list[R_co]:
        """Returns all rows."""
        return list(self)

    def fetch(self) -> Fetched[R_co]:
        """Reads all rows now, once, without making an object of each."""
        return Fetched(self._engine.fetch(self._question, self._sort))

    def first(self) -> R_co | None:
        """Returns the first row, if there is one."""
        rows: tuple[R_co, ...]
        rows, _ = self._engine.page(self._question, None, 1, self._sort)
        return rows[0] if rows else None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Exports the rows as an Arrow stream. Its schema is fixed: another one that is requested is not followed."""
        return self._engine.arrow(self._question, self._sort)

    def __repr__(self) -> str:
        """Says what is asked."""
        return f"Rows({self._question!r})"
