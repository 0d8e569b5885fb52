"""Operators that read an image where other tensors say, and determinants, against ONNX
Runtime.

Each row is (make, steps).
"""

import numpy as np

from builder import F32, Graph
from forms import floats


def displaced(g, x, weight, name, *, mask=True, bias=True, filters=6, **window):
    """A DeformConv with offsets, and a mask and a bias where asked for, of its own."""
    offset = g.input(f"{name}_offset", F32, ["N", f"{name}_O", f"{name}_P", f"{name}_Q"])
    operands = [x, weight, offset, "", ""]
    if bias:
        operands[3] = g.weight(f"{name}_bias", floats(np.random.default_rng(2), filters))
    if mask:
        operands[4] = g.input(f"{name}_mask", F32,
                              ["N", f"{name}_M", f"{name}_P", f"{name}_Q"])
    y = g.op("DeformConv", *operands, **window)
    g.output(name, y, F32, ["N", filters, f"{name}_P", f"{name}_Q"])


WINDOWS = {
    "plain": {"mask": False, "bias": False},
    "grouped": {"group": 2, "offset_group": 4, "pads": [1, 0, 2, 1], "strides": [2, 1],
                "dilations": [1, 2], "filters": 6},
    "held": {"pads": [1, 1, 1, 1], "mask": True, "bias": False},
}


def displaced_taps(path):
    """Constant filters and one that is an input, of symbolic extents."""
    g = Graph(opset=19)
    rng = np.random.default_rng(1)
    x = g.input("x", F32, ["N", 8, "H", "W"])
    for name, window in WINDOWS.items():
        if name == "held":
            weight = g.input("weight", F32, [6, 8, "KH", "KW"])
        else:
            weight = g.weight(f"{name}_weight", floats(rng, 6, 8 // window.get("group", 1), 3, 2))
        displaced(g, x, weight, name, **window)
    return g.save(str(path), "displaced_taps")


def places(extents, kernel, pads=(0, 0, 0, 0), strides=(1, 1), dilations=(1, 1), **_):
    return [(extents[i] + pads[i] + pads[i + 2] - dilations[i] * (kernel[i] - 1) - 1)
            // strides[i] + 1 for i in range(2)]


def steps_displaced_taps(rng):
    for n, extents, held in ((1, (5, 5), (3, 3)), (2, (9, 7), (1, 2)), (0, (5, 6), (3, 3)),
                             (3, (7, 31), (2, 3)), (1, (3, 3), (1, 1)), (1, (64, 13), (5, 1))):
        feed = {"x": floats(rng, n, 8, *extents), "weight": floats(rng, 6, 8, *held)}
        for name, window in WINDOWS.items():
            kernel = held if name == "held" else (3, 2)
            taps = window.get("offset_group", 1) * kernel[0] * kernel[1]
            size = places(extents, kernel, **window)
            # Some taps lie between pixels, some on them, some far outside.
            offset = rng.normal(0, 3, (n, 2 * taps, *size)).astype(np.float32)
            feed[f"{name}_offset"] = np.where(rng.random(offset.shape) < 0.3, np.round(offset),
                                              offset)
            if window.get("mask", True):
                feed[f"{name}_mask"] = floats(rng, n, taps, *size)
        yield feed


def region_maxima(path):
    g = Graph()
    x, regions = g.input("x", F32, ["N", 3, "H", "W"]), g.input("regions", F32, ["R", 5])
    for name, scale, cells in (("whole", 1.0, [3, 2]), ("half", 0.5, [1, 4]),
                               ("third", 0.3, [7, 7])):
        y = g.op("MaxRoiPool", x, regions, pooled_shape=cells, spatial_scale=scale)
        g.output(name, y, F32, ["R", 3, *cells])
    return g.save(str(path), "region_maxima")


def steps_region_maxima(rng):
    """Regions inside, across the edges, beyond them and turned around."""
    for n, size, count in ((1, (1, 1), 1), (2, (9, 17), 30), (3, (31, 5), 7), (1, (64, 48), 13),
                           (2, (5, 5), 0)):
        corners = rng.uniform(-0.5, 2, (count, 4)) * [size[1], size[0], size[1], size[0]]
        corners = np.where(rng.random(corners.shape) < 0.5, np.round(corners * 2) / 2, corners)
        images = rng.integers(0, n, (count, 1))
        yield {"x": floats(rng, n, 3, *size),
               "regions": np.concatenate([images, corners], 1).astype(np.float32)}


def determinants(path):
    g = Graph()
    x = g.input("x", F32, ["N", 2, "n", "n"])
    g.output("y", g.op("Abs", g.op("Det", g.op("Mul", x, x))), F32, ["N", 2])
    return g.save(str(path), "determinants")


def steps_determinants(rng):
    for n, size in ((1, 1), (3, 2), (2, 3), (1, 7), (0, 4), (5, 13), (1, 40)):
        yield {"x": floats(rng, n, 2, size, size)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (displaced_taps, steps_displaced_taps), (region_maxima, steps_region_maxima),
    (determinants, steps_determinants))}
