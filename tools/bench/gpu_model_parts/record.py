"""What a model launches: it runs with a library of OpenCL that only notes it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

RECORDER = Path(__file__).with_name("recorder.c")


@dataclass
class Launch:
    program: int   # The number of its text: NUMBER.cl in the folder.
    entry: str
    threads: int
    group: int     # Threads of a group.


def library(folder):
    """The folder of the library, made in `folder`."""
    made = folder / "opencl"
    made.mkdir(exist_ok=True)
    subprocess.run(["clang-22", "-shared", "-fPIC", "-O1", "-o", str(made / "libOpenCL.so.1"),
                    str(RECORDER)], check=True)
    return made


def launches(model, inputs, run, folder, opencl):
    """The launches of one run of the library `model`; texts are in `folder`."""
    folder.mkdir()
    flags = [flag for name, shape in inputs.items() for flag in ("--input", f"{name}={shape}")]
    done = subprocess.run(
        [str(run), str(model), "--machine", "opencl", *flags], check=False, capture_output=True,
        text=True,
        env={**os.environ, "DYCC_RECORD": str(folder), "LD_LIBRARY_PATH": str(opencl)})
    if done.returncode:
        raise RuntimeError(f"{model}: {done.stderr}")
    noted = folder / "launches"
    rows = noted.read_text().split("\n")[:-1] if noted.exists() else []
    return [Launch(int(program), entry, int(threads), int(group))
            for program, entry, threads, group in map(str.split, rows)]
