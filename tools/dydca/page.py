"""Pieces of the report: tables, a chart, pairs of pictures. Texts are escaped here."""

import base64
import html
import io
import re
from pathlib import Path

import numpy as np
from PIL import Image

TEMPLATE = Path(__file__).with_name("page.html")
WIDTH, HEIGHT, LEFT, BOTTOM = 960, 260, 48, 24
COLOURS = ("var(--b)", "var(--a)")


def table(head, rows):
    cells = ["".join(f"<th>{html.escape(str(c))}</th>" for c in head)]
    cells += ["".join(f"<td>{html.escape(str(c))}</td>" for c in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def picture(image, name):
    """A picture in the page itself."""
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(data, "PNG")
    code = base64.b64encode(data.getvalue()).decode()
    return f'<img alt="{html.escape(name, True)}" src="data:image/png;base64,{code}">'


def pair(left, right, names, caption):
    """Two pictures, one over the other, with a slider between them."""
    return (f'<figure class="compare"><div class="pair">{picture(left, names[0])}'
            f'{picture(right, names[1])}</div><input type="range" min="0" max="100" '
            'value="50" aria-label="where the pictures meet">'
            f'<figcaption>{html.escape(caption)}</figcaption></figure>')


def marks(low, high):
    """Some round numbers from low to high."""
    step = next((s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if (high - low) / s <= 6), 50)
    return np.arange(np.ceil(low / step), high / step + 1e-9) * step


def chart(series, unit):
    """Lines over frames; {name: values}, all of one length."""
    values = np.concatenate([np.asarray(v, float) for v in series.values()])
    low, high = values.min(), values.max()
    margin = max((high - low) * 0.05, 0.1)
    low, high = low - margin, high + margin
    frames = max(len(v) for v in series.values())

    def x(i):
        return LEFT + (WIDTH - LEFT - 8) * i / max(frames - 1, 1)

    def y(v):
        return 8 + (HEIGHT - BOTTOM - 8) * (high - v) / (high - low)

    parts = [f'<line x1="{LEFT}" x2="{WIDTH - 8}" y1="{y(m):.1f}" y2="{y(m):.1f}" '
             f'stroke="var(--line)"/><text x="{LEFT - 6}" y="{y(m) + 4:.1f}" '
             f'text-anchor="end">{m:g}</text>' for m in marks(low, high)]
    for at, (name, line) in enumerate(series.items()):
        points = " ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(line))
        parts.append(f'<polyline points="{points}" fill="none" stroke-width="2" '
                     f'stroke="{COLOURS[at]}"/><text x="{LEFT + 8 + 160 * at}" '
                     f'y="{HEIGHT - 4}" style="fill:{COLOURS[at]}">{html.escape(name)}</text>')
    parts.append(f'<text x="{WIDTH - 8}" y="{HEIGHT - 4}" text-anchor="end">frame, '
                 f'0 to {frames - 1}; {html.escape(unit)}</text>')
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{"".join(parts)}</svg>'


def fill(pieces):
    """The page, in one pass: what is filled in is not looked at again."""
    return re.sub(r"\{\{(\w+)\}\}", lambda m: pieces[m[1]], TEMPLATE.read_text())
