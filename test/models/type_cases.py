"""Operators as single nodes, for every element type that their schema allows."""

import functools
import math
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

OPSET = 28
TYPES = ["float32", "float64", "float16", "int8", "int16", "int32", "int64",
         "uint8", "uint16", "uint32", "uint64", "bool", "object"]  # Objects are strings.
NUMBERS = "fiub"
SHAPES = [(3, 37), (2, 1), (6, 5), (4, 16)]  # (A, B): symbolic in a model.


@dataclass(frozen=True)
class Typed:
    """A constant of the type that varies."""

    value: object


@dataclass(frozen=True, eq=False)
class Case:
    """One node. Its inputs are names of INPUTS, or constants. `only` are the
    kinds of types (NumPy's letters) that it makes sense for."""

    operator: str
    inputs: tuple
    attributes: dict = field(default_factory=dict)
    variant: str = ""
    count: int = 1
    only: str = NUMBERS + "O"

    @property
    def name(self):
        return self.operator + self.variant

    def outputs(self):
        return [f"{self.name}_{i}" for i in range(self.count)]


# The inputs of the models: symbolic extents.
INPUTS = {
    "x": ("A", "B"), "y": ("A", "B"), "row": ("B",), "column": ("A", 1),
    "wide": ("A", "B"), "wide2": ("A", "B"), "nonzero": ("A", "B"),
    "positive": ("A", "B"), "unit": ("A", "B"), "above": ("A", "B"),
    "exponent": ("A", "B"), "bits": ("B",), "odd": ("A", "B"), "slope": ("B",),
    "matrix": ("B", 7), "image": (1, 4, "A", "B"), "blocks": (1, 2, "2*A", "2*B"),
    "updates": (2, "B"), "condition": ("A", 1), "indices": ("B",), "places": ("A", "B"),
}
FIXED = {"condition": "bool", "indices": "int64", "places": "int64"}


def array(*values, kind=np.int64):
    return np.array(values, kind)


def unary(*operators, of="x", **attributes):
    return [Case(o, (of,), attributes) for o in operators]


def binary(*operators, right="y", **attributes):
    """Equal extents, both broadcasts, and integers that overflow."""
    cases = [Case(o, ("x", right), attributes) for o in operators]
    if right == "y":
        cases += [Case(o, ("column", "row"), attributes, "_broadcast") for o in operators]
        cases += [Case(o, ("wide", "wide2"), attributes, "_wide", only="iu")
                  for o in operators]
    return cases


def reductions(*operators):
    return [Case(o, ("x", axes), {"keepdims": keep}, f"_{name}") for o in operators
            for axes, keep, name in ((array(1), 0, "last"), (array(0), 1, "first"),
                                     (array(0, 1), 0, "all"))]


# Scale, bias, mean and variance of four channels.
PARAMETERS = ([0.5, 1, -2, 3], [0, 1, -1, 2], [1, 0, -1, 4], [0.5, 1, 2, 4])
# One batch, one head, three positions of four.
HEADS = np.sin(np.arange(12, dtype=np.float32)).reshape(1, 1, 3, 4)

