#!/usr/bin/env python3
"""Compiles the test cases of the onnx package and compares their runs with the
outputs stored there.

    test/models/operators.py [--all] [--only PATTERN ...] [--json FILE]
                             [--cases FILE] [--dycc build/bin/dycc] [--jobs 2]

Each node test is compiled with all extents symbolic, and with constants for inputs that
steer a shape; a sample of them (--all: all) with such inputs, and as it is, too
(node_forms.py). --all has the package's other sets as well.
A verdict is one of
  passed   compiled, ran, and gave the stored outputs, or what the reference gives
           in float64
  refused  dycc said why it does not compile this; green where
           operators_refused.txt lists it
  wrong    other outputs, or an error of the run
  crashed  of the compiler or the run; or over the time limit
A listed case that is not refused is red, so that the list stays true. What passes with
all extents symbolic runs at a second size as well, where one is legal
(second_sizes.py), and is red where it differs there.
"""

import argparse
import collections
import contextlib
import fnmatch
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import compare
import paths
import dycc  # On the path by `paths`.
from node_cases import NODE, SETS, collect, differs_from_all
from node_forms import DYNAMIC, FORMS, SAME, forms_of, in_form
from node_results import (AGREES, CRASHED, DIFFERS, LIST, NONE, PASSED, REFUSED, VERDICTS,
                          WRONG, Outcome, is_green, listed, load_list, show_refusals,
                          show_table)
from second_sizes import NoSecondSize, second_size
from workers import check_all

SAMPLE = 6  # Every so manieth case is compiled in all forms.
# What dycc says where it is at fault itself.
BROKEN = "stopped by signal|undefined symbol|using value defined outside"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true", help="every case of every set in every form")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN",
                        help="names of cases or operators")
    parser.add_argument("--json", type=Path, help="write a row per operator there")
    parser.add_argument("--cases", type=Path, help="write a row per case there")
    parser.add_argument("--log", type=Path, help="write a line per case there")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--dycc-flag", action="append", default=[],
                        help="passed to dycc; may be repeated")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


# One case.

def run_once(compiled, case, inputs, outputs, model):
    """What is wrong with one run, or None."""
    try:
        results = compiled.run(list(inputs))
    except dycc.Error as error:
        return f"{error.status}: {error}"
    feed = dict(zip((value.name for value in compiled.input_values), inputs))
    wrong = differs_from_all(list(results.values()), outputs, case,
                             lambda: compare.in_double(model, feed))
    return wrong and f"{list(results)[wrong[0]]}: {wrong[1]}"


def run_second(compiled, case, model):
    """How the artifact does at a second size."""
    try:
        inputs, outputs = second_size(case)
    except NoSecondSize as error:
        return NONE, str(error)
    wrong = run_once(compiled, case, inputs, outputs, model)
    extents = ", ".join(f"{list(value.shape)}" for value in inputs)
    return (DIFFERS, f"at {extents}: {wrong}") if wrong else (AGREES, f"at {extents}")


def run_case(case, form, data, library, model):
    try:
        with dycc.load(library, threads=1) as compiled:
            for inputs, outputs in data:
                wrong = run_once(compiled, case, inputs, outputs, model)
                if wrong:
                    return Outcome(WRONG, wrong)
            second = run_second(compiled, case, model) if form == DYNAMIC else ()
    except dycc.Error as error:  # Of a model that cannot be created.
        return Outcome(WRONG, str(error))
    return Outcome(PASSED, "", second)


def check(case, form, dycc, folder, flags=()):
    """The outcome of one case in one form."""
    model, library = (folder / f"{case.name}.{form}.{end}" for end in ("onnx", "so"))
    proto, data = in_form(case, form)
    model.write_bytes(proto.SerializeToString())
    done = subprocess.run([str(dycc), str(model), "-o", str(library), "-j", "1", *flags],
                          capture_output=True, text=True)
    try:
        if done.returncode == 0:
            return run_case(case, form, data, library, model)
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        if done.returncode == 1 and errors and not re.search(BROKEN, done.stderr):
            return Outcome(REFUSED, errors[0].split("error:", 1)[1].strip())
        return Outcome(CRASHED, f"dycc exits {done.returncode}: {done.stderr.strip()[-300:]}")
    finally:
        library.unlink(missing_ok=True)
        model.unlink()


