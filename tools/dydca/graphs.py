"""Writes the Dy-DCA forms as ONNX models.

Common to all: `scale` s is 2, 3 or 4; a cell is `cell` = (ch, cw) low-
resolution pixels, a fine patch a quarter of it; G = (H / ch) * (W / cw) cells.
Parameters are as in network.py; filters of both paths lie in the outer graph
and branches capture them.

| maker | inputs | outputs |
|---|---|---|
| make_a1 | frame u8[1,3,H,W], idx_c i64[Nc], idx_f i64[Nf], Nc + Nf = G | image u8[1,3,sH,sW] |
| make_a2 | frame, split bool[G]; of K > 2 classes: class u8[G] | image |
| make_b | frame u8[1,3,H,W] | image, split or class |
| make_c | frame u8[1,3,H,W], table i64[P,4] of (y, x, h, w) | image |
| make_d | patch f32[N,3,h,w] in 0..1 | image f32[N,3,sh,sw] |

H and W are whole cells in A1, A2 and B without a halo, and anything in all others.
A network of K > 2 classes has K inputs idx_0, idx_1, ... in A1; C and D have two paths.

With a halo each cell of A1, A2 and B reads so many pixels of its real neighbours, at
most as far as its path sees (network.reach); without one its patches see zeros around
them, and those of class 1 and higher are a quarter of a cell, as in the paper.
"""

import functools

import numpy as np
from onnx import numpy_helper

import network
from builder import BOOL, F32, I64, U8, Graph
from grid import CELL
from tiling import Tiling, Windows, quarter, unquarter
from wdsr import ALL, cropped, path, to_u8, unit

GATE = 70  # Rows; a patch lower than this takes the deep path (forms C and D).
ENERGY = 100.0  # Form B: mean squared gradient in 8-bit levels above which a
# cell is split. Test frames keep a wide margin to it.


def halo_of(p, name, halo):
    """What a path reads of a halo: no more than it can see."""
    return min(halo, network.design_of(p).reach(name))


def on_cells(g, p, name, x, tiling, scale):
    """A path on cells as the tiling cuts them. Pixels have 8 bits before cells are put back:
    what is moved then is a quarter."""
    halo = halo_of(p, name, tiling.halo)
    return to_u8(g, path(g, p, name, cropped(g, x, tiling.halo - halo), scale, halo))


def on_quarters(g, p, name, x, tiling, scale):
    ch, cw = tiling.cell
    x = to_u8(g, path(g, p, name, quarter(g, x, ch, cw), scale))
    return unquarter(g, x, scale * ch, scale * cw)


def hard_cells(g, p, name, cells, index, tiling, scale):
    """A path of class 1 or higher on the cells of `index`."""
    run = on_cells if tiling.halo else on_quarters
    return run(g, p, name, g.op("Gather", cells, index, axis=0), tiling, scale)


def if_any(g, p, name, cells, index, tiling, scale):
    """The same; nothing if there are none."""
    shape = [f"N{name}", 3, *(scale * n for n in tiling.cell)]
    some = g.op("Greater", g.op("Size", index), g.constant(0))

    then = g.branch()
    then.output(g.fresh("hard"), hard_cells(then, p, name, cells, index, tiling, scale), U8,
                shape)

    none = g.branch()
    empty = none.constant(np.zeros([0, *shape[1:]]), np.uint8)
    none.output(g.fresh("none"), empty, U8, shape)
    return g.op("If", some, then_branch=then.graph("hard"),
                else_branch=none.graph("none"))


def routed(g, p, indices, tiling, cells, scale, guarded=True):
    """All paths by index, put back in the cells' order, as a u8 frame. `guarded`: what no
    cell takes is behind an If."""
    easy, *hard = network.design_of(p).paths
    results = [on_cells(g, p, easy, g.op("Gather", cells, indices[0], axis=0), tiling, scale)]
    some = if_any if guarded else hard_cells
    results += [some(g, p, name, cells, index, tiling, scale)
                for name, index in zip(hard, indices[1:])]
    both = g.op("Concat", *results, axis=0)
    order = g.op("Concat", *indices, axis=0)
    zeros = g.op("ConstantOfShape", g.op("Shape", order))
    zeros = g.op("Cast", zeros, to=I64)
    place = g.op("Range", g.constant(0), g.op("Size", order), g.constant(1))
    inverse = g.op("ScatterElements", zeros, order, place, axis=0)
    merged = g.op("Gather", both, inverse, axis=0)
    g.output("image", tiling.frame(merged, scale), U8, [1, 3, "sH", "sW"])


