"""Mutations of what values are: their types, extents and contents, and which
a graph takes and gives. As in mutations.py."""

import numpy as np
import onnx
from onnx import AttributeProto, TensorProto, helper

from choices import (DOMAINS, FLOATS, KINDS, STRINGS, change_list, graphs, integer, mutation,
                     pick, pick_graph, pick_tensor, values)


# Types and extents.

def pick_typed(rng, model):
    graph = pick_graph(rng, model)
    infos = [*graph.input, *graph.input, *graph.output, *graph.value_info]
    return pick(rng, infos)


@mutation
def change_dim(rng, model):
    value = pick_typed(rng, model)
    dims = value.type.tensor_type.shape.dim if value is not None else ()
    if not dims:
        return None
    dim, kind = rng.choice(dims), rng.randrange(3)
    dim.Clear()
    if kind == 0:
        dim.dim_value = integer(rng)
    elif kind == 1:
        names = [d.dim_param for v in model.graph.input
                 for d in v.type.tensor_type.shape.dim if d.dim_param]
        dim.dim_param = rng.choice([*names, *STRINGS])
    return f"an extent of {value.name} changed"


@mutation
def change_rank(rng, model):
    value = pick_typed(rng, model)
    if value is None or not value.type.HasField("tensor_type"):
        return None
    shape, kind = value.type.tensor_type.shape, rng.randrange(4)
    if kind == 0:
        value.type.tensor_type.ClearField("shape")
    elif kind == 1 and shape.dim:
        del shape.dim[rng.randrange(len(shape.dim))]
    elif kind == 2:
        shape.dim.add(dim_value=rng.choice((1, 2, integer(rng))))
    else:
        for _ in range(rng.choice((1, 2, 60))):
            shape.dim.add(dim_param=f"more_{len(shape.dim)}")
    return f"the rank of {value.name} changed"


@mutation
def change_type(rng, model):
    value = pick_typed(rng, model)
    if value is None:
        return None
    kind = rng.randrange(6)
    if kind == 0:
        value.ClearField("type")
    elif kind in (1, 2):
        inner = onnx.TypeProto()
        inner.CopyFrom(value.type)
        outer = value.type.sequence_type if kind == 1 else value.type.optional_type
        outer.elem_type.CopyFrom(inner)
    else:
        value.type.tensor_type.elem_type = rng.choice(KINDS)
    return f"the type of {value.name} changed"


@mutation
def change_value_name(rng, model):
    graph = pick_graph(rng, model)
    value = pick(rng, [*graph.input, *graph.output])
    if value is None:
        return None
    old, value.name = value.name, rng.choice(["", "new", *values(model)])
    return f"graph value {old} is {value.name}"


# Initializers.

@mutation
def change_tensor_dims(rng, model):
    tensor = pick_tensor(rng, model)
    if tensor is None:
        return None
    if tensor.dims and rng.random() < 0.7:
        change_list(rng, tensor.dims)
    elif rng.random() < 0.5:
        tensor.dims.append(1)
    else:
        del tensor.dims[:]
    return f"tensor {tensor.name} has dims {list(tensor.dims)}"


@mutation
def change_tensor_type(rng, model):
    tensor = pick_tensor(rng, model)
    if tensor is None:
        return None
    tensor.data_type = rng.choice(KINDS)
    return f"tensor {tensor.name} of type {tensor.data_type}"


FIELDS = {TensorProto.INT64: "int64_data", TensorProto.FLOAT: "float_data",
          TensorProto.INT32: "int32_data", TensorProto.BOOL: "int32_data",
          TensorProto.DOUBLE: "double_data"}


@mutation
def change_tensor_data(rng, model):
    """One element, which may steer a shape."""
    tensor = pick_tensor(rng, model)
    if tensor is None or tensor.data_type not in FIELDS or tensor.external_data:
        return None
    try:
        data = onnx.numpy_helper.to_array(tensor).flatten()
    except (ValueError, RuntimeError):  # It is broken already.
        return None
    if not data.size:
        return None
    # Lists of a tensor have no bools.
    data = (data.astype(np.int32) if data.dtype == bool else data).tolist()
    at, field = rng.randrange(len(data)), FIELDS[tensor.data_type]
    data[at] = (rng.choice(FLOATS) if field in ("float_data", "double_data") else
                integer(rng) if field == "int64_data" else
                min(max(integer(rng), -2**31), 2**31 - 1))
    tensor.ClearField("raw_data")
    tensor.ClearField(field)
    getattr(tensor, field).extend(data)
    return f"tensor {tensor.name}: element {at} is {data[at]}"


