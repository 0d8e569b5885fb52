"""Where things lie, from any checkout; puts the Python package of the build folder,
tools/dydca and tools/ocr on the import path."""

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DYDCA = ROOT / "tools" / "dydca"
BUILD = Path(os.environ.get("DYCC_BUILD", "build"))
BUILD = BUILD if BUILD.is_absolute() else ROOT / BUILD
# A factor of all time limits: with sanitizers everything is slower.
PATIENCE = float(os.environ.get("DYCC_TEST_PATIENCE", "1"))
sys.path[:0] = [str(BUILD / "lib" / "python"), str(DYDCA), str(ROOT / "tools" / "ocr")]


def in_package(package, *parts):
    """A file of an installed package, which is not imported for it; None if
    there is none."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        return None
    path = Path(spec.submodule_search_locations[0]).joinpath(*parts)
    return path if path.exists() else None


def beside(*parts):
    """A file or folder of the shared folder beside the checkout, or None."""
    for top in (ROOT.parent, ROOT.parents[1]):
        if top.joinpath("shared", *parts).exists():
            return top.joinpath("shared", *parts)
    return None


def shared(*parts):
    """A file of the folder of real inputs, or None."""
    given = os.environ.get("DYCC_SHARED_DATA")
    if given and Path(given, *parts).exists():
        return Path(given, *parts)
    return beside("data", *parts)
