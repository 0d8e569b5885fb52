"""GroupQueryAttention, QAttention and DynamicQuantizeLSTM against ONNX
Runtime: prompts, and steps that continue them, of caches that grow and of caches with room.

Each row is (make, steps).
"""

import ml_dtypes
import numpy as np
from onnx import TensorProto, numpy_helper

from builder import F32, I32, I64, U8, Graph
from case import Step
from contributed import I8, drawn, own, save
from forms import floats

F16 = TensorProto.FLOAT16
HEADS, GROUPS, SIZE, TOKENS = 4, 2, 16, 64
KINDS = {F32: np.float32, F16: np.float16}
# name: (form of the operands, attributes)
LAYERS = {
    "plain": ((), {}),
    "rotary": (("tables",), {"do_rotary": 1}),
    "packed": (("packed", "tables"), {"do_rotary": 1, "rotary_interleaved": 1,
                                      "local_window_size": 3, "softcap": 1.5, "scale": 0.4}),
    "placed": (("tables", "positions", "bias"), {"do_rotary": 1}),
    "sink": (("sink",), {"softcap": 2.0}),
    "smooth": ((), {"smooth_softmax": 1}),
}


def layer(g, name, kind, values):
    """A GroupQueryAttention with a cache of its own."""
    form, attributes = LAYERS[name]
    past = [g.input(f"{name}_{c}", kind, ["N", GROUPS, f"{name}_P", SIZE]) for c in "kv"]
    first = [values["all"], "", ""] if "packed" in form else [values[v] for v in "qkv"]
    optional = ["positions", "bias", "sink"]
    y = own(g, "GroupQueryAttention", *first, *past, values["lengths"], values["total"],
            *(values[t] if "tables" in form else "" for t in ("cosines", "sines")),
            *(values[o] if o in form else "" for o in optional),
            num_heads=HEADS, kv_num_heads=GROUPS, outputs=3, **attributes)
    g.output(f"{name}_y", y[0], kind, ["N", "S", HEADS * SIZE])
    for c, value in zip("kv", y[1:]):
        g.output(f"{name}_next_{c}", value, kind, ["N", GROUPS, f"{name}_T", SIZE])