CASES = [
    *unary("Abs", "Neg", "Sign", "Relu", "Identity", "BitwiseNot", "Not", "Sin", "Cos",
           "Tan", "Sinh", "Cosh", "Asinh", "Atan", "Tanh", "Exp", "Erf", "Ceil",
           "Floor", "Sigmoid", "Softplus", "Softsign", "Elu", "Celu", "Selu",
           "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish", "Swish",
           "ThresholdedRelu", "Shrink"),
    *unary("Acos", "Asin", "Atanh", of="unit"), *unary("Acosh", of="above"),
    *unary("Log", "Sqrt", of="positive"), *unary("Reciprocal", of="nonzero"),
    *unary("IsNaN", "IsInf", "Round", of="odd"),
    *[Case(o, ("wide",), {}, "_wide", only="iu") for o in ("Abs", "Neg", "Sign", "Relu")],
    Case("Clip", ("x", Typed(2), Typed(5))),
    *binary("Add", "Sub", "Mul", "Max", "Min", "Mean", "Sum", "Equal", "Greater",
            "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "BitwiseAnd",
            "BitwiseOr", "BitwiseXor"),
    *binary("Div", right="nonzero"), *binary("Pow", right="exponent"),
    *binary("PRelu", right="slope"),
    Case("Mod", ("x", "nonzero"), {"fmod": 1}, "_fmod"),
    Case("Mod", ("x", "nonzero"), {}, "_floor", only="iu"),
    Case("BitShift", ("x", "bits"), {"direction": "LEFT"}, "_left"),
    Case("BitShift", ("x", "bits"), {"direction": "RIGHT"}, "_right"),
    Case("Where", ("condition", "x", "row")),
    *reductions("ReduceMax", "ReduceMin", "ReduceSum", "ReduceMean", "ReduceProd",
                "ReduceSumSquare", "ReduceL1", "ReduceL2"),
    *[Case(o, ("positive", axes), {"keepdims": 0}, v) for o in ("ReduceLogSum",
      "ReduceLogSumExp") for axes, v in ((array(1), "_last"), (array(0), "_first"))],
    Case("ArgMax", ("x",), {"axis": 1}, "_last"),
    Case("ArgMin", ("x",), {"axis": 0, "select_last_index": 1}, "_first"),
    Case("CumSum", ("x", np.array(1, np.int64))),
    Case("Softmax", ("x",)), Case("LogSoftmax", ("x",), {"axis": 0}), Case("Hardmax", ("x",)),
    Case("MatMul", ("x", "matrix")),
    Case("Gemm", ("x", "matrix"), {"transA": 0}),
    Case("MaxPool", ("image",), {"kernel_shape": [3, 2], "pads": [1, 1, 1, 1]}),
    *[Case("BatchNormalization", ("image", *(Typed(p) for p in PARAMETERS)), attributes,
           variant, count) for attributes, variant, count in
      (({}, "", 1), ({"training_mode": 1, "momentum": 0.75}, "_training", 3))],
    Case("Concat", ("x", "y"), {"axis": 1}),
    Case("Split", ("x",), {"axis": 1, "num_outputs": 2}, count=2),
    Case("Slice", ("x", array(0), array(-1), array(1), array(2))),
    Case("Slice", ("x", array(-1), array(-9999), array(0), array(-1)), variant="_back"),
    Case("Pad", ("x", array(1, 2, 0, 3), Typed(1))),
    Case("Pad", ("x", array(0, 1, 0, 1)), {"mode": "edge"}, "_edge"),
    Case("Gather", ("x", "indices"), {"axis": 0}),
    Case("GatherElements", ("x", "places"), {"axis": 0}),
    Case("GatherND", ("x", array([0], [-1]))),
    Case("ScatterElements", ("x", "places", "y"), {"axis": 0, "reduction": "max"}, "_max",
         only=NUMBERS),
    Case("ScatterElements", ("x", "places", "y"), {"axis": 0, "reduction": "add"}, "_add",
         only=NUMBERS),
    Case("ScatterElements", ("x", "places", "y"), {"axis": 0}, "_last"),
    Case("ScatterND", ("x", array([0], [-1]), "updates")),
    Case("Transpose", ("x",)), Case("Expand", ("column", array(2, 1, 3))),
    Case("Tile", ("x", array(2, 3))), Case("Reshape", ("x", array(-1))),
    Case("Trilu", ("x",), only=NUMBERS),  # The reference has zeros among strings.
    Case("CenterCropPad", ("x", array(4, 9)), only=NUMBERS),
    Case("CenterCropPad", ("x", array(1, 1)), variant="_inner"),
    Case("DepthToSpace", ("image",), {"blocksize": 2}),
    Case("SpaceToDepth", ("blocks",), {"blocksize": 2}),
    # The reference has neither of strings.
    Case("Resize", ("x", None, np.array([2, 2], np.float32)), {"mode": "nearest"},
         only=NUMBERS),
    Case("OneHot", ("indices", np.array(8), Typed([0, 1])), only=NUMBERS),
    Case("ConstantOfShape", (array(3, 4),)),
    Case("Range", (Typed(1), Typed(12), Typed(3))),
    Case("TopK", ("x", array(1)), {"axis": 1}, count=2),
    Case("NonZero", ("x",)),
    # Negative floats have no value in unsigned types.
    *[Case("Cast", ("positive" if t[0] == "u" else "x",),
           {"to": helper.np_dtype_to_tensor_dtype(np.dtype(t))}, f"_{t}", only=NUMBERS)
      for t in TYPES if t != "object"],
    # The type of its mask is its own.
    Case("Attention", (HEADS, HEADS, HEADS, Typed([[0, 1, 3], [2, 0, 1], [1, 0, 0]]))),
]


