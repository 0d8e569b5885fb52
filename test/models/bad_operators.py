"""Operands that do not fit each other, operator by operator: a status that names the
node and what does not fit, and the next run works."""

from contextlib import contextmanager

import numpy as np
import onnx
from onnx import helper

import dycc
from bad_inputs import case, refused
from bad_runs import MODEL, good, named, ones
from builder import F32, I32, I64, Graph


@contextmanager
def loaded(env, graph, opset=None):
    """The compiled model of a graph, whose operators ONNX's checker may not know."""
    model = graph.model("model")
    if opset:
        model.opset_import[0].version = opset
    for domain in ("com.microsoft", "ai.onnx.preview"):
        model.opset_import.append(helper.make_opsetid(domain, 1))
    file = env.folder / "model.onnx"
    onnx.save(model, str(file))
    with dycc.load(env.compile(file)) as compiled:
        yield compiled


def own(g, kind, *inputs, domain="com.microsoft", **attributes):
    return g.op(kind, *inputs, domain=domain, **attributes)


def expect(model, fine, *rows):
    """Each row is the name of an operand, another value of it and words of the text."""
    for name, value, *words in rows:
        refused(model, fine | {name: value}, MODEL, *words)


@case
def displacements_that_do_not_fit(env):
    """Offsets and masks of other extents, also of equally many elements."""
    g = Graph(opset=19)
    axes = "ABCD"
    shapes = {"x": (1, 4, 6, 5), "weight": (4, 2, 3, 2), "offset": (1, 12, 4, 4),
              "bias": (4,), "mask": (1, 6, 4, 4)}
    operands = [g.input(name, F32, [f"{name}{axes[i]}" for i in range(len(shape))])
                for name, shape in shapes.items()]
    z = g.op("DeformConv", *operands, group=2)
    named(g, "deform_mid")
    g.output("z", g.op("Neg", z), F32, [None] * 4)
    fine = {name: ones(*shape) for name, shape in shapes.items()}
    fine["offset"] *= 0
    with loaded(env, g) as model:
        extents, count = "expects equal extents off the axis", "expects as many elements"
        expect(model, fine,
               ("offset", ones(1, 12, 2, 8), "deform_mid", extents, "got 2 and 4"),
               ("offset", ones(1, 12, 1, 4), "deform_mid", extents, "got 1 and 4"),
               ("offset", ones(1, 6, 4, 4), "deform_mid", count, "got 96 and 192"),
               ("mask", ones(1, 6, 4, 1), "deform_mid", extents, "got 1 and 4"),
               ("mask", ones(1, 12, 4, 4), "deform_mid", count, "got 192 and 96"),
               ("bias", ones(1), "deform_mid", count, "got 1 and 4"),
               ("weight", ones(4, 4, 3, 2), "deform_mid", "equal extents to sum over"),
               ("weight", ones(5, 2, 3, 2), "deform_mid", count, "got 60 and 48"),
               ("x", ones(1, 4, 1, 1), "deform_mid", "not negative, got -1"))
        good(model, fine, np.full((1, 4, 4, 4), -13, np.float32))


@case
def regions_that_do_not_fit(env):
    g = Graph()
    x, regions = g.input("x", F32, ["N", 1, "H", "W"]), g.input("regions", F32, ["R", "K"])
    z = g.op("MaxRoiPool", g.op("Neg", x), regions, pooled_shape=[1, 1])
    named(g, "regions_mid")
    g.output("z", z, F32, ["R", 1, 1, 1])
    with loaded(env, g) as model:
        fine = {"x": ones(2, 1, 3, 3), "regions": np.float32([[1, 0, 0, 2, 2]])}
        expect(model, fine,
               ("regions", np.float32([[0, 0, 0, 2, 2], [2, 0, 0, 2, 2]]), "regions_mid",
                "index 1 is 2, expects one in [0, 1]"),
               ("regions", np.float32([[-1, 0, 0, 2, 2]]), "regions_mid", "index 0 is -1"),
               ("regions", ones(1, 4), "regions_mid", "regions of 5 numbers each, got 4"))
        good(model, fine, -ones(1, 1, 1, 1))


@case
def matrices_that_are_not_square(env):
    g = Graph()
    z = g.op("Det", g.op("Neg", g.input("x", F32, ["N", "A", "B"])))
    named(g, "det_mid")
    g.output("z", z, F32, ["N"])
    with loaded(env, g) as model:
        expect(model, {}, ("x", ones(1, 2, 3), "det_mid", "a square matrix, got 3 and 2"))
        good(model, {"x": np.float32([[[1, 2], [3, 4]]])}, np.float32([-2]))


