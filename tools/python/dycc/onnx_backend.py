"""dycc as a backend of the onnx package, which has to be installed: for its tests and for
programs that run models through onnx.backend.base.

    import dycc.onnx_backend

    outputs = dycc.onnx_backend.run_model(model, [x, y])
    onnx.backend.test.BackendTest(dycc.onnx_backend.Backend, __name__)
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper
from onnx.backend import base

from dycc._compile import compile, compile_file
from dycc._errors import CompileError
from dycc._model import Model

OPTIONS = ("dims", "flags", "threads", "machine")


class BackendRep(base.BackendRep):
    """A compiled model."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def run(self, inputs: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Runs once. inputs: arrays in the model's order, one array, or arrays by name.
        Returns the outputs in order; they may be had by name too. Raises dycc.Error."""
        if not isinstance(inputs, Mapping):
            inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
            names = [value.name for value in self.model.input_values]
            if len(inputs) > len(names):
                raise ValueError(f"got {len(inputs)} inputs, the model has {len(names)}")
            inputs = dict(zip(names, inputs))
        outputs = self.model.run(inputs)
        return base.namedtupledict("Outputs", list(outputs))(*outputs.values())


class Backend(base.Backend):
    """Compiles for the processor that this is. Keyword arguments that dycc.compile()
    has (dims, flags, threads, machine) go to it; others mean nothing here."""

    @classmethod
    def supports_device(cls, device: str) -> bool:
        return base.Device(device).type == base.DeviceType.CPU

    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU",
                      **kwargs: Any) -> bool:
        """Whether dycc compiles the model, which takes as long as prepare()."""
        with tempfile.TemporaryDirectory(prefix="dycc-") as folder:
            try:
                compile_file(model, Path(folder) / "model.so", dims=kwargs.get("dims"),
                             flags=kwargs.get("flags", ()))
            except CompileError as error:
                if error.status != "refused":
                    raise
                return False
        return cls.supports_device(device)

    @classmethod
    def prepare(cls, model: onnx.ModelProto | bytes | str | os.PathLike,
                device: str = "CPU", **kwargs: Any) -> BackendRep:
        """Compiles and loads the model. Raises dycc.CompileError where it is refused."""
        if not cls.supports_device(device):
            raise ValueError(f"runs on CPU, got device {device}")
        options = {name: kwargs[name] for name in OPTIONS if name in kwargs}
        return BackendRep(compile(model, **options))

    @classmethod
    def run_node(cls, node: onnx.NodeProto, inputs: Any, device: str = "CPU",
                 outputs_info: Sequence[tuple[np.dtype, tuple[int, ...]]] | None = None,
                 **kwargs: Any) -> tuple[Any, ...]:
        """Runs one node. inputs: arrays for those that have a name, in order, or one
        array. opset_version: of the default domain; without it the newest."""
        inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        model = _model_of(node, [np.asarray(value) for value in inputs], outputs_info,
                          kwargs.pop("opset_version", onnx.defs.onnx_opset_version()))
        return cls.run_model(model, inputs, device, **kwargs)


def _value(name: str, dtype: np.dtype, shape: Sequence[int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(dtype), shape)


def _model_of(node: onnx.NodeProto, inputs: list[np.ndarray],
              outputs_info: Sequence[tuple[np.dtype, tuple[int, ...]]] | None,
              opset: int) -> onnx.ModelProto:
    """The node as a model. Without `outputs_info` ONNX's shape inference says what its
    outputs are."""
    names = list(dict.fromkeys(name for name in node.input if name))
    if len(names) != len(inputs):
        raise ValueError(f"got {len(inputs)} inputs, the node has {len(names)}")
    results = [name for name in node.output if name]
    if outputs_info is not None:
        outputs = [_value(name, np.dtype(dtype), shape)
                   for name, (dtype, shape) in zip(results, outputs_info)]
    else:
        outputs = [helper.make_empty_tensor_value_info(name) for name in results]
    graph = helper.make_graph(
        [node], node.op_type,
        [_value(name, value.dtype, value.shape) for name, value in zip(names, inputs)],
        outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    return model if outputs_info is not None else onnx.shape_inference.infer_shapes(model)


is_compatible = Backend.is_compatible
prepare = Backend.prepare
run_model = Backend.run_model
run_node = Backend.run_node
supports_device = Backend.supports_device
