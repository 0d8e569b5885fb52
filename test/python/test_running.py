"""Runs and questions: values in, results out, and what is refused."""

import pickle
import resource
import unittest

import numpy as np

import dycc
from common import Foreign, MODELS, Nowhere, Test, model


class Running(Test):
    x = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)

    def test_every_way_of_calling(self):
        scale, expected = model("scale"), self.x * 2 + 0.5
        np.testing.assert_array_equal(scale(self.x), expected)
        np.testing.assert_array_equal(scale(x=self.x), expected)
        np.testing.assert_array_equal(scale.run({"x": self.x, "bias": None})["y"], expected)
        np.testing.assert_array_equal(scale(self.x, bias=[np.float32(1)]), self.x * 2 + 1)
        np.testing.assert_array_equal(scale.run([self.x])["y"], expected)
        np.testing.assert_array_equal(scale.run((self.x, [np.float32(1)]))["y"], self.x * 2 + 1)
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

    def test_strings(self):
        texts, rows = model("texts"), [["a", "", "!"], ["\u00e9\U00010428", "b\0c", "\udcff"]]
        for s in (rows, np.array(rows), np.array(rows, object), np.array(rows, object, order="F"),
                  np.array([[b"a", b"", b"!"], ["\u00e9\U00010428", "b\0c", b"\xff"]], object)):
            joined, same = texts(s)
            self.assertEqual((joined.dtype, joined.shape), (np.dtype(object), (2, 3)))
            self.assertEqual(joined.tolist(), [[text + "!" for text in row] for row in rows])
            self.assertEqual(same.tolist(), [[False, False, True], [False] * 3])
        self.assertEqual(texts(s=rows, mark=["?"])[0].tolist()[0], ["a?", "?", "!?"])
        self.assertEqual(texts(np.empty((0, 2), object))[0].shape, (0, 2))
        self.assertEqual([v.dtype for v in (*texts.inputs, *texts.outputs)],
                         ["string", "string", "string", "bool"])

    def test_sequences(self):
        lists, x = model("lists"), np.ones((2, 2), np.float32)
        for shapes in ([], [(3, 2)], [(1, 2), (0, 2), (4, 2)]):
            given = [np.full(shape, i, np.float32) for i, shape in enumerate(shapes)]
            for y, count in (lists(given, x), lists(s=tuple(map(Foreign, given)), x=x)):
                self.assertEqual(count, len(given) + 1)
                for mine, expected in zip(y, [*given, x], strict=True):
                    np.testing.assert_array_equal(mine, expected)
        self.assertEqual([(v.name, v.kind, v.shape) for v in lists.input_values],
                         [("s", "sequence", ("?", 2)), ("x", "tensor", ("N", 2))])
        self.assertEqual([v.name for v in lists.inputs], ["s.elements", "s.extents", "x"])
        packed = {"s.elements": x.reshape(-1), "s.extents": np.array([[2, 2]]), "x": x}
        self.assertEqual(len(lists.run(packed)["y"]), 2)

    def test_optionals(self):
        maybe, x = model("maybe"), np.arange(4, dtype=np.float32)
        for o, t in ((None, None), ([], x), ([x, x + 1], None)):
            same, has, u = maybe(o, t)
            self.assertEqual(has, t is not None)
            self.assertEqual(None if u is None else u.tolist(), None if t is None else t.tolist())
            self.assertEqual(None if same is None else [y.tolist() for y in same],
                             None if o is None else [y.tolist() for y in o])

    def test_what_is_no_sequence(self):
        lists, x = model("lists"), np.ones((2, 2), np.float32)
        for s, text in ((x, "is a ndarray, expects a list"),
                        ([x, x.astype(int)], "tensor 1 has elements of type int64, expects "
                                             "float32"),
                        ([x[0]], "tensor 0 has rank 1, expects 2"),
                        ([x[:, :1]], "tensor 0 has 1 in dim 1, expects 2")):
            self.refuses(f'input "s": {text}', lambda: lists(s, x))
        self.refuses('no value for input "s"', lambda: lists(x=x))

    def test_strings_of_a_prepared_call(self):
        call = model("texts").prepare([np.array([["a"]])])
        call()
        first = call.results()["joined"]
        call()
        self.assertEqual((first.tolist(), call.results()["joined"].tolist()),
                         ([["a!"]], [["a!"]]))

    def test_refused_strings(self):
        texts = model("texts")
        self.refuses('input "s": has elements of type int64, expects strings',
                     lambda: texts(np.array([[1]])))
        self.refuses('input "s": has an element of type float, expects strings',
                     lambda: texts(np.array([["a", 1.5]], object)))
        self.refuses('output "joined": is strings, which take no memory of the caller',
                     lambda: texts.run([[["a"]]], out={"joined": np.empty((1, 1), object)}))
        self.refuses('input "s": rank is 1, expects 2', lambda: texts(np.array(["a"])))

    def test_bfloat16_as_bits(self):
        bits = np.array([0x3f80, 0xc000], np.uint16)  # 1, -2
        self.assertEqual(model("narrow")(bits).tolist(), [0xbf80, 0x4000])

    def test_eight_bits_and_fewer_as_bits(self):
        few_bits = model("few_bits")
        self.assertEqual([v.dtype for v in few_bits.inputs], ["float8_e4m3fn", "int4"])
        self.assertEqual([v.dtype for v in few_bits.outputs],
                         ["float32", "float8_e5m2", "int8", "uint2", "int4"])
        x = np.array([0x38, 0xc0, 0x7e, 0x01], np.uint8)  # 1, -2, 448, 2^-9
        i = np.array([-8, 7, -1, 0], np.int8)
        results = few_bits.run({"x": x, "i": i})
        self.assertEqual({name: (str(y.dtype), y.tolist()) for name, y in results.items()},
                         {"number": ("float32", [1, -2, 448, 2**-9]),
                          "y": ("uint8", [0x3c, 0xc0, 0x5f, 0x18]),
                          "whole": ("int8", [-8, 7, -1, 0]),
                          "u": ("uint8", [0, 3, 3, 0]), "j": ("int8", [-8, 7, -1, 0])})
        memory = np.zeros(4, np.uint8)
        few_bits.run({"x": x, "i": i}, out={"y": memory})
        self.assertEqual(memory.tolist(), [0x3c, 0xc0, 0x5f, 0x18])
        self.refuses('input "x": element type is i8, expects f8e4m3fn',
                     lambda: few_bits(x.view(np.int8), i))
        self.refuses('input "i": element type is i16, expects i4',
                     lambda: few_bits(x, i.astype(np.int16)))

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

    def test_states_are_updated_in_place(self):
        scale, x = model("scale"), self.x.copy()
        self.refuses('output "y": overlaps input "x", which is not donated',
                     lambda: scale.run({"x": x}, {"y": x}))
        result = scale.run({"x": x}, {"y": x}, donate=["x"])["y"]
        self.assertTrue(np.shares_memory(result, x))
        np.testing.assert_array_equal(x, self.x * 2 + 0.5)
        call = scale.prepare([x], {"y": x}, donate=("x",))
        call()
        call()
        np.testing.assert_array_equal(x, ((self.x * 2 + 0.5) * 2 + 0.5) * 2 + 0.5)
        x.flags.writeable = False
        self.refuses('input "x": is read-only, and donated',
                     lambda: scale.run([x], donate=["x"]))
        self.refuses("""the model has no input "z", expected one of ['x', 'bias']""",
                     lambda: scale.run([x], donate=["z"]))
        self.refuses('input "bias": is donated, but left out',
                     lambda: scale.run([x], donate=["bias"]))

    def test_results_last(self):
        first = model("pick")(np.array([True, True]), np.float16([1, 2]))
        model("pick")(np.array([False, True]), np.float16([3, 4]))
        self.assertEqual(first[0].tolist(), [[0, 1]])
        self.assertEqual(first[1].tolist(), [1, 2])

    def test_prepared_calls(self):
        scale, x = model("scale"), self.x.copy()
        call = scale.prepare({"x": x})
        self.refuses("there is no run with results", call.results)
        for value in (1, 2):
            x[:] = value
            call()
            np.testing.assert_array_equal(call.results()["y"], x * 2 + 0.5)
        first = call.results()["y"]
        scale(self.x)
        self.refuses("the model has run again since, and has taken back the memory of the "
                     "results", call.results)
        np.testing.assert_array_equal(first, x * 2 + 0.5)
        y = np.zeros((4, 3, 4, 5), np.float32)
        call = scale.prepare([x], {"y": y})
        for value in (3, 4):
            x[:] = value
            call()
            scale(self.x)
            self.assertTrue(np.shares_memory(call.results()["y"], y))
            np.testing.assert_array_equal(call.results()["y"], x * 2 + 0.5)
        call = model("pick").prepare([np.array([False, True]), np.float16([1, 2])])
        call()
        self.assertEqual([v.tolist() for v in call.results().values()], [[[1]], [0, 2]])

    def test_a_prepared_call_that_fails(self):
        mask, half = np.array([False, True]), np.float16([1, 2, 3])
        call = model("pick").prepare([mask, half])
        for attempt in (call, call):
            with self.assertRaisesRegex(dycc.Error, "N"):
                attempt()
        self.refuses("there is no run with results", call.results)

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
        self.refuses("got 3 inputs, the model has 2", lambda: scale.run([x, x, x]))
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
        self.refuses('output "y": expects memory, got a null pointer', out(Nowhere()))

    def test_errors_travel(self):
        error = pickle.loads(pickle.dumps(dycc.Error("DYCC_CANCELLED", "stopped")))
        self.assertEqual((error.status, str(error)), ("DYCC_CANCELLED", "stopped"))


class Asking(Test):
    def test_shapes(self):
        scale = model("scale")
        self.assertEqual(scale.infer_shapes(x=(2, 3, 8, 9)), {"y": (2, 3, 8, 9)})
        self.assertEqual(scale.bind(x=np.zeros((2, 3, 8, 9), np.float32)),
                         {"N": 2, "H": 8, "W": 9})
        self.assertEqual(scale.bind([(2, 3, 8, 9)]), {"N": 2, "H": 8, "W": 9})
        self.assertEqual(scale.bind({"x": (2, 3, 8, 9)}, bias=(1,)), {"N": 2, "H": 8, "W": 9})
        self.assertEqual(scale.infer_shapes({"x": (2, 3, 8, 9)}), {"y": (2, 3, 8, 9)})
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


if __name__ == "__main__":
    unittest.main()
