"""Sends a server what its OpenAPI document allows and what it forbids, and looks at the answers.

    python run.py PROGRAM

PROGRAM is `ims`. The shop that it serves is in a folder of its own, and is removed at the end.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ADMIN = ("ada", "lovelace-1843!")
# The same requests in every run.
SEED = 1843
EXAMPLES = 6
SECONDS_PER_REQUEST = 10
# What is not asked: requests of the server's own affairs that would end the run, such as signing out.
LEFT_OUT = ["/v1/account", "/v1/users", "/v1/keys", "/v1/tokens", "/v1/invitations", "/v1/admin", "/v1/webhooks", "/v1/events",
            # Each command of a batch is refused for itself, and the batch is answered.
            "/v1/batch"]


def main(program: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "IMS_STORE": f"sqlite:{folder}/shop.db", "IMS_PASSWORD": ADMIN[1]}
        run = lambda *arguments: subprocess.run([program, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        run("init", "--name", "Corner shop", "--currency", "EUR", "--time-zone", "Europe/Berlin")
        run("item", "add", "TEA-1", "Green tea", "--price", "4.50", "--reorder-point", "5")
        run("receive", "TEA-1=20@2.10")
        run("user", "add", ADMIN[0], "--role", "admin")
        command = [program, "serve", "--listen", "127.0.0.1:0", "--set", "live.most_wait_ms=100"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
            try:
                return check(address(server), Path(folder))
            finally:
                server.terminate()


def address(server: subprocess.Popen[str]) -> str:
    """Where the server listens."""
    assert server.stderr is not None
    for line in server.stderr:
        _, found, rest = line.partition("listening at ")
        if found:
            # Nobody reads what else it says, and it must not wait for that.
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            return rest.strip()
    raise SystemExit("the server ended before it listened")


def check(server: str, folder: Path) -> int:
    sign_in = json.dumps({"name": ADMIN[0], "password": ADMIN[1]}).encode()
    request = urllib.request.Request(f"{server}/v1/tokens", sign_in, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        token = json.load(response)["access_token"]
    # The option is taken once.
    left_out = ["--exclude-path-regex", f"^({'|'.join(LEFT_OUT)})"]
    schemathesis = Path(sys.executable).with_name("schemathesis")
    command = [
        str(schemathesis), "run", f"{server}/openapi.json",
        "--header", f"Authorization: Bearer {token}",
        "--checks", "all",
        # A refusal by the rules of the shop is no fault of the request's form.
        "--exclude-checks", "positive_data_acceptance",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", str(EXAMPLES),
        "--seed", str(SEED),
        "--generation-deterministic",
        "--request-timeout", str(SECONDS_PER_REQUEST),
        "--warnings", "off",
        "--output-sanitize", "true",
        *left_out,
    ]
    return subprocess.run(command, cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
