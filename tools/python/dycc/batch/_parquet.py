"""Parquet: columns are inputs, rows are items; lists of lists are arrays."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dycc.batch._data import DataSet, Item, stamp_of
from dycc.batch._errors import refused, usage
from dycc.batch._files import digest_of_values

try:
    import pyarrow as arrow
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet
except ImportError as error:
    raise usage("Parquet needs pyarrow: pip install 'dycc[parquet]'") from error

OPEN = 2  # Row groups in memory: a chunk may begin in one and end in the next one.


def _is_list(kind: arrow.DataType) -> bool:
    return arrow.types.is_list(kind) or arrow.types.is_large_list(kind) or \
        arrow.types.is_fixed_size_list(kind)


def _is_numbers(kind: arrow.DataType) -> bool:
    """Numbers, lists of lists of them, or tensors."""
    if isinstance(kind, arrow.FixedShapeTensorType):
        kind = kind.value_type
    while _is_list(kind):
        kind = kind.value_type
    return arrow.types.is_boolean(kind) or arrow.types.is_integer(kind) or \
        arrow.types.is_floating(kind)


def _dense(values: arrow.Array, what: str) -> np.ndarray:
    """The array of one row: lists within it are of equal lengths."""
    shape: list[int] = []
    if isinstance(values.type, arrow.FixedShapeTensorType) and not values.null_count:
        return values.to_numpy_ndarray()[0]
    while _is_list(values.type) and not values.null_count:
        lengths = set(compute.list_value_length(values).to_pylist())
        if len(lengths) > 1:
            raise refused(f"{what}: has lists of {min(lengths)} to {max(lengths)} elements at "
                          f"depth {len(shape)}, expected equal lengths")
        shape.append(lengths.pop() if lengths else 0)
        values = values.flatten()
    if values.null_count:
        raise refused(f"{what}: is null, expected numbers")
    return values.to_numpy(zero_copy_only=False).reshape(shape)


class Group(NamedTuple):
    """A row group of a file."""
    file: str
    number: int
    first: int  # Its first row in the file.
    rows: int


class Table(DataSet):
    """The rows of one Parquet file or of all files of a folder."""

    has_other_values = True

    def __init__(self, root: Path, names: Sequence[str], columns: Mapping[str, str] | None,
                 keep: Sequence[str]) -> None:
        self.root, self.names, self.columns, self.keep = root, names, columns, tuple(keep)
        self.what = f"'{names[0]}'" if len(names) == 1 else f"folder '{root}'"
        self.groups = [group for name in names for group in self._groups_of(name)]
        self.ends = list(accumulate(group.rows for group in self.groups))
        self.count = self.ends[-1] if self.ends else 0
        self.open: dict[int, arrow.Table] = {}  # Row groups that were read last.

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "open": {}}

    def _groups_of(self, name: str) -> list["Group"]:
        try:
            file = parquet.ParquetFile(self.root / name)
        except (OSError, arrow.ArrowInvalid) as error:
            raise refused(f"file '{name}': cannot be read: {error}") from None
        for column in [*(self.columns or {}).values(), *self.keep]:
            if column not in file.schema_arrow.names:
                raise refused(f"file '{name}': has no column '{column}', expected one of "
                              f"{file.schema_arrow.names}")
        counts = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
        firsts = accumulate(counts, initial=0)
        return [Group(name, *group) for group in zip(range(len(counts)), firsts, counts)]

    def identity(self) -> str:
        return digest_of_values([stamp_of(self.root / n, n) for n in self.names],
                                sorted((self.columns or {}).items()), self.keep)

    def _where(self, index: int) -> tuple[int, int]:
        """The group of an item and its row in it."""
        at = bisect_right(self.ends, index)
        return at, index - (self.ends[at] - self.groups[at].rows)

    def name(self, index: int) -> str:
        at, row = self._where(index)
        return f"{self.groups[at].file} row {self.groups[at].first + row}"

    @cached_property
    def _wanted(self) -> list[str] | None:
        """The columns to read; None for all of them."""
        return sorted({*self.columns.values(), *self.keep}) if self.columns else None

    def _read(self, at: int) -> arrow.Table:
        """A row group, which is what a file is read by."""
        if at not in self.open:
            while len(self.open) >= OPEN:
                del self.open[next(iter(self.open))]
            group = self.groups[at]
            found = parquet.ParquetFile(self.root / group.file).read_row_group(
                group.number, self._wanted)
            self.open[at] = found.combine_chunks()
        return self.open[at]

    def _slices(self, start: int, stop: int) -> Iterator[tuple[int, arrow.Table]]:
        """(first item, its rows) of each group that the items lie in."""
        while start < stop:
            at, row = self._where(start)
            count = min(stop - start, self.groups[at].rows - row)
            yield start, self._read(at).slice(row, count)
            start += count

    def _inputs(self, table: arrow.Table) -> dict[str, arrow.Array]:
        """Columns by input, as arrays of one piece."""
        of = self.columns or {f.name: f.name for f in table.schema if _is_numbers(f.type)}
        for name, column in of.items():
            if not _is_numbers(table.schema.field(column).type):
                raise refused(f"{self.what}: column '{column}' has type "
                              f"{table.schema.field(column).type}, expected numbers")
        return {name: table[column].combine_chunks() for name, column in of.items()}

    def read(self, start: int, stop: int) -> list[Item]:
        items: list[Item] = []
        for first, table in self._slices(start, stop):
            columns = self._inputs(table)
            for row in range(len(table)):
                what = f"item '{self.name(first + row)}'"
                items.append({name: _dense(values.slice(row, 1), f"{what}: input \"{name}\"")
                              for name, values in columns.items()})
        return items

    def kept(self, start: int, stop: int) -> dict[str, arrow.ChunkedArray]:
        """The columns that go into the results."""
        if not self.keep:
            return {}
        tables = [table.select(self.keep) for _, table in self._slices(start, stop)]
        whole = arrow.concat_tables(tables)
        return {name: whole[name] for name in self.keep}
