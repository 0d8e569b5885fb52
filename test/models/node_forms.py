"""The forms in which a case is compiled: extents of its inputs as they are or symbolic;
inputs whose elements steer a shape as they are, or constants of the model.

              extents    what steers shapes
  static      given      inputs
  dynamic     symbolic   inputs
  constant    given      constants
  folded      symbolic   constants: as exporters write it
"""

import csv
import functools

import onnx

import paths

STATIC, DYNAMIC, CONSTANT, FOLDED = "static", "dynamic", "constant", "folded"
FORMS = (STATIC, DYNAMIC, CONSTANT, FOLDED)
# What a form is where no input steers a shape.
SAME = {CONSTANT: STATIC, FOLDED: DYNAMIC}


@functools.cache
def controlling_operands():
    """{operator: names of the operands that steer its result's shape or its loops}."""
    table = paths.ROOT / "dialects" / "onnx" / "operators.tsv"
    rows = csv.reader(table.read_text().splitlines(), delimiter="\t",
                      quoting=csv.QUOTE_NONE)
    return {r[0]: [r[4]] if r[4] else r[3].split(",") for r in rows
            if r[4] or r[2] == "ISVDOS"}


def steering_inputs(graph, opset):
    """Names of values whose elements decide a shape: their count has to be
    known, since it decides a rank."""
    found = set()
    for node in graph.node:
        names = controlling_operands().get(node.op_type, ())
        if not names or node.domain not in ("", "ai.onnx"):
            continue
        schema = onnx.defs.get_schema(node.op_type, opset, "")
        formal = [i.name for i in schema.inputs]
        found |= {name for name, at in zip(node.input, formal) if at in names}
    return found


def default_opset(model):
    return next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 1)


def steering(case):
    """Names of the case's inputs whose elements decide a shape."""
    if len(case.data) != 1:
        return set()
    return (steering_inputs(case.model.graph, default_opset(case.model))
            & {value.name for value in case.model.graph.input})


def forms_of(case):
    """The forms of a case that differ."""
    return FORMS if steering(case) else (STATIC, DYNAMIC)


def tensor_shape(value):
    """The shape of a value that is a tensor (maybe an optional one), or None."""
    kind = value.type
    if kind.HasField("tensor_type") and kind.tensor_type.HasField("shape"):
        return kind.tensor_type.shape
    return None


def fold_steering(case, model):
    """Makes constants of what steers a shape. Returns the other inputs' data."""
    graph, data, names = model.graph, case.data, steering(case)
    for at in reversed(range(len(graph.input))):
        value = graph.input[at]
        if value.name in names:
            tensor = onnx.numpy_helper.from_array(data[0][0][at], value.name)
            graph.initializer.append(tensor)
            data = [([*data[0][0][:at], *data[0][0][at + 1:]], data[0][1])]
            del graph.input[at]
    return data


def forget_extents(model, kept=()):
    """Makes every extent symbolic, but those of the inputs `kept`: how many elements
    steer a shape is a rank."""
    for value in model.graph.input:
        for axis, dim in enumerate(getattr(tensor_shape(value), "dim", ())):
            if value.name not in kept:
                dim.dim_param = f"{value.name}_{axis}"
    for value in model.graph.output:
        for dim in getattr(tensor_shape(value), "dim", ()):
            dim.Clear()
    del model.graph.value_info[:]


def in_form(case, form):
    """A copy of the case's model, and the data of its inputs, as (inputs, outputs)."""
    model, data = onnx.ModelProto.FromString(case.model.SerializeToString()), case.data
    if form in (CONSTANT, FOLDED):
        data = fold_steering(case, model)
    if form in (DYNAMIC, FOLDED):
        forget_extents(model, steering(case))
    return model, data
