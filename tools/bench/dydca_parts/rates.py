"""Times of dycc alone: the forms beside A1, frames per second, paths beside each other.
Weights are random, since no time depends on them; routings are those of the bunny where
nothing else is said."""

import functools
import subprocess
import time
from pathlib import Path

import numpy as np

import cost
import dycc
import engines
import graphs
import network
import routing
from dydca_parts import causes
from dydca_parts.networks import NETWORKS, Projects
from grid import CELL, Grid
from suite_parts.report import milliseconds, number, table

AIM_FORMS, AIM_RATE, THREADS = 1.10, 30.0, (1, 2)
FINE = 8  # Of 20 cells: the demo's share of cells that take the deep path.
FULL_HD = 270, 480  # Low-resolution pixels of 1080 lines at x4.
# Networks of one family for 1080 lines, the paper's first; blocks and channels.
FAMILY = (((2, 4), 32), ((2, 4), 16), ((1, 2), 16), ((2, 4), 8), ((1, 2), 8))
HALO = 4  # Of these: nearly as much as the whole, for a few per cent of work.
PAIRS = 7


class Compiled:
    """Models of this folder, compiled once and loaded with a number of threads."""

    def __init__(self, args, folder):
        self.dycc, self.folder = args.dycc, Path(folder)

    def library(self, name, make):
        library = self.folder / f"{name}.so"
        if not library.exists():
            model = make(str(self.folder / f"{name}.onnx"))
            subprocess.run([str(self.dycc), model, "-o", str(library), "-q"], check=True)
        return library

    def load(self, name, make, threads):
        return dycc.load(self.library(name, make), threads=threads)


def frame(rng, high, wide):
    return rng.integers(0, 256, (1, 3, high, wide), np.uint8)


def forms(args, compiled):
    """Seconds of each form at one routing of 4 x 5 cells, in turn."""
    cell, rng = (8, 8) if args.quick else CELL, np.random.default_rng(0)
    grid = Grid(4 * cell[0], 5 * cell[1], cell)
    classes = (rng.permutation(20) < FINE).astype(np.uint8)
    image = textured(rng, grid, classes)
    feeds = {"a1": {"frame": image, **dict(zip(graphs.index_names(2),
                                               routing.indices(classes, 2)))},
             "a2": {"frame": image, "split": classes == 1}, "b": {"frame": image},
             "c": {"frame": image, "table": routing.table(grid, classes)}}
    options = {form: {"cell": cell} for form in ("a1", "a2", "b")}
    options["c"] = {"gate": cell[0]}  # Whole cells take the other path than quarters.
    rows = []
    for threads in THREADS:
        calls = []
        for form, feed in feeds.items():
            make = functools.partial(write, form, 4, network.design(), **options[form])
            calls.append(compiled.load(f"form_{form}", make, threads).prepare(feed))
        samples = engines.paired(calls, 2 if args.quick else PAIRS)
        for form, mine in zip(feeds, samples):
            rows.append({"form": form, "threads": threads, "seconds": float(np.median(mine)),
                         "part": float(np.median(mine / samples[0]))})
    return rows


def write(form, scale, design, path, **options):
    return getattr(graphs, f"make_{form}")(path, network.random(scale, 7, design), scale,
                                           **options)


def textured(rng, grid, classes):
    """A frame whose gradients say what `classes` say, for the form that routes by them."""
    image = np.full((1, 3, grid.h, grid.w), 128, np.uint8)
    for g in np.flatnonzero(classes):
        y, x = grid.origin(g)
        image[:, :, y:y + grid.cell[0], x:x + grid.cell[1]] = frame(rng, *grid.cell)
    return image


def feed_of(low, grid, classes, names, pad):
    image = grid.pad(low) if pad else low
    return {"frame": np.ascontiguousarray(image.transpose(2, 0, 1)[None]),
            **dict(zip(names, routing.indices(classes, len(names))))}


def seconds_of(model, feeds):
    """Of each frame, which are run one behind the other."""
    model.run(feeds[0])
    result = []
    for feed in feeds:
        began = time.perf_counter()
        model.run(feed)
        result.append(time.perf_counter() - began)
    return np.array(result)


def video(args, compiled):
    """The demo's clip at x4: both forms of patches, frame by frame on two threads."""
    projects, rows = Projects(args.build, args.folder, args.quick), []
    low, classes = projects.routed("x4")
    cell = tuple(projects.facts("x4")["prepare"]["cell"])
    grid = Grid(*low.shape[1:3], cell)
    for halo in (0, HALO, network.design().reach("deep")):
        feeds = [feed_of(f, grid, c, graphs.index_names(2), not halo)
                 for f, c in zip(low, classes)]
        make = functools.partial(write, "a1", 4, network.design(), cell=cell, halo=halo)
        with compiled.load(f"video_{halo}", make, 2) as model:
            seconds = seconds_of(model, feeds)
        rows.append({"halo": halo, "frames": len(seconds), "seconds": float(seconds.sum()),
                     "median": float(np.median(seconds)),
                     "multiply-adds": cost.of_frames(network.design(), 4, cell, halo,
                                                     classes)})
    return rows


def full_hd(args, compiled):
    """Networks of one family at 1080 lines, 40 % of the cells fine."""
    rng, rows = np.random.default_rng(0), []
    size, cell = ((32, 48), (8, 8)) if args.quick else (FULL_HD, CELL)
    grid = Grid(*size, cell)
    classes = (rng.random(grid.count) < FINE / 20).astype(np.uint8)
    low = frame(rng, *size)[0].transpose(1, 2, 0)
    feeds = [feed_of(low, grid, classes, graphs.index_names(2), False)] * (
        2 if args.quick else 20)
    for blocks, units in FAMILY[:1] if args.quick else FAMILY:
        design = network.Design(blocks, units)
        make = functools.partial(write, "a1", 4, design, cell=cell, halo=HALO)
        name = f"hd_{'_'.join(map(str, blocks))}_{units}"
        with compiled.load(name, make, 2) as model:
            seconds = seconds_of(model, feeds)
        rows.append({"blocks": blocks, "units": units, "median": float(np.median(seconds)),
                     "multiply-adds": cost.of_frames(design, 4, cell, HALO, classes[None])})
    return rows


