"""Rules of random nodes, by family: RULES has all of them."""

from random_rules import (container, control, indexing, layout, linear,  # noqa: F401
                          pointwise, pooling, quantize, recurrent, reduce,
                          signal, source)
from random_rules.rule import REASONS, RULES  # noqa: F401