# What is written and printed.

def save(path, counts):
    """A row per operator: green where cases pass and nothing is red."""
    state = lambda c: "red" if c["red"] else "green" if c[PASSED] else "refused"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([
        {"name": operator, "state": state(count),
         **{v: count[v] for v in VERDICTS}}
        for operator, count in sorted(counts.items())], indent=1))


def case_rows(cases, results):
    """A row per case that ran, with its outcome in each form."""
    rows = []
    for case in cases.values():
        found = {form: results.get((case.name, form)) or
                 results.get((case.name, SAME.get(form))) for form in FORMS}
        rows.append({"name": case.name, "set": case.set, "operator": case.operator,
                     "forms": {form: outcome for form, outcome in found.items() if outcome}})
    return [row for row in rows if row["forms"]]


def show_forms(rows):
    """How many of the cases pass in each form."""
    for form in FORMS:
        outcomes = [row["forms"][form] for row in rows if form in row["forms"]]
        second = collections.Counter(o.second[0] for o in outcomes if o.second)
        print(f"{form:9} {sum(o.verdict == PASSED for o in outcomes)} of {len(outcomes)} pass"
              + (f"; at a second size {second[AGREES]} agree, {second[DIFFERS]} differ, "
                 f"{second[NONE]} have none" if second else ""))


def select(args, cases):
    """The jobs: (name, form). Last of a case's forms is the one that exporters write."""
    chosen = [c for c in cases.values() if any(
        fnmatch.fnmatchcase(text, p) for p in args.only for text in (c.name, c.operator))]
    whole = args.all or args.only != ["*"]
    return [(c.name, form) for i, c in enumerate(chosen) for form in forms_of(c)
            if whole or form == forms_of(c)[-1] or i % SAMPLE == 0]


def run_all(args, cases, jobs):
    """{job: outcome}, and the jobs that are red. Prints those."""
    rows, results, red = load_list(), {}, []
    log = args.log.open("w") if args.log else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as folder, log:
        for job, result in check_all(
                jobs, args.jobs,
                lambda job: check(cases[job[0]], job[1], args.dycc, Path(folder),
                                  args.dycc_flag)):
            outcome = results[job] = Outcome(*result)
            line = f"{outcome.verdict:8} {job[0]}, {job[1]}: {outcome.text}" + \
                "; ".join(outcome.second)
            if args.log:
                print(line, file=log, flush=True)
            if not is_green(job, outcome, rows):
                red.append(job)
                print(f"red  {line}", flush=True)
    return results, red


def main():
    args = parse()
    if not args.dycc.exists():
        sys.exit(f"operators.py: no compiler at {args.dycc}; build it or give --dycc")
    began, rows = time.time(), load_list()
    cases = collect(SETS if args.all or args.only != ["*"] else (NODE,))
    jobs = select(args, cases)
    if not jobs:
        sys.exit(f"operators.py: no case matches {args.only}")
    results, red = run_all(args, cases, jobs)
    counts, by_case = show_table(cases, results, rows), case_rows(cases, results)
    show_refusals(results)
    unused = [r[0] for r in rows if not any(listed(job, [r]) for job in results)]
    if unused and args.only == ["*"] and args.all:
        print(f"{LIST.name} lists what is no case: {', '.join(unused)}")
    print()
    show_forms(by_case)
    totals = collections.Counter(outcome.verdict for outcome in results.values())
    print(f"{len(results)} runs of {len(cases)} cases in "
          f"{(time.time() - began) / 60:.1f} minutes: "
          + ", ".join(f"{n} {v}" for v, n in totals.items()) + f"; {len(red)} red")
    if args.json:
        save(args.json, counts)
    if args.cases:
        args.cases.write_text(json.dumps(by_case, indent=1))
    return int(bool(red))


if __name__ == "__main__":
    sys.exit(main())
