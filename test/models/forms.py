"""Forms of graphs as exporters write them, each as small as it can be: extents
that two names share, that come from divisions, floats, chains of clamps or the
data, ranks that an extent decides, caches that are empty at first.

Each row is (make, steps), and flags of dycc where it has any.
"""

import numpy as np

from builder import F32, I64, Graph

LAST = 2**62  # An end of a Slice, as PyTorch writes "to the end".


def floats(rng, *shape):
    return rng.uniform(-1, 1, shape).astype(np.float32)


def length(g, value, axis):
    """An extent as a vector of one element."""
    return g.op("Gather", g.op("Shape", value), g.constant([axis]), axis=0)


# Two names of one extent.

def broadcast_names(path):
    """Sums of two inputs whose middle extents have two names: equal, or one of
    them 1."""
    g = Graph()
    x, q = g.input("x", F32, ["b", "s", 4]), g.input("q", F32, ["b", "k", 4])
    y = g.op("Add", x, q)
    for _ in range(6):
        y = g.op("Add", y, g.op("Tanh", g.op("Add", y, x)))
    g.output("y", y, F32, ["b", "u", 4])
    return g.save(str(path), "broadcast_names")


def steps_broadcast_names(rng):
    for b, s, k in ((1, 1, 1), (2, 7, 7), (3, 1, 5), (1, 31, 1), (2, 64, 64),
                    (0, 3, 3), (2, 1, 0), (5, 13, 13)):
        yield {"x": floats(rng, b, s, 4), "q": floats(rng, b, k, 4)}


def last_rows(path):
    """The last rows of a table, as many as the input has, added to it again and
    again: the extent is the same only where the table is long enough."""
    g = Graph()
    x, p = g.input("x", F32, ["b", "s", 4]), g.input("p", F32, ["b", "t", 4])
    start = g.op("Neg", length(g, x, 1))
    y = g.op("Add", x, g.slice(p, start, [LAST], [1]))
    for _ in range(8):
        y = g.op("Add", y, g.op("Add", g.op("Tanh", y), x))
    g.output("y", y, F32, ["b", "u", 4])
    return g.save(str(path), "last_rows")


def steps_last_rows(rng):
    for b, s, t in ((1, 1, 1), (2, 7, 7), (1, 5, 31), (3, 13, 64), (2, 64, 200),
                    (1, 31, 1), (2, 2, 3), (1, 128, 131)):
        yield {"x": floats(rng, b, s, 4), "p": floats(rng, b, t, 4)}


# Extents by arithmetic.

def halved(g, extent):
    """(extent - 3) / 2 + 1 in integers, which divide towards zero."""
    less = g.op("Sub", extent, g.constant([3]))
    return g.op("Add", g.op("Div", less, g.constant([2])), g.constant([1]))


def truncated_extents(path):
    """The length behind a convolution of stride 2, computed twice, steers
    slices, a softmax and a product."""
    g = Graph()
    x = g.input("x", F32, ["b", "t", 8])
    once = halved(g, length(g, x, 1))
    part = g.op("Softmax", g.slice(x, [0], once, [1]), axis=1)
    wide = g.reshape(part, -1, 8, g.squeeze(once, [0]))
    g.output("square", g.op("MatMul", part, wide), F32, ["b", "u", "u2"])
    twice = halved(g, once)
    g.output("short", g.op("Relu", g.slice(part, [0], twice, [1])), F32, ["b", "v", 8])
    g.output("soft", g.op("Softmax", wide), F32, ["b", 8, "w"])
    return g.save(str(path), "truncated_extents")


def steps_truncated_extents(rng):
    for b, t in ((1, 2), (2, 3), (1, 5), (3, 7), (2, 31), (1, 64), (5, 13), (1, 200)):
        yield {"x": floats(rng, b, t, 8)}


def clamp_rows(path, blocks=20):
    """A memory of at most 50 rows that takes in new ones block by block."""
    g = Graph()
    rows, x = g.input("rows", F32, ["n", 4]), g.input("x", F32, ["k", 4])
    for _ in range(blocks):
        rows = g.slice(g.op("Concat", rows, x, axis=0), [0], [50], [0])
    g.output("y", rows, F32, ["m", 4])
    return g.save(str(path), "clamp_rows")


