"""What tools/scripts/conformance writes of a run: nothing is compiled."""

import contextlib
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import onnx

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tools/scripts", "test/models")]

import operator_facts  # noqa: E402
from backend_test import compare_counts  # noqa: E402
from conformance_check import problems, read_tables  # noqa: E402
from conformance_page import page, reason_of  # noqa: E402

PASSED = ["passed", "", ["agrees", "at [3]"]]
REFUSED = ["refused", "node 'y': operator Det is not supported: has no kernel", []]


def case_row(name, operator, static=PASSED, dynamic=PASSED, constant=PASSED, kind="node"):
    return {"set": kind, "name": name, "operator": operator,
            "forms": {"static": static, "dynamic": dynamic, "constant": constant}}


def run_of(*rows, backend=()):
    return {"onnx": "1.2", "opset": 28, "date": "2000-01-01", "cases": list(rows),
            "backend": list(backend)}


ROWS = [case_row("test_a", "Abs"),
        case_row("test_b", "Abs", dynamic=["passed", "", ["none", "nothing grows"]]),
        case_row("test_c", "Abs", dynamic=["wrong", "y: 1 of 2 differ", []]),
        case_row("test_d", "Det", REFUSED, REFUSED, REFUSED),
        case_row("test_e", "Adam", REFUSED, ["crashed", "signal 11", []], REFUSED),
        case_row("test_f", "simple", kind="simple")]
OPERATORS = [("Abs", "6 to 28 (13)", "T: floats", ""), ("Det", "", "", "refused")]


class Page(unittest.TestCase):
    def setUp(self):
        self.text = page(run_of(*ROWS), OPERATORS)

    def test_numbers_count_what_passes(self):
        static, dynamic, constant = read_tables(self.text)[""]
        self.assertEqual(static[:6], ["*static*", "**3**", "5", "2", "0", "0"])
        self.assertEqual(dynamic[:6], ["*dynamic*", "**2**", "5", "1", "1", "1"])
        self.assertEqual(constant[:6], ["*constant*", "**3**", "5", "2", "0", "0"])

    def test_targets_are_scaled_to_the_package(self):
        many = page(run_of(*[case_row(f"test_{i}", "Abs") for i in range(353)]), OPERATORS)
        self.assertEqual(read_tables(many)[""][0][6:], ["320", "121"])  # A fifth of 1,765.

    def test_no_second_size_is_no_agreement(self):
        self.assertIn("Of the 2 dynamic artifacts that pass, **1** agree at a second size too, "
                      "0 differ\nthere, and for 1 there is no", self.text)
        self.assertIn("(1: nothing grows)", self.text)

    def test_what_differs_at_a_second_size_is_named(self):
        text = page(run_of(case_row("test_a", "Abs", dynamic=[
            "passed", "", ["differs", "at [3]:\ny: 1 of 3 differ"]])), OPERATORS)
        self.assertEqual(read_tables(text)["What is wrong"],
                         [["test_a", "second size", "differs", "at [3]: y: 1 of 3 differ"]])

    def test_reasons_have_no_names(self):
        self.assertEqual(read_tables(self.text)["What is refused, and why"],
                         [["has no kernel", "2", "1", "2", "Adam, Det"]])
        for text, reason in {
                "node 'y': 'Gradient' node \"g\": operators of domain \"d\" are not supported":
                "operators of domain \"d\" are not supported",
                "node 'y': 'Mul' node #2: its form is not known": "its form is not known",
                "node 'y': operator DFT is not supported in this form: expects a constant axis":
                "expects a constant axis",
                "node 'y': operator Cast is not supported with elements of type 'i2', expects "
                "bool": "elements of other types, expects bool",
                "node 'y': 'onnx.If' op expects one rank, got 0 and 1": "expects one rank"}.items():
            self.assertEqual(reason_of(text), reason)

    def test_backend_test_is_compared_case_by_case(self):
        row = lambda name, verdict: {"set": "node", "name": name, "verdict": verdict}
        same = page(run_of(*ROWS, backend=[row("test_a", "passed"), row("test_d", "refused")]),
                    OPERATORS)
        self.assertIn("They agree in every case.", same)
        other = page(run_of(*ROWS, backend=[row("test_a", "wrong")]), OPERATORS)
        self.assertIn("They differ in 1:\n\n* `test_a`: static alone passes; not known yet", other)


