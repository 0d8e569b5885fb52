#!/usr/bin/env python3
"""Compiles operators in every element type that ONNX gives them, many nodes to
a model with symbolic extents, and compares their runs with onnx.reference:
integers, bools and strings exactly, floats with the reference in float64.

    test/models/operator_types.py [--all] [--only PATTERN ...] [--json FILE]
                                  [--dycc build/bin/dycc] [--jobs 2]

Each node runs in a third of its types, which are another third for the next
one; --all, or a choice of nodes, has them all.
"""

import argparse
import fnmatch
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import onnx

import paths
import dycc  # On the path by `paths`.
from type_cases import CASES, SHAPES, TYPES, allowed, feed, make, reference

# How far a float may be from the reference: (of the value, of the largest one).
# f16 is computed in f32 and rounded once; functions are within a few ulp.
BOUNDS = {"float16": (2.0**-9, 2.0**-12), "float32": (1e-5, 1e-6),
          "float64": (1e-9, 1e-10)}


def differs(value, expected):
    """What is wrong with a result, or None."""
    if value.shape != expected.shape:
        return f"expects extents {expected.shape}, got {value.shape}"
    if value.dtype.kind in "biuO":
        if value.dtype != expected.dtype:
            return f"expects {expected.dtype}, got {value.dtype}"
        close = value == expected
    else:
        rtol, atol = BOUNDS[value.dtype.name]
        largest = np.max(np.abs(expected), initial=0, where=np.isfinite(expected))
        with np.errstate(over="ignore"):  # Beyond the type is infinite in it.
            expected = np.where(np.isinf(expected.astype(value.dtype)),
                                expected.astype(value.dtype), expected)
        close = np.isclose(value.astype(np.float64), expected, rtol=rtol,
                           atol=atol * max(largest, 1), equal_nan=True)
    if close.all():
        return None
    at = np.flatnonzero(~close.reshape(-1))[0]
    return (f"{np.count_nonzero(~close)} of {value.size} differ, first "
            f"{value.reshape(-1)[at]} for {expected.reshape(-1)[at]} at {at}")


def compile_cases(cases, kind, stem, dycc):
    """(library, None), or (None, what dycc says)."""
    model, library = stem.with_suffix(".onnx"), stem.with_suffix(".so")
    onnx.save(make(cases, kind), model)
    done = subprocess.run([str(dycc), str(model), "-o", str(library), "-j", "1"],
                          capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    if done.returncode == 0:
        return library, None
    return None, (errors or [f"dycc exits {done.returncode}"])[0]


def judge(case, found, expected):
    """What is wrong with one run of a case, or None."""
    try:
        for name, value in zip(case.outputs(), expected()):
            problem = differs(found[name], value)
            if problem:
                return f"{name}: {problem}"
    except Exception as error:  # Of the reference.
        return f"no reference: {type(error).__name__}: {error}"
    return None


def run_cases(cases, kind, library):
    """{name of a case: what is wrong} of compiled cases."""
    wrong = {}
    with dycc.load(library, threads=1) as compiled:
        for seed, shape in enumerate(SHAPES):
            data = feed(cases, kind, shape, seed)
            try:
                found = compiled.run([data[v.name] for v in compiled.inputs])
            except dycc.Error as error:
                return {case.name: f"{error.status}: {error}" for case in cases}
            for case in cases:
                problem = judge(case, found, lambda: reference(case, kind, data))
                if problem and case.name not in wrong:
                    wrong[case.name] = f"at {shape}: {problem}"
    return wrong


def check(job):
    """{name: what is wrong} of all cases in one type: as one model, or one by
    one where that does not compile."""
    kind, cases, dycc, folder = job
    warnings.simplefilter("ignore")  # Of the reference's arithmetic.
    np.seterr(all="ignore")
    library, problem = compile_cases(cases, kind, Path(folder) / kind, dycc)
    if library:
        return run_cases(cases, kind, library)
    if len(cases) == 1:
        return {cases[0].name: problem}
    wrong = {}
    for case in cases:
        stem = Path(folder) / f"{kind}_{case.name}"
        library, problem = compile_cases([case], kind, stem, dycc)
        wrong |= run_cases([case], kind, library) if library else {case.name: problem}
    return wrong


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true", help="every node in every type")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN",
                        help="operators, or operators and types: Add, Add:int8")
    parser.add_argument("--json", type=Path, help="write a row per operator there")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def select(patterns, whole):
    """{type: cases}"""
    chosen = {t: [] for t in TYPES}
    for number, case in enumerate(CASES):
        for at, kind in enumerate(allowed(case)):
            texts = (case.operator, f"{case.operator}:{kind}")
            fits = any(fnmatch.fnmatchcase(x, p) for p in patterns for x in texts)
            if fits and (whole or (number + at) % 3 == 0):
                chosen[kind].append(case)
    return {t: cases for t, cases in chosen.items() if cases}


def main():
    args, began = parse(), time.time()
    chosen = select(args.only, args.all or args.only != ["*"])
    states, red = {}, 0
    if not chosen:
        sys.exit(f"operator_types.py: no case matches {args.only}")
    with tempfile.TemporaryDirectory() as folder, \
            multiprocessing.Pool(args.jobs, maxtasksperchild=1) as pool:
        jobs = [(kind, cases, args.dycc, folder) for kind, cases in chosen.items()]
        for (kind, cases, *_), wrong in zip(jobs, pool.imap(check, jobs)):
            for case in cases:
                types = states.setdefault(case.operator, {})
                types[kind] = case.name not in wrong and types.get(kind, True)
                if case.name in wrong:
                    red += 1
                    print(f"red  {case.name} {kind}: {wrong[case.name]}", flush=True)
    count = sum(len(cases) for cases in chosen.values())
    print(f"{count} runs of {len(states)} operators in {len(chosen)} types, "
          f"{(time.time() - began) / 60:.1f} minutes: {red} red")
    if args.json:
        args.json.write_text(json.dumps(
            [{"name": name, "state": "green" if all(types.values()) else "red",
              "types": sorted(types)} for name, types in sorted(states.items())],
            indent=1))
    return int(red > 0)


if __name__ == "__main__":
    sys.exit(main())
