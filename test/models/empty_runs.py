#!/usr/bin/env python3
"""Runs models with extents of 0, in memory that nobody may leave.

    test/models/empty_runs.py [--all] [--only PATTERN ...] [--json FILE]
                              [--dycc build/bin/dycc] [--jobs 2]

The models are those of empty_cases.py, of run.py and, of one operator each, of
operators.py with every extent symbolic; of the last two small ones and one case per
operator, --all: all.
Each runs at its own shapes, with each extent that may be 0 at 0 alone, and with
all of them at 0. Every input lies before a page that faults, then behind one; so
does what the context and its arena lie in, and the outputs in a second run. A
tensor without elements has no address, or that of such a page. A run may end in a
status; a result is compared with ONNX Runtime's where it has one.
"""

import argparse
import collections
import fnmatch
import multiprocessing
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx

import paths
import dycc  # On the path by `paths`.
import empty_cases
import foreign
from builder import Graph
from expected import save, verdict
from guarded import Allocator, Guarded
from node_cases import collect, is_random
from node_forms import forms_of, in_form
from node_results import listed, load_list
from workers import check_all

LIMIT = 300 * paths.PATIENCE  # Seconds for one model.
MEMORY = 4 << 30  # Bytes that a model and its engines may take.
SMALL = ("if_*", "loop_*", "scan_*", "*carried", "*growth", "unbounded_chain",
         "silero_vad", "decoder_step", "dydca_a1_x2", "face_rfb_cut", "learned_en*")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--json", type=Path, help="write the results there")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


# What is run.

class Subject:
    """A model's bytes or file, and the inputs of one run by name."""

    def __init__(self, name, make, feed):
        self.name, self.make, self.feed = name, make, feed


def of_models():
    import cases

    for case in cases.all_cases():
        def make(file, case=case):
            made = case.make(str(file))
            return made and Path(made)
        feed = lambda case=case: next(iter(case.steps(np.random.default_rng(0)))).feed
        yield Subject(case.name, make, feed)


# Operators and cases whose extents may not be 0, though nothing that is checked says so: engines differ.
NOT_EMPTY = {
    "NonMaxSuppression": "its limits are a number each",
    "test_scan_sum": "a row has as many elements as the state that it is added to",
}


def of_operators():
    """One whose inputs or outputs are no tensors, which draws numbers, or which is refused,
    is no subject."""
    rows = load_list()
    for case in collect().values():
        form = forms_of(case)[-1]  # What steers a shape is a constant.
        proto, data = in_form(case, form)
        inputs = data[0][0]
        if {case.name, case.operator} & NOT_EMPTY.keys() or is_random(case):
            continue
        if listed((case.name, form), rows) or not all(
                value.type.HasField("tensor_type")
                for value in (*proto.graph.input, *proto.graph.output)):
            continue

        def make(file, proto=proto):
            file.write_bytes(proto.SerializeToString())
            return file
        names = [i.name for i in proto.graph.input]
        feed = lambda names=names, inputs=inputs: dict(zip(names, inputs))
        subject = Subject(case.name, make, feed)
        subject.operator = case.operator
        yield subject


def of_wide():
    for name in empty_cases.MAKERS:
        def make(file, name=name):
            empty_cases.make(name, file)
            return file
        # The feed comes with the nodes.
        yield Subject(name, make, lambda name=name: empty_cases.MAKERS[name](Graph(18))[3])


def select(args):
    def wanted(name):
        return any(fnmatch.fnmatchcase(name, p) for p in args.only)

    whole = args.all or args.only != ["*"]
    chosen = [s for s in of_wide() if wanted(s.name)]
    seen = collections.Counter()
    for subject in of_operators():
        seen[subject.operator] += 1
        if wanted(subject.name) and (whole or seen[subject.operator] == 1):
            chosen.append(subject)
    chosen += [s for s in of_models() if wanted(s.name) and (
        whole or any(fnmatch.fnmatch(s.name, p) for p in SMALL))]
    return {s.name: s for s in chosen}


# The shapes of a model's runs.

def shrunk(model, feed, zeros):
    """The feed with the symbols `zeros` at 0."""
    result = {}
    for value in model.inputs:
        array = np.asarray(feed[value.name])
        cut = tuple(slice(0, 0 if dim in zeros else None) for dim in value.shape)
        result[value.name] = np.ascontiguousarray(array[cut]) if cut else array
    return result


def feeds_of(model, feed):
    """(what is 0, feed) for each run."""
    free = [s.name for s in model.symbols if s.lower == 0]
    yield "", feed
    for name in free:
        yield name, shrunk(model, feed, {name})
    if len(free) > 1:
        yield "all", shrunk(model, feed, set(free))


# One run.

def place(array, at_end, keep):
    """The array in guarded memory; without elements it has no address, or that of a
    page that faults. Strings the package copies."""
    if array.dtype == object:
        return array
    memory = Guarded(array.nbytes, at_end)
    keep.append(memory)
    if array.size:
        return memory.array(array)
    return foreign.Tensor(array.shape, array.dtype, memory.end if at_end else None)


