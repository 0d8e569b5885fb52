"""dycc-compare: wrong results are those of models that differ in one weight, attribute or
node from the one that is compared, at a known place, and of arithmetic that rounds
elsewhere. run.py says where the package is."""

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import onnx
from onnx import numpy_helper, parser

import dycc
from compare_models import (CHAIN, CRASH, GROWING, HALF, HEAD, LOOP, MATCH, NAMES, NARROW,
                            NESTED, SCAN, SIZES, VALUES)
from dycc.compare import main


ROOT = Path(__file__).resolve().parents[2]


class Test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def model(self, name, text):
        file = self.folder / f"{name}.onnx"
        onnx.save(parser.parse_model(HEAD + text), file)
        return file

    def pair(self, text, good, bad):
        """The text's model with the values `good`, and with `bad`."""
        return (self.model("good", text.format(**good)),
                self.model("bad", text.format(**(good | bad))))

    def run_program(self, *arguments):
        """(exit code, standard output, standard error)"""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main([str(a) for a in arguments])
            except SystemExit as end:  # Of argparse.
                code = end.code
        return code, out.getvalue(), err.getvalue()

    def differ(self, *arguments):
        """The facts of a comparison of which the sides differ."""
        code, out, err = self.run_program(*arguments, "--json")
        self.assertEqual(code, 1, err)
        return json.loads(out)

    def found(self, *arguments):
        facts = self.differ(*arguments)
        self.assertIsNotNone(facts["found"], facts["reason"])
        return facts["found"]

    def agree(self, *arguments):
        code, out, err = self.run_program(*arguments)
        self.assertEqual(code, 0, out + err)
        return out

    def refuse(self, text, *arguments):
        code, out, err = self.run_program(*arguments)
        self.assertEqual((code, out), (2, ""))
        self.assertIn(text, err)


class Graphs(Test):
    def test_a_right_model_agrees_with_every_side(self):
        model, _ = self.pair(CHAIN, VALUES, {})
        for side in ("reference", "dycc", "ort", "onnx", model):
            out = self.agree(model, "--against", side, "--shapes", "2")
            self.assertTrue(out.endswith("they agree\n"))
            self.assertEqual(out.count(" agrees: at most "), 2)

    def test_a_weight(self):
        model, bad = self.pair(CHAIN, VALUES, {"weight": 4.5})
        code, out, err = self.run_program(model, "--against", bad, "--at", "N=3")
        self.assertEqual(code, 1)
        self.assertIn("N=3: y: ", out)
        self.assertIn("the first node whose result differs: Add 'add'\n"
                      "  input b: float32[3, 4], agrees: at most 0 of what is allowed\n"
                      "  result c: float32[3, 4], 3 of 12 elements differ, most at [", out)
        self.assertIn("to repeat it:\n  dycc-compare ", out)
        self.assertIn("9 nodes: 'd' differs\n", err)

    def test_an_attribute(self):
        model, bad = self.pair(CHAIN, VALUES, {"alpha": -0.25})
        below = "--input", "x=0.5..1", "--input", "z=-9..-8"
        found = self.found(model, "--against", bad, *below)
        self.assertEqual(found["nodes"], ["LeakyRelu 'd'"])

    def test_few_compilations(self):
        model, bad = self.pair(CHAIN, VALUES, {"weight": 4.5})
        self.assertLessEqual(self.differ(model, "--against", bad)["compilations"], 4)

    def test_the_command_that_repeats_it(self):
        model, bad = self.pair(SIZES, {"last": 30}, {"last": 35})
        facts = self.differ(model, "--against", bad, "--shapes", "9", "--seed", "3")
        again = shlex.split(facts["repeat"])
        self.assertEqual(again[0], "dycc-compare")
        self.assertIn("--at", again)
        self.assertEqual(self.differ(*again[1:])["found"], facts["found"])

    def test_at_some_sizes_alone(self):
        model, bad = self.pair(SIZES, {"last": 30}, {"last": 35})
        self.agree(model, "--against", bad, "--at", "N=30")
        facts = self.differ(model, "--against", bad, "--at", "N=30", "--at", "N=31")
        self.assertEqual([run["outputs"]["y"]["differs"] for run in facts["runs"]],
                         [False, True])
        self.assertEqual(facts["found"]["nodes"], ["Min 'min'"])
        self.assertEqual(facts["found"]["difference"]["found"], 30)
        self.assertEqual(facts["found"]["difference"]["expected"], 31)

    def test_a_difference_that_a_kernel_hides(self):
        model = self.model("half", HALF)
        arguments = model, "--against", "onnx", "--at", "N=1000", "--rtol=0", "--atol=0"
        code, out, _ = self.run_program(*arguments)
        self.assertEqual(code, 1)
        self.assertIn("the difference is made in these nodes together:\n"
                      "  Mul 'p'\n  Sub 's'\n"
                      "  it vanishes when one of these is an output: p\n", out)
        self.assertIn("without fusion:\n  dycc-compare ", out)
        self.agree(*arguments, "--flag=--disable=fuse")

    def test_values_that_one_side_does_not_have(self):
        model = self.model("good", NAMES.format("a", "b", "Sin"))
        bad = self.model("bad", NAMES.format("c", "d", "Cos"))
        found = self.found(model, "--against", bad)
        self.assertEqual(found["nodes"], ["Relu 'a'", "Tanh 'b'", "Sin 'last'"])
        self.assertIn(f"dycc {bad} has no '", found["unseen"])
        text = self.run_program(model, "--against", bad)[1]
        self.assertIn("between them nothing can be seen: dycc ", text)

    def test_a_run_that_one_side_refuses(self):
        model = self.model("good", MATCH.format(""))
        bad = self.model("bad", MATCH.format("").replace("float[B] z", "float[A] z"))
        facts = self.differ(model, "--against", bad, "--at", "A=3,B=1")
        self.assertEqual(facts["reason"],
                         "a side that gives no results has no node to look for")
        self.assertIn("runs; the other side: DYCC_INVALID_ARGUMENT: ",
                      facts["runs"][0]["outputs"]["the run"]["text"])

    def test_a_run_that_both_sides_refuse(self):
        model = self.model("good", MATCH.format(""))
        out = self.agree(model, "--at", "A=3,B=2", "--at", "A=3,B=3")
        self.assertIn("A=3,B=2: both sides refuse it: DYCC_MODEL_ERROR: ", out)
        self.refuse("both sides refuse A=3,B=2: DYCC_MODEL_ERROR: ", model, "--at", "A=3,B=2")


