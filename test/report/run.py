#!/usr/bin/env python3
"""Reads the reports of some models as a user does, in headless Chromium.

    test/report/run.py [--only PATTERN ...] [--all] [--dycc build/bin/dycc]
                       [--json FILE] [--screenshots FOLDER]

Each model is compiled with --report x.html. Its page must not complain or ask
for another file, must fit into windows of 1280 and 400 pixels, and must have the
numbers of `dycc-inspect --at` wherever its extents are moved; without scripts,
those at the extents that it opens with. Skipped where there is no chromium. Exit
code 0: all is so.
"""

import argparse
import fnmatch
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import chromium
import reports
from numbers_page import check_numbers  # reports has set the path to test/models.

import paths

WIDTHS = (1280, 400)
STATE = """({
  peak: document.getElementById("peak").dataset.bytes,
  arena: document.getElementById("arena").dataset.bytes,
  scratch: document.getElementById("scratch").dataset.bytes,
  nanoseconds: document.getElementById("time").dataset.nanoseconds,
  slots: [...document.querySelectorAll(".slot-bytes")].map((o) => o.textContent),
  heights: [...document.querySelectorAll("#timeline .slot")].map((r) => Number(r.getAttribute("height"))),
  tops: [...document.querySelectorAll("#timeline .slot")].map((r) => Number(r.getAttribute("y"))),
  refusal: document.getElementById("refusal").hidden ? "" : document.getElementById("refusal").textContent,
  extents: Object.fromEntries([...document.querySelectorAll(".extent")].map(
    (row) => ["=" + row.dataset.symbol, Number(row.querySelector("[type=number]").value)])),
})"""
MOVE = """(async (values) => {
  for (const row of document.querySelectorAll(".extent")) {
    const number = row.querySelector("[type=number]");
    number.value = values["=" + row.dataset.symbol];
    number.dispatchEvent(new Event("input", { bubbles: true }));
  }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return %s;
})(%s)"""


class Wrong(Exception):
    """What a user would complain about."""


def expect(what, got, expected):
    if got != expected:
        raise Wrong(f"{what}: expected {expected}, got {got}")


