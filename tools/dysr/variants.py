"""Which networks of a supernet become variants of a family, and their models."""

import math

import wdsr
from builder import U8, Graph
from supernet import PATH, Network, cut

PARTS = 1 / 3, 2 / 3, 1  # Of the wide channels of a block.
CHANNELS = 8  # A multiple of them is no narrower vector than needed.


def candidates(space):
    """Networks of equal blocks, in every depth and a third, two thirds and all of the wide
    channels. Channels between blocks are those of the supernet: filters with fewer inputs are
    no prefix of others, and variants would share nothing."""
    largest = space.largest
    return [Network(largest.width, tuple(
        (max(round(part * wide / CHANNELS) * CHANNELS, 1) if part < 1 else wide, narrow)
        for wide, narrow in largest.blocks[:depth]))
        for depth in space.depths for part in PARTS]


def front(points):
    """Of [(cost, quality, ...)] those that none is cheaper and as good as, by cost."""
    best, kept = -math.inf, []
    for point in sorted(points, key=lambda p: (p[0], -p[1])):
        if point[1] > best:
            kept.append(point)
            best = point[1]
    return kept


def thinned(points, count):
    """At most `count` of a front, the ends among them: of two neighbours that are nearest in
    the ratio of their costs one goes, until few enough are left."""
    kept = list(points)
    while len(kept) > max(count, 2):
        # What leaves the smallest step behind where it was.
        gone = min(range(1, len(kept) - 1), key=lambda i: kept[i + 1][0] / kept[i - 1][0])
        del kept[gone]
    return kept


def write(path, parameters, net, scale):
    """A model: frame u8[1,3,H,W] -> image u8[1,3,sH,sW] of any size."""
    g = Graph()
    x = wdsr.unit(g, g.input("frame", U8, [1, 3, "H", "W"]))
    y = wdsr.path(g, cut(parameters, net, scale), PATH, x, scale)
    g.output("image", wdsr.to_u8(g, y), U8, [1, 3, f"{scale}*H", f"{scale}*W"])
    return g.save(str(path), "net")