class InnerGraphs(Test):
    def test_the_trip_of_a_loop(self):
        model, bad = self.pair(LOOP, {"last": 3, "factor": 2}, {"last": 4})
        found = self.found(model, "--against", bad, "--input", "n=6", "--input", "c=1",
                           "--at", "N=5")
        self.assertEqual((found["nodes"], found["in"], found["trips"]),
                         (["Min 'min'"], ["trip 4 of Loop 'loop'"], [4]))
        self.agree(model, "--against", bad, "--input", "n=4", "--at", "N=5")

    def test_the_example_of_the_document(self):
        page = (ROOT / "docs" / "compare.md").read_text()
        command, shown = re.search(r"```\n\$ dycc-compare ([^\n]*)\n(.*?)```", page, re.S).groups()
        good, bad = self.pair(LOOP, {"last": 3, "factor": 2}, {"last": 4})
        good.rename(self.folder / "model.onnx")
        bad.rename(self.folder / "other.onnx")
        with contextlib.chdir(self.folder):
            code, out, _ = self.run_program(*command.split())
        # A cosine differs in its last bits from processor to processor.
        plain = [re.sub(r"\d\.\d+", "#", text) for text in (out, shown)]
        self.assertEqual((code, plain[0]), (1, plain[1]))

    def test_the_branch_that_is_taken(self):
        model, bad = self.pair(LOOP, {"last": 3, "factor": 2}, {"factor": 2.5})
        found = self.found(model, "--against", bad, "--input", "n=2", "--input", "c=0",
                           "--input", "x=1..2")
        self.assertEqual(found["nodes"], ["Mul 'scale'"])
        self.assertEqual(found["in"], ["else_branch of If 'if'", "trip 0 of Loop 'loop'"])
        self.agree(model, "--against", bad, "--input", "n=2", "--input", "c=1")

    def test_trips_of_other_sizes_and_other_branches(self):
        model, bad = self.pair(GROWING, {"three": 3}, {"three": 0.25})
        found = self.found(model, "--against", bad, "--input", "n=4", "--input", "x=0..0.1",
                           "--at", "N=3")
        self.assertEqual(found["nodes"], ["Min 'least'"])
        self.assertEqual(found["in"], ["then_branch of If 'if'", "trip 1 of Loop 'loop'"])
        self.assertEqual(found["shape"], "float32[6]")

    def test_a_loop_in_a_loop(self):
        model, bad = self.pair(NESTED, {"last": 3}, {"last": 9})
        found = self.found(model, "--against", bad, "--input", "n=4")
        self.assertEqual(found["nodes"], ["Min 'min'"])
        self.assertEqual(found["trips"], [1, 3])
        self.assertEqual(found["in"], ["trip 3 of Loop 'inner'", "trip 1 of Loop 'outer'"])

    def test_the_trip_of_a_scan(self):
        model, bad = self.pair(SCAN, {"last": 0.5}, {"last": 0.75})
        self.agree(model, "--against", bad, "--input", "x=0..0.5")
        found = self.found(model, "--against", bad, "--input", "x=0.6..0.9", "--at", "T=5")
        self.assertEqual((found["nodes"], found["trips"]), (["Min 'min'"], [0]))

    def test_a_loop_into_which_nothing_can_be_seen(self):
        text = LOOP.format(last=3, factor=2)
        model = self.model("good", text)
        bad = self.model("bad", text.replace("next", "after").replace("more", "on").replace(
            "Cos", "Sin"))
        arguments = model, "--against", bad, "--input", "n=2", "--input", "c=1"
        found = self.found(*arguments)
        self.assertEqual((found["nodes"], found["in"]), (["Loop 'loop'"], []))
        self.assertEqual(found["inside"], f"dycc {bad} has no 'more', 'next'")
        self.assertIn("  no node in it: dycc ", self.run_program(*arguments)[1])

    def test_a_loop_that_ends_elsewhere(self):
        text = LOOP.format(last=3, factor=2)
        model = self.model("good", text)
        bad = self.model("bad", text.replace("more = Identity(k)", "").replace(
            "next = Sub(q, t)", "next = Sub(q, t) more = Less(t, last)"))
        found = self.found(model, "--against", bad, "--input", "n=8", "--input", "c=1")
        self.assertEqual((found["value"], found["trips"]), ("more", [3]))

    def test_against_other_engines(self):
        model, _ = self.pair(GROWING, {"three": 3}, {})
        for side in ("ort", "onnx"):
            self.agree(model, "--against", side, "--input", "n=3", "--at", "N=2")


