"""What tools/bench/dydca makes of its figures: nothing is compiled, trained or timed."""

import os
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("DYCC_BUILD", ROOT / "build"))
sys.path[:0] = [str(ROOT / folder) for folder in ("tools/bench", "tools/dydca",
                                                  "test/models")]
sys.path.append(str(BUILD / "lib" / "python"))

from dydca_parts import beside, causes, networks, places, quality, rates  # noqa: E402


def place(model, threads=1, states=None, **seconds):
    names = {"dycc": "dycc", "ort": "ONNX Runtime", "ov": "OpenVINO", "mnn": "MNN"}
    samples = {names[who]: [s] * 3 for who, s in seconds.items()}
    return {"model": model, "size": "540p, 50 % fine", "threads": threads,
            "samples": samples, "states": dict.fromkeys(samples, "ok") | (states or {})}


class Times(unittest.TestCase):
    def test_the_best_over_both_graphs(self):
        row, = beside.rows_of([place("x2", dycc=1, ort=4, mnn=3),
                               place("x2 without If", dycc=2, ort=5, ov=2)])
        self.assertEqual(row["peers"], {"ONNX Runtime": 4, "MNN": 3, "OpenVINO": 2})
        self.assertEqual((row["best"], row["part"]), ("OpenVINO", 0.5))

    def test_wrong_results_do_not_count(self):
        row, = beside.rows_of([place("x2", dycc=1, ort=4, mnn=3,
                                     states={"MNN": "wrong: off by 9"})])
        self.assertEqual((row["best"], row["part"]), ("ONNX Runtime", 0.25))
        row, = beside.rows_of([place("x2", dycc=1, ort=4, states={"dycc": "wrong: x"})])
        self.assertIsNone(row["part"])

    def test_section(self):
        lines = beside.time_section([place("x2", dycc=0.05, ort=0.1),
                                     place("x4", threads=2, dycc=0.3, ort=0.4)], None)
        self.assertTrue(lines[-1].startswith("Missed: some 95 % of a frame"))
        self.assertIn("1 of 2 reach the aim, geometric mean 0.61.", lines[0])
        self.assertIn("| x2 | 540p, 50 % fine | 1 | 50 | 100 | - | - | 0.50 ORT | 0.55 |", lines)
        self.assertIn("| x4 | 540p, 50 % fine | 2 | 300 | 400 | - | - | 0.75 ORT | "
                      "0.55, missed |", lines)

    def test_a_wrong_dycc_is_said(self):
        lines = beside.time_section([place("x2", ort=1, states={"dycc": "wrong: x"})], None)
        self.assertIn("| x2 | 540p, 50 % fine | 1 | wrong | 1000 | - | - | - | 0.55, missed |",
                      lines)

    def test_sizes_are_whole_cells_of_the_paper(self):
        size = beside.size_of(2, "1080p", 50)
        self.assertEqual(size.feed["frame"][1], [1, 3, 540, 960])
        self.assertEqual([size.feed[n][1] for n in ("idx_c", "idx_f")], [[25], [25]])
        # 270 rows are two and a half cells.
        self.assertEqual(beside.size_of(4, "1080p", 0).feed["frame"][1], [1, 3, 324, 480])


class Memory(unittest.TestCase):
    def test_a_peer_that_needs_a_graph_without_if(self):
        def row(name, ov, mnn):
            return {"model": name, "size": "540p, 50 % fine",
                    "found": {"dycc": {"bytes": 2 << 20}, "ONNX Runtime": {"bytes": 9 << 20},
                              "OpenVINO": ov, "MNN": {"bytes": mnn << 20}}}

        error = {"error": "RuntimeError: If"}
        found, = beside.merged([row("x2-50", error, 5), row("x2 without If-50",
                                                            {"bytes": 4 << 20}, 6)])
        self.assertEqual((found["best"], found["ratio"]), ("OpenVINO", 0.5))
        self.assertEqual(found["found"]["MNN"], {"bytes": 5 << 20})
        found, = beside.merged([row("x2-0", error, 5)])
        self.assertEqual((found["best"], found["found"]["OpenVINO"]), ("MNN", error))

    def test_section(self):
        row = {"model": "x2-0", "size": "540p, 0 % fine", "best": "MNN", "ratio": 0.2,
               "found": {"dycc": {"bytes": 2 << 20}, "MNN": {"bytes": 10 << 20},
                         "ONNX Runtime": {"bytes": 11 << 20},
                         "OpenVINO": {"error": "RuntimeError: If"}}}
        lines = beside.memory_section([row], None)
        self.assertTrue(lines[-1].startswith("Missed: "))
        self.assertEqual(lines[-3], "| x2 | 540p, 0 % fine | 2.00 | 11.00 | RuntimeError | 10.00 | "
                                    "0.20 MNN | 0.15, missed |")


