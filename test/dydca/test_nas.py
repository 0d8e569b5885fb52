"""The search for networks: the speed model and its gradients, evolution within a budget, and
the command on a tiny supernet, the same each time."""

import json
import tempfile
import unittest
from pathlib import Path

import clips
import common
import dycc
import dysr_command
import evolution
import numpy as np
import relaxed
import supernet
import variants
from nas_command import COMMAND
from space import Space
from speed import Speed
from supernet import Network

SPACE = Space(supernet.uniform(12, 3), Network(4, ((8, 4),)))


class Fake:
    """Prices that a person can work out: of a block 1 + width * wide * narrow / 1000, of head
    and tail 2 + width."""

    def __init__(self):
        self.asked = 0

    def seconds(self, net):
        self.asked += 1
        return 2 + net.width + sum(1 + net.width * wide * narrow / 1000
                                   for wide, narrow in net.blocks)


class SpeedModel(unittest.TestCase):
    def test_exact_at_the_grid(self):
        speed, fake = Speed(Fake(), SPACE), Fake()
        for net in (SPACE.largest, SPACE.smallest):
            seconds, *_ = speed.with_gradient(net.width, net.blocks, [1] * len(net.blocks))
            self.assertAlmostEqual(seconds, fake.seconds(net))

    def test_a_block_that_is_half_there_takes_half(self):
        speed = Speed(Fake(), SPACE)
        whole, *_ = speed.with_gradient(12, SPACE.largest.blocks, [1, 1, 1])
        half, *_, by_gates = speed.with_gradient(12, SPACE.largest.blocks, [1, 1, 0.5])
        self.assertAlmostEqual(whole - half, by_gates[2] / 2)

    def test_gradients(self):
        speed, largest = Speed(Fake(), SPACE), SPACE.largest
        values = relaxed.Ranges.of(SPACE).values(np.full(8, 0.6))
        _, gradient = relaxed.time_gradient(values, speed, largest)
        for i in range(len(values)):
            step = 1e-2 * np.eye(len(values))[i]  # Sigmoids are in 32 bits.
            above, below = (relaxed.time_gradient(values + s, speed, largest)[0]
                            for s in (step, -step))
            self.assertAlmostEqual((above - below) / 2e-2, gradient[i],
                                   delta=1e-3 * abs(gradient[i]) + 1e-4)


class Evolution(unittest.TestCase):
    def judged(self):
        return evolution.Judged(Fake().seconds, lambda net: sum(
            np.log(wide) + np.log(narrow) for wide, narrow in net.blocks) + np.log(net.width),
            lambda net: 0.8 * Fake().seconds(net))

    def evolved(self, judged, budget, seed=0):
        return evolution.evolved(SPACE, judged, budget, [SPACE.largest], 8, 16, seed)

    def test_within_the_budget_and_better_than_the_first(self):
        judged = self.judged()
        for budget in (9, 15, 25):
            net = self.evolved(judged, budget)
            self.assertLessEqual(judged(net)[0], budget)
            self.assertTrue(supernet.contains(SPACE.largest, net))
            self.assertGreater(judged(net)[1], judged(SPACE.smallest)[1])

    def test_the_same_each_time(self):
        found = [self.evolved(self.judged(), 15) for _ in range(2)]
        self.assertEqual(*found)

    def test_a_budget_that_allows_all_finds_the_largest(self):
        self.assertEqual(self.evolved(self.judged(), 1e9), SPACE.largest)

    def test_rough_times_keep_nothing_out_that_is_known_to_fit(self):
        judged = evolution.Judged(Fake().seconds, lambda net: 0, lambda net: 1e9)
        self.assertFalse(judged.fits(SPACE.smallest, 1e6))
        judged(SPACE.smallest)
        self.assertTrue(judged.fits(SPACE.smallest, 1e6))

    def test_children_stay_in_the_space(self):
        rng = np.random.default_rng(0)
        net, other = SPACE.largest, SPACE.smallest
        for _ in range(300):
            net = evolution.changed(rng, SPACE, evolution.crossed(rng, net, other))
            self.assertTrue(supernet.contains(SPACE.largest, net), net)
            other = evolution.smaller(rng, SPACE, net) or SPACE.largest

    def test_nothing_is_below_the_smallest(self):
        rng = np.random.default_rng(0)
        self.assertIsNone(evolution.smaller(rng, SPACE, SPACE.smallest))
        self.assertIsNone(evolution.fitted(rng, SPACE, SPACE.largest, self.judged(), 0.1))

    def test_the_front_is_of_all_that_was_seen(self):
        judged = self.judged()
        self.evolved(judged, 15)
        front = judged.front()
        self.assertEqual(front, variants.front(front))
        self.assertLess(front[0][0], front[-1][0])


