"""The Python environments of the commands and of the peers, which have the versions that
tools/bench/requirements-suite.txt pins; that is made on first use."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]
REQUIREMENTS = TOOLS / "requirements-suite.txt"

SIZES = """
import importlib.metadata as m, json, sys
def size(name):
    return sum(f.locate().stat().st_size for f in m.files(name) if f.locate().is_file())
print(json.dumps({n: [m.version(n), size(n)] for n in sys.argv[1:]}))
"""


def with_packages(build):
    """Goes on in the tests' Python environment, whose packages bring models."""
    venv = os.environ.get("DYCC_VENV", str(build / "venv"))
    python = Path(venv) / "bin" / "python"
    if python.exists() and Path(sys.prefix) != Path(venv).resolve():
        os.execv(python, [str(python), "-B", *sys.argv])


def ready(venv):
    """Makes the environment, or does nothing where it is; its interpreter."""
    venv = Path(venv)
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
    stamp, python = venv / f".suite-{digest}", venv / "bin" / "python"
    if not stamp.exists():
        print(f"suite: installing the peers in {venv}", flush=True)
        subprocess.run(["/usr/bin/python3", "-m", "venv", str(venv)], check=True)
        # All that they need is in the list: OpenVINO and MNN name more, of which
        # nothing is used and some reports over the network.
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--no-deps",
                        "--disable-pip-version-check", "-r", str(REQUIREMENTS)], check=True)
        stamp.touch()
    return python


def installed(python, packages):
    """{package: [version, bytes of its files]}"""
    done = subprocess.run([str(python), "-c", SIZES, *packages], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)
