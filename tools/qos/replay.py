"""Runs a trace: a worker takes frame after frame, by a policy that says of which variant."""

from dataclasses import dataclass
from typing import Protocol

from traces import Trace


@dataclass(frozen=True)
class Clock:
    """When frames come, and how long each has."""
    interval: float
    deadline: float


class Policy(Protocol):
    def choose(self, waited: float) -> int:
        """The variant of the frame that begins so long after it was due."""

    def report(self, seconds: float) -> None:
        """That frame took so long."""


@dataclass(frozen=True)
class Outcome:
    """Of a frame that was dropped the quality is 0: nothing new is seen."""
    frames: int
    dropped: int
    switches: int
    quality: float


class Fixed:
    """One variant for all frames."""

    def __init__(self, variant: int) -> None:
        self._variant = variant

    def choose(self, waited: float) -> int:
        return self._variant

    def report(self, seconds: float) -> None:
        pass


def replay(trace: Trace, clock: Clock, policy: Policy) -> Outcome:
    """A frame that cannot begin before its deadline is dropped without a run; one that is
    done behind it has taken its time and is dropped too."""
    free, dropped, switches, quality, last = 0.0, 0, 0, 0.0, None
    for frame, seconds in enumerate(trace.frames):
        due = frame * clock.interval
        begin = max(due, free)
        if begin - due >= clock.deadline:
            dropped += 1
            continue
        variant = policy.choose(begin - due)
        policy.report(seconds[variant])
        free = begin + seconds[variant]
        if free - due > clock.deadline:
            dropped += 1
        else:
            quality += trace.quality[variant]
        switches += last is not None and variant != last
        last = variant
    return Outcome(len(trace), dropped, switches, quality / len(trace))


def best_fixed(trace: Trace, clock: Clock) -> tuple[str, Outcome]:
    """The variant that alone gives most, and what it gives."""
    outcomes = [replay(trace, clock, Fixed(v)) for v in range(len(trace.variants))]
    best = max(range(len(outcomes)), key=lambda v: outcomes[v].quality)
    return trace.variants[best], outcomes[best]
