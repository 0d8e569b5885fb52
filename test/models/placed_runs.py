"""Slots that lie over each other: the same bits, an arena that is touched from end to
end, and no memory beyond what was reserved, at any shape."""

import contextlib
import ctypes
import resource

import numpy as np

import dycc
from bad_inputs import case, check
from builder import F32, Graph
from memory_runs import Counting

PATTERN = 0xA5
LINE = 64  # Bytes that are looked at together.


class Patterned(Counting):
    """Memory that shows which of it was written."""

    def allocate(self, count, alignment):
        start = super().allocate(count, alignment)
        ctypes.memset(start, PATTERN, count)
        self.largest = max(getattr(self, "largest", (0, 0)), (count, start))
        return start

    def touched(self):
        """Bytes of the largest block in lines that were written to."""
        count, start = self.largest
        block = np.frombuffer(ctypes.string_at(start, count), np.uint8)
        lines = block[:count - count % LINE].reshape(-1, LINE)
        return LINE * int((lines != PATTERN).any(axis=1).sum())


def mixed(file):
    """What is live at a time has N * N, 4 * N * W or N * W elements: which is more
    depends on the shape."""
    g = Graph(18)
    x = g.input("x", F32, ["N", "W"])
    wide = g.op("Softmax", g.op("Concat", x, g.op("Neg", x), x, g.op("Abs", x), axis=1))
    scale = g.op("ReduceMax", wide, g.constant([1]), keepdims=1)
    rows = g.op("Softmax", g.op("Mul", x, scale))
    columns = g.op("Softmax", g.op("Sub", x, scale), axis=0)
    for _ in range(2):
        scores = g.op("Softmax", g.op("MatMul", rows, g.op("Transpose", columns,
                                                           perm=[1, 0])))
        mixed = g.op("MatMul", scores, columns)
        again = g.op("Softmax", g.op("Concat", mixed, rows, axis=1))
        rows, columns = g.op("Split", again, axis=1, num_outputs=2, outputs=2)
        columns = g.op("Add", columns, g.op("Softmax", rows, axis=0))
    g.output("y", g.op("Add", rows, columns), F32, ["N", "W"])
    return g.save(file, "mixed")


@contextlib.contextmanager
def placed_and_in_a_row(env, **options):
    file = mixed(str(env.folder / "model.onnx"))
    placed = env.compile(file).rename(env.folder / "placed.so")
    row = env.compile(file, "--disable", "place")
    with dycc.load(placed, **options) as a, dycc.load(row, **options) as b:
        yield a, b


SHAPES = ((1, 1), (0, 5), (1, 300), (300, 1), (31, 33), (128, 256), (256, 64), (64, 64))


@case
def placements_change_no_bit(env):
    """On two threads, at shapes where one or the other kind of value is larger."""
    rng = np.random.default_rng(5)
    with placed_and_in_a_row(env, threads=2) as (a, b):
        saved = 0
        for n, w in SHAPES:
            feed = [rng.random((n, w), np.float32)]
            check(a(*feed).tobytes() == b(*feed).tobytes(), f"differs at {n}x{w}")
            placed, row = (m.peak(m.bind(feed)).arena_bytes for m in (a, b))
            check(placed <= row, f"more memory at {n}x{w}: {placed}, in a row {row}")
            saved += placed < row
        check(saved >= 4, f"memory is saved at {saved} shapes")


@case
def arena_is_touched_from_end_to_end(env):
    """The peak is what runs write to, to the percent, and nothing beyond."""
    file = mixed(str(env.folder / "model.onnx"))
    library = env.compile(file)
    for n, w in ((128, 256), (256, 64), (400, 400)):
        memory = Patterned()
        with dycc.load(library, threads=1, allocator=memory) as model:
            feed = [np.random.default_rng(n).random((n, w), np.float32)]
            arena = model.peak(model.bind(feed)).arena_bytes
            model.run(feed)
            check(memory.largest[0] == arena, f"took {memory.largest[0]} bytes, said {arena}")
            touched = memory.touched()
            check(touched >= 0.99 * arena, f"{n}x{w}: {touched} bytes of {arena} touched")


@case
def random_shapes_stay_in_what_is_reserved(env):
    """10,000 shapes: no call of the allocator, so that no arena is larger than was
    reserved, and memory that does not grow."""
    counter, rng = Counting(), np.random.default_rng(9)
    library = env.compile(mixed(str(env.folder / "model.onnx")))
    with dycc.load(library, threads=2, allocator=counter) as model:
        model.reserve(N=(0, 48), W=(1, 48))
        feeds = [rng.random((n, w), np.float32) for n in (0, 1, 7, 48) for w in (1, 48)]
        for feed in feeds:
            model(feed)
        before, most = counter.calls, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        data = rng.random(48 * 48, np.float32)
        for _ in range(10_000):
            n, w = int(rng.integers(0, 49)), int(rng.integers(1, 49))
            model.run([data[:n * w].reshape(n, w)])
        check(counter.calls == before, f"{counter.calls - before} calls of the allocator")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most
        check(grown < 4096, f"grew by {grown} KiB")
