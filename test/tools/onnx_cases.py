"""What test/models/operators.py makes of the onnx package's cases: forms, second sizes and
what is red. Nothing is compiled."""

import sys
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))

import second_sizes  # noqa: E402
from node_cases import NodeCase  # noqa: E402
from node_forms import CONSTANT, DYNAMIC, FOLDED, STATIC, forms_of, in_form  # noqa: E402
from node_results import Outcome, is_green  # noqa: E402


def case_of(text, *values):
    """A case of a model, with the outputs that the reference gives."""
    model = onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : 18]> {text}')
    inputs = [np.asarray(v) for v in values]
    outputs = ReferenceEvaluator(model).run(
        None, dict(zip((i.name for i in model.graph.input), inputs)))
    return NodeCase("test", "Test", model, [(inputs, outputs)], 1e-3, 1e-7)


def f32(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


TILE = case_of("net (float[2,3] x, int64[2] r) => (float[4,9] y) { y = Tile(x, r) }",
               f32(2, 3), np.array([2, 3]))


class Forms(unittest.TestCase):
    def extents(self, form):
        model, data = in_form(TILE, form)
        return [[d.dim_param or d.dim_value for d in i.type.tensor_type.shape.dim]
                for i in model.graph.input], len(data[0][0])

    def test_what_steers_a_shape_makes_more_forms(self):
        self.assertEqual(forms_of(TILE), (STATIC, DYNAMIC, CONSTANT, FOLDED))
        relu = case_of("net (float[2] x) => (float[2] y) { y = Relu(x) }", f32(2))
        self.assertEqual(forms_of(relu), (STATIC, DYNAMIC))

    def test_forms(self):
        self.assertEqual(self.extents(STATIC), ([[2, 3], [2]], 2))
        # The count of what steers is a rank.
        self.assertEqual(self.extents(DYNAMIC), ([["x_0", "x_1"], [2]], 2))
        self.assertEqual(self.extents(CONSTANT), ([[2, 3]], 1))
        self.assertEqual(self.extents(FOLDED), ([["x_0", "x_1"]], 1))


class Verdicts(unittest.TestCase):
    ROWS = [("test_det*", None, "has no kernel"), ("test_dft", DYNAMIC, "a constant axis")]

    def green(self, name, form, *outcome):
        return is_green((name, form), Outcome(*outcome), self.ROWS)

    def test_a_difference_at_a_second_size_is_red(self):
        self.assertTrue(self.green("test_a", DYNAMIC, "passed", "", ("agrees", "at [3]")))
        self.assertTrue(self.green("test_a", DYNAMIC, "passed", "", ("none", "fixed")))
        self.assertFalse(self.green("test_a", DYNAMIC, "passed", "", ("differs", "at [3]")))

    def test_what_is_listed_has_to_be_refused_and_nothing_else(self):
        self.assertTrue(self.green("test_det_2d", STATIC, "refused"))
        self.assertFalse(self.green("test_det_2d", STATIC, "passed"))
        self.assertTrue(self.green("test_dft", DYNAMIC, "refused"))
        self.assertFalse(self.green("test_dft", STATIC, "refused"))


class SecondSizes(unittest.TestCase):
    def shapes(self, case):
        inputs, outputs = second_sizes.second_size(case)
        return [v.shape for v in inputs], [v.shape for v in outputs]

    def test_all_extents_grow_where_they_may(self):
        self.assertEqual(self.shapes(TILE), ([(3, 4), (2,)], [(6, 12)]))

    def test_equal_extents_grow_together(self):
        product = case_of("net (float[2,3] x, float[3,1] y) => (float[2,1] z) "
                          "<float[1] o = {1}> { z = MatMul(x, y) }", f32(2, 3), f32(3, 1))
        self.assertEqual(self.shapes(product), ([(3, 4), (4, 2)], [(3, 2)]))

    def test_what_is_divided_doubles(self):
        blocks = case_of("net (float[1,4,2,3] x) => (float[1,1,4,6] y) "
                         "{ y = DepthToSpace<blocksize = 2>(x) }", f32(1, 4, 2, 3))
        self.assertEqual(self.shapes(blocks), ([(2, 8, 4, 6)], [(2, 2, 8, 12)]))

    def test_what_a_constant_fixes_stays(self):
        added = case_of("net (float[2,3] x) => (float[2,3] y) <float[1,3] c = {1,2,3}> "
                        "{ y = Add(x, c) }", f32(2, 3))
        self.assertEqual(self.shapes(added), ([(3, 3)], [(3, 3)]))

    def test_inputs_continue_periodically(self):
        (x, _), _ = second_sizes.second_size(TILE)
        self.assertEqual(x.tolist(), [[0, 1, 2, 0], [3, 4, 5, 3], [0, 1, 2, 0]])

    def check_none(self, text, case):
        with self.assertRaises(second_sizes.NoSecondSize) as caught:
            second_sizes.second_size(case)
        self.assertEqual(str(caught.exception), text)

    def test_there_may_be_none(self):
        self.check_none("no other extents are legal", case_of(
            "net (float[2] x) => (float[2] y) <int64[1] s = {2}> { y = Reshape(x, s) }", f32(2)))
        self.check_none("its inputs have no extent that could grow", case_of(
            "net (float x) => (float y) { y = Relu(x) }", f32()))

    def test_an_engine_has_to_give_the_outputs_of_the_case(self):
        wrong = case_of("net (float[2] x) => (float[2] y) { y = Neg(x) }", f32(2))
        wrong.data[0][1][0][0] = 7
        self.check_none("no engine gives the case's own outputs", wrong)


if __name__ == "__main__":
    unittest.main()
