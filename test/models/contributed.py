"""Operators of ONNX Runtime's own, as its tools write them into files, against ONNX
Runtime: each in the forms that its documentation names.

Scales are powers of two where results are steps: whatever the order of a formula, it
is exact then, halves too.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper

from builder import BOOL, F32, I32, I64, U8, Graph
from forms import floats

I8 = TensorProto.INT8
RUNTIME = "com.microsoft"


def save(g, path, name):
    """ONNX's checker does not know the operators."""
    model = g.model(name)
    if all(opset.domain != RUNTIME for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid(RUNTIME, 1))
    onnx.save(model, str(path))
    return path


def own(g, kind, *inputs, **attributes):
    return g.op(kind, *inputs, domain=RUNTIME, **attributes)


def drawn(g, seed, *shape, scale=0.5):
    """A constant of floats."""
    value = np.random.default_rng(seed).normal(0, scale, shape)
    return g.constant(value, np.float32)


# Activations and products of floats.

def runtime_activations(path):
    g = Graph()
    shape = ["N", "L", 8]
    x, bias = g.input("x", F32, shape), drawn(g, 1, 8)
    results = {"gelu": own(g, "Gelu", x), "fast": own(g, "FastGelu", x),
               "fast_bias": own(g, "FastGelu", x, bias), "bias": own(g, "BiasGelu", x, bias),
               "quick": own(g, "QuickGelu", x), "quick_2": own(g, "QuickGelu", x, alpha=2.0)}
    for name, y in results.items():
        g.output(name, y, F32, shape)
    return save(g, path, "runtime_activations")


def steps_activations(rng):
    for n, length in ((1, 1), (2, 7), (3, 16), (1, 33), (0, 5), (4, 2)):
        yield {"x": rng.normal(0, 3, (n, length, 8)).astype(np.float32)}


def runtime_products(path):
    g = Graph()
    x, z = g.input("x", F32, ["N", 4, "L"]), g.input("z", F32, ["N", 5, "L"])
    image, added = g.input("image", F32, ["N", 4, "L", 6]), g.input("added", F32, ["N", 3, "L", 6])
    rows = g.input("rows", F32, ["L", 4])
    g.output("inner", own(g, "FusedMatMul", x, z, transB=1, alpha=0.5), F32, ["N", 4, 5])
    g.output("outer", own(g, "FusedMatMul", x, x, transA=1), F32, ["N", "L", "L"])
    g.output("both", own(g, "FusedMatMul", x, drawn(g, 1, 3, 4), transA=1, transB=1), F32,
             ["N", "L", 3])
    g.output("batches", own(g, "FusedMatMul", x, drawn(g, 2, 4, 4, 6), transBatchA=1,
                            transA=1, transBatchB=1), F32, [4, "L", 6])
    for i, (name, parameters) in enumerate((
            ("Relu", {}), ("HardSigmoid", {"activation_alpha": 0.3, "activation_beta": 0.4}),
            ("Selu", {"activation_alpha": 1.5, "activation_gamma": 1.1}))):
        y = own(g, "FusedGemm", rows, drawn(g, i, 3, 4), drawn(g, i + 9, 3), transB=1,
                alpha=0.5, beta=2.0, activation=name, **parameters)
        g.output(f"gemm_{name}", y, F32, ["L", 3])
    for i, (name, parameters) in enumerate((
            ("Relu", None), ("LeakyRelu", [0.3]), ("Clip", [-0.2, 0.4]))):
        y = own(g, "FusedConv", image, drawn(g, i, 3, 4, 3, 3), drawn(g, i + 9, 3),
                *([added] if i == 0 else []), pads=[1, 1, 1, 1], activation=name,
                activation_params=parameters)
        g.output(f"conv_{name}", y, F32, ["N", 3, "L", 6])
    return save(g, path, "runtime_products")


def steps_products(rng):
    for n, length in ((4, 1), (4, 7), (4, 16), (4, 33), (4, 5)):
        yield {"x": floats(rng, n, 4, length), "z": floats(rng, n, 5, length),
               "image": floats(rng, n, 4, length, 6), "added": floats(rng, n, 3, length, 6),
               "rows": floats(rng, length, 4)}


