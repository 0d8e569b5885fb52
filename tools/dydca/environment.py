"""Where a command of this folder or beside it finds its packages. Needs none itself."""

import importlib.util
import os
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / os.environ.get("DYCC_BUILD", "build")


def ready():
    """The package dycc is that of the build folder. Goes on in an environment of that folder
    where this one has no NumPy: that with JAX, if it is there."""
    sys.path.insert(0, str(BUILD / "lib" / "python"))
    if importlib.util.find_spec("numpy"):
        return
    for venv in ("dydca-venv", "venv"):
        python = BUILD / venv / "bin" / "python"
        if python.exists():
            os.execv(python, [str(python), "-B", *sys.argv])
