"""Positions, sizes and ratios that no tensor has, which the run alone knows: a status that
names the node and the value, and the next run works."""

import numpy as np

from bad_inputs import case
from bad_operators import expect, loaded, own
from bad_runs import BAD, good, named, ones
from bad_inputs import refused
from builder import F32, I64, Graph


@case
def blocks_that_do_not_fit(env):
    """Columns of an image whose block is an input."""
    g = Graph(opset=18)
    x, image, block = (g.input("x", F32, ["N", "C", "L"]), g.input("image", I64, [2]),
                       g.input("block", I64, [2]))
    z = g.op("Col2Im", g.op("Neg", x), image, block)
    named(g, "columns_mid")
    g.output("z", z, F32, [None] * 4)
    with loaded(env, g) as model:
        fine = {"x": ones(1, 4, 6), "image": np.array([3, 4]), "block": np.array([2, 2])}
        expect(model, fine,
               ("block", np.array([3, 2]), "columns_mid", "the 6 elements of a block", "got 4"),
               ("block", np.array([0, 2]), "'block'", "is 0, expected one in [1, "),
               ("image", np.array([3, 5]), "columns_mid", "the 8 places of a block, got 6"),
               ("x", ones(1, 5, 6), "columns_mid", "the 4 elements of a block", "got 5"))
        good(model, fine, -np.float32([[[[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]]]]))


@case
def taps_that_do_not_fit(env):
    """A causal convolution whose weight and state are inputs."""
    g = Graph(opset=23)
    x, weight, past = (g.input("x", F32, ["N", "C", "L"]), g.input("w", F32, ["D", 1, "K"]),
                       g.input("past", F32, ["M", "E", "P"]))
    z = g.op("CausalConvWithState", g.op("Neg", x), weight, "", past, outputs=2)[0]
    named(g, "causal_mid")
    g.output("z", z, F32, [None] * 3)
    with loaded(env, g, opset=27) as model:
        fine = {"x": ones(1, 2, 3), "w": ones(2, 1, 2), "past": ones(1, 2, 1)}
        expect(model, fine,
               ("w", ones(3, 1, 2), "causal_mid", "as many elements"),
               ("w", ones(2, 1, 3), "causal_mid", "as many elements"),
               ("past", ones(1, 3, 1), "causal_mid", "as many elements"),
               ("past", ones(2, 2, 1), "causal_mid", "as many elements"),
               ("past", ones(1, 2, 2), "causal_mid", "as many elements"))
        good(model, fine, np.float32([[[0, -2, -2], [0, -2, -2]]]))


@case
def indices_of_no_block(env):
    """Rows of a table of blocks."""
    g = Graph(opset=21)
    at = g.input("at", I64, ["N"])
    table = g.constant(np.full((3, 16), 0x99, np.uint8), np.uint8)
    scales = g.constant(np.ones((3, 1)), np.float32)
    z = own(g, "GatherBlockQuantized", table, at, scales, block_size=32, bits=4)
    named(g, "blocks_mid")
    g.output("z", g.op("Neg", z), F32, ["N", 32])
    with loaded(env, g) as model:
        fine = {"at": np.array([2, 0])}
        expect(model, fine,
               ("at", np.array([0, 3]), "blocks_mid", "index 1 is 3, expects one in [-3, 2]"),
               ("at", np.array([-4]), "blocks_mid", "index 0 is -4"))
        good(model, fine, -ones(2, 32))


@case
def places_of_no_sequence(env):
    """Positions in a sequence whose tensors are inputs, and tensors that do not join."""
    g = Graph(opset=17)
    a, b, at = g.input("a", F32, ["A"]), g.input("b", F32, ["B"]), g.input("at", I64, [])
    items = g.op("SequenceConstruct", a, g.op("Neg", b))
    y = g.op("SequenceAt", items, at)
    named(g, "at_mid")
    fewer = g.op("SequenceErase", g.op("SequenceInsert", items, g.op("Exp", a)), at)
    named(g, "erase_mid")
    z = g.op("ConcatFromSequence", fewer, axis=1, new_axis=1)
    named(g, "stack_mid")
    g.output("y", y, F32, ["Y"])
    g.output("z", z, F32, ["Z", "W"])
    with loaded(env, g) as model:
        fine = {"a": ones(2), "b": ones(2), "at": np.array(-1)}
        expect(model, fine,
               ("at", np.array(3), "_mid", "index 0 is 3, expects one in [-"),
               ("at", np.array(2), "at_mid", "index 0 is 2, expects one in [-2, 1]"),
               ("at", np.array(-3), "at_mid", "index 0 is -3, expects one in [-2, 1]"),
               ("at", np.array(-4), "_mid", "index 0 is -4, expects one in [-"),
               ("b", ones(3), "stack_mid"))
        good(model, fine, -ones(2))


@case
def an_optional_without_a_tensor(env):
    """What is taken out where there is nothing."""
    from onnx import TensorProto, helper

    g = Graph(opset=18)
    held = helper.make_tensor_type_proto(TensorProto.FLOAT, ["N"])
    g.inputs.append(helper.make_value_info("o", helper.make_optional_type_proto(held)))
    z = g.op("OptionalGetElement", "o")
    named(g, "take_mid")
    g.output("z", g.op("Neg", z), F32, ["N"])
    with loaded(env, g) as model:
        expect(model, {}, ("o", None, "take_mid", "index 0 is 0"))
        good(model, {"o": ones(3)}, -ones(3))


@case
def ratios_of_a_training(env):
    """A Dropout that is in training when an input says so."""
    g = Graph(opset=13)
    x, ratio, training = (g.input("x", F32, ["N"]), g.input("ratio", F32, []),
                          g.input("training", 9, []))
    z = g.op("Dropout", g.op("Neg", x), ratio, training, seed=3)
    named(g, "drop_mid")
    g.output("z", z, F32, ["N"])
    with loaded(env, g) as model:
        fine = {"x": ones(4), "ratio": np.float32(0), "training": np.array(True)}
        refused(model, fine | {"training": ones(1)}, BAD, "training")
        refused(model, fine | {"ratio": ones(2)}, BAD, "ratio")
        good(model, fine, -ones(4))
        for ratio, training in ((1.0, True), (7.0, False)):
            model.run(fine | {"ratio": np.float32(ratio), "training": np.array(training)})
        good(model, fine, -ones(4))


@case
def places_to_insert(env):
    """Before a position of a sequence, from either end."""
    g = Graph(opset=17)
    a, at = g.input("a", F32, ["A"]), g.input("at", I64, [])
    more = g.op("SequenceInsert", g.op("SequenceConstruct", a, a), g.op("Neg", a), at)
    named(g, "insert_mid")
    g.output("z", g.op("ConcatFromSequence", more, axis=0), F32, ["Z"])
    with loaded(env, g) as model:
        fine = {"a": ones(1), "at": np.array(-1)}
        expect(model, fine, *(("at", np.array(bad), "insert_mid", "expects one in [-3, 2]")
                              for bad in (3, -3, -4)))
        for place, expected in ((-2, (-1, 1, 1)), (0, (-1, 1, 1)), (-1, (1, -1, 1)),
                                (2, (1, 1, -1))):
            good(model, fine | {"at": np.array(place)}, np.float32(expected))
