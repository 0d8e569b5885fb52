"""Reads the text of a picture with three models: where lines are, which of them
stand on their head, what they say. Each runs at whatever size comes."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

import boxes

SHORTEST = 320  # Pixels of the detector's shorter side.
STRIDE = 32  # Its sides are multiples of this.
HEIGHT = 48  # Of a line that is classified or read.
CLASSIFIED = 192  # Its width in the classifier.
TURNED = 0.9  # A line of at least this probability is turned.
BATCH = 6  # Lines in one call.
SURE = 0.5  # What is read with less confidence is no text.
BLANK = 0  # The class between two characters.


@dataclass
class Found:
    text: str
    confidence: float
    corners: np.ndarray
    turned: bool
    width: int  # In pixels, of the crop that was read.


def planes(image):
    """The models' input: (1, 3, h, w), blue first, from -1 to 1."""
    pixels = np.asarray(image, np.float32)[:, :, ::-1].transpose(2, 0, 1)
    return np.ascontiguousarray(pixels[None] / 127.5 - 1)


def crop(image, corners):
    """What lies in a turned rectangle, upright; a steep line is laid down."""
    width, height = (int(round(np.linalg.norm(corners[0] - corners[i]))) for i in (1, 3))
    nw, ne, se, sw = corners
    part = image.transform((max(width, 1), max(height, 1)), Image.Transform.QUAD,
                           [*nw, *sw, *se, *ne], Image.Resampling.BICUBIC)
    steep = width > height and abs(ne[1] - nw[1]) > abs(ne[0] - nw[0])
    return part.transpose(Image.Transpose.ROTATE_90) if steep else part


def batch(parts, width):
    """Lines of one height side by side, grey on the right of shorter ones."""
    result = np.zeros((len(parts), 3, HEIGHT, width), np.float32)
    for row, part in zip(result, parts):
        wide = min(math.ceil(HEIGHT * part.width / part.height), width)
        row[:, :, :wide] = planes(part.resize((wide, HEIGHT), Image.Resampling.BILINEAR))[0]
    return result


def decode(scores, characters):
    """CTC: the likeliest class of each step, repetitions once, no blanks."""
    best = scores.argmax(1)
    kept = (best != BLANK) & (best != np.insert(best[:-1], 0, BLANK))
    text = "".join(characters[i - 1] for i in best[kept])
    return text, float(scores.max(1)[kept].mean()) if kept.any() else 0.0


class Reader:
    """`detect`, `classify` and `recognise` give a model's output for its input."""

    def __init__(self, detect, classify, recognise, characters):
        self.detect, self.classify, self.recognise = detect, classify, recognise
        self.characters = characters

    def lines(self, image):
        """The corners of each line in the picture's pixels."""
        scale = max(SHORTEST / min(image.size), 1)
        size = [max(round(n * scale / STRIDE), 1) * STRIDE for n in image.size]
        found = self.detect(planes(image.resize(size, Image.Resampling.BILINEAR)))
        ratio = np.array(image.size) / size
        return [corners * ratio for corners, _ in boxes.find(found[0, 0])]

    def upright(self, parts):
        """The crops, those turned that stand on their head; and which these are."""
        scores = np.concatenate([self.classify(batch(parts[i:i + BATCH], CLASSIFIED))
                                 for i in range(0, len(parts), BATCH)])
        turned = scores[:, 1] > TURNED
        return [p.transpose(Image.Transpose.ROTATE_180) if t else p
                for p, t in zip(parts, turned)], turned

    def read(self, image):
        """All lines from top to bottom."""
        corners = self.lines(image)
        if not corners:
            return []
        parts, turned = self.upright([crop(image, c) for c in corners])
        result = []
        for part, c, t in zip(parts, corners, turned):
            width = max(math.ceil(HEIGHT * part.width / part.height), HEIGHT)
            scores = self.recognise(batch([part], width))[0]
            result.append(Found(*decode(scores, self.characters), c, bool(t), width))
        return [f for f in result if f.confidence >= SURE]