def inspect(args, file, point, flags=()):
    """Of the memory at a point; a text where the point is refused."""
    tool = args.dycc.with_name("dycc-inspect")
    command = [str(tool), str(file), "--json", *flags]
    for name, value in point.items():
        command += ["--at", f"{name}={value}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    return json.loads(done.stdout)["memory"].get("at")


def check_point(args, state, library, model, report):
    """The page beside dycc-inspect, where the page is."""
    point = {name[1:]: value for name, value in state["extents"].items()}
    at = inspect(args, library, point)
    if isinstance(at, str):
        if not state["refusal"]:
            raise Wrong(f"at {point}: dycc-inspect says '{at}', the page nothing")
        node_and_text = state["refusal"].split(": node ", 1)[-1]
        expect(f"the refusal at {point}", node_and_text in at.replace("error: ", ""), True)
        return
    expect(f"the refusal at {point}", state["refusal"], "")
    expect(f"peak at {point}", int(state["peak"]), at["arena"])
    expect(f"arena and scratch at {point}", int(state["arena"]) + int(state["scratch"]) or 128,
           at["arena"])
    expect(f"time at {point}", int(state["nanoseconds"]), round(at["seconds"] * 1e9))
    slots = [int(text.replace(",", "")) for text in state["slots"]]
    whole, offsets = min(sum(slots), int(state["arena"])), None
    if report.inspects:
        planned = inspect(args, model, point, report.flags)
        expect(f"slots at {point}", slots, planned["slots"])
        offsets = planned["offsets"]
        whole = max((o + b for o, b in zip(offsets, slots)), default=0)
    check_drawing(state, slots, offsets, max(whole, 1), point)


def check_drawing(state, slots, offsets, whole, point):
    """Slots are as high as their part of the arena, and begin where they lie."""
    for number, (bytes_, height) in enumerate(zip(slots, state["heights"], strict=True)):
        if abs(height - 340 * bytes_ / whole) > 0.1:
            raise Wrong(f"at {point} a slot of {bytes_} of {whole} bytes is {height} pixels high")
        bottom = state["tops"][number] + height
        if offsets and abs(bottom - 12 - 340 * (1 - offsets[number] / whole)) > 0.1:
            raise Wrong(f"at {point} a slot at {offsets[number]} ends {bottom} pixels below the top")


def check_layout(browser, page, args, name):
    for width in WIDTHS:
        browser.open(page, width)
        wide = browser.evaluate("document.documentElement.scrollWidth")
        expect(f"width of the page in {width} pixels", wide, width)
        if args.screenshots:
            for dark in (False, True):
                browser.open(page, width, dark=dark)
                browser.screenshot(args.screenshots / f"{name}-{width}{'-dark' * dark}.png",
                                   whole=True)
        expect("complaints", browser.complaints(), [])


def check_without_scripts(browser, page, opened):
    """The page as it is, but for what scripts show and enable."""
    browser.open(page, scripts=False)
    # Scripts do not round where slots are drawn.
    drawn = {"heights": None, "tops": None}
    expect("numbers without scripts", browser.evaluate(STATE) | drawn, opened | drawn)
    for selector in (".scripted", "input:not(:disabled)", "button"):
        shown = browser.evaluate(
            f"[...document.querySelectorAll('{selector}')].filter((e) => e.offsetParent).length")
        expect(f"'{selector}' that are shown without scripts", shown, 0)
    for selector, least in (("#graph .box", 1), ("details.kernel", 1), ("details.node", 1)):
        count = browser.evaluate(f"document.querySelectorAll('{selector}').length")
        if count < least:
            raise Wrong(f"without scripts: expected '{selector}', got none")


def check_slider(browser):
    """A key on a slider moves the number beside it by a step, and what follows."""
    before = browser.evaluate(STATE)
    if not before["extents"]:
        return
    browser.evaluate("document.querySelector('.extent [type=range]').focus()")
    browser.press("ArrowRight", 39)
    browser.evaluate("new Promise((done) => requestAnimationFrame(() => "
                     "requestAnimationFrame(done)))")
    after = browser.evaluate(STATE)
    name = next(iter(before["extents"]))
    step = browser.evaluate("Number(document.querySelector('.extent [type=range]').step)")
    expect("the number beside a slider", after["extents"][name],
           before["extents"][name] + step)
    return after


def check_bad_number(browser):
    """A number out of range is said, and nothing moves."""
    before = browser.evaluate(STATE)
    if not before["extents"]:
        return
    values = dict.fromkeys(before["extents"], -1)
    after = browser.evaluate(MOVE % (STATE, json.dumps(values)))
    expect("peak at a bad number", after["peak"], before["peak"])
    if "expected a number from" not in after["refusal"]:
        raise Wrong(f"a bad number: expected a message, got '{after['refusal']}'")
    browser.evaluate(MOVE % (STATE, json.dumps(before["extents"])))


def check_links(browser, names):
    """Every link inside leads somewhere; names are as the model has them."""
    dead = browser.evaluate("""[...document.querySelectorAll("a")].map((a) => a.getAttribute("href"))
      .filter((href) => !href.startsWith("#") || !document.getElementById(decodeURIComponent(href.slice(1))))""")
    expect("links to nowhere", dead, [])
    shown = browser.evaluate(
        "[...document.querySelectorAll('details.node .name')].map((e) => e.textContent)")
    for name in names:
        expect(f"the node {name!r} is shown", name.replace("\n", "\ufffd") in shown, True)
    browser.evaluate("location.hash = '#node-0'")
    browser.evaluate("new Promise((done) => setTimeout(done, 50))")
    expect("a node that a link leads to is open",
           browser.evaluate("document.getElementById('node-0').open"), True)


def check_search(browser):
    """What is typed filters the list, and marks nodes of the drawing."""
    operator = browser.evaluate("document.querySelector('details.node b').textContent")
    count = browser.evaluate("""(async (words) => {
      for (const id of ["filter", "find"]) {
        const box = document.getElementById(id);
        box.value = words;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      return [[...document.querySelectorAll("details.node")].filter((e) => !e.hidden).length,
              document.querySelectorAll(".row.found").length];
    })(%s)""" % json.dumps(operator))
    if min(count) < 1:
        raise Wrong(f"a search for '{operator}' finds {count} nodes")


def read_report(args, browser, report, folder):
    model = report.make(str(folder / f"{report.name}.onnx"))
    library, page = folder / f"{report.name}.so", folder / f"{report.name}.html"
    done = subprocess.run([str(args.dycc), str(model), "-o", str(library), "--report", str(page),
                           *report.flags], capture_output=True, text=True)
    if done.returncode:
        raise Wrong(f"dycc exits {done.returncode}: {done.stderr.strip()[:300]}")
    check_layout(browser, page, args, report.name)
    browser.open(page)
    opened = browser.evaluate(STATE)
    check_point(args, opened, library, model, report)
    for point in report.points:
        values = opened["extents"] | {"=" + name: value for name, value in point.items()}
        state = browser.evaluate(MOVE % (STATE, json.dumps(values)))
        check_point(args, state, library, model, report)
    browser.evaluate(MOVE % (STATE, json.dumps(opened["extents"])))
    moved = check_slider(browser)
    if moved:
        check_point(args, moved, library, model, report)
    check_bad_number(browser)
    check_links(browser, reports.HOSTILE if report.name == "hostile" else ())
    check_search(browser)
    expect("complaints", browser.complaints(), [])
    check_without_scripts(browser, page, opened)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--all", action="store_true", help="a detector too")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--json", type=Path, help="write all results there")
    parser.add_argument("--screenshots", type=Path, help="folder for pictures of the pages")
    return parser.parse_args()


def main():
    args = parse()
    program = chromium.find()
    if not program:
        print("SKIPPED: there is no chromium; tools/scripts/setup installs it")
        return 0
    if args.screenshots:
        args.screenshots.mkdir(parents=True, exist_ok=True)
    rows = []
    with chromium.Browser(program) as browser, tempfile.TemporaryDirectory() as folder:
        checks = [("numbers.js", lambda: check_numbers(browser))]
        for report in reports.reports(args.all):
            checks.append((report.name, lambda r=report: read_report(
                args, browser, r, Path(folder))))
        for name, check in checks:
            if not any(fnmatch.fnmatch(name, pattern) for pattern in args.only):
                continue
            start, text = time.monotonic(), ""
            try:
                check()
            except (Wrong, RuntimeError, OSError, AssertionError) as error:
                text = str(error)
            seconds = time.monotonic() - start
            print(f"{'RED  ' if text else 'green'} {name:<16} {seconds:5.1f} s  {text}")
            rows.append({"name": name, "state": "red" if text else "green",
                         "seconds": seconds, "text": text})
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    red = sum(row["state"] == "red" for row in rows)
    print(f"{len(rows) - red} green, {red} red")
    return 1 if red or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
