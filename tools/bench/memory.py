#!/usr/bin/env python3
"""Prints what the plan of the memory saves: the peak of a run at the largest of
a model's test shapes.

    tools/bench/memory.py [--only PATTERN ...] [--json FILE]
                          [--dycc build/bin/dycc]

apart: each result has a slot of its own; shared: slots are shared where results
are not live together; in place: results are written over operands too, which is
what dycc does. Bytes are of the arena with the scratch of one thread. A result
that nothing bounds is not in them (their number is printed).
"""

import argparse
import fnmatch
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "models"))

import cases  # noqa: E402
import dycc  # noqa: E402  (on the path by `cases`)

VARIANTS = {"apart": ["--disable", "reuse"], "shared": ["--disable", "in-place"],
            "in place": []}
LINE = "{:28} {:>11} {:>11} {:>11} {:>7} {:>7}  {}"


def arena(library, feeds):
    """The largest arena of all feeds, and the results without a bound."""
    with dycc.load(library, threads=1) as model:
        peaks = [model.peak(model.bind(feed)) for feed in feeds]
    return max(p.arena_bytes for p in peaks), max(p.unbounded for p in peaks)


def measure(args, case, folder):
    model = case.make(str(folder / f"{case.name}.onnx"))
    if model is None:
        print(f"{case.name:28} skipped: {case.missing}")
        return None
    feeds = [step.feed for step in case.steps(np.random.default_rng(0))]
    row = {"name": case.name}
    for number, (variant, flags) in enumerate(VARIANTS.items()):
        # A loader takes one path for one library.
        library = folder / f"{case.name}.{number}.so"
        subprocess.run([str(args.dycc), str(model), "-o", str(library), *flags],
                       check=True)
        row[variant], row["unbounded"] = arena(library, feeds)
        library.unlink()
    apart, shared, placed = (max(row[v], 1) for v in VARIANTS)
    print(LINE.format(case.name, row["apart"], row["shared"], row["in place"],
                      f"{shared / apart:.2f}", f"{placed / shared:.2f}",
                      row["unbounded"] or ""), flush=True)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--dycc", type=Path, default=ROOT / "build/bin/dycc")
    args = parser.parse_args()
    print(LINE.format("model", "apart", "shared", "in place", "/apart", "/shared",
                      "unbounded"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases.all_cases():
            if any(fnmatch.fnmatch(case.name, p) for p in args.only):
                rows.append(measure(args, case, Path(folder)))
    if args.json:
        args.json.write_text(json.dumps([r for r in rows if r], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