@case
def lengths_beyond_a_cache(env):
    """Samples that are longer than the longest, or had more than the cache holds."""
    g = Graph(opset=21)
    q, k = g.input("q", F32, ["N", "S", 32]), g.input("k", F32, ["K", "R", "W"])
    past = g.input("past", F32, ["M", "G", "P", 8])
    lengths, total = g.input("lengths", I32, ["B"]), g.input("total", I32, [])
    z = own(g, "GroupQueryAttention", g.op("Neg", q), k, k, past, past, lengths, total,
            num_heads=4, kv_num_heads=2)
    named(g, "groups_mid")
    g.output("z", z, F32, ["N", "S", 32])
    with loaded(env, g) as model:
        fine = {"q": ones(1, 1, 32), "k": ones(1, 1, 16), "past": ones(1, 2, 3, 8),
                "lengths": np.int32([3]), "total": np.array(4, np.int32)}
        expect(model, fine,
               ("lengths", np.int32([4]), "groups_mid", "index 0 is 4, expects one in [-4, 3]"),
               ("lengths", np.int32([-1]), "groups_mid", "expects one in [-4, 3]"),
               ("lengths", np.int32([3, 3]), "groups_mid", "as many elements as before"),
               ("past", ones(1, 2, 2, 8), "groups_mid", "index 0 is 3, expects one in [-3, 2]"),
               ("past", ones(2, 2, 3, 8), "groups_mid", "equal extents off the axis"),
               ("past", ones(1, 1, 3, 8), "groups_mid", "equal extents off the axis"),
               ("k", ones(1, 2, 16), "groups_mid", "equal extents off the axis"),
               ("k", ones(1, 1, 24), "groups_mid", "as many elements as before"))
        good(model, fine, ones(1, 1, 32))


@case
def heads_that_do_not_divide(env):
    g = Graph(opset=21)
    q, k = (g.input(n, F32, ["N", f"{n}_H", f"{n}_L", 4]) for n in "qk")
    z = own(g, "FlexAttention", g.op("Neg", q), k, k, domain="ai.onnx.preview")
    named(g, "flex_mid")
    g.output("z", z, F32, ["N", None, None, 4])
    with loaded(env, g) as model:
        fine = {"q": ones(1, 4, 3, 4), "k": ones(1, 2, 5, 4)}
        expect(model, fine, ("k", ones(1, 3, 5, 4), "flex_mid", "as many elements"))
        good(model, fine, ones(1, 4, 3, 4))


@case
def masks_of_more_keys(env):
    """A mask may be for fewer keys than there are."""
    g = Graph(opset=23)
    q, k = (g.input(n, F32, [1, 1, n.upper(), 4]) for n in "qk")
    z = g.op("Attention", g.op("Neg", q), k, k, g.input("mask", F32, ["A", "B"]))
    named(g, "attention_mid")
    g.output("z", z, F32, [1, 1, "Q", 4])
    with loaded(env, g) as model:
        fine = {"q": ones(1, 1, 3, 4), "k": ones(1, 1, 5, 4), "mask": ones(3, 2)}
        expect(model, fine, ("mask", ones(3, 6), "attention_mid", "got 5 and 6"),
               ("mask", ones(2, 5), "attention_mid", "got 3 and 2"))
        good(model, fine, ones(1, 1, 3, 4))


@case
def axis_without_a_transform(env):
    """A DFT along the axis of the parts, or along one that there is not."""
    g = Graph(opset=20)
    x, axis = g.input("x", F32, ["N", "M", 1]), g.input("axis", I64, [])
    z = g.op("DFT", g.op("Neg", x), "", axis)
    named(g, "dft_mid")
    g.output("z", z, F32, ["N", "M", 2])
    with loaded(env, g) as model:
        fine = {"x": ones(1, 2, 1), "axis": np.array(1)}
        expect(model, fine, *(("axis", np.array(bad), "dft_mid", "expects one in [-2, 1]")
                              for bad in (2, -1, -4, 3)))
        good(model, fine, np.float32([[[-2, 0], [0, 0]]]))
        good(model, fine | {"axis": np.array(-3)}, np.float32([[[-1, 0], [-1, 0]]]))
