"""Multiply-adds of a network: what a path takes for a patch, and a routing for a frame."""

import network


def of_path(design, path, scale, size, halo=0):
    """Multiply-adds of a path on a patch of `size` low-resolution pixels, of which the first
    convolutions see `halo` more on each side."""
    height, width = (n + 2 * halo for n in size)
    total, left = 0, halo
    for name, (out, inputs, kh, kw) in design.layers(path, scale).items():
        if name == "skip":
            total += size[0] * size[1] * out * inputs * kh * kw
            continue
        if left:
            height, width, left = height - 2, width - 2, left - 1
        total += height * width * out * inputs * kh * kw
    return total


def of_cells(design, scale, cell, halo):
    """Of a cell of each class. Quarters of one, which are there without a halo, are as many
    pixels as the cell."""
    return [of_path(design, path, scale, cell, min(halo, design.reach(path)))
            for path in design.paths]


def of_frames(design, scale, cell, halo, classes):
    """Mean multiply-adds of a frame; classes [F, G]."""
    each = of_cells(design, scale, cell, halo)
    return sum(cost * float((classes == k).sum(1).mean()) for k, cost in enumerate(each))


def blocks_like(total, scale, size, units=network.UNITS):
    """How many blocks a network of one path has that takes about `total` multiply-adds for
    a whole frame."""
    def cost(blocks):
        design = network.Design((blocks,), units)
        return of_path(design, design.paths[0], scale, size)

    return min(range(1, 33), key=lambda blocks: abs(cost(blocks) - total))
