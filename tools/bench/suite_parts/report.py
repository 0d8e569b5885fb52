"""The suite's results as the section of docs/performance.md."""

import fnmatch
import statistics
import sys

from suite_parts import results
from suite_parts.registry import AIMS
from suite_parts.results import NOISE, OURS

BEGIN, END = "<!-- suite: begin -->", "<!-- suite: end -->"
UNKNOWN = "not known yet"
ONE_CALL = "one_element"
SHORT = {"ONNX Runtime": "ORT", "OpenVINO": "OV", "MNN": "MNN", None: "none"}


def table(head, rows):
    """Lines of a Markdown table."""
    cells = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(c) for c in row)} |" for row in cells]


def threads_text(count):
    return f"{count} thread{'' if count == 1 else 's'}"


def number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def milliseconds(seconds):
    """With three digits that count."""
    value = 1e3 * seconds
    return f"{value:.4f}" if value < 0.1 else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def class_table(places, threads):
    rows = []
    for name, aim in AIMS.items():
        found = [results.class_row(places, name, t) for t in threads]
        if any(found):
            cells = ["-" if row is None else
                     f"{row['mean']:.2f}{'' if row['met'] else ' (missed)'}" for row in found]
            low = min((row for row in found if row), key=lambda row: row["lowest"])
            each = " each" if name in results.EACH else ""
            rows.append([name, f"{aim}{each}", *cells,
                         f"{low['lowest']:.2f}: {low['at']}, {threads_text(low['threads'])}"])
    return table(["class", "aim", *map(threads_text, threads), "lowest"], rows)


def model_table(places, threads):
    """A row per model: the mean of its sweep."""
    rows = []
    means = {t: results.by_model(p for p in places if p["threads"] == t) for t in threads}
    for model in dict.fromkeys(p["model"] for p in places if p["group"]):
        rows.append([model, *(number(means[t].get(model)) for t in threads)])
    return table(["model", *map(threads_text, threads)], rows)


def place_table(places, threads):
    """A row per size, dycc's time, the ratio and the best peer by threads."""
    found = {(p["model"], p["size"], p["threads"]): p for p in places}
    rows = []
    for model, size in dict.fromkeys((p["model"], p["size"]) for p in places):
        cells = []
        for t in threads:
            place = found.get((model, size, t))
            times = place and place["samples"].get(OURS)
            cells += ([milliseconds(statistics.median(times)), number(place["ratio"]),
                       SHORT[place["best"]]] if times else ["-", "-", "-"])
        rows.append([model, size, *cells])
    head = [f"{what}, {t}" for t in threads for what in ("dycc ms", "ratio", "best")]
    return table(["model", "size", *head], rows)


def best_of(times):
    """The peer with the lowest figure, or None."""
    peers = {engine: t for engine, t in times.items() if engine != OURS}
    return min(peers, key=peers.get) if peers else None


def shape_table(rows):
    """First runs at new shapes and streams of random ones."""
    cells = []
    for row in (row for row in rows if "stream" in row):
        first, stream = best_of(row["first"]), best_of(row["stream"])
        again = row["first"][OURS] / row["second"][OURS]
        cells.append([
            row["model"], row["threads"], milliseconds(row["first"][OURS]), number(again),
            number(first and row["first"][first] / row["first"][OURS]), SHORT[first],
            row["requests"], milliseconds(row["stream"][OURS] / row["requests"]),
            number(stream and row["stream"][stream] / row["stream"][OURS]), SHORT[stream]])
    return table(["model", "threads", "first ms", "over second", "ratio", "best",
                  "requests", "ms each", "ratio", "best"], cells)


def mebibytes(count):
    return number(count / 2**20, 1)


def artifact_table(artifacts, engines):
    """Seconds until a model can run, and bytes of what is loaded."""
    rows = []
    for model, found in artifacts.items():
        row = [model]
        for engine in engines:
            made = found.get(engine, {})
            row += (["-", "-"] if "bytes" not in made else
                    [number(made["seconds"] + (made.get("load") or 0)),
                     mebibytes(made["bytes"])])
        rows.append(row)
    head = [f"{SHORT.get(e, e)} {what}" for e in engines for what in ("s", "MiB")]
    return table(["model", *head], rows)


