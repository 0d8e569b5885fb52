"""What a supernet learns from and is judged by: patches of a video's frames, and frames that
are kept from training."""

from dataclasses import dataclass

import numpy as np

KEPT = 8  # One frame of so many is kept from training.
COUNT, SIZE = 2, 40  # Patches of a batch, and their low-resolution pixels on each side.


@dataclass
class Samples:
    low: np.ndarray  # u8 [F, h, w, 3]
    high: np.ndarray  # u8 [F, H, W, 3], cropped to `scale` times as many
    scale: int

    def __post_init__(self):
        frames = np.arange(len(self.low))
        self.kept = frames[KEPT // 2::KEPT] if len(frames) > KEPT // 2 else frames[-1:]
        self.taught = np.setdiff1d(frames, self.kept) if len(frames) > 1 else frames

    def batch(self, seed, step):
        """(low, high) f32 in levels; a function of step and seed, a number or several."""
        rng = np.random.default_rng([*np.atleast_1d(seed), step])
        parts = [self.cut(int(rng.choice(self.taught)), rng) for _ in range(COUNT)]
        return tuple(np.stack(part).astype(np.float32) for part in zip(*parts))

    def cut(self, frame, rng):
        h, w = self.low.shape[1:3]
        high, wide = min(SIZE, h), min(SIZE, w)
        top, left = (int(rng.integers(0, n + 1)) for n in (h - high, w - wide))
        s = self.scale
        return (self.low[frame, top:top + high, left:left + wide],
                self.high[frame, top * s:(top + high) * s, left * s:(left + wide) * s])

    def judged(self, count=None):
        """(low, high) of frames that no training has seen, at most `count` of them."""
        chosen = self.kept
        if count and count < len(chosen):
            chosen = chosen[np.linspace(0, len(chosen) - 1, count).astype(int)]
        h, w = (n * self.scale for n in self.low.shape[1:3])
        return self.low[chosen], self.high[chosen, :h, :w]
