"""Control flow, small: If and Loop in every form that the issue of dynamic
networks is about, beside the real models that use them too.

Each row is a graph with symbolic dims and the shapes at which it runs.
"""

import numpy as np

from builder import BOOL, F32, I64, Graph

SIZES = (1, 7, 64, 2, 13, 31, 200, 5)


def vector(rng, count, *more):
    return rng.uniform(-1, 1, (count, *more)).astype(np.float32)


def scalar(g, value, dtype=np.int64):
    return g.constant(value, dtype)


def total(g, value):
    return g.op("ReduceSum", value, keepdims=0)


def branches(g, test, outputs=1, **makers):
    """An If; each maker fills its branch and returns the values it gives."""
    graphs = {}
    for key, maker in makers.items():
        b = g.branch()
        given = maker(b)
        given = given if isinstance(given, tuple) else (given,)
        for value, (dtype, shape) in zip(given, b.gives):
            b.output(b.fresh(key), value, dtype, shape)
        graphs[f"{key}_branch"] = b.graph(key)
    return g.op("If", test, outputs=outputs, **graphs)


def gives(g, *types):
    g.gives = types
    return g


def loop(g, trips, again, carried, body, scans=()):
    """A Loop. `carried` are (value, dtype, shape); `body(b, trip, values)`
    returns the condition, the next values and the scanned ones; `scans` are
    (dtype, shape) of the scanned values."""
    b = g.branch()
    trip = b.input(b.fresh("trip"), I64, [])
    b.input(b.fresh("going"), BOOL, [])
    names = [b.input(b.fresh("carried"), t, s) for _, t, s in carried]
    condition, following, scanned = body(b, trip, names)
    b.output(b.fresh("again"), condition, BOOL, [])
    types = [*((t, s) for _, t, s in carried), *scans]
    for value, (dtype, shape) in zip([*following, *scanned], types):
        b.output(b.fresh("next"), value, dtype, shape)
    outputs = len(carried) + len(scans)
    return g.op("Loop", trips, again, *(v for v, _, _ in carried),
                outputs=outputs, body=b.graph("body"))


def yes(g):
    return scalar(g, True, bool)


# If.

def if_shapes(path):
    """Branches that give other extents and, on the side, a scalar."""
    g = Graph(15)
    x, test = g.input("x", F32, ["N"]), g.input("test", BOOL, [])
    y, n = branches(
        g, test, 2,
        then=lambda b: (gives(b, (F32, [None]), (I64, [])).op("Concat", x, x, axis=0),
                        b.dim(x, 0)),
        **{"else": lambda b: (gives(b, (F32, [None]), (I64, [])).slice(x, [0], [1], [0]),
                              scalar(b, 1))})
    g.output("y", g.op("Mul", y, g.op("Cast", n, to=F32)), F32, [None])
    return g.save(str(path), "if_shapes")


def steps_if_shapes(rng):
    for i, n in enumerate((*SIZES, 0)):
        yield {"x": vector(rng, n), "test": np.array(i % 2 == 0)}
    yield {"x": vector(rng, 7), "test": np.array(False)}


