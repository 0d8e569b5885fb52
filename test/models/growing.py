"""Models whose results nothing bounds before they run: trips and extents that
the data decides, scan outputs and carried values that grow, also in loops of
loops and in branches."""

import numpy as np

from builder import BOOL, F32, I64, Graph


def loop(g, count, going, carried, body):
    """A Loop whose body is `body(b, trip, values) -> (again, next, slices)`;
    `carried` are (value, dtype, shape)."""
    b = g.branch()
    trip = b.input(b.fresh("trip"), I64, [])
    b.input(b.fresh("going"), BOOL, [])
    values = [b.input(b.fresh("carried"), t, s) for _, t, s in carried]
    again, following, slices = body(b, trip, values)
    b.output(b.fresh("again"), again or b.constant(True, bool), BOOL, [])
    for value, (_, t, s) in zip(following, carried):
        b.output(b.fresh("next"), value, t, s)
    for value, t, s in slices:
        b.output(b.fresh("slice"), value, t, s)
    result = g.op("Loop", count, going, *(c[0] for c in carried),
                  outputs=len(carried) + len(slices), body=b.graph("body"))
    return (result,) if isinstance(result, str) else result


def below(b, value, limit):
    """Whether the sum of a tensor is below the scalar `limit`."""
    return b.op("Less", b.op("ReduceSum", value, keepdims=0), limit)


def make_scan_open(path):
    """Doubles x while its sum is below `limit`; no trip count. Scans out each
    value and its sum."""
    g = Graph(17)
    x, limit = g.input("x", F32, ["N"]), g.input("limit", F32, [])
    going = g.input("start", BOOL, [])

    def body(b, trip, values):
        value, = values
        twice = b.op("Mul", value, b.constant(2, np.float32))
        return below(b, twice, limit), [twice], [
            (b.op("Neg", twice), F32, ["N"]),
            (b.op("ReduceSum", twice, keepdims=0), F32, [])]

    last, rows, sums = loop(g, "", going, [(x, F32, ["N"])], body)
    g.output("last", last, F32, ["N"])
    # Flat: without a trip ONNX Runtime forgets the extent N of the slices.
    g.output("rows", g.reshape(g.op("Relu", g.op("Neg", rows)), -1), F32, ["R"])
    g.output("sums", sums, F32, ["T"])
    return g.save(path, "scan_open")


def steps_scan_open(step):
    for n, limit, start in ((3, 40, True), (3, 40, True), (1, 1e6, True), (7, -1, True),
                            (5, 100, False), (64, 9000, True), (2, 3, True),
                            (131, 1e7, True), (3, 40, True)):
        yield step({"x": np.linspace(0.5, 1.5, n, dtype=np.float32),
                    "limit": np.array(limit, np.float32), "start": np.array(start)})


def make_concat_carried(path):
    """Each trip appends the first lengths[trip] rows of x to what is carried."""
    g = Graph(17)
    x, lengths = g.input("x", F32, ["N", 3]), g.input("lengths", I64, ["T"])
    shape, rows = ["R", 3], ["S", 3]

    def body(b, trip, values):
        end = b.unsqueeze(b.op("Gather", lengths, trip, axis=0), [0])
        part = b.op("Neg", b.slice(x, [0], end, [0]))
        joined = b.op("Concat", values[0], part, axis=0)
        return None, [joined], [(b.op("ReduceMax", b.op(
            "Concat", joined, b.constant([[0.0] * 3], np.float32), axis=0),
            axes=[0], keepdims=0), F32, [3])]

    joined, tops = loop(g, g.dim(lengths, 0), g.constant(True, bool),
                        [(g.op("Relu", x), F32, shape)], body)
    g.output("joined", joined, F32, rows)
    g.output("tops", tops, F32, ["T", 3])
    g.output("total", g.op("ReduceSum", g.op("Abs", joined), keepdims=0), F32, [])
    return g.save(path, "concat_carried")


def steps_concat_carried(step):
    for n, lengths in ((4, [1, 2, 4]), (4, [1, 2, 4]), (1, []), (9, [0, 0, 0]),
                       (5, [5] * 40), (17, list(range(17))), (2, [1]), (0, [0, 0]),
                       (64, [63, 1, 64] * 9)):
        x = np.cos(np.arange(n * 3, dtype=np.float32)).reshape(n, 3)
        yield step({"x": x, "lengths": np.array(lengths, np.int64)})


def make_nested_growth(path):
    """An outer loop of `outer` trips around an open one, whose scan is scanned
    again (its length is the same each time) and appended, cut to the trip's
    length, to what the outer loop carries."""
    g = Graph(17)
    x = g.input("x", F32, ["N"])
    outer, inner = g.input("outer", I64, []), g.input("inner", I64, [])

    def body(b, trip, values):
        def again(c, at, carried):
            grown = c.op("Add", carried[0], c.constant(0.25, np.float32))
            return (c.op("Less", at, c.op("Sub", inner, c.constant(2))), [grown],
                    [(c.op("Mul", grown, x), F32, ["N"])])

        start = b.op("Greater", inner, b.constant(1))
        _, rows = loop(b, "", start, [(x, F32, ["N"])], again)
        cut = b.slice(rows, [0], b.unsqueeze(trip, [0]), [0])
        return (None, [b.op("Concat", values[0], cut, axis=0)],
                [(rows, F32, ["I", "N"])])

    first = g.unsqueeze(x, [0])
    appended, cube = loop(g, outer, "", [(first, F32, ["R", "N"])], body)
    g.output("appended", appended, F32, ["S", "N"])
    g.output("cube", cube, F32, ["O", "I", "N"])
    g.output("flat", g.op("Tanh", g.reshape(cube, -1)), F32, ["L"])
    return g.save(path, "nested_growth")


