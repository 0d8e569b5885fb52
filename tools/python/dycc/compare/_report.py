"""What dycc-compare says, as text and as JSON."""

import argparse
import math
import shlex
from dataclasses import dataclass
from typing import Any

from dycc.compare._feeds import Case
from dycc.compare._rule import Deviation
from dycc.compare._search import Finding, Seen


@dataclass
class Run:
    case: Case
    outputs: dict[str, Seen]
    refused: str = ""  # Both sides say so.

    @property
    def differs(self) -> bool:
        return any(seen.deviation.differs for seen in self.outputs.values())


@dataclass
class Search:
    finding: Finding | None
    reason: str = ""  # Without a finding.
    compilations: int = 0


@dataclass
class Report:
    args: argparse.Namespace
    mine: str
    theirs: str
    runs: list[Run]
    search: Search | None = None

    @property
    def first_difference(self) -> Run | None:
        return next((run for run in self.runs if run.differs), None)

    def repeat(self) -> str:
        """The command that repeats the run that differs."""
        args, run = self.args, self.first_difference or self.runs[0]
        command = ["dycc-compare", str(args.model), "--against", args.against]
        for name in ("dim", "flag", "against_flag"):
            command += [f"--{name.replace('_', '-')}={value}" for value in getattr(args, name)]
        command += run.case.arguments
        if "--data" not in command:
            command += ["--seed", str(args.seed)]
            command += [f"--input={name}={lower:g}" + (f"..{upper:g}" if upper > lower else "")
                        for name, (lower, upper) in args.input]
        command += ["--rtol", f"{args.rtol:g}"] if args.rtol != 1e-3 else []
        command += ["--atol", f"{args.atol:g}"] if args.atol is not None else []
        return shlex.join(command)

    # Text.

    def text(self) -> str:
        lines = [f"{self.args.model}: {self.mine} beside {self.theirs}"]
        for run in self.runs:
            lines += _run_lines(run)
        if not self.first_difference:
            return "\n".join([*lines, "they agree"])
        if self.search and self.search.finding:
            lines += _finding_lines(self.search)
        elif self.search:
            lines.append(self.search.reason)
        lines += ["to repeat it:", f"  {self.repeat()}"]
        if self.search and self.search.finding and self.search.finding.between:
            lines += ["without fusion:", f"  {self.repeat()} --flag=--disable=fuse"]
        return "\n".join(lines)

    # JSON.

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "model": str(self.args.model), "side": self.mine, "against": self.theirs,
            "agree": self.first_difference is None,
            "runs": [{"at": run.case.label, "refused": run.refused or None, "outputs": {
                name: _deviation_facts(seen.deviation) for name, seen in run.outputs.items()}}
                for run in self.runs]}
        if self.search:
            facts["reason"] = self.search.reason or None
            facts["compilations"] = self.search.compilations
            facts["repeat"] = self.repeat()
            finding = self.search.finding
            facts["found"] = finding and {
                "nodes": finding.nodes, "value": finding.value, "shape": finding.seen.shape,
                "trips": list(finding.seen.trips), "in": finding.path,
                "difference": _deviation_facts(finding.seen.deviation),
                "inputs": {name: seen and {"shape": seen.shape, **_deviation_facts(
                    seen.deviation)} for name, seen in finding.inputs},
                "between": finding.between, "unseen": finding.reason or None,
                "inside": finding.inside or None}
        return facts


def _part(deviation: Deviation) -> str:
    return f"at most {deviation.part:.2g} of what is allowed"


def _run_lines(run: Run) -> list[str]:
    if run.refused:
        return [f"{run.case.label}: both sides refuse it: {run.refused}"]
    lines = [f"{run.case.label}: {name}: {seen.deviation.text}"
             for name, seen in run.outputs.items() if seen.deviation.differs]
    if not lines:
        worst = max((s.deviation for s in run.outputs.values()), key=lambda d: d.part)
        lines = [f"{run.case.label}: agrees: {_part(worst)}"]
    return lines


def _finding_lines(search: Search) -> list[str]:
    finding = search.finding
    if len(finding.nodes) == 1:
        lines = [f"the first node whose result differs: {finding.nodes[0]}"]
    else:
        lines = ["the difference is made in these nodes together:",
                 *(f"  {node}" for node in finding.nodes)]
        if finding.reason:
            lines.append(f"  between them nothing can be seen: {finding.reason}")
        else:
            lines.append("  it vanishes when one of these is an output: "
                         f"{', '.join(finding.between)}")
    if finding.inside:
        lines.append(f"  no node in it: {finding.inside}")
    lines += [f"  in {place}" for place in finding.path]
    for name, seen in finding.inputs:
        if seen and seen.shape:
            lines.append(f"  input {name}: {seen.shape}, agrees: {_part(seen.deviation)}")
    shape = f"{finding.seen.shape}, " if finding.seen.shape else ""
    lines.append(f"  result {finding.value}: {shape}{finding.seen.deviation.text}")
    lines.append(f"  found with {search.compilations} compilations of each side")
    return lines


def _deviation_facts(deviation: Deviation) -> dict[str, Any]:
    facts: dict[str, Any] = {"differs": deviation.differs,
                             "part": deviation.part if math.isfinite(deviation.part) else "inf"}
    if deviation.differs:
        facts["text"] = deviation.text
    if deviation.index is not None:
        facts |= {"index": list(deviation.index), "found": deviation.found,
                  "expected": deviation.expected, "beyond": deviation.beyond,
                  "by": deviation.by if math.isfinite(deviation.by) else "inf"}
    return facts
