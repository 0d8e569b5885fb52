"""What a loaded model says, takes and gives back, and its threads."""

import ast
import ctypes
import json
import sys
import threading
import time
import unittest
from pathlib import Path

import numpy as np

import dycc
from common import MODELS, Test, model


class Blocks:
    """An allocator that counts, and refuses when it is told to."""

    def __init__(self):
        self.blocks, self.failure = {}, None

    def allocate(self, count, alignment):
        if self.failure:
            return self.failure()
        memory = ctypes.create_string_buffer(count + alignment)
        address = -(-ctypes.addressof(memory) // alignment) * alignment
        self.blocks[address] = memory, count, alignment
        return address

    def release(self, address, count, alignment):
        assert self.blocks.pop(address)[1:] == (count, alignment)


class Families(Test):
    def setUp(self):
        self.path = dycc.compile_family(
            {"few": MODELS / "small.onnx", "many": MODELS / "large.onnx"},
            MODELS / "family.so", dims={"N": (1, 64)})

    def test_selecting(self):
        x = np.float32([1, -2])
        with dycc.load(self.path, threads=1) as family:
            self.assertEqual((family.variants, family.variant), (["few", "many"], "few"))
            np.testing.assert_array_equal(family(x), [1, 2])
            family.reserve()
            family.select("many")
            self.assertEqual((family.name, family.variant), ("many", "many"))
            self.assertEqual(family.outputs[0].shape, ("2 * N",))
            np.testing.assert_array_equal(family(x), [-1, 2, -1, 2])
            family.select("few")
            np.testing.assert_array_equal(family(x), [1, 2])
            self.refuses("the model has no variant 'most', expected one of 'few', 'many'",
                         lambda: family.select("most"))
        self.refuses("the model is closed", lambda: family.select("few"))

    def test_what_variants_take(self):
        family = dycc.load(self.path, threads=1, variant="many")
        self.assertEqual(family.variant, "many")
        costs = family.query(N=64)
        self.assertEqual(list(costs), ["few", "many"])
        self.assertGreater(costs["many"].seconds, costs["few"].seconds)
        self.assertEqual(costs["many"].peak, family.peak(N=64))
        self.assertEqual(costs["many"].seconds, family.estimate(N=64))
        self.refuses("symbol N is 65, expects 1 to 64", lambda: family.query(N=65))

    def test_qualities(self):
        self.assertEqual(dycc.load(self.path, threads=1).qualities, {})
        file = MODELS / "family.json"
        file.write_text(json.dumps(
            {"variants": [{"name": "few", "model": "small.onnx", "quality": 30.5},
                          {"name": "many", "model": "large.onnx", "quality": 32}]}))
        rated = dycc.load(dycc.compile_file(file, MODELS / "rated.so"), threads=1)
        self.assertEqual(rated.qualities, {"few": 30.5, "many": 32})

    def test_a_model_is_no_family(self):
        plain = model("small")
        self.assertEqual((plain.variants, plain.variant), ([], None))
        self.assertEqual(plain.qualities, {})
        self.assertEqual(plain.query(N=1), {})
        self.refuses("the model has no variant 'few', expected none",
                     lambda: plain.select("few"))

    def test_refusals(self):
        self.refuses("the model has no variant 'most', expected one of 'few', 'many'",
                     lambda: dycc.load(self.path, variant="most"))
        with self.assertRaises(dycc.CompileError) as caught:
            dycc.compile_family({"few": MODELS / "small.onnx", "other": MODELS / "scale.onnx"},
                                MODELS / "none.so")
        self.assertIn("variant 'other' has 2 inputs, expected 1 as in variant 'few'",
                      str(caught.exception))

    def test_selecting_beside_runs(self):
        family = dycc.load(self.path, threads=1)
        x = np.float32([1, -2])
        sizes, stopped = set(), threading.Event()

        def run():
            while not stopped.is_set():
                sizes.add(len(family(x)))
        thread = threading.Thread(target=run)
        thread.start()
        for _ in range(50):
            for name in family.variants:
                family.select(name)
        stopped.set()
        thread.join()
        self.assertLessEqual(sizes, {2, 4})


class Loading(Test):
    def test_closing(self):
        path = dycc.compile_file(MODELS / "largest.onnx", MODELS / "closed.so")
        with dycc.load(path, threads=1) as loaded:
            call = loaded.prepare([np.float32([1, 2])])
            call()
            self.assertEqual(loaded(np.float32([3, 4])), 4)
        closed = "the model is closed"
        self.refuses(closed, lambda: loaded(np.float32([3, 4])))
        self.refuses(closed, lambda: loaded.bind(x=(2,)))
        self.refuses(closed, lambda: loaded.infer_shapes(x=(2,)))
        self.refuses(closed, lambda: loaded.peak(N=2))
        self.refuses(closed, lambda: loaded.estimate(N=2))
        self.refuses(closed, lambda: loaded.reserve(N=2))
        self.refuses(closed, call)
        loaded.close()
        self.assertEqual(loaded.inputs[0].name, "x")
        maps = Path("/proc/self/maps").read_text()
        self.assertNotIn("closed.so", maps)

    def test_closing_beside_runs(self):
        for _ in range(5):
            slow = dycc.load(dycc.compile_file(MODELS / "slow.onnx", MODELS / "beside.so"),
                             threads=1)
            ends = []

            def work():
                x = np.eye(256, dtype=np.float32)
                try:
                    while True:
                        np.testing.assert_array_equal(slow(x), x)
                        slow.bind(x=x)
                except dycc.Error as error:
                    ends.append(str(error))
            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(0.02)
            slow.close()
            for thread in threads:
                thread.join()
            self.assertEqual(ends, ["the model is closed"] * 3)

    def test_memory_of_an_allocator(self):
        memory, x = Blocks(), np.eye(16, dtype=np.float32)
        path = dycc.compile_file(MODELS / "slow.onnx", MODELS / "slow.so")
        with dycc.load(path, threads=1, allocator=memory) as slow:
            np.testing.assert_array_equal(slow(x), x)
            self.assertGreaterEqual(sum(b[1] for b in memory.blocks.values()),
                                    slow.peak(N=16).arena_bytes)
            memory.failure, large = lambda: None, np.eye(512, dtype=np.float32)
            with self.assertRaises(dycc.Error) as caught:
                slow(large)
            self.assertEqual(caught.exception.status, "DYCC_OUT_OF_MEMORY")
            for wrong, text in ((lambda: 1 / 0, "division by zero"), (
                    lambda: "no", "allocate() expects to return an address or None")):
                memory.failure, heard = wrong, []
                before, sys.unraisablehook = sys.unraisablehook, \
                    lambda what: heard.append(str(what.exc_value))
                try:
                    with self.assertRaises(dycc.Error) as caught:
                        slow(large)
                finally:
                    sys.unraisablehook = before
                self.assertEqual(caught.exception.status, "DYCC_OUT_OF_MEMORY")
                self.assertEqual(heard, [text])
            memory.failure = None
            np.testing.assert_array_equal(slow(large), large)
        self.assertEqual(memory.blocks, {})
        with self.assertRaises(AttributeError):
            dycc.load(path, allocator=object())

    def test_limit_of_what_nothing_bounds(self):
        path = dycc.compile_file(MODELS / "count.onnx", MODELS / "count.so")
        with dycc.load(path, heap_limit=1000) as count:
            self.assertEqual(count(np.int64(3)).tolist(), [0, -1, -2])
            with self.assertRaisesRegex(dycc.Error, "of at most 1000 bytes") as caught:
                count(np.int64(1000))
            self.assertEqual(caught.exception.status, "DYCC_OUT_OF_MEMORY")

    def test_remembered_plans_are_in_the_peak(self):
        path = dycc.compile_file(MODELS / "largest.onnx", MODELS / "plans.so")

        def peak(**options):
            with dycc.load(path, threads=1, **options) as loaded:
                return loaded.peak_bytes({s.name: max(s.lower, 4) for s in loaded.symbols})
        self.assertLess(peak(plans=1), peak())
        self.assertGreater(peak(plans=100), peak())

    def test_what_is_no_model(self):
        with self.assertRaisesRegex(dycc.Error, "nowhere.so"):
            dycc.load("nowhere.so")
        libm = next(Path("/lib/x86_64-linux-gnu").glob("libm.so.6"))
        self.refuses(f"'{libm}': is no model of dycc", lambda: dycc.load(libm))

    def test_machines(self):
        path = dycc.compile_file(MODELS / "largest.onnx", MODELS / "machines.so",
                                 target="x86_64-linux-gnu", flags=["--dispatch", "v1,v4"])
        loaded = dycc.load(path, threads=1, machine="x86-64")
        self.assertEqual(loaded.machines, ["x86-64-v4", "x86-64"])
        self.assertEqual(loaded.machine, "x86-64")
        self.assertEqual(loaded(np.float32([3, 4])), 4)
        self.refuses('model has no machine "v9", expected one of x86-64-v4, x86-64',
                     lambda: dycc.load(path, machine="v9"))

    def test_description(self):
        pick = model("pick")
        self.assertEqual(pick.inputs, [("mask", "bool", ("N",), False, "tensor"),
                                       ("half", "float16", ("N",), False, "tensor")])
        self.assertEqual(pick.outputs[0], ("which", "int64", (1, "?"), False, "tensor"))
        self.assertEqual(model("scale").inputs[1], ("bias", "float32", (1,), True, "tensor"))
        self.assertIn("dycc", pick.metadata["producer"])
        self.assertIn("mask: bool[N]", repr(pick))
        self.assertEqual((pick.threads, pick.machines, pick.machine), (1, [], None))
        self.assertGreaterEqual(pick.weight_bytes, 0)

    def test_types(self):
        folder = Path(dycc.__file__).parent
        self.assertTrue((folder / "py.typed").exists())
        classes = {node.name: {part.name for part in node.body
                               if isinstance(part, ast.FunctionDef)}
                   for node in ast.parse((folder / "_core.pyi").read_text()).body
                   if isinstance(node, ast.ClassDef)}
        self.assertLessEqual({"run", "reserve", "peak", "describe"}, classes["Model"])


class Threads(Test):
    def test_other_threads_go_on(self):
        # A run that held the interpreter's lock would leave another thread a gap as
        # long as itself.
        x = np.zeros((1536, 1536), np.float32)
        slow, gaps, stop = model("slow"), [0.0], threading.Event()
        slow(x)

        def watch():
            last = time.perf_counter()
            while not stop.is_set():
                now = time.perf_counter()
                gaps[0] = max(gaps[0], now - last)
                last = now
        thread = threading.Thread(target=watch)
        thread.start()
        began = time.perf_counter()
        slow(x)
        took = time.perf_counter() - began
        stop.set()
        thread.join()
        self.assertLess(gaps[0], took / 2)

    def test_runs_of_many_threads(self):
        wrong = []

        def work(seed):
            rng = np.random.default_rng(seed)
            for _ in range(50):
                mask = rng.random(rng.integers(0, 40)) < 0.5
                which, _ = model("pick")(mask, np.zeros(len(mask), np.float16))
                if which.tolist() != [np.nonzero(mask)[0].tolist()]:
                    wrong.append(mask)
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_profile(self):
        slow, profile = model("slow"), dycc.Profile()
        for _ in range(3):
            slow.run({"x": np.zeros((64, 64), np.float32)}, profile=profile)
        self.assertEqual((profile.runs, sum(k.calls for k in profile.kernels)), (3, 12))
        times = [k.seconds for k in profile.kernels]
        self.assertEqual(times, sorted(times, reverse=True))
        self.assertLessEqual(sum(times), profile.seconds)
        self.assertGreater(sum(times), 0)
        self.refuses("the profile is of another model", lambda: model("scale").run(
            {"x": np.zeros((1, 3, 2, 2), np.float32)}, profile=profile))


if __name__ == "__main__":
    unittest.main()
