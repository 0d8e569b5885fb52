"""How far results may be apart, for dycc-compare."""

import json
import unittest

import ml_dtypes
import numpy as np

from dycc.compare._rule import Tolerance, deviation


class Rule(unittest.TestCase):
    def check(self, found, expected, differs, **tolerance):
        result = deviation(np.array(found), np.array(expected), Tolerance(**tolerance))
        self.assertEqual(result.differs, differs, result)
        return result

    def test_floats(self):
        self.check([1.0005, 100], [1.0, 100], False)
        found = self.check([1.0, 100.2], [1.0, 100], True)
        self.assertEqual((found.index, found.found, found.expected), ((1,), 100.2, 100))
        self.check([0.0, 1e-9], [0.0, 0], True)
        self.check(2.0, 3.0, True)
        self.check(2.0, 3.0, False, rtol=0, atol=1)
        self.check(np.zeros((0, 3)), np.zeros((0, 3)), False)

    def test_nan_and_infinities(self):
        nan, inf = np.nan, np.inf
        self.check([nan, inf, -inf, 1], [nan, inf, -inf, 1], False)
        for found, expected in ((nan, 1.0), (1.0, nan), (inf, -inf), (1.0, inf), (inf, nan)):
            result = self.check([0.0, found], [0.0, expected], True)
            self.assertEqual(result.index, (1,))
        json.dumps(self.check([nan], [inf], True).found, allow_nan=False)
        self.check([inf, 100.2], [inf, 100.0], True)  # An infinity allows nothing more.

    def test_narrow_floats(self):
        for kind in (np.float16, ml_dtypes.bfloat16):
            one, more = np.array([1], kind), np.array([1.5], kind)
            self.assertFalse(deviation(one, one).differs)
            self.assertTrue(deviation(one, more).differs)

    def test_exact_types(self):
        big = 2**62
        self.assertEqual(self.check([5, big], [5, big + 1], True).expected, big + 1)
        self.check([5, big], [5, big], False)
        self.assertEqual(self.check([True, False], [True, True], True).found, False)
        self.assertEqual(self.check(["a", "b"], ["a", "c"], True).found, "b")
        self.assertEqual(self.check(np.uint8([0, 9]), np.uint8([255, 9]), True).by, 255)

    def test_shapes_and_types(self):
        self.assertEqual(self.check([1.0], [[1.0]], True).text,
                         "is float64[1], expects float64[1, 1]")
        self.check(np.float32([1]), np.float64([1]), True)


if __name__ == "__main__":
    unittest.main()
