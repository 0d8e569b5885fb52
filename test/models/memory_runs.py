"""What runs take from the context's allocator, and what happens without."""

import contextlib
import ctypes

import numpy as np

import dycc
import growing
from bad_inputs import case, check, refused
from builder import F32, I64, Graph


class Counting:
    """A dycc.Allocator that counts its calls."""

    def __init__(self):
        self.calls, self.blocks = 0, {}

    def allocate(self, count, alignment):
        self.calls += 1
        memory = ctypes.create_string_buffer(count + alignment)
        start = -(-ctypes.addressof(memory) // alignment) * alignment
        self.blocks[start] = memory
        return start

    def release(self, start, *_):
        del self.blocks[start]


def loaded(env, file, counter=None, **options):
    return dycc.load(env.compile(file), threads=1, allocator=counter, **options)


@case
def no_allocation_after_reserve(env):
    """Kernels, runtime operators with scratch and results of counts."""
    g = Graph()
    x = g.input("x", F32, ["N", 3])
    boxes, scores = g.input("boxes", F32, [1, "K", 4]), g.input("scores", F32, [1, 2, "K"])
    chosen = g.op("NonMaxSuppression", boxes, scores, g.constant([5]),
                  g.constant([0.5], np.float32))
    kinds = g.op("Unique", g.op("Round", g.op("Sin", x)))
    g.output("chosen", chosen, I64, [None, 3])
    g.output("rows", g.op("NonZero", g.op("Relu", x)), I64, [2, None])
    g.output("kinds", g.op("Exp", kinds), F32, [None])
    counter = Counting()
    with loaded(env, g.save(str(env.folder / "model.onnx"), "model"), counter) as model:
        model.reserve(N=(0, 40), K=(0, 50))
        before = counter.calls
        for n, k in ((40, 50), (7, 3), (0, 1), (39, 49)):
            rows = np.arange(k, dtype=np.float32)
            corners = np.stack([rows, rows, rows + 1.5, rows + 1.5], 1)[None]
            model.run([np.arange(n * 3, dtype=np.float32).reshape(n, 3), corners,
                       np.stack([rows, -rows])[None]])
        check(counter.calls == before,
              f"{counter.calls - before} calls of the allocator after reserve")
    check(not counter.blocks, "the context keeps memory after its end")


def growing_feeds():
    for name, (_, steps) in growing.MAKERS.items():
        yield name, list(steps(lambda feed: feed))


@case
def steady_state_does_not_allocate(env):
    """Results that nothing bounds: the same runs again find their memory."""
    for name, feeds in growing_feeds():
        file = growing.MAKERS[name][0](str(env.folder / f"{name}.onnx"))
        counter = Counting()
        with loaded(env, file, counter) as model:
            peak = model.peak(model.bind(feeds[0]))
            check(peak.unbounded > 0 and not peak.exact, f"{name}: no unbounded result")
            for _ in range(4):
                for feed in feeds:
                    model.run(feed)
            before = counter.calls
            for feed in feeds:
                model.run(feed)
            check(counter.calls == before,
                  f"{name}: {counter.calls - before} calls of the allocator")
        check(not counter.blocks, f"{name}: the context keeps memory after its end")


@case
def heap_limit(env):
    """A limit of the memory beyond the arena ends the run at a node."""
    g = Graph()
    count = g.input("count", I64, [])
    numbers = g.op("Range", g.constant(0), count, g.constant(1))
    g.nodes[-1].name = "numbers_mid"
    g.output("y", g.op("Neg", g.op("Concat", numbers, numbers, axis=0)), I64, [None])
    file = g.save(str(env.folder / "model.onnx"), "model")
    with loaded(env, file, heap_limit=100_000) as model:
        refused(model, [np.array(10**6)], "DYCC_OUT_OF_MEMORY", "numbers_mid",
                "of at most 100000 bytes")
        result = model(np.array(100))
        check(np.array_equal(result, -np.tile(np.arange(100), 2)), "a wrong result")


IN_PLACE = {np.float32: ("Abs", "Sqrt", "Sin"), np.float64: ("Abs", "Sqrt", "Neg"),
            np.float16: ("Abs", "Sqrt", "Sin"), np.int8: ("Neg", "Abs", "Neg"),
            np.int64: ("Neg", "Abs", "Neg"), np.uint8: ("BitwiseNot",) * 3,
            np.bool_: ("Not",) * 3}


def chains(file):
    """In each type element-wise groups one after the other; residuals behind a
    convolution and a product; a scatter."""
    from onnx import helper

    g = Graph(18)
    for element, operators in IN_PLACE.items():
        name = np.dtype(element).name
        code = helper.np_dtype_to_tensor_dtype(np.dtype(element))
        value = g.input(name, code, ["N", "W"])
        for operator in operators:
            value = g.op(operator, value)
        g.output(name + "_out", value, code, ["N", "W"])
    x = g.input("x", F32, ["N", "W"])
    rng = np.random.default_rng(1)
    image = g.op("Unsqueeze", x, g.constant([0, 1]))
    weights = g.constant(rng.random((4, 1, 3, 3)), np.float32)
    sides = [g.op("Conv", image, weights, pads=[1, 1, 1, 1]) for _ in range(2)]
    mix = g.constant(rng.random((4, 4, 3, 3)), np.float32)
    joined = g.op("Add", g.op("Conv", g.op("Relu", sides[0]), mix, pads=[1, 1, 1, 1]),
                  g.op("Sigmoid", sides[1]))
    g.output("image", joined, F32, [1, 4, "N", "W"])
    square = g.op("MatMul", x, g.op("Transpose", x, perm=[1, 0]))
    g.output("square", g.op("Add", g.op("MatMul", g.op("Tanh", square), square),
                            g.op("Exp", g.op("Neg", square))), F32, ["N", "N"])
    rows = g.input("rows", I64, ["K", 1])
    updates = g.input("updates", F32, ["K", "W"])
    g.output("scattered", g.op("ScatterND", g.op("Cos", x), rows, updates), F32,
             ["N", "W"])
    return g.save(file, "chains")


def chain_feed(rng, rows, columns):
    feed = {np.dtype(t).name: (rng.random((rows, columns)) * 100).astype(t)
            for t in IN_PLACE}
    picked = np.arange(rows // 2, dtype=np.int64)[:, None]
    return [*feed.values(), rng.random((rows, columns), np.float32), picked,
            rng.random((rows // 2, columns), np.float32)]


@contextlib.contextmanager
def over_and_beside(env, file):
    """The model with results over operands, and without; a kernel per operator
    and two threads in both."""
    flags = ("--disable", "fuse")
    over = env.compile(file, *flags).rename(env.folder / "over.so")
    beside = env.compile(file, *flags, "--disable", "in-place")
    with dycc.load(over, threads=2) as a, dycc.load(beside, threads=2) as b:
        yield a, b


@case
def in_place_changes_no_bit(env):
    """Results over their operands are those beside them, in each type, with two
    threads, at sizes that leave rests behind vectors and strips."""
    file = chains(str(env.folder / "model.onnx"))
    rng = np.random.default_rng(7)
    with over_and_beside(env, file) as (a, b):
        for rows, columns in ((1, 1), (0, 5), (3, 7), (31, 33), (129, 257)):
            feed = chain_feed(rng, rows, columns)
            arenas = [m.peak(m.bind(feed)).arena_bytes for m in (a, b)]
            check(rows < 31 or arenas[0] < arenas[1], f"no smaller arena: {arenas}")
            for left, right in zip(a(*feed), b(*feed)):
                check(left.tobytes() == right.tobytes(), f"differs at {rows}x{columns}")


def pieces(file):
    """Parts at constant, symbolic and data-decided places; joins as an output,
    in the middle, and in a branch; a part of a join; a join of a join."""
    from onnx import helper

    g = Graph(18)
    x, at = g.input("x", F32, ["N", 5]), g.input("at", I64, [1])
    top, rest = g.op("Split", x, g.op("Concat", g.constant([2]), g.op(
        "Sub", g.op("Shape", x, end=1), g.constant([2])), axis=0), axis=0, outputs=2)
    tail = g.op("Slice", x, at, g.constant([2**40]), g.constant([0]))
    joined = g.op("Concat", g.op("Sqrt", top), g.op("Neg", rest), g.op("Exp", top),
                  axis=0)
    g.output("joined", joined, F32, [None, 5])
    again = g.op("Concat", g.op("Abs", joined), g.op("Tanh", tail), g.op("Neg", joined),
                 axis=0)
    g.output("again", g.op("Slice", again, g.constant([3]), g.constant([-1]),
                           g.constant([0])), F32, [None, 5])
    row = g.op("Unsqueeze", tail, g.constant([0]))
    branch = g.branch()
    both = branch.op("Concat", branch.op("Cos", row), branch.op("Sin", row), axis=1)
    other = g.branch()
    single = other.op("Neg", row)
    for graph, value in ((branch, both), (other, single)):
        graph.outputs.append(helper.make_tensor_value_info(value, F32, None))
    chosen = g.op("If", g.op("Greater", g.op("ReduceSum", at, keepdims=0),
                             g.constant(1)),
                  then_branch=branch.graph("then"), else_branch=other.graph("else"))
    g.output("chosen", g.op("Relu", chosen), F32, [1, None, 5])
    return g.save(file, "pieces")


def pieces_of(x, at):
    top, rest, tail = x[:2], x[2:], x[at[0]:]
    joined = np.concatenate([np.sqrt(top), -rest, np.exp(top)])
    again = np.concatenate([np.abs(joined), np.tanh(tail), -joined])[3:-1]
    chosen = np.concatenate([np.cos(tail), np.sin(tail)]) if at[0] > 1 else -tail
    return joined, again, np.maximum(chosen, 0)[None]


@case
def parts_and_joins_lie_right(env):
    """Split, Slice and Concat without copies give what NumPy gives."""
    file = pieces(str(env.folder / "model.onnx"))
    rng = np.random.default_rng(3)
    with over_and_beside(env, file) as models:
        for rows, at in ((2, 0), (3, 1), (7, 2), (7, -2), (64, 40), (301, 5)):
            feed = [rng.random((rows, 5), np.float32), np.array([at])]
            for model in models:
                for got, want in zip(model(*feed), pieces_of(*feed)):
                    check(got.shape == want.shape and np.allclose(got, want, 1e-5, 1e-6),
                          f"differs at {rows} rows from {at}")
