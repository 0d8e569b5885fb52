"""What the tests of the package share. run.py makes the environment and the models
(DYCC_TEST_MODELS)."""

import ctypes
import os
import unittest
from functools import cache
from pathlib import Path

import dycc

MODELS = Path(os.environ["DYCC_TEST_MODELS"])


@cache
def model(name):
    return dycc.compile(MODELS / f"{name}.onnx", threads=1)


class Foreign:
    """A tensor of somebody else: nothing but DLPack."""

    def __init__(self, array, device=(1, 0)):
        self._array, self._device = array, device

    def __dlpack__(self, **options):
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._device


class Nowhere:
    """A float32[2, 3, 4, 5] at a null pointer."""

    class Tensor(ctypes.Structure):
        _fields_ = [("data", ctypes.c_void_p), ("device", ctypes.c_int32 * 2),
                    ("rank", ctypes.c_int32), ("kind", ctypes.c_uint8 * 2),
                    ("lanes", ctypes.c_uint16), ("shape", ctypes.c_void_p),
                    ("strides", ctypes.c_void_p), ("offset", ctypes.c_uint64),
                    ("manager", ctypes.c_void_p * 2)]

    def __init__(self):
        self._shape = (ctypes.c_int64 * 4)(2, 3, 4, 5)
        self._tensor = self.Tensor(None, (1, 0), 4, (2, 32), 1, ctypes.addressof(self._shape))

    def __dlpack__(self, **_):
        make = ctypes.pythonapi.PyCapsule_New
        make.restype = ctypes.py_object
        make.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return make(ctypes.addressof(self._tensor), b"dltensor", None)

    def __dlpack_device__(self):
        return 1, 0


class Test(unittest.TestCase):
    def refuses(self, text, call, status="DYCC_INVALID_ARGUMENT"):
        with self.assertRaises(dycc.Error) as caught:
            call()
        self.assertEqual((str(caught.exception), caught.exception.status), (text, status))

    def compile_refuses(self, text, status, call):
        with self.assertRaises(dycc.CompileError) as caught:
            call()
        self.assertIn(text, str(caught.exception))
        self.assertEqual(caught.exception.status, status)
