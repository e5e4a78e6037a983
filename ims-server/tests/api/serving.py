"""A server on a store of its own, for as long as a test needs it."""

import json
import os
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADMIN = ("ada", "lovelace-1843!")


def sign_in(url: str, password: str = ADMIN[1]) -> str:
    """Signs the admin in, and gives the access token."""
    name_and_password = json.dumps({"name": ADMIN[0], "password": password}).encode()
    request = urllib.request.Request(f"{url}/v1/tokens", name_and_password, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        token: str = json.load(response)["access_token"]
        return token


@dataclass(frozen=True)
class Served:
    """Where the server listens, and a folder that is removed at the end."""

    url: str
    folder: Path

    def access_token(self) -> str:
        """Signs the admin in."""
        return sign_in(self.url)


@contextmanager
def served(program: str, *before: list[str], settings: Sequence[str] = ()) -> Iterator[Served]:
    """Serves a store on which these verbs of `ims` were run, with an admin and nobody else, and with these settings."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "IMS_STORE": f"sqlite:{folder}/shop.db", "IMS_PASSWORD": ADMIN[1]}
        for arguments in [*before, ["user", "add", ADMIN[0], "--role", "admin"]]:
            subprocess.run([program, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        command = [program, "serve", "--listen", "127.0.0.1:0"]
        for setting in ["live.most_wait_ms=100", *settings]:
            command += ["--set", setting]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
            try:
                yield Served(_address(server), Path(folder))
            finally:
                server.terminate()


def _address(server: subprocess.Popen[str]) -> str:
    """Where the server listens."""
    assert server.stderr is not None
    for line in server.stderr:
        _, found, rest = line.partition("listening at ")
        if found:
            # Nobody reads what else it says, and it must not wait for that.
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            return rest.strip()
    raise SystemExit("the server ended before it listened")
