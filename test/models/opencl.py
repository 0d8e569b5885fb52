#!/usr/bin/env python3
"""Models with kernels for OpenCL's device against ONNX Runtime.

    test/models/opencl.py [--list] [--only PATTERN ...] [--dycc build/bin/dycc]

Small models, each compiled once with `--gpu opencl,cpu` and run at two sizes on the
device that OpenCL finds (in the tests PoCL's, the processor again) and on the processor;
two models in two threads at a time; and what an artifact does without a device. Without
one all is skipped, with the reason.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import onnx
from onnx import parser

import paths
from command_line import choose, judge_cases
from compare import judge
from run import reference_session

import dycc  # noqa: E402  (on the path by `paths`)

RUN = paths.BUILD / "bin" / "dycc-run"
os.environ.setdefault("POCL_CACHE_DIR", str(paths.BUILD / "pocl"))

HEADER = '<ir_version: 8, opset_import: ["" : 17]>\n'
#: Texts, and the extents of each run.
MODELS = {
    "convolutions": ("""
        net (float[N, 3, H, W] x) => (float[N, 10, H, W] y, float[N, 7] p)
        <float[16, 3, 3, 3] a, float[16, 1, 3, 3] b, float[10, 16, 1, 1] c, float[10, 7] d>
        {
          u = Conv<pads = [1, 1, 1, 1]>(x, a)
          v = Relu(u)
          w = Conv<pads = [1, 1, 1, 1], group = 16>(v, b)
          s = Sigmoid(w)
          y = Conv(s, c)
          m = MaxPool<kernel_shape = [2, 2], strides = [2, 2], pads = [0, 0, 1, 1]>(y)
          g = GlobalAveragePool(m)
          f = Flatten(g)
          p = MatMul(f, d)
        }""", [{"N": 1, "H": 8, "W": 9}, {"N": 2, "H": 17, "W": 5}]),
    "attention": ("""
        net (float[N, S, 24] x) => (float[N, S, 24] y)
        <float[24, 24] q, float[24, 24] k, float[24, 24] v, float[24] g, float[24] b>
        {
          a = MatMul(x, q)
          c = MatMul(x, k)
          d = MatMul(x, v)
          t = Transpose<perm = [0, 2, 1]>(c)
          e = MatMul(a, t)
          f = Softmax<axis = -1>(e)
          h = MatMul(f, d)
          r = Add(h, x)
          y = LayerNormalization<axis = -1>(r, g, b)
        }""", [{"N": 1, "S": 5}, {"N": 3, "S": 33}]),
    # Vectors of 1, 2 and 3 lanes, and tiles behind the ends of all axes.
    "odd_channels": ("""
        net (float[N, 3, H, W] x) => (float[N, 5, H, W] y, float[N, 1, H, W] z)
        <float[13, 3, 3, 3] a, float[13] b, float[13, 1, 3, 3] c, float[5, 13, 1, 1] d,
         float[5, 5, 3, 3] e, float[1, 5, 1, 1] f, float[5] g>
        {
          t = Conv<pads = [1, 1, 1, 1]>(x, a, b)
          u = Conv<pads = [1, 1, 1, 1], group = 13>(t, c)
          v = Conv(u, d, g)
          w = Conv<pads = [1, 1, 1, 1]>(v, e)
          s = Add(w, v)
          y = Relu(s)
          z = Conv(y, f)
        }""", [{"N": 1, "H": 7, "W": 9}, {"N": 2, "H": 1, "W": 1}, {"N": 1, "H": 18, "W": 33}]),
    "odd_products": ("""
        net (float[M, K] x, float[K, N] w, float[M, N] r, float[M, 13] s)
          => (float[M, N] y, float[M, 13] z)
        <float[7, 13] a, float[7] b, float[7, 3] c, float[3, 13] d>
        {
          p = MatMul(x, w)
          q = Add(p, r)
          y = Tanh(q)
          g = Gemm<transB = 1>(s, a, b)
          h = MatMul(g, c)
          k = MatMul(h, d)
          z = Add(k, s)
        }""", [{"M": 13, "K": 1, "N": 1}, {"M": 5, "K": 7, "N": 13}, {"M": 33, "K": 18, "N": 26}]),
    # Long and short rows, columns, images, and everything to one number.
    "reductions": ("""
        net (float[N, C, 300] x, float[N, 7] s, float[M, 3, H, W] p)
          => (float[N, C, 300] y, float[N, 7] t, float[M, 3, H, W] q, float[M, 3, 1, 1] g,
              float[N, C, 300] c, float a, float[3] m, int64[N, 1] i)
        <float[300] k, float[300] l, float[3] k3, float[3] l3>
        {
          y = LayerNormalization<axis = -1>(x, k, l)
          t = Softmax<axis = -1>(s)
          q = InstanceNormalization(p, k3, l3)
          g = GlobalAveragePool(p)
          c = LogSoftmax<axis = 1>(x)
          a = ReduceMax<keepdims = 0>(x)
          m = ReduceL2<keepdims = 0, axes = [0, 2, 3]>(p)
          i = ArgMax<axis = 1>(s)
        }""", [{"N": 1, "C": 1, "M": 1, "H": 2, "W": 3}, {"N": 5, "C": 19, "M": 3, "H": 9, "W": 7},
               {"N": 33, "C": 4, "M": 1, "H": 1, "W": 70}]),
    "control_flow": ("""
        net (float[N] x, int64 n) => (float[N] y, float[K, N] z)
        {
          c = Constant<value = bool {1}>()
          y, z = Loop(n, c, x) <body = body (int64 i, bool t, float[N] a)
            => (bool t2, float[N] b, float[N] s) {
              t2 = Identity(t)
              f = Cast<to = 1>(i)
              d = Add(a, f)
              m = ReduceMax<keepdims = 0>(d)
              o = Constant<value = float {3.0}>()
              g = Less(m, o)
              b = If(g) <then_branch = grow () => (float[N] p) { p = Add(d, d) },
                         else_branch = shrink () => (float[N] q) { q = Mul(d, a) }>
              s = Tanh(b)
            }>
        }""", [{"N": 3, "n": 4}, {"N": 65, "n": 2}]),
    "reads_back": ("""
        net (float[N, M] x) => (float[N, M] y, int64[2, K] i, float[N, 2] t)
        {
          a = Exp(x)
          y = Softmax<axis = 0>(a)
          o = Constant<value = float {1.0}>()
          g = Greater(a, o)
          i = NonZero(g)
          two = Constant<value = int64[1] {2}>()
          v, j = TopK(y, two)
          t = Mul(v, o)
        }""", [{"N": 2, "M": 5}, {"N": 7, "M": 64}]),
    "movement": ("""
        net (float[N, C, 6] x, int64[K] k) => (float[K, C, 6] y, float[N, C, 6] z, float[D, 2] w)
        <int64 one = {1}, int64[2] shape = {-1, 2}, int64[1, 1, 6] zeros = {0, 0, 0, 0, 0, 0},
         int64[3] from = {0, 0, 0}, int64[3] to = {1, 1, 6}>
        {
          g = Gather<axis = 0>(x, k)
          y = CumSum(g, one)
          u = Slice(x, from, to)
          z = ScatterElements<axis = 1>(x, zeros, u)
          s = Reshape(x, shape)
          w = Abs(s)
        }""", [{"N": 2, "C": 3, "K": 1}, {"N": 5, "C": 4, "K": 6}]),
    # The scatter and the sum are written where their operands were.
    "in_place": ("""
        net (float[N, S, 7] x, int64[N, 1, 7] k) => (float[N, S, 5] y)
        <float[7, 7] a, float[7, 7] b, float[7, 5] c>
        {
          t = MatMul(x, a)
          u = ReduceMax<axes = [1]>(t)
          v = ScatterElements<axis = 1>(t, k, u)
          w = Softmax<axis = 1>(v)
          r = MatMul(w, b)
          s = Add(r, v)
          y = MatMul(s, c)
        }""", [{"N": 1, "S": 2}, {"N": 3, "S": 19}]),
}


def make(name, path, element="float"):
    """The model of a text; what it declares without a value are weights, which are drawn.
    Its floats are of type `element`."""
    model = parser.parse_model(HEADER + re.sub(r"\bfloat(?=\[| \w)", element, MODELS[name][0]))
    random = np.random.default_rng(7)
    for weight in model.graph.value_info:
        dims = [d.dim_value for d in weight.type.tensor_type.shape.dim]
        real = onnx.helper.tensor_dtype_to_np_dtype(weight.type.tensor_type.elem_type)
        values = (random.standard_normal(dims) / 4).astype(real)
        model.graph.initializer.append(onnx.numpy_helper.from_array(values, weight.name))
    del model.graph.value_info[:]
    onnx.save(model, path)


def feeds(name, model):
    random = np.random.default_rng(3)
    for extents in MODELS[name][1]:
        feed = {}
        for value in onnx.load(model).graph.input:
            dims = [extents.get(d.dim_param, d.dim_value)
                    for d in value.type.tensor_type.shape.dim]
            if value.type.tensor_type.elem_type == onnx.TensorProto.INT64:
                feed[value.name] = (random.integers(0, 2, dims) if dims
                                    else np.asarray(extents[value.name]))
            else:
                real = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
                feed[value.name] = random.standard_normal(dims).astype(real)
        yield feed


def wrong(name, model, run):
    """What is wrong with the results of run(feed), or None."""
    session = reference_session(model)
    for feed in feeds(name, model):
        for result in judge(model, feed, run(feed), session.run(None, feed)):
            if not result.ok:
                return f"{[v.shape for v in feed.values()]}: {result.text}"
    return None


def library_of(compiler, folder, name, gpu="opencl,cpu"):
    model, library = folder / f"{name}.onnx", folder / f"{name}.{len(gpu)}.so"
    make(name, model)
    subprocess.run([str(compiler), str(model), "-o", str(library), "--gpu", gpu], check=True)
    return model, library


def on_both(name):
    def case(compiler, folder):
        model, library = library_of(compiler, folder, name)
        with dycc.load(library) as best:
            machines = best.machines
            if best.machine != "opencl":
                return f"runs on {best.machine}"
        for machine in machines:
            with dycc.load(library, machine=machine) as loaded:
                text = wrong(name, model, lambda feed: list(loaded.run(feed).values()))
            if text:
                return f"on {machine}: {text}"
        return None
    return case


#: Of 16 bits: what `dycc --verify` allows, relative to a value and to the largest one.
ALLOWED = {"f16": 16 * 2.0 ** -11, "bf16": 16 * 2.0 ** -8}


def far_off(value, reference, allowed):
    """The first thing that is wrong with a result in 16 bits, or None."""
    value, reference = value.astype(np.float64), reference.astype(np.float64)
    if value.shape != reference.shape:
        return f"shape {value.shape} for {reference.shape}"
    size = np.abs(reference)
    wrong = ~(np.abs(value - reference) <= allowed * (size + size.max(initial=0)))
    return f"{value[wrong][0]} for {reference[wrong][0]}" if wrong.any() else None


def in_16_bits(name, precision, element="float"):
    """Storage in 16 bits: f32 models by the option, those of `element` by themselves."""
    def case(compiler, folder):
        single, model, library = (folder / n for n in ("single.onnx", "model.onnx", "model.so"))
        make(name, model, element)
        make(name, single)
        option = ["--precision", precision] if element == "float" else []
        subprocess.run([str(compiler), str(model), "-o", str(library), "--gpu", "opencl,cpu",
                        *option], check=True)
        text = library.read_bytes()
        if b"cl_khr_fp16" in text or (b" = dycc_from_half" in text) != (precision == "f16"):
            return "the text of the programs has other conversions"
        session = reference_session(single)
        with dycc.load(library, machine="opencl") as loaded:
            for feed, wide in zip(feeds(name, model), feeds(name, single)):
                references = session.run(None, wide)
                for value, reference in zip(loaded.run(feed).values(), references):
                    wrong_one = far_off(value, reference, ALLOWED[precision])
                    if wrong_one:
                        return f"{[v.shape for v in feed.values()]}: {wrong_one}"
        return None
    return case


def two_threads(compiler, folder):
    """Two models, two threads each, at a time."""
    problems = []

    def work(name, model, loaded):
        for _ in range(5):
            text = wrong(name, model, lambda feed: list(loaded.run(feed).values()))
            if text:
                problems.append(f"{name}: {text}")

    made = [(name, *library_of(compiler, folder, name)) for name in ("convolutions", "attention")]
    threads = [threading.Thread(target=work, args=(name, model, dycc.load(library)))
               for name, model, library in made for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems[0] if problems else None


def without_device(compiler, folder):
    """The processor runs, and it is said; a model for the device alone is refused."""
    hidden = {**os.environ, "OCL_ICD_VENDORS": str(folder / "none")}

    def run(library):
        done = subprocess.run([str(RUN), str(library), "--input", "x=1x4x24xf32"],
                              capture_output=True, text=True, env=hidden, timeout=60)
        return f"{done.stdout}{done.stderr}exit code {done.returncode}"

    text = run(library_of(compiler, folder, "attention")[1])
    if "run: no OpenCL device" not in text or "exit code 0" not in text:
        return f"with both: {text}"
    text = run(library_of(compiler, folder, "attention", "opencl")[1])
    if "DYCC_UNSUPPORTED: no OpenCL device" not in text or "exit code 1" not in text:
        return f"alone: {text}"
    return None


#: Of models whose inputs are floats, shapes for opencl_share.
SHARED = {"attention": ["x=3x33x24"], "reads_back": ["x=7x64"],
          "convolutions": ["x=2x3x17x5"],
          "reductions": ["x=5x19x300", "s=5x7", "p=3x3x9x7"]}


def shared(compiler, folder):
    """Tensors on the device, in a context of the caller, give what those of the host give."""
    program, programs = folder / "opencl_share", folder / "programs"
    programs.mkdir()
    subprocess.run(["clang-22", "-O1", "-Wall", "-Wextra", "-Werror",
                    f"-I{paths.ROOT / 'runtime/include'}",
                    str(Path(__file__).with_name("opencl_share.c")), "-o", str(program),
                    "-l:libOpenCL.so.1", "-ldl"], check=True)
    for name, shapes in SHARED.items():
        _, library = library_of(compiler, folder, name)
        for _ in range(2):
            done = subprocess.run([str(program), str(library), str(programs), *shapes],
                                  capture_output=True, text=True, timeout=300)
            if done.stdout != "equal\n":
                return f"{name}: {done.stdout}{done.stderr}exit code {done.returncode}"
    if not list(programs.glob("dycc-*")):
        return "no program was kept"
    return None


def profiled(compiler, folder):
    """dycc-run shows what the device did."""
    _, library = library_of(compiler, folder, "attention", "opencl")
    trace = folder / "trace.json"
    done = subprocess.run([str(RUN), str(library), "--input", "x=1x4x24xf32", "--profile",
                           "--trace", str(trace)], capture_output=True, text=True, timeout=300)
    if done.returncode or "on the device: nodes" not in done.stdout + done.stderr:
        return f"{done.stdout}{done.stderr}exit code {done.returncode}"
    events = json.loads(trace.read_text())["traceEvents"]
    slices = [e for e in events if e.get("cat") == "device"]
    kernels = [e for e in events if e.get("cat") == "kernel"]
    if not slices or any(e["dur"] <= 0 or e["ts"] < kernels[0]["ts"] for e in slices):
        return f"device's slices: {slices}"
    return None


HALVES = ["convolutions", "attention", "odd_channels", "odd_products", "reductions",
          "in_place"]
CASES = {**{name: on_both(name) for name in MODELS},
         **{f"{name}_{precision}": in_16_bits(name, precision)
            for name in HALVES for precision in ALLOWED},
         **{f"{name}_of_halves": in_16_bits(name, "f16", "float16")
            for name in [*HALVES, "movement"]},
         "two_threads": two_threads,
         "shared": shared, "profiled": profiled,
         "without_device": without_device}


def has_device(compiler, folder):
    """Whether a model for the device alone can be loaded; else why not."""
    _, library = library_of(compiler, folder, "attention", "opencl")
    try:
        dycc.load(library).close()
    except dycc.Error as error:
        return error.text
    return None


def main():
    args, names = choose(__doc__, CASES)
    with tempfile.TemporaryDirectory() as top:
        missing = has_device(args.dycc, Path(top))
    if missing:
        print(f"skipped: {missing}")
        return 0
    return judge_cases("opencl", args, names,
                       lambda name, folder: CASES[name](args.dycc, folder))


if __name__ == "__main__":
    sys.exit(main())
