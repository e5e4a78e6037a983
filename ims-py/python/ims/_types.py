"""What is taken as an id, as a number, as a time."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Final, Union
from uuid import UUID

Id = Union[str, UUID]
"""The id of a command, or of what a command made, which is the same: a UUID, or its text."""

Number = Union[Decimal, int]
"""An exact number. A float is refused: 0.1 as a float is another number than 0.1."""


class Keep(Enum):
    """Says of a field of an update that it stays as it is."""

    KEEP = "keep"

    def __repr__(self) -> str:
        """Returns the name that it is imported by."""
        return "KEEP"


KEEP: Final = Keep.KEEP
"""Leave it as it is. `None` would take it away."""


def clock() -> datetime:
    """Returns the time now."""
    return datetime.now(timezone.utc)