class OtherSides(Test):
    def data(self, model, feed, top="data"):
        """A data set that the evaluator of onnx writes with `model`."""
        from onnx.reference import ReferenceEvaluator

        folder = self.folder / top / "test_data_set_0"
        folder.mkdir(parents=True)
        results = ReferenceEvaluator(str(model)).run(None, feed)
        for kind, values in (("input", feed.values()), ("output", results)):
            for number, value in enumerate(values):
                tensor = numpy_helper.from_array(np.asarray(value))
                (folder / f"{kind}_{number}.pb").write_bytes(tensor.SerializeToString())
        return folder

    def test_a_data_set(self):
        model, bad = self.pair(CHAIN, VALUES, {"weight": 4.5})
        rng = np.random.default_rng(0)
        feed = {n: rng.random((2, 4), np.float32) for n in "xz"}
        good = self.data(model, feed)
        self.assertIn("they agree", self.agree(model, "--data", good.parent))
        self.assertIn("they agree", self.agree(model, "--data", good))
        wrong = self.data(bad, feed, "wrong")
        facts = self.differ(model, "--data", wrong)
        self.assertIsNone(facts["found"])
        self.assertIn("gives what dycc gives: the stored outputs are of another model",
                      facts["reason"])
        found = self.found(model, "--data", wrong, "--against", bad)
        self.assertEqual(found["nodes"], ["Add 'add'"])

    def test_a_data_set_that_one_side_refuses(self):
        model = self.model("good", MATCH.format(""))
        bad = self.model("bad", MATCH.format("").replace("float[B] z", "float[A] z"))
        data = self.data(model, {"x": np.float32([1, 2]), "z": np.float32([3])})
        (data / "output_0.pb").write_bytes(numpy_helper.from_array(
            np.float32([0, 0])).SerializeToString())
        facts = self.differ(model, "--data", data, "--against", bad)
        self.assertEqual(facts["reason"],
                         "a side that gives no results has no node to look for")

    def test_data_that_does_not_fit(self):
        model, _ = self.pair(CHAIN, VALUES, {})
        empty = self.folder / "empty"
        empty.mkdir()
        self.refuse('has no file for input "x", expects input_0.pb', model, "--data", empty)
        (empty / "input_0.pb").write_bytes(b"no tensor")
        self.refuse("input_0.pb': expects a tensor: ", model, "--data", empty)

    def test_a_library(self):
        model, bad = self.pair(CHAIN, VALUES, {"weight": 4.5})
        same, other = (dycc.compile_file(m, m.with_suffix(".so")) for m in (model, bad))
        self.agree(model, "--against", same)
        facts = self.differ(model, "--against", other)
        self.assertIn("the other side is a library: its outputs alone can be seen",
                      facts["reason"])

    def test_a_library_with_other_outputs(self):
        model = self.model("good", MATCH.format("s = Neg(x)").replace("(float[A] y)",
                                                                      "(float[A] y, float[A] s)"))
        other = self.model("other", MATCH.format(""))
        facts = self.differ(model, "--against", other, "--at", "A=2,B=2")
        self.assertEqual(facts["runs"][0]["outputs"]["s"]["text"],
                         "is no output of the other side")

    def test_a_library_that_ends_its_process(self):
        model, _ = self.pair(CHAIN, VALUES, {})
        for how, text in (("__builtin_trap()", "ends its process by signal 4"),
                          ("_exit(3)", "ends its process with code 3")):
            source, library = self.folder / "crash.c", self.folder / "crash.so"
            source.write_text(CRASH.format(how=how))
            subprocess.run(["clang-22", "-shared", "-fPIC", source, "-o", library], check=True)
            facts = self.differ(model, "--against", library, "--at", "N=1", "--at", "N=2")
            self.assertEqual([f"runs; the other side: {text}"] * 2,
                             [r["outputs"]["the run"]["text"] for r in facts["runs"]])

    def test_an_engine_that_refuses_a_model(self):
        model = self.model("narrow", NARROW.format())
        self.agree(model, "--against", "onnx")
        self.refuse("ONNX Runtime: ", model, "--against", "ort")
        with mock.patch("onnx.reference.ReferenceEvaluator", side_effect=ValueError("no")):
            self.refuse("dycc-compare: onnx: no", model, "--against", "onnx")


