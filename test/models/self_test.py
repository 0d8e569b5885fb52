#!/usr/bin/env python3
"""Checks the checkers: that the comparison lets rounding pass and nothing
else, and that a refusal has to name all that is refused."""

import contextlib
import io
import sys
import tempfile
import unittest
import unittest.mock

import numpy as np
import onnx

import paths
import random_operators
import refusal
from compare import compare, in_double, judge

import boxes  # noqa: E402
import reader  # noqa: E402
from builder import BOOL, F32, U8, Graph  # noqa: E402


def f32(*values):
    return np.array(values, np.float32)


class Comparison(unittest.TestCase):
    def check(self, value, reference, good):
        self.assertEqual(compare(value, reference).ok, good)

    def test_rounding_passes(self):
        self.check(f32(1.0005, 100), f32(1, 100), True)

    def test_deviation_fails(self):
        self.check(f32(1.0, 100.2), f32(1, 100), False)
        self.check(f32(0.0102, 100), f32(0, 100), False)

    def test_zero_asks_for_zero(self):
        self.check(f32(0, 1e-9), f32(0, 0), False)
        self.check(f32(0, 0), f32(0, 0), True)

    def test_nan_only_where_the_reference_has_it(self):
        self.check(f32(np.nan, 1), f32(np.nan, 1), True)
        self.check(f32(np.nan, 1), f32(1, 1), False)
        self.check(f32(1, 1), f32(np.nan, 1), False)
        self.check(f32(np.inf, 1), f32(-np.inf, 1), False)

    def test_transposed_result_fails(self):
        square = np.arange(9, dtype=np.float32).reshape(3, 3)
        self.check(square.T, square, False)

    def test_shape_and_type_count(self):
        self.check(f32(1, 2)[None], f32(1, 2), False)
        self.check(np.array([1, 2]), f32(1, 2), False)

    def test_integers_are_exact(self):
        self.check(np.array([1, 2]), np.array([1, 3]), False)

    def test_images_may_be_one_level_off_in_few_places(self):
        reference = np.full((1, 3, 100, 100), 7, np.uint8)
        off = reference.copy()
        off[0, 0, 0, :3] += 1
        self.check(off, reference, True)
        off[0, 0, 1, 0] += 1
        self.check(off, reference, False)
        off = reference.copy()
        off[0, 0, 0, 0] += 2
        self.check(off, reference, False)

    def test_float64_reference(self):
        g = Graph()
        x = g.input("x", F32, ["N"])
        g.output("y", g.op("Div", x, g.constant(3, np.float32)), F32, ["N"])
        with tempfile.TemporaryDirectory() as folder:
            file = g.save(f"{folder}/third.onnx", "third")
            result, = in_double(file, {"x": f32(1)})
        self.assertEqual(result.dtype, np.float64)
        self.assertEqual(result[0], 1 / 3)

    def test_float64_decides_about_images(self):
        g = Graph()
        x = g.input("x", F32, [1, 1, 1, "N"])
        near = g.op("Add", x, g.constant(0.49999998, np.float32))
        g.output("y", g.op("Cast", g.op("Round", near), to=U8), U8, [1, 1, 1, "N"])
        with tempfile.TemporaryDirectory() as folder:
            file = g.save(f"{folder}/image.onnx", "image")
            feed = {"x": np.arange(1, 5, dtype=np.float32).reshape(1, 1, 1, 4)}
            truth, = in_double(file, feed)
            verdict = lambda mine, theirs: judge(file, feed, [mine], [theirs])[0].ok
            self.assertTrue(verdict(truth, truth + 1))
            self.assertFalse(verdict(truth + 1, truth))


