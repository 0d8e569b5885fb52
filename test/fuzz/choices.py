"""What the mutations choose from: parts of a model, and values that are odd."""

import onnx
from onnx import AttributeProto, TensorProto

from corpus import tensors

MUTATIONS = []
INTEGERS = (0, 1, -1, 2, 3, -2, 7, 64, 65536, -65536, 2**31 - 1, 2**31, -2**31, 2**32,
            2**40, 2**53, 2**62, 2**63 - 1, -2**63, -2**63 + 1, 1 << 20, 10**9)
FLOATS = (0.0, 1.0, -1.0, 0.5, -0.0, 1e-40, 3e38, -3e38, float("nan"), float("inf"),
          float("-inf"), 2.0**31, 2.0**63, 2.0**24)
STRINGS = ("", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "constant", "reflect",
           "edge", "wrap", "linear", "nearest", "cubic", "bilinear", "zeros", "border",
           "sum", "mean", "none", "mul", "max", "bidirectional", "reverse", "forward",
           "tanh", "Relu", "align_corners", "asymmetric", "half_pixel", "floor", "DCR",
           "tf_crop_and_resize", "ij,jk->ik", "...i,i->i", "ii->i", "->", "x" * 2000,
           "\n", "?", "-1", "N", "N + 1", "\"", "%s%n")
KINDS = tuple(range(0, TensorProto.DataType.items()[-1][1] + 2))
DOMAINS = ("", "ai.onnx", "com.microsoft", "ai.onnx.ml", "own")
OPERATORS = sorted({s.name for s in onnx.defs.get_all_schemas() if not s.domain})


def mutation(function):
    MUTATIONS.append(function)
    return function


# What there is to choose from.

def graphs(graph):
    """A graph and all graphs in it."""
    found = [graph]
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                found += graphs(attribute.g)
    return found


def pick(rng, items):
    items = list(items)
    return rng.choice(items) if items else None


def pick_graph(rng, model):
    """The main graph or one within it, each as likely."""
    return rng.choice(graphs(model.graph))


def pick_node(rng, model, having=lambda node: True):
    nodes = [n for g in graphs(model.graph) for n in g.node if having(n)]
    return pick(rng, nodes)


def pick_tensor(rng, model):
    """An initializer or a constant; small ones steer shapes."""
    found = list(tensors(model.graph))
    found += [a.t for g in graphs(model.graph) for n in g.node for a in n.attribute
              if a.type == AttributeProto.TENSOR]
    small = [t for t in found if len(t.dims) < 2 and not t.external_data]
    return pick(rng, small if small and rng.random() < 0.7 else found)


def values(model):
    """Names of all values, of all graphs."""
    found = set()
    for graph in graphs(model.graph):
        found |= {v.name for v in graph.input} | {t.name for t in graph.initializer}
        found |= {o for n in graph.node for o in n.output}
    return sorted(found - {""})


def integer(rng):
    return rng.choice(INTEGERS) if rng.random() < 0.6 else rng.randint(-9, 9)


def change_list(rng, ints):
    kind, at = rng.randrange(4), rng.randrange(len(ints))
    if kind < 2:
        ints[at] = integer(rng)
    elif kind == 2:
        del ints[at]
    else:
        ints.insert(at, integer(rng))
