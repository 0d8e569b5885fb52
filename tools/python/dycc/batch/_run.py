"""A batch from its model and data set to its output folder."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dycc._compile import Range
from dycc.batch import _ray
from dycc.batch._artifact import Artifact, library_of
from dycc.batch._data import DataSet, open_data
from dycc.batch._errors import BatchError, usage
from dycc.batch._manifest import Manifest, chunk_size_of
from dycc.batch._output import Chunk, Output, output_of
from dycc.batch._pool import Cluster, ClusterOptions, Here
from dycc.batch._progress import Progress
from dycc.batch._worker import Task

CHUNK = 16  # Items, where nobody says how many.


class Summary(NamedTuple):
    """What a batch came to."""
    items: int
    items_before: int  # Of them finished by an earlier start.
    chunks: int
    seconds: float


@dataclass(frozen=True)
class Options:
    """How a batch runs; none of it changes the files that it writes."""
    machine: str | None
    threads: int | None
    shared: bool
    keep_going: bool
    cluster: ClusterOptions


def _chunks(count: int, size: int) -> list[Chunk]:
    return [Chunk(index, start, min(start + size, count))
            for index, start in enumerate(range(0, count, size))]


def _facts(artifact: Artifact, data: DataSet, output: Output, size: int,
           batch: int) -> dict[str, Any]:
    """What an output folder is of: with other facts its files would differ."""
    return {"model": artifact.identity[:16],
            "data set": f"{data.count} items, {data.identity()[:16]}",
            "output": output.kind, "items in a chunk": size, "items in a run": batch}


def _check_folders(data: Any, folder: Path) -> None:
    """Results within a folder of items would be items of the next start."""
    if isinstance(data, (str, os.PathLike)) and Path(data).is_dir():
        inside, whole = folder.resolve(), Path(data).resolve()
        if inside == whole or whole in inside.parents:
            raise usage(f"output folder '{folder}': lies in the data set '{data}', expected "
                        "another place")


def _check_numbers(**numbers: tuple[int | None, int]) -> None:
    for name, (value, least) in numbers.items():
        if value is not None and value < least:
            raise usage(f"{name.replace('_', '-')} is {value}, expected at least {least}")


def _pool(options: Options, artifact: Artifact, data: DataSet, output: Output, batch: int,
          note: Callable[[str], None]) -> Here | Cluster:
    """This process, or a cluster: workers of one on this machine alone see the folders."""
    cluster = options.cluster
    is_here = cluster.workers == 0 or \
        (cluster.workers is None and cluster.address is None and not _ray.is_installed())
    sees_files = is_here or (data.is_in_files and (
        options.shared or (cluster.address is None and not _ray.is_joined())))
    threads = options.threads or (0 if is_here else 1)
    task = Task(artifact.digest, threads, options.machine, batch, data.has_other_values,
                data if sees_files else None, output if sees_files else None)
    if is_here:
        return Here(artifact, task, data)
    return Cluster(artifact, task, data, output, cluster, note)


def _work(pool: Here | Cluster, chunks: Sequence[Chunk], manifest: Manifest,
          progress: Progress, keep_going: bool) -> None:
    """Has chunks done, and notes each in the manifest once its files are there."""
    failures = []
    for chunk, outcome in pool.results(chunks):
        if isinstance(outcome, BatchError):
            if not keep_going:
                raise outcome
            failures.append(outcome)
            continue
        manifest.finish(chunk, outcome)
        progress.add(chunk.stop - chunk.start, pool.workers)
    if failures:
        text = "\n".join(failure.text for failure in failures)
        raise BatchError(failures[0].status, f"{text}\n{len(failures)} of {len(chunks)} chunks "
                                             "are not finished", tuple(failures))


def run(model: str | os.PathLike, data: Any, output: str | os.PathLike, *,
        dims: Mapping[str, Range] | None = None, flags: Sequence[str] = (),
        machine: str | None = None, columns: Mapping[str, str] | None = None,
        keep: Sequence[str] = (), each: bool = False, chunk: int | None = None, batch: int = 1,
        workers: int | None = None, threads: int | None = None, address: str | None = None,
        shared: bool = False, in_flight: int | None = None, retries: int = 3,
        patience: float = 300, keep_going: bool = False, verify: bool = False) -> Summary:
    """Runs a model over a data set; goes on where an earlier start ended.

    model: an ONNX file, which is compiled with `dims` and `flags` as by compile_file(), or
        a library
    data: a folder of .npy and .npz files (each an item), a .npy or .npz file, an array or
        arrays by input (along their leading axis), a Parquet file or a folder of them
    output: the folder of the results, a new one or one of this batch
    machine: whose kernels run, of a model for several
    columns, keep: of Parquet, the column of each input, and columns that go into the results
    each: a file for each item, where else a chunk would be one
    chunk: items that are done or begun again at once; None: 16, or as the folder has it
    batch: items that share a run, where they are one element of the inputs' leading axis
    workers: processes of Ray; 0: this one; None: as many as there are processors, or this
        one where Ray is not installed
    threads: of each model; None: 1, in this process all processors
    address: of a Ray cluster, "auto" for one that runs here; None: one for this batch
    shared: the nodes of the cluster see both folders under their paths, so that workers
        read and write themselves
    in_flight: chunks that are read and not yet written; None: two for each worker
    retries: how often a chunk may lose its worker
    patience: seconds without a worker after which the batch is given up
    keep_going: goes on behind a chunk that is refused
    verify: reads the files of finished chunks, and makes those again that are not as written

    Raises BatchError, and CompileError with what the compiler says. What is finished
    stays, and the next start does what is missing.
    """
    folder, began = Path(output), time.monotonic()
    _check_numbers(chunk=(chunk, 1), batch=(batch, 1), workers=(workers, 0),
                   threads=(threads, 1), in_flight=(in_flight, 1), retries=(retries, 0))
    _check_folders(data, folder)
    items = open_data(data, columns, keep)
    artifact = library_of(Path(model), dims, flags)
    writer = output_of(folder, items, each)
    size = chunk or chunk_size_of(folder) or CHUNK
    chunks = _chunks(items.count, size)
    options = Options(machine, threads, shared, keep_going,
                      ClusterOptions(workers, address, in_flight, retries, patience))
    with Manifest(folder, _facts(artifact, items, writer, size, batch), verify) as manifest:
        before = sum(manifest.done.values())
        missing = [c for c in chunks if c.number not in manifest.done]
        if missing:
            progress = Progress(before, items.count)
            with closing(progress), closing(_pool(options, artifact, items, writer, batch,
                                                  progress.note)) as pool:
                _work(pool, missing, manifest, progress, keep_going)
    return Summary(items.count, before, len(chunks), time.monotonic() - began)
