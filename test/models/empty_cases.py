"""Models of one operator or two whose rows are wide: what reads a tensor without
elements as if it had some is far outside of it."""

import numpy as np

import paths  # noqa: F401  (puts the builder on the path)
from builder import BOOL, F32, I64, Graph

WIDE = 67
# ONNX leaves open what the mean of nothing is: NaN here, 0 in ONNX Runtime.
UNDEFINED = {"ReduceMean"}
MAKERS = {}


def maker(function):
    """Registers `function`: it adds nodes to a graph, and gives (result, type,
    rank, feed)."""
    MAKERS["wide_" + function.__name__] = function
    return function


def floats(*shape):
    return np.random.default_rng(5).random(shape, np.float32)


def make(name, file):
    """Writes the model; returns the feed."""
    g = Graph(18)
    value, element, rank, feed = MAKERS[name](g)
    g.output("y", value, element, [None] * rank)
    g.save(str(file), name)
    return feed


def image(g):
    return g.input("x", F32, ["N", 8, "H", "W"]), {"x": floats(2, 8, 5, WIDE)}


def convolution(g, operator="Conv", weight=(8, 8, 3, 3), **attributes):
    x, feed = image(g)
    w = g.constant(floats(*weight) - 0.5, np.float32)
    y = g.op(operator, x, w, **attributes)
    # Between two of them channels are innermost.
    return g.op(operator, g.op("Relu", y), w, **attributes), F32, 4, feed


@maker
def conv_padded(g):
    return convolution(g, pads=[2, 2, 2, 2])


@maker
def conv_depthwise(g):
    return convolution(g, weight=(8, 1, 3, 3), group=8, pads=[2, 2, 2, 2])


@maker
def conv_transposed(g):
    return convolution(g, "ConvTranspose", strides=[2, 2])


@maker
def conv_of_given_filter(g):
    x, feed = image(g)
    w = g.input("w", F32, ["O", 8, "A", "B"])
    y = g.op("Conv", x, w, pads=[2, 2, 2, 2])
    return y, F32, 4, feed | {"w": floats(3, 8, 3, 3)}


@maker
def pool_max(g):
    x, feed = image(g)
    return g.op("MaxPool", x, kernel_shape=[3, 3], pads=[2, 2, 2, 2]), F32, 4, feed


@maker
def pool_average(g):
    x, feed = image(g)
    return (g.op("AveragePool", x, kernel_shape=[3, 3], pads=[2, 2, 2, 2],
                 count_include_pad=1), F32, 4, feed)


@maker
def pool_global(g):
    x, feed = image(g)
    return g.op("GlobalAveragePool", x), F32, 4, feed


@maker
def pad_constant(g):
    x, feed = image(g)
    pads = g.constant([0, 0, 2, 2, 0, 0, 2, 2])
    return g.op("Pad", x, pads, g.constant(0.5, np.float32)), F32, 4, feed


@maker
def resize(g):
    x, feed = image(g)
    sizes = g.shape_of(g.dim(x, 0), 8, 7, 9)
    return g.op("Resize", x, "", "", sizes, mode="linear"), F32, 4, feed


@maker
def grid_sample(g):
    x, feed = image(g)
    grid = g.input("grid", F32, ["N", "R", "S", 2])
    return (g.op("GridSample", x, grid), F32, 4,
            feed | {"grid": floats(2, 3, WIDE, 2) * 2 - 1})


def pair(g, *names):
    for name, first in zip(names, ("P", "Q")):
        g.input(name, F32, [first, WIDE])
    return {n: floats(2 + i, WIDE) for i, n in enumerate(names)}


@maker
def concat_outer(g):
    feed = pair(g, "a", "b")
    return g.op("Concat", "a", "b", "a", axis=0), F32, 2, feed


@maker
def concat_inner(g):
    feed = pair(g, "a", "b")
    across = [g.op("Transpose", n, perm=[1, 0]) for n in ("a", "b")]
    return g.op("Concat", *across, axis=1), F32, 2, feed


