"""The scenarios that every language and store has to agree on.

`IMS_SCENARIOS` names the folder with their expanded forms; each is played here through `execute_json`, on every kind
of store.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ims

FOLDER = os.environ.get("IMS_SCENARIOS")
KINDS = {"memory": "memory", "sqlite": "sqlite", "postgres": "postgres", "mysql": "mariadb"}
# Beside them lies the list of codes, which is no scenario.
FILES = sorted(file for file in Path(FOLDER).glob("*.json") if file.stem != "codes") if FOLDER else []


def test_there_are_scenarios() -> None:
    if FOLDER is None:
        pytest.skip("IMS_SCENARIOS names no folder: `cargo xtask scenarios` writes one")
    assert FILES, f"{FOLDER} has no scenario"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenario_ends_in_the_same_state(
    file: Path, new_store: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    scenario: dict[str, Any] = json.loads(file.read_text())
    url = new_store()
    kind = KINDS[url.partition(":")[0]]
    with ims.open(url) as shop:
        for number, step in enumerate(scenario["steps"]):
            answer = shop.execute_json(json.dumps(step["context"]), json.dumps(step["command"]))
            assert json.loads(answer) == step["answer"], f"step {number}"
        verdict = shop.verify()
    assert verdict.ok, verdict.broken
    with capsys.disabled():
        print(f"\nscenario {file.stem} python {kind} {verdict.state_hash}")
    assert verdict.state_hash == scenario["state_hash"]
