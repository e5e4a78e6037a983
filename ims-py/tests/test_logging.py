"""What the engine and a store have to say comes out of `logging`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from conftest import Corner, furnish

import ims

LONG_ENOUGH_S = 10


class Told(logging.Handler):
    """Keeps records, and lets somebody wait for one."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.arrived = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self.arrived:
            self.records.append(record)
            self.arrived.notify_all()

    def wait_for(self, text: str) -> logging.LogRecord:
        """Returns the record that says this."""

        def found() -> logging.LogRecord | None:
            return next((record for record in self.records if text in record.getMessage()), None)

        with self.arrived:
            record = self.arrived.wait_for(found, LONG_ENOUGH_S)
        assert record is not None, [record.getMessage() for record in self.records]
        return record


@pytest.fixture
def told() -> Iterator[Told]:
    """Listens to the logger of the package, whose level it puts back in the end."""
    logger, handler = logging.getLogger("ims"), Told()
    level = logger.level
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_records_have_the_level_that_is_asked_for(told: Told) -> None:
    logging.getLogger("ims").setLevel(logging.INFO)
    with ims.open("memory:") as shop:
        furnish(shop)
    told.wait_for("a store is closed")
    assert logging.DEBUG not in {record.levelno for record in told.records}
    logging.getLogger("ims").setLevel(logging.DEBUG)
    id = "0190163d-8694-739b-aea5-966c26f8ad91"
    with ims.open("memory:") as shop:
        furnish(shop).sell(1, id=id)
    record = told.wait_for(f"command {id}: done")
    assert (record.name, record.levelno) == ("ims.engine", logging.DEBUG)


def test_a_panic_is_logged_as_an_error(told: Told, corner: Corner) -> None:
    corner.shop._engine.plant_panic()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ims.InternalError):
        corner.sell(1)
    assert told.wait_for("panicked: a panic that was planted").levelno == logging.ERROR
