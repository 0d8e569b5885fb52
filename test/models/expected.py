"""Tests that are known to fail, each with its reason: expected_failures.txt.

    verdict("models", red={"a", "b"}, ran={"a", "b", "c"})

is 0 where only listed tests of those that ran are red. A listed test that is
green is named, so that its line can go: it does not fail the run, since a last
bit of rounding may differ from one processor to the next.
"""

import json
from pathlib import Path

FILE = Path(__file__).resolve().with_name("expected_failures.txt")


def load(suite):
    """{name: reason} of one suite. Lines: `<suite> <name>: <reason>`."""
    reasons = {}
    for line in FILE.read_text().splitlines():
        if line.startswith(suite + " "):
            name, reason = line[len(suite) + 1:].split(": ", 1)
            reasons[name] = reason
    return reasons


def save(path, red, ran, suite=""):
    """Writes which of `ran` are green, for tools/scripts/status; "known" is what
    stands among the expected failures of the suite."""
    if not path:
        return
    listed = load(suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    bad = {n: "known" if n in listed else "red" for n in red}
    rows = [{"name": n, "state": bad.get(n, "green")} for n in sorted(ran)]
    path.write_text(json.dumps(rows, indent=1))


def verdict(suite, red, ran):
    listed = load(suite)
    for name in sorted(red & listed.keys()):
        print(f"known   {name}: {listed[name]}")
    unknown = sorted(red - listed.keys())
    passing = sorted((ran - red) & listed.keys())
    if unknown:
        print(f"not listed in {FILE.name}: {', '.join(unknown)}")
    if passing:
        print(f"green, but listed in {FILE.name}: {', '.join(passing)}")
    return int(bool(unknown))