def causes_of(text):
    """[(pattern, cause)] of a file of causes: lines of a pattern, a tab and a cause."""
    lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
    return [tuple(part.strip() for part in line.split("\t", 1)) for line in lines]


def cause(place, causes):
    """The cause of the first pattern that fits "model size" or the model."""
    for pattern, text in causes:
        if (fnmatch.fnmatchcase(f"{place['model']} {place['size']}", pattern)
                or fnmatch.fnmatchcase(place["model"], pattern)):
            return text
    return UNKNOWN


def slower_table(places, causes):
    return table(["model", "size", "threads", "ratio", "best", "cause"], [
        [p["model"], p["size"], p["threads"], number(p["ratio"]), SHORT[p["best"]],
         cause(p, causes)] for p in results.slower(places)])


def refusal_table(places, shapes):
    """What engines refuse, get wrong or are less exact at."""
    rows = []
    for (model, engine), found in results.refusals(places, shapes).items():
        sizes = list(dict.fromkeys(size for size, _, _ in found))
        text = found[0][2].replace("|", "/").replace("\n", " ")[:160]
        every = {p["size"] for p in places if p["model"] == model}
        where = "every size" if set(sizes) == every else ", ".join(sizes)
        rows.append([model, engine, where, text])
    return table(["model", "engine", "where", "what"], rows)


def call_text(places):
    """What a call costs in each engine, by the model of one element."""
    place = next((p for p in places if p["model"] == ONE_CALL and p["samples"]), None)
    if place is None:
        return []
    times = ", ".join(f"{engine} {1e6 * statistics.median(times):.1f}"
                      for engine, times in place["samples"].items())
    return [f"Microseconds of a call with one element: {times}.", ""]


def part(title, text, lines):
    return [f"### {title}", *text, *lines, ""] if len(lines) > 2 else []


def section(data, causes):
    """The whole section, between its markers."""
    places, threads = data["places"], data["threads"]
    packages = "; ".join(f"{name} {version}, {mebibytes(size)} MiB installed"
                         for name, (version, size) in data["packages"].items())
    lines = [
        BEGIN, "", "## Beside the best of three engines",
        f"`tools/bench/suite`, on {data['machine']}, {data['seconds'] / 60:.0f} minutes. "
        f"Beside dycc: {packages}. Ratios are the time of the best engine with right "
        "results over dycc's: above 1 dycc is faster.", "", *call_text(places),
        *part("Classes", ["Geometric means over models, each the mean of its sweep; the "
                          "whole suite has the single operators as one model."],
              class_table(places, threads)),
        *part("Models", [], model_table(places, threads)),
        *part("Sizes", ["Medians; ratios are medians over rounds."],
              place_table(places, threads)),
        *part("First run at a new shape, stream of random shapes",
              ["From inputs in memory to results. *Over second*: dycc's first run at a "
               "shape over its second."], shape_table(data["shapes"])),
        *part("Until a model can run",
              ["Seconds to compile or convert and to load, one thread; what is loaded."],
              artifact_table(data["artifacts"], data["engines"])),
        *part(f"Where a peer is more than {NOISE:.0%} faster", [],
              slower_table(places, causes)),
        *part("Refused, wrong or less exact", ["Rough results count."],
              refusal_table(places, data["shapes"])),
        *part("Not measured", [], table(["model", "why"], [
            [name, why] for name, why in {**data["skipped"], **data["failed"]}.items()])),
        END]
    return "\n".join(lines)


def rewrite(page, lines, begin, end):
    """Writes lines between two marks of the file `page`, which has both."""
    text = page.read_text()
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        sys.exit(f"{page}: expected lines '{begin}' and '{end}'")
    page.write_text("\n".join([before + begin, *lines, end + after]))


def placed(page, text, begin=BEGIN, end=END):
    """A page with the section in place of the old one, or behind all."""
    if begin in page and end in page:
        return page.split(begin)[0] + text + page.split(end, 1)[1]
    return page.rstrip("\n") + "\n\n" + text + "\n"
