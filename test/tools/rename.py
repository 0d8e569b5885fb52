"""rename.py IN OUT OLD NEW ...: a model with inputs, dims and nodes called otherwise,
as ONNX's text format cannot call them."""
import sys

import onnx

model = onnx.load(sys.argv[1])
names = dict(zip(sys.argv[3::2], sys.argv[4::2]))
for value in model.graph.input:
    value.name = names.get(value.name, value.name)
    for dim in value.type.tensor_type.shape.dim:
        if dim.dim_param:
            dim.dim_param = names.get(dim.dim_param, dim.dim_param)
for node in model.graph.node:
    node.name = names.get(node.name, node.name)
    node.input[:] = [names.get(name, name) for name in node.input]
onnx.save(model, sys.argv[2])
