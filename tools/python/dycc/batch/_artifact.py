"""The library that a batch runs: compiled once, and written once on each node."""

import hashlib
import json
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dycc._compile import Range, compile_file
from dycc._programs import program
from dycc.batch._errors import BatchError, refused, usage
from dycc.batch._files import cache_folder, digest_of, digest_of_values, locked, place


class Artifact(NamedTuple):
    """A compiled model."""
    name: str  # Of the file that was given.
    identity: str  # Equal where results are: of an ONNX file, the options and the compiler.
    digest: str  # SHA-256 of the library.
    data: bytes


def _processor() -> str:
    """What the compiler compiles for without being told."""
    text = Path("/proc/cpuinfo").read_text()
    found = re.findall(r"^(?:model name|flags|Features)\s*: (.*)$", text, re.M)
    return "\n".join([platform.machine(), *sorted(set(found))])


def _read_files(rule: str) -> list[str]:
    """The files of a rule of make, as `dycc --depfile` writes it."""
    files = re.findall(r"(?:\\.|\$\$|[^\s\\$])+", rule.split(":", 1)[1].replace("\\\n", " "))
    return [re.sub(r"\\(.)", r"\1", file).replace("$$", "$") for file in files]


def _digests(folder: Path, names: Sequence[str]) -> dict[str, str] | None:
    """Of each file of a folder its checksum; None where one is gone."""
    try:
        return {name: digest_of(folder / name) for name in names}
    except FileNotFoundError:
        return None


def _compile(model: Path, record: Path, dims: Mapping[str, Range] | None,
             flags: Sequence[str]) -> dict[str, Any]:
    """Compiles into the cache. The record says which files beside the model were read,
    since only the compiler knows which external data it has."""
    with tempfile.TemporaryDirectory(dir=record.parent) as folder:
        # The name of the file is that of the model.
        library = compile_file(model, Path(folder) / f"{model.stem}.so", dims=dims,
                               flags=[*flags, "--depfile", f"{folder}/read"])
        read = _read_files((Path(folder) / "read").read_text())
        beside = [os.path.relpath(file, model.parent) for file in read
                  if not os.path.samefile(file, model)]
        made = {"read": _digests(model.parent, beside), "library": digest_of(library)}
        library.rename(record.with_suffix(".so"))
    place(record, lambda file: file.write(json.dumps(made).encode()), record.parent / "tmp")
    return made


def _cached(model: Path, record: Path) -> dict[str, Any] | None:
    """What an earlier start compiled, if what it read beside the model is the same."""
    library = record.with_suffix(".so")
    if not (record.is_file() and library.is_file()):
        return None
    made = json.loads(record.read_bytes())
    same = _digests(model.parent, list(made["read"])) == made["read"]
    return made if same and digest_of(library) == made["library"] else None


def _from_onnx(model: Path, dims: Mapping[str, Range] | None,
               flags: Sequence[str]) -> tuple[str, Path]:
    version = subprocess.run([program("dycc"), "--version"], capture_output=True, text=True,
                             check=True).stdout
    what = [digest_of(model), sorted((dims or {}).items()), list(flags), version]
    record = cache_folder() / f"{digest_of_values(what, model.stem, _processor())}.json"
    with locked(record.with_suffix(".lock")):
        made = _cached(model, record) or _compile(model, record, dims, flags)
    return digest_of_values(what, sorted(made["read"].items())), record.with_suffix(".so")


def library_of(model: Path, dims: Mapping[str, Range] | None,
               flags: Sequence[str]) -> Artifact:
    """The library of a model: a compiled one as it is; an ONNX file is compiled, once for
    its content, the options, the compiler and the processor.

    Raises CompileError with what the compiler says, BatchError without a file."""
    if not model.is_file():
        raise refused(f"model '{model}': there is no such file")
    with open(model, "rb") as file:
        is_library = file.read(4) == b"\x7fELF"
    if is_library:
        if dims or flags:
            raise usage(f"model '{model}': is compiled already, expected an ONNX file with "
                        "dims or flags")
        data = model.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return Artifact(model.name, digest, digest, data)
    identity, library = _from_onnx(model, dims, flags)
    data = library.read_bytes()
    return Artifact(model.name, identity, hashlib.sha256(data).hexdigest(), data)


def install(digest: str, fetch: Callable[[], bytes]) -> Path:
    """The library of this checksum in this node's cache. The first process that comes
    writes it; what is there is checked, and made again where it is damaged."""
    path = cache_folder() / f"{digest}.so"
    with locked(path.with_suffix(".lock")):
        if not (path.is_file() and digest_of(path) == digest):
            _, found = place(path, lambda file: file.write(fetch()), path.parent / "tmp")
            if found != digest:
                path.unlink()
                raise BatchError("lost", f"the library has checksum {found} after its "
                                         f"transport, expected {digest}")
    return path
