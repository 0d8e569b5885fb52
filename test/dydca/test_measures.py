"""The grid of cells and the measures of quality against plain loops and known values."""

import unittest

import clips
import common  # noqa: F401
import measuring
import metrics
import numpy as np
from grid import Grid, halves, window


def plain_ssim(a, b, size=7):
    a, b = metrics.luma(a).astype(np.float64), metrics.luma(b).astype(np.float64)
    values = []
    for y in range(a.shape[0] - size + 1):
        for x in range(a.shape[1] - size + 1):
            p, q = (i[y:y + size, x:x + size] for i in (a, b))
            both = ((p - p.mean()) * (q - q.mean())).mean()
            values.append((2 * p.mean() * q.mean() + metrics.C1) * (2 * both + metrics.C2)
                          / ((p.mean()**2 + q.mean()**2 + metrics.C1)
                             * (p.var() + q.var() + metrics.C2)))
    return np.mean(values)


class Cells(unittest.TestCase):
    def test_cells_of_any_frame(self):
        for h, w in ((16, 24), (17, 9), (1, 1), (1, 40), (33, 2)):
            grid = Grid(h, w, (8, 8))
            frame = np.random.default_rng(0).integers(0, 256, (h, w, 3), np.uint8)
            cells = grid.cells(frame[None])[0]
            self.assertEqual(len(cells), grid.count)
            for g, cell in enumerate(cells):
                np.testing.assert_array_equal(cell, window(frame, *grid.origin(g), 8, 8))

    def test_window_repeats_edges(self):
        frame = np.arange(12).reshape(3, 4, 1)
        found = window(frame, -1, 2, 3, 4)[..., 0]
        self.assertEqual(found.tolist(), [[2, 3, 3, 3], [2, 3, 3, 3], [6, 7, 7, 7]])

    def test_halves(self):
        x = np.arange(16).reshape(4, 4, 1)
        self.assertEqual(halves(x)[..., 0].tolist(), [[[0, 1], [4, 5]], [[2, 3], [6, 7]],
                                                      [[8, 9], [12, 13]],
                                                      [[10, 11], [14, 15]]])

    def test_visible_pixels_are_those_of_the_frame(self):
        for high, wide in ((19, 27), (1, 1), (16, 16), (3, 64)):
            grid = Grid(-(-high // 2), -(-wide // 2), (8, 8))
            self.assertEqual(grid.visible(2, high, wide).sum(), high * wide)

    def test_a_sliver_keeps_its_border(self):
        inner = Grid(9, 8, (8, 8)).inner(2, 18, 16)
        self.assertEqual(inner[0].sum(), 8 * 8)
        self.assertEqual(inner[1].sum(), 2 * 16)


class Quality(unittest.TestCase):
    def setUp(self):
        self.a, self.b = clips.drawn(2, 40, 52)

    def test_equal_pictures(self):
        values = [measure(self.a, self.a) for measure in metrics.MEASURES.values()]
        np.testing.assert_allclose(values, [100, 1, 1, 100])

    def test_psnr(self):
        other = self.a.astype(int)
        other = np.where(other > 100, other - 10, other + 10).astype(np.uint8)
        self.assertAlmostEqual(metrics.frame_psnr(self.a, other), 20 * np.log10(25.5), 4)

    def test_ssim(self):
        self.assertAlmostEqual(metrics.ssim(self.a, self.b), plain_ssim(self.a, self.b), 4)

    def test_ms_ssim(self):
        # 40 rows have the scales 40, 20 and 10.
        a, b, parts = self.a, self.b, []
        a, b = metrics.luma(a), metrics.luma(b)
        for _ in range(3):
            parts.append(metrics.similarity(a, b))
            a, b = metrics.halved(a), metrics.halved(b)
        exponents = np.array(metrics.SCALES[:3]) / sum(metrics.SCALES[:3])
        expected = np.prod(np.array([parts[0][1], parts[1][1], parts[2][0]]) ** exponents)
        self.assertAlmostEqual(metrics.ms_ssim(self.a, self.b), expected, 6)

    def test_edges_alone(self):
        brighter = (self.a.astype(int) // 2 + 20).astype(np.uint8)
        moved = (self.a.astype(int) // 2).astype(np.uint8)
        self.assertAlmostEqual(metrics.edge_psnr(brighter, moved), 100, 3)

    def test_small_pictures(self):
        for h, w in ((1, 1), (1, 90), (5, 3)):
            a, b = clips.drawn(2, h, w)
            for name, measure in metrics.MEASURES.items():
                self.assertTrue(np.isfinite(measure(a, b)), name)

    def test_energy(self):
        flat = np.full((2, 8, 8, 3), 7, np.uint8)
        steps = np.broadcast_to(np.arange(8, dtype=np.uint8)[:, None, None] * 4, (8, 8, 3))
        np.testing.assert_allclose(metrics.energy(np.stack([*flat, steps])), [0, 0, 16])


class Patches(unittest.TestCase):
    def errors(self, classes, quartered):
        """A cell with an error in the middle of its upper right quarter."""
        patches = measuring.Patches(Grid(16, 16, (16, 16)), 2, 32, 32, quartered)
        frame = np.zeros((32, 32, 3), np.uint8)
        image = frame.copy()
        image[8, 24] = 100
        patches.add(image, frame, classes)
        return patches

    def test_a_patch_without_its_edges(self):
        whole = self.errors([0], True)
        self.assertEqual(whole.count, 1)
        self.assertAlmostEqual(whole.total, 100**2 / 20**2, 3)

    def test_quarters_count_by_themselves(self):
        quarters = self.errors([1], True)
        self.assertEqual(quarters.count, 4)
        self.assertAlmostEqual(quarters.total, 100**2 / 4**2, 3)

    def test_with_a_halo_a_cell_stays_whole(self):
        self.assertEqual(self.errors([1], False).count, 1)

    def test_quarters_beyond_the_frame(self):
        patches = measuring.Patches(Grid(16, 7, (16, 16)), 2, 32, 14, True)
        frame = np.zeros((32, 14, 3), np.uint8)
        patches.add(frame, frame, [1])
        self.assertEqual(patches.count, 2)


class Seams(unittest.TestCase):
    def test_lines_between_cells(self):
        seams = measuring.Seams(Grid(16, 32, (16, 16)), 2, 32, 64)
        self.assertEqual(np.flatnonzero(seams.border.all(0)).tolist(), [30, 31, 32, 33])
        frame = np.zeros((32, 64, 3), np.uint8)
        image = frame.copy()
        image[:, 31] = 10
        seams.add(image, frame)
        border, inner = seams.psnrs
        self.assertEqual(inner, 100)
        self.assertAlmostEqual(border, float(metrics.psnr(25)), 4)

    def test_one_cell_has_none(self):
        seams = measuring.Seams(Grid(16, 16, (16, 16)), 2, 32, 32)
        frame = np.zeros((32, 32, 3), np.uint8)
        seams.add(frame, frame)
        self.assertIsNone(seams.psnrs)


if __name__ == "__main__":
    unittest.main()
