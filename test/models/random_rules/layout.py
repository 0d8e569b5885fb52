"""Operators that move elements: extents and steering operands that fit each other."""

import math

import numpy as np

from random_values import RUNS, Unfit, each, same
from random_rules.rule import rule


def product(dims, run):
    return math.prod(d[run] for d in dims)


@rule("Concat", moves=True)
def concat(m):
    x = m.tensor("T", rank=(1, 6))
    axis = m.axis(x.rank)
    parts = [x]
    for _ in range(m.whole(0, 3)):
        dims = x.dims
        dims[axis] = m.dim(high=7)
        parts.append(m.tensor(x.kind, dims))
    m.results += m.node(inputs=m.shuffled(parts), axis=axis)


@rule("Transpose", moves=True)
def transpose(m):
    x = m.tensor("T")
    perm = [int(i) for i in m.rng.permutation(x.rank)] if m.maybe(0.85) else None
    m.results += m.node(data=x, perm=perm if x.rank else None)


@rule("Flatten", moves=True)
def flatten(m):
    x = m.tensor("T")
    axis = m.whole(-x.rank if m.negative else 0, x.rank) if m.maybe(0.8) and x.rank else None
    if axis is None and x.rank == 0:
        axis = 0
    m.results += m.node(input=x, axis=axis)


