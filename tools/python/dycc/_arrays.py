"""Arrays as the extension takes them, without a copy where that is possible."""

from typing import Any

import numpy as np

from dycc._errors import refuse as _refuse
from dycc._facts import Value


def own(name: str) -> np.dtype | None:
    """The type of that name: of those that NumPy lacks (bfloat16, float8_e5m2, int4),
    once ml_dtypes is imported."""
    try:
        return np.dtype(name)
    except TypeError:
        return None


def is_foreign(kind: np.dtype) -> bool:
    """Whether ml_dtypes has it and NumPy has not."""
    return kind.type.__module__ == "ml_dtypes"


def carrier(kind: np.dtype) -> np.dtype:
    """The type in which NumPy and DLPack have the elements of such a type: the bits of
    floats, integers of few bits as they are extended to a byte."""
    sign = "" if kind.name.startswith("int") else "u"
    return np.dtype(f"{sign}int{8 * kind.itemsize}")


def has_room(value: np.ndarray) -> bool:
    """Whether the elements lie in row-major order in memory that has more places along
    one of the axes in the middle."""
    stride, rooms = value.itemsize, 0
    for axis in reversed(range(value.ndim)):
        if value.shape[axis] != 1 and value.strides[axis] != stride:
            rooms += 1
            stride = value.strides[axis]
        stride *= value.shape[axis]
    return rooms == 1


def begin(value: Any) -> int | None:
    """The address of an array."""
    return value.__array_interface__["data"][0] if isinstance(value, np.ndarray) else None


def import_array(name: str, value: Any, in_place: bool = False) -> Any:
    """What the extension takes without a copy: an array in row-major order, with room
    where it grows in place, or a foreign tensor as it is. A type is never changed: the
    model refuses a wrong one."""
    if not hasattr(value, "__dlpack__"):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray):
        kind, device = value.__dlpack_device__()
        if int(kind) != 1:
            raise _refuse(f"input \"{name}\": lies on device {int(kind)}:{device}, expects the CPU")
        return value
    if value.dtype.kind not in "biuf" and not is_foreign(value.dtype):
        raise _refuse(f"input \"{name}\": has elements of type {value.dtype}, expects numbers")
    if not value.dtype.isnative:
        value = value.astype(value.dtype.newbyteorder("="))
    if not value.flags.c_contiguous and not (in_place and has_room(value)):
        value = value.copy(order="C")
    return value.view(carrier(value.dtype)) if is_foreign(value.dtype) else value


def import_output(output: Value, value: Any, in_place: bool) -> Any:
    """Memory for an output, which is written there itself."""
    name = output.name
    if output.dtype == "string":
        raise _refuse(f"output \"{name}\": is strings, which take no memory of the caller")
    if isinstance(value, np.ndarray):
        if not value.flags.writeable:
            raise _refuse(f"output \"{name}\": is read-only, expects memory to write")
        is_ordered = value.flags.c_contiguous or (in_place and has_room(value))
        if not is_ordered or not value.dtype.isnative:
            raise _refuse(f"output \"{name}\": expects an array in row-major order and this "
                          "machine's byte order")
    elif not hasattr(value, "__dlpack__"):
        raise _refuse(f"output \"{name}\": is a {type(value).__name__}, expects an array")
    return import_array(name, value, in_place)
