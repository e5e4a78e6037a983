"""Many threads, Ctrl-C, a fork: nothing is done twice, nothing is half done, nothing hangs."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import NOON, Corner, furnish, locked

import ims
from ims._asking import Asking

ID = "0190163d-8694-739b-aea5-966c26f8ad91"


def test_many_threads_sell_what_there_is_and_no_more(new_store: Callable[[], str]) -> None:
    with ims.open(new_store()) as shop:
        corner = furnish(shop)

        def buy(_: int) -> bool:
            try:
                corner.sell(1)
            except ims.rejections.InsufficientStock:
                return False
            return True

        with ThreadPoolExecutor(16) as threads:
            sold = sum(threads.map(buy, range(50)))
        assert sold == 10
        assert [line.available for line in shop.stock()] == [Decimal(0)]
        assert shop.verify().ok


def test_no_thread_waits_for_ever(corner: Corner) -> None:
    def look_and_hold(_: int) -> str:
        assert len(corner.shop.stock().all()) == 1
        hold = ims.PlaceHold(item=corner.tea, site=corner.site, quantity=1, until=NOON + timedelta(hours=1))
        [held] = corner.shop.execute_many([ims.Request(hold, now=NOON)])
        assert isinstance(held, ims.HoldPlaced)
        return corner.shop.release_hold(hold=held.hold.id, now=NOON).id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(look_and_hold, range(2_000)))) == 2_000
    assert corner.shop.verify().ok


def test_the_same_command_from_many_threads_is_done_once(corner: Corner) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: corner.sell(1, id=ID), range(40)))
    assert all(answer == answers[0] for answer in answers)
    assert corner.shop.stock().all()[0].on_hand == 9


def in_the_engine(thread: threading.Thread) -> bool:
    """Tells whether a thread has given a command and has no answer yet."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code is Asking._execute.__code__


def test_other_threads_go_on_while_one_waits_for_the_store(tmp_path: Path) -> None:
    with ims.open(f"sqlite:{tmp_path}/shop.db") as shop:
        corner = furnish(shop)
        with locked(tmp_path / "shop.db") as unlock:
            waiting = threading.Thread(target=corner.sell, args=(1,))
            waiting.start()
            # Nothing can answer before the file is unlocked: this thread goes on, or waits for ever.
            rounds = 0
            while rounds < 1_000:
                rounds += in_the_engine(waiting)
            unlock()
        waiting.join()
        assert shop.stock().all()[0].on_hand == 9


def test_closing_waits_for_what_was_given(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path}/shop.db"
    shop = ims.open(url)
    corner = furnish(shop)
    answers: list[object] = []

    def sell() -> None:
        try:
            answers.append(corner.sell(1))
        except ims.Closed as closed:
            answers.append(closed)

    sellers = [threading.Thread(target=sell) for _ in range(8)]
    for seller in sellers:
        seller.start()
    shop.close()
    for seller in sellers:
        seller.join()
    sold = sum(isinstance(answer, ims.Sold) for answer in answers)
    assert len(answers) == 8
    with ims.open(url) as again:
        assert again.stock().all()[0].on_hand == 10 - sold
        assert again.verify().ok


def press_ctrl_c() -> None:
    """Interrupts the main thread when it waits for the engine."""
    while not in_the_engine(threading.main_thread()):
        pass
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def ctrl_c_interrupts() -> Iterator[None]:
    """Python's own way to hear Ctrl-C, which a program that was started in the background does not have."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_interrupts")
def test_ctrl_c_is_heard_and_the_same_id_settles_what_became_of_it(tmp_path: Path) -> None:
    with ims.open(f"sqlite:{tmp_path}/shop.db") as shop:
        corner = furnish(shop)
        with locked(tmp_path / "shop.db") as unlock:
            threading.Thread(target=press_ctrl_c).start()
            # Nothing can answer before the file is unlocked: Ctrl-C is heard, or the store gives up.
            with pytest.raises(KeyboardInterrupt):
                corner.sell(1, id=ID)
            unlock()
        assert corner.sell(1, id=ID).order.number == 1
        assert shop.stock().all()[0].on_hand == 9
        assert shop.verify().ok


def test_a_child_process_opens_its_own(corner: Corner) -> None:
    child = os.fork()
    if child == 0:
        os._exit(in_a_child(corner))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert corner.sell(1).order.number == 1


def in_a_child(corner: Corner) -> int:
    """Returns 0 where a child finds everything as it should be."""
    try:
        corner.sell(1)
    except ims.Closed:
        with ims.open("memory:") as shop:
            furnish(shop).sell(1)
        corner.shop.close()
        return 0
    return 1
