"""The programs that come with the package."""

import os
import sys
from pathlib import Path
from typing import NoReturn


def root() -> Path:
    """The tree that dycc is installed in: `-Ddycc_ROOT` of CMake."""
    return Path(__file__).resolve().parent / "_tree"


def program(name: str) -> Path:
    """The path of a program: "dycc", "dycc-run", "dycc-bench", ..."""
    path = root() / "bin" / name
    if not path.is_file():
        raise FileNotFoundError(f"dycc has no program '{name}': expected {path}")
    return path


def _become(name: str) -> NoReturn:
    path = str(program(name))
    os.execv(path, [path, *sys.argv[1:]])


def dycc() -> NoReturn:
    _become("dycc")


def dycc_run() -> NoReturn:
    _become("dycc-run")


def dycc_bench() -> NoReturn:
    _become("dycc-bench")


def dycc_inspect() -> NoReturn:
    _become("dycc-inspect")


def dycc_calibrate() -> NoReturn:
    _become("dycc-calibrate")


def dycc_predict() -> NoReturn:
    _become("dycc-predict")


def dydca() -> NoReturn:
    """Runs the command that comes as Python files of its own."""
    sys.path.insert(0, str(root() / "share" / "dycc" / "dydca"))
    try:
        from command import main
    except ImportError as error:
        sys.exit(f"dydca: needs the package {error.name}: pip install 'dycc[dydca]'")
    sys.exit(main())