def group_queries(path, name, kind, layers):
    g = Graph(opset=21)
    rng = np.random.default_rng(3)
    widths = {"q": HEADS, "k": GROUPS, "v": GROUPS, "all": HEADS + 2 * GROUPS}
    values = {v: g.input(v, kind, ["N", "S", width * SIZE]) for v, width in widths.items()
              if v != "all" or "packed" in layers}
    values |= {"lengths": g.input("lengths", I32, ["N"]), "total": g.input("total", I32, [])}
    if "placed" in layers:
        values |= {"positions": g.input("positions", I64, ["N", "S"]),
                   "bias": g.input("bias", kind, ["N", 1, "S", "T"])}
    values |= {n: g.weight(n, floats(rng, TOKENS, SIZE // 2).astype(KINDS[kind]))
               for n in ("cosines", "sines")}
    values["sink"] = g.weight("sink", floats(rng, HEADS).astype(KINDS[kind]))
    for each in layers:
        layer(g, each, kind, values)
    return save(g, path, name)


def steps_group_queries(kind, layers):
    """(tokens so far of each sample, new ones, room of the cache): a cache without room
    grows; one with room may have samples of several lengths."""
    runs = (((0,), 5, 0), ((5,), 1, None), ((6,), 1, None), ((7,), 3, None),
            ((0, 0, 0), 7, 0), ((7, 7, 7), 1, None), ((0, 0), 9, 20), ((9, 9), 1, None),
            ((3, 8), 1, 12), ((0,), 1, 0), ((0,), 40, 0), ((40,), 1, None))

    def steps(rng):
        def draw(*shape):
            return floats(rng, *shape).astype(kind)

        for before, new, room in runs:
            count, total = len(before), max(before) + new
            feed = {"q": draw(count, new, HEADS * SIZE), "k": draw(count, new, GROUPS * SIZE),
                    "v": draw(count, new, GROUPS * SIZE),
                    "lengths": np.array(before, np.int32) + new - 1,
                    "total": np.array(total, np.int32)}
            if "packed" in layers:
                feed["all"] = draw(count, new, (HEADS + 2 * GROUPS) * SIZE)
            if "placed" in layers:
                # Of a first prompt the first place counts alone.
                feed |= {"positions": np.array(before)[:, None] + np.arange(new)[None] + 2,
                         "bias": draw(count, 1, new, total)}
            carry = {}
            for i, name in enumerate(layers):
                for j, c in enumerate("kv"):
                    feed[f"{name}_{c}"] = draw(count, GROUPS, room or 0, SIZE)
                    if room is None:
                        carry[f"{name}_{c}"] = 3 * i + 1 + j
            yield Step(f"tokens {list(before)} + {new}, room {room}", feed, carry)
    return steps


def rows_of_group_queries():
    for name, kind, layers in (("runtime_groups", F32, ("plain", "rotary", "sink")),
                               ("runtime_groups_placed", F32, ("packed", "placed", "smooth")),
                               ("runtime_groups_f16", F16, ("rotary",))):
        yield name, (lambda path, name=name, kind=kind, layers=layers:
                     group_queries(path, name, kind, layers),
                     steps_group_queries(KINDS[kind], layers))


# Attention and recurrences of quantised numbers.

def runtime_quantized_attention(path):
    g = Graph()
    x = g.input("x", U8, ["N", "L", 6])
    lengths = g.input("lengths", I32, ["N"])
    past = g.input("past", F32, [2, "N", 2, "P", 4])
    rng = np.random.default_rng(7)
    weights = g.constant(rng.integers(-64, 65, (6, 24)), np.int8)
    scale, point = g.constant(1 / 64, np.float32), g.constant(120, np.uint8)
    columns = (g.constant(2.0 ** rng.integers(-7, -4, 24), np.float32),
               g.constant(rng.integers(-9, 9, 24), np.int8))
    shape = ["N", "L", 8]
    y = own(g, "QAttention", x, weights, drawn(g, 1, 24), scale, columns[0], lengths, point,
            columns[1], num_heads=2)
    g.output("counted", y, F32, shape)
    y, present = own(g, "QAttention", x, weights, drawn(g, 2, 24), scale,
                     g.constant(1 / 32, np.float32), "", point, "", past, num_heads=2,
                     unidirectional=1, outputs=2)
    g.output("continued", y, F32, shape)
    g.output("present", present, F32, [2, "N", 2, "T", 4])
    return save(g, path, "runtime_quantized_attention")


def steps_quantized_attention(rng):
    for n, length, past in ((1, 1, 0), (2, 7, 3), (3, 16, 1), (1, 33, 5)):
        yield {"x": rng.integers(0, 256, (n, length, 6), np.uint8),
               "lengths": rng.integers(1, length + 1, n, np.int32),
               "past": floats(rng, 2, n, 2, past, 4)}


def runtime_quantized_lstm(path):
    """Weights with scales of a direction, and of each gate."""
    g = Graph()
    x = g.input("x", F32, ["T", 1, 5])
    rng = np.random.default_rng(8)
    hidden = 6
    for name, directions, per_gate, more in (
            ("forward", 1, False, {}), ("reverse", 1, True, {"direction": "reverse"}),
            ("both", 2, True, {"direction": "bidirectional", "clip": 3.0, "input_forget": 1})):
        count = (directions, 4 * hidden) if per_gate else (directions,)
        operands = []
        for width in (5, hidden):
            operands.append((
                g.constant(rng.integers(-127, 128, (directions, width, 4 * hidden)), np.int8),
                g.constant(rng.uniform(0.002, 0.01, count), np.float32),
                g.constant(rng.integers(-9, 9, count) * (not per_gate), np.int8)))
        (w, *w_steps), (r, *r_steps) = operands
        y = own(g, "DynamicQuantizeLSTM", x, w, r, drawn(g, 3, directions, 8 * hidden), "", "",
                "", "", *w_steps, *r_steps, hidden_size=hidden, outputs=3, **more)
        g.output(name, y[0], F32, ["T", directions, 1, hidden])
        g.output(f"{name}_h", y[1], F32, [directions, 1, hidden])
        g.output(f"{name}_c", y[2], F32, [directions, 1, hidden])
    return save(g, path, "runtime_quantized_lstm")


def steps_quantized_lstm(rng):
    for length in (1, 7, 2, 16, 33):
        yield {"x": floats(rng, length, 1, 5)}


def runtime_tables(path):
    """Tables of 4 and 8 bits, in bytes and in types of their own; the last block is short."""
    g = Graph(opset=21)
    ids = g.input("ids", I64, ["N", "L"])
    rng = np.random.default_rng(9)
    shape = ["N", "L", 40]

    def scales(kind=np.float32):
        return g.constant(rng.uniform(0.01, 0.1, (11, 3)), kind)

    for bits in (4, 8):
        data = g.constant(rng.integers(0, 256, (11, 40 * bits // 8)), np.uint8)
        points = g.constant(rng.integers(0, 256, (11, (3 * bits + 7) // 8)), np.uint8)
        form = dict(bits=bits, block_size=16, gather_axis=0, quantize_axis=1)
        y = own(g, "GatherBlockQuantized", data, ids, scales(), **form)
        g.output(f"plain_{bits}", y, F32, shape)
        y = own(g, "GatherBlockQuantized", data, ids, scales(), points, **form)
        g.output(f"points_{bits}", y, F32, shape)
    for name, kind in (("u4", ml_dtypes.uint4), ("i4", ml_dtypes.int4)):
        data, points = (g.op("Constant", value=numpy_helper.from_array(
            rng.integers(0, 8, extents).astype(kind))) for extents in ((11, 40), (11, 3)))
        y = own(g, "GatherBlockQuantized", data, ids, scales(np.float16), points, block_size=16)
        g.output(name, y, F16, shape)
    return save(g, path, "runtime_tables")


def steps_tables(rng):
    for n, length in ((1, 1), (2, 7), (3, 16), (0, 4)):
        yield {"ids": rng.integers(-11, 11, (n, length))}


ROWS = dict(rows_of_group_queries()) | {maker.__name__: (maker, steps) for maker, steps in (
    (runtime_quantized_attention, steps_quantized_attention),
    (runtime_quantized_lstm, steps_quantized_lstm), (runtime_tables, steps_tables))}
