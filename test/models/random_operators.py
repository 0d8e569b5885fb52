#!/usr/bin/env python3
"""Compiles models of random legal nodes of every operator that dycc compiles, and
compares them with ONNX Runtime.

    test/models/random_operators.py [--seed 0] [--count 100 | --all] [--only Resize ...]
                                    [--json FILE] [--dycc build/bin/dycc] [--jobs 2]

A model has a few cases: one node, or a chain of up to five. Operators are dealt like
cards, so that each comes about as often: random_rules/ draws its opset, types, extents
(0 and 1 too), attributes and operands. It is compiled once and run at three shapes.
Seed n + i makes model i, so `--seed 17 --count 1` repeats one that was printed as red.

What ONNX Runtime refuses or does not survive does not count; the share of nodes that
count is printed by operator where it is low, with the reasons.
"""

import argparse
import collections
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from onnx import TensorProto

import paths
import dycc  # On the path by `paths`.
from compare import floats, judge, widened
from expected import save, verdict
from random_cases import Dealer, compiled_operators, merged
from random_oracle import Oracle
from random_rules import REASONS, RULES
from workers import check_all

LIMIT = 120 * paths.PATIENCE
POOR = 0.5  # A share of counted nodes below this is printed, and red for whole decks.


def without_rule():
    return [o for o in compiled_operators() if o not in RULES and o[1] not in REASONS]


# One model.

def compile_model(model, library, compiler):
    """What dycc says, or None."""
    child = subprocess.Popen([str(compiler), "-", "-o", str(library), "-j", "1"],
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, start_new_session=True)
    try:
        _, said = child.communicate(model.SerializeToString(), timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)  # Its kernels' processes too.
        child.communicate()
        return "the compiler has no end"
    if child.returncode == 0:
        return None
    return f"dycc exits {child.returncode}: {said.decode(errors='replace').strip()[:600]}"


def wrong_run(case, run, found):
    """What is wrong with the results of a run, or None."""
    values, expected = [found[n] for n in case.names], case.expected[run]
    for name, value, other in zip(case.names, values, expected):
        if case.loose and (value.shape, value.dtype) != (other.shape, other.dtype):
            return f"{name}: got {value.dtype}{value.shape}, expects {other.dtype}{other.shape}"
    if case.loose:
        return None
    feed = case.feeds[run]
    verdicts = judge(io.BytesIO(case.model), feed, values, expected)
    if not all(v.ok for v in verdicts):
        verdicts = second_opinion(case, run, values, verdicts)
    for name, verdict in zip(case.names, verdicts):
        if not verdict.ok:
            extents = {k: v.shape for k, v in feed.items()}
            return f"{name}: {verdict.text}, at {extents}"
    return None


def second_opinion(case, run, values, verdicts):
    """ONNX Runtime rounds to halves behind each node: in f32 it is a better judge of what
    has halves than onnx.reference, which has not all forms of all operators."""
    wide, feed = widened(io.BytesIO(case.model), case.feeds[run], TensorProto.FLOAT)
    found, = check.dealer.oracle.outputs(wide.SerializeToString(), [feed])
    if isinstance(found, str):
        return verdicts
    return [v if v.ok or value.dtype != np.float16 else floats(value, other)
            for v, value, other in zip(verdicts, values, found)]


def run_cases(cases, library):
    """{case: what is wrong}"""
    bad = {}
    with dycc.load(library, threads=1) as compiled:
        for run in range(len(cases[0].feeds)):
            feed = {k: v for c in cases for k, v in c.feeds[run].items()}
            try:
                found = compiled.run({v.name: feed[v.name] for v in compiled.inputs})
            except dycc.Error as error:
                if all(c.counts(run) for c in cases):
                    return {**bad, None: f"{error.status}: {error}"}
                continue
            for case in cases:
                if case not in bad and case.counts(run):
                    problem = wrong_run(case, run, found)
                    if problem:
                        bad[case] = problem
    return bad


