"""Small models, each of one kernel that matters on a phone."""

import subprocess
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TRIPLE = "aarch64-linux-gnu"


@dataclass
class Kernel:
    name: str
    op: str
    weights: tuple   # The shape of the right side.
    features: str = ""
    pads: int = 0
    groups: int = 1
    flags: tuple = ()
    bytes: bool = False

    def model(self):
        random = np.random.default_rng(0)
        values = (random.integers(-127, 128, self.weights).astype(np.int8) if self.bytes
                  else random.standard_normal(self.weights).astype(np.float32))
        of_image = len(self.weights) == 4
        shape = ["N", self.weights[1] * self.groups, "H", "W"] if of_image \
            else ["M", self.weights[0]]
        window = {"pads": [self.pads] * 4, "group": self.groups} if of_image else {}
        left, right = (TensorProto.UINT8, TensorProto.INT32) if self.bytes \
            else (TensorProto.FLOAT, TensorProto.FLOAT)
        graph = helper.make_graph(
            [helper.make_node(self.op, ["x", "w"], ["y"], **window)], "kernel",
            [helper.make_tensor_value_info("x", left, shape)],
            [helper.make_tensor_value_info("y", right, None)],
            [numpy_helper.from_array(values, "w")])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        return model


KERNELS = [
    Kernel("product, f32", "MatMul", (256, 192)),
    Kernel("convolution 1x1, f32", "Conv", (64, 64, 1, 1)),
    Kernel("convolution 3x3, f32", "Conv", (64, 64, 3, 3), pads=1,
           flags=("--winograd", "off")),
    Kernel("convolution 3x3 by Winograd, f32", "Conv", (64, 64, 3, 3), pads=1),
    Kernel("depthwise 3x3, f32", "Conv", (64, 1, 3, 3), pads=1, groups=64),
    Kernel("product, stored in f16", "MatMul", (256, 192), flags=("--precision", "f16")),
    Kernel("product, 8 bits, dotprod", "MatMulInteger", (256, 192), "+dotprod", bytes=True),
    Kernel("convolution 3x3, 8 bits, dotprod", "ConvInteger", (64, 64, 3, 3), "+dotprod",
           pads=1, bytes=True),
    Kernel("product, 8 bits, i8mm", "MatMulInteger", (256, 192),
           "+dotprod,+fullfp16,+i8mm", bytes=True),
    Kernel("convolution 3x3, 8 bits, i8mm", "ConvInteger", (64, 64, 3, 3),
           "+dotprod,+fullfp16,+i8mm", pads=1, bytes=True),
    Kernel("product, 8 bits", "MatMulInteger", (256, 192), bytes=True),
]


def compiled(kernel, dycc, folder):
    """The path of a library with that kernel."""
    model, library = folder / "kernel.onnx", folder / "kernel.so"
    onnx.save(kernel.model(), model)
    features = ["--mattr", kernel.features] if kernel.features else []
    subprocess.run([str(dycc), str(model), "-o", str(library), "-q", "--target", TRIPLE,
                    *features, *kernel.flags], check=True)
    return library
