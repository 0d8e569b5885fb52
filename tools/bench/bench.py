#!/usr/bin/env python3
"""Measures kernels and models beside ONNX Runtime, both on one thread.

    tools/bench/bench.py [--only PATTERN ...] [--pairs 15] [--json FILE]
                         [--dycc build/bin/dycc] [--list]

Both sides run in turn (A B A B); medians are printed, and the median of the
pairs' ratios (above 1: dycc is faster). Kernels also as a part of the core's
FMA peak, which is measured in turn with them: the median over the pairs, and at
best the shortest times of each, as they are while no neighbour has the core. "L1"
is what part a plain C tile with its operands in the first-level cache reaches in
the same moments: what is left for a kernel that never waits for memory.
"first run" compares the first run at a new shape with the second one at it, each
after the same other shape and after `reserve`. The results of the two sides are
compared before anything is timed. FILE gets a row for each line, "red" where it
is short of its goal.
"""

import argparse
import fnmatch
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import engines
from engines import ROOT, Ours, Theirs, paired

import cases
import kernels
from compare import judge

LINE = "{:28} {:>22} {:>9} {:>9} {:>6}  {}"


class Bench:
    def __init__(self, args, folder):
        self.args, self.folder = args, Path(folder)
        self.peak = engines.Peak(folder)
        self.results = []

    def both(self, file):
        return Ours(self.args.dycc, file, self.folder), Theirs(file)

    def agree(self, file, ours, theirs, feed):
        """Binds both sides to a feed; their results have to agree."""
        mine, reference = ours.bind(feed), theirs.bind(feed)
        for verdict in judge(file, feed, mine, reference):
            if not verdict.ok:
                raise RuntimeError(f"{file}: wrong result: {verdict.text}")

    def row(self, name, text, good):
        """Keeps a line for the file of results."""
        self.results.append({"name": name, "state": "green" if good else "red",
                             "text": " ".join(text.split())})

    def report(self, name, label, samples, work=0, goal=0.0, scale=1e3, unit="ms",
               below=False, best=None):
        """One line from [ours, theirs, tile, peak][pair] seconds, of a model
        without the last two. The goal is a part of the peak, or with `below` a
        shorter time than theirs. `best` are the shortest times of the four: what
        they reach while no neighbour takes a part of the core."""
        mine, other = np.median(samples[:2], 1)
        ratio = float(np.median(samples[1] / samples[0]))
        note, good = "", ratio > 1 or not below
        if work:
            # Work per second, over the peak's in the same moments.
            works = [2 * work, 2 * work, self.peak.tile_work]
            parts, quiet = ([float(np.median(w / t * times[3] / self.peak.work))
                             for w, t in zip(works, times)]
                            for times in (samples, best))
            note = (f"{2e-9 * work / mine:.1f} GFLOP/s, {parts[0]:.0%} of peak "
                    f"(theirs {parts[1]:.0%}, L1 {parts[2]:.0%}), at best "
                    f"{quiet[0]:.0%} ({quiet[1]:.0%}, {quiet[2]:.0%})")
            note += f", goal {goal:.0%}" if goal else ""
            good = parts[0] >= goal
        line = LINE.format(name, label, f"{mine * scale:.3f}", f"{other * scale:.3f}",
                           f"{ratio:.2f}", f"{unit}  {note}")
        self.row(f"{name} {label}", note or f"{ratio:.2f} times ONNX Runtime's speed",
                 good)
        print(line, flush=True)

    def kernel(self, k):
        lengths = (1, 1 + kernels.CHAIN) if k.chained else (1,)
        files = [k.make(str(self.folder / f"k{n}_{k.name.replace(' ', '_')}.onnx"), n)
                 for n in lengths]
        sides = [self.both(f) for f in files]
        for label, feed, work in k.feeds:
            for file, (ours, theirs) in zip(files, sides):
                self.agree(file, ours, theirs, feed)
            calls = [side.call for pair in sides for side in pair]
            calls += [self.peak.tile, self.peak.call]
            times = paired(calls, self.args.pairs)
            best = engines.shortest(calls) if work else None
            if k.chained:
                times, best = (np.stack([*(t[2:4] - t[:2]) / kernels.CHAIN, *t[4:]])
                               for t in (times, best))
            self.report(k.name, label, times, work, k.goal, best=best)

    def model(self, name, file, feeds):
        ours, theirs = self.both(file)
        print(f"{name}: compiled in {ours.compile_seconds:.1f} s, "
              f"{ours.bytes / 2**20:.1f} MiB")
        for label, feed in feeds:
            self.agree(file, ours, theirs, feed)
            micro = name.startswith(("silero", "trees"))
            self.report(name, label, paired([ours.call, theirs.call], self.args.pairs),
                        scale=1e6 if micro else 1e3, unit="us" if micro else "ms",
                        below=micro)

    def first_run(self, name, file, other, news):
        """Ratio of the first to the second run at each of the shapes `news`."""
        ours = Ours(self.args.dycc, file, self.folder)
        model = ours.model
        everything = [model.bind(feed) for feed in [other, *news]]
        model.reserve({symbol: (min(b[symbol] for b in everything),
                                max(b[symbol] for b in everything))
                       for symbol in everything[0]})
        away = model.prepare(other)
        ratios, times = [], []
        for feed in news:
            here = model.prepare(feed)
            pair = []
            for _ in range(2):
                away()
                pair.append(engines.seconds(here, 1))
            ratios.append(pair[0] / pair[1])
            times.append(pair)
        first, second = np.median(times, 0)
        ratio = float(np.median(ratios))
        self.row(f"first run {name}", f"{ratio:.2f} of the second", ratio <= 1.1)
        print(LINE.format("first run at a shape", name, f"{first * 1e3:.3f}",
                          f"{second * 1e3:.3f}", f"{ratio:.2f}",
                          f"ms  first, second, their ratio over {len(news)} shapes, "
                          "goal at most 1.10"), flush=True)


