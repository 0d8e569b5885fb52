"""The Python package, as it is installed: run.py makes the environment and the
models (DYCC_TEST_MODELS)."""

import ast
import os
import pickle
import resource
import subprocess
import sys
import threading
import time
import unittest
from functools import cache
from pathlib import Path

import numpy as np

import dycc

MODELS = Path(os.environ["DYCC_TEST_MODELS"])


@cache
def model(name):
    return dycc.compile(MODELS / f"{name}.onnx", threads=1)


class Foreign:
    """A tensor of somebody else: nothing but DLPack."""

    def __init__(self, array, device=(1, 0)):
        self._array, self._device = array, device

    def __dlpack__(self, **options):
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._device


class Test(unittest.TestCase):
    def refuses(self, text, call, status="DYCC_INVALID_ARGUMENT"):
        with self.assertRaises(dycc.Error) as caught:
            call()
        self.assertEqual((str(caught.exception), caught.exception.status), (text, status))

    def compile_refuses(self, text, status, call):
        with self.assertRaises(dycc.CompileError) as caught:
            call()
        self.assertIn(text, str(caught.exception))
        self.assertEqual(caught.exception.status, status)


class Compiling(Test):
    def test_ranges(self):
        made = dycc.compile(MODELS / "scale.onnx", dims={
            "N": 2, "H": (16, 1080, 4), "W": (None, 64)})
        self.assertEqual({s.name: s[1:] for s in made.symbols},
                         {"N": (2, 2, 1), "H": (16, 1080, 4), "W": (0, 64, 1)})
        self.assertEqual(made.inputs[0].shape, (2, 3, "H", "W"))
        self.assertEqual(made.name, "scale")
        self.assertEqual(made(np.ones((2, 3, 16, 5), np.float32)).shape, (2, 3, 16, 5))

    def test_bytes(self):
        data = (MODELS / "largest.onnx").read_bytes()
        made = dycc.compile(data, name="of_bytes", flags=["-O", "1"])
        self.assertEqual(made.name, "of_bytes")
        self.assertEqual(made(np.float32([1, 5, 2])), 5)

    def test_file_for_another_machine(self):
        path = dycc.compile_file(MODELS / "largest.onnx", MODELS / "arm.so",
                                 target="aarch64-linux-gnu")
        self.assertEqual(path.read_bytes()[18], 183)  # EM_AARCH64
        with self.assertRaises(dycc.Error):
            dycc.load(path)

    def test_what_the_compiler_refuses(self):
        self.compile_refuses("error: node", "refused",
                             lambda: dycc.compile(MODELS / "unknown.onnx"))
        self.compile_refuses("no_model.onnx", "refused",
                             lambda: dycc.compile("no_model.onnx"))
        self.compile_refuses("--dim 'H=9..1'", "refused", lambda: dycc.compile(
            MODELS / "scale.onnx", dims={"H": (9, 1)}))
        self.compile_refuses("--nonsense", "usage", lambda: dycc.compile(
            MODELS / "scale.onnx", flags=["--nonsense"]))
        self.compile_refuses("dims['H'] is (1,), expected a number, (lower, upper) or "
                             "(lower, upper, multiple)", "usage", lambda: dycc.compile(
                                 MODELS / "scale.onnx", dims={"H": (1,)}))

    def test_text_is_what_the_program_says(self):
        done = subprocess.run([dycc.program("dycc"), MODELS / "unknown.onnx", "-o", "x.so"],
                              capture_output=True, text=True)
        with self.assertRaises(dycc.CompileError) as caught:
            dycc.compile(MODELS / "unknown.onnx")
        self.assertEqual(str(caught.exception), done.stderr.strip())

    def test_programs(self):
        command = Path(sys.executable).with_name("dycc-run")
        library = dycc.compile_file(MODELS / "largest.onnx", MODELS / "largest.so")
        done = subprocess.run([command, library, "--describe"], capture_output=True, text=True)
        self.assertIn("model largest", done.stdout)
        self.assertTrue((dycc.root() / "lib/cmake/dycc/dyccConfig.cmake").exists())
        with self.assertRaisesRegex(FileNotFoundError, "dycc has no program 'cc': expected "):
            dycc.program("cc")


