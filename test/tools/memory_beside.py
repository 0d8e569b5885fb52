"""What tools/bench/memory.py --beside makes of its figures: no engine runs."""

import sys
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tools/bench", "test/models")]

from suite_parts import beside, report, usage  # noqa: E402

MIB = 1 << 20


def row(model, ours, ort, **peers):
    """Of MiB; a text is an engine's refusal."""
    taken = {"dycc": ours, "ONNX Runtime": ort, "OpenVINO": "refused: X", "MNN": "ended",
             **peers}
    found = {engine: {"error": value} if isinstance(value, str) else
             {"bytes": int(value * MIB)} for engine, value in taken.items()}
    found["dycc"]["said"] = 3 * MIB
    return beside.judged({"model": model, "size": "1x3", "found": found})


class Ratios(unittest.TestCase):
    def test_the_best_peer_takes_least(self):
        found = row("a", 2, 8, MNN=4)
        self.assertEqual((found["best"], found["ratio"]), ("MNN", 0.5))

    def test_without_a_peer_there_is_no_ratio(self):
        found = row("a", 2, "refused: Y")
        self.assertEqual((found["best"], found["ratio"]), (None, None))

    def test_what_dycc_refuses_has_no_ratio(self):
        self.assertIsNone(row("a", "refused: Z", 8)["ratio"])

    def test_little_memory_is_not_compared(self):
        self.assertIsNone(row("a", 0.1, 0.9)["ratio"])

    def test_the_mean_is_geometric(self):
        self.assertAlmostEqual(beside.mean_of([row("a", 1, 4), row("b", 4, 4)]), 0.5)
        self.assertIsNone(beside.mean_of([]))

    def test_aims_of_some_models_are_their_own(self):
        self.assertEqual(beside.aim_of("dydca_a1_x2"), 0.15)
        self.assertEqual(beside.aim_of("wdsr_b16"), 0.15)
        self.assertEqual(beside.aim_of("bert_base"), 1.0)

    def test_what_is_missed(self):
        rows = [row("wdsr_b16", 2, 8), row("bert_base", 2, 8), row("skipnet", 9, 8)]
        self.assertEqual(beside.missed(rows), ["wdsr_b16 0.250, aim 0.15",
                                               "skipnet 1.125, aim 1.0"])


class Pages(unittest.TestCase):
    def test_rows_with_refusals(self):
        text = beside.section([row("bert_base", 2, 8)], "a machine", 1)
        self.assertIn("| bert_base | 1x3 | 2.00 | 3.00 | 8.00 | refused | ended | 0.25 ORT "
                      "| 1.0 |", text)
        self.assertIn("Geometric mean of 1: 0.25, aim 0.35. Each aim is reached.", text)
        self.assertIn("on a machine, 1 thread:", text)

    def test_what_is_missed_stands_there(self):
        text = beside.section([row("wdsr_b16", 2, 8), row("a", 0, 0)], "m", 2)
        self.assertIn("Missed: wdsr_b16 0.250, aim 0.15.", text)
        self.assertIn("| a | 1x3 | 0.00 | 3.00 | 0.00 | refused | ended | - | 1.0 |", text)

    def test_the_section_is_put_in_the_place_of_the_old_one(self):
        page = f"before\n{beside.BEGIN}\nold\n{beside.END}\nafter\n"
        text = beside.section([row("a", 2, 8)], "m", 1)
        self.assertEqual(report.placed(page, text, beside.BEGIN, beside.END),
                         f"before\n{text}\nafter\n")


class Usage(unittest.TestCase):
    def test_the_peak_has_what_was_given_back(self):
        before = usage.begin()
        block = np.ones(64 * MIB, np.uint8)
        self.assertEqual(int(block[::4096].sum()), 64 * MIB // 4096)
        del block
        taken = usage.peak() - before
        self.assertGreater(taken, 60 * MIB)
        self.assertLess(taken, 80 * MIB)


if __name__ == "__main__":
    unittest.main()
