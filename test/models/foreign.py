"""Tensors of another library, as DLPack has them: any address, extents, strides and
device, sensible or not. NumPy has none of these, so they are made by hand."""

import ctypes

import numpy as np

CPU = 1
CODES = {"i": 0, "u": 1, "f": 2, "b": 6}
# Code and bits of what NumPy has no kind of.
OTHERS = {"bfloat16": (4, 16), "float8_e4m3fn": (10, 8), "float8_e4m3fnuz": (11, 8),
          "float8_e5m2": (12, 8), "float8_e5m2fnuz": (13, 8), "float8_e8m0fnu": (14, 8),
          "float6_e2m3fn": (15, 6), "float6_e3m2fn": (16, 6), "float4_e2m1fn": (17, 4),
          "int4": (0, 4), "uint4": (1, 4), "int2": (0, 2), "uint2": (1, 2)}


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


def type_of(kind):
    """DLPack's type code and bits of a NumPy type."""
    return OTHERS.get(kind.name) or (CODES[kind.kind], kind.itemsize * 8)


class Tensor:
    """A tensor at `address`, or at none. Who makes it keeps the memory."""

    def __init__(self, shape, kind, address, strides=None, device=CPU, lanes=1):
        kind = np.dtype(kind)
        self._device = device
        self._extents, self._steps = numbers(shape), strides and numbers(strides)
        self._managed = Managed(DLTensor(
            address, (device, 0), len(shape), *type_of(kind), lanes, self._extents,
            self._steps, 0))

    def __dlpack__(self, **_):
        return capsule(self._managed)

    def __dlpack_device__(self):
        return self._device, 0
