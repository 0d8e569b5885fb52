"""Interpolation, transforms and windows of signals."""

import numpy as np

from random_values import RUNS, same
from random_rules.pointwise import onnx_type
from random_rules.rule import rule


@rule("Upsample")
def upsample(m):
    rank = m.whole(2, 4) if m.maybe() else 4
    x = m.tensor("T", m.dims(rank, 1))
    mode = m.pick(("nearest", "nearest", "linear")) if rank in (2, 4) else "nearest"
    # Of integers by powers of two: another fraction is rounded, and then truncated.
    exact = mode == "nearest" or x.kind.kind == "f"
    scales = [1.0] * (rank - 2) + [float(m.pick((1, 2, 3) if exact else (1, 2)))
                                   for _ in range(2)]
    m.results += m.node(X=x, scales=m.constant(scales, np.float32), mode=mode)


NEAREST = (None, "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
PLACES = (None, "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")


@rule("Resize")
def resize(m):
    """By powers of two where the nearest is asked for: no engine rounds those."""
    since = m.schema.since_version
    spatial = m.pick((1, 2, 2, 3))
    mode = m.pick(("nearest", "linear", "cubic")) if spatial == 2 and since > 10 else \
        m.pick(("nearest", "linear"))
    # ONNX Runtime interpolates images alone: the last two axes of four, or of two.
    rank = spatial if m.maybe(0.3) and spatial == 2 else spatial + 2
    x = m.tensor("T1" if since > 10 else "T", [
        *(m.dim(1, 3) for _ in range(rank - spatial)), *(m.dim(1, 9) for _ in range(spatial))])
    # Of integers by powers of two: another fraction is rounded, and then truncated.
    exact = mode == "nearest" or x.kind.kind == "f"
    given = {"mode": mode, **(interpolation(m, mode, exact, x) if since > 10 else {})}
    if since == 11:  # They are left out as tensors without elements.
        given["roi"] = m.constant([], np.float32)
    if m.maybe(0.6) or since == 10 or not exact:
        factors = (0.5, 1.0, 2.0, 4.0) + (1.5,) * exact
        rows = [1.0] * (rank - spatial) + [m.pick(factors) for _ in range(spatial)]
        rows = [s if min(d) * s >= 1 else 1.0 for s, d in zip(rows, x.dims)]
        if given.get("coordinate_transformation_mode") == "align_corners" and any(
                extent * s % 1 for s, d in zip(rows, x.dims) for extent in d):
            m.deviates("Resize with align_corners by a factor that makes no whole extent: ONNX "
                       "Runtime takes the result's extent, ONNX's own tests the product")
        given["scales"] = m.put([np.array(rows, np.float32)] * RUNS, known=True)
    else:
        given |= by_sizes(m, x, spatial, mode)
    m.results += m.node(X=x, **given)


def interpolation(m, mode, exact, x):
    """Attributes that say where elements come from."""
    given = {"coordinate_transformation_mode": m.pick(
        PLACES if exact else [p for p in PLACES if p != "align_corners"])}
    if mode == "nearest":
        given["nearest_mode"] = m.pick(NEAREST)
    if mode == "cubic" and m.maybe():
        given |= {"cubic_coeff_a": -0.5, "exclude_outside": m.whole(0, 1)}
    if m.is_attribute("antialias") and mode != "nearest" and m.maybe(0.3):
        antialias(m, x, given)
    return given


def antialias(m, x, given):
    """onnx.reference, which judges integers, starts one element of pytorch_half_pixel
    elsewhere than ONNX's text says."""
    whole = np.issubdtype(x.kind, np.integer)
    if whole and given["coordinate_transformation_mode"] == "pytorch_half_pixel":
        return
    given["antialias"] = 1
    if whole:
        m.deviates("Resize with antialias of integers: ONNX Runtime rounds what it has "
                   "interpolated along one axis before the next, and clips int8 as uint8")


def by_sizes(m, x, spatial, mode):
    """Extents of the result, of all axes or of those that change."""
    outer, given = x.rank - spatial, {}
    sizes = x.dims[:outer] + [[extent * m.pick((1, 2, 4)) for extent in d] if mode == "nearest"
                              else m.dim(1, 13) for d in x.dims[outer:]]
    if m.is_attribute("axes") and m.maybe(0.3):
        given["axes"], sizes = list(range(outer, x.rank)), sizes[outer:]
        if m.maybe(0.4):
            given["keep_aspect_ratio_policy"] = m.pick(("not_larger", "not_smaller"))
    elif m.has("roi") and mode == "linear" and m.maybe(0.15):
        ends = [0.0] * outer + [0.25] * spatial + [1.0] * outer
        given = {"coordinate_transformation_mode": "tf_crop_and_resize",
                 "extrapolation_value": 2.5, "roi": m.constant(
                     ends + [m.pick((0.75, 1.25))] * spatial, np.float32)}
    if m.schema.since_version == 11:
        given["scales"] = m.constant([], np.float32)
    return {**given, "sizes": m.numbers([[d[run] for d in sizes] for run in range(RUNS)])}


@rule("GridSample")
def grid(m):
    spatial = 3 if m.schema.since_version >= 20 and m.maybe(0.3) else 2
    batch = m.dim(1, 3)
    x = m.tensor("T1", [batch, m.dim(1, 3), *(m.dim(1, 7) for _ in range(spatial))])
    places = m.tensor("T2" if x.kind != np.float64 else x.kind, [
        batch, *(m.dim(1, 5) for _ in range(spatial)), same(spatial)], constant=False)
    for d in places.data:  # Within, at the edge and beyond; between halves.
        d[...] = m.rng.uniform(-1.3, 1.3, d.shape)
    modes = ("linear", "nearest", "cubic") if m.schema.since_version >= 20 else (
        "bilinear", "nearest", "bicubic")
    m.results += m.node(X=x, grid=places, mode=m.pick(modes[:3 if spatial == 2 else 2]),
                        padding_mode=m.pick((None, "zeros", "border", "reflection")),
                        align_corners=m.whole(0, 1))


@rule("AffineGrid")
def affine(m):
    spatial = m.pick((2, 3))
    batch = m.dim(1, 3)
    theta = m.tensor("T1", [batch, same(spatial), same(spatial + 1)], fill="small")
    size = [batch, m.dim(1, 3), *(m.dim(2, 7) for _ in range(spatial))]
    m.results += m.node(theta=theta, align_corners=m.whole(0, 1), size=m.numbers(
        [[d[run] for d in size] for run in range(RUNS)]))


@rule("BlackmanWindow", "HammingWindow", "HannWindow")
def window(m):
    """Of three places or more, of which not all are rounding; not of halves, which the
    engines compute in halves."""
    size = m.numbers(m.dim(3, 31), m.kind("T1"))
    kind = m.pick([np.dtype(np.float32), np.dtype(np.float64)])
    m.results += m.node(size=size, output_datatype=onnx_type(kind) if m.maybe() or
                        kind != np.float32 else None, **m.attributes())


@rule("MelWeightMatrix")
def mel(m):
    kind = m.kind("T1")
    given = {"num_mel_bins": m.whole(2, 8), "dft_length": m.pick((16, 31, 64)),
             "sample_rate": 8192}
    real = m.kind("T2")
    edges = {"lower_edge_hertz": 0, "upper_edge_hertz": m.pick((2048, 4096))}
    m.results += m.node(**{n: m.numbers([v] * RUNS, kind) for n, v in given.items()},
                        **{n: m.numbers([v] * RUNS, real) for n, v in edges.items()})


@rule("DFT")
def dft(m):
    rank = m.whole(2, 4)
    pair = m.maybe()
    x = m.tensor("T1", [*m.dims(rank - 1, 1), same(2 if pair else 1)], constant=False)
    axis = m.whole(0, rank - 2)
    inverse = int(m.maybe(0.3) and pair)
    given = {"inverse": inverse or None}
    if not pair and m.maybe():
        given["onesided"] = 1
    if m.is_attribute("axis"):
        given["axis"] = axis
    else:
        given["axis"] = m.constant(axis - rank if m.maybe() else axis)
    if m.maybe(0.3):
        given["dft_length"] = m.numbers([m.whole(1, 11)] * RUNS, m.kind("T2"))
    m.results += m.node(input=x, **given)


@rule("STFT")
def stft(m):
    length, step = m.whole(2, 8), m.whole(1, 5)
    x = m.tensor("T1", [m.dim(1, 3), m.dim(length, 31)] + [same(1)] * m.maybe(0.7),
                 constant=False)
    kind = m.kind("T2")
    own = m.tensor(x.kind, [same(length)]) if m.maybe() else None
    size = m.constant(length, kind) if own is None or m.maybe() else None
    m.results += m.node(signal=x, frame_step=m.constant(step, kind), window=own,
                        frame_length=size, onesided=m.whole(0, 1))
