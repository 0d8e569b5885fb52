#!/usr/bin/env python3
"""Models with kernels for several machines against ONNX Runtime, on each machine.

    test/models/dispatch.py [--list] [--only PATTERN ...] [--dycc build/bin/dycc]

One small network of convolutions and products is compiled with `--dispatch` and runs
on every machine that this processor is; under qemu-user, with processors of less
features, the library chooses by itself or says what is missing.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import paths
from aarch64 import SYSROOT, TRIPLE, build_runner, read_tensors, write_tensors
from command_line import choose, judge_cases
from compare import judge
from run import reference_session

import dycc  # noqa: E402  (on the path by `paths`)

EXTENTS = ((1, 8, 8), (2, 17, 23), (1, 40, 31))
RUN = paths.BUILD / "bin" / "dycc-run"


def network(path):
    """Filters of 16, 40 and one per channel, a product with packed weights and one of
    two values."""
    random = np.random.default_rng(7)
    weights = {"a": (16, 3, 3, 3), "b": (40, 16, 1, 1), "c": (40, 1, 3, 3),
               "d": (40, 70), "e": (70,)}
    values = [numpy_helper.from_array(
        (random.standard_normal(dims) / 4).astype(np.float32), name)
        for name, dims in weights.items()]
    nodes = [helper.make_node("Conv", ["x", "a"], ["c1"], pads=[1, 1, 1, 1]),
             helper.make_node("Relu", ["c1"], ["r1"]),
             helper.make_node("Conv", ["r1", "b"], ["c2"]),
             helper.make_node("Conv", ["c2", "c"], ["c3"], pads=[1, 1, 1, 1], group=40),
             helper.make_node("GlobalAveragePool", ["c3"], ["pool"]),
             helper.make_node("Flatten", ["pool"], ["flat"]),
             helper.make_node("Gemm", ["flat", "d", "e"], ["p"]),
             helper.make_node("Transpose", ["p"], ["t"], perm=[1, 0]),
             helper.make_node("MatMul", ["t", "p"], ["outer"]),
             helper.make_node("Softmax", ["outer"], ["y"], axis=-1)]
    graph = helper.make_graph(
        nodes, "dispatch",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, "H", "W"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [70, 70]),
         helper.make_tensor_value_info("c3", TensorProto.FLOAT, ["N", 40, "H", "W"])],
        values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)


def feeds():
    random = np.random.default_rng(3)
    for n, h, w in EXTENTS:
        yield {"x": random.standard_normal((n, 3, h, w)).astype(np.float32)}


def wrong(model, run):
    """What is wrong with the results of run(feed), or None."""
    session = reference_session(model)
    for feed in feeds():
        for result in judge(model, feed, run(feed), session.run(None, feed)):
            if not result.ok:
                return f"{feed['x'].shape}: {result.text}"
    return None


def compiled(compiler, model, library, *flags):
    subprocess.run([str(compiler), str(model), "-o", str(library), *flags], check=True)
    return library


def x86_64_asked(compiler, folder, model):
    """Each machine that this processor is, by its name."""
    library = compiled(compiler, model, folder / "asked.so", "--target", "x86_64-linux-gnu",
                       "--dispatch", "v1,v3,v4")
    with dycc.load(library) as best:
        names = best.machines[best.machines.index(best.machine):]
    for name in names:
        with dycc.load(library, machine=name) as forced:
            text = wrong(model, lambda feed: list(forced.run(feed).values()))
        if text:
            return f"{name}: {text}"
    try:
        dycc.load(library, machine="x86-64-v9")
    except dycc.Error as error:
        return None if "expected one of x86-64-v4, x86-64-v3, x86-64" in error.text \
            else f"error text: {error.text}"
    return "an unknown machine is taken"


def emulated(processor, library):
    """What dycc-run says of a library, and of a run of it."""
    done = subprocess.run(["qemu-x86_64", "-cpu", processor, str(RUN), str(library),
                           "--describe", "--input", "x=1x3x9x9xf32"],
                          capture_output=True, text=True, timeout=60)
    return f"{done.stdout}{done.stderr}exit code {done.returncode}"


def x86_64_chosen(compiler, folder, model):
    """The best machine of a processor, and what one lacks that is none of them."""
    library = compiled(compiler, model, folder / "chosen.so", "--target",
                       "x86_64-linux-gnu", "--dispatch", "v3,v4")
    text = emulated("Haswell", library)
    if "machine x86-64-v3, runs" not in text or "exit code 0" not in text:
        return f"on Haswell: {text}"
    text = emulated("Nehalem", library)
    for part in ("exit code 1", "processor cannot run the model: for x86-64-v4 it "
                 "lacks avx, avx2, avx512",
                 "; for x86-64-v3 it lacks avx, avx2"):
        if part not in text:
            return f"on Nehalem: {text}"
    return None


def integers(path):
    """Convolutions and a product of eight bits, of all channels and of groups, whose
    sums are outputs."""
    random = np.random.default_rng(11)
    weights = {"a": (24, 3, 3, 3), "b": (40, 24, 1, 1), "c": (40, 8, 3, 3), "d": (43, 37),
               "e": (1000, 35)}
    values = [numpy_helper.from_array(random.integers(-128, 128, dims).astype(np.int8), name)
              for name, dims in weights.items()]
    points = {"z": np.uint8(3), "s": np.float32(900), "t": np.uint8(131)}
    values += [numpy_helper.from_array(np.array(value), name)
               for name, value in points.items()]
    nodes = [helper.make_node("ConvInteger", ["x", "a", "z"], ["ya"], pads=[1, 1, 1, 1]),
             helper.make_node("Cast", ["ya"], ["fa"], to=TensorProto.FLOAT),
             helper.make_node("QuantizeLinear", ["fa", "s", "t"], ["qa"]),
             helper.make_node("ConvInteger", ["qa", "b", "t"], ["yb"]),
             helper.make_node("Cast", ["yb"], ["fb"], to=TensorProto.FLOAT),
             helper.make_node("QuantizeLinear", ["fb", "s", "t"], ["qb"]),
             helper.make_node("ConvInteger", ["qb", "c", "t"], ["yc"], pads=[1, 1, 1, 1],
                              group=5),
             helper.make_node("MatMulInteger", ["m", "d", "z"], ["yd"]),
             helper.make_node("MatMulInteger", ["l", "e", "t"], ["ye"])]
    graph = helper.make_graph(
        nodes, "integers",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, ["N", 3, "H", "W"]),
         helper.make_tensor_value_info("m", TensorProto.UINT8, ["M", 43]),
         helper.make_tensor_value_info("l", TensorProto.UINT8, ["M", 1000])],
        [helper.make_tensor_value_info(name, TensorProto.INT32, None)
         for name in ("ya", "yb", "yc", "yd", "ye")], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)


def integer_feeds():
    random = np.random.default_rng(5)
    for n, h, w in EXTENTS:
        yield {"x": random.integers(0, 256, (n, 3, h, w)).astype(np.uint8),
               "m": random.integers(0, 256, (h, 43)).astype(np.uint8),
               "l": random.integers(0, 256, (h, 1000)).astype(np.uint8)}


def aarch64_integers(compiler, folder, _):
    """The same integers on processors without dot products, with them and with products
    of matrices, and ONNX's."""
    model = folder / "integers.onnx"
    integers(model)
    library = compiled(compiler, model, folder / "integers.so", "--target", TRIPLE,
                       "--dispatch", "v8.6,v8.2,v8")
    runner, session = build_runner(folder), reference_session(model)
    files = [str(folder / f) for f in ("in.bin", "out.bin")]
    for feed in integer_feeds():
        expected = session.run(None, feed)
        write_tensors(files[0], [feed["x"], feed["m"], feed["l"]])
        for processor, *machine in (("cortex-a72",), ("cortex-a76",), ("max", "armv8.2-a"),
                                    ("max", "armv8.6-a"), ("max",)):
            subprocess.run(["qemu-aarch64", "-cpu", processor, "-L", str(SYSROOT),
                            str(runner), str(library), *files, *machine], check=True,
                           timeout=120)
            for mine, theirs in zip(read_tensors(files[1]), expected, strict=True):
                if not np.array_equal(mine, theirs):
                    return f"{processor}: {np.count_nonzero(mine != theirs)} integers differ"
    return None


