"""Threads of the package's own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable


class Background:
    """A thread that runs beside the program, one for each process: threads do not survive a fork."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        """Takes what is done again and again."""
        self._name = name
        self._work = work
        self._process: int | None = None

    def begin(self) -> None:
        """Begins, where it has not in this process."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        try:
            threading.Thread(target=self._run, name=self._name, daemon=True).start()
        except RuntimeError:
            # An interpreter that ends begins no thread any more. Nobody waits for this one: answers come at once then.
            pass

    def _run(self) -> None:
        while True:
            self._work()
