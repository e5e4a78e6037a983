"""Waits for the native half without stopping the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ims._background import Background
from ims._native import give_answers


_GIVER = Background("ims-answers", give_answers)
"""Calls the functions of all who wait for answers."""


async def wait(start: Callable[..., object], *arguments: Any) -> Any:
    """Starts some work and waits until it is done.

    Cancelling the wait does not take the work back: sending the same command id again tells what became of it.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def done(made: Any, error: BaseException | None) -> None:
        try:
            loop.call_soon_threadsafe(_settle, future, made, error)
        except RuntimeError:
            # The loop was closed; nobody waits any more.
            pass

    _GIVER.begin()
    start(*arguments, done)
    return await future


def _settle(future: asyncio.Future[Any], made: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(made)
    else:
        future.set_exception(error)
