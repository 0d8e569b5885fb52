"""dycc as a backend of the onnx package: run.py installs that behind the other tests."""

import unittest

import ml_dtypes  # Which onnx needs.
import numpy as np
import onnx
from onnx import helper
from onnx.backend.test import BackendTest

import dycc
from dycc import onnx_backend

X = np.array([[1, -2, 3]], np.float32)


def parse(text):
    return onnx.parser.parse_model(f'<ir_version: 9, opset_import: ["" : 20]> {text}')


TWO = parse("""net (float[N, 3] x, float[N, 3] y) => (float[N, 3] s, float[N, 3] d)
               { s = Add(x, y)
                 d = Sub(x, y) }""")
REFUSED = parse("net (uint8[N] x) => (uint8[H, W, 3] y) { y = ImageDecoder(x) }")


class Models(unittest.TestCase):
    def test_inputs_in_order_or_by_name(self):
        made = onnx_backend.prepare(TWO)
        for inputs in ([X, 2 * X], (X, 2 * X), {"y": 2 * X, "x": X}):
            outputs = made.run(inputs)
            self.assertIsInstance(outputs, tuple)
            np.testing.assert_array_equal(outputs[0], 3 * X)
            np.testing.assert_array_equal(outputs["d"], -X)

    def test_other_extents_run_too(self):
        made = onnx_backend.prepare(TWO)
        wide = np.ones((7, 3), np.float32)
        np.testing.assert_array_equal(made.run([wide, wide])[0], 2 * wide)

    def test_a_single_array(self):
        model = parse("net (float[N, 3] x) => (float[N, 3] y) { y = Neg(x) }")
        np.testing.assert_array_equal(onnx_backend.run_model(model, X)[0], -X)

    def test_types_of_ml_dtypes(self):
        model = onnx.parser.parse_model('''<ir_version: 10, opset_import: ["" : 25]>
            net (float8e4m3fn[N] x, int4[N] i) => (float8e5m2[N] y, uint2[N] u)
            { y = Cast<to = 19>(x)
              u = Cast<to = 25>(i) }''')
        x = np.array([1, -2, 448], ml_dtypes.float8_e4m3fn)
        i = np.array([-1, 6, -8], ml_dtypes.int4)
        y, u = onnx_backend.run_model(model, [x, i])
        self.assertEqual((y.dtype.name, u.dtype.name), ("float8_e5m2", "uint2"))
        self.assertEqual(y.astype(float).tolist(), [1, -2, 448])
        self.assertEqual(u.astype(int).tolist(), [3, 2, 0])

    def test_options_of_the_compiler(self):
        made = onnx_backend.prepare(TWO, dims={"N": (1, 4)}, threads=1, rtol=1)
        self.assertEqual(made.model.symbols[0][1:], (1, 4, 1))

    def test_too_many_inputs(self):
        with self.assertRaisesRegex(ValueError, "^got 3 inputs, the model has 2$"):
            onnx_backend.prepare(TWO).run([X, X, X])

    def test_what_is_refused(self):
        self.assertTrue(onnx_backend.is_compatible(TWO))
        self.assertFalse(onnx_backend.is_compatible(REFUSED))
        with self.assertRaisesRegex(dycc.CompileError, "pixels come from"):
            onnx_backend.prepare(REFUSED)

    def test_a_wrong_option_is_no_refusal(self):
        with self.assertRaises(dycc.CompileError) as caught:
            onnx_backend.is_compatible(TWO, flags=["--no-such-option"])
        self.assertEqual(caught.exception.status, "usage")

    def test_devices(self):
        self.assertTrue(onnx_backend.supports_device("CPU"))
        self.assertTrue(onnx_backend.supports_device("CPU:0"))
        self.assertFalse(onnx_backend.supports_device("CUDA"))
        with self.assertRaisesRegex(ValueError, "^runs on CPU, got device CUDA$"):
            onnx_backend.prepare(TWO, "CUDA")


class Nodes(unittest.TestCase):
    def test_shape_inference_says_what_the_outputs_are(self):
        node = helper.make_node("Concat", ["a", "b"], ["c"], axis=0)
        outputs = onnx_backend.run_node(node, [X, X])
        np.testing.assert_array_equal(outputs["c"], np.concatenate([X, X]))

    def test_the_caller_says_it(self):
        node = helper.make_node("Relu", ["x"], ["y"])
        outputs = onnx_backend.run_node(node, X, outputs_info=[(X.dtype, X.shape)])
        np.testing.assert_array_equal(outputs[0], np.maximum(X, 0))

    def test_opset_and_absent_inputs(self):
        # Up to opset 12 a softmax is over all axes from `axis` on, 1 where not given.
        node = helper.make_node("Softmax", ["x"], ["y"])
        cube = np.zeros((1, 2, 2), np.float32)
        self.assertEqual(onnx_backend.run_node(node, cube, opset_version=11)[0].max(), 0.25)
        self.assertEqual(onnx_backend.run_node(node, cube)[0].max(), 0.5)
        node = helper.make_node("Clip", ["x", "", "most"], ["y"])
        outputs = onnx_backend.run_node(node, [X, np.float32(0)])
        np.testing.assert_array_equal(outputs[0], np.minimum(X, 0))

    def test_one_array_for_each_input(self):
        with self.assertRaisesRegex(ValueError, "^got 1 inputs, the node has 2$"):
            onnx_backend.run_node(helper.make_node("Add", ["x", "y"], ["z"]), [X])


class TestsOfOnnx(unittest.TestCase):
    def test_some_cases(self):  # All of them: test/models/backend_test.py.
        tests = BackendTest(onnx_backend.Backend, __name__)
        tests.include("^test_(add|add_bcast|softmax_axis_1|image_decoder_decode_bmp_rgb|single_relu_model)_c")
        result = unittest.TestResult()
        suites = tests.test_cases
        for suite in suites.values():
            for name in unittest.defaultTestLoader.getTestCaseNames(suite):
                suite(name).run(result)
        ran = result.testsRun - len(result.skipped)
        self.assertEqual((ran, len(result.failures)), (5, 0))
        self.assertEqual([str(test).split()[0] for test, _ in result.errors],
                         ["test_image_decoder_decode_bmp_rgb_cpu"])


if __name__ == "__main__":
    unittest.main()
