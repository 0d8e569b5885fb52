"""Inputs as data: each process makes the same arrays from the same recipe, so that
requests travel as a few bytes.

A recipe is [type, extents, rule, *numbers]: a value that JSON can carry.
"""

from dataclasses import dataclass, field

import numpy as np

PERIOD = 65521


def uniform(*shape, low=0.0, high=1.0):
    return ["float32", list(shape), "uniform", low, high]


def normal(*shape, deviation=1.0):
    return ["float32", list(shape), "normal", deviation]


def integers(low, high, *shape, dtype="int64"):
    """From `low` up to, without, `high`."""
    return [dtype, list(shape), "integers", low, high]


def filled(value, *shape, dtype="int64"):
    return [dtype, list(shape), "filled", value]


def given(values, dtype="int64"):
    """The values themselves, of one dimension."""
    return [dtype, [len(values)], "given", [int(v) for v in values]]


def stored(file, value):
    """The array `value`, which is written to `file` (.npy)."""
    np.save(file, value)
    return [value.dtype.name, list(value.shape), "stored", str(file)]


def text(*shape):
    """Pictures with lines of what looks like text to a detector of it: noise alone is
    none, and all outputs would be next to zero."""
    return ["float32", list(shape), "text"]


def written(shape, rng):
    """Ink of 2 by 2 pixels in lines of 16 rows, on bright paper."""
    n, _, h, w = shape
    ink = rng.random((n, 1, -(-h // 2), -(-w // 2))) < 0.5
    ink = ink.repeat(2, 2).repeat(2, 3)[:, :, :h, :w]
    line = (np.arange(h) % 32 < 16)[:, None]
    paper = np.where(ink & line, np.float32(-2), np.float32(2))
    return paper + np.float32(0.1) * rng.standard_normal(shape, np.float32)


def repeated(draw, shape):
    """Values that repeat behind a prime number of them: drawing all of a large array
    takes longer than a model does."""
    size = int(np.prod(shape))
    return np.resize(draw(min(size, PERIOD)), shape) if size > PERIOD else draw(shape)


def array(recipe, rng):
    """The array that a recipe describes."""
    dtype, shape, rule, *numbers = recipe
    if rule == "text":
        return written(shape, rng)
    if rule == "uniform":
        low, high = numbers
        return repeated(lambda extents: np.float32(low) + np.float32(high - low)
                        * rng.random(extents, np.float32), shape)
    if rule == "normal":
        return repeated(lambda extents: np.float32(numbers[0])
                        * rng.standard_normal(extents, np.float32), shape)
    if rule == "integers":
        return rng.integers(*numbers, shape).astype(dtype)
    if rule == "filled":
        return np.full(shape, numbers[0], dtype)
    if rule == "given":
        return np.array(numbers[0], dtype).reshape(shape)
    if rule == "stored":
        return np.load(numbers[0])
    raise ValueError(f"unknown rule '{rule}' of a recipe")


def arrays(feed, seed):
    """{name: array} of {name: recipe}, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return {name: array(recipe, rng) for name, recipe in feed.items()}


@dataclass
class Size:
    """A place of a sweep. `classes` are further classes that it counts for."""

    label: str
    feed: dict
    classes: tuple = field(default=())


def image(name, *shape, rule=uniform):
    """A size that is one image, or several."""
    return Size("x".join(map(str, shape)), {name: rule(*shape)})


def images(name, *shapes, rule=uniform):
    return [image(name, *shape, rule=rule) for shape in shapes]


def drawn_images(name, channels, low, high, step=1, batch=1, rule=uniform):
    """A `draw` of images with sides of `low` to `high`, multiples of `step`."""
    def draw(rng):
        h, w = (int(rng.integers(low // step, high // step + 1)) * step for _ in "hw")
        return image(name, int(rng.integers(1, batch + 1)), channels, h, w, rule=rule)
    return draw
