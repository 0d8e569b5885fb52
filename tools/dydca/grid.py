"""The grid of cells over a low-resolution frame, and patches cut from it.

Cells of 48 x 64 low-resolution pixels where nothing else is asked for. 180 x 320
becomes 192 x 320 (4 x 5 cells) by repeating the last row, which wastes 6 % of the
work; 108 x 96 as for 1080p would waste 44 %. Both the cells and the fine patches cut
from them (24 x 32) are whole vectors wide, and a fine patch is still larger than
the deep path's receptive field (radius 10), so that most of its pixels see no
zero padding.
"""

from dataclasses import dataclass

import numpy as np

CELL = 48, 64
BORDER = 4  # High-resolution pixels at a cell's edge that scores leave out.


@dataclass(frozen=True)
class Grid:
    """Cells over a low-resolution frame of h x w pixels."""

    h: int
    w: int
    cell: tuple[int, int] = CELL

    @property
    def rows(self):
        return -(-self.h // self.cell[0])

    @property
    def cols(self):
        return -(-self.w // self.cell[1])

    @property
    def count(self):
        return self.rows * self.cols

    def origin(self, g):
        """The first row and column of a cell."""
        row, col = divmod(int(g), self.cols)
        return row * self.cell[0], col * self.cell[1]

    def pad(self, frames, scale=1):
        """[..., h*s, w*s, 3] -> whole cells, by repeating the last row and column; at
        a scale what is up to s - 1 pixels smaller too."""
        bottom = self.rows * self.cell[0] * scale - frames.shape[-3]
        right = self.cols * self.cell[1] * scale - frames.shape[-2]
        lead = [(0, 0)] * (frames.ndim - 3)
        return np.pad(frames, [*lead, (0, bottom), (0, right), (0, 0)], "edge")

    def cells(self, frames, scale=1):
        """[F, h*s, w*s, c] -> [F, G, ch*s, cw*s, c]."""
        padded = self.pad(frames, scale)
        ch, cw = self.cell[0] * scale, self.cell[1] * scale
        split = padded.reshape(-1, self.rows, ch, self.cols, cw, frames.shape[-1])
        return split.swapaxes(2, 3).reshape(-1, self.count, ch, cw, frames.shape[-1])

    def visible(self, scale, high, wide):
        """[G, ch*s, cw*s, 1]: 1 where a pixel of a cell lies in the frame of
        high x wide pixels."""
        size = self.rows * self.cell[0] * scale, self.cols * self.cell[1] * scale
        frame = np.zeros((1, *size, 1), np.float32)
        frame[:, :high, :wide] = 1
        return self.cells(frame, scale)[0]

    def inner(self, scale, high, wide, border=BORDER):
        """The same without a border at each cell's edge; a cell that shows nothing
        but its border keeps that."""
        seen = self.visible(scale, high, wide)
        core = np.zeros_like(seen[:1])
        core[:, border:core.shape[1] - border, border:core.shape[2] - border] = 1
        some = (seen * core).any((1, 2, 3), keepdims=True)
        return np.where(some, seen * core, seen)


def window(frame, top, left, height, width):
    """A part of a frame [h, w, c] that may reach over its edges, whose pixels are
    repeated there."""
    rows = np.clip(np.arange(top, top + height), 0, frame.shape[0] - 1)
    cols = np.clip(np.arange(left, left + width), 0, frame.shape[1] - 1)
    return frame[rows[:, None], cols]


def halves(x):
    """[..., 2a, 2b, c] -> [..., 4, a, b, c]: a cell as its four fine patches."""
    *lead, h, w, c = x.shape
    n = len(lead)
    x = x.reshape(*lead, 2, h // 2, 2, w // 2, c).swapaxes(n + 1, n + 2)
    return x.reshape(*lead, 4, h // 2, w // 2, c)
