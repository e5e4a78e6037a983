"""What the README shows runs as it stands, and so does the replay that it names."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
PROJECT = HERE.parent
SMALL = PROJECT / "ims-server" / "tests" / "data" / "online_retail_small.csv"


def test_the_quick_start_runs_as_it_stands(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (HERE / "README.md").read_text(), re.S)
    assert len([line for line in code.splitlines() if line]) <= 12
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "9 [('TEA-GREEN', Decimal('46'))]\n"
    assert (tmp_path / "shop.db").exists()


def replayed(file: Path, store: str = "memory:") -> str:
    """Replays a file in Python; returns the state hash."""
    script = HERE / "examples" / "online_retail.py"
    ran = subprocess.run([sys.executable, script, file, store], capture_output=True, text=True, check=True)
    return ran.stdout.split()[-1]


def replayed_by_the_program(file: Path) -> str:
    """Replays a file with the program that the environment names; returns the state hash."""
    program = os.environ.get("IMS_PROGRAM")
    if program is None:
        pytest.skip("IMS_PROGRAM names no program to compare with")
    words = [program, "--store", "memory:", "replay", "online-retail", str(file), "--verify"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    return ran.stdout.split()[-1]


def test_the_replay_in_python_ends_in_the_state_that_the_program_ends_in(tmp_path: Path) -> None:
    hash = replayed(SMALL)
    packed = tmp_path / "small.csv.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes()))
    store = f"sqlite:{tmp_path}/shop.db"
    assert replayed(packed, store) == replayed(packed, store) == hash
    assert replayed_by_the_program(SMALL) == hash


def test_a_whole_year_ends_in_the_same_state() -> None:
    if os.environ.get("IMS_WHOLE_REPLAY") != "1":
        pytest.skip("a whole year takes minutes: `cargo xtask test --long`, or IMS_WHOLE_REPLAY=1")
    file = Path(os.environ.get("IMS_DATA", PROJECT / "../shared/data")) / "online_retail.csv.gz"
    if not file.exists():
        pytest.skip(f"{file} is not there; IMS_DATA names the folder that has it")
    assert replayed(file) == replayed_by_the_program(file)
