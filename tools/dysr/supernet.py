"""The supernet of DySR, and the networks that are cut from it: WDSR-B in any depth and width.

A network: x - 0.5 -> head 3x3 (3 -> width) -> B x [expand 1x1 (width -> wide), ReLU, linear
1x1 (wide -> narrow), project 3x3 (narrow -> width), + input] -> tail 3x3 (width -> 3 s^2);
+ skip 5x5 (3 -> 3 s^2) of x - 0.5; PixelShuffle(s); + 0.5. All networks share the
parameters of the largest: a layer has the first channels of its filters, a network the first
blocks. So what one of them has in training, each larger one has too.

Parameters are as in tools/dydca/network.py, of one path. Nothing here needs JAX.
"""

from dataclasses import dataclass

import numpy as np

import network
from failure import DydcaError

PATH = "net"
EXPANSION, NARROWING = 6, 20 / 24  # Of a block of WDSR-B, of its width.


@dataclass(frozen=True)
class Network:
    """Channels between blocks, and of each block (wide, narrow). It has what network.py and
    cost.py ask a design."""

    width: int
    blocks: tuple[tuple[int, int], ...]

    paths = (PATH,)

    @property
    def name(self):
        """As "w24_144x20_72x20"; of equal blocks "w24_2_144x20", their number first."""
        each = [f"{wide}x{narrow}" for wide, narrow in self.blocks]
        if len(set(each)) == 1:
            each = [str(len(each)), each[0]]
        return "_".join([f"w{self.width}", *each])

    def layers(self, path, scale):
        """{name: shape of the filters} in the order of the convolutions."""
        width, out = self.width, 3 * scale * scale
        result = {"head": (width, 3, 3, 3)}
        for i, (wide, narrow) in enumerate(self.blocks):
            result[f"body{i}.expand"] = (wide, width, 1, 1)
            result[f"body{i}.linear"] = (narrow, wide, 1, 1)
            result[f"body{i}.project"] = (width, narrow, 3, 3)
        return result | {"tail": (out, width, 3, 3), "skip": (out, 3, 5, 5)}

    def first(self, count):
        """The network of the first blocks."""
        return Network(self.width, self.blocks[:count])


def uniform(width, count, wide=None, narrow=None):
    """A network of equal blocks, by default in the proportions of WDSR-B."""
    wide = wide or EXPANSION * width
    return Network(width, ((wide, narrow or max(round(NARROWING * width), 1)),) * count)


LARGEST = uniform(24, 8)
SMALLEST = Network(12, ((24, 8),))


def contains(large, small):
    """Whether `small` is cut from `large`."""
    return (small.width <= large.width and 0 < len(small.blocks) <= len(large.blocks)
            and all(a <= b for mine, theirs in zip(small.blocks, large.blocks)
                    for a, b in zip(mine, theirs)))


def cut(parameters, net, scale):
    """The parameters of a network of the supernet: the first channels of each layer."""
    result = {}
    for name, (out, inputs, *_) in net.layers(PATH, scale).items():
        weight, bias = (f"{PATH}.{name}.{kind}" for kind in ("weight", "bias"))
        result[weight] = np.ascontiguousarray(parameters[weight][:out, :inputs])
        result[bias] = parameters[bias][:out]
    return result


def network_of(parameters):
    """The network that parameters are of."""
    def channels(layer):
        return len(parameters[f"{PATH}.{layer}.weight"])

    return Network(channels("head"), tuple(
        (channels(f"body{i}.expand"), channels(f"body{i}.linear"))
        for i in range(network.blocks_of(parameters, PATH))))


def save(file, parameters, **facts):
    """In 16 bits, which costs no hundredth of a dB and halves the file."""
    network.save(file, {k: v.astype(np.float16) for k, v in parameters.items()}, **facts)


def load(path):
    """(parameters f32, facts) of a saved supernet."""
    try:
        with np.load(path) as file:
            values = dict(file)
        facts = {k[5:]: v.item() for k, v in values.items() if k.startswith("fact.")}
        net, scale = network_of(values), int(facts["scale"])
        parameters = {k: values[k].astype(np.float32) for k in network.shapes(scale, net)}
        wrong = [k for k, shape in network.shapes(scale, net).items()
                 if parameters[k].shape != shape]
    except (OSError, ValueError, KeyError) as error:
        raise DydcaError(f"{path}: no weights of a supernet: {error}") from None
    if wrong:
        raise DydcaError(f"{path}: misshapen parameters: {', '.join(wrong)}")
    return parameters, facts
