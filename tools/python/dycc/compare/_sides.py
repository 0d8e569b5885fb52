"""What is compared: each side runs a model, or one that was changed to look into it."""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx

import dycc

LARGE = 1 << 30  # Bytes from which a model's weights go into a file of their own.

Feed = Mapping[str, np.ndarray | None]


class Refusal(NamedTuple):
    """A run without results: a status, an exception, or the end of its process."""
    text: str


Result = dict[str, np.ndarray] | Refusal


class Worker:
    """Runs compiled models in a process of their own, and starts it again where one ends
    it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None

    def run(self, library: Path, threads: int, feed: Feed) -> Result:
        if self._process is None:
            path = os.pathsep.join(filter(None, sys.path))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dycc.compare._worker"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
        try:
            pickle.dump((str(library), threads, dict(feed)), self._process.stdin)
            self._process.stdin.flush()
            answer = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError):
            code, self._process = self._process.wait(), None
            return Refusal(f"ends its process by signal {-code}" if code < 0 else
                           f"ends its process with code {code}")
        return answer[1] if answer[0] == "results" else Refusal(f"{answer[1]}: {answer[2]}")

    def close(self) -> None:
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()
            self._process = None


class Side:
    """`model` is what can be changed to look into it; None: the outputs are all there is.
    `file` is what lies on the disk."""

    title: str
    model: onnx.ModelProto | None = None

    def prepare(self, model: onnx.ModelProto | None) -> Callable[[Feed], Result]:
        """Runs of a changed model, or of the file itself. Raises dycc.CompileError or
        ValueError where the side refuses the model."""
        raise NotImplementedError


def load_model(file: Path) -> onnx.ModelProto:
    """With the types of its values, as far as the rules of ONNX say them."""
    try:
        model = onnx.load(file)
    except OSError:
        raise
    except Exception as error:  # Of protobuf and onnx, of many classes.
        raise ValueError(f"'{file}': expects an ONNX file: {error}") from error
    try:
        return onnx.shape_inference.infer_shapes(model) if model.ByteSize() < LARGE else model
    except onnx.shape_inference.InferenceError:  # Of what is wrong dycc says more.
        return model


def write_model(model: onnx.ModelProto, top: Path) -> Path:
    """Writes into a new folder in `top`."""
    file = Path(tempfile.mkdtemp(dir=top)) / "model.onnx"
    onnx.save(model, file, save_as_external_data=model.ByteSize() >= LARGE)
    return file


class Compiled(Side):
    """An ONNX file through dycc with some options."""

    def __init__(self, title: str, file: Path, flags: Sequence[str], threads: int,
                 worker: Worker, folder: Path) -> None:
        self.title, self.file, self._flags = title, file, list(flags)
        self._threads, self._worker, self._folder = threads, worker, folder
        self.model = load_model(file)
        self._library: Path | None = None  # Of the file as it is.

    def compile(self, model: onnx.ModelProto | None = None) -> Path:
        """The path of the library."""
        if model is None and self._library is not None:
            return self._library
        file = self.file if model is None else write_model(model, self._folder)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        library = dycc.compile_file(file, folder / "model.so", flags=self._flags)
        self._library = library if model is None else self._library
        return library

    def prepare(self, model: onnx.ModelProto | None) -> Callable[[Feed], Result]:
        library = self.compile(model)
        return lambda feed: self._worker.run(library, self._threads, feed)


class Library(Side):
    """A compiled model, whose outputs are all that can be seen."""

    def __init__(self, file: Path, threads: int, worker: Worker) -> None:
        self.title, self._file, self._threads, self._worker = str(file), file, threads, worker

    def prepare(self, model: onnx.ModelProto | None) -> Callable[[Feed], Result]:
        return lambda feed: self._worker.run(self._file.resolve(), self._threads, feed)


class OnnxRuntime(Side):
    """ONNX Runtime, node for node as the model says."""

    title = "ONNX Runtime"

    def __init__(self, file: Path, model: onnx.ModelProto, folder: Path) -> None:
        self._file, self.model, self._folder = file, model, folder

    def prepare(self, model: onnx.ModelProto | None) -> Callable[[Feed], Result]:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 4
        file = self._file if model is None else write_model(model, self._folder)
        try:
            session = onnxruntime.InferenceSession(str(file), options, ["CPUExecutionProvider"])
        except Exception as error:  # It has a class for each of its statuses.
            raise ValueError(f"ONNX Runtime: {error}") from error
        names = [o.name for o in session.get_outputs()]
        return lambda feed: _guarded(
            lambda: dict(zip(names, session.run(names, _given(feed)))))


class Evaluator(Side):
    """The reference evaluator of the onnx package, which rounds after each node."""

    title = "the evaluator of onnx"

    def __init__(self, model: onnx.ModelProto) -> None:
        self.model = model

    def prepare(self, model: onnx.ModelProto | None) -> Callable[[Feed], Result]:
        from onnx.reference import ReferenceEvaluator

        try:
            evaluator = ReferenceEvaluator(model or self.model)
        except Exception as error:
            raise ValueError(f"onnx: {error}") from error
        return lambda feed: _guarded(lambda: {
            name: np.asarray(value) for name, value in
            zip(evaluator.output_names, evaluator.run(None, _given(feed)))})


def _given(feed: Feed) -> dict[str, np.ndarray]:
    return {name: value for name, value in feed.items() if value is not None}


def _guarded(run: Callable[[], dict[str, np.ndarray]]) -> Result:
    """Any exception of an engine is a run without results."""
    try:
        return run()
    except Exception as error:
        return Refusal(f"{type(error).__name__}: {error}")
