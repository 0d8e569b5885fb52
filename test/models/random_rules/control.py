"""Branches, loops and scans whose bodies use values of the outer graph."""

import numpy as np
from onnx import helper, numpy_helper

from random_values import RUNS
from random_rules.rule import rule

UNARY = ("Abs", "Neg", "Identity", "Relu")


def body(name, nodes, inputs, outputs):
    """A sub-graph; inputs and outputs are (name, NumPy's type, rank)."""
    value = lambda n, kind, rank: helper.make_tensor_value_info(
        n, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), [None] * rank)
    return helper.make_graph(nodes, name, [value(*i) for i in inputs],
                             [value(*o) for o in outputs])


def number(m, name, value):
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(value))


@rule("If")
def branches(m):
    x = m.tensor(np.dtype(np.float32), constant=False)
    bools = [np.asarray(m.maybe() if not m.static else run == 0) for run in range(RUNS)]
    condition = m.put([b.reshape([1] * m.whole(0, 1)) for b in bools[:1]] * RUNS if m.maybe(0.3)
                      else bools)
    graphs = {}
    for key in ("then_branch", "else_branch"):
        out = [m.fresh() for _ in range(2)]
        nodes = [helper.make_node(m.pick(UNARY), [x.name], out[:1]),
                 helper.make_node("Add", [out[0], x.name], out[1:])]
        graphs[key] = body(key, nodes, [], [(out[1], x.kind, x.rank)])
    m.results += m.add("If", [condition.name], 1, "", graphs)


@rule("Loop")
def loop(m):
    """Carries a value, ends by its count or its condition, and stacks one per trip."""
    x = m.tensor(np.dtype(np.float32), rank=(0, 4), constant=False)
    # Of no trips ONNX Runtime stacks values without extents: then none are asked for.
    stacks = m.maybe(0.6)
    trips = m.numbers([m.whole(int(stacks), 4) for _ in range(RUNS)])
    at, going, carried, again, following, limit, stacked = (m.fresh() for _ in range(7))
    last = m.whole(0, 4)
    count = m.fresh()  # Less of integers came later than Loop.
    nodes = [number(m, limit, np.float32(last)), helper.make_node("Cast", [at], [count], to=1),
             helper.make_node("Less", [count, limit], [again]),
             helper.make_node("Add", [carried, x.name], [following]),
             helper.make_node(m.pick(UNARY), [following], [stacked])]
    outputs = [(following, x.kind, x.rank), (stacked, x.kind, x.rank)][:1 + stacks]
    graph = body("body", nodes, [(at, np.int64, 0), (going, bool, 0), (carried, x.kind, x.rank)],
                 [(again, bool, 0), *outputs])
    start = m.constant(True, bool).name if m.maybe() else ""
    m.results += m.add("Loop", [trips.name, start, x.name], 1 + stacks, "", {"body": graph})


@rule("Scan")
def scan(m):
    """A running sum over the slices along an axis, from either end."""
    x = m.tensor(np.dtype(np.float32), rank=(2, 4), low=1, constant=False)
    if m.opset < 9:  # Scan was over a batch.
        batch, length, *rest = x.dims
        axis, given, names = 1, {}, [""]
        state = m.tensor(x.kind, [batch, *rest])
    else:
        axis = m.whole(0, x.rank - 1)
        state = m.tensor(x.kind, [d for i, d in enumerate(x.dims) if i != axis])
        written = axis - x.rank if m.opset >= 11 and m.maybe() else axis
        given = {"scan_input_axes": [written], "scan_input_directions": [m.whole(0, 1)],
                 "scan_output_directions": [m.whole(0, 1)]}
        given = {k: v for k, v in given.items() if m.maybe() or k == "scan_input_axes"}
        if m.maybe():
            given["scan_output_axes"] = [m.whole(0, x.rank - 1)]
        names = []
    rank = x.rank - (2 if m.opset < 9 else 1)
    before, piece, after, out = (m.fresh() for _ in range(4))
    nodes = [helper.make_node("Add", [before, piece], [after]),
             helper.make_node(m.pick(UNARY), [after], [out])]
    graph = body("body", nodes, [(before, x.kind, rank), (piece, x.kind, rank)],
                 [(after, x.kind, rank), (out, x.kind, rank)])
    m.results += m.add("Scan", [*names, state.name, x.name], 2, "", {
        "num_scan_inputs": 1, "body": graph, **given})
