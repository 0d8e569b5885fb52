"""What the demo measures and shows of upscaled frames."""

import numpy as np
from PIL import Image, ImageDraw

import clip

WINDOW = 7  # Of SSIM: a uniform window, on luma.
ZOOM = 2


def luma(image):
    return image.astype(np.float32) @ np.float32([0.299, 0.587, 0.114])


def window_mean(x):
    """Means over all WINDOW x WINDOW windows, by running sums."""
    for axis in (0, 1):
        total = np.cumsum(x, axis, dtype=np.float64)
        total = np.insert(total, 0, 0, axis)
        n = total.shape[axis]
        x = (np.take(total, np.arange(WINDOW, n), axis)
             - np.take(total, np.arange(n - WINDOW), axis)) / WINDOW
    return x


def ssim(a, b):
    """Structural similarity of two 8-bit images, averaged over the frame."""
    a, b = luma(a), luma(b)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_a, mean_b = window_mean(a), window_mean(b)
    var_a = window_mean(a * a) - mean_a**2
    var_b = window_mean(b * b) - mean_b**2
    both = window_mean(a * b) - mean_a * mean_b
    value = ((2 * mean_a * mean_b + c1) * (2 * both + c2)
             / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)))
    return float(value.mean())


def quality(images, frames):
    """(PSNR, SSIM), each the mean over the frames."""
    both = [(clip.psnr(clip.squared_error(a, b).mean()), ssim(a, b))
            for a, b in zip(images, frames)]
    return tuple(np.mean(both, axis=0))


def comparison(path, quality_map, grid, scale, panels):
    """A PNG of the panels (name -> image) side by side, around the cell of the
    lowest quality and enlarged."""
    h, w = clip.CELL_H * scale * 2, clip.CELL_W * scale * 3 // 2
    row, col = divmod(int(np.argmin(quality_map)), grid.cols)
    high, wide = grid.h * scale, grid.w * scale
    y = min(max(row * clip.CELL_H * scale - h // 4, 0), high - h)
    x = min(max(col * clip.CELL_W * scale - w // 6, 0), wide - w)
    sheet = Image.new("RGB", (len(panels) * (w * ZOOM + 8) - 8, h * ZOOM + 24), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (name, image) in enumerate(panels.items()):
        part = Image.fromarray(np.ascontiguousarray(image[y:y + h, x:x + w]))
        left = i * (w * ZOOM + 8)
        sheet.paste(part.resize((w * ZOOM, h * ZOOM), Image.NEAREST), (left, 24))
        draw.text((left + 4, 6), name, fill="black")
    sheet.save(path)
