"""What a row of the model tests is: how a model is made, at which inputs it
runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Step:
    """One run. `carry` names inputs that take an output of the step before:
    each side gets back its own, as a client would do it."""

    label: str
    feed: dict
    carry: dict = field(default_factory=dict)


@dataclass
class Case:
    name: str
    make: Callable  # (path) -> path of the model, or None where it cannot be had
    steps: Callable[[np.random.Generator], Iterable[Step]]
    missing: str = ""  # Why `make` may return None.
    flags: tuple = ()  # Of dycc.
    limit: float = 600  # Seconds to compile it.
    # (path of the model) -> (feed -> outputs); without it ONNX Runtime.
    reference: Callable | None = None
    forbids: Callable | None = None  # (feed) -> whether a run has to be refused.
    # Operators of the model that dycc has no kernel for: it has to refuse the
    # model and to name every node of theirs.
    refused: frozenset = frozenset()


def uniform(rng, *shape):
    return rng.random(shape, np.float32)


def step(feed):
    """A step labelled by the shapes of its inputs."""
    text = " ".join(f"{k}{list(np.shape(v))}" for k, v in feed.items())
    return Step(text, feed)


def given(*candidates):
    """A `make` for a file that is there already."""
    file = next((c for c in candidates if c), None)
    return lambda path: file


def steps_image(name, shapes):
    def steps(rng):
        for shape in shapes:
            yield step({name: uniform(rng, *shape)})
    return steps
