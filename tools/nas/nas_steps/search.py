"""Search the depth and the widths of a network for frame rates on this machine.

For each rate of --fps: first by gradients of depth and widths as real numbers, with a speed
model of dycc's oracle in the loss, then by evolution with the oracle's time of whole networks.
A network's quality is the PSNR of the supernet's weights in it, on frames that it was trained
on. Beside what is found stands the best network by hand: equal blocks in WDSR-B's proportions
within the same budget. search.svg shows the front of all that was seen. Needs JAX, a project
of dysr with a trained supernet, and a file of dycc-calibrate of this machine.

  nas search --machine machine.json
  nas search --machine machine.json --fps 30 --size 180x320 --generations 20
"""

import argparse
import json
from pathlib import Path

import numpy as np

import files
import plot
import supernet
from dysr_steps.front import size
from dysr_steps.train import samples, space_of
from failure import DydcaError
from prices import Prices
from steps.train import digest, positive, whole_number, with_jax

BATCHES = 8  # Of patches by which networks are compared.
BEYOND = 1.2  # Of the largest budget: networks by hand that take longer are not looked at.
FAR = 1  # Beside the seed: other patches than a training's.


def add_options(parser):
    parser.add_argument("--machine", type=Path, required=True, metavar="FILE.json",
                        help="of dycc-calibrate; models run on as many threads as it says")
    parser.add_argument("--fps", type=rate, nargs="+", default=[24.0, 60.0], metavar="N",
                        help="frames per second, each a search (24 60)")
    parser.add_argument("--margin", type=share, default=0.2, metavar="PART",
                        help="of the time that is kept free, since runs take longer than "
                             "predicted in some networks (0.2)")
    parser.add_argument("--size", type=size, metavar="HxW",
                        help="of what is upscaled; default: the video's frames")
    parser.add_argument("--steps", type=whole_number, default=80, metavar="N",
                        help="by gradients (80)")
    parser.add_argument("--generations", type=whole_number, default=5, metavar="N")
    parser.add_argument("--population", type=positive, default=16, metavar="N")
    parser.add_argument("--seed", type=whole_number, default=0)


def rate(text):
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"expects frames per second above 0, got \"{text}\"")
    return value


def share(text):
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expects a part from 0 to below 1, got \"{text}\"")
    return value


def threads_of(machine):
    """Threads that a machine's file is for."""
    try:
        return int(json.loads(machine.read_bytes())["threads"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DydcaError(f"{machine}: no file of dycc-calibrate: {error!r}") from None


def by_hand(space):
    """Equal blocks in the proportions of WDSR-B, at every width and depth."""
    nets = [supernet.uniform(width, depth) for width in space.widths for depth in space.depths]
    return [net for net in nets if supernet.contains(space.largest, net)]


def quality(parameters, space, seen, scale, seed):
    """A function of networks: PSNR on patches of frames that the supernet knows."""
    import learning

    batches = [seen.batch([seed, FAR], i) for i in range(BATCHES)]
    low, high = (np.concatenate(part) for part in zip(*batches))
    wanted = learning.target(high, scale)

    def psnr(net):
        return float(learning.patch_psnr(parameters, learning.gates(net, space.largest), low,
                                         wanted))

    return psnr


def within(points, budget):
    """Of [(seconds, PSNR, network)] the best that a budget allows; None if it allows none."""
    fitting = [p for p in points if p[0] <= budget]
    return max(fitting, key=lambda p: p[1]) if fitting else None


def described(point, budget):
    seconds, psnr, net = point
    return {"name": net.name, "width": net.width, "blocks": net.blocks, "seconds": seconds,
            "PSNR": psnr, "budget": budget}


def searched(args, parameters, scale, prices, seen):
    """{rate: {found, by hand, by gradients}} and the front of all networks seen."""
    import evolution
    import relaxed
    from speed import Speed

    space = space_of(supernet.network_of(parameters))
    if len(space.depths) < 2:
        raise DydcaError(f"{space.largest.name}: a search expects a supernet of two blocks or "
                         "more")
    fastest = prices.seconds(space.smallest)
    for each in args.fps:
        budget = (1 - args.margin) / each
        if fastest > budget:
            raise DydcaError(f"no network is done in {1e3 * budget:.3g} ms: the fastest, "
                             f"{space.smallest.name}, takes {1e3 * fastest:.3g}")
    speed = Speed(prices, space)
    judged = evolution.Judged(prices.seconds, quality(parameters, space, seen, scale, args.seed),
                              speed.rough)
    most = BEYOND / min(args.fps)
    hands = [(*judged(net), net) for net in by_hand(space) if speed.rough(net) <= most]
    rows = []
    for each in args.fps:
        budget = (1 - args.margin) / each
        start = relaxed.searched(parameters, space, speed, budget, seen, scale, args.steps,
                                 args.seed)
        hand = within(hands, budget)
        first = [start, *([hand[2]] if hand else [])]
        net = evolution.evolved(space, judged, budget, first, args.generations,
                                args.population, args.seed)
        rows.append({"rate": each, "found": described((*judged(net), net), 1 / each),
                     "by gradients": described((*judged(start), start), 1 / each),
                     "by hand": described(hand, 1 / each) if hand else None})
    return rows, judged, hands


def picture(front, hands, rows):
    budgets = [plot.Series(f"{row['rate']:g} a second", [
        (1e3 / row["rate"], min(p[1] for p in front)), (1e3 / row["rate"], row["found"]["PSNR"])])
        for row in rows]
    return plot.svg([plot.Diagram("networks of the supernet", "ms a frame, predicted",
                                  "PSNR, dB", [
        plot.Series("found", [(1e3 * p[0], p[1]) for p in front], is_dotted=True),
        plot.Series("by hand", [(1e3 * p[0], p[1]) for p in hands], is_line=False), *budgets])])


def make(project, args):
    with_jax()
    parameters, facts = supernet.load(project.path("supernet.npz"))
    pixels = args.size or tuple(project.facts("prepare")["low"])
    with project.high() as high, \
            Prices(args.machine, parameters, facts["scale"], pixels) as prices:
        rows, judged, hands = searched(args, parameters, facts["scale"], prices,
                                       samples(project, high))
    front = judged.front()
    found = {"rows": rows, "size": list(pixels), "scale": facts["scale"],
             "threads": threads_of(args.machine), "networks": len(judged.found),
             "front": [described(p, None) for p in front]}
    files.write_json(project.path("search.json"), found)
    with files.whole(project.path("search.svg")) as out:
        out.write(picture(front, hands, rows).encode())
    return ["search.json", "search.svg"], found


def run(project, args):
    project.facts("train")
    threads_of(args.machine)
    options = {name: getattr(args, name) for name in (
        "fps", "margin", "size", "steps", "generations", "population", "seed")}
    options["machine"] = digest(args.machine)
    facts = project.run("search", options, ["prepare", "train"], lambda: make(project, args))
    for point in facts["front"]:
        print(f"search: {1e3 * point['seconds']:.2f} ms, {point['PSNR']:.2f} dB: "
              f"{point['name']}")
    for row in facts["rows"]:
        for who in ("found", "by gradients", "by hand"):
            if row[who]:
                print(f"search: {row['rate']:g} a second, {1e3 / row['rate']:.2f} ms, {who}: "
                      f"{1e3 * row[who]['seconds']:.2f} ms, {row[who]['PSNR']:.2f} dB: "
                      f"{row[who]['name']}")
    print(f"search: {facts['networks']} networks; {project.path('search.svg')}")
