"""What stores have to say, for `logging`."""

from __future__ import annotations

import logging
import os
import threading

from ims._native import log_level, log_records

LOGGER = logging.getLogger("ims")
"""Its level says what is passed on; it is looked at whenever a store is opened, and twice a second after that."""

WAIT_MS = 500


class _Bridge:
    """The process whose records are passed on: threads do not survive a fork."""

    process: int | None = None


def bridge() -> None:
    """Begins to pass records on, once for each process."""
    log_level(min(LOGGER.getEffectiveLevel(), logging.CRITICAL))
    if _Bridge.process != os.getpid():
        _Bridge.process = os.getpid()
        threading.Thread(target=_pass_on, name="ims-logging", daemon=True).start()


def _pass_on() -> None:
    while True:
        for name, level, text in log_records(WAIT_MS):
            logger = logging.getLogger(name)
            if logger.isEnabledFor(level):
                logger.handle(logger.makeRecord(name, level, "", 0, text, (), None))
        log_level(min(LOGGER.getEffectiveLevel(), logging.CRITICAL))
