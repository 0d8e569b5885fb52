"""Small models, each of one kernel that matters on a phone, with the work that it is."""

import math
from dataclasses import dataclass, replace
from fnmatch import fnmatch

import numpy as np
import onnx
from onnx import numpy_helper, parser

HEADER = '<ir_version: 8, opset_import: ["" : 17]>\n'


@dataclass
class Kernel:
    name: str
    text: str       # A graph; what it declares without a value are weights.
    inputs: dict    # Shapes for dycc-run.
    products: int   # A product and a sum are two operations.
    numbers: int    # That are read or written at least once.
    program: int = 0  # Of the model's kernels, in the order of their launches.
    size: int = 4   # Bytes of a number.

    def in_halves(self):
        """The same of f16."""
        return replace(self, name=f"{self.name}, f16", text=self.text.replace("float", "float16"),
                       inputs={name: shape.replace("xf32", "xf16")
                               for name, shape in self.inputs.items()}, size=2)

    def model(self):
        model = parser.parse_model(HEADER + self.text)
        random = np.random.default_rng(0)
        for weight in model.graph.value_info:
            dims = [d.dim_value for d in weight.type.tensor_type.shape.dim]
            real = onnx.helper.tensor_dtype_to_np_dtype(weight.type.tensor_type.elem_type)
            values = random.standard_normal(dims).astype(real)
            model.graph.initializer.append(numpy_helper.from_array(values, weight.name))
        del model.graph.value_info[:]
        onnx.checker.check_model(model)
        return model


def product(name, rows, depth, columns):
    text = (f"g (float[M, {depth}] x) => (float[M, {columns}] y)"
            f" <float[{depth}, {columns}] w> {{ y = MatMul(x, w) }}")
    return Kernel(name, text, {"x": f"{rows}x{depth}xf32"}, rows * depth * columns,
                  rows * depth + depth * columns + rows * columns)


def convolution(name, inputs, outputs, extent, window, size, stride=1, groups=1):
    """Between two others, so that its images lie as they do in a network."""
    pads = window // 2
    padding = f"<pads = [{pads}, {pads}, {pads}, {pads}], strides = [{stride}, {stride}]," \
              f" group = {groups}>"
    after, near = size // stride, "<pads = [1, 1, 1, 1]>"
    text = (f"g (float[N, 3, H, W] x) => (float[N, 8, P, Q] y)"
            f" <float[{inputs}, 3, 3, 3] a, float[8, {outputs}, 3, 3] b,"
            f" float[{outputs}, {inputs // groups}, {window}, {window}] w>"
            f" {{ before = Conv{near}(x, a) c = Conv{padding}(before, w) y = Conv{near}(c, b) }}")
    taps = inputs // groups * window * window
    return Kernel(name, text, {"x": f"1x3x{size}x{extent}xf32"},
                  outputs * taps * after * (extent // stride),
                  inputs * size * extent + outputs * (taps + after * (extent // stride)),
                  program=1)


def attention(name, heads, length, width):
    text = (f"g (float[B, S, {width}] q, float[B, S, {width}] k, float[B, S, {width}] v)"
            f" => (float[B, S, {width}] y) {{ t = Transpose<perm = [0, 2, 1]>(k)"
            " a = MatMul(q, t) s = Softmax<axis = -1>(a) y = MatMul(s, v) }")
    shape = f"{heads}x{length}x{width}xf32"
    return Kernel(name, text, {"q": shape, "k": shape, "v": shape},
                  2 * heads * length * length * width, 4 * heads * length * width)


def of_any_shape(name, rows, depth, columns):
    text = "g (float[M, K] a, float[K, N] b) => (float[M, N] y) { y = MatMul(a, b) }"
    return Kernel(name, text, {"a": f"{rows}x{depth}xf32", "b": f"{depth}x{columns}xf32"},
                  rows * depth * columns, rows * depth + depth * columns + rows * columns)


def of_rows(name, operator, shape, result=None):
    """An operator that reduces `x`, of symbolic extents in front of the last one."""
    dims = [*"ABCD"[:len(shape) - 1], str(shape[-1])]
    after = dims if result is None else [dim if dim == "1" else dims[axis]
                                         for axis, dim in enumerate(result)]
    text = f"g (float[{', '.join(dims)}] x) => (float[{', '.join(after)}] y) {operator}"
    size = math.prod(shape)
    kept = size if result is None else math.prod(
        1 if dim == "1" else shape[axis] for axis, dim in enumerate(result))
    return Kernel(name, text, {"x": "x".join(map(str, shape)) + "xf32"}, 0, size + kept)


IN_F32 = [
    product("product by a weight, 256 x 192", 1024, 256, 192),
    of_any_shape("product of unknown extents", 512, 512, 512),
    attention("attention, 12 heads of 64", 12, 128, 64),
    convolution("convolution 1x1, 64 to 64", 64, 64, 56, 1, 56),
    convolution("convolution 3x3, 64 to 64", 64, 64, 56, 3, 56),
    convolution("convolution 3x3 by steps of 2, 32 to 64", 32, 64, 56, 3, 56, stride=2),
    convolution("depthwise 3x3, 64", 64, 64, 56, 3, 56, groups=64),
    of_rows("softmax, 1536 rows of 128", "{ y = Softmax<axis = -1>(x) }", [12, 128, 128]),
    of_rows("layer normalisation, 128 rows of 768",
            "<float[768] a, float[768] b> { y = LayerNormalization<axis = -1>(x, a, b) }",
            [1, 128, 768]),
    of_rows("instance normalisation, 64 images of 56 x 56",
            "<float[64] a, float[64] b> { y = InstanceNormalization(x, a, b) }",
            [1, 64, 56, 56]),
    of_rows("global average pool, 1280 images of 7 x 7", "{ y = GlobalAveragePool(x) }",
            [1, 1280, 7, 7], ["A", "B", "1", "1"]),
    of_rows("sum over columns, 3136 x 64",
            "<int64[1] axes = {0}> { y = ReduceSum(x, axes) }", [3136, 64], ["1", "B"]),
]

#: Those that are counted with numbers of 16 bits, too.
ALSO_IN_HALVES = ("product by a weight*", "convolution 1x1*", "convolution 3x3, *", "depthwise*",
                  "softmax*", "layer*")
KERNELS = [made for kernel in IN_F32 for made in (
    (kernel, kernel.in_halves()) if any(fnmatch(kernel.name, name) for name in ALSO_IN_HALVES)
    else (kernel,))]
