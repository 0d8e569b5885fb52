#!/usr/bin/env python3
"""Times `dycc model.onnx -o model.so` from nothing, without a cache.

    tools/bench/compile_times.py [--dycc PROGRAM ...] [--runs 3] [--json FILE]
                                 [--only PATTERN ...]

Several programs run in turn (A B A B), each column a median: seconds of wall clock
and of processor time with a worker per core. Kernels are counted by `dycc --report`,
bytes are those of the library. FILE gets a row for each model and program.
"""

import argparse
import fnmatch
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import onnx
from onnx import TensorProto, helper

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "models"))

import cases  # noqa: E402
import cnns  # noqa: E402

MODELS = ("nudenet", "ppocr_detection", "transformer_encoder", "face_rfb_320")


def one_product(path):
    """Y = X W with constant W: the smallest model that has a kernel worth it."""
    weight = helper.make_tensor("w", TensorProto.FLOAT, [768, 768], [0.5] * 768 * 768)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], "one_product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["M", 768])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["M", 768])], [weight])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                                ir_version=8), path)
    return path


def subjects():
    """{name: path -> path of a model, or None}"""
    found = {case.name: case.make for case in cases.all_cases() if case.name in MODELS}
    found = {name: found[name] for name in MODELS}
    found["resnet50"] = lambda path: cnns.make_light(path, "resnet50", symbolic=True)
    return found | {"one MatMul": one_product}


def compile_once(dycc, model, folder):
    """Seconds of wall clock and of processor time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(dycc), str(model), "-o", folder / "m.so", "--cache", ""],
                   check=True, capture_output=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def count_kernels(dycc, model, folder):
    subprocess.run([str(dycc), str(model), "-o", folder / "m.so", "--report",
                    folder / "report.json"], check=True, capture_output=True)
    groups = json.loads((folder / "report.json").read_text())["groups"]
    return len({group["kernel"] for group in groups})


def measure(name, model, args, folder):
    times = {dycc: [] for dycc in args.dycc}
    for _ in range(args.runs):
        for dycc in args.dycc:
            times[dycc].append(compile_once(dycc, model, folder))
    rows = []
    for dycc in args.dycc:
        wall, cpu = (statistics.median(column) for column in zip(*times[dycc]))
        kernels = count_kernels(dycc, model, folder)
        size = (folder / "m.so").stat().st_size
        rows.append({"model": name, "dycc": str(dycc), "kernels": kernels,
                     "wall": wall, "cpu": cpu, "bytes": size})
        print(f"| {name} | {dycc} | {kernels} | {wall:.2f} | {cpu:.2f} | {size} |",
              flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--dycc", type=Path, nargs="+", default=[ROOT / "build/bin/dycc"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=["*"])
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    print("| model | dycc | kernels | wall s | CPU s | bytes |\n|---|---|---|---|---|---|")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, make in subjects().items():
            if not any(fnmatch.fnmatch(name, pattern) for pattern in args.only):
                continue
            model = make(Path(folder) / "model.onnx")
            if model is None:
                print(f"| {name} | is not there |")
                continue
            rows += measure(name, model, args, Path(folder))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
