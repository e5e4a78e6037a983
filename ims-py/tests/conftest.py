"""A shop to test with, on every kind of store."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import ims

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@dataclass
class Corner:
    """A shop with a site and ten of an item that costs 2 and is sold for 4.50."""

    shop: ims.Ims
    site: str
    tea: str

    def sell(self, quantity: int, id: ims.Id | None = None) -> ims.Sold:
        """Sells some of it."""
        return self.shop.sell(site=self.site, lines=[ims.OrderedLine(self.tea, quantity)], id=id)


def furnish(shop: ims.Ims) -> Corner:
    """Opens the shop and fills its shelf."""
    shop.open_shop(name="Corner shop", currency="EUR", now=NOON)
    site = shop.create_location(code="MAIN", name="Main street", now=NOON)
    tea = shop.create_item(sku="TEA-1", name="Green tea", price=Decimal("4.50"), now=NOON)
    shop.receive_stock(site=site.id, lines=[ims.CostedGoods(tea.id, 10, 2)], now=NOON)
    return Corner(shop, site.id, tea.id)


@pytest.fixture
def corner() -> Iterator[Corner]:
    """A furnished shop in memory."""
    with ims.open("memory:") as shop:
        yield furnish(shop)


@pytest.fixture(params=["memory", "sqlite", "postgres", "mysql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes URLs of empty stores, of each kind."""
    kind: str = request.param
    drops: list[Callable[[], None]] = []

    def new() -> str:
        if kind == "memory":
            return "memory:"
        if kind == "sqlite":
            return f"sqlite:{tmp_path / uuid.uuid4().hex}.db"
        url, drop = new_database(kind)
        drops.append(drop)
        return url

    yield new
    for drop in drops:
        drop()


VARIABLES = {"postgres": "IMS_TEST_POSTGRES_URL", "mysql": "IMS_TEST_MYSQL_URL"}


def new_database(kind: str) -> tuple[str, Callable[[], None]]:
    """Makes a database on the server that the environment names; returns its URL, and what drops it."""
    server = os.environ.get(VARIABLES[kind])
    if server is None:
        why = f"{VARIABLES[kind]} names no server"
        if os.environ.get("IMS_REQUIRE_SERVERS") == "1":
            pytest.fail(why)
        pytest.skip(why)
    name = f"ims_py_{uuid.uuid4().hex}"
    run_sql(kind, server, f"CREATE DATABASE {name}")
    force = " WITH (FORCE)" if kind == "postgres" else ""
    return server.rpartition("/")[0] + f"/{name}", lambda: run_sql(kind, server, f"DROP DATABASE {name}{force}")


def run_sql(kind: str, url: str, statement: str) -> None:
    """Runs a statement on a server."""
    parts = urlsplit(url)
    host, user, password = parts.hostname or "127.0.0.1", parts.username, parts.password
    if kind == "postgres":
        import pg8000.dbapi

        connection = pg8000.dbapi.connect(user, host=host, port=parts.port or 5432, password=password, database=parts.path[1:])
        connection.autocommit = True
    else:
        import pymysql

        connection = pymysql.connect(host=host, port=parts.port or 3306, user=user, password=password or "", autocommit=True)
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.rollback()
"""


@contextmanager
def locked(file: Path) -> Iterator[Callable[[], None]]:
    """Keeps others from writing to a SQLite file, until what it gives is called.

    Another process does: SQLite's locks are a process's own, and Python's SQLite is not the store's.
    """
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"

    def unlock() -> None:
        holder.communicate()

    try:
        yield unlock
    finally:
        if holder.poll() is None:
            unlock()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says what ran in the words of `cargo test`, which `cargo xtask test` adds up."""
    counts = {word: len(terminalreporter.stats.get(word, [])) for word in ("passed", "failed", "error", "skipped")}
    failed = counts["failed"] + counts["error"]
    verdict = "FAILED" if failed else "ok"
    terminalreporter.write_line(
        f"test result: {verdict}. {counts['passed']} passed; {failed} failed; {counts['skipped']} ignored"
    )
