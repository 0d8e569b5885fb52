"""dycc's storage in 16 bits beside OpenVINO with the same hint, and beside the engines in
f32: five networks of the suite, at the first two sizes of their sweeps."""

import shutil
import statistics
from pathlib import Path

from suite_parts import environment, judge, measure, registry, results
from suite_parts.artifacts import artifacts, model_file
from suite_parts.players import Players
from suite_parts.report import milliseconds, number, table
from suite_parts.results import OURS

MODELS = ("mobilenetv3", "resnet50", "yolov6n", "roberta_base", "dydca_a1_x2")
SIZES = 2
ROUNDS, WARM = 11, 0.15
REFERENCE, PEER = "ONNX Runtime", "OpenVINO"
AIM_EACH, AIM_MEAN = 1.0, 1.2
BEGIN, END = "<!-- beside: begin -->", "<!-- beside: end -->"


def engines_of(precision):
    """dycc and OpenVINO in 16 bits first, then what they are compared with."""
    return [f"{OURS} {precision}", f"{PEER} {precision}", OURS, PEER, REFERENCE]


def error_of(outputs, references):
    """How far floats are off, as a part of the largest value of an output; None where all
    outputs are others."""
    pairs = zip(outputs, references, strict=True)
    return max((judge.off_by(judge.same_extents(mine, theirs), theirs)
                for mine, theirs in pairs if theirs.dtype.kind == "f" and theirs.size),
               default=None)


def place_of(model, size, threads, players, precision, seconds):
    """One model at one size; an engine that fails is not in `samples`."""
    found, states = measure.run_all(players, size.feed, WARM)
    rates = {engine: measure.Rate(spent) for engine, (_, spent) in found.items()}
    samples = measure.rounds_of(players, rates, states, ROUNDS, seconds)
    errors = {engine: error_of(outputs, found[REFERENCE][0])
              for engine, (outputs, _) in found.items()} if REFERENCE in found else {}
    return judged({"model": model.name, "size": size.label, "threads": threads,
                   "states": states, "samples": samples, "errors": errors}, precision)


def judged(place, precision):
    """With the peer of the lowest median, and its time over dycc's."""
    ours, samples = f"{OURS} {precision}", place["samples"]
    medians = {engine: statistics.median(times) for engine, times in samples.items()
               if not engine.startswith(OURS)}
    best = min(medians, key=medians.get, default=None)
    return {**place, "best": best,
            "ratio": over(samples, ours, best), "peer": over(samples, ours, f"{PEER} {precision}"),
            "f32": over(samples, ours, OURS)}


def over(samples, engine, other):
    """Median over the rounds of the time of `other` over that of `engine`."""
    if engine not in samples or other not in samples:
        return None
    return statistics.median(b / a for a, b in zip(samples[engine], samples[other]))


def measured(args, folder):
    """A place for each model, size and number of threads, with a line as it goes."""
    python = environment.ready(args.venv)
    names = engines_of(args.beside)
    for model in (m for m in registry.all_models() if m.name in MODELS):
        place = Path(folder) / model.name
        file = model_file(model, place)
        if file is None:
            continue
        made = artifacts(names, args.dycc, python, file, place)
        for threads in args.threads:
            with Players(python, place, made, threads) as players:
                for size in model.sizes[:SIZES]:
                    row = place_of(model, size, threads, players, args.beside, args.seconds)
                    print(" ".join(map(str, cells_of(row, args.beside))), row["states"] or "",
                          flush=True)
                    yield row
        shutil.rmtree(place)


def cells_of(place, precision):
    ours, peer = engines_of(precision)[:2]

    def time(engine):
        times = place["samples"].get(engine)
        return milliseconds(statistics.median(times)) if times else "-"

    def error(engine):
        value = place["errors"].get(engine)
        return "-" if value is None else f"{value:.1e}"
    return [place["model"], place["size"], place["threads"], time(ours), time(peer),
            number(place["peer"]), number(place["ratio"]), place["best"] or "-",
            number(place["f32"]), error(ours), error(peer)]


def section(places, precision):
    """Lines of the table and of what it comes to."""
    head = ["model", "size", "threads", f"dycc {precision} ms", f"{PEER} {precision} ms",
            "ratio", "ratio to the best", "best", "dycc f32 over it", "dycc off by",
            f"{PEER} off by"]
    lines = table(head, [cells_of(place, precision) for place in places])
    for what, key in (("OpenVINO with the hint", "peer"), ("the best", "ratio")):
        ratios = [place[key] for place in places if place[key] is not None]
        below = sum(ratio < AIM_EACH * (1 - results.NOISE) for ratio in ratios)
        lines += ["", f"Beside {what}: geometric mean {number(results.geometric(ratios))}, "
                      f"aim {AIM_MEAN}; {below} of {len(ratios)} places are slower by more than "
                      f"{results.NOISE:.0%}."]
    return lines
