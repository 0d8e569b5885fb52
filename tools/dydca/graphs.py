"""Writes the Dy-DCA forms as ONNX models.

Common to all: `scale` s is 2, 3 or 4; a cell is `cell` = (ch, cw) low-
resolution pixels, a fine patch a quarter of it; G = (H / ch) * (W / cw) cells.
Parameters are as in network.py; filters of both paths lie in the outer graph
and branches capture them.

| maker | inputs | outputs |
|---|---|---|
| make_a1 | frame u8[1,3,H,W], idx_c i64[Nc], idx_f i64[Nf], Nc + Nf = G | image u8[1,3,sH,sW] |
| make_a2 | frame, split bool[G] | image |
| make_b | frame u8[1,3,H,W] | image, split bool[G] |
| make_c | frame u8[1,3,H,W], table i64[P,4] of (y, x, h, w) | image |
| make_d | patch f32[N,3,h,w] in 0..1 | image f32[N,3,sh,sw] |

H and W are whole cells in A1, A2 and B, and anything in C and D.
"""

import numpy as np

import network
from builder import BOOL, F32, I64, U8, Graph

CELL = (48, 64)
GATE = 70  # Rows; a patch lower than this takes the deep path (forms C and D).
ENERGY = 100.0  # Form B: mean squared gradient in 8-bit levels above which a
# cell is split. Test frames keep a wide margin to it.


def path(g, p, name, x, scale):
    """One WDSR-A path on x f32[N,3,h,w] in 0..1."""
    def conv(x, layer, pad):
        key = f"{name}.{layer}"
        return g.op("Conv", x, g.weight(f"{key}.weight", p[f"{key}.weight"]),
                    g.weight(f"{key}.bias", p[f"{key}.bias"]), pads=[pad] * 4,
                    kernel_shape=[2 * pad + 1] * 2)

    half = g.constant(0.5, np.float32)
    x = g.op("Sub", x, half)
    y = conv(x, "head", 1)
    for i in range(network.BLOCKS[name]):
        wide = g.op("Relu", conv(y, f"body{i}.expand", 1))
        y = g.op("Add", conv(wide, f"body{i}.project", 1), y)
    y = g.op("Add", conv(y, "tail", 1), conv(x, "skip", 2))
    y = g.op("DepthToSpace", y, blocksize=scale, mode="CRD")
    return g.op("Add", y, half)


def unit(g, frame):
    return g.op("Div", g.op("Cast", frame, to=F32), g.constant(255, np.float32))


def to_u8(g, image):
    image = g.op("Clip", image, g.constant(0, np.float32), g.constant(1, np.float32))
    image = g.op("Round", g.op("Mul", image, g.constant(255, np.float32)))
    return g.op("Cast", image, to=U8)


class Tiling:
    """Between a frame [1,3,H,W] and its cells [G,3,ch,cw]."""

    def __init__(self, g, frame, cell):
        self.g, self.cell = g, cell
        self.rows, self.cols = (
            g.op("Div", g.dim(frame, axis), g.constant(size))
            for axis, size in ((2, cell[0]), (3, cell[1])))

    def cells(self, x):
        (ch, cw), g = self.cell, self.g
        x = g.reshape(x, 3, self.rows, ch, self.cols, cw)
        x = g.op("Transpose", x, perm=[1, 3, 0, 2, 4])
        return g.reshape(x, -1, 3, ch, cw)

    def frame(self, cells, scale):
        ch, cw = (scale * c for c in self.cell)
        g = self.g
        x = g.reshape(cells, self.rows, self.cols, 3, ch, cw)
        x = g.op("Transpose", x, perm=[2, 0, 3, 1, 4])
        high = g.op("Mul", self.rows, g.constant(ch))
        wide = g.op("Mul", self.cols, g.constant(cw))
        return g.reshape(x, 1, 3, high, wide)


