"""Writes a small convolutional network, in f32 or, as exporters do, in f16 as a whole.

    half_network.py FILE.onnx {float32,float16}
"""
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

CHANNELS = 16


def main(path, name):
    kind = np.dtype(name)
    element = helper.np_dtype_to_tensor_dtype(kind)
    random = np.random.default_rng(0)

    def weight(label, *shape):
        values = random.normal(0, np.prod(shape[1:]) ** -0.5, shape)
        return numpy_helper.from_array(values.astype(kind), label)

    nodes = [
        helper.make_node("Conv", ["x", "first", "bias"], ["a"], pads=[1] * 4),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "second"], ["c"], pads=[1] * 4),
        helper.make_node("Add", ["c", "b"], ["d"]),  # Two read what the first one made.
        helper.make_node("Conv", ["d", "flat"], ["e"]),
        helper.make_node("Conv", ["e", "down"], ["f"], pads=[1] * 4, strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["f"], ["g"]),
        helper.make_node("Flatten", ["g"], ["h"]),
        helper.make_node("MatMul", ["h", "dense"], ["y"])]
    weights = [weight("first", CHANNELS, CHANNELS, 3, 3), weight("bias", CHANNELS),
               weight("second", CHANNELS, CHANNELS, 3, 3), weight("flat", 40, CHANNELS, 1, 1),
               weight("down", 33, 40, 3, 3), weight("dense", 33, 70)]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "half", [value("x", element, ["N", CHANNELS, "H", "W"])],
                              [value("y", element, ["N", 70])], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
              path)


main(*sys.argv[1:])
