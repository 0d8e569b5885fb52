"""Operators that pick by indices: those lie in the range of what they pick from."""

import numpy as np

from random_values import RUNS, Unfit, each, same
from random_rules.rule import rule


def places(m, extents, dims, kind, distinct=False):
    """Indices of shape `dims` into an extent, negative ones too."""
    shapes = list(zip(*dims)) if dims else [()] * RUNS
    data = []
    for n, shape in zip(extents, shapes):
        data.append(np.asarray(m.rng.integers(-n, max(n, 1), shape), kind))
    if len(set(shapes)) == 1 and m.maybe(0.3):
        least = min(extents)
        data = [np.asarray(m.rng.integers(-least, max(least, 1), shapes[0]), kind)] * RUNS
    return m.put(data, None if data[0] is data[-1] else False)


@rule("Gather", moves=True)
def gather(m):
    x = m.tensor("T", rank=(1, 4), low=1)
    axis = m.axis(x.rank)
    rank = m.whole(0, 2)
    indices = places(m, x.dims[axis], [m.dim(0, 5) for _ in range(rank)], m.kind("Tind"))
    m.results += m.node(data=x, indices=indices, axis=axis if axis or m.maybe() else None)


@rule("GatherElements", moves=True)
def gather_elements(m):
    x = m.tensor("T", rank=(1, 5), low=1)
    axis = m.axis(x.rank)
    dims = [each(lambda n: m.whole(1, n), d) if m.maybe(0.3) and not m.static else d
            for d in x.dims]
    dims[axis] = m.dim(0, 7)
    indices = places(m, x.dims[axis], dims, m.kind("Tind"))
    m.results += m.node(data=x, indices=indices, axis=axis if axis or m.maybe() else None)


def tuples(m, dims, start, count, outer):
    """Index tuples into the `count` axes behind the first `start`, of outer extents."""
    shapes = list(zip(*outer)) if outer else [()] * RUNS
    data = []
    for run, shape in enumerate(shapes):
        parts = [m.rng.integers(-dims[start + i][run], max(dims[start + i][run], 1), shape)
                 for i in range(count)]
        data.append(np.stack(parts, -1).astype(np.int64))
    return m.put(data, False, known=True)


@rule("GatherND", moves=True)
def gather_nd(m):
    x = m.tensor("T", rank=(1, 5), low=1)
    batch = m.whole(0, x.rank - 1) if m.is_attribute("batch_dims") and m.maybe() else 0
    count = m.whole(1, x.rank - batch)
    outer = x.dims[:batch] + [m.dim(1, 5) for _ in range(m.whole(0, 2))]
    indices = tuples(m, x.dims, batch, count, outer)
    m.results += m.node(data=x, indices=indices, batch_dims=batch or None)


def distinct(m, x, axis, dims):
    """Indices along an axis that name no element twice."""
    data = []
    for run in range(RUNS):
        shape, n = [d[run] for d in dims], x.dims[axis][run]
        order = np.argsort(m.rng.random([*shape[:axis], n, *shape[axis + 1:]]), axis)
        picked = np.take(order, range(shape[axis]), axis)
        data.append(np.where(m.rng.random(picked.shape) < 0.3, picked - n, picked))
    return data


@rule("Scatter", "ScatterElements")
def scatter_elements(m):
    x = m.tensor("T", rank=(1, 4), low=1)
    axis = m.whole(0, x.rank - 1)
    options = ["none"] + ["add", "mul"] * (m.schema.since_version >= 16) + \
        ["max", "min"] * (m.schema.since_version >= 18)
    reduction = m.pick(options) if x.kind.kind != "b" else "none"
    smaller = not m.static and m.maybe(0.3)
    dims = [each(lambda n: m.whole(0, n), d) if smaller else d for d in x.dims]
    kind, updates = m.kind("Tind"), m.tensor(x.kind, dims, fill="small")
    if reduction == "none":
        indices = m.put([d.astype(kind) for d in distinct(m, x, axis, dims)], False)
    else:
        indices = places(m, x.dims[axis], dims, kind)
    written = axis - x.rank if m.negative and m.maybe() else axis
    m.results += m.node(data=x, indices=indices, updates=updates, axis=written,
                        reduction=reduction if reduction != "none" else None)


@rule("ScatterND")
def scatter_nd(m):
    """Without a reduction no element is written twice: one tuple, or each row once."""
    x = m.tensor("T", rank=(1, 4), low=1)
    count = m.whole(1, x.rank)
    options = ["none"] + ["add", "mul"] * (m.schema.since_version >= 16) + \
        ["max", "min"] * (m.schema.since_version >= 18)
    reduction = m.pick(options) if x.kind.kind != "b" else "none"
    if reduction == "none":
        outer = [x.dims[0]] if m.maybe() else [same(1)]
        data = []
        for run, n in enumerate(outer[0]):
            first = m.rng.permutation(x.dims[0][run])[:n]
            rest = [m.rng.integers(-x.dims[i][run], x.dims[i][run], n)
                    for i in range(1, count)]
            data.append(np.stack([first, *rest], -1).astype(np.int64))
        indices = m.put(data, False, known=True)
    else:
        outer = [m.dim(0, 5) for _ in range(m.whole(1, 2))]
        indices = tuples(m, x.dims, 0, count, outer)
    updates = m.tensor(x.kind, outer + x.dims[count:], fill="small")
    m.results += m.node(data=x, indices=indices, updates=updates,
                        reduction=reduction if reduction != "none" else None)


