#!/usr/bin/env python3
"""Runs onnx.backend.test.BackendTest, the onnx package's own tests of a backend, on
dycc.onnx_backend, and compares with what operators.py counts as static.

    test/models/backend_test.py [--cases FILE] [--only PATTERN ...] [--json FILE]
                                [--jobs 2]

--cases is what `operators.py --all --cases FILE` wrote. Prints both counts of each set
and the cases that one passes and the other does not; the exit code is 1 where one of
them does not stand in expected_failures.txt. BackendTest knows the stored outputs alone:
operators.py asks the reference in float64 too, and what is random is judged by its
distribution. The set `real` is left out: its models
have no stored outputs.
"""

import argparse
import fnmatch
import json
import sys
import unittest
from collections import Counter
from pathlib import Path

import paths  # noqa: F401  (puts dycc on the path)
from expected import verdict
from node_results import CRASHED, PASSED, REFUSED, WRONG
from workers import check_all

SUITES = {"OnnxBackendNodeModelTest": "node", "OnnxBackendSimpleModelTest": "simple",
          "OnnxBackendPyTorchConvertedModelTest": "pytorch-converted",
          "OnnxBackendPyTorchOperatorModelTest": "pytorch-operator"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cases", type=Path, help="of operators.py, to compare with")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN",
                        help="names of cases")
    parser.add_argument("--json", type=Path, help="write a row per case there")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def load_tests():
    """{(set, case): a test}"""
    from onnx.backend.test import BackendTest

    from dycc.onnx_backend import Backend

    suites = BackendTest(Backend, __name__).test_cases
    return {(kind, name.removesuffix("_cpu")): suites[suite](name)
            for suite, kind in SUITES.items()
            for name in unittest.defaultTestLoader.getTestCaseNames(suites[suite])
            if name.endswith("_cpu")}


def run_test(test):
    """(verdict, text)"""
    from dycc import CompileError

    result = unittest.TestResult()
    raised = []
    result.addError = lambda _, error: raised.append(error[1])
    result.addFailure = lambda _, error: raised.append(error[1])
    test.run(result)
    if result.skipped:  # The runner asks whether a model of a file is compatible.
        return REFUSED, result.skipped[0][1]
    if not raised:
        return PASSED, ""
    text = " ".join(str(raised[0]).split())[:300]
    if isinstance(raised[0], CompileError):
        return (REFUSED if raised[0].status == "refused" else CRASHED), text
    return WRONG, text


def compare_counts(results, cases):
    """Prints both counts, and returns the names that they differ in."""
    static = {(row["set"], row["name"]): row["forms"]["static"][0] == PASSED
              for row in cases if "static" in row["forms"]}
    print(f"\n{'set':20} {'BackendTest':>12} {'static':>8} {'of':>6}")
    different = []
    for kind in SUITES.values():
        names = [job for job in results if job[0] == kind and job in static]
        if names:
            print(f"{kind:20} {sum(results[n][0] == PASSED for n in names):12} "
                  f"{sum(static[n] for n in names):8} {len(names):6}")
        different += [n for n in names if (results[n][0] == PASSED) != static[n]]
    for job in different:
        print(f"differs  {job[1]}: BackendTest says {': '.join(results[job])}")
    return different


def save(path, results):
    path.write_text(json.dumps([{"set": kind, "name": name, "verdict": verdict, "text": text}
                                for (kind, name), (verdict, text) in results.items()],
                               indent=1))


def main():
    args = parse()
    tests = load_tests()
    jobs = [job for job in tests
            if any(fnmatch.fnmatchcase(job[1], p) for p in args.only)]
    if not jobs:
        sys.exit(f"backend_test.py: no case matches {args.only}")
    results = dict(check_all(jobs, args.jobs, lambda job: run_test(tests[job])))
    totals = Counter(verdict for verdict, _ in results.values())
    print(f"{len(results)} tests of BackendTest: "
          + ", ".join(f"{n} {verdict}" for verdict, n in totals.items()))
    if args.json:
        save(args.json, results)
    different = compare_counts(results, json.loads(args.cases.read_text())) \
        if args.cases else []
    red = {name for _, name in different}
    return verdict("backend", red, {name for _, name in results}) | (CRASHED in totals)


if __name__ == "__main__":
    sys.exit(main())
