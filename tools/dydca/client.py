"""The client: a compiled model with its facts, and frames through it."""

import json
from pathlib import Path

import numpy as np

import graphs
import routing
from failure import DydcaError
from grid import Grid

FACTS = ("scale", "classes", "halo", "cell", "form")


def with_dycc():
    try:
        import dycc
    except ImportError as error:
        raise DydcaError(f"models need the Python package dycc: {error}") from None
    return dycc


def facts_of(path):
    """What `dydca export` wrote beside a library."""
    file = Path(path).with_suffix(".json")
    try:
        facts = json.loads(file.read_bytes())
        return {name: facts[name] for name in FACTS}
    except OSError as error:
        raise DydcaError(f"{file}: the model's facts cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise DydcaError(f"{file}: no facts of a model: expects {', '.join(FACTS)}") from None


class Client:
    """A loaded model, which upscales frames of one video by their classes."""

    def __init__(self, path, threads=0):
        dycc = with_dycc()
        self.path, self.facts = path, facts_of(path)
        self.scale, self.form = self.facts["scale"], self.facts["form"]
        self.cell, self.classes = tuple(self.facts["cell"]), self.facts["classes"]
        try:
            self.model = dycc.load(path, threads=threads)
        except dycc.Error as error:
            raise DydcaError(f"{path}: cannot be loaded: {error}") from None
        self.check_scale()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.model.close()

    def check_scale(self):
        """The model itself says what its factor is."""
        size = self.cell
        feed = self.feed(np.zeros((*size, 3), np.uint8), np.zeros(1, np.uint8))
        image = self.model.infer_shapes(**{k: v.shape for k, v in feed.items()})["image"]
        if tuple(image[2:]) != (size[0] * self.scale, size[1] * self.scale):
            raise DydcaError(f"{self.path}: makes {image[2]}x{image[3]} pixels of "
                             f"{size[0]}x{size[1]}, expects {self.scale} times as many")

    def check(self, bits, name):
        """Whether routing is for this model."""
        for what, mine, theirs in (("scale", self.scale, bits.scale),
                                   ("classes", self.classes, bits.paths),
                                   ("cells", self.cell, bits.cell)):
            if mine != theirs:
                raise DydcaError(f"{name}: is for a model with {what} {theirs}, "
                                 f"{self.path} has {mine}")

    def feed(self, frame, classes):
        """The model's inputs for a frame u8 [h, w, 3] and the classes of its cells."""
        if not self.facts["halo"]:
            frame = Grid(*frame.shape[:2], self.cell).pad(frame)
        feed = {"frame": np.ascontiguousarray(frame.transpose(2, 0, 1)[None])}
        return feed | ROUTES[self.form](self, frame, classes)

    def upscale(self, frame, classes, size):
        """u8 of `size`, which may be less than the model makes."""
        image = self.model.run(self.feed(frame, classes))["image"]
        return image[0].transpose(1, 2, 0)[:size[0], :size[1]]


def by_index(client, frame, classes):
    names = graphs.index_names(client.classes)
    return dict(zip(names, routing.indices(classes, client.classes)))


def by_mask(client, frame, classes):
    return {"split": classes == 1} if client.classes == 2 else {"class": classes}


def by_table(client, frame, classes):
    return {"table": routing.table(Grid(*frame.shape[:2], client.cell), classes)}


ROUTES = {"a1": by_index, "a2": by_mask, "b": lambda *_: {}, "c": by_table}
