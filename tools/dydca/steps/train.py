"""Overfit the network to the video: as many paths as there are classes.

Each step takes a batch of patches through each path. L1 loss, Adam at 1e-3 with a short
warm-up and a cosine to 4e-8, no augmentation: overfitting is the aim. Needs JAX, which
takes a GPU where it finds one. The state goes to checkpoint.npz every half minute and
when the command is interrupted; the same command goes on from there. Seed and number of
steps say what comes out, on one machine to the last bit.

  dydca train --minutes 20
  dydca train --steps 10000 --seed 1
  dydca train --halo 0              the paper's patches, which pad with zeros
  dydca train --blocks 1 2 --units 8          a network that takes less
  dydca train --from other.dydca/weights.npz --rate 5e-4      of what is trained before
"""

import argparse
import signal
from pathlib import Path

import files
import network
from failure import DydcaError
from patches import Patches
from training import RATE, Plan, Training


def whole_number(text):
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def positive(text):
    value = int(text)
    if not 1 <= value <= 1024:
        raise argparse.ArgumentTypeError(f"expects a number from 1 to 1024, got \"{text}\"")
    return value


def digest(path):
    try:
        return files.digest(path)
    except OSError as error:
        raise DydcaError(f"{path}: cannot be read: {error.strerror}") from None


def add_options(parser):
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--steps", type=whole_number, metavar="N", help="2000 without any")
    length.add_argument("--minutes", type=float, metavar="M",
                        help="as many steps as they take, judged by the first")
    parser.add_argument("--seed", type=whole_number, default=0)
    parser.add_argument("--halo", type=whole_number, metavar="N", default=None,
                        help="low-resolution pixels of real neighbours that a cell reads: "
                             "as far as its path sees, or at most N; 0: zeros")
    parser.add_argument("--blocks", type=positive, nargs="+", metavar="N",
                        help="of the path of each class, the easiest first (2 4 6 8)")
    parser.add_argument("--units", type=positive, default=network.UNITS, metavar="N",
                        help=f"channels between blocks ({network.UNITS})")
    parser.add_argument("--rate", type=float, default=RATE, metavar="R",
                        help=f"of Adam, at its highest ({RATE})")
    parser.add_argument("--from", dest="begin", type=Path, metavar="FILE.npz",
                        help="weights to begin with, as far as they fit; a path that they "
                             "lack begins as the nearest easier one")


def with_jax():
    """The module that needs it."""
    try:
        import optimizer
    except ImportError as error:
        raise DydcaError(f"training needs JAX (pip install jax): {error}") from None
    return optimizer


def plan_of(project, args):
    """What is trained from where on, and how many steps were before."""
    scale, before = project.facts("prepare")["scale"], 0
    design = network.Design(tuple(args.blocks), args.units)
    first = network.initial(scale, args.seed, design)
    if args.begin:
        begun, facts = weights(args.begin)
        first, before = network.continued(first, begun), facts.get("steps", 0)
    return before, Plan("train", design, scale, args.halo, first, args.seed, args.steps, args.rate)


def weights(path):
    try:
        return network.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise DydcaError(f"{path}: no weights of a network: {error}") from None


def make(project, args, key):
    optimizer = with_jax()
    before, plan = plan_of(project, args)
    training = Training(optimizer, project.path("checkpoint.npz"), key, plan)
    with project.high() as high:
        patches = Patches(project.low, high, project.array("classes.npy"), project.grid,
                          plan.scale, plan.halo, plan.design)
        losses = training.run(patches, args.minutes)
    facts = {"scale": plan.scale, "classes": len(plan.design.blocks), "halo": plan.halo,
             "cell_h": project.grid.cell[0], "cell_w": project.grid.cell[1],
             "steps": before + training.steps}
    with files.whole(project.path("weights.npz")) as out:
        network.save(out, training.parameters(), **facts)
    training.file.unlink(missing_ok=True)
    return ["weights.npz"], {
        "steps": training.steps, "steps before": before, "seed": args.seed, "halo": args.halo, "losses": losses,
        "parameters": network.count(plan.scale, plan.design), "blocks": plan.design.blocks,
        "units": plan.design.units, "device": optimizer.device()}


def designed(project, args):
    """The options of the network, where they are not given."""
    classes = project.facts("score")["classes"]
    args.blocks = args.blocks or list(network.design(classes).blocks)
    if len(args.blocks) != classes:
        raise DydcaError(f"--blocks: expects {classes} numbers for {classes} classes, got "
                         f"{len(args.blocks)}")
    most = max(map(network.reach, args.blocks))
    args.halo = most if args.halo is None else min(args.halo, most)


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    designed(project, args)
    if args.minutes is None and args.steps is None:
        args.steps = 2000
    if args.minutes is not None and args.minutes <= 0:
        raise DydcaError(f"--minutes: expects more than 0, got {args.minutes}")
    options = {"steps": args.steps, "minutes": args.minutes, "seed": args.seed,
               "halo": args.halo, "blocks": args.blocks, "units": args.units,
               "rate": args.rate, "from": args.begin and digest(args.begin)}
    needs = ["prepare", "score"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    facts = project.run("train", options, needs,
                        lambda: make(project, args, project.key("train", options, needs)))
    losses = ", ".join(f"{name} {value:.2f}" for name, value in facts["losses"].items()) or "-"
    print(f"train: {facts['parameters']} parameters, {facts['steps']} steps, seed "
          f"{facts['seed']}, halo {facts['halo']}, on {facts['device']}; L1 in grey levels: "
          f"{losses}")
