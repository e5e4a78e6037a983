"""A shop in a store: the class that `ims.open` gives."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar, overload
from urllib.parse import quote

from ims._commands import Command
from ims._errors import Error
from ims._listing import ALL_THAT_FIT
from ims._logging import bridge
from ims._methods import Commands, Reports
from ims._native import Engine, Replies
from ims._receipts import Event, Receipt
from ims._rows import Broken
from ims._types import Id

S = TypeVar("S", bound="Ims")


@dataclass(frozen=True)
class Request:
    """A command with what it is given with, for `Ims.execute_many`."""

    command: Command
    """What is asked."""

    id: Id | None = None
    """The command's id; made anew where none is given."""

    actor: str | None = None
    """Who gives it; the store's where none is given."""

    now: datetime | None = None
    """When the shop is told; the clock's time where none is given."""

    occurred_at: datetime | None = None
    """When it happened, where that was earlier."""


@dataclass(frozen=True)
class Verdict:
    """What `verify` found."""

    ok: bool
    """Whether nothing is broken."""

    state_hash: str
    """The hash of the whole business state: equal wherever the same commands were done, in any language and store."""

    counts: dict[str, int]
    """How many rows there are, by table."""

    broken: tuple[Broken, ...]
    """What is broken."""


class Outcomes(Sequence["Receipt | Error"]):
    """What became of many commands, in their order: receipts and exceptions, each made when it is looked at."""

    def __init__(self, replies: Replies) -> None:
        """Takes what the engine replied."""
        self._replies = replies

    def __len__(self) -> int:
        """Returns how many commands there were."""
        return self._replies.count()

    @overload
    def __getitem__(self, place: int) -> Receipt | Error: ...

    @overload
    def __getitem__(self, place: slice) -> list[Receipt | Error]: ...

    def __getitem__(self, place: int | slice) -> Receipt | Error | list[Receipt | Error]:
        """Returns the receipt or the exception of a command, or those of several."""
        found = range(len(self))[place]
        if isinstance(found, range):
            return [self[each] for each in found]
        outcome: Receipt | Error = self._replies.at(found)
        return outcome

    def errors(self) -> list[tuple[int, Error]]:
        """Returns the exceptions, each with the place of its command."""
        return self._replies.errors()

    def __repr__(self) -> str:
        """Says how many there are."""
        return f"Outcomes({len(self)} commands, {len(self.errors())} errors)"


