"""A frame's time and memory beside ONNX Runtime, OpenVINO and MNN, by the suite of
benchmarks and the command of memory."""

import functools
import statistics

import numpy as np

import graphs
import network
from dydca_parts import causes
from suite_parts import beside, environment, run
from suite_parts.recipes import Size, given, integers
from suite_parts.registry import FRAMES, Model
from suite_parts.report import SHORT, milliseconds, number, table
from suite_parts.results import OURS, counts
from suite_parts.sides import PEERS

SCALES = (2, 3, 4)
# The paper's cells for frames of 1080 rows.
CELLS = {2: (108, 96), 3: (72, 64), 4: (108, 96)}
HEIGHTS = {"540p": (540, 960), "1080p": (1080, 1920)}
PARTS = (0, 50, 100)  # Per cent of the cells that take the deep path.
SWEPT = ("540p",)  # The others at half fine alone: such frames take seconds.
PLAIN = "without If"
AIM_TIME, AIM_MEMORY = 0.55, 0.15
MEMORY_AT = "540p"


def size_of(scale, name, part, cell=None, high=None):
    """A frame whose result has `name` lines; `part` of its cells are fine."""
    cell = cell or CELLS[scale]
    rows, cols = (-(-n // scale // c) for n, c in zip(high or HEIGHTS[name], cell))
    order = np.random.default_rng(0).permutation(rows * cols)
    fine = part * rows * cols // 100
    frame = integers(0, 256, 1, 3, rows * cell[0], cols * cell[1], dtype="uint8")
    return Size(f"{name}, {part} % fine", {"frame": frame, "idx_c": given(order[fine:]),
                                           "idx_f": given(order[:fine])})


def maker(scale, cell, guarded, path):
    return graphs.make_a1(path, network.random(scale, 7), scale, cell, guarded=guarded)


def models(quick=False):
    """Form A1 at each scale, and without If for engines that take none."""
    for scale in SCALES[:1] if quick else SCALES:
        cell = (8, 8) if quick else CELLS[scale]
        sizes = [size_of(scale, name, part, cell, (32, 48) if quick else None)
                 for name in HEIGHTS for part in PARTS if name in SWEPT or part == 50]
        yield Model(f"x{scale}", FRAMES, functools.partial(maker, scale, cell, True), sizes,
                    in_doubt=False)
        some = [size for size in sizes if " 50 %" in size.label]
        yield Model(f"x{scale} {PLAIN}", FRAMES, functools.partial(maker, scale, cell, False),
                    some, in_doubt=False)


def times(args, folder):
    """The suite's places."""
    suite = run.Suite(args, folder)
    for model in models(args.quick):
        suite.measure(model, args.budget)
    if suite.failed:
        raise RuntimeError(f"failed: {suite.failed}")
    return suite.places


def medians(place):
    """{engine: seconds} of those whose results are right."""
    return {engine: statistics.median(found) for engine, found in place["samples"].items()
            if found and counts(place["states"].get(engine, ""))}


def rows_of(places):
    """A row for each size of form A1: the best peer is that over both graphs."""
    found = {(p["model"], p["size"], p["threads"]): p for p in places}
    for (model, size, threads), place in found.items():
        if PLAIN in model:
            continue
        plain = found.get((f"{model} {PLAIN}", size, threads))
        ours, peers = medians(place), {}
        if plain:
            peers = {e: t for e, t in medians(plain).items() if e != OURS}
        for engine, seconds in ours.items():
            if engine != OURS:
                peers[engine] = min(seconds, peers.get(engine, seconds))
        best = min(peers, key=peers.get, default=None)
        own = ours.get(OURS)
        yield {"model": model, "size": size, "threads": threads, "dycc": own, "peers": peers,
               "best": best, "part": own / peers[best] if best and own else None}


def time_section(places, args):
    rows, cells = list(rows_of(places)), []
    for row in rows:
        peers = [milliseconds(row["peers"][e]) if e in row["peers"] else "-" for e in SHORT
                 if e]
        part = row["part"]
        cells.append([row["model"], row["size"], row["threads"],
                      "wrong" if row["dycc"] is None else milliseconds(row["dycc"]), *peers,
                      f"{number(part)} {SHORT[row['best']]}" if part else "-",
                      f"{AIM_TIME}{'' if part and part <= AIM_TIME else ', missed'}"])
    parts = [row["part"] for row in rows if row["part"]]
    reached = sum(part <= AIM_TIME for part in parts)
    text = [f"Form A1, cells of the paper, milliseconds of a frame. A peer's time is the "
            f"better one of the same graph and, at 50 %, one without the If. {reached} of "
            f"{len(parts)} reach the aim, geometric mean "
            f"{number(statistics.geometric_mean(parts) if parts else None)}.", ""]
    head = ["scale", "out", "threads", "dycc", *[s for e, s in SHORT.items() if e],
            "of the best", "aim"]
    missed = [f"Missed: {causes.of('time')}."] if reached < len(parts) else []
    return [*text, *table(head, cells), "", *missed]


def memory(args, folder):
    """Rows of the command of memory, each at one size and on one thread."""
    chosen = [Model(f"{model.name}-{size.label.split()[1]}", FRAMES, model.make, [size])
              for model in models(args.quick) for size in model.sizes
              if size.label.startswith(f"{MEMORY_AT}, ")]
    return list(merged(beside.measured(chosen, args.dycc, args.venv, folder, 1)))


def merged(rows):
    """The rows of form A1; a peer that takes less without If, or runs then alone, has that."""
    found = {row["model"]: row for row in rows}
    for name, row in found.items():
        plain = found.get(name.replace("-", f" {PLAIN}-"), {"found": {}})["found"]
        if PLAIN not in name:
            least = {e: min((r[e] for r in (row["found"], plain) if e in r and e != OURS),
                            key=lambda r: r.get("bytes", float("inf")), default=None)
                     for e in row["found"]}
            yield beside.judged({**row, "found": {**least, OURS: row["found"][OURS]}})


def memory_section(rows, args):
    engines = (OURS, *PEERS)
    cells = [[row["model"].split("-")[0], row["size"], *(beside.text_of(row["found"][e]) for e in engines),
              f"{number(row['ratio'])} {SHORT[row['best']]}" if row["ratio"] else "-",
              f"{AIM_MEMORY}"
              f"{'' if row['ratio'] and row['ratio'] <= AIM_MEMORY else ', missed'}"]
             for row in rows]
    text = [f"MiB that a process takes in its first {beside.RUNS} runs at {MEMORY_AT} beyond "
            "what it has with the model loaded, on one thread; the result is part of it. A "
            "peer at 50 % runs the better one of the same graph and one without the If.", ""]
    misses = any(row["ratio"] and row["ratio"] > AIM_MEMORY for row in rows)
    missed = [f"Missed: {causes.of('memory')}."] if misses else []
    return [*text, *table(["scale", "out", *engines, "of the best", "aim"], cells), "", *missed]


def ready(args):
    """What the suite asks of its arguments."""
    args.threads = [1, 2]
    args.check, args.warm = False, 0.05
    args.rounds = 3
    environment.ready(args.venv)
