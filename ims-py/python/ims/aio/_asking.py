"""How a command or a question gets to the engine, for asyncio."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from ims._commands import Command
from ims._native import Engine
from ims._types import Id
from ims.aio._listing import AsyncRows
from ims.aio._wait import wait

R = TypeVar("R")


class Asking:
    """Has an engine, and the actor of whoever names none."""

    def __init__(self, engine: Engine, actor: str) -> None:
        """Takes an engine that is open."""
        self._engine = engine
        self._actor = actor

    async def _execute(
        self,
        kind: type[R],
        command: Command,
        id: Id | None,
        actor: str | None,
        now: datetime | None,
        occurred_at: datetime | None,
    ) -> R:
        """Has a command done whose receipt is of this kind."""
        given = (id, self._actor if actor is None else actor, now, occurred_at)
        receipt: R = await wait(self._engine.execute, command, given)
        return receipt

    def _rows(self, kind: type[R], question: Any) -> AsyncRows[R]:
        """Lists rows of this kind."""
        return AsyncRows(self._engine, question)

    async def _look_up(self, question: Any) -> Any:
        """Answers a question that has one answer."""
        return await wait(self._engine.look_up, question)