def quarter(g, x, ch, cw):
    """[N,3,ch,cw] -> [4N,3,ch/2,cw/2]."""
    x = g.reshape(x, -1, 3, 2, ch // 2, 2, cw // 2)
    x = g.op("Transpose", x, perm=[0, 2, 4, 1, 3, 5])
    return g.reshape(x, -1, 3, ch // 2, cw // 2)


def unquarter(g, x, ch, cw):
    x = g.reshape(x, -1, 2, 2, 3, ch // 2, cw // 2)
    x = g.op("Transpose", x, perm=[0, 3, 1, 4, 2, 5])
    return g.reshape(x, -1, 3, ch, cw)


def hard_cells(g, p, cells, index, cell, scale):
    """The deep path on the cells of `index`, quartered; nothing if none."""
    ch, cw = cell
    shape = ["Nf", 3, scale * ch, scale * cw]
    some = g.op("Greater", g.op("Size", index), g.constant(0))

    then = g.branch()
    x = quarter(then, then.op("Gather", cells, index, axis=0), ch, cw)
    x = path(then, p, "deep", x, scale)
    then.output(g.fresh("hard"), unquarter(then, x, scale * ch, scale * cw), F32, shape)

    none = g.branch()
    empty = none.constant(np.zeros([0, *shape[1:]]), np.float32)
    none.output(g.fresh("none"), empty, F32, shape)
    return g.op("If", some, then_branch=then.graph("hard"),
                else_branch=none.graph("none"))


def routed(g, p, frame, index_c, index_f, tiling, cells, scale):
    """Both paths by index, put back in the cells' order, as a u8 frame."""
    easy = path(g, p, "shallow", g.op("Gather", cells, index_c, axis=0), scale)
    hard = hard_cells(g, p, cells, index_f, tiling.cell, scale)
    both = g.op("Concat", easy, hard, axis=0)
    order = g.op("Concat", index_c, index_f, axis=0)
    zeros = g.op("ConstantOfShape", g.op("Shape", order))
    zeros = g.op("Cast", zeros, to=I64)
    place = g.op("Range", g.constant(0), g.op("Size", order), g.constant(1))
    inverse = g.op("ScatterElements", zeros, order, place, axis=0)
    merged = g.op("Gather", both, inverse, axis=0)
    g.output("image", to_u8(g, tiling.frame(merged, scale)), U8, [1, 3, "sH", "sW"])


def start(opset, cell):
    """The part that A1, A2 and B share: the frame and its cells."""
    g = Graph(opset)
    frame = g.input("frame", U8, [1, 3, "H", "W"])
    tiling = Tiling(g, frame, cell)
    return g, frame, tiling, tiling.cells(unit(g, frame))


def make_a1(file, p, scale, cell=CELL, opset=17):
    g, frame, tiling, cells = start(opset, cell)
    coarse = g.input("idx_c", I64, ["Nc"])
    fine = g.input("idx_f", I64, ["Nf"])
    routed(g, p, frame, coarse, fine, tiling, cells, scale)
    return g.save(file, f"dydca_a1_x{scale}")


def indices(g, mask):
    """Positions at which mask bool[G] is true, as i64[n]."""
    return g.squeeze(g.op("NonZero", mask), [0])


def make_a2(file, p, scale, cell=CELL, opset=17):
    g, frame, tiling, cells = start(opset, cell)
    split = g.input("split", BOOL, ["G"])
    routed(g, p, frame, indices(g, g.op("Not", split)), indices(g, split), tiling,
           cells, scale)
    return g.save(file, f"dydca_a2_x{scale}")


def energy(g, cells):
    """f32[G]: mean squared difference of neighbours in grey levels."""
    grey = g.op("Mul", g.mean(cells, [1]), g.constant(255, np.float32))
    total = []
    for axis in (2, 3):
        last = g.slice(grey, [1], [np.iinfo(np.int64).max], [axis])
        first = g.slice(grey, [0], [-1], [axis])
        step = g.op("Sub", last, first)
        total.append(g.mean(g.op("Mul", step, step), [1, 2, 3], keepdims=0))
    return g.op("Add", *total)


def make_b(file, p, scale, cell=CELL, opset=17):
    g, frame, tiling, cells = start(opset, cell)
    easy = g.op("Less", energy(g, cells), g.constant(ENERGY, np.float32))
    split = g.op("Not", easy)
    routed(g, p, frame, indices(g, easy), indices(g, split), tiling, cells, scale)
    g.output("split", split, BOOL, ["G"])
    return g.save(file, f"dydca_b_x{scale}")


def by_height(g, p, x, height, scale):
    """The release's gate: If(height < GATE) around the two paths."""
    branches = {}
    for key, name in (("then_branch", "deep"), ("else_branch", "shallow")):
        b = g.branch()
        out = path(b, p, name, x, scale)
        b.output(g.fresh(name), out, F32, ["N", 3, None, None])
        branches[key] = b.graph(name)
    return g.op("If", g.op("Less", height, g.constant(GATE)), **branches)


def make_d(file, p, scale, opset=14):
    g = Graph(opset)
    patch = g.input("patch", F32, ["N", 3, "h", "w"])
    image = by_height(g, p, patch, g.dim(patch, 2), scale)
    g.output("image", image, F32, ["N", 3, "sh", "sw"])
    return g.save(file, f"dydca_d_x{scale}")


def paste_scatter(g, canvas, patch, box):
    """canvas[:, :, y:y+h, x:x+w] = patch by ScatterND on (row, column)."""
    y, x, h, w = box
    rows = g.op("Range", y, g.op("Add", y, h), g.constant(1))
    cols = g.op("Range", x, g.op("Add", x, w), g.constant(1))
    area = g.shape_of(h, w)
    index = [g.op("Expand", g.unsqueeze(rows, [1]), area),
             g.op("Expand", g.unsqueeze(cols, [0]), area)]
    index = g.op("Concat", *(g.unsqueeze(i, [2]) for i in index), axis=2)
    flat = g.op("Transpose", g.squeeze(canvas, [0]), perm=[1, 2, 0])
    new = g.op("Transpose", g.squeeze(patch, [0]), perm=[1, 2, 0])
    flat = g.op("ScatterND", flat, index, new)
    return g.unsqueeze(g.op("Transpose", flat, perm=[2, 0, 1]), [0])


def paste_concat(g, canvas, patch, box):
    """The same by cutting the canvas around the patch and joining it again."""
    y, x, h, w = (g.unsqueeze(v, [0]) for v in box)
    bottom, right = g.op("Add", y, h), g.op("Add", x, w)
    end = [np.iinfo(np.int64).max]
    band = g.slice(canvas, y, bottom, [2])
    band = g.op("Concat", g.slice(band, [0], x, [3]), patch,
                g.slice(band, right, end, [3]), axis=3)
    return g.op("Concat", g.slice(canvas, [0], y, [2]), band,
                g.slice(canvas, bottom, end, [2]), axis=2)


def make_c(file, p, scale, paste=paste_scatter, opset=16):
    g = Graph(opset)
    frame = g.input("frame", U8, [1, 3, "H", "W"])
    table = g.input("table", I64, ["P", 4])
    pixels = unit(g, frame)
    high, wide = (g.op("Mul", g.dim(frame, a), g.constant(scale)) for a in (2, 3))
    canvas = g.op("ConstantOfShape", g.shape_of(1, 3, high, wide))

    b = g.branch()
    trip = b.input(g.fresh("trip"), I64, [])
    going = b.input(g.fresh("going"), BOOL, [])
    carried = b.input(g.fresh("canvas"), F32, [1, 3, None, None])
    row = b.op("Gather", table, trip, axis=0)
    y, x, h, w = (b.op("Gather", row, b.constant(i), axis=0) for i in range(4))
    begin, end = b.shape_of(y, x), b.shape_of(b.op("Add", y, h), b.op("Add", x, w))
    patch = by_height(b, p, b.slice(pixels, begin, end, [2, 3]), h, scale)
    box = [b.op("Mul", v, b.constant(scale)) for v in (y, x, h, w)]
    b.output(g.fresh("going"), going, BOOL, [])
    b.output(g.fresh("canvas"), paste(b, carried, patch, box), F32, [1, 3, None, None])

    count = g.dim(table, 0)
    image = g.op("Loop", count, g.constant(True, bool), canvas, body=b.graph("patches"))
    g.output("image", to_u8(g, image), U8, [1, 3, "sH", "sW"])
    return g.save(file, f"dydca_c_x{scale}")
