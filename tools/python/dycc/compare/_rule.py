"""How far results may be apart, and where they are farthest.

The rule is that of `dycc-run --expect`: |found - expected| <= atol + rtol |expected|,
where a float's atol is 1e-4 of the largest expected magnitude unless it is given. NaN
matches NaN and an infinity itself; integers, bools and strings have to be equal.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Tolerance:
    rtol: float = 1e-3
    atol: float | None = None


@dataclass(frozen=True)
class Deviation:
    """How a result differs from what is expected. `part` is the largest deviation as a
    part of what is allowed: above 1 they differ. Without an index the results cannot be
    compared by elements, and `text` says why."""

    part: float = 0.0
    text: str = ""
    index: tuple[int, ...] | None = None
    found: Any = None
    expected: Any = None
    by: float = 0.0
    beyond: int = 0
    count: int = 0

    @property
    def differs(self) -> bool:
        return self.part > 1


def described(array: np.ndarray) -> str:
    """ "float32[2, 3]" of an array."""
    return f"{array.dtype}[{', '.join(map(str, array.shape))}]"


def is_float(kind: np.dtype) -> bool:
    """Of NumPy or of ml_dtypes, whose types are of no kind."""
    return kind.name.startswith(("float", "bfloat"))


def _plain(value: Any) -> Any:
    """A number of Python; JSON has neither NaN nor infinities."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, (bool, int, str, bytes)):
        return value.decode(errors="replace") if isinstance(value, bytes) else value
    value = float(value)
    return value if np.isfinite(value) else str(value)


def _floats(found: np.ndarray, expected: np.ndarray,
            tolerance: Tolerance) -> tuple[np.ndarray, np.ndarray]:
    """(deviations, what is allowed); NaN and infinities deviate without end."""
    a, b = (np.atleast_1d(x.astype(np.float64)) for x in (found, expected))
    with np.errstate(invalid="ignore"):
        by = np.abs(a - b)
    by[(a == b) | (np.isnan(a) & np.isnan(b))] = 0
    by[np.isnan(by)] = np.inf
    size = np.where(np.isfinite(b), np.abs(b), 0)
    atol = tolerance.atol
    if atol is None:
        atol = 1e-4 * size.max(initial=0)
    return by, atol + tolerance.rtol * size


def _exact(found: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found, expected = np.atleast_1d(found), np.atleast_1d(expected)
    differ = np.asarray(found != expected, bool)
    by = differ.astype(np.float64)
    if found.dtype.kind in "iu":  # At least 1: beyond 2^53 the difference may be lost.
        by = differ * np.maximum(1, np.abs(found.astype(np.float64) -
                                           expected.astype(np.float64)))
    return by, np.zeros(found.shape)


def deviation(found: np.ndarray, expected: np.ndarray,
              tolerance: Tolerance = Tolerance()) -> Deviation:
    """Compares two results."""
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return Deviation(np.inf, f"is {described(found)}, expects {described(expected)}")
    by, allowed = _floats(found, expected, tolerance) if is_float(found.dtype) else \
        _exact(found, expected)
    # Of two zeros nothing is asked but equality.
    part = np.divide(by, allowed, out=np.where(by > 0, np.inf, 0.0), where=allowed > 0)
    beyond = int((part > 1).sum())
    worst = float(part.max(initial=0))
    if not beyond:
        return Deviation(worst, count=found.size)
    at = int(np.where(part > 1, by, -1).argmax())
    index = tuple(int(i) for i in np.unravel_index(at, found.shape)) if found.ndim else ()
    mine, theirs = _plain(found[index]), _plain(expected[index])
    text = (f"{beyond} of {found.size} elements differ, most at [{', '.join(map(str, index))}]: "
            f"{_shown(mine)}, expects {_shown(theirs)}")
    if is_float(found.dtype):
        text += f" (by {by.flat[at]:.3g}, allowed are {allowed.flat[at]:.3g})"
    return Deviation(worst, text, index, mine, theirs, float(by.flat[at]), beyond, found.size)


def _shown(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
