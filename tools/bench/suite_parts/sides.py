"""The engines, one class each, with one interface. Used inside the worker of the
engine alone, and so that each has what it would have in a program of its own.

    file = Side.prepare(model, folder)   what the engine loads; may be the model
    side = Side(file, threads)
    side.set(feed)                       inputs of the calls that follow
    side.call()                          a run; results stay with the engine
    side.outputs()                       copies of the last results
    side.settle()                        results have these extents from now on
"""

import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "test" / "models"))

import paths  # noqa: E402, F401  (puts dycc on the path)


class Side:
    """What is common. `packages` are what an installation of it takes, `imports` what
    is there before a model is loaded."""

    packages = imports = ()

    @staticmethod
    def prepare(model, folder):
        """The file to load; none is made where the engine reads ONNX itself."""
        return model

    def peak_bytes(self):
        """What the engine says that a run takes; None where it says nothing."""

    def settle(self):
        """Gives results memory that stays, where an engine has a way to."""


class Dycc(Side):
    """A library that dycc made."""

    imports = ("dycc",)

    def __init__(self, file, threads):
        import dycc

        self.model = dycc.load(file, threads=threads)

    def set(self, feed):
        self.feed, self.call = feed, self.model.prepare(feed)

    def outputs(self):
        return list(self.call.results().values())

    def peak_bytes(self):
        return self.model.peak_bytes(self.model.bind(self.feed))

    def settle(self):
        self.call = self.model.prepare(self.feed, self.call.results())


class OnnxRuntime(Side):
    """ONNX Runtime with all its optimizations and the pool that users get."""

    packages = imports = ("onnxruntime",)

    def __init__(self, file, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(str(file), options,
                                                    ["CPUExecutionProvider"])
        self.names = [out.name for out in self.session.get_outputs()]
        self.binding = self.session.io_binding()

    def set(self, feed):
        self.feed = feed
        for name, value in feed.items():
            self.binding.bind_cpu_input(name, value)
        for name in self.names:
            self.binding.bind_output(name)

    def call(self):
        self.session.run_with_iobinding(self.binding)

    def outputs(self):
        return self.binding.copy_outputs_to_cpu()

    def settle(self):
        import onnxruntime

        self.held = [onnxruntime.OrtValue.ortvalue_from_numpy(v) for v in self.outputs()]
        for name, value in zip(self.names, self.held):
            self.binding.bind_ortvalue_output(name, value)


class OpenVino(Side):
    """OpenVINO in f32, one stream, for latency."""

    packages = imports = ("openvino",)
    hint = "f32"

    def __init__(self, file, threads):
        import openvino

        self.tensor = openvino.Tensor
        model = openvino.Core().compile_model(str(file), "CPU", {
            "INFERENCE_PRECISION_HINT": self.hint, "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": threads})
        self.names = {name: port for port in model.inputs for name in port.get_names()}
        self.count, self.request = len(model.outputs), model.create_infer_request()

    def set(self, feed):
        self.feed = feed  # Whose memory it reads.
        for name, value in feed.items():
            if name in self.names:  # It drops inputs that decide nothing.
                # No address of its own for a tensor without elements.
                shared = value.size > 0 and value.ndim > 0
                self.request.set_tensor(self.names[name],
                                        self.tensor(value, shared_memory=shared))

    def call(self):
        self.request.infer(share_outputs=True)

    def outputs(self):
        return [np.array(self.request.get_output_tensor(i).data)
                for i in range(self.count)]


class OpenVinoBf16(OpenVino):
    """OpenVINO where it may compute in bf16."""

    hint = "bf16"


class OpenVinoF16(OpenVino):
    """OpenVINO where it may compute in f16."""

    hint = "f16"


def ends_of(model):
    """Names of a model's inputs, and {name: type} of its outputs."""
    import onnx

    graph = onnx.load(model, load_external_data=False).graph
    weights = {t.name for t in graph.initializer}
    kinds = {o.name: onnx.helper.tensor_dtype_to_np_dtype(o.type.tensor_type.elem_type).name
             for o in graph.output}
    return [i.name for i in graph.input if i.name not in weights], kinds


class Mnn(Side):
    """MNN's Module API on its own form of the model; weights are not rearranged when
    they are loaded, since extents are not known then."""

    packages = imports = ("MNN",)

    @staticmethod
    def prepare(model, folder):
        # Not MNN.tools, which installs a package and reports over the network.
        import _tools

        file = Path(folder) / f"{Path(model).stem}.mnn"
        _tools.mnnconvert(["mnnconvert", "-f", "ONNX", "--modelFile", str(model),
                           "--MNNModel", str(file), "--bizCode", "suite"])
        if not file.exists():
            raise RuntimeError("the converter made no model")
        file.with_suffix(".json").write_text(json.dumps(ends_of(model)))
        return str(file)

    def __init__(self, file, threads):
        import MNN

        self.mnn = MNN
        self.names, outputs = json.loads(Path(file).with_suffix(".json").read_text())
        self.kinds = [np.dtype(kind) for kind in outputs.values()]
        self.manager = MNN.nn.create_runtime_manager(({
            "backend": "CPU", "numThread": threads, "precision": "normal",
            "memory": "normal", "power": "normal"},))
        self.module = MNN.nn.load_module_from_file(
            str(file), self.names, list(outputs), runtime_manager=self.manager,
            shape_mutable=True, rearrange=False)

    def set(self, feed):
        self.inputs = [self.value(np.asarray(feed[name])) for name in self.names]

    def value(self, array):
        """MNN counts in 32 bits."""
        expr = self.mnn.expr
        kind = {"f": expr.float, "u": expr.uint8, "b": expr.int}.get(array.dtype.kind,
                                                                    expr.int)
        if array.dtype.kind in "ib":
            array = array.astype(np.int32)
        return expr.const(array, list(array.shape), expr.NCHW, kind)

    def call(self):
        self.results = self.module.onForward(self.inputs)

    def outputs(self):
        found = []
        for value, kind in zip(self.results, self.kinds):
            if value.data_format == self.mnn.expr.NC4HW4:
                value = self.mnn.expr.convert(value, self.mnn.expr.NCHW)
            found.append(np.array(value.read()).astype(kind, copy=False))
        return found


SIDES = {"dycc": Dycc, "ONNX Runtime": OnnxRuntime, "OpenVINO": OpenVino, "MNN": Mnn}
# In 16 bits, beside which no other engine has anything.
NARROW = {"dycc bf16": Dycc, "dycc f16": Dycc, "OpenVINO bf16": OpenVinoBf16,
          "OpenVINO f16": OpenVinoF16}
PEERS = tuple(name for name in SIDES if name != "dycc")
