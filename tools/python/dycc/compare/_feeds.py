"""What models are run on: drawn inputs at drawn sizes, and ONNX test data sets."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

import dycc
from dycc.compare._rule import is_float

SPAN = 40  # Sizes are drawn from so many above the least.
Bounds = Mapping[str, tuple[float, float]]


@dataclass
class Case:
    """Inputs of a run. `arguments` are the options that repeat it."""

    label: str
    feed: dict[str, np.ndarray | None]
    arguments: list[str]
    expected: dict[str, np.ndarray] | None = None  # Stored outputs.


def sizes(model: dycc.Model, count: int, seed: int) -> Iterator[dict[str, int]]:
    """The least extents that are not 0, then others."""
    rng = np.random.default_rng(seed)
    least = {s.name: s.lower if s.lower or not s.upper else s.multiple for s in model.symbols}
    seen = []
    for number in range(count * 4 if model.symbols else 1):
        at = {s.name: least[s.name] + s.multiple * int(rng.integers(
            0, min((s.upper - least[s.name]) // s.multiple, SPAN), endpoint=True))
            for s in model.symbols} if number else least
        if at not in seen and len(seen) < count:
            seen.append(at)
            yield at


def _elements(rng: np.random.Generator, value: dycc.Value, shape: tuple[int, ...],
              bounds: Bounds) -> np.ndarray:
    """Floats from -1 to 1, whole numbers from 0 to 10, unless `bounds` has others; strings
    s0 to s10."""
    if value.dtype == "string":
        numbers = rng.integers(0, 10, shape, endpoint=True)
        return np.char.add("s", numbers.astype(str)).astype(object)
    kind = np.dtype(value.dtype)
    if is_float(kind):
        lower, upper = bounds.get(value.name, (-1, 1))
        return np.asarray(rng.uniform(lower, upper, shape)).astype(kind)
    lower, upper = bounds.get(value.name, (0, 1 if kind == bool else 10))
    return np.asarray(rng.integers(int(lower), int(upper), shape, endpoint=True)).astype(kind)


def drawn(model: dycc.Model, at: Mapping[str, int], seed: int, bounds: Bounds) -> Case:
    """The same for a seed and sizes, whatever else is run. An input with a default has it
    unless there are bounds for it."""
    label = ",".join(f"{name}={at[name]}" for name in sorted(at))
    rng = np.random.default_rng([seed, zlib.crc32(label.encode())])
    feed: dict[str, np.ndarray | None] = {}
    for value in model.inputs:
        if value.has_default and value.name not in bounds:
            continue
        shape = tuple(at.get(d, 1) if isinstance(d, str) else d for d in value.shape)
        feed[value.name] = _elements(rng, value, shape, bounds)
    return Case(label or "the inputs", feed, ["--at", label] if label else [])


def _read(folder: Path, kind: str, names: list[str]) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for number, name in enumerate(names):
        file = folder / f"{kind}_{number}.pb"
        if not file.exists():
            break
        tensor = onnx.TensorProto()
        try:
            tensor.ParseFromString(file.read_bytes())
            found[name] = numpy_helper.to_array(tensor)
        except Exception as error:  # Of protobuf and onnx, of many classes.
            raise ValueError(f"'{file}': expects a tensor: {error}") from error
    return found


def stored(model: dycc.Model, folder: Path) -> Iterator[Case]:
    """The data set in a folder, or those in its folders test_data_set_*."""
    for data in sorted(folder.glob("test_data_set_*")) or [folder]:
        feed = _read(data, "input", [v.name for v in model.inputs])
        missing = [v.name for v in model.inputs if v.name not in feed and not v.has_default]
        if missing:
            raise ValueError(f"'{data}': has no file for input \"{missing[0]}\", expects "
                             f"input_{[v.name for v in model.inputs].index(missing[0])}.pb")
        expected = _read(data, "output", [v.name for v in model.outputs])
        yield Case(str(data), feed, ["--data", str(data)], expected or None)
