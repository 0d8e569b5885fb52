"""What else could be sent for a video, to be trained and measured beside the dynamic
network: networks of one path each that take whole frames."""

from dataclasses import dataclass

import numpy as np

import network


@dataclass(frozen=True)
class Rival:
    """`classes(classes [F, G] of the network, parts)` says which model has which cell."""

    text: str
    classes: callable
    is_routed: bool = False  # Needs the routing bits.


def of_time(classes, parts):
    frames = len(classes)
    part = np.arange(frames) * parts // frames
    return np.broadcast_to(part[:, None], classes.shape).astype(np.uint8)


RIVALS = {
    "static": Rival("one model for all", lambda classes, parts: np.zeros_like(classes)),
    "chunks": Rival("one model for each part of the time, as NAS", of_time),
    "groups": Rival("one model for the cells of each class, as STDO",
                    lambda classes, parts: np.array(classes), True)}


def models(classes):
    return int(classes.max(initial=0)) + 1


def switches(classes):
    """How often a player that has one model at hand changes it: a frame's cells go model by
    model, and begin with the one that is there."""
    now, count = None, 0
    for kinds in classes:
        needed = set(np.unique(kinds).tolist())
        if now is None:
            now = min(needed)
        count += len(needed - {now})
        rest = sorted(needed - {now})
        now = rest[-1] if rest else now
    return count


def design(blocks, classes):
    return network.Design((blocks,) * models(classes))


class Upscaler:
    """Frames through the models of a rival, as a whole and with real neighbours."""

    def __init__(self, optimizer, parameters, classes, scale, grid, size):
        self.optimizer, self.p, self.scale = optimizer, parameters, scale
        self.design, self.classes = network.design_of(parameters), classes
        self.grid, self.size = grid, size

    def image(self, path, small):
        halo = self.design.reach(path)
        return self.optimizer.upscaled(self.p, path, halo, self.scale,
                                       small)[:self.size[0], :self.size[1]]

    def __call__(self, small, number):
        kinds = self.classes[number]
        images = {k: self.image(self.design.paths[k], small) for k in np.unique(kinds)}
        if len(images) == 1:
            return images[kinds[0]]
        result = np.empty((*self.size, 3), np.uint8)
        ch, cw = (n * self.scale for n in self.grid.cell)
        for g, k in enumerate(kinds):
            y, x = (n * self.scale for n in self.grid.origin(g))
            result[y:y + ch, x:x + cw] = images[k][y:y + ch, x:x + cw]
        return result
