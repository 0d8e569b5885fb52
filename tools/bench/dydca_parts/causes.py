"""Why aims are missed: tools/bench/dydca_causes.tsv."""

from pathlib import Path

from suite_parts import report

FILE = Path(__file__).resolve().parents[1] / "dydca_causes.tsv"


def of(row):
    """The cause of what a row, or a part as a whole, misses."""
    return report.cause({"model": row, "size": ""}, report.causes_of(FILE.read_text()))


def lines(missed):
    """A line for each cause of some rows; those of one cause are together."""
    found = {}
    for row in missed:
        found.setdefault(of(row), []).append(row)
    return [f"* {', '.join(rows)}: {cause}." for cause, rows in found.items()]
