"""What frames take, of each variant: made by rules, or recorded."""

import csv
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

RECORDED = Path(__file__).resolve().parent / "traces"


@dataclass(frozen=True)
class Trace:
    """Frame by frame the seconds that each variant would take, and what is known of the
    variants beforehand."""
    name: str
    variants: tuple[str, ...]
    quality: tuple[float, ...]
    predicted: tuple[float, ...]
    rate: float  # Frames per second.
    frames: tuple[tuple[float, ...], ...]

    def __len__(self) -> int:
        return len(self.frames)


# A network in four depths, and its seconds on an idle machine.
NAMES = ("tiny", "small", "medium", "large")
QUALITY = (30.1, 31.4, 32.2, 32.8)
IDLE = (0.004, 0.009, 0.016, 0.026)
RATE = 30

Load = Callable[[int, random.Random], float]


def step(frame: int, draw: random.Random) -> float:
    """Another program takes most of the processor for a while."""
    return 2.6 if 500 <= frame < 1100 else 1.0


def ramp(frame: int, draw: random.Random) -> float:
    """The load rises slowly, and falls."""
    return 1 + 4 * max(0.0, 1 - abs(frame - 900) / 700)


def periodic(frame: int, draw: random.Random) -> float:
    """The load comes and goes every ten seconds."""
    return 1.6 + 0.9 * math.sin(2 * math.pi * frame / 300)


def noise(frame: int, draw: random.Random) -> float:
    """Frames vary by a fifth, and nothing else happens."""
    return max(0.2, draw.gauss(1.2, 0.24))


def bursts(frame: int, draw: random.Random) -> float:
    """One frame in two hundred takes several times as long."""
    return draw.gauss(1, 0.05) * (draw.uniform(3, 12) if draw.random() < 1 / 200 else 1)


def throttling(frame: int, draw: random.Random) -> float:
    """The machine gets hot and slower for good."""
    return draw.gauss(1.0 if frame < 700 else 1.7, 0.04)


LOADS: dict[str, Load] = {load.__name__: load
                          for load in (step, ramp, periodic, noise, bursts, throttling)}


def synthetic(name: str, seed: int, count: int = 1800) -> Trace:
    """A trace of NAMES under a load of LOADS."""
    draw = random.Random(f"{name} {seed}")
    loads = [max(0.1, LOADS[name](frame, draw)) for frame in range(count)]
    return Trace(name, NAMES, QUALITY, IDLE, RATE,
                 tuple(tuple(load * seconds for seconds in IDLE) for load in loads))


def wrong_table(seed: int) -> Trace:
    """Times that the table has wrong by factors of up to one and a half, each in its own way."""
    trace = synthetic("noise", seed)
    wrong = (1.4, 0.7, 1.5, 0.8)
    return replace(trace, name="wrong_table",
                   predicted=tuple(s * w for s, w in zip(IDLE, wrong)))


def read(path: Path) -> Trace:
    """A file of comma-separated values: the variants' names, `quality` and `predicted` of
    each (seconds), the `rate`, then a row of seconds for each frame."""
    with open(path, newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    if len(rows) < 5:
        raise ValueError(f"{path}: expects names, quality, predicted seconds, rate and frames in "
                         f"rows of their own, got {len(rows)} rows")
    names = tuple(rows[0][1:])
    for line, label in ((2, "quality"), (3, "predicted"), (4, "rate")):
        if rows[line - 1][0] != label:
            raise ValueError(f"{path}:{line}: begins with '{rows[line - 1][0]}', expects "
                             f"'{label}'")
    numbers = [_numbers(path, line, row, 1 if line == 4 else len(names))
               for line, row in enumerate(rows[1:], start=2)]
    for line, row in enumerate(numbers[1:], start=3):
        if min(row) <= 0:
            raise ValueError(f"{path}:{line}: expects numbers above 0, got {min(row):g}")
    return Trace(path.stem, names, numbers[0], numbers[1], numbers[2][0], tuple(numbers[3:]))


def _numbers(path: Path, line: int, row: Sequence[str], count: int) -> tuple[float, ...]:
    if len(row) != count + 1:
        raise ValueError(f"{path}:{line}: has {len(row) - 1} values, expects {count}")
    try:
        return tuple(map(float, row[1:]))
    except ValueError as error:
        raise ValueError(f"{path}:{line}: {error}") from None


def write(path: Path, trace: Trace) -> None:
    """`trace` as read() takes it, to the microsecond."""
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["frame", *trace.variants])
        out.writerow(["quality", *trace.quality])
        out.writerow(["predicted", *(f"{s:.6f}" for s in trace.predicted)])
        out.writerow(["rate", f"{trace.rate:g}"])
        out.writerows([frame, *(f"{s:.6f}" for s in seconds)]
                      for frame, seconds in enumerate(trace.frames))


def all_traces(seed: int) -> list[Trace]:
    made = [synthetic(name, seed) for name in LOADS]
    return [*made, wrong_table(seed), *(read(path) for path in sorted(RECORDED.glob("*.csv")))]
