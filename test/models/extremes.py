"""Extents that no kernel can follow (truncating division, conditions, floats),
tensors without axes, filters that come at run time."""

import numpy as np

from builder import F32, I64, Graph
from control_flow import scalar, vector


def halved(g, length, window):
    """(length - window) / 2 + 1, rounded toward zero as integers divide."""
    rest = g.op("Sub", length, scalar(g, window))
    return g.op("Add", g.op("Div", rest, scalar(g, 2)), scalar(g, 1))


def cut(g, x, length):
    """The first elements of axis 1, as many as the scalar says."""
    return g.slice(x, [0], g.unsqueeze(length, [0]), [1])


def extents_opaque(path):
    """Lengths behind two convolutions as exporters compute them, a condition
    and a product of floats, in products, reductions, windows and copies."""
    g = Graph(17)
    x = g.input("x", F32, ["B", "T", 8])
    length = g.dim(x, 1)
    once = halved(g, length, 3)
    twice = halved(g, once, 2)
    part = g.op("Cast", g.op("Floor", g.op(
        "Mul", g.op("Cast", length, to=F32), scalar(g, 0.3, np.float32))), to=I64)
    chosen = g.op("Where", g.op("Less", length, scalar(g, 9)), twice, part)
    a, b, c = (cut(g, x, n) for n in (once, twice, chosen))
    scores = g.op("MatMul", a, g.op("Transpose", b, perm=[0, 2, 1]))
    g.output("scores", g.op("Softmax", scores, axis=-1), F32, [None] * 3)
    g.output("columns", g.op("Softmax", g.op("Transpose", c, perm=[0, 2, 1]),
                             axis=1), F32, [None] * 3)
    g.output("mean", g.op("ReduceMean", a, axes=[1], keepdims=0), F32, [None] * 2)
    taps = g.constant(np.linspace(-1, 1, 8 * 8 * 3).reshape(8, 8, 3), np.float32)
    wide = g.op("Conv", g.op("Transpose", a, perm=[0, 2, 1]), taps, pads=[1, 1],
                strides=[2])
    g.output("wide", g.op("Relu", wide), F32, [None] * 3)
    shape = g.shape_of(g.dim(x, 0), -1, g.op("Mul", once, scalar(g, 4)))
    g.output("flat", g.op("Neg", g.op("Reshape", a, shape)), F32, [None] * 3)
    return g.save(str(path), "extents_opaque")


def steps_extents_opaque(rng):
    for batch, length in ((1, 5), (2, 6), (3, 17), (1, 64), (2, 131), (5, 8), (1, 9),
                          (1, 40)):
        yield {"x": vector(rng, batch, length, 8)}


REDUCTIONS = ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd",
              "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp")


def scalars(path):
    """Each reduction of a scalar, and scalars that steer or fill others."""
    g = Graph(18)
    x, s, i = g.input("x", F32, ["N"]), g.input("s", F32, []), g.input("i", I64, [])
    peak = g.op("ReduceMax", x, keepdims=0)
    for kind in REDUCTIONS:
        keep = len(kind) % 2  # The result has no axis to keep.
        g.output(kind, g.op(kind, peak, keepdims=keep), F32, [])
    g.output("i_sum", g.op("ReduceSum", i, noop_with_empty_axes=1), I64, [])
    g.output("range", g.op("Range", i, scalar(g, 9), scalar(g, 2)), I64, [None])
    g.output("filled", g.op("Expand", s, g.op("Shape", x)), F32, ["N"])
    g.output("one", g.op("ScatterND", x, g.unsqueeze(i, [0]), s), F32, ["N"])
    g.output("at", g.op("Gather", x, i), F32, [])
    return g.save(str(path), "scalars")


def steps_scalars(rng):
    for count, i in ((1, 0), (7, 3), (64, 8), (2, 1), (13, 12), (31, 5), (200, 0), (5, 2)):
        yield {"x": vector(rng, count) + 2, "s": np.array(0.5 + count, np.float32),
               "i": np.array(i)}


def filters_at_run_time(path):
    """A correlation with a template, per channel and over all of them, and a
    transposed one."""
    g = Graph(17)
    x, w = g.input("x", F32, [1, 4, "H", "W"]), g.input("w", F32, [4, 1, "P", "Q"])
    v = g.input("v", F32, ["O", 4, 3, "Q"])
    g.output("each", g.op("Conv", x, w, group=4), F32, [None] * 4)
    g.output("all", g.op("Relu", g.op("Conv", x, v, strides=[2, 1], dilations=[1, 2],
                                      pads=[1, 2, 1, 0])), F32, [None] * 4)
    g.output("same", g.op("Conv", x, w, group=4, auto_pad="SAME_LOWER"), F32, [None] * 4)
    g.output("spread", g.op("ConvTranspose", x, w, group=4, strides=[2, 3],
                            output_padding=[1, 0]), F32, [None] * 4)
    return g.save(str(path), "filters_at_run_time")


def steps_filters_at_run_time(rng):
    for h, w, p, q, o in ((9, 8, 3, 2, 5), (5, 5, 5, 2, 1), (17, 31, 1, 4, 8),
                          (7, 64, 2, 13, 3), (3, 1, 3, 1, 2), (40, 9, 5, 3, 17),
                          (13, 13, 13, 6, 1), (6, 7, 2, 2, 4)):
        yield {"x": vector(rng, 1, 4, h, w), "w": vector(rng, 4, 1, p, q),
               "v": vector(rng, o, 4, 3, q)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (extents_opaque, steps_extents_opaque), (scalars, steps_scalars),
    (filters_at_run_time, steps_filters_at_run_time))}
