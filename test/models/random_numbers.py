#!/usr/bin/env python3
"""Draws random numbers and looks at how they are distributed.

    test/models/random_numbers.py [--dycc build/bin/dycc]

Each operator that draws, in several types and shapes: mean, deviation and the
distance from the distribution (Kolmogorov and Smirnov's) are within what one in
a million draws of that many numbers exceeds. Runs draw other numbers, contexts
the same ones in the same order.
"""

import argparse
import itertools
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
from onnx import TensorProto

import paths
import dycc  # On the path by `paths`.
from builder import BOOL, F32, I64, Graph

DYCC = paths.BUILD / "bin" / "dycc"
F64, F16, I32 = TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.INT32


def normal(x):
    return np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])


class RandomNumbers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.numbers = itertools.count()

    def compiled(self, graph):
        name = f"random{next(self.numbers)}"  # A library is loaded once by its path.
        path, library = (Path(self.folder.name) / f"{name}.{end}" for end in ("onnx", "so"))
        graph.save(str(path), name)
        subprocess.run([str(DYCC), str(path), "-o", str(library)], check=True)
        model = dycc.load(library, threads=1)
        self.addCleanup(model.close)
        return lambda feed, seed=0: list(model.run(feed, seed=seed).values())

    def like(self, kind, result=F32, given=F32, shape=("N", "M"), **attributes):
        g = Graph(17)
        x = g.input("x", given, list(shape))
        g.output("y", g.op(kind, x, **attributes), result, list(shape))
        return self.compiled(g)

    def assert_follows(self, values, distribution, coarse=0.0):
        """The largest distance of two distributions that one draw in a million has."""
        values = np.sort(np.asarray(values, np.float64).reshape(-1))
        steps = np.arange(values.size + 1) / values.size
        expected = distribution(values)
        distance = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
        self.assertLess(distance, math.sqrt(math.log(2e6) / 2 / values.size) + coarse)

    def test_uniform(self):
        for dtype, kind in ((F32, np.float32), (F64, np.float64), (F16, np.float16)):
            model = self.like("RandomUniformLike", dtype, low=-2.0, high=3.0, dtype=dtype)
            y, = model({"x": np.zeros((97, 131), np.float32)})
            self.assertEqual(y.dtype, kind)
            self.assertTrue((y >= -2).all() and (y <= 3).all())
            self.assert_follows((y.astype(np.float64) + 2) / 5, lambda v: v,
                                coarse=1e-3 if dtype == F16 else 0)

    def test_normal(self):
        for dtype in (F32, F64):
            model = self.like("RandomNormalLike", dtype, mean=1.0, scale=2.0, dtype=dtype)
            y, = model({"x": np.zeros((131, 97), np.float32)})
            self.assertTrue(np.isfinite(y).all())
            self.assert_follows((y - 1) / 2, normal)

    def test_given_shapes(self):
        g = Graph(17)
        for name, kind in (("u", "RandomUniform"), ("n", "RandomNormal")):
            g.output(name, g.op(kind, shape=[64, 65]), F32, [64, 65])
        u, n = self.compiled(g)({})
        self.assert_follows(u, lambda v: v)
        self.assert_follows(n, normal)
        # Neighbours have nothing to do with each other, nor the two tensors.
        for a, b in ((u[:, 1:], u[:, :-1]), (u[1:], u[:-1]), (u, n)):
            correlation = np.corrcoef(a.reshape(-1), b.reshape(-1))[0, 1]
            self.assertLess(abs(correlation), 5 / math.sqrt(a.size))

    def test_bernoulli(self):
        model = self.like("Bernoulli", BOOL, dtype=BOOL)
        for p in (0.0, 0.125, 0.5, 1.0):
            y, = model({"x": np.full((100, 200), p, np.float32)})
            deviation = math.sqrt(p * (1 - p) / y.size)
            self.assertLessEqual(abs(y.mean() - p), 5 * deviation)

    def test_multinomial(self):
        g = Graph(17)
        x = g.input("x", F32, ["N", "C"])
        g.output("y", g.op("Multinomial", x, sample_size=5000, dtype=I32), I32, ["N", 5000])
        model = self.compiled(g)
        weights = np.array([[0.1, 0.2, 0.0, 0.7], [1, 1, 1, 1], [0, 0, 0, 1]])
        with np.errstate(divide="ignore"):
            y, = model({"x": np.log(weights).astype(np.float32)})
        for row, share in zip(y, weights / weights.sum(1, keepdims=True)):
            found = np.bincount(row, minlength=4) / row.size
            limit = 5 * np.sqrt(share * (1 - share) / row.size)
            self.assertTrue((np.abs(found - share) <= limit).all(), (found, share))

    def test_dropout(self):
        g = Graph(17)
        x, ratio = g.input("x", F32, ["N", "M"]), g.input("ratio", F32, [])
        y, mask = g.op("Dropout", x, ratio, g.input("training", BOOL, []), outputs=2)
        g.output("y", y, F32, ["N", "M"])
        g.output("mask", mask, BOOL, ["N", "M"])
        model = self.compiled(g)
        x = np.random.default_rng(1).normal(size=(100, 200)).astype(np.float32)
        for share, training in ((0.0, True), (0.125, True), (0.5, True), (0.5, False)):
            y, mask = model({"x": x, "ratio": np.array(share, np.float32),
                             "training": np.array(training)})
            share *= training
            deviation = math.sqrt(share * (1 - share) / y.size)
            self.assertLessEqual(abs(mask.mean() - 1 + share), 5 * deviation)
            np.testing.assert_allclose(y, np.where(mask, x / (1 - share), 0), rtol=1e-6)

    def test_which_numbers(self):
        model = self.like("RandomNormalLike")
        other = self.like("RandomNormalLike")
        x = {"x": np.zeros((3, 5), np.float32)}
        runs = [model(x)[0] for _ in range(3)]
        self.assertFalse(np.array_equal(runs[0], runs[1]))
        for run in runs:  # Another context draws the same ones in its turn.
            np.testing.assert_array_equal(run, other(x)[0])

    def test_seeds_of_runs(self):
        model = self.like("RandomNormalLike")
        x = {"x": np.zeros((3, 5), np.float32)}
        one, two, again, on = (model(x, s)[0] for s in (1, 2, 1, 0))
        np.testing.assert_array_equal(one, again)
        for other in (two, on):
            self.assertFalse(np.array_equal(one, other))

    def test_seeds(self):
        g = Graph(17)
        for i, seed in enumerate((1.0, 1.0, 2.0)):
            g.output(f"y{i}", g.op("RandomUniform", shape=[9], seed=seed), F32, [9])
        a, b, c = self.compiled(g)({})
        for left, right in ((a, b), (a, c), (b, c)):
            self.assertFalse(np.array_equal(left, right))

    def test_loops(self):
        g = Graph(17)
        trips = g.input("trips", I64, [])
        b = g.branch()
        b.input("trip", I64, [])
        b.input("going", BOOL, [])
        b.output("again", b.constant(True, bool), BOOL, [])
        b.output("row", b.op("RandomUniform", shape=[7]), F32, [7])
        rows = g.op("Loop", trips, "", body=b.graph("body"))
        g.output("rows", rows, F32, ["T", 7])
        y, = self.compiled(g)({"trips": np.array(400)})
        self.assertEqual(len(np.unique(y, axis=0)), 400)
        self.assert_follows(y, lambda v: v)


def main():
    global DYCC
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--dycc", type=Path, default=DYCC)
    args, rest = parser.parse_known_args()
    DYCC = args.dycc
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
