"""Scan, small: in both directions, along every axis, in an If and in itself.

Each row is a graph with symbolic dims and the shapes at which it runs.
"""

import numpy as np

from builder import BOOL, F32, I64, Graph
from control_flow import SIZES, branches, gives, scalar, total, vector


def scan(g, states, scanned, body, slices, **attributes):
    """A Scan. `states` and `scanned` are (value, dtype, shape in the body);
    `body(b, states, slices)` returns the next states and what is scanned out,
    of `slices`: (dtype, shape)."""
    b = g.branch()
    names = [b.input(b.fresh("part"), t, s) for _, t, s in (*states, *scanned)]
    values = body(b, names[:len(states)], names[len(states):])
    types = [*((t, s) for _, t, s in states), *slices]
    for value, (dtype, shape) in zip(values, types):
        b.output(b.fresh("next"), value, dtype, shape)
    return g.op("Scan", *(v for v, _, _ in (*states, *scanned)), outputs=len(types),
                body=b.graph("body"), num_scan_inputs=len(scanned), **attributes)


def scan_forward(path):
    """A recurrence over rows: the products of a state with captured weights."""
    g = Graph(15)
    x, start = g.input("x", F32, ["T", 5]), g.input("start", F32, [5])
    weight = g.input("weight", F32, [5, 5])

    def body(b, states, slices):
        product = b.squeeze(b.op("MatMul", b.unsqueeze(states[0], [0]), weight), [0])
        following = b.op("Tanh", b.op("Add", product, slices[0]))
        return following, following, b.op("ReduceMax", following, keepdims=0)

    y, rows, peaks = scan(g, [(start, F32, [5])], [(x, F32, [5])], body,
                          [(F32, [5]), (F32, [])])
    g.output("y", y, F32, [5])
    g.output("rows", rows, F32, ["T", 5])
    g.output("peaks", peaks, F32, ["T"])
    return g.save(str(path), "scan_forward")


def steps_scan_forward(rng):
    # Of nothing ONNX Runtime makes no Scan: test/models/bad_runs.py has that.
    for count in (*SIZES, 3001):
        yield {"x": vector(rng, count, 5), "start": vector(rng, 5),
               "weight": vector(rng, 5, 5)}


def scan_axes(path):
    """Two states, of which one is a number; scanned along the last axis, which
    is named from the end, and the middle one, backwards; scanned out to every
    place, in both orders."""
    g = Graph(15)
    x, y = g.input("x", F32, ["N", "T"]), g.input("y", F32, ["N", "T", 3])
    start = g.input("start", F32, ["N"])
    count = scalar(g, 0)

    def body(b, states, slices):
        following = b.op("Add", b.op("Mul", states[0], scalar(b, 0.5, np.float32)), slices[0])
        number = b.op("Add", states[1], scalar(b, 1))
        table = b.op("Sub", slices[1], b.unsqueeze(following, [1]))
        scaled = b.op("Mul", table, b.op("Cast", number, to=F32))
        return following, number, table, scaled, following, following

    results = scan(g, [(start, F32, ["N"]), (count, I64, [])],
                   [(x, F32, ["N"]), (y, F32, ["N", 3])], body,
                   [(F32, ["N", 3]), (F32, ["N", 3]), (F32, ["N"]), (F32, ["N"])],
                   scan_input_axes=[-1, 1], scan_input_directions=[0, 1],
                   scan_output_axes=[1, -1, 0, -1], scan_output_directions=[1, 0, 1, 0])
    shapes = [["N"], [], ["N", "T", 3], ["N", 3, "T"], ["T", "N"], ["N", "T"]]
    for value, name, shape in zip(results, "abcdef", shapes):
        g.output(name, value, I64 if name == "b" else F32, shape)
    return g.save(str(path), "scan_axes")


def steps_scan_axes(rng):
    for n, count in ((1, 1), (7, 13), (64, 2), (2, 31), (13, 200), (1, 5), (3, 997)):
        yield {"x": vector(rng, n, count), "y": vector(rng, n, count, 3),
               "start": vector(rng, n)}


def scan_nested(path):
    """Scans without a state, in a branch and in one another: the inner one goes
    over the columns of the outer one's slice, backwards, and captures its sum."""
    g = Graph(15)
    x, test = g.input("x", F32, ["A", "B", "C"]), g.input("test", BOOL, [])

    def inner(b, states, slices):
        whole = total(b, slices[0])

        def step(c, states, slices):
            following = c.op("Add", states[0], total(c, slices[0]))
            return following, c.op("Add", slices[0], c.op("Mul", following, whole))

        return scan(b, [(scalar(b, 1, np.float32), F32, [])], [(slices[0], F32, ["B"])], step,
                    [(F32, ["B"])], scan_input_axes=[1], scan_input_directions=[1],
                    scan_output_axes=[-1])

    def collect(b):
        gives(b, (F32, ["A"]), (F32, ["A", "B", "C"]))
        return tuple(scan(b, [], [(x, F32, ["B", "C"])], inner,
                          [(F32, []), (F32, ["B", "C"])]))

    def skip(b):
        gives(b, (F32, ["A"]), (F32, ["A", "B", "C"]))
        return b.op("ReduceSum", x, b.constant([1, 2], np.int64), keepdims=0), x

    sums, y = branches(g, test, 2, then=collect, **{"else": skip})
    g.output("sums", sums, F32, ["A"])
    g.output("y", g.op("Neg", y), F32, ["A", "B", "C"])
    return g.save(str(path), "scan_nested")


def steps_scan_nested(rng):
    for i, shape in enumerate(((1, 1, 1), (7, 3, 13), (2, 31, 5), (13, 2, 64), (3, 5, 2),
                               (5, 1, 7))):
        yield {"x": vector(rng, *shape), "test": np.array(i != 4)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (scan_forward, steps_scan_forward), (scan_axes, steps_scan_axes),
    (scan_nested, steps_scan_nested))}
