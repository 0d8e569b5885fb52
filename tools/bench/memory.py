#!/usr/bin/env python3
"""Prints what the plan of the memory saves in each model of the suite, at the first and
at the last but one size of its sweep: bytes of the arena, weights and the scratch of
kernels aside.

    tools/bench/memory.py [--only PATTERN ...] [--json FILE]
                          [--dycc-inspect build/bin/dycc-inspect]

apart: each result has a slot of its own; shared: slots are shared where results are not
live together; in place: results are written over operands too; ordered: launches run in
the order that needs least, which is what dycc does. No kernel is compiled. A result that
nothing bounds is not in the bytes (their number is printed).
"""

import argparse
import fnmatch
import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "bench"), str(ROOT / "test" / "models")]

import paths  # noqa: E402, F401  (puts what `registry` imports on the path)
from suite_parts import recipes, registry  # noqa: E402

VARIANTS = {"apart": ["--disable", "reuse"], "shared": ["--disable", "in-place,order"],
            "in place": ["--disable", "order"], "ordered": []}
LINE = "{:28} {:>16} {:>13} {:>12} {:>12} {:>12} {:>8} {:>8}  {}"


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
                          row["unbounded"] or ""), flush=True)
    return rows


def ratio(row, variant, before):
    return max(row[variant], 1) / max(row[before], 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--dycc-inspect", type=Path,
                        default=ROOT / "build/bin/dycc-inspect")
    args = parser.parse_args()
    print(LINE.format("model", "size", *VARIANTS, "/shared", "/given", "unbounded"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for model in registry.all_models():
            if model.group == registry.OPERATORS or not any(
                    fnmatch.fnmatch(model.name, p) for p in args.only):
                continue
            file = model.make(str(Path(folder) / f"{model.name}.onnx"))
            if file is None:
                print(f"{model.name:28} skipped: {model.missing}")
                continue
            rows += measure(args.dycc_inspect, model, file)
    if rows:
        mean = statistics.geometric_mean(ratio(r, "ordered", "in place") for r in rows)
        print(f"ordered over in place, geometric mean of {len(rows)}: {mean:.3f}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
