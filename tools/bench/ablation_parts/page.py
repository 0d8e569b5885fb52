"""Figures of the ablation as the pages and lines that people read."""

import fnmatch

from ablation_parts.bars import (BARS, DYDCA_MEMORY, DYDCA_SPEED, FULL, LAUNCH_AIMS,
                                 LAUNCHES, LIMITED, MEMORY, PARTS, SPEED)
from ablation_parts.peer_page import peer_tables
from ablation_parts.rows import geometric, mebibytes, rows_of
from suite_parts.report import causes_of, milliseconds, number, table

__all__ = ["causes_of", "lines_of", "placed", "summary", "text", "verdict"]

BEGIN, END = "<!-- ablation: begin -->", "<!-- ablation: end -->"
UNKNOWN = "not known yet"
DYDCA = "Dy-DCA"
INTRODUCTION = """\
# What planning ahead is worth

dycc decides at compile time, over symbolic shapes, what shares a kernel, in which order
kernels run, which go by chunks, where values lie and which versions kernels have. This
page has what each of these is worth, one by one, as its commands write it:
`tools/bench/ablation` and `tools/bench/new_shapes`."""


def memory_of(row):
    """Of each bar what it takes of the memory of the first; None where more results than
    there have no bound, and so no part in the peak."""
    first = row["bars"][0]
    return [bar["peak"] / first["peak"] if bar["unbounded"] <= first["unbounded"] else None
            for bar in row["bars"]]


def left_of(model):
    """Of each bar the places that launch or call the runtime, over the nodes."""
    return [(p["launches"] + p["runtime"]) / model["nodes"] for p in model["places"]]


def marked(row, bar):
    return mebibytes(bar["peak"]) + (" *" if bar["unbounded"] else "")


def merged(runs):
    """The models of several runs, each as the last of them has it."""
    models = {model["name"]: model for run in runs for model in run["models"]}
    skipped = {name: why for run in runs for name, why in run["skipped"].items()}
    return {**runs[0], "models": list(models.values()), "skipped": skipped,
            "seconds": sum(run.get("seconds", 0) for run in runs)}


# Lines of a terminal.

def lines_of(model):
    """What a terminal shows of a model."""
    if "refused" in model:
        return [f"{model['name']}: refused: {model['refused']}"]
    lines = []
    for row in model["sizes"]:
        cells = [f"{bar['name']} {milliseconds(bar['seconds'])} ms ({bar['speed']:.2f}) "
                 f"{mebibytes(bar['peak'])} MiB {bar['launches']} launches"
                 + ("" if bar["same"] else " DIFFERS") for bar in row["bars"]]
        lines.append(f"{model['name']} {row['size']}: {'; '.join(cells)}")
    left = ", ".join(f"{share:.2f}" for share in left_of(model))
    return [*lines, f"{model['name']}: {model['nodes']} nodes, left of them {left}"]


def means(data, only=None):
    """Of each bar: speed, memory, operators left, as geometric means; each model once."""
    speed, memory, left = [], [], []
    for model in data["models"]:
        if "refused" in model or only and model["kind"] != only:
            continue
        speed.append([geometric(row["bars"][i]["speed"] for row in model["sizes"])
                      for i in range(len(BARS))])
        memory.append([mean_or_none(memory_of(row)[i] for row in model["sizes"])
                       for i in range(len(BARS))])
        left.append(left_of(model))
    return [[mean_or_none(column) for column in zip(*rows)] for rows in (speed, memory, left)]


def mean_or_none(values):
    """None where one of them is."""
    values = list(values)
    return None if None in values else geometric(values)


def published(data):
    """(what, its range, ours, verdict) of each published figure."""
    speed, memory, left = means(data)
    rows = [(SPEED, speed), (MEMORY, memory), (LAUNCHES, left)]
    if any(m["kind"] == DYDCA and "refused" not in m for m in data["models"]):
        own = means(data, DYDCA)
        rows += [(DYDCA_SPEED, own[0]), (DYDCA_MEMORY, own[1])]
    return [(p.what, range_text(p), values[FULL], p.verdict(values[FULL]))
            for p, values in rows if values]