class Usage(Test):
    def test_options(self):
        model, _ = self.pair(CHAIN, VALUES, {})
        for text, *arguments in (
                ("argument --at: expects NAME=NUMBER,..., got 'N'", "--at", "N"),
                ("argument --input: expects NAME=LO..HI, got 'x=a'", "--input", "x=a"),
                ("argument --shapes: expects at least 1, got 0", "--shapes", "0"),
                ("--at: the model has no symbol 'M', expected one of ['N']", "--at", "M=1"),
                ("--input: the model has no input 'q', expected one of ['x', 'z']",
                 "--input", "q=0..1"),
                ("--against 'none': expects reference, dycc, ort, onnx or a file",
                 "--against", "none"),
                ("no_model.onnx", "--against", self.folder / "no_model.onnx"),
                ("--nonsense", "--flag=--nonsense")):
            self.refuse(text, model, *arguments)
        self.refuse("no_model.onnx", self.folder / "no_model.onnx")
        (self.folder / "text.onnx").write_text("no model")
        self.refuse("text.onnx': expects an ONNX file: ", self.folder / "text.onnx")
        broken = self.model("broken", CHAIN.format(**VALUES).replace("Mul(a, z)", "Mul(a)"))
        self.refuse("error: node 'b': ", broken)

    def test_without_onnx(self):
        with mock.patch.dict(sys.modules, {"onnx": None}):
            self.refuse("dycc-compare: needs the package onnx: pip install 'dycc[compare]'",
                        "model.onnx")

    def test_as_a_module(self):
        model, _ = self.pair(CHAIN, VALUES, {})
        done = subprocess.run([sys.executable, "-m", "dycc.compare", model, "--at", "N=1"],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "they agree"))


if __name__ == "__main__":
    unittest.main()
