"""The quality-of-service controller in Python: names, and what is refused. Its rules are
tested in test/unit."""

import unittest

import numpy as np

import dycc
from common import MODELS, Test

SECONDS = {"large": 0.030, "small": 0.005}


class Controller(Test):
    def test_choosing(self):
        controller = dycc.QosController(SECONDS, {"small": 1, "large": 2}, frame_rate=25)
        self.assertEqual(controller.variants, ["large", "small"])
        self.assertEqual(controller.predict(), SECONDS)
        self.assertEqual(controller.choose(), "small")
        for _ in range(200):
            controller.report(SECONDS[controller.choose(0.001)])
        self.assertEqual(controller.choose(), "large")
        controller.report(0.060)
        self.assertEqual(controller.choose(), "small")

    def test_what_is_better_without_qualities(self):
        controller = dycc.QosController(SECONDS, deadline=0.050, hold=5)
        for _ in range(60):
            controller.report(SECONDS[controller.choose()])
        self.assertEqual(controller.choose(), "large")

    def test_other_extents(self):
        controller = dycc.QosController(SECONDS, frame_rate=25)
        controller.update({"small": 0.010, "large": 0.060})
        self.assertEqual(controller.predict(), {"large": 0.060, "small": 0.010})

    def test_a_family(self):
        path = dycc.compile_family(
            {"few": MODELS / "small.onnx", "many": MODELS / "large.onnx"},
            MODELS / "controlled.so", dims={"N": (1, 64)})
        with dycc.load(path, threads=1) as family:
            costs = family.query(N=64)
            controller = dycc.QosController({name: c.seconds for name, c in costs.items()},
                                            deadline=60)
            seen = set()
            for _ in range(100):
                family.select(controller.choose())
                family(np.ones(64, np.float32))
                seen.add(family.variant)
                controller.report(0.001)
            self.assertEqual(seen, {"few", "many"})

    def test_refusals(self):
        self.refuses("expects a deadline or a frame_rate, got neither",
                     lambda: dycc.QosController(SECONDS))
        self.refuses("got no variants, expects at least one",
                     lambda: dycc.QosController({}, frame_rate=25))
        self.refuses("variant 1: seconds is 0, expects more than 0",
                     lambda: dycc.QosController({"a": 1, "b": 0}, frame_rate=25))
        self.refuses("there is no variant 'big', expected one of ['large', 'small']",
                     lambda: dycc.QosController(SECONDS, {"big": 1}, frame_rate=25))
        self.refuses("no value for variant 'small'",
                     lambda: dycc.QosController(SECONDS, {"large": 1}, frame_rate=25))
        controller = dycc.QosController(SECONDS, frame_rate=25)
        self.refuses("the frame took nan seconds, expects a finite number above 0",
                     lambda: controller.report(float("nan")))
        self.refuses("no value for variant 'large'", lambda: controller.update({"small": 1}))


if __name__ == "__main__":
    unittest.main()
