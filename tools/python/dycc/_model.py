"""Compiled models: NumPy arrays and DLPack objects in, NumPy arrays out; strings are
arrays of str."""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from dycc import _core
from dycc._arrays import begin, import_array, import_output, own
from dycc._errors import Error, refuse as _refuse
from dycc._facts import Cost, Kernel, Peak, Symbol, Value
from dycc._sequences import holders, pack, unpack
from dycc._strings import array_of, import_strings


class Allocator(Protocol):
    """Where a model's memory is from, weights aside. Called by any thread."""

    def allocate(self, bytes: int, alignment: int) -> int | None:
        """The address of so many bytes; None where there are none."""

    def release(self, address: int, bytes: int, alignment: int) -> None:
        """Takes back what allocate() gave."""


class Profile:
    """Sums over the runs that it was given to, all of one model."""

    def __init__(self) -> None:
        self._core = _core.Profile()

    @property
    def kernels(self) -> list[Kernel]:
        """The slowest first."""
        kernels = [Kernel(*k) for k in self._core.kernels]
        return sorted(kernels, key=lambda k: -k.seconds)

    @property
    def seconds(self) -> float:
        return self._core.seconds

    @property
    def runs(self) -> int:
        return self._core.runs


class Model:
    """A compiled model, ready to run.

    Any number of threads may call it; their runs wait for each other, without the
    interpreter's lock. Raises Error with the texts of the model. close(), or the end
    of a `with` block, frees what it has at once, and any call raises from then on.
    """

    def __init__(self, path: str | os.PathLike, threads: int = 0,
                 machine: str | None = None, allocator: Allocator | None = None,
                 heap_limit: int = 0, plans: int = 0, variant: str | None = None) -> None:
        self._core = _core.Model(os.fspath(path), threads, machine or "", variant or "",
                                 allocator, heap_limit, plans)
        self._describe()

    def _describe(self) -> None:
        """What the model, of a family the selected variant, says of itself."""
        facts = self._core.describe()
        self.name: str = facts["name"]
        self.threads: int = facts["threads"]
        self.weight_bytes: int = facts["weight_bytes"]
        self.metadata: dict[str, Any] = json.loads(facts["metadata"])
        self.inputs = [Value(*v) for v in facts["inputs"]]
        self.outputs = [Value(*v) for v in facts["outputs"]]
        # What is given and returned: lists of arrays in the place of the tensors that
        # they are packed in, which are in `inputs` and `outputs`.
        self.input_values = [Value(*v) for v in facts["input_values"]]
        self.output_values = [Value(*v) for v in facts["output_values"]]
        self._held_inputs = holders(self.input_values, self.inputs)
        self._held_outputs = holders(self.output_values, self.outputs)
        self.symbols = [Symbol(*s) for s in facts["symbols"]]
        # Of a model for several kinds of processor their names, the best first, and
        # the one whose kernels run.
        self.machines: list[str]
        self.machines, chosen = facts["machines"]
        self.machine: str | None = self.machines[chosen] if self.machines else None
        # Of a family the names of its variants, their qualities where it was told, and the
        # one that runs.
        self.variants: list[str] = facts["variants"]
        self.qualities: dict[str, float] = dict(zip(self.variants, facts["qualities"]))
        self.variant: str | None = \
            self.variants[facts["selected"]] if self.variants else None

    def close(self) -> None:
        """Frees the model's memory and threads, behind the calls that are in flight."""
        self._core.close()

    def __enter__(self) -> "Model":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        def text(values):
            return ", ".join(f"{v.name}: {v.dtype}[{', '.join(map(str, v.shape))}]"
                             for v in values)
        return f"<dycc.Model {self.name}: ({text(self.inputs)}) -> ({text(self.outputs)})>"

    def __call__(self, *args: Any, **feed: Any) -> Any:
        """Runs once: inputs in their order, by name or both. Returns the output, or of
        several a tuple in the model's order."""
        given = self._named(args)
        if twice := given.keys() & feed.keys():
            raise _refuse(f"input \"{min(twice)}\" is given twice")
        results = tuple(self.run(given | feed).values())
        return results[0] if len(results) == 1 else results

    def run(self, feed: Mapping[str, Any] | Sequence[Any],
            out: Mapping[str, Any] | None = None,
            profile: Profile | None = None,
            donate: Collection[str] = (), seed: int = 0) -> dict[str, np.ndarray]:
        """Runs once and returns the outputs by name, in the model's order.

        feed: NumPy arrays, or what has __dlpack__, by name or in the model's order; they
            are not copied where they are in row-major order. An input with a default may
            be left out, or None. Strings are arrays of str or bytes, of NumPy's types for
            them or objects, and come back as objects. A sequence is a list of arrays, an
            optional None or what it holds; they come back as such.
        out: memory for outputs, at least as large as infer_shapes() says. It is written,
            and of it the part with the result is returned.
        profile: adds up what each kernel takes
        donate: names of inputs whose memory the run may overwrite. Such an array may be in
            `out` too: that is how a state is updated in place. Of a cache that grows by
            concatenation both may be parts of a larger array, cache[:, :, :n].
        seed: of random numbers that the model draws, below 2**64: runs with equal seeds draw
            equal numbers. 0: they go on from those of the run before.
        """
        inputs, memory, donated, grown = self._arguments(feed, out or {}, donate)
        new, shapes = self._core.run(inputs, memory, donated, profile._core if profile else None,
                                     seed)
        return self._results(out or {}, new, shapes, grown)

    def prepare(self, feed: Mapping[str, Any] | Sequence[Any],
                out: Mapping[str, Any] | None = None,
                donate: Collection[str] = ()) -> "Call":
        """A call that runs with these arrays each time, whatever is in them then; see
        run(). Nothing is looked at or allocated again, so that it costs less than run().
        A copy is taken where run() takes one, and of strings: write into arrays in
        row-major order."""
        return Call(self, feed, out, donate)

    def _arguments(self, feed: Mapping[str, Any] | Sequence[Any], out: Mapping[str, Any],
                   donate: Collection[str]
                   ) -> tuple[list[Any], list[Any], list[bool], Collection[str]]:
        """Inputs, memory for outputs, which inputs are donated (none: no flags), and the
        outputs that grow in the memory of one."""
        values = self._ordered(self._packed(self._named(feed)))
        self._check_known(donate)
        for v, value in zip(self.inputs, values):
            if v.name in donate and isinstance(value, np.ndarray) and not value.flags.writeable:
                raise _refuse(f"input \"{v.name}\": is read-only, and donated")
        shared = ({begin(value) for v, value in zip(self.inputs, values) if v.name in donate}
                  & {begin(memory) for memory in out.values()}) - {None}
        inputs = [None if value is None
                  else import_strings(v.name, value) if v.dtype == "string"
                  else import_array(v.name, value, v.name in donate and begin(value) in shared)
                  for v, value in zip(self.inputs, values)]
        donated = [v.name in donate for v in self.inputs] if donate else []
        grown = {begin(value) for value in values if begin(value) in shared
                 and not value.flags.c_contiguous}
        return (inputs, self._outputs(out, shared), donated,
                {name for name, memory in out.items() if begin(memory) in grown})

    def _check_known(self, names: Collection[str]) -> None:
        known = [v.name for v in self.inputs]
        for name in names:
            if name not in known:
                raise _refuse(f"the model has no input \"{name}\", expected one of {known}")

    def _results(self, out: Mapping[str, Any], new: list[np.ndarray],
                 shapes: Sequence[Sequence[int]],
                 grown: Collection[str]) -> dict[str, np.ndarray]:
        results, made = {}, iter(new)
        for v, shape in zip(self.outputs, shapes):
            if out.get(v.name) is not None:
                results[v.name] = self._part(out[v.name], shape, v.name in grown)
                continue
            array = next(made)
            results[v.name] = (array_of(*array) if v.dtype == "string"
                               else array.view(own(v.dtype) or array.dtype))
        if not self._held_outputs:
            return results
        return {v.name: unpack(self._held_outputs[v.name], results)
                if v.name in self._held_outputs else results[v.name]
                for v in self.output_values}

    @staticmethod
    def _part(memory: Any, shape: Sequence[int], is_grown: bool) -> np.ndarray:
        """The result in memory that may be larger: it lies at its beginning, or along each
        axis at that of the memory."""
        array = memory if isinstance(memory, np.ndarray) else np.from_dlpack(memory)
        if is_grown or not array.flags.c_contiguous:
            return array[tuple(slice(extent) for extent in shape)]
        count = int(np.prod(shape, dtype=np.int64))
        return array.reshape(-1)[:count].reshape(shape)

    def _named(self, feed: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
        if isinstance(feed, Mapping):
            return dict(feed)
        if len(feed) > len(self.input_values):
            raise _refuse(f"got {len(feed)} inputs, the model has {len(self.input_values)}")
        return dict(zip((v.name for v in self.input_values), feed))

    def _packed(self, feed: dict[str, Any]) -> dict[str, Any]:
        """`feed` with tensors in the place of lists."""
        for holder in self._held_inputs.values():
            if holder.name in feed:
                expected = None if holder.dtype == "string" else own(holder.dtype)
                feed |= pack(holder, feed.pop(holder.name), expected)
            elif holder.parts[0] not in feed:
                raise _refuse(f"no value for input \"{holder.name}\"")
        return feed

    def _ordered(self, feed: Mapping[str, Any]) -> list[Any]:
        self._check_known(feed)
        for v in self.inputs:
            if feed.get(v.name) is None and not v.has_default:
                raise _refuse(f"no value for input \"{v.name}\"")
        return [feed.get(v.name) for v in self.inputs]

    def _outputs(self, out: Mapping[str, Any], shared: Collection[int]) -> list[Any]:
        names = [v.name for v in self.outputs]
        for name in out:
            if name not in names:
                raise _refuse(f"the model has no output \"{name}\", expected one of {names}")
        return [None if out.get(v.name) is None
                else import_output(v, out[v.name], begin(out[v.name]) in shared)
                for v in self.outputs]

    def _values(self, given: Mapping[str, int] | None, extents: Mapping[str, int]) -> list[int]:
        values = {**(given or {}), **extents}
        names = [s.name for s in self.symbols]
        for name in values:
            if name not in names:
                raise _refuse(f"the model has no symbol \"{name}\", expected one of {names}")
        for name in names:
            if name not in values:
                raise _refuse(f"no value for symbol \"{name}\"")
        return [int(values[name]) for name in names]

    def bind(self, feed: Mapping[str, Any] | Sequence[Any] = (), /,
             **inputs: Any) -> dict[str, int]:
        """The symbols at these inputs: arrays or shapes, by name or in order."""
        values = self._core.bind(self._shapes(feed, inputs))
        return {s.name: value for s, value in zip(self.symbols, values)}

    def _shapes(self, feed: Mapping[str, Any] | Sequence[Any],
                inputs: Mapping[str, Any]) -> list[tuple[int, ...] | None]:
        shapes = []
        for v, value in zip(self.inputs, self._ordered(self._named(feed) | inputs)):
            shape = value if value is None else tuple(getattr(value, "shape", value))
            if shape is not None and len(shape) != len(v.shape):
                raise _refuse(f"input \"{v.name}\": has rank {len(shape)}, expects "
                              f"{len(v.shape)}")
            shapes.append(shape)
        return shapes

    def infer_shapes(self, feed: Mapping[str, Any] | Sequence[Any] = (), /,
                     **inputs: Any) -> dict[str, tuple[int | None, ...]]:
        """The extents of the outputs for inputs (arrays or shapes, by name or in order),
        without a run: where execution decides upper bounds, None where nothing bounds
        one."""
        shapes = self._core.infer_shapes(self._shapes(feed, inputs))
        return {v.name: tuple(None if e < 0 else e for e in shape)
                for v, shape in zip(self.outputs, shapes)}

    def peak(self, symbols: Mapping[str, int] | None = None, /, **extents: int) -> Peak:
        """Memory of a run at these symbols, given by name, with this model's threads."""
        return Peak(*self._core.peak(self._values(symbols, extents)))

    def peak_bytes(self, symbols: Mapping[str, int] | None = None, /, **extents: int) -> int:
        """The bytes of peak()."""
        return self.peak(symbols, **extents).bytes

    def estimate(self, symbols: Mapping[str, int] | None = None, /, **extents: int) -> float:
        """Seconds that a run is thought to take on one thread: ranks shapes and models,
        and predicts no clock."""
        return self._core.estimate(self._values(symbols, extents))

    def select(self, variant: str) -> None:
        """Of a family: runs this variant from now on, behind the calls that are in flight.
        All that the model says of itself is of it then. Takes no memory."""
        self._core.select(variant)
        self._describe()

    def query(self, symbols: Mapping[str, int] | None = None, /,
              **extents: int) -> dict[str, Cost]:
        """Of a family: what a run at these symbols takes, of each variant."""
        costs = self._core.query(self._values(symbols, extents))
        return {name: Cost(seconds, Peak(*peak))
                for name, (seconds, peak) in zip(self.variants, costs)}

    def reserve(self, symbols: Mapping[str, Any] | None = None, /, **extents: Any) -> None:
        """Takes the memory that runs need, so that none allocates afterwards: of each
        symbol a number or (lower, upper); those left out have the model's bounds."""
        given = {**(symbols or {}), **extents}
        lower, upper = {}, {}
        for s in self.symbols:
            bounds = given.pop(s.name, (s.lower, s.upper))
            lower[s.name], upper[s.name] = \
                (bounds, bounds) if isinstance(bounds, int) else bounds
        self._core.reserve(self._values({**given, **lower}, {}), self._values(upper, {}))


class Call:
    """What Model.prepare() gives. Results for which it was given no memory stay with the
    model until that runs anything else."""

    def __init__(self, model: Model, feed: Mapping[str, Any] | Sequence[Any],
                 out: Mapping[str, Any] | None = None, donate: Collection[str] = ()) -> None:
        inputs, memory, donated, self._grown = model._arguments(feed, out or {}, donate)
        self._model, self._out = model, dict(out or {})
        self._core = _core.Call(model._core, inputs, memory, donated)
        self._run = self._core.run

    def __call__(self) -> None:
        """Runs once."""
        self._run()

    def results(self) -> dict[str, np.ndarray]:
        """The outputs of the last call by name: of the caller's memory the parts that were
        written, copies of the others."""
        return self._model._results(self._out, *self._core.results(), self._grown)


def load(path: str | os.PathLike, *, threads: int = 0, machine: str | None = None,
         allocator: Allocator | None = None, heap_limit: int = 0,
         plans: int = 0, variant: str | None = None) -> Model:
    """Loads a library that dycc has made.

    threads: 0 is all processors
    machine: whose kernels run, of a model for several; without it the best that this is
    allocator: where the memory of runs is from; without it the C library
    heap_limit: most bytes for results that nothing bounds; 0 is no limit
    plans: how many sizes of the inputs are remembered with their plans; 0 is usually 8
    variant: which one runs first, of a family; without it the first
    """
    return Model(path, threads, machine, allocator, heap_limit, plans, variant)
