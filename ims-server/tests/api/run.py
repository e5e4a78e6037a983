"""Sends a server what its OpenAPI document allows and what it forbids, and looks at the answers.

    python run.py PROGRAM [EXAMPLES]

PROGRAM is `ims`. The shop that it serves is in a folder of its own, and is removed at the end. EXAMPLES is how many requests
are made of each operation beside those of its examples and its limits.
"""

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
LEFT_OUT = [
    # What would end the run: signing out, another password, other signing keys.
    "/v1/account", "/v1/tokens", "/v1/admin/signing-keys",
    # What would send requests to whom the document names.
    "/v1/webhooks",
    # What does not end, and what is no HTTP.
    "/v1/events/stream", "/v1/events/ws",
    # Each command of a batch is refused for itself, and the batch is answered.
    "/v1/batch",
]


def main(program: str, examples: str) -> int:
    with served(program, *SHOP) as server:
        return check(server, examples)


def check(server: Served, examples: str) -> int:
    # The option is taken once.
    left_out = ["--exclude-path-regex", f"^({'|'.join(LEFT_OUT)})"]
    schemathesis = Path(sys.executable).with_name("schemathesis")
    command = [
        str(schemathesis), "run", f"{server.url}/openapi.json",
        "--header", f"Authorization: Bearer {server.access_token()}",
        "--checks", "all",
        # A refusal by the rules of the shop is no fault of the request's form.
        "--exclude-checks", "positive_data_acceptance",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", examples,
        "--seed", str(SEED),
        "--generation-deterministic",
        "--request-timeout", str(SECONDS_PER_REQUEST),
        "--warnings", "off",
        "--output-sanitize", "true",
        *left_out,
    ]
    return subprocess.run(command, cwd=server.folder).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else EXAMPLES))
