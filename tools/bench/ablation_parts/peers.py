"""A model in the engines that users would take instead, at the sizes of the ablation: time
of all in turn, and the memory that a process of each takes."""

import statistics
from pathlib import Path

from suite_parts import beside, environment, judge, recipes
from suite_parts.artifacts import artifacts
from suite_parts.measure import Rate, rounds_of, run_all
from suite_parts.players import Players
from suite_parts.results import OURS, counts, judged
from suite_parts.sides import PEERS

LIMITED = "dycc, ONNX's inference"


def rows(venv, compiler, model, library, limited, feeds, folder, threads, rounds, budget):
    """Of each size what row() says. `library` and `limited` are dycc's."""
    python = environment.ready(venv)
    made = {OURS: {"file": str(library)},
            **artifacts(PEERS, compiler, python, model, folder)}
    taken = []
    for at, (_, feed) in enumerate(feeds):
        stored = {name: recipes.stored(Path(folder) / f"peers-{at}-{i}.npy", value)
                  for i, (name, value) in enumerate(feed.items())}
        taken.append((stored, memory(python, {**made, LIMITED: {"file": str(limited)}},
                                     stored, folder, threads)))
    with Players(python, folder, made, threads) as players:
        return [row(players, stored, used, rounds, budget) for stored, used in taken]


def memory(python, made, feed, folder, threads):
    """{engine: {bytes} or {error}}, each in a process of its own."""
    return {engine: beside.usage(OURS if engine == LIMITED else engine, python, artifact,
                                 Path(folder) / "memory.log", feed, threads)
            for engine, artifact in made.items()}


def row(players, feed, used, rounds, budget):
    """{seconds, memory, states, best, ratio}: the best peer's time over dycc's, both None
    without a peer that computes the same."""
    found, states = run_all(players, feed, budget / 4)
    ours = found[OURS][0]
    states |= {engine: judge.peer_state(outputs, ours)
               for engine, (outputs, _) in found.items()}
    rates = {engine: Rate(seconds) for engine, (_, seconds) in found.items()
             if counts(states[engine])}
    samples = rounds_of(players, rates, states, rounds, budget)
    verdict = judged({"samples": samples, "states": states})
    return {"seconds": {e: statistics.median(times) for e, times in samples.items()},
            "memory": {e: taken.get("bytes") for e, taken in used.items()},
            "states": states, "best": verdict["best"], "ratio": verdict["ratio"]}
