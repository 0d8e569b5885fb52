"""What eval finds of upscaled frames, added up frame by frame."""

import numpy as np

import metrics


def patch_weights(grid, scale, high, wide):
    """Of Dy-DCA's measure: a patch without `scale` + 4 pixels at its edges. For cells as
    they are, and for cells in quarters."""
    border = scale + 4
    whole = grid.inner(scale, high, wide, border)
    fine = type(grid)(grid.h, grid.w, (grid.cell[0] // 2, grid.cell[1] // 2))
    return whole, (fine, fine.inner(scale, high, wide, border))


class Patches:
    """The paper's measure: the PSNR of the mean over all patches of their mean squared
    errors, each patch with the same weight."""

    def __init__(self, grid, scale, high, wide, is_quartered):
        self.grid, self.scale, self.is_quartered = grid, scale, is_quartered
        self.weights, self.fine = patch_weights(grid, scale, high, wide)
        self.total, self.count = 0.0, 0

    def add(self, image, frame, classes):
        values = metrics.cell_errors(image, frame, self.grid, self.scale, self.weights)
        if self.is_quartered:
            quarters = self.quarters(image, frame)
            parts = [v if not k else q[seen] for v, k, (q, seen)
                     in zip(values, classes, quarters)]
            values = np.concatenate([np.atleast_1d(p) for p in parts])
        self.total += values.sum()
        self.count += values.size

    def quarters(self, image, frame):
        """Of each cell its quarters' errors, and which of them the frame has."""
        fine, weights = self.fine
        errors = metrics.cell_errors(image, frame, fine, self.scale, weights)
        for g in range(self.grid.count):
            y, x = self.grid.origin(g)
            rows, cols = (np.array([first, first + n]) // n
                          for first, n in zip((y, x), fine.cell))
            seen = (rows < fine.rows)[:, None] & (cols < fine.cols)
            place = np.minimum(rows, fine.rows - 1)[:, None] * fine.cols + \
                np.minimum(cols, fine.cols - 1)
            yield errors[place.ravel()], seen.ravel()

    @property
    def psnr(self):
        return float(metrics.psnr(self.total / self.count))


class Seams:
    """Squared errors of pixels beside the lines between cells, and of those that lie
    deepest in them: equal where there are no seams."""

    def __init__(self, grid, scale, high, wide):
        ch, cw = (n * scale for n in grid.cell)
        rows, cols = (np.arange(n) for n in (high, wide))
        # Distance to the next line between two cells; the frame's own edge is none.
        far = [self.distance(place, size, extent)
               for place, size, extent in ((rows, ch, high), (cols, cw, wide))]
        nearest = np.minimum(far[0][:, None], far[1])
        self.border = nearest < scale
        self.inner = nearest >= min(ch, cw) // 4
        self.sums = np.zeros(2)
        self.count = 0

    @staticmethod
    def distance(place, size, extent):
        lines = np.arange(size, extent, size)
        if not len(lines):
            return np.full(len(place), np.inf)
        # The pixel in front of a line and that behind it are at distance 0.
        return np.minimum(abs(place[:, None] - lines), abs(place[:, None] - lines + 1)).min(1)

    def add(self, image, frame):
        error = metrics.squared_error(image, frame).mean(-1)
        if self.border.any() and self.inner.any():
            self.sums += error[self.border].mean(), error[self.inner].mean()
            self.count += 1

    @property
    def psnrs(self):
        """(border, inner), or None where a frame has no line or nothing else."""
        return [float(v) for v in metrics.psnr(self.sums / self.count)] if self.count else None


class Measured:
    """All measures of one way to upscale."""

    def __init__(self, grid, scale, size, is_quartered):
        self.patches = Patches(grid, scale, *size, is_quartered)
        self.seams = Seams(grid, scale, *size)
        self.frames = {name: [] for name in metrics.MEASURES}

    def add(self, image, frame, classes):
        self.patches.add(image, frame, classes)
        self.seams.add(image, frame)
        for name, measure in metrics.MEASURES.items():
            self.frames[name].append(measure(image, frame))

    def result(self):
        return {"means": {name: float(np.mean(v)) for name, v in self.frames.items()},
                "patch PSNR": self.patches.psnr, "seams": self.seams.psnrs,
                "frames": {name: [round(v, 4) for v in values]
                           for name, values in self.frames.items()}}
