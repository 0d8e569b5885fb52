"""Patches of a video for training: pixels with their halo, the originals, and a mask of
those that are in the frame. They are cut when they are asked for, from mapped files."""

from dataclasses import dataclass

import numpy as np

import network
from grid import Grid, window

PIXELS = 2  # Cells of a batch of each path, or four times as many quarters.


@dataclass
class Patches:
    low: np.ndarray  # u8 [F, h, w, 3]
    high: np.ndarray
    classes: np.ndarray  # u8 [F, G]
    grid: Grid
    scale: int
    halo: int
    design: network.Design

    def __post_init__(self):
        self.places = {name: self.places_of(k)
                       for k, name in enumerate(self.design.paths)}

    def size(self, name):
        """Height and width of a path's patches, without the halo."""
        ch, cw = self.grid.cell
        return (ch // 2, cw // 2) if self.is_quartered(name) else (ch, cw)

    def halo_of(self, name):
        return min(self.halo, self.design.reach(name))

    def is_quartered(self, name):
        return not self.halo and name != self.design.paths[0]

    def places_of(self, k):
        """[n, 3] of frame, row and column of all patches of a class. What lies in the
        padding as a whole has nothing to learn."""
        name = self.design.paths[k]
        ph, pw = self.size(name)
        frames, cells = np.nonzero(self.classes == k)
        tops, lefts = np.divmod(cells, self.grid.cols)
        corners = [(y, x) for y in range(0, self.grid.cell[0], ph)
                   for x in range(0, self.grid.cell[1], pw)]
        places = np.concatenate([np.stack([frames, tops * self.grid.cell[0] + y,
                                           lefts * self.grid.cell[1] + x], 1)
                                 for y, x in corners])
        return places[(places[:, 1] < self.grid.h) & (places[:, 2] < self.grid.w)]

    def batch_size(self, name):
        return PIXELS * (4 if self.is_quartered(name) else 1)

    def batch(self, seed, step):
        """For each path that has patches (low, high, mask); without replacement within
        an epoch, a function of seed and step."""
        result = {}
        for k, (name, places) in enumerate(self.places.items()):
            if not len(places):
                continue
            size = self.batch_size(name)
            # A path with fewer patches than a batch has some of them twice.
            epoch, at = divmod(step, max(len(places) // size, 1))
            rng = np.random.default_rng([seed, epoch, k])
            order = np.resize(rng.permutation(len(places)), max(len(places), size))
            chosen = places[order[at * size:(at + 1) * size]]
            cut = [self.cut(name, *place) for place in chosen]
            result[name] = tuple(np.stack(x).astype(np.float32) for x in zip(*cut))
        return result

    def cut(self, name, frame, top, left):
        (ph, pw), halo, s = self.size(name), self.halo_of(name), self.scale
        low = window(self.low[frame], top - halo, left - halo, ph + 2 * halo, pw + 2 * halo)
        high = window(self.high[frame], top * s, left * s, ph * s, pw * s)
        rows, cols = (np.arange(first * s, (first + n) * s) < extent
                      for first, n, extent in zip((top, left), (ph, pw),
                                                  self.high.shape[1:3]))
        return low, high, (rows[:, None] & cols)[..., None]
