"""Super-resolution: the forms of Dy-DCA, and the networks that whole frames go
through."""

import functools

import numpy as np

import graphs
import network
from builder import F32, Graph
from suite_parts.exported import graph_of
from suite_parts.recipes import Size, drawn_images, given, images, integers
from suite_parts.registry import FRAMES, PATCHES, Model

PATCH_SIZES = ((4, 3, 24, 32), (1, 3, 24, 32), (2, 3, 54, 48), (1, 3, 69, 7),
               (5, 3, 13, 17), (1, 3, 1, 1))
# Beyond 70 rows form D takes the shallow path.
BOTH_PATHS = ((2, 3, 54, 48), (1, 3, 108, 96), (1, 3, 71, 71), (1, 3, 69, 7),
              (5, 3, 13, 17), (1, 3, 1, 1))


def split(rows, cols, fine, order=None):
    """A frame of rows x cols cells, of which `fine` take the deep path."""
    high, wide = graphs.CELL
    order = np.random.default_rng(0).permutation(rows * cols) if order is None else order
    return Size(f"{rows * high}x{cols * wide}, {fine} of {rows * cols} fine",
                {"frame": integers(0, 256, 1, 3, rows * high, cols * wide, dtype="uint8"),
                 "idx_c": given(order[fine:]), "idx_f": given(order[:fine])})


def drawn_split(rng):
    rows, cols = (int(n) for n in rng.integers(1, 4, 2))
    return split(rows, cols, int(rng.integers(0, rows * cols + 1)),
                 rng.permutation(rows * cols))


def make_form(form, scale, path):
    maker = getattr(graphs, f"make_{form}")
    return maker(path, network.random(scale, seed=7), scale)


def make_deep(scale, path):
    """The deep path alone, on patches."""
    g = Graph(17)
    patch = g.input("patch", F32, ["N", 3, "h", "w"])
    image = graphs.path(g, network.random(scale, seed=7), "deep", patch, scale)
    g.output("image", image, F32, ["N", 3, "sh", "sw"])
    return g.save(path, f"deep_x{scale}")


def make_edsr(path, blocks=16, units=64, scale=2):
    """EDSR baseline: head, residual blocks of two convolutions, tail that shuffles."""
    g, rng = Graph(17), np.random.default_rng(0)
    x = g.input("lr", F32, ["N", 3, "H", "W"])

    def conv(value, outputs, inputs, name, gain=1.0):
        deviation = np.float32(gain * (9 * inputs) ** -0.5)
        weight = rng.standard_normal((outputs, inputs, 3, 3), np.float32) * deviation
        return g.op("Conv", value, g.weight(f"{name}.weight", weight),
                    g.weight(f"{name}.bias", np.zeros(outputs, np.float32)),
                    pads=[1] * 4, kernel_shape=[3, 3])

    head = body = conv(x, units, 3, "head")
    for i in range(blocks):
        inner = g.op("Relu", conv(body, units, units, f"body{i}.0", 2**0.5))
        body = g.op("Add", conv(inner, units, units, f"body{i}.1", 0.3), body)
    body = g.op("Add", conv(body, units, units, "body.last"), head)
    wide = conv(body, units * scale * scale, units, "tail.0")
    wide = g.op("DepthToSpace", wide, blocksize=scale, mode="CRD")
    g.output("hr", conv(wide, 3, units, "tail.1"), F32, ["N", 3, "sH", "sW"])
    return g.save(path, "edsr16")


def models():
    for scale in (2, 4):
        yield Model(f"dydca_a1_x{scale}", FRAMES, functools.partial(make_form, "a1", scale),
                    [split(4, 5, 0), split(4, 5, 8), split(4, 5, 20), split(3, 7, 11),
                     split(1, 1, 1)], drawn_split)
    low = [(1, 120, 160), (1, 97, 131), (2, 48, 32), (1, 7, 13)]
    colour = [(n, 3, h, w) for n, h, w in low]
    drawn = drawn_images("lr", 3, 1, 40, batch=2)
    yield Model("wdsr_b16", FRAMES, graph_of("wdsrb16_full_ts"), images("lr", *colour), drawn)
    yield Model("edsr16", FRAMES, make_edsr, images("lr", *colour), drawn)
    grey = [(1, 1, 270, 480), *((n, 1, h, w) for n, h, w in low[1:]), (1, 1, 1, 1)]
    yield Model("fsrcnn", FRAMES, graph_of("fsrcnn_full_ts"), images("lr", *grey),
                drawn_images("lr", 1, 1, 100, batch=2))
    for scale in (2, 4):
        drawn = drawn_images("patch", 3, 1, 48, batch=4)
        yield Model(f"deep_path_x{scale}", PATCHES, functools.partial(make_deep, scale),
                    images("patch", *PATCH_SIZES), drawn)
        yield Model(f"dydca_d_x{scale}", PATCHES, functools.partial(make_form, "d", scale),
                    images("patch", *BOTH_PATHS), drawn_images("patch", 3, 1, 90, batch=2))