def steps_clamp_rows(rng):
    for n, k in ((1, 1), (3, 2), (60, 7), (1, 10), (49, 1), (0, 3), (0, 0), (131, 31)):
        yield {"rows": floats(rng, n, 4), "x": floats(rng, k, 4)}


def clamp_extents(path, links=400):
    """A number that is halved, added to and limited 400 times and then steers a
    Slice."""
    g = Graph()
    x = g.input("x", F32, ["n", 2])
    start = end = length(g, x, 0)
    for i in range(links):
        half = g.op("Div", g.op("Add", end, start), g.constant([2]))
        bound = g.op("Add", half, g.constant([1 + i % 3]))
        end = g.op("Max", g.op("Min", bound, g.constant([90 + i % 7])), g.constant([3]))
    g.output("y", g.op("Tanh", g.slice(x, [0], end, [0])), F32, ["m", 2])
    return g.save(str(path), "clamp_extents")


def steps_clamp_extents(rng):
    for n in (1, 3, 7, 64, 89, 97, 131, 500):
        yield {"x": floats(rng, n, 2)}


def float_extents(path, layers=5):
    """Strided convolutions of sound whose padding is computed in floats, so that
    no sample is lost."""
    g = Graph()
    rng = np.random.default_rng(5)
    x = g.input("x", F32, [1, 4, "time"])
    for i in range(layers):
        weight = g.weight(f"w{i}", floats(rng, 4, 4, 4))
        samples = length(g, x, 2)
        frames = g.op("Add", g.op("Div", g.op("Cast", g.op(
            "Sub", samples, g.constant([4])), to=F32), g.constant([2], np.float32)),
            g.constant([1], np.float32))
        whole = g.op("Cast", g.op("Sub", g.op("Ceil", frames),
                                  g.constant([1], np.float32)), to=I64)
        ideal = g.op("Add", g.op("Mul", whole, g.constant([2])), g.constant([4]))
        more = g.op("Sub", ideal, samples)
        pads = g.op("Concat", g.constant([0, 0, 2, 0, 0]), g.op(
            "Add", more, g.constant([1])), axis=0)
        x = g.op("Tanh", g.op("Conv", g.op("Pad", x, pads), weight, strides=[2]))
    g.output("y", x, F32, [1, 4, "frames"])
    return g.save(str(path), "float_extents")


def steps_float_extents(rng):
    for time in (64, 131, 7, 500, 997, 4, 33, 1024):
        yield {"x": floats(rng, 1, 4, time)}


# What a window, a rank or a default hangs on.

def window_of_input(path):
    """A filter that is an input, window and channels with it."""
    g = Graph()
    x = g.input("x", F32, ["b", "c", "h", "w"])
    filters = g.input("filters", F32, ["o", "c", "kh", "kw"])
    g.output("y", g.op("Conv", x, filters), F32, ["b", "o", "p", "q"])
    return g.save(str(path), "window_of_input")


def steps_window_of_input(rng):
    for b, c, h, w, o, kh, kw in (
            (1, 1, 1, 1, 1, 1, 1), (2, 8, 7, 5, 1, 3, 3), (1, 3, 31, 64, 4, 5, 2),
            (1, 16, 29, 29, 1, 13, 13), (3, 2, 13, 11, 7, 1, 4), (0, 2, 5, 5, 2, 3, 3),
            (1, 5, 7, 7, 3, 7, 7), (2, 1, 17, 131, 2, 2, 31)):
        yield {"x": floats(rng, b, c, h, w), "filters": floats(rng, o, c, kh, kw)}


def squeeze_all(path):
    """A Squeeze that does not say what it takes away."""
    g = Graph()
    x = g.input("x", F32, ["a", "b"])
    y = g.op("Squeeze", g.op("ReduceMax", x, axes=[1], keepdims=1))
    g.output("y", g.op("Mul", y, g.constant(2, np.float32)), F32, ["a"])
    return g.save(str(path), "squeeze_all")


