"""Cut a video into frames and scale each down, which is what will be sent.

A frame that the factor does not divide gets its last row and column repeated first;
what is upscaled later is cropped to the frame's own size.

  dydca prepare clip.mp4                     x4, into clip.dydca
  dydca prepare clip.mp4 --scale 2 --frames 100 --project trial
  dydca prepare clip.mp4 --keep-hr           clip.mp4 may be removed afterwards
"""

import argparse
import contextlib
from pathlib import Path

import numpy as np

import files
import video
from failure import DydcaError
from grid import CELL
from progress import Progress


def cell(text):
    """HEIGHTxWIDTH; both even, so that a cell has four fine patches."""
    try:
        high, wide = (int(n) for n in text.split("x"))
    except ValueError:
        high = wide = 0
    if min(high, wide) < 2 or high % 2 or wide % 2 or max(high, wide) > 1024:
        raise argparse.ArgumentTypeError(
            f"expects HEIGHTxWIDTH, even numbers from 2 to 1024, got \"{text}\"")
    return high, wide


def add_options(parser):
    parser.add_argument("video", type=Path)
    parser.add_argument("--scale", type=int, choices=(2, 3, 4), default=4)
    parser.add_argument("--cell", type=cell, default=CELL, metavar="HxW",
                        help="low-resolution pixels of a cell (48x64)")
    parser.add_argument("--frames", type=int, metavar="N", help="only the first so many")
    parser.add_argument("--keep-hr", action="store_true",
                        help="keep the original frames too, as they are")


def reduced(frame, scale):
    """A frame of a size that the factor divides, scaled down."""
    high, wide = frame.shape[:2]
    frame = np.pad(frame, ((0, -high % scale), (0, -wide % scale), (0, 0)), "edge")
    return video.resize(frame, frame.shape[1] // scale, frame.shape[0] // scale)


def make(project, args):
    rate, size, count = video.rate(args.video), None, 0
    with contextlib.ExitStack() as stack:
        low = stack.enter_context(files.arrays(project.path("low.npy")))
        high = (stack.enter_context(files.arrays(project.path("high.npy")))
                if args.keep_hr else None)
        bar = stack.enter_context(Progress("prepare", args.frames))
        for frame in video.frames(args.video, args.frames):
            small = reduced(frame, args.scale)
            if size is None:
                size = frame.shape[:2]
                play = stack.enter_context(video.encoder(
                    project.path("low.mkv"), small.shape[1], small.shape[0], rate))
            low.add(small)
            play.write(small)
            if high:
                high.add(frame)
            count += 1
            bar.add()
        if not count:
            raise DydcaError(f"{args.video}: no frames in it")
    names = ["low.npy", "low.mkv", *(["high.npy"] if args.keep_hr else [])]
    return names, {"video": str(args.video.resolve()), "frames": count, "rate": rate,
                   "scale": args.scale, "cell": list(args.cell), "high": list(size),
                   "low": list(small.shape[:2]), "keep_hr": args.keep_hr}


def run(project, args):
    if not args.video.is_file():
        raise DydcaError(f"{args.video}: no such file")
    options = {"video": files.digest(args.video), "scale": args.scale,
               "cell": list(args.cell), "frames": args.frames, "keep_hr": args.keep_hr}
    facts = project.run("prepare", options, [], lambda: make(project, args))
    grid = project.grid
    print(f"prepare: {facts['frames']} frames of {facts['high'][1]}x{facts['high'][0]}, "
          f"sent as {grid.w}x{grid.h}; {grid.count} cells of {grid.cell[1]}x{grid.cell[0]}")
