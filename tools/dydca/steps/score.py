"""Say of each cell of each frame how complex its texture is, and which path it takes.

The score is the PSNR that bicubic upscaling reaches in the cell (`bicubic`), that of a
small network that is trained on all cells first (`network`, needs JAX), or the energy
of its gradients (`gradients`, which the client can compute as well: form B). Class 0 is easy; a cell gets the class K - 1 where it is hardest.

  dydca score                                the hardest 40 % of cells take the deep path
  dydca score --classes 3 --fraction 0.4 0.1
  dydca score --threshold 40                 hard is what bicubic leaves below 40 dB
  dydca score --by network --scoring-steps 500
"""

import numpy as np

import files
import metrics
import routing
import video
from failure import DydcaError
from progress import Progress
from steps.train import whole_number, with_jax

FRACTION = 0.4  # Of the cells that are not of class 0.
STEPS = 300  # Of the general network's training.


def add_options(parser):
    parser.add_argument("--by", choices=[*SCORES], default="bicubic")
    parser.add_argument("--classes", type=int, choices=(2, 3, 4), default=2,
                        help="paths of the network")
    parser.add_argument("--scoring-steps", type=whole_number, metavar="N",
                        help=f"of --by network, {STEPS} without it")
    bound = parser.add_mutually_exclusive_group()
    bound.add_argument("--threshold", type=float, nargs="+", metavar="T",
                       help="a cell at or below (gradients: above) the Nth is of class N or "
                            "higher; dB, or squared grey levels")
    bound.add_argument("--fraction", type=float, nargs="+", metavar="F",
                       help="parts of the cells that are of class N or higher")


def bounds(args):
    """The bounds as given or by default, which must fall class by class."""
    count = args.classes - 1
    values = args.threshold or args.fraction or [
        FRACTION * (count - k) / count for k in range(count)]
    name = "--threshold" if args.threshold else "--fraction"
    if len(values) != count:
        raise DydcaError(f"{name}: expects {count} numbers for {args.classes} classes, got "
                         f"{len(values)}")
    rising = bool(args.threshold) and args.by == "gradients"
    if sorted(values, reverse=not rising) != values:
        raise DydcaError(f"{name}: expects {'rising' if rising else 'falling'} numbers, got "
                         f"{' '.join(map(str, values))}")
    if name == "--fraction" and not 0 <= min(values) <= max(values) <= 1:
        raise DydcaError(f"{name}: expects numbers from 0 to 1, got "
                         f"{' '.join(map(str, values))}")
    return name, values


def bicubic_scores(project, args):
    """PSNR of bicubic upscaling over a cell's pixels without its border."""
    facts, grid = project.facts("prepare"), project.grid
    scale, (high, wide) = facts["scale"], facts["high"]
    weights = grid.inner(scale, high, wide)
    for small, frame in zip(project.low, project.originals()):
        large = video.resize(small, grid.w * scale, grid.h * scale)[:high, :wide]
        yield metrics.psnr(metrics.cell_errors(large, frame, grid, scale, weights))


def network_scores(project, args):
    """PSNR of a network that has seen the whole video."""
    with_jax()
    import general

    with project.high() as high:
        with Progress("train", args.scoring_steps) as bar:
            parameters = general.trained(project, high, args.scoring_steps, bar=bar)
        yield from general.scores(project, high, parameters)


def gradient_scores(project, args):
    """Minus the energy of gradients: low is hard, as with PSNR."""
    for small in project.low:
        yield -metrics.energy(project.grid.cells(small[None])[0])


SCORES = {"bicubic": bicubic_scores, "network": network_scores, "gradients": gradient_scores}


def make(project, args, name, values):
    with Progress("score", project.facts("prepare")["frames"]) as bar:
        scores = np.stack(list(bar.over(SCORES[args.by](project, args)))).astype(np.float32)
    if name == "--fraction":
        thresholds = routing.thresholds_for(scores, values)
    else:
        thresholds = [-v for v in values] if args.by == "gradients" else values
    classes = routing.classes(scores, thresholds)
    for file, array in (("scores.npy", scores), ("classes.npy", classes)):
        with files.whole(project.path(file)) as out:
            np.save(out, array)
    parts = [float((classes == k).mean()) for k in range(args.classes)]
    return ["scores.npy", "classes.npy"], {
        "by": args.by, "classes": args.classes, "thresholds": thresholds, "parts": parts}


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    name, values = bounds(args)
    options = {"by": args.by, "classes": args.classes, name: values}
    if args.by == "network":
        args.scoring_steps = STEPS if args.scoring_steps is None else args.scoring_steps
        options["scoring steps"] = args.scoring_steps
    elif args.scoring_steps is not None:
        raise DydcaError(f"--scoring-steps: is of --by network, got --by {args.by}")
    facts = project.run("score", options, ["prepare"],
                        lambda: make(project, args, name, values))
    parts = ", ".join(f"{p:.1%} of class {k}" for k, p in enumerate(facts["parts"]))
    sign = -1 if facts["by"] == "gradients" else 1
    limits = ", ".join(f"{sign * t:.2f}" for t in facts["thresholds"])
    print(f"score: by {facts['by']}: {parts}; bounds {limits}")
