"""Where results go: files that are whole or not there."""

import os
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from dycc.batch._apply import Result
from dycc.batch._data import DataSet, Files, Rows
from dycc.batch._errors import usage
from dycc.batch._files import place

TEMPORARY = ".unfinished"  # In the output folder, so that a rename is all that is needed.


class Chunk(NamedTuple):
    """Items `start` to `stop` - 1: what is read, computed, written and begun again at once."""
    number: int
    start: int
    stop: int


class Written(NamedTuple):
    """A file of a finished chunk."""
    name: str  # Relative to the output folder.
    size: int
    digest: str


Save = Callable[[IO[bytes]], object]


class Output(ABC):
    """Writes the results of chunks into a folder."""

    kind: str  # Of the manifest.

    def __init__(self, folder: Path, data: DataSet) -> None:
        self.folder, self.data = folder, data

    def write(self, chunk: Chunk, results: Sequence[Result]) -> list[Written]:
        """Writes all files of a chunk; whoever does so twice writes the same."""
        return [Written(name, *place(self.folder / name, save, self.folder / TEMPORARY))
                for name, save in self.files(chunk, results)]

    @abstractmethod
    def files(self, chunk: Chunk, results: Sequence[Result]) -> Iterator[tuple[str, Save]]:
        """The chunk's files, and what writes each."""


def _array_file(stem: str, arrays: Result) -> tuple[str, Save]:
    """One output is a .npy file, several are a .npz file."""
    if len(arrays) == 1:
        array = next(iter(arrays.values()))
        return f"{stem}.npy", lambda file: np.save(file, array)
    return f"{stem}.npz", lambda file: _save_several(file, arrays)


def _save_several(file: IO[bytes], arrays: Result) -> None:
    """What np.savez writes; that takes no array of the name "file"."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


class EachItem(Output):
    """A file for each item: of the item's name, or of its number."""

    kind = "a file for each item"

    def files(self, chunk: Chunk, results: Sequence[Result]) -> Iterator[tuple[str, Save]]:
        for index, result in zip(range(chunk.start, chunk.stop), results):
            yield _array_file(self._stem(index), result)

    def _stem(self, index: int) -> str:
        if isinstance(self.data, Files):
            return os.path.splitext(self.data.name(index))[0]
        return f"{index:0{len(str(self.data.count - 1))}}"


class Parts(Output):
    """A file for each chunk: its results along a leading axis."""

    kind = "arrays of each chunk"

    def files(self, chunk: Chunk, results: Sequence[Result]) -> Iterator[tuple[str, Save]]:
        stacked = {name: self._stack(chunk, name, [r[name] for r in results])
                   for name in results[0]}
        yield _array_file(f"part-{chunk.number:06}", stacked)

    def _stack(self, chunk: Chunk, name: str, arrays: Sequence[np.ndarray]) -> np.ndarray:
        for i, array in enumerate(arrays):
            if array.shape != arrays[0].shape:
                raise usage(f"output \"{name}\": has shape {arrays[0].shape} for item "
                            f"'{self.data.name(chunk.start)}' and {array.shape} for item "
                            f"'{self.data.name(chunk.start + i)}': expected --each, which "
                            "writes a file for each item")
        return np.stack(arrays)


def output_of(folder: Path, data: DataSet, each: bool) -> Output:
    """What fits a data set."""
    if each or isinstance(data, Files):
        return EachItem(folder, data)
    if isinstance(data, Rows):
        return Parts(folder, data)
    from dycc.batch._parquet_output import Tables
    return Tables(folder, data)
