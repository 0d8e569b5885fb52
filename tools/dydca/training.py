"""Trains a network's paths on patches. The state goes to a file every half minute and when
it is interrupted; the file knows what it is a state of."""

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import files
import network
from failure import DydcaError
from progress import Progress

EVERY = 30.0  # Seconds between checkpoints.
TRIAL = 10  # Steps by which a time is made a number of steps.
RATE = 1e-3  # Of Adam, at its highest.


@dataclass(frozen=True)
class Plan:
    """What is trained, and how."""

    label: str
    design: network.Design
    scale: int
    halo: int
    first: dict  # The parameters at the beginning.
    seed: int = 0
    steps: int | None = None
    rate: float = RATE

    @property
    def halos(self):
        return tuple((name, min(self.halo, self.design.reach(name)))
                     for name in self.design.paths)


class Training:
    """The state and its file."""

    def __init__(self, optimizer, file, key, plan):
        self.optimizer, self.file, self.key, self.plan = optimizer, Path(file), key, plan
        self.steps = plan.steps
        self.begin()

    def begin(self):
        self.step = 0
        self.state = self.optimizer.start(self.plan.first)

    def restore(self):
        if not self.file.exists():
            return
        try:
            with np.load(self.file) as saved:
                arrays = dict(saved)
            if str(arrays.pop("key")) != self.key:
                return
            self.step, self.steps = int(arrays.pop("step")), int(arrays.pop("steps"))
            self.state = self.optimizer.as_state(arrays)
        except Exception:
            raise DydcaError(f"{self.file}: damaged; remove it, and training begins anew") from None

    def keep(self):
        with files.whole(self.file) as out:
            np.savez(out, key=self.key, step=self.step, steps=self.steps,
                     **self.optimizer.as_arrays(self.state))

    def advance(self, patches):
        """A step; each path's L1 in grey levels."""
        batches = patches.batch(self.plan.seed, self.step)
        self.state, parts = self.optimizer.update(
            self.state, self.step, batches, self.plan.halos, self.plan.scale, self.steps,
            self.plan.rate)
        self.step += 1
        return {name: 255 * float(value) for name, value in parts.items()}

    def pace(self, patches, minutes):
        """Sets how many steps fit, by some that do not count."""
        self.steps = TRIAL
        began = None
        for _ in range(TRIAL):
            self.advance(patches)
            began = began or time.monotonic()  # Behind the first, which compiles.
        seconds = (time.monotonic() - began) / (TRIAL - 1)
        self.begin()
        self.steps = max(math.ceil(60 * minutes / seconds), TRIAL)

    def learn(self, patches):
        """All steps that are left; mean L1 in grey levels of each path at the end."""
        recent, kept = {}, time.monotonic()
        with Progress(self.plan.label, self.steps, self.step) as bar:
            while self.step < self.steps:
                for name, value in self.advance(patches).items():
                    recent[name] = value + 0.98 * (recent.get(name, value) - value)
                bar.add(" ".join(f"{n} {v:.2f}" for n, v in recent.items()))
                if time.monotonic() - kept > EVERY:
                    self.keep()
                    kept = time.monotonic()
        return {name: round(v, 3) for name, v in recent.items()}

    def run(self, patches, minutes=None):
        """Goes on where an earlier run ended; mean L1 of each path at the end."""
        self.restore()
        if self.step:
            print(f"{self.plan.label}: goes on behind step {self.step} of {self.steps}",
                  flush=True)
        elif minutes:
            self.pace(patches, minutes)
        try:
            return self.learn(patches)
        except KeyboardInterrupt:
            self.keep()
            raise

    def parameters(self):
        return {name: np.asarray(v) for name, v in self.state["p"].items()}
