"""Windows over images."""

import numpy as np

from random_values import RUNS, each, same
from random_rules.linear import images, window
from random_rules.rule import rule


@rule("AveragePool", "MaxPool", "LpPool")
def pool(m):
    spatial = m.pick((1, 2, 2, 2, 3))
    kernel, given, least = window(m, spatial)
    if given.get("auto_pad", "").startswith("SAME"):
        given.pop("dilations", None)  # ONNX Runtime pads as if there were none.
    for i, d in enumerate(given.get("dilations", ())):  # No window is all padding.
        least[i] = max(least[i], (kernel[i] - 1) * d + 1)
    x = m.tensor("T" if m.operator != "MaxPool" else "T", images(m, spatial, m.dim(1, 5), least))
    if m.is_attribute("ceil_mode") and m.maybe(0.3) and "auto_pad" not in given:
        given["ceil_mode"] = 1
    if m.is_attribute("count_include_pad") and m.maybe():
        given["count_include_pad"] = m.whole(0, 1)
    if m.operator == "LpPool" and m.maybe():
        given["p"] = m.whole(1, 3)
    if m.is_attribute("storage_order") and m.maybe(0.2):
        given["storage_order"] = 1
    m.results += m.node(X=x, kernel_shape=kernel, **given)


@rule("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
def whole(m):
    x = m.tensor("T", rank=(3, 5), low=1)
    m.results += m.node(X=x, p=m.whole(1, 3) if m.operator == "GlobalLpPool" else None)


@rule("MaxUnpool")
def unpool(m):
    """Indices are places of distinct elements of the result."""
    spatial = m.pick((1, 2, 2, 3))
    kernel = [m.pick((2, 3)) for _ in range(spatial)]
    strides = list(kernel) if m.maybe() else None
    n, c, *rest = images(m, spatial, m.dim(1, 3), [1] * spatial)
    step = strides or [1] * spatial
    full = [each(lambda v, s=s, k=k: (v - 1) * s + k, d)
            for d, s, k in zip(rest, step, kernel)]
    larger = m.maybe(0.3)
    out = [each(lambda v: v + 1, d) for d in full] if larger else full
    if larger:
        m.deviates("MaxUnpool with an output_shape: ONNX Runtime takes indices for places in "
                   "it; in ONNX's own test they are places in the shape without one")
    indices = []
    for run in range(RUNS):
        planes, size = n[run] * c[run], int(np.prod([d[run] for d in rest]))
        room = int(np.prod([d[run] for d in full]))
        places = [m.rng.permutation(room)[:size] + p * room for p in range(planes)]
        indices.append(np.array(places, np.int64).reshape(
            n[run], c[run], *(d[run] for d in rest)))
    x = m.tensor("T1", [n, c, *rest])
    shape = m.numbers([[d[run] for d in (n, c, *out)] for run in range(RUNS)]) \
        if larger else None
    m.results += m.node(X=x, I=m.put(indices, False), output_shape=shape,
                        kernel_shape=kernel, strides=strides)


@rule("Col2Im")
def columns(m):
    kernel = [m.whole(1, 3), m.whole(1, 3)]
    image = [m.dim(3, 7), m.dim(3, 7)]
    given = {}
    if m.maybe(0.4):
        given["strides"] = [m.whole(1, 2), m.whole(1, 2)]
    if m.maybe(0.4):
        given["pads"] = [m.whole(0, 1) for _ in range(4)]
    s, p = given.get("strides", [1, 1]), given.get("pads", [0] * 4)
    blocks = each(lambda a, b: ((a + p[0] + p[2] - kernel[0]) // s[0] + 1) * (
        (b + p[1] + p[3] - kernel[1]) // s[1] + 1), *image)
    channels = m.whole(1, 3)
    x = m.tensor("T", [m.dim(1, 3), same(channels * kernel[0] * kernel[1]), blocks])
    m.results += m.node(input=x, block_shape=m.constant(kernel), image_shape=m.numbers(
        [[d[run] for d in image] for run in range(RUNS)]), **given)


@rule("RoiAlign")
def regions(m):
    x = m.tensor("T1", [m.dim(1, 3), m.dim(1, 3), m.dim(3, 9), m.dim(3, 9)])
    count = m.dim(1, 4)
    rois = []
    for n in count:
        first = m.rng.uniform(0, 3, (n, 2))
        rois.append(np.concatenate([first, first + m.rng.uniform(1, 4, (n, 2))], -1).astype(
            x.kind))
    batch = [m.rng.integers(0, x.dims[0][run], count[run]) for run in range(RUNS)]
    given = {"coordinate_transformation_mode": m.pick((None, "half_pixel",
                                                       "output_half_pixel")),
             "mode": m.pick((None, "avg", "max")), "output_height": m.whole(1, 3),
             "output_width": m.whole(1, 3), "sampling_ratio": m.whole(0, 2),
             "spatial_scale": m.pick((None, 0.5, 1.0))}
    m.results += m.node(X=x, rois=m.put(rois, False), batch_indices=m.put(batch, False), **given)
