"""A compiled model in Python: NumPy arrays in and out, over the C ABI of
runtime/include/dycc/runtime.h, by ctypes and DLPack tensors.

    with Model("model.so") as model:
        outputs = model.run({"frame": frame, "idx_c": a, "idx_f": b})
"""

import ctypes as c

import numpy as np

ABI_VERSION = 1
CPU = 1  # kDLCPU
BFLOAT_CODE, BOOL_CODE = 4, 6
CODES = {0: "i", 1: "u", 2: "f", BOOL_CODE: "b"}
OK = 0


class DLTensor(c.Structure):
    _fields_ = [("data", c.c_void_p), ("device_type", c.c_int32),
                ("device_id", c.c_int32), ("ndim", c.c_int32),
                ("code", c.c_uint8), ("bits", c.c_uint8), ("lanes", c.c_uint16),
                ("shape", c.POINTER(c.c_int64)), ("strides", c.POINTER(c.c_int64)),
                ("byte_offset", c.c_uint64)]


class Message(c.Structure):
    _fields_ = [("text", c.c_char * 1024)]


class DimInfo(c.Structure):
    _fields_ = [("text", c.c_char_p), ("value", c.c_int64),
                ("symbol", c.c_int32), ("reserved", c.c_uint32)]


class ValueInfo(c.Structure):
    _fields_ = [("name", c.c_char_p), ("dims", c.POINTER(DimInfo)),
                ("kind", c.c_uint32), ("rank", c.c_int32), ("code", c.c_uint8),
                ("bits", c.c_uint8), ("lanes", c.c_uint16), ("has_default", c.c_uint32)]

    @property
    def dtype(self):
        if self.code == BFLOAT_CODE:
            return np.dtype("bfloat16")  # Known once ml_dtypes is imported.
        return np.dtype(f"{CODES[self.code]}{max(self.bits // 8, 1)}")

    def text(self):
        dims = ", ".join(self.dims[i].text.decode() for i in range(self.rank))
        return f"{self.name.decode()}: {self.dtype}[{dims}]"


class SymbolInfo(c.Structure):
    _fields_ = [("name", c.c_char_p), ("lower", c.c_int64), ("upper", c.c_int64),
                ("multiple", c.c_int64)]


class MachineInfo(c.Structure):
    _fields_ = [("name", c.c_char_p), ("cpu_features", c.c_char_p)]


class ModelInfo(c.Structure):
    _fields_ = [("size", c.c_uint32), ("num_inputs", c.c_uint32),
                ("num_outputs", c.c_uint32), ("num_symbols", c.c_uint32),
                ("num_kernels", c.c_uint32), ("exact", c.c_uint32),
                ("name", c.c_char_p), ("metadata", c.c_char_p),
                ("cpu_features", c.c_char_p), ("inputs", c.POINTER(ValueInfo)),
                ("outputs", c.POINTER(ValueInfo)), ("symbols", c.POINTER(SymbolInfo)),
                ("kernels", c.c_void_p), ("weight_bytes", c.c_uint64),
                ("num_machines", c.c_uint32), ("machine", c.c_uint32),
                ("machines", c.POINTER(MachineInfo)),
                ("kernel_machines", c.POINTER(c.c_uint32))]


class Peak(c.Structure):
    _fields_ = [("bytes", c.c_uint64), ("arena_bytes", c.c_uint64),
                ("exact", c.c_uint32), ("unbounded", c.c_uint32)]


class ModelOptions(c.Structure):
    _fields_ = [("size", c.c_uint32), ("max_threads", c.c_uint32),
                ("machine", c.c_char_p)]


class ContextOptions(c.Structure):
    _fields_ = [("size", c.c_uint32), ("threads", c.c_uint32),
                ("executor", c.c_void_p), ("allocator", c.c_void_p),
                ("arena", c.c_void_p), ("arena_bytes", c.c_uint64),
                ("heap_limit", c.c_uint64)]


I64P = c.POINTER(c.c_int64)
P, PP, MSG = c.c_void_p, c.POINTER(c.c_void_p), c.POINTER(Message)
TENSORS = c.POINTER(c.POINTER(DLTensor))


