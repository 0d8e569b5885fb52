"""Sequences and optionals as lists of arrays and None: the tensors that a run takes for
them, and what it gives. docs/abi.md says how they are packed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from dycc._errors import refuse


class Holder(NamedTuple):
    """An input or output that holds tensors, and the names of those that it is packed in."""
    name: str
    kind: str  # "sequence", "optional" or "optional sequence".
    dtype: str
    shape: tuple[int | str, ...]  # Of each tensor in it.
    parts: tuple[str, ...]

    @property
    def marks(self) -> bool:
        """Whether a part says if there is one."""
        return self.kind == "optional sequence"


def holders(values: Sequence[Any], tensors: Sequence[Any]) -> dict[str, Holder]:
    """Those of `values` that are no tensors, by name; `tensors` are what all are packed
    in, in their order."""
    found, names = {}, iter(v.name for v in tensors)
    for v in values:
        count = {"tensor": 1, "optional sequence": 3}.get(v.kind, 2)
        parts = tuple(next(names) for _ in range(count))
        if v.kind != "tensor":
            found[v.name] = Holder(v.name, v.kind, v.dtype, v.shape, parts)
    return found


def _items(holder: Holder, value: Any) -> list[Any]:
    """The tensors in `value`."""
    if holder.kind == "optional":
        return [] if value is None else [value]
    if value is None and holder.marks:
        return []
    if not isinstance(value, (list, tuple)):
        raise refuse(f"input \"{holder.name}\": is a {type(value).__name__}, expects a list")
    return list(value)


def _checked(holder: Holder, number: int, item: Any, expected: np.dtype | None) -> np.ndarray:
    if hasattr(item, "__dlpack__") and not isinstance(item, np.ndarray):
        item = np.from_dlpack(item)
    array = np.asarray(item, object if holder.dtype == "string" else None)
    what = f"input \"{holder.name}\": tensor {number}"
    if expected is not None and array.dtype != expected:
        raise refuse(f"{what} has elements of type {array.dtype}, expects {expected}")
    if array.ndim != len(holder.shape):
        raise refuse(f"{what} has rank {array.ndim}, expects {len(holder.shape)}")
    for axis, (found, known) in enumerate(zip(array.shape, holder.shape)):
        if isinstance(known, int) and found != known:
            raise refuse(f"{what} has {found} in dim {axis}, expects {known}")
    return array


def pack(holder: Holder, value: Any, expected: np.dtype | None) -> dict[str, np.ndarray]:
    """The tensors that `value` is, by name; its elements are of the type `expected`."""
    items = [_checked(holder, i, item, expected)
             for i, item in enumerate(_items(holder, value))]
    flat = [item.reshape(-1) for item in items] or \
        [np.zeros(0, object if holder.dtype == "string" else expected)]
    extents = np.array([item.shape for item in items], np.int64)
    packed = [np.concatenate(flat), extents.reshape(len(items), len(holder.shape))]
    if holder.marks:
        packed.insert(0, np.array(value is not None))
    return dict(zip(holder.parts, packed))


def unpack(holder: Holder, results: Mapping[str, np.ndarray]) -> Any:
    """The value that the tensors of a run are."""
    *mark, elements, extents = (results[name] for name in holder.parts)
    items, begin = [], 0
    for shape in extents:
        end = begin + int(np.prod(shape))
        items.append(elements[begin:end].reshape(shape))
        begin = end
    if holder.kind == "optional":
        return items[0] if items else None
    return None if mark and not mark[0] else items
