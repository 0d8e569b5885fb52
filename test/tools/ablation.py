"""What tools/bench/ablation and tools/bench/new_shapes make of their figures, and that the
commands work on a model that compiles in seconds. No time is judged."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tools/bench", "tools/dydca",
                                                  "test/models")]

from ablation_parts import page, subjects, visits  # noqa: E402
from ablation_parts.bars import (BARS, FULL, LAUNCHES, LIMITED, MEMORY,  # noqa: E402
                                 PARTS, SPEED)
from suite_parts.recipes import Size, uniform  # noqa: E402

DYCC = sys.argv.pop(1) if len(sys.argv) > 1 else None


def model(name="net", kind="detector", speed=2.0, peak=0.5, launches=20, nodes=100,
          same=True):
    """A model that is so much better with all parts than with none."""
    bars = [{"name": bar.name, "seconds": 1e-3 / (speed if i >= FULL else 1),
             "speed": speed if i >= FULL else 1.0, "unbounded": 0, "same": same,
             "peak": int(2**20 * (peak if i >= FULL else 1)), "launches": launches,
             "heavy": 0.8}
            for i, bar in enumerate(BARS)]
    return {"name": name, "kind": kind, "nodes": nodes, "sums": 15, "threads": 1,
            "places": [{"launches": launches, "runtime": 5}] * len(BARS),
            "bytes": [10**6] * len(BARS), "sizes": [{"size": "1x3", "bars": bars}]}


def data(*models):
    return {"machine": "a machine", "threads": 1, "models": list(models), "skipped": {}}


class Bars(unittest.TestCase):
    def test_each_bar_switches_on_more(self):
        self.assertEqual(BARS[0].flags, ["--disable", ",".join(PARTS)])
        self.assertEqual(BARS[FULL].flags, [])
        self.assertEqual(BARS[LIMITED].flags, ["--disable", "propagate"])
        for one, other in zip(BARS[:FULL], BARS[1:]):
            self.assertLess(set(one.on), set(other.on))

    def test_verdicts(self):
        self.assertEqual(SPEED.verdict(2.5), "within")
        self.assertEqual(SPEED.verdict(3.5), "better")
        self.assertEqual(SPEED.verdict(1.5), "short")
        self.assertEqual(MEMORY.verdict(0.1), "better")
        self.assertEqual(LAUNCHES.verdict(0.5), "short")


class Page(unittest.TestCase):
    def test_means_have_each_model_once(self):
        one, other = model(speed=2), model(speed=8)
        one["sizes"] *= 3
        speed, memory, left = page.means(data(one, other))
        self.assertAlmostEqual(speed[-1], 4)
        self.assertAlmostEqual(memory[-1], 0.5)
        self.assertAlmostEqual(left[-1], 0.25)

    def test_what_falls_short_has_its_cause(self):
        text = page.text(data(model(speed=1.2)), [("net speed", "it is all products")])
        self.assertIn("| net | speed | 1.20 | 2.20-3.00 | 80% of the time of none are "
                      "convolutions and products, whose kernels all bars have: with nothing "
                      "else it were 1.25; it is all products |", text)
        self.assertNotIn("| net | memory |", text)
        text = page.text(data(model(peak=0.9)), [])
        self.assertIn("| net | memory | 0.90 | 0.23-0.53 | not known yet |", text)

    def test_aims_of_launches(self):
        found = page.aims(data(model(launches=20), model(kind="gated")))
        self.assertEqual(found, [("net 1x3", 0.25, 0.25)])
        self.assertIn("| net 1x3 | 0.25 | 0.25 | yes |", page.text(data(model()), []))

    def test_engines_are_beside(self):
        one = model()
        one["sizes"][0]["peers"] = {
            "seconds": {"dycc": 1e-3, "MNN": 2e-3}, "best": "MNN", "ratio": 2.0,
            "states": {"dycc": "ok", "MNN": "ok", "OpenVINO": "wrong: off by 0.5",
                       "ONNX Runtime": "refused: no"},
            "memory": {"dycc": 2**20, "dycc, ONNX's inference": 2**21, "MNN": 2**22}}
        text = page.text(data(one), [])
        self.assertIn("| net | 1x3 | 1 | refused | wrong | 2 | 2.00 MNN |", text)
        self.assertIn("| net | 1x3 | 1 | 2 | - | - | 4 |", text)
        self.assertNotIn("### Beside other engines", page.text(data(model()), []))

    def test_a_note_is_in_the_page(self):
        self.assertIn("\nOthers ran too.\n", page.text({**data(model()),
                                                        "note": "Others ran too."}, []))

    def test_runs_are_merged(self):
        both = page.merged([data(model("a"), model("b", speed=3)), data(model("b", speed=4))])
        self.assertEqual([m["name"] for m in both["models"]], ["a", "b"])
        self.assertEqual(both["models"][1]["sizes"][0]["bars"][-1]["speed"], 4)

    def test_what_differs_or_is_refused_is_red(self):
        self.assertEqual(page.verdict(data(model())), 0)
        self.assertEqual(page.verdict(data(model(same=False))), 1)
        refused = {"name": "net", "kind": "gated", "refused": "error: no"}
        self.assertEqual(page.verdict(data(refused)), 1)
        self.assertIn("refused: net", page.summary(data(model("a"), refused)))

    def test_a_section_takes_the_place_of_the_old_one(self):
        first = page.placed("", page.text(data(model("one")), []))
        self.assertTrue(first.startswith("# What planning ahead is worth"))
        second = page.placed(first + "behind\n", page.text(data(model("two")), []))
        self.assertNotIn("| one |", second)
        self.assertIn("| two |", second)
        self.assertTrue(second.endswith("behind\n"))


class Subjects(unittest.TestCase):
    def test_a_table_covers_the_frame(self):
        table = subjects.table_of(2, 3, 4)
        self.assertEqual(len(table), 4 * 4 + 2)
        high, wide = subjects.graphs.CELL
        self.assertEqual((table[:, 2] * table[:, 3]).sum(), 6 * high * wide)


class Pairs(unittest.TestCase):
    """Sizes whose plan is remembered are no first visits."""

    class Square:
        """Draws 1, 1, 2, 3, 2, 1, ... and binds their extent."""

        def __init__(self):
            self.numbers = iter([1, 1, 2, 3, 2, 3, 4, 5, 6, 7, 2, 3] * 20)

        def draw(self, rng):
            n = next(self.numbers)
            return Size(str(n), {"x": uniform(n, n)})

        def bind(self, shapes):
            return {"N": shapes["x"][0]}

    def test_pairs(self):
        square = self.Square()
        pairs = visits.drawn_pairs(square, square, 3, remembered=2)
        labels = [(one.label, other.label) for one, other in pairs]
        self.assertEqual(labels, [("2", "3"), ("4", "5"), ("6", "7")])


@unittest.skipUnless(DYCC, "no compiler")
class Commands(unittest.TestCase):
    def run_command(self, name, *arguments):
        return subprocess.run([sys.executable, "-B", str(ROOT / "tools" / "bench" / name),
                               "--quick", "--dycc", DYCC, *map(str, arguments)],
                              capture_output=True, text=True, check=True).stdout

    def test_ablation(self):
        with tempfile.TemporaryDirectory() as folder:
            json_file, report = Path(folder) / "a.json", Path(folder) / "a.md"
            said = self.run_command("ablation", "--only", "tiny", "--json", json_file,
                                    "--report", report)
            found, = json.loads(json_file.read_text())["models"]
            text = report.read_text()
        self.assertEqual(len(found["sizes"]), 2)
        left = [p["launches"] for p in found["places"]]
        self.assertLess(left[1], left[0])
        peaks = [bar["peak"] for bar in found["sizes"][1]["bars"]]
        self.assertLess(peaks[-1], peaks[0])
        self.assertIn("tiny: ", said)
        self.assertIn("### Peak memory, MiB", text)

    def test_new_shapes(self):
        with tempfile.TemporaryDirectory() as folder:
            json_file, report = Path(folder) / "n.json", Path(folder) / "n.md"
            self.run_command("new_shapes", "--only", "tiny", "--pairs", 3, "--json",
                             json_file, "--report", report)
            row, = json.loads(json_file.read_text())["rows"]
            self.assertIn("## New shapes", report.read_text())
        self.assertEqual(row["pairs"], 3)


if __name__ == "__main__":
    unittest.main()
