"""The table of model-level tests: how each model is made and at which shapes
it runs. Small models come first, so that a broken build shows early."""

import numpy as np

import cnns
import growing
import packages
import paths
import transformer
from case import Case, Step, given, step, steps_image, uniform

import chunks  # noqa: E402  (its imports are on the path by `paths`)
import contributed  # noqa: E402
import control_flow  # noqa: E402
import extremes  # noqa: E402
import form_nets  # noqa: E402
import forms  # noqa: E402
import graphs  # noqa: E402
import joined_channels  # noqa: E402
import joined_images  # noqa: E402
import learning  # noqa: E402
import network  # noqa: E402
import pipelines  # noqa: E402
import quantized  # noqa: E402
import quantizer  # noqa: E402
import ranks  # noqa: E402
import regions  # noqa: E402
import scans  # noqa: E402
import sequences  # noqa: E402
import strips  # noqa: E402


# Dy-DCA.

SMALL = (12, 16)  # Cells of the tests; the demo has the real ones.
# Of fewer than 10,000 values 0.01 % is less than one: a single value at a
# rounding tie could not be judged. An image of one such cell has more at x2.
JUDGED = (28, 32)


def frame(rng, rows, cols, cell):
    """Pixels with smooth and rough places."""
    shape = (1, 3, rows * cell[0], cols * cell[1])
    return rng.integers(0, 256, shape, np.uint8)


def split_feed(rng, grid, fine, cell):
    """Form A1: `fine` of the cells are split, in no particular order."""
    count = grid[0] * grid[1]
    order = rng.permutation(count)
    return {"frame": frame(rng, *grid, cell), "idx_c": order[fine:],
            "idx_f": order[:fine]}


GRIDS = (((1, 1), 0), ((1, 1), 1), ((2, 3), 5), ((1, 7), 3), ((3, 1), 0),
         ((4, 5), 20), ((4, 5), 7), ((5, 10), 13), ((11, 13), 17), ((2, 2), 4))


def steps_a1(cell):
    def steps(rng):
        for grid, fine in GRIDS:
            yield step(split_feed(rng, grid, fine, cell))
    return steps


def steps_a2(rng):
    for grid, fine in GRIDS:
        feed = split_feed(rng, grid, fine, SMALL)
        split = np.isin(np.arange(grid[0] * grid[1]), feed["idx_f"])
        yield step({"frame": feed["frame"], "split": split})


def steps_b(rng):
    """Cells are flat (energy 2 at most) or noisy (thousands): nothing comes
    near the threshold of 100."""
    for grid, fine in GRIDS:
        feed = split_feed(rng, grid, fine, JUDGED)
        image = feed["frame"]
        for i in feed["idx_c"]:
            y, x = i // grid[1] * JUDGED[0], i % grid[1] * JUDGED[1]
            part = image[:, :, y:y + JUDGED[0], x:x + JUDGED[1]]
            part[:] = part % 2 + rng.integers(0, 254)
        yield step({"frame": image})


