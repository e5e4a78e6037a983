"""What can go wrong, in families. All of them can be pickled."""

from __future__ import annotations

from typing import Any


class Error(Exception):
    """Anything that goes wrong in this package, beside a `TypeError` or `ValueError` about an argument."""

    code: str = "error"
    """A code that is the same in every language."""


class Rejected(Error):
    """The rules said no. This is final and recorded; nothing else changed.

    There is a subclass for each code in `ims.rejections`, with fields that hold the numbers:

    >>> import ims
    >>> no = ims.rejections.InsufficientStock("6 wanted", sku="TEA", site="MAIN", wanted=6, available=5)
    >>> no.code, no.wanted, no.available
    ('insufficient_stock', 6, 5)
    >>> match no:
    ...     case ims.rejections.InsufficientStock(wanted=wanted, available=available):
    ...         print(wanted - available, "missing")
    1 missing
    """

    code = "rejected"

    def __init__(self, message: str = "", **fields: Any) -> None:
        """Takes what the rules say and the numbers that explain it."""
        super().__init__(message)
        fields.pop("code", None)
        self.__dict__.update(fields)

    @property
    def fields(self) -> dict[str, Any]:
        """All fields by name."""
        return {name: value for name, value in self.__dict__.items() if name != "__notes__"}


class IdReused(Error):
    """The command's id was used before, for a command that said something else. Nothing changed."""

    code = "id_reused"

    def __init__(self, message: str, id: str = "") -> None:
        """Takes the id that was used twice."""
        super().__init__(message)
        self.id = id


class StoreError(Error):
    """The store failed. Send the same command again with the same id: it is done at most once.

    Its `code` is one of `StoreError.CODES` and says whether trying again can help.
    """

    CODES = (
        "store_retry",
        "store_unknown",
        "store_unavailable",
        "store_full",
        "store_out_of_range",
        "store_read_only",
        "store_denied",
        "store_missing",
        "store_address",
        "store_schema",
        "store_corrupt",
        "store_question",
    )
    """All codes, as in every language."""

    def __init__(self, message: str, code: str = "store_unknown") -> None:
        """Takes what the store said, and the kind of failure."""
        super().__init__(message)
        self.code = code


class Conflict(Error):
    """Other writers were faster every time. Nothing changed; send the same command again."""

    code = "contended"

    def __init__(self, message: str, attempts: int = 0) -> None:
        """Takes how many times it was tried."""
        super().__init__(message)
        self.attempts = attempts


class Stopped(Error):
    """The engine was stopped before the command was answered: it may have been done. Send it again to find out."""

    code = "stopped"


class Closed(Error):
    """The store is closed, or was opened by another process. Nothing changed."""

    code = "closed"


class InternalError(Error):
    """The engine is wrong about itself. Send the same command again to find out whether it was done."""

    code = "internal"
