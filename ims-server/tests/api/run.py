"""Sends a server what its OpenAPI document allows and what it forbids, and looks at the answers.

    python run.py PROGRAM [EXAMPLES]

PROGRAM is `ims`. The shop that it serves is in a folder of its own, and is removed at the end. EXAMPLES is how many requests
are made of each operation beside those of its examples and its limits.
"""

import os
import subprocess
import sys
from pathlib import Path

from serving import Served, served

# The same requests in every run.
SEED = 1843
EXAMPLES = "6"
SECONDS_PER_REQUEST = 10
SHOP = [
    ["init", "--name", "Corner shop", "--currency", "EUR", "--time-zone", "Europe/Berlin"],
    ["item", "add", "TEA-1", "Green tea", "--price", "4.50", "--reorder-point", "5"],
    ["receive", "TEA-1=20@2.10"],
]
SETTINGS = [
    # The run is one caller at one address, and asks more than any one person does.
    "limits.rate_limits=off",
    "auth.registration=clerk",
    # Listeners are named at this machine: see hooks.py.
    "webhooks.private_addresses=allowed",
]
LEFT_OUT = [
    # What does not end, and what is no HTTP.
    "/v1/events/stream", "/v1/events/ws",
]
CONFIG = """
# A refusal by the rules of the shop is no fault of the request's form, and a cursor or a token that somebody made up is none.
[checks.positive_data_acceptance]
enabled = false

# Each command of a batch is refused for itself, and the batch is answered.
[[operations]]
include-path = "/v1/batch"
checks.negative_data_rejection.enabled = false
"""


def main(program: str, examples: str) -> int:
    with served(program, *SHOP, settings=SETTINGS) as server:
        return check(server, examples)


def check(server: Served, examples: str) -> int:
    config = server.folder / "schemathesis.toml"
    config.write_text(CONFIG)
    here = Path(__file__).resolve().parent
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(here), "IMS_API_URL": server.url}
    schemathesis = Path(sys.executable).with_name("schemathesis")
    command = [
        str(schemathesis), "--config-file", str(config), "run", f"{server.url}/openapi.json",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", examples,
        "--seed", str(SEED),
        "--generation-deterministic",
        "--request-timeout", str(SECONDS_PER_REQUEST),
        "--warnings", "off",
        "--output-sanitize", "true",
        # The option is taken once.
        "--exclude-path-regex", f"^({'|'.join(LEFT_OUT)})",
    ]
    return subprocess.run(command, cwd=server.folder, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else EXAMPLES))
