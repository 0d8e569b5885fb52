"""The single kernels of the benchmark, as models with symbolic extents.

A convolution is timed as the difference between a long and a short chain of
them, per convolution: so neither side pays for the layout of the model's edge,
which a network pays once.
"""

from dataclasses import dataclass

import numpy as np

import engines  # noqa: F401  (for the import paths)
from builder import F32, Graph
from transformer import Layers

CHAIN = 6  # More convolutions in the long chain than in the short one.


@dataclass
class Kernel:
    name: str
    make: callable      # (path, length) -> path
    feeds: list         # one per size: (label, feed, multiply-adds per kernel)
    chained: bool = False
    goal: float = 0.0   # Part of the FMA peak that is asked for; 0: none.


def weights(g, name, *shape):
    fan_in = np.prod(shape[1:])
    rng = np.random.default_rng(len(name))
    value = rng.standard_normal(shape, np.float32) * np.float32(fan_in**-0.5)
    return g.weight(name, value)


def conv_chain(channels, depthwise):
    def make(path, length):
        g = Graph()
        x = g.input("x", F32, [1, channels, "H", "W"])
        group = channels if depthwise else 1
        for i in range(length):
            w = weights(g, f"w{i}", channels, channels // group, 3, 3)
            b = weights(g, f"b{i}", channels)
            x = g.op("Conv", x, w, b, pads=[1] * 4, kernel_shape=[3, 3], group=group)
        g.output("y", x, F32, [1, channels, "H", "W"])
        return g.save(path, "conv")
    return make


def image(channels, size, per_pixel):
    feed = {"x": np.random.default_rng(0).random((1, channels, *size), np.float32)}
    return f"{size[0]}x{size[1]}", feed, size[0] * size[1] * per_pixel


def gemm(path, _):
    g = Graph()
    x = g.input("x", F32, ["M", 768])
    g.output("y", g.op("MatMul", x, weights(g, "w", 768, 768)), F32, ["M", 768])
    return g.save(path, "gemm")


def scores(path, _):
    """Queries by keys, as attention has them."""
    g = Graph()
    q, k = (g.input(name, F32, [12, "M", 64]) for name in ("q", "k"))
    y = g.op("MatMul", q, g.op("Transpose", k, perm=[0, 2, 1]))
    g.output("y", y, F32, [12, "M", "M"])
    return g.save(path, "scores")


def product(path, _):
    g = Graph()
    a, b = g.input("a", F32, ["B", "M", "K"]), g.input("b", F32, ["B", "K", "N"])
    g.output("y", g.op("MatMul", a, b), F32, ["B", "M", "N"])
    return g.save(path, "product")


def layer_norm(path, _):
    g = Graph()
    x = g.input("x", F32, ["M", 768])
    g.output("y", Layers(g, 768, 12, 0).norm(x, "norm"), F32, ["M", 768])
    return g.save(path, "layer_norm")


def gelu(path, _):
    g = Graph()
    x = g.input("x", F32, ["M", 3072])
    g.output("y", Layers(g, 3072, 12, 0).gelu_erf(x), F32, ["M", 3072])
    return g.save(path, "gelu")


def softmax(path, _):
    g = Graph()
    x = g.input("x", F32, ["B", "M", "K"])
    g.output("y", g.op("Softmax", x, axis=-1), F32, ["B", "M", "K"])
    return g.save(path, "softmax")


def random(*shape):
    return np.random.default_rng(0).standard_normal(shape, np.float32)


def rows(*shape, work=0):
    return "x".join(map(str, shape)), {"x": random(*shape)}, work


def heads(m):
    """Queries and keys of 12 heads."""
    feed = {n: random(12, m, 64) for n in ("q", "k")}
    return f"12x{m}x64x{m}", feed, 12 * m * m * 64


def sides(batch, m, k, n):
    feed = {"a": random(batch, m, k), "b": random(batch, k, n)}
    return f"{batch}x{m}x{k}x{n}", feed, batch * m * k * n


def all_kernels():
    dense, depthwise = conv_chain(32, False), conv_chain(64, True)
    return [
        Kernel("conv 3x3 32->32", dense, chained=True, goal=0.75,
               feeds=[image(32, s, 32 * 32 * 9) for s in ((270, 480), (271, 477))]),
        Kernel("small images 3x3 32->32", dense, chained=True,
               feeds=[image(32, s, 32 * 32 * 9) for s in ((56, 56), (31, 29), (7, 7))]),
        Kernel("GEMM 768x768", gemm, goal=0.8,
               feeds=[rows(m, 768, work=m * 768 * 768) for m in (384, 130, 33)]),
        Kernel("queries by keys", scores, [heads(m) for m in (384, 131)]),
        Kernel("product of two values", product,
               [sides(12, 384, 64, 384), sides(12, 384, 384, 64),
                sides(3, 131, 77, 93), sides(12, 1, 384, 64)]),
        Kernel("layer norm", layer_norm, [rows(384, 768), rows(131, 768)]),
        Kernel("GELU", gelu, [rows(384, 3072), rows(131, 3072)]),
        Kernel("softmax", softmax, [rows(12, 384, 384), rows(12, 131, 131)]),
        Kernel("depthwise 3x3 64", depthwise, chained=True,
               feeds=[image(64, s, 64 * 9) for s in ((135, 240), (131, 237))]),
    ]
