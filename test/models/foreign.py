"""Tensors of another library, as DLPack has them: any address, extents, strides and
device, sensible or not. NumPy has none of these, so they are made by hand."""

import ctypes

import numpy as np

CPU = 1
CODES = {"i": 0, "u": 1, "f": 2, "b": 6}
BFLOAT = 4


class DLTensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device", ctypes.c_int32 * 2),
                ("ndim", ctypes.c_int32), ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8),
                ("lanes", ctypes.c_uint16), ("shape", ctypes.POINTER(ctypes.c_int64)),
                ("strides", ctypes.POINTER(ctypes.c_int64)), ("byte_offset", ctypes.c_uint64)]


class Managed(ctypes.Structure):
    _fields_ = [("tensor", DLTensor), ("context", ctypes.c_void_p),
                ("deleter", ctypes.c_void_p)]


def capsule(managed):
    make = ctypes.pythonapi.PyCapsule_New
    make.restype = ctypes.py_object
    make.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return make(ctypes.addressof(managed), b"dltensor", None)


def numbers(values):
    return (ctypes.c_int64 * max(len(values), 1))(*values)


def code_of(kind):
    """DLPack's type code of a NumPy type."""
    return BFLOAT if kind.name == "bfloat16" else CODES[kind.kind]


class Tensor:
    """A tensor at `address`, or at none. Who makes it keeps the memory."""

    def __init__(self, shape, kind, address, strides=None, device=CPU, lanes=1):
        kind = np.dtype(kind)
        self._device = device
        self._extents, self._steps = numbers(shape), strides and numbers(strides)
        self._managed = Managed(DLTensor(
            address, (device, 0), len(shape), code_of(kind), kind.itemsize * 8, lanes,
            self._extents, self._steps, 0))

    def __dlpack__(self, **_):
        return capsule(self._managed)

    def __dlpack_device__(self):
        return self._device, 0
