"""What is switched on bar by bar, and what others published of the same steps."""

from dataclasses import dataclass

# In the order in which they come in; the values of --disable.
PARTS = ("fuse", "order", "chunk", "memory", "version")


@dataclass(frozen=True)
class Bar:
    name: str
    on: tuple  # Parts.
    recorded: bool = False  # With versions for the shapes that are measured.
    limited: bool = False   # Knowing of shapes what ONNX's own inference does.

    @property
    def flags(self):
        """Options of dycc: kernels, layouts and shared slots are those of every bar."""
        off = [part for part in PARTS if part not in self.on]
        off += ["propagate"] * self.limited
        return ["--disable", ",".join(off)] if off else []

    @property
    def file(self):
        """The name of its library."""
        return f"{len(self.on)}{'r' * self.recorded}{'l' * self.limited}.so"


BARS = (Bar("none", ()), Bar("+ fusion", PARTS[:1]), Bar("+ order", PARTS[:2]),
        Bar("+ chunks, memory", PARTS[:4]), Bar("+ versions", PARTS),
        Bar("+ recorded shapes", PARTS, recorded=True),
        Bar("all, ONNX's inference", PARTS, limited=True))
FULL, LIMITED = 4, 6  # What dycc does by itself; with less propagation.


@dataclass(frozen=True)
class Published:
    """A range that a paper prints for its last bar."""

    what: str
    low: float
    high: float
    better: str  # "above" or "below": on which side of the range dycc is ahead.

    def verdict(self, value):
        """Where a value stands beside the range."""
        if self.low <= value <= self.high:
            return "within"
        above = value > self.high
        return "better" if above == (self.better == "above") else "short"


# SoD2 (ASPLOS 2024), on a mobile processor; Dy-DCA (ECCV 2024), on a mobile GPU.
SPEED = Published("SoD2: speed over none", 2.2, 3.0, "above")
MEMORY = Published("SoD2: memory of none", 0.23, 0.53, "below")
LAUNCHES = Published("SoD2: operators left", 0.20, 0.31, "below")
DYDCA_SPEED = Published("Dy-DCA: speed over none", 1.7, 1.7, "above")
# 1.61 times less memory.
DYDCA_MEMORY = Published("Dy-DCA: memory of none", 1 / 1.61, 1 / 1.61, "below")

# Launches of a run over the exporter's nodes that are aimed at.
LAUNCH_AIMS = {"transformer": 0.15, "detector": 0.25}
