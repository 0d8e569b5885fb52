"""Images that go strip by strip: chains of convolutions with what leads around them, in
forms that a strip's edges can break.

Each row is a graph with symbolic dims and the shapes at which it runs: heights of a row or
two, primes, around a multiple of a strip's height, several images.
"""

import numpy as np

from builder import F32, Graph
from control_flow import vector

# Around the height from which on images are cut, and multiples of strips.
SHAPES = ((1, 1, 9), (1, 2, 31), (1, 63, 16), (1, 64, 8), (1, 65, 16), (1, 97, 12),
          (1, 131, 24), (2, 193, 10), (3, 40, 40), (1, 301, 9), (0, 170, 8), (2, 256, 5))


def conv(g, x, into, of, size, seed, **more):
    rng = np.random.default_rng(seed)
    shape = (into, of, size, size)
    weight = rng.normal(0, np.sqrt(1 / np.prod(shape[1:])), shape).astype(np.float32)
    bias = rng.normal(0, 0.1, into).astype(np.float32)
    more = {"pads": [size // 2] * 4, "kernel_shape": [size] * 2} | more
    return g.op("Conv", x, g.weight(f"w{seed}", weight), g.weight(f"b{seed}", bias), **more)


def residual(path, scale=2, blocks=3, units=16):
    """Head, blocks with a sum around each and around all, a tail that shuffles, and a
    convolution of the image that is added to it: EDSR and WDSR, small."""
    g = Graph(17)
    x = g.op("Sub", g.input("x", F32, ["N", 3, "H", "W"]), g.constant(0.4, np.float32))
    y = head = conv(g, x, units, 3, 3, 1)
    for i in range(blocks):
        inner = g.op("Relu", conv(g, y, 2 * units, units, 3, 10 + i))
        y = g.op("Add", conv(g, inner, units, 2 * units, 3, 20 + i), y)
    y = g.op("Add", y, head)
    parts = 3 * scale * scale
    y = g.op("Add", conv(g, y, parts, units, 3, 2), conv(g, x, parts, 3, 5, 3))
    g.output("y", g.op("DepthToSpace", y, blocksize=scale, mode="CRD"), F32,
             ["N", 3, "sH", "sW"])
    return g.save(str(path), "strips_residual")


def shuffled(path):
    """Convolutions of what a shuffle has made larger, and a single channel."""
    g = Graph(17)
    x = g.input("x", F32, ["N", 1, "H", "W"])
    y = g.op("Relu", conv(g, x, 32, 1, 5, 1))
    y = g.op("Relu", conv(g, y, 32, 32, 3, 2))
    y = g.op("DepthToSpace", y, blocksize=2, mode="DCR")
    y = g.op("Sigmoid", conv(g, y, 8, 8, 3, 3))
    g.output("y", conv(g, y, 1, 8, 3, 4), F32, ["N", 1, "sH", "sW"])
    return g.save(str(path), "strips_shuffled")


def uneven(path):
    """Filters that are dilated, not square, per channel; edges that are not padded, or more
    than a filter reads; columns that are cut; a value that is read behind the chain."""
    g = Graph(17)
    x = g.input("x", F32, ["N", 2, "H", "W"])
    y = g.op("Relu", conv(g, x, 32, 2, 3, 1, dilations=[2, 1], pads=[2, 1, 2, 1]))
    y = conv(g, y, 32, 1, 3, 2, group=32)
    y = g.op("Concat", g.op("Relu", conv(g, y, 16, 32, 1, 3)), conv(g, y, 16, 32, 3, 4), axis=1)
    y = g.op("Tanh", conv(g, y, 24, 32, 3, 5, pads=[2, 2, 2, 2]))
    y = conv(g, y, 16, 24, 3, 6, pads=[0, 1, 0, 1])
    z = conv(g, g.op("Relu", y), 16, 16, 3, 7)
    g.output("z", conv(g, z, 2, 16, 3, 8), F32, ["N", 2, "H", "V"])
    g.output("mean", g.op("GlobalAveragePool", y), F32, ["N", 16, 1, 1])
    return g.save(str(path), "strips_uneven")


def transposed(path):
    """A transposed convolution at the end, whose phases are cut: FSRCNN, small."""
    g = Graph(17)
    x = g.input("x", F32, ["N", 1, "H", "W"])
    y = g.op("Relu", conv(g, x, 28, 1, 5, 1))
    y = g.op("Relu", conv(g, y, 12, 28, 1, 2))
    for i in range(3):
        y = g.op("Relu", conv(g, y, 12, 12, 3, 3 + i))
    y = g.op("Relu", conv(g, y, 28, 12, 1, 6))
    weight = np.random.default_rng(7).normal(0, 0.05, (28, 1, 9, 9)).astype(np.float32)
    y = g.op("ConvTranspose", y, g.weight("w7", weight), strides=[3, 3], pads=[4] * 4,
             output_padding=[2, 2], kernel_shape=[9, 9])
    g.output("y", y, F32, ["N", 1, "sH", "sW"])
    return g.save(str(path), "strips_transposed")


def steps(channels):
    def given(rng):
        for count, high, wide in SHAPES:
            yield {"x": vector(rng, count, channels, high, wide)}
    return given


ROWS = {"strips_residual": (residual, steps(3)), "strips_shuffled": (shuffled, steps(1)),
        "strips_uneven": (uneven, steps(2)), "strips_transposed": (transposed, steps(1))}
