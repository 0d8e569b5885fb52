"""Overfit the network to the video: as many paths as there are classes.

Each step takes a batch of patches through each path. L1 loss, Adam at 1e-3 with a short
warm-up and a cosine to 4e-8, no augmentation: overfitting is the aim. Needs JAX, which
takes a GPU where it finds one. The state goes to checkpoint.npz every half minute and
when the command is interrupted; the same command goes on from there. Seed and number of
steps say what comes out, on one machine to the last bit.

  dydca train --minutes 20
  dydca train --steps 10000 --seed 1
  dydca train --halo 0              the paper's patches, which pad with zeros
"""

import math
import signal
import time

import numpy as np

import files
import network
from failure import DydcaError
from patches import Patches
from progress import Progress

EVERY = 30.0  # Seconds between checkpoints.
TRIAL = 10  # Steps by which --minutes learns how long one takes.


def whole_number(text):
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def add_options(parser):
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--steps", type=whole_number, metavar="N", help="2000 without any")
    length.add_argument("--minutes", type=float, metavar="M",
                        help="as many steps as they take, judged by the first")
    parser.add_argument("--seed", type=whole_number, default=0)
    parser.add_argument("--halo", type=whole_number, metavar="N", default=None,
                        help="low-resolution pixels of real neighbours that a cell reads: "
                             "as far as its path sees, or at most N; 0: zeros")


def with_jax():
    """The module that needs it."""
    try:
        import optimizer
    except ImportError as error:
        raise DydcaError(f"training needs JAX (pip install jax): {error}") from None
    return optimizer


def patches_of(project, high, halo):
    facts = project.facts("prepare")
    return Patches(project.low, high, project.array("classes.npy"), project.grid,
                   facts["scale"], halo, project.facts("score")["classes"])


class Training:
    """The state and its file. The file knows what it is a state of."""

    def __init__(self, optimizer, project, key, args):
        self.optimizer, self.key, self.args = optimizer, key, args
        self.file = project.path("checkpoint.npz")
        facts = project.facts("prepare")
        self.scale, self.paths = facts["scale"], project.facts("score")["classes"]
        self.halos = tuple((name, min(args.halo, network.reach(name)))
                           for name in network.paths(self.paths))
        self.steps = args.steps
        self.begin()

    def begin(self):
        self.step = 0
        first = network.initial(self.scale, self.args.seed, self.paths)
        self.state = self.optimizer.start(first)

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
        batches = patches.batch(self.args.seed, self.step)
        self.state, parts = self.optimizer.update(
            self.state, self.step, batches, self.halos, self.scale, self.steps)
        self.step += 1
        return {name: 255 * float(value) for name, value in parts.items()}


def pace(training, patches, minutes):
    """Sets how many steps fit, by some that do not count."""
    training.steps = TRIAL
    began = None
    for _ in range(TRIAL):
        training.advance(patches)
        began = began or time.monotonic()  # Behind the first, which compiles.
    seconds = (time.monotonic() - began) / (TRIAL - 1)
    training.begin()
    training.steps = max(math.ceil(60 * minutes / seconds), TRIAL)


def learn(training, patches):
    """All steps that are left; mean L1 in grey levels of each path at the end."""
    recent, kept = {}, time.monotonic()
    with Progress("train", training.steps, training.step) as bar:
        while training.step < training.steps:
            for name, value in training.advance(patches).items():
                recent[name] = value + 0.98 * (recent.get(name, value) - value)
            bar.add(" ".join(f"{n} {v:.2f}" for n, v in recent.items()))
            if time.monotonic() - kept > EVERY:
                training.keep()
                kept = time.monotonic()
    return {name: round(v, 3) for name, v in recent.items()}


def make(project, args, key):
    optimizer = with_jax()
    training = Training(optimizer, project, key, args)
    training.restore()
    if training.step:
        print(f"train: goes on behind step {training.step} of {training.steps}", flush=True)
    with project.high() as high:
        patches = patches_of(project, high, args.halo)
        if args.minutes and not training.step:
            pace(training, patches, args.minutes)
        try:
            losses = learn(training, patches)
        except KeyboardInterrupt:
            training.keep()
            raise
    facts = {"scale": training.scale, "classes": training.paths, "halo": args.halo,
             "cell_h": project.grid.cell[0], "cell_w": project.grid.cell[1]}
    with files.whole(project.path("weights.npz")) as out:
        network.save(out, {k: np.asarray(v) for k, v in training.state["p"].items()}, **facts)
    training.file.unlink(missing_ok=True)
    return ["weights.npz"], {
        "steps": training.steps, "seed": args.seed, "halo": args.halo, "losses": losses,
        "parameters": network.count(training.scale, training.paths),
        "device": optimizer.device()}


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    paths = network.paths(project.facts("score")["classes"])
    most = max(map(network.reach, paths))
    args.halo = most if args.halo is None else min(args.halo, most)
    if args.minutes is None and args.steps is None:
        args.steps = 2000
    if args.minutes is not None and args.minutes <= 0:
        raise DydcaError(f"--minutes: expects more than 0, got {args.minutes}")
    options = {"steps": args.steps, "minutes": args.minutes, "seed": args.seed,
               "halo": args.halo}
    needs = ["prepare", "score"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    facts = project.run("train", options, needs,
                        lambda: make(project, args, project.key("train", options, needs)))
    losses = ", ".join(f"{name} {value:.2f}" for name, value in facts["losses"].items())
    print(f"train: {facts['parameters']} parameters, {facts['steps']} steps, seed "
          f"{facts['seed']}, halo {facts['halo']}, on {facts['device']}; L1 in grey levels: "
          f"{losses}")
