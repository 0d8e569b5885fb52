"""Kernels that run for some rows at a time, small: patches that indices name, those that
a mask finds, a batch of a declared size. Rows are large, so that a chunk has few of them.

Each row is a graph with symbolic dims and the shapes at which it runs.
"""

import numpy as np

from builder import BOOL, F32, I64, Graph
from control_flow import vector

WIDE = 64
COUNTS = (0, 1, 2, 5, 7, 11, 23, 3)


def conv(g, x, name, into, of, size, seed):
    rng = np.random.default_rng(seed)
    shape = (into, of, size, size)
    weight = rng.normal(0, np.sqrt(1 / np.prod(shape[1:])), shape).astype(np.float32)
    bias = rng.normal(0, 0.1, into).astype(np.float32)
    return g.op("Conv", x, g.weight(f"{name}.weight", weight), g.weight(f"{name}.bias", bias),
                pads=[size // 2] * 4, kernel_shape=[size] * 2)


def block(g, x, channels):
    """A residual block whose middle is wide."""
    wide = g.op("Relu", conv(g, x, "expand", WIDE, channels, 3, 1))
    return g.op("Add", conv(g, wide, "project", channels, WIDE, 3, 2), x)


def chunk_patches(path):
    """Patches that indices name, each at another size of them."""
    g = Graph(17)
    images, names = g.input("images", F32, ["R", 3, "H", "W"]), g.input("names", I64, ["K"])
    picked = g.op("Gather", images, names, axis=0)
    y = block(g, conv(g, picked, "head", 16, 3, 3, 3), 16)
    y = g.op("DepthToSpace", conv(g, y, "tail", 12, 16, 3, 4), blocksize=2, mode="CRD")
    g.output("y", g.op("Clip", y, g.constant(-1, np.float32), g.constant(1, np.float32)), F32,
             ["K", 3, "H2", "W2"])
    return g.save(str(path), "chunk_patches")


def steps_patches(rng):
    for count, (high, wide) in zip(COUNTS, ((40, 48), (97, 61), (33, 40), (64, 64), (31, 37),
                                            (50, 20), (24, 32), (1, 1))):
        yield {"images": vector(rng, 5, 3, high, wide), "names": rng.integers(0, 5, count)}


def chunk_of_found(path):
    """How many rows there are the run finds out."""
    g = Graph(17)
    images, mask = g.input("images", F32, ["R", 3, 40, 40]), g.input("mask", BOOL, ["R"])
    found = g.squeeze(g.op("NonZero", mask), [0])
    y = block(g, g.op("Gather", images, found, axis=0), 3)
    g.output("y", g.op("Softmax", y, axis=-1), F32, ["K", 3, 40, 40])
    g.output("means", g.op("GlobalAveragePool", y), F32, ["K", 3, 1, 1])
    return g.save(str(path), "chunk_of_found")


def steps_found(rng):
    for count in COUNTS:
        rows = 29 - count % 6
        mask = np.zeros(rows, bool)
        mask[rng.permutation(rows)[:count]] = True
        yield {"images": vector(rng, rows, 3, 40, 40), "mask": mask}


def chunk_batch(path):
    """A batch of a declared size: products, softmax, transposes, joined heads, a sum."""
    g = Graph(17)
    x = g.input("x", F32, ["N", "S", 16])
    rng = np.random.default_rng(7)
    up = g.weight("up", rng.normal(0, 0.2, (16, 256)).astype(np.float32))
    down = g.weight("down", rng.normal(0, 0.1, (256, 16)).astype(np.float32))
    wide = g.op("Softmax", g.op("MatMul", x, up), axis=1)
    turned = g.op("Transpose", g.op("Transpose", wide, perm=[0, 2, 1]), perm=[0, 2, 1])
    both = g.op("Concat", g.op("Tanh", turned), g.op("Sin", wide), axis=1)
    narrow = g.op("MatMul", both, down)
    g.output("y", g.op("ReduceMean", narrow, axes=[1], keepdims=1), F32, ["N", 1, 16])
    return g.save(str(path), "chunk_batch")


def steps_batch(rng):
    for count, length in zip(COUNTS, (100, 301, 640, 512, 97, 1, 700, 1000)):
        yield {"x": vector(rng, count, length, 16)}


ROWS = {"chunk_patches": (chunk_patches, steps_patches),
        "chunk_of_found": (chunk_of_found, steps_found),
        "chunk_batch": (chunk_batch, steps_batch, "--dim", "N=0..64")}
