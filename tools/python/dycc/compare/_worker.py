"""The process that loads compiled models and runs them: a wrong one may end it.

    python -m dycc.compare._worker

Reads pickled (library, threads, feed), and answers each with ("results", {name: array})
or ("refused", status, text), until its input ends.
"""

import os
import pickle
import sys
from typing import BinaryIO

import dycc

try:
    import ml_dtypes  # noqa: F401  (bfloat16 is its type then, as it is for onnx)
except ImportError:
    pass

KEPT = 2  # Models: those of the two sides.


def answer(models: dict[tuple[str, int], dycc.Model], library: str, threads: int,
           feed: dict) -> tuple:
    key = library, threads
    try:
        if key not in models:
            while len(models) >= KEPT:
                models.pop(next(iter(models))).close()
            models[key] = dycc.load(library, threads=threads)
        return "results", models[key].run(feed)
    except dycc.Error as error:
        return "refused", error.status, error.text


def serve(source: BinaryIO, target: BinaryIO) -> None:
    models: dict[tuple[str, int], dycc.Model] = {}
    while True:
        try:
            request = pickle.load(source)
        except EOFError:
            return
        pickle.dump(answer(models, *request), target)
        target.flush()


if __name__ == "__main__":
    # What a model's process prints is no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)