@functools.cache
def schema(operator):
    return onnx.defs.get_schema(operator, OPSET, "")


@functools.cache
def allowed(case):
    """The names of types that the schema allows for what varies."""
    formal, at = schema(case.operator).inputs, None
    for i, given in enumerate(case.inputs):
        if isinstance(given, Typed) or (isinstance(given, str) and given not in FIXED):
            at = formal[min(i, len(formal) - 1)].type_str
            break
    if at is None:  # An attribute says it.
        at = schema(case.operator).outputs[0].type_str
    types = {c.type_param_str: c.allowed_type_strs
             for c in schema(case.operator).type_constraints}[at]
    names = {"tensor(float)": "float32", "tensor(double)": "float64",
             "tensor(string)": "object"}
    known = {names.get(t, t.removeprefix("tensor(").removesuffix(")")) for t in types}
    return [t for t in TYPES if t in known and np.dtype(t).kind in case.only]


# Models and their data.

def typed(values, kind):
    """An array of that type; of strings the texts of the values."""
    return np.array(values, kind) if kind != "object" else \
        np.array(values).astype(str).astype(object)


def node_of(case, kind):
    """The node and the constants it reads."""
    names, constants = [], []
    for i, given in enumerate(case.inputs):
        if given is None or isinstance(given, str):
            names.append(given or "")
            continue
        value = typed(given.value, kind) if isinstance(given, Typed) else given
        names.append(f"{case.name}_in{i}")
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(
            np.shape(value)), names[-1]))
    attributes = dict(case.attributes)
    if case.operator == "ConstantOfShape":
        attributes["value"] = numpy_helper.from_array(np.array([1], kind))
    return helper.make_node(case.operator, names, case.outputs(), name=case.name,
                            **attributes), constants


def inputs_of(cases):
    return sorted({i for c in cases for i in c.inputs if isinstance(i, str)})


def make(cases, kind):
    """A model of all cases, with an output for each result."""
    nodes, constants = [], []
    for case in cases:
        node, values = node_of(case, kind)
        nodes.append(node)
        constants += values
    tensor = lambda n: helper.make_tensor_value_info(
        n, helper.np_dtype_to_tensor_dtype(np.dtype(FIXED.get(n, kind))), INPUTS[n])
    outputs = [onnx.ValueInfoProto(name=n) for c in cases for n in c.outputs()]
    graph = helper.make_graph(nodes, "types", [tensor(n) for n in inputs_of(cases)],
                              outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                              ir_version=10)
    return onnx.shape_inference.infer_shapes(model)


