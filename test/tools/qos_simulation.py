"""What tools/qos/simulate plays, and what its oracle finds."""

import itertools
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools" / "qos"
sys.path.insert(0, str(TOOLS))

from oracle import oracle  # noqa: E402
from replay import Clock, Fixed, best_fixed, replay  # noqa: E402
from traces import LOADS, Trace, read, synthetic, write  # noqa: E402


def simulate(*arguments):
    return subprocess.run([sys.executable, "-B", TOOLS / "simulate", *map(str, arguments)],
                          capture_output=True, text=True)


def trace(*frames, quality=(1.0, 2.0)):
    names = ("small", "large")[:len(quality)]
    return Trace("made", names, quality, frames[0], 30, frames)


class Choices:
    """A policy that knows what it will do, None being a frame that it leaves out."""

    def __init__(self, choices):
        self._choices = iter(choices)

    def choose(self, waited):
        return next(self._choices)

    def report(self, seconds):
        pass


class Replays(unittest.TestCase):
    def test_frames_in_time(self):
        outcome = replay(trace(*[(1, 2)] * 4), Clock(4, 4), Fixed(1))
        self.assertEqual((outcome.dropped, outcome.switches, outcome.quality), (0, 0, 2))

    def test_a_late_frame_keeps_others_waiting(self):
        # Done at 9, when the second has been due for 5: it is dropped without a run.
        outcome = replay(trace((1, 9), (1, 2), (1, 2)), Clock(4, 4), Fixed(1))
        self.assertEqual((outcome.dropped, outcome.quality), (2, 2 / 3))

    def test_a_longer_deadline_waits(self):
        outcome = replay(trace((1, 6), (1, 2), (1, 2)), Clock(4, 8), Fixed(1))
        self.assertEqual(outcome.dropped, 0)

    def test_switches_are_those_of_frames_that_ran(self):
        outcome = replay(trace(*[(1, 2)] * 4), Clock(4, 4), Choices([0, 1, 1, 0]))
        self.assertEqual(outcome.switches, 2)

    def test_the_best_alone(self):
        name, outcome = best_fixed(trace(*[(1, 5)] * 3), Clock(4, 4))
        self.assertEqual((name, outcome.quality), ("small", 1))


def all_ways(made, clock):
    """The largest quality of all policies, frames left out too."""
    best = 0
    for choices in itertools.product((None, 0, 1), repeat=len(made)):
        free = quality = 0
        for frame, choice in enumerate(choices):
            due = frame * clock.interval
            begin = max(due, free)
            if choice is None:
                continue
            free = begin + made.frames[frame][choice]
            quality += made.quality[choice] if free - due <= clock.deadline else 0
        best = max(best, quality / len(made))
    return best


class Oracles(unittest.TestCase):
    def test_it_is_the_best_of_all_ways(self):
        for seed in range(40):
            draw = random.Random(seed)
            made = trace(*[(draw.randint(1, 4), draw.randint(2, 9)) for _ in range(6)],
                         quality=(1.0, draw.choice((1.2, 2.0, 5.0))))
            clock = Clock(3, draw.choice((3, 5, 9)))
            self.assertAlmostEqual(oracle(made, clock).quality, all_ways(made, clock),
                                   msg=f"seed {seed}")

    def test_nobody_is_better(self):
        for name in LOADS:
            made = synthetic(name, seed=3, count=300)
            clock = Clock(1 / 30, 1 / 30)
            self.assertGreaterEqual(oracle(made, clock).quality,
                                    best_fixed(made, clock)[1].quality)


class Traces(unittest.TestCase):
    def refuses(self, text, content):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bad.csv"
            path.write_text(content)
            with self.assertRaises(ValueError) as caught:
                read(path)
            self.assertIn(text, str(caught.exception))

    def test_a_seed_is_a_trace(self):
        self.assertEqual(synthetic("noise", 5), synthetic("noise", 5))
        self.assertNotEqual(synthetic("noise", 5), synthetic("noise", 6))

    def test_what_is_written_is_read(self):
        made = trace((0.001, 0.002), (0.003, 0.004))
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / "made.csv", made)
            self.assertEqual(read(Path(folder) / "made.csv"), made)

    def test_bad_files(self):
        head = "frame,a,b\nquality,1,2\npredicted,1,2\nrate,25\n"
        self.refuses("expects names, quality, predicted seconds, rate and frames in rows of "
                     "their own, got 4 rows", head)
        self.refuses("bad.csv:5: has 1 values, expects 2", head + "0,1\n")
        self.refuses("bad.csv:5: could not convert string to float: 'x'", head + "0,1,x\n")
        self.refuses("bad.csv:5: expects numbers above 0, got 0", head + "0,1,0\n")
        self.refuses("bad.csv:2: begins with 'speed', expects 'quality'",
                     head.replace("quality", "speed") + "0,1,1\n")


class Command(unittest.TestCase):
    def test_a_table(self):
        done = simulate("--only", "step")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertTrue(done.stdout.splitlines()[2].startswith("| step |"))
        self.assertEqual(simulate("--only", "step").stdout, done.stdout)

    def test_the_list(self):
        self.assertIn("bursts: 1800 frames, 30 per second\n", simulate("--list").stdout)

    def test_refusals(self):
        done = simulate("--only", "calm")
        self.assertEqual(done.returncode, 1)
        self.assertIn("error: there is no trace 'calm', expected one of step, ramp", done.stderr)
        done = simulate("--trace", "/nonexistent.csv")
        self.assertIn("No such file or directory: '/nonexistent.csv'", done.stderr)
        self.assertIn("--rate is 0, expects frames per second above 0",
                      simulate("--rate", "0").stderr)
        self.assertIn("--deadline is -1, expects seconds above 0",
                      simulate("--deadline", "-1").stderr)

    def test_pages(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.md"
            page.write_text("no marks\n")
            self.assertIn("expects a line", simulate("--only", "step", "--report", page).stderr)
            page.write_text("a\n<!-- tools/qos/simulate: begin -->\nold\n<!-- end -->\nb\n")
            done = simulate("--only", "step", "--check", page)
            self.assertEqual(done.returncode, 1)
            self.assertIn("page.md is stale, run tools/qos/simulate --report", done.stdout)
            self.assertEqual(simulate("--only", "step", "--report", page).returncode, 0)
            self.assertEqual(simulate("--only", "step", "--check", page).returncode, 0)
            self.assertNotIn("old", page.read_text())


if __name__ == "__main__":
    unittest.main()