def steps_halo(names):
    """Frames of any size: whole cells, odd ones, one pixel high, portrait; none, some
    and all of the cells of each class."""
    def steps(rng):
        for high, wide in ((24, 32), (37, 53), (1, 50), (61, 31), (1, 1)):
            count = -(-high // SMALL[0]) * -(-wide // SMALL[1])
            for ends in ((0, 0), (0, count), (count // 2, (count + 1) // 2), (count, count)):
                parts = np.split(rng.permutation(count), ends[:len(names) - 1])
                yield step({"frame": rng.integers(0, 256, (1, 3, high, wide), np.uint8),
                            **dict(zip(names, parts))})
    return steps


def steps_halo_mask(rng):
    """The same by form A2, with a mask or the class of each cell."""
    for feed in steps_halo(("idx_0", "idx_1", "idx_2"))(rng):
        lists = [feed.feed[f"idx_{k}"] for k in range(3)]
        order = np.argsort(np.concatenate(lists))
        classes = np.repeat(np.arange(3, dtype=np.uint8), [len(i) for i in lists])[order]
        yield step({"frame": feed.feed["frame"], "class": classes})


def steps_halo_b(rng):
    """Flat or noisy as a whole: the energy comes near no bound, over the edges too."""
    for high, wide in ((24, 32), (37, 53), (1, 50), (61, 31), (1, 1)):
        for levels in (2, 256):
            shape = 1, 3, high, wide
            yield step({"frame": rng.integers(0, levels, shape, np.uint8)})


def tables():
    """Frame sizes and patch tables (y, x, h, w) of form C."""
    yield (97, 131), []
    yield (1, 1), [(0, 0, 1, 1)]
    yield (13, 7), [(0, 0, 13, 7)]
    yield (75, 17), [(0, 0, 69, 17), (3, 4, 70, 11)]
    yield (108, 97), [(0, 0, 108, 96), (10, 90, 54, 7)]
    yield (71, 40), [(i, 3 * i, 5 + i, 11 - i) for i in range(9)]
    yield (216, 96), [(0, 0, 108, 96), *((108 + y, x, 54, 48) for y in (0, 54)
                                         for x in (0, 48))]
    yield (24, 32), [(12, 16, 12, 16), (0, 0, 12, 16)]
    yield (127, 31), [(50, 1, 77, 29)]


def steps_c(rng):
    for size, rows in tables():
        table = np.array(rows, np.int64).reshape(-1, 4)
        yield Step(f"frame{list(size)} patches {len(rows)}",
                   {"frame": frame(rng, 1, 1, size), "table": table})


def steps_d(rng):
    for shape in ((1, 3, 1, 1), (0, 3, 20, 20), (2, 3, 54, 48), (3, 3, 69, 7),
                  (1, 3, 70, 31), (1, 3, 71, 71), (5, 3, 13, 17), (1, 3, 108, 96),
                  (2, 3, 131, 5)):
        yield step({"patch": uniform(rng, *shape)})


def dydca_cases():
    for scale in (2, 3, 4):
        def make(form, scale=scale, **options):
            maker = getattr(graphs, f"make_{form}")
            return lambda path: maker(path, network.random(scale, seed=7), scale, **options)

        way = graphs.ByConcat if scale == 3 else graphs.ByScatter
        yield Case(f"dydca_d_x{scale}", make("d"), steps_d)
        yield Case(f"dydca_a1_x{scale}", make("a1", cell=SMALL), steps_a1(SMALL))
        yield Case(f"dydca_a2_x{scale}", make("a2", cell=SMALL), steps_a2)
        yield Case(f"dydca_b_x{scale}", make("b", cell=JUDGED), steps_b)
        yield Case(f"dydca_c_x{scale}", make("c", way=way), steps_c)
    yield from halo_cases()


def halo_cases():
    """Cells with real neighbours around them: as far as a path sees, or a part of it."""
    def make(form, scale, parameters=2, **options):
        maker = getattr(graphs, f"make_{form}")
        return lambda path: maker(path, network.random(scale, 7, network.design(parameters)),
                                  scale, cell=SMALL, **options)

    two, three = graphs.index_names(2), graphs.index_names(3)
    yield Case("dydca_halo_a1_x2", make("a1", 2, 3, halo=14, classes=3), steps_halo(three))
    yield Case("dydca_halo_a1_x4", make("a1", 4, halo=4), steps_halo(two))
    yield Case("dydca_halo_a2_x3", make("a2", 3, 3, halo=14, classes=3), steps_halo_mask)
    yield Case("dydca_halo_b_x2", make("b", 2, halo=10), steps_halo_b)


# Control flow.

def small_cases(rows):
    for name, (make, steps, *flags) in rows.items():
        yield Case(name, make, lambda rng, steps=steps: map(numbered, steps(rng)),
                   flags=tuple(flags), limit=90)


def numbered(feed):
    """Small feeds carry their scalars in the label."""
    if isinstance(feed, Step):
        return feed
    text = step(feed).label
    scalars = [f"{k}={v}" for k, v in feed.items() if np.ndim(v) == 0]
    return Step(" ".join([text, *scalars]), feed)


# Convolutional networks.

LARGE = ((1, 3, 224, 224), (2, 3, 97, 131), (0, 3, 64, 64), (1, 3, 65, 71),
         (3, 3, 113, 64), (1, 3, 256, 199), (1, 3, 101, 320), (5, 3, 67, 67))
# Inception v2 joins branches whose poolings round odd extents differently.
EVEN = ((1, 3, 224, 224), (2, 3, 97, 131), (0, 3, 64, 64), (1, 3, 64, 96),
        (3, 3, 128, 64), (1, 3, 256, 192), (1, 3, 101, 320), (5, 3, 67, 67))
FACE = ((1, 3, 240, 320), (2, 3, 120, 160), (1, 3, 97, 131), (1, 3, 16, 16),
        (3, 3, 61, 47), (1, 3, 480, 640), (1, 3, 113, 320), (5, 3, 64, 64))


def cnn_cases():
    def make(name, symbolic):
        return lambda path: cnns.make_light(path, name, symbolic)

    for name in cnns.LIGHT:
        data = "data_0" if cnns.light_file(name) is None else cnns.data_input(name)
        shapes = EVEN if name == "inception_v2" else LARGE
        yield Case(f"{name}_symbolic", make(name, True), steps_image(data, shapes))
        yield Case(f"{name}_static", make(name, False),
                   steps_image(data, [(1, 3, 224, 224)] * 2))


def face_cases():
    missing = "the folder of shared inputs is not there"
    yield Case("face_rfb_cut", cnns.make_face_cut, steps_image("input", FACE), missing)
    yield Case("face_rfb_320", given(paths.shared("models", "face_rfb_320.onnx")),
               steps_image("input", [(1, 3, 240, 320)] * 3), missing)


# Transformers.

def steps_encoder(rng):
    for batch, length in ((1, 1), (2, 7), (1, 128), (3, 31), (0, 5), (1, 384),
                          (5, 13), (1, 509)):
        mask = np.ones((batch, length), np.int64)
        mask[1:, length // 2 + 1:] = 0
        ids = rng.integers(0, transformer.VOCAB, (batch, length))
        yield Step(f"batch {batch} length {length}", {"ids": ids, "mask": mask})


def steps_decoder(layers=3, heads=8, depth=64):
    """A prompt, single tokens that let the cache grow, then other batches."""
    names = [f"past_{k}{i}" for i in range(layers) for k in "kv"]

    def steps(rng):
        for batch, counts in ((1, (5, 1, 1, 1, 7, 1)), (3, (1, 1)), (2, (131, 1))):
            for i, count in enumerate(counts):
                empty = np.zeros((batch, heads, 0, depth), np.float32)
                feed = {"ids": rng.integers(0, transformer.VOCAB, (batch, count)),
                        **dict.fromkeys(names, empty)}
                carry = {n: at + 1 for at, n in enumerate(names)} if i else {}
                yield Step(f"batch {batch} tokens {count} step {i}", feed, carry)
    return steps


def transformer_cases():
    yield Case("decoder_step", transformer.make_decoder_step, steps_decoder())
    yield Case("transformer_encoder", transformer.make_encoder, steps_encoder)


def growing_cases():
    for name, (make, steps) in growing.MAKERS.items():
        yield Case(name, make, lambda rng, steps=steps: steps(step))


def all_cases():
    cnn = {c.name: c for c in cnn_cases()}
    first = [cnn.pop(f"{n}_{kind}") for n in ("squeezenet", "shufflenet")
             for kind in ("symbolic", "static")]
    transformers = list(transformer_cases())
    small = control_flow.ROWS | scans.ROWS | ranks.ROWS | quantized.ROWS
    small |= forms.ROWS | form_nets.ROWS | extremes.ROWS | sequences.ROWS
    small |= contributed.ROWS | chunks.ROWS | regions.ROWS | joined_images.ROWS | joined_channels.ROWS
    small |= strips.ROWS
    small |= learning.ROWS | pipelines.ROWS
    return [*small_cases(small), *quantizer.cases(), *packages.cases(), *growing_cases(),
            *dydca_cases(),
            *face_cases(), *first, transformers[0],
            *cnn.values(), transformers[1]]
