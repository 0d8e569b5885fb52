"""What a page that tools/scripts/conformance has written has to hold: the operators of the
build, and numbers that add up."""

import re

from conformance_page import OPERATORS, OTHERS, REASONS


def read_tables(text):
    """{heading: rows} of the tables of a page; the first one's heading is ""."""
    found, heading = {}, ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("|"):
            cells = [c.strip().replace("\\|", "|")
                     for c in re.split(r"(?<!\\)\|", line.strip()[1:-1])]
            found.setdefault(heading, []).append(cells)
    return {heading: rows[2:] for heading, rows in found.items()}


def sum_of(rows, column):
    """(passed, cases) of a column of "n of m"."""
    pairs = [[int(x) for x in row[column].split(" of ")] for row in rows if row[column]]
    return sum(p for p, _ in pairs), sum(c for _, c in pairs)


def problems(text, names):
    """What is wrong with a page: `names` are the operators of the build."""
    tables = read_tables(text)
    listed = [row[0] for row in tables.get(OPERATORS, ())]
    found = [f"lists the operator {n}, which the build has not" for n in listed
             if n not in names]
    found += [f"lacks the operator {n}" for n in names if n not in listed]
    reasons = tables.get(REASONS, [])
    for at, row in enumerate(tables.get("", ())):
        form, passed, total, *others = row[0].strip("*"), row[1].strip("*"), *row[2:6]
        passed, total, others = int(passed), int(total), [int(x) for x in others]
        if passed + sum(others) != total:
            found.append(f"{form}: {passed} and {others} are not {total} cases")
        per_operator = [sum_of(tables.get(OPERATORS, ()), 3 + at),
                        sum_of(tables.get(OTHERS, ()), 1 + at)]
        summed = tuple(sum(pair) for pair in zip(*per_operator))
        if summed != (passed, total):
            found.append(f"{form}: the operators' cases are {summed[0]} of {summed[1]}, "
                         f"expected {passed} of {total}")
        refused = sum(int(row[1 + at]) for row in reasons)
        if refused != others[0]:
            found.append(f"{form}: the reasons are of {refused} cases, {others[0]} are refused")
    return found if tables.get("") else [*found, "has no table of numbers"]
