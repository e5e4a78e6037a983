"""Makes a client of the server's OpenAPI document, checks its types, and has it run a shop's day.

    python run.py PROGRAM

PROGRAM is `ims`. Everything is in a folder of its own, and is removed at the end.
"""

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "api"))

from serving import ADMIN, served  # noqa: E402

# What the generator says of an operation or a schema that it leaves out.
LEFT_OUT = ["Unable to", "will not be generated", "will be omitted", "Cannot parse"]
# It knows no body that is CSV.
NOT_KNOWN = "/v1/imports/"


def left_out(told: str) -> list[str]:
    """The lines about what is left out and need not be."""
    return [line for line in told.splitlines() if NOT_KNOWN not in line and any(words in line for words in LEFT_OUT)]


def main(program: str) -> int:
    with served(program) as server:
        document, client = server.folder / "openapi.json", server.folder / "ims_client"
        with urllib.request.urlopen(f"{server.url}/openapi.json") as response:
            document.write_bytes(response.read())
        generator = Path(sys.executable).with_name("openapi-python-client")
        command = [str(generator), "generate", "--path", str(document), "--config", str(HERE / "config.yml")]
        command += ["--meta", "none", "--output-path", str(client)]
        made = subprocess.run(command, capture_output=True, text=True)
        told = made.stdout + made.stderr
        if made.returncode or left_out(told):
            print(told)
            return 1
        day = shutil.copy(HERE / "day.py", server.folder)
        python = [sys.executable, "-m"]
        for check in [[*python, "mypy", "--config-file", str(HERE / "mypy.ini"), "ims_client", day], [*python, "pyright", day]]:
            subprocess.run(check, cwd=server.folder, check=True)
        environment = {**os.environ, "PYTHONPATH": str(server.folder)}
        return subprocess.run([sys.executable, day, server.url, *ADMIN], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