class Loading(Test):
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
        self.assertEqual(loaded(np.float32([3, 4])), 4)
        self.refuses('model has no machine "v9", expected one of x86-64-v4, x86-64',
                     lambda: dycc.load(path, machine="v9"))

    def test_description(self):
        pick = model("pick")
        self.assertEqual(pick.inputs, [("mask", "bool", ("N",), False),
                                       ("half", "float16", ("N",), False)])
        self.assertEqual(pick.outputs[0], ("which", "int64", (1, "?"), False))
        self.assertEqual(model("scale").inputs[1], ("bias", "float32", (1,), True))
        self.assertIn("dycc", pick.metadata["producer"])
        self.assertIn("mask: bool[N]", repr(pick))
        self.assertEqual((pick.threads, pick.machines), (1, []))
        self.assertGreaterEqual(pick.weight_bytes, 0)

    def test_types(self):
        folder = Path(dycc.__file__).parent
        self.assertTrue((folder / "py.typed").exists())
        classes = {node.name: {part.name for part in node.body
                               if isinstance(part, ast.FunctionDef)}
                   for node in ast.parse((folder / "_core.pyi").read_text()).body
                   if isinstance(node, ast.ClassDef)}
        self.assertLessEqual({"run", "reserve", "peak", "inputs"}, classes["Model"])


class Running(Test):
    x = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)

    def test_every_way_of_calling(self):
        scale, expected = model("scale"), self.x * 2 + 0.5
        np.testing.assert_array_equal(scale(self.x), expected)
        np.testing.assert_array_equal(scale(x=self.x), expected)
        np.testing.assert_array_equal(scale.run({"x": self.x, "bias": None})["y"], expected)
        np.testing.assert_array_equal(scale(self.x, bias=[np.float32(1)]), self.x * 2 + 1)
        which, kept = model("pick")(mask=np.array([False, True]), half=np.float16([1, 2]))
        self.assertEqual((which.tolist(), kept.tolist()), ([[1]], [0, 2]))

    def test_other_sizes(self):
        for shape in ((0, 3, 4, 5), (1, 3, 1, 1), (3, 3, 17, 31)):
            x = np.random.default_rng(0).random(shape, np.float32)
            np.testing.assert_array_equal(model("scale")(x), x * np.float32(2) + 0.5)

    def test_layouts(self):
        expected = self.x * 2 + 0.5
        for x in (self.x.astype(">f4"), np.asfortranarray(self.x), Foreign(self.x),
                  np.concatenate([self.x, self.x], 3)[..., :5]):
            np.testing.assert_array_equal(model("scale")(x), expected)
        readonly = self.x.copy()
        readonly.flags.writeable = False
        np.testing.assert_array_equal(model("scale")(readonly), expected)

    def test_types_of_results(self):
        results = model("types").run({"x": np.float32([0, 3])})
        self.assertEqual({name: (str(y.dtype), y.tolist()) for name, y in results.items()},
                         {"b": ("bool", [False, True]), "u": ("uint8", [0, 3]),
                          "i": ("int16", [0, 3]), "d": ("float64", [0, 3])})

    def test_bfloat16_as_bits(self):
        bits = np.array([0x3f80, 0xc000], np.uint16)  # 1, -2
        self.assertEqual(model("narrow")(bits).tolist(), [0xbf80, 0x4000])

    def test_inputs_are_not_copied(self):
        for wrap in (lambda a: a, Foreign):
            x = np.zeros(1 << 26, np.float32)  # 256 MiB
            x[:] = 1
            x[12345] = 7
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            self.assertEqual(model("largest")(wrap(x)), 7)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            self.assertLess(grown, 64 << 10)  # KiB
            del x  # Or the next one would leave room for a copy.

    def test_memory_of_the_caller(self):
        scale, y = model("scale"), np.zeros(self.x.shape, np.float32)
        result = scale.run({"x": self.x}, out={"y": y})["y"]
        self.assertTrue(np.shares_memory(result, y))
        np.testing.assert_array_equal(y, self.x * 2 + 0.5)
        large = np.full((4, 3, 4, 5), -1, np.float32)
        result = scale.run({"x": self.x}, out={"y": large})["y"]
        self.assertTrue(np.shares_memory(result, large))
        np.testing.assert_array_equal(result, self.x * 2 + 0.5)
        foreign = np.zeros(self.x.shape, np.float32)
        scale.run({"x": self.x}, out={"y": Foreign(foreign)})
        np.testing.assert_array_equal(foreign, y)

    def test_results_last(self):
        first = model("pick")(np.array([True, True]), np.float16([1, 2]))
        model("pick")(np.array([False, True]), np.float16([3, 4]))
        self.assertEqual(first[0].tolist(), [[0, 1]])
        self.assertEqual(first[1].tolist(), [1, 2])

    def test_refused_values(self):
        scale, x = model("scale"), self.x
        self.refuses('input "x": dim 1 is 2, expects 3', lambda: scale(x[:, :2]))
        for call in (lambda: scale(x.astype(np.float64)), lambda: scale(x[0])):
            with self.assertRaisesRegex(dycc.Error, '^input "x": '):
                call()
        self.refuses('input "x": has elements of type <U1, expects numbers',
                     lambda: scale(np.array(["a"])))
        self.refuses('input "x": lies on device 2:0, expects the CPU',
                     lambda: scale(Foreign(x, (2, 0))))
        self.refuses("got 3 inputs, the model has 2", lambda: scale(x, x, x))
        self.refuses('input "x" is given twice', lambda: scale(x, x=x))
        self.refuses('no value for input "x"', lambda: scale())
        self.refuses("""the model has no input "z", expected one of ['x', 'bias']""",
                     lambda: scale(x, z=x))

    def test_refused_memory(self):
        def out(y, name="y"):
            return lambda: model("scale").run({"x": self.x}, out={name: y})
        readonly = np.zeros(self.x.shape, np.float32)
        readonly.flags.writeable = False
        self.refuses('output "y": is read-only, expects memory to write', out(readonly))
        self.refuses('output "y": expects an array in row-major order and this machine\'s byte '
                     "order", out(np.zeros((5, 4, 3, 2), np.float32).T))
        self.refuses('output "y": is a list, expects an array', out([1]))
        self.refuses("""the model has no output "z", expected one of ['y']""", out(self.x, "z"))
        with self.assertRaisesRegex(dycc.Error, '^output "y": '):
            out(np.zeros((1, 3, 4, 5), np.float32))()

    def test_errors_travel(self):
        error = pickle.loads(pickle.dumps(dycc.Error("DYCC_CANCELLED", "stopped")))
        self.assertEqual((error.status, str(error)), ("DYCC_CANCELLED", "stopped"))


