"""Quantised numbers. Scales are powers of two, so that no order of a formula rounds."""

import numpy as np

from random_values import RUNS, Unfit
from random_rules.linear import scale
from random_rules.pointwise import onnx_type
from random_rules.rule import rule


def granularity(m, x):
    """Extents of the scales: of all, of an axis, or of blocks along it."""
    forms = ["tensor"]
    if m.is_attribute("axis") and x.rank:
        forms += ["axis"] * 2
    if m.is_attribute("block_size") and x.rank:
        forms.append("block")
    form = m.pick(forms)
    if form == "tensor":
        return [], {}
    axis = m.axis(x.rank)
    if form == "axis":
        return [x.dims[axis]], {"axis": axis}
    size = m.pick((1, 2, 3, 4))
    dims = x.dims
    dims[axis] = tuple(-(-n // size) for n in dims[axis])
    return dims, {"axis": axis, "block_size": size}


def powers(m, dims, kind):
    shapes = list(zip(*dims)) if dims else [()] * RUNS
    data = [np.asarray(2.0 ** m.rng.integers(-2, 2, s), kind) for s in shapes]
    return m.put([data[0]] * RUNS if len(set(shapes)) == 1 else data)


@rule("QuantizeLinear", sharp=True)
def quantize(m):
    first = m.schema.inputs[0].type_str
    target = m.schema.outputs[0].type_str
    x = m.tensor(first, only="f", low=1)
    dims, given = granularity(m, x)
    kind = m.kind(target)
    of_scale = m.kind(m.schema.inputs[1].type_str, "f")
    named = m.maybe(0.8) or kind != np.uint8
    zero = m.tensor(kind, dims) if named else None
    if m.is_attribute("output_dtype") and m.maybe(0.3):
        given["output_dtype"], zero = onnx_type(kind), zero if m.maybe() else None
    m.results += m.node(x=x, y_scale=powers(m, dims, of_scale if of_scale == x.kind or
                                            first != m.schema.inputs[1].type_str else x.kind),
                        y_zero_point=zero, **given)


@rule("DequantizeLinear")
def dequantize(m):
    x = m.tensor(m.schema.inputs[0].type_str, low=1)
    dims, given = granularity(m, x)
    kind = m.kind(m.schema.inputs[1].type_str)
    zero = None
    if m.maybe(0.7):
        zero = m.tensor(x.kind, dims)
        if x.kind == np.int32:
            for d in zero.data:
                d[...] = 0
    m.results += m.node(x=x, x_scale=powers(m, dims, kind), x_zero_point=zero, **given)


@rule("DynamicQuantizeLinear", sharp=True)
def own_range(m):
    """A range of 255 steps of a power of two."""
    x = m.tensor(np.dtype(np.float32), rank=(1, 4), low=1, constant=False)
    data = []
    for d in x.data:
        step = 2.0 ** m.whole(-3, 1)
        d[...] = m.rng.integers(0, 255, d.shape, endpoint=True) * step
        low = m.whole(-200, 0)
        d[...] += low * step
        flat = d.reshape(-1)
        flat[-1], flat[0] = low * step, (255 + low) * step
    if m.taken:
        return
    m.results += m.node(x=x, outputs=3)


@rule("QLinearMatMul")
def product(m):
    kinds = [m.kind("T1"), m.kind("T2"), m.kind("T3")]
    a = m.tensor(kinds[0], rank=(2, 4))
    # ONNX Runtime leaves the result as it was, and onnx.reference rounds otherwise.
    if 0 in a.dims[-1]:
        raise Unfit("QLinearMatMul over no elements")
    outer = m.broadcast(a.dims[:-2]) if a.rank > 2 else []
    b = m.tensor(kinds[1], [*outer, a.dims[-1], m.dim(0, 13)], constant=False if m.maybe() else
                 None)
    # With scales of halves each engine rounds in another place.
    of = np.dtype(np.float32)
    point = lambda kind: m.tensor(kind, [], constant=m.maybe(0.7))
    m.results += m.node(a=a, a_scale=scale(m, kind=of), a_zero_point=point(kinds[0]), b=b,
                        b_scale=scale(m, kind=of), b_zero_point=point(kinds[1]),
                        y_scale=scale(m, kind=of), y_zero_point=point(kinds[2]))
