"""What the suite measures: classes with their aims, and models with their sweeps."""

from collections.abc import Callable
from dataclasses import dataclass

FRAMES, PATCHES = "super-resolution, whole frames", "super-resolution, patches"
VISION = "detectors, classifiers, OCR"
LANGUAGE, SHORT = "transformers and decoder step", "transformers, S <= 32"
SMALL, MAGIKA = "small models", "magika"
OPERATORS, NO_PRODUCT = "single operators", "single operators that are no product"
WHOLE = "whole suite"

# Geometric mean of the best engine's time over dycc's that is aimed at.
AIMS = {FRAMES: 1.7, PATCHES: 1.5, VISION: 1.25, LANGUAGE: 1.15, SHORT: 1.3,
        SMALL: 2.5, MAGIKA: 1.5, OPERATORS: 1.0, NO_PRODUCT: 1.4, WHOLE: 1.5}
# Of these each place has to reach the aim, within noise.
EACH = (OPERATORS,)


@dataclass
class Model:
    """A model and its sweep. `make(path)` gives the path of the model, or None
    where it cannot be had; `draw(rng)` a request of the stream of random shapes."""

    name: str
    group: str
    make: Callable
    sizes: list
    draw: Callable | None = None
    missing: str = "the folder with it does not lie beside the checkout"
    classes: tuple = ()  # Further classes that it counts for.
    # Rows of the results are a set: scores that are nearly equal decide the order.
    any_order: bool = False
    # Float64 decides about dycc's results; a large frame would take it minutes.
    in_doubt: bool = True
    quantized: bool = False  # Engines may round it where they want to.


def all_models():
    """Every model of the suite, in the order in which they run."""
    # Here, since pure functions and their tests need no model.
    from suite_parts import language, operators, resolution, small, vision

    return [operators.overhead(), *resolution.models(), *vision.models(),
            *language.models(), *small.models(), *operators.models()]
