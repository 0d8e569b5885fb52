"""The parameters of the WDSR-A network with its paths: names, shapes, first values.

A path: x - 0.5 -> head 3x3 (3 -> 32) -> B x [expand 3x3 (32 -> 64), ReLU,
project 3x3 (64 -> 32), + input] -> tail 3x3 (32 -> 3 s^2); + skip 5x5
(3 -> 3 s^2) of x - 0.5; PixelShuffle(s); + 0.5. Filters are (out, in, ky, kx).

A path may read a halo: h pixels on each side of its patch. Its first h 3x3
convolutions then pad nothing and lose a pixel on each side; those behind them pad
zeros. With h = reach(path) none is left that does.
"""

from dataclasses import dataclass

import numpy as np

UNITS = 32
# Blocks of the path of class 0, 1, ... of a network of which nothing else is said; a
# network of K classes has the first K.
BLOCKS = {"shallow": 2, "deep": 4, "deeper": 6, "deepest": 8}


@dataclass(frozen=True)
class Design:
    """Blocks of the path of each class, and channels between them; a block widens these
    to twice as many."""

    blocks: tuple[int, ...] = (2, 4)
    units: int = UNITS

    @property
    def paths(self):
        """The names of the paths, by class."""
        return list(BLOCKS)[:len(self.blocks)]

    def blocks_of(self, path):
        return self.blocks[self.paths.index(path)]

    def reach(self, path):
        return reach(self.blocks_of(path))

    def layers(self, path, scale):
        """{name: shape of the filters} of a path, in the order of its convolutions."""
        out, units, wide = 3 * scale * scale, self.units, 2 * self.units
        result = {"head": (units, 3, 3, 3)}
        for i in range(self.blocks_of(path)):
            result[f"body{i}.expand"] = (wide, units, 3, 3)
            result[f"body{i}.project"] = (units, wide, 3, 3)
        return result | {"tail": (out, units, 3, 3), "skip": (out, 3, 5, 5)}


def design(classes=2):
    """What a network of so many classes is, where nothing else is asked for."""
    return Design(tuple(BLOCKS.values())[:classes])


def design_of(parameters):
    """The design that parameters are of."""
    names = [n for n in BLOCKS if f"{n}.head.weight" in parameters]
    units = len(parameters[f"{names[0]}.head.weight"]) if names else UNITS
    return Design(tuple(blocks_of(parameters, n) for n in names), units)


def blocks_of(parameters, path):
    return sum(f"{path}.body{i}.expand.weight" in parameters for i in range(len(parameters)))


def radius(parameters, layer):
    """How far a layer's filters reach: 0 for those of single pixels."""
    return parameters[f"{layer}.weight"].shape[-1] // 2


def narrowing(parameters, block):
    """The layers of a block behind its widest: in WDSR-B one of single pixels comes first."""
    is_b = f"{block}.linear.weight" in parameters
    return ["linear", "project"] if is_b else ["project"]


def reach(blocks):
    """How far a pixel of a path's result sees: its 3x3 convolutions in a row."""
    return 2 * blocks + 2


def shapes(scale, design=Design()):
    """Name -> shape of every parameter of all paths, in a fixed order: the
    hardest class first."""
    result = {}
    for path in reversed(design.paths):
        for name, shape in design.layers(path, scale).items():
            result[f"{path}.{name}.weight"] = shape
            result[f"{path}.{name}.bias"] = shape[:1]
    return result


def count(scale, design=Design()):
    return sum(int(np.prod(s)) for s in shapes(scale, design).values())


def random(scale, seed, design=Design()):
    """He-scaled weights and small biases, for tests: nothing cancels and nothing
    is zero, so that a wrong kernel shows; the last layers are scaled down, or
    clipping to 0..1 would hide it again."""
    rng = np.random.default_rng(seed)
    gain = {"tail": 0.05, "skip": 0.35}
    result = {}
    for name, shape in shapes(scale, design).items():
        if len(shape) == 1:
            result[name] = rng.normal(0, 0.02, shape).astype(np.float32)
        else:
            factor = np.float32(gain.get(name.split(".")[-2], 1))
            result[name] = _he(rng, shape) * factor
    return result


def initial(scale, seed, design=Design()):
    """The start of training: the skip convolution is bicubic interpolation
    already, and the deep branch adds next to nothing to it."""
    rng = np.random.default_rng(seed)
    gain = {"tail": 0.02, "project": 0.5}
    result = {}
    for name, shape in shapes(scale, design).items():
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


def continued(first, other):
    """The parameters `first`, with those of `other` in the same place. A path takes that of
    `other` with as many blocks, or the nearest fewer: blocks that this lacks then add
    nothing, so that the path begins as the other one ends. What has another shape stays."""
    old, result = design_of(other), dict(first)
    for path in design_of(first).paths:
        blocks = blocks_of(first, path)
        fitting = [name for name in old.paths if old.blocks_of(name) <= blocks]
        if not fitting or old.units != design_of(first).units:
            continue
        source = max(fitting, key=old.blocks_of)
        for name in [n for n in first if n.startswith(f"{path}.")]:
            value = other.get(source + name[len(path):])
            if value is not None and value.shape == first[name].shape:
                result[name] = value
            elif value is None and ".project." in name:
                result[name] = np.zeros_like(first[name])
    return result


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
    found, classes = design_of(values), int(facts.get("classes", 2))
    if len(found.blocks) != classes:
        raise ValueError(f"{path}: has {len(found.blocks)} paths, expects {classes}")
    expected = shapes(int(facts["scale"]), found)
    wrong = [n for n, s in expected.items() if n not in values or values[n].shape != s]
    if wrong:
        raise ValueError(f"{path}: missing or misshapen parameters: {wrong}")
    return {n: values[n] for n in expected}, facts
