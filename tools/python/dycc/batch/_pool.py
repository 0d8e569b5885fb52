"""Where chunks are worked on: in this process, or by actors of Ray."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from dycc.batch import _ray
from dycc.batch._artifact import Artifact
from dycc.batch._data import DataSet
from dycc.batch._errors import BatchError
from dycc.batch._output import Chunk, Output, Written
from dycc.batch._worker import FAILURES, Task, Worker, as_batch_error

Outcome = list[Written] | BatchError
Results = Iterator[tuple[Chunk, Outcome]]
AT_ONCE = 2  # Chunks that a worker has: one to compute, one that waits.


class Here:
    """This process."""

    workers = 1

    def __init__(self, artifact: Artifact, task: Task, data: DataSet) -> None:
        self.data, self.worker = data, Worker(task)
        _, error = self.worker.start(lambda: artifact.data)
        if error:
            raise error

    def results(self, chunks: Sequence[Chunk]) -> Results:
        for chunk in chunks:
            names = [self.data.name(i) for i in range(chunk.start, chunk.stop)]
            # Without items it writes.
            yield chunk, cast(Outcome, self.worker.work(chunk, names, None))

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class ClusterOptions:
    """How a batch uses Ray."""
    workers: int | None  # None: as many as there are processors.
    address: str | None  # None: a cluster of this machine alone, for this batch.
    in_flight: int | None  # Chunks that are read and not yet written; None: AT_ONCE each.
    retries: int  # How often a chunk, or the start of a worker, may lose its worker.
    patience: float  # Seconds without any worker after which the batch is given up.


@dataclass
class _Actor:
    """A worker in a process of its own, with the chunks that it has, the oldest first."""
    handle: Any
    starting: Any  # What start() will return; None once it has.
    node: str = "unknown"
    given: dict[Any, Chunk] = field(default_factory=dict)


class Cluster:
    """Actors of Ray, one model each. One that dies is replaced; its chunks go to others."""

    def __init__(self, artifact: Artifact, task: Task, data: DataSet, output: Output,
                 options: ClusterOptions, note: Callable[[str], None]) -> None:
        self.ray, self.is_mine = _ray.joined(options.address, options.workers, task.threads)
        self.task, self.data, self.output = task, data, output
        self.options, self.note = options, note
        count = options.workers or max(self._processors() // task.threads, 1)
        self.in_flight = options.in_flight or AT_ONCE * count
        self.fetch = partial(self.ray.get, self.ray.put(artifact.data))
        self.actor = self.ray.remote(num_cpus=task.threads)(Worker)
        self.tries: Counter[int] = Counter()
        self.failed_starts = 0
        self.waiting: deque[Chunk] = deque()
        self.actors = [self._start() for _ in range(count)]

    def _processors(self) -> int:
        return int(self.ray.cluster_resources().get("CPU", 1))

    def _start(self) -> _Actor:
        handle = self.actor.remote(self.task)
        return _Actor(handle, handle.start.remote(self.fetch))

    @property
    def workers(self) -> int:
        """How many are there to work."""
        return sum(actor.starting is None for actor in self.actors)

    def results(self, chunks: Sequence[Chunk]) -> Results:
        """What becomes of each chunk, in the order in which they are finished. At most
        `in_flight` are read and not yet written."""
        self.waiting.extend(chunks)
        alone_since = time.monotonic()
        while self.waiting or any(actor.given for actor in self.actors):
            yield from self._give()
            yield from self._take()
            if self.workers:
                alone_since = time.monotonic()
            elif time.monotonic() - alone_since > self.options.patience:
                raise BatchError("lost", f"no worker for {self.options.patience:g} s: each "
                                         f"takes {self.task.threads} processors, the cluster "
                                         f"has {self._processors()}")

    def _give(self) -> Results:
        """Reads chunks for workers that have less than AT_ONCE; one that cannot be read has
        its outcome."""
        while self.waiting:
            ready = [a for a in self.actors if a.starting is None and len(a.given) < AT_ONCE]
            if not ready or sum(len(a.given) for a in self.actors) >= self.in_flight:
                return
            chunk = self.waiting.popleft()
            names = [self.data.name(i) for i in range(chunk.start, chunk.stop)]
            try:
                items = None if self.task.data else self.data.read(chunk.start, chunk.stop)
            except BatchError as error:
                yield chunk, error
                continue
            actor = min(ready, key=lambda a: len(a.given))
            actor.given[actor.handle.work.remote(chunk, names, items)] = chunk

    def _take(self) -> Results:
        """Waits for a worker to begin or to end something."""
        owners = {actor.starting: actor for actor in self.actors if actor.starting}
        owners |= {ref: actor for actor in self.actors for ref in actor.given}
        ready, _ = self.ray.wait(list(owners), num_returns=1, timeout=1)
        for ref in ready:
            try:
                found = self.ray.get(ref)
            except self.ray.exceptions.RayTaskError:
                raise  # A defect of the worker.
            except self.ray.exceptions.RayError as error:
                yield from self._bury(owners[ref], error)
                continue
            if ref == owners[ref].starting:
                self._started(owners[ref], found)
            else:
                yield self._written(owners[ref].given.pop(ref), found)

    def _started(self, actor: _Actor, found: Any) -> None:
        actor.starting, (actor.node, error) = None, found
        self.failed_starts = 0
        if error:
            raise BatchError(error.status, f"node {actor.node}: {error.text}")

    def _written(self, chunk: Chunk, found: Any) -> tuple[Chunk, Outcome]:
        if self.task.data or isinstance(found, BatchError):
            return chunk, found
        try:
            return chunk, self.output.write(chunk, found)
        except FAILURES as error:
            return chunk, as_batch_error(error, self._items(chunk))

    def _bury(self, actor: _Actor, reason: Exception) -> Results:
        """Has another worker in the place of one that died, and gives its chunks to others."""
        self.actors.remove(actor)
        self.ray.kill(actor.handle)
        text = (str(reason).strip() or type(reason).__name__).splitlines()[0]
        self.note(f"a worker on node {actor.node} died: {text}")
        self.failed_starts += actor.starting is not None
        if self.failed_starts <= self.options.retries:
            self.actors.append(self._start())
        elif not self.actors:
            raise BatchError("lost", f"workers died {self.failed_starts} times while they "
                                     f"started: {text}")
        lost = []
        for ref, chunk in actor.given.items():
            found = self._result_left(ref)
            if found is None:
                lost.append(chunk)
            else:
                yield self._written(chunk, found)
        # The oldest is what the worker died of, if it died of one.
        if lost and self._is_given_up(lost[0]):
            yield lost[0], self._given_up(lost.pop(0), text)
        self.waiting.extendleft(reversed(lost))

    def _is_given_up(self, chunk: Chunk) -> bool:
        self.tries[chunk.number] += 1
        return self.tries[chunk.number] > self.options.retries

    def _given_up(self, chunk: Chunk, reason: str) -> BatchError:
        return BatchError("lost", f"{self._items(chunk)}: given up, their worker died "
                                  f"{self.tries[chunk.number]} times: {reason}")

    def _items(self, chunk: Chunk) -> str:
        return f"items '{self.data.name(chunk.start)}' to '{self.data.name(chunk.stop - 1)}'"

    def _result_left(self, ref: Any) -> Any:
        """What a dead worker had finished before; None without it."""
        ready, _ = self.ray.wait([ref], timeout=0)
        try:
            return self.ray.get(ref) if ready else None
        except self.ray.exceptions.RayError:
            return None

    def close(self) -> None:
        for actor in self.actors:
            self.ray.kill(actor.handle)
        if self.is_mine:
            self.ray.shutdown()