# Normalisations.

def runtime_normalizations(path):
    g = Graph()
    shape = ["N", "L", 8]
    x, skip = g.input("x", F32, shape), g.input("skip", F32, shape)
    ids, kinds = g.input("ids", I32, ["N", "L"]), g.input("kinds", I32, ["N", "L"])
    mask, places = g.input("mask", I32, ["N", "L"]), g.input("places", I32, ["N", "L"])
    gamma, beta, bias = (drawn(g, i, 8) for i in range(3))

    def outputs(name, kind, *operands, **attributes):
        y, _, _, total = own(g, kind, *operands, outputs=4, **attributes)
        g.nodes[-1].output[1:3] = ["", ""]  # Statistics of training.
        g.output(name, y, F32, shape)
        g.output(f"{name}_sum", total, F32, shape)

    outputs("skip_all", "SkipLayerNormalization", x, skip, gamma, beta, bias, epsilon=1e-3)
    outputs("skip_few", "SkipLayerNormalization", x, skip, gamma)
    outputs("simple_all", "SkipSimplifiedLayerNormalization", x, skip, gamma, bias, epsilon=1e-3)
    outputs("simple_few", "SkipSimplifiedLayerNormalization", x, skip, gamma)
    g.output("simplified", g.op("SimplifiedLayerNormalization", x, gamma, axis=-1, epsilon=1e-3,
                                stash_type=1), F32, shape)
    tables = [drawn(g, 10 + i, rows, 8) for i, rows in enumerate((9, 40, 2))]
    y, index, total = own(g, "EmbedLayerNormalization", ids, kinds, *tables, gamma, beta, mask,
                          outputs=3, epsilon=1e-3)
    g.output("embedded", y, F32, shape)
    g.output("index", index, I32, ["N"])
    g.output("embedding_sum", total, F32, shape)
    y = own(g, "EmbedLayerNormalization", ids, "", *tables[:2], "", gamma, beta, "", places,
            outputs=2)
    g.output("embedded_few", y[0], F32, shape)
    g.output("no_index", y[1], I32, ["N"])
    return save(g, path, "runtime_normalizations")


