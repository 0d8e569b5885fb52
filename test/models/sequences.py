"""Sequences of tensors, small: lists, the parts of a tensor, what a loop appends.

Each row is a graph with symbolic dims and the shapes at which it runs.
"""

import numpy as np
from onnx import helper

from builder import BOOL, F32, I64, Graph
from control_flow import scalar, vector


def sequence_lists(path):
    """Tensors inserted and erased at positions from both ends, joined and stacked."""
    g = Graph(17)
    x, y = g.input("x", F32, ["N", 6, "M"]), g.input("y", F32, ["N", 6, "M"])
    made = g.op("SequenceConstruct", x, g.op("Neg", y))
    made = g.op("SequenceInsert", made, g.op("Relu", y), scalar(g, -1))
    made = g.op("SequenceInsert", g.op("Identity", made), x)
    fewer = g.op("SequenceErase", made, scalar(g, 1))
    cut = g.op("SplitToSequence", x, g.constant([1, 3, 2]), axis=1)
    g.output("joined", g.op("ConcatFromSequence", made, axis=-1), F32, ["N", 6, "K"])
    g.output("stacked", g.op("ConcatFromSequence", fewer, axis=1, new_axis=1), F32,
             ["N", 3, 6, "M"])
    g.output("last", g.op("SequenceAt", fewer, scalar(g, -1)), F32, ["N", 6, "M"])
    g.output("part", g.op("SequenceAt", cut, scalar(g, 1)), F32, ["N", 3, "M"])
    g.output("count", g.op("SequenceLength", made), I64, [])
    return g.save(str(path), "sequence_lists")


def steps_sequence_lists(rng):
    for n, m in ((1, 1), (3, 7), (2, 64), (5, 13), (0, 4), (131, 2), (1, 33), (4, 4)):
        yield {"x": vector(rng, n, 6, m), "y": vector(rng, n, 6, m)}


def sequence_parts(path):
    """Even parts, the last of them shorter, and rows without their axis; which of
    them decides the data, from the end too."""
    g = Graph(17)
    x, at = g.input("x", F32, ["N", "M"]), g.input("at", I64, [])
    pairs = g.op("SplitToSequence", x, scalar(g, 2), axis=-1)
    rows = g.op("SplitToSequence", x, axis=0, keepdims=0)
    g.output("pair", g.op("SequenceAt", pairs, at), F32, ["N", "K"])
    g.output("end", g.op("SequenceAt", pairs, scalar(g, -1)), F32, ["N", "L"])
    g.output("row", g.op("SequenceAt", rows, at), F32, ["M"])
    g.output("pairs", g.op("SequenceLength", pairs), I64, [])
    g.output("all", g.op("Relu", g.op("ConcatFromSequence", rows, axis=0, new_axis=1)),
             F32, ["N", "M"])
    return g.save(str(path), "sequence_parts")


def steps_sequence_parts(rng):
    for n, m, at in ((2, 4, 1), (3, 7, 2), (3, 7, -3), (1, 1, 0), (1, 2, -1), (9, 17, 8),
                     (64, 131, -64), (5, 13, 4)):
        yield {"x": vector(rng, n, m), "at": np.array(at)}


def sequence_loop(path):
    """What each trip appends, stacked and joined along every axis."""
    g = Graph(17)
    x, trips = g.input("x", F32, ["N", "M"]), g.input("trips", I64, [])
    b = g.branch()
    b.input("trip", I64, [])
    b.input("going", BOOL, [])
    rows, value = b.fresh("rows"), b.fresh("value")
    sequence = helper.make_tensor_sequence_value_info
    b.inputs += [sequence(rows, F32, None),
                 helper.make_tensor_value_info(value, F32, ["N", "M"])]
    following = b.op("Mul", value, b.constant(0.75, np.float32))
    appended = b.op("SequenceInsert", rows, b.op("Tanh", following))
    b.output("again", b.constant(True, bool), BOOL, [])
    b.outputs.append(sequence(appended, F32, None))
    b.output("next", following, F32, ["N", "M"])
    grown, last = g.op("Loop", trips, "", g.op("SequenceEmpty"), x, outputs=2,
                       body=b.graph("body"))
    for axis in (0, 1, 2, -1, -2):
        g.output(f"stacked{axis}", g.op("ConcatFromSequence", grown, axis=axis, new_axis=1),
                 F32, ["A", "B", "C"])
    for axis in (0, 1, -1, -2):
        g.output(f"joined{axis}", g.op("ConcatFromSequence", grown, axis=axis), F32,
                 ["A", "B"])
    g.output("at", g.op("SequenceAt", grown, scalar(g, -1)), F32, ["N", "M"])
    g.output("count", g.op("SequenceLength", grown), I64, [])
    g.output("last", last, F32, ["N", "M"])
    return g.save(str(path), "sequence_loop")


def steps_sequence_loop(rng):
    for n, m, trips in ((1, 1, 1), (3, 5, 4), (2, 7, 1), (13, 3, 9), (1, 64, 2), (5, 5, 31),
                        (2, 9, 6), (8, 1, 3)):
        yield {"x": vector(rng, n, m), "trips": np.array(trips)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (sequence_lists, steps_sequence_lists), (sequence_parts, steps_sequence_parts),
    (sequence_loop, steps_sequence_loop))}