def paths(args, compiled):
    """Networks of 2, 3 and 4 paths: the least and the most that a frame of the clip takes,
    each frame the best of three."""
    projects, rows = Projects(args.build, args.folder, args.quick), []
    for name, count in (("x4", 2), ("x4_3_paths", 3), ("x4_4_paths", 4)):
        low, classes = projects.routed(name)
        cell, design = tuple(projects.facts(name)["prepare"]["cell"]), network.design(count)
        grid, halo = Grid(*low.shape[1:3], cell), max(map(network.reach, design.blocks))
        make = functools.partial(write, "a1", 4, design, cell=cell, halo=halo, classes=count)
        each = cost.of_cells(design, 4, cell, halo)
        work = sum(c * (classes == k).sum(1) for k, c in enumerate(each))
        ends = [int(work.argmin()), int(work.argmax())]
        feeds = [feed_of(low[i], grid, classes[i], graphs.index_names(count), False)
                 for i in ends]
        with compiled.load(f"paths_{count}", make, 2) as model:
            best = engines.paired([model.prepare(f) for f in feeds], 3).min(1)
        rows.append({"name": name, "paths": count, "least": float(best[0]),
                     "most": float(best[1]), "multiply-adds": [float(work[i]) for i in ends]})
    return rows


def measured(args, folder):
    compiled = Compiled(args, folder)
    peak = engines.Peak(folder).best() / 2 * max(THREADS)
    return {"peak": peak, "forms": forms(args, compiled), "video": video(args, compiled),
            "full HD": full_hd(args, compiled), "paths": paths(args, compiled)}


def missed(good):
    return "" if good else ", missed"


def form_table(rows):
    return table(["form", "threads", "ms", "of A1", "aim"], [
        [r["form"].upper(), r["threads"], milliseconds(r["seconds"]), number(r["part"]),
         f"{AIM_FORMS:.2f}{missed(r['part'] <= AIM_FORMS)}"] for r in rows])


def video_table(rows):
    cells = []
    for r in rows:
        rate = r["frames"] / r["seconds"]
        cells.append([r["halo"] or "0, the demo's", number(rate, 1),
                      milliseconds(r["median"]), number(r["multiply-adds"] / 1e9),
                      f"{r['multiply-adds'] / 1e9 * rate:.0f}",
                      f"{AIM_RATE:.0f}{missed(rate >= AIM_RATE)}"])
    return table(["halo", "frames/s", "median ms", "1e9 a frame", "1e9 a second", "aim"], cells)


def full_hd_table(rows):
    trained, cells = {}, []
    for name, found in NETWORKS.items():
        if (found.clip, found.scale) == ("bunny", 4):
            trained.setdefault(network_options(found), name)
    for r in rows:
        rate = 1 / r["median"]
        cells.append([f"{'/'.join(map(str, r['blocks']))} x {r['units']}", number(rate, 1),
                      milliseconds(r["median"]), number(r["multiply-adds"] / 1e9),
                      f"{AIM_RATE:.0f}{missed(rate >= AIM_RATE)}",
                      trained.get((tuple(r["blocks"]), r["units"]), "-")])
    return table(["blocks x units", "frames/s", "median ms", "1e9 a frame", "aim",
                  "its PSNR: network"], cells)


def network_options(trained):
    """(blocks, units) of a network whose quality is measured."""
    words = list(trained.options)
    units = int(words[words.index("--units") + 1]) if "--units" in words else network.UNITS
    if "--blocks" not in words:
        return network.design(trained.classes).blocks, units
    first = words.index("--blocks") + 1
    return tuple(int(w) for w in words[first:first + trained.classes]), units


def path_table(rows):
    return table(["paths", "least ms", "most ms", "1e9 least", "1e9 most", "its PSNR: network"], [
        [r["paths"], milliseconds(r["least"]), milliseconds(r["most"]),
         *(number(w / 1e9) for w in r["multiply-adds"]), r["name"]] for r in rows])


def form_causes(rows):
    return causes.lines(f"form {r['form'].upper()} on {r['threads']}" for r in rows
                        if r["part"] > AIM_FORMS)


def video_causes(rows, peak):
    """What the aim asks of the processor."""
    return [f"* halo {r['halo']}: {AIM_RATE:.0f} frames a second are "
            f"{r['multiply-adds'] / 1e9 * AIM_RATE:.0f}e9 multiply-adds; the two cores have "
            f"{peak:.0f}e9 at their peak, which Winograd's filtering makes up to 2.25 times as "
            "many." for r in rows if r["frames"] / r["seconds"] < AIM_RATE]


def section(found, args):
    return ["Forms at 192x320 with 8 of 20 cells fine, zero padding, x4, in turn:", "",
            *form_table(found["forms"]), "", *form_causes(found["forms"]), "",
            "720 lines at x4 on two threads, all frames of the clip with its routing, "
            "upscaling alone:", "", *video_table(found["video"]), "",
            *video_causes(found["video"], found["peak"]), "",
            f"1080 lines at x4 on two threads, 40 % of the cells fine, halo {HALO}:", "",
            *full_hd_table(found["full HD"]), "",
            "Paths at 720 lines, x4, two threads, the whole halo; frames of the clip with the "
            "least and the most work:", "", *path_table(found["paths"])]