def machine_file(path, **changes):
    """Prices of this machine that any kind of launch has some of: what is no kind is one of
    plain loops."""
    with dycc.Oracle() as oracle:
        title = oracle.load(changes.pop("model")).machine
    kinds = ("loops_vectors", "loops_scalars", "convolution_rows", "convolution_pixels",
             "chained_convolution_pixels", "winograd", "product")
    prices = {"launch": 1000, "products": 20, "bytes": 10, "elements": 100}
    path.write_text(json.dumps({"dycc machine": 1, "machine": title, "threads": 1,
                                "picoseconds": dict.fromkeys(kinds, prices)} | changes))
    return path


class Whole(unittest.TestCase, common.Steps):
    """A search in a project of a tiny supernet."""

    @classmethod
    def setUpClass(cls):
        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.folder = Path(top.name)
        clip = clips.write(cls.folder / "clip.mkv", clips.drawn(4, 38, 54))
        cls.project = cls.folder / "clip.dysr"
        for words in (("prepare", clip, "--scale", 2, "--keep-hr"),
                      ("train", "--steps", 2, "--width", 8, "--blocks", 2)):
            code, out, errors = common.dydca(*words, "--project", cls.project,
                                             of=dysr_command.COMMAND)
            assert code == 0, out + errors
        parameters, _ = supernet.load(cls.project / "supernet.npz")
        cls.model = cls.folder / "model.onnx"
        variants.write(cls.model, parameters, supernet.network_of(parameters), 2)
        cls.machine = machine_file(cls.folder / "machine.json", model=cls.model)
        cls.words = ("search", "--project", cls.project, "--steps", 2, "--generations", 1,
                     "--population", 4, "--fps")

    def search(self, *fps, machine=None):
        return self.done(*self.words, *fps, "--machine", machine or self.machine, of=COMMAND)

    def test_found_verified_and_the_same_again(self):
        first = self.search(1000)
        self.assertRegex(first, r"1000 a second, 1\.00 ms, found: [\d.]+ ms, [\d.]+ dB: w\d+_")
        found = json.loads((self.project / "search.json").read_bytes())
        self.assertLessEqual(found["rows"][0]["found"]["seconds"], 1e-3)
        out = self.done("verify", "--steps", 1, "--min-time", 0.02, "--project", self.project,
                        of=COMMAND)
        self.assertRegex(out, r"frames per second 1000, network found, .* measured, ms [\d.]+")
        self.assertIn("network by hand", out)
        self.assertIn("done before", self.search(1000))
        manifest = self.project / "manifest.json"
        steps = json.loads(manifest.read_bytes())
        del steps["steps"]["search"], steps["steps"]["verify"]
        manifest.write_text(json.dumps(steps))
        self.search(1000)
        self.assertEqual(found, json.loads((self.project / "search.json").read_bytes()))

    def test_a_budget_that_nothing_meets(self):
        text = self.refused("no network is done in 8e-07 ms: the fastest, w4_1_24x3, takes ",
                            *self.words, 1e9, "--machine", self.machine, of=COMMAND)
        self.assertRegex(text, r"takes [\d.]+")

    def test_machine_files(self):
        def refused(text, **changes):
            path = machine_file(self.folder / "other.json", model=self.model, **changes)
            self.refused(text, *self.words, 30, "--machine", path, of=COMMAND)

        refused("is for machine 'z80', expects '", machine="z80")
        refused("is of revision 99, expects revision", **{"dycc machine": 99})
        path = self.folder / "none.json"
        self.refused("no file of dycc-calibrate", *self.words, 30, "--machine", path,
                     of=COMMAND)
        code, _, errors = common.dydca("search", "--machine", path, "--fps", 0, of=COMMAND)
        self.assertEqual((code, "expects frames per second above 0" in errors), (2, True))
        code, _, errors = common.dydca("search", "--machine", path, "--margin", 1, of=COMMAND)
        self.assertEqual((code, "expects a part from 0 to below 1" in errors), (2, True))

    def test_verify_wants_a_search(self):
        new = self.folder / "new.dysr"
        self.refused("first run: nas search --machine FILE", "verify", "--project", new,
                     of=COMMAND)


if __name__ == "__main__":
    unittest.main()