class Refusals(unittest.TestCase):
    """Two nodes without a kernel, one of them in a branch."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        g = Graph()
        x, test = g.input("x", F32, ["N"]), g.input("test", BOOL, [])
        b = g.branch()
        b.output("t", b.op("ImageDecoder", x), F32, ["N"])
        other = g.branch()
        other.output("e", x, F32, ["N"])
        y = g.op("If", test, then_branch=b.graph("then"), else_branch=other.graph("else"))
        g.output("y", g.op("ImageDecoder", y), F32, ["N"])
        self.file = f"{self.folder.name}/pixels.onnx"
        onnx.save(g.model("pixels"), self.file)
        self.names = refusal.nodes(onnx.load(self.file), {"ImageDecoder"})

    def problem(self, names, code=1, text="has no kernel"):
        lines = "\n".join(f"error: node '{name}': {text}" for name in names)
        return refusal.problem(self.file, {"ImageDecoder"}, code, lines)

    def test_all_nodes_have_to_be_named(self):
        self.assertEqual(len(self.names), 2)
        self.assertEqual(self.problem(self.names), "")
        self.assertIn(self.names[1], self.problem(self.names[:1]))

    def test_a_crash_is_no_refusal(self):
        self.assertIn("exit code 1", self.problem(self.names, code=3))

    def test_texts_are_short_and_our_own(self):
        self.assertIn("characters", self.problem(self.names, text="long " * 99))
        self.assertIn("library", self.problem(self.names, text="Halide says no"))


class Reading(unittest.TestCase):
    """What the demo does around the models that read text."""

    def test_lines_are_found_from_top_to_bottom(self):
        chart = np.zeros((64, 96), np.float32)
        chart[40:50, 10:70] = chart[8:16, 30:90] = 0.9
        chart[20:22, 5:7] = 0.9  # Too small for a line.
        found = boxes.find(chart)
        self.assertEqual(len(found), 2)
        corners, score = found[0]
        grown = boxes.GROWTH * 60 * 8 / 2 / (60 + 8)  # On each side.
        want = np.array([[30, 8], [90, 8], [90, 16], [30, 16]]) + grown * np.array(
            [[-1, -1], [1, -1], [1, 1], [-1, 1]])
        np.testing.assert_allclose(corners, want, atol=1e-6)
        self.assertAlmostEqual(score, 0.9, places=6)

    def test_a_turned_line_has_a_turned_box(self):
        y, x = np.mgrid[:80, :80]
        along, across = (x + y - 80) / 2**0.5, (y - x) / 2**0.5
        found = boxes.find(((abs(along) < 30) & (abs(across) < 5)).astype(np.float32))
        (corners, _), = found
        side = corners[1] - corners[0]
        self.assertAlmostEqual(np.degrees(np.arctan2(side[1], side[0])), 45, delta=2)

    def test_parts_of_one_component_meet_below(self):
        mask = np.zeros((6, 9), bool)
        mask[0:5, 1] = mask[0:5, 7] = mask[4, 1:8] = True  # A U.
        self.assertEqual(len(boxes.components(mask)), 1)
        mask[4, 4] = False
        self.assertEqual(len(boxes.components(mask)), 2)

    def test_repeated_classes_are_one_character(self):
        steps = np.eye(4, dtype=np.float32)[[0, 1, 1, 0, 1, 2, 2, 0, 3]]
        self.assertEqual(reader.decode(steps, "abc"), ("aabc", 1.0))
        self.assertEqual(reader.decode(steps[:1], "abc"), ("", 0.0))


class RandomOperators(unittest.TestCase):
    def test_every_compiled_operator_has_a_rule(self):
        self.assertEqual(random_operators.without_rule(), [])

    def test_an_operator_without_a_rule_is_named(self):
        with unittest.mock.patch.dict(random_operators.RULES):
            del random_operators.RULES["", "Conv"]
            self.assertEqual(random_operators.without_rule(), [("", "Conv")])

    def test_an_operator_of_which_nothing_counts_is_named(self):
        counts = [(key, None) for key in random_operators.RULES]
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertTrue(random_operators.show_shares(counts, whole=True))
        counts[0] = (counts[0][0], "refused")
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertFalse(random_operators.show_shares(counts, whole=True))
        self.assertIn(f"never reached: {counts[0][0][1]}", said.getvalue())


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False).result.wasSuccessful())
