"""Small networks whose graphs are hard for what is in them and not for their
size: a decoder that takes its positions from the attention mask, with caches
that are empty at first, a detector with a pyramid of levels, and convolutions in
groups.
"""

import numpy as np

from builder import F32, I64, Graph
from case import Step
from forms import LAST, floats, length
from transformer import Layers, decoder_layer

LAYERS, HEADS, WIDTH, WORDS, POSITIONS = 12, 2, 16, 50, 128
DEPTH = WIDTH // HEADS


# A decoder.

def positions_of(g, mask, past):
    """Each token's place among those that the mask shows, as exporters of
    GPT-2 write it: a running sum, cut to the new tokens."""
    place = g.op("Sub", g.op("CumSum", mask, g.constant(1)), g.constant(1))
    place = g.op("Where", g.op("Equal", mask, g.constant(0)), g.constant(1), place)
    return g.slice(place, past, [LAST], [1])


def hidden_of(g, mask, past, count):
    """Which scores do not count: later tokens, by a table of which a part is cut
    out, and those that the mask hides."""
    end = g.op("Add", past, count)
    table = g.constant(~np.tri(POSITIONS, dtype=bool)[None, None], bool)
    later = g.slice(g.slice(table, past, end, [2]), [0], end, [3])
    masked = g.op("Equal", g.unsqueeze(mask, [1, 2]), g.constant(0))
    return g.op("Or", later, masked)


def mask_positions(path):
    """12 layers; the mask's length has a name of its own."""
    g = Graph()
    parts = Layers(g, WIDTH, HEADS, seed=3)
    ids, mask = g.input("ids", I64, ["b", "s"]), g.input("mask", I64, ["b", "total"])
    cache = ["b", HEADS, "past", DEPTH]
    past = [[g.input(f"past_{k}{i}", F32, cache) for k in "kv"] for i in range(LAYERS)]
    before, count = length(g, past[0][0], 2), length(g, ids, 1)
    words = g.op("Gather", parts.normal("words", (WORDS, WIDTH), 1), ids, axis=0)
    places = g.op("Gather", parts.normal("positions", (POSITIONS, WIDTH), 0.5),
                  positions_of(g, mask, before), axis=0)
    x, hidden = g.op("Add", words, places), hidden_of(g, mask, before, count)
    present = []
    for i in range(LAYERS):
        x, caches = decoder_layer(parts, x, past[i], hidden, f"layer{i}")
        present.append(caches)
    head = parts.normal("head.weight", (WIDTH, WORDS), WIDTH**-0.5)
    g.output("logits", g.op("MatMul", parts.norm(x, "norm"), head), F32, ["b", "s", WORDS])
    for i, pair in enumerate(present):
        for k, value in zip("kv", pair):
            g.output(f"present_{k}{i}", value, F32, ["b", HEADS, "end", DEPTH])
    return g.save(str(path), "mask_positions")


def steps_mask_positions(rng):
    names = [f"past_{k}{i}" for i in range(LAYERS) for k in "kv"]
    for batch, counts in ((1, (5, 1, 1, 7)), (3, (2, 1)), (2, (31, 1, 13))):
        total = 0
        for i, count in enumerate(counts):
            total += count
            mask = np.ones((batch, total), np.int64)
            mask[1:, 0] = 0  # Padded on the left, as batches are.
            empty = np.zeros((batch, HEADS, 0, DEPTH), np.float32)
            feed = {"ids": rng.integers(0, WORDS, (batch, count)), "mask": mask,
                    **dict.fromkeys(names, empty)}
            yield Step(f"batch {batch} tokens {count} of {total}", feed,
                       {n: at + 1 for at, n in enumerate(names)} if i else {})


def stacked_cache(path):
    """One layer whose keys and values lie in one tensor, empty at first."""
    g = Graph()
    new = g.input("new", F32, ["b", "s", 8])
    past = g.input("past", F32, [2, "b", "p", 8])
    parts = [g.op("Concat", g.op("Gather", past, g.constant(i), axis=0), new, axis=1)
             for i in range(2)]
    scores = g.op("MatMul", new, g.op("Transpose", parts[0], perm=[0, 2, 1]))
    seen = g.op("MatMul", g.op("Softmax", scores, axis=-1), parts[1])
    g.output("seen", g.op("Add", new, seen), F32, ["b", "s", 8])
    both = g.op("Concat", *(g.unsqueeze(p, [0]) for p in parts), axis=0)
    g.output("present", both, F32, [2, "b", "e", 8])
    return g.save(str(path), "stacked_cache")


def steps_stacked_cache(rng):
    for batch, counts in ((1, (1, 1, 5)), (3, (7, 1, 31)), (2, (64, 1)), (0, (3,))):
        for i, count in enumerate(counts):
            yield Step(f"batch {batch} rows {count} call {i}",
                       {"new": floats(rng, batch, count, 8),
                        "past": np.zeros((2, batch, 0, 8), np.float32)},
                       {"past": 1} if i else {})


