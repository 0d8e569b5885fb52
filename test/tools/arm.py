"""What tools/bench/arm makes of code, and that inner loops stay near their limit."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "bench")]

from arm_parts import kernels, loops  # noqa: E402

DYCC = sys.argv.pop(1)
# Of each kernel the share of the limit that a loop has at least.
LEAST = {"product, f32": 0.9, "convolution 1x1, f32": 0.9, "convolution 3x3, f32": 0.9,
         "convolution 3x3 by Winograd, f32": 0.9, "product, stored in f16": 0.65, "product, 8 bits, dotprod": 0.8,
         "convolution 3x3, 8 bits, dotprod": 0.9}


class Loops(unittest.TestCase):
    def test_products_are_told_from_other_instructions(self):
        self.assertTrue(loops.is_product("sdot v1.4s, v2.16b, v3.4b[1]"))
        self.assertFalse(loops.is_product("add v1.4s, v2.4s, v3.4s"))

    def test_independent_products_have_sums_of_their_own(self):
        self.assertEqual(loops.independent(["fmla v7.4s, v8.4s, v9.s[1]"] * 2),
                         ["fmla v0.4s, v30.4s, v28.s[1]", "fmla v1.4s, v30.4s, v28.s[1]"])

    def test_elements_of_instructions_are_counted(self):
        self.assertEqual(loops.multiplications(
            ["fmla v1.4s, v2.4s, v3.s[0]", "sdot v1.4s, v2.16b, v3.4b[1]",
             "smmla v1.4s, v2.16b, v3.16b", "add v1.4s, v2.4s, v3.4s"]), 4 + 16 + 32)

    def test_products_of_matrices_are_faster_than_dot_products(self):
        for name in ("product, 8 bits", "convolution 3x3, 8 bits"):
            for core, faster in (("cortex-a715", 1.15), ("neoverse-v1", 1.15)):
                with self.subTest(f"{name} on {core}"):
                    self.assertGreaterEqual(self.rate(f"{name}, i8mm", core),
                                            faster * self.rate(f"{name}, dotprod", core))

    def rate(self, name, core):
        """Elements that a kernel multiplies in a cycle; its sums stay in registers."""
        kernel, = [kernel for kernel in kernels.KERNELS if kernel.name == name]
        with tempfile.TemporaryDirectory() as folder:
            loop = loops.hottest(kernels.compiled(kernel, DYCC, Path(folder)))
        self.assertFalse([line for line in loop if "[sp" in line])
        return loops.multiplications(loop) / loops.cycles(loop, core)

    def test_inner_loops_stay_near_their_limit(self):
        for kernel in kernels.KERNELS:
            if kernel.name not in LEAST:
                continue
            with self.subTest(kernel.name), tempfile.TemporaryDirectory() as folder:
                loop = loops.hottest(kernels.compiled(kernel, DYCC, Path(folder)))
                products = [line for line in loop if loops.is_product(line)]
                self.assertGreaterEqual(len(products), 80)
                self.assertFalse([line for line in loop if "[sp" in line])
                for core in ("cortex-a78", "neoverse-v1"):
                    limit = loops.cycles(loops.independent(products), core)
                    self.assertGreaterEqual(limit / loops.cycles(loop, core),
                                            LEAST[kernel.name], core)


if __name__ == "__main__":
    unittest.main()