def check_cases(cases, folder, compiler):
    """[(case, what is wrong)]; each by itself where they fail together."""
    library = Path(folder) / f"{len(list(Path(folder).iterdir()))}.so"
    problem = compile_model(merged(cases), library, compiler)
    bad = {None: problem} if problem else run_cases(cases, library)
    if None not in bad:
        return list(bad.items())
    if len(cases) == 1:
        return [(cases[0], bad[None])]
    return [one for case in cases for one in check_cases([case], folder, compiler)]


def check(seed, args):
    """(verdict, texts of what is wrong, (operator, why it does not count or None) of each
    draw, where ONNX Runtime does not judge) of one seed."""
    cases, counts = check.dealer.cases(seed)
    if args.keep:
        for i, case in enumerate(cases):
            args.keep.mkdir(exist_ok=True)
            (args.keep / f"{seed}_{i}.onnx").write_bytes(case.model)
    groups = collections.defaultdict(list)
    for case in cases:
        groups[case.opset].append(case)
    texts = []
    with tempfile.TemporaryDirectory() as folder:
        for group in groups.values():
            for case, problem in check_cases(group, folder, args.dycc):
                texts.append(f"{case.text}: {problem}")
    deviations = [d for case in cases for d in case.deviations]
    return ("wrong" if texts else "passed"), texts, counts, deviations


# All models.

def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--all", action="store_true", help="2,000 models")
    parser.add_argument("--only", nargs="*", metavar="OPERATOR")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the cases there")
    parser.add_argument("--json", type=Path, help="write the results there")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def show_shares(counts, whole):
    """Prints how many nodes counted. Whether each operator was reached well enough."""
    drawn, refused = collections.Counter(), collections.defaultdict(collections.Counter)
    for operator, why in counts:
        drawn[operator] += 1
        if why:
            refused[operator][why] += 1
    for operator, reasons in sorted(refused.items()):
        share = 1 - reasons.total() / drawn[operator]
        if share < POOR:
            print(f"{share:4.0%} of {drawn[operator]:3} {operator[1]} count; "
                  + ", ".join(f"{n} {w}" for w, n in reasons.most_common()))
    total, lost = drawn.total(), sum(r.total() for r in refused.values())
    print(f"{total - lost} of {total} drawn nodes count, of {len(drawn)} operators")
    missed = [o[1] for o in RULES if drawn[o] == refused[o].total()]
    if whole and missed:
        print(f"never reached: {', '.join(missed)}")
    return not (whole and missed)


def main():
    args = parse()
    if not args.dycc.exists():
        sys.exit(f"random_operators.py: no compiler at {args.dycc}")
    missing = without_rule()
    if missing:
        sys.exit("random_operators.py: neither a rule nor a reason for "
                 + ", ".join(name for _, name in missing))
    warnings.simplefilter("ignore")  # Of the reference's arithmetic.
    np.seterr(all="ignore")
    oracle = Oracle()
    check.dealer = Dealer(oracle.ask(None), args.only)
    oracle.stop()
    seeds = range(args.seed, args.seed + (2000 if args.all else args.count))
    red, counts, deviations, began = [], [], collections.Counter(), time.time()
    for (seed,), (state, texts, *more) in check_all([(s,) for s in seeds], args.jobs,
                                                    lambda job: check(*job, args), LIMIT * 4):
        counts += more[0] if more else []
        deviations.update(more[1] if more else ())
        if state != "passed":
            red.append(seed)
            for text in texts if isinstance(texts, list) else [f"{state}: {texts}"]:
                print(f"red  seed {seed}  {text}", flush=True)
    good = show_shares(counts, len(seeds) >= 100 and not args.only)
    for why, count in sorted(deviations.items()):
        print(f"judged by onnx.reference, {count}: {why}")
    print(f"{len(seeds) - len(red)} of {len(seeds)} green in {time.time() - began:.0f} s"
          + (f", red seeds: {sorted(red)}" if red else ""))
    ran = {str(s) for s in seeds}
    save(args.json, {str(s) for s in red}, ran)
    return verdict("random-operators", {str(s) for s in red}, ran) or int(not good)


if __name__ == "__main__":
    sys.exit(main())
