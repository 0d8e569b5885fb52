#!/usr/bin/env python3
"""Compiles the node test cases of the onnx package and compares their runs
with the outputs stored there.

    test/models/operators.py [--all] [--only PATTERN ...] [--json FILE]
                             [--dycc build/bin/dycc] [--jobs 2]

Each case is compiled with all extents symbolic; a sample of them (--all: all)
as it is, too. A verdict is one of
  passed   compiled, ran, and gave the stored outputs, or what the reference gives
           in float64
  refused  dycc said why it does not compile this; green where
           operators_refused.txt lists it
  wrong    other outputs, or an error of the run
  crashed  of the compiler or the run; or over the time limit
A listed case that is not refused is red, so that the list stays true.
"""

import argparse
import collections
import contextlib
import fnmatch
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import compare
import paths
import dycc  # On the path by `paths`.
from node_cases import STATIC, SYMBOLIC, collect, with_symbols

PASSED, REFUSED, WRONG, CRASHED = "passed", "refused", "wrong", "crashed"
EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7}
LIMIT = 60 * paths.PATIENCE  # Seconds for one case.
SAMPLE = 6  # Every so manieth case is compiled as it is.
# What dycc says where it is at fault itself.
BROKEN = "stopped by signal|undefined symbol|using value defined outside"
LIST = Path(__file__).resolve().with_name("operators_refused.txt")
PROCESSES = multiprocessing.get_context("fork")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true", help="every case in both forms")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN",
                        help="names of cases or operators")
    parser.add_argument("--json", type=Path, help="write a row per operator there")
    parser.add_argument("--log", type=Path, help="write a line per case there")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--dycc-flag", action="append", default=[],
                        help="passed to dycc; may be repeated")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


# One case.

def differs(value, reference, case):
    """What is wrong with one output, or None."""
    reference = np.asarray(reference)
    if value.dtype != reference.dtype or value.shape != reference.shape:
        return (f"expects {reference.dtype}{list(reference.shape)}, "
                f"got {value.dtype}{list(value.shape)}")
    if reference.dtype.kind in "biu":
        close = value == reference
    else:  # Floats, those that NumPy has no kind for as well.
        wide = (x.astype(np.float64) for x in (value, reference))
        # The references of 16 bits are rounded after each step.
        rtol = max(case.rtol, 2 * EPSILON.get(reference.dtype.name, 0))
        close = np.isclose(*wide, rtol=rtol, atol=case.atol, equal_nan=True)
    if close.all():
        return None
    at = np.flatnonzero(~close.reshape(-1))
    return (f"{at.size} of {value.size} differ, first {value.reshape(-1)[at[0]]} for "
            f"{reference.reshape(-1)[at[0]]} at {at[0]}")


# Operators that make what they draw. (A Dropout that draws is refused.)
RANDOM = frozenset(
    row[0] for row in (line.split("\t") for line in
                       (paths.ROOT / "dialects/onnx/operators.tsv").read_text().splitlines())
    if row[1:2] == ["Source"] and "random" in row[7].split())


def is_random(case):
    """Whether it draws numbers: the stored ones say types and extents alone."""
    return any(node.op_type in RANDOM for node in case.model.graph.node)


def differs_from_all(values, outputs, case, exact):
    """(number of an output, what is wrong with it) of the first that is neither the
    stored one nor `exact()`'s: the references round after each step, too."""
    for i, (mine, stored) in enumerate(zip(values, outputs)):
        if is_random(case) and mine.shape == np.shape(stored):
            stored = mine.astype(np.asarray(stored).dtype)
        problem = differs(mine, stored, case)
        if problem and mine.dtype == np.float32 == np.asarray(stored).dtype:
            problem = differs(mine, exact()[i].astype(np.float32), case) and problem
        if problem:
            return i, problem
    return None


def run_case(case, data, library, model):
    try:
        with dycc.load(library, threads=1) as compiled:
            for inputs, outputs in data:
                results = compiled.run(list(inputs))
                feed = dict(zip((v.name for v in compiled.inputs), inputs))
                wrong = differs_from_all(results.values(), outputs, case,
                                         lambda feed=feed: compare.in_double(model, feed))
                if wrong:
                    return WRONG, f"{list(results)[wrong[0]]}: {wrong[1]}"
    except dycc.Error as error:
        return WRONG, f"{error.status}: {error}"
    return PASSED, ""


def check(case, form, dycc, folder, flags=()):
    """(verdict, text) of one case in one form."""
    model, library = (folder / f"{case.name}.{form}.{end}" for end in ("onnx", "so"))
    proto, data = (case.model, case.data) if form == STATIC else with_symbols(case)
    model.write_bytes(proto.SerializeToString())
    done = subprocess.run([str(dycc), str(model), "-o", str(library), "-j", "1", *flags],
                          capture_output=True, text=True)
    try:
        if done.returncode == 0:
            return run_case(case, data, library, model)
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        if done.returncode == 1 and errors and not re.search(BROKEN, done.stderr):
            return REFUSED, errors[0].split("error:", 1)[1].strip()
        return CRASHED, f"dycc exits {done.returncode}: {done.stderr.strip()[-300:]}"
    finally:
        library.unlink(missing_ok=True)
        model.unlink()


# All cases: a few processes, each working through many. One that dies takes
# its case with it and is replaced.

def serve(connection, work):
    while True:
        job = connection.recv()
        try:
            connection.send(work(job))
        except Exception as error:
            connection.send((WRONG, f"{type(error).__name__}: {error}"))