class Asking(Test):
    def test_shapes(self):
        scale = model("scale")
        self.assertEqual(scale.infer_shapes(x=(2, 3, 8, 9)), {"y": (2, 3, 8, 9)})
        self.assertEqual(scale.bind(x=np.zeros((2, 3, 8, 9), np.float32)),
                         {"N": 2, "H": 8, "W": 9})
        self.assertEqual(model("pick").infer_shapes(mask=(7,), half=(7,)),
                         {"which": (1, 7), "kept": (7,)})
        self.refuses('input "x": dim 1 is 4, expects 3', lambda: scale.bind(x=(1, 4, 1, 1)))
        self.refuses('input "x": has rank 2, expects 4', lambda: scale.bind(x=(1, 4)))

    def test_memory(self):
        slow = dycc.compile(MODELS / "slow.onnx", dims={"N": (1, 512)}, threads=1)
        small, large = slow.peak_bytes(N=16), slow.peak_bytes({"N": 512})
        self.assertGreater(large, small + 512 * 512 * 4)
        self.assertEqual(slow.peak(N=512).bytes, large)
        self.assertTrue(slow.peak(N=512).exact)
        self.assertGreater(slow.estimate(N=512), slow.estimate(N=16))
        self.refuses("symbol N is 513, expects 1 to 512", lambda: slow.peak_bytes(N=513))
        self.refuses('no value for symbol "N"', lambda: slow.peak_bytes())
        self.refuses("""the model has no symbol "M", expected one of ['N']""",
                     lambda: slow.peak_bytes(N=1, M=1))

    def test_reserve(self):
        slow = dycc.compile(MODELS / "slow.onnx", dims={"N": (1, 512)}, threads=1)
        slow.reserve()
        slow.reserve(N=(1, 64))
        slow.reserve({"N": 64})
        self.refuses("symbol N: range 9 to 1024 is not inside of 1 to 512",
                     lambda: slow.reserve(N=(9, 1024)))
        self.refuses("""the model has no symbol "M", expected one of ['N']""",
                     lambda: slow.reserve(M=3))
        x = np.eye(64, dtype=np.float32)
        np.testing.assert_array_equal(slow(x), x)


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
            {"x": Running.x}, profile=profile))


if __name__ == "__main__":
    unittest.main()