@maker
def concat_middle(g):
    for name, middle in (("a", "P"), ("b", "Q")):
        g.input(name, F32, [3, middle, WIDE])
    y = g.op("Exp", g.op("Concat", "a", "b", axis=1))
    return y, F32, 3, {"a": floats(3, 2, WIDE), "b": floats(3, 4, WIDE)}


@maker
def gather_rows(g):
    g.input("x", F32, ["N", WIDE])
    g.input("rows", I64, ["K"])
    return (g.op("Gather", "x", "rows"), F32, 2,
            {"x": floats(4, WIDE), "rows": np.array([1, 3, 0])})


@maker
def scatter_rows(g):
    g.input("x", F32, ["N", WIDE])
    g.input("rows", I64, ["K", 1])
    g.input("updates", F32, ["K", WIDE])
    return (g.op("ScatterND", "x", "rows", "updates"), F32, 2,
            {"x": floats(4, WIDE), "rows": np.array([[1], [3]]),
             "updates": floats(2, WIDE)})


@maker
def compress(g):
    g.input("x", F32, ["N", WIDE])
    g.input("chosen", BOOL, ["K"])
    return (g.op("Compress", "x", "chosen", axis=0), F32, 2,
            {"x": floats(3, WIDE), "chosen": np.array([True, False, True])})


@maker
def product(g):
    g.input("a", F32, ["N", "K"])
    g.input("b", F32, ["K", "M"])
    return (g.op("MatMul", "a", "b"), F32, 2,
            {"a": floats(9, 35), "b": floats(35, WIDE)})


@maker
def product_packed(g):
    g.input("a", F32, ["B", "N", WIDE])
    w = g.constant(floats(WIDE, 40), np.float32)
    y = g.op("Add", g.op("MatMul", "a", w), g.constant(floats(40), np.float32))
    return y, F32, 3, {"a": floats(2, 9, WIDE)}


@maker
def attention(g):
    for name, length in (("q", "T"), ("k", "S"), ("v", "S")):
        g.input(name, F32, ["B", length, WIDE])
    scores = g.op("MatMul", "q", g.op("Transpose", "k", perm=[0, 2, 1]))
    y = g.op("MatMul", g.op("Softmax", scores, axis=-1), "v")
    return y, F32, 3, {n: floats(2, t, WIDE) for n, t in (("q", 3), ("k", 5), ("v", 5))}


def reduction(g, operator, *rest, **attributes):
    g.input("x", F32, ["N", "M", WIDE])
    return g.op(operator, "x", *rest, **attributes), {"x": floats(3, 5, WIDE)}


@maker
def reduce_sum(g):
    y, feed = reduction(g, "ReduceSum", g.constant([1]), keepdims=0)
    return y, F32, 2, feed


@maker
def reduce_mean(g):
    y, feed = reduction(g, "ReduceMean", g.constant([0, 1]), keepdims=0)
    return y, F32, 1, feed


@maker
def layer_norm(g):
    scale = g.constant(floats(WIDE), np.float32)
    y, feed = reduction(g, "LayerNormalization", scale, scale)
    return y, F32, 3, feed


@maker
def cumulative(g):
    y, feed = reduction(g, "CumSum", g.constant(1))
    return y, F32, 3, feed


@maker
def broadcast(g):
    for name, shape in (("a", ["N", 1, WIDE]), ("b", ["M", 1])):
        g.input(name, F32, shape)
    y = g.op("Where", g.op("Greater", "a", "b"), "a", "b")
    return y, F32, 3, {"a": floats(3, 1, WIDE), "b": floats(4, 1)}


@maker
def reversed_rows(g):
    g.input("x", F32, ["N", WIDE])
    y = g.op("Slice", "x", g.constant([-1]), g.constant([-2**62]), g.constant([0]),
             g.constant([-1]))
    return y, F32, 2, {"x": floats(5, WIDE)}


@maker
def recurrent(g):
    g.input("x", F32, ["T", "B", WIDE])
    weights = [g.constant(floats(1, 12, n) - 0.5, np.float32) for n in (WIDE, 4)]
    y = g.op("GRU", "x", *weights, hidden_size=4)
    return y, F32, 4, {"x": floats(3, 2, WIDE)}
