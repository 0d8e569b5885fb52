"""A model in all bars: compiled, compared, timed in turn, its memory and launches."""

import math
import re
import subprocess
import time
from pathlib import Path

import numpy as np
import onnx

import engines
from ablation_parts import peers
from ablation_parts.bars import BARS, FULL, LIMITED
from refusal import graphs_of

dycc = engines.dycc


class Refused(Exception):
    """What dycc says of a model."""


SHORT = 2e-4  # Seconds of calls that the clock tells apart well.
# Operators that are sums of products, and what their kernels' names begin with.
SUMS = ("Conv", "ConvTranspose", "MatMul", "Gemm")


def exported_nodes(file):
    """How many nodes a model has, those of its branches, loops and functions too, without
    constants; and how many are sums of products."""
    model = onnx.load(file, load_external_data=False)
    kinds = [node.op_type for top in (model.graph, *model.functions)
             for graph in graphs_of(top) for node in graph.node]
    return {"nodes": sum(kind != "Constant" for kind in kinds),
            "sums": sum(kind in SUMS for kind in kinds)}


def compile_bar(compiler, file, bar, folder, flags=()):
    """The library of a bar."""
    library = Path(folder) / bar.file
    done = subprocess.run([str(compiler), str(file), *bar.flags, *flags, "-o", str(library)],
                          capture_output=True, text=True)
    if done.returncode:
        raise Refused((done.stderr or done.stdout).strip().splitlines()[0])
    return library


def record(compiler, library, feeds, folder, threads):
    """The file of the shapes at which kernels run."""
    lines = []
    for _, feed in feeds:
        inputs = []
        for i, (name, value) in enumerate(feed.items()):
            np.save(Path(folder) / f"input{i}.npy", value)
            inputs += ["--input", f"{name}=@{folder}/input{i}.npy"]
        part = Path(folder) / "part.shapes"
        subprocess.run([str(compiler.with_name("dycc-run")), str(library), *inputs,
                        "--repeat", "3", "--threads", str(threads), "--profile-shapes",
                        str(part)], check=True, stdout=subprocess.DEVNULL)
        head, *rest = part.read_text().splitlines()
        lines += rest
    file = Path(folder) / "all.shapes"
    file.write_text("\n".join([head, *lines]))
    return file


def libraries_of(compiler, file, feeds, folder, threads):
    """Of each bar."""
    made = []
    for bar in BARS:
        flags = ("--profile-shapes", str(record(compiler, made[-1], feeds, folder,
                                                threads))) if bar.recorded else ()
        made.append(compile_bar(compiler, file, bar, folder, flags))
    return made


def places(compiler, file, bar):
    """How many places of the program launch a kernel, how many call an operator of the
    runtime: each counts once, in a loop too."""
    done = subprocess.run([str(compiler), str(file), *bar.flags, "--stop-after", "fuse"],
                          capture_output=True, text=True, check=True)
    return {"launches": len(re.findall(r"= dyn\.launch @|^ *dyn\.launch @", done.stdout,
                                       re.MULTILINE)),
            "runtime": len(re.findall(r"dyn\.runtime \"", done.stdout))}


def places_of(compiler, file):
    """Of each bar; parts behind the fuse stage change none."""
    known = {}
    for bar in BARS:
        key = (*sorted({*bar.on} & {"fuse", "chunk"}), bar.limited)
        if key not in known:
            known[key] = places(compiler, file, bar)
        yield known[key]


def profiled(model, feed):
    """Launches of one run, and the part of its time that goes to sums of products."""
    profile = dycc.Profile()
    for _ in range(3):
        model.run(feed, profile=profile)
    heavy = sum(kernel.seconds for kernel in profile.kernels
                if kernel.name.startswith(tuple(kind.lower() + "_" for kind in SUMS)))
    return {"launches": sum(kernel.calls for kernel in profile.kernels) // profile.runs,
            "heavy": heavy / profile.seconds}


def alike(results, first):
    """Bars compute the same: floats but for the order of sums."""
    for mine, other in zip(results.values(), first.values()):
        if mine.shape != other.shape:
            return False
        if mine.dtype.kind == "f":
            scale = np.abs(other).max(initial=0) or 1
            if not np.allclose(mine, other, rtol=1e-3, atol=1e-4 * scale, equal_nan=True):
                return False
        elif (mine != other).mean() > 1e-4:  # Rounding to 8 bits.
            return False
    return True


def clock_of(threads):
    """Of one thread what the processor gives it: what else the machine does is no part."""
    return time.thread_time if threads == 1 else time.perf_counter


def timed(models, feed, results, threads, rounds, budget):
    """The least seconds of a call of each model: all in turn, with results in memory that
    stays, at least `rounds` times and for `budget` seconds. Several calls in a row where one
    is short beside the steps of the clock."""
    clock, least = clock_of(threads), [math.inf] * len(models)
    calls = [model.prepare(feed, result) for model, result in zip(models, results)]
    for call in calls:
        call()
    began = time.perf_counter()
    calls[0]()
    row = max(1, int(SHORT / (time.perf_counter() - began)))
    end = time.monotonic() + budget
    while rounds > 0 or time.monotonic() < end:
        rounds -= 1
        for i, call in enumerate(calls):
            began = clock()
            for _ in range(row):
                call()
            least[i] = min(least[i], (clock() - began) / row)
    return least


def size_row(models, label, feed, threads, rounds, budget):
    """What the bars come to at one size."""
    results = [model.run(feed) for model in models]
    row = {"size": label, "bars": []}
    samples = timed(models, feed, results, threads, rounds, budget)
    for bar, model, result, seconds in zip(BARS, models, results, samples):
        peak = model.peak(model.bind(feed))
        row["bars"].append({
            "name": bar.name, "seconds": seconds, "speed": samples[0] / seconds,
            "peak": peak.bytes, "unbounded": peak.unbounded,
            "same": alike(result, results[0]), **profiled(model, feed)})
    return row


def subject_rows(subject, compiler, folder, threads, rounds, budget, venv):
    """Everything about a model, or None where it cannot be had. Beside the peers, which
    `venv` has, unless it is None."""
    made = subject.make(str(Path(folder) / "model.onnx"))
    if made is None:
        return None
    found = {"name": subject.name, "kind": subject.kind, "threads": threads,
             **exported_nodes(made)}
    feeds = subject.feeds()
    libraries = libraries_of(compiler, made, feeds, folder, threads)
    found["places"] = list(places_of(compiler, made))
    found["bytes"] = [library.stat().st_size for library in libraries]
    models = [dycc.load(library, threads=threads) for library in libraries]
    found["sizes"] = [size_row(models, label, feed, threads, rounds, budget)
                      for label, feed in feeds]
    for model in models:
        model.close()
    if venv:
        beside = peers.rows(venv, compiler, made, libraries[FULL], libraries[LIMITED], feeds,
                            folder, threads, rounds, budget)
        for row, found_beside in zip(found["sizes"], beside):
            row["peers"] = found_beside
    return found
