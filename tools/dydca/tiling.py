"""Between a frame [1,3,H,W] and its cells, as graphs: index maps and nothing else."""

import numpy as np


def join(g, cells, rows, cols, ch, cw):
    """[G,3,ch,cw] -> [1,3,rows * ch,cols * cw]."""
    x = g.reshape(cells, rows, cols, 3, ch, cw)
    x = g.op("Transpose", x, perm=[2, 0, 3, 1, 4])
    return g.reshape(x, 1, 3, g.op("Mul", rows, g.constant(ch)),
                     g.op("Mul", cols, g.constant(cw)))


class Tiling:
    """Cells [G,3,ch,cw] that see nothing but themselves. H and W are whole cells."""

    halo = 0

    def __init__(self, g, frame, cell):
        self.g, self.cell = g, cell
        self.rows, self.cols = (
            g.op("Div", g.dim(frame, axis), g.constant(size))
            for axis, size in ((2, cell[0]), (3, cell[1])))

    def cells(self, x):
        (ch, cw), g = self.cell, self.g
        x = g.reshape(x, 3, self.rows, ch, self.cols, cw)
        x = g.op("Transpose", x, perm=[1, 3, 0, 2, 4])
        return g.reshape(x, -1, 3, ch, cw)

    def frame(self, cells, scale):
        ch, cw = (scale * c for c in self.cell)
        return join(self.g, cells, self.rows, self.cols, ch, cw)


class Windows:
    """Cells [G,3,ch + 2 halo,cw + 2 halo] with their real neighbours. H and W are
    anything: over the frame's edges its last pixels are repeated."""

    def __init__(self, g, frame, cell, halo):
        self.g, self.cell, self.halo = g, cell, halo
        self.size = [g.dim(frame, axis) for axis in (2, 3)]
        self.rows, self.cols = (
            g.op("Div", g.op("Add", size, g.constant(c - 1)), g.constant(c))
            for size, c in zip(self.size, cell))

    def lines(self, count, cell, size):
        """i64[count,cell + 2 halo]: which rows, or columns, of the frame a cell has."""
        g = self.g
        first = g.op("Mul", g.op("Range", g.constant(0), count, g.constant(1)),
                     g.constant(cell))
        inside = g.constant(np.arange(-self.halo, cell + self.halo)[None])
        lines = g.op("Add", g.unsqueeze(first, [1]), inside)
        last = g.op("Sub", size, g.constant(1))
        return g.op("Min", g.op("Max", lines, g.constant(0)), last)

    def cells(self, x):
        (ch, cw), g = self.cell, self.g
        x = g.op("Gather", x, self.lines(self.rows, ch, self.size[0]), axis=2)
        x = g.op("Gather", x, self.lines(self.cols, cw, self.size[1]), axis=4)
        x = g.op("Transpose", x, perm=[0, 2, 4, 1, 3, 5])
        return g.reshape(x, -1, 3, ch + 2 * self.halo, cw + 2 * self.halo)

    def frame(self, cells, scale):
        g = self.g
        ch, cw = (scale * c for c in self.cell)
        x = join(g, cells, self.rows, self.cols, ch, cw)
        ends = g.shape_of(*(g.op("Mul", n, g.constant(scale)) for n in self.size))
        return g.slice(x, [0, 0], ends, [2, 3])


def quarter(g, x, ch, cw):
    """[N,3,ch,cw] -> [4N,3,ch/2,cw/2]."""
    x = g.reshape(x, -1, 3, 2, ch // 2, 2, cw // 2)
    x = g.op("Transpose", x, perm=[0, 2, 4, 1, 3, 5])
    return g.reshape(x, -1, 3, ch // 2, cw // 2)


def unquarter(g, x, ch, cw):
    x = g.reshape(x, -1, 2, 2, 3, ch // 2, cw // 2)
    x = g.op("Transpose", x, perm=[0, 3, 1, 4, 2, 5])
    return g.reshape(x, -1, 3, ch, cw)
