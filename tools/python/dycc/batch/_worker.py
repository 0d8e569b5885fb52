"""What a worker does, in this process or in one of Ray's."""

import platform
from collections.abc import Callable
from dataclasses import dataclass

from dycc._errors import Error
from dycc._model import load
from dycc.batch._apply import Applied, Result
from dycc.batch._artifact import install
from dycc.batch._data import DataSet, Item
from dycc.batch._errors import BatchError, refused
from dycc.batch._output import Chunk, Output, Written


FAILURES = (Error, OSError, MemoryError)


@dataclass(frozen=True)
class Task:
    """What all workers of a batch need to know."""
    digest: str  # Of the library.
    threads: int
    machine: str | None
    batch: int
    has_other_values: bool
    # Both of a worker that sees the folders, else None: then the driver reads and writes.
    data: DataSet | None
    output: Output | None


class Worker:
    """One model, loaded once. Errors are returned: a raised one is a defect."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def start(self, fetch: Callable[[], bytes]) -> tuple[str, BatchError | None]:
        """Loads the model; `fetch` gets the library where this node does not have it.
        Returns the node's name too."""
        try:
            library = install(self.task.digest, fetch)
            model = load(library, threads=self.task.threads, machine=self.task.machine)
            self.applied = Applied(model, self.task.batch, self.task.has_other_values)
        except FAILURES as error:
            return platform.node(), as_batch_error(error, "model")
        return platform.node(), None

    def work(self, chunk: Chunk, names: list[str],
             items: list[Item] | None) -> list[Result] | list[Written] | BatchError:
        """The results of a chunk; of a worker that sees the folders (without `items`) the
        files that it wrote."""
        try:
            if items is not None:
                return self.applied(names, items)
            assert self.task.data and self.task.output
            items = self.task.data.read(chunk.start, chunk.stop)
            return self.task.output.write(chunk, self.applied(names, items))
        except FAILURES as error:
            return as_batch_error(error, f"items '{names[0]}' to '{names[-1]}'")


def as_batch_error(error: Exception, what: str) -> BatchError:
    """Statuses of the model and failures of the system are refusals; the system does not
    say of what."""
    if isinstance(error, BatchError):
        return error
    if isinstance(error, Error):
        return refused(error.text)
    return refused(f"{what}: {str(error) or type(error).__name__}")
