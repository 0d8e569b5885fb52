"""The process of one engine: takes commands, a line of JSON each, and answers each
with one.

    python -m suite_parts.worker ENGINE

The suite stops it by a signal while another one is measured.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
import time

import numpy as np

from suite_parts import recipes, usage
from suite_parts.sides import NARROW, SIDES

PR_SET_PDEATHSIG = 1  # Of prctl.
WARM_CALLS = 3  # At least, until kernels that are made at run time exist.


def seconds(call, count=1):
    """Of one call, the mean of `count` in a row."""
    began = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - began) / count


class Worker:
    """One loaded model of one engine."""

    def __init__(self, engine):
        self.kind = {**SIDES, **NARROW}[engine]
        for name in self.kind.imports:
            importlib.import_module(name)

    def greet(self):
        """The first answer says that all is imported."""
        return {}

    def prepare(self, model, folder):
        began = time.perf_counter()
        file = self.kind.prepare(model, folder)
        return {"file": str(file), "seconds": time.perf_counter() - began}

    def load(self, file, threads):
        began = time.perf_counter()
        self.side = self.kind(file, threads)
        return {"seconds": time.perf_counter() - began}

    def bind(self, feed, seed, save, warm):
        """Takes inputs, saves the results, and calls for `warm` seconds."""
        self.side.set(recipes.arrays(feed, seed))
        first = seconds(self.side.call)
        np.savez(save, *self.side.outputs())
        self.side.settle()
        if not warm:
            return {"seconds": first}
        began, count, last = time.perf_counter(), 0, first
        while count < WARM_CALLS or time.perf_counter() - began < warm:
            last = seconds(self.side.call)
            count += 1
        return {"seconds": last}

    def time(self, count, warm):
        """Mean seconds of `count` calls behind `warm` that bring back the caches."""
        for _ in range(warm):
            self.side.call()
        return {"seconds": seconds(self.side.call, count)}

    def memory(self, feed, seed, runs):
        """Bytes of memory that the first runs take beyond that of a loaded model, and
        what the engine says that a run takes, if it does."""
        self.side.set(recipes.arrays(feed, seed))
        before = usage.begin()
        for _ in range(runs):
            self.side.call()
        taken = {"bytes": max(usage.peak() - before, 0)}
        said = self.side.peak_bytes()
        return taken if said is None else {**taken, "said": said}

    def requests(self, feeds, seed, again):
        """Seconds of each request, from inputs in memory to results; with `again` of
        a second one with the same inputs too."""
        def request(feed):
            self.side.set(feed)
            self.side.call()

        times = []
        for i, feed in enumerate(feeds):
            made = recipes.arrays(feed, seed + i)
            times.append([seconds(lambda: request(made)) for _ in range(1 + again)])
        return {"times": times}

    def answer(self, message):
        command = message.pop("do")
        return getattr(self, command)(**message)


def said(error):
    """The last line of a message: engines put where it was thrown before it."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1].strip() if lines else ''}"


def end_with_parent():
    """A stopped process would outlive a suite that was killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main():
    end_with_parent()
    # Engines print to where answers go: give those a descriptor of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        try:
            reply = worker.answer(json.loads(line))
        except Exception as error:
            reply = {"error": said(error)}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
