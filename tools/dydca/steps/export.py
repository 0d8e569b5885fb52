"""Write the trained network as ONNX models and compile them with dycc.

Frame size and the number of cells of each class are symbolic, pixels are 8-bit on both
sides. Forms: a1 takes a list of cells for each class, a2 a mask, b decides by itself
from the gradients, c takes a table of patches, d one batch of patches by itself. c and d
are those of the paper: two classes and no halo.

  dydca export                     form a1, into model_a1.onnx and model_a1.so
  dydca export --forms a1 a2 b --no-compile
"""

import numpy as np

import files
import graphs
import metrics
import network
from client import with_dycc
from failure import DydcaError

FORMS = ("a1", "a2", "b", "c", "d")


def add_options(parser):
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=["a1"])
    parser.add_argument("--no-compile", action="store_true", help="ONNX models alone")


def bounds_of_b(project):
    """Energies between classes: those of the score, or those that give each class the
    part of cells that it has by another score."""
    scored = project.facts("score")
    if scored["by"] == "gradients":
        return tuple(-t for t in scored["thresholds"])
    energies = np.stack([metrics.energy(project.grid.cells(f[None])[0]) for f in project.low])
    easy = np.cumsum(scored["parts"])[:-1]
    return tuple(float(v) for v in np.quantile(energies, easy))


def write(project, form, parameters, facts):
    if form in ("c", "d") and (facts["halo"] or facts["classes"] != 2):
        raise DydcaError(f"form {form} has two classes and no halo, this network has "
                         f"{facts['classes']} and a halo of {facts['halo']}")
    if form in ("a1", "a2", "b"):
        options = {"cell": project.grid.cell, "halo": facts["halo"]}
    else:  # Whole cells take the other path than their quarters.
        options = {"gate": project.grid.cell[0]}
    if form in ("a1", "a2"):
        options["classes"] = facts["classes"]
    if form == "b":
        options["bounds"] = bounds_of_b(project)
    name = f"model_{form}.onnx"
    maker = getattr(graphs, f"make_{form}")
    with files.placed(project.path(name)) as path:
        maker(str(path), parameters, facts["scale"], **options)
    return name


def compiled(project, name):
    """The library of a model, and its name."""
    dycc = with_dycc()
    source, library = project.path(name), project.path(name).with_suffix(".so")
    with files.placed(library) as path:
        try:
            dycc.compile_file(source, path)
        except dycc.Error as error:
            raise DydcaError(f"{source}: dycc refuses it: {error}") from None
    return library.name


def make(project, args):
    parameters, facts = network.load(project.path("weights.npz"))
    names = []
    for form in args.forms:
        model = write(project, form, parameters, facts)
        described = {"form": form, "scale": facts["scale"], "classes": facts["classes"],
                     "halo": facts["halo"], "cell": list(project.grid.cell),
                     "weights": files.digest(project.path("weights.npz"))}
        files.write_json(project.path(model).with_suffix(".json"), described)
        names += [model, f"model_{form}.json"]
        if not args.no_compile:
            names.append(compiled(project, model))
    return names, {"forms": args.forms, "bytes": {
        name: project.path(name).stat().st_size for name in names}}


def run(project, args):
    project.facts("train")
    options = {"forms": args.forms, "compile": not args.no_compile}
    facts = project.run("export", options, ["prepare", "score", "train"],
                        lambda: make(project, args))
    for name, size in facts["bytes"].items():
        if not name.endswith(".json"):
            print(f"export: {name}, {size / 2**20:.2f} MiB")
