"""Operators that are expanded by the rank of an operand, each behind each way to
come by a rank: views, products, reductions, branches and loops.

Every way gives [N, 4, L], so that an operator is one kernel behind all of them.
The data are small integers: no sum is rounded, and no quantised value hangs on the
order of one.
"""

import numpy as np

from builder import BOOL, F32, I32, Graph
from control_flow import branches, gives, loop, scalar
from scans import scan

SHAPES = ((1, 1), (2, 7), (3, 16), (5, 13), (1, 33), (4, 2), (7, 5), (2, 64))
TYPE = (F32, ["N", 4, "L"])


# Ways to come by a value of rank 3. Its rank was not in a type, nor that of an
# input, before shapes were found.

def behind_matmul(g, x):
    return g.op("MatMul", x, "square")


def behind_reshape(g, x):
    return g.op("Reshape", g.op("Flatten", x), g.op("Shape", x))


def behind_split(g, x):
    return g.op("Split", g.op("Concat", x, x, axis=0), outputs=2, axis=0, num_outputs=2)[1]


def behind_squeeze(g, x):
    return g.squeeze(g.op("Concat", g.unsqueeze(x, [0]), axis=0), [0])


def behind_expand(g, x):
    row = g.op("ReduceMax", x, g.constant([1]), keepdims=0)
    return g.op("Expand", g.unsqueeze(row, [1]), g.constant([1, 4, 1]))


def behind_gather(g, x):
    pair = g.op("Concat", g.unsqueeze(x, [3]), g.unsqueeze(g.op("Neg", x), [3]), axis=3)
    return g.op("Gather", pair, scalar(g, 1), axis=3)


def behind_reduction(g, x):
    pair = g.op("Concat", g.unsqueeze(x, [1]), g.unsqueeze(g.op("Abs", x), [1]), axis=1)
    return g.op("ReduceSum", pair, g.constant([1]), keepdims=0)


def behind_layer_normalization(g, x):
    return g.op("LayerNormalization", x, "row", axis=-1, epsilon=1.0)


def behind_if(g, x):
    make = lambda kind: lambda b: gives(b, TYPE).op(kind, x)
    return branches(g, "flag", then=make("Relu"), **{"else": make("Neg")})


def behind_loop(g, x):
    def body(b, trip, values):
        return b.constant(True, np.bool_), [b.op("Add", values[0], x)], []

    return loop(g, scalar(g, 2), "", [(x, *TYPE)], body)


WAYS = (behind_matmul, behind_reshape, behind_split, behind_squeeze, behind_expand,
        behind_gather, behind_reduction, behind_layer_normalization, behind_if,
        behind_loop)


# Operators. Each gives what is put out: (value, type, shape).

def per_channel(g, low, high):
    return g.constant(np.linspace(low, high, 4), np.float32)


def batch_normalization(g, x):
    parameters = [per_channel(g, low, low + 2) for low in (0.5, -1, 1, 0.25)]
    return g.op("BatchNormalization", x, *parameters), *TYPE


def run_time_parameters(g, x):
    shift, variance = per_channel(g, -1, 1), g.op("Abs", "channels")
    return g.op("BatchNormalization", x, "channels", shift, shift, variance,
                epsilon=0.5), *TYPE


def training(g, x):
    """The running mean is used too: it moves by the batch's. The old statistics are
    of this node alone: ONNX Runtime writes the new ones over them."""
    old = [g.op(kind, x, g.constant([0, 2]), keepdims=0) for kind in ("ReduceMax", "ReduceMin")]
    y, mean, _ = g.op("BatchNormalization", x, per_channel(g, 0.5, 2), per_channel(g, -1, 1),
                      *old, outputs=3, training_mode=1, epsilon=1.0, momentum=0.75)
    return g.op("Add", y, g.unsqueeze(mean, [1])), *TYPE


def group_normalization(g, x):
    return g.op("GroupNormalization", x, per_channel(g, 1, 2), per_channel(g, 0, 1),
                num_groups=2, epsilon=1.0), *TYPE


def lrn(g, x):
    image = g.op("LRN", g.unsqueeze(x, [3]), size=3, alpha=0.5)
    return g.squeeze(image, [3]), *TYPE


