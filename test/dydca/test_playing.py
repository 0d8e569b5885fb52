"""Frames in real time by a clock that the tests move: what a controller holds, and what frames
are dropped without one."""

import unittest

import common  # noqa: F401
import dycc
import playing
import plot

SECONDS = {"small": 0.004, "medium": 0.012, "large": 0.028}
QUALITY = {"small": 30.0, "medium": 31.0, "large": 32.0}
RATE, CHANGES = 24, (6, 12)


class Clock:
    """Moves by what is slept and by what runs take."""

    def __init__(self):
        self.now, self.load = 100.0, 1.0

    def perf_counter(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Others:
    """Takes most of the processor between two times."""

    def __init__(self, clock, load):
        self.clock, self.load = clock, load

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def at(self, now):
        self.clock.load = self.load if CHANGES[0] <= now < CHANGES[1] else 1.0


def played(policy, load, ahead=2):
    clock = Clock()

    def run(number, variant):
        clock.now += SECONDS[variant] * clock.load

    frames = playing.play(run, policy, RATE, ahead / RATE, 18, Others(clock, load), clock)
    return frames, playing.summary(frames, [0, *CHANGES], RATE, QUALITY)


def controller():
    return dycc.QosController(SECONDS, QUALITY, deadline=2 / RATE, frame_rate=RATE)


def large():
    return playing.Fixed("large", RATE, 2 / RATE)


class Playing(unittest.TestCase):
    def test_a_controller_holds_the_rate(self):
        frames, found = played(controller(), 3.0)
        self.assertEqual((found["dropped later"], found["frames"]), (0, 18 * RATE))
        self.assertGreaterEqual(found["least rate"], 0.95 * RATE)
        self.assertGreater(found["switches"], 1)
        busy = {f.variant for f in frames if 8 < f.due < 12}
        self.assertNotIn("large", busy)
        self.assertEqual(frames[-1].variant, "large")

    def test_one_variant_alone_drops_frames(self):
        _, found = played(large(), 2.5)
        self.assertGreater(found["dropped later"], RATE)
        # A frame takes 70 ms then, of 42: what is late makes way for the next one.
        self.assertLess(found["least rate"], 0.6 * RATE)
        self.assertGreater(found["least rate"], 0)
        self.assertEqual(found["switches"], 0)

    def test_nothing_is_dropped_of_an_idle_machine(self):
        _, found = played(large(), 1.0)
        self.assertEqual((found["dropped"], found["quality"]), (0, 32.0))

    def test_a_frame_that_cannot_begin_in_time_does_not_run(self):
        frames, _ = played(large(), 20.0)
        late = [f for f in frames if not f.taken]
        self.assertTrue(late)
        self.assertFalse(any(f.shown for f in late))

    def test_processes_begin_and_end(self):
        with playing.Others(2, 1, 2) as others:
            others.at(0.5)
            self.assertEqual(others.processes, [])
            others.at(1.0)
            first, _ = others.processes
            self.assertIsNone(first.poll())
            others.at(2.0)
            self.assertEqual(others.processes, [])
            self.assertIsNotNone(first.poll())


class Pictures(unittest.TestCase):
    def test_ticks_are_round_and_few(self):
        self.assertEqual([round(t, 9) for t in plot.ticks(0.0, 1.0)],
                         [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
        self.assertEqual(plot.ticks(3, 17), [5, 10, 15])
        for low, high in ((0, 1e-6), (1e3, 1e9), (-5, 5)):
            self.assertLessEqual(len(plot.ticks(low, high)), 7)

    def test_one_point_and_words_with_signs(self):
        text = plot.svg([plot.Diagram("a < b", "x", "y", [plot.Series("s & t", [(1, 1)])])])
        self.assertIn("a &lt; b", text)
        self.assertIn("s &amp; t", text)


if __name__ == "__main__":
    unittest.main()
