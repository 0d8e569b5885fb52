"""How near 8-bit pictures are to others: PSNR, SSIM, MS-SSIM, edges, and the measure
of Dy-DCA."""

import numpy as np

WINDOW = 7  # Of SSIM: a uniform window, on luma.
# Exponents of MS-SSIM's scales, the finest first (Wang, Simoncelli, Bovik 2003).
SCALES = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def luma(image):
    return image.astype(np.float32) @ np.float32([0.299, 0.587, 0.114])


def squared_error(a, b):
    d = a.astype(np.float32) - b.astype(np.float32)
    return d * d


def psnr(mse):
    """Of 8-bit images; an exact match counts as 100 dB."""
    return 10 * np.log10(255.0**2 / np.maximum(mse, 255.0**2 * 1e-10))


def cell_errors(a, b, grid, scale, weights):
    """[G]: mean squared error of each cell over the pixels of weight 1."""
    error = grid.cells(squared_error(a, b)[None], scale)[0]
    return (error * weights).sum((1, 2, 3)) / (3 * weights.sum((1, 2, 3)))


def window_mean(x):
    """Means over all windows of WINDOW x WINDOW, or as high or wide as the picture
    is, by running sums."""
    for axis in (0, 1):
        size = min(WINDOW, x.shape[axis])
        total = np.insert(np.cumsum(x, axis, dtype=np.float64), 0, 0, axis)
        n = total.shape[axis]
        x = (np.take(total, np.arange(size, n), axis)
             - np.take(total, np.arange(n - size), axis)) / size
    return x


def similarity(a, b):
    """(SSIM, contrast and structure alone) of two pictures of luma."""
    mean_a, mean_b = window_mean(a), window_mean(b)
    var_a = window_mean(a * a) - mean_a**2
    var_b = window_mean(b * b) - mean_b**2
    both = window_mean(a * b) - mean_a * mean_b
    structure = (2 * both + C2) / (var_a + var_b + C2)
    light = (2 * mean_a * mean_b + C1) / (mean_a**2 + mean_b**2 + C1)
    return float((light * structure).mean()), float(structure.mean())


def ssim(a, b):
    """Structural similarity of two 8-bit images, averaged over the frame."""
    return similarity(luma(a), luma(b))[0]


def halved(x):
    """Means of 2 x 2; an odd last row or column is left out."""
    h, w = (n // 2 * 2 for n in x.shape)
    return x[:h, :w].reshape(h // 2, 2, w // 2, 2).mean((1, 3))


def ms_ssim(a, b):
    """SSIM over up to five scales: as many as leave a window's height and width. The
    exponents of those that are there are scaled to the sum 1."""
    a, b = luma(a), luma(b)
    values = []
    while True:
        values.append(similarity(a, b))
        if len(values) == len(SCALES) or min(a.shape) // 2 < WINDOW:
            break
        a, b = halved(a), halved(b)
    exponents = np.array(SCALES[:len(values)])
    parts = [max(structure, 0.0) for _, structure in values[:-1]] + [max(values[-1][0], 0.0)]
    return float(np.prod(np.array(parts) ** (exponents / exponents.sum())))


def gradient(x):
    """Length of the gradient of luma, by differences to the next row and column."""
    x = np.pad(x, ((0, 1), (0, 1)), "edge")
    return np.hypot(x[1:, :-1] - x[:-1, :-1], x[:-1, 1:] - x[:-1, :-1])


def edge_psnr(a, b):
    """PSNR of how steep luma is: blurred and false edges count, flat errors do not."""
    return float(psnr(((gradient(luma(a)) - gradient(luma(b))) ** 2).mean()))


def frame_psnr(a, b):
    return float(psnr(squared_error(a, b).mean()))


MEASURES = {"PSNR": frame_psnr, "SSIM": ssim, "MS-SSIM": ms_ssim, "edge PSNR": edge_psnr}


def energy(cells):
    """[..., h, w, 3] -> [...]: the texture measure of form B, mean squared difference
    of neighbours in grey levels."""
    grey = cells.astype(np.float32).mean(-1)
    return sum((np.diff(grey, axis=axis) ** 2).mean((-2, -1)) for axis in (-2, -1))
