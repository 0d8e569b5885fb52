"""Quantisation in every form that kernels have types for: scales for the tensor, an
axis from either end and blocks, 4, 8, 16 and 32 bits and floats of 8, with and without
zero points, of halves, weights of 4 bits; products and convolutions of what is quantised.

The data include ties, what no step holds, and tensors of zeros.
"""

import numpy as np
from onnx import TensorProto, helper

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


def integer_convolutions(path):
    """Sums that f32 holds and sums that it does not, in every form of a window."""
    g = Graph(18)
    x, y = g.input("x", U8, ["N", 16, "H", "W"]), g.input("y", I8, ["N", 16, "H", "W"])
    line, point = g.input("line", U8, ["N", 4, "L"]), g.input("point", U8, [])
    rng = np.random.default_rng(1)

    def weights(kind, low, high, *shape):
        return g.constant(rng.integers(low, high, shape), kind)

    small = weights(np.int8, -64, 65, 32, 16, 3, 3)
    large = weights(np.uint8, 200, 256, 40, 16, 3, 3)  # 144 * 255 * 255 is a little below
    huge = weights(np.uint8, 200, 256, 3, 16, 5, 5)  # 2**24, 400 * 255 * 255 beyond it.
    grouped = weights(np.int8, -64, 65, 16, 4, 3, 3)
    deep = weights(np.int8, -64, 65, 16, 1, 3, 3)
    two, zero = g.constant(2, np.int8), g.constant(0, np.uint8)
    forms = {
        "padded": (x, small, point, two, {"pads": [1, 2, 0, 1]}),
        "plain": (x, large, "", "", {}),
        "wide": (x, huge, zero, g.constant(3, np.uint8), {"auto_pad": "SAME_UPPER"}),
        "strided": (y, small, g.constant(-7, np.int8), "", {"strides": [2, 3],
                                                            "pads": [1, 1, 1, 1]}),
        "dilated": (x, small, point, "", {"dilations": [2, 1], "pads": [2, 1, 2, 1]}),
        "grouped": (x, grouped, point, two, {"group": 4, "auto_pad": "SAME_LOWER"}),
        "depthwise": (x, deep, point, two, {"group": 16, "pads": [2, 1, 2, 1]}),
        "line": (line, weights(np.int8, -64, 65, 3, 4, 2), point, "", {"auto_pad": "VALID"})}
    for name, (a, w, a_point, w_point, window) in forms.items():
        operands = [a, w, a_point, w_point]
        while not operands[-1]:
            operands.pop()
        rank = 3 if name == "line" else 4
        g.output(f"{name}_sums", g.op("ConvInteger", *operands, **window), I32, [None] * rank)
    return g.save(str(path), "integer_convolutions")


def steps_integer_convolutions(rng):
    for n, h, w in ((1, 5, 5), (2, 7, 9), (1, 17, 13), (3, 6, 31), (1, 8, 8)):
        yield {"x": rng.integers(0, 256, (n, 16, h, w), np.uint8),
               "y": rng.integers(-128, 128, (n, 16, h, w), np.int8),
               "line": rng.integers(0, 256, (n, 4, w), np.uint8),
               "point": rng.integers(0, 256, (), np.uint8)}


