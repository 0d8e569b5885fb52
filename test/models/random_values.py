"""What random_operators.py draws with: chance, extents and data.

A case has RUNS runs, and every value carries its data in each of them, so that an extent
is a tuple of RUNS numbers. Relations between extents are arithmetic on those tuples.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np

import paths

sys.path.append(str(paths.ROOT / "tools" / "scripts"))
from operator_facts import KERNEL  # noqa: E402

RUNS = 3
NUMPY = {"float": "float32", "double": "float64"}
EXTENTS = (1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 11, 13, 16, 17, 31)
LARGEST = {0: 1, 1: 31, 2: 17, 3: 11, 4: 7, 5: 5}  # Extent by rank.
EMPTY = 0.04  # How often an extent is 0.
# (smallest, largest) of floats; integers take what they have of it.
FILLS = {"any": (-4, 4), "positive": (0.1, 9), "unit": (-0.9, 0.9), "above": (1.1, 9),
         "small": (-2, 2), "probability": (0, 1), "nonzero": (-4, 4)}


class Unfit(Exception):
    """What was drawn cannot be a node: no type, an extent that does not fit."""


def known_type(name):
    """NumPy's type of `tensor(float)`, or None where kernels or NumPy have none."""
    short = name.removeprefix("tensor(").removesuffix(")")
    short = NUMPY.get(short, short)
    return np.dtype(short) if name_in_kernels(short) and hasattr(np, short) else None


def name_in_kernels(name):
    """Whether kernels have a type of NumPy's, by its name there."""
    return {"float32": "float", "float64": "double"}.get(name, name) in KERNEL


@dataclass(eq=False)
class Value:
    """A value and its data in each run. `exact`: no engine rounds it otherwise."""

    name: str
    data: list
    constant: bool = False
    exact: bool = True

    @property
    def kind(self):
        return self.data[0].dtype

    @property
    def rank(self):
        return self.data[0].ndim

    @property
    def dims(self):
        return list(zip(*(d.shape for d in self.data))) if self.rank else []

    def is_within(self, fill):
        """Whether a float has the values that a fill stands for."""
        low, high = FILLS[fill]
        for d in self.data:
            if self.kind.kind == "f" and not (np.isfinite(d).all() and (d >= low * 8).all()
                                              and (d <= high * 8).all()):
                return False
            if fill in ("positive", "above", "unit", "small", "probability") and not (
                    (d >= low).all() and (d <= high).all()):
                return False
            if fill == "nonzero" and (np.abs(d.astype(np.float64)) < 0.5).any():
                return False
        return True


def each(function, *dims):
    """An extent of extents: each(lambda a, b: a * b, n, m)."""
    return tuple(function(*run) for run in zip(*dims))


def same(number):
    return (number,) * RUNS


class Chance:
    """Draws numbers, extents and data: `rng` is the generator, `static` says that extents
    are numbers, `wild` that data are all that a type has."""

    def maybe(self, chance=0.5):
        return self.rng.random() < chance

    def pick(self, options):
        return options[int(self.rng.integers(len(options)))]

    def whole(self, low, high):
        return int(self.rng.integers(low, high, endpoint=True))

    def shuffled(self, items):
        return [items[i] for i in self.rng.permutation(len(items))]

    # Extents.

    def dim(self, low=0, high=31):
        def one():
            if low == 0 and self.maybe(EMPTY):
                return 0
            fits = [e for e in EXTENTS if low <= e <= high]
            return self.pick(fits) if fits else self.whole(low, max(low, high))
        if self.static or self.maybe(0.35):
            return same(one())
        return tuple(one() for _ in range(RUNS))

    def dims(self, rank, low=0):
        return [self.dim(low, LARGEST.get(rank, 4)) for _ in range(rank)]

    def broadcast(self, dims, drop=True):
        """Extents that broadcast to `dims`."""
        found = [same(1) if self.maybe(0.25) else
                 each(lambda n: 1 if self.maybe(0.5) else n, d)
                 if not self.static and len(set(d)) > 1 and self.maybe(0.1) else d
                 for d in dims]
        return found[self.whole(0, len(dims)):] if drop and self.maybe(0.35) else found

    def axis(self, rank):
        """One of the axes; from the end where the opset has that."""
        at = self.whole(0, rank - 1)
        return at - rank if self.negative and self.maybe() else at

    # Data.

    def fill(self, kind, shape, fill="any"):
        low, high = FILLS[fill]
        if kind.kind == "b":
            return self.rng.random(shape) < 0.5
        if self.wild and fill == "any":
            return self.anything(kind, shape)
        if kind.kind in "iu":
            low = max(math.ceil(low * 5), 1 if fill in ("positive", "above", "nonzero") else -20)
            low, high = max(low, np.iinfo(kind).min), math.floor(high * 5)
            return self.rng.integers(low, high, shape, endpoint=True).astype(kind)
        if self.maybe(0.3) and fill in ("any", "nonzero", "small"):  # Sums without rounding.
            data = self.rng.integers(low, high, shape, endpoint=True).astype(kind)
            return np.where(data == 0, kind.type(1), data) if fill == "nonzero" else data
        data = self.rng.uniform(low, high, shape)
        if fill == "nonzero":
            data = np.where(np.abs(data) < 0.5, np.where(data < 0, -0.75, 0.75), data)
        return np.asarray(data, kind)

    def anything(self, kind, shape):
        """All that a type has."""
        if kind.kind in "iu":
            ends = np.iinfo(kind)
            return self.rng.integers(ends.min, ends.max, shape, kind, endpoint=True)
        data = np.asarray(self.rng.normal(0, 100, shape), kind)
        odd = np.array([np.nan, np.inf, -np.inf, -0.0, np.finfo(kind).tiny], kind)
        return np.where(self.rng.random(shape) < 0.2, self.rng.choice(odd, shape), data)
