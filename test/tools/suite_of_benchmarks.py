"""What tools/bench/suite makes of its figures: nothing is compiled or timed."""

import json
import sys
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tools/bench", "tools/dydca",
                                                  "test/models")]

from suite_parts import judge, measure, recipes, report, results  # noqa: E402
from suite_parts.process import EngineError  # noqa: E402
from suite_parts.registry import (AIMS, MAGIKA, OPERATORS, SMALL, VISION,  # noqa: E402
                                  WHOLE, all_models)


def place(model, ratio, group=VISION, size="1", threads=1, classes=(), **more):
    """A place where ORT takes `ratio` times as long as dycc."""
    return results.judged({
        "model": model, "group": group, "size": size, "threads": threads,
        "classes": list(classes), "states": {"dycc": "ok", "ONNX Runtime": "ok"},
        "samples": {"dycc": [1e-3] * 3, "ONNX Runtime": [ratio * 1e-3] * 3}, **more})


class Ratios(unittest.TestCase):
    def test_the_best_peer_has_the_lowest_median(self):
        samples = {"dycc": [1, 1, 1], "a": [9, 2, 2], "b": [1, 3, 3]}
        states = dict.fromkeys(samples, "ok")
        self.assertEqual(results.best_peer(samples, states), "a")

    def test_a_wrong_peer_does_not_count_and_a_rough_one_does(self):
        samples = {"dycc": [1], "a": [2], "b": [3], "c": [4]}
        states = {"dycc": "ok", "a": "wrong: off by 1", "b": "rough: off by 1e-3",
                  "c": "ok"}
        self.assertEqual(results.best_peer(samples, states), "b")

    def test_no_peer_no_ratio(self):
        alone = place("m", 1, states={"dycc": "ok", "ONNX Runtime": "refused: X"})
        self.assertIsNone(alone["best"])
        self.assertIsNone(alone["ratio"])

    def test_a_wrong_dycc_has_no_ratio(self):
        wrong = place("m", 2, states={"dycc": "wrong: x", "ONNX Runtime": "ok"})
        self.assertIsNone(wrong["ratio"])

    def test_the_ratio_is_taken_per_round(self):
        # A neighbour made the last round ten times as long for both.
        samples = {"dycc": [1, 1, 10], "a": [2, 2, 20]}
        self.assertEqual(results.ratio(samples, "a"), 2)

    def test_geometric_mean(self):
        self.assertAlmostEqual(results.geometric([1, 4]), 2)
        self.assertIsNone(results.geometric([]))


class Classes(unittest.TestCase):
    def test_a_model_counts_once_however_long_its_sweep(self):
        places = [place("a", 1, size=str(i)) for i in range(9)] + [place("b", 4)]
        self.assertAlmostEqual(results.class_mean(places, VISION, 1), 2)

    def test_threads_are_apart(self):
        places = [place("a", 1), place("a", 3, threads=2)]
        self.assertAlmostEqual(results.class_mean(places, VISION, 2), 3)

    def test_further_classes(self):
        places = [place("magika", 2, SMALL, classes=(MAGIKA,)), place("silero", 8, SMALL)]
        self.assertAlmostEqual(results.class_mean(places, SMALL, 1), 4)
        self.assertAlmostEqual(results.class_mean(places, MAGIKA, 1), 2)

    def test_single_operators_are_one_model_of_the_whole(self):
        places = [place("a", 4), *(place(f"op_{i}", 1, OPERATORS) for i in range(9)),
                  place("one_element", 100, None)]
        self.assertAlmostEqual(results.class_mean(places, WHOLE, 1), 2)
        places.append(place("one_element", 0.1, None))
        self.assertEqual(results.class_row(places, WHOLE, 1)["lowest"], 1)

    def test_an_aim_is_met_by_the_mean(self):
        places = [place("a", 1.0), place("b", 1.7)]
        row = results.class_row(places, VISION, 1)
        self.assertTrue(row["met"])
        self.assertEqual(row["lowest"], 1.0)
        self.assertFalse(results.class_row([place("a", 1.2)], VISION, 1)["met"])

    def test_each_operator_has_to_reach_its_aim_within_noise(self):
        good = [place("op_a", 0.97, OPERATORS), place("op_b", 3, OPERATORS)]
        self.assertTrue(results.class_row(good, OPERATORS, 1)["met"])
        bad = [*good, place("op_c", 0.9, OPERATORS)]
        row = results.class_row(bad, OPERATORS, 1)
        self.assertFalse(row["met"])
        self.assertEqual(row["at"], "op_c 1")

    def test_nothing_measured_is_no_row(self):
        self.assertIsNone(results.class_row([place("a", 2)], SMALL, 1))

    def test_slower_places_worst_first(self):
        places = [place("a", 0.9), place("b", 0.98), place("c", 0.5), place("d", 2)]
        self.assertEqual([p["model"] for p in results.slower(places)], ["c", "a"])