def range_text(p):
    return f"{p.low:.2f}" if p.low == p.high else f"{p.low:.2f}-{p.high:.2f}"


def aims(data):
    """(model, launches of a run over nodes, aim) of the models that have one."""
    found = []
    for model, row in rows_of(data):
        aim = LAUNCH_AIMS.get(model["kind"])
        if aim:
            calls = row["bars"][FULL]["launches"] + model["places"][FULL]["runtime"]
            found.append((f"{model['name']} {row['size']}", calls / model["nodes"], aim))
    return found


def summary(data):
    """The last lines of a terminal."""
    lines = [f"{what}: {limits}, here {value:.2f}: {word}"
             for what, limits, value, word in published(data)]
    lines += [f"{place}: launches {share:.2f} of the nodes, aim {aim}"
              f"{'' if share <= aim else ', missed'}" for place, share, aim in aims(data)]
    bad = [m["name"] for m in data["models"] if "refused" in m]
    return lines + [f"refused: {', '.join(bad)}"] * bool(bad)


def verdict(data):
    """1 where a bar was refused or computed something else."""
    same = all(bar["same"] for _, row in rows_of(data) for bar in row["bars"])
    return 0 if same and not any("refused" in m for m in data["models"]) else 1


# The page.

def bar_table(data, cell, of_model=False):
    head = ["model", *([] if of_model else ["size"]), *(bar.name for bar in BARS)]
    rows = []
    if of_model:
        for model in data["models"]:
            if "refused" not in model:
                rows.append([f"{model['name']} ({model['nodes']})",
                             *(cell(model, i) for i in range(len(BARS)))])
    else:
        for model, row in rows_of(data):
            rows.append([model["name"], row["size"],
                         *(cell(row, i) for i in range(len(BARS)))])
    return table(head, rows)


def speed_cell(row, i):
    bar = row["bars"][i]
    time = milliseconds(bar["seconds"])
    return time if i == 0 else f"{time} ({bar['speed']:.2f})"


def memory_cell(row, i):
    text = marked(row, row["bars"][i])
    return text if i == 0 else f"{text} ({number(memory_of(row)[i])})"


def left_cell(model, i):
    found = model["places"][i]
    return (f"{found['launches']} + {found['runtime']} ({left_of(model)[i]:.2f})")


def kilobytes_cell(model, i):
    return f"{model['bytes'][i] / 1e3:.0f}"


def short_table(data, causes):
    """Each model that stays behind what SoD2 prints, with the reason."""
    rows = []
    for model in data["models"]:
        if "refused" in model:
            continue
        speed = geometric(row["bars"][FULL]["speed"] for row in model["sizes"])
        memory = geometric(memory_of(row)[FULL] for row in model["sizes"])
        left = left_of(model)[FULL]
        measured = limits_of(model)
        for key, p, value in (("speed", SPEED, speed), ("memory", MEMORY, memory),
                              ("operators", LAUNCHES, left)):
            if p.verdict(value) == "short":
                why = [measured.get(key), cause_of(f"{model['name']} {key}", causes)]
                rows.append([model["name"], key, f"{value:.2f}", range_text(p),
                             "; ".join(filter(None, why)) or UNKNOWN])
    return table(["model", "of", "here", "published", "why"], rows) if rows else []


def limits_of(model):
    """What was measured of a model beside its bars that says why no more is to be had."""
    heavy = geometric(row["bars"][0]["heavy"] for row in model["sizes"])
    return {"speed": f"{heavy:.0%} of the time of none are convolutions and products, whose "
                     f"kernels all bars have: with nothing else it were {1 / heavy:.2f}",
            "operators": f"{model['sums']} of {model['nodes']} nodes are convolutions and "
                         f"products ({model['sums'] / model['nodes']:.2f}), each a kernel"}


