"""Single operators, each as a model with symbolic extents, at regular and at awkward
sizes."""

import numpy as np

import kernels
from builder import BOOL, F32, I64, U8, Graph
from suite_parts.recipes import Size, images, integers, normal
from suite_parts.registry import NO_PRODUCT, OPERATORS, Model

ROWS, BATCHES = ["M", "K"], ["B", "M", "K"]
PICTURE = ["N", 64, "H", "W"]
PICTURES = ((1, 64, 112, 112), (1, 64, 97, 131), (3, 64, 28, 28), (1, 64, 7, 7))


def one(name, body, out, dtype=F32, **inputs):
    """A `make` of a model whose `body(g, *inputs)` is one operator, or the few that
    exporters write for it. Inputs are extents, or (type, extents)."""
    def make(path):
        g = Graph(17)
        kinds = {n: v if isinstance(v, tuple) else (F32, v) for n, v in inputs.items()}
        values = [g.input(n, *kind) for n, kind in kinds.items()]
        g.output("y", body(g, *values), dtype, out)
        return g.save(path, name)
    return make


def weight(g, name, *shape):
    return kernels.weights(g, name, *shape)


def conv(outputs, inputs, size, stride=1, group=1):
    """A convolution that keeps an image's extents, over its stride."""
    def body(g, x):
        return g.op("Conv", x, weight(g, "w", outputs, inputs // group, size, size),
                    weight(g, "b", outputs), pads=[size // 2] * 4, group=group,
                    kernel_shape=[size, size], strides=[stride] * 2)
    return body


def transposed(g, x):
    return g.op("ConvTranspose", x, weight(g, "w", 64, 32, 2, 2), kernel_shape=[2, 2],
                strides=[2, 2])


def linear(g, x):
    return g.op("Add", g.op("MatMul", x, weight(g, "w", 768, 3072)), weight(g, "b", 3072))


def quantized_linear(g, x):
    """The same as ONNX Runtime's quantize_static writes it, with s8 weights that have a
    scale for each column."""
    scale, zero = g.constant(0.04, np.float32), g.constant(128, np.uint8)
    x = g.op("DequantizeLinear", g.op("QuantizeLinear", x, scale, zero), scale, zero)
    rng = np.random.default_rng(3)
    w = g.op("DequantizeLinear",
             g.weight("w", rng.integers(-127, 128, (768, 3072), np.int8)),
             g.weight("scales", rng.uniform(1e-4, 1e-3, 3072).astype(np.float32)),
             g.weight("zeros", np.zeros(3072, np.int8)), axis=1)
    return g.op("Add", g.op("MatMul", x, w), weight(g, "b", 3072))


def quantized_conv(outputs, inputs, size, group=1):
    """A convolution from u8 to u8, with s8 filters that have a scale each, and what is
    negative at 0."""
    def body(g, x):
        rng = np.random.default_rng(3)
        a = g.op("DequantizeLinear", x, g.constant(0.04, np.float32),
                 g.constant(128, np.uint8))
        filters = rng.integers(-127, 128, (outputs, inputs // group, size, size), np.int8)
        scales = rng.uniform(1e-4, 1e-3, outputs).astype(np.float32)
        w = g.op("DequantizeLinear", g.weight("w", filters), g.weight("scales", scales),
                 g.weight("zeros", np.zeros(outputs, np.int8)), axis=0)
        y = g.op("Conv", a, w, weight(g, "b", outputs), pads=[size // 2] * 4,
                 kernel_shape=[size, size], group=group)
        return g.op("QuantizeLinear", g.op("Relu", y), g.constant(0.03, np.float32),
                    g.constant(0, np.uint8))
    return body


def nbits_linear(g, x):
    """Weights of 4 bits with a scale and a zero point for blocks of 32, as language models
    come."""
    rng = np.random.default_rng(4)
    n, blocks = 4096, 128
    return g.op("MatMulNBits", x,
                g.weight("w", rng.integers(0, 256, (n, blocks, 16), np.uint8)),
                g.weight("scales", rng.uniform(1e-3, 1e-2, (n, blocks)).astype(np.float32)),
                g.weight("points", rng.integers(0, 256, (n, blocks // 2), np.uint8)),
                domain="com.microsoft", K=4096, N=n, bits=4, block_size=32)


def eight_bit_linear(g, x):
    """Weights of 8 bits with a scale for each column."""
    rng = np.random.default_rng(5)
    w = g.op("DequantizeLinear", g.weight("w", rng.integers(-127, 128, (4096, 4096), np.int8)),
             g.weight("scales", rng.uniform(1e-4, 1e-3, 4096).astype(np.float32)), axis=1)
    return g.op("MatMul", x, w)


def attention(g, q, k, v):
    scores = g.op("MatMul", q, g.op("Transpose", k, perm=[0, 2, 1]))
    scores = g.op("Mul", scores, g.constant(0.125, np.float32))
    return g.op("MatMul", g.op("Softmax", scores, axis=-1), v)


def lstm(g, x):
    hidden = 128
    return g.op("Squeeze", g.op("LSTM", x, weight(g, "w", 1, 4 * hidden, 64),
                                weight(g, "r", 1, 4 * hidden, hidden), outputs=1,
                                hidden_size=hidden), g.constant([1]))



def products():
    """Operators that are sums of products: (name, make, sizes)."""
    for out, inputs, size, stride in ((32, 32, 3, 1), (64, 64, 3, 1), (256, 256, 3, 1),
                                      (128, 64, 1, 1), (64, 3, 7, 2), (64, 3, 3, 1)):
        name = f"conv{size}x{size}_{inputs}_{out}" + (f"_s{stride}" if stride > 1 else "")
        sides = ((14, 14), (13, 17), (7, 7)) if inputs > 64 else (
            (112, 112), (97, 131), (7, 7))
        yield name, one(name, conv(out, inputs, size, stride), ["N", out, "P", "Q"],
                        x=["N", inputs, "H", "W"]), images("x", *((1, inputs, *s)
                                                                 for s in sides))
    yield "conv_transpose2x2_64_32", one("transposed", transposed, ["N", 32, "P", "Q"],
                                         x=PICTURE), images("x", *PICTURES)
    rows = [(384, 768), (131, 768), (33, 768), (1, 768)]
    yield "linear_768_3072", one("linear", linear, ["M", 3072], x=["M", 768]), sweep(*rows)
    yield "qdq_linear_768_3072", one("qdq_linear", quantized_linear, ["M", 3072],
                                     x=["M", 768]), sweep(*rows)
    for name, body in (("nbits_4096", nbits_linear), ("int8_weights_4096", eight_bit_linear)):
        yield name, one(name, body, ["M", 4096], x=["M", 4096]), sweep((1, 4096), (128, 4096))
    for out, inputs, size, group in ((64, 64, 3, 1), (256, 256, 3, 1), (128, 64, 1, 1),
                                     (64, 64, 3, 64), (64, 64, 3, 4)):
        name = f"qdq_conv{size}x{size}_{inputs}_{out}" + (f"_g{group}" if group > 1 else "")
        sides = ((14, 14), (13, 17)) if inputs > 64 else ((112, 112), (97, 131), (7, 7))
        yield (name, one(name, quantized_conv(out, inputs, size, group), ["N", out, "P", "Q"], U8,
                         x=(U8, ["N", inputs, "H", "W"])),
               [Size(f"1x{inputs}x{h}x{w}",
                     {"x": integers(0, 256, 1, inputs, h, w, dtype="uint8")})
                for h, w in sides])
    yield ("matmul", one("matmul", lambda g, a, b: g.op("MatMul", a, b), ["B", "M", "N"],
                         a=BATCHES, b=["B", "K", "N"]),
           [pair(12, 384, 64, 384), pair(3, 131, 77, 93), pair(12, 1, 384, 64),
            pair(1, 1, 1, 1)])
    heads = [12, "M", 64]
    yield ("attention", one("attention", attention, heads, q=heads, k=heads, v=heads),
           [Size(f"12x{m}x64", {n: normal(12, m, 64) for n in "qkv"})
            for m in (384, 131, 31, 1)])
    yield ("lstm_64_128", one("lstm", lstm, ["T", "N", 128], x=["T", "N", 64]),
           sweep((32, 1, 64), (31, 7, 64), (1, 1, 64)))


def sweep(*shapes):
    return [Size("x".join(map(str, s)), {"x": normal(*s)}) for s in shapes]


def pair(batch, m, k, n):
    return Size(f"{batch}x{m}x{k}x{n}", {"a": normal(batch, m, k), "b": normal(batch, k, n)})


def unary(kind, **attributes):
    return lambda g, x: g.op(kind, x, **attributes)


def pooled(kind, size, stride):
    return unary(kind, kernel_shape=[size] * 2, strides=[stride] * 2, pads=[size // 2] * 4)


def resized(mode, place):
    def body(g, x):
        return g.op("Resize", x, "", g.constant([1, 1, 2, 2], np.float32), mode=mode,
                    coordinate_transformation_mode=place, nearest_mode="floor")
    return body


def normalized(kind):
    def body(g, x):
        scale = g.weight("scale", 1 + 0.1 * np.arange(64, dtype=np.float32))
        others = [weight(g, n, 64) for n in ("bias", "mean")[:2 if kind[0] == "B" else 1]]
        spread = [g.weight("spread", np.full(64, 2, np.float32))] if kind[0] == "B" else []
        return g.op(kind, x, scale, *others, *spread)
    return body


def silu(g, x):
    return g.op("Mul", x, g.op("Sigmoid", x))


def layer_norm(g, x):
    scale = g.weight("scale", np.full(768, 1.1, np.float32))
    return g.op("LayerNormalization", x, scale, weight(g, "bias", 768), axis=-1)


def gelu(g, x):
    half = g.op("Div", x, g.constant(2**0.5, np.float32))
    wide = g.op("Add", g.op("Erf", half), g.constant(1, np.float32))
    return g.op("Mul", g.op("Mul", x, wide), g.constant(0.5, np.float32))


def from_bytes(g, x):
    return g.op("Div", g.op("Cast", x, to=F32), g.constant(255, np.float32))


def picture_operators():
    """(name, body, extents of the output) of operators on images."""
    half = ["N", 64, "P", "Q"]
    yield "depthwise3x3", conv(64, 64, 3, group=64), half
    yield "depthwise5x5_s2", conv(64, 64, 5, 2, group=64), half
    yield "max_pool3x3_s2", pooled("MaxPool", 3, 2), half
    yield "average_pool3x3", pooled("AveragePool", 3, 1), half
    yield "global_average_pool", unary("GlobalAveragePool"), ["N", 64, 1, 1]
    yield "resize_nearest", resized("nearest", "asymmetric"), half
    yield "resize_linear", resized("linear", "half_pixel"), half
    yield "batch_norm", normalized("BatchNormalization"), half
    yield "instance_norm", normalized("InstanceNormalization"), half
    yield "depth_to_space", unary("DepthToSpace", blocksize=2, mode="CRD"), [
        "N", 16, "P", "Q"]
    yield "channels_last", unary("Transpose", perm=[0, 2, 3, 1]), ["N", "P", "Q", 64]
    yield "reduce_mean_hw", lambda g, x: g.mean(x, [2, 3]), ["N", 64, 1, 1]
    yield "pad_reflect", lambda g, x: g.op("Pad", x, g.constant(
        [0, 0, 2, 2, 0, 0, 2, 2]), mode="reflect"), half
    yield "hard_swish", unary("HardSwish"), half
    yield "silu", silu, half
    yield "slice", lambda g, x: g.slice(x, [1, 1], [-1, -1], [2, 3]), half


def row_operators():
    """(name, body, extents of the output, sizes) of operators on rows."""
    heads = [(12, 384, 384), (12, 131, 131), (12, 1, 1024), (1, 1, 1)]
    wide = [(384, 3072), (131, 3072), (1, 3072), (7, 1)]
    yield "softmax", unary("Softmax", axis=-1), BATCHES, sweep(*heads)
    yield "reduce_sum_rows", lambda g, x: g.op("ReduceSum", x, g.constant([-1])), [
        "B", "M", 1], sweep(*heads)
    yield "tanh", unary("Tanh"), ROWS, sweep(*wide)
    yield "gelu", gelu, ROWS, sweep(*wide)
    yield "cumsum", lambda g, x: g.op("CumSum", x, g.constant(1)), ROWS, sweep(*wide)
    yield "top_k", lambda g, x: g.op("TopK", x, g.constant([5]), outputs=2, axis=-1)[0], [
        "M", 5], sweep((384, 1000), (31, 997), (1, 5))
    yield "transpose_rows", unary("Transpose", perm=[0, 2, 1]), BATCHES, sweep(*heads)


def others():
    """Operators of several inputs, or of other types: (name, make, sizes)."""
    rows = [(384, 768), (131, 768), (1, 768)]
    yield "layer_norm_768", one("layer_norm", layer_norm, ["M", 768], x=["M", 768]), sweep(
        *rows)
    two = [(1, 64, 112, 112), (3, 64, 31, 29), (1, 64, 1, 1)]
    for kind in ("Add", "Concat"):
        out, keys = (PICTURE, {}) if kind == "Add" else (["N", 128, "H", "W"], {"axis": 1})
        yield (kind.lower(), one(kind, lambda g, a, b, kind=kind, keys=keys: g.op(
            kind, a, b, **keys), out, a=PICTURE, b=PICTURE),
            [Size("x".join(map(str, s)), {n: normal(*s) for n in "ab"}) for s in two])
    yield ("broadcast_mul", one("scaled", lambda g, a, b: g.op("Mul", a, b), PICTURE,
                                a=PICTURE, b=["N", 64, 1, 1]),
           [Size("x".join(map(str, s)), {"a": normal(*s), "b": normal(*s[:2], 1, 1)})
            for s in two])
    yield ("gather_rows", one("embedding", lambda g, ids: g.op(
        "Gather", weight(g, "table", 30522, 256), ids, axis=0), ["B", "S", 256],
        ids=(I64, ["B", "S"])),
        [Size(f"{b}x{s}", {"ids": integers(0, 30522, b, s)}) for b, s in (
            (1, 384), (3, 31), (1, 1))])
    yield ("where", one("where", lambda g, a, b: g.op("Where", g.op("Greater", a, b), a, b),
                        ROWS, a=ROWS, b=ROWS),
           [Size("x".join(map(str, s)), {n: normal(*s) for n in "ab"}) for s in rows])
    yield ("cast_u8", one("unit", from_bytes, ["N", 3, "H", "W"],
                          x=(U8, ["N", 3, "H", "W"])),
           [Size(f"1x3x{h}x{w}", {"x": integers(0, 256, 1, 3, h, w, dtype="uint8")})
            for h, w in ((720, 1280), (97, 131), (1, 1))])
    yield ("arg_max", one("arg_max", unary("ArgMax", axis=1, keepdims=0), ["M"], I64, x=ROWS),
           sweep((384, 1000), (31, 997), (1, 1)))
    yield ("equal", one("equal", lambda g, a, b: g.op("Equal", a, b), ROWS, BOOL,
                        a=(I64, ROWS), b=(I64, ROWS)),
           [Size("x".join(map(str, s)), {n: integers(0, 3, *s) for n in "ab"})
            for s in rows])


def models():
    for name, make, sizes in products():
        yield Model(f"op_{name}", OPERATORS, make, sizes,
                    quantized=name.startswith(("qdq_", "nbits_", "int8_")))
    free = [(name, one(name, body, out, x=PICTURE), images("x", *PICTURES))
            for name, body, out in picture_operators()]
    free += [(name, one(name, body, out, x=ROWS if len(sizes[0].feed["x"][1]) == 2
                        else BATCHES), sizes)
             for name, body, out, sizes in row_operators()]
    for name, make, sizes in [*free, *others()]:
        yield Model(f"op_{name}", OPERATORS, make, sizes, classes=(NO_PRODUCT,))


def overhead():
    """One element: what a call costs. In no class."""
    return Model("one_element", None, one("one_element", unary("Relu"), ["N"], x=["N"]),
                 sweep((1,)))