def quantized_layers(path):
    """QLinearConv and QLinearMatMul, by scales for the tensor, and for channels,
    columns and rows."""
    g = Graph(21)
    x, y = g.input("x", U8, ["N", 16, "H", "W"]), g.input("y", I8, ["N", 16, "H", "W"])
    rows, stack = g.input("rows", U8, ["R", 24]), g.input("stack", U8, ["N", "L", 24])
    rng = np.random.default_rng(2)

    def at(scale, point, kind):
        return g.constant(scale, np.float32), g.constant(point, kind)

    def each(count):
        return at(rng.uniform(0.002, 0.02, count), np.zeros(count), np.int8)

    small = g.constant(rng.integers(-64, 65, (32, 16, 3, 3)), np.int8)
    huge = g.constant(rng.integers(150, 256, (5, 16, 5, 5)), np.uint8)
    deep = g.constant(rng.integers(-64, 65, (16, 1, 3, 3)), np.int8)
    bias = g.constant(rng.integers(-20000, 20000, 32), np.int32)
    unit, signed = at(0.05, 128, np.uint8), at(0.07, -3, np.int8)
    forms = {
        "channels": (x, unit, small, each(32), at(0.9, 120, np.uint8), [bias],
                     {"pads": [1, 1, 1, 1]}),
        "tensor": (x, unit, small, at(0.01, 0, np.int8), at(0.7, 3, np.uint8), [],
                   {"strides": [2, 2], "auto_pad": "SAME_LOWER"}),
        "wide": (x, unit, huge, at(0.01, 3, np.uint8), at(99.0, 7, np.uint8), [],
                 {"pads": [2, 2, 2, 2]}),
        "depthwise": (y, signed, deep, each(16), at(0.4, 9, np.int8), [],
                      {"group": 16, "dilations": [2, 2], "pads": [2, 2, 2, 2]})}
    for name, (a, a_at, w, w_at, y_at, added, window) in forms.items():
        result = g.op("QLinearConv", a, *a_at, w, *w_at, *y_at, *added, **window)
        g.output(name, result, I8 if name == "depthwise" else U8, [None] * 4)
    weights = g.constant(rng.integers(-64, 65, (24, 8)), np.int8)
    result = at(1.3, 100, np.uint8)
    product = g.op("QLinearMatMul", rows, *unit, weights, *each(8), *result)
    g.output("columns", product, U8, ["R", 8])
    product = g.op("QLinearMatMul", stack, *unit, weights, *at(0.02, 1, np.int8), *result)
    g.output("stack_of_rows", product, U8, ["N", "L", 8])
    return g.save(str(path), "quantized_layers")


def steps_quantized_layers(rng):
    for n, h, w in ((1, 5, 5), (2, 7, 9), (1, 17, 13), (3, 6, 31), (1, 8, 8)):
        yield {"x": rng.integers(0, 256, (n, 16, h, w), np.uint8),
               "y": rng.integers(-128, 128, (n, 16, h, w), np.int8),
               "rows": rng.integers(0, 256, (h, 24), np.uint8),
               "stack": rng.integers(0, 256, (n, w, 24), np.uint8)}


def quantized_movement(path):
    """What only moves elements, between a dequantisation and a quantisation of one scheme,
    and what looks like that: a sum, a limit, padding that is no step."""
    g = Graph(21)
    x = g.input("x", U8, ["N", 16, "H", "W"])
    scheme = g.constant(0.1, np.float32), g.constant(7, np.uint8)
    real = g.op("DequantizeLinear", x, *scheme)

    def ints(*numbers):
        return g.constant(numbers, np.int64)

    left, right = g.op("Split", real, ints(6, 10), axis=1, outputs=2)
    double = g.constant([1, 1, 2, 2], np.float32)
    pads, window = ints(0, 0, 1, 1, 0, 0, 2, 0), {"kernel_shape": [3, 3], "pads": [1] * 4}
    forms = {
        "nothing": real, "turned": g.op("Transpose", real, perm=[0, 2, 3, 1]),
        "rows": g.op("Reshape", real, ints(0, 4, -1)), "flat": g.op("Flatten", real),
        "swapped": g.op("Concat", right, left, axis=1),
        "part": g.op("Slice", real, ints(1), ints(-1), ints(2)),
        "chosen": g.op("Gather", real, ints(3, 0, 3), axis=1),
        "largest": g.op("MaxPool", real, **window),
        "positive": g.op("Relu", real),
        "padded": g.op("Pad", real, pads),
        "padded_with_step": g.op("Pad", real, pads, g.constant(-0.5, np.float32)),
        "padded_between": g.op("Pad", real, pads, g.constant(0.26, np.float32)),
        "repeated": g.op("Pad", real, pads, mode="edge"),
        "near": g.op("Resize", real, "", double, mode="nearest", nearest_mode="floor",
                     coordinate_transformation_mode="asymmetric"),
        "wide": g.op("DepthToSpace", real, blocksize=2),
        "summed": g.op("Add", real, g.op("Transpose", g.op("Transpose", real))),
        "chain": g.op("Transpose", g.op("MaxPool", right, **window), perm=[1, 0, 2, 3])}
    for name, value in forms.items():
        rank = {"rows": 3, "flat": 2}.get(name, 4)
        g.output(name, g.op("QuantizeLinear", value, *scheme), U8, [None] * rank)
    return g.save(str(path), "quantized_movement")


def steps_quantized_movement(rng):
    for n, h, w in ((1, 5, 5), (2, 7, 9), (1, 17, 13), (3, 6, 31), (1, 8, 8)):
        yield {"x": rng.integers(0, 256, (n, 16, h, w), np.uint8)}


