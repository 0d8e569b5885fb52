"""What tools/bench/precision --beside makes of its figures: no engine runs."""

import sys
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tools/bench", "test/models")]

from suite_parts import narrow, sides  # noqa: E402


def place(**seconds):
    """One of `seconds` in each round, by engines whose names have _ for a space."""
    samples = {engine.replace("_", " "): [time] * 3 for engine, time in seconds.items()}
    errors = {engine: 0.01 for engine in samples}
    return narrow.judged({"model": "a", "size": "1x3", "threads": 2, "states": {},
                          "samples": samples, "errors": errors}, "bf16")


class Ratios(unittest.TestCase):
    def test_engines_are_in_the_workers_table(self):
        known = {**sides.SIDES, **sides.NARROW}
        for precision in ("f16", "bf16"):
            self.assertLessEqual(set(narrow.engines_of(precision)), set(known))
            self.assertEqual(known[f"OpenVINO {precision}"].hint, precision)
        self.assertEqual(known["OpenVINO"].hint, "f32")

    def test_the_best_may_be_one_in_f32(self):
        found = place(dycc_bf16=2, dycc=4, OpenVINO_bf16=6, OpenVINO=3, **{"ONNX Runtime": 5})
        self.assertEqual((found["best"], found["ratio"]), ("OpenVINO", 1.5))
        self.assertEqual((found["peer"], found["f32"]), (3, 2))

    def test_dycc_is_no_peer_of_its_own(self):
        found = place(dycc_bf16=2, dycc=1)
        self.assertEqual((found["best"], found["ratio"], found["peer"]), (None, None, None))

    def test_what_is_refused_has_no_ratio(self):
        self.assertIsNone(place(dycc=4, OpenVINO=3)["ratio"])

    def test_errors_are_parts_of_the_largest_value(self):
        references = [np.array([4.0, -8.0]), np.array([3])]
        self.assertEqual(narrow.error_of([np.array([4.0, -7.0]), np.array([5])], references),
                         0.125)
        self.assertEqual(narrow.error_of([np.array([np.nan, 0]), np.array([3])], references),
                         np.inf)
        self.assertIsNone(narrow.error_of([np.array([5])], [np.array([3])]))


class Pages(unittest.TestCase):
    def test_rows_and_means(self):
        lines = narrow.section([place(dycc_bf16=0.002, dycc=0.004, OpenVINO_bf16=0.008),
                                place(dycc_bf16=0.002, OpenVINO_bf16=0.001)], "bf16")
        self.assertIn("| a | 1x3 | 2 | 2 | 8 | 4.00 | 4.00 | OpenVINO bf16 | 2.00 | 1.0e-02 "
                      "| 1.0e-02 |", lines)
        self.assertIn("Beside the best: geometric mean 1.41, aim 1.2; 1 of 2 places are slower "
                      "by more than 5%.", lines)

    def test_an_engine_without_results(self):
        self.assertIn("| a | 1x3 | 2 | - | 1000 | - | - | OpenVINO bf16 | - | - | 1.0e-02 |",
                      narrow.section([place(OpenVINO_bf16=1)], "bf16"))


if __name__ == "__main__":
    unittest.main()