def model_file(bench, case):
    return case.make(str(bench.folder / f"{case.name}.onnx"))


def clip_like(rng, fine):
    """A1's inputs at the demo's size with a given number of fine cells."""
    return cases.split_feed(rng, (4, 5), fine, (48, 64))


def a1(bench):
    import graphs
    import network

    file = str(bench.folder / "a1.onnx")
    return graphs.make_a1(file, network.random(4, seed=7), 4)


def bench_a1(bench):
    rng = np.random.default_rng(0)
    bench.model("Dy-DCA A1 x4", a1(bench), [(f"{n} of 20 fine", clip_like(rng, n))
                                            for n in (0, 8, 20)])


def bench_first(bench):
    rng = np.random.default_rng(0)
    news = [clip_like(rng, n) for n in range(20) if n != 8]
    bench.first_run("Dy-DCA A1 x4", a1(bench), clip_like(rng, 8), news)
    case = next(c for c in cases.all_cases() if c.name == "squeezenet_symbolic")
    name = next(case.steps(rng)).feed.keys()

    def feed(h, w):
        return dict.fromkeys(name, cases.uniform(rng, 1, 3, h, w))

    news = [feed(h, w) for h in range(96, 140, 11) for w in range(100, 160, 13)]
    bench.first_run("SqueezeNet", model_file(bench, case), feed(224, 224), news)


def bench_case(title, name, choose):
    """A model of the test table at chosen inputs."""
    def run(bench):
        case = next(c for c in cases.all_cases() if c.name == name)
        bench.model(title, model_file(bench, case), choose(np.random.default_rng(0)))
    return run


def silero(rng):
    for rate, length in ((16000, 576), (8000, 288)):
        sound = 0.3 * rng.standard_normal((1, length), np.float32)
        yield f"{rate} Hz chunk", {"input": sound, "sr": np.array(rate),
                                   "state": np.zeros((2, 1, 128), np.float32)}


def images(name, *sizes):
    return lambda rng: [(f"1x3x{h}x{w}", {name: cases.uniform(rng, 1, 3, h, w)})
                        for h, w in sizes]


def encoder(rng):
    for length in (128, 33):
        ids = rng.integers(0, 1000, (1, length))
        yield f"1x{length} tokens", {"ids": ids, "mask": np.ones_like(ids)}


def magika(rng):
    for n in (1, 8):
        yield f"{n} files", {"bytes": rng.integers(0, 257, (n, 2048)).astype(np.int32)}


def rows(rng):
    for count in (1, 8, 1000):
        yield f"{count} rows", {"x": rng.standard_normal((count, 20), np.float32)}


def entries():
    """Name -> function of a Bench, in the order they run."""
    table = {k.name: (lambda b, k=k: b.kernel(k)) for k in kernels.all_kernels()}

    table |= {
        "silero VAD": bench_case("silero VAD", "silero_vad", silero),
        "Dy-DCA A1 x4": bench_a1,
        "first run": bench_first,
        "magika": bench_case("magika", "magika", magika),
        "trees": bench_case("trees, 100 of depth 8", "learned_full_trees", rows),
        "SqueezeNet": bench_case("SqueezeNet", "squeezenet_symbolic",
                                 images("data_0", (224, 224), (225, 223))),
        "ResNet-50": bench_case("ResNet-50", "resnet50_symbolic",
                                images("gpu_0/data_0", (224, 224), (225, 223))),
        "transformer": bench_case("transformer", "transformer_encoder", encoder),
    }
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--dycc", type=Path, default=ROOT / "build" / "bin" / "dycc")
    args = parser.parse_args()
    table = {n: f for n, f in entries().items()
             if any(fnmatch.fnmatch(n, p) for p in args.only)}
    if args.list:
        print("\n".join(table))
        return 0
    if not args.dycc.exists():
        sys.exit(f"bench.py: no compiler at {args.dycc}")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args, folder)
        best = bench.peak.best()
        print(f"FMA peak of one core: {best:.1f} GFLOP/s; one thread on both sides")
        print(LINE.format("", "size", "dycc", "ORT", "ratio", ""))
        for name, run in table.items():
            try:
                run(bench)
            except Exception as error:  # One defect should not hide the rest.
                failed.append(name)
                print(f"{name}: failed: {type(error).__name__}: {error}", flush=True)
    if args.json:
        bench.results += [{"name": n, "state": "red", "text": "failed"} for n in failed]
        args.json.write_text(json.dumps(bench.results, indent=1))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
