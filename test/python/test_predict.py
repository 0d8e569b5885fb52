"""What runs are thought to take, and functions of widths made of it."""

import json
import tempfile
import unittest
from pathlib import Path

import dycc
from common import MODELS, Test


def machine_file(folder, title, prices):
    path = Path(folder) / "machine.json"
    path.write_text(json.dumps({"dycc machine": 1, "machine": title, "threads": 1,
                                "picoseconds": prices}))
    return path


class Predicting(Test):
    def test_a_library_says_the_same(self):
        with dycc.Oracle() as oracle, tempfile.TemporaryDirectory() as folder:
            rough = oracle.load(MODELS / "scale.onnx")
            self.assertFalse(rough.measured)
            self.assertEqual(set(rough.symbols), {"N", "H", "W"})
            # Prices of this machine, so that any is as good as another.
            path = machine_file(folder, rough.machine,
                                {"loops_vectors": {"bytes": 25, "launch": 3000000}})
            with dycc.Oracle(path) as measured:
                prediction = measured.load((MODELS / "scale.onnx").read_bytes())
                self.assertTrue(prediction.measured)
                model = dycc.compile(MODELS / "scale.onnx", flags=["--machine", str(path)])
                for extents in ({"N": 1, "H": 32, "W": 48}, {"N": 2, "H": 1080, "W": 7}):
                    figures = prediction(**extents)
                    self.assertEqual(figures.seconds, model.estimate(**extents))
                    self.assertGreater(figures.seconds, 3e-6)
                    self.assertLessEqual(figures.arena_bytes,
                                         model.peak(**extents).arena_bytes)
                figures = dycc.predict(MODELS / "scale.onnx", machine=path, N=1, H=2, W=2)
                self.assertEqual(figures, prediction(N=1, H=2, W=2))

    def test_dims_that_are_declared(self):
        with dycc.Oracle() as oracle:
            prediction = oracle.load(MODELS / "scale.onnx", dims={"N": (1, 8), "H": 640})
            self.assertGreater(prediction(N=8, W=480).seconds, prediction(N=1, W=48).seconds)

    def test_what_is_refused(self):
        oracle = dycc.Oracle()
        prediction = oracle.load(MODELS / "scale.onnx", dims={"H": (16, 64)})
        self.refuses("at 'H=7': expected a number in [16, 64], multiple of 1", lambda: prediction(H=7))
        self.refuses("at 'Q=7': is no extent of the inputs, expected one of H, N, W", lambda: prediction(Q=7))
        self.compile_refuses("no_model.onnx", "refused", lambda: oracle.load("no_model.onnx"))
        self.compile_refuses("error: node", "refused",
                             lambda: oracle.load(MODELS / "unknown.onnx"))
        self.assertGreater(prediction(H=32).seconds, 0)
        oracle.close()
        self.refuses("the oracle is closed", lambda: prediction(H=32))
        with dycc.Oracle(flags=["--nonsense"]) as broken:
            self.compile_refuses("--nonsense", "usage",
                                 lambda: broken.load(MODELS / "scale.onnx"))
        with tempfile.TemporaryDirectory() as folder:
            path = machine_file(folder, "pdp-11", {})
            with dycc.Oracle(path) as other:
                self.compile_refuses("is for machine 'pdp-11', expects", "refused",
                                     lambda: other.load(MODELS / "scale.onnx"))


class Surrogates(Test):
    def test_between_and_beyond_the_points(self):
        made = dycc.Surrogate.of(lambda a, b: a * b + 2, {"a": [1, 2, 4], "b": [10, 20]})
        for a, b in ((1, 10), (2, 20), (3, 15), (1.5, 12), (6, 30), (0, 0)):
            seconds, gradient = made.with_gradient(a=a, b=b)
            self.assertAlmostEqual(seconds, a * b + 2)
            self.assertAlmostEqual(gradient["a"], b)
            self.assertAlmostEqual(gradient["b"], a)
            self.assertEqual(made(a=a, b=b), seconds)

    def test_a_file(self):
        made = dycc.Surrogate({"a": [1, 3]}, [5, 9])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "s.json"
            made.write(path)
            self.assertEqual(dycc.Surrogate.read(path)(a=2), 7)
            path.write_text('{"axes": {"a": [1, 3]}}')
            with self.assertRaisesRegex(dycc.Error, "expected a surrogate's JSON, got: .*seconds"):
                dycc.Surrogate.read(path)

    def test_what_is_refused(self):
        for axes, values, text in (
                ({"a": [1]}, [1], "two numbers or more that rise"),
                ({"a": [2, 1]}, [1, 2], "two numbers or more that rise"),
                ({"a": [1, 2]}, [1], "values are 1 numbers, expected 2")):
            with self.assertRaisesRegex(dycc.Error, text):
                dycc.Surrogate(axes, values)
        with self.assertRaisesRegex(dycc.Error, r"got widths \['b'\], expected \['a'\]"):
            dycc.Surrogate({"a": [1, 2]}, [1, 2])(b=1)


if __name__ == "__main__":
    unittest.main()
