"""Products and convolutions: inner extents agree, windows fit."""

import numpy as np

from random_values import RUNS, same
from random_rules.rule import rule


@rule("MatMul", "MatMulInteger")
def product(m):
    integer = m.operator == "MatMulInteger"
    kinds = [m.kind("T1"), m.kind("T2")] if integer else [m.kind("T")] * 2
    a = m.tensor(kinds[0], rank=(1, 5))
    k = a.dims[-1]
    if m.maybe(0.15):
        b_dims = [k]
    else:
        outer = m.broadcast(a.dims[:-2]) if a.rank > 2 else m.dims(m.whole(0, 2), 1)
        b_dims = [*outer, k, m.dim(0, 17)]
    b = m.tensor(kinds[1], b_dims)
    if not integer:
        m.results += m.node(A=a, B=b)
        return
    if 0 in k:
        m.deviates("MatMulInteger over no elements: ONNX Runtime leaves the result as it was")
    # A point for all, or one for each row of A and column of B.
    points = [point(m, kinds[0], a.dims[-2:-1]), point(m, kinds[1], b_dims[-1:] if len(
        b_dims) > 1 else [])]
    m.results += m.node(A=a, B=b, a_zero_point=points[0], b_zero_point=points[1])


def point(m, kind, channels=()):
    if m.maybe(0.3):
        return None
    dims = list(channels) if m.maybe(0.3) and channels else []
    return m.tensor(kind, dims)


@rule("Gemm")
def gemm(m):
    a = m.tensor("T", rank=(2, 2))
    flip_a, flip_b = m.maybe(), m.maybe()
    rows, k = a.dims[::-1] if flip_a else a.dims
    columns = m.dim(0, 17)
    b = m.tensor(a.kind, [columns, k] if flip_b else [k, columns])
    needs = m.schema.since_version < 11
    c = m.tensor(a.kind, m.broadcast([rows, columns])) if needs or m.maybe() else None
    given = {n: v for n, v in m.attributes().items() if n in ("alpha", "beta")}
    if a.kind.kind in "iu":
        given = {n: float(round(v)) for n, v in given.items()}
    m.results += m.node(A=a, B=b, C=c, transA=int(flip_a) or None, transB=int(flip_b) or None,
                        **given)


def window(m, spatial, transposed=False):
    """Attributes of a window, and the smallest extents that it fits in."""
    kernel = [m.pick((1, 2, 3, 3, 4)) for _ in range(spatial)]
    dilations = [m.pick((1, 1, 1, 2, 3)) for _ in range(spatial)]
    given, least = {}, []
    if m.maybe(0.6):
        given["strides"] = [m.pick((1, 1, 2, 3)) for _ in range(spatial)]
    if m.is_attribute("dilations") and m.maybe(0.4):
        given["dilations"] = dilations
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, given.get("dilations", [1] * spatial))]
    padding = m.pick(("pads", "pads", "none", "SAME_UPPER", "SAME_LOWER", "VALID"))
    pads = [0] * (2 * spatial)
    if padding == "pads":
        pads = [m.whole(0, max(0, k - 1)) for k in kernel] + [m.whole(0, max(0, k - 1))
                                                            for k in kernel]
        given["pads"] = pads
    elif padding != "none":
        given["auto_pad"] = padding
    if padding.startswith("SAME") and "strides" in given:  # No pad is negative.
        given["strides"] = [min(s, span) for s, span in zip(given["strides"], spans)]
    for i, span in enumerate(spans):
        same_pads = padding.startswith("SAME")
        least.append(1 if transposed or same_pads else
                     max(1, span - pads[i] - pads[i + spatial]))
    return kernel, given, least


def images(m, spatial, channels, least):
    """Extents of a batch of images in which windows fit."""
    most = {1: 17, 2: 9, 3: 5}[spatial]
    return [m.dim(0, 3), channels, *(m.dim(n, max(n + 2, most)) for n in least)]


@rule("Conv", "ConvInteger", "QLinearConv")
def conv(m):
    spatial = m.pick((1, 2, 2, 2, 3))
    kernel, given, least = window(m, spatial)
    groups = m.pick((1, 1, 2, 3))
    depthwise = groups > 1 and m.maybe()
    inner = 1 if depthwise else m.whole(1, 4)
    out = groups * (1 if depthwise and m.maybe(0.7) else m.whole(1, 5))
    dims = images(m, spatial, same(groups * inner), least)
    weights = [same(out), same(inner), *map(same, kernel)]
    if groups > 1 or m.maybe(0.3):
        given["group"] = groups
    if m.maybe():
        given["kernel_shape"] = kernel
    CONVOLUTIONS[m.operator](m, dims, weights, given)


