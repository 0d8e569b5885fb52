"""The program dycc-compare."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

import dycc
from dycc.compare import _feeds, _report, _rule, _sides
from dycc.compare._feeds import Case
from dycc.compare._rule import Deviation, Tolerance
from dycc.compare._search import Seen, Search
from dycc.compare._sides import Refusal, Result, Side

DESCRIPTION = """\
Compares a model that dycc compiles with another side, at several sizes, and finds the
first node whose result differs. Exit code 0: they agree; 1: they differ; 2: usage, or a
model or data that cannot be compared."""

AGAINST = """\
The other side: reference (default), dycc's reference back end; dycc, dycc itself, with
--against-flag; ort, ONNX Runtime; onnx, the evaluator of the onnx package; another ONNX
file with the same inputs; or a library that dycc made, whose outputs alone are seen"""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("dycc-compare", description=DESCRIPTION)
    add = parser.add_argument
    add("model", type=Path, help="ONNX file")
    add("--against", default="reference", metavar="SIDE", help=AGAINST)
    add("--data", type=Path, metavar="FOLDER",
        help="ONNX test data set: input_0.pb, output_0.pb and so on, or folders "
             "test_data_set_0 and so on; dycc's outputs are compared with those, and the "
             "other side finds the node")
    add("--dim", action="append", default=[], metavar="NAME=LO..HI",
        help="range of a dim, as dycc has it")
    add("--at", action="append", default=[], type=_sizes, metavar="NAME=N,...",
        help="sizes of a run; symbols that are not named are drawn")
    add("--shapes", type=int, default=3, metavar="N",
        help="runs at so many drawn sizes (3), unless there is --at or --data")
    add("--input", action="append", default=[], type=_bounds, metavar="NAME=LO..HI",
        help="what the elements of an input are drawn from (floats -1..1, integers 0..10)")
    add("--seed", type=int, default=1, help="of sizes and inputs (1)")
    add("--rtol", type=float, default=1e-3, help="tolerance relative to the expected element")
    add("--atol", type=float, help="absolute tolerance (1e-4 of the largest expected element)")
    add("--flag", action="append", default=[], metavar="FLAG", help="option of dycc: "
        "--flag=--disable=fuse")
    add("--against-flag", action="append", default=[], metavar="FLAG",
        help="option of dycc for the other side")
    add("--threads", type=int, default=0, help="of compiled models; 0: all processors")
    add("--json", action="store_true", help="print JSON")
    args = parser.parse_args(arguments)
    if args.shapes < 1:
        parser.error(f"argument --shapes: expects at least 1, got {args.shapes}")
    return args


def _sizes(text: str) -> dict[str, int]:
    try:
        return {name: int(size) for name, size in
                (part.split("=") for part in text.split(","))}
    except ValueError:
        raise argparse.ArgumentTypeError(f"expects NAME=NUMBER,..., got '{text}'") from None


def _bounds(text: str) -> tuple[str, tuple[float, float]]:
    try:
        name, bounds = text.rsplit("=", 1)
        lower, upper = map(float, (bounds + ".." + bounds).split("..")[:2])
        return name, (lower, upper)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expects NAME=LO..HI, got '{text}'") from None


def _other_side(args: argparse.Namespace, mine: _sides.Compiled, worker: _sides.Worker,
                folder: Path) -> Side:
    dims = [f"--dim={dim}" for dim in args.dim]
    given = args.against_flag

    def compiled(title: str, file: Path, *flags: str) -> Side:
        return _sides.Compiled(" ".join([title, *given]), file, [*dims, *flags, *given],
                               args.threads, worker, folder)

    if args.against == "reference":
        return compiled("dycc --backend reference", args.model, "--backend=reference")
    if args.against == "dycc":
        return compiled("dycc", args.model)
    if args.against == "onnx":
        return _sides.Evaluator(mine.model)
    if args.against == "ort":
        return _sides.OnnxRuntime(args.model, mine.model, folder)
    file = Path(args.against)
    if not file.is_file():
        raise ValueError(f"--against '{args.against}': expects reference, dycc, ort, onnx or "
                         "a file")
    if file.suffix == ".onnx":
        return compiled(f"dycc {file}", file)
    return _sides.Library(file, args.threads, worker)


def _cases(args: argparse.Namespace, model: dycc.Model) -> Iterator[Case]:
    if args.data is not None:
        yield from _feeds.stored(model, args.data)
        return
    names = [s.name for s in model.symbols]
    for at in args.at:
        if unknown := at.keys() - set(names):
            raise ValueError(f"--at: the model has no symbol '{min(unknown)}', expected one of "
                             f"{names}")
    known = {v.name for v in model.inputs}
    if unknown := dict(args.input).keys() - known:
        raise ValueError(f"--input: the model has no input '{min(unknown)}', expected one of "
                         f"{sorted(known)}")
    drawn = list(_feeds.sizes(model, max(args.shapes, len(args.at)), args.seed))
    if args.at:
        drawn = [{**drawn[i % len(drawn)], **at} for i, at in enumerate(args.at)]
    for at in drawn:
        yield _feeds.drawn(model, at, args.seed, dict(args.input))


def compare_outputs(found: Result, expected: Result, tolerance: Tolerance) -> dict[str, Seen]:
    """By name; a side that refuses a run differs from one that does not."""
    if isinstance(found, Refusal) or isinstance(expected, Refusal):
        texts = [r.text if isinstance(r, Refusal) else "runs" for r in (found, expected)]
        return {"the run": Seen(Deviation(np.inf, f"{texts[0]}; the other side: {texts[1]}"))}
    seen = {}
    for name, value in found.items():
        if name not in expected:
            seen[name] = Seen(Deviation(np.inf, "is no output of the other side"))
        else:
            seen[name] = Seen(_rule.deviation(value, expected[name], tolerance), (),
                              _rule.described(value))
    return seen


class Comparison:
    """All runs, and the search behind the first that differs."""

    def __init__(self, mine: _sides.Compiled, theirs: Side, tolerance: Tolerance,
                 say: Callable[[str], None]) -> None:
        self._mine, self._theirs, self._tolerance, self._say = mine, theirs, tolerance, say
        self._run_mine, self._run_theirs = mine.prepare(None), theirs.prepare(None)

    def run(self, case: Case) -> _report.Run:
        found = self._run_mine(case.feed)
        expected = case.expected or self._run_theirs(case.feed)
        if isinstance(found, Refusal) and isinstance(expected, Refusal):
            return _report.Run(case, {}, found.text)
        if case.expected and isinstance(found, dict):  # A data set may store some alone.
            found = {name: found[name] for name in case.expected}
        return _report.Run(case, compare_outputs(found, expected, self._tolerance))

    def search(self, run: _report.Run) -> _report.Search:
        """Where the difference of a run begins, or why that is not known."""
        if self._theirs.model is None:
            return _report.Search(None, "the other side is a library: its outputs alone can "
                                        "be seen; compare with reference, ort or an ONNX file "
                                        "to find the node")
        outputs = run.outputs
        if run.case.expected and "the run" not in outputs:
            theirs = self._run_theirs(run.case.feed)
            outputs = compare_outputs(self._run_mine(run.case.feed), theirs, self._tolerance)
            if not any(seen.deviation.differs for seen in outputs.values()):
                return _report.Search(None, f"{self._theirs.title} gives what dycc gives: the "
                                            "stored outputs are of another model, or both are "
                                            "wrong; --against names another side to look with")
        if "the run" in outputs:
            return _report.Search(None, "a side that gives no results has no node to look for")
        search = Search(self._mine, self._theirs, run.case.feed, self._tolerance, self._say)
        finding = search.find(outputs)
        return _report.Search(finding, "" if finding else "no node computes that output",
                              search.compilations)


def _compare(args: argparse.Namespace, folder: Path, worker: _sides.Worker) -> _report.Report:
    flags = [*(f"--dim={dim}" for dim in args.dim), *args.flag]
    mine = _sides.Compiled(" ".join(["dycc", *args.flag]), args.model, flags, args.threads,
                           worker, folder)
    theirs = _other_side(args, mine, worker, folder)

    def say(text: str) -> None:
        print(f"  {text}", file=sys.stderr, flush=True)

    comparison = Comparison(mine, theirs, Tolerance(args.rtol, args.atol), say)
    with dycc.load(mine.compile(), threads=1) as model:
        cases = list(_cases(args, model))
    report = _report.Report(args, mine.title, theirs.title, [comparison.run(c) for c in cases])
    if all(run.refused for run in report.runs):
        raise ValueError(f"both sides refuse {report.runs[0].case.label}: "
                         f"{report.runs[0].refused}; --at, --input or --data give other inputs")
    if worst := report.first_difference:
        report.search = comparison.search(worst)
    return report


def run(arguments: Sequence[str] | None = None) -> int:
    args = parse(arguments)
    worker = _sides.Worker()
    try:
        with tempfile.TemporaryDirectory(prefix="dycc-compare-") as folder:
            report = _compare(args, Path(folder), worker)
    except (dycc.Error, OSError, ValueError, ImportError) as error:
        print(f"dycc-compare: {error}", file=sys.stderr)
        return 2
    finally:
        worker.close()
    print(json.dumps(report.facts(), indent=1) if args.json else report.text())
    return 1 if report.first_difference else 0
