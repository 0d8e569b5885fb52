"""Pictures with text, drawn with the font that Pillow brings. Each page has its
own size; lines differ in size, colour and angle, one stands on its head."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont


@dataclass
class Line:
    text: str
    size: int  # Pixels of the font.
    at: tuple  # Middle of the line: (x, y).
    angle: float = 0  # Degrees, counter-clockwise.
    colour: str = "black"


@dataclass
class Page:
    name: str
    size: tuple  # (width, height)
    shades: tuple  # Of the background: top and bottom.
    lines: list  # In the order in which they are read.


PAGES = (
    Page("shipping", (640, 420), ((250, 246, 235), (222, 232, 245)), [
        Line("DELIVERY NOTE 4711", 44, (320, 50), colour="navy"),
        Line("12 boxes of oranges", 30, (240, 130)),
        Line("Weight: 184.5 kg", 26, (190, 190), colour="darkred"),
        Line("Handle with care", 38, (400, 270), angle=8, colour="darkgreen"),
        Line("This side down", 30, (320, 370), angle=180)]),
    Page("sign", (831, 205), ((38, 70, 50), (20, 50, 30)), [
        Line("Platform 9 3/4", 56, (415, 70), colour="white"),
        Line("Trains to Oxford every 20 minutes", 36, (415, 155), colour="gold")]),
    Page("receipt", (353, 607), ((255, 255, 255), (240, 240, 240)), [
        Line("Corner Cafe", 40, (176, 60)),
        Line("Coffee 3.20", 26, (120, 150)),
        Line("Cake 4.75", 26, (112, 205)),
        Line("Sum 7.95", 34, (130, 285), colour="darkblue"),
        Line("Thank you!", 34, (190, 430), angle=-12, colour="purple"),
        Line("2026-11-29", 22, (250, 560))]),
)


def shaded(size, shades):
    """A background that goes from one shade to the other."""
    part = np.linspace(0, 1, size[1])[:, None, None]
    rows = (1 - part) * np.array(shades[0]) + part * np.array(shades[1])
    return Image.fromarray(np.broadcast_to(
        np.round(rows), (size[1], size[0], 3)).astype(np.uint8).copy())


GAP = 0.34  # Between words, as a part of the font's size: its own blank is narrow.


def written(line):
    """A line as a mask: 255 where there is ink."""
    font = ImageFont.load_default(line.size)
    words = [(w, font.getbbox(w)[2]) for w in line.text.split()]
    gap, edge = round(GAP * line.size), line.size // 8
    width = sum(w for _, w in words) + gap * (len(words) - 1)
    mask = Image.new("L", (width + 2 * edge, sum(font.getmetrics()) + 2 * edge))
    at = edge
    for word, wide in words:
        ImageDraw.Draw(mask).text((at, edge), word, fill=255, font=font)
        at += wide + gap
    return mask


def stamp(image, line):
    """Pastes a line at its angle, smoothly."""
    mask = written(line).rotate(line.angle, Image.Resampling.BICUBIC, expand=True)
    corner = tuple(int(m - s / 2) for m, s in zip(line.at, mask.size))
    image.paste(Image.new("RGB", mask.size, line.colour), corner, mask)


def draw(page):
    image = shaded(page.size, page.shades)
    for line in page.lines:
        stamp(image, line)
    return image


def annotated(image, found):
    """The picture with a box around each line, and beside it what was read."""
    width, height = image.size
    sheet = Image.new("RGB", (width + 420, height), "white")
    sheet.paste(image)
    ink, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for i, line in enumerate(found):
        ink.polygon([tuple(c) for c in line.corners], outline="red", width=2)
        text = f"{line.text}  ({line.confidence:.1%}{', turned' if line.turned else ''})"
        ink.text((width + 16, 16 + 32 * i), text, fill="black", font=font)
    return sheet
