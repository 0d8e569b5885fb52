"""Steering operands of the data that no node can follow: a status that names the
node, and the next run works."""

import numpy as np

from bad_inputs import case, refused
from bad_runs import MODEL, good, loaded, named, ones
from builder import F32, I64, Graph, TensorProto

F64 = TensorProto.DOUBLE
INF, NAN = float("inf"), float("nan")


def ranges(kind):
    """z = -range(a, b, c)."""
    g = Graph()
    z = g.op("Range", *(g.input(n, kind, []) for n in "abc"))
    named(g, "range_mid")
    g.output("z", g.op("Neg", z), kind, [None])
    return g


def scalars(dtype, *values):
    return [np.array(v, dtype) for v in values]


def refuse_ranges(env, kind, dtype):
    """Limits that are no numbers, steps of 0, and more elements than extents count."""
    with loaded(env, ranges(kind)) as model:
        for values in ((0, NAN, 1), (0, INF, 1), (0, 1, 0), (0, 0, 0), (NAN, 1, 1),
                       (-INF, INF, 1), (0, 3e9, 1), (0, 1, 1e-30)):
            refused(model, scalars(dtype, *values), MODEL, "range_mid")
            good(model, scalars(dtype, 1, 2, 0.5), dtype([-1, -1.5]))
        good(model, scalars(dtype, 1, -1e9, 0.5), np.zeros(0, dtype))


@case
def range_of_f32_without_end(env):
    refuse_ranges(env, F32, np.float32)


@case
def range_of_f64_without_end(env):
    refuse_ranges(env, F64, np.float64)


@case
def range_of_integers_without_step(env):
    with loaded(env, ranges(I64)) as model:
        refused(model, scalars(np.int64, 0, 5, 0), MODEL, "range_mid")
        good(model, scalars(np.int64, 0, -5, -2), np.array([0, 2, 4]))


@case
def bad_scales(env):
    g = Graph()
    x, scales = g.input("x", F32, ["H", "W"]), g.input("scales", F32, [2])
    z = g.op("Resize", g.op("Neg", x), "", scales, mode="nearest")
    named(g, "resize_mid")
    g.output("z", z, F32, [None, None])
    with loaded(env, g) as model:
        for bad in ((1, -1), (NAN, 1), (1, INF), (0, 1), (1e30, 1), (1e9, 1e9)):
            refused(model, [ones(2, 3), np.float32(bad)], MODEL, "resize_mid")
            good(model, [ones(2, 3), np.float32([0.5, 2])], -ones(1, 6))
        refused(model, [ones(2, 3), np.float32([1, 1, 1])], "DYCC_INVALID_ARGUMENT",
                "scales")
        good(model, [ones(2, 3), np.float32([0.4, 2])], -ones(0, 6))


@case
def scan_axis_out_of_range(env):
    g = Graph()
    x, axis = g.input("x", F32, ["A", "B"]), g.input("axis", I64, [])
    z = g.op("CumSum", g.op("Neg", x), axis)
    named(g, "scan_mid")
    g.output("z", z, F32, ["A", "B"])
    with loaded(env, g) as model:
        for bad in (2, -3, 2**40):
            refused(model, [ones(2, 3), np.array(bad)], MODEL)
        refused(model, [ones(2, 3), np.array(2)], MODEL, "scan_mid")
        good(model, [ones(2, 3), np.array(-1)], -np.cumsum(ones(2, 3), 1))
        good(model, [ones(2, 3), np.array(0)], -np.cumsum(ones(2, 3), 0))


@case
def bad_depth(env):
    g = Graph()
    index, depth = g.input("index", I64, ["N"]), g.input("depth", F32, [])
    z = g.op("OneHot", index, depth, g.constant([0, 1], np.float32))
    named(g, "hot_mid")
    g.output("z", z, F32, ["N", None])
    with loaded(env, g) as model:
        for bad in (-1, INF, 3e9):
            refused(model, [np.array([1, 0]), np.float32(bad)], MODEL, "hot_mid")
            good(model, [np.array([1, 0]), np.float32(2)], np.eye(2, dtype=np.float32)[::-1])


@case
def more_than_there_are(env):
    g = Graph()
    x, k = g.input("x", F32, ["N"]), g.input("k", I64, [1])
    z = g.op("TopK", g.op("Neg", x), k, outputs=2)[0]
    named(g, "top_mid")
    g.output("z", z, F32, [None])
    with loaded(env, g) as model:
        for bad in (4, 2**31, 2**40, -1):
            refused(model, [ones(3), np.array([bad])], MODEL)
        refused(model, [ones(3), np.array([4])], MODEL, "top_mid", "4", "3")
        good(model, [np.float32([2, 3, 1]), np.array([2])], np.float32([-1, -2]))
        good(model, [ones(3), np.array([0])], ones(0))


@case
def index_tuples_of_another_length(env):
    g = Graph()
    x, index = g.input("x", F32, ["A", "B"]), g.input("index", I64, ["N", "K"])
    update = g.input("update", F32, ["M"])
    z = g.op("ScatterND", g.op("Neg", x), index, update)
    named(g, "scatter_mid")
    g.output("z", z, F32, ["A", "B"])
    with loaded(env, g) as model:
        refused(model, [ones(2, 2), np.array([[1]]), ones(1)], MODEL, "scatter_mid")
        good(model, [ones(2, 2), np.array([[0, 1]]), ones(1)], np.float32([[-1, 1], [-1, -1]]))


@case
def peepholes_of_another_width(env):
    g = Graph()
    x, p = g.input("x", F32, ["T", 1, 2]), g.input("p", F32, [1, "P"])
    weights = [g.weight(n, np.full((1, 12, s), 0.1, np.float32))
               for n, s in (("w", 2), ("r", 3))]
    out = g.op("LSTM", x, *weights, "", "", "", "", p, outputs=1, hidden_size=3)
    named(g, "lstm_mid")
    g.output("z", g.op("Mul", out, g.constant(0, np.float32)), F32, ["T", 1, 1, 3])
    with loaded(env, g) as model:
        refused(model, [ones(2, 1, 2), ones(1, 8)], MODEL, "lstm_mid")
        good(model, [ones(2, 1, 2), ones(1, 9)], np.zeros((2, 1, 1, 3), np.float32))