class Ims(Commands, Reports):
    """A shop in a store. Safe to use from many threads; the interpreter's lock is free while it works.

    Use it as a context manager, or close it. A command is done exactly once: one that had no answer, because of an
    error or Ctrl-C, can be sent again with the same `id`.
    """

    def __init__(self, engine: Engine, url: str, actor: str) -> None:
        """Takes an engine; use `ims.open`."""
        super().__init__(engine, actor)
        self._url = url

    def __enter__(self: S) -> S:
        """Returns itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the store."""
        self.close()

    def __repr__(self) -> str:
        """Says which store it is, without a password."""
        return f"Ims({shown(self._url)!r})"

    def close(self) -> None:
        """Closes the store, after everything that was given is answered. Closing it again does nothing."""
        self._engine.close()

    def execute(
        self,
        command: Command,
        *,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Receipt:
        """Has a command done, exactly once: the same id again gives the same answer.

        >>> import ims
        >>> with ims.open("memory:") as shop:
        ...     id = "0190163d-8694-739b-aea5-966c26f8ad91"
        ...     command = ims.OpenShop(name="Corner shop", currency="EUR")
        ...     shop.execute(command, id=id) == shop.execute(command, id=id)
        True
        """
        given = (id, self._actor if actor is None else actor, now, occurred_at)
        receipt: Receipt = self._engine.execute(command, given)
        return receipt

    def simulate(
        self,
        command: Command,
        *,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Receipt:
        """Tells what a command would do now, and changes nothing.

        >>> import ims
        >>> with ims.open("memory:") as shop:
        ...     opened = shop.simulate(ims.OpenShop(name="Corner shop", currency="EUR"))
        ...     print(opened.shop.name, list(shop.events()))
        Corner shop []
        """
        given = (id, self._actor if actor is None else actor, now, occurred_at)
        receipt: Receipt = self._engine.simulate(command, given)
        return receipt

    def execute_many(self, commands: Iterable[Command | Request]) -> Outcomes:
        """Has commands done in this order, each for itself, which is faster than one by one.

        Returns a receipt for each, or the exception that it would have raised. Nothing is done where one of them is a
        `TypeError` or a `ValueError`.

        >>> import ims
        >>> with ims.open("memory:") as shop:
        ...     open_shop = ims.OpenShop(name="Corner shop", currency="EUR")
        ...     for outcome in shop.execute_many([open_shop, open_shop]):
        ...         print(type(outcome).__name__)
        ShopOpened
        ShopAlreadyOpen
        """
        return Outcomes(self._engine.execute_many(requests(commands, self._actor)))

    def execute_json(self, context: str, command: str) -> str:
        """Has a command done that is given as JSON, with its context; returns the answer as JSON.

        The forms are those of every other language: `{"id": …, "actor": …, "now": …}`, `{"sell": {…}}`, and
        `{"done": …}` or `{"refused": …}`.
        """
        answer: str = self._engine.execute_json(context, command)
        return answer

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yields the events after an offset, oldest first, up to the newest.

        >>> import ims
        >>> with ims.open("memory:", actor="Ada") as shop:
        ...     _ = shop.open_shop(name="Corner shop", currency="EUR")
        ...     [(event.offset, event.actor, type(event.body).__name__) for event in shop.events()]
        [(1, 'Ada', 'ShopOpened')]
        """
        while True:
            events, _ = self._engine.events(after, EVENTS_PER_PAGE)
            if not events:
                return
            yield from events
            after = events[-1].offset

    def follow(self, after: int = 0, *, poll_interval_s: float = 1.0) -> Iterator[Event]:
        """Yields the events after an offset, oldest first, and waits for more, without end."""
        while True:
            for event in self.events(after):
                after = event.offset
                yield event
            time.sleep(poll_interval_s)

    def scan(self, table: str) -> Iterator[Any]:
        """Yields all rows of a table, such as `"stock"` or `"layers"`, in no particular order."""
        after: str | None = None
        while True:
            rows, after = self._engine.scan(table, after, ALL_THAT_FIT)
            yield from rows
            if after is None:
                return

    def verify(self) -> Verdict:
        """Proves over the whole store that goods, promises, costs and money add up."""
        return Verdict(*self._engine.verify())


EVENTS_PER_PAGE = 1_000


def open(url: str | os.PathLike[str], *, actor: str = "python") -> Ims:
    """Opens a shop, and creates the store where there is none yet.

    `url` is `memory:`, `sqlite:shop.db`, `postgres://user:password@host/database` or `mysql://…`; a `pathlib.Path` is
    that of a SQLite file. `actor` says who gives the commands that name nobody else. A `StoreError` says at once what is
    wrong with it.

    >>> import ims
    >>> with ims.open("memory:") as shop:
    ...     shop.open_shop(name="Corner shop", currency="EUR").name
    'Corner shop'
    """
    bridge()
    url = named(url)
    return Ims(Engine.open(url), url, actor)


def named(url: str | os.PathLike[str]) -> str:
    """Returns the URL of a store: a path is that of a SQLite file."""
    if not isinstance(url, os.PathLike):
        return url
    path = quote(os.fsencode(url), safe="/:\\ ")
    # Two slashes after the colon are the URL's, and not the path's.
    return f"sqlite://{path}" if path.startswith("//") else f"sqlite:{path}"


def requests(commands: Iterable[Command | Request], actor: str) -> list[tuple[Any, tuple[Any, ...]]]:
    """Puts every command together with what it is given with."""
    found: list[tuple[Any, tuple[Any, ...]]] = []
    for asked in commands:
        if isinstance(asked, Request):
            by = actor if asked.actor is None else asked.actor
            found.append((asked.command, (asked.id, by, asked.now, asked.occurred_at)))
        else:
            found.append((asked, (None, actor, None, None)))
    return found


def shown(url: str) -> str:
    """Returns a URL without its password."""
    kind, mark, rest = url.partition("://")
    user, at, host = rest.rpartition("@")
    if not mark or not at:
        return url
    name, colon, _ = user.partition(":")
    return f"{kind}://{name}{':***' if colon else ''}@{host}"
