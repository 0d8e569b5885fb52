"""docs/conformance.md from a run over the test cases of the onnx package.

A run is {"onnx": version, "opset": newest, "date": of the run, "cases": rows of
test/models/operators.py --cases, "backend": rows of test/models/backend_test.py --json}.
"""

import collections
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "models"))

import expected  # noqa: E402
from node_cases import NODE, SETS  # noqa: E402
from node_forms import CONSTANT, DYNAMIC, STATIC  # noqa: E402
from node_results import (AGREES, CRASHED, DIFFERS, NONE, PASSED, REFUSED,  # noqa: E402
                          VERDICTS, WRONG)

FORMS = (STATIC, DYNAMIC, CONSTANT)  # The published ones.
REASONS, OPERATORS, OTHERS = (  # Headings.
    "What is refused, and why", "Operators", "Cases of what is no operator of dycc")
# What is aimed at, and the best that another compiler has published: of so many cases.
PUBLISHED = 1765
TARGETS = {STATIC: 1600, DYNAMIC: 1550, CONSTANT: 1580}
PEER = {STATIC: 604, DYNAMIC: 589, CONSTANT: 606}
MEANING = {
    STATIC: "as given",
    DYNAMIC: "every extent of every input symbolic, compiled once",
    CONSTANT: "extents as given, inputs that steer a shape are constants of the model"}

HEAD = """# Conformance

Written by `tools/scripts/conformance` from a run on {date} over the node tests of the
package onnx {onnx} (opset {opset}): {count} cases.

| form | passed | of | refused | wrong | crashed | target | best published peer |
|---|---|---|---|---|---|---|---|
{numbers}

{meaning}

Targets are {targets} of {published} cases of onnx 1.22, and
the best published peer has {peer}; here they are scaled to {count}.

{second}

## How it is counted
A case is one model with inputs and outputs. It passes where dycc compiles it and the
compiled model gives the stored outputs, within the case's own tolerance: integers and
bools exactly, 16-bit floats within two of their steps, f32 that is off within the
tolerance of onnx.reference in float64. *Refused* is a message of the compiler that says
why; *wrong* are other outputs or an error of the run; *crashed* is a signal, or no end.
Cases whose operator is expanded into others count as any other. Where no input steers a
shape, *constant* is *static*. In *dynamic* what steers a shape is an input at run time,
whose count of elements alone is known, since it is a rank.

A second size is not in the package: equal extents grow together or one by one, while
shape inference accepts them and all engines that give the case's own outputs (ONNX
Runtime, onnx.reference) run and agree (test/models/second_sizes.py). Where no other
extents are legal, since an attribute or a steering input fixes them or nothing gives
the outputs, there is none; it does not count as agreeing.

"""


def node_rows(run):
    return [row for row in run["cases"] if row["set"] == NODE]


def outcome(row, form):
    """(verdict, text)"""
    return row["forms"][form][:2]


def counts(rows, form):
    return collections.Counter(outcome(row, form)[0] for row in rows)


def cell(value):
    """On one line, whatever a message has."""
    return " ".join(str(value).split()).replace("|", "\\|")


def lines_of(rows):
    return ["| " + " | ".join(map(cell, row)) + " |" for row in rows]


def table(columns, rows):
    return "\n".join(lines_of([columns, ["---"] * len(columns), *rows]))


