"""Data sets: items that are read by their number."""

import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dycc.batch._errors import refused
from dycc.batch._files import digest_of_values

Item = dict[str, np.ndarray]  # Arrays by input; "" is the only input of the model.
ARRAYS = (".npy", ".npz")


class DataSet(ABC):
    """Items 0 to count - 1, in an order that stays."""

    count: int
    what: str  # Of texts: "folder x".
    has_other_values = False  # An item may hold what is no input of the model.
    is_in_files = True  # Another process can read it too.

    @abstractmethod
    def identity(self) -> str:
        """A checksum that another data set does not have."""

    @abstractmethod
    def name(self, index: int) -> str:
        """What texts call an item."""

    @abstractmethod
    def read(self, start: int, stop: int) -> list[Item]:
        """Items `start` to `stop` - 1. Raises BatchError with the name of one that cannot
        be read."""


def stamp_of(path: Path, name: str) -> list[Any]:
    """What tells a file from another or a later one, without reading it."""
    status = path.stat()
    return [name, status.st_size, status.st_mtime_ns]


def load_arrays(path: Path, name: str, **options: Any) -> Item:
    """The arrays of a .npy or .npz file."""
    try:
        found = np.load(path, allow_pickle=False, **options)
        if isinstance(found, np.ndarray):
            return {"": found}
        with found:
            return {key: found[key] for key in found.files}
    except (OSError, ValueError, EOFError) as error:
        raise refused(f"item '{name}': cannot be read: {error}") from None


class Files(DataSet):
    """A folder of .npy and .npz files, in it and below: each is an item, of its own shape."""

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self.root, self.names = root, names
        self.count, self.what = len(names), f"folder '{root}'"
        seen: dict[str, str] = {}
        for name in names:
            stem = os.path.splitext(name)[0]
            if stem in seen:
                raise refused(f"{self.what}: '{seen[stem]}' and '{name}' would have results "
                              "of the same name")
            seen[stem] = name

    def identity(self) -> str:
        return digest_of_values([stamp_of(self.root / name, name) for name in self.names])

    def name(self, index: int) -> str:
        return self.names[index]

    def read(self, start: int, stop: int) -> list[Item]:
        return [load_arrays(self.root / name, name) for name in self.names[start:stop]]


class Rows(DataSet):
    """Arrays whose leading axis counts the items: one array, or one for each input."""

    def __init__(self, arrays: Mapping[str, np.ndarray], what: str) -> None:
        self.arrays, self.what = arrays, what
        counts = {a.shape[0] if a.ndim else None for a in arrays.values()}
        if len(counts) != 1 or None in counts:
            shapes = ", ".join(f"{n or 'array'} {a.shape}" for n, a in arrays.items())
            raise refused(f"{what}: expects arrays of one leading extent, got "
                          f"{shapes or 'none'}")
        self.count = len(next(iter(arrays.values())))

    def name(self, index: int) -> str:
        return f"{self.what}[{index}]"

    def read(self, start: int, stop: int) -> list[Item]:
        # Copies, so that neither the file nor all of the array goes where one item goes.
        return [{name: np.array(array[i]) for name, array in self.arrays.items()}
                for i in range(start, stop)]


class ArrayFile(Rows):
    """Rows of a .npy or .npz file; a .npy file is not read before an item is."""

    def __init__(self, path: Path) -> None:
        super().__init__(load_arrays(path, path.name, mmap_mode="r"), path.name)
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return ArrayFile, (self.path,)

    def identity(self) -> str:
        return digest_of_values(stamp_of(self.path, self.path.name))


class Arrays(Rows):
    """Rows of arrays of the caller."""

    is_in_files = False

    def __init__(self, given: Any) -> None:
        arrays = given if isinstance(given, Mapping) else {"": given}
        super().__init__({n: np.asarray(a) for n, a in arrays.items()}, "array")

    def identity(self) -> str:
        return digest_of_values([
            [name, str(a.dtype), a.shape, hashlib.sha256(np.ascontiguousarray(a).tobytes())
             .hexdigest()] for name, a in sorted(self.arrays.items())])


def _names_in(root: Path) -> list[str]:
    """Files in a folder and below by relative name, in order, without hidden ones."""
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith(".")]
        names += [os.path.relpath(os.path.join(folder, f), root) for f in files
                  if not f.startswith(".")]
    return sorted(names)


def open_data(data: Any, columns: Mapping[str, str] | None, keep: Sequence[str]) -> DataSet:
    """The data set of a path, an array, or arrays by input.

    columns: of Parquet, the column of each input; without it those of the inputs' names
    keep: of Parquet, columns that go into the results
    """
    if not isinstance(data, (str, os.PathLike)):
        found: DataSet = Arrays(data)
    else:
        found = _open_path(Path(data), columns, keep)
    if found.count == 0:
        raise refused(f"{found.what}: holds no item")
    return found


def _open_path(path: Path, columns: Mapping[str, str] | None, keep: Sequence[str]) -> DataSet:
    if not path.exists():
        raise refused(f"data '{path}': there is no such file or folder")
    if not path.is_dir() and path.suffix in ARRAYS:
        return ArrayFile(path)
    names = _names_in(path) if path.is_dir() else [path.name]
    root = path if path.is_dir() else path.parent
    arrays = [n for n in names if n.endswith(ARRAYS)]
    tables = [n for n in names if n.endswith(".parquet")]
    if arrays and tables:
        raise refused(f"folder '{path}': holds '{arrays[0]}' and '{tables[0]}', expected one "
                      "kind of data")
    if tables:
        from dycc.batch._parquet import Table
        return Table(root, tables, columns, keep)
    if not arrays:
        raise refused(f"data '{path}': expects .npy, .npz or .parquet")
    return Files(root, arrays)