def run_guarded(model, feed, at_end, outputs=None):
    """The results, of a run that finds all memory of the caller guarded. Without
    `outputs` they lie in the context's."""
    keep = []
    arrays = [place(np.asarray(feed[v.name]), at_end, keep) for v in model.inputs]
    memory = {name: place(np.zeros_like(value), at_end, keep)
              for name, value in (outputs or {}).items() if value.dtype != object}
    call = model.prepare(arrays, memory)
    call()
    return {name: value.copy() for name, value in call.results().items()}


def same(mine, again):
    bits = lambda a: a.tolist() if a.dtype == object else a.tobytes()
    return all(bits(a) == bits(b) for a, b in zip(mine.values(), again.values()))


def reference(file, feeds, connection):
    """In a process of its own: ONNX Runtime may not survive it."""
    import onnxruntime

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Its last words are no result.
    resource.setrlimit(resource.RLIMIT_CPU, (100, 100))  # Some have no end.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(file), options,
                                               ["CPUExecutionProvider"])
    except Exception:
        os._exit(1)
    for feed in feeds:
        try:
            connection.send(session.run(None, feed))
        except Exception:
            connection.send(None)
    os._exit(0)  # Its threads need no end.


def references(file, feeds):
    mine, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(
        target=reference, args=(file, feeds, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        for _ in feeds:
            try:
                yield mine.recv() if mine.poll(60) else None
            except EOFError:
                yield None
    finally:  # Nobody asks for more than there are runs.
        child.kill()
        child.join()
        mine.close()


def judge(mine, theirs):
    """What is wrong with a result, or None."""
    from compare import compare

    for number, (a, b) in enumerate(zip(mine.values(), theirs)):
        outcome = compare(a, np.asarray(b))
        if not outcome.ok:
            return f"output {number}: {outcome.text}"
    return None


def is_undefined(graph):
    """Whether the graph, or one inside it, has an operator of those."""
    return any(n.op_type in empty_cases.UNDEFINED
               or any(is_undefined(a.g) for a in n.attribute) for n in graph.node)


def run_all(library, file, feed):
    """(problems, runs, refused runs) of one model."""
    problems, counts = [], collections.Counter()
    results, feeds = {}, []
    for at_end in (True, False):
        with dycc.load(library, threads=1, allocator=Allocator(at_end)) as model:
            runs = list(feeds_of(model, feed))
            feeds = [f for _, f in runs]
            for label, given in runs:
                counts["runs"] += 1
                try:
                    mine = run_guarded(model, given, at_end)
                    again = run_guarded(model, given, at_end, mine)
                except dycc.Error as error:
                    counts["refused"] += 1
                    if error.status == "DYCC_INTERNAL":
                        problems.append(f"{label}: {error.status}: {error}")
                    continue
                if not same(mine, again) or not same(mine, results.setdefault(label, mine)):
                    problems.append(f"{label}: the results of two runs differ")
    undefined = is_undefined(onnx.load(file, load_external_data=False).graph)
    for (label, _), theirs in zip(runs, references(file, feeds)):
        if theirs is not None and label in results and not (label and undefined):
            counts["compared"] += 1
            if wrong := judge(results[label], theirs):
                problems.append(f"{label or 'as it is'}: {wrong}")
    return problems, counts


def work(job, subjects, dycc, folder):
    """(problems, counts) of a model; run in a process of its own, which an engine
    that takes memory without end does not outlive."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    subject = subjects[job]
    safe = re.sub(r"\W", "_", job)
    file = subject.make(folder / f"{safe}.onnx")
    if file is None:
        return [], {"skipped": 1}
    library = folder / f"{safe}.so"
    done = subprocess.run([str(dycc), str(file), "-o", str(library), "-j", "1"],
                          capture_output=True, text=True)
    if done.returncode:
        return [f"dycc exits {done.returncode}: {done.stderr.strip()[:300]}"], {}
    try:
        return run_all(library, file, subject.feed())
    finally:
        library.unlink()


def main():
    args = parse()
    if not args.dycc.exists():
        sys.exit(f"empty_runs.py: no compiler at {args.dycc}")
    began, subjects = time.time(), select(args)
    if not subjects:
        sys.exit(f"empty_runs.py: no model matches {args.only}")
    red, totals = set(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        jobs = list(subjects)
        for job, (problems, counts) in check_all(
                jobs, args.jobs, lambda job: work(job, subjects, args.dycc, Path(folder)),
                LIMIT):
            if isinstance(problems, str):  # It crashed: counts is the text.
                problems, counts = [counts], {}
            totals.update(counts)
            if problems:
                red.add(job)
                print(f"red  {job}: {'; '.join(problems)[:600]}", flush=True)
    print(f"{len(subjects)} models in {(time.time() - began) / 60:.1f} minutes: "
          f"{totals['runs']} runs, {totals['refused']} refused, "
          f"{totals['compared']} compared with ONNX Runtime; {len(red)} red")
    save(args.json, red, set(subjects), "empty-runs")
    return verdict("empty-runs", red, set(subjects))


if __name__ == "__main__":
    sys.exit(main())
