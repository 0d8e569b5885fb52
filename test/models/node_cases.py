"""The cases of the onnx package that come with inputs and outputs: node tests, of one
operator each, and the small models of the other sets."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

import paths

NODE = "node"
SETS = (NODE, "simple", "pytorch-converted", "pytorch-operator")
EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7}


@dataclass
class NodeCase:
    """One test case; `data` lists (inputs, outputs)."""

    name: str
    operator: str  # The set's name for those of other sets.
    model: onnx.ModelProto
    data: list
    rtol: float
    atol: float
    set: str = NODE


def operator_of(case, names):
    """The operator under test: an expanded case tests the operator of the case
    that it was expanded from."""
    if case.name in names:
        return names[case.name]
    base = re.sub(r"_expanded(_ver\d+)?$", "", case.name)
    return names.get(base, "other")


def plain(value):
    """A stored value as an array; sequences and optionals stay what they are."""
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value)
    return value


def node_tests():
    """The cases of single operators."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of the references' arithmetic.
        found = collect_testcases(None)
    names = {c.name: c.model.graph.node[-1].op_type for c in found
             if not re.search(r"_expanded(_ver\d+)?$", c.name)}
    # A case with helpers around it is named after the operator it is about.
    names |= {c.name: c.model.graph.node[0].op_type for c in found
              if c.name in names and c.name.startswith("test_loop")}
    data = lambda c: [tuple([plain(v) for v in side] for side in sides)
                      for sides in c.data_sets]
    return [NodeCase(c.name, operator_of(c, names), c.model, data(c), c.rtol, c.atol)
            for c in found]


def stored(file, kind):
    """A value of a file, for an input or output of that type."""
    proto = {"tensor_type": onnx.TensorProto, "sequence_type": onnx.SequenceProto,
             "optional_type": onnx.OptionalProto}[kind.WhichOneof("value")]
    value = proto.FromString(file.read_bytes())
    return {"tensor_type": plain, "sequence_type": onnx.numpy_helper.to_list,
            "optional_type": onnx.numpy_helper.to_optional}[kind.WhichOneof("value")](value)


def stored_tests(kind):
    """The cases of a set whose models and values are files of the package."""
    from onnx.backend.test.loader import load_model_tests

    for case in sorted(load_model_tests(kind=kind), key=lambda c: c.name):
        folder = Path(case.model_dir)
        model = onnx.load(folder / "model.onnx")
        data = [tuple([stored(data / f"{side}_{i}.pb", value.type)
                       for i, value in enumerate(values)
                       if (data / f"{side}_{i}.pb").exists()]
                      for side, values in (("input", model.graph.input),
                                           ("output", model.graph.output)))
                for data in sorted(folder.glob("test_data_set_*"))]
        yield NodeCase(case.name, kind, model, data, case.rtol, case.atol, kind)


def collect(sets=(NODE,)):
    """All cases of these sets, by name."""
    return {c.name: c for kind in sets
            for c in (node_tests() if kind == NODE else stored_tests(kind))}


# What is right.

def differs(value, reference, case):
    """What is wrong with one output, or None."""
    if isinstance(value, list) or value is None or isinstance(reference, list) \
            or reference is None:
        return held_differs(value, reference, case)
    reference = np.asarray(reference)
    if value.dtype != reference.dtype or value.shape != reference.shape:
        return (f"expects {reference.dtype}{list(reference.shape)}, "
                f"got {value.dtype}{list(value.shape)}")
    if reference.dtype.kind in "biuO":
        close = value == reference
    else:  # Floats, those that NumPy has no kind for as well.
        wide = (x.astype(np.float64) for x in (value, reference))
        # The references of 16 bits are rounded after each step.
        rtol = max(case.rtol, 2 * EPSILON.get(reference.dtype.name, 0))
        close = np.isclose(*wide, rtol=rtol, atol=case.atol, equal_nan=True)
    if close.all():
        return None
    at = np.flatnonzero(~close.reshape(-1))
    return (f"{at.size} of {value.size} differ, first {value.reshape(-1)[at[0]]} for "
            f"{reference.reshape(-1)[at[0]]} at {at[0]}")


def held_differs(value, reference, case):
    """The same of a sequence or an optional."""
    if value is None or reference is None:
        return None if value is reference else f"expects {reference}, got {value}"
    if not isinstance(reference, list) or len(value) != len(reference):
        return f"expects {reference}, got {value}"
    problems = (differs(mine, stored, case) for mine, stored in zip(value, reference))
    return next((f"tensor {i}: {p}" for i, p in enumerate(problems) if p), None)


# Operators that make what they draw.
RANDOM = frozenset(
    row[0] for row in (line.split("\t") for line in
                       (paths.ROOT / "dialects/onnx/operators.tsv").read_text().splitlines())
    if row[1:2] == ["Source"] and "random" in row[7].split())


def is_random(case):
    """Whether it draws numbers: the stored ones say types and extents alone. A Dropout
    draws where it may be in training."""
    return any(node.op_type in RANDOM or (node.op_type == "Dropout" and len(node.input) == 3)
               for node in case.model.graph.node)


def differs_from_all(values, outputs, case, exact):
    """(number of an output, what is wrong with it) of the first that is neither the
    stored one nor `exact()`'s: the references round after each step, too."""
    for i, (mine, stored) in enumerate(zip(values, outputs)):
        is_tensor = isinstance(mine, np.ndarray)
        if is_tensor and is_random(case) and mine.shape == np.shape(stored):
            stored = mine.astype(np.asarray(stored).dtype)
        problem = differs(mine, stored, case)
        if problem and is_tensor and mine.dtype == np.float32 == np.asarray(stored).dtype:
            problem = differs(mine, exact()[i].astype(np.float32), case) and problem
        if problem:
            return i, problem
    return None
