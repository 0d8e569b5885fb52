"""A few processes, each working through many jobs. One that dies takes its job with it
and is replaced: the parent never runs a model."""

import multiprocessing
import multiprocessing.connection
import time

import paths
from node_results import CRASHED, WRONG

# Seconds for one job, which takes three at most: a machine may stand still for a while.
LIMIT = 180 * paths.PATIENCE
PROCESSES = multiprocessing.get_context("fork")


def serve(connection, work):
    while True:
        job = connection.recv()
        try:
            connection.send(work(job))
        except Exception as error:
            connection.send((WRONG, f"{type(error).__name__}: {error}"))


class Worker:
    def __init__(self, work):
        self.connection, other = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=serve, args=(other, work))
        self.process.start()
        other.close()
        self.job, self.since = None, 0.0

    def give(self, job):
        self.job, self.since = job, time.time()
        self.connection.send(job)

    def result(self):
        """The result that has come, or why there will be none."""
        try:
            return self.connection.recv()
        except EOFError:
            self.process.join()
            return CRASHED, f"the run ended by signal {-self.process.exitcode}"

    def stop(self):
        self.process.kill()
        self.process.join()


def check_all(jobs, count, work, limit=LIMIT):
    """Yields (job, result of `work`), or CRASHED and a text; the parent never
    runs a model."""
    waiting = list(reversed(jobs))
    workers = [Worker(work) for _ in range(min(count, len(jobs)))]
    for worker in workers:
        worker.give(waiting.pop())
    while any(w.job for w in workers):
        busy = [w for w in workers if w.job]
        ready = multiprocessing.connection.wait([w.connection for w in busy], timeout=1)
        for worker in busy:
            late = time.time() - worker.since > limit
            if worker.connection not in ready and not late:
                continue
            result = worker.result() if worker.connection in ready else \
                (CRASHED, f"no end after {limit:.0f} seconds")
            yield worker.job, result
            if result[0] == CRASHED:
                worker.stop()
                workers[workers.index(worker)] = worker = Worker(work)
            worker.job = None
            if waiting:
                worker.give(waiting.pop())
    for worker in workers:
        worker.stop()
