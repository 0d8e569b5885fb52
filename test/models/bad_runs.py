"""What a compiled model refuses when it runs; the next run has to work."""

from contextlib import contextmanager

import numpy as np

import dycc
import foreign
from bad_inputs import Failed, case, check, refused
from builder import BOOL, F32, I64, Graph

BAD, MODEL = "DYCC_INVALID_ARGUMENT", "DYCC_MODEL_ERROR"


@contextmanager
def loaded(env, graph, *flags):
    """The compiled model of a graph."""
    file = graph.save(str(env.folder / "model.onnx"), "model")
    with dycc.load(env.compile(file, *flags)) as model:
        yield model


def named(g, name):
    """Gives the last node a name to look for in messages."""
    g.nodes[-1].name = name


def ones(*shape):
    return np.ones(shape, np.float32)


def good(model, feed, expected):
    result = next(iter(model.run(feed).values()))
    check(result.shape == expected.shape and np.allclose(result, expected, 1e-4, 1e-5),
          f"the good run gives {result}, expects {expected}")


def adder():
    """y = left[N,4] + right[N,4]."""
    g = Graph()
    left, right = (g.input(n, F32, ["N", 4]) for n in ("left", "right"))
    g.output("y", g.op("Add", left, right), F32, ["N", 4])
    return g


FINE = {"left": ones(3, 4), "right": ones(3, 4)}


@case
def wrong_type(env):
    with loaded(env, adder()) as model:
        for kind in (np.float64, np.int32, np.float16, bool):
            refused(model, {"left": ones(3, 4), "right": ones(3, 4).astype(kind)}, BAD,
                    "right")
        good(model, FINE, 2 * ones(3, 4))


@case
def wrong_rank(env):
    with loaded(env, adder()) as model:
        for shape in ((4,), (1, 3, 4), ()):
            refused(model, {"left": ones(*shape), "right": ones(3, 4)}, BAD, "left", "rank")
        good(model, FINE, 2 * ones(3, 4))


@case
def wrong_fixed_dim(env):
    with loaded(env, adder()) as model:
        refused(model, {"left": ones(3, 5), "right": ones(3, 4)}, BAD, "left", "4", "5")
        good(model, FINE, 2 * ones(3, 4))


@case
def dims_in_conflict(env):
    with loaded(env, adder()) as model:
        refused(model, {"left": ones(3, 4), "right": ones(2, 4)}, BAD, "N", "3", "2")
        good(model, FINE, 2 * ones(3, 4))


@case
def dim_out_of_range(env):
    with loaded(env, adder(), "--dim", "N=2..8") as model:
        for n in (0, 1, 9):
            refused(model, {"left": ones(n, 4), "right": ones(n, 4)}, BAD, "N", "8", str(n))
        good(model, FINE, 2 * ones(3, 4))


@case
def dim_not_a_multiple(env):
    with loaded(env, adder(), "--dim", "N=0..64%4") as model:
        refused(model, {"left": ones(6, 4), "right": ones(6, 4)}, BAD, "N", "6", "4")
        good(model, {"left": ones(8, 4), "right": ones(8, 4)}, 2 * ones(8, 4))


@case
def missing_input(env):
    """Nothing in place of an input tensor."""
    with loaded(env, adder()) as model:
        for nothing in ({"left": ones(3, 4)}, [ones(3, 4)], [ones(3, 4), None]):
            refused(model, nothing, BAD, "right")
        good(model, FINE, 2 * ones(3, 4))


@case
def broken_tensors(env):
    """Inputs without memory, with negative extents, odd strides, on a device
    that is not the processor, or with vector lanes."""
    memory = ones(3, 4)
    address = memory.ctypes.data
    with loaded(env, adder()) as model:
        for bad in (foreign.Tensor((3, 4), np.float32, None),
                    foreign.Tensor((-3, 4), np.float32, address),
                    foreign.Tensor((3, 4), np.float32, address, strides=(1, 3)),
                    foreign.Tensor((3, 4), np.float32, address, device=2),
                    foreign.Tensor((3, 4), np.float32, address, lanes=2)):
            refused(model, {"left": bad, "right": memory}, BAD, "left")
        fine = foreign.Tensor((3, 4), np.float32, address, strides=(4, 1))
        good(model, {"left": fine, "right": memory}, 2 * ones(3, 4))


@case
def output_too_small(env):
    with loaded(env, adder()) as model:
        for shape in ((2, 4), (0, 4)):
            nowhere = foreign.Tensor(shape, np.float32, None)
            for small in (ones(*shape), nowhere):
                try:
                    model.run(FINE, {"y": small})
                except dycc.Error as error:
                    check(error.status == BAD and "y" in error.text, f"got {error}")
                else:
                    raise Failed("expects a refusal of a small output")
        good(model, FINE, 2 * ones(3, 4))


