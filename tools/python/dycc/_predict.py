"""What runs of a model are thought to take, by the program dycc-predict: no kernel is
compiled."""

import json
import os
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dycc._compile import Range, _dim_flag
from dycc._errors import CompileError, refuse
from dycc._programs import program


class Figures(NamedTuple):
    """What a run is thought to take."""
    seconds: float  # On as many threads as the machine's file was measured with.
    arena_bytes: int  # But for scratch, which kernels say once they are compiled.


class Prediction:
    """A model that an oracle has planned. A call with extents gives Figures:
    `prediction(H=270, W=480)`; one that is left out is the middle of its range, or 64."""

    def __init__(self, oracle: "Oracle", answer: Mapping[str, Any]) -> None:
        self.symbols: tuple[str, ...] = tuple(answer["symbols"])
        self.machine: str = answer["machine"]
        self.measured: bool = answer["measured"]  # Times are of a machine's file.
        self.weight_bytes: int = answer["weight_bytes"]
        self._oracle, self._number = oracle, answer["model"]
        weakref.finalize(self, oracle._drop, self._number)

    def __call__(self, **extents: int) -> Figures:
        answer = self._oracle._ask({"model": self._number, "at": extents})
        if "error" in answer:
            raise refuse(answer["error"])
        return Figures(answer["seconds"], answer["arena_bytes"])


class Oracle:
    """A process of dycc-predict, which answers for any number of models.

    machine: file of dycc-calibrate, of this machine; without it times are rough
    flags: more options of the program dycc-predict
    """

    def __init__(self, machine: str | os.PathLike | None = None, *,
                 flags: Sequence[str] = ()) -> None:
        command = [str(program("dycc-predict")), "--service", *flags]
        if machine is not None:
            command += ["--machine", os.fspath(machine)]
        self._lock = threading.Lock()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def load(self, model: Any, dims: Mapping[str, Range] | None = None) -> Prediction:
        """Plans `model`: the path of an ONNX file, its bytes or an onnx.ModelProto; `dims`
        as in compile_file(). Raises CompileError with what the compiler says."""
        if hasattr(model, "SerializeToString"):
            model = model.SerializeToString()
        if isinstance(model, (bytes, bytearray, memoryview)):
            with tempfile.TemporaryDirectory(prefix="dycc-") as folder:
                path = Path(folder) / "model.onnx"
                path.write_bytes(model)
                return self.load(path, dims)
        flags = [_dim_flag(symbol, extent) for symbol, extent in (dims or {}).items()]
        answer = self._ask({"load": os.fspath(model), "dims": flags})
        if "error" in answer:
            raise CompileError("refused", answer["error"])
        return Prediction(self, answer)

    def close(self) -> None:
        """Ends the process; predictions of it end too."""
        with self._lock:
            self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()
            self._process.stderr.close()

    def __enter__(self) -> "Oracle":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            if self._process.stdin.closed:
                raise refuse("the oracle is closed")
            try:
                self._process.stdin.write(json.dumps(request) + "\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
            except BrokenPipeError:
                line = ""
            if not line:
                text = self._process.stderr.read().strip()
                raise CompileError("usage", text or "dycc-predict has ended")
        return json.loads(line)

    def _drop(self, number: int) -> None:
        if not self._process.stdin.closed and self._process.poll() is None:
            self._ask({"drop": number})


def predict(model: Any, *, machine: str | os.PathLike | None = None,
            dims: Mapping[str, Range] | None = None, **extents: int) -> Figures:
    """What a run of `model` at `extents` is thought to take; see Oracle, which answers many
    times."""
    with Oracle(machine) as oracle:
        return oracle.load(model, dims)(**extents)
