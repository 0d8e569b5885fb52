"""The measuring: results first, then rounds of all engines in turn, then the first
runs at new shapes and a stream of random ones."""

import statistics
import time

import numpy as np

from suite_parts import judge, recipes
from suite_parts.process import EngineError
from suite_parts.results import OURS, counts, judged

SAMPLE = 0.02  # Seconds of calls in a row that make one time.
ROUNDS_LEAST = 3
SEED = 1
NEWS = 8  # Shapes whose first run is timed.
STREAM = 1000  # Requests, where the time suffices.
BLOCK = 0.25  # Seconds of requests that each engine serves in turn.


class Rate:
    """How often an engine is called for one time, and to bring its caches back."""

    def __init__(self, seconds):
        seconds = max(seconds, 1e-7)
        self.count = max(1, min(int(SAMPLE / seconds), 100000))
        self.warm = 0 if seconds > 2 * SAMPLE else max(1, min(int(0.1 * self.count), 100))
        self.cost = (self.count + self.warm) * seconds


def run_all(players, feed, warm):
    """{engine: (outputs, seconds)} and {engine: state} of those that failed."""
    found, states = {}, {}
    for player in players:
        try:
            found[player.engine] = player.results(feed, SEED, warm)
        except EngineError as error:
            text = str(error)
            known = text.startswith("refused")
            states[player.engine] = text if known else f"refused at this size: {text}"
    return found, states


def states_of(file, feed, found, model):
    """{engine: state} of results, against ONNX Runtime's or float64."""
    arrays = recipes.arrays(feed, SEED)
    theirs = found.get("ONNX Runtime")
    try:
        references = judge.reference_of(file, arrays, theirs and theirs[0],
                                        model.quantized)
    except Exception as error:
        return {engine: f"wrong: nothing to compare with ({type(error).__name__})"
                for engine in found}
    if model.any_order:
        return {engine: judge.set_state(outputs, references)
                for engine, (outputs, _) in found.items()}
    return {engine: judge.our_state(file, arrays, outputs, references)
            if engine == OURS and model.in_doubt
            else judge.peer_state(outputs, references)
            for engine, (outputs, _) in found.items()}


def one_round(players, rates, first):
    """{engine: seconds} of all engines in turn, begun by the one at `first`."""
    turn = [p for p in players if p.engine in rates]
    at = first % len(turn)
    return {p.engine: p.ask("time", count=rates[p.engine].count,
                            warm=rates[p.engine].warm)["seconds"]
            for p in turn[at:] + turn[:at]}


def rounds_of(players, rates, states, rounds, share):
    """{engine: [seconds]}: as many rounds as `share` seconds allow. An engine that
    fails in one is left out and gets that as its state."""
    while rates:
        wanted = int(share / sum(rate.cost for rate in rates.values()))
        try:
            done = [one_round(players, rates, i)
                    for i in range(max(ROUNDS_LEAST, min(rounds, wanted)))]
            return {engine: [times[engine] for times in done] for engine in rates}
        except EngineError as error:
            states[error.engine] = f"refused at this size: {error}"
            del rates[error.engine]
    return {}


def place_of(model, size, threads, players, file, rounds, share, warm):
    """One model at one size; without rounds only results are compared. `warm` are the
    seconds of calls before the first round."""
    found, states = run_all(players, size.feed, warm if rounds else 0)
    states |= states_of(file, size.feed, found, model)
    rates = {engine: Rate(seconds) for engine, (_, seconds) in found.items()
             if counts(states[engine])}
    samples = rounds_of(players, rates, states, rounds, share) if rounds else {}
    place = {"model": model.name, "group": model.group, "size": size.label,
             "classes": [*model.classes, *size.classes], "threads": threads,
             "states": states, "samples": samples}
    return judged(place)


def first_runs(players, draw, rng):
    """{engine: [[first, second]]} seconds at shapes that are new to all."""
    times = {player.engine: [] for player in players}
    for i in range(NEWS):
        feed = draw(rng).feed
        for player in players:
            times[player.engine] += player.ask("requests", feeds=[feed], seed=i,
                                               again=True)["times"]
    return times


def stream(players, draw, rng, share):
    """{engine: [seconds of a block]} and the number of requests: the same requests for
    all engines, in blocks in turn."""
    totals, served, block = {player.engine: [] for player in players}, 0, 4
    until = time.monotonic() + share
    while served < STREAM and (time.monotonic() < until or not served):
        feeds = [draw(rng).feed for _ in range(min(block, STREAM - served))]
        for player in players:
            times = player.ask("requests", feeds=feeds, seed=served, again=False)["times"]
            totals[player.engine].append(sum(t for t, in times))
        served += len(feeds)
        quickest = min(times[-1] for times in totals.values()) / len(feeds)
        block = max(1, min(100, int(BLOCK / quickest)))
    return totals, served


def shapes_of(model, threads, players, bad, share):
    """First runs and the stream of one model. `bad` is {engine: state} of those whose
    results were not right, or which failed here."""
    taking = [p for p in players if p.engine not in bad and not p.error]
    row = {"model": model.name, "threads": threads, "left_out": bad}
    if OURS in bad or OURS not in [p.engine for p in taking]:
        return row
    rng = np.random.default_rng([SEED, len(bad)])
    began = time.monotonic()
    try:
        news = first_runs(taking, model.draw, rng)
        left = share - (time.monotonic() - began)
        totals, served = stream(taking, model.draw, rng, max(left, share / 2))
    except EngineError as error:  # Without it, at shapes that are new again.
        failed = {error.engine: f"failed at random shapes: {error}"}
        return shapes_of(model, threads, players, bad | failed, share)
    firsts = {e: statistics.median(a for a, _ in t) for e, t in news.items()}
    seconds = {e: statistics.median(b for _, b in t) for e, t in news.items()}
    return {**row, "first": firsts, "second": seconds, "requests": served,
            "stream": {e: sum(t) for e, t in totals.items()}}