@rule("Reshape", moves=True)
def reshape(m):
    """Extents of neighbours are joined, or one is split by a divisor; -1 and 0 in places."""
    x = m.tensor("T")
    rows = [list(d.shape) for d in x.data]
    for _ in range(m.whole(0, 2)):
        at = m.whole(0, max(len(rows[0]) - 1, 0))
        if len(rows[0]) > 1 and at and m.maybe():
            rows = [r[:at - 1] + [r[at - 1] * r[at]] + r[at + 1:] for r in rows]
        elif len(rows[0]) < 6 and m.maybe():
            by = math.gcd(*(r[at] for r in rows)) or 1 if rows[0] else 1
            by = by if m.maybe() else 1
            rows = [r[:at] + [by] + ([r[at] // by] if r else []) + r[at + 1:] for r in rows]
    allowzero = int(m.has("allowzero") and m.maybe(0.3))
    rows = [list(r) for r in rows]
    width = len(rows[0])
    if width and m.maybe(0.6) and all(math.prod(r[:-1]) for r in rows):
        free = m.whole(0, width - 1)
        if all(math.prod(r[:free] + r[free + 1:]) for r in rows) and not (
                allowzero and any(0 in r for r in rows)):
            for r in rows:
                r[free] = -1
    if not allowzero:
        for i in range(min(width, x.rank)):
            if all(r[i] == n for r, n in zip(rows, x.dims[i])) and m.maybe(0.3):
                for r in rows:
                    r[i] = 0
        # A zero stands for the input's extent, so that of nothing cannot be written elsewhere.
        for run, r in enumerate(rows):
            for i, n in enumerate(r):
                if n == 0 and (i >= x.rank):
                    raise Unfit("an extent of 0 has no place")
    m.results += m.node(data=x, shape=m.numbers(rows), allowzero=allowzero or None)


@rule("Squeeze", moves=True)
def squeeze(m):
    rank = m.whole(1, 5)
    ones = sorted(i for i in range(rank) if m.maybe(0.4)) or [m.whole(0, rank - 1)]
    dims = m.dims(rank)
    for i in ones:
        dims[i] = same(1)
    x = m.tensor("T", dims)
    if all(len(set(d)) == 1 for d in dims) and m.static and m.maybe(0.2):
        m.results += m.node(data=x)
        return
    axes = [i - rank if m.negative and m.maybe() else i for i in m.shuffled(ones)]
    m.results += m.node(data=x, axes=m.constant(axes))


@rule("Unsqueeze", moves=True)
def unsqueeze(m):
    x = m.tensor("T", rank=(0, 4))
    count = m.whole(1, 2)
    axes = [int(i) for i in m.rng.permutation(x.rank + count)[:count]]
    axes = [i - x.rank - count if m.negative and m.maybe() else i for i in axes]
    name = m.schema.inputs[0].name
    m.results += m.node(**{name: x}, axes=m.numbers([axes] * RUNS, constant=m.maybe(0.7)))


@rule("Expand", moves=True)
def expand(m):
    """Either may have the larger extent, and more axes."""
    x = m.tensor("T")
    target = [m.dim(1, 5) if set(d) == {1} and m.maybe() else
              same(1) if m.maybe(0.2) else d for d in x.dims]
    if m.maybe(0.3):
        target = m.dims(m.whole(0, max(0, 5 - x.rank))) + target
    elif m.maybe(0.2):
        target = target[m.whole(0, x.rank):]
    m.results += m.node(input=x, shape=m.numbers(
        [[d[run] for d in target] for run in range(RUNS)]))


@rule("Tile", moves=True)
def tile(m):
    x = m.tensor("T", rank=(1, 5))
    repeats = [m.dim(0, 3) for _ in range(x.rank)]
    m.results += m.node(input=x, repeats=m.numbers(
        [[r[run] for r in repeats] for run in range(RUNS)]))


@rule("Slice", moves=True)
def cut(m):
    x = m.tensor("T", rank=(1, 5))
    axes = m.shuffled(range(x.rank))[:m.whole(1, x.rank)]
    steps = [m.pick((1, 1, 2, 3, -1, -2)) if m.has("steps") else 1 for _ in axes]
    fixed = m.is_attribute("starts") or m.maybe()

    def ends(run):
        rows = []
        for axis, step in zip(axes, steps):
            n = 5 if fixed else x.dims[axis][run]
            a, b = sorted((m.whole(-n - 2, n + 2), m.whole(-n - 2, n + 2)))
            edge = m.pick((2**31 - 1, 2**63 - 1 if kind.itemsize == 8 else 2**31 - 1))
            b = edge if m.maybe(0.15) else b
            rows.append((a, b) if step > 0 else (b, -edge if m.maybe(0.15) else a))
        return list(zip(*rows))

    kind = m.kind("Tind") if m.has("steps") else np.dtype(np.int64)
    one = ends(0)
    bounds = [one if fixed else ends(run) for run in range(RUNS)]
    written = [a - x.rank if m.negative and m.maybe() else a for a in axes]
    starts, stops = (m.numbers([b[i] for b in bounds], kind) for i in (0, 1))
    every = axes == list(range(x.rank))
    m.results += m.node(
        data=x, starts=starts, ends=stops,
        axes=None if every and m.maybe() else m.put([np.array(written, kind)] * RUNS, True),
        steps=m.numbers([steps] * RUNS, kind, m.maybe(0.8)) if m.has("steps") and (
            set(steps) != {1} or m.maybe()) else None)


@rule("Split", moves=True)
def split(m):
    parts = m.whole(1, 4)
    x = m.tensor("T", rank=(1, 5))
    axis = m.axis(x.rank)
    extent = x.dims[axis]
    uneven = m.maybe() and not m.is_attribute("split")
    sizes = []
    for n in extent:
        cuts = sorted(m.whole(0, n) for _ in range(parts - 1))
        sizes.append([b - a for a, b in zip([0, *cuts], [*cuts, n])])
    axis_given = {"axis": axis} if axis or m.maybe() else {}
    name = m.schema.inputs[0].name
    if m.is_attribute("split") and len(set(extent)) == 1 and m.maybe():
        outputs = m.node(parts, **{name: x}, split=m.constant(sizes[0]), **axis_given)
    elif uneven:
        outputs = m.node(parts, **{name: x}, split=m.numbers(sizes), **axis_given)
    else:
        if not m.has("num_outputs") and any(n % parts for n in extent):
            parts = 1
        if m.has("num_outputs") and any(-(-n // parts) * (parts - 1) > n for n in extent):
            parts = 1
        outputs = m.node(parts, **{name: x}, num_outputs=parts, **axis_given)
    m.results += outputs


@rule("Pad", moves=True)
def pad(m):
    """What may be read beyond an edge depends on the mode; negative pads remove."""
    mode = m.pick(["constant", "constant", "reflect", "edge"] + (
        ["wrap"] if m.schema.since_version >= 19 else []))
    x = m.tensor("T", rank=(1, 5), low=0 if mode == "constant" else 1)
    axes = sorted(m.shuffled(range(x.rank))[:m.whole(1, x.rank)]) if m.has("axes") and \
        m.maybe() else None
    fixed = m.is_attribute("pads") or m.maybe(0.6)

    def amounts(run):
        rows = []
        for axis in axes if axes is not None else range(x.rank):
            n = min(x.dims[axis]) if fixed else x.dims[axis][run]
            most = {"reflect": n - 1, "wrap": n, "edge": 3, "constant": 3}[mode]
            least = -(n // 3) if mode == "constant" and m.maybe(0.3) else 0
            rows.append((m.whole(least, min(most, 3)), m.whole(least, min(most, 3))))
        return [a for a, _ in rows] + [b for _, b in rows]

    one = amounts(0)
    rows = [one if fixed else amounts(run) for run in range(RUNS)]
    value = m.tensor(x.kind, [], fill="any") if m.maybe() and m.has("constant_value") else None
    name = m.schema.inputs[0].name
    m.results += m.node(**{name: x}, pads=m.numbers(rows), constant_value=value, axes=m.put(
        [np.array([a - x.rank if m.maybe() else a for a in axes], m.kind("Tind"))] * RUNS, True)
        if axes is not None else None, mode=mode if mode != "constant" or m.maybe() else None)


@rule("CenterCropPad", moves=True)
def crop(m):
    x = m.tensor("T", rank=(1, 5), low=1)
    axes = m.shuffled(range(x.rank))[:m.whole(1, x.rank)] if m.maybe() else None
    count = x.rank if axes is None else len(axes)
    dims = [m.dim(1, 7) for _ in range(count)]
    # Of its function ONNX Runtime compares the shape with integers of 64 bits.
    kind = np.dtype(np.int64)
    m.results += m.node(input_data=x, shape=m.numbers(
        [[d[run] for d in dims] for run in range(RUNS)], kind),
        axes=axes and [a - x.rank if m.maybe() else a for a in axes])


@rule("DepthToSpace", "SpaceToDepth", moves=True)
def blocks(m):
    by = m.pick((1, 2, 2, 3))
    n, c, h, w = m.dims(4)
    times = lambda d, k: each(lambda v: v * k, d)
    if m.operator == "DepthToSpace":
        dims = [n, times(c, by * by), h, w]
    else:
        dims = [n, c, times(h, by), times(w, by)]
    mode = m.pick(("DCR", "CRD")) if m.is_attribute("mode") and m.maybe() else None
    m.results += m.node(input=m.tensor("T", dims), blocksize=by, mode=mode)


@rule("ReverseSequence", moves=True)
def reverse(m):
    """One of the first two axes is of time, the other of sequences."""
    x = m.tensor("T", rank=(2, 5), low=1)
    time = m.whole(0, 1)
    lengths = [[m.whole(1, x.dims[time][run]) for _ in range(x.dims[1 - time][run])]
               for run in range(RUNS)]
    value = m.put([np.array(row, np.int64) for row in lengths],
                  None if len(set(x.dims[1 - time])) == 1 else False)
    m.results += m.node(input=x, sequence_lens=value, time_axis=time, batch_axis=1 - time)


@rule("Trilu", moves=True)
def triangle(m):
    x = m.tensor("T", rank=(2, 5))
    k = m.numbers([m.whole(-4, 4)] * RUNS if m.maybe() else
                  [m.whole(-40, 40) for _ in range(RUNS)]) if m.maybe(0.7) else None
    m.results += m.node(input=x, k=k, **m.attributes())
