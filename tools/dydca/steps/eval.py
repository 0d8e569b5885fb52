"""Compare what the client shows with the original frames, and bicubic with them too.

Means over frames of PSNR and edge PSNR (RGB and luma, dB), SSIM and MS-SSIM (luma), the
paper's PSNR over patches, and the PSNR of pixels at the lines between cells beside that
of pixels inside them. All of it frame by frame is in evaluation.json. Without an
exported model bicubic is measured alone. What `rivals` trained is measured too, and what
each of them sends and takes is counted.

  dydca eval
  dydca eval --form a2
  dydca eval --every 10          a tenth of the frames
"""

import time

import numpy as np

import files
import routing
import video
from client import Client
from failure import DydcaError
from measuring import Measured
from progress import Progress
from steps import rivals
from steps.train import positive


def add_options(parser):
    parser.add_argument("--form", choices=("a1", "a2", "b", "c"),
                        help="of the exported models (the first)")
    parser.add_argument("--threads", type=int, default=0, metavar="N",
                        help="of the model; 0: all processors")
    parser.add_argument("--every", type=positive, default=1, metavar="N",
                        help="measure each Nth frame alone (1)")


def bicubic(project):
    facts = project.facts("prepare")
    scale, (high, wide) = facts["scale"], facts["high"]

    def upscale(small, number):
        large = video.resize(small, small.shape[1] * scale, small.shape[0] * scale)
        return large[:high, :wide]

    return upscale


def measured(project, upscalers, quarters, every):
    """{name: results} of several ways to upscale each `every`th frame; `quarters` says
    whether the model's patches of class 1 and higher are quarters of a cell."""
    facts, grid = project.facts("prepare"), project.grid
    results = {name: Measured(grid, facts["scale"], facts["high"], quarters)
               for name in upscalers}
    seconds = {name: [] for name in upscalers}
    low, classes = project.low, project.array("classes.npy")
    with Progress("eval", facts["frames"]) as bar:
        for number, frame in enumerate(bar.over(project.originals())):
            for name, upscale in () if number % every else upscalers.items():
                began = time.perf_counter()
                image = upscale(low[number], number)
                seconds[name].append(time.perf_counter() - began)
                results[name].add(image, frame, classes[number])
    return {name: {**r.result(), "seconds": [round(s, 6) for s in seconds[name]]}
            for name, r in results.items()}


def make(project, args, form):
    upscalers = {"bicubic": bicubic(project)}
    if form:
        size = project.facts("prepare")["high"]
        with Client(project.path(f"model_{form}.so"), args.threads) as client:
            upscalers |= rivals.upscalers(project)
            classes = project.array("classes.npy")
            upscalers[form] = lambda small, number: client.upscale(small, classes[number], size)
            results = measured(project, upscalers, not client.facts["halo"], args.every)
    else:
        results = measured(project, upscalers, False, args.every)
    files.write_json(project.path("evaluation.json"), results)
    return ["evaluation.json"], {"form": form, "sent": sent(project) if form else {}, **{
        name: {k: r[k] for k in ("means", "patch PSNR", "seams")}
        | {"median ms": round(1e3 * float(np.median(r["seconds"])), 3)}
        for name, r in results.items()}}


def sent(project):
    """{name: models, switches, bytes to send, multiply-adds a frame} of the network and its
    rivals; weights as f32, and routing bits where they are needed."""
    scale, paths = project.facts("prepare")["scale"], project.facts("score")["classes"]
    bits = -(-project.array("classes.npy").size * routing.width(paths) // 8)
    size = 4 * project.facts("train")["parameters"] + bits
    own = {"models": 1, "switches": 0, "bytes": size,
           "multiply-adds": rivals.mean_cost(project)}
    others = project.facts("rivals")["rivals"] if project.is_current("rivals") else {}
    return {"dynamic": own, **{name: {k: found[k] for k in own}
                               for name, found in others.items()}}


def lines(facts):
    """The table that a person reads."""
    for name in [n for n in facts if isinstance(facts[n], dict) and n != "sent"]:
        r = facts[name]
        means = ", ".join(f"{k} {v:.4f}" if "SSIM" in k else f"{k} {v:.2f} dB"
                          for k, v in r["means"].items())
        seams = (f", at cell borders {r['seams'][0]:.2f} dB, inside {r['seams'][1]:.2f} dB"
                 if r["seams"] else "")
        yield f"{name}: {means}, patches {r['patch PSNR']:.2f} dB{seams}"
    for name, r in facts["sent"].items():
        yield (f"{name}: {r['models']} models, {r['switches']} switches, {r['bytes']:,} bytes "
               f"to send, {r['multiply-adds'] / 1e9:.2f}e9 multiply-adds a frame")
    if facts["form"]:
        ours, low = (facts[n]["means"]["PSNR"] for n in (facts["form"], "bicubic"))
        yield (f"PSNR over bicubic {ours - low:+.2f} dB, median "
               f"{facts[facts['form']]['median ms']} ms a frame")


def form_of(project, args):
    if not project.is_current("export"):
        if args.form:
            project.facts("export")
        return None
    forms = [n[6:-3] for n in project.steps["export"]["files"]
             if n.endswith(".so") and n != "model_d.so"]
    if args.form and args.form not in forms:
        raise DydcaError(f"form {args.form} is not compiled, there is: "
                         f"{', '.join(forms) or 'none'}")
    return args.form or (forms[0] if forms else None)


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    project.facts("score")
    form = form_of(project, args)
    needs = ["prepare", "score", *(["train", "export"] if form else [])]
    if form and project.is_current("rivals"):
        needs.append("rivals")
    facts = project.run("eval", {"form": form, "every": args.every}, needs, lambda: make(project, args, form))
    for line in lines(facts):
        print(f"eval: {line}")
