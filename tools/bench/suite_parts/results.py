"""What is made of the figures: the best engine of a place, ratios, means of classes.
Nothing here runs anything.

A place is one model at one size on a number of threads, as a dict: model, group,
classes, size, threads, states {engine: state}, samples {engine: [seconds]}. A state is
"ok", "rough: ..." (less exact than the tests allow, but it counts), or says what is
wrong: then the engine does not count.
"""

import math
import statistics

from suite_parts.registry import AIMS, EACH, OPERATORS, WHOLE

NOISE = 0.05  # A part of the ratio; what is nearer to 1 is no difference.
OURS = "dycc"


def counts(state):
    """Whether an engine's time is one of a right result."""
    return state == "ok" or state.startswith("rough")


def best_peer(samples, states):
    """The engine beside dycc with the lowest median, or None."""
    medians = {name: statistics.median(times) for name, times in samples.items()
               if name != OURS and times and counts(states.get(name, ""))}
    return min(medians, key=medians.get) if medians else None


def ratio(samples, best):
    """Median over the rounds of the best peer's time over dycc's; above 1 dycc is
    faster."""
    return statistics.median(b / a for a, b in zip(samples[OURS], samples[best]))


def judged(place):
    """The place with its best peer and ratio, None where there is none."""
    samples, states = place["samples"], place["states"]
    best = best_peer(samples, states)
    ours = samples.get(OURS) and counts(states.get(OURS, ""))
    return {**place, "best": best,
            "ratio": ratio(samples, best) if best and ours else None}


def geometric(values):
    """Geometric mean, None of nothing."""
    values = list(values)
    return math.exp(statistics.fmean(map(math.log, values))) if values else None


def by_model(places):
    """{model: geometric mean over its sweep}"""
    ratios = {}
    for place in places:
        if place["ratio"] is not None:
            ratios.setdefault(place["model"], []).append(place["ratio"])
    return {model: geometric(found) for model, found in ratios.items()}


def of_class(places, name, threads):
    """The places of a class on a number of threads."""
    return [p for p in places if p["threads"] == threads and
            (name == p["group"] or name in p["classes"])]


def class_mean(places, name, threads):
    """Each model counts once. In the whole suite all single operators together
    count as one model."""
    if name != WHOLE:
        return geometric(by_model(of_class(places, name, threads)).values())
    all_here = [p for p in places if p["threads"] == threads and p["group"]]
    models = by_model(p for p in all_here if p["group"] != OPERATORS)
    single = geometric(by_model(of_class(places, OPERATORS, threads)).values())
    return geometric([*models.values(), *([single] if single else [])])


def class_row(places, name, threads):
    """A class on a number of threads: mean, lowest place, whether the aim is met;
    None where nothing of it was measured."""
    aim = AIMS[name]
    mean = class_mean(places, name, threads)
    if mean is None:
        return None
    here = ([p for p in places if p["group"]] if name == WHOLE
            else of_class(places, name, threads))
    lowest = min((p for p in here if p["ratio"] is not None and p["threads"] == threads),
                 key=lambda p: p["ratio"])
    reached = lowest["ratio"] if name in EACH else mean
    met = reached >= aim * (1 - NOISE if name in EACH else 1)
    return {"class": name, "aim": aim, "threads": threads, "mean": mean, "met": met,
            "lowest": lowest["ratio"], "at": f"{lowest['model']} {lowest['size']}"}


def slower(places):
    """Places where a peer is faster by more than noise, worst first."""
    found = [p for p in places if p["group"] and p["ratio"] is not None
             and p["ratio"] < 1 / (1 + NOISE)]
    return sorted(found, key=lambda p: p["ratio"])


def refusals(places, shapes=()):
    """{(model, engine): [(size, threads, state)]} of what does not count or is less
    exact; `shapes` are the rows of random shapes."""
    found = {}
    for place in places:
        for engine, state in place["states"].items():
            if state != "ok":
                found.setdefault((place["model"], engine), []).append(
                    (place["size"], place["threads"], state))
    for row in shapes:
        for engine, state in row["left_out"].items():
            if state.startswith("failed"):
                found.setdefault((row["model"], engine), []).append(
                    ("random shapes", row["threads"], state))
    return found