def steps_normalizations(rng):
    for n, length in ((1, 1), (2, 7), (3, 16), (1, 33), (4, 2)):
        mask = np.ones((n, length), np.int32)
        mask[1:, length // 2 + 1:] = 0
        yield {"x": floats(rng, n, length, 8), "skip": floats(rng, n, length, 8),
               "ids": rng.integers(0, 9, (n, length), np.int32),
               "kinds": rng.integers(0, 2, (n, length), np.int32), "mask": mask,
               "places": rng.integers(0, 40, (n, length), np.int32)}


# Attention.

def runtime_attention(path):
    g = Graph()
    x = g.input("x", F32, ["N", "L", 6])
    mask, lengths = g.input("mask", I64, ["N", "L"]), g.input("lengths", I32, ["N"])
    cube = g.input("cube", I32, ["N", "L", "L"])
    past = g.input("past", F32, [2, "N", 2, "P", 4])
    bias = g.input("bias", F32, [1, 2, "L", "L"])
    weights, added = drawn(g, 1, 6, 24), drawn(g, 2, 24)
    seen = g.op("Cast", mask, to=I32)  # As exporters of BERT have it.
    shape = ["N", "L", 8]
    for name, extra, attributes in (
            ("masked", (seen, "", bias), {"mask_filter_value": -5000.0}),
            ("counted", (lengths,), {}), ("each", (cube,), {"scale": 0.4})):
        y = own(g, "Attention", x, weights, added, *extra, num_heads=2, **attributes)
        g.output(name, y, F32, shape)
    y, present = own(g, "Attention", x, weights, added, "", past, num_heads=2, unidirectional=1,
                     outputs=2)
    g.output("continued", y, F32, shape)
    g.output("present", present, F32, [2, "N", 2, "T", 4])
    y = own(g, "Attention", x, drawn(g, 3, 6, 20), drawn(g, 4, 20), num_heads=2,
            qkv_hidden_sizes=[8, 8, 4])
    g.output("narrow", y, F32, ["N", "L", 4])
    return save(g, path, "runtime_attention")


def steps_attention(rng):
    for n, length, past in ((1, 1, 0), (2, 7, 3), (3, 16, 1), (1, 33, 5), (2, 5, 8)):
        mask = np.ones((n, length), np.int64)
        mask[1:, length // 2 + 1:] = 0
        cube = rng.integers(0, 2, (n, length, length), np.int32)
        cube[:, :, 0] = 1
        yield {"x": floats(rng, n, length, 6), "mask": mask,
               "lengths": mask.sum(1).astype(np.int32), "cube": cube,
               "past": floats(rng, 2, n, 2, past, 4), "bias": floats(rng, 1, 2, length, length)}


def runtime_heads(path):
    g = Graph()
    q = g.input("q", F32, ["N", "L", 8])
    k, v = g.input("k", F32, ["N", "K", 8]), g.input("v", F32, ["N", "K", 4])
    mask = g.input("mask", I32, ["N", "K"])
    past_key, past_value = (g.input(n, F32, ["N", 2, "P", 4]) for n in ("past_key", "past_value"))
    bias = drawn(g, 1, 20)
    plain = own(g, "MultiHeadAttention", q, k, v, num_heads=2)
    g.output("plain", plain, F32, ["N", "L", 4])
    k_heads, v_heads = (g.input(f"{n}_heads", F32, ["N", 2, "K", 4]) for n in "kv")
    y = own(g, "MultiHeadAttention", q, k_heads, v_heads, "", mask, num_heads=2)
    g.output("crossed", y, F32, ["N", "L", 8])
    y = own(g, "MultiHeadAttention", q, k, v, bias, mask, num_heads=2, scale=0.3)
    g.output("biased", y, F32, ["N", "L", 4])
    y, key, value = own(g, "MultiHeadAttention", q, q, q, "", "", "", past_key, past_value,
                        num_heads=2, unidirectional=1, outputs=3)
    g.output("continued", y, F32, ["N", "L", 8])
    g.output("key", key, F32, ["N", 2, "T", 4])
    g.output("value", value, F32, ["N", 2, "T", 4])
    return save(g, path, "runtime_heads")


def steps_heads(rng):
    for n, length, keys, past in ((1, 1, 1, 0), (2, 7, 5, 3), (3, 16, 9, 1), (1, 13, 33, 5)):
        mask = np.ones((n, keys), np.int32)
        mask[1:, keys // 2 + 1:] = 0
        yield {"q": floats(rng, n, length, 8), "k": floats(rng, n, keys, 8),
               "v": floats(rng, n, keys, 4), "mask": mask,
               "k_heads": floats(rng, n, 2, keys, 4), "v_heads": floats(rng, n, 2, keys, 4),
               "past_key": floats(rng, n, 2, past, 4), "past_value": floats(rng, n, 2, past, 4)}


# Quantised numbers.

class Steps:
    """Scales and zero points as constants, of one type."""

    def __init__(self, g, kind):
        self.g, self.kind = g, kind

    def at(self, scale, point):
        return self.g.constant(scale, np.float32), self.g.constant(point, self.kind)


def quantized_outputs(g, s, x, z, choice, name, elements):
    """Of operands of type `elements`; every result has it too."""
    shape = ["N", 4, "L"]
    four, half, one = s.at(0.25, 3), s.at(0.5, 5), s.at(1.0, 9)
    without = (four[0], "", half[0], "")
    results = {
        "add": own(g, "QLinearAdd", x, *four, z, *half, *half),
        "mul": own(g, "QLinearMul", x, *four, z, *half, *one),
        "sigmoid": own(g, "QLinearSigmoid", x, *s.at(0.0625, 3), *s.at(1 / 128, 0)),
        "leaky": own(g, "QLinearLeakyRelu", x, *four, *half, alpha=0.25),
        "leaky_no_points": own(g, "QLinearLeakyRelu", x, *without, alpha=0.25),
        "softmax": own(g, "QLinearSoftmax", x, *s.at(0.0625, 3), *s.at(1 / 64, 0), axis=-1,
                       opset=13),
        "softmax_rows": own(g, "QLinearSoftmax", x, *s.at(0.0625, 3), *s.at(1 / 64, 0), axis=1,
                            opset=11),
        "where": own(g, "QLinearWhere", choice, x, *four, z, *half, *half)}
    for result, y in results.items():
        g.output(f"{name}_{result}", y, elements, shape)
    y = own(g, "QLinearConcat", *half, x, *four, z, *half, axis=1)
    g.output(f"{name}_concat", y, elements, ["N", 8, "L"])
    y = own(g, "QLinearAveragePool", x, *four, *half, kernel_shape=[2], pads=[1, 0])
    g.output(f"{name}_pool", y, elements, ["N", 4, "P"])
    real = own(g, "DequantizeLinear", x, *four)
    g.output(f"{name}_real", real, F32, shape)
    g.output(f"{name}_again", own(g, "QuantizeLinear", real, *half), elements, shape)


def runtime_quantized(path):
    g = Graph()
    shape = ["N", 4, "L"]
    choice = g.input("choice", BOOL, shape)
    for name, elements, kind in (("u8", U8, np.uint8), ("i8", I8, np.int8)):
        x, z = g.input(f"x_{name}", elements, shape), g.input(f"z_{name}", elements, shape)
        quantized_outputs(g, Steps(g, kind), x, z, choice, name, elements)
    images = g.input("images", U8, ["N", 4, "L", 8])
    s = Steps(g, np.uint8)
    y = own(g, "QLinearGlobalAveragePool", images, *s.at(0.25, 3), *s.at(0.125, 7))
    g.output("global", y, U8, ["N", 4, 1, 1])
    last = g.op("Transpose", images, perm=[0, 2, 3, 1])
    y = own(g, "QLinearAveragePool", last, *s.at(0.25, 3), *s.at(0.5, 7), kernel_shape=[2, 2],
            pads=[1, 1, 1, 1], count_include_pad=1, channels_last=1)
    g.output("last", y, U8, ["N", "P", 9, 4])
    y = own(g, "NhwcMaxPool", last, kernel_shape=[2, 2], strides=[1, 2], pads=[1, 0, 0, 0])
    g.output("last_largest", y, U8, ["N", "L", 4, 4])
    weights = g.constant(np.random.default_rng(4).integers(-64, 65, (5, 4, 3, 3)), np.int8)
    y = own(g, "QLinearConv", last, *s.at(0.25, 3), weights, *Steps(g, np.int8).at(0.5, 0),
            *s.at(64.0, 100), pads=[1, 1, 1, 1], channels_last=1)
    g.output("last_convolution", y, U8, ["N", "L", 8, 5])
    return save(g, path, "runtime_quantized")


def steps_quantized(rng):
    # Powers of two: means are exact.
    for n, length in ((1, 1), (2, 8), (3, 16), (1, 32), (4, 2)):
        def draw(kind, *shape):
            limits = np.iinfo(kind)
            return rng.integers(limits.min, limits.max, shape, kind, endpoint=True)

        yield {"choice": rng.integers(0, 2, (n, 4, length)).astype(bool),
               **{f"{v}_{k}": draw(t, n, 4, length) for k, t in (("u8", np.uint8), ("i8", np.int8))
                  for v in "xz"},
               "images": draw(np.uint8, n, 4, length, 8)}


def runtime_quantized_products(path):
    g = Graph()
    rows, x = g.input("rows", U8, ["L", 24]), g.input("x", F32, ["N", "L", 24])
    batches = g.input("batches", U8, ["N", "L", 24])
    rng = np.random.default_rng(5)
    # Small weights: see steps_quantized_product in quantized.py.
    weights = g.constant(rng.integers(-64, 65, (24, 8)), np.int8)
    turned = g.constant(rng.integers(-64, 65, (8, 24)), np.int8)
    added = g.constant(rng.integers(-5000, 5000, 8), np.int32)
    bias = drawn(g, 1, 8)
    single = (g.constant(0.25, np.float32), g.constant(1, np.int8))
    each = (g.constant(2.0 ** rng.integers(-4, 2, 8), np.float32),
            g.constant(rng.integers(-9, 9, 8), np.int8))
    a = (g.constant(0.5, np.float32), g.constant(7, np.uint8))
    result = (g.constant(64.0, np.float32), g.constant(100, np.uint8))
    y = own(g, "QGemm", rows, *a, turned, *single, added, *result, transB=1)
    g.output("gemm", y, U8, ["L", 8])
    y = own(g, "QGemm", rows, *a, weights, *each, "", *result, alpha=2.0)
    g.output("gemm_columns", y, U8, ["L", 8])
    g.output("gemm_real", own(g, "QGemm", rows, *a, weights, *each, added), F32, ["L", 8])
    y = own(g, "MatMulIntegerToFloat", batches, weights, a[0], each[0], a[1], each[1], bias)
    g.output("to_float", y, F32, ["N", "L", 8])
    y = own(g, "MatMulIntegerToFloat", batches, weights, a[0], single[0])
    g.output("to_float_few", y, F32, ["N", "L", 8])
    g.output("dynamic", own(g, "DynamicQuantizeMatMul", x, weights, each[0], each[1], bias), F32,
             ["N", "L", 8])
    g.output("dynamic_few", own(g, "DynamicQuantizeMatMul", x, weights, single[0]), F32,
             ["N", "L", 8])
    return save(g, path, "runtime_quantized_products")


def steps_quantized_products(rng):
    for n, length in ((1, 1), (2, 7), (3, 16), (1, 33), (4, 2)):
        yield {"rows": rng.integers(0, 256, (length, 24), np.uint8),
               "x": floats(rng, n, length, 24),
               "batches": rng.integers(0, 256, (n, length, 24), np.uint8)}


def runtime_few_bits(path):
    """Weights of 2, 4 and 8 bits in blocks; K is no whole number of blocks."""
    g = Graph()
    x = g.input("x", F32, ["N", "L", 40])
    rng = np.random.default_rng(6)
    bias = drawn(g, 1, 7)
    for bits in (2, 4, 8):
        bytes_each = 16 * bits // 8
        packed = g.constant(rng.integers(0, 256, (7, 3, bytes_each)), np.uint8)
        scales = g.constant(rng.uniform(0.01, 0.1, (7, 3)), np.float32)
        points = g.constant(rng.integers(0, 256, (7, (3 * bits + 7) // 8)), np.uint8)
        form = dict(K=40, N=7, bits=bits, block_size=16)
        g.output(f"plain_{bits}", own(g, "MatMulNBits", x, packed, scales, **form), F32,
                 ["N", "L", 7])
        y = own(g, "MatMulNBits", x, packed, scales, points, "", bias, **form)
        g.output(f"points_{bits}", y, F32, ["N", "L", 7])
        if bits == 4:  # Points between steps.
            y = own(g, "MatMulNBits", x, packed, scales, drawn(g, 2, 7, 3, scale=4), **form)
            g.output("real_points", y, F32, ["N", "L", 7])
    return save(g, path, "runtime_few_bits")


def steps_few_bits(rng):
    for n, length in ((1, 1), (2, 7), (3, 16), (1, 33)):
        yield {"x": floats(rng, n, length, 40)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (runtime_activations, steps_activations), (runtime_products, steps_products),
    (runtime_normalizations, steps_normalizations), (runtime_attention, steps_attention),
    (runtime_heads, steps_heads), (runtime_quantized, steps_quantized),
    (runtime_quantized_products, steps_quantized_products),
    (runtime_few_bits, steps_few_bits))}