class Api(c.Structure):
    _fields_ = [
        ("version", c.c_uint32), ("size", c.c_uint32),
        ("status_name", c.CFUNCTYPE(c.c_char_p, c.c_int)),
        ("model_create", c.CFUNCTYPE(c.c_int, c.POINTER(ModelOptions), PP, MSG)),
        ("model_destroy", c.CFUNCTYPE(c.c_int, P)),
        ("model_describe", c.CFUNCTYPE(c.POINTER(ModelInfo), P)),
        ("bind_symbols", c.CFUNCTYPE(c.c_int, P, c.POINTER(I64P), I64P, MSG)),
        ("infer_shapes", c.CFUNCTYPE(c.c_int, P, c.POINTER(I64P), c.POINTER(I64P),
                                     c.POINTER(c.POINTER(c.c_uint8)), MSG)),
        ("peak_bytes", c.CFUNCTYPE(c.c_int, P, I64P, c.c_uint32, c.POINTER(Peak), MSG)),
        ("peak_bytes_in", c.CFUNCTYPE(c.c_int, P, I64P, I64P, c.c_uint32,
                                      c.POINTER(Peak), MSG)),
        ("context_create", c.CFUNCTYPE(c.c_int, P, c.POINTER(ContextOptions), PP, MSG)),
        ("context_destroy", c.CFUNCTYPE(None, P)),
        ("reserve", c.CFUNCTYPE(c.c_int, P, I64P, I64P)),
        ("run", c.CFUNCTYPE(c.c_int, P, TENSORS, TENSORS, P)),
        ("run_values", c.CFUNCTYPE(c.c_int, P, P, P, P)),
        ("context_error", c.CFUNCTYPE(c.c_char_p, P)),
        ("estimate", c.CFUNCTYPE(c.c_int, P, I64P, c.POINTER(c.c_double), MSG)),
    ]


class DyccError(Exception):
    """A status other than DYCC_OK, by its name, and the text."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status, self.text = status, text


def longs(values):
    return (c.c_int64 * max(len(values), 1))(*values)


def tensor_of(array, keep):
    """A DLTensor over a compact array; `keep` collects what it points to."""
    kinds = {"i": 0, "u": 1, "f": 2, "b": BOOL_CODE}
    code = BFLOAT_CODE if array.dtype.name == "bfloat16" else kinds[array.dtype.kind]
    shape = longs(array.shape)
    keep += [array, shape]
    return DLTensor(array.ctypes.data, CPU, 0, array.ndim, code,
                    array.dtype.itemsize * 8, 1, shape, None, 0)


def pointers(tensors):
    """None is a null pointer: the model's own default."""
    null = c.POINTER(DLTensor)()
    return (c.POINTER(DLTensor) * max(len(tensors), 1))(
        *(null if t is None else c.pointer(t) for t in tensors))


