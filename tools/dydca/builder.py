"""Writes ONNX graphs in the forms that exporters use.

Forms that changed between opsets (axes as attribute or as operand) follow the
opset of the graph. Sub-graphs share the names of the outer graph, so that a
branch may use any outer value, as ONNX allows.
"""

import itertools

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

F32, U8, I32, I64, BOOL = (TensorProto.FLOAT, TensorProto.UINT8, TensorProto.INT32,
                           TensorProto.INT64, TensorProto.BOOL)
# The IR version that shipped with an opset, as exporters stamp it.
IR_OF_OPSET = {7: 3, 8: 3, 9: 4, 10: 5, 11: 6, 12: 7, 13: 7, 14: 7, 15: 8, 16: 8,
               17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11}


class Graph:
    """A graph under construction; values are named by strings."""

    def __init__(self, opset=17, outer=None):
        self.opset = opset
        self.outer = outer
        self.counter = outer.counter if outer else itertools.count()
        self.nodes, self.inputs, self.outputs, self.weights = [], [], [], {}

    def fresh(self, stem):
        return f"/{stem}_{next(self.counter)}"

    def op(self, kind, *inputs, outputs=1, domain="", **attributes):
        """Adds a node; returns its output, or a tuple of several."""
        name = self.fresh(kind)
        names = [f"{name}_out{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=name,
                                           domain=domain, **attributes))
        return names[0] if outputs == 1 else tuple(names)

    def weight(self, name, value):
        """An initializer of the outermost graph."""
        if self.outer:
            return self.outer.weight(name, value)
        self.weights[name] = np.ascontiguousarray(value)
        return name

    def constant(self, value, dtype=np.int64):
        """A Constant node, which is how shape arithmetic looks in the wild."""
        tensor = numpy_helper.from_array(np.asarray(value, dtype))
        return self.op("Constant", value=tensor)

    def input(self, name, dtype, shape):
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def output(self, name, value, dtype, shape):
        """Gives `value` the public name `name`."""
        self.nodes.append(helper.make_node("Identity", [value], [name],
                                           name=self.fresh("Identity")))
        self.outputs.append(helper.make_tensor_value_info(name, dtype, shape))

    def branch(self):
        return Graph(self.opset, self)

    # Short forms.
    def dim(self, value, axis):
        """One extent of `value`, as a scalar."""
        return self.op("Gather", self.op("Shape", value), self.constant(axis), axis=0)

    def unsqueeze(self, value, axes):
        if self.opset >= 13:
            return self.op("Unsqueeze", value, self.constant(axes))
        return self.op("Unsqueeze", value, axes=axes)

    def squeeze(self, value, axes):
        if self.opset >= 13:
            return self.op("Squeeze", value, self.constant(axes))
        return self.op("Squeeze", value, axes=axes)

    def mean(self, value, axes, keepdims=1):
        if self.opset >= 18:
            return self.op("ReduceMean", value, self.constant(axes), keepdims=keepdims)
        return self.op("ReduceMean", value, axes=axes, keepdims=keepdims)

    def shape_of(self, *dims):
        """A shape operand from numbers and scalar values, joined by Concat."""
        parts = [self.constant([d]) if isinstance(d, int) else self.unsqueeze(d, [0])
                 for d in dims]
        return self.op("Concat", *parts, axis=0)

    def reshape(self, value, *dims):
        if all(isinstance(d, int) for d in dims):
            return self.op("Reshape", value, self.constant(dims))
        return self.op("Reshape", value, self.shape_of(*dims))

    def slice(self, value, starts, ends, axes):
        """Bounds are numbers (lists) or names of 1-D values."""
        bounds = [self.constant(x) if isinstance(x, list) else x for x in (starts, ends)]
        return self.op("Slice", value, *bounds, self.constant(axes))

    def graph(self, name):
        weights = [numpy_helper.from_array(v, k) for k, v in self.weights.items()]
        return helper.make_graph(self.nodes, name, self.inputs, self.outputs, weights)

    def model(self, name):
        opsets = [helper.make_opsetid("", self.opset)]
        opsets += [helper.make_opsetid(domain, 1)
                   for domain in sorted({node.domain for node in self.nodes} - {""})]
        return helper.make_model(self.graph(name), opset_imports=opsets,
                                 ir_version=IR_OF_OPSET[self.opset],
                                 producer_name="dycc-models")

    def save(self, path, name):
        """Checks the model and writes it."""
        model = self.model(name)
        onnx.checker.check_model(model, full_check=model.ByteSize() < 2**27)
        onnx.save(model, path)
        return path
