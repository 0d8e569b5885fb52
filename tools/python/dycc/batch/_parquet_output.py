"""Parquet files of results: a column for each output, arrays as lists of lists."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet

from dycc.batch._apply import Result
from dycc.batch._errors import refused, usage
from dycc.batch._output import Chunk, Output, Save
from dycc.batch._parquet import Table

LONGEST = 2**31 - 1  # What a list's offsets reach.


def _column(name: str, arrays: Sequence[np.ndarray]) -> arrow.Array:
    """Arrays of one rank, of any extents, as lists of lists."""
    flat = np.concatenate([a.reshape(-1) for a in arrays])
    if flat.size > LONGEST:
        raise usage(f"output \"{name}\": has {flat.size} elements in a chunk, expected at most "
                    f"{LONGEST}: a smaller --chunk")
    try:
        column = arrow.array(flat)
    except (arrow.ArrowNotImplementedError, arrow.ArrowInvalid):
        raise refused(f"output \"{name}\": Parquet has no type {flat.dtype}, expected --each, "
                      "which writes .npy files") from None
    for depth in reversed(range(arrays[0].ndim)):
        counts = [int(np.prod(a.shape[:depth], dtype=np.int64)) for a in arrays]
        lengths = np.repeat([a.shape[depth] for a in arrays], counts)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        column = arrow.ListArray.from_arrays(arrow.array(offsets), column)
    return column


class Tables(Output):
    """A Parquet file for each chunk, its rows in the order of the items."""

    kind = "Parquet of each chunk"
    data: Table

    def files(self, chunk: Chunk, results: Sequence[Result]) -> Iterator[tuple[str, Save]]:
        columns = {name: _column(name, [r[name] for r in results]) for name in results[0]}
        kept = self.data.kept(chunk.start, chunk.stop)
        for name in kept.keys() & columns.keys():
            raise usage(f"column '{name}' is kept and is an output of the model, expected other "
                        "names")
        table = arrow.table({**kept, **columns})
        yield f"part-{chunk.number:06}.parquet", lambda file: parquet.write_table(table, file)