def few_bits(path):
    """Weights of 4 bits as exporters write them: blocks along either axis, one scale per
    column, one for the tensor."""
    g = Graph(21)
    x = g.input("x", F32, ["N", "L", 32])
    rng = np.random.default_rng(3)

    def packed(name, kind, shape):
        low, high = (-8, 8) if kind == TensorProto.INT4 else (0, 16)
        numbers = rng.integers(low, high, shape)
        tensor = helper.make_tensor(name, kind, shape, numbers.reshape(-1))
        return g.op("Constant", value=tensor)

    def real(*shape):
        return g.constant(rng.uniform(0.01, 0.1, shape), np.float32)

    def product(name, weights):
        g.output(name, g.op("MatMul", x, weights), F32, ["N", "L", 6])

    for kind, name in ((TensorProto.INT4, "signed"), (TensorProto.UINT4, "unsigned")):
        w = packed(f"{name}_w", kind, (32, 6))
        points = packed(f"{name}_p", kind, (2, 6))
        product(f"{name}_blocks",
                g.op("DequantizeLinear", w, real(2, 6), points, axis=0, block_size=16))
        product(f"{name}_columns", g.op("DequantizeLinear", w, real(6)))
        product(f"{name}_tensor",
                g.op("DequantizeLinear", w, real(), packed(f"{name}_q", kind, ())))
        turned = packed(f"{name}_t", kind, (6, 32))
        rows = g.op("DequantizeLinear", turned, real(6, 2), axis=1, block_size=16)
        product(f"{name}_rows", g.op("Transpose", rows, perm=[1, 0]))
        product(f"{name}_converted", g.op("Cast", w, to=F32))
    return g.save(str(path), "few_bits")


def steps_few_bits(rng):
    for n, length in SHAPES:
        yield {"x": rng.normal(0, 1, (n, length, 32)).astype(np.float32)}


def narrow(path):
    """To floats of 8 bits and integers of 4, and back."""
    g = Graph(21)
    shape = ["N", 4, "L"]
    x, half = g.input("x", F32, shape), g.input("half", F16, shape)

    def constant(kind, *numbers):
        tensor = helper.make_tensor("c", kind, [len(numbers)] if numbers else [],
                                    numbers or [0])
        return g.op("Constant", value=tensor)

    def back(name, steps, scale, real, *point, **attributes):
        g.output(name, g.op("DequantizeLinear", steps, scale, *point, **attributes), real,
                 shape)

    single, halves = g.constant(0.3, np.float32), g.constant(0.3, np.float16)
    four = g.constant([0.25, 0.3, 1, 7], np.float32)
    for name in ("E4M3FN", "E4M3FNUZ", "E5M2", "E5M2FNUZ"):
        kind = getattr(TensorProto, f"FLOAT8{name}")
        zero = constant(kind)
        for saturate in (0, 1):
            steps = g.op("QuantizeLinear", x, single, zero, saturate=saturate)
            back(f"{name}_{saturate}", steps, single, F32, zero)
            cast = g.op("Cast", x, to=kind, saturate=saturate)
            g.output(f"{name}_{saturate}_cast", g.op("Cast", cast, to=F32), F32, shape)
        zeros = constant(kind, 0, 0, 0, 0)
        back(f"{name}_channels", g.op("QuantizeLinear", x, four, zeros), four, F32)
        back(f"{name}_halves", g.op("QuantizeLinear", half, halves, zero), halves, F16)
    for name, kind, points in (("signed", TensorProto.INT4, (-8, 0, 1, 7)),
                               ("unsigned", TensorProto.UINT4, (0, 1, 8, 15))):
        point = constant(kind, *points)
        steps = g.op("QuantizeLinear", x, four, point)
        back(name, steps, four, F32, point)
        moved = g.op("Transpose", steps, perm=[0, 2, 1])
        g.output(f"{name}_moved", g.op("Cast", moved, to=F32), F32, ["N", "L", 4])
    return g.save(str(path), "narrow")


def steps_narrow(rng):
    for n, length in SHAPES:
        yield {"x": reals(rng, n, 4, length),
               "half": rng.normal(0, 20, (n, 4, length)).astype(np.float16)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (quantized, steps_quantized), (quantized_product, steps_quantized_product),
    (integer_convolutions, steps_integer_convolutions),
    (quantized_layers, steps_quantized_layers),
    (quantized_movement, steps_quantized_movement), (few_bits, steps_few_bits),
    (narrow, steps_narrow))}
