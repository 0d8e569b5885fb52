"""The node test cases of the onnx package as models of one operator: as they
are, or with every extent of the inputs symbolic."""

import csv
import functools
import re
import warnings
from dataclasses import dataclass

import onnx

import paths

SYMBOLIC, STATIC = "symbolic", "static"


@dataclass
class NodeCase:
    """One test case of one operator; `data` lists (inputs, outputs)."""

    name: str
    operator: str
    model: onnx.ModelProto
    data: list
    rtol: float
    atol: float


def operator_of(case, names):
    """The operator under test: an expanded case tests the operator of the case
    that it was expanded from."""
    if case.name in names:
        return names[case.name]
    base = re.sub(r"_expanded(_ver\d+)?$", "", case.name)
    return names.get(base, "other")


OLDEST = 7  # Of the opsets that dycc knows.


def raise_opset(model):
    """Some cases are of opset 1, since their operator has not changed since:
    there the oldest opset of dycc means the same."""
    for opset in model.opset_import:
        if opset.domain in ("", "ai.onnx") and opset.version < OLDEST and all(
                onnx.defs.get_schema(n.op_type, OLDEST).since_version <= opset.version
                for n in model.graph.node if n.domain in ("", "ai.onnx")):
            opset.version = OLDEST


def collect():
    """All cases, by name."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of the references' arithmetic.
        found = collect_testcases(None)
    names = {c.name: c.model.graph.node[-1].op_type for c in found
             if not re.search(r"_expanded(_ver\d+)?$", c.name)}
    # A case with helpers around it is named after the operator it is about.
    names |= {c.name: c.model.graph.node[0].op_type for c in found
              if c.name in names and c.name.startswith("test_loop")}
    for case in found:
        raise_opset(case.model)
    data = lambda c: [tuple([plain(v) for v in side] for side in sides)
                      for sides in c.data_sets]
    return {c.name: NodeCase(c.name, operator_of(c, names), c.model, data(c),
                             c.rtol, c.atol) for c in found}


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


def tensor_shape(value):
    """The shape of a value that is a tensor (maybe an optional one), or None."""
    kind = value.type
    if kind.HasField("tensor_type") and kind.tensor_type.HasField("shape"):
        return kind.tensor_type.shape
    return None


def plain(value):
    """A stored value as an array; sequences and optionals stay what they are."""
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value)
    return value


def with_symbols(case):
    """A copy in which nothing says how large an input is, or anything else;
    what steers a shape is a constant. Returns it and the other inputs' data,
    as (inputs, outputs)."""
    model = onnx.ModelProto.FromString(case.model.SerializeToString())
    graph, data = model.graph, case.data
    opset = next((o.version for o in model.opset_import if not o.domain), 1)
    steering = steering_inputs(graph, opset)
    for at in reversed(range(len(graph.input))):
        value = graph.input[at]
        if value.name in steering and len(data) == 1:
            tensor = onnx.numpy_helper.from_array(data[0][0][at], value.name)
            graph.initializer.append(tensor)
            data = [([*data[0][0][:at], *data[0][0][at + 1:]], data[0][1])]
            del graph.input[at]
    for value in graph.input:
        for axis, dim in enumerate(getattr(tensor_shape(value), "dim", ())):
            dim.dim_param = f"{value.name}_{axis}"
    for value in graph.output:
        for dim in getattr(tensor_shape(value), "dim", ()):
            dim.Clear()
    del graph.value_info[:]
    return model, data
