"""What Rust has, Python has too."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
from pathlib import Path
from typing import get_args

import ims
import ims.aio
from ims import _commands, _native, _receipts, _shapes

HERE = Path(__file__).resolve().parent.parent


def union(name: str) -> list[str]:
    """The names of a union, as Rust writes them."""
    [variants] = [variants for found, variants in _shapes.UNIONS if found == name]
    return [variant for variant, _, _ in variants]


def test_the_package_is_what_the_rust_sources_say() -> None:
    made = subprocess.run([sys.executable, "tools/generate.py", "--check"], cwd=HERE, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr


def test_every_command_has_a_class_and_a_method() -> None:
    commands = _native.words("commands")
    assert union("Command") == commands
    assert len(get_args(_commands.Command)) == len(commands) > 20
    for command in commands:
        for client in (ims.Ims, ims.aio.Ims):
            method = inspect.signature(getattr(client, command)).parameters
            fields = [field.name for field in dataclasses.fields(getattr(ims, camel(command)))]
            assert set(method) == {"self", *fields, "id", "actor", "now", "occurred_at"}, command


def test_every_receipt_has_a_class() -> None:
    receipts = _native.words("receipts")
    assert union("Receipt") == receipts
    assert [camel(receipt) for receipt in receipts] == [made.__name__ for made in get_args(_receipts.Receipt)]


def test_every_code_has_an_exception() -> None:
    codes = _native.words("rejections")
    assert [rejection.code for rejection in ims.rejections.ALL] == codes
    assert all(issubclass(rejection, ims.Rejected) for rejection in ims.rejections.ALL)


def test_every_other_error_has_a_class_or_a_code() -> None:
    errors: list[type[ims.Error]] = [ims.IdReused, ims.Conflict, ims.Stopped, ims.InternalError]
    assert [error.code for error in errors] == _native.words("errors")
    assert list(ims.StoreError.CODES) == _native.words("store errors")


def test_asyncio_has_what_is_there_without_it() -> None:
    def methods(of: type) -> dict[str, list[str]]:
        found = inspect.getmembers(of, inspect.isfunction)
        return {name: list(inspect.signature(f).parameters) for name, f in found if not name.startswith("_")}

    assert methods(ims.Ims) == methods(ims.aio.Ims)


def test_everything_that_is_exported_is_there() -> None:
    for name in ims.__all__:
        exported = getattr(ims, name)
        assert not inspect.isclass(exported) or exported.__doc__, name


def camel(name: str) -> str:
    """Writes a name as a class is called."""
    return "".join(part.capitalize() for part in name.split("_"))