# A detector.

LEVELS, CHANNELS, BEST = 5, 4, 20


def pyramid_levels(g, image, rng):
    """Halved again and again, then each level joined with the coarser one,
    which is resized to its extents."""
    def conv(x, name, inputs, **attributes):
        weight = g.weight(name, floats(rng, CHANNELS, inputs, 3, 3) / 3)
        return g.op("Conv", x, weight, pads=[1] * 4, **attributes)

    levels, x = [], image
    for i in range(LEVELS):
        x = g.op("Relu", conv(x, f"down{i}", CHANNELS if i else 3, strides=[2, 2]))
        levels.append(x)
    joined = [levels.pop()]
    for i, finer in enumerate(reversed(levels)):
        shape = g.op("Concat", g.slice(g.op("Shape", joined[-1]), [0], [2], [0]),
                     g.slice(g.op("Shape", finer), [2], [4], [0]), axis=0)
        grown = g.op("Resize", joined[-1], "", "", shape, mode="nearest",
                     coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        joined.append(conv(g.op("Add", finer, grown), f"out{i}", CHANNELS))
    return joined


def grid_of(g, level, stride):
    """The middles of a level's cells in pixels, as (cells, 2)."""
    axes = []
    for axis in (2, 3):
        count = g.op("Cast", g.dim(level, axis), to=F32)
        at = g.op("Range", g.constant(0, np.float32), count, g.constant(1, np.float32))
        axes.append(g.op("Mul", g.op("Add", at, g.constant(0.5, np.float32)),
                         g.constant(stride, np.float32)))
    shape = g.shape_of(g.dim(level, 2), g.dim(level, 3))
    rows = g.op("Expand", g.unsqueeze(axes[0], [1]), shape)
    columns = g.op("Expand", g.unsqueeze(axes[1], [0]), shape)
    flat = [g.reshape(v, -1, 1) for v in (rows, columns)]
    return g.op("Concat", *flat, axis=1)


def pyramid(path):
    """The best cells of every level, 20 of each at most, in one list."""
    g, rng = Graph(), np.random.default_rng(11)
    image = g.input("image", F32, [1, 3, "h", "w"])
    weight = g.weight("score", floats(rng, 1, CHANNELS, 1, 1))
    scores, places = [], []
    for i, level in enumerate(pyramid_levels(g, image, rng)):
        flat = g.reshape(g.op("Conv", level, weight), -1)
        count = g.op("Min", g.op("Shape", flat), g.constant([BEST]))
        best, at = g.op("TopK", flat, count, outputs=2, axis=0)
        scores.append(g.op("Sigmoid", best))
        places.append(g.op("Gather", grid_of(g, level, 2.0**(LEVELS - i)), at, axis=0))
    g.output("scores", g.op("Concat", *scores, axis=0), F32, ["k"])
    g.output("places", g.op("Concat", *places, axis=0), F32, ["k", 2])
    return g.save(str(path), "pyramid")


def steps_pyramid(rng):
    for h, w in ((64, 64), (1, 1), (97, 131), (7, 200), (31, 33), (160, 96), (13, 2),
                 (127, 61)):
        yield {"image": floats(rng, 1, 3, h, w)}


# Groups of channels.

def grouped_channels(path):
    """Convolutions in groups that fill no vectors, with a shuffle between them."""
    g, rng = Graph(), np.random.default_rng(9)

    def conv(x, out, groups, taps, name, **window):
        w = g.weight(name, floats(rng, out, 10, taps, taps) / taps)
        b = g.weight(name + "_bias", floats(rng, out))
        return g.op("Conv", x, w, b, group=groups, pads=[taps // 2] * 4, **window)

    x = g.input("x", F32, ["n", 40, "h", "w"])
    first = g.op("Relu", conv(x, 80, 4, 1, "first"))
    y = g.op("Transpose", g.reshape(first, 0, 4, 20, -1), perm=[0, 2, 1, 3])
    y = g.op("Reshape", y, g.op("Shape", first))
    y = conv(y, 104, 8, 3, "second", strides=[2, 1])
    g.output("y", g.op("Sigmoid", y), F32, ["n", 104, "p", "q"])
    return g.save(str(path), "grouped_channels")


def steps_grouped_channels(rng):
    for n, h, w in ((1, 14, 14), (2, 1, 1), (1, 31, 29), (5, 7, 7), (3, 2, 64), (1, 65, 3),
                    (1, 13, 200), (2, 28, 28)):
        yield {"x": floats(rng, n, 40, h, w)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (mask_positions, steps_mask_positions), (stacked_cache, steps_stacked_cache),
    (pyramid, steps_pyramid), (grouped_channels, steps_grouped_channels))}
