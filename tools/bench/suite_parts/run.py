"""A run of the suite: model by model, with lines as it goes."""

import platform
import shutil
import statistics
import time
from pathlib import Path

import numpy as np

from suite_parts import environment, measure, results
from suite_parts.artifacts import artifacts, model_file
from suite_parts.players import Players
from suite_parts.registry import AIMS
from suite_parts.results import OURS, counts
from suite_parts.sides import PEERS, SIDES

CHECKED = 4  # Random shapes that --check compares too.
SHAPES_PART = 0.3  # Of a model's budget, for new and random shapes.


def machine():
    """The processor's name, as the system has it."""
    text = Path("/proc/cpuinfo").read_text()
    name = next((line.split(":")[1].strip() for line in text.splitlines()
                 if line.startswith("model name")), platform.machine())
    wide = "AVX-512" if "avx512f" in text else "AVX2" if "avx2" in text else "no AVX2"
    return f"{name} ({wide})"


class Suite:
    """What was measured so far."""

    def __init__(self, args, folder, sizes=None):
        self.args, self.folder, self.sizes = args, folder, sizes
        self.python = environment.ready(args.venv)
        self.places, self.shapes, self.artifacts = [], [], {}
        self.skipped, self.failed = {}, {}
        self.began = time.monotonic()
        packages = [p for engine in PEERS for p in SIDES[engine].packages]
        self.packages = environment.installed(self.python, packages)

    def measure(self, model, budget):
        """One model; a defect of the suite at one does not hide the others."""
        try:
            self.measure_one(model, budget)
        except Exception as error:
            self.failed[model.name] = f"{type(error).__name__}: {error}"
            print(f"{model.name}: failed: {self.failed[model.name]}", flush=True)

    def measure_one(self, model, budget):
        """One model in all ways, in a folder that is gone afterwards."""
        folder = self.folder / model.name
        file = model_file(model, folder)
        if file is None:
            self.skipped[model.name] = model.missing
            return
        made = artifacts(SIDES, self.args.dycc, self.python, file, folder)
        self.artifacts[model.name] = made
        for threads in self.args.threads:
            with Players(self.python, folder, made, threads) as players:
                self.loads(made, players, threads)
                self.on(model, threads, players, file, budget / len(self.args.threads))
        shutil.rmtree(folder)

    def loads(self, made, players, threads):
        """Load times are those on the first number of threads."""
        if threads == self.args.threads[0]:
            for player in players:
                made[player.engine]["load"] = player.load_seconds

    def on(self, model, threads, players, file, budget):
        rounds = 0 if self.args.check else self.args.rounds
        sizes, drawn = model.sizes[:self.sizes], model.draw and rounds
        if model.draw and not rounds:
            rng = np.random.default_rng(measure.SEED)
            sizes = sizes + [model.draw(rng) for _ in range(CHECKED)]
        share = budget * (1 - SHAPES_PART if drawn else 1) / len(sizes)
        bad = {}
        for size in sizes:
            place = measure.place_of(model, size, threads, players, file, rounds, share,
                                     self.args.warm)
            bad |= {e: state for e, state in place["states"].items() if not counts(state)}
            self.places.append(place)
            print(line_of(place), flush=True)
        if drawn:
            self.shapes.append(measure.shapes_of(model, threads, players, bad,
                                                 budget * SHAPES_PART))

    def data(self):
        return {"machine": machine(), "seconds": time.monotonic() - self.began,
                "threads": self.args.threads, "engines": list(SIDES),
                "packages": self.packages, "skipped": self.skipped, "failed": self.failed,
                "places": self.places, "shapes": self.shapes, "artifacts": self.artifacts}


def line_of(place):
    """What a terminal shows of a place."""
    cells = []
    for engine in SIDES:
        times, state = place["samples"].get(engine), place["states"].get(engine, "")
        time = f"{1e3 * statistics.median(times):.3f}" if times else ""
        cells.append(f"{engine} {time} {'' if state == 'ok' else state[:70]}".strip()
                     + ("" if times or state != "ok" else " ok"))
    ratio = "" if place["ratio"] is None else f" {place['ratio']:.2f}"
    return (f"{place['model']} {place['size']} threads {place['threads']}:{ratio}  "
            + "; ".join(cells))


def summary(data):
    """Prints the classes; 1 where dycc refuses or is wrong."""
    for name in AIMS:
        for threads in data["threads"]:
            row = results.class_row(data["places"], name, threads)
            if row:
                print(f"{name}, {threads} threads: {row['mean']:.2f}, aim {row['aim']}"
                      f"{'' if row['met'] else ', missed'}, lowest {row['lowest']:.2f} at "
                      f"{row['at']}")
    red = [p for p in data["places"] if not counts(p["states"].get(OURS, "refused"))]
    for place in red:
        print(f"dycc: {place['model']} {place['size']}: {place['states'].get(OURS)}")
    fallen = [row for row in data["shapes"] if OURS in row["left_out"]]
    for row in fallen:
        print(f"dycc: {row['model']} at random shapes: {row['left_out'][OURS]}")
    for name, why in {**data["skipped"], **data["failed"]}.items():
        print(f"{name}: {why}")
    print(f"{len(data['places']) - len(red)} places right, {len(red)} not, "
          f"{len(data['skipped'])} models skipped, {len(data['failed'])} failed; "
          f"{data['seconds'] / 60:.1f} minutes")
    return 1 if red or fallen or data["failed"] else 0