class Worker:
    def __init__(self, work):
        self.connection, other = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=serve, args=(other, work))
        self.process.start()
        other.close()
        self.job, self.since = None, 0.0

    def give(self, job):
        self.job, self.since = job, time.time()
        self.connection.send(job)

    def result(self):
        """The result that has come, or why there will be none."""
        try:
            return self.connection.recv()
        except EOFError:
            self.process.join()
            return CRASHED, f"the run ended by signal {-self.process.exitcode}"

    def stop(self):
        self.process.kill()
        self.process.join()


def check_all(jobs, count, work, limit=LIMIT):
    """Yields (job, result of `work`), or CRASHED and a text; the parent never
    runs a model."""
    waiting = list(reversed(jobs))
    workers = [Worker(work) for _ in range(min(count, len(jobs)))]
    for worker in workers:
        worker.give(waiting.pop())
    while any(w.job for w in workers):
        busy = [w for w in workers if w.job]
        ready = multiprocessing.connection.wait([w.connection for w in busy], timeout=1)
        for worker in busy:
            late = time.time() - worker.since > limit
            if worker.connection not in ready and not late:
                continue
            result = worker.result() if worker.connection in ready else \
                (CRASHED, f"no end after {limit:.0f} seconds")
            yield worker.job, result
            if result[0] == CRASHED:
                worker.stop()
                workers[workers.index(worker)] = worker = Worker(work)
            worker.job = None
            if waiting:
                worker.give(waiting.pop())
    for worker in workers:
        worker.stop()


# The list of what may be refused.

def load_list():
    """[(pattern, form or None, reason)]: `<pattern>[, symbolic|static]: why`."""
    rows = []
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            what, reason = line.split(": ", 1)
            pattern, _, form = what.partition(", ")
            rows.append((pattern, form or None, reason))
    return rows


def listed(job, rows):
    """The lines that say that this case may be refused."""
    return [row for row in rows if fnmatch.fnmatchcase(job[0], row[0])
            and row[1] in (None, job[1])]


def is_green(job, verdict, rows):
    return verdict == (REFUSED if listed(job, rows) else PASSED)


# What is printed.

def reason_class(text):
    """A refusal without the names in it."""
    text = re.sub(r"^'[^']*' node[^:]*: |^node '[^']*': ", "", text)
    return re.sub(r"'[^']*'", "''", text)[:110]


def show_table(cases, results, rows):
    counts = collections.defaultdict(collections.Counter)
    for job, (verdict, _) in results.items():
        counts[cases[job[0]].operator][verdict] += 1
        counts[cases[job[0]].operator]["red"] += not is_green(job, verdict, rows)
    print(f"\n{'operator':28} passed refused wrong crashed")
    for operator, count in sorted(counts.items()):
        figures = " ".join(f"{count[v] or '':>7}" for v in (PASSED, REFUSED, WRONG, CRASHED))
        print(f"{operator:27}{figures}{'  red' if count['red'] else ''}")
    return counts


def show_refusals(results):
    reasons = collections.defaultdict(set)
    for (name, _), (verdict, text) in results.items():
        if verdict == REFUSED:
            reasons[reason_class(text)].add(name.removeprefix("test_"))
    print("\nrefused, by reason")
    for reason, names in sorted(reasons.items(), key=lambda r: -len(r[1])):
        some = ", ".join(sorted(names)[:3]) + (", ..." if len(names) > 3 else "")
        print(f"  {len(names):4}  {reason}  ({some})")


def save(path, counts):
    """A row per operator: green where cases pass and nothing is red."""
    state = lambda c: "red" if c["red"] else "green" if c[PASSED] else "refused"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([
        {"name": operator, "state": state(count),
         **{v: count[v] for v in (PASSED, REFUSED, WRONG, CRASHED)}}
        for operator, count in sorted(counts.items())], indent=1))


def select(args, cases):
    """The jobs: (name, form)."""
    chosen = [c for c in cases.values() if any(
        fnmatch.fnmatchcase(text, p) for p in args.only for text in (c.name, c.operator))]
    whole = args.all or args.only != ["*"]
    jobs = [(c.name, SYMBOLIC) for c in chosen]
    return jobs + [(c.name, STATIC) for i, c in enumerate(chosen)
                   if whole or i % SAMPLE == 0]


def main():
    args = parse()
    if not args.dycc.exists():
        sys.exit(f"operators.py: no compiler at {args.dycc}; build it or give --dycc")
    began, cases, rows = time.time(), collect(), load_list()
    jobs, results, red = select(args, cases), {}, []
    if not jobs:
        sys.exit(f"operators.py: no case matches {args.only}")
    log = args.log.open("w") if args.log else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as folder, log:
        for job, (verdict, text) in check_all(
                jobs, args.jobs,
                lambda job: check(cases[job[0]], job[1], args.dycc, Path(folder),
                                  args.dycc_flag)):
            results[job] = verdict, text
            line = f"{verdict:8} {job[0]}, {job[1]}: {text}"
            if args.log:
                print(line, file=log, flush=True)
            if not is_green(job, verdict, rows):
                red.append(job)
                print(f"red  {line}", flush=True)
    counts = show_table(cases, results, rows)
    show_refusals(results)
    unused = [r[0] for r in rows if not any(listed(job, [r]) for job in results)]
    if unused and args.only == ["*"] and args.all:
        print(f"{LIST.name} lists what is no case: {', '.join(unused)}")
    totals = collections.Counter(v for v, _ in results.values())
    print(f"\n{len(results)} runs of {len(cases)} cases in "
          f"{(time.time() - began) / 60:.1f} minutes: "
          + ", ".join(f"{n} {v}" for v, n in totals.items()) + f"; {len(red)} red")
    if args.json:
        save(args.json, counts)
    return int(bool(red))


if __name__ == "__main__":
    sys.exit(main())