def real_conv(m, dims, weights, given):
    x = m.tensor("T", dims)
    b = m.tensor(x.kind, weights[:1]) if m.maybe() else None
    m.results += m.node(X=x, W=m.tensor(x.kind, weights, constant=m.maybe(0.7)), B=b, **given)


def integer_conv(m, dims, weights, given):
    x, w = m.tensor("T1", dims), m.tensor("T2", weights)
    m.results += m.node(x=x, w=w, x_zero_point=point(m, x.kind),
                        w_zero_point=point(m, w.kind, weights[:1] * m.maybe(0.3)), **given)


def scale(m, channels=(), kind=np.float32):
    """Powers of two: no formula rounds them."""
    shape = [channels[0][0]] if channels and m.maybe() else []
    return m.put([np.asarray(2.0 ** m.rng.integers(-3, 2, shape), kind)] * RUNS, True)


def quantized_conv(m, dims, weights, given):
    x, w = m.tensor("T1", dims), m.tensor("T2", weights, constant=True)
    scales = scale(m, weights[:1])
    of_w = m.put([np.zeros(scales.data[0].shape, w.kind) if w.kind.kind == "i" else
                  m.fill(w.kind, scales.data[0].shape)] * RUNS, True)
    b = m.put([m.rng.integers(-50, 50, weights[0][0]).astype(np.int32)] * RUNS, True) \
        if m.maybe() else None
    m.results += m.node(x=x, x_scale=scale(m), x_zero_point=m.tensor(x.kind, [], constant=True),
                        w=w, w_scale=scales, w_zero_point=of_w, y_scale=scale(m),
                        y_zero_point=m.tensor("T3", [], constant=True), B=b, **given)


CONVOLUTIONS = {"Conv": real_conv, "ConvInteger": integer_conv, "QLinearConv": quantized_conv}


@rule("ConvTranspose")
def transposed(m):
    spatial = m.pick((1, 2, 2, 3))
    kernel, given, least = window(m, spatial, transposed=True)
    groups = m.pick((1, 1, 2, 3))
    inner, out = m.whole(1, 4), m.whole(1, 4)
    strides = given.get("strides", [1] * spatial)
    if m.maybe(0.3) and "auto_pad" not in given:
        given["output_padding"] = [m.whole(0, s - 1) for s in strides]
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, given.get("dilations", [1] * spatial))]
    pads = given.get("pads", [0] * (2 * spatial))
    least = [max(1, -(-(pads[i] + pads[i + spatial] - spans[i] + 1) // strides[i]) + 1)
             for i in range(spatial)]
    x = m.tensor("T", images(m, spatial, same(groups * inner), least))
    w = m.tensor(x.kind, [same(groups * inner), same(out), *map(same, kernel)],
                 constant=m.maybe(0.7))
    b = m.tensor(x.kind, [same(groups * out)]) if m.maybe() else None
    if groups > 1:
        given["group"] = groups
    if m.maybe():
        given["kernel_shape"] = kernel
    m.results += m.node(X=x, W=w, B=b, **given)


@rule("CausalConvWithState")
def causal(m):
    channels, taps = same(m.whole(1, 5)), m.whole(1, 4)
    x = m.tensor("T", [m.dim(1, 3), channels, m.dim(1, 13)])
    past = m.tensor(x.kind, [x.dims[0], channels, same(taps - 1)]) if m.maybe() else None
    m.results += m.node(
        input=x, weight=m.tensor(x.kind, [channels, same(1), same(taps)], known=True),
        bias=m.tensor(x.kind, [channels]) if m.maybe() else None, past_state=past,
        activation=m.pick((None, "none", "silu", "swish")), outputs=2)


LETTERS = "abcdefgh"


@rule("Einsum")
def einsum(m):
    """Letters of one or two operands, some of them in the result, in any order."""
    count = m.whole(1, 4)
    extents = {LETTERS[i]: m.dim(0, 5) for i in range(count)}
    letters = list(extents)
    terms = [m.shuffled(letters)[:m.whole(1, count)] for _ in range(m.whole(1, 3))]
    used = sorted({c for t in terms for c in t})
    outer = m.dims(m.whole(0, 2)) if m.maybe(0.2) else None
    dots = "" if outer is None else "..."
    text = ",".join(dots + "".join(t) for t in terms)
    if m.maybe(0.85) or outer is not None:
        text += "->" + dots + "".join(m.shuffled(used)[:m.whole(0, len(used))])
    kind = m.kind("T")
    m.results += m.node(Inputs=[m.tensor(kind, [*(outer or ()), *(extents[c] for c in t)],
                                         fill="small") for t in terms], equation=text)
