"""A program that uses the package ends as it would without it, whatever is still under way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import pytest

RUNS = 200
"""Programs of each run of these tests; a callback at the wrong moment ended one in ten."""

START = """
import asyncio, atexit, sys, threading

at_the_very_end = []
atexit.register(lambda: [each() for each in at_the_very_end])

import ims
from ims import aio

async def once():
    async with await aio.open("memory:") as shop:
        await shop.open_shop(name="Corner shop", currency="EUR")
"""

QUIET = {
    "asyncio": """
asyncio.run(once())
""",
    "asyncio, not closed": """
async def main():
    shop = await aio.open("memory:")
    await shop.open_shop(name="Corner shop", currency="EUR")

asyncio.run(main())
""",
    "asyncio, answers that nobody waits for": """
async def main():
    shop = await aio.open("memory:")
    await shop.open_shop(name="Corner shop", currency="EUR")
    for _ in range(20):
        asyncio.ensure_future(shop.verify())
    await asyncio.sleep(0)

asyncio.run(main())
""",
    "asyncio in another thread": """
thread = threading.Thread(target=lambda: asyncio.run(once()))
thread.start()
thread.join()
""",
    "asyncio in a thread that is left behind": """
async def main():
    async with await aio.open("memory:") as shop:
        await shop.open_shop(name="Corner shop", currency="EUR")
        begun.set()
        while True:
            await shop.verify()

begun = threading.Event()
threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
begun.wait()
""",
    "sync": """
with ims.open("memory:") as shop:
    shop.open_shop(name="Corner shop", currency="EUR")
""",
    "sync, not closed": """
shop = ims.open("memory:")
shop.open_shop(name="Corner shop", currency="EUR")
""",
    "sync in threads that are left behind": """
shop = ims.open("memory:")
shop.open_shop(name="Corner shop", currency="EUR")
begun = threading.Event()

def work():
    while True:
        shop.verify()
        shop.execute_many([ims.OpenShop(name="Corner shop", currency="EUR")] * 10)[0]
        shop.locations().all()
        begun.set()

for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
begun.wait()
""",
    "closed by a function that is called at the end": """
shop = ims.open("memory:")
shop.open_shop(name="Corner shop", currency="EUR")
atexit.register(lambda: (shop.verify(), shop.close()))
""",
    "asyncio at the very end, when nothing else goes on": """
asyncio.run(once())
at_the_very_end.append(lambda: asyncio.run(once()))
""",
    "asyncio for the first time at the very end": """
at_the_very_end.append(lambda: asyncio.run(once()))
""",
    "sync at the very end": """
shop = ims.open("memory:")
at_the_very_end.append(lambda: (shop.open_shop(name="Corner shop", currency="EUR"), shop.close()))
""",
    "much to log": """
import logging
logging.getLogger("ims").addHandler(logging.NullHandler())
logging.getLogger("ims").setLevel(logging.DEBUG)
asyncio.run(once())
""",
}
"""Programs that end well and say nothing."""

FAILING = {
    "asyncio, an exception": """
async def main():
    async with await aio.open("memory:") as shop:
        await shop.open_shop(name="Corner shop", currency="EUR")
        asyncio.ensure_future(shop.verify())
        raise KeyError("the program's own")

asyncio.run(main())
""",
    "sync, an exception": """
shop = ims.open("memory:")
shop.open_shop(name="Corner shop", currency="EUR")
threading.Thread(target=shop.verify, daemon=True).start()
raise KeyError("the program's own")
""",
}
"""Programs that end by an exception of their own."""


def run(program: str) -> tuple[int, str]:
    """Runs a program to its end."""
    done = subprocess.run([sys.executable, "-c", START + program], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr


def programs() -> Iterator[tuple[str, str]]:
    """Each program again and again."""
    return cycle((QUIET | FAILING).items())


def test_two_hundred_short_programs_end_as_they_should() -> None:
    chosen = list(islice(programs(), RUNS))
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as threads:
        ends = list(threads.map(run, (text for _, text in chosen)))
    for (name, _), (code, said) in zip(chosen, ends, strict=True):
        if name in QUIET:
            assert (code, said) == (0, ""), name
        else:
            assert code == 1, (name, said)
            assert said.endswith("KeyError: \"the program's own\"\n"), (name, said)


def test_what_is_asked_in_a_thread_after_the_end_began_never_answers() -> None:
    program = """
shop = ims.open("memory:")
begun, over = threading.Event(), threading.Event()

def late():
    over.wait()
    shop.verify()
    print("an answer at the end of the interpreter")

threading.Thread(target=late, daemon=True).start()
atexit.register(over.set)
"""
    done = subprocess.run([sys.executable, "-c", START + program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_after_a_fork_has_answers_and_an_end_of_its_own() -> None:
    program = """
import os
asyncio.run(once())
child = os.fork()
asyncio.run(once())
if child:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
    assert run(program) == (0, "")
