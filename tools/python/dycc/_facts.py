"""What models say of themselves and of their runs."""

from typing import NamedTuple


class Value(NamedTuple):
    """An input or output."""
    name: str
    dtype: str  # "float32", "bfloat16", "bool", "string", ...
    shape: tuple[int | str, ...]  # Numbers, and expressions over symbols.
    has_default: bool
    kind: str = "tensor"  # Or "sequence", "optional", "optional sequence": of tensors of
    # this type and shape.


class Symbol(NamedTuple):
    """An unknown extent of the inputs: a multiple of `multiple` from `lower` to `upper`."""
    name: str
    lower: int
    upper: int
    multiple: int


class Peak(NamedTuple):
    """Memory of a run, weights aside."""
    bytes: int
    arena_bytes: int  # The part that a caller's arena would hold.
    exact: bool  # A run takes that much; else it is an upper bound.
    unbounded: int  # Results that come on top, since nothing bounds them.


class Cost(NamedTuple):
    """What a run of a variant is thought to take."""
    seconds: float  # As estimate() has it.
    peak: Peak


class Kernel(NamedTuple):
    """What a kernel took in the runs of a profile."""
    name: str
    nodes: str  # The graph's nodes in it.
    calls: int
    seconds: float
