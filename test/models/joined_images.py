"""Images that branches give and loops carry: of channels that are no multiple of a
vector's, of extents and channels that the taken branch decides, that change from trip to
trip, and that nothing bounds.

Each row is (make, steps).
"""

import numpy as np

from builder import BOOL, F32, I64, Graph
from control_flow import branches, gives, loop, scalar, total, yes
from forms import floats

IMAGE = (F32, [None, None, None, None])


class Filters:
    """Convolutions of a model and of its branches, with weights of their own."""

    def __init__(self, top):
        self.top, self.rng, self.count = top, np.random.default_rng(1), 0

    def __call__(self, g, x, into, of, size=3, stride=1):
        self.count += 1
        weight = floats(self.rng, into, of, size, size) / (of * size)
        return g.op("Conv", x, self.top.weight(f"weight{self.count}", weight),
                    kernel_shape=[size] * 2, strides=[stride] * 2, pads=[size // 2] * 4)


def gated_images(path):
    """Skipped blocks, one in another; branches of other extents, of other channels, and
    one that is a constant."""
    g = Graph(17)
    conv = Filters(g)
    x, tests = g.input("x", F32, ["N", 3, "H", "W"]), g.input("tests", BOOL, [5])

    def either(b, number, then, other):
        test = b.squeeze(b.slice(tests, [number], [number + 1], [0]), [0])
        return branches(b, test, then=lambda c: then(gives(c, IMAGE)),
                        **{"else": lambda c: other(gives(c, IMAGE))})

    def block(b, v):
        return b.op("Add", conv(b, b.op("Relu", conv(b, v, 12, 12)), 12, 12, 1), v)

    y = g.op("Relu", conv(g, x, 12, 3))
    y = g.op("Relu", either(g, 0, lambda b: block(b, y), lambda b: b.op("Identity", y)))
    before = y
    y = either(g, 1, lambda b: either(b, 2, lambda c: block(c, before),
                                      lambda c: conv(c, before, 12, 12)),
               lambda b: b.op("Identity", before))
    g.output("gated", y, *IMAGE)
    y = g.op("Relu", y)
    small = either(g, 3, lambda b: b.op("MaxPool", y, kernel_shape=[2, 2], strides=[2, 2],
                                        ceil_mode=1),
                   lambda b: conv(b, y, 12, 12, 1, stride=3))
    g.output("small", g.op("Relu", conv(g, small, 7, 12)), *IMAGE)
    wide = either(g, 4, lambda b: conv(b, y, 20, 12), lambda b: conv(b, y, 5, 12))
    g.output("wide", g.op("Sigmoid", g.op("Mul", wide, wide)), *IMAGE)
    colour = g.constant(floats(conv.rng, 1, 12, 1, 1), np.float32)
    filled = either(g, 0, lambda b: conv(b, small, 12, 12), lambda b: b.op("Identity", colour))
    g.output("filled", g.op("Add", g.op("Neg", filled), colour), *IMAGE)
    return g.save(str(path), "gated_images")


def steps_gated_images(rng):
    sizes = ((1, 5, 7), (2, 16, 9), (1, 1, 1), (3, 31, 33), (0, 4, 4), (1, 97, 64))
    for i, (n, h, w) in enumerate(sizes):
        for mask in ((7 * i + 21) % 32, (11 * i + 10) % 32):
            yield {"x": floats(rng, n, 3, h, w),
                   "tests": np.array([bool(mask >> k & 1) for k in range(5)])}


def carried_images(path):
    """The state of a recurrent network, from zeros on, with a branch in its body; an image
    that is a row higher after each trip."""
    g = Graph(17)
    conv = Filters(g)
    x, trips = g.input("x", F32, ["N", 3, "H", "W"]), g.input("trips", I64, [])
    y = g.op("Relu", conv(g, x, 12, 3))
    zeros = g.op("ConstantOfShape", g.op("Shape", y))

    def step(b, trip, values):
        odd = b.op("Equal", b.op("Mod", trip, scalar(b, 2)), scalar(b, 1))
        state = b.op("Tanh", b.op("Add", conv(b, values[0], 12, 12), y))
        following = branches(
            b, odd, then=lambda c: gives(c, IMAGE).op("Mul", conv(c, state, 12, 12, 1), state),
            **{"else": lambda c: gives(c, IMAGE).op("Identity", state)})
        return yes(b), [following], [total(b, following)]

    state, sums = loop(g, trips, "", [(zeros, *IMAGE)], step, [(F32, [])])
    g.output("state", g.op("Relu", state), *IMAGE)
    g.output("sums", sums, F32, [None])

    def grow(b, trip, values):
        row = b.op("Sigmoid", b.op("ReduceMean", values[0], axes=[2], keepdims=1))
        return yes(b), [b.op("Concat", conv(b, values[0], 12, 12), row, axis=2)], []

    higher = loop(g, trips, "", [(y, F32, [None, 12, None, None])], grow)
    g.output("higher", conv(g, higher, 4, 12), *IMAGE)
    return g.save(str(path), "carried_images")


def steps_carried_images(rng):
    for n, h, w, trips in ((1, 5, 7, 3), (2, 8, 9, 1), (1, 1, 1, 0), (1, 31, 33, 6),
                           (3, 2, 5, 11), (0, 3, 3, 2), (1, 64, 48, 2)):
        yield {"x": floats(rng, n, 3, h, w), "trips": np.array(trips)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (gated_images, steps_gated_images), (carried_images, steps_carried_images))}