def start(opset, cell, halo):
    """The part that A1, A2 and B share: the frame and its cells."""
    g = Graph(opset)
    frame = g.input("frame", U8, [1, 3, "H", "W"])
    tiling = Windows(g, frame, cell, halo) if halo else Tiling(g, frame, cell)
    return g, tiling, tiling.cells(unit(g, frame))


def index_names(classes):
    """The inputs of A1 with the cells of each class."""
    return ("idx_c", "idx_f") if classes == 2 else tuple(f"idx_{k}" for k in range(classes))


def make_a1(file, p, scale, cell=CELL, opset=17, halo=0, classes=2, guarded=True):
    """`guarded` is off for engines that take no If: each path runs, on no cell too."""
    g, tiling, cells = start(opset, cell, halo)
    indices = [g.input(name, I64, [f"N{name[4:]}"]) for name in index_names(classes)]
    routed(g, p, indices, tiling, cells, scale, guarded)
    return g.save(file, f"dydca_a1_x{scale}")


def where(g, mask):
    """Positions at which mask bool[G] is true, as i64[n]."""
    return g.squeeze(g.op("NonZero", mask), [0])


def make_a2(file, p, scale, cell=CELL, opset=17, halo=0, classes=2):
    g, tiling, cells = start(opset, cell, halo)
    if classes == 2:
        split = g.input("split", BOOL, ["G"])
        masks = [g.op("Not", split), split]
    else:
        of_cell = g.op("Cast", g.input("class", U8, ["G"]), to=I64)
        masks = [g.op("Equal", of_cell, g.constant(k)) for k in range(classes)]
    routed(g, p, [where(g, mask) for mask in masks], tiling, cells, scale)
    return g.save(file, f"dydca_a2_x{scale}")


def energy(g, cells):
    """f32[G]: mean squared difference of neighbours in grey levels."""
    grey = g.op("Mul", g.mean(cells, [1]), g.constant(255, np.float32))
    total = []
    for axis in (2, 3):
        last = g.slice(grey, [1], [ALL], [axis])
        first = g.slice(grey, [0], [-1], [axis])
        step = g.op("Sub", last, first)
        total.append(g.mean(g.op("Mul", step, step), [1, 2, 3], keepdims=0))
    return g.op("Add", *total)


def make_b(file, p, scale, cell=CELL, opset=17, halo=0, bounds=(ENERGY,)):
    """The cells' energies between rising `bounds` are their classes."""
    g, tiling, cells = start(opset, cell, halo)
    measure = energy(g, cropped(g, cells, halo))
    below = [g.op("Less", measure, g.constant(b, np.float32)) for b in bounds]
    above = [g.op("Not", mask) for mask in below]
    between = [g.op("And", low, high) for low, high in zip(above, below[1:])]
    masks = [below[0], *between, above[-1]]
    routed(g, p, [where(g, mask) for mask in masks], tiling, cells, scale)
    if len(bounds) == 1:
        g.output("split", above[0], BOOL, ["G"])
    else:
        reached = [g.op("Cast", mask, to=I64) for mask in above]
        total = functools.reduce(lambda a, b: g.op("Add", a, b), reached)
        g.output("class", g.op("Cast", total, to=U8), U8, ["G"])
    return g.save(file, f"dydca_b_x{scale}")


def by_height(g, p, x, height, scale, gate):
    """The release's gate: If(height < gate) around the two paths."""
    branches = {}
    for key, name in (("then_branch", "deep"), ("else_branch", "shallow")):
        b = g.branch()
        out = path(b, p, name, x, scale)
        b.output(g.fresh(name), out, F32, ["N", 3, None, None])
        branches[key] = b.graph(name)
    return g.op("If", g.op("Less", height, g.constant(gate)), **branches)


