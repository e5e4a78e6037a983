"""What the tests of gRPC share: the modules of the compiler, and servers of their own."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from grpc_tools import protoc

PROTO = Path(__file__).resolve().parents[2] / "proto"
PASSWORD = "correct horse battery staple"


@dataclass
class Compiled:
    """What the compiler makes of the files."""

    ims: Any
    ims_services: Any
    accounts: Any
    accounts_services: Any


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The modules that Google's compiler makes of the files."""
    out = tmp_path_factory.mktemp("compiled")
    files = ["ims/v1/ims.proto", "ims/v1/accounts.proto"]
    assert protoc.main(["protoc", f"-I{PROTO}", f"--python_out={out}", f"--grpc_python_out={out}", *files]) == 0
    # The package of the files is called as the engine's own Python package is, which may be installed here.
    for folder in (out / "ims", out / "ims" / "v1"):
        (folder / "__init__.py").touch()
    sys.path.insert(0, str(out))
    names = ["ims_pb2", "ims_pb2_grpc", "accounts_pb2", "accounts_pb2_grpc"]
    return Compiled(*(importlib.import_module(f"ims.v1.{name}") for name in names))


@dataclass
class Server:
    """Where a server answers."""

    http: str
    grpc: str


@contextmanager
def serve(store: str, settings: list[str]) -> Iterator[Server]:
    """Starts a server on ports of its own, and ends it."""
    words = ["serve", "--listen", "127.0.0.1:0"]
    for setting in ["grpc.address=127.0.0.1:0", *settings]:
        words += ["--set", setting]
    environment = {**os.environ, "IMS_STORE": store}
    server = subprocess.Popen(
        [os.environ["IMS_PROGRAM"], *words], env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    try:
        addresses: dict[str, str] = {}
        for line in server.stderr:
            addresses |= dict(re.findall(r"(?:listening|gRPC) at (\w+)://(\S+)", line))
            if len(addresses) == 2:
                break
        # Nobody reads what else it says, and it must not wait for that.
        subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
        yield Server(addresses["http"], addresses["grpc"])
    finally:
        server.terminate()
        server.wait(timeout=30)
