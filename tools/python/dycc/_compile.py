"""From ONNX to a library, by the program dycc."""

import contextlib
import io
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dycc._arrays import import_array
from dycc._errors import CompileError
from dycc._model import Model, load
from dycc._programs import program

STATUSES = {1: "refused", 2: "usage"}

Samples = str | os.PathLike | Iterable[Mapping[str, Any]]
Range = int | tuple[int | None, int | None] | tuple[int | None, int | None, int]


def _dim_flag(name: str, extent: Range) -> str:
    """`H=16..1080%4` of "H" and (16, 1080, 4)."""
    if isinstance(extent, int):
        return f"{name}={extent}"
    if not 2 <= len(extent) <= 3:
        raise CompileError("usage", f"dims['{name}'] is {extent!r}, expected a number, "
                                    "(lower, upper) or (lower, upper, multiple)")
    lower, upper = ("" if bound is None else bound for bound in extent[:2])
    return f"{name}={lower}..{upper}" + (f"%{extent[2]}" if len(extent) == 3 else "")


def _command(output: Path, dims: Mapping[str, Range] | None, target: str | None,
             name: str | None, flags: Sequence[str]) -> list[str]:
    command = [str(program("dycc")), "-o", str(output)]
    for symbol, extent in (dims or {}).items():
        command += ["--dim", _dim_flag(symbol, extent)]
    if target is not None:
        command += ["--target", target]
    if name is not None:
        command += ["--name", name]
    return command + list(flags)


def _run(command: Sequence[str], data: bytes = b"") -> None:
    done = subprocess.run(command, input=data, capture_output=True)
    if done.returncode:
        text = done.stderr.decode(errors="replace").strip()
        raise CompileError(STATUSES.get(done.returncode, "internal"), text)


def _write_samples(samples: Iterable[Mapping[str, Any]], folder: Path) -> None:
    """Writes a file of each sample; names of inputs may be any, which numpy.savez() does
    not take."""
    for number, sample in enumerate(samples):
        with zipfile.ZipFile(folder / f"{number:06}.npz", "w") as archive:
            for name, value in sample.items():
                data = io.BytesIO()
                np.save(data, np.asarray(import_array(name, value)))
                archive.writestr(f"{name}.npy", data.getvalue())


@contextlib.contextmanager
def _precision_flags(precision: str | None, max_error: float | None,
                     calibrate: Samples | None) -> Iterator[list[str]]:
    """Options of the program, which hold while samples are in files."""
    flags = ["--precision", precision] if precision is not None else []
    if max_error is not None:
        flags += ["--max-error", repr(float(max_error))]
    if calibrate is None or isinstance(calibrate, (str, os.PathLike)):
        yield flags + (["--calibrate", os.fspath(calibrate)] if calibrate else [])
        return
    with tempfile.TemporaryDirectory(prefix="dycc-") as folder:
        _write_samples(calibrate, Path(folder))
        yield flags + ["--calibrate", folder]


@contextlib.contextmanager
def _input_of(model: Any, is_read_again: bool) -> Iterator[tuple[str, bytes]]:
    """What the program reads: a path, and the bytes for its standard input."""
    if hasattr(model, "SerializeToString"):
        model = model.SerializeToString()
    if not isinstance(model, (bytes, bytearray, memoryview)):
        yield os.fspath(model), b""
    elif not is_read_again:
        yield "-", bytes(model)
    else:
        with tempfile.TemporaryDirectory(prefix="dycc-") as folder:
            path = Path(folder) / "model.onnx"
            path.write_bytes(model)
            yield str(path), b""


def compile_file(model: Any, output: str | os.PathLike, *,
                 dims: Mapping[str, Range] | None = None, target: str | None = None,
                 name: str | None = None, precision: str | None = None,
                 max_error: float | None = None, calibrate: Samples | None = None,
                 flags: Sequence[str] = ()) -> Path:
    """Compiles `model` into the library `output`, and returns its path.

    model: path of an ONNX file, its bytes, or an onnx.ModelProto; external data is
        found beside a file alone
    dims: by name a number, (lower, upper) or (lower, upper, multiple); None is no bound
    target: a triple, "aarch64-linux-gnu"; without it this machine
    precision: "f16" or "bf16": what f32 is stored in
    max_error: leaves nodes in f32, so that no output of a sample of `calibrate` differs by
        more, relative to its largest value (docs/precision.md)
    calibrate: a folder of samples, or samples, each with an array for each input by name
    flags: more options of the program dycc

    Raises CompileError with what the compiler says.
    """
    with _precision_flags(precision, max_error, calibrate) as more, \
            _input_of(model, max_error is not None) as (path, data):
        _run(_command(Path(output), dims, target, name, [*more, *flags]) + [path], data)
    return Path(output)


def compile_family(models: Mapping[str, str | os.PathLike], output: str | os.PathLike, *,
                   dims: Mapping[str, Range] | None = None, target: str | None = None,
                   name: str | None = None, flags: Sequence[str] = ()) -> Path:
    """Compiles variants of a model, ONNX files by their names, into the library `output`,
    and returns its path; otherwise as compile_file()."""
    command = _command(Path(output), dims, target, name, flags)
    command += ["--variants", ",".join(models), "--", *map(os.fspath, models.values())]
    _run(command)
    return Path(output)


def compile(model: Any, output: str | os.PathLike | None = None, *,
            dims: Mapping[str, Range] | None = None, target: str | None = None,
            name: str | None = None, precision: str | None = None,
            max_error: float | None = None, calibrate: Samples | None = None,
            flags: Sequence[str] = (), threads: int = 0,
            machine: str | None = None) -> Model:
    """Compiles `model` and loads the result; see compile_file() and load(). Without
    `output` no file is left. A target that this machine is not cannot be loaded:
    compile_file() is for those."""
    options = {"dims": dims, "target": target, "name": name, "precision": precision,
               "max_error": max_error, "calibrate": calibrate, "flags": flags}
    if output is not None:
        compile_file(model, output, **options)
        return load(output, threads=threads, machine=machine)
    with tempfile.TemporaryDirectory(prefix="dycc-") as folder:
        # The name of the file is that of the model.
        stem = "model" if isinstance(model, (bytes, bytearray, memoryview)) or \
            hasattr(model, "SerializeToString") else Path(model).stem
        library = compile_file(model, Path(folder) / f"{stem}.so", **options)
        return load(library, threads=threads, machine=machine)
