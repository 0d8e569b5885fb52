"""What the demo measures and shows of upscaled frames."""

import numpy as np
from PIL import Image, ImageDraw

import metrics

ZOOM = 2


def quality(images, frames):
    """(PSNR, SSIM), each the mean over the frames."""
    both = [(metrics.frame_psnr(a, b), metrics.ssim(a, b)) for a, b in zip(images, frames)]
    return tuple(np.mean(both, axis=0))


def comparison(path, quality_map, grid, scale, panels):
    """A PNG of the panels (name -> image) side by side, around the cell of the
    lowest quality and enlarged."""
    h, w = grid.cell[0] * scale * 2, grid.cell[1] * scale * 3 // 2
    row, col = grid.origin(np.argmin(quality_map))
    high, wide = grid.h * scale, grid.w * scale
    y = min(max(row * scale - h // 4, 0), high - h)
    x = min(max(col * scale - w // 6, 0), wide - w)
    sheet = Image.new("RGB", (len(panels) * (w * ZOOM + 8) - 8, h * ZOOM + 24), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (name, image) in enumerate(panels.items()):
        part = Image.fromarray(np.ascontiguousarray(image[y:y + h, x:x + w]))
        left = i * (w * ZOOM + 8)
        sheet.paste(part.resize((w * ZOOM, h * ZOOM), Image.NEAREST), (left, 24))
        draw.text((left + 4, 6), name, fill="black")
    sheet.save(path)
