"""What becomes of cases: verdicts, the list of what may be refused, and tables."""

import collections
import fnmatch
import re
from pathlib import Path
from typing import NamedTuple

PASSED, REFUSED, WRONG, CRASHED = "passed", "refused", "wrong", "crashed"
VERDICTS = (PASSED, REFUSED, WRONG, CRASHED)
# Of an artifact at a second size.
AGREES, DIFFERS, NONE = "agrees", "differs", "none"
LIST = Path(__file__).resolve().with_name("operators_refused.txt")


class Outcome(NamedTuple):
    """Of one case in one form; `second` is (AGREES, DIFFERS or NONE, text) where the
    artifact ran at a second size."""

    verdict: str
    text: str = ""
    second: tuple = ()


# The list of what may be refused.

def load_list():
    """[(pattern, form or None, reason)]: `<pattern>[, <form>]: why`."""
    rows = []
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            what, reason = line.split(": ", 1)
            pattern, _, form = what.partition(", ")
            rows.append((pattern, form or None, reason))
    return rows


def listed(job, rows):
    """The lines that say that this case may be refused."""
    return [row for row in rows if fnmatch.fnmatchcase(job[0], row[0])
            and row[1] in (None, job[1])]


def is_green(job, outcome, rows):
    return outcome.verdict == (REFUSED if listed(job, rows) else PASSED) and \
        DIFFERS not in outcome.second


# What is printed.

def reason_class(text):
    """A refusal without the names in it."""
    text = re.sub(r"^'[^']*' node[^:]*: |^node '[^']*': ", "", text)
    return re.sub(r"'[^']*'", "''", text)[:110]


def show_table(cases, results, rows):
    counts = collections.defaultdict(collections.Counter)
    for job, outcome in results.items():
        counts[cases[job[0]].operator][outcome.verdict] += 1
        counts[cases[job[0]].operator]["red"] += not is_green(job, outcome, rows)
    print(f"\n{'operator':28} passed refused wrong crashed")
    for operator, count in sorted(counts.items()):
        figures = " ".join(f"{count[v] or '':>7}" for v in VERDICTS)
        print(f"{operator:27}{figures}{'  red' if count['red'] else ''}")
    return counts


def show_refusals(results):
    reasons = collections.defaultdict(set)
    for (name, _), (verdict, text, _) in results.items():
        if verdict == REFUSED:
            reasons[reason_class(text)].add(name.removeprefix("test_"))
    print("\nrefused, by reason")
    for reason, names in sorted(reasons.items(), key=lambda r: -len(r[1])):
        some = ", ".join(sorted(names)[:3]) + (", ..." if len(names) > 3 else "")
        print(f"  {len(names):4}  {reason}  ({some})")