def facts(psnr, aim_of="x4"):
    measured = {"means": {"PSNR": psnr, "SSIM": 0.9}, "seams": [psnr, psnr + 1]}
    low = {"means": {"PSNR": 30.0, "SSIM": 0.8}, "seams": [30.0, 31.0]}
    sent = {"models": 1, "switches": 0, "bytes": 4000, "multiply-adds": 2e9}
    return {"prepare": {"scale": 4}, "train": {"blocks": [2, 4], "units": 32, "halo": 10,
                                               "steps": 5, "steps before": 0},
            "eval": {"form": "a1", "bicubic": low, "a1": measured, "static": measured,
                     "sent": {"dynamic": sent, "static": sent}},
            "work": {"frame": 7e9, "trained": 3e12, "paper": 90e12}}


class Quality(unittest.TestCase):
    def args(self):
        return type("Args", (), {"every": 4})

    def test_a_missed_aim_has_its_operations(self):
        lines = quality.section({"x4": facts(33.0)}, self.args())
        self.assertIn("| x4 | bunny x4 | 2/4 x 32 | 10 | 6000 + 5 | 7.00 | 30.00 | 33.00 | "
                      "+3.00 | +4.2, missed | +3.00 | +3.00 |", lines)
        self.assertIn("* x4: 3e12 multiply-adds of training; the paper's 80 epochs over this "
                      "video are 90e12.", lines)
        self.assertIn("each 4th frame", lines[0])

    def test_a_reached_aim_has_none(self):
        lines = quality.section({"x4": facts(34.5)}, self.args())
        self.assertIn("| +4.50 | +4.2 |", "\n".join(lines))
        self.assertFalse([line for line in lines if line.startswith("* ")])

    def test_what_is_sent(self):
        lines = quality.section({"x4": facts(34.5)}, self.args())
        self.assertIn("| x4, static | 1 | 0 | 4,000 | 2.00 | 34.50 | 0.9000 |", lines)


class Causes(unittest.TestCase):
    def test_rows_of_one_cause_are_one_line(self):
        line, = causes.lines(["form C on 1", "form C on 2"])
        self.assertTrue(line.startswith("* form C on 1, form C on 2: one patch after"))
        self.assertEqual(causes.lines(["form Z on 1"]), ["* form Z on 1: not known yet."])

    def test_what_the_aim_asks_of_the_processor(self):
        row = {"halo": 4, "frames": 10, "seconds": 1.0, "multiply-adds": 8e9}
        line, = rates.video_causes([row], 118)
        self.assertIn("halo 4: 30 frames a second are 240e9 multiply-adds; the two cores have "
                      "118e9", line)
        self.assertEqual(rates.video_causes([{**row, "seconds": 0.3}], 118), [])


class Rates(unittest.TestCase):
    def test_aims(self):
        rows = [{"form": "a1", "threads": 1, "seconds": 0.1, "part": 1.0},
                {"form": "c", "threads": 1, "seconds": 0.2, "part": 2.0}]
        self.assertEqual([line.split(" | ")[-1] for line in rates.form_table(rows)[2:]],
                         ["1.10 |", "1.10, missed |"])
        row = {"halo": 0, "frames": 60, "seconds": 1.5, "median": 0.02, "multiply-adds": 2e9}
        self.assertEqual(rates.video_table([row])[-1],
                         "| 0, the demo's | 40.0 | 20 | 2.00 | 80 | 30 |")

    def test_a_design_names_the_network_that_has_its_quality(self):
        row = {"blocks": (1, 2), "units": 8, "median": 0.05, "multiply-adds": 1e9}
        self.assertTrue(rates.full_hd_table([row])[-1].endswith("| 30, missed | small_x4 |"))
        row["units"] = 9
        self.assertTrue(rates.full_hd_table([row])[-1].endswith("| - |"))


class Places(unittest.TestCase):
    def test_verdicts(self):
        row = {"machine": "aarch64"}
        self.assertEqual(places.verdict(row), "not run: aarch64")
        self.assertEqual(places.verdict({**row, "part": 1e-4, "levels": 1}), "agrees")
        self.assertEqual(places.verdict({**row, "part": 1e-4, "levels": 2}), "differs")
        self.assertEqual(places.verdict({**row, "part": 0.1, "levels": 1}), "differs")


class Networks(unittest.TestCase):
    def test_how_weights_came_to_be(self):
        trained = {"losses": {"deep": 5.5}, "steps before": 100, "steps": 20, "seed": 0,
                   "halo": 4, "parameters": 9}
        self.assertEqual(networks.log_line(networks.NETWORKS["x2"], trained),
                         "bunny x2, seed 0, halo 4, 9 parameters, steps 100..120 --rate 0.001: "
                         "L1 deep 5.500 levels")

    def test_each_begins_with_weights_that_are_there(self):
        for name, network in networks.NETWORKS.items():
            self.assertEqual(bool(network.begin),
                             (networks.WEIGHTS / f"{network.begin}.npz").exists(), name)


if __name__ == "__main__":
    unittest.main()
