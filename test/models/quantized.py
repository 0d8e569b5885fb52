"""Quantisation in every form that kernels have types for: scales for the tensor, an
axis from either end and blocks, 8, 16 and 32 bits, with and without zero points, of
halves; and products of what was quantised by its own range.

The data include ties, what no step holds, and tensors of zeros.
"""

import numpy as np
from onnx import TensorProto

from builder import F32, I32, U8, Graph

F16, I8, I16, U16 = (TensorProto.FLOAT16, TensorProto.INT8, TensorProto.INT16,
                     TensorProto.UINT16)
TYPES = {np.uint8: U8, np.int8: I8, np.uint16: U16, np.int16: I16}
SHAPES = ((1, 1), (2, 7), (3, 16), (5, 13), (1, 33), (4, 2), (7, 5), (2, 64))


def both(g, x, name, scale, point, shape, real=F32, **attributes):
    """The steps, and what they stand for, as outputs."""
    operands = [scale] if point is None else [scale, g.constant(point[0], point[1])]
    steps = g.op("QuantizeLinear", x, *operands, **attributes)
    g.output(f"{name}_steps", steps, TYPES[point[1]] if point else U8, shape)
    attributes.pop("output_dtype", None)
    g.output(name, g.op("DequantizeLinear", steps, *operands, **attributes), real, shape)


def quantized(path):
    g = Graph(21)
    shape = ["N", 4, "L"]
    x, half = g.input("x", F32, shape), g.input("half", F16, shape)
    vector, sums = g.input("vector", F32, ["L"]), g.input("sums", I32, shape)
    blocks = g.input("blocks", F32, ["N", 2, "L"])
    single = g.constant(0.3, np.float32)
    four = g.constant([0.25, 0.3, 1, 7], np.float32)
    both(g, x, "tensor", single, None, shape)
    both(g, x, "signed", single, (-3, np.int8), shape)
    for kind in (np.uint16, np.int16):
        fine = g.constant(1e-3, np.float32)
        both(g, x, np.dtype(kind).name, fine, (5, kind), shape)
    both(g, x, "channels", four, ([0, 1, 255, 7], np.uint8), shape)
    both(g, x, "from_the_end", four, ([0, 1, -128, 7], np.int8), shape, axis=-2)
    both(g, half, "halves", g.constant([0.25, 0.3, 1, 7], np.float16),
         ([0, 1, 2, 3], np.int8), shape, F16)
    both(g, vector, "row", g.constant([0.3], np.float32), ([3], np.uint8), ["L"])
    both(g, x, "blocks_of_two", blocks, None, shape, axis=1, block_size=2)
    g.output("wide", g.op("DequantizeLinear", sums, four), F32, shape)
    return g.save(str(path), "quantized")


def quantized_product(path):
    """As ONNX Runtime quantises a product while the model runs."""
    g = Graph(18)
    x = g.input("x", F32, ["N", 4, "L"])
    weights, points = g.input("weights", I8, ["L", 3]), g.input("points", I8, [3])
    steps, scale, point = g.op("DynamicQuantizeLinear", x, outputs=3)
    y = g.op("MatMulInteger", steps, weights, point, points)
    g.output("y", g.op("Mul", g.op("Cast", y, to=F32), scale), F32, ["N", 4, 3])
    g.output("without_points", g.op("MatMulInteger", steps, weights), I32, ["N", 4, 3])
    for name, value, kind in (("scale", scale, F32), ("point", point, U8)):
        g.output(name, value, kind, [])
    return g.save(str(path), "quantized_product")


def reals(rng, *shape):
    """Some are halves of steps, some beyond every step."""
    data = rng.normal(0, 20, shape).astype(np.float32)
    data.flat[::3] = rng.integers(-300, 300, data.flat[::3].size) * np.float32(0.15)
    data.flat[::11] = rng.choice([1e9, -1e9, np.inf, -np.inf], data.flat[::11].size)
    return data


def steps_quantized(rng):
    for n, length in SHAPES:
        yield {"x": reals(rng, n, 4, length), "vector": reals(rng, length),
               "half": rng.normal(0, 20, (n, 4, length)).astype(np.float16),
               "sums": rng.integers(-2**30, 2**30, (n, 4, length), np.int32),
               "blocks": rng.uniform(0.1, 2, (n, 2, length)).astype(np.float32)}


def steps_quantized_product(rng):
    # ONNX Runtime adds pairs of products in 16 bits on processors with AVX2 and no
    # VNNI: of larger weights its sums are wrong.
    for i, (n, length) in enumerate(SHAPES):
        x = rng.normal(0, 3, (n, 4, length)).astype(np.float32)
        yield {"x": (x, np.zeros_like(x), np.abs(x), -np.abs(x))[i % 4],
               "weights": rng.integers(-64, 65, (length, 3), np.int8),
               "points": rng.integers(-9, 9, 3, np.int8)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (quantized, steps_quantized), (quantized_product, steps_quantized_product))}
