#!/usr/bin/env python3
"""Checks a trace of dycc-run: that it is what Perfetto reads, slices of a track lie in
each other or apart, and it has what is expected.

    trace_events.py TRACE --runs 2 --symbols N=5 --launch NODES:OPERANDS:RESULTS:VERSION:LIVE

--symbols: of the first run. --launch: all of a run, in order.
"""
import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path


def fail(text):
    sys.exit(f"trace_events: {text}")


def expect(found, expected, what):
    if found != expected:
        fail(f"{what}: got {found}, expected {expected}")


def check_nesting(slices):
    """Perfetto drops a slice that begins in another one and ends behind it."""
    for track in slices.values():
        open_until = []
        for event in sorted(track, key=lambda e: (e["ts"], -e["dur"])):
            while open_until and open_until[-1] <= event["ts"]:
                open_until.pop()
            end = round(event["ts"] + event["dur"], 3)
            if open_until and end > open_until[-1]:
                fail(f"{event} ends behind the slice that it is in, at {open_until[-1]}")
            open_until.append(end)


def check_events(events):
    """Fields that each kind must have. Slices by track."""
    slices, names = defaultdict(list), {}
    for event in events:
        expect(event["pid"], 1, "process")
        if event["ph"] == "X":
            for key in ("ts", "dur"):
                if event[key] < 0:
                    fail(f"{key} below 0: {event}")
            slices[event["tid"]].append(event)
        elif event["ph"] == "M" and event["name"] == "thread_name":
            names[event["tid"]] = event["args"]["name"]
        elif event["ph"] not in "MC":
            fail(f"unknown event {event}")
    for track in slices:
        if track not in names:
            fail(f"track {track} has no name")
    expect(names[1], "caller", "first track")
    return slices


def inside(outer, inner):
    return (outer["ts"] <= inner["ts"]
            and inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"] + 1e-3)


def check_launches(run, of_kind, counters, expected):
    launches = [e for e in of_kind["kernel"] if inside(run, e)]
    expect(len(launches), len(expected), "launches of a run")
    for event, text in zip(launches, expected):
        nodes, operands, results, version, live = text.split(":")
        arguments = event["args"]
        expect(arguments["nodes"], nodes, "nodes")
        for key, shapes in (("operands", operands), ("results", results)):
            # Commas between shapes are those before a type.
            expect([s.replace(" ", "") for s in arguments[key]],
                   re.split(r",(?=[a-z])", shapes), key)
        expect(arguments.get("version", ""), version, f"version of {nodes}")
        bytes_then = [c["args"]["arena"] for c in counters if c["ts"] == event["ts"]]
        expect(bytes_then, [int(live)], f"live bytes of {nodes}")


def check_live(counters):
    """Of test/tools/trace-live.onnxtxt: never more than are there at once."""
    live = [c["args"]["arena"] for c in counters]
    expect(live[-1], 0, "live bytes behind the run")
    if not 40 <= max(live) <= 4 * 40:
        fail(f"live bytes {live}, expected 40 to 160 at most")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("trace", type=Path)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--symbols", default="")
    parser.add_argument("--launch", action="append")
    parser.add_argument("--parts", action="store_true", help="there are some")
    parser.add_argument("--live", action="store_true", help="of trace-live.onnxtxt")
    args = parser.parse_args()
    events = json.loads(args.trace.read_text())["traceEvents"]
    slices = check_events(events)
    check_nesting(slices)
    of_kind = defaultdict(list)
    for track in slices.values():
        for event in track:
            of_kind[event["cat"]].append(event)
    runs, counters = of_kind["run"], [e for e in events if e["ph"] == "C"]
    expect([e["name"] for e in runs], [f"run {i + 1}" for i in range(args.runs)], "runs")
    symbols = dict(pair.split("=") for pair in args.symbols.split(","))
    expect({k: str(v) for k, v in runs[0]["args"]["symbols"].items()}, symbols, "symbols")
    for launch in of_kind["kernel"]:
        expect(sum(inside(run, launch) for run in runs), 1, f"runs that have {launch}")
    for part in of_kind["part"]:
        expect(sum(inside(launch, part) for launch in of_kind["kernel"]), 1,
               f"launches that have {part}")
    if args.launch:
        for run in runs:
            check_launches(run, of_kind, counters, args.launch)
    if args.parts and len(of_kind["part"]) < 2:
        fail("a loop of two threads has no parts")
    if args.live:
        check_live(counters)


if __name__ == "__main__":
    main()