def if_nested(path, depth=10):
    """If in If, 10 deep; each level tests the next bit and uses the values of
    every level around it."""
    g = Graph(15)
    x, bits = g.input("x", F32, ["N", 3]), g.input("bits", BOOL, [depth])

    def level(b, k, seen):
        gives(b, (F32, ["N", 3]))
        if k == depth:
            return b.op("Sum", *seen)
        mine = b.op("Mul", seen[-1], scalar(b, 0.5 + k, np.float32))
        bit = b.squeeze(b.slice(bits, [k], [k + 1], [0]), [0])
        return branches(b, bit, then=lambda c: level(c, k + 1, [*seen, mine]),
                        **{"else": lambda c: gives(c, (F32, ["N", 3])).op(
                            "Sub", mine, seen[k // 2])})

    g.output("y", level(g, 0, [x]), F32, ["N", 3])
    return g.save(str(path), "if_nested")


def steps_if_nested(rng):
    for i, n in enumerate((*SIZES, 0)):
        bits = np.arange(10) < 10 - i if i < 8 else np.zeros(10, bool)
        yield {"x": vector(rng, n, 3), "bits": bits}


# Loop.

def loop_trips(path):
    """A trip count from an input, a condition that may end it early, a carried
    sum and the totals on the way as a scan output. (Scalars: of rows of N
    elements ONNX Runtime forgets N where there is no trip.)"""
    g = Graph(15)
    x = g.input("x", F32, ["N"])
    trips, limit = g.input("trips", I64, []), g.input("limit", I64, [])
    start = g.input("start", BOOL, [])

    def body(b, trip, values):
        following = b.op("Add", values[0], b.op("Cast", trip, to=F32))
        return b.op("Less", trip, limit), [following], [total(b, following)]

    y, scan = loop(g, trips, start, [(x, F32, ["N"])], body, [(F32, [])])
    g.output("y", y, F32, ["N"])
    g.output("scan", scan, F32, [None])
    return g.save(str(path), "loop_trips")


def steps_loop_trips(rng):
    for n, trips, limit, start in ((1, 3, 99, True), (7, 0, 9, True), (3, 12, 5, True),
                                   (64, 31, 99, True), (5, 9, 9, False), (0, 4, 9, True),
                                   (13, 1, -1, True), (200, 17, 16, True)):
        yield {"x": vector(rng, n), "trips": np.array(trips), "limit": np.array(limit),
               "start": np.array(start)}


def loop_while(path):
    """No trip count: a while loop that doubles until a bound is passed."""
    g = Graph(15)
    x, bound = g.input("x", F32, ["N"]), g.input("bound", F32, [])

    def body(b, trip, values):
        following = b.op("Mul", values[0], scalar(b, 2, np.float32))
        size = b.op("ReduceMax", b.op("Abs", following), keepdims=0)
        return b.op("Less", size, bound), [following], []

    y = loop(g, "", yes(g), [(x, F32, ["N"])], body)
    g.output("y", y, F32, ["N"])
    return g.save(str(path), "loop_while")


def steps_loop_while(rng):
    for i, n in enumerate(SIZES):
        yield {"x": vector(rng, n) + np.float32(2), "bound": np.array(4.0 ** i, np.float32)}


def loop_append(path):
    """A carried value that grows in every trip, as a list of results does."""
    g = Graph(15)
    x, trips = g.input("x", F32, ["N", 2]), g.input("trips", I64, [])

    def body(b, trip, values):
        row = b.op("ReduceMean", values[0], axes=[0], keepdims=1)
        row = b.op("Add", row, b.op("Cast", trip, to=F32))
        return yes(b), [b.op("Concat", values[0], row, axis=0)], []

    y = loop(g, trips, "", [(x, F32, [None, 2])], body)
    g.output("y", g.op("Mul", y, scalar(g, 0.5, np.float32)), F32, [None, 2])
    return g.save(str(path), "loop_append")


def steps_loop_append(rng):
    for n, trips in ((1, 1), (7, 0), (2, 13), (64, 31), (5, 5), (3, 100), (13, 2), (1, 7)):
        yield {"x": vector(rng, n, 2), "trips": np.array(trips)}


def loop_square(path):
    """As many trips as the slices have elements: all distances of points."""
    g = Graph(15)
    x = g.input("x", F32, ["N"])

    def body(b, trip, values):
        return yes(b), [], [b.op("Abs", b.op("Sub", x, b.op("Gather", x, trip, axis=0)))]

    y = loop(g, g.dim(x, 0), "", [], body, [(F32, ["N"])])
    g.output("y", y, F32, ["N", "N"])
    return g.save(str(path), "loop_square")


def steps_loop_square(rng):
    for n in (*SIZES, 0):
        yield {"x": vector(rng, n)}


def loop_shrink(path):
    """A carried value that loses its first row until one is left."""
    g = Graph(15)
    x = g.input("x", F32, ["N"])

    def body(b, trip, values):
        count = b.dim(values[0], 0)
        following = b.slice(values[0], [1], b.unsqueeze(count, [0]), [0])
        following = b.op("Add", following, scalar(b, 1, np.float32))
        return b.op("Greater", count, scalar(b, 2)), [following], [total(b, following)]

    again = g.op("Greater", g.dim(x, 0), scalar(g, 1))
    y, sums = loop(g, "", again, [(x, F32, [None])], body, [(F32, [])])
    g.output("y", y, F32, [None])
    g.output("sums", sums, F32, [None])
    return g.save(str(path), "loop_shrink")


def steps_loop_shrink(rng):
    for n in SIZES:
        yield {"x": vector(rng, n)}


def loop_nested(path):
    """Loops in a loop with an If inside: the inner trip count is the outer
    counter, inner and outer rows are scanned, outer values are captured."""
    g = Graph(15)
    x, trips = g.input("x", F32, ["N"]), g.input("trips", I64, [])

    def inner(b, outer, value):
        def body(c, trip, values):
            odd = c.op("Equal", c.op("Mod", trip, scalar(c, 2)), scalar(c, 1))
            following = branches(
                c, odd,
                then=lambda d: gives(d, (F32, ["N"])).op("Sub", values[0], x),
                **{"else": lambda d: gives(d, (F32, ["N"])).op("Add", values[0], value)})
            return yes(c), [following], [total(c, following)]
        return loop(b, outer, "", [(value, F32, ["N"])], body, [(F32, [])])

    def outer(b, trip, values):
        following, sums = inner(b, trip, values[0])
        following = b.op("Tanh", following)
        return yes(b), [following], [following, b.op("ReduceSum", sums, keepdims=0)]

    y, rows, sums = loop(g, trips, "", [(x, F32, ["N"])], outer, [(F32, ["N"]), (F32, [])])
    g.output("y", y, F32, ["N"])
    g.output("rows", rows, F32, [None, "N"])
    g.output("sums", sums, F32, [None])
    return g.save(str(path), "loop_nested")


def steps_loop_nested(rng):
    for n, trips in ((1, 1), (7, 3), (2, 13), (64, 7), (5, 5), (3, 19), (13, 2), (0, 3)):
        yield {"x": vector(rng, n), "trips": np.array(trips)}


def loop_in_if(path):
    """Which rows are positive decides the trip count; only one branch loops."""
    g = Graph(15)
    x = g.input("x", F32, ["N"])
    positive = g.op("Greater", x, scalar(g, 0, np.float32))
    found = g.op("NonZero", positive)
    count = g.dim(found, 1)

    def collect(b):
        gives(b, (F32, [None, "N"]))

        def body(c, trip, values):
            at = c.op("Gather", found, trip, axis=1)
            value = c.op("Gather", x, at, axis=0)
            following = c.op("Add", values[0], value)
            return yes(c), [following], [following]

        return loop(b, count, "", [(x, F32, ["N"])], body, [(F32, ["N"])])[1]

    y = branches(g, g.op("Greater", count, scalar(g, 2)), then=collect,
                 **{"else": lambda b: gives(b, (F32, [None, "N"])).unsqueeze(x, [0])})
    g.output("y", y, F32, [None, "N"])
    return g.save(str(path), "loop_in_if")


def steps_loop_in_if(rng):
    for n in (*SIZES, 3, 4):
        yield {"x": vector(rng, n)}


# Extents without the elements.

def if_only_extents(path):
    """What NonZero, an If and a Loop define is read by Shape alone."""
    g = Graph(15)
    x, test = g.input("x", F32, ["N"]), g.input("test", BOOL, [])
    count = g.dim(g.op("NonZero", g.op("Greater", x, scalar(g, 0, np.float32))), 1)
    either = branches(g, test,
                      then=lambda b: gives(b, (F32, [None])).op("Concat", x, x, axis=0),
                      **{"else": lambda b: gives(b, (F32, [None])).slice(x, [0], [1], [0])})

    def body(b, trip, values):
        return yes(b), [b.op("Concat", values[0], x, axis=0)], []

    grown = loop(g, count, "", [(x, F32, [None])], body)
    g.output("counts", g.shape_of(count, g.dim(either, 0), g.dim(grown, 0)), I64, [3])
    return g.save(str(path), "if_only_extents")


def steps_if_only_extents(rng):
    for i, n in enumerate((*SIZES, 0)):
        yield {"x": vector(rng, n), "test": np.array(i % 2 == 0)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (if_shapes, steps_if_shapes), (if_nested, steps_if_nested),
    (loop_trips, steps_loop_trips), (loop_while, steps_loop_while),
    (loop_append, steps_loop_append), (loop_square, steps_loop_square),
    (loop_shrink, steps_loop_shrink), (loop_nested, steps_loop_nested),
    (loop_in_if, steps_loop_in_if), (if_only_extents, steps_if_only_extents))}