def cause_of(place, causes):
    return next((why for pattern, why in causes if fnmatch.fnmatchcase(place, pattern)),
                None)


def mean_table(data):
    rows = []
    for title, only in (("all models", None), (DYDCA, DYDCA)):
        if only and not any(m["kind"] == only for m in data["models"]):
            continue
        for what, values in zip(("speed over none", "memory of none", "operators left"),
                                means(data, only)):
            rows.append([f"{what}, {title}", *map(number, values)])
    return table(["geometric mean", *(bar.name for bar in BARS)], rows)


def text(data, causes):
    """The section, between its markers."""
    share = [[place, f"{value:.2f}", aim, "yes" if value <= aim else "no"]
             for place, value, aim in aims(data)]
    lines = [
        BEGIN, "", "## Part by part",
        f"`tools/bench/ablation`, on {data['machine']}, {data['threads']} "
        f"thread{'' if data['threads'] == 1 else 's'}, "
        f"{data.get('seconds', 0) / 60:.0f} minutes. *None* is `dycc --disable "
        f"{','.join(PARTS)}`: a kernel for each operator, in the order of the file, each "
        "result in memory that it has while it is needed. Kernels, layouts and the algorithms "
        "in them are the same in all bars; each column switches one thing more on. All bars "
        f"of a model run in turn in one process, and compute the same. *{BARS[-2].name}* is a "
        "second compilation, with versions of kernels for the shapes that `dycc-run "
        f"--profile-shapes` has recorded at these sizes. *{BARS[LIMITED].name}* is all that "
        "dycc does by itself, where propagation stops at constants and the model's names "
        "(`--disable propagate`): extents that operators compute are unknown numbers, and "
        "integers that steer shapes are read while the model runs.", *([data["note"]] if data.get("note") else []), "",
        *mean_table(data), "", "### Beside what is published",
        "SoD2 measures on a mobile processor, Dy-DCA on a mobile GPU, each against its own "
        "compiler without these parts, as here.", "",
        *table(["published", "range", "here", "verdict"],
               [[what, limits, f"{value:.2f}", word]
                for what, limits, value, word in published(data)]), "",
        *(["### Where it falls short", "", *short_table(data, causes), ""]
          if short_table(data, causes) else []),
        "### Milliseconds", "The least of all calls, which for one thread are its time on the "
        "processor. In brackets: times as fast as none.", "",
        *bar_table(data, speed_cell), "",
        "### Peak memory, MiB", "Beyond weights; in brackets: of none. * : and results that "
        "nothing bounds, which have memory of their own while the model runs (where the plan "
        "of the first bar has fewer of them, nothing is said of the ratio).", "",
        *bar_table(data, memory_cell), "",
        "### Operators left", "Nodes of the file without constants, those of branches and "
        "loops too; kernels' launches + calls of the runtime as they stand in the program "
        "(in brackets: of the nodes).", "", *bar_table(data, left_cell, of_model=True), "",
        *(["### Launches of a run over the nodes", "A chunk's kernels count once for each "
           "chunk.", "", *table(["model", "launches", "aim", "met"], share), ""]
          if share else []),
        "### Kilobytes of the library", "", *bar_table(data, kilobytes_cell, of_model=True),
        "", *peer_tables(data), *[f"Not measured: {name}: {why}." for name, why in data["skipped"].items()], END]
    return "\n".join(lines)


def placed(page, section):
    """A page with a section in place of its old one, or behind all; an empty page begins
    with what the page is about."""
    begin, end = section.split("\n", 1)[0], section.rsplit("\n", 1)[1]
    page = page or INTRODUCTION
    if begin in page and end in page:
        return page.split(begin)[0] + section + page.split(end, 1)[1]
    return page.rstrip("\n") + "\n\n" + section + "\n"
