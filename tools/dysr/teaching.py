"""Trains a supernet: the largest network by the originals, and others by what it gives.

In each step (the sandwich rule of universally slimmable networks, Yu and Huang 2019) learn the
largest network, the smallest and one that is drawn, on the same patches. The smaller ones
learn from the largest one's result of that very step, mixed with the originals.
"""

import time

import numpy as np

import learning
from space import Space
from training import Training

SHARE = 0.5  # Of the largest network's result in what the others learn.
EVERY = 250  # Steps between lines of the log.
FRAMES = 4  # By which the log judges.


class Supernet(Training):
    """The state of a supernet and its file; `samples` are what patches are to a Training."""

    def __init__(self, file, key, plan, space, log, share=SHARE):
        import optimizer

        self.space, self.log, self.share = space, log, share
        self.began = time.monotonic()
        super().__init__(optimizer, file, key, plan)

    def advance(self, samples):
        largest = self.space.largest
        low, high = samples.batch(self.plan.seed, self.step)
        wanted = learning.target(high, self.plan.scale)
        p = self.state["p"]
        (error, teacher), grads = learning.gradient(p, learning.gates(largest, largest), low,
                                                    wanted)
        losses, grads = {"largest": error}, [grads]
        soft = learning.mixed(wanted, teacher, self.share)
        for name, net in self.students():
            (losses[name], _), found = learning.gradient(p, learning.gates(net, largest), low,
                                                         soft)
            grads.append(found)
        self.state = learning.moved(self.state, grads, self.step, self.steps, self.plan.rate)
        self.step += 1
        levels = {name: 255 * float(value) for name, value in losses.items()}
        if not self.step % EVERY:
            self.note(samples, levels)
        return levels

    def students(self):
        """The networks that learn in this step beside the largest."""
        rng = np.random.default_rng([self.plan.seed, self.step, 1])
        return [("smallest", self.space.smallest), ("drawn", self.space.draw(rng))]

    def note(self, samples, levels):
        losses = " ".join(f"{name} {value:.2f}" for name, value in levels.items())
        found = self.judged(samples, FRAMES)
        psnrs = " ".join(f"{name} {value:.2f}" for name, value in found.items())
        self.log(f"step {self.step} of {self.steps}: L1 {losses} levels; frames kept from "
                 f"training: {psnrs} dB; {time.monotonic() - self.began:.0f} s")

    def judged(self, samples, frames=None):
        """PSNR of the largest network and of the smallest."""
        nets = {"largest": self.space.largest, "smallest": self.space.smallest}
        return {name: learning.psnr(self.state["p"], net, self.space.largest,
                                    *samples.judged(frames), self.plan.scale)
                for name, net in nets.items()}


class Alone(Supernet):
    """One network, by the originals."""

    def __init__(self, file, key, plan, net):
        super().__init__(file, key, plan, Space(net, net), lambda line: None)

    def students(self):
        return []