@case
def reshape_in_the_middle(env):
    """x[A,B] as [C,2], where C comes from another input."""
    g = Graph()
    x, y = g.input("x", F32, ["A", "B"]), g.input("y", F32, ["C"])
    middle = g.reshape(g.op("Relu", x), g.dim(y, 0), 2)
    named(g, "reshape_mid")
    g.output("z", g.op("Neg", middle), F32, [None, 2])
    with loaded(env, g) as model:
        refused(model, [ones(3, 4), ones(5)], MODEL, "reshape_mid")
        good(model, [ones(3, 4), ones(6)], -ones(6, 2))


@case
def broadcast_that_does_not_fit(env):
    g = Graph()
    x, y = g.input("x", F32, ["A", 4]), g.input("y", F32, ["B", 4])
    z = g.op("Mul", g.op("Neg", x), y)
    named(g, "product_mid")
    g.output("z", z, F32, [None, 4])
    with loaded(env, g) as model:
        refused(model, [ones(3, 4), ones(2, 4)], MODEL, "product_mid")
        good(model, [ones(3, 4), ones(1, 4)], -ones(3, 4))
        good(model, [ones(1, 4), ones(5, 4)], -ones(5, 4))


@case
def squeeze_that_the_rest_forbids(env):
    """Without axes, and a convolution behind it needs all four."""
    g = Graph()
    x, w = g.input("x", F32, ["N", 3, "H", 4]), g.weight("w", ones(1, 3, 1, 1))
    squeezed = g.op("Squeeze", x)
    named(g, "squeeze_mid")
    g.output("z", g.op("Conv", squeezed, w), F32, ["N", 1, "H", 4])
    with loaded(env, g) as model:
        refused(model, [ones(1, 3, 2, 4)], MODEL, "squeeze_mid", "axis 0")
        refused(model, [ones(2, 3, 1, 4)], MODEL, "squeeze_mid", "axis 2")
        good(model, [ones(2, 3, 5, 4)], 3 * ones(2, 1, 5, 4))


@case
def squeeze_of_more_than_one(env):
    g = Graph()
    x = g.input("x", F32, ["A", "B"])
    z = g.squeeze(g.op("Neg", x), [1])
    named(g, "squeeze_mid")
    g.output("z", z, F32, ["A"])
    with loaded(env, g) as model:
        refused(model, [ones(3, 2)], MODEL, "squeeze_mid")
        good(model, [ones(3, 1)], -ones(3))


@case
def recurrent_input(env):
    """A GRU whose sequence has another width than its weights."""
    g = Graph()
    x = g.input("x", F32, ["T", "B", "I"])
    weights = [g.weight(n, np.full(s, 0.1, np.float32))
               for n, s in (("w", (1, 9, 4)), ("r", (1, 9, 3)))]
    out = g.op("GRU", x, *weights, outputs=2, hidden_size=3)[0]
    named(g, "recurrent_mid")
    g.output("z", g.op("Mul", out, g.constant(0, np.float32)), F32, ["T", 1, "B", 3])
    with loaded(env, g) as model:
        refused(model, [ones(2, 1, 5)], MODEL, "recurrent_mid")
        good(model, [ones(2, 1, 4)], np.zeros((2, 1, 1, 3), np.float32))


@case
def gather_out_of_range(env):
    g = Graph()
    x, index = g.input("x", F32, ["N", 4]), g.input("index", I64, ["K"])
    z = g.op("Gather", g.op("Neg", x), index, axis=0)
    named(g, "gather_mid")
    g.output("z", z, F32, ["K", 4])
    with loaded(env, g) as model:
        for bad in (3, -4, 2**62):
            refused(model, [ones(3, 4), np.array([0, bad])], MODEL, "gather_mid")
        good(model, [ones(3, 4), np.array([2, -3])], -ones(2, 4))


@case
def scatter_out_of_range(env):
    g = Graph()
    x, index = g.input("x", F32, ["N"]), g.input("index", I64, ["K", 1])
    update = g.input("update", F32, ["K"])
    z = g.op("ScatterND", g.op("Neg", x), index, update)
    named(g, "scatter_mid")
    g.output("z", z, F32, ["N"])
    with loaded(env, g) as model:
        for bad in (3, -4):
            refused(model, [ones(3), np.array([[bad]]), ones(1)], MODEL, "scatter_mid")
        good(model, [ones(3), np.array([[1]]), ones(1)], np.float32([-1, 1, -1]))


