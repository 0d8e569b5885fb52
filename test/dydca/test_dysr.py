"""The supernet of dysr: networks cut from it, their training, and the command step by step."""

import json
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import clips
import common
import learning
import network
import numpy as np
import supernet
import variants
from dysr_command import COMMAND
from samples import Samples
from space import Space
from supernet import Network
from teaching import Supernet
from training import Plan

LARGE = Network(12, ((24, 10), (30, 9), (16, 8)))
SMALL = Network(8, ((13, 5), (30, 7)))
SCALE = 2


def drawn(net=LARGE, scale=SCALE):
    """Parameters of which none is zero."""
    return network.random(scale, 3, net)


class Cutting(unittest.TestCase):
    def test_gates_make_the_network_that_is_cut(self):
        p = drawn()
        low = np.random.default_rng(0).uniform(0, 255, (1, 9, 7, 3)).astype(np.float32)
        cut = supernet.cut(p, SMALL, SCALE)
        mine = learning.output(cut, learning.gates(SMALL, SMALL), low)
        gated = learning.output(p, learning.gates(SMALL, LARGE), low)
        np.testing.assert_allclose(mine, gated, rtol=1e-5, atol=1e-5)

    def test_a_network_of_its_parameters(self):
        cut = supernet.cut(drawn(), SMALL, SCALE)
        self.assertEqual(supernet.network_of(cut), SMALL)
        self.assertEqual({k: v.shape for k, v in cut.items()}, network.shapes(SCALE, SMALL))

    def test_contains(self):
        self.assertTrue(supernet.contains(LARGE, SMALL))
        self.assertTrue(supernet.contains(LARGE, LARGE))
        for other in (Network(13, SMALL.blocks), Network(8, ((25, 5),)),
                      Network(8, SMALL.blocks * 2), Network(8, ())):
            self.assertFalse(supernet.contains(LARGE, other), other)

    def test_names(self):
        self.assertEqual(SMALL.name, "w8_13x5_30x7")
        self.assertEqual(supernet.uniform(24, 2).name, "w24_2_144x20")

    def test_saved_in_16_bits(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "net.npz"
            with open(path, "wb") as file:
                supernet.save(file, drawn(), scale=SCALE, steps=7)
            p, facts = supernet.load(path)
        self.assertEqual(facts, {"scale": SCALE, "steps": 7})
        for name, value in drawn().items():
            self.assertEqual(p[name].dtype, np.float32)
            np.testing.assert_allclose(p[name], value, rtol=1e-3, atol=1e-6)


class Drawing(unittest.TestCase):
    space = Space(supernet.uniform(12, 3), Network(6, ((16, 4),)))

    def test_drawn_networks_lie_in_the_space(self):
        rng = np.random.default_rng(1)
        found = {self.space.draw(rng) for _ in range(200)}
        self.assertGreater(len(found), 50)
        for net in found:
            self.assertTrue(supernet.contains(self.space.largest, net), net)
            self.assertIn(net.width, self.space.widths)
        self.assertEqual({len(net.blocks) for net in found}, {1, 2, 3})

    def test_nearest(self):
        net = self.space.nearest(9.8, 2.2, [(17, 4.4), (99, 99), (1, 1)])
        self.assertEqual(net, Network(10, ((16, 4), (72, 10))))


class Choosing(unittest.TestCase):
    def test_front(self):
        points = [(3, 5.0), (1, 2.0), (2, 1.0), (2, 4.0), (4, 5.0)]
        self.assertEqual(variants.front(points), [(1, 2.0), (2, 4.0), (3, 5.0)])

    def test_thinned_keeps_the_ends(self):
        points = [(c, c) for c in (1.0, 1.1, 2.0, 2.1, 4.0)]
        self.assertEqual([c for c, _ in variants.thinned(points, 3)], [1.0, 2.1, 4.0])
        self.assertEqual(len(variants.thinned(points, 1)), 2)

    def test_candidates_share_channels_between_blocks(self):
        space = Space(supernet.uniform(24, 2), Network(12, ((24, 8),)))
        found = variants.candidates(space)
        self.assertEqual({net.width for net in found}, {24})
        self.assertEqual(sorted({net.blocks[0][0] for net in found}), [48, 96, 144])
        self.assertTrue(all(supernet.contains(space.largest, net) for net in found))


class Learning(unittest.TestCase):
    """Training of a supernet by itself."""

    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.file = Path(top.name) / "state.npz"
        high = clips.drawn(3, 24, 32)
        self.samples = Samples(high[:, ::2, ::2], high, 2)

    def training(self, steps=6, share=0.5):
        net = supernet.uniform(8, 2)
        plan = Plan("test", net, 2, 0, network.initial(2, 0, net), 0, steps)
        space = Space(net, Network(4, ((8, 4),)))
        return Supernet(self.file, "key", plan, space, self.fail, share)

    def test_interrupted_training_ends_the_same(self):
        whole = self.training()
        whole.run(self.samples)
        first = self.training()
        for _ in range(3):
            first.advance(self.samples)
        first.keep()
        second = self.training()
        second.run(self.samples)
        for name, value in whole.parameters().items():
            np.testing.assert_array_equal(second.parameters()[name], value)

    def test_smaller_networks_learn_from_the_largest(self):
        alone, taught = self.training(share=0.0), self.training(share=1.0)
        for training in (alone, taught):
            training.advance(self.samples)
        key = "net.body0.expand.weight"
        self.assertFalse(np.array_equal(alone.parameters()[key], taught.parameters()[key]))

    def test_frames_that_are_kept_are_never_taught(self):
        many = Samples(np.zeros((20, 4, 4, 3), np.uint8), np.zeros((20, 8, 8, 3), np.uint8), 2)
        self.assertEqual(many.kept.tolist(), [4, 12])
        self.assertFalse({*many.kept} & {*many.taught})
        self.assertEqual(len(many.taught), 18)


class Whole(unittest.TestCase, common.Steps):
    """One project through all steps."""

    @classmethod
    def setUpClass(cls):
        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.folder = Path(top.name)
        cls.clip = clips.write(cls.folder / "clip.mkv", clips.drawn(6, 38, 54))
        cls.project = cls.folder / "clip.dysr"
        cls.words = ["all", cls.clip, "--keep-hr", "--scale", 2, "--steps", 3, "--width", 8,
                     "--blocks", 2, "--variants", 3, "--project", cls.project]
        import dysr_steps.play
        seconds = dysr_steps.play.SECONDS
        dysr_steps.play.SECONDS = 3
        code, cls.out, errors = common.dydca(*cls.words, of=COMMAND)
        dysr_steps.play.SECONDS = seconds
        assert code == 0, cls.out + errors

    def facts(self, step):
        return json.loads((self.project / "manifest.json").read_bytes())["steps"][step][
            "figures"]

    def test_family(self):
        family = json.loads((self.project / "family.json").read_bytes())["variants"]
        self.assertGreaterEqual(len(family), 1)
        self.assertLessEqual(len(family), 3)
        self.assertEqual([v["quality"] for v in family],
                         sorted(v["quality"] for v in family))

    def test_the_library_has_the_quality_that_was_promised(self):
        promised = {v["name"]: v["quality"] for v in self.facts("export")["variants"]}
        for row in self.facts("front")["rows"]:
            self.assertAlmostEqual(row["PSNR"], promised[row["name"]], delta=0.02)
            self.assertGreater(row["seconds"], 0)
        self.assertIn("over bicubic", self.out)

    def test_pictures(self):
        for name in ("front", "play"):
            root = ElementTree.parse(self.project / f"{name}.svg").getroot()
            self.assertTrue(root.tag.endswith("svg"))

    def test_played(self):
        runs = self.facts("play")["runs"]
        self.assertEqual(len(runs), 2)
        self.assertIn("with the controller", runs)
        self.assertEqual({run["frames"] for run in runs.values()}, {3 * 24})

    def test_done_before(self):
        out = self.done("export", "--variants", 3, "--project", self.project, of=COMMAND)
        self.assertIn("export: done before", out)

    def test_refusals(self):
        other = self.folder / "other.npz"
        with open(other, "wb") as file:
            supernet.save(file, drawn(scale=3), scale=3)
        train = "train", "--project", self.project, "--from"
        self.refused("is of scale 3, this project has 2", *train, other, of=COMMAND)
        other.write_bytes(b"nothing")
        self.refused("no weights of a supernet", *train, other, of=COMMAND)
        values = drawn()
        values["net.body0.linear.weight"] = np.zeros((10, 5, 1, 1), np.float32)
        with open(other, "wb") as file:
            supernet.save(file, values, scale=2)
        self.refused("misshapen parameters: net.body0.linear.weight", *train, other, of=COMMAND)
        self.refused("--minutes: expects more than 0", "train", "--minutes", 0, "--project",
                     self.project, of=COMMAND)
        self.refused("no variant is done in", "play", "--rate", 1000, "--size", "300x400",
                     "--project", self.project, of=COMMAND)
        self.refused("first run: dysr train", "export", "--project", self.folder / "new.dysr",
                     of=COMMAND)
        code, _, errors = common.dydca("front", "--size", "3", of=COMMAND)
        self.assertEqual((code, "expects HEIGHTxWIDTH" in errors), (2, True), errors)


if __name__ == "__main__":
    unittest.main()
