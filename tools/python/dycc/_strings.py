"""Strings between NumPy and the extension."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dycc._errors import refuse


def _bytes_of(name: str, text: Any) -> bytes:
    """The bytes of an element of an input."""
    if isinstance(text, str):
        return text.encode("utf-8", "surrogateescape")
    if isinstance(text, bytes):
        return text
    raise refuse(f"input \"{name}\": has an element of type {type(text).__name__}, expects "
                 "strings")


def array_of(texts: list[str], shape: Sequence[int]) -> np.ndarray:
    """Strings of a result as an array."""
    array = np.empty(len(texts), object)
    array[:] = texts
    return array.reshape(shape)


def import_strings(name: str, value: Any) -> np.ndarray:
    """Strings as the extension takes them: address and size of each in uint64, before
    all bytes in one block of memory."""
    array = np.asarray(value)
    if array.dtype.kind not in "OSTU":
        raise refuse(f"input \"{name}\": has elements of type {array.dtype}, expects strings")
    texts = [_bytes_of(name, text) for text in array.reshape(-1).tolist()]
    sizes = np.fromiter(map(len, texts), np.uint64, len(texts))
    head = 16 * len(texts)
    memory = np.empty(head + int(sizes.sum()), np.uint8)
    memory[head:] = np.frombuffer(b"".join(texts), np.uint8)
    strings = memory[:head].view(np.uint64).reshape(-1, 2)
    strings[:, 0] = memory.ctypes.data + head + np.cumsum(sizes) - sizes
    strings[:, 1] = sizes
    return strings.reshape(*array.shape, 2)
