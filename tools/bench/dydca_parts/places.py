"""Form A1 elsewhere: kernels on an OpenCL device, and on aarch64 in an emulator. Whether it
runs and agrees; how fast it is says nothing there."""

import functools
import shutil
import subprocess
from pathlib import Path

import numpy as np

import dycc
import graphs
import network
import routing
from dydca_parts.rates import frame, write
from suite_parts.report import table

CELL = 24, 32
SIZE = 48, 96  # Whole cells.


def feed(seed=0):
    rng = np.random.default_rng(seed)
    count = SIZE[0] // CELL[0] * (SIZE[1] // CELL[1])
    classes = (rng.permutation(count) < count // 2).astype(np.uint8)
    return {"frame": frame(rng, *SIZE),
            **dict(zip(graphs.index_names(2), routing.indices(classes, 2)))}


def compiled(args, folder, name, model, *flags):
    library = Path(folder) / f"{name}.so"
    subprocess.run([str(args.dycc), str(model), "-o", str(library), "-q", *flags], check=True)
    return library


def here(library, **options):
    with dycc.load(library, **options) as model:
        return model.run(feed())["image"], model.machine


def on_opencl(args, folder, model):
    """The image, and what runs; None and why not."""
    library = compiled(args, folder, "opencl", model, "--gpu", "opencl,cpu")
    try:
        return here(library, machine="opencl")
    except dycc.Error as error:
        return None, str(error)


def on_aarch64(args, folder, model):
    import aarch64

    if not shutil.which("qemu-aarch64"):
        return None, "no qemu-aarch64"
    runner = aarch64.build_runner(Path(folder))
    library = compiled(args, folder, "aarch64", model, "--target", aarch64.TRIPLE)
    inputs = feed()
    emulated = aarch64.Emulated(runner, library, list(inputs), Path(folder))
    return emulated.run(inputs)[0], "aarch64"


PLACES = {"OpenCL": on_opencl, "aarch64, in qemu": on_aarch64}


def difference(image, expected):
    """Part of the pixels that are off, and by how many levels at most."""
    gap = np.abs(image.astype(int) - expected)
    return float((gap > 0).mean()), int(gap.max())


def measured(args, folder):
    rows = []
    for scale in (2,) if args.quick else (2, 3, 4):
        make = functools.partial(write, "a1", scale, network.design(), cell=CELL)
        model = make(str(Path(folder) / f"place_x{scale}.onnx"))
        expected, machine = here(compiled(args, folder, "here", model))
        for name, run in PLACES.items():
            image, what = run(args, folder, model)
            row = {"place": name, "scale": scale, "machine": what, "beside": machine}
            if image is not None:
                row["part"], row["levels"] = difference(image, expected)
            rows.append(row)
    return rows


def verdict(row):
    """Another order of sums may round a value to the other side."""
    if "part" not in row:
        return f"not run: {row['machine']}"
    agrees = row["levels"] <= 1 and row["part"] <= 1e-3
    return "agrees" if agrees else "differs"


def section(rows, args):
    text = [f"Form A1 of {SIZE[0]}x{SIZE[1]} pixels, half of its cells fine, beside the same "
            "on this machine's processor; a level is one of 255.", ""]
    return [*text, *table(["place", "scale", "runs on", "pixels off", "by levels", ""], [
        [r["place"], r["scale"], r["machine"] if "part" in r else "-",
         f"{r['part']:.1e}" if "part" in r else "-", r.get("levels", "-"), verdict(r)]
        for r in rows])]
