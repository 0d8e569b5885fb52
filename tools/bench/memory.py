#!/usr/bin/env python3
"""Prints what the plan of the memory saves in each model of the suite, at the first and
at the last but one size of its sweep: bytes of the arena, weights and the scratch of
kernels aside.

    tools/bench/memory.py [--only PATTERN ...] [--json FILE]
                          [--dycc-inspect build/bin/dycc-inspect]
    tools/bench/memory.py --beside [--report docs/memory.md] [--threads 1]
                          [--only PATTERN ...] [--json FILE] [--of FILE]
                          [--dycc build/bin/dycc]

apart: each result has a slot of its own; shared: slots are shared where results are not
live together; in place: results are written over operands too; ordered: launches run in
the order that needs least; placed: slots lie over each other, which is what dycc does.
No kernel is compiled. A result that
nothing bounds is not in the bytes (their number is printed).

--beside compiles the models and compares what runs take with ONNX Runtime, OpenVINO and
MNN (tools/bench/suite_parts/beside.py); --of makes a report of an earlier run's FILE.
"""

import argparse
import fnmatch
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")
sys.path[:0] = [str(ROOT / "tools" / "bench"), str(ROOT / "test" / "models")]

import paths  # noqa: E402, F401  (puts what `registry` imports on the path)
from suite_parts import recipes, registry  # noqa: E402

VARIANTS = {"apart": ["--disable", "reuse"], "shared": ["--disable", "in-place,order,place"],
            "in place": ["--disable", "order,place"], "ordered": ["--disable", "place"],
            "placed": []}
LINE = "{:28} {:>16} {:>13} {:>12} {:>12} {:>12} {:>12} {:>8} {:>8} {:>8}  {}"


def extents_of(report, feed):
    """{symbol: number} where inputs have the shapes of `feed`."""
    extents = {}
    for value in report["model"]["inputs"]:
        dims = re.fullmatch(r"\w+\[(.*)\]", value["type"])[1].split(", ")
        extents |= dict(zip(dims, feed[value["name"]].shape))
    names = {symbol["name"] for symbol in report["symbols"]}
    return {name: extent for name, extent in extents.items() if name in names}


def inspect(program, model, flags, at=None):
    """What dycc-inspect says of a model, or None and why."""
    point = [f"{name}={extent}" for name, extent in (at or {}).items()]
    done = subprocess.run([str(program), str(model), "--json", *flags,
                           *(["--at", ",".join(point)] if point else [])],
                          capture_output=True, text=True)
    if done.returncode:
        return None, done.stderr.strip().splitlines()[0]
    return json.loads(done.stdout), None


def places(model):
    """The sizes at which a model is looked at."""
    return model.sizes[:1] + model.sizes[1:-1][-1:]


def measure(program, model, file):
    """A row for each size."""
    report, refusal = inspect(program, file, [])
    if refusal:
        print(f"{model.name:28} {refusal}")
        return []
    rows = []
    for size in places(model):
        at = extents_of(report, recipes.arrays(size.feed, seed=0))
        row = {"name": model.name, "size": size.label,
               "unbounded": len(report["memory"]["unbounded_results"])}
        for variant, flags in VARIANTS.items():
            found, refusal = inspect(program, file, flags, at)
            row[variant] = found["memory"]["at"]["arena"] if found else 0
        rows.append(row)
        print(LINE.format(row["name"], row["size"], *(row[v] for v in VARIANTS),
                          f"{ratio(row, 'in place', 'shared'):.2f}",
                          f"{ratio(row, 'ordered', 'in place'):.2f}",
                          f"{ratio(row, 'placed', 'ordered'):.2f}",
                          row["unbounded"] or ""), flush=True)
    return rows


def ratio(row, variant, before):
    return max(row[variant], 1) / max(row[before], 1)


def plans(args, models):
    """What parts of the plan save in each model."""
    print(LINE.format("model", "size", *VARIANTS, "/shared", "/given", "/row",
                      "unbounded"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for model in models:
            file = model.make(str(Path(folder) / f"{model.name}.onnx"))
            if file is None:
                print(f"{model.name:28} skipped: {model.missing}")
                continue
            rows += measure(args.dycc_inspect, model, file)
    for variant, before in (("ordered", "in place"), ("placed", "ordered")):
        if rows:
            mean = statistics.geometric_mean(ratio(r, variant, before) for r in rows)
            print(f"{variant} over {before}, geometric mean of {len(rows)}: {mean:.3f}")
    return rows


def compared(args, models):
    """What runs take beside other engines, and the page about it."""
    from suite_parts import beside, report, run

    rows = json.loads(args.of.read_text()) if args.of else []
    if not args.of:
        with tempfile.TemporaryDirectory() as folder:
            for row in beside.measured(models, args.dycc, args.venv, folder, args.threads):
                rows.append(row)
                if args.json:  # A long run that ends early has what it had so far.
                    args.json.write_text(json.dumps(rows, indent=1))
    text = beside.section(rows, run.machine(), args.threads)
    if args.report:
        args.report.write_text(report.placed(args.report.read_text(), text, beside.BEGIN,
                                             beside.END))
    print(*beside.missed(rows), f"geometric mean: {beside.mean_of(rows)}", sep="\n")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--dycc-inspect", type=Path, default=BUILD / "bin/dycc-inspect")
    parser.add_argument("--beside", action="store_true", help="compare with other engines")
    parser.add_argument("--report", type=Path, help="the page to write that in")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--of", type=Path, metavar="FILE")
    parser.add_argument("--dycc", type=Path, default=BUILD / "bin/dycc")
    parser.add_argument("--venv", type=Path, default=BUILD / "suite-venv")
    args = parser.parse_args()
    models = [model for model in registry.all_models()
              if model.group not in (None, registry.OPERATORS)
              and any(fnmatch.fnmatch(model.name, p) for p in args.only)]
    rows = compared(args, models) if args.beside else plans(args, models)
    if args.json and not args.of:
        args.json.write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
