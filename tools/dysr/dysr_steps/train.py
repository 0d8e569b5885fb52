"""Train the supernet: all depths and widths of a network at once, which share their weights.

In each step learn the largest network, the smallest and one that is drawn; the smaller ones
from the largest. Each 8th frame is kept from training, and is what quality is measured by.
Needs JAX. The state is kept every half minute and when the command is interrupted; the same
command goes on. Seed and number of steps say what comes out, on one machine to the last bit.

  dysr train --minutes 10
  dysr train --steps 4000 --seed 1
  dysr train --from other.npz --steps 0       those weights, as they are
  dysr train --width 12 --blocks 3            a smaller supernet
"""

import contextlib
import signal
from pathlib import Path

import clock
import files
import network
import supernet
from failure import DydcaError
from samples import Samples
from space import Space
from steps.train import digest, positive, whole_number, with_jax
from training import RATE, Plan

STEPS = 2000


def add_options(parser):
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--steps", type=whole_number, metavar="N", help=f"{STEPS} without any")
    length.add_argument("--minutes", type=float, metavar="M",
                        help="as many steps as they take, judged by the first")
    parser.add_argument("--seed", type=whole_number, default=0)
    parser.add_argument("--rate", type=float, default=RATE, metavar="R",
                        help=f"of Adam, at its highest ({RATE})")
    parser.add_argument("--width", type=positive, default=supernet.LARGEST.width, metavar="N",
                        help=f"channels between blocks ({supernet.LARGEST.width})")
    parser.add_argument("--blocks", type=positive, metavar="N",
                        default=len(supernet.LARGEST.blocks),
                        help=f"of the largest network ({len(supernet.LARGEST.blocks)})")
    parser.add_argument("--from", dest="begin", type=Path, metavar="FILE.npz",
                        help="a supernet's weights to begin with; it says the size")


def samples(project, high):
    return Samples(project.low, high, project.facts("prepare")["scale"])


def space_of(largest):
    """All networks of a supernet: from the smallest, or from half of it where it is small."""
    small = supernet.SMALLEST
    if not supernet.contains(largest, small):
        half = supernet.uniform(max(largest.width // 2, 1), 1)
        small = supernet.Network(half.width, (tuple(
            max(n // 2, 1) for n in largest.blocks[0]),))
    return Space(largest, small)


def begun(project, args):
    """(the largest network, its first parameters, steps before)."""
    scale = project.facts("prepare")["scale"]
    if not args.begin:
        largest = supernet.uniform(args.width, args.blocks)
        return largest, network.initial(scale, args.seed, largest), 0
    first, facts = supernet.load(args.begin)
    if facts["scale"] != scale:
        raise DydcaError(f"{args.begin}: is of scale {facts['scale']}, this project has {scale}")
    return supernet.network_of(first), first, facts.get("steps", 0)


def logged(project):
    """What writes a line into the log."""
    def log(line):
        print(f"train: {line}", flush=True)
        with open(project.path("train.log"), "a") as file:
            file.write(line + "\n")

    return log


def make(project, args, key):
    optimizer = with_jax()
    from teaching import Supernet

    scale = project.facts("prepare")["scale"]
    largest, first, before = begun(project, args)
    plan = Plan("train", largest, scale, 0, first, args.seed, args.steps, args.rate)
    log = logged(project)
    training = Supernet(project.path("checkpoint.npz"), key, plan, space_of(largest), log)
    with contextlib.ExitStack() as stack:
        seen = samples(project, stack.enter_context(project.high()))
        plain = clock.bicubic(*seen.judged())
        log(f"{largest.name}, x{scale}, {network.count(scale, largest)} parameters, seed "
            f"{args.seed}; {len(seen.taught)} frames, {len(seen.kept)} kept from training, "
            f"bicubic {plain:.2f} dB")
        losses = training.run(seen, args.minutes)
        found = training.judged(seen)
    parameters = training.parameters()
    with files.whole(project.path("supernet.npz")) as out:
        supernet.save(out, parameters, scale=scale, steps=before + training.steps)
    training.file.unlink(missing_ok=True)
    return ["supernet.npz"], {
        "steps": training.steps, "steps before": before, "seed": args.seed, "losses": losses,
        "parameters": network.count(scale, largest), "largest": largest.name, "PSNR": {**found, "bicubic": plain},
        "bytes": project.path("supernet.npz").stat().st_size, "device": optimizer.device()}


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    if args.minutes is None and args.steps is None:
        args.steps = STEPS
    if args.minutes is not None and args.minutes <= 0:
        raise DydcaError(f"--minutes: expects more than 0, got {args.minutes}")
    options = {"steps": args.steps, "minutes": args.minutes, "seed": args.seed,
               "rate": args.rate, "width": args.width, "blocks": args.blocks,
               "from": args.begin and digest(args.begin)}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    facts = project.run("train", options, ["prepare"],
                        lambda: make(project, args, project.key("train", options, ["prepare"])))
    psnrs = ", ".join(f"{name} {value:.2f}" for name, value in facts["PSNR"].items())
    print(f"train: {facts['largest']}, {facts['parameters']} parameters, {facts['steps']} steps "
          f"behind {facts['steps before']}, seed {facts['seed']}, on {facts['device']}; dB on "
          f"frames kept from training: {psnrs}")