def scaled(number, count):
    """Of `count` cases, rounded up."""
    return -(-number * count // PUBLISHED)


def numbers(rows):
    for form in FORMS:
        found = counts(rows, form)
        yield (f"*{form}*", f"**{found[PASSED]}**", len(rows),
               *(found[v] for v in VERDICTS[1:]), scaled(TARGETS[form], len(rows)),
               scaled(PEER[form], len(rows)))


def plainly(figures):
    return ", ".join(f"{figures[form]:,} {form}" for form in FORMS)


def second_text(rows):
    """How the dynamic artifacts that pass do at a second size."""
    states = collections.Counter()
    reasons = collections.Counter()
    for row in rows:
        verdict, _, *second = row["forms"][DYNAMIC]
        if verdict == PASSED and second and second[0]:
            states[second[0][0]] += 1
            if second[0][0] == NONE:
                reasons[second[0][1]] += 1
    none = "; ".join(f"{n}: {reason}" for reason, n in reasons.most_common())
    return (f"Of the {states.total()} dynamic artifacts that pass, **{states[AGREES]}** "
            f"agree at a second size too, {states[DIFFERS]} differ\nthere, and for "
            f"{states[NONE]} there is no legal second size" + (f" ({none})." if none else "."))


def sets_text(run):
    rows = []
    for kind in SETS:
        cases = [row for row in run["cases"] if row["set"] == kind]
        if cases:
            rows.append((kind, len(cases), *(counts(cases, form)[PASSED] for form in FORMS)))
    return ("## Sets of the package\nCases that pass.\n\n"
            + table(("set", "cases", *FORMS), rows) + "\n\n")


def backend_text(run):
    """BackendTest beside the count of static."""
    static = {(r["set"], r["name"]): outcome(r, STATIC)[0] == PASSED for r in run["cases"]}
    passed = {(r["set"], r["name"]): r["verdict"] == PASSED for r in run["backend"]}
    rows, different = [], []
    known = expected.load("backend")
    for kind in SETS:
        names = [n for n in passed if n[0] == kind and n in static]
        if names:
            rows.append((kind, sum(passed[n] for n in names), sum(static[n] for n in names),
                         len(names)))
        different += [f"* `{n[1]}`: {'BackendTest' if passed[n] else 'static'} alone passes; "
                      f"{known.get(n[1], 'not known yet')}"
                      for n in names if passed[n] != static[n]]
    text = ("## BackendTest\n`onnx.backend.test.BackendTest` over `dycc.onnx_backend.Backend` "
            "(docs/python.md), beside the\ncount of *static*:\n\n"
            + table(("set", "BackendTest", "static", "of"), rows))
    agree = "They agree in every case." if not different else \
        f"They differ in {len(different)}:\n\n" + "\n".join(sorted(different))
    return f"{text}\n\n{agree}\n\n" if rows else ""


# What a refusal says of one model: labels of nodes, operators, what was found.
LABELS = re.compile(r"^(?:node '[^']*': |'[^']*' node (?:#\d+|\"[^\"]*\"): |'[^']*' op "
                    r"|operator \w+ is not supported(?: in this form)?: )")
ELEMENTS = re.compile(r"^operator \w+ is not supported with elements of type '[^']*'")


def reason_of(text):
    """A refusal without what it says of one model alone."""
    while LABELS.match(text):
        text = LABELS.sub("", text)
    text = ELEMENTS.sub("elements of other types", text)
    return re.sub(r", got .*", "", " ".join(text.split()))[:160]


def reasons_text(rows):
    found = collections.defaultdict(lambda: (collections.Counter(), set()))
    for row in rows:
        for form in FORMS:
            verdict, text = outcome(row, form)
            if verdict == REFUSED:
                figures, operators = found[reason_of(text)]
                figures[form] += 1
                operators.add(row["operator"])
    lines = []
    for reason, (figures, operators) in sorted(
            found.items(), key=lambda item: (-max(item[1][0].values()), item[0])):
        some = sorted(operators)
        lines.append((reason, *(figures[form] for form in FORMS),
                      ", ".join(some[:6]) + (", ..." if len(some) > 6 else "")))
    return (f"## {REASONS}\n"
            + table(("reason", *FORMS, "cases of"), lines) + "\n\n")


def failures_text(rows):
    """What is wrong or crashes, by case."""
    lines = [(row["name"], form, *outcome(row, form)) for row in rows for form in FORMS
             if outcome(row, form)[0] in (WRONG, CRASHED)]
    lines += [(row["name"], "second size", *row["forms"][DYNAMIC][2]) for row in rows
              if DIFFERS in (row["forms"][DYNAMIC][2:] or [()])[0]]
    if not lines:
        return ""
    return "## What is wrong\n" + table(("case", "form", "verdict", "text"), lines) + "\n\n"


def passed_of(rows):
    return tuple(f"{counts(rows, form)['passed']} of {len(rows)}" for form in FORMS)


def operators_text(rows, operators):
    """`operators` lists (name, opsets, element types, limits)."""
    of = collections.defaultdict(list)
    for row in rows:
        of[row["operator"]].append(row)
    known = [name for name, *_ in operators]
    lines = [(name, opsets, types, *(passed_of(of[name]) if name in of else ("",) * 3), limits)
             for name, opsets, types, limits in operators]
    others = [(name, *passed_of(of[name])) for name in sorted(of) if name not in known]
    return (f"## {OPERATORS}\nOpsets of the default domain, element types of the newest form "
            "by its type parameters, cases\nthat pass, and what is refused.\n\n"
            + table(("operator", "opsets", "element types", *FORMS, "limits"), lines)
            + f"\n\n## {OTHERS}\n"
            + table(("operator", *FORMS), others) + "\n")


def page(run, operators):
    rows = node_rows(run)
    head = "\n".join(lines_of(numbers(rows)))
    meaning = "\n".join(f"* *{form}*: {MEANING[form]}" for form in FORMS)
    return HEAD.format(date=run["date"], onnx=run["onnx"], opset=run["opset"], count=len(rows),
                       numbers=head, meaning=meaning, published=f"{PUBLISHED:,}",
                       targets=plainly(TARGETS), peer=plainly(PEER),
                       second=second_text(rows)) \
        + sets_text(run) + backend_text(run) + reasons_text(rows) + failures_text(rows) \
        + operators_text(rows, operators)