def steps_nested_growth(step):
    for n, outer, inner in ((3, 2, 3), (3, 2, 3), (1, 1, 2), (5, 7, 4), (16, 3, 40),
                            (4, 5, 2), (2, 30, 9), (3, 2, 3)):
        yield step({"x": np.linspace(-1, 1, n, dtype=np.float32),
                    "outer": np.array(outer), "inner": np.array(inner)})


def make_branch_growth(path):
    """Carries a value that one branch doubles and the other halves, by a list;
    a branch around the loop yields the result or the input."""
    g = Graph(17)
    x, doubles = g.input("x", F32, ["N"]), g.input("doubles", BOOL, ["T"])
    some = g.op("Greater", g.op("Size", doubles), g.constant(0))

    def body(b, trip, values):
        value, = values
        then, other = b.branch(), b.branch()
        then.output(then.fresh("twice"), then.op(
            "Concat", value, then.op("Neg", value), axis=0), F32, [None])
        half = other.op("Div", other.op("Size", value), other.constant(2))
        other.output(other.fresh("half"), other.slice(
            value, [0], other.unsqueeze(half, [0]), [0]), F32, [None])
        taken = b.op("If", b.op("Gather", doubles, trip, axis=0),
                     then_branch=then.graph("then"), else_branch=other.graph("other"))
        return None, [taken], [(b.op("Size", taken), I64, [])]

    then, other = g.branch(), g.branch()
    value, sizes = loop(then, g.dim(doubles, 0), "", [(x, F32, ["R"])], body)
    then.output(then.fresh("value"), then.op("Add", value, then.constant(
        1, np.float32)), F32, [None])
    then.output(then.fresh("sizes"), sizes, I64, [None])
    other.output(other.fresh("value"), x, F32, [None])
    other.output(other.fresh("sizes"), other.constant([-1]), I64, [None])
    value, sizes = g.op("If", some, outputs=2, then_branch=then.graph("then"),
                        else_branch=other.graph("other"))
    g.output("value", g.op("Mul", value, g.constant(3, np.float32)), F32, ["V"])
    g.output("sizes", sizes, I64, ["S"])
    return g.save(path, "branch_growth")


def steps_branch_growth(step):
    for n, doubles in ((3, "ddhd"), (3, "ddhd"), (5, ""), (1, "hhd"), (7, "dddddddd"),
                       (0, "dd"), (33, "hhhhhhh"), (2, "dhdhdhdhdhdh")):
        yield step({"x": np.arange(n, dtype=np.float32),
                    "doubles": np.array([c == "d" for c in doubles], bool)})


def make_unbounded_chain(path):
    """Operators whose extents the data decides, on results of such extents:
    Range, Tile, NonZero, Compress, Unique, TopK; a Loop once per index."""
    g = Graph(17)
    x, count = g.input("x", F32, ["N"]), g.input("count", I64, [])
    repeats = g.input("repeats", I64, [1])
    wide = g.op("Tile", x, repeats)
    numbers = g.op("Cast", g.op("Range", g.constant(0), count, g.constant(1)), to=F32)
    both = g.op("Sin", g.op("Concat", wide, numbers, axis=0))
    positive = g.op("Greater", both, g.constant(0.2, np.float32))
    index = g.squeeze(g.op("NonZero", positive), [0])
    chosen = g.op("Compress", both, positive, axis=0)
    rounded = g.op("Round", g.op("Mul", chosen, g.constant(8, np.float32)))
    kinds, first, _, counts = g.op("Unique", rounded, outputs=4, sorted=1)
    best, _ = g.op("TopK", kinds, g.op("Min", g.op("Shape", kinds), g.constant([3])),
                   outputs=2, axis=0)

    def body(b, trip, values):
        at = b.op("Gather", index, trip, axis=0)
        part = b.slice(both, [0], b.unsqueeze(at, [0]), [0])
        return None, [b.op("Add", values[0], b.op("ReduceSum", part, keepdims=0))], [
            (b.op("Gather", both, at, axis=0), F32, [])]

    total, seen = loop(g, g.op("Size", index), "",
                       [(g.constant(0, np.float32), F32, [])], body)
    for name, value, kind in (("index", index, I64), ("chosen", chosen, F32),
                              ("kinds", kinds, F32), ("first", first, I64),
                              ("counts", counts, I64), ("best", best, F32),
                              ("seen", seen, F32)):
        g.output(name, value, kind, [None])
    g.output("total", total, F32, [])
    return g.save(path, "unbounded_chain")


def steps_unbounded_chain(step):
    for n, count, repeats in ((3, 4, 2), (3, 4, 2), (1, 0, 1), (5, 100, 1), (0, 7, 9),
                              (4, 1, 0), (31, 3, 30), (2, 1000, 3), (3, 4, 2)):
        yield step({"x": np.linspace(-1, 2, n, dtype=np.float32),
                    "count": np.array(count), "repeats": np.array([repeats])})


MAKERS = {"scan_open": (make_scan_open, steps_scan_open),
          "concat_carried": (make_concat_carried, steps_concat_carried),
          "nested_growth": (make_nested_growth, steps_nested_growth),
          "branch_growth": (make_branch_growth, steps_branch_growth),
          "unbounded_chain": (make_unbounded_chain, steps_unbounded_chain)}
