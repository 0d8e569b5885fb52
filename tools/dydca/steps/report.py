"""Make one HTML page of what the other steps found: frames with a slider between
bicubic and the model, PSNR over time, cells by class, bytes, frames per second. It has
everything in itself and asks for nothing from the network.

  dydca report                     report.html
  dydca report --pictures 8
"""

import html
import json

import numpy as np

import files
import network
import page
import video
from client import Client


def add_options(parser):
    parser.add_argument("--pictures", type=int, default=4, metavar="N",
                        help="frames that are shown (4)")


def quality(results):
    names = [*next(iter(results.values()))["means"]]
    head = ["", *names, "patch PSNR", "at cell borders", "inside cells"]
    rows = []
    for name, r in results.items():
        seams = [f"{v:.2f}" for v in r["seams"]] if r["seams"] else ["-", "-"]
        rows.append([name, *(f"{v:.4f}" if "SSIM" in n else f"{v:.2f}"
                             for n, v in r["means"].items()), f"{r['patch PSNR']:.2f}", *seams])
    return page.table(head, rows)


def pictures(project, form, count):
    """Figures of some frames, evenly over the video."""
    facts = project.facts("prepare")
    scale, (high, wide) = facts["scale"], facts["high"]
    chosen = set(np.linspace(0, facts["frames"] - 1, count).astype(int).tolist())
    classes = project.array("classes.npy")
    with Client(project.path(f"model_{form}.so")) as client:
        for i in sorted(chosen):
            low = project.low[i]
            plain = video.resize(low, low.shape[1] * scale, low.shape[0] * scale)
            yield page.pair(plain[:high, :wide], client.upscale(low, classes[i], (high, wide)),
                            ("bicubic", form), f"frame {i}")


def cells(project):
    """How many cells each class has, over all frames and in a frame."""
    scored, classes = project.facts("score"), project.array("classes.npy")
    rows = []
    design = network.Design(tuple(project.facts("train")["blocks"]))
    for k, name in enumerate(design.paths):
        counts = (classes == k).sum(1)
        rows.append([f"{k}, {name}, {design.blocks[k]} blocks", f"{counts.mean():.1f}",
                     counts.min(), counts.max(), f"{scored['parts'][k]:.1%}"])
    return page.table(["class", "mean", "least", "most", "of all"], rows)


def costs(project, form):
    exported, bits, played = (project.facts(n) for n in ("export", "bits", "run"))
    sizes = {"low-resolution video": project.path("low.mkv").stat().st_size,
             "model, ONNX": exported["bytes"][f"model_{form}.onnx"],
             "model, compiled": exported["bytes"][f"model_{form}.so"],
             "routing bits": bits["bytes"]}
    rows = [[name, f"{size:,} bytes"] for name, size in sizes.items()]
    rows += [["upscaling alone", f"{played['upscaling fps']} frames/s"],
             ["with decoding and encoding", f"{played['whole fps']} frames/s"],
             ["a frame, median", f"{played['median ms']} ms"],
             ["a frame, 99 of 100", f"{played['p99 ms']} ms"]]
    return page.table(["", ""], rows)


def make(project, args):
    results = json.loads(project.path("evaluation.json").read_bytes())
    form = project.facts("eval")["form"]
    facts, trained = project.facts("prepare"), project.facts("train")
    gain = (results[form]["means"]["PSNR"] - results["bicubic"]["means"]["PSNR"])
    size = "{1} x {0}".format(*facts["high"])
    text = page.fill({
        "title": html.escape(f"Dy-DCA: {project.folder.resolve().stem}"),
        "summary": html.escape(
            f"{facts['frames']} frames of {size} pixels, sent at 1/{facts['scale']}; "
            f"{trained['parameters']:,} parameters, {trained['steps']} steps, seed "
            f"{trained['seed']}, halo {trained['halo']}. {gain:+.2f} dB over bicubic."),
        "quality": quality(results),
        "chart": page.chart({n: r["frames"]["PSNR"] for n, r in results.items()}, "dB"),
        "left": "bicubic", "right": html.escape(f"the model, form {form}"),
        "pairs": "".join(pictures(project, form, args.pictures)),
        "cells": cells(project), "bytes": costs(project, form)})
    with files.whole(project.path("report.html")) as out:
        out.write(text.encode())
    return ["report.html"], {"form": form, "gain": gain}


def run(project, args):
    needs = ["prepare", "score", "train", "export", "bits", "eval", "run"]
    for need in needs:
        project.facts(need, "prepare VIDEO" if need == "prepare" else need)
    facts = project.run("report", {"pictures": args.pictures}, needs,
                        lambda: make(project, args))
    print(f"report: {project.path('report.html')}; PSNR over bicubic {facts['gain']:+.2f} dB")
