"""A function of widths that an oracle's answers are interpolated by: cheap, with
gradients, for a loss."""

import itertools
import json
import os
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dycc._errors import refuse


class Surrogate:
    """Seconds as a function of named widths: exact at the points of a grid, linear in each
    width between them, and beyond them as in the outermost cell.

    axes: by name the widths of the grid, rising, at least two of each
    values: seconds at all points, the last axis fastest
    """

    def __init__(self, axes: Mapping[str, Sequence[float]], values: Sequence[float]) -> None:
        self.axes = {name: [float(width) for width in widths]
                     for name, widths in axes.items()}
        self.values = [float(value) for value in values]
        count = 1
        for name, widths in self.axes.items():
            if len(widths) < 2 or any(a >= b for a, b in itertools.pairwise(widths)):
                raise refuse(f"axes['{name}'] is {widths}, expected two numbers or more that "
                             "rise")
            count *= len(widths)
        if len(self.values) != count:
            raise refuse(f"values are {len(self.values)} numbers, expected {count}, one for "
                         "each point of the grid")

    @classmethod
    def of(cls, seconds: Callable[..., float],
           axes: Mapping[str, Sequence[int]]) -> "Surrogate":
        """Asks `seconds(name=width, ...)` at all points of a grid."""
        points = itertools.product(*axes.values())
        return cls(axes, [seconds(**dict(zip(axes, point))) for point in points])

    @classmethod
    def read(cls, path: str | os.PathLike) -> "Surrogate":
        """From the JSON that write() has written."""
        try:
            written = json.loads(Path(path).read_text())
            return cls(written["axes"], written["seconds"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise refuse(f"'{os.fspath(path)}': expected a surrogate's JSON, got: "
                         f"{error!r}") from error

    def write(self, path: str | os.PathLike) -> None:
        """As JSON: `axes`, by name the widths, and `seconds`, the last axis fastest."""
        Path(path).write_text(json.dumps({"axes": self.axes, "seconds": self.values}) + "\n")

    def __call__(self, **widths: float) -> float:
        return self.with_gradient(**widths)[0]

    def with_gradient(self, **widths: float) -> tuple[float, dict[str, float]]:
        """Seconds, and by name what they grow by with a width."""
        if widths.keys() != self.axes.keys():
            raise refuse(f"got widths {sorted(widths)}, expected {sorted(self.axes)}")
        cells = {name: self._cell(name, width) for name, width in widths.items()}
        total, gradient = 0.0, dict.fromkeys(self.axes, 0.0)
        for ends in itertools.product((0, 1), repeat=len(self.axes)):
            index, shares = 0, {}
            for name, end in zip(self.axes, ends):
                low, share, _ = cells[name]
                index = index * len(self.axes[name]) + low + end
                shares[name] = share if end else 1 - share
            total += self.values[index] * _product(shares.values())
            for name, end in zip(self.axes, ends):
                others = _product(v for n, v in shares.items() if n != name)
                slope = (1 if end else -1) / cells[name][2]
                gradient[name] += self.values[index] * others * slope
        return total, gradient

    def _cell(self, name: str, width: float) -> tuple[int, float, float]:
        """The cell's number, how far in it `width` is, and how wide it is."""
        points = self.axes[name]
        low = min(max(bisect_right(points, width) - 1, 0), len(points) - 2)
        size = points[low + 1] - points[low]
        return low, (width - points[low]) / size, size


def _product(numbers) -> float:
    result = 1.0
    for number in numbers:
        result *= number
    return result