class Model:
    """One loaded model with one context. Not for use by two threads at once.
    `allocator` is the address of a dycc_allocator; `machine` the name of the one
    whose kernels run, of a model for several (None: the best)."""

    def __init__(self, path, threads=0, allocator=None, heap_limit=0, machine=None):
        self.api, self.model, self.context = None, P(), P()
        query = c.CDLL(str(path)).dycc_model_query
        query.restype, query.argtypes = c.POINTER(Api), [c.c_uint32]
        table = query(ABI_VERSION)
        if not table:
            raise DyccError("DYCC_UNSUPPORTED", f"{path} has no ABI {ABI_VERSION}")
        self.api = table.contents
        message = Message()
        options = ModelOptions(c.sizeof(ModelOptions), threads,
                               machine.encode() if machine else None)
        self._check(self.api.model_create(options, c.byref(self.model), message), message)
        options = ContextOptions(c.sizeof(ContextOptions), threads, None, allocator, None,
                                 0, heap_limit)
        self._check(self.api.context_create(self.model, options,
                                            c.byref(self.context), message), message)
        self.info = self.api.model_describe(self.model).contents
        self.inputs = [self.info.inputs[i] for i in range(self.info.num_inputs)]
        self.outputs = [self.info.outputs[i] for i in range(self.info.num_outputs)]
        self.symbols = [self.info.symbols[i] for i in range(self.info.num_symbols)]
        # A library of an earlier dycc says less.
        machines = self.info.num_machines if self.info.size >= c.sizeof(ModelInfo) else 0
        self.machines = [self.info.machines[i].name.decode() for i in range(machines)]

    def _check(self, status, message=None):
        if status != OK:
            text = message.text if message else self.api.context_error(self.context)
            raise DyccError(self.api.status_name(status).decode(), text.decode())

    def close(self):
        if self.api and self.context:
            self.api.context_destroy(self.context)
        if self.api and self.model:
            self.api.model_destroy(self.model)
        self.context, self.model = P(), P()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def input_names(self):
        return [i.name.decode() for i in self.inputs]

    @property
    def output_names(self):
        return [o.name.decode() for o in self.outputs]

    def _arrays(self, feed):
        """The inputs in the model's order, compact; a type is never changed,
        so that the model gets to refuse a wrong one. None is a default."""
        if isinstance(feed, dict):
            feed = [feed.get(i.name.decode()) if i.has_default else
                    feed[i.name.decode()] for i in self.inputs]
        feed = [*feed, *[None] * (len(self.inputs) - len(feed))]
        # ascontiguousarray makes a scalar 1-D.
        arrays = (a if a is None else np.asarray(a) for a in feed)
        return [a if a is None or a.flags.c_contiguous else a.copy() for a in arrays]

    def prepare(self, feed, outputs=None):
        """The arguments of run() for repeated, timed calls of `call`. With
        `outputs` (arrays) the results are written there, else they are lent."""
        keep = []
        ins = [a if a is None else tensor_of(a, keep) for a in self._arrays(feed)]
        outs = []
        for i, info in enumerate(self.outputs):
            if outputs is not None:
                outs.append(tensor_of(outputs[i], keep))
            else:
                shape = longs([0] * info.rank)
                keep.append(shape)
                outs.append(DLTensor(None, CPU, 0, info.rank, info.code, info.bits,
                                     info.lanes, shape, None, 0))
        lent = outs if outputs is None else ()
        return pointers(ins), pointers(outs), lent, (keep, ins, outs)

    def call(self, prepared):
        """Only the run; results stay where they are."""
        ins, outs, lent = prepared[:3]
        for tensor in lent:  # What the last run lent is not the caller's.
            tensor.data = None
        self._check(self.api.run(self.context, ins, outs, None))

    def run(self, feed, outputs=None):
        """Outputs in the model's order, copied out of the context."""
        prepared = self.prepare(feed, outputs)
        self.call(prepared)
        if outputs is not None:
            return outputs
        return [self._copy(t, i) for t, i in zip(prepared[2], self.outputs)]

    @staticmethod
    def _copy(tensor, info):
        shape = [tensor.shape[i] for i in range(tensor.ndim)]
        result = np.empty(shape, info.dtype)
        if result.size:
            c.memmove(result.ctypes.data, tensor.data + tensor.byte_offset, result.nbytes)
        return result

    def _dims(self, shapes):
        rows = [longs(s) for s in shapes]
        return (I64P * max(len(rows), 1))(*(c.cast(r, I64P) for r in rows)), rows

    def infer_shapes(self, shapes):
        """Output extents for input extents, in order, without running."""
        dims, _keep = self._dims(shapes)
        out, rows = self._dims([[0] * o.rank for o in self.outputs])
        message = Message()
        self._check(self.api.infer_shapes(self.model, dims, out, None, message), message)
        return [tuple(row[:o.rank]) for row, o in zip(rows, self.outputs)]

    def bind(self, shapes):
        """Symbol values, in the order of `symbols`."""
        dims, _keep = self._dims(shapes)
        values, message = longs([0] * len(self.symbols)), Message()
        self._check(self.api.bind_symbols(self.model, dims, values, message), message)
        return list(values[:len(self.symbols)])

    def peak_bytes(self, symbols, threads=1):
        peak, message = Peak(), Message()
        self._check(self.api.peak_bytes(self.model, longs(symbols), threads,
                                        c.byref(peak), message), message)
        return peak

    def reserve(self, lower=None, upper=None):
        self._check(self.api.reserve(self.context, lower and longs(lower),
                                     upper and longs(upper)))
