"""What a first visit of a shape costs over a second one, each after the same other shape."""

import statistics
import time
from collections import deque

import numpy as np

import engines
from ablation_parts import measure
from ablation_parts.bars import BARS, FULL
from suite_parts import recipes

dycc = engines.dycc
SEED = 20


def shapes(size):
    """The extents of the inputs of a size, by name."""
    return {name: tuple(recipe[1]) for name, recipe in size.feed.items()}


def drawn_pairs(subject, model, count, remembered):
    """(other, size) as often as asked for: no size is among the last that the plans of were
    remembered. A model with too few sizes gives fewer."""
    rng = np.random.default_rng(SEED)
    last, found = deque(maxlen=remembered + 2), []
    for _ in range(20 * count):
        if len(found) == count:
            break
        other, size = subject.draw(rng), subject.draw(rng)
        keys = [tuple(sorted(model.bind(shapes(s)).items())) for s in (other, size)]
        if keys[0] == keys[1] or keys[1] in last:
            continue
        last.extend(key for key in reversed(keys))
        found.append((other, size))
    return found


def ranges(model, pairs):
    """What `reserve` is asked for: the range of each symbol over all of them."""
    bound = [model.bind(shapes(size)) for pair in pairs for size in pair]
    return {s.name: (min(b[s.name] for b in bound), max(b[s.name] for b in bound))
            for s in model.symbols}


def seconds(call, clock=time.perf_counter):
    began = clock()
    call()
    return clock() - began


def visit(model, other, size):
    """Seconds of a first, a second and a third run at a size."""
    feeds = [recipes.arrays(s.feed, seed=0) for s in (other, size)]
    away, here = (model.prepare(feed) for feed in feeds)
    clock = measure.clock_of(model.threads)
    found = []
    for _ in range(3):
        away()
        found.append(seconds(here, clock))
    return found


def least_microseconds(call, times=20):
    return 1e6 * min(seconds(call) for _ in range(times))


def visits_of(model, pairs, budget):
    """[pair] (first, second, third) for as many pairs as `budget` seconds are enough for."""
    for other, size in pairs[:3]:  # What the process does once.
        visit(model, other, size)
    end, found = time.monotonic() + budget, []
    for pair in pairs[3:]:
        found.append(visit(model, *pair))
        if time.monotonic() > end:
            break
    return np.array(found)


def of_model(subject, compiler, folder, threads, count, budget):
    """The row of a model, or None where it cannot be had."""
    made = subject.make(f"{folder}/model.onnx")
    if made is None:
        return None
    library = measure.compile_bar(compiler, made, BARS[FULL], folder)
    with dycc.load(library, threads=threads, plans=8) as model:
        pairs = drawn_pairs(subject, model, count + 3, remembered=8)
        model.reserve(ranges(model, pairs))
        visits = visits_of(model, pairs, budget)
        feed = recipes.arrays(pairs[0][1].feed, seed=0)
        symbols, extents = model.bind(feed), shapes(pairs[0][1])
        ratios = visits[:, 0] / visits[:, 1]
        again = visits[:, 1] / visits[:, 2]
        return {"name": subject.name, "pairs": len(ratios),
                "median": float(np.median(ratios)), "p90": float(np.quantile(ratios, 0.9)),
                # What the machine does to equal runs.
                "again": [float(np.median(again)), float(np.quantile(again, 0.9))],
                "milliseconds": 1e3 * float(np.median(visits[:, 1])),
                "more": 1e6 * statistics.median(visits[:, 0] - visits[:, 1]),
                "bind": least_microseconds(lambda: model.bind(extents)),
                "plan": least_microseconds(lambda: model.peak(symbols))}
