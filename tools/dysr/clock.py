"""What the variants of a loaded family take and how good they are, measured."""

import statistics
import time

import numpy as np

import metrics
import video


def feed(frame):
    """The model's input for a frame u8 [h, w, 3]."""
    return {"frame": np.ascontiguousarray(frame.transpose(2, 0, 1)[None])}


def seconds(model, frame, seconds_each):
    """{variant: median seconds of a run}: rounds of one run each, so that all of them see
    the same machine; at least seven of them."""
    inputs, taken = feed(frame), {name: [] for name in model.variants}
    for name in model.variants:  # Memory, plans, caches.
        model.select(name)
        model.run(inputs)
    began = time.perf_counter()
    while (len(next(iter(taken.values()))) < 7
           or time.perf_counter() - began < seconds_each * len(taken)):
        for name, values in taken.items():
            model.select(name)
            start = time.perf_counter()
            model.run(inputs)
            values.append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def psnr_of(pairs):
    """PSNR of the mean squared error over pairs of pictures."""
    return float(metrics.psnr(np.mean([metrics.squared_error(a, b).mean() for a, b in pairs])))


def psnr(model, low, high):
    """PSNR of what a library itself makes of frames u8 [N, h, w, 3]."""
    return psnr_of((model.run(feed(small))["image"][0].transpose(1, 2, 0), large)
                   for small, large in zip(low, high))


def psnrs(model, low, high):
    """{variant: PSNR} of a family."""
    found = {}
    for name in model.variants:
        model.select(name)
        found[name] = psnr(model, low, high)
    return found


def bicubic(low, high):
    """PSNR of interpolation."""
    return psnr_of((video.resize(small, large.shape[1], large.shape[0]), large)
                   for small, large in zip(low, high))
