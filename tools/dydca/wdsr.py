"""A path of the network as a graph: WDSR on patches, and the way of pixels in and
out of it. Parameters are as in network.py; blocks with a layer `linear` are those of WDSR-B."""

import numpy as np

import network
from builder import F32, U8

ALL = np.iinfo(np.int64).max


def cropped(g, x, margin):
    """x [N,c,h,w] without so many pixels on each side."""
    return g.slice(x, [margin] * 2, [-margin] * 2, [2, 3]) if margin else x


class Convolutions:
    """Those of a path on x f32[N,3,h + 2 halo,w + 2 halo]: the first `halo` of the
    3 x 3 ones pad nothing, the others pad zeros. Those of single pixels need neither."""

    def __init__(self, g, p, name, halo):
        self.g, self.p, self.name, self.left = g, p, name, halo

    def conv(self, x, layer, radius, pad):
        g, key = self.g, f"{self.name}.{layer}"
        return g.op("Conv", x, g.weight(f"{key}.weight", self.p[f"{key}.weight"]),
                    g.weight(f"{key}.bias", self.p[f"{key}.bias"]), pads=[pad] * 4,
                    kernel_shape=[2 * radius + 1] * 2)

    def layer(self, x, layer):
        radius = network.radius(self.p, f"{self.name}.{layer}")
        inside = min(self.left, radius)
        self.left -= inside
        return self.conv(x, layer, radius, radius - inside)

    def block(self, x, block):
        before = self.left
        wide = self.g.op("Relu", self.layer(x, f"{block}.expand"))
        for name in network.narrowing(self.p, f"{self.name}.{block}"):
            wide = self.layer(wide, f"{block}.{name}")
        return self.g.op("Add", wide, cropped(self.g, x, before - self.left))

    def skip(self, x, halo):
        """5 x 5, over what is left of a halo of 2 or more."""
        inside = halo >= 2
        return self.conv(cropped(self.g, x, halo - 2 * inside), "skip", 2, 0 if inside else 2)


def path(g, p, name, x, scale, halo=0):
    """One path on x in 0..1; the result [N,3,sh,sw] has no halo."""
    half = g.constant(0.5, np.float32)
    x = g.op("Sub", x, half)
    layers = Convolutions(g, p, name, halo)
    y = layers.layer(x, "head")
    for i in range(network.blocks_of(p, name)):
        y = layers.block(y, f"body{i}")
    y = g.op("Add", layers.layer(y, "tail"), layers.skip(x, halo))
    y = g.op("DepthToSpace", y, blocksize=scale, mode="CRD")
    return g.op("Add", y, half)


def unit(g, frame):
    return g.op("Div", g.op("Cast", frame, to=F32), g.constant(255, np.float32))


def to_u8(g, image):
    image = g.op("Clip", image, g.constant(0, np.float32), g.constant(1, np.float32))
    image = g.op("Round", g.op("Mul", image, g.constant(255, np.float32)))
    return g.op("Cast", image, to=U8)
