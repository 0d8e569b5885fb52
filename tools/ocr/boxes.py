"""Boxes of text from a detector's map of probabilities: components of what is
likely text, the smallest turned rectangle around each, grown to the line's
height, since the map shows lines shrunk."""

import numpy as np

TEXT = 0.3  # A pixel of at least this probability is text.
LINE = 0.5  # A box of at least this mean probability is a line.
GROWTH = 1.6  # How far a box grows: this times area by perimeter.
LONG = 1.5  # A line has at least this times its height.
SMALLEST = 3  # Pixels of the shorter side.


def runs(mask):
    """(row, first, end) of all runs of true pixels, row by row."""
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, firsts = np.nonzero(edges == 1)
    return np.stack([rows, firsts, np.nonzero(edges == -1)[1]], 1)


def components(mask):
    """The runs of each connected component (corners connect, too)."""
    found = runs(mask)
    parents = list(range(len(found)))

    def root(i):
        while parents[i] != i:
            parents[i] = i = parents[parents[i]]
        return i

    above = 0  # The first run that may touch the current one from above.
    for i, (row, first, end) in enumerate(found):
        while found[above][0] < row - 1 or (
                found[above][0] == row - 1 and found[above][2] < first):
            above += 1
        at = above
        while found[at][0] == row - 1 and found[at][1] <= end:
            parents[root(at)] = root(i)
            at += 1
    groups = {}
    for i, run in enumerate(found):
        groups.setdefault(root(i), []).append(run)
    return [np.array(group) for group in groups.values()]


def hull(points):
    """The convex hull, by the monotone chain."""
    def half(ordered):
        chain = []
        for p in ordered:
            while len(chain) > 1 and np.linalg.det(
                    [chain[-1] - chain[-2], p - chain[-2]]) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    ordered = np.unique(points, axis=0).astype(float)
    return np.array(half(ordered) + half(ordered[::-1]))


def smallest_rectangle(points):
    """(middle, direction of the long side, (long, short)) of the rectangle of
    the smallest area: one of its sides lies on a side of the hull."""
    corners = hull(points)
    sides = np.roll(corners, -1, 0) - corners
    best = None
    for u in sides / np.linalg.norm(sides, axis=1, keepdims=True):
        axes = np.stack([u, [-u[1], u[0]]])
        along = corners @ axes.T
        low, high = along.min(0), along.max(0)
        size = high - low
        if best is None or size.prod() < best[2].prod():
            best = (low + high) / 2 @ axes, axes, size
    middle, axes, size = best
    long = int(size[1] > size[0])
    return middle, axes[long], size[[long, 1 - long]]


def corners_of(middle, u, size):
    """Clockwise from the top left, as a reader sees the line. A long side runs to
    the right, or down where it is steep; of a few characters a short one may."""
    if size[0] < LONG * size[1] and abs(u[0]) < abs(u[1]):
        u, size = np.array([-u[1], u[0]]), size[::-1]
    if u[0] < -1e-6 and abs(u[0]) >= abs(u[1]) or u[1] < 0 and abs(u[0]) < abs(u[1]):
        u = -u
    across, down = u * size[0] / 2, np.array([-u[1], u[0]]) * size[1] / 2
    return np.array([middle - across - down, middle + across - down,
                     middle + across + down, middle - across + down])


def find(probability):
    """[(four corners in pixels of the map, score)] from top to bottom."""
    result = []
    for group in components(probability > TEXT):
        score = np.mean(np.concatenate([probability[y, a:b] for y, a, b in group]))
        points = np.concatenate([[(a, y), (b, y), (a, y + 1), (b, y + 1)]
                                 for y, a, b in group])
        middle, u, size = smallest_rectangle(points)
        if size.min() < SMALLEST or score < LINE:
            continue
        grown = size + 2 * GROWTH * size.prod() / (2 * size.sum())
        result.append((corners_of(middle, u, grown), float(score)))
    return sorted(result, key=lambda r: r[0][:, 1].mean())