@rule("TensorScatter")
def tensor_scatter(m):
    cache = m.tensor("T", rank=(3, 4), low=1)
    axis = cache.rank - 2 if m.maybe() else m.whole(1, cache.rank - 1)
    mode = m.pick(("linear", "circular"))
    dims = cache.dims
    dims[axis] = each(lambda n: m.whole(1, n), dims[axis])
    starts = [[m.whole(0, cache.dims[axis][run] - (dims[axis][run] if mode == "linear" else 1))
               for _ in range(cache.dims[0][run])] for run in range(RUNS)]
    value = m.put([np.array(s, np.int64) for s in starts], False) if m.maybe(0.8) else None
    m.results += m.node(past_cache=cache, update=m.tensor(cache.kind, dims), mode=mode,
                        write_indices=value, axis=axis - cache.rank if m.maybe() else axis)


@rule("OneHot")
def one_hot(m):
    depth = m.dim(1, 7)
    kind = m.kind("T1")
    rank = m.whole(0, 4)
    dims = m.dims(rank)
    shapes = list(zip(*dims)) if dims else [()] * RUNS
    # Beyond the depth is legal: all off.
    low = 0 if kind.kind == "u" else -max(depth) - 2
    indices = m.put([m.rng.integers(low, max(depth) + 2, s).astype(kind) for s in shapes], False)
    many = m.kind("T2")
    number = m.numbers(depth, many)
    values = m.tensor("T3", [same(2)])
    axis = m.whole(-rank - 1, rank) if m.maybe(0.8) else None
    m.results += m.node(indices=indices, depth=number, values=values, axis=axis)


@rule("Compress", moves=True)
def compress(m):
    x = m.tensor("T", rank=(1, 4), low=1)
    axis = m.axis(x.rank) if m.maybe(0.7) else None
    count = [d.size if axis is None else d.shape[axis] for d in x.data]
    count = [m.whole(1, n) for n in count] if not m.static and m.maybe(0.3) else count
    condition = m.put([m.rng.random(n) < 0.5 for n in count], False)
    m.results += m.node(input=x, condition=condition, axis=axis)


@rule("NonZero", sharp=True)
def non_zero(m):
    x = m.tensor("T", rank=(1, 5))
    if not m.taken:
        for d in x.data:
            d.reshape(-1)[::2] = 0
    m.results += m.node(X=x)


@rule("TopK", sharp=True)
def top_k(m):
    """Elements differ, since nothing says which of two equal ones comes first."""
    dims = m.dims(m.whole(1, 4), 1)
    kind = m.kind("T")
    data = []
    for shape in zip(*dims):
        size = int(np.prod(shape))
        if kind.kind in "iu" and size > np.iinfo(kind).max:
            raise Unfit("more elements than numbers of the type")
        data.append(np.asarray(m.rng.permutation(size).reshape(shape), kind))
    x = m.put(data, False)
    axis = m.axis(x.rank)
    k = each(lambda n: m.whole(0 if m.maybe(0.1) else 1, n), x.dims[axis])
    if m.static or m.maybe(0.3):
        k = same(min(k))
    count = m.constant([k[0]]) if m.is_attribute("k") else m.numbers([[v] for v in k])
    largest = m.whole(0, 1) if m.maybe() else None
    given = {"K": count} if not m.is_attribute("k") else {"k": k[0]}
    if m.is_attribute("k") and len(set(k)) > 1:
        given["k"] = min(k)
    m.results += m.node(X=x, **given, axis=axis, largest=largest, outputs=2)


@rule("Unique", sharp=True)
def unique(m):
    kind = m.kind("T")
    dims = m.dims(m.whole(1, 3), 1)
    x = m.put([m.rng.integers(0, 4, s).astype(kind) for s in zip(*dims)], False)
    axis = m.whole(-x.rank, x.rank - 1) if m.maybe() else None
    m.results += m.node(X=x, axis=axis, sorted=m.whole(0, 1) if m.maybe() else None)


@rule("NonMaxSuppression", sharp=True)
def suppress(m):
    batches, classes, count = m.dim(1, 2), m.dim(1, 3), m.dim(1, 13)
    corners = []
    for b, n in zip(batches, count):
        first = m.rng.uniform(0, 1, (b, n, 2))
        corners.append(np.concatenate([first, first + m.rng.uniform(0.1, 1, (b, n, 2))],
                                      -1).astype(np.float32))
    scores = [m.rng.permutation(b * c * n).reshape(b, c, n).astype(np.float32) / (b * c * n)
              for b, c, n in zip(batches, classes, count)]
    most = m.numbers([[m.whole(1, 5)] for _ in range(RUNS)]) if m.maybe(0.8) else None
    limit = m.numbers([[0.375]] * RUNS, np.float32) if m.maybe() else None
    score = m.numbers([[0.25]] * RUNS, np.float32) if m.maybe() else None
    m.results += m.node(boxes=m.put(corners, False), scores=m.put(scores, False),
                        max_output_boxes_per_class=most, iou_threshold=limit,
                        score_threshold=score, center_point_box=m.whole(0, 1))
