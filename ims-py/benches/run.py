"""What the binding costs: each figure beside the same work in Rust, measured in turn in one run.

    python benches/run.py BASELINE

BASELINE is the program that `cargo build --release -p ims-py --bench baseline` makes. Medians of several rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa

import ims

ROUNDS = 9
CALLS = 2_000
BATCH = 20_000
ITEMS = 1_000
LINES = 3
ARROW_ROWS = 1_000_000
ARROW_ROUNDS = 5
LINES_PER_DOCUMENT = 2_000
NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
UNTIL = datetime(2026, 3, 2, 13, tzinfo=timezone.utc)

CALL_OVERHEAD_US = 10.0
BATCH_RATIO = 1.3
ARROW_RATIO = 20.0


def main() -> int:
    """Prints the figures; fails where one is beyond its limit."""
    baseline = Path(sys.argv[1])
    python: list[dict[str, float]] = []
    rust: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        rust.append(json.loads(subprocess.check_output([baseline, str(CALLS), str(BATCH)], text=True)))
        python.append(commands())
    kept = True
    for name in ("hold", "sell"):
        here, there = median(python, name), median(rust, name)
        kept &= figure(f"one call, {name}", (here - there) * 1e6, CALL_OVERHEAD_US, f"µs above Rust's {there * 1e6:.1f} µs")
    here, there = median(python, "sell_many"), median(rust, "sell_many")
    kept &= figure("a command of a batch", here / there, BATCH_RATIO, f"× Rust's {there * 1e6:.1f} µs")
    objects, columns = arrow()
    words = f"× as fast as a list of {ARROW_ROWS:,} objects ({objects:.2f} s, {columns:.2f} s)"
    kept &= figure("Arrow", objects / columns, ARROW_RATIO, words, at_least=True)
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0 if kept else 1


def figure(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> bool:
    """Prints a figure beside its limit."""
    kept = value >= limit if at_least else value <= limit
    word = "at least" if at_least else "at most"
    print(f"{what}: {value:.2f} {unit}; {word} {limit:g}: {'kept' if kept else 'NOT KEPT'}", flush=True)
    return kept


def median(rounds: list[dict[str, float]], name: str) -> float:
    """Returns the middle one of the rounds."""
    return statistics.median(found[name] for found in rounds)


def commands() -> dict[str, float]:
    """Times single calls and a batch: seconds for each."""
    with ims.open("memory:") as shop:
        shop.open_shop(name="Corner shop", currency="EUR", now=NOW)
        site = shop.create_location(code="MAIN", name="Main street", now=NOW).id
        items = [shop.create_item(sku=f"S{n}", name="Tea", price=5, now=NOW).id for n in range(ITEMS)]
        shop.receive_stock(site=site, lines=[ims.CostedGoods(item, 1_000_000, 2) for item in items], now=NOW)

        def hold(n: int) -> None:
            shop.place_hold(item=items[n % ITEMS], site=site, quantity=1, until=UNTIL, now=NOW)

        def lines(n: int) -> list[ims.OrderedLine]:
            return [ims.OrderedLine(items[(n * LINES + line) % ITEMS], 1) for line in range(LINES)]

        def sell(n: int) -> None:
            shop.sell(site=site, lines=lines(n), now=NOW)

        return {"hold": each(hold), "sell": each(sell), "sell_many": together(shop, site, lines)}


def each(call: Callable[[int], None]) -> float:
    """Returns the seconds that one call takes."""
    began = time.perf_counter()
    for n in range(CALLS):
        call(n)
    return (time.perf_counter() - began) / CALLS


def together(shop: ims.Ims, site: str, lines: Callable[[int], list[ims.OrderedLine]]) -> float:
    """Returns the seconds that one command of a batch takes."""
    asked = [ims.Request(ims.Sell(site=site, lines=lines(n)), now=NOW) for n in range(BATCH)]
    began = time.perf_counter()
    outcomes = shop.execute_many(asked)
    seconds = (time.perf_counter() - began) / BATCH
    assert not outcomes.errors()
    return seconds


def arrow() -> tuple[float, float]:
    """Returns the seconds that it takes to look at a report of many rows as objects, and as Arrow, once it is read.

    Both are medians: who looks first has the memory tidied up that reading left behind.
    """
    with tempfile.TemporaryDirectory() as folder, ims.open(f"sqlite:{folder}/shop.db") as shop:
        shop.open_shop(name="Corner shop", currency="EUR", now=NOW)
        site = shop.create_location(code="MAIN", name="Main street", now=NOW).id
        tea = shop.create_item(sku="TEA", name="Tea", price=5, now=NOW).id
        lines = [ims.Adjusted(tea, 1, 2)] * LINES_PER_DOCUMENT
        adjust = ims.AdjustStock(site=site, reason="found", direction="up", lines=lines)
        for number in range(ARROW_ROWS // LINES_PER_DOCUMENT):
            shop.execute(adjust, now=NOW + timedelta(seconds=number))
        began = time.perf_counter()
        rows = shop.movements().fetch()
        print(f"{len(rows):,} rows were read in {time.perf_counter() - began:.1f} s", flush=True)
        objects: list[float] = []
        columns: list[float] = []
        for _ in range(ARROW_ROUNDS):
            columns.append(took(lambda: pa.table(rows).num_rows))
            objects.append(took(lambda: len(list(rows))))
        return statistics.median(objects), statistics.median(columns)


def took(look: Callable[[], int]) -> float:
    """Returns the seconds that it takes to look at all rows."""
    began = time.perf_counter()
    assert look() == ARROW_ROWS
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
