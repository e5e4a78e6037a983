"""What stores have to say, for `logging`."""

from __future__ import annotations

import logging

from ims._background import Background
from ims._native import log_level, log_records

LOGGER = logging.getLogger("ims")
"""Its level says what is passed on; it is looked at whenever a store is opened, and twice a second after that.

Its records go where the program says, and nowhere where it says nothing: what is raised is not printed as well."""

LOGGER.addHandler(logging.NullHandler())

WAIT_MS = 500


def bridge() -> None:
    """Begins to pass records on, once for each process."""
    log_level(min(LOGGER.getEffectiveLevel(), logging.CRITICAL))
    _BRIDGE.begin()


def _pass_on() -> None:
    for name, level, text in log_records(WAIT_MS):
        logger = logging.getLogger(name)
        if logger.isEnabledFor(level):
            logger.handle(logger.makeRecord(name, level, "", 0, text, (), None))
    log_level(min(LOGGER.getEffectiveLevel(), logging.CRITICAL))


_BRIDGE = Background("ims-logging", _pass_on)