class States(unittest.TestCase):
    def setUp(self):
        self.reference = np.linspace(-1, 1, 101, dtype=np.float32)

    def test_right_rough_and_wrong_floats(self):
        for error, state in ((1e-6, "ok"), (2e-3, "rough"), (0.1, "wrong")):
            got = judge.peer_state([self.reference + np.float32(error)], [self.reference])
            self.assertEqual(got.split(":")[0], state)

    def test_the_worst_output_decides(self):
        values = [self.reference, self.reference + 1]
        self.assertTrue(judge.peer_state(values, [self.reference] * 2).startswith("wrong"))

    def test_extents(self):
        one, scalar = np.ones((1, 1), np.float32), np.ones((), np.float32)
        self.assertEqual(judge.peer_state([one], [scalar]), "ok")
        state = judge.peer_state([self.reference[:7]], [self.reference])
        self.assertTrue(state.startswith("wrong: expects float32[101]"), state)

    def test_number_of_outputs(self):
        self.assertTrue(judge.peer_state([], [self.reference]).startswith("wrong: 0"))

    def test_numbers_that_are_none(self):
        bad = self.reference.copy()
        bad[3] = np.nan
        self.assertTrue(judge.peer_state([bad], [self.reference]).startswith("wrong"))

    def test_pixels(self):
        reference = np.full((1, 3, 20, 20), 7, np.uint8)
        value = reference.copy()
        value[0, 0, 0, :5] = 8
        self.assertTrue(judge.peer_state([value], [reference]).startswith("rough"))
        value[0, 0, 0, 0] = 9
        self.assertTrue(judge.peer_state([value], [reference]).startswith("wrong"))


    def test_sets_of_rows(self):
        rows = np.random.default_rng(0).random((40, 7), np.float32)
        self.assertEqual(judge.set_state([rows[::-1]], [rows]), "ok")
        other = rows[::-1].copy()
        other[:2] += 1
        self.assertEqual(judge.set_state([other], [rows]), "rough: 2 of 40 rows differ")
        other[:20] += 1
        self.assertTrue(judge.set_state([other], [rows]).startswith("wrong: 20 of 40"))
        self.assertTrue(judge.set_state([rows[:3]], [rows]).startswith("wrong"))