def fill(name, extents, kind, rng, a):
    """Data of one input."""
    whole = lambda low, high: rng.integers(low, high, extents, endpoint=True)
    if name == "condition":
        return whole(0, 1).astype(bool)
    if name in ("indices", "places"):
        return whole(-a, a - 1)
    if kind == "bool":
        return whole(0, 1).astype(bool)
    if kind == "object":  # Some are empty.
        return np.where(whole(0, 3) > 0, whole(0, 9).astype(str), "").astype(object)
    if np.dtype(kind).kind == "f":
        real = lambda low, high: rng.uniform(low, high, extents).astype(kind)
        ranges = {"positive": (0.1, 9), "unit": (-0.9, 0.9), "above": (1.1, 9),
                  "nonzero": (0.5, 4), "exponent": (-2, 2)}
        data = real(*ranges.get(name, (-4, 4)))
        if name == "odd":  # Halves, and what is no number.
            data = np.round(data * 2) / 2
            data.flat[::3] = rng.choice([np.nan, np.inf, -np.inf], data.flat[::3].size)
        return data.astype(kind)
    info = np.iinfo(kind)
    if name == "wide":
        return rng.integers(info.min, info.max, extents, kind, endpoint=True)
    if name == "wide2":  # The ends of the type too.
        data = rng.integers(info.min, info.max, extents, kind, endpoint=True)
        data.flat[::2] = rng.choice([info.min, info.max, 1], data.flat[::2].size)
        return data
    signed = info.min < 0
    if name == "nonzero":
        return (whole(1, 9) * (rng.choice([-1, 1], extents) if signed else 1)).astype(kind)
    limits = {"exponent": (0, 3), "bits": (0, info.bits - 1), "positive": (1, 100)}
    low, high = limits.get(name, (-100 if signed else 0, 100))
    return whole(low, high).astype(kind)


def feed(cases, kind, shape, seed):
    """Data of all inputs at extents (A, B)."""
    rng, (a, b) = np.random.default_rng(seed), shape
    known = {"A": a, "B": b, "2*A": 2 * a, "2*B": 2 * b}
    data = {}
    for name in inputs_of(cases):
        extents = [known.get(d, d) for d in INPUTS[name]]
        data[name] = fill(name, extents, kind, rng, a)
    if "x" in data and "y" in data:  # Some elements are equal.
        data["y"] = np.where(rng.random(shape) < 0.3, data["x"], data["y"])
    return data


# What is expected.

def truncated(x, y):
    """The quotient as C has it; NumPy's floors."""
    quotient = x // y
    return quotient + ((quotient * y != x) & ((x < 0) != (y < 0))).astype(x.dtype)


erf = np.vectorize(math.erf, otypes=["float64"])
# What onnx.reference has not: quotients that are truncated, both operands
# broadcast, and functions in float64 (it has them, or their factors, in f32).
OWN = {"Div": lambda x, y: truncated(x, y) if x.dtype.kind in "iu" else x / y,
       "Sum": lambda x, y: x + y, "Mean": lambda x, y: (x + y) / 2,
       "HardSwish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
       "Erf": erf, "Gelu": lambda x: x / 2 * (1 + erf(x / math.sqrt(2)))}


@functools.cache
def evaluator(case, kind):
    return ReferenceEvaluator(make([case], kind))


def reference(case, kind, data):
    """The results: of floats in float64."""
    data, given = {n: data[n] for n in inputs_of([case])}, np.dtype(kind)
    # It pads with NaN, interpolates in floats, and has no choice of bools.
    wide = {"MaxPool": "fiu", "Resize": "fiub", "OneHot": "fb"}
    if given.kind in wide.get(case.operator, "f"):
        kind = "float64"
        data = {n: v.astype(kind) if n not in FIXED else v for n, v in data.items()}
    if case.operator in OWN:
        return [OWN[case.operator](*(data[n] for n in case.inputs))]
    results = evaluator(case, kind).run(None, data)
    if case.operator.startswith("Reduce") or given.kind != "f" and kind == "float64":
        results = [r.astype(given) for r in results]  # Sums of wider integers.
    return [r.astype("float64") if r.dtype.kind == "f" else r for r in results]
