"""Families of networks: one network in several depths or widths, made of the same weights."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET, IR = 21, 10


class Network:
    """A graph whose weights are drawn by their names: what is narrower has the first channels
    of the widest."""

    def __init__(self, widest):
        self._widest, self._nodes, self._weights = widest, [], []

    def weight(self, name, *shape):
        draw = np.random.default_rng(list(name.encode()))
        whole = draw.standard_normal([max(self._widest, n) for n in shape[:2]] + [*shape[2:]],
                                     np.float32) / np.float32(np.sqrt(np.prod(shape[1:])))
        values = np.ascontiguousarray(whole[:shape[0], :shape[1]])
        self._weights.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind, inputs, name, **attributes):
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def convolution(self, x, name, outputs, inputs):
        weight = self.weight(f"{name}.weight", outputs, inputs, 3, 3)
        return self.node("Conv", [x, weight], name, pads=[1] * 4)

    def save(self, path, shape):
        """With the input x of this shape and the output y."""
        graph = helper.make_graph(
            self._nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], self._weights)
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                                    ir_version=IR), path)


def residual(path, blocks, width, widest):
    """Super-resolution by 2: blocks of two convolutions, as Dy-DCA's paths have them."""
    net = Network(2 * widest)
    x = net.convolution("x", "head", width, 3)
    for i in range(blocks):
        wide = net.node("Relu", [net.convolution(x, f"{i}.expand", 2 * width, width)], f"{i}.relu")
        x = net.node("Add", [x, net.convolution(wide, f"{i}.project", width, 2 * width)], f"{i}")
    net.convolution(x, "tail", 12, width)
    net.node("DepthToSpace", ["tail"], "y", blocksize=2, mode="CRD")
    net.save(path, [1, 3, "H", "W"])


def dense(path, layers, width):
    """Matrix products, whose weights are most of the file."""
    net = Network(width)
    x = "x"
    for i in range(layers):
        weight = net.weight(f"{i}.weight", width, width)
        x = net.node("Relu", [net.node("MatMul", [x, weight], f"{i}")], f"{i}.relu")
    net.node("Identity", [x], "y")
    net.save(path, ["N", width])


IMAGE, ROWS = [1, 3, 90, 160], [16, 1024]
# Of each family: what its variants are, how one of a size is made, sizes, and an input.
FAMILIES = {
    "depths": ("32 channels, 2 to 16 blocks", lambda p, n: residual(p, n, 32, 32),
               (2, 4, 8, 16), IMAGE),
    "layers": ("2 to 8 products of 1024 x 1024", lambda p, n: dense(p, n, 1024), (2, 4, 8), ROWS),
    "widths": ("8 blocks, 16 to 64 channels", lambda p, n: residual(p, 8, n, 64),
               (16, 32, 64), IMAGE),
    "tiny": ("8 channels, 1 and 2 blocks", lambda p, n: residual(p, n, 8, 8), (1, 2),
             [1, 3, 8, 8]),
}
