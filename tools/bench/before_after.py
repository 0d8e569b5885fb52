#!/usr/bin/env python3
"""Times real models compiled by two programs, in turn (A B A B) in one process.

    tools/bench/before_after.py --dycc BEFORE NOW [--threads 1 2] [--pairs 15]
                                [--only PATTERN ...] [--suite PATTERN ...]
                                [--json FILE]

Each pair is a run of one library and a run of the other; the ratio is the median of
before / now (above 1: faster now). *bits*: whether the outputs are the same in every
bit. --suite: models of tools/bench/suite at the first two sizes of their sweeps instead.
FILE gets a row for each line.
"""

import argparse
import fnmatch
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

import compile_times
import dycc  # Where compile_times has put it on the path.

SHAPES = {
    "nudenet": [(1, 3, 320, 320), (1, 3, 224, 416), (1, 3, 96, 160)],
    "ppocr_detection": [(1, 3, 736, 736), (1, 3, 320, 480), (1, 3, 96, 160)],
    "face_rfb_320": [(1, 3, 240, 320)],
    "resnet50": [(1, 3, 224, 224), (4, 3, 96, 96)],
}


def seconds(model, feeds):
    start = time.perf_counter()
    outputs = model.run(feeds)
    return time.perf_counter() - start, outputs.values()


def measure(models, feeds, pairs):
    """Ratio, seconds before and now, whether the bits are the same."""
    outputs = [seconds(model, feeds)[1] for model in models]
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in zip(*outputs))
    times = [[seconds(model, feeds)[0] for model in models] for _ in range(pairs)]
    before, now = (statistics.median(column) for column in zip(*times))
    return statistics.median(a / b for a, b in times), before, now, same


def build(program, model, folder, number):
    library = folder / f"m{number}.so"
    subprocess.run([str(program), str(model), "-o", str(library)], check=True,
                   capture_output=True)
    return library


def images(name):
    """A `feeds` of a model with one input, which is an image: (size, its arrays)."""
    for shape in SHAPES[name]:
        array = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
        yield "x".join(map(str, shape)), lambda model, a=array: {model.inputs[0].name: a}


def subjects(args):
    """Models as (name, make, feeds of it)."""
    if not args.suite:
        for name, make in compile_times.subjects().items():
            if name in SHAPES and any(fnmatch.fnmatch(name, p) for p in args.only):
                yield name, make, images(name)
        return
    from suite_parts import recipes
    from suite_parts.registry import all_models

    for model in all_models():
        if any(fnmatch.fnmatch(model.name, p) for p in args.suite):
            feeds = [(size.label, lambda _, feed=size.feed: recipes.arrays(feed, 1))
                     for size in model.sizes[:2]]
            yield model.name, lambda path, m=model: m.make(str(path)), feeds


def rows_of(name, make, sizes, args, folder):
    folder.mkdir()
    model = make(folder / "model.onnx")
    if model is None:
        print(f"| {name} | is not there |")
        return []
    libraries = [build(program, model, folder, i) for i, program in enumerate(args.dycc)]
    rows = []
    for threads in args.threads:
        models = [dycc.load(library, threads=threads) for library in libraries]
        for size, feeds in sizes:
            ratio, before, now, same = measure(models, feeds(models[0]), args.pairs)
            print(f"| {name} | {size} | {threads} | {ratio:.2f} | {1e3 * before:.2f} | "
                  f"{1e3 * now:.2f} | {'same' if same else 'differ'} |", flush=True)
            rows.append({"model": name, "size": size, "threads": threads, "ratio": ratio,
                         "before": before, "now": now, "same": same})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--dycc", type=Path, nargs=2, required=True)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--only", nargs="+", default=["*"])
    parser.add_argument("--suite", nargs="+", default=[], metavar="PATTERN")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    print("| model | size | threads | ratio | before ms | now ms | bits |\n"
          "|---|---|---|---|---|---|---|")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, make, sizes in subjects(args):
            rows += rows_of(name, make, list(sizes), args, Path(folder) / name)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