@case
def endless_loop(env):
    """No trip count, and a condition that stays true while x > 0."""
    g = Graph()
    x = g.input("x", F32, [1])
    b = g.branch()
    b.input("trip", I64, [])
    b.input("going", BOOL, [])
    carried = b.input("carried", F32, [1])
    more = b.op("Greater", b.squeeze(carried, [0]), b.constant(0, np.float32))
    b.output("more", more, BOOL, [])
    b.output("next", b.op("Mul", carried, b.constant(1, np.float32)), F32, [1])
    z = g.op("Loop", "", g.constant(True, bool), x, body=b.graph("body"))
    named(g, "forever")
    g.output("z", z, F32, [1])
    with loaded(env, g, "--max-trips", "1000") as model:
        refused(model, [ones(1)], MODEL, "forever", "1000")
        good(model, [-ones(1)], -ones(1))


@case
def slices_that_differ(env):
    """A Loop that scans out slices of as many elements as its trip's number."""
    g = Graph()
    x, lengths = g.input("x", F32, ["N"]), g.input("lengths", I64, ["T"])
    b = g.branch()
    trip = b.input("trip", I64, [])
    b.input("going", BOOL, [])
    end = b.unsqueeze(b.op("Gather", lengths, trip, axis=0), [0])
    b.output("more", b.constant(True, bool), BOOL, [])
    b.output("slice", b.slice(x, [0], end, [0]), F32, [None])
    z = g.op("Loop", g.dim(lengths, 0), "", body=b.graph("body"))
    named(g, "scan_mid")
    g.output("z", z, F32, ["T", None])
    with loaded(env, g) as model:
        refused(model, [ones(5), np.array([2, 2, 3])], MODEL, "scan_mid", "is 3 in trip 2, ",
                "expected 2 as in the trips before")
        good(model, [ones(5), np.array([3, 3])], ones(2, 3))


@case
def scanned_lengths_that_differ(env):
    """A Scan over the rows of one input and the columns of another."""
    g = Graph()
    x, y = g.input("x", F32, ["A", 2]), g.input("y", F32, [2, "B"])
    b = g.branch()
    rows = [b.input(n, F32, [2]) for n in ("row", "column")]
    b.output("sum", b.op("Add", *rows), F32, [2])
    z = g.op("Scan", x, y, body=b.graph("body"), num_scan_inputs=2, scan_input_axes=[0, 1])
    named(g, "scan_mid")
    g.output("z", z, F32, [None, 2])
    with loaded(env, g) as model:
        for more in (2, 4):
            refused(model, [ones(3, 2), ones(2, more)], MODEL, "scan_mid", "3", str(more),
                    "expects scanned operands of equal length")
        good(model, [ones(3, 2), ones(2, 3)], 2 * ones(3, 2))
        good(model, [ones(0, 2), ones(2, 0)], ones(0, 2))


@case
def scan_state_that_grows(env):
    """A Scan whose state has as many elements as the trip's entry says."""
    g = Graph()
    x, lengths = g.input("x", F32, ["N"]), g.input("lengths", I64, ["T"])
    b = g.branch()
    state, length = b.input("state", F32, [None]), b.input("length", I64, [])
    b.output("next", b.op("Mul", b.slice(x, [0], b.unsqueeze(length, [0]), [0]),
                          b.constant(2, np.float32)), F32, [None])
    b.output("sum", b.op("ReduceSum", state, keepdims=0), F32, [])
    y, z = g.op("Scan", x, lengths, outputs=2, body=b.graph("body"), num_scan_inputs=1)
    named(g, "scan_mid")
    g.output("z", z, F32, ["T"])
    g.output("y", y, F32, ["N"])
    with loaded(env, g) as model:
        refused(model, [ones(3), np.array([3, 3, 2])], MODEL, "scan_mid",
                "expects a state that keeps its shape, got 3 and 2")
        good(model, [ones(3), np.array([3, 3])], np.float32([3, 6]))
        good(model, [ones(3), np.array([], np.int64)], ones(0))


@case
def extents_beyond_memory(env):
    """An output of 2**62 bytes: a status, and life goes on."""
    g = Graph()
    parts = [g.input(n, F32, [n.upper()]) for n in "abc"]
    a, b, c = (g.unsqueeze(p, [i for i in range(3) if i != at])
               for at, p in enumerate(parts))
    total = g.op("Add", g.op("Add", a, b), c)
    named(g, "wide_mid")
    g.output("z", g.op("Neg", total), F32, ["A", "B", "C"])
    with loaded(env, g) as model:
        try:
            model.run([ones(2**20)] * 3)
        except dycc.Error as error:
            check(error.status in (BAD, MODEL, "DYCC_OUT_OF_MEMORY"), f"got {error}")
        else:
            raise Failed("expects a refusal, but the run succeeded")
        good(model, [ones(2), ones(3), ones(4)], -3 * ones(2, 3, 4))
