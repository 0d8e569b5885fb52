"""The models of the ablation: those of the papers, or of their kind, each with the inputs
that it runs at."""

import fnmatch
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import chunks
import exported
import graphs
from ablation_parts import gated
from suite_parts import recipes, resolution
from suite_parts.exported import graph_of
from suite_parts.registry import all_models

DYDCA, GATED, DETECTOR, TRANSFORMER, VISION = (
    "Dy-DCA", "gated", "detector", "transformer", "segmentation, speech")


@dataclass
class Subject:
    name: str
    kind: str
    make: Callable  # (path) -> path, or None where it cannot be had.
    feeds: Callable  # () -> [(label, arrays by name)]
    quick: bool = False
    draw: Callable | None = None  # (rng) -> a recipes.Size of another size.
    missing: str = "the folder with it does not lie beside the checkout"


def labelled(feed):
    return " ".join("x".join(map(str, np.shape(v))) or "1" for v in feed.values())


def of_suite(name, kind, sizes, quick=False):
    """A model of tools/bench/suite, at these places of its sweep."""
    model = next(m for m in all_models() if m.name == name)

    def feeds():
        return [(model.sizes[i].label, recipes.arrays(model.sizes[i].feed, seed=0))
                for i in sizes]
    return Subject(name, kind, model.make, feeds, quick, model.draw, model.missing)


def of_exporter(name, kind, steps, draw=None):
    """A graph that an exporter wrote, at these of its stored inputs."""
    def feeds():
        entry = next(e for e in exported_entries() if e["name"] == name)
        found = [step.feed for step in exported.steps(entry, None)]
        return [(labelled(found[i]), found[i]) for i in steps]
    return Subject(name, kind, graph_of(name), feeds, draw=draw)


def exported_entries():
    return json.loads((exported.folder() / "graphs.json").read_text())


def of_images(name, make, quick=False):
    """A network for one image of any size."""
    def feeds():
        rng = np.random.default_rng(0)
        return [(f"{h}x{w}", {"image": rng.standard_normal((1, 3, h, w), np.float32)})
                for h, w in ((32, 32), (97, 131))]
    return Subject(name, GATED, make, feeds, quick,
                   recipes.drawn_images("image", 3, 16, 96))


def table_of(rows, cols, fine):
    """Boxes of whole cells, and of `fine` cells their quarters."""
    high, wide = graphs.CELL
    boxes = []
    for cell in range(rows * cols):
        y, x = cell // cols * high, cell % cols * wide
        if cell >= fine:
            boxes.append((y, x, high, wide))
            continue
        boxes += [(y + dy, x + dx, high // 2, wide // 2)
                  for dy in (0, high // 2) for dx in (0, wide // 2)]
    return np.array(boxes, np.int64)


def dydca_c(scale, rows=4, cols=5, fine=8, quick=False):
    def feeds():
        frame = np.random.default_rng(0).integers(
            0, 256, (1, 3, rows * graphs.CELL[0], cols * graphs.CELL[1]), np.uint8)
        table = table_of(rows, cols, fine)
        return [(f"{frame.shape[2]}x{frame.shape[3]}, {len(table)} patches",
                 {"frame": frame, "table": table})]
    make = functools.partial(resolution.make_form, "c", scale)
    return Subject(f"dydca_c_x{scale}", DYDCA, make, feeds, quick)


def tiny():
    """A model that compiles in seconds, for the test of the command."""
    def feeds():
        return [(labelled(feed), feed) for feed in list(
            chunks.steps_patches(np.random.default_rng(0)))[:2]]

    def draw(rng):
        high, wide, count = (int(n) for n in rng.integers(1, (40, 40, 6)))
        return recipes.Size("", {"images": recipes.uniform(5, 3, high, wide),
                                 "names": recipes.given(rng.integers(0, 5, count))})
    return Subject("tiny", DYDCA, chunks.chunk_patches, feeds, draw=draw)


def all_subjects():
    a1 = [of_suite(f"dydca_a1_x{s}", DYDCA, (1, 3), quick=s == 2) for s in (2, 4)]
    d = [of_suite(f"dydca_d_x{s}", DYDCA, (0, 1)) for s in (2, 4)]
    return [*a1, *(dydca_c(s) for s in (2, 4)), *d,
            of_suite("yolov6n_nms", DETECTOR, (1, 2), quick=True),
            of_suite("roberta_base", TRANSFORMER, (0, 3)),
            of_suite("gpt2_step", TRANSFORMER, (2, 4)),
            of_exporter("w2v2_conformer_ts", VISION, (1, 2)),
            of_exporter("segformer_mini_dy", VISION, (2, 3)),
            of_exporter("deeplabv3_mbv3_ts", VISION, (1, 3)),
            of_suite("skipnet", GATED, (0, 1), quick=True),
            of_images("blockdrop", gated.make_blockdrop, quick=True),
            of_images("convnet_aig", gated.make_convnet_aig),
            of_exporter("ranet_script", GATED, (2, 3))]


def chosen(patterns, quick):
    if patterns == ["tiny"]:
        return [tiny()]
    return [s for s in all_subjects() if (s.quick or not quick or patterns != ["*"])
            and any(fnmatch.fnmatch(s.name, p) for p in patterns)]
