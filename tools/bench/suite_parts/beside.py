"""Memory of runs beside the peers: what an engine's process takes during its first runs
at a size, beyond what it has once the model is loaded. Each has a process of its own for
each model, so that nothing is there of an earlier size."""

import fnmatch
import shutil
import statistics
from pathlib import Path

from suite_parts import environment
from suite_parts.artifacts import artifacts, model_file
from suite_parts.measure import SEED
from suite_parts.process import EngineError, Process
from suite_parts.report import SHORT, number, table
from suite_parts.results import OURS
from suite_parts.sides import PEERS, SIDES

LIMIT = 300  # Seconds to load a model, and for its runs.
RUNS = 3
# Of less memory the noise of a process is too large a part.
LEAST = 1 << 20

AIM_MEAN, AIM_EACH = 0.35, 1.0
AIMS = {"dydca_a1_*": 0.15, "wdsr_b16": 0.15}
BEGIN, END = "<!-- memory: begin -->", "<!-- memory: end -->"


def usage(engine, python, artifact, log, feed, threads):
    """{bytes, [said]} of one engine, or {error}."""
    if "error" in artifact:
        return artifact
    try:
        with Process(engine, python, log) as process:
            process.ask("greet", LIMIT)
            process.ask("load", LIMIT, file=artifact["file"], threads=threads)
            return process.ask("memory", LIMIT, feed=feed, seed=SEED, runs=RUNS)
    except EngineError as error:
        return {"error": str(error)}


def row_of(model, made, python, folder, threads):
    size = model.sizes[0]
    found = {engine: usage(engine, python, made[engine], Path(folder) / f"{engine}.log",
                           size.feed, threads) for engine in SIDES}
    return judged({"model": model.name, "size": size.label, "found": found})


def judged(row):
    """With the best peer and dycc's part of what that takes; None where there is none."""
    taken = {engine: row["found"][engine]["bytes"] for engine in PEERS
             if "bytes" in row["found"].get(engine, {})}
    best = min(taken, key=taken.get, default=None)
    ours = row["found"][OURS].get("bytes")
    tells = best is not None and ours is not None and taken[best] >= LEAST
    return {**row, "best": best, "ratio": ours / taken[best] if tells else None}


def measured(models, dycc, venv, folder, threads):
    """A row for each model that can be had, with a line as it goes."""
    python = environment.ready(venv)
    for model in models:
        place = Path(folder) / model.name
        file = model_file(model, place)
        if file is None:
            continue
        made = artifacts(SIDES, dycc, python, file, place)
        row = row_of(model, made, python, place, threads)
        taken = "; ".join(f"{engine} {text_of(found)}"
                          for engine, found in row["found"].items())
        print(f"{row['model']} {row['size']}: {taken}; of the best "
              f"{number(row['ratio'])}", flush=True)
        shutil.rmtree(place)
        yield row


def text_of(found):
    if "error" in found:
        return found["error"].split(":")[0]
    return f"{found['bytes'] / (1 << 20):.2f}"


def aim_of(name):
    return next((aim for pattern, aim in AIMS.items() if fnmatch.fnmatch(name, pattern)),
                AIM_EACH)


def mean_of(rows):
    """The geometric mean of the ratios; None without any."""
    ratios = [max(row["ratio"], 1e-3) for row in rows if row["ratio"] is not None]
    return statistics.geometric_mean(ratios) if ratios else None


def missed(rows):
    """What is not as it is aimed at, by model."""
    return [f"{row['model']} {row['ratio']:.3f}, aim {aim_of(row['model'])}" for row in rows
            if row["ratio"] is not None and row["ratio"] > aim_of(row["model"])]


def section(rows, machine, threads):
    """The part of docs/memory.md, between its markers."""
    head = ["model", "size", "dycc", "`peak_bytes`", *PEERS, "of the best", "aim"]
    lines = table(head, [
        [row["model"], row["size"], text_of(row["found"][OURS]),
         number(row["found"][OURS].get("said") and row["found"][OURS]["said"] / (1 << 20)),
         *(text_of(row["found"][engine]) for engine in PEERS),
         f"{number(row['ratio'])} {SHORT[row['best']]}" if row["ratio"] is not None else "-",
         aim_of(row["model"])] for row in rows])
    mean = mean_of(rows)
    result = [f"Geometric mean of {sum(r['ratio'] is not None for r in rows)}: "
              f"{number(mean)}, aim {AIM_MEAN}. "
              + ("Missed: " + "; ".join(missed(rows)) + "." if missed(rows)
                 else "Each aim is reached.")]
    text = [f"`tools/bench/memory.py --beside`, on {machine}, {threads} thread"
            f"{'' if threads == 1 else 's'}: MiB that a process takes from the system in "
            f"its first {RUNS} runs at the first size of a model's sweep, beyond what it "
            "has once the model is loaded, files that are mapped aside. Results are part "
            f"of it. Where the best peer takes less than {LEAST >> 20} MiB, a process is "
            "too noisy to compare.", ""]
    return "\n".join([BEGIN, "", *text, *lines, "", *result, "", END])