def make_d(file, p, scale, opset=14, gate=GATE):
    g = Graph(opset)
    patch = g.input("patch", F32, ["N", 3, "h", "w"])
    image = by_height(g, p, patch, g.dim(patch, 2), scale, gate)
    g.output("image", image, F32, ["N", 3, "sh", "sw"])
    return g.save(file, f"dydca_d_x{scale}")


class ByScatter:
    """A canvas [sH,sW,3] in which ScatterND puts the pixels of a patch."""

    SHAPE = [None, None, 3]

    @staticmethod
    def shape(g, high, wide):
        return g.shape_of(high, wide, 3)

    @staticmethod
    def paste(g, canvas, patch, box):
        y, x, h, w = box
        rows = g.op("Range", y, g.op("Add", y, h), g.constant(1))
        cols = g.op("Range", x, g.op("Add", x, w), g.constant(1))
        area = g.shape_of(h, w)
        index = [g.op("Expand", g.unsqueeze(rows, [1]), area),
                 g.op("Expand", g.unsqueeze(cols, [0]), area)]
        index = g.op("Concat", *(g.unsqueeze(i, [2]) for i in index), axis=2)
        new = g.op("Transpose", g.squeeze(patch, [0]), perm=[1, 2, 0])
        return g.op("ScatterND", canvas, index, new)

    @staticmethod
    def image(g, canvas):
        return g.unsqueeze(g.op("Transpose", canvas, perm=[2, 0, 1]), [0])


class ByConcat:
    """A canvas [1,3,sH,sW] that is cut around a patch and joined again."""

    SHAPE = [1, 3, None, None]

    @staticmethod
    def shape(g, high, wide):
        return g.shape_of(1, 3, high, wide)

    @staticmethod
    def paste(g, canvas, patch, box):
        y, x, h, w = (g.unsqueeze(v, [0]) for v in box)
        bottom, right = g.op("Add", y, h), g.op("Add", x, w)
        end = [ALL]
        band = g.slice(canvas, y, bottom, [2])
        band = g.op("Concat", g.slice(band, [0], x, [3]), patch,
                    g.slice(band, right, end, [3]), axis=3)
        return g.op("Concat", g.slice(canvas, [0], y, [2]), band,
                    g.slice(canvas, bottom, end, [2]), axis=2)

    @staticmethod
    def image(g, canvas):
        return canvas


def make_c(file, p, scale, way=ByScatter, opset=16, gate=GATE):
    g = Graph(opset)
    frame = g.input("frame", U8, [1, 3, "H", "W"])
    table = g.input("table", I64, ["P", 4])
    pixels = unit(g, frame)
    high, wide = (g.op("Mul", g.dim(frame, a), g.constant(scale)) for a in (2, 3))
    canvas = g.op("ConstantOfShape", way.shape(g, high, wide),
                  value=numpy_helper.from_array(np.zeros(1, np.uint8)))

    b = g.branch()
    trip = b.input(g.fresh("trip"), I64, [])
    going = b.input(g.fresh("going"), BOOL, [])
    carried = b.input(g.fresh("canvas"), U8, way.SHAPE)
    row = b.op("Gather", table, trip, axis=0)
    y, x, h, w = (b.op("Gather", row, b.constant(i), axis=0) for i in range(4))
    begin, end = b.shape_of(y, x), b.shape_of(b.op("Add", y, h), b.op("Add", x, w))
    patch = to_u8(b, by_height(b, p, b.slice(pixels, begin, end, [2, 3]), h, scale, gate))
    box = [b.op("Mul", v, b.constant(scale)) for v in (y, x, h, w)]
    b.output(g.fresh("going"), going, BOOL, [])
    b.output(g.fresh("canvas"), way.paste(b, carried, patch, box), U8, way.SHAPE)

    count = g.dim(table, 0)
    image = g.op("Loop", count, g.constant(True, bool), canvas, body=b.graph("patches"))
    g.output("image", way.image(g, image), U8, [1, 3, "sH", "sW"])
    return g.save(file, f"dydca_c_x{scale}")
