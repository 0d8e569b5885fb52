"""Networks quantised by ONNX Runtime's own tools, in each format that they write: a
small CNN and two layers over rows of a table. Weights have seven bits: see steps_quantized_product in
quantized.py.
"""

import functools
import logging

import numpy as np
from onnxruntime import quantization

from builder import F32, I64, Graph
from case import Case, step
from compare import as_written
from forms import floats

FORMATS = {"qdq": quantization.QuantFormat.QDQ, "qoperator": quantization.QuantFormat.QOperator}


def drawn(g, rng, name, *shape):
    """A weight for sums of the magnitude of their terms."""
    depth = np.prod(shape[1:]) if len(shape) == 4 else shape[0]
    return g.weight(name, rng.normal(0, depth ** -0.5, shape).astype(np.float32))


def cnn(path):
    g, rng = Graph(18), np.random.default_rng(1)

    def conv(x, name, outputs, inputs, group=1, taps=3, **window):
        w = drawn(g, rng, f"{name}_w", outputs, inputs // group, taps, taps)
        b = g.weight(f"{name}_b", rng.normal(0, 0.1, outputs).astype(np.float32))
        return g.op("Conv", x, w, b, group=group, pads=[taps // 2] * 4, **window)

    x = g.input("x", F32, ["N", 3, "H", "W"])
    y = g.op("Relu", conv(x, "first", 16, 3, strides=[2, 2]))
    z = g.op("LeakyRelu", conv(y, "depth", 16, 16, group=16), alpha=0.2)
    gate = g.op("Sigmoid", conv(z, "gate", 16, 16, taps=1))
    y = g.op("Add", g.op("Mul", conv(z, "second", 16, 16), gate), y)
    y = g.op("Concat", y, g.op("Relu", conv(y, "third", 8, 16)), axis=1)
    y = g.op("AveragePool", g.op("MaxPool", y, kernel_shape=[2, 2]), kernel_shape=[3, 3])
    y = g.op("Flatten", g.op("GlobalAveragePool", y))
    y = g.op("Gemm", y, drawn(g, rng, "head", 24, 10), g.weight("head_b", np.ones(10, np.float32)))
    g.output("y", y, F32, ["N", 10])
    g.output("probabilities", g.op("Softmax", y, axis=-1), F32, ["N", 10])
    return g.save(str(path), "cnn")


def steps_cnn(rng):
    # Means are of odd numbers of steps: of even ones many are halves, which the rounding
    # of floats decides.
    for n, h, w in ((2, 16, 16), (1, 15, 12), (1, 11, 20), (3, 12, 7)):
        yield {"x": floats(rng, n, 3, h, w)}


def mlp(path):
    g, rng = Graph(18), np.random.default_rng(2)
    ids = g.input("ids", I64, ["N", "L"])
    x = g.op("Gather", drawn(g, rng, "table", 50, 32), ids)

    def linear(x, name, inputs, outputs):
        bias = g.weight(f"{name}_b", rng.normal(0, 0.1, outputs).astype(np.float32))
        return g.op("Add", g.op("MatMul", x, drawn(g, rng, name, inputs, outputs)), bias)

    y = g.op("Add", linear(g.op("Relu", linear(x, "up", 32, 64)), "down", 64, 32), x)
    g.output("y", y, F32, ["N", "L", 32])
    return g.save(str(path), "mlp")


def steps_mlp(rng):
    for n, length in ((2, 8), (1, 16), (3, 5), (1, 13)):
        yield {"ids": rng.integers(0, 50, (n, length))}


class Calibration(quantization.CalibrationDataReader):
    def __init__(self, steps):
        self.feeds = iter([*steps(np.random.default_rng(3))])

    def get_next(self):
        return next(self.feeds, None)


def float_path(path):
    logging.disable(logging.WARNING)  # It advises to optimize first.
    return f"{path}.float.onnx"


def static(make, steps, form, per_channel, path, activations=quantization.QuantType.QUInt8):
    quantization.quantize_static(
        make(float_path(path)), str(path), Calibration(steps), quant_format=FORMATS[form],
        per_channel=per_channel, reduce_range=True,
        activation_type=activations, weight_type=quantization.QuantType.QInt8)
    return path


def dynamic(make, path):
    quantization.quantize_dynamic(make(float_path(path)), str(path), per_channel=False, reduce_range=True,
                                  weight_type=quantization.QuantType.QInt8)
    return path


def cases():
    for name, make, steps in (("cnn", cnn, steps_cnn), ("mlp", mlp, steps_mlp)):
        def feeds(rng, steps=steps):
            return map(step, steps(rng))

        for form in FORMATS:
            yield Case(f"quantizer_{name}_{form}",
                       functools.partial(static, make, steps, form, name == "cnn"), feeds,
                       reference=as_written if form == "qdq" else None)
        signed = functools.partial(static, make, steps, "qdq", name == "cnn",
                                   activations=quantization.QuantType.QInt8)
        yield Case(f"quantizer_{name}_signed", signed, feeds, reference=as_written)
        yield Case(f"quantizer_{name}_dynamic", functools.partial(dynamic, make), feeds)