class Recipes(unittest.TestCase):
    def test_same_arrays_from_the_same_seed(self):
        feed = {"x": recipes.uniform(2, 3), "i": recipes.integers(0, 9, 4),
                "n": recipes.normal(5), "v": recipes.given([3, 1])}
        first, second = recipes.arrays(feed, 7), recipes.arrays(feed, 7)
        for name in feed:
            np.testing.assert_array_equal(first[name], second[name])
        self.assertEqual(first["v"].tolist(), [3, 1])
        self.assertEqual(first["x"].dtype, np.float32)

    def test_scalars_and_nothing(self):
        self.assertEqual(recipes.array(recipes.filled(8000), None).shape, ())
        empty = recipes.array(recipes.normal(1, 0), np.random.default_rng(0))
        self.assertEqual(empty.shape, (1, 0))

    def test_large_arrays_repeat(self):
        large = recipes.array(recipes.normal(300, 300), np.random.default_rng(0))
        flat = large.reshape(-1)
        np.testing.assert_array_equal(flat[recipes.PERIOD:], flat[:90000 - recipes.PERIOD])
        self.assertGreater(len(np.unique(flat)), 60000)

    def test_an_unknown_rule(self):
        with self.assertRaisesRegex(ValueError, "unknown rule 'x'"):
            recipes.array(["float32", [1], "x"], None)

    def test_drawn_sides_are_multiples(self):
        draw, rng = recipes.drawn_images("x", 3, 32, 96, 32), np.random.default_rng(0)
        for _ in range(20):
            shape = draw(rng).feed["x"][1]
            self.assertTrue(all(32 <= d <= 96 and d % 32 == 0 for d in shape[2:]))


class Registry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = all_models()

    def test_names_and_sizes_are_told_apart(self):
        names = [m.name for m in self.models]
        self.assertEqual(len(names), len(set(names)))
        for model in self.models:
            labels = [size.label for size in model.sizes]
            self.assertEqual(len(labels), len(set(labels)), model.name)

    def test_every_class_has_an_aim(self):
        for model in self.models:
            further = [c for size in model.sizes for c in size.classes]
            for name in [model.group, *model.classes, *further]:
                self.assertTrue(name is None or name in AIMS, (model.name, name))

    def test_drawn_requests_have_the_inputs_of_the_sweep(self):
        rng = np.random.default_rng(0)
        for model in filter(lambda m: m.draw, self.models):
            drawn = model.draw(rng).feed
            self.assertEqual(list(drawn), list(model.sizes[0].feed), model.name)
            for name, recipe in drawn.items():
                json.dumps(recipe)  # It travels as JSON.
                self.assertEqual(recipe[0], model.sizes[0].feed[name][0], model.name)


class Rounds(unittest.TestCase):
    class Player:
        def __init__(self, engine, log, fails=False):
            self.engine, self.log, self.fails = engine, log, fails

        def ask(self, do, **_):
            self.log.append(self.engine)
            if self.fails:
                raise EngineError("gone", self.engine)
            return {"seconds": 0.1}

    def test_in_turn_and_begun_by_another_each_time(self):
        log = []
        players = [self.Player(e, log) for e in "abc"]
        rates = {e: measure.Rate(0.1) for e in "abc"}
        samples = measure.rounds_of(players, rates, {}, 3, 60)
        self.assertEqual("".join(log), "abcbcacab")
        self.assertEqual(samples["b"], [0.1] * 3)

    def test_three_rounds_however_short_the_time(self):
        players, rates = [self.Player("a", [])], {"a": measure.Rate(5)}
        self.assertEqual(len(measure.rounds_of(players, rates, {}, 9, 1)["a"]), 3)

    def test_one_that_fails_is_left_out(self):
        players = [self.Player("a", []), self.Player("b", [], fails=True)]
        states, rates = {}, {e: measure.Rate(0.1) for e in "ab"}
        samples = measure.rounds_of(players, rates, states, 3, 60)
        self.assertEqual(list(samples), ["a"])
        self.assertEqual(states["b"], "refused at this size: gone")

    def test_short_calls_are_repeated_and_warmed(self):
        self.assertEqual(measure.Rate(1e-3).count, 20)
        self.assertEqual(measure.Rate(1.0).count, 1)
        self.assertEqual(measure.Rate(1.0).warm, 0)
        self.assertGreaterEqual(measure.Rate(1e-3).warm, 1)


