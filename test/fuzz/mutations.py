"""Structural mutations of a model: each takes (rng, model), changes one thing
and says what, or gives None where the model has nothing of the kind."""

import node_mutations  # noqa: F401  (registers its mutations)
import value_mutations  # noqa: F401
from choices import MUTATIONS


def mutate(rng, model):
    """Changes one to three things; says which."""
    texts, wanted = [], rng.choice((1, 1, 2, 3))
    for _ in range(40):
        text = rng.choice(MUTATIONS)(rng, model)
        if text is not None:
            texts.append(text)
        if len(texts) == wanted:
            break
    return texts