def quantize(g, x):
    """For the tensor, without a zero point, and back along the channels."""
    scale = scalar(g, 0.5, np.float32)
    steps = g.op("QuantizeLinear", x, scale)
    points = g.constant([1, 2, 0, 100], np.uint8)
    return g.op("DequantizeLinear", steps, per_channel(g, 1, 4), points, axis=-2), *TYPE


def quantize_channels(g, x):
    points = g.constant([-1, 2, 0, 100], np.int8)
    scales = g.constant([0.5, 1, 2, 0.25], np.float32)
    steps = g.op("QuantizeLinear", x, scales, points, axis=1)
    return g.op("DequantizeLinear", steps, scales, points, axis=1), *TYPE


def integer_product(g, x):
    steps, _, point = g.op("DynamicQuantizeLinear", x, outputs=3)
    return g.op("MatMulInteger", steps, "bytes", point, "points"), I32, ["N", 4, 3]


def einsum(g, x):
    return g.op("Einsum", x, "square", equation="...l,lk->...k"), *TYPE


OPERATORS = (batch_normalization, run_time_parameters, training, group_normalization,
             lrn, quantize, quantize_channels, integer_product, einsum)


def ranks(path):
    g = Graph(21)
    x = g.input("x", *TYPE)
    g.input("square", F32, ["L", "L"])
    g.input("row", F32, ["L"])
    g.input("channels", F32, [4])
    g.input("bytes", 3, ["L", 3])  # INT8
    g.input("points", 3, [3])
    g.input("flag", BOOL, [])
    for way in WAYS:
        value = way(g, x)
        for operator in OPERATORS:
            result, dtype, shape = operator(g, value)
            g.output(f"{operator.__name__}_{way.__name__}", result, dtype, shape)
    return g.save(str(path), "ranks")


# Operators in bodies: the ranks are those of the bodies' arguments.

def in_loop(g, x, operator):
    def body(b, trip, values):
        following = operator(b, values[0])[0]
        return b.constant(True, np.bool_), [following], [b.op("Add", following, x)]

    last, all_of_them = loop(g, scalar(g, 3), "", [(x, *TYPE)], body, [TYPE])
    return g.op("Add", last, g.op("ReduceSum", all_of_them, g.constant([0]), keepdims=0))


def in_if(g, x, operator):
    make = lambda way: lambda b: operator(gives(b, TYPE), way(b, x))[0]
    return branches(g, "flag", then=make(behind_matmul), **{"else": make(behind_reduction)})


def in_scan(g, x, operator):
    def body(b, states, slices):
        value = operator(b, b.unsqueeze(slices[0], [0]))[0]
        following = b.op("Add", states[0], b.squeeze(value, [0]))
        return following, following

    row = (F32, [4, "L"])
    start = g.op("ReduceSum", x, g.constant([0]), keepdims=0)
    return scan(g, [(start, *row)], [(x, *row)], body, [row])[1]


def ranks_in_bodies(path):
    g = Graph(18)
    x = g.input("x", *TYPE)
    g.input("square", F32, ["L", "L"])
    g.input("flag", BOOL, [])
    value = behind_reshape(g, x)
    for place in (in_loop, in_if, in_scan, lambda g, x, o: in_loop(
            g, x, lambda b, y: (in_if(b, y, o), *TYPE))):
        for operator in (batch_normalization, quantize_channels, lrn):
            g.output(g.fresh(operator.__name__)[1:], place(g, value, operator), *TYPE)
    return g.save(str(path), "ranks_in_bodies")


def steps_ranks_in_bodies(rng):
    for feed in steps_ranks(rng):
        yield {name: feed[name] for name in ("x", "square", "flag")}


def steps_ranks(rng):
    for i, (n, length) in enumerate(SHAPES):
        whole = lambda *shape: rng.integers(-4, 5, shape).astype(np.float32)
        yield {"x": whole(n, 4, length), "square": whole(length, length),
               "row": whole(length), "channels": whole(4),
               # As in quantized.py: what no product of ONNX Runtime saturates at.
               "bytes": rng.integers(-64, 65, (length, 3), np.int8),
               "points": rng.integers(-5, 5, 3, np.int8), "flag": np.array(i % 2 == 0)}


ROWS = {"ranks": (ranks, steps_ranks),
        "ranks_in_bodies": (ranks_in_bodies, steps_ranks_in_bodies)}
