"""The parameters of the WDSR-A network with its paths: names, shapes, first values.

A path: x - 0.5 -> head 3x3 (3 -> 32) -> B x [expand 3x3 (32 -> 64), ReLU,
project 3x3 (64 -> 32), + input] -> tail 3x3 (32 -> 3 s^2); + skip 5x5
(3 -> 3 s^2) of x - 0.5; PixelShuffle(s); + 0.5. Filters are (out, in, ky, kx).

A path may read a halo: h pixels on each side of its patch. Its first h 3x3
convolutions then pad nothing and lose a pixel on each side; those behind them pad
zeros. With h = reach(path) none is left that does.
"""

import numpy as np

UNITS, WIDE = 32, 64
# Blocks of the path of class 0, 1, ...; a network of K classes has the first K.
BLOCKS = {"shallow": 2, "deep": 4, "deeper": 6, "deepest": 8}


def paths(classes=2):
    """The names of a network's paths, by class."""
    return list(BLOCKS)[:classes]


def reach(path):
    """How far a pixel of a path's result sees: its 3x3 convolutions in a row."""
    return 2 * BLOCKS[path] + 2


def shapes(scale, classes=2):
    """Name -> shape of every parameter of all paths, in a fixed order: the
    hardest class first."""
    out = 3 * scale * scale
    result = {}
    for path in reversed(paths(classes)):
        layers = {"head": (UNITS, 3, 3, 3)}
        for i in range(BLOCKS[path]):
            layers[f"body{i}.expand"] = (WIDE, UNITS, 3, 3)
            layers[f"body{i}.project"] = (UNITS, WIDE, 3, 3)
        layers["tail"] = (out, UNITS, 3, 3)
        layers["skip"] = (out, 3, 5, 5)
        for name, shape in layers.items():
            result[f"{path}.{name}.weight"] = shape
            result[f"{path}.{name}.bias"] = shape[:1]
    return result


def count(scale, classes=2):
    return sum(int(np.prod(s)) for s in shapes(scale, classes).values())


def random(scale, seed, classes=2):
    """He-scaled weights and small biases, for tests: nothing cancels and nothing
    is zero, so that a wrong kernel shows; the last layers are scaled down, or
    clipping to 0..1 would hide it again."""
    rng = np.random.default_rng(seed)
    gain = {"tail": 0.05, "skip": 0.35}
    result = {}
    for name, shape in shapes(scale, classes).items():
        if len(shape) == 1:
            result[name] = rng.normal(0, 0.02, shape).astype(np.float32)
        else:
            factor = np.float32(gain.get(name.split(".")[-2], 1))
            result[name] = _he(rng, shape) * factor
    return result


def initial(scale, seed, classes=2):
    """The start of training: the skip convolution is bicubic interpolation
    already, and the deep branch adds next to nothing to it."""
    rng = np.random.default_rng(seed)
    gain = {"tail": 0.02, "project": 0.5}
    result = {}
    for name, shape in shapes(scale, classes).items():
        layer = name.split(".")[-2]
        if len(shape) == 1:
            result[name] = np.zeros(shape, np.float32)
        elif layer == "skip":
            result[name] = bicubic_filters(scale)
        else:
            result[name] = _he(rng, shape) * np.float32(gain.get(layer, 1))
    return result


def bicubic_filters(scale):
    """5 x 5 filters whose PixelShuffle is the Keys kernel with a = -0.5."""
    phase = (np.arange(scale) + 0.5) / scale - 0.5
    t = np.abs(np.arange(-2, 3)[None, :] - phase[:, None])
    near = 1.5 * t**3 - 2.5 * t**2 + 1
    far = -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    taps = np.where(t <= 1, near, np.where(t < 2, far, 0))
    grid = np.einsum("ay,bx->abyx", taps, taps).reshape(scale * scale, 5, 5)
    filters = np.zeros((3, scale * scale, 3, 5, 5), np.float32)
    for c in range(3):
        filters[c, :, c] = grid
    return filters.reshape(-1, 3, 5, 5)


def _he(rng, shape):
    return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).astype(np.float32)


def save(file, parameters, **facts):
    """`facts` (scale, classes, halo, ...) travel with the weights."""
    extra = {f"fact.{k}": np.asarray(v) for k, v in facts.items()}
    np.savez(file, **parameters, **extra)


def load(path):
    """Parameters and facts of a saved network; says what is missing."""
    with np.load(path) as file:
        values = dict(file)
    facts = {k[5:]: v.item() for k, v in values.items() if k.startswith("fact.")}
    expected = shapes(int(facts["scale"]), int(facts.get("classes", 2)))
    wrong = [n for n, s in expected.items() if n not in values or values[n].shape != s]
    if wrong:
        raise ValueError(f"{path}: missing or misshapen parameters: {wrong}")
    return {n: values[n] for n in expected}, facts
