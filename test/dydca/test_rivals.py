"""What else could be sent for a video: what it costs, what it changes, what it learns."""

import json
import tempfile
import unittest
from pathlib import Path

import clips
import common
import cost
import network
import numpy as np
import rivals


class Costs(unittest.TestCase):
    def test_a_path_by_hand(self):
        design = network.Design((1,), 4)
        # Without a halo each convolution is over all 6 x 8 pixels.
        taps = 9 * (3 * 4 + 4 * 8 + 8 * 4 + 4 * 12) + 25 * 3 * 12
        self.assertEqual(cost.of_path(design, "shallow", 2, (6, 8)), 48 * taps)

    def test_a_halo_shrinks_by_each_convolution(self):
        design = network.Design((1,), 4)
        first, rest = (6 + 4) * (8 + 4) * 9 * 3 * 4, 9 * (8 * 10 * 4 * 8 + 48 * 8 * 4)
        last = 48 * (9 * 4 * 12 + 25 * 3 * 12)
        self.assertEqual(cost.of_path(design, "shallow", 2, (6, 8), 3), first + rest + last)

    def test_frames(self):
        design = network.design()
        each = cost.of_cells(design, 2, (8, 8), 0)
        classes = np.array([[0, 0, 1], [1, 1, 1]])
        self.assertEqual(cost.of_frames(design, 2, (8, 8), 0, classes),
                         each[0] + 2 * each[1])

    def test_blocks_like_themselves(self):
        for blocks in (1, 3, 8):
            design = network.Design((blocks,))
            total = cost.of_path(design, "shallow", 4, (180, 320))
            self.assertEqual(cost.blocks_like(total, 4, (180, 320)), blocks)


class Models(unittest.TestCase):
    classes = np.array([[0, 1], [1, 0], [0, 0], [1, 1]], np.uint8)

    def test_who_has_which_cell(self):
        found = {name: r.classes(self.classes, 3) for name, r in rivals.RIVALS.items()}
        self.assertFalse(found["static"].any())
        self.assertEqual(found["chunks"].tolist(), [[0, 0], [0, 0], [1, 1], [2, 2]])
        np.testing.assert_array_equal(found["groups"], self.classes)

    def test_switches(self):
        # 0 1 | 1 0 | 0 | 1: a frame begins with the model that is at hand.
        self.assertEqual(rivals.switches(self.classes), 3)
        self.assertEqual(rivals.switches(np.zeros((4, 2), int)), 0)
        self.assertEqual(rivals.switches(np.array([[0, 0], [1, 1], [1, 1], [2, 2]])), 2)


class Begun(unittest.TestCase):
    """Training that begins with other weights."""

    def test_deeper_paths_begin_as_the_deepest_one(self):
        old, new = network.random(2, 0), network.initial(2, 1, network.design(3))
        begun = network.continued(new, old)
        for name in ("deeper.head.weight", "deeper.body3.project.bias", "deeper.tail.weight"):
            np.testing.assert_array_equal(begun[name], old["deep" + name[6:]])
        for name in ("deeper.body4.project.weight", "deeper.body5.project.bias"):
            self.assertFalse(begun[name].any())
        np.testing.assert_array_equal(begun["deeper.body5.expand.weight"],
                                      new["deeper.body5.expand.weight"])
        for name in old:
            np.testing.assert_array_equal(begun[name], old[name])

    def test_another_scale_has_its_own_last_layers(self):
        old, new = network.random(4, 0), network.initial(2, 1)
        begun = network.continued(new, old)
        np.testing.assert_array_equal(begun["deep.body0.expand.weight"],
                                      old["deep.body0.expand.weight"])
        np.testing.assert_array_equal(begun["deep.skip.weight"], new["deep.skip.weight"])

    def test_another_width_has_nothing_in_common(self):
        new = network.initial(2, 1, network.Design((2, 4), 8))
        begun = network.continued(new, network.random(2, 0))
        for name in new:
            np.testing.assert_array_equal(begun[name], new[name])

    def test_design_of_parameters(self):
        design = network.Design((1, 3, 5), 8)
        self.assertEqual(network.design_of(network.random(3, 0, design)), design)


class Steps(unittest.TestCase, common.Steps):
    """Rivals through the commands, measured beside the network."""

    @classmethod
    def setUpClass(cls):
        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.folder = Path(top.name)
        cls.project = cls.folder / "p"
        clip = clips.write(cls.folder / "clip.mkv", clips.drawn(4, 19, 27))
        cls.own = "--project", cls.project
        for words in (("prepare", clip, *common.PREPARE), ("score",),
                      ("train", "--steps", 3, "--blocks", 1, 2, "--units", 4), ("export",),
                      ("rivals", "--blocks", 1, "--chunks", 2), ("eval", "--every", 2)):
            code, cls.out, errors = common.dydca(*words, *cls.own)
            assert code == 0, cls.out + errors

    def test_what_is_sent(self):
        size = 4 * network.count(2, network.Design((1,)))
        self.assertIn(f"static: 1 models, 0 switches, {size:,} bytes to send", self.out)
        self.assertIn(f"chunks: 2 models, 1 switches, {2 * size:,} bytes to send", self.out)
        # 16 cells of one bit.
        self.assertRegex(self.out, rf"groups: 2 models, \d switches, {2 * size + 2:,} bytes")
        own = 4 * network.count(2, network.Design((1, 2), 4)) + 2
        self.assertIn(f"dynamic: 1 models, 0 switches, {own:,} bytes to send", self.out)

    def test_each_is_measured_at_the_same_frames(self):
        results = json.loads((self.project / "evaluation.json").read_bytes())
        self.assertEqual([*results], ["bicubic", "static", "chunks", "groups", "a1"])
        for found in results.values():
            self.assertEqual(len(found["frames"]["PSNR"]), 2)
            self.assertGreater(found["means"]["PSNR"], 5)

    def test_as_many_cells_for_each(self):
        """3 steps of 2 paths are 6 of one model and 3 of two."""
        steps = json.loads((self.project / "manifest.json").read_bytes())["steps"]
        found = steps["rivals"]["figures"]["rivals"]
        self.assertEqual({name: r["steps"] for name, r in found.items()},
                         {"static": 6, "chunks": 3, "groups": 3})

    def test_weights_to_begin_with(self):
        weights = self.folder / "begin.npz"
        weights.write_bytes((self.project / "weights.npz").read_bytes())
        out = self.done("train", "--steps", 0, "--blocks", 1, 2, "--units", 4, "--from",
                        weights, *self.own)
        self.assertRegex(out, r" 0 steps, .* levels: -$")
        begun, old = (network.load(p)[0] for p in (self.project / "weights.npz", weights))
        for name in old:
            np.testing.assert_array_equal(begun[name], old[name])

    def test_refusals(self):
        self.refused("--blocks: expects 2 numbers for 2 classes, got 1", "train", "--blocks", 3,
                     *self.own)
        gone, text = self.folder / "gone.npz", self.folder / "text.npz"
        self.refused("gone.npz: cannot be read: No such file", "train", "--from", gone,
                     *self.own)
        text.write_text("no weights")
        self.refused("text.npz: no weights of a network: ", "train", "--from", text, *self.own)
        code, _, errors = common.dydca("train", "--units", 0, *self.own)
        self.assertEqual(code, 2)
        self.assertIn('expects a number from 1 to 1024, got "0"', errors)


if __name__ == "__main__":
    unittest.main()
