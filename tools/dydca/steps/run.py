"""Play as a client does: low-resolution video, routing bits and model in, upscaled video
out. Prints the frame rate of upscaling alone and of all with decoding and encoding.

The result has its name when it is whole. A .mkv keeps every bit (FFV1), a .mp4 is H.264.

  dydca run                                      of a project: upscaled.mkv
  dydca run -o shown.mp4 --form a2
  dydca run --model model_a1.so --bits routing.bits --low low.mkv -o shown.mkv
"""

import itertools
import time
from pathlib import Path

import numpy as np

import routing
import video
from client import Client
from failure import DydcaError
from progress import Progress
from steps.eval import form_of


def add_options(parser):
    parser.add_argument("--model", type=Path, metavar="FILE.so",
                        help="with the .json that export wrote beside it; then no project "
                             "is needed")
    parser.add_argument("--form", choices=("a1", "a2", "b", "c"), help="of a project's models")
    parser.add_argument("--bits", type=Path, metavar="FILE")
    parser.add_argument("--low", type=Path, metavar="VIDEO")
    parser.add_argument("-o", "--output", type=Path, metavar="VIDEO")
    parser.add_argument("--threads", type=int, default=0, metavar="N",
                        help="of the model; 0: all processors")


def fill_in(project, args):
    """What is not given is the project's."""
    if not args.model:
        form = form_of(project, args)
        project.facts("export")
        if not form:
            raise DydcaError(f"{project.folder}: has no compiled model, run: dydca export")
        args.model = project.path(f"model_{form}.so")
    for name, step, file in (("bits", "bits", "routing.bits"), ("low", "prepare", "low.mkv"),
                             ("output", "prepare", "upscaled.mkv")):
        if getattr(args, name) is None:
            if project is None:
                raise DydcaError(f"--{name}: is needed where --model is given")
            project.facts(step)
            setattr(args, name, project.path(file))


def pairs(args, bits):
    """Each frame with the classes of its cells; there is one for each of the other."""
    size = bits.grid.h, bits.grid.w
    for number, (frame, classes) in enumerate(itertools.zip_longest(
            video.frames(args.low), bits.classes)):
        if frame is None:
            raise DydcaError(f"{args.low}: ends before frame {number}, {args.bits} has "
                             f"{len(bits.classes)}")
        if classes is None:
            raise DydcaError(f"{args.low}: goes on behind the {len(bits.classes)} frames of "
                             f"{args.bits}")
        if frame.shape[:2] != size:
            raise DydcaError(f"{args.low}: frame {number} has {frame.shape[1]}x"
                             f"{frame.shape[0]} pixels, {args.bits} is of {size[1]}x{size[0]}")
        yield frame, classes


def play(args, client, bits):
    """Upscales the video; the seconds of each frame alone, and of everything."""
    seconds, began = [], time.perf_counter()
    high, wide = bits.high
    with Progress("run", len(bits.classes)) as bar, \
            video.encoder(args.output, wide, high, video.rate(args.low)) as out:
        for frame, classes in pairs(args, bits):
            start = time.perf_counter()
            image = client.upscale(frame, classes, bits.high)
            seconds.append(time.perf_counter() - start)
            out.write(image)
            bar.add()
    return np.array(seconds), time.perf_counter() - began


def figures(seconds, whole):
    return {"frames": len(seconds), "upscaling fps": round(len(seconds) / seconds.sum(), 2),
            "whole fps": round(len(seconds) / whole, 2),
            "median ms": round(1e3 * float(np.median(seconds)), 3),
            "p99 ms": round(1e3 * float(np.quantile(seconds, 0.99)), 3)}


def played(args):
    bits = routing.read(args.bits)
    with Client(args.model, args.threads) as client:
        client.check(bits, args.bits)
        return figures(*play(args, client, bits))


def run(project, args):
    own = args.model is None and args.output is None and args.bits is None and args.low is None
    fill_in(project, args)
    if own:
        facts = project.run("run", {"model": args.model.name, "threads": args.threads},
                            ["prepare", "bits", "export"],
                            lambda: (["upscaled.mkv"], played(args)))
    else:
        facts = played(args)
    print(f"run: {args.output}, {facts['frames']} frames; upscaling alone "
          f"{facts['upscaling fps']} frames/s (median {facts['median ms']} ms, p99 "
          f"{facts['p99 ms']} ms), with decoding and encoding {facts['whole fps']} frames/s")