@mutation
def cut_tensor_data(rng, model):
    tensor = pick_tensor(rng, model)
    if tensor is None:
        return None
    if tensor.raw_data:
        tensor.raw_data = tensor.raw_data[:rng.randrange(len(tensor.raw_data))]
    elif tensor.external_data:
        entry = rng.choice(tensor.external_data)
        entry.value = rng.choice(["", "../zeros.bin", str(integer(rng)), entry.value[:-1]])
    else:
        field = FIELDS.get(tensor.data_type, "int32_data")
        del getattr(tensor, field)[1:]
    return f"tensor {tensor.name}: data cut"


@mutation
def drop_tensor(rng, model):
    """Without it its users have none, or take an input of the model's."""
    graph = pick_graph(rng, model)
    if not graph.initializer:
        return None
    tensor = graph.initializer.pop(rng.randrange(len(graph.initializer)))
    if rng.random() < 0.7:
        dims = [rng.choice([d, f"d{i}"]) for i, d in enumerate(tensor.dims)]
        graph.input.append(helper.make_tensor_value_info(
            tensor.name, tensor.data_type, dims))
    return f"tensor {tensor.name}: dropped or an input"


@mutation
def fix_input(rng, model):
    """An input becomes a constant."""
    value = pick(rng, [v for v in model.graph.input if v.type.HasField("tensor_type")])
    if value is None or value.type.tensor_type.elem_type not in FIELDS:
        return None
    kind = value.type.tensor_type.elem_type
    dims = [min(d.dim_value, 8) if d.dim_value > 0 else rng.randrange(4)
            for d in value.type.tensor_type.shape.dim][:5]
    size = 1
    for dim in dims:
        size *= dim
    model.graph.initializer.append(helper.make_tensor(
        value.name, kind, dims, [rng.randrange(3) for _ in range(size)]))
    model.graph.input.remove(value)
    return f"input {value.name} is a constant of extents {dims}"


# Graphs and the whole.

@mutation
def change_outputs(rng, model):
    graph = pick_graph(rng, model)
    kind, names = rng.randrange(3), values(model)
    if kind == 0 and graph.output:
        del graph.output[rng.randrange(len(graph.output))]
    elif kind == 1 and graph.output:
        graph.output[rng.randrange(len(graph.output))].name = rng.choice(names or [""])
    else:
        graph.output.add(name=rng.choice(names or [""]))
    return f"the outputs of {graph.name} are {[o.name for o in graph.output]}"[:200]


@mutation
def change_inputs(rng, model):
    graph = pick_graph(rng, model)
    kind = rng.randrange(3)
    if kind == 0 and graph.input:
        del graph.input[rng.randrange(len(graph.input))]
    elif kind == 1 and len(graph.input) > 1:
        a, b = rng.sample(range(len(graph.input)), 2)
        graph.input[a].name, graph.input[b].name = graph.input[b].name, graph.input[a].name
    else:
        graph.input.append(helper.make_tensor_value_info(
            rng.choice(["new", *values(model)]), rng.choice(KINDS), ["N", 2]))
    return f"the inputs of {graph.name} are {[i.name for i in graph.input]}"[:200]


@mutation
def swap_subgraphs(rng, model):
    """A subgraph becomes another one, or empty."""
    owners = [a for g in graphs(model.graph) for n in g.node for a in n.attribute
              if a.type == AttributeProto.GRAPH]
    if not owners:
        return None
    copy = onnx.GraphProto()
    if rng.random() < 0.8:
        copy.CopyFrom(rng.choice(owners).g)
    target = rng.choice(owners)
    target.g.CopyFrom(copy)
    return f"subgraph {target.name} is {copy.name or 'empty'}"


@mutation
def change_opset(rng, model):
    opset = pick(rng, model.opset_import)
    if opset is None:
        return None
    if rng.random() < 0.9:
        opset.version = rng.choice((7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                                    21, 22, 23, 24, 25, 1, 0, -1, 99, 2**40))
    else:
        opset.domain = rng.choice(DOMAINS)
    return f"opset {opset.domain} {opset.version}"


@mutation
def change_file(rng, model):
    kind = rng.randrange(4)
    if kind == 0:
        model.ir_version = rng.choice((0, 1, 3, 4, 8, 13, 99))
    elif kind == 1:
        model.opset_import.add(domain=rng.choice(DOMAINS), version=rng.randrange(30))
    elif kind == 2:
        model.metadata_props.add(key=rng.choice(STRINGS), value=rng.choice(STRINGS))
    else:
        model.ClearField("graph" if rng.random() < 0.1 else "producer_name")
    return "the model's own fields changed"
