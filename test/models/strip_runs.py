"""Strips of rows: the bits of whole images, memory that grows with the width alone, nothing
beyond what was reserved."""

import contextlib

import numpy as np

import dycc
import strips
from bad_inputs import case, check
from memory_runs import Counting


@contextlib.contextmanager
def with_and_without(env, make, *flags, **options):
    file = make(env.folder / "model.onnx")
    on = env.compile(file, *flags).rename(env.folder / "strips.so")
    off = env.compile(file, *flags, "--disable", "chunk")
    with dycc.load(on, **options) as a, dycc.load(off, **options) as b:
        yield a, b


def arena(model, *shape):
    return model.peak(model.bind([np.zeros(shape, np.float32)])).arena_bytes


def changes_no_bit(env, name):
    """On two threads, at each shape of even rows: of others a single pixel may be left over,
    which a convolution of single pixels sums up in another order. Without Winograd's tiles,
    which begin elsewhere in strips and round by that; with them run.py judges the results."""
    make, steps = strips.ROWS[name]
    with with_and_without(env, make, "--winograd", "off", threads=2) as (a, b):
        for feed in steps(np.random.default_rng(3)):
            got, whole = (m(feed["x"]) for m in (a, b))
            is_even = feed["x"].shape[-1] % 2 == 0
            for one, other in zip(*((r if isinstance(r, tuple) else (r,))
                                    for r in (got, whole))):
                same = one.tobytes() == other.tobytes() if is_even else np.allclose(
                    one, other, rtol=1e-5, atol=1e-5)
                check(same, f"differs at {feed['x'].shape}")


@case
def strips_of_blocks_change_no_bit(env):
    changes_no_bit(env, "strips_residual")


@case
def strips_of_shuffled_rows_change_no_bit(env):
    changes_no_bit(env, "strips_shuffled")


@case
def strips_of_uneven_windows_change_no_bit(env):
    changes_no_bit(env, "strips_uneven")


@case
def strips_of_phases_change_no_bit(env):
    changes_no_bit(env, "strips_transposed")


@case
def memory_grows_with_the_width_alone(env):
    """Beyond the result, which is lent from the arena."""
    with with_and_without(env, strips.residual, threads=1) as (a, b):
        result = 4 * 3 * 4 * 96
        low, high = (arena(a, 1, 3, rows, 96) - result * rows for rows in (540, 1080))
        check(abs(high - low) < 4096, f"{low} and {high} bytes beside the result")
        whole = arena(b, 1, 3, 1080, 96) - result * 1080
        check(high < 0.25 * whole, f"{high} bytes in strips, {whole} without")
        for rows in (1, 7, 97, 150, 301):
            one, other = (arena(m, 1, 3, rows, 96) for m in (a, b))
            # An image of few rows has zeros above it, and no result over an operand.
            check(one <= 1.25 * other + 2**19, f"{rows} rows: {one} bytes, {other} without")


@case
def shapes_stay_in_what_is_reserved(env):
    """No call of the allocator behind reserve, whatever the height."""
    counter, rng = Counting(), np.random.default_rng(9)
    file = strips.residual(env.folder / "model.onnx", blocks=1)
    with dycc.load(env.compile(file), threads=2, allocator=counter) as model:
        model.reserve(N=(0, 2), H=(0, 320), W=(1, 24))
        feeds = [rng.random((n, 3, h, w), np.float32)
                 for n in (1, 2) for h in (1, 47, 200, 320) for w in (1, 24)]
        for feed in feeds[:1]:
            model(feed)
        before = counter.calls
        for feed in feeds:
            model(feed)
        check(counter.calls == before, f"{counter.calls - before} calls of the allocator")