class Checks(unittest.TestCase):
    def setUp(self):
        self.text = page(run_of(*ROWS), OPERATORS)

    def test_a_page_of_this_build_has_no_problems(self):
        self.assertEqual(problems(self.text, ["Abs", "Det"]), [])

    def test_operators_are_those_of_the_build(self):
        self.assertEqual(problems(self.text, ["Abs", "Add"]),
                         ["lists the operator Det, which the build has not",
                          "lacks the operator Add"])

    def test_verdicts_add_up(self):
        found = problems(self.text.replace("| **3** | 5 | 2 |", "| **3** | 5 | 1 |", 1),
                         ["Abs", "Det"])
        self.assertEqual(found[0], "static: 3 and [1, 0, 0] are not 5 cases")
        self.assertIn("static: the reasons are of 2 cases, 1 are refused", found)

    def test_operators_add_up(self):
        found = problems(self.text.replace("| 3 of 3 |", "| 2 of 3 |", 1), ["Abs", "Det"])
        self.assertEqual(found, ["static: the operators' cases are 2 of 5, expected 3 of 5"])

    def test_a_page_without_numbers_is_none(self):
        self.assertEqual(problems("# Conformance\n", []), ["has no table of numbers"])

    def test_the_command_says_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            build, file = Path(folder), Path(folder) / "page.md"
            (build / "bin").mkdir()
            inspect = build / "bin" / "dycc-inspect"
            inspect.write_text("#!/bin/sh\nprintf 'ai.onnx\\tAbs\\tkernel\\t\\n'\n")
            inspect.chmod(0o755)
            file.write_text(self.text)
            done = subprocess.run([sys.executable, ROOT / "tools/scripts/conformance",
                                   "--check", "--build", build, "--page", file],
                                  capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout),
                         (1, "page.md: lists the operator Det, which the build has not; "
                             "run tools/scripts/conformance\n"))


class Facts(unittest.TestCase):
    def facts(self, name, kind="kernel", note=""):
        (_, *row), = operator_facts.facts({name: (kind, note)})
        return row

    def test_opsets_begin_with_the_form_of_the_oldest(self):
        self.assertTrue(self.facts("Abs")[0].startswith("6 to "))
        self.assertTrue(self.facts("Erf")[0].startswith("9 to "))

    def test_retired_operators_end(self):
        self.assertEqual(self.facts("Upsample")[0], "7 to 9 (9)")
        # Its first form was withdrawn for a second one.
        self.assertEqual(self.facts("GroupNormalization")[0].split()[2],
                         str(onnx.defs.onnx_opset_version()))

    def test_types_are_those_of_kernels(self):
        self.assertEqual(self.facts("Not")[1], "T: bool")
        _, types, limits = self.facts("Equal", note="of rank 2")
        self.assertEqual((types, limits),
                         ("T: bool ints uints floats strings; T1: bool", "of rank 2"))

    def test_what_is_refused_has_its_reason_alone(self):
        self.assertEqual(self.facts("Det", "refused", "has no kernel"),
                         ["", "", "refused: has no kernel"])


class Backend(unittest.TestCase):
    def test_backend_test_and_static_are_compared(self):
        cases = [case_row("test_a", "Abs"), case_row("test_d", "Det", REFUSED)]
        results = {("node", "test_a"): ("passed", ""), ("node", "test_d"): ("refused", "")}
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(compare_counts(results, cases), [])
            results["node", "test_a"] = ("wrong", "y: 1 of 2 differ")
            self.assertEqual(compare_counts(results, cases), [("node", "test_a")])
        self.assertIn("node                            1        1      2\n", said.getvalue())
        self.assertIn("differs  test_a: BackendTest says wrong: y: 1 of 2 differ\n",
                      said.getvalue())


if __name__ == "__main__":
    unittest.main()
