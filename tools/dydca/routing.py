"""Routing: which cell takes which path. Classes from scores, and the file of bits that
goes to the client.

The file, little-endian:

| bytes | what |
|---|---|
| 8 | "DYDCABIT" |
| 2 | version, 1 |
| 1 | scale |
| 1 | classes K, 2 to 4; a cell has ceil(log2 K) bits |
| 2, 2 | height and width of a cell |
| 4, 4 | height and width of an upscaled frame |
| 4 | frames |
| 4 | CRC-32 of all other bytes |
| n each | a frame: the cells' classes row by row, from the highest bit, filled up to bytes |
"""

import dataclasses
import struct
import zlib
from dataclasses import dataclass

import numpy as np

import files
from failure import DydcaError
from grid import Grid

MAGIC, VERSION = b"DYDCABIT", 1
HEADER = struct.Struct("<8sHBBHHIII")
CHECKSUM = struct.Struct("<I")


def thresholds_for(scores, fractions):
    """The scores up to which a cell is of class 1, 2, ... so that at most these parts
    of all cells are of that class or a higher one. Equal scores stay together."""
    ordered = np.sort(scores, axis=None)
    first = [min(int(f * ordered.size), ordered.size - 1) for f in fractions]
    return [float(np.nextafter(ordered[n], np.float32(-np.inf))) if f < 1
            else float(ordered[-1]) for n, f in zip(first, fractions)]


def classes(scores, thresholds):
    """u8 of the scores' shape: 0 above all thresholds, which fall."""
    return sum((scores <= np.float32(t)).astype(np.uint8) for t in thresholds)


def indices(classes_of_frame, count):
    """The cells of each of `count` classes, as i64."""
    return [np.flatnonzero(classes_of_frame == k).astype(np.int64) for k in range(count)]


def table(grid, classes_of_frame):
    """i64[P, 4] of form C: (y, x, h, w) of each cell of class 0 and of the four fine
    patches of all others, in a frame of whole cells."""
    rows, (ch, cw) = [], grid.cell
    for g, fine in enumerate(classes_of_frame):
        y, x = grid.origin(g)
        h, w = (ch // 2, cw // 2) if fine else (ch, cw)
        rows += [(y + a, x + b, h, w) for a in range(0, ch, h) for b in range(0, cw, w)]
    return np.array(rows, np.int64)


@dataclass(frozen=True)
class Bits:
    """What a file of bits holds: the classes [F, G] and what they are of."""

    scale: int
    paths: int
    cell: tuple[int, int]
    high: tuple[int, int]  # Of an upscaled frame.
    classes: np.ndarray

    @property
    def grid(self):
        return Grid(*(-(-n // self.scale) for n in self.high), self.cell)

    @property
    def bytes_per_frame(self):
        return -(-self.grid.count * width(self.paths) // 8)


def width(paths):
    """Bits of a cell."""
    return (paths - 1).bit_length()


def pack(values, bits):
    planes = [values >> b & 1 for b in reversed(range(bits))]
    return np.packbits(np.stack(planes, -1).reshape(len(values), -1), axis=1).tobytes()


def unpack(data, frames, cells, bits):
    rows = np.frombuffer(data, np.uint8).reshape(frames, -1)
    planes = np.unpackbits(rows, axis=1)[:, :cells * bits].reshape(frames, cells, bits)
    return (planes << np.arange(bits - 1, -1, -1, dtype=np.uint8)).sum(-1).astype(np.uint8)


def write(path, routing):
    head = HEADER.pack(MAGIC, VERSION, routing.scale, routing.paths, *routing.cell,
                       *routing.high, len(routing.classes))
    body = pack(routing.classes, width(routing.paths))
    with files.whole(path) as file:
        file.write(head + CHECKSUM.pack(zlib.crc32(head + body)) + body)


def read(path):
    """The routing of a file; refuses what is not one, or not all of one."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise DydcaError(f"{path}: cannot be read: {error.strerror}") from None
    if data[:len(MAGIC)] != MAGIC:
        raise DydcaError(f"{path}: no file of routing bits: begins with "
                         f"{data[:len(MAGIC)]!r}, expects {MAGIC!r}")
    start = HEADER.size + CHECKSUM.size
    if len(data) < start:
        raise DydcaError(f"{path}: has {len(data)} bytes, expects a header of {start}")
    _, version, scale, paths, ch, cw, high, wide, frames = HEADER.unpack_from(data)
    if version != VERSION:
        raise DydcaError(f"{path}: is of version {version}, expects {VERSION}")
    if not (scale and ch and cw and high and wide and 2 <= paths <= 4):
        raise DydcaError(f"{path}: damaged: its header has scale {scale}, {paths} classes, "
                         f"cells of {ch}x{cw} and frames of {high}x{wide}")
    routing = Bits(scale, paths, (ch, cw), (high, wide), np.zeros((0, 0), np.uint8))
    cells, head, body = routing.grid.count, data[:HEADER.size], data[start:]
    expected = start + frames * routing.bytes_per_frame
    if len(data) != expected:
        raise DydcaError(f"{path}: has {len(data)} bytes, expects {expected} for {frames} "
                         "frames")
    if zlib.crc32(head + body) != CHECKSUM.unpack_from(data, HEADER.size)[0]:
        raise DydcaError(f"{path}: damaged: its checksum is not that of its content")
    values = checked(path, unpack(body, frames, cells, width(paths)), paths)
    return dataclasses.replace(routing, classes=values)


def checked(path, values, paths):
    if values.size and values.max() >= paths:
        raise DydcaError(f"{path}: has a cell of class {values.max()}, expects fewer than "
                         f"{paths}")
    return values
