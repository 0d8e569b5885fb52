#!/usr/bin/env python3
"""Compiles models for aarch64 on this machine and runs them under qemu-user.

    test/models/aarch64.py [--list] [--only PATTERN ...] [--dycc build/bin/dycc]

The libraries are loaded by a small C program (run_raw.c), cross compiled with
the C library of the package libc6-dev-arm64-cross. Results are compared with
ONNX Runtime on this machine, by the same rule as everywhere.

Models for Android (`NAME@android`) are loaded by the same program, where links called
libc.so, libm.so and libdl.so lead to glibc's libraries. What their files ask of
Android's loader is read off them before (android_file.py).
"""

import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import android_file
import cases
import foreign
import paths
from command_line import choose, each
from compare import judge
from expected import save, verdict
from run import carried, make_model, reference_session

TRIPLE = "aarch64-linux-gnu"
SYSROOT = Path("/usr") / TRIPLE
HERE = Path(__file__).resolve().parent
# Model -> the steps that run: an emulator is some fifty times slower.
CHOSEN = {"silero_vad": (0, 1, 2, 10, 12, 13), "magika": (0, 2), "dydca_d_x2": (0, 1, 3, 6),
          "dydca_a1_x2": (0, 1, 2, 3), "dydca_a2_x3": (1, 2), "dydca_b_x2": (0, 2),
          "dydca_c_x2": (0, 1, 2), "squeezenet_symbolic": (3,), "decoder_step": (0, 1),
          "learned_ensembles": (0, 3, 5), "dydca_d_x2@android": (0, 1),
          "learned_ensembles@android": (0,)}


def build_runner(folder):
    """run_raw for aarch64, by hand since no cross toolchain is installed."""
    lib = SYSROOT / "lib"
    program = folder / "run_raw"
    subprocess.run(
        ["clang-22", f"--target={TRIPLE}", "-std=c99", "-O2", "-Wall", "-Wextra",
         "-Werror", "-D_GNU_SOURCE", "-nostdinc", "-isystem", clang_headers(),
         "-isystem", str(SYSROOT / "include"), "-idirafter", "/usr/include",
         f"-I{paths.ROOT / 'runtime' / 'include'}", "-fno-stack-protector",
         "-fuse-ld=lld", "-nostdlib", "-no-pie",
         "-Wl,--dynamic-linker=/lib/ld-linux-aarch64.so.1",
         *(str(lib / f) for f in ("crt1.o", "crti.o")), str(HERE / "run_raw.c"),
         f"-L{lib}", "-lc", str(lib / "crtn.o"), "-o", str(program)], check=True)
    return program


def clang_headers():
    where = subprocess.run(["clang-22", "-print-resource-dir"], check=True,
                           capture_output=True, text=True).stdout.strip()
    return str(Path(where) / "include")


def write_tensors(file, arrays):
    with open(file, "wb") as out:
        for a in arrays:
            head = [*foreign.type_of(a.dtype), a.ndim, *a.shape]
            out.write(np.array(head, np.int64).tobytes() + a.tobytes())


def read_tensors(file):
    kinds = {code: kind for kind, code in foreign.CODES.items()}
    data, at, result = Path(file).read_bytes(), 0, []

    def numbers(count):
        nonlocal at
        at += 8 * count
        return np.frombuffer(data, np.int64, count, at - 8 * count)

    while at < len(data):
        code, bits, rank = numbers(3)
        shape = numbers(int(rank))
        kind = np.dtype(f"{kinds[int(code)]}{int(bits) // 8}")
        count = int(np.prod(shape))
        result.append(np.frombuffer(data, kind, count, at).reshape(shape))
        at += count * kind.itemsize
    return result


class Emulated:
    """A compiled model in the emulator; a process per run."""

    def __init__(self, runner, library, names, folder, libraries=SYSROOT / "lib"):
        """`libraries`: a folder that the loader looks into."""
        self.runner, self.library, self.names = runner, library, names
        self.libraries = libraries
        self.files = [str(folder / f) for f in ("in.bin", "out.bin")]

    def run(self, feed):
        write_tensors(self.files[0], [np.asarray(feed[n]) for n in self.names])
        command = ["qemu-aarch64", "-L", str(SYSROOT), "-E",
                   f"LD_LIBRARY_PATH={self.libraries}", str(self.runner),
                   str(self.library), *self.files]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr.strip()[-500:]}")
        return read_tensors(self.files[1])


def check(name, case, steps, args, runner, folder):
    """Text of the first thing wrong with a model, or None; the worst value."""
    cache = paths.BUILD / "models"
    cache.mkdir(parents=True, exist_ok=True)
    model, library = make_model(case, cache), folder / f"{case.name}.so"
    is_android = name.endswith("@android")
    triple = android_file.TRIPLE if is_android else TRIPLE
    command = [str(args.dycc), str(model), "-o", str(library), "--target", triple]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        return f"dycc exits {done.returncode}: {done.stderr.strip()[-500:]}", 0.0
    if is_android and (text := android_file.wrong(library)):
        return text, 0.0
    session = reference_session(model)
    libraries = SYSROOT / "lib"
    if is_android:
        libraries = android_file.links(folder, libraries)
    emulated = Emulated(runner, library, [i.name for i in session.get_inputs()], folder,
                        libraries)
    mine, theirs, worst = None, None, 0.0
    all_steps = case.steps(np.random.default_rng(0))
    for at, step in enumerate(itertools.islice(all_steps, max(steps) + 1)):
        if at not in steps:
            continue
        feed = carried(step, theirs)
        mine = emulated.run(carried(step, mine))
        theirs = session.run(None, feed)
        for verdict in judge(model, feed, mine, theirs):
            worst = max(worst, verdict.worst)
            if not verdict.ok:
                return f"{step.label}: {verdict.text}", worst
    return None, worst


def main():
    args, names = choose(__doc__, CHOSEN)
    table = {c.name: c for c in cases.all_cases()}
    with tempfile.TemporaryDirectory() as top:
        runner = build_runner(Path(top))

        def green(name):
            folder, began = Path(top) / name, time.time()
            folder.mkdir()
            try:
                problem, worst = check(name, table[name.partition("@")[0]], CHOSEN[name],
                                       args, runner, folder)
            except Exception as error:
                problem, worst = f"{type(error).__name__}: {error}", 0.0
            print(f"{'red  ' if problem else 'green'} {name:22} {len(CHOSEN[name])} runs  "
                  f"worst {worst:8.3g}  {time.time() - began:5.1f} s  {problem or ''}",
                  flush=True)
            return not problem

        red = [n for n, good in zip(names, each(green, names)) if not good]
    print(f"{len(names) - len(red)} of {len(names)} green")
    save(args.json, set(red), set(names))
    return verdict("aarch64", set(red), set(names))


if __name__ == "__main__":
    sys.exit(main())
