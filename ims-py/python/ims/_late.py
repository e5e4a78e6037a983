"""Objects that make their fields when somebody looks at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ims._native import Told


class Late:
    """A data class whose objects come from the engine with what they tell, and have no field before one is asked for."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Makes the fields, if they are not there yet, and returns one."""
            fields = self.__dict__
            told: Told | None = fields.get("_told")
            if told is not None:
                fields.update(vars(told.whole()))
                # Only now: another thread that looks meanwhile finds the fields, or what they are made of.
                fields.pop("_told", None)
            try:
                return fields[name]
            except KeyError:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}") from None

    def __getstate__(self) -> dict[str, Any]:
        """Returns the fields, for copies and pickles."""
        told: Told | None = self.__dict__.get("_told")
        return dict(vars(self if told is None else told.whole()))
