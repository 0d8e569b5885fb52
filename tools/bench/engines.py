"""The two sides of a comparison: a compiled model and ONNX Runtime, both on one
thread, both with their outputs in memory that is there already."""

import ctypes
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "models"))

import paths  # noqa: E402, F401
import dycc  # noqa: E402  (on the path by `paths`)


class Ours:
    """A model through dycc."""

    def __init__(self, compiler, file, folder):
        library = Path(folder) / f"{Path(file).stem}.so"
        began = time.perf_counter()
        subprocess.run([str(compiler), str(file), "-o", str(library)], check=True)
        self.compile_seconds = time.perf_counter() - began
        self.bytes = library.stat().st_size
        self.model = dycc.load(library, threads=1)

    def bind(self, feed):
        """Fixes the inputs and outputs of the calls that follow."""
        results = self.model.run(feed)
        self.call = self.model.prepare(feed, results)
        return list(results.values())


class Theirs:
    """A model through ONNX Runtime."""

    def __init__(self, file):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(str(file), options,
                                                    ["CPUExecutionProvider"])

    def bind(self, feed):
        import onnxruntime

        results = self.session.run(None, feed)
        self.binding = self.session.io_binding()
        self.held = [np.ascontiguousarray(v) for v in feed.values()]
        for name, value in feed.items():
            self.binding.bind_cpu_input(name, np.ascontiguousarray(value))
        for out, value in zip(self.session.get_outputs(), results):
            held = onnxruntime.OrtValue.ortvalue_from_numpy(value)
            self.held.append(held)
            self.binding.bind_ortvalue_output(out.name, held)
        return results

    def call(self):
        self.session.run_with_iobinding(self.binding)


def seconds(call, repeats):
    """Of one call, the mean over `repeats` in a row."""
    began = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - began) / repeats


def repeats_for(call, target):
    """How often to call, so that a sample takes about `target` seconds."""
    call()
    return max(1, int(target / max(seconds(call, 1), 1e-7)))


def paired(calls, pairs, target=0.02):
    """Times calls in turn (A B A B ...): [call][pair] seconds. What a neighbour
    does to the machine then hits all of them alike."""
    repeats = [repeats_for(c, target) for c in calls]
    samples = [[seconds(c, n) for c, n in zip(calls, repeats)] for _ in range(pairs)]
    return np.array(samples).T


def shortest(calls, budget=2.0):
    """The shortest time of each call, made one by one in turn for about
    `budget` seconds: what it takes while a neighbour leaves the core alone."""
    rounds = int(budget / max(sum(seconds(c, 1) for c in calls), 1e-6))
    return np.array([[seconds(c, 1) for c in calls]
                     for _ in range(min(max(rounds, 5), 500))]).min(0)


class Peak:
    """The core's FMA peak. Timed in turn with a kernel, it says what part of
    the peak the kernel reached in the time the machine gave to both. `tile` is
    the same of a register tile whose operands lie in the first-level cache: what
    a kernel could reach that never waits for memory."""

    def __init__(self, folder):
        source = Path(__file__).with_name("peak.c")
        library = Path(folder) / "peak.so"
        # The widest vectors: clang prefers narrower ones on some processors.
        subprocess.run(["clang-22", "-O2", "-march=native",
                        "-mprefer-vector-width=512", "-shared", "-fPIC",
                        str(source), "-o", str(library)], check=True)
        functions = ctypes.CDLL(str(library))
        for get_work in (functions.dycc_bench_peak_work,
                         functions.dycc_bench_tile_work):
            get_work.restype = ctypes.c_double
        self.call, self.tile = (functions.dycc_bench_peak_run,
                                functions.dycc_bench_tile_run)
        self.work = functions.dycc_bench_peak_work()
        self.tile_work = functions.dycc_bench_tile_work()

    def best(self):
        """GFLOP/s; the best of many short runs, since a neighbour can only make
        it slower."""
        return 1e-9 * self.work / min(seconds(self.call, 1) for _ in range(300))
