"""Train what else could be sent for the video, for eval to measure it beside the network.

static: one network of one path for all frames; chunks: one for each part of the time, as
NAS sends them; groups: one for the cells of each class, as STDO does. Each takes about as
many multiply-adds for a frame as the network, and learns from as many cells. Needs JAX.

  dydca rivals                          all of them, then: dydca eval
  dydca rivals --only static --from weights.npz
  dydca rivals --chunks 4 --blocks 3
"""

import signal
from pathlib import Path

import numpy as np

import cost
import files
import network
import rivals
from failure import DydcaError
from patches import Patches
from steps.train import digest, positive, weights, whole_number, with_jax
from training import Plan, Training


def add_options(parser):
    parser.add_argument("--only", nargs="+", choices=[*rivals.RIVALS],
                        default=[*rivals.RIVALS])
    parser.add_argument("--chunks", type=int, choices=(2, 3, 4), default=3,
                        help="parts of the time (3)")
    parser.add_argument("--blocks", type=positive, metavar="N",
                        help="as many as take what the network takes")
    parser.add_argument("--steps", type=whole_number, metavar="N",
                        help="as many as the network's, shared among the models")
    parser.add_argument("--from", dest="begin", type=Path, metavar="FILE.npz",
                        help="weights to begin with, as of train")


def mean_cost(project):
    """Multiply-adds of the network for a frame."""
    trained = project.facts("train")
    return cost.of_frames(network.Design(tuple(trained["blocks"]), trained["units"]),
                          project.facts("prepare")["scale"], project.grid.cell,
                          trained["halo"], project.array("classes.npy"))


def steps_for(project, args, models):
    """So many that all models see as many cells as the network's paths together."""
    if args.steps is not None:
        return args.steps
    trained = project.facts("train")
    return round(trained["steps"] * len(trained["blocks"]) / models)


def trained(project, high, args, name, key):
    """Trains one rival; its facts."""
    optimizer, scale, grid = with_jax(), project.facts("prepare")["scale"], project.grid
    classes = rivals.RIVALS[name].classes(project.array("classes.npy"), args.chunks)
    design = rivals.design(args.blocks, classes)
    first = network.initial(scale, project.facts("train")["seed"], design)
    if args.begin:
        first = network.continued(first, weights(args.begin)[0])
    halo = design.reach(design.paths[0])
    models = len(design.blocks)
    plan = Plan(name, design, scale, halo, first, project.facts("train")["seed"],
                steps_for(project, args, models), project.steps["train"]["options"]["rate"])
    training = Training(optimizer, project.path(f"checkpoint_{name}.npz"), f"{key} {name}",
                        plan)
    losses = training.run(Patches(project.low, high, classes, grid, scale, halo, design))
    with files.whole(project.path(f"rival_{name}.npz")) as out:
        network.save(out, training.parameters(), scale=scale, classes=models, halo=halo)
    bits = -(-classes.size * (models - 1).bit_length() // 8)
    each = cost.of_path(design, design.paths[0], scale, (grid.h, grid.w))
    return {"steps": plan.steps, "losses": losses, "models": models,
            "switches": rivals.switches(classes), "multiply-adds": each,
            "bytes": 4 * network.count(scale, design)
            + bits * rivals.RIVALS[name].is_routed}


def make(project, args, key):
    facts = {}
    with project.high() as high:
        for name in args.only:
            facts[name] = trained(project, high, args, name, key)
    for name in args.only:  # What an interruption goes on with, as long as it may.
        project.path(f"checkpoint_{name}.npz").unlink(missing_ok=True)
    return [f"rival_{name}.npz" for name in args.only], {
        "blocks": args.blocks, "chunks": args.chunks, "rivals": facts}


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    project.facts("train")
    if args.blocks is None:
        args.blocks = cost.blocks_like(mean_cost(project),
                                             project.facts("prepare")["scale"],
                                             (project.grid.h, project.grid.w))
    options = {"only": args.only, "chunks": args.chunks, "blocks": args.blocks,
               "steps": args.steps, "from": args.begin and digest(args.begin)}
    needs = ["prepare", "score", "train"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    facts = project.run("rivals", options, needs,
                        lambda: make(project, args, project.key("rivals", options, needs)))
    for name, found in facts["rivals"].items():
        print(f"rivals: {name}: {found['models']} of {facts['blocks']} blocks, "
              f"{found['steps']} steps, {found['bytes']:,} bytes to send")


def upscalers(project):
    """{name: upscaler} of those that are trained; nothing without the step."""
    if not project.is_current("rivals"):
        return {}
    optimizer, facts, result = with_jax(), project.facts("rivals"), {}
    grid, size = project.grid, project.facts("prepare")["high"]
    for name in facts["rivals"]:
        parameters, own = network.load(project.path(f"rival_{name}.npz"))
        classes = rivals.RIVALS[name].classes(project.array("classes.npy"), facts["chunks"])
        result[name] = rivals.Upscaler(optimizer, parameters, np.asarray(classes),
                                       own["scale"], grid, size)
    return result
