"""The same shop for asyncio. A call costs more than one that waits: use it where other tasks have to go on meanwhile."""

from __future__ import annotations

from ims.aio._listing import AsyncRows
from ims.aio._store import Ims, open

__all__ = ["AsyncRows", "Ims", "open"]