class Reports(unittest.TestCase):
    def data(self, places):
        shapes = [{"model": "a", "threads": 1, "first": {"dycc": 2e-3, "MNN": 4e-3},
                   "second": {"dycc": 1e-3, "MNN": 1e-3}, "requests": 1000,
                   "stream": {"dycc": 1.0, "MNN": 3.0}, "left_out": {}},
                  {"model": "b", "threads": 1,
                   "left_out": {"MNN": "failed at random shapes: X"}}]
        artifacts = {"a": {"dycc": {"file": "x", "seconds": 2.0, "load": 0.5,
                                    "bytes": 2**20}, "MNN": {"error": "no"}}}
        return {"places": places, "threads": [1, 2], "machine": "a machine",
                "seconds": 120, "packages": {"MNN": ["3.6.1", 2**21]}, "shapes": shapes,
                "artifacts": artifacts, "engines": ["dycc", "MNN"], "skipped": {},
                "failed": {}}

    def text(self, *places, causes=()):
        return report.section(self.data(list(places)), causes)

    def test_classes_with_their_aims(self):
        text = self.text(place("a", 2), place("a", 1, threads=2))
        self.assertIn(f"| {VISION} | 1.25 | 2.00 | 1.00 (missed) | 1.00: a 1, 2 threads |",
                      text)

    def test_a_slower_place_has_its_cause(self):
        slow = place("a", 0.5)
        self.assertIn("| a | 1 | 1 | 0.50 | ORT | not known yet |", self.text(slow))
        known = report.causes_of("# comment\na*\tno Winograd\n")
        self.assertIn("| a | 1 | 1 | 0.50 | ORT | no Winograd |",
                      self.text(slow, causes=known))
        self.assertNotIn("more than 5% faster", self.text(place("a", 1)))

    def test_causes_fit_a_size_or_a_model(self):
        causes = [("a 3*", "three"), ("a", "all")]
        self.assertEqual(report.cause(place("a", 1, size="3x3"), causes), "three")
        self.assertEqual(report.cause(place("a", 1, size="1x1"), causes), "all")
        self.assertEqual(report.cause(place("b", 1), causes), report.UNKNOWN)

    def test_what_is_refused_or_wrong(self):
        bad = place("a", 1, states={"dycc": "ok", "ONNX Runtime": "ok",
                                    "MNN": "wrong: off by 1 | 2"})
        self.assertIn("| a | MNN | every size | wrong: off by 1 / 2 |", self.text(bad))

    def test_what_fails_at_random_shapes(self):
        self.assertIn("| b | MNN | random shapes | failed at random shapes: X |",
                      self.text(place("a", 1)))

    def test_shapes_and_artifacts(self):
        text = self.text(place("a", 1))
        self.assertIn("| a | 1 | 2 | 2.00 | 2.00 | MNN | 1000 | 1 | 3.00 | MNN |", text)
        self.assertIn("| a | 2.50 | 1.0 | - | - |", text)
        self.assertIn("MNN 3.6.1, 2.0 MiB installed", text)

    def test_the_time_of_a_call_stands_alone(self):
        text = self.text(place("one_element", 0.5, None), place("a", 1))
        self.assertIn("one element: dycc 1000.0, ONNX Runtime 500.0.", text)
        self.assertNotIn("| one_element | 0.50", text)
        self.assertNotIn("more than 5% faster", text)

    def test_what_was_not_measured(self):
        data = self.data([place("a", 1)])
        data["skipped"] = {"b": "no folder"}
        self.assertIn("| b | no folder |", report.section(data, ()))

    def test_a_page_keeps_what_is_around_the_section(self):
        text = self.text(place("a", 1))
        page = report.placed("before\n", text)
        self.assertTrue(page.startswith("before\n\n" + report.BEGIN))
        newer = self.text(place("a", 3))
        again = report.placed(page + "after\n", newer)
        self.assertEqual(again, "before\n\n" + newer + "\nafter\n")


if __name__ == "__main__":
    unittest.main()