def steps_squeeze_all(rng):
    for a, b in ((2, 1), (3, 7), (7, 2), (31, 64), (64, 5), (131, 3), (5, 1), (500, 2)):
        yield {"x": floats(rng, a, b)}


def squeeze_image(g):
    """A Squeeze that can take nothing away from what a convolution reads."""
    x = g.input("x", F32, ["n", 3, "h", 8])
    weight = g.weight("w", np.float32(np.arange(12).reshape(4, 3, 1, 1) - 5))
    g.output("y", g.op("Conv", g.op("Squeeze", x), weight), F32, ["n", 4, "h", 8])


def squeeze_by_use(path):
    """Squeezes without axes of extents whose ranks what follows decides: the
    last one leaves what is joined with a vector."""
    g = Graph()
    squeeze_image(g)
    row = g.op("Squeeze", g.input("row", F32, [1, "k", "one"]))
    g.output("joined", g.op("Concat", row, g.weight("v", np.float32([1, 2])), axis=0),
             F32, ["j"])
    return g.save(str(path), "squeeze_by_use")


def steps_squeeze_by_use(rng):
    for n, h, k in ((2, 2, 2), (3, 7, 5), (7, 2, 31), (5, 64, 131), (2, 131, 3),
                    (13, 3, 64), (3, 2, 500), (2, 9, 7)):
        yield {"x": floats(rng, n, 3, h, 8), "row": floats(rng, 1, k, 1)}


def default_input(path):
    """An input that has a value in the file, as old exporters write weights."""
    g = Graph()
    x = g.input("x", F32, ["n", 3])
    scale, shift = g.input("scale", F32, [3]), g.input("shift", F32, [1])
    g.weight(scale, np.float32([1, 2, 3]))
    g.weight(shift, np.float32([0.5]))
    g.output("y", g.op("Add", g.op("Mul", x, scale), shift), F32, ["n", 3])
    return g.save(str(path), "default_input")


def steps_default_input(rng):
    """With both, one or none of the inputs that have a value in the file."""
    for i, n in enumerate((1, 7, 0, 64, 13, 31, 200, 2)):
        given = {"scale": floats(rng, 3), "shift": floats(rng, 1)}
        kept = {k: v for at, (k, v) in enumerate(given.items()) if i >> at & 1}
        yield {"x": floats(rng, n, 3), **kept}


def rank_zero(path):
    """Reductions of what is reduced already, and other work on one number."""
    g = Graph()
    x = g.input("x", F32, ["n", "m"])
    top = g.op("ReduceMax", x, keepdims=0)
    g.output("sum", g.op("ReduceSum", top, keepdims=0), F32, [])
    g.output("mean", g.op("ReduceMean", g.op("Exp", top), keepdims=0), F32, [])
    g.output("norm", g.op("ReduceL2", g.op("Neg", top), keepdims=1), F32, [])
    rows = g.op("Expand", top, g.op("Shape", x))
    g.output("rest", g.op("Sub", x, rows), F32, ["n", "m"])
    return g.save(str(path), "rank_zero")


def steps_rank_zero(rng):
    for n, m in ((1, 1), (7, 3), (2, 64), (31, 31), (1, 200), (13, 1), (5, 7), (64, 3)):
        yield {"x": floats(rng, n, m)}


ROWS = {maker.__name__: (maker, steps, *flags) for maker, steps, *flags in (
    (broadcast_names, steps_broadcast_names), (last_rows, steps_last_rows),
    (truncated_extents, steps_truncated_extents), (clamp_rows, steps_clamp_rows),
    (clamp_extents, steps_clamp_extents), (float_extents, steps_float_extents),
    (window_of_input, steps_window_of_input),
    (squeeze_all, steps_squeeze_all, "--dim", "a=2..1000"),
    (squeeze_by_use, steps_squeeze_by_use, "--dim", "k=2..1000"),
    (default_input, steps_default_input), (rank_zero, steps_rank_zero))}
