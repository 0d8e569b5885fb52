"""Choose variants near the front of quality and time, and make a family of them.

Candidates are networks of the supernet in every depth, with a third, two thirds and all of
the channels within blocks. Their times are those that dycc's oracle predicts, by a file of
dycc-calibrate where --machine gives one, their qualities PSNR on frames that were kept from
training. Those on the front are written as ONNX models with family.json, and compiled into
one library. Needs JAX.

  dysr export
  dysr export --variants 6 --machine machine.json
"""

from pathlib import Path

import files
import supernet
import variants
from client import with_dycc
from dysr_steps.train import samples, space_of
from failure import DydcaError
from prices import Prices
from progress import Progress
from steps.train import digest, positive, with_jax

FRAMES = 4  # By which candidates are compared.


def add_options(parser):
    parser.add_argument("--variants", type=positive, default=8, metavar="N",
                        help="at most so many (8)")
    parser.add_argument("--machine", type=Path, metavar="FILE.json",
                        help="of dycc-calibrate; without it times only rank")


def chosen(project, parameters, args):
    """[(seconds, PSNR, network)] of the variants, by time."""
    import learning

    facts = project.facts("prepare")
    space = space_of(supernet.network_of(parameters))
    with project.high() as high, \
            Prices(args.machine, parameters, facts["scale"], facts["low"]) as prices:
        seen = samples(project, high)

        def psnr(net, frames):
            return learning.psnr(parameters, net, space.largest, *seen.judged(frames),
                                 facts["scale"])

        with Progress("export") as bar:
            points = [(prices.seconds(net), psnr(net, FRAMES), net)
                      for net in bar.over(variants.candidates(space))]
        kept = variants.thinned(variants.front(points), args.variants)
        return [(seconds, psnr(net, None), net) for seconds, _, net in kept]


def compiled(project):
    """The library of the family; its bytes."""
    dycc = with_dycc()
    with files.placed(project.path("family.so")) as path:
        try:
            dycc.compile_file(project.path("family.json"), path)
        except dycc.Error as error:
            raise DydcaError(f"{project.path('family.json')}: dycc refuses it: "
                             f"{error}") from None
    return project.path("family.so").stat().st_size


def make(project, args):
    with_jax()
    parameters, facts = supernet.load(project.path("supernet.npz"))
    names, rows = [], []
    for seconds, psnr, net in chosen(project, parameters, args):
        with files.placed(project.path(f"{net.name}.onnx")) as path:
            variants.write(path, parameters, net, facts["scale"])
        names.append(f"{net.name}.onnx")
        rows.append({"name": net.name, "seconds": seconds, "quality": round(psnr, 3),
                     "width": net.width, "blocks": net.blocks})
    files.write_json(project.path("family.json"), {"variants": [
        {"name": row["name"], "model": f"{row['name']}.onnx", "quality": row["quality"]}
        for row in rows]})
    size = compiled(project)
    return [*names, "family.json", "family.so"], {"variants": rows, "bytes": size,
                                                  "measured": bool(args.machine)}


def run(project, args):
    project.facts("train")
    options = {"variants": args.variants, "machine": args.machine and digest(args.machine)}
    facts = project.run("export", options, ["prepare", "train"], lambda: make(project, args))
    for row in facts["variants"]:
        print(f"export: {row['name']}, {row['quality']:.2f} dB")
    print(f"export: family.so, {facts['bytes'] / 2**20:.2f} MiB")
