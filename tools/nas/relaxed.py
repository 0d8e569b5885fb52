"""Depth and widths as real numbers: gradients of a network's error and of its time.

A channel i of a layer of width v counts by a sigmoid of v - i, a block by one of the depth: so
what lies between two networks is one too, of the supernet's weights, which stay as they are.
The loss is the error in grey levels and, where the speed model says that a network takes
longer than the budget, how much longer in proportion.
"""

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import learning

PRICE = 6.0  # Grey levels for a network that takes twice the budget.
RATE, FIRST = 0.02, 0.75  # Of Adam, and where all numbers begin; all go from 0 to 1.
SOFT = 1 / 16  # How far a sigmoid reaches, in parts of the range.
SHARP = 0.35  # The same of the depth, in blocks.


@dataclass(frozen=True)
class Ranges:
    """From 0..1 to numbers: [width, depth, wide and narrow of each block]."""

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, space):
        small, large = space.smallest, space.largest
        count = len(large.blocks)
        return cls(np.array([small.width, len(small.blocks), *(small.blocks[0] * count)], float),
                   np.array([large.width, count, *sum(large.blocks, ())], float))

    def values(self, v):
        return self.low + v * (self.high - self.low)


def soft_gates(values, largest):
    """As learning.gates, of real numbers."""
    def first(v, most):
        return jax.nn.sigmoid((v - jnp.arange(most) - 0.5) / (SOFT * most))

    result = {"head": first(values[0], largest.width)}
    for i, (wide, narrow) in enumerate(largest.blocks):
        result[f"body{i}.expand"] = first(values[2 + 2 * i], wide)
        result[f"body{i}.linear"] = first(values[3 + 2 * i], narrow)
        result[f"body{i}.project"] = first(values[0], largest.width) * depth_gate(values[1], i)
    return result


def depth_gate(depth, i):
    return jax.nn.sigmoid((depth - i - 0.5) / SHARP)


@partial(jax.jit, static_argnames="largest")
def error_gradient(values, p, low, wanted, largest):
    """(error in grey levels, its gradient by the numbers)."""
    def error(values):
        y = learning.inside(learning.output(p, soft_gates(values, largest), low))
        return 255 * jnp.abs(y - wanted).mean()

    return jax.value_and_grad(error)(values)


def time_gradient(values, speed, largest):
    """(seconds, their gradient by the numbers)."""
    count = len(largest.blocks)
    gates = [float(depth_gate(values[1], i)) for i in range(count)]
    blocks = [tuple(values[2 + 2 * i:4 + 2 * i]) for i in range(count)]
    seconds, by_width, by_blocks, by_gates = speed.with_gradient(values[0], blocks, gates)
    by_depth = sum(s * g * (1 - g) / SHARP for s, g in zip(by_gates, gates))
    return seconds, np.array([by_width, by_depth, *sum(by_blocks, ())])


def searched(p, space, speed, budget, samples, scale, steps, seed):
    """The network that `steps` steps of Adam end at; it may take somewhat longer than the
    budget."""
    ranges = Ranges.of(space)
    v = np.full(len(ranges.low), FIRST)
    m, s = np.zeros_like(v), np.zeros_like(v)
    for step in range(1, steps + 1):
        values = ranges.values(v)
        low, high = samples.batch(seed, step)
        _, by_error = error_gradient(values.astype(np.float32), p, low,
                                     learning.target(high, scale), space.largest)
        seconds, by_time = time_gradient(values, speed, space.largest)
        gradient = np.asarray(by_error, float)
        if seconds > budget:
            gradient = gradient + PRICE / budget * by_time
        gradient = gradient * (ranges.high - ranges.low)
        m, s = 0.9 * m + 0.1 * gradient, 0.99 * s + 0.01 * gradient**2
        v = np.clip(v - RATE * (m / (1 - 0.9**step))
                    / (np.sqrt(s / (1 - 0.99**step)) + 1e-8), 0, 1)
    values = ranges.values(v)
    blocks = values[2:].reshape(-1, 2)
    return space.nearest(values[0], values[1], blocks)