# A rounding of each storage in 16 bits, relative; so many in a row are allowed.
ROUNDINGS = {"f16": 2.0 ** -11, "bf16": 2.0 ** -8}
IN_A_ROW = 16


def in_roundings(precision, mine, theirs):
    """What is wrong with a result that was stored so on the way, or None."""
    wide = theirs.astype(np.float64)
    apart = np.abs(mine - wide).max() / np.abs(wide).max() / ROUNDINGS[precision]
    return None if 0 < apart <= IN_A_ROW else f"{precision}: {apart:.2f} roundings"


def x86_64_halves(compiler, folder, model):
    """Storage in 16 bits on each machine that this processor is, and on this processor
    alone, which may have products of bf16."""
    session = reference_session(model)
    for precision in ROUNDINGS:
        library = compiled(compiler, model, folder / f"{precision}.so", "--target",
                           "x86_64-linux-gnu", "--dispatch", "v1,v3,v4", "--precision",
                           precision)
        own = compiled(compiler, model, folder / f"own.{precision}.so", "--precision",
                       precision)
        with dycc.load(library) as best:
            names = best.machines[best.machines.index(best.machine):]
        for file, name in [*((library, name) for name in names), (own, None)]:
            with dycc.load(file, machine=name) as forced:
                for feed in feeds():
                    for mine, theirs in zip(forced.run(feed).values(),
                                            session.run(None, feed), strict=True):
                        if text := in_roundings(precision, mine, theirs):
                            return f"{name}: {text}"
    return None


