"""A general network: the path of class 0 alone, trained on all cells of the video. What it
cannot bring back is hard for any network, not for interpolation alone. Needs JAX."""

import numpy as np

import metrics
import network
import optimizer
from patches import Patches
from training import RATE

DESIGN = network.design(1)
PATH, = DESIGN.paths
HALO = DESIGN.reach(PATH)
SEED = 0


def trained(project, high, steps, seed=SEED, bar=None):
    """The network's parameters after `steps` steps."""
    scale = project.facts("prepare")["scale"]
    frames = len(project.low)
    patches = Patches(project.low, high, np.zeros((frames, project.grid.count), np.uint8),
                      project.grid, scale, HALO, DESIGN)
    state = optimizer.start(network.initial(scale, seed, DESIGN))
    for step in range(steps):
        state, _ = optimizer.update(state, step, patches.batch(seed, step), ((PATH, HALO),),
                                    scale, steps, RATE)
        if bar:
            bar.add()
    return state["p"]


def scores(project, high, parameters):
    """For each frame the PSNR [G] of the network in each cell, without the cell's border."""
    facts, grid = project.facts("prepare"), project.grid
    scale, size = facts["scale"], facts["high"]
    weights = grid.inner(scale, *size)
    for small, frame in zip(project.low, high):
        large = optimizer.upscaled(parameters, PATH, HALO, scale, small)[:size[0], :size[1]]
        yield metrics.psnr(metrics.cell_errors(large, frame, grid, scale, weights))
