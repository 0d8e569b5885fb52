"""dycc-compare: finds the first node whose result differs between dycc's compiled model
and another side. docs/compare.md of the project explains it.

    python -m dycc.compare model.onnx --against ort
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; `arguments` instead of those of the process. Returns the exit code:
    0: both sides agree, 1: they differ, 2: they cannot be compared."""
    try:
        import onnx  # noqa: F401
    except ImportError:
        print("dycc-compare: needs the package onnx: pip install 'dycc[compare]'",
              file=sys.stderr)
        return 2
    from dycc.compare._command import run

    return run(arguments)