def aarch64_halves(compiler, folder, model):
    """Storage in 16 bits on processors with and without arithmetic of f16, and results
    in f32."""
    runner, session = build_runner(folder), reference_session(model)
    files = [str(folder / f) for f in ("in.bin", "out.bin")]
    for precision in ROUNDINGS:
        library = compiled(compiler, model, folder / f"{precision}.so", "--target", TRIPLE,
                           "--dispatch", "v8.6,v8.2,v8", "--precision", precision)
        for feed in feeds():
            write_tensors(files[0], [feed["x"]])
            for processor in ("cortex-a57", "cortex-a76", "max"):
                subprocess.run(["qemu-aarch64", "-cpu", processor, "-L", str(SYSROOT),
                                str(runner), str(library), *files], check=True, timeout=120)
                for mine, theirs in zip(read_tensors(files[1]), session.run(None, feed),
                                        strict=True):
                    if text := in_roundings(precision, mine, theirs):
                        return f"{processor}: {text}"
    return None


def aarch64(compiler, folder, model):
    """A processor without and one with dot products and f16."""
    runner = build_runner(folder)
    library = compiled(compiler, model, folder / "arm.so", "--target", TRIPLE, "--dispatch",
                       "v8,v8.2")
    files = [str(folder / f) for f in ("in.bin", "out.bin")]

    def run(processor, feed, *machine):
        write_tensors(files[0], [feed["x"]])
        done = subprocess.run(["qemu-aarch64", "-cpu", processor, "-L", str(SYSROOT),
                               str(runner), str(library), *files, *machine],
                              capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return read_tensors(files[1])

    for processor, *machine in (("cortex-a57",), ("max",), ("max", "armv8-a")):
        if text := wrong(model, lambda feed: run(processor, feed, *machine)):
            return f"{processor} {machine}: {text}"
    try:
        run("cortex-a57", next(feeds()), "armv8.2-a")
    except RuntimeError as error:
        expected = "for armv8.2-a it lacks dotprod, fullfp16"
        return None if expected in str(error) else f"error text: {error}"
    return "cortex-a57 runs armv8.2-a"


CASES = {"x86_64_asked": x86_64_asked, "x86_64_chosen": x86_64_chosen,
         "x86_64_halves": x86_64_halves, "aarch64_chosen": aarch64,
         "aarch64_integers": aarch64_integers, "aarch64_halves": aarch64_halves}


def main():
    args, names = choose(__doc__, CASES)
    with tempfile.TemporaryDirectory() as top:
        model = Path(top) / "network.onnx"
        network(model)
        return judge_cases("dispatch", args, names,
                           lambda name, folder: CASES[name](args.dycc, folder, model))


if __name__ == "__main__":
    sys.exit(main())
