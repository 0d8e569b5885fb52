"""Diagrams as SVG: points and lines over two axes, each row of a picture one diagram."""

import math
from dataclasses import dataclass, field
from html import escape

COLOURS = "#1f6fb4", "#d9541e", "#3a8f3a", "#7a4fa3", "#666666"
WIDE, HIGH, LEFT, TOP, BELOW = 640, 260, 62, 26, 40


@dataclass
class Series:
    name: str
    points: list  # (x, y)
    labels: list = field(default_factory=list)
    is_line: bool = True
    is_dotted: bool = False  # A dot on each point.


@dataclass
class Diagram:
    title: str
    x: str  # What the axes are.
    y: str
    series: list
    bands: list = field(default_factory=list)  # (from x, to x, text)


def ticks(low, high, count=6):
    """Round numbers between two."""
    step = 10 ** math.floor(math.log10(max(high - low, 1e-12) / count))
    step = next(s * step for s in (1, 2, 5, 10) if (high - low) / (s * step) <= count)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


class Axes:
    """Where a point of a diagram lies in the picture."""

    def __init__(self, diagram, offset):
        xs, ys = zip(*[p for s in diagram.series for p in s.points])
        xs = [*xs, *(x for band in diagram.bands for x in band[:2])]
        self.x, self.y = (padded(min(v), max(v)) for v in (xs, ys))
        self.left, self.right = LEFT, WIDE - 16
        self.top, self.bottom = offset + TOP, offset + HIGH - BELOW

    def at(self, x, y):
        part_x = (x - self.x[0]) / (self.x[1] - self.x[0])
        part_y = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (self.left + part_x * (self.right - self.left),
                self.bottom - part_y * (self.bottom - self.top))


def padded(low, high):
    margin = 0.05 * (high - low) or max(abs(low), 1) * 0.1
    return low - margin, high + margin


def text(x, y, words, anchor="middle", colour="#333"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
            f'{escape(words)}</text>')


def frame(diagram, axes):
    yield text(WIDE / 2, axes.top - 9, diagram.title)
    yield (f'<rect x="{axes.left}" y="{axes.top}" width="{axes.right - axes.left}" '
           f'height="{axes.bottom - axes.top}" fill="none" stroke="#999"/>')
    for value in ticks(*axes.x):
        yield text(axes.at(value, 0)[0], axes.bottom + 14, f"{value:g}")
    for value in ticks(*axes.y):
        y = axes.at(axes.x[0], value)[1]
        yield text(axes.left - 6, y + 4, f"{value:g}", "end")
        yield f'<path d="M{axes.left} {y:.1f}H{axes.right}" stroke="#ddd"/>'
    yield text(WIDE / 2, axes.bottom + 29, diagram.x)
    yield text(axes.left - 50, axes.top - 9, diagram.y, "start")


def band(axes, first, last, words):
    (x, _), (end, _) = axes.at(first, axes.y[0]), axes.at(last, axes.y[0])
    yield (f'<rect x="{x:.1f}" y="{axes.top}" width="{end - x:.1f}" '
           f'height="{axes.bottom - axes.top}" fill="#f4e9d8"/>')
    yield text((x + end) / 2, axes.top + 13, words, colour="#8a6a30")


def drawn(axes, series, colour):
    places = [axes.at(*p) for p in series.points]
    if series.is_line:
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    if series.is_dotted or not series.is_line:
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
                    for x, y in places)
    yield from (text(x + 5, y + 12, label, "start", colour)
                for (x, y), label in zip(places, series.labels))


def legend(axes, diagram):
    for i, series in enumerate(diagram.series):
        if series.name:
            y = axes.bottom - 8 - 14 * (len(diagram.series) - 1 - i)
            yield text(axes.right - 6, y, series.name, "end", COLOURS[i % len(COLOURS)])


def svg(diagrams):
    """The text of a picture of several diagrams, one below the other."""
    parts = []
    for row, diagram in enumerate(diagrams):
        axes = Axes(diagram, row * HIGH)
        for one in diagram.bands:
            parts += band(axes, *one)
        parts += frame(diagram, axes)
        for i, series in enumerate(diagram.series):
            parts += drawn(axes, series, COLOURS[i % len(COLOURS)])
        parts += legend(axes, diagram)
    size = f'viewBox="0 0 {WIDE} {HIGH * len(diagrams)}"'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
                      'font-family="sans-serif" font-size="11">',
                      f'<rect width="{WIDE}" height="{HIGH * len(diagrams)}" fill="white"/>',
                      *parts, "</svg>", ""])
