"""Images whose channels are joined: those of detectors, segmentation and classifiers, in
blocks of a vector and not, read elsewhere too, in branches and loops, and twice.

Each row is (make, steps).
"""

import numpy as np

from builder import BOOL, F32, I64, Graph
from control_flow import branches, gives, loop, yes
from forms import floats
from joined_images import IMAGE, Filters


def pooled(g, x, size):
    return g.op("MaxPool", x, kernel_shape=[size] * 2, pads=[size // 2] * 4)


def joined(g, *parts):
    return g.op("Concat", *parts, axis=1)


def joined_channels(path):
    """A pyramid of pools, a squeezed block, a U, a dense block, halves
    that are joined again; 16, 24, 40 and 5 channels."""
    g = Graph(17)
    filters = Filters(g)

    def conv(x, into, of, size=3):
        return g.op("Relu", filters(g, x, into, of, size))

    pools = [conv(g.input("x", F32, ["N", 3, "H", "W"]), 16, 3)]
    for _ in range(3):
        pools.append(pooled(g, pools[-1], 5))
    small = conv(conv(joined(g, *pools), 32, 64, 1), 16, 32, 1)
    skip = conv(joined(g, conv(small, 24, 16, 1), conv(small, 40, 16)), 16, 64)
    deep = conv(pooled(g, skip, 3), 16, 16)
    u = conv(joined(g, conv(deep, 32, 16), skip), 16, 48)
    dense = u
    for channels in (16, 32, 48):
        dense = joined(g, dense, conv(dense, 16, channels))
    left, right = g.op("Split", conv(u, 32, 16), outputs=2, axis=1)
    parts = joined(g, left, right, g.op("Add", conv(right, 16, 16), right))
    odd = joined(g, conv(u, 16, 16, 1), conv(u, 5, 16))
    twice = joined(g, skip, g.op("Sigmoid", skip), g.op("Tanh", u))
    mean = conv(g.op("GlobalAveragePool", twice), 4, 48, 1)
    g.output("dense", filters(g, dense, 4, 64), *IMAGE)
    g.output("parts", filters(g, parts, 3, 48), *IMAGE)
    g.output("odd", filters(g, odd, 3, 21), *IMAGE)
    g.output("twice", g.op("Mul", filters(g, twice, 4, 48), mean), *IMAGE)
    return g.save(str(path), "joined_channels")


def steps_joined_channels(rng):
    for n, h, w in ((1, 5, 7), (2, 16, 9), (1, 1, 1), (3, 31, 33), (0, 4, 4), (1, 97, 64),
                    (1, 32, 32), (5, 2, 3)):
        yield {"x": floats(rng, n, 3, h, w)}


def joined_in_regions(path):
    """What a branch and the body of a loop join: of values from outside and of their own."""
    g = Graph(17)
    filters = Filters(g)
    x, trips = g.input("x", F32, ["N", 3, "H", "W"]), g.input("trips", I64, [])
    test = g.input("test", BOOL, [])
    y = g.op("Relu", filters(g, x, 16, 3))

    def both(b, first, second):
        return filters(b, joined(b, b.op("Relu", first), b.op("Tanh", second)), 16, 32, 1)

    z = branches(
        g, test, then=lambda b: gives(b, IMAGE) and both(b, filters(b, y, 16, 16), y),
        **{"else": lambda b: gives(b, IMAGE) and both(b, y, filters(b, y, 16, 16, 1))})

    def step(b, trip, values):
        return yes(b), [both(b, values[0], filters(b, values[0], 16, 16))], []

    state = loop(g, trips, "", [(g.op("Relu", z), *IMAGE)], step)
    g.output("y", filters(g, joined(g, state, y), 3, 32), *IMAGE)
    return g.save(str(path), "joined_in_regions")


def steps_joined_in_regions(rng):
    for n, h, w, trips in ((1, 5, 7, 3), (2, 8, 9, 1), (1, 1, 1, 0), (1, 31, 33, 4),
                           (0, 3, 3, 2), (1, 64, 48, 2), (3, 2, 5, 5), (1, 16, 16, 1)):
        for test in (True, False):
            yield {"x": floats(rng, n, 3, h, w), "trips": np.array(trips),
                   "test": np.array(test)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (joined_channels, steps_joined_channels), (joined_in_regions, steps_joined_in_regions))}
