"""The network that is trained is the one that is exported, and a halo leaves no seams."""

import tempfile
import unittest
from pathlib import Path

import clips
import common  # noqa: F401
import dycc
import graphs
import network
import numpy as np
import optimizer
from grid import Grid, halves, window
from patches import Patches

CELL, SCALE = (8, 8), 2
DESIGN = network.design(3)


def image_of(model, frame, indices):
    names = graphs.index_names(len(indices))
    feed = {"frame": np.ascontiguousarray(frame.transpose(2, 0, 1)[None]),
            **dict(zip(names, indices))}
    return model.run(feed)["image"][0].transpose(1, 2, 0)


def shuffled(x):
    n, h, w, _ = x.shape
    x = x.reshape(n, h, w, 3, SCALE, SCALE).transpose(0, 1, 4, 2, 5, 3)
    return np.round(np.clip(x.reshape(n, h * SCALE, w * SCALE, 3), 0, 1) * 255)


def trained_view(p, name, halo, patches):
    """What the training sees of patches with their halo, in 8-bit levels."""
    return shuffled(np.asarray(optimizer.path(p, name, halo, patches / np.float32(255))))


class Graphs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "model.onnx"

    def model(self, p, **options):
        graphs.make_a1(str(self.file), p, SCALE, CELL, **options)
        model = dycc.compile(self.file)
        self.addCleanup(model.close)
        return model

    def check_near(self, image, expected):
        """A level where a sum in another order rounds to the other side."""
        gap = np.abs(image.astype(int) - expected)
        self.assertLessEqual(gap.max(), 1)
        self.assertLess((gap > 0).mean(), 0.01)

    def test_halo(self):
        """Three classes over a frame of odd extents; with a whole halo no pixel knows
        in which cell it lies."""
        p = network.random(SCALE, 1, DESIGN)
        frame = clips.drawn(1, 19, 27)[0]
        grid = Grid(19, 27, CELL)
        model = self.model(p, halo=DESIGN.reach("deeper"), classes=3)
        whole = []
        for k, name in enumerate(DESIGN.paths):
            halo = DESIGN.reach(name)
            around = window(frame, -halo, -halo, 19 + 2 * halo, 27 + 2 * halo)[None]
            whole.append(trained_view(p, name, halo, around)[0])
            every = [np.arange(grid.count if j == k else 0) for j in range(3)]
            self.check_near(image_of(model, frame, every), whole[k])
        classes = np.arange(grid.count) % 3
        mixed = image_of(model, frame, [np.flatnonzero(classes == k) for k in range(3)])
        for g, k in enumerate(classes):
            y, x = (n * SCALE for n in grid.origin(g))
            part = np.s_[y:y + 16, x:x + 16]
            self.check_near(mixed[part], whole[k][part])

    def test_part_of_a_halo(self):
        """Halos of 0 to 5 pixels for both paths, the convolutions behind pad zeros."""
        p = network.random(SCALE, 2)
        frame = clips.drawn(1, 16, 24)[0]
        grid = Grid(16, 24, CELL)
        for halo in (1, 3, 5):
            model = self.model(p, halo=halo)
            for k, name in enumerate(network.design().paths):
                cells = np.stack([window(frame, y - halo, x - halo, 8 + 2 * halo, 8 + 2 * halo)
                                  for y, x in map(grid.origin, range(grid.count))])
                expected = trained_view(p, name, halo, cells)
                every = [np.arange(grid.count if j == k else 0) for j in range(2)]
                image = image_of(model, frame, every)
                self.check_near(grid.cells(image[None], SCALE)[0], expected)

    def test_zero_padding(self):
        """The paper's form: fine patches are a quarter of a cell."""
        p = network.random(SCALE, 3)
        frame = clips.drawn(1, 16, 24)[0]
        grid = Grid(16, 24, CELL)
        model = self.model(p)
        cells = grid.cells(frame[None])[0]
        every = np.arange(grid.count)
        image = image_of(model, frame, [every, every[:0]])
        self.check_near(grid.cells(image[None], SCALE)[0], trained_view(p, "shallow", 0, cells))
        image = image_of(model, frame, [every[:0], every])
        quarters = halves(cells).reshape(-1, 4, 4, 3)
        expected = trained_view(p, "deep", 0, quarters)
        self.check_near(halves(grid.cells(image[None], SCALE)[0]).reshape(expected.shape),
                        expected)


class Training(unittest.TestCase):
    def patches(self, halo, paths=2):
        high = clips.drawn(3, 19, 27)
        low = clips.drawn(3, 10, 14)
        classes = np.random.default_rng(0).integers(0, paths, (3, 4), np.uint8)
        return Patches(low, high, classes, Grid(10, 14, CELL), SCALE, halo,
                       network.design(paths))

    def test_a_patch_is_what_the_client_cuts(self):
        for halo in (0, 2, 10):
            patches = self.patches(halo)
            for name, (low, high, mask) in patches.batch(0, 0).items():
                own = graphs.halo_of(network.random(SCALE, 0), name, halo)
                self.assertEqual(low.shape[1], patches.size(name)[0] + 2 * own)
                self.assertEqual(high.shape[1], patches.size(name)[0] * SCALE)
                self.assertEqual(mask.shape[:3], high.shape[:3])

    def test_all_pixels_of_the_frame_once(self):
        """Over all patches the mask has each pixel of each frame once."""
        for halo in (0, 4):
            patches = self.patches(halo)
            total = sum(patches.cut(name, *place)[2].sum()
                        for name, places in patches.places.items() for place in places)
            self.assertEqual(total, 3 * 19 * 27)

    def test_batches_are_a_function_of_seed_and_step(self):
        one, same, other = (self.patches(0).batch(seed, 3) for seed in (1, 1, 2))
        for name in one:
            np.testing.assert_array_equal(one[name][0], same[name][0])
            self.assertFalse((one[name][0] == other[name][0]).all())

    def test_a_class_without_cells(self):
        patches = self.patches(4)
        patches.classes[:] = 0
        patches.__post_init__()
        self.assertEqual([*patches.batch(0, 0)], ["shallow"])

    def test_learning_rate(self):
        rates = [float(optimizer.learning_rate(s, 1000, 1e-3)) for s in (0, 50, 100, 550, 1000)]
        np.testing.assert_allclose(rates, [1e-4, 5.5e-4, 1e-3, 5e-4, 4e-8], rtol=1e-3)

    def test_masked_pixels_teach_nothing(self):
        p = network.initial(SCALE, 0)
        low, high, mask = self.patches(0).batch(0, 0)["deep"]
        mask[:, :, 4:] = 0
        dirty = np.where(mask > 0, high, 77)
        values = [float(optimizer.path_loss(p, "deep", 0, SCALE, (low, h, mask)))
                  for h in (high, dirty)]
        self.assertEqual(*values)


if __name__ == "__main__":
    unittest.main()
