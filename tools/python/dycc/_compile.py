"""From ONNX to a library, by the program dycc."""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dycc._errors import CompileError
from dycc._model import Model, load
from dycc._programs import program

STATUSES = {1: "refused", 2: "usage"}

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


def compile_file(model: Any, output: str | os.PathLike, *,
                 dims: Mapping[str, Range] | None = None, target: str | None = None,
                 name: str | None = None, flags: Sequence[str] = ()) -> Path:
    """Compiles `model` into the library `output`, and returns its path.

    model: path of an ONNX file, its bytes, or an onnx.ModelProto; external data is
        found beside a file alone
    dims: by name a number, (lower, upper) or (lower, upper, multiple); None is no bound
    target: a triple, "aarch64-linux-gnu"; without it this machine
    flags: more options of the program dycc

    Raises CompileError with what the compiler says.
    """
    if hasattr(model, "SerializeToString"):
        model = model.SerializeToString()
    is_data = isinstance(model, (bytes, bytearray, memoryview))
    command = _command(Path(output), dims, target, name, flags)
    _run(command + ["-" if is_data else os.fspath(model)],
         bytes(model) if is_data else b"")
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
            name: str | None = None, flags: Sequence[str] = (), threads: int = 0,
            machine: str | None = None) -> Model:
    """Compiles `model` and loads the result; see compile_file() and load(). Without
    `output` no file is left. A target that this machine is not cannot be loaded:
    compile_file() is for those."""
    if output is not None:
        compile_file(model, output, dims=dims, target=target, name=name, flags=flags)
        return load(output, threads=threads, machine=machine)
    with tempfile.TemporaryDirectory(prefix="dycc-") as folder:
        # The name of the file is that of the model.
        stem = "model" if isinstance(model, (bytes, bytearray, memoryview)) or \
            hasattr(model, "SerializeToString") else Path(model).stem
        library = compile_file(model, Path(folder) / f"{stem}.so", dims=dims, target=target,
                               name=name, flags=flags)
        return load(library, threads=threads, machine=machine)
