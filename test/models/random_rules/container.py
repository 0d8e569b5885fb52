"""Sequences and optionals, from tensors and back to them."""

import numpy as np
from onnx import helper

from random_values import same
from random_rules.control import UNARY, body
from random_rules.rule import rule


def sequence(m, count=None, stack=True):
    """(name of a sequence, its tensors). All of equal extents, so that they stack."""
    x = m.tensor("T", rank=(1, 4))
    parts = [x] + [m.tensor(x.kind, x.dims) for _ in range((count or m.whole(1, 4)) - 1)]
    name, = m.add("SequenceConstruct", [p.name for p in parts])
    return name, parts


def joined(m, name):
    """A tensor of all that are in a sequence."""
    m.results += m.add("ConcatFromSequence", [name], 1, "", {"axis": 0, "new_axis": m.whole(0, 1)})


def place(m, count, past_end=False):
    """One of `count` places, from either end."""
    return m.constant(m.whole(-count, count - 1 + past_end), m.pick((np.int64, np.int32)))


def elements(m):
    m.bound["T"] = m.pick([np.dtype(t) for t in ("float32", "float32", "int64", "bool",
                                                 "float64", "int32")])


@rule("SequenceConstruct", "ConcatFromSequence", "SequenceAt", "SequenceErase",
      "SequenceInsert", "SequenceLength", moves=True)
def of_parts(m):
    elements(m)
    name, parts = sequence(m)
    if m.operator in ("SequenceConstruct", "ConcatFromSequence"):
        axis = m.axis(parts[0].rank)
        new = m.whole(0, 1)
        m.results += m.add("ConcatFromSequence", [name], 1, "", {"axis": axis, "new_axis": new})
    elif m.operator == "SequenceAt":
        m.results += m.add("SequenceAt", [name, place(m, len(parts)).name])
    elif m.operator == "SequenceLength":
        m.results += m.add("SequenceLength", [name])
    elif m.operator == "SequenceErase":
        if len(parts) == 1:
            name, = m.add("SequenceInsert", [name, parts[0].name])
            parts = parts * 2
        at = [place(m, len(parts)).name] if m.maybe(0.7) else []
        joined(m, *m.add("SequenceErase", [name, *at]))
    else:
        more = m.tensor(parts[0].kind, parts[0].dims)
        at = [place(m, len(parts), True).name] if m.maybe(0.7) else []
        joined(m, *m.add("SequenceInsert", [name, more.name, *at]))


@rule("SequenceEmpty", moves=True)
def empty(m):
    elements(m)
    x = m.tensor("T", rank=(1, 4))
    name, = m.add("SequenceEmpty", [], 1, "", {"dtype": helper.np_dtype_to_tensor_dtype(x.kind)})
    if m.maybe(0.3):
        m.results += m.add("SequenceLength", [name])
        return
    joined(m, *m.add("SequenceInsert", [name, x.name]))


@rule("SplitToSequence", moves=True)
def cut(m):
    elements(m)
    dims = m.dims(m.whole(1, 4), 1)
    axis = m.axis(len(dims))
    dims[axis] = same(m.whole(1, 4))  # The number of parts is known.
    x = m.tensor("T", dims, known=True)
    keep = m.maybe()
    name, = m.add("SplitToSequence", [x.name], 1, "", {"axis": axis, "keepdims": int(keep)})
    extent = x.dims[axis]
    if m.maybe():
        m.results += m.add("SequenceAt", [name, place(m, min(extent)).name])
    else:
        m.results += m.add("ConcatFromSequence", [name], 1, "", {
            "axis": axis if keep else 0, "new_axis": int(not keep)})


@rule("SequenceMap")
def mapped(m):
    """Of tensors whose first extents differ."""
    x = m.tensor(np.dtype(np.float32), rank=(1, 4), constant=False)
    parts = [x] + [m.tensor(x.kind, [m.dim(0, 5), *x.dims[1:]]) for _ in range(m.whole(0, 2))]
    name, = m.add("SequenceConstruct", [p.name for p in parts])
    item, result = m.fresh(), m.fresh()
    graph = body("body", [helper.make_node(m.pick(UNARY), [item], [result])],
                 [(item, x.kind, x.rank)], [(result, x.kind, x.rank)])
    name, = m.add("SequenceMap", [name], 1, "", {"body": graph})
    m.results += m.add("ConcatFromSequence", [name], 1, "", {"axis": 0})


@rule("Optional", "OptionalGetElement", "OptionalHasElement", moves=True)
def optional(m):
    m.bound["V"] = m.pick([np.dtype(t) for t in ("float32", "int64", "bool")])
    x = m.tensor("V", constant=False)
    name, = m.add("Optional", [x.name])
    last = "OptionalHasElement" if m.operator == "OptionalHasElement" else "OptionalGetElement"
    m.results += m.add(last, [name])
