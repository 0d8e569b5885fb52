"""Measure the family: milliseconds and PSNR of each variant, as a table and a picture.

PSNR is that of the library's own pixels on frames kept from training; milliseconds are
medians of runs of all variants in turn. front.svg shows both, front.json has them.

  dysr front
  dysr front --threads 1 --size 90x160
"""

import argparse

import numpy as np

import clock
import cost
import files
import network
import plot
from client import with_dycc
from dysr_steps.train import samples
from failure import DydcaError
from supernet import PATH, Network


def size(text):
    try:
        high, wide = (int(n) for n in text.split("x"))
    except ValueError:
        high = wide = 0
    if min(high, wide) < 1:
        raise argparse.ArgumentTypeError(f"expects HEIGHTxWIDTH, got \"{text}\"")
    return high, wide


def add_options(parser):
    parser.add_argument("--threads", type=int, default=0, metavar="N",
                        help="of the model; 0: all processors")
    parser.add_argument("--size", type=size, metavar="HxW",
                        help="of the frames that are timed; default: the video's")
    parser.add_argument("--seconds", type=float, default=1.0, metavar="S",
                        help="of timing for each variant (1)")


def loaded(project, threads):
    project.facts("export")
    dycc = with_dycc()
    try:
        return dycc.load(project.path("family.so"), threads=threads)
    except dycc.Error as error:
        raise DydcaError(f"{project.path('family.so')}: cannot be loaded: {error}") from None


def row_of(variant, scale, pixels, taken, psnr, plain):
    net = Network(variant["width"], tuple(map(tuple, variant["blocks"])))
    return {"name": net.name, "blocks": len(net.blocks), "wide": net.blocks[0][0],
            "parameters": network.count(scale, net),
            "multiply-adds": cost.of_path(net, PATH, scale, pixels),
            "predicted": variant["seconds"], "seconds": taken, "PSNR": psnr,
            "gain": psnr - plain}


def picture(rows, plain, title):
    points = [(1e3 * row["seconds"], row["PSNR"]) for row in rows]
    names = [f"{row['blocks']} x {row['wide']}" for row in rows]
    ends = [(x, plain) for x in (points[0][0], points[-1][0])]
    return plot.svg([plot.Diagram(title, "ms a frame", "PSNR, dB", [
        plot.Series("variants: blocks x channels within", points, names, is_dotted=True),
        plot.Series("bicubic", ends)])])


def make(project, args):
    scale = project.facts("prepare")["scale"]
    pixels = args.size or project.facts("prepare")["low"]
    with loaded(project, args.threads) as model, project.high() as high:
        taken = clock.seconds(model, np.zeros((*pixels, 3), np.uint8), args.seconds)
        pictures = samples(project, high).judged()
        found, plain = clock.psnrs(model, *pictures), clock.bicubic(*pictures)
    rows = [row_of(v, scale, pixels, taken[v["name"]], found[v["name"]], plain)
            for v in project.facts("export")["variants"]]
    facts = {"rows": sorted(rows, key=lambda row: row["seconds"]), "bicubic": plain,
             "size": list(pixels), "threads": args.threads, "scale": scale,
             "measured": project.facts("export")["measured"]}
    files.write_json(project.path("front.json"), facts)
    with files.whole(project.path("front.svg")) as out:
        out.write(picture(facts["rows"], plain, f"{pixels[1]}x{pixels[0]} to "
                          f"{pixels[1] * scale}x{pixels[0] * scale}").encode())
    return ["front.json", "front.svg"], facts


HEAD = ("variant", "blocks", "channels within", "parameters", "1e9 multiply-adds",
        "predicted, ms", "measured, ms", "PSNR", "over bicubic")


def table(facts):
    """Rows of text below HEAD."""
    for row in facts["rows"]:
        predicted = f"{1e3 * row['predicted']:.2f}" if facts["measured"] else "-"
        yield (row["name"], row["blocks"], row["wide"], f"{row['parameters']:,}",
               f"{row['multiply-adds'] / 1e9:.2f}", predicted, f"{1e3 * row['seconds']:.2f}",
               f"{row['PSNR']:.2f}", f"{row['gain']:+.2f}")


def run(project, args):
    project.facts("export")
    options = {"threads": args.threads, "size": args.size, "seconds": args.seconds}
    facts = project.run("front", options, ["prepare", "export"], lambda: make(project, args))
    for line in (HEAD, *table(facts)):
        print("front: " + "  ".join(f"{cell:>{max(len(HEAD[i]), 12)}}"
                                    for i, cell in enumerate(line)))
    print(f"front: bicubic {facts['bicubic']:.2f} dB; {project.path('front.svg')}")
